"""kring report: the picture of the circle, as one page."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import CircleOption, ForceOption, PlaceOption, SilentOption, SinceOption, UntilOption, opened
from kring.cli.screen import Screen


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Know", epilog="Example: kring report --since 2024 -o report-2024.html")
    def report(
        output: Annotated[
            Path | None,
            typer.Option("--output", "-o", metavar="FILE", help="Where to write it; else into the circle's folder.", show_default=False),
        ] = None,
        since: SinceOption = "",
        until: UntilOption = "",
        place: PlaceOption = "",
        force: ForceOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Write the report: one HTML file with pictures, that needs no network."""
        with opened(circle) as c, Screen(silent) as screen:
            path = c.report(output, since=since, until=until, place=place, force=force, progress=screen)
            typer.echo(f"The report is in {path}. Open it in a browser.")
