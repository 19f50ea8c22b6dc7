"""Lists: posts, people, places, runs, losses; search; and taking a run back."""

from typing import TYPE_CHECKING

import msgspec

from kring import sources as readable
from kring.errors import UsageError
from kring.store import fetch, ledger
from kring.store import runs as ran
from kring.store.claims import persons
from kring.store.codes import POST_KINDS
from kring.store.gate import gate
from kring.store.ledger import PlaceLine
from kring.store.open import reading, writing
from kring.verbs.progress import SILENT, Progress
from kring.verbs.times import instant

if TYPE_CHECKING:
    from kring.kring import Circle


def posts(
    circle: "Circle", *, since: str = "", until: str = "", author: str = "", kind: str = "", place: str = "", limit: int | None = 50
) -> list[fetch.PostLine]:
    """The latest posts, newest first, of an author, kind or place; for the circle's owner, who may read what he brought in."""
    if kind and kind not in POST_KINDS:
        raise UsageError(f'"{kind}" is not a kind of post.', next=f"Kinds: {', '.join(POST_KINDS)}.")
    where = ledger.find_place(circle.engine, place).id if place else ""
    authors = _accounts(circle, author) if author else []
    with reading(circle.engine) as connection:
        return fetch.list_posts(
            connection,
            gate("ours"),
            since=instant(since, zone=circle.settings.zone) if since else None,
            until=instant(until, end=True, zone=circle.settings.zone) if until else None,
            authors=authors,
            kind=kind,
            place=where,
            limit=limit,
        )


def _accounts(circle: "Circle", wanted: str) -> list[str]:
    """All accounts of the first person who may be meant."""
    found = ledger.accounts_like(circle.engine, wanted)
    if not found:
        raise UsageError(f'"{wanted}" is not an account in this circle.', next=f"Look for it with `kring people --find {wanted!r}`.")
    with reading(circle.engine) as connection:
        return persons(connection).accounts(found[0])


def people(circle: "Circle", *, find: str = "", limit: int | None = 50) -> list[fetch.PersonLine]:
    """People, those who said most first."""
    with reading(circle.engine) as connection:
        return fetch.list_people(connection, gate("ours"), limit=limit, find=find)


def places(circle: "Circle") -> list[PlaceLine]:
    """Chats, lists and forums, the busiest first."""
    return ledger.places(circle.engine)


def search(circle: "Circle", words: str, *, limit: int = 20, others: bool = False) -> fetch.Hits:
    """Posts that hold all the words, the best match first; `others`: only what may be shown to who doesn't look after this circle."""
    with reading(circle.engine) as connection:
        return fetch.search(connection, gate("others" if others else "ours"), words, limit=limit)


def runs(circle: "Circle") -> list[ran.Run]:
    """All imports, oldest first."""
    return ran.runs(circle.engine)


def unread(circle: "Circle", run: int | None = None) -> list[ran.Lost]:
    """What could not be read, in one run or in all that stand.

    Fails   UsageError if there is no such run.
    """
    if run is not None and run not in {each.node for each in ran.runs(circle.engine)}:
        raise UsageError(f"There is no run {run}.", next="`kring runs` lists them.")
    return ran.losses(circle.engine, run)


def undo(circle: "Circle", run: int, *, dry_run: bool = False, progress: Progress = SILENT) -> ran.Undone:
    """Takes back what only that run brought; `dry_run` says what that would be."""
    undone = ran.undo(circle.engine, run, dry_run=dry_run, progress=lambda done, total: progress.at("taking back", done, total))
    if not dry_run:
        with writing(circle.engine) as connection:
            ledger.note_audit(connection, "undo run", str(run))
    return undone


class Source(msgspec.Struct, frozen=True):
    """Something that can be read."""

    name: str
    title: str
    reads: str
    lacks: str
    proven_on: str


def sources() -> list[Source]:
    """What can be read, what each export leaves out, and on which files that nobody here wrote it is proven."""
    readers = [(name, readable.export(name)) for name in readable.EXPORTS]
    return [Source(name, reader.TITLE, reader.READS, reader.LACKS, reader.PROVEN or "not yet") for name, reader in readers]
