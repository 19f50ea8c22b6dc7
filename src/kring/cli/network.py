"""kring network: the people and their ties as a file for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import CircleOption, ForceOption, KindsOption, SilentOption, SinceOption, UntilOption, kinds_of, opened
from kring.cli.screen import Screen
from kring.show.values import many


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Know", epilog="Examples: kring network circle.gexf · kring network circle.csv --kinds reply,mention")
    def network(
        output: Annotated[
            Path,
            typer.Argument(
                metavar="FILE", help="Its ending tells the format: .gexf, .graphml, .csv (two tables as Gephi opens them), .parquet."
            ),
        ],
        format: Annotated[
            str, typer.Option("--format", help="gexf, graphml, csv or parquet, where the name doesn't tell.", show_default=False)
        ] = "",
        kinds: KindsOption = "",
        since: SinceOption = "",
        until: UntilOption = "",
        pseudonyms: Annotated[
            bool, typer.Option("--pseudonyms", help="Without who it is; still not anonymous, as a page beside it says.")
        ] = False,
        force: ForceOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Write who is tied to whom, for Gephi and other programs."""
        with opened(circle) as c, Screen(silent) as screen:
            written = c.network(
                output,
                format=format,
                kinds=kinds_of(kinds),
                since=since,
                until=until,
                pseudonyms=pseudonyms,
                force=force,
                progress=screen,
            )
            typer.echo(f"Wrote {many(written.people, 'person', 'people')} and {many(written.ties, 'tie')} to {', '.join(written.paths)}.")
