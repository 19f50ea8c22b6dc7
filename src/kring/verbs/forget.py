"""Forget: takes back imports whose time is over; by hand, and whenever the circle is opened. And why, on which ground and how long each is kept."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from kring.errors import UsageError
from kring.show.values import many
from kring.store import ledger, runs
from kring.store.open import emptied, writing
from kring.verbs.progress import SILENT, Progress
from kring.verbs.reports import remove_reports
from kring.verbs.times import instant, written

if TYPE_CHECKING:
    from kring.kring import Circle

Agree = Callable[[str], bool]
"""Asks whether to do something, and says whether that was agreed to."""
_UNITS = {
    **dict.fromkeys(("day", "days", "dag", "dagen"), "day"),
    **dict.fromkeys(("week", "weeks", "weken"), "week"),
    **dict.fromkeys(("month", "months", "maand", "maanden"), "month"),
    **dict.fromkeys(("year", "years", "jaar", "jaren"), "year"),
}
_SPAN = re.compile(rf"(\d{{1,4}}) *({'|'.join(_UNITS)})", re.IGNORECASE)
_FORMS = 'Write a span ("18 months", "2 years", "90 days"; also "18 maanden"), or a date ("2027", "2027-06", "2027-06-30").'
_KEPT = "What was counted stays as counted, for ten people or more; its posts, people and raw pieces are gone."


class Forgotten(msgspec.Struct, frozen=True):
    """An import whose time is over, and what goes with it."""

    run: int
    name: str
    kept_until: str
    posts: int
    posts_kept: int
    """Another import brought them too, and is kept longer."""
    events: int
    accounts: int
    said: str = _KEPT


class Retention(msgspec.Struct, frozen=True):
    """On which ground, for what and until when an import is kept; empty where nobody said."""

    basis: str = ""
    purpose: str = ""
    keep_until: int | None = None
    said: tuple[str, ...] = ()
    """Which of these were said with this import; the others are the circle's usual ones."""


class Retained(msgspec.Struct, frozen=True):
    """What is another than before of how an import is kept, in sentences."""

    changed: str = ""
    refused: str = ""
    """What was asked and not agreed to."""


def retention(circle: "Circle", *, basis: str = "", purpose: str = "", keep_until: str = "") -> Retention:
    """What was said when importing, else what stands in the circle's kring.toml.

    Takes   `keep_until`: a date ("2027-06", to its end) or a span from today ("18 months").
    Fails   UsageError if it is neither, or is over already.
    """
    settings = circle.settings
    until = keep_until or settings.keep_until
    said = tuple(name for name, value in (("basis", basis), ("purpose", purpose), ("keep_until", keep_until)) if value)
    return Retention(basis or settings.basis, purpose or settings.purpose, _until(until, settings.zone) if until else None, said)


def retain(circle: "Circle", run: int, wanted: Retention, *, agree: Agree | None = None) -> Retained:
    """Writes down on which ground, for what and until when an import is kept, and says what is another than before.

    Takes   `agree`: whether an end may come sooner than was said before; without it none does. The circle's usual ground, purpose and end only
            fill in what nobody said of this import.
    """
    was, refused = runs.run_of(circle.engine, run), ""
    basis, purpose = (
        value if value and (name in wanted.said or not now) else now
        for name, value, now in (("basis", wanted.basis, was.basis), ("purpose", wanted.purpose, was.purpose))
    )
    until = wanted.keep_until if "keep_until" in wanted.said or was.keep_until is None else was.keep_until
    day, day_before = written(until)[:10], written(was.keep_until)[:10]
    if day == day_before:
        until = was.keep_until
    elif until is not None and was.keep_until is not None and until < was.keep_until and not (agree and agree(_sooner(circle, was, until))):
        refused = f"It stays kept until {day_before}: that it ends sooner ({day}) was not agreed to. To agree: the same with --yes."
        until, day = was.keep_until, day_before
    of_each = (("ground: ", basis, was.basis), ("purpose: ", purpose, was.purpose), ("kept until ", day, day_before))
    told = "; ".join(f"{what}{new}{f' (was: {old})' if old else ''}" for what, new, old in of_each if new != old)
    if told:
        runs.retain(circle.engine, run, f"run {run}: {told}", basis=basis, purpose=purpose, keep_until=until)
    return Retained(f"How it is kept is changed: {told}." if told else "", refused)


def _sooner(circle: "Circle", run: runs.Run, until: int) -> str:
    goes = runs.undo(circle.engine, run.node, dry_run=True)
    return (
        f"{run.name} was to be kept until {written(run.keep_until)[:10]}. If it ends on {written(until)[:10]},"
        f" {many(goes.posts, 'post')} and {many(goes.events, 'act')} are forgotten that day. Sooner?"
    )


def _until(text: str, zone: str) -> int:
    now = datetime.now(UTC)
    if (found := _SPAN.fullmatch(text.strip())) and int(found[1]):
        n, unit = int(found[1]), _UNITS[found[2].lower()]
        if unit in ("day", "week"):
            return int(now.timestamp() * 1_000_000) + n * (7 if unit == "week" else 1) * 86_400_000_000
        months = now.month - 1 + n * (12 if unit == "year" else 1)
        year, month = now.year + months // 12, months % 12 + 1
        if year > 9998:
            raise UsageError(f'"{text}" is longer than a calendar.', next="Leave --keep-until out to keep it without an end.")
        return instant(f"{year}-{month}-{min(now.day, 28)}", end=True)
    try:
        at = instant(text, end=True, zone=zone)
    except UsageError:
        raise UsageError(f'"{text}" is neither a date nor a time to keep something.', next=_FORMS) from None
    if at <= time.time_ns() // 1000:
        raise UsageError(f"{text} is over already.", next=f"Give a later one. {_FORMS}")
    return at


def due(circle: "Circle") -> list[runs.Run]:
    """The imports whose time is over."""
    now = time.time_ns() // 1000
    return [run for run in runs.runs(circle.engine) if run.state != "undone" and run.keep_until is not None and run.keep_until <= now]


def forget(circle: "Circle", *, dry_run: bool = False, progress: Progress = SILENT) -> list[Forgotten]:
    """Takes back the imports whose time is over; `dry_run` says what that would be.

    Gives   what went with each. What another import brought too stays until its own time is over.
    Costs   time in proportion to what goes, and to rewrite the search index.
    """
    gone = []
    over = due(circle)
    for run in over:
        undone = runs.undo(circle.engine, run.node, dry_run=dry_run, progress=lambda done, total: progress.at("forgetting", done, total))
        gone.append(Forgotten(run.node, run.name, written(run.keep_until), undone.posts, undone.posts_kept, undone.events, undone.accounts))
        if not dry_run:
            with writing(circle.engine) as connection:
                runs.rename(connection, run.node, "forgotten")
                ledger.drop_small_findings(connection)
                ledger.note_audit(connection, "forget", f"run {run.node}, kept until {written(run.keep_until)}: {undone.posts} posts")
    if over and not dry_run:
        remove_reports(circle.folder)
        emptied(circle.engine)
    return gone
