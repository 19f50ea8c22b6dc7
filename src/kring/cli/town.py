"""kring town: a fictional town whose truth is known, as exports to try Kring on."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import SilentOption
from kring.cli.screen import Screen


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Begin", epilog="Example: kring town town --people 2000 --seed 7 --languages nl,en")
    def town(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for its exports and its truth.")],
        people: Annotated[int, typer.Option(min=10, max=1_000_000, help="How many people live there.")] = 2000,
        seed: Annotated[int, typer.Option(help="The same seed gives the same town.")] = 7,
        languages: Annotated[str, typer.Option(metavar="nl,en", help="What they speak.")] = "nl,en",
        strength: Annotated[
            list[str] | None, typer.Option(metavar="NAME=NUMBER", help="How strong a planted effect is; 0 for none.", show_default=False)
        ] = None,
        silent: SilentOption = False,
    ) -> None:
        """Make a fictional town and write its people's conversations out as export files."""
        from kring.kring import town as make

        with Screen(silent) as screen:
            made = make(folder, people=people, seed=seed, languages=languages, strengths=strength or [], progress=screen)
        typer.echo(made)
