"""The audit log as a chain: each entry's link is a hash of the one before it and of what it says itself.

    digest = H(salt, details)          link = H(link before, at, who, what, digest)

Details may speak of a person who is erased later. Then they are blanked and their salt thrown away: the digest stays, so the chain
still holds, and nobody can find out by trying names what was in it. A log that was cut off at its end still holds too; whoever
wants to know of that notes the last link elsewhere and asks later whether it still stands (`kring audit --check --link …`).
"""

import hashlib
import secrets

import msgspec
from sqlalchemy import Connection, Engine

from kring.store.open import reading

_SALT_BYTES = 16


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
    """
    before, n, blanked, stands = b"", 0, 0, not link
    rows = connection.exec_driver_sql("SELECT node, at, who, what, details, salt, digest, link FROM audit ORDER BY node")
    for number, (node, at, who, what, details, salt, digest, written) in enumerate(rows, 1):
        if node != number:
            return Checked(False, n, blanked, before.hex(), f"entry {number} is missing")
        if written != _link(before, at, who, what, digest or b"") or (salt is None and details):
            return Checked(False, n, blanked, before.hex(), f"entry {node} is not as it was written, or the one before it is missing")
        if salt is not None and hashlib.sha256(salt + details.encode()).digest() != digest:
            return Checked(False, n, blanked, before.hex(), f"the details of entry {node} are not as they were written")
        n, blanked, before = n + 1, blanked + (salt is None), written
        stands = stands or written.hex().startswith(link)
    found = "as it was written" if stands else f"the link {link[:16]} doesn't stand in it: the end was cut off, or it is another circle's"
    return Checked(stands, n, blanked, before.hex(), found)
