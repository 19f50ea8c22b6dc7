"""kring new: makes a circle."""

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Begin", epilog="Example: kring new our-circle --zone Europe/Amsterdam")
    def new(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder; all data of the circle stays in it.")],
        name: Annotated[str, typer.Option(help="What to call it; else the folder's name.", show_default=False)] = "",
        zone: Annotated[str, typer.Option(help='Zone of local times, like "Europe/Amsterdam".', show_default=False)] = "",
        fictional: Annotated[bool, typer.Option("--fictional", help="Its people don't exist; every report says so.")] = False,
    ) -> None:
        """Make a new circle: a folder with one organisation's data."""
        from kring import kring

        with kring.new(folder, name=name, zone=zone, fictional=fictional):
            typer.echo(f"Made the circle {folder}. Next: cd {folder}; kring import EXPORT")
