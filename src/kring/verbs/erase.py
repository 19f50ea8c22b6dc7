"""Erase: somebody, out of the whole circle; then every file in its folder is searched for them. Broken off, it is completed when the circle is next opened."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kring.errors import CircleError, UsageError
from kring.store import access, chain, ledger, runs
from kring.store import erase as erasing
from kring.store.erase import Preview
from kring.store.needles import Needles
from kring.store.open import FILE as DATABASE
from kring.store.open import emptied, reading, unbroken, writing
from kring.store.suppress import KEY, away, the_key
from kring.store.sweep import by_chance
from kring.store.traces import Traces, traces
from kring.verbs.consent import accounts_of
from kring.verbs.progress import SILENT, Progress
from kring.verbs.reports import remove_reports, shred
from kring.verbs.times import written

if TYPE_CHECKING:
    from kring.kring import Circle

FILE = "kring.erasing"
"""What is being erased, until it is done; readable by its owner only, and the one file that isn't searched."""
_LEFT_THE_HOUSE = ("export", "export everything", "network", "network pseudonyms", "graph", "report", "person export", "export pseudonyms")
_PACKED = (".zip", ".gz", ".xlsx", ".parquet", ".zst", ".xz", ".bz2")


class Erased(msgspec.Struct, frozen=True):
    """What was done, and what Kring can't do."""

    posts: int
    acts: int
    accounts: int
    changed: int
    """Posts by others that now stand without them."""
    blanked: int
    reports: int
    """Reports and graph folders that were removed: they can be made anew."""
    searched: list[str]
    """Every file that was looked through."""
    found: list[str]
    """Where something of them is still to be found; empty if all is well."""
    unreadable: list[str]
    """Packed files in the folder that were not looked into."""
    shared: int
    """Names or pieces of their texts that others have or wrote just so: those stay."""
    perhaps: dict[str, list[str]]
    """By handle: posts by others that hold it where it may be somebody else's. Look at them; `mask` takes it out."""
    elsewhere: list[str]
    """Copies that Kring can't reach: what was exported before, and the exports that were imported."""
    seconds: float


def preview(circle: "Circle", who: str) -> Preview:
    """What would go, and what stays without them.

    Fails   UsageError if there is no such person, or they are us.
    """
    accounts = accounts_of(circle, who)
    ours = {claimed.subject for claimed in ledger.us(circle.engine)}
    if ours & set(accounts):
        raise UsageError(f"{sorted(ours & set(accounts))[0]} is one of us.", next="Take that back first: kring us remove ACCOUNT.")
    with reading(circle.engine) as connection:
        return erasing.look(connection, accounts)


def erase(circle: "Circle", who: str, *, progress: Progress = SILENT) -> Erased:
    """Erases somebody and searches every file of the circle for them.

    Gives   what was done, where something is still to be found (nowhere, if all is well), and which copies Kring can't reach.
    Costs   a few passes over all posts and raw pieces: `bench/erase.py`.
    Fails   UsageError if there is no such person; CircleError if another Kring has the circle open: it is completed when it is next opened.
    """
    return erase_accounts(circle, preview(circle, who).accounts, progress=progress)


def erase_deleted(circle: "Circle", *, progress: Progress = SILENT) -> Erased | None:
    """Erases the accounts of which a network said that their owners deleted them; not ours, and None where there are none."""
    ours = {claimed.subject for claimed in ledger.us(circle.engine)}
    with reading(circle.engine) as connection:
        deleted = [account for account in erasing.deleted(connection) if account not in ours]
    if not deleted:
        return None
    progress.say(f"erasing {len(deleted):,} accounts that their owners deleted")
    return erase_accounts(circle, deleted, progress=progress)


def erase_returned(circle: "Circle", accounts: list[str], *, progress: Progress = SILENT) -> None:
    """Erases what an import kept of people who were erased before, until it told under which other name they came back."""
    with reading(circle.engine) as connection:
        there = access.nodes_of(connection, accounts)
    if there:
        progress.say(f"erasing {len(there):,} accounts of people who were erased before")
        erase_accounts(circle, accounts, progress=progress)


def erase_accounts(circle: "Circle", accounts: list[str], *, progress: Progress = SILENT) -> Erased:
    """Erases these accounts, whoever's they are."""
    progress.say("gathering by what they would be found")
    elsewhere = _elsewhere(circle)
    with reading(circle.engine) as connection:
        found = traces(connection, accounts)
    found.process = os.getpid()
    _write(circle, found)
    return _erase(circle, found, elsewhere, progress)


def is_unfinished(circle: "Circle") -> bool:
    """Whether an erasure was broken off: there is one, and nobody is at it."""
    file = circle.folder / FILE
    if not file.exists():
        return False
    try:
        process = msgspec.msgpack.decode(file.read_bytes(), type=Traces).process
    except msgspec.DecodeError:
        return True
    return not Path(f"/proc/{process}").exists()


def finish(circle: "Circle", progress: Progress = SILENT) -> Erased:
    """Completes an erasure that was broken off."""
    try:
        found = msgspec.msgpack.decode((circle.folder / FILE).read_bytes(), type=Traces)
    except (OSError, msgspec.DecodeError) as error:
        raise CircleError(f"{FILE} can't be read: {error}.", next="Erase them again, by the id: kring person erase ID.") from error
    return _erase(circle, found, _elsewhere(circle), progress)


def _erase(circle: "Circle", found: Traces, elsewhere: list[str], progress: Progress) -> Erased:
    began = time.monotonic()
    database = str(circle.engine.url.database)
    with reading(circle.engine) as connection:
        away(connection, database)  # those erased before must be told still: no new key is made for them
    key = the_key(database, make=True)
    with unbroken(), writing(circle.engine) as connection:
        blank = chain.blanked(connection)
        done = erasing.erase(connection, key, found, progress.say)
        told = (
            f"{done.accounts} accounts, {done.posts} posts, {done.acts} acts of one person",
            chain.accounting(chain.blanked(connection) - blank),
        )
        ledger.note_audit(connection, chain.ERASED, "; ".join(filter(None, told)))
    reports = remove_reports(circle.folder)
    needles = Needles(
        {each.lower() for each in (*found.names, *found.texts)} - set(done.shared),
        handles=erasing.at(done.handles, erasing.SHORTEST_HANDLE),
    )
    progress.say("writing the database anew, without its free pages")
    if not emptied(circle.engine, anew=True):
        raise CircleError(
            "They are erased, but another Kring has the circle open, and what was deleted stays readable in its log.",
            next="Close it; the rest is done when the circle is next opened.",
        )
    progress.say("searching every file of the circle for them")
    still = _search(circle.folder, needles)
    if still.get(DATABASE):
        with reading(circle.engine) as connection:
            still[DATABASE] = max(0, still[DATABASE] - by_chance(connection, needles))
        emptied(circle.engine)
    searched = [name for name in still if not name.lower().endswith(_PACKED)]
    shred(circle.folder / FILE)
    return Erased(
        done.posts,
        done.acts,
        done.accounts,
        done.changed,
        done.blanked,
        reports,
        sorted(searched),
        [f"{name}: {n} times" for name, n in sorted(still.items()) if n],
        sorted(name for name in still if name.lower().endswith(_PACKED)),
        len(done.shared),
        {f"@{handle}": sorted(posts) for handle, posts in sorted(done.perhaps.items())},
        elsewhere,
        time.monotonic() - began,
    )


def _write(circle: "Circle", found: Traces) -> None:
    """Whole or not at all, for its owner only."""
    file = circle.folder / FILE
    part = file.with_name(FILE + ".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(msgspec.msgpack.encode(found))
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _search(folder: Path, needles: Needles) -> dict[str, int]:
    """Every file in the folder, and how many times something of them was found in it."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name not in (FILE, KEY)]
    return {str(file.relative_to(folder)): _n(needles, file) for file in files}


def _n(needles: Needles, file: Path) -> int:
    return sum(1 for _ in needles.in_file(file))


def _elsewhere(circle: "Circle") -> list[str]:
    """What left the circle before, by the audit log, and the files that came in."""
    left = [f"{each.what} of {written(each.at)}: {each.details}" for each in chain.entries(circle.engine) if each.what in _LEFT_THE_HOUSE]
    came = [f"imported on {written(run.started_at)}: {run.name}" for run in runs.runs(circle.engine) if run.state != "undone"]
    return [*left, *came, "copies and backups of the circle's folder, wherever you keep them"]
