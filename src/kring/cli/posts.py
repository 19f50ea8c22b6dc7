"""kring posts: lists posts."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, LimitOption, PlaceOption, SinceOption, UntilOption, format_of, limit_of, opened
from kring.cli.screen import show


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(rich_help_panel="Look", epilog="Example: kring posts --since 2024-03 --kind question --format csv --limit 0")
    def posts(
        since: SinceOption = "",
        until: UntilOption = "",
        author: Annotated[str, typer.Option(help="Id, handle or name of an account.", show_default=False)] = "",
        kind: Annotated[str, typer.Option(help="note, article, question, answer, review, message or page.", show_default=False)] = "",
        place: PlaceOption = "",
        limit: LimitOption = 20,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """List posts, newest first."""
        with opened(circle) as c:
            wanted = format_of(format, c)
            found = c.posts(since=since, until=until, author=author, kind=kind, place=place, limit=limit_of(limit))
            if wanted == "table":
                from kring.show.lists import posts_text

                typer.echo(posts_text(found))
            else:
                show(found, wanted)
