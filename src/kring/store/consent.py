"""The consent log: what people said of being read, quoted and written to; who said what, on which evidence, when; and what may be an objection.

Nothing in it is changed or removed but by erasing the person. Of each account the latest answer for a scope counts. Of a person with several
accounts a no counts before any other answer, whichever account it came from, until it is taken back for that account; else the latest.
When they are parted, each account has its own again. `gate.py` hears it, through the view `stance`.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from kring.errors import UsageError
from kring.store import fetch
from kring.store.codes import clean
from kring.store.gate import gate
from kring.store.ledger import note_audit, now

ANSWERS = ("yes", "no", "unknown")
SCOPES = ("all", "network:NAME", "place:ID", "contact", "quote")
"""All of what we hold of them; one network; one chat, list or forum; being written to; being quoted."""
_PLEASE_DONT = (
    '"please don\'t" OR "please do not" OR "don\'t use my" OR "do not use my" OR "i object" OR "i do not consent" OR "i don\'t consent" OR "opt out"'
    ' OR "stop tracking" OR "leave me alone" OR "delete my" OR "remove my" OR "don\'t quote" OR "do not quote" OR "do not contact" OR "don\'t contact"'
    ' OR "liever niet" OR "niet gebruiken" OR "ik maak bezwaar" OR "geen toestemming" OR "wil dit niet" OR "wil ik niet" OR "laat me met rust"'
    ' OR "verwijder mijn" OR "niet meer mailen" OR "niet citeren" OR "hou hiermee op" OR "stop hiermee" OR "uitschrijven"'
)
"""Words with which people object, English and Dutch. Nothing is decided by them: a person reads each and says what was meant."""


class Said(msgspec.Struct, frozen=True):
    """What somebody answered."""

    number: int
    who: str
    scope: str
    answer: str
    evidence: str
    at: int
    stands: bool
    """It is what counts of the person, in its scope."""


def scope_of(connection: Connection, wanted: str) -> str:
    """A scope as it is written down: "mastodon" is a network, "contact" and "quote" are themselves, a place is known by id or name.

    Fails   UsageError if it is none.
    """
    word = clean(wanted.strip()) or "all"
    if word in ("all", "contact", "quote"):
        return word
    kind, _, name = word.partition(":")
    networks = "SELECT 1 FROM account WHERE id LIKE ? ESCAPE '!' LIMIT 1"
    network = name if kind == "network" else word
    if network.isalnum() and connection.exec_driver_sql(networks, (f"{network}:%",)).scalar():
        return f"network:{network}"
    place = name if kind == "place" else word
    found = connection.exec_driver_sql("SELECT id FROM place WHERE id = ?", (place,)).scalars().all()
    found = found or connection.exec_driver_sql("SELECT id FROM place WHERE name = ?", (place,)).scalars().all()
    if len(found) == 1:
        return f"place:{found[0]}"
    raise UsageError(
        f'"{wanted}" is {"more than one place" if found else "no network or place here"}.',
        next=f"Scopes: {', '.join(SCOPES)}. `kring places` lists the places here, with their ids.",
    )


def answer(connection: Connection, who: str, scope: str, said: str, evidence: str) -> int:
    """Writes down an answer; gives its number."""
    values = (who, scope, said, clean(evidence), now())
    row = connection.exec_driver_sql("INSERT INTO consent (who, scope, answer, evidence, at) VALUES (?, ?, ?, ?, ?)", values)
    note_audit(connection, f"consent {said}", f"{who} {scope}")
    return int(row.lastrowid)


def log(connection: Connection, accounts: Sequence[str]) -> list[Said]:
    """All that was answered for these accounts of one person, oldest first."""
    return _entries(connection, "who", accounts)


def entries(connection: Connection, numbers: Sequence[int]) -> list[Said]:
    """What was answered, by number in the log."""
    return _entries(connection, "node", numbers)


def _entries(connection: Connection, column: str, values: Sequence[str] | Sequence[int]) -> list[Said]:
    rows = connection.exec_driver_sql(
        "SELECT c.node, c.who, coalesce(nullif(c.scope, ''), 'all'), c.answer, c.evidence, c.at, c.node IN (SELECT consent FROM stance)"
        f" FROM consent c WHERE c.{column} IN ({','.join('?' * len(values))}) ORDER BY c.node",
        tuple(values),
    )
    return [Said(number, who, scope, said, evidence, at, bool(stands)) for number, who, scope, said, evidence, at, stands in rows]


def standing(connection: Connection, accounts: Sequence[str]) -> set[tuple[str, str, str, int]]:
    """What counts of each of these accounts: account, scope, answer, number in the log."""
    found: set[tuple[str, str, str, int]] = set()
    for start in range(0, len(accounts), 500):
        some = tuple(accounts[start : start + 500])
        rows = connection.exec_driver_sql(
            f"SELECT who, scope, answer, consent FROM stance WHERE who IN ({','.join('?' * len(some))})", some
        )
        found |= {tuple(row) for row in rows}
    return found


def may_be_written_to(connection: Connection, accounts: Sequence[str]) -> bool:
    """Whether nobody of these said no to being contacted, or to everything."""
    slots = ",".join("?" * len(accounts))
    said_no = f"SELECT 1 FROM stance WHERE who IN ({slots}) AND answer = 'no' AND scope IN ('all', 'contact') LIMIT 1"
    return not connection.exec_driver_sql(said_no, tuple(accounts)).scalar()


def may_object(connection: Connection, *, limit: int = 100) -> list[fetch.PostLine]:
    """Posts in which somebody may object to us: to us or about us, in words of objection, and not answered in the log since.

    Takes   words in posts that reply to us or mention us; newest first.
    """
    ours = "SELECT a.node FROM account a JOIN claim c ON c.subject = a.id WHERE c.kind = 'us' AND c.undone_at IS NULL"
    nodes = connection.exec_driver_sql(
        "SELECT p.node FROM post p JOIN account a ON a.node = p.author WHERE p.node IN (SELECT rowid FROM post_search WHERE post_search MATCH ?)"
        f" AND {gate('ours').posts} AND p.author NOT IN ({ours})"
        f" AND (p.node IN (SELECT post FROM mention WHERE account IN ({ours}))"
        f" OR p.reply_key IN (SELECT key FROM post WHERE author IN ({ours})))"
        " AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.who = a.id AND c.evidence = p.id)"
        " ORDER BY p.at DESC, p.node DESC LIMIT ?",
        (_PLEASE_DONT, limit),
    )
    return fetch.post_lines(connection, list(nodes.scalars()))
