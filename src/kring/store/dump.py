"""What leaves a circle: all records that may go, one by one, as the store holds them; and how many of them there are, counted beforehand.

Posts and acts pass the consent gate; whom it lets nobody see isn't named in what others wrote either (`hidden.py`). People, places and
memberships leave only with them: a person known from a private chat alone stays, and so does the chat. That an export holds something
whole (`Scope`) is passed on only where nothing of it was left out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Connection

from kring.schema import VISIBILITIES, Account, Event, Membership, Place, Proposed, Record, Scope
from kring.store.codes import DELETED
from kring.store.gate import Gate, LeftOut, gate, left_out
from kring.store.hidden import Shown, hidden, shown

KINDS = ("account", "place", "membership", "post", "event", "scope")
"""In this order they leave: what is spoken of stands before what speaks of it."""
_POSTS_AT_A_TIME = 1_000
_ACTS = (
    "FROM event e LEFT JOIN account a ON a.node = e.actor LEFT JOIN account r ON r.node = e.receiver LEFT JOIN place l ON l.node = e.place"
    " LEFT JOIN word z ON z.node = e.zone"
)
_SCOPE = "DISTINCT a.id, l.id, s.since, s.until"  # two imports may both hold the same thing whole


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What is to leave."""

    everything: bool = False
    """Private posts and acts too."""
    since: int | None = None
    until: int | None = None
    kinds: tuple[str, ...] = KINDS
    shuffled: bool = False
    """Posts and acts in an order drawn by chance, so that it doesn't tell when each was written."""


class Dump(msgspec.Struct, frozen=True):
    """What leaves, counted; the records themselves come one by one."""

    counts: dict[str, int]
    """By kind of record, in the order of KINDS; only kinds that were asked for."""
    private: int
    """Posts and acts among them that are private."""
    left_out: tuple[LeftOut, ...]
    records: Callable[[str], Iterator[Record]]
    """The records of one kind, in the order in which they came into the store, unless shuffled."""
    said_no: int = 0
    """How many accounts are left out because of what their owners said."""
    said: tuple[Proposed, ...] = ()
    """What was said of the people that leave: only where everything leaves."""


@contextmanager
def dumped(connection: Connection, asking: Asking) -> Iterator[Dump]:
    """Looks what leaves; the records can be fetched until the block ends.

    Takes   a connection in a transaction: what is counted is what comes.
    Costs   some passes over posts and acts; memory for the row numbers of people and places, and for a thousand posts.
    """
    purpose = gate("ours" if asking.everything else "others")
    away = hidden(connection, purpose)
    _set_apart(connection, asking, purpose)
    try:
        queries = {kind: _query(kind, asking, purpose.posts, purpose.events) for kind in KINDS if kind in asking.kinds}

        def records(kind: str) -> Iterator[Record]:
            if kind == "post":
                return _posts(connection, queries[kind], purpose, shown(connection, away))
            found = _RECORDS[kind](connection, queries[kind])
            return found if away is None else (each for record in found if (each := away.record(record)) is not None)

        yield Dump(
            {kind: sum(1 for _ in records(kind)) if away and kind != "post" else _count(connection, queries[kind]) for kind in queries},
            sum(_private(connection, queries[kind], kind) for kind in ("post", "event") if kind in queries),
            left_out(connection, purpose.purpose),
            records,
            _said_no(connection, purpose),
            _of_people(connection) if asking.everything and "account" in asking.kinds else (),
        )
    finally:
        for table in ("leaving_account", "leaving_place", "torn_account", "torn_place"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{table}")


def _said_no(connection: Connection, through: Gate) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM account a WHERE NOT ({through.people})").scalar_one())


def _of_people(connection: Connection) -> tuple[Proposed, ...]:
    """The claims that stand of people who leave, and of nobody else."""
    leaving = "SELECT a.id FROM account a JOIN temp.leaving_account l ON l.node = a.node"
    rows = connection.exec_driver_sql(
        "SELECT kind, subject, object, reason, since, until FROM claim WHERE undone_at IS NULL AND kind IN ('same', 'apart', 'affiliation')"
        f" AND subject IN ({leaving}) AND (kind = 'affiliation' OR object IN ({leaving})) ORDER BY node"
    )
    names = ("kind", "subject", "object", "reason", "since", "until")
    return tuple(Proposed(**dict(zip(names, row))) for row in rows)


def records_of(connection: Connection, nodes: Sequence[int]) -> Iterator[Record]:
    """All records of these accounts of one person: accounts, memberships and their places, posts, acts by and towards them."""
    some, all_through = ",".join(map(str, nodes)), gate("ours")
    yield from _accounts(connection, _Query(f"FROM account a WHERE a.node IN ({some})"))
    yield from _places(
        connection, _Query(f"FROM place l WHERE l.kind != '' AND l.node IN (SELECT place FROM membership WHERE account IN ({some}))")
    )
    yield from _memberships(
        connection,
        _Query(f"FROM membership m JOIN account a ON a.node = m.account JOIN place l ON l.node = m.place WHERE m.account IN ({some})"),
    )
    yield from _posts(connection, _Query(f"FROM post p WHERE p.author IN ({some})"), all_through, shown(connection, None))
    yield from _events(
        connection,
        _Query(
            f"{_ACTS} WHERE e.actor IN ({some}) OR e.receiver IN ({some})"
            f" OR e.object_kind = 'account' AND e.object_key IN (SELECT key FROM account WHERE node IN ({some}))"
            f" OR e.object_kind = 'post' AND e.object_key IN (SELECT key FROM post WHERE author IN ({some}))"
        ),
    )


class _Query(msgspec.Struct, frozen=True):
    """The part of a query from FROM on, and its values."""

    source: str
    values: tuple[Any, ...] = ()
    shuffled: bool = False


def _between(column: str, asking: Asking) -> tuple[str, tuple[Any, ...]]:
    parts = [(f"{column} >= ?", asking.since), (f"{column} < ?", asking.until)]
    given = [(sql, value) for sql, value in parts if value is not None]
    return " AND ".join(["1", *(sql for sql, _ in given)]), tuple(value for _, value in given)


def _set_apart(connection: Connection, asking: Asking, through: Gate) -> None:
    """Which people and places leave, and of which something stays behind."""
    driver, posts, events = connection.exec_driver_sql, through.posts, through.events
    for table in ("leaving_account", "leaving_place", "torn_account", "torn_place"):
        driver(f"CREATE TEMP TABLE {table} (node INTEGER PRIMARY KEY)")
    (post_when, post_values), (event_when, event_values) = _between("p.at", asking), _between("e.at", asking)
    from_posts, from_events = f"FROM post p WHERE {posts} AND {post_when}", f"FROM event e WHERE {events} AND {event_when}"

    def gather(table: str, select: str, values: tuple[Any, ...] = ()) -> None:
        driver(f"INSERT OR IGNORE INTO temp.{table} SELECT * FROM ({select}) WHERE node IS NOT NULL", values)

    if asking.everything:
        gather("leaving_account", "SELECT node FROM account")
        gather("leaving_place", "SELECT node FROM place")
    else:
        gather("leaving_place", f"SELECT p.place AS node {from_posts}", post_values)
        gather("leaving_place", f"SELECT e.place AS node {from_events}", event_values)
        gather(
            "leaving_place",
            f"SELECT o.node FROM place o JOIN event e ON e.object_kind = 'place' AND e.object_key = o.key WHERE {events} AND {event_when}",
            event_values,
        )
        gather("leaving_account", f"SELECT p.author AS node {from_posts}", post_values)
        gather(
            "leaving_account",
            f"SELECT m.account AS node FROM mention m JOIN post p ON p.node = m.post WHERE {posts} AND {post_when}",
            post_values,
        )
        for end in ("actor", "receiver"):
            gather("leaving_account", f"SELECT e.{end} AS node {from_events}", event_values)
        gather(
            "leaving_account",
            f"SELECT o.node FROM account o JOIN event e ON e.object_kind = 'account' AND e.object_key = o.key WHERE {events} AND {event_when}",
            event_values,
        )
        gather("leaving_account", "SELECT account AS node FROM membership WHERE place IN (SELECT node FROM leaving_place)")
    driver(f"DELETE FROM temp.leaving_account WHERE node NOT IN (SELECT a.node FROM account a WHERE {through.people})")
    for end, place_or_account in (("author", "account"), ("place", "place")):
        gather(f"torn_{place_or_account}", f"SELECT p.{end} AS node FROM post p WHERE NOT ({posts}) AND p.flags & {DELETED} = 0")
    for end, place_or_account in (("actor", "account"), ("place", "place")):
        gather(f"torn_{place_or_account}", f"SELECT e.{end} AS node FROM event e WHERE NOT ({events})")


def _query(kind: str, asking: Asking, posts: str, events: str) -> _Query:
    if kind == "account":
        return _Query("FROM account a WHERE a.node IN (SELECT node FROM leaving_account)")
    if kind == "place":  # one that is only spoken of has no kind, and comes back by being spoken of
        return _Query("FROM place l WHERE l.kind != '' AND l.node IN (SELECT node FROM leaving_place)")
    if kind == "membership":
        return _Query(
            "FROM membership m JOIN account a ON a.node = m.account JOIN place l ON l.node = m.place"
            " WHERE m.account IN (SELECT node FROM leaving_account) AND m.place IN (SELECT node FROM leaving_place)"
        )
    if kind == "post":
        when, values = _between("p.at", asking)
        return _Query(f"FROM post p WHERE {posts} AND {when}", values, asking.shuffled)
    if kind == "event":
        when, values = _between("e.at", asking)
        return _Query(f"{_ACTS} WHERE {events} AND {when}", values, asking.shuffled)
    part = asking.since is not None or asking.until is not None or not {"post", "event"} <= set(asking.kinds)
    return _Query(
        "FROM scope s LEFT JOIN account a ON a.node = s.account LEFT JOIN place l ON l.node = s.place"
        f" WHERE {'0' if part else '1'} AND (s.account IS NULL OR s.account IN (SELECT node FROM leaving_account)"
        " AND s.account NOT IN (SELECT node FROM torn_account)) AND (s.place IS NULL OR s.place IN (SELECT node FROM leaving_place)"
        " AND s.place NOT IN (SELECT node FROM torn_place))"
    )


def _count(connection: Connection, query: _Query) -> int:
    distinct = f"(SELECT {_SCOPE} {query.source})" if query.source.startswith("FROM scope") else ""
    source = f"FROM {distinct}" if distinct else query.source
    return int(connection.exec_driver_sql(f"SELECT count(*) {source}", query.values).scalar_one())


def _private(connection: Connection, query: _Query, kind: str) -> int:
    """How many posts or acts leave that don't count for the circle."""
    circle = gate("circle")
    public = circle.posts if kind == "post" else circle.events
    return int(connection.exec_driver_sql(f"SELECT count(*) {query.source} AND NOT ({public})", query.values).scalar_one())


def _rows(connection: Connection, columns: str, query: _Query, order: str) -> Iterator[tuple[Any, ...]]:
    order = "random()" if query.shuffled else order
    cursor = connection.exec_driver_sql(f"SELECT {columns} {query.source} ORDER BY {order}", query.values)
    while rows := cursor.fetchmany(_POSTS_AT_A_TIME):
        yield from map(tuple, rows)


def _accounts(connection: Connection, query: _Query) -> Iterator[Record]:
    columns = "a.id, a.handle, a.name, a.kind, a.url, a.owner, a.flags"
    for id, handle, name, kind, url, owner, flags in _rows(connection, columns, query, "a.node"):
        yield Account(id=id, handle=handle, name=name, kind=kind or "unknown", url=url, owner=bool(owner), flags=tuple(flags.split()))


def _places(connection: Connection, query: _Query) -> Iterator[Record]:
    for id, kind, name, url in _rows(connection, "l.id, l.kind, l.name, l.url", query, "l.node"):
        yield Place(id=id, kind=kind, name=name, url=url)


def _memberships(connection: Connection, query: _Query) -> Iterator[Record]:
    for account, place, since, until in _rows(connection, "a.id, l.id, m.since, m.until", query, "m.node"):
        yield Membership(account=account, place=place, since=since, until=until)


def _posts(connection: Connection, query: _Query, through: Gate, as_shown: Shown) -> Iterator[Record]:
    """People who said no are not mentioned either."""
    said_no = set(connection.exec_driver_sql(f"SELECT a.id FROM account a WHERE NOT ({through.people})").scalars())
    order = "random()" if query.shuffled else "p.node"
    cursor = connection.exec_driver_sql(f"SELECT p.node {query.source} ORDER BY {order}", query.values).scalars()
    while nodes := cursor.fetchmany(_POSTS_AT_A_TIME):
        posts = as_shown(nodes)
        for node in nodes:
            post = posts[node]
            if said_no and not said_no.isdisjoint(post.mentions):
                post = msgspec.structs.replace(post, mentions=tuple(each for each in post.mentions if each not in said_no))
            yield post


def _events(connection: Connection, query: _Query) -> Iterator[Record]:
    columns = "e.verb, a.id, e.object, e.object_kind, r.id, e.at, e.offset_s, z.text, l.id, e.visibility, e.text, e.id"
    for verb, actor, object, object_kind, receiver, at, offset_s, zone, place, visibility, text, id in _rows(
        connection, columns, query, "e.node"
    ):
        yield Event(
            verb=verb,
            actor=actor or "",
            object=object,
            object_kind=object_kind,
            receiver=receiver or "",
            at=at,
            offset_s=offset_s,
            zone=zone or "",
            place=place or "",
            visibility=VISIBILITIES[visibility],
            text=text or "",
            id=id or "",
        )


def _scopes(connection: Connection, query: _Query) -> Iterator[Record]:
    for account, place, since, until in _rows(connection, _SCOPE, query, "1, 2, 3, 4"):
        yield Scope(account=account or "", place=place or "", since=since, until=until)


_RECORDS: dict[str, Callable[[Connection, _Query], Iterator[Record]]] = {
    "account": _accounts,
    "place": _places,
    "membership": _memberships,
    "event": _events,
    "scope": _scopes,
}
