"""Claims about persons: which accounts are the same or apart, and to which group of those involved somebody belongs. Said, taken back, kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec
from sqlalchemy import Connection

from kring.store.ledger import note_audit, now, user
from kring.store.partition import Pair, Partition, partition

SAME, APART, AFFILIATION = "same", "apart", "affiliation"
KINDS = (SAME, APART, AFFILIATION)


class Claim(msgspec.Struct, frozen=True):
    """What somebody said about an account, and whether it was taken back."""

    number: int
    kind: str
    subject: str
    object: str
    reason: str
    author: str
    at: int
    undone_at: int | None
    rule: str
    since: int | None
    until: int | None


_COLUMNS = "node, kind, subject, object, reason, author, at, undone_at, rule, since, until"


def claims(connection: Connection, *, kinds: Sequence[str] = KINDS, standing: bool = True) -> list[Claim]:
    """Claims of these kinds, oldest first: those that stand, or all that were ever made."""
    slots = ",".join("?" * len(kinds))
    rows = connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM claim WHERE kind IN ({slots}) {'AND undone_at IS NULL' if standing else ''} ORDER BY node", tuple(kinds)
    )
    return [Claim(*row) for row in rows]


class Said(msgspec.Struct, frozen=True):
    """A claim to be made."""

    kind: str
    subject: str
    object: str
    reason: str = ""
    rule: str = ""
    since: int | None = None
    until: int | None = None


def claim(connection: Connection, said: Sequence[Said]) -> list[int]:
    """Makes these claims; gives their numbers."""
    numbers = []
    for each in said:
        values = (each.kind, each.subject, each.object, each.reason, user(), now(), each.rule, each.since, each.until)
        made = connection.exec_driver_sql(
            "INSERT INTO claim (kind, subject, object, reason, author, at, rule, since, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values
        )
        numbers.append(int(made.lastrowid))
        note_audit(connection, f"person {each.kind}", f"{each.subject} {each.object}")
    if numbers:
        tell_the_gate(connection)
    return numbers


def take_back(connection: Connection, numbers: Sequence[int]) -> int:
    """Takes these claims back, as far as they stand; gives how many did. They stay readable as taken back."""
    gone = 0
    for number in numbers:
        done = connection.exec_driver_sql("UPDATE claim SET undone_at = ? WHERE node = ? AND undone_at IS NULL", (now(), number))
        if done.rowcount:
            gone += 1
            note_audit(connection, "person undo", str(number))
    if gone:
        tell_the_gate(connection)
    return gone


def tell_the_gate(connection: Connection) -> None:
    """Writes down whose accounts are one person's, so that the gate hears an objection of one for all of them."""
    connection.exec_driver_sql("DELETE FROM same_person")
    if rows := list(persons(connection).several().items()):
        connection.exec_driver_sql("INSERT INTO same_person (account, person) VALUES (?, ?)", rows)


@contextmanager
def as_if(connection: Connection, partition: Partition) -> Iterator[None]:
    """In this block the gate hears the consent log as if these were the persons; on this connection only, and nothing is written."""
    driver = connection.exec_driver_sql
    stance = driver("SELECT sql FROM sqlite_master WHERE name = 'stance'").scalar_one()
    driver("CREATE TEMP TABLE same_person (account TEXT PRIMARY KEY, person TEXT NOT NULL)")
    try:
        if rows := list(partition.several().items()):
            driver("INSERT INTO temp.same_person (account, person) VALUES (?, ?)", rows)
        driver(stance.replace("CREATE VIEW", "CREATE TEMP VIEW", 1))  # a view of the database's own reads the database's own tables only
        yield
    finally:
        driver("DROP VIEW IF EXISTS temp.stance")
        driver("DROP TABLE temp.same_person")


def persons(connection: Connection, *, also: Sequence[Said] = (), without: Sequence[int] = ()) -> Partition:
    """Who is one person, as things stand; or as they would stand with these claims also (numbered -1, -2 …), and those taken back."""
    us = connection.exec_driver_sql("SELECT subject FROM claim WHERE kind = 'us' AND undone_at IS NULL ORDER BY node").scalars().all()
    left_out = set(without)
    pairs: dict[str, list[Pair]] = {SAME: [], APART: []}
    for each in claims(connection, kinds=(SAME, APART)):
        if each.number not in left_out:
            pairs[each.kind].append(Pair(each.number, each.subject, each.object))
    for number, said in enumerate(also, 1):
        if said.kind in pairs:
            pairs[said.kind].append(Pair(-number, said.subject, said.object))
    return partition(us, pairs[SAME], pairs[APART])
