"""kring person suggest: who may be one person, how sure and why; one after the other, with a key for each answer."""

from typing import TYPE_CHECKING, Annotated

import typer

from kring.cli.options import CircleOption, FormatOption, LimitOption, format_of, limit_of, opened
from kring.cli.screen import Keys, complain, show
from kring.errors import UsageError

if TYPE_CHECKING:
    from kring.kring import Circle, Suggestion

_KEYS = {"y": "the same", "n": "not the same", "s": "later", "u": "undo the last", "q": "stop"}


def add_to(person: typer.Typer) -> None:
    """Registers the command under `kring person`."""

    @person.command(epilog="Examples: kring person suggest · kring person suggest --least 0.5 --list")
    def suggest(
        least: Annotated[float, typer.Option(metavar="P", help="How sure at least, from 0 to 1.")] = 0.8,
        limit: LimitOption = 20,
        only_list: Annotated[bool, typer.Option("--list", help="Only list them; don't ask.")] = False,
        circle: CircleOption = None,
        format: FormatOption = None,
    ) -> None:
        """Say which accounts may be one person's, how sure, and why. Nobody is merged by it; on a terminal you are asked about each."""
        with opened(circle) as c:
            found, wanted = c.suggest(least=least, limit=limit_of(limit)), format_of(format, c)
            if wanted != "table":
                show(found, wanted)
                return
            keys = Keys(_KEYS)
            if not found or only_list or not keys.there:
                from kring.show.lists import suggestions_text

                typer.echo(suggestions_text(found, empty=f"Nobody seems to have several accounts (with probability {least:g} or more)."))
                return
            _walk(c, found, keys)


def _walk(c: "Circle", found: list["Suggestion"], keys: Keys) -> None:
    """Asks about each; what was answered is kept at once."""
    from kring.show.lists import suggestions_text

    done: list[tuple[int, list[int]]] = []
    at = 0
    while at < len(found):
        typer.echo(f"\n{at + 1} of {len(found)}\n{suggestions_text([found[at]])}")
        key = keys.ask("One person?")
        if key == "q":
            break
        if key == "u":
            at = _undo(c, done, at)
            continue
        if key in "yn":
            try:
                done.append((at, c.answer(found[at], same=key == "y")))
            except UsageError as refused:  # two of them were kept apart meanwhile
                complain(refused)
        at += 1
    typer.echo(
        f"\nAnswered {len(done)} of {len(found)}. What was said can be taken back: kring person undo, kring person unmerge --claim N."
    )


def _undo(c: "Circle", done: list[tuple[int, list[int]]], at: int) -> int:
    """Takes the last answer back, and asks that again."""
    if not done:
        typer.echo("There is nothing to undo yet.")
        return at
    back, numbers = done.pop()
    c.carry_out(c.undoing(claims=numbers))
    typer.echo(f"Claim {', '.join(map(str, numbers))} is taken back.")
    return back
