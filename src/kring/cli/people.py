"""kring people: lists people."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, LimitOption, format_of, limit_of, opened
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Look", epilog="Example: kring people --find anna")
    def people(
        find: Annotated[str, typer.Option(help="A part of a name, handle or id.", show_default=False)] = "",
        limit: LimitOption = 20,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """List the people in the circle, those who said most first."""
        with opened(circle) as c:
            found, wanted = c.people(find=find, limit=limit_of(limit)), format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            from kring.show.lists import people_text

            typer.echo(people_text(found, empty="Nobody. Import an export, or look for another name."))
