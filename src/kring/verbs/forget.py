"""Forget: takes back imports whose time is over; by hand, and whenever the circle is opened. And why, on which ground and how long each is kept."""

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from kring.errors import UsageError
from kring.store import ledger, runs
from kring.store.open import emptied, writing
from kring.verbs.progress import SILENT, Progress
from kring.verbs.reports import remove_reports
from kring.verbs.times import instant, written

if TYPE_CHECKING:
    from kring.kring import Circle

_SPAN = re.compile(r"([1-9]\d{0,3}) (day|week|month|year)s?")
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


def retention(circle: "Circle", *, basis: str = "", purpose: str = "", keep_until: str = "") -> Retention:
    """What was said when importing, else what stands in the circle's kring.toml.

    Takes   `keep_until`: a date ("2027-06", to its end) or a span from today ("18 months").
    Fails   UsageError if it is neither, or is over already.
    """
    settings = circle.settings
    until = keep_until or settings.keep_until
    return Retention(basis or settings.basis, purpose or settings.purpose, _until(until, settings.zone) if until else None)


def _until(text: str, zone: str) -> int:
    now = datetime.now(UTC)
    if found := _SPAN.fullmatch(text.strip()):
        n, unit = int(found[1]), found[2]
        if unit in ("day", "week"):
            return int(now.timestamp() * 1_000_000) + n * (7 if unit == "week" else 1) * 86_400_000_000
        months = now.month - 1 + n * (12 if unit == "year" else 1)
        year, month = now.year + months // 12, months % 12 + 1
        if year > 9998:
            raise UsageError(f'"{text}" is longer than a calendar.', next="Leave --keep-until out to keep it without an end.")
        return instant(f"{year}-{month}-{min(now.day, 28)}", end=True)
    at = instant(text, end=True, zone=zone)
    if at <= time.time_ns() // 1000:
        raise UsageError(f"{text} is over already.", next='Give a later date, or a span as "18 months".')
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
