"""kring export: what is in the circle, for others and for Kring itself."""

import sys
from typing import Annotated

import typer

from kring.cli.options import CircleOption, ForceOption, SilentOption, SinceOption, UntilOption, kinds_of, opened
from kring.cli.screen import Screen


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(
        rich_help_panel="Leave",
        epilog="Examples: kring export circle.xlsx · kring export circle.zip --since 2024 · kring export circle.ndjson --everything"
        " · kring export study.zip --pseudonyms"
        " · kring export - --format as2 | gzip > circle.json.gz",
    )
    def export(
        output: Annotated[
            str,
            typer.Argument(
                metavar="FILE",
                help="Its ending tells the format: .json (ActivityStreams 2.0), .ndjson, .zip (CSV), .xlsx, .parquet (a folder); - for a stream.",
            ),
        ],
        format: Annotated[
            str, typer.Option("--format", help="as2, ndjson, csv, xlsx or parquet, where the name doesn't tell.", show_default=False)
        ] = "",
        kinds: Annotated[
            str,
            typer.Option(
                "--kinds",
                metavar="A,B",
                help="Only these: accounts, places, memberships, posts, events, scopes.",
                show_default=False,
            ),
        ] = "",
        since: SinceOption = "",
        until: UntilOption = "",
        everything: Annotated[bool, typer.Option("--everything", help="Private posts too: for moving house, not for passing on.")] = False,
        pseudonyms: Annotated[
            bool, typer.Option("--pseudonyms", help="Without who it was, and without words; still not anonymous.")
        ] = False,
        masked_text: Annotated[
            bool,
            typer.Option("--masked-text", help="With --pseudonyms: with words, in which names, handles, numbers and addresses are masked."),
        ] = False,
        force: ForceOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Write what is in the circle to a file; private posts stay, unless you say --everything."""
        with opened(circle) as c, Screen(silent) as screen:
            where = sys.stdout.buffer if output == "-" else output
            done = c.export(
                where,
                format=format,
                kinds=kinds_of(kinds),
                since=since,
                until=until,
                everything=everything,
                pseudonyms=pseudonyms,
                masked_text=masked_text,
                force=force,
                progress=screen,
            )
        if output != "-":
            typer.echo(f"Wrote {done.path}.")
