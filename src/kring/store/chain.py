"""The audit log as a chain: each entry's link is a hash of the one before it and of what it says itself.

    digest = H(salt, details)          link = H(link before, at, who, what, digest)

Details may speak of a person who is erased later. Then they are blanked and their salt thrown away: the digest stays, so the chain
still holds, and nobody can find out by trying names what was in it. The erasure's own entry says which entries it blanked; one that is
blank and that no later entry accounts for was blanked by somebody else.

How many entries there are, and the last link, also stand in `audit_head`, written with each entry: a log that is shorter than that was cut
off. Whoever writes the whole file knowing how it is made can make both anew; to know of that too, the last link is noted elsewhere, and
asked for later (`kring audit --check --link …`).
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Connection, Engine

from kring.errors import UsageError
from kring.store.open import reading

ERASED = "person erase"
"""What the entry of an erasure says; it alone accounts for blanked entries, and is never blanked itself."""
_SALT_BYTES = 16
_SHORTEST_LINK = 16
_IMPORT = re.compile(r"run (\d+) ")
_ACCOUNTED = re.compile(r"blanked (?:entry|entries) ([\d, -]+)$")


def linked(before: bytes, at: int, who: str, what: str, details: str, salt: bytes = b"") -> tuple[bytes, bytes, bytes]:
    """Salt, digest and link of an entry; a new salt unless one is given."""
    salt = salt or secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.sha256(salt + details.encode()).digest()
    return salt, digest, _link(before, at, who, what, digest)


def _link(before: bytes, at: int, who: str, what: str, digest: bytes) -> bytes:
    return hashlib.sha256(b"\0".join((before.hex().encode(), str(at).encode(), who.encode(), what.encode(), digest))).digest()


class Entry(msgspec.Struct, frozen=True):
    """Who saw or changed what."""

    node: int
    at: int
    who: str
    what: str
    details: str
    """Empty where somebody it spoke of was erased."""


def entries(engine: Engine, *, limit: int | None = None) -> list[Entry]:
    """The log, latest first."""
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT node, at, who, what, details FROM audit ORDER BY node DESC LIMIT ?", (-1 if limit is None else limit,)
        )
        return [Entry(*row) for row in rows]


def blanked(connection: Connection) -> set[int]:
    """The entries whose details were taken out."""
    return set(connection.exec_driver_sql("SELECT node FROM audit WHERE salt IS NULL").scalars())


def accounting(numbers: Iterable[int]) -> str:
    """How an erasure's entry says which entries it blanked: "blanked entries 3, 7-9"; empty for none."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    told = ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in ranges)
    return f"blanked {'entries' if '-' in told or ',' in told else 'entry'} {told}" if told else ""


def _accounted(details: str) -> Iterator[int]:
    found = _ACCOUNTED.search(details)
    for part in found[1].split(",") if found else ():
        first, _, last = part.strip().partition("-")
        yield from range(int(first), int(last or first) + 1)


class Checked(msgspec.Struct, frozen=True):
    """Whether the log is as it was written."""

    ok: bool
    entries: int
    blanked: int
    """Entries whose details were taken out, because somebody was erased."""
    last_link: str
    found: str


def check(connection: Connection, link: str = "") -> Checked:
    """Follows the chain from its beginning; `link` is one noted earlier, which must still stand in it.

    Costs   one pass over the log.
    Fails   UsageError if `link` is too short to tell one from another.
    """
    link = link.strip().lower()
    if link and len(link) < _SHORTEST_LINK:
        raise UsageError(f'"{link}" is too short for a link.', next=f"Give at least its first {_SHORTEST_LINK} signs, or all of it.")
    before, n, blank, stands = b"", 0, set[int](), not link
    unaccounted: set[int] = set()
    rows = connection.exec_driver_sql("SELECT node, at, who, what, details, salt, digest, link FROM audit ORDER BY node")
    for number, (node, at, who, what, details, salt, digest, written) in enumerate(rows, 1):
        if node != number:
            return Checked(False, n, len(blank), before.hex(), f"entry {number} is missing")
        if written != _link(before, at, who, what, digest or b"") or (salt is None and details):
            return Checked(False, n, len(blank), before.hex(), f"entry {node} is not as it was written, or the one before it is missing")
        if salt is None:
            blank.add(node)
            unaccounted.add(node)
        elif hashlib.sha256(salt + details.encode()).digest() != digest:
            return Checked(False, n, len(blank), before.hex(), f"the details of entry {node} are not as they were written")
        elif what == ERASED and unaccounted:
            unaccounted.difference_update(_accounted(details))
        n, before = n + 1, written
        stands = stands or written.hex().startswith(link)
    wrong = _cut_off(connection, n, before) or _not_accounted(unaccounted) or _imports_missing(connection)
    if not stands:
        wrong = wrong or f"the link {link[:16]} doesn't stand in it: the end was cut off, or it is another circle's"
    return Checked(not wrong, n, len(blank), before.hex(), wrong or "as it was written")


def _cut_off(connection: Connection, n: int, last: bytes) -> str:
    """What is wrong with the log's end, by what stands beside it."""
    head = connection.exec_driver_sql("SELECT entries, link FROM audit_head").first()
    if head is not None and head.entries > n:
        return f"it was cut off: {head.entries} entries were written, and {head.entries - n} of them are gone"
    if n and (head is None or (head.entries, bytes(head.link)) != (n, last)):
        return "its end is not the one that was noted beside it: entries were put in or taken out"
    if (
        not n
        and connection.exec_driver_sql(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM run WHERE state = 'done') OR EXISTS (SELECT 1 FROM claim)"
        ).first()
    ):
        return "it is empty, though there were imports or claims: it was emptied"
    return ""


def _not_accounted(unaccounted: set[int]) -> str:
    if not unaccounted:
        return ""
    told = accounting(unaccounted).removeprefix("blanked ")
    return f"the details of {told} were taken out, and no erasure accounts for that"


def _imports_missing(connection: Connection) -> str:
    """Imports that the log doesn't know: it was emptied, and began again."""
    told = connection.exec_driver_sql("SELECT details FROM audit WHERE what = 'import'").scalars().all()
    there = {int(found[1]) for details in told if (found := _IMPORT.match(details))}
    done = connection.exec_driver_sql("SELECT node FROM run WHERE state = 'done' ORDER BY node").scalars().all()
    missing = [str(run) for run in done if run not in there]
    n_blank = sum(not details for details in told)  # they were of imports whose name was somebody's
    return f"import {', '.join(missing)} is not in it: what came before was taken out" if len(missing) > n_blank else ""
