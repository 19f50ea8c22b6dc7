"""kring doctor: looks whether everything is as it should be."""

import typer

from kring.cli.options import CircleOption, FormatOption, format_of, opened
from kring.cli.screen import show
from kring.errors import CircleError


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Look", epilog="Example: kring doctor --circle our-circle")
    def doctor(circle: CircleOption = None, format: FormatOption = None) -> None:
        """Look whether everything is as it should be, and say what to do where it isn't."""
        from kring.kring import unopened

        try:
            with opened(circle) as c:
                checks, wanted = c.doctor(), format_of(format, c)
        except CircleError as error:
            checks, wanted = unopened(error), format_of(format)
        show(checks, wanted)
        raise typer.Exit(0 if all(check.ok for check in checks) else 1)
