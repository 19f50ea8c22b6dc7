"""Why something counts or doesn't: a post, an act or an account, for each purpose, by which rule of the gate, on which evidence."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection

from kring.errors import UsageError
from kring.schema import VISIBILITIES
from kring.store.codes import key_of
from kring.store.consent import may_be_written_to
from kring.store.gate import WHY, For, decided

Kind = Literal["post", "event", "account"]


class Item(msgspec.Struct, frozen=True):
    """What is asked about, and what the rules look at."""

    kind: Kind
    node: int
    id: str
    author: str
    place: int | None
    place_name: str
    visibility: str
    flags: str
    others: tuple[int, ...] = ()
    """Of an account: the rows of the other accounts of the same person."""


class Verdict(msgspec.Struct, frozen=True):
    """Whether it counts for one purpose, by which rule, on which evidence."""

    purpose: str
    counts: str
    rule: str
    because: str
    evidence: str
    measures: tuple[str, ...] = ()
    """The figures that this purpose is for; a verb fills them in."""


_WHERE: dict[Kind, tuple[Literal["post", "event"], str]] = {
    "post": ("post", "p.node"),
    "event": ("event", "e.node"),
    "account": ("post", "p.author"),
}


def find(connection: Connection, wanted: str) -> Item | None:
    """The post or act with this id, or act "event:ROW"; None if it is none."""
    driver = connection.exec_driver_sql
    post = (
        "SELECT 'post', p.node, p.id, coalesce(a.id, ''), p.place, coalesce(nullif(l.name, ''), l.id, ''), p.visibility, coalesce(a.flags, '')"
        " FROM post p LEFT JOIN account a ON a.node = p.author LEFT JOIN place l ON l.node = p.place WHERE p.key = ? AND p.id = ?"
    )
    act = (
        "SELECT 'event', e.node, coalesce(e.id, 'event:' || e.node), coalesce(a.id, ''), e.place, coalesce(nullif(l.name, ''), l.id, ''),"
        " e.visibility, coalesce(a.flags, '') FROM event e LEFT JOIN account a ON a.node = e.actor LEFT JOIN place l ON l.node = e.place"
    )
    row = driver(post, (key_of(wanted), wanted)).first() or driver(f"{act} WHERE e.key = ? AND e.id = ?", (key_of(wanted), wanted)).first()
    number = wanted.removeprefix("event:")
    if row is None and number != wanted and number.isdecimal():
        row = driver(f"{act} WHERE e.node = ?", (int(number),)).first()
    return None if row is None else Item(row[0], row[1], row[2], row[3], row[4], row[5], VISIBILITIES[row[6]], row[7])


def account(connection: Connection, id: str, others: Sequence[str] = ()) -> Item:
    """An account as something to ask about, with the `others` of the same person: what holds for one holds for all."""
    found = [
        connection.exec_driver_sql("SELECT node, flags FROM account WHERE key = ? AND id = ?", (key_of(each), each)).one()
        for each in (id, *others)
    ]
    flags = dict.fromkeys(flag for row in found for flag in row.flags.split())
    return Item("account", found[0].node, id, id, None, "", "", " ".join(flags), tuple(row.node for row in found[1:]))


def verdicts(connection: Connection, item: Item) -> list[Verdict]:
    """What the gate says of it for each purpose."""
    said: list[Verdict] = []
    for purpose, name in _PURPOSES.items():
        if purpose == "place" and item.place is None:
            continue
        table, column = _WHERE[item.kind]
        found = decided(connection, table, purpose, f"{column} IN ({','.join(map(str, (item.node, *item.others)))})")
        if not found and item.kind != "account":
            raise UsageError(f"{item.id} is gone.")
        name = name.format(item.place_name) if purpose == "place" else name
        said += [_verdict(connection, item, name, rule, n) for rule, n in sorted(found.items())] or [_nothing(item, name)]
    if item.author:
        said.append(_written_to(connection, item))
    return said


_PURPOSES: dict[For, str] = {
    "circle": "figures of the circle",
    "others": "shown to others: exports, network files, quotes",
    "ours": "our own response, and our own lists",
    "place": "figures of {} for its members",
}


def _verdict(connection: Connection, item: Item, purpose: str, rule: str, n: int) -> Verdict:
    counts = ("no" if rule else "yes") if item.kind != "account" else f"{n:,} of their posts: {'no' if rule else 'yes'}"
    return Verdict(purpose, counts, rule, WHY.get(rule, "no rule leaves it out"), _evidence(connection, item, rule))


def _nothing(item: Item, purpose: str) -> Verdict:
    return Verdict(purpose, "no posts", "", "they wrote nothing that is here", "")


def _written_to(connection: Connection, item: Item) -> Verdict:
    may = may_be_written_to(connection, [item.author])
    why = "nobody said no to it" if may else "they said no"
    return Verdict("being written to", "yes" if may else "no", "" if may else "contact", why, "" if may else _said(connection, item.author))


def _evidence(connection: Connection, item: Item, rule: str) -> str:
    if rule == "private":
        return item.visibility or "how each post was addressed"
    if rule == "deleted":
        return "the network said so"
    if rule in ("asked", "reserved"):
        told = f"their profile says: {item.flags}" if item.flags else ""
        return "; ".join(filter(None, (told, _said(connection, item.author, ("quote",)))))
    return _said(connection, item.author) if rule == "objected" else ""


def _said(connection: Connection, who: str, scopes: tuple[str, ...] = ()) -> str:
    """Their standing refusals, each with its evidence and number in the log."""
    rows = connection.exec_driver_sql(
        "SELECT scope, evidence, consent FROM stance WHERE who = ? AND answer = 'no' ORDER BY consent", (who,)
    )
    return "; ".join(
        f"no to {scope} (entry {number}{f': {evidence}' if evidence else ''})"
        for scope, evidence, number in rows
        if not scopes or scope in scopes
    )
