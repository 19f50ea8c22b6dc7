"""Accounts and places: what several runs say of one is kept for each run, and stands together in the table, the latest word on each thing."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from kring.schema import Account, Item, Place
from kring.store.codes import Row, clean
from kring.store.tables import ACCOUNT, PLACE

_SHAPE: dict[int, type[Account] | type[Place]] = {ACCOUNT: Account, PLACE: Place}
_SOME = 500

encode = msgspec.json.Encoder().encode


def describe(
    connection: Connection,
    run: int,
    kind: int,
    said: dict[int, list[tuple[Account | Place, Item]]],
    pack: Callable[[Item], int],
) -> None:
    """Adds what a run says of accounts or places, by row, and works out anew what stands in the table."""
    there = {
        node: (raw, body)
        for node, raw, body in _in_parts(connection, f"SELECT node, raw, body FROM record_run WHERE kind = {kind} AND run = {run}", said)
    }
    rows: list[Row] = []
    for node, words in said.items():
        raw, old = there[node]
        body = merged([old, *(encode(record) for record, _ in words)], _SHAPE[kind])
        if body != old:
            rows.append((pack(words[0][1]) if raw is None else raw, body, kind, node, run))
    if rows:
        connection.exec_driver_sql("UPDATE record_run SET raw = ?, body = ? WHERE kind = ? AND node = ? AND run = ?", rows)
        refold(connection, kind, [row[3] for row in rows])  # type: ignore[misc]


def refold(connection: Connection, kind: int, nodes: Sequence[int]) -> None:
    """Writes into the table what the runs together say of accounts or places."""
    bodies: dict[int, list[bytes | None]] = {node: [] for node in nodes}
    for node, _, body in _in_parts(connection, f"SELECT node, run, body FROM record_run WHERE kind = {kind}", nodes):
        bodies[node].append(body)
    if kind == ACCOUNT:
        update = "UPDATE account SET handle = ?, name = ?, kind = ?, url = ?, owner = ?, flags = ? WHERE node = ?"
        rows = [(*_account(bodies[node]), node) for node in nodes]
    else:
        update = "UPDATE place SET kind = ?, name = ?, url = ? WHERE node = ?"
        rows = [(*_place(bodies[node]), node) for node in nodes]
    if rows:
        connection.exec_driver_sql(update, rows)


def merged(bodies: Sequence[bytes | None], kind: type[Account] | type[Place]) -> bytes:
    """What several runs say of one account or place, as one: the latest word on each thing."""
    said = [body for body in bodies if body]
    if len(said) == 1:
        return said[0]
    fields: dict[str, object] = {}
    for body in said:
        fields |= {k: v for k, v in msgspec.json.decode(body).items() if v not in ("", None, False, [])}
    return encode(msgspec.convert(fields, kind))


def _account(bodies: Sequence[bytes | None]) -> Row:
    if not any(bodies):
        return "", "", "", "", 0, ""
    account = msgspec.json.decode(merged(bodies, Account), type=Account)
    kind = "" if account.kind == "unknown" else account.kind
    return clean(account.handle), clean(account.name), kind, clean(account.url), int(account.owner), " ".join(account.flags)


def _place(bodies: Sequence[bytes | None]) -> Row:
    if not any(bodies):
        return "", "", ""
    place = msgspec.json.decode(merged(bodies, Place), type=Place)
    return place.kind, clean(place.name), clean(place.url)


def _in_parts(connection: Connection, query: str, nodes: Iterable[int]) -> Iterable[tuple[int, int, bytes | None]]:
    """The rows of a query for these nodes, each node's by run."""
    listed = list(nodes)
    for start in range(0, len(listed), _SOME):
        some = ",".join(map(str, listed[start : start + _SOME]))
        yield from connection.exec_driver_sql(f"{query} AND node IN ({some}) ORDER BY node, run")
