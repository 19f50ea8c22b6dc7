"""Doctor: looks whether everything is as it should be, and says what to do where it isn't."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kring.errors import CircleError
from kring.show.values import count, many
from kring.store import chain, ledger, runs
from kring.store.check import full_text, integrity, search_in_step
from kring.store.open import reading
from kring.store.suppress import away
from kring.verbs.erase import is_unfinished
from kring.verbs.times import written

if TYPE_CHECKING:
    from kring.kring import Circle

_LITTLE_SPACE = 1 << 30


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    next: str = ""


def machine() -> list[Check]:
    """Whether this machine can run Kring; needs no circle."""
    return [
        Check("Kring", True, version("kring")),
        Check(
            "Python",
            sys.version_info >= (3, 11),
            sys.version.split()[0],
            "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer.",
        ),
        _full_text(),
        _compiler_cache(),
    ]


def doctor(circle: "Circle") -> list[Check]:
    """Whether the circle is whole: database, search, unfinished work, what could not be read, space, who we are."""
    looks = {
        "database": _database,
        "search index": _search,
        "unfinished imports": _unfinished,
        "could not be read": _losses,
        "free space": _space,
        "settings": _settings,
        "us": _us,
        "audit log": _audit,
        "retention": _retention,
        "erased": _key,
    }
    return [*machine(), *(_looked(what, look, circle) for what, look in looks.items())]


def unopened(error: CircleError) -> list[Check]:
    """What can be said where there is no circle, or one that can't be opened."""
    return [*machine(), Check("circle", False, error.what, error.next)]


def _looked(what: str, look: Callable[["Circle"], Check], circle: "Circle") -> Check:
    """One look; where the database doesn't let us, that is what was found."""
    try:
        return look(circle)
    except CircleError as error:
        return Check(what, False, error.what, error.next)


def _full_text() -> Check:
    found, has = full_text()
    return Check("SQLite", has, found, "" if has else "This Python's SQLite has no full-text search: use another Python build.")


def _compiler_cache() -> Check:
    """Compiled measures are kept on disk; where that can't be, they are compiled again at each start."""
    place = os.environ.get("NUMBA_CACHE_DIR") or str(Path(__file__).parent)
    writable = os.access(place, os.W_OK) or os.access(Path.home(), os.W_OK) or os.access(tempfile.gettempdir(), os.W_OK)
    return Check(
        "compiled measures",
        writable,
        "kept between runs" if writable else "compiled anew each time",
        "" if writable else "Set NUMBA_CACHE_DIR to a folder that you may write in.",
    )


def _database(circle: "Circle") -> Check:
    found = integrity(circle.engine)
    return Check(
        "database",
        found == "ok",
        found,
        "" if found == "ok" else "Restore the folder from a backup, or import the exports into a new circle.",
    )


def _search(circle: "Circle") -> Check:
    ok = search_in_step(circle.engine)
    return Check(
        "search index",
        ok,
        "in step with the posts" if ok else "out of step with the posts",
        "" if ok else "Import the exports into a new circle, and tell us.",
    )


def _unfinished(circle: "Circle") -> Check:
    stopped = [run for run in runs.runs(circle.engine) if run.state in ("running", "stopped") and not _alive(circle, run.node)]
    if not stopped:
        return Check("unfinished imports", True, "none")
    names = ", ".join(f"run {run.node} ({run.name}, begun {written(run.started_at)})" for run in stopped)
    return Check(
        "unfinished imports", False, names, f"Import the same again to complete it, or take it back: kring runs undo {stopped[0].node}"
    )


def _alive(circle: "Circle", run: int) -> bool:
    """Whether a process is still at work on a run."""
    at_work = [job.process for job in ledger.jobs(circle.engine, "running") if job.message == f"run {run}"]
    return any(process is not None and Path(f"/proc/{process}").exists() for process in at_work)


def _losses(circle: "Circle") -> Check:
    """Files of which no reader knows what they are may well be no part of an export: they are counted, and no failure."""
    losses = runs.losses(circle.engine)
    lost = sum(loss.n for loss in losses if loss.kind not in ("skipped", "unknown"))
    unknown = sum(loss.n for loss in losses if loss.kind == "unknown")
    found = [many(lost, "thing")] * bool(lost) + [f"{count(unknown)} that Kring doesn't know"] * bool(unknown)
    return Check("could not be read", not lost, ", ".join(found) or "nothing", "`kring runs unread` lists them." if found else "")


def _space(circle: "Circle") -> Check:
    free = shutil.disk_usage(circle.folder).free
    return Check(
        "free space", free > _LITTLE_SPACE, f"{free / 1e9:.1f} GB", "" if free > _LITTLE_SPACE else "Make room before the next import."
    )


def _settings(circle: "Circle") -> Check:
    zone = circle.settings.zone
    return Check("settings", True, f"zone {zone}" if zone else "no zone: local times without a zone are compared only within one place")


def _audit(circle: "Circle") -> Check:
    with reading(circle.engine) as connection:
        checked = chain.check(connection)
    next = "" if checked.ok else "Somebody changed the database past Kring: compare it with a backup."
    return Check("audit log", checked.ok, f"{many(checked.entries, 'entry', 'entries')}, {checked.found}", next)


def _retention(circle: "Circle") -> Check:
    standing = [run for run in runs.runs(circle.engine) if run.state != "undone"]
    endless = [run for run in standing if run.keep_until is None]
    if not endless:
        return Check("retention", True, "each import is kept until a date" if standing else "no imports")
    hint = 'Import the same again with --keep-until, or set keep_until in kring.toml: "18 months".'
    return Check("retention", True, f"{len(endless)} of {len(standing)} imports are kept without an end", hint)


def _key(circle: "Circle") -> Check:
    """Without it, those who were erased can't be told when they come back."""
    with reading(circle.engine) as connection:
        try:
            erased = away(connection, str(circle.engine.url.database)) is not None
        except CircleError as error:
            return Check("erased", False, error.what, error.next)
    if is_unfinished(circle):
        return Check("erased", False, "an erasure was broken off", "It is completed when the circle is next opened.")
    return Check("erased", True, "they stay away; their key is not in the database" if erased else "nobody was erased")


def _us(circle: "Circle") -> Check:
    ours = ledger.us(circle.engine)
    if ours:
        return Check("us", True, ", ".join(claimed.subject for claimed in ours[:5]) + (" …" if len(ours) > 5 else ""))
    proposed = ledger.proposed_owners(circle.engine)
    hint = f"kring us add {proposed[0].id}" if proposed else "`kring people` lists the accounts; then: kring us add ACCOUNT"
    return Check("us", True, "nobody yet, so there is no response rate", hint)
