"""Options that every command understands the same way, and the way from them to a circle."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kring.kring import Circle

CircleOption = Annotated[
    Path | None,
    typer.Option("--circle", metavar="DIR", help="The circle's folder. Else KRING_CIRCLE, else upwards from here.", show_default=False),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format", help="table, json, csv, ndjson or markdown. Else KRING_FORMAT, else the circle's kring.toml.", show_default=False
    ),
]
SilentOption = Annotated[bool, typer.Option("--silent", "-q", help="No progress and no remarks on stderr; errors only.")]
SinceOption = Annotated[
    str, typer.Option("--since", metavar="DATE", help='From this date on: "2024", "2024-03", "2024-03-05".', show_default=False)
]
UntilOption = Annotated[str, typer.Option("--until", metavar="DATE", help="Up to and with this date.", show_default=False)]
PlaceOption = Annotated[
    str,
    typer.Option(
        "--place", metavar="NAME", help="Only what was said in this chat, list or forum: for its own members.", show_default=False
    ),
]
KindsOption = Annotated[
    str,
    typer.Option(
        "--kinds",
        metavar="A,B",
        help="Which ties count: reply, mention, message, turn, share, like, follow, accept, vouch.",
        show_default=False,
    ),
]
WhoArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="Id, handle or name of one of their accounts, as `kring people` shows it.")
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why, for those who read it later.", show_default=False)]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask; show what changes, and do it.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many rows; 0 for all.")]


def opened(folder: Path | None, *, tidy: bool = True) -> "Circle":
    """The circle that the options mean; says what opening it did."""
    from kring import kring

    circle = kring.open(folder, tidy=tidy)
    for sentence in circle.said:
        typer.echo(sentence, err=True)
    return circle


def format_of(given: str | None, circle: "Circle | None" = None) -> str:
    """How to write lists: the flag, else the environment, else the circle's file, else a table."""
    return given or (circle.settings.format if circle is not None else os.environ.get("KRING_FORMAT", "table"))


def kinds_of(given: str) -> tuple[str, ...]:
    """The kinds of ties in "reply,mention"."""
    return tuple(kind.strip() for kind in given.split(",") if kind.strip())


def limit_of(given: int) -> int | None:
    """0 means all."""
    return given or None
