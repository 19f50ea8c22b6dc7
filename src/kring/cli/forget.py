"""kring forget: takes back imports whose time is over."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, SilentOption, format_of, opened
from kring.cli.screen import Screen, show


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="People", epilog="Example: kring forget --dry-run")
    def forget(
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
        circle: CircleOption = None,
        format: FormatOption = None,
        silent: SilentOption = False,
    ) -> None:
        """Take back the imports that were to be kept until a date that is over; this also happens whenever the circle is opened."""
        with opened(circle, tidy=False) as c, Screen(silent) as screen:
            gone, wanted = c.forget(dry_run=dry_run, progress=screen), format_of(format, c)
            if wanted != "table":
                show(gone, wanted)
                return
            from kring.show.rights import forgotten_text

            typer.echo(forgotten_text(gone, dry_run=dry_run))
