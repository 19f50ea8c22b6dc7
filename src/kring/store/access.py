"""What is held of somebody, for them to have: their records whole, others' words only as pointers, and all that was noted of them."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from kring.schema import Record
from kring.store.claims import Claim, claims
from kring.store.codes import key_of
from kring.store.consent import Said, log
from kring.store.dump import records_of
from kring.store.gate import OBJECTED
from kring.store.needles import Needles


class Pointer(msgspec.Struct, frozen=True):
    """A post by somebody else that answers or mentions them: where it is, not what it says."""

    id: str
    why: str
    at: int | None
    url: str


class Source(msgspec.Struct, frozen=True):
    """An import that brought something of them."""

    run: int
    name: str
    came_in: int
    basis: str
    purpose: str
    keep_until: int | None
    records: int


class Noted(msgspec.Struct, frozen=True):
    """What was noted of them besides their own records."""

    claims: list[Claim]
    consents: list[Said]
    flags: dict[str, str]
    """What their profiles ask, by account."""
    findings: list[dict[str, Any]]
    """Figures that name them."""
    others: dict[str, list[dict[str, Any]]]
    """Rows of other tables that name them: readings and whatever came later, by table."""
    audit: list[dict[str, Any]]
    """Entries of the audit log that name them."""


def nodes_of(connection: Connection, accounts: Sequence[str]) -> list[int]:
    """Rows of accounts."""
    found = (connection.exec_driver_sql("SELECT node FROM account WHERE key = ? AND id = ?", (key_of(id), id)).scalar() for id in accounts)
    return [node for node in found if node is not None]


def theirs(connection: Connection, nodes: Sequence[int]) -> Iterator[Record]:
    """Their accounts, memberships, posts, and acts by and towards them."""
    return records_of(connection, nodes)


def pointers(connection: Connection, nodes: Sequence[int]) -> list[Pointer]:
    """Posts by others that answer or mention them, oldest first; not of people who said no."""
    some = ",".join(map(str, nodes))
    rows = connection.exec_driver_sql(
        f"SELECT p.id, CASE WHEN p.reply_key IN (SELECT key FROM post WHERE author IN ({some})) THEN 'answers you' ELSE 'mentions you' END, p.at,"
        f" coalesce(p.url, '') FROM post p WHERE coalesce(p.author, 0) NOT IN ({some}) AND (p.node IN (SELECT post FROM mention WHERE account IN ({some}))"
        f" OR p.reply_key IN (SELECT key FROM post WHERE author IN ({some}))) AND coalesce(p.author, 0) NOT IN ({OBJECTED}) ORDER BY p.at, p.node"
    )
    return [Pointer(*row) for row in rows]


def sources(connection: Connection, nodes: Sequence[int]) -> list[Source]:
    """Which imports brought something of them."""
    some = ",".join(map(str, nodes))
    rows = connection.exec_driver_sql(
        "SELECT r.node, r.name, r.started_at, r.basis, r.purpose, r.keep_until, count(*) FROM record_run l JOIN run r ON r.node = l.run"
        f" WHERE l.kind = 1 AND l.node IN (SELECT node FROM post WHERE author IN ({some})) OR l.kind = 3 AND l.node IN ({some})"
        " GROUP BY r.node ORDER BY r.node"
    )
    return [Source(*row) for row in rows]


def noted(connection: Connection, accounts: Sequence[str]) -> Noted:
    """Claims, consents, flags, findings and log entries that name them."""
    mine = set(accounts)
    said = [
        each
        for each in claims(connection, kinds=("us", "same", "apart", "affiliation"), standing=False)
        if {each.subject, each.object} & mine
    ]
    slots = ",".join("?" * len(accounts))
    flags = connection.exec_driver_sql(f"SELECT id, flags FROM account WHERE flags != '' AND id IN ({slots})", tuple(accounts))
    naming = Needles((), [id.encode() for id in accounts])
    found = _rows(connection, naming, "finding", "body", ("measure", "asked", "at"))
    logged = _rows(connection, naming, "audit", "details", ("at", "who", "what", "details"))
    return Noted(said, log(connection, list(accounts)), dict(map(tuple, flags)), found, _other_tables(connection, naming), logged)


def _rows(connection: Connection, naming: Needles, table: str, column: str, shown: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a table in which a cell names them."""
    rows = connection.exec_driver_sql(f"SELECT {column}, {', '.join(shown)} FROM {table}").all()
    hits = naming.rows([str(row[0]).encode("utf-8", "replace") for row in rows])
    return [dict(zip(shown, row[1:])) for i, row in enumerate(rows) if i in hits]


_TOLD_ELSEWHERE = {"claim", "consent", "finding", "audit", "same_person", "account", "post", "event", "place", "record_run", "suppression"}


def _other_tables(connection: Connection, naming: Needles) -> dict[str, list[dict[str, Any]]]:
    """Small tables with a column that may name somebody, whoever added them."""
    found: dict[str, list[dict[str, Any]]] = {}
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'").scalars().all()
    for table in set(tables) - _TOLD_ELSEWHERE:
        columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})") if row[2] == "TEXT"]
        for column in columns:
            if rows := _rows(connection, naming, table, column, columns):
                found.setdefault(table, []).extend(row for row in rows if row not in found.get(table, []))
    return found
