"""kring import: exports into the circle."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, SilentOption, format_of, opened
from kring.cli.screen import Screen, agreed, complain, show
from kring.errors import Interrupted, KringError


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(
        "import",
        rich_help_panel="Begin",
        epilog="Examples: kring import archive.zip · kring import chat.txt --zone Europe/Amsterdam"
        ' · kring import chat.txt --as "whatsapp:Our street" · kring import - < list.mbox',
    )
    def import_(
        files: Annotated[
            list[str], typer.Argument(metavar="FILE_OR_FOLDER…", help="Exports as you got them, zipped or not; - for a stream.")
        ],
        as_: Annotated[
            str,
            typer.Option(
                "--as",
                metavar="KIND[:NAME]",
                help="What it is, where the file doesn't say: whatsapp, mail, tables:posts … (see kring sources); and the name of its chat or site.",
                show_default=False,
            ),
        ] = "",
        zone: Annotated[
            str, typer.Option(help="Zone of local times in it. Else KRING_ZONE, else the circle's kring.toml.", show_default=False)
        ] = "",
        columns: Annotated[
            str,
            typer.Option(
                "--columns",
                metavar="ROLE=COLUMN,…",
                help="What the columns of a plain table hold, where their names don't tell: author=Wie,text=Bericht,at=Datum. Kring remembers.",
                show_default=False,
            ),
        ] = "",
        keep_until: Annotated[
            str,
            typer.Option(
                "--keep-until",
                metavar="DATE",
                help='When it is to be forgotten: a date, or "18 months". Else kring.toml.',
                show_default=False,
            ),
        ] = "",
        basis: Annotated[
            str, typer.Option(help="On which ground it is kept: consent, legitimate interest … Else kring.toml.", show_default=False)
        ] = "",
        purpose: Annotated[str, typer.Option(help="For what it is kept. Else kring.toml.", show_default=False)] = "",
        yes: Annotated[
            bool,
            typer.Option(
                "--yes", "-y", help="Agree: what was imported before is forgotten sooner; what another circle said of people is taken over."
            ),
        ] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it holds; keep nothing.")] = False,
        circle: CircleOption = None,
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> int:
        """Read exports that networks gave you; the format is recognised, and the same one twice changes nothing."""
        failed = 0
        results = []
        with opened(circle) as c, Screen(silent) as screen:
            wanted = format_of(format, c)
            for file in files:
                try:
                    (done,) = c.import_(
                        file,
                        as_=as_,
                        zone=zone,
                        columns=columns,
                        keep_until=keep_until,
                        basis=basis,
                        purpose=purpose,
                        dry_run=dry_run,
                        progress=screen,
                        ask=screen.ask if screen.asks else None,
                        agree=lambda question: yes or (screen.asks and agreed(question, yes=False)),
                    )
                except Interrupted:
                    raise
                except KringError as error:
                    complain(error)
                    failed = error.exit_code
                    continue
                results.append(done)
                if wanted == "table":
                    from kring.show.imported import imported_text

                    typer.echo(imported_text(done))
            if wanted != "table":
                show(results, wanted)
        raise typer.Exit(failed)
