"""kring audit: who saw or changed what."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, LimitOption, format_of, limit_of, opened
from kring.cli.screen import show
from kring.show.values import count, many


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Look", epilog="Examples: kring audit · kring audit --check · kring audit --check --link 3f9a…")
    def audit(
        check: Annotated[bool, typer.Option("--check", help="Say whether the log is as it was written.")] = False,
        link: Annotated[
            str,
            typer.Option(
                "--link", metavar="LINK", help="With --check: a last link noted earlier; does it still stand?", show_default=False
            ),
        ] = "",
        limit: LimitOption = 20,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """List who saw or changed what in this circle, latest first."""
        with opened(circle) as c:
            wanted = format_of(format, c)
            if not check and not link:
                show(c.audit(limit=limit_of(limit)), wanted, empty="Nothing was written down yet.")
                return
            checked = c.audit_check(link)
            if wanted != "table":
                show([checked], wanted)
            else:
                blanked = f", {count(checked.blanked)} of them blanked, because somebody was erased" if checked.blanked else ""
                typer.echo(
                    f"{many(checked.entries, 'entry', 'entries')}{blanked}: {checked.found}.\nLast link: {checked.last_link or 'none yet'}"
                )
                if checked.ok and not link:
                    typer.echo(
                        "Note it elsewhere: with `kring audit --check --link LINK` you see later that it still stands, and nobody made the log anew."
                    )
            raise typer.Exit(0 if checked.ok else 1)
