"""kring places: lists chats, lists and forums."""

import typer

from kring.cli.options import CircleOption, FormatOption, LimitOption, format_of, opened
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Look", epilog="Example: kring places --format csv")
    def places(limit: LimitOption = 0, circle: CircleOption = None, format: FormatOption = None) -> None:
        """List the chats, lists and forums in the circle, the busiest first."""
        with opened(circle) as c:
            found, wanted = c.places()[: limit or None], format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            from kring.show.lists import places_text

            typer.echo(places_text(found, empty="None yet. Begin with: kring import EXPORT"))
