"""kring person export: what is held of somebody, for them to have."""

from pathlib import Path
from typing import Annotated

import typer

from kring.cli.options import CircleOption, ForceOption, SilentOption, WhoArgument, opened
from kring.cli.screen import Screen


def add_to_person(person: typer.Typer) -> None:
    """Registers the command."""

    @person.command(epilog='Example: kring person export @anna@social.example -o anna.zip --requested-by "Anna Bakker, by mail of 3 May"')
    def export(
        who: WhoArgument,
        output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The zip to write.")],
        requested_by: Annotated[
            str, typer.Option("--requested-by", metavar="NAME", help="Who asks for it; stands in the audit log.", show_default=False)
        ] = "",
        force: ForceOption = False,
        circle: CircleOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Write all that is held of somebody to a zip for them; others' words stay out of it."""
        with opened(circle) as c, Screen(silent) as screen:
            if not requested_by and screen.asks:
                requested_by = typer.prompt("Who asks for it?", err=True)
            given = c.person_export(who, output, requested_by=requested_by, force=force, progress=screen)
            typer.echo(f"Wrote {given.path}.")
