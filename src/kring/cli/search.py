"""kring search: finds posts by their words."""

from typing import Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, LimitOption, format_of, opened
from kring.cli.screen import Screen, show
from kring.show.values import many


def add_to(app: typer.Typer) -> None:
    """Registers the command."""

    @app.command(
        rich_help_panel="Look", epilog="""Examples: kring search swimming pool · kring search '"the bridge"' · kring search 'fiets*'"""
    )
    def search(
        words: Annotated[
            list[str], typer.Argument(metavar="WORDS…", help='All must occur; "in quotes" together; a star ends the start of a word.')
        ],
        others: Annotated[bool, typer.Option("--others", help="Only what may be shown to those who don't look after this circle.")] = False,
        limit: LimitOption = 20,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """Find posts by their words, the best match first."""
        with opened(circle) as c, Screen() as screen:
            wanted = format_of(format, c)
            hits = c.search(" ".join(words), limit=limit or 1_000, others=others)
            if wanted != "table":
                show(hits.posts, wanted)
                return
            from kring.show.lists import posts_text

            typer.echo(posts_text(hits.posts, empty="No post has these words. Try fewer, or the start of one with a star: fiets*"))
            if hits.posts:
                screen.say(f"{len(hits.posts)} of {'more than ' if hits.more else ''}{many(hits.n, 'post')}")
