"""Looks through every cell of a circle's database for somebody who was erased: posts, raw pieces, the dictionaries they are packed with, logs, all tables."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from kring.store.chain import ERASED
from kring.store.keep import packer_of
from kring.store.needles import Needles
from kring.store.raw import LONGEST_SAMPLE, SAMPLES, Packer, dictionary_of, learn, moved
from kring.store.suppress import Away

_SOME = 20_000
_PASSED_OVER = ("raw", "audit", "post", "mention", "dictionary", "suppression", "alembic_version")
"""Tables that are looked through elsewhere, or that hold no words."""
_WORDS = (
    "coalesce(title, '') || char(10) || coalesce(text, '') || char(10) || coalesce(extra, '') || char(10) || coalesce(url, '')"
    " || char(10) || coalesce(reply_to, '') || char(10) || coalesce(thread, '')"
)


def _in_batches(
    connection: Connection, sql: str, texts_of: Callable[[tuple[object, ...]], bytes]
) -> Iterator[tuple[list[int], list[bytes]]]:
    cursor = connection.exec_driver_sql(sql).cursor  # the driver's own: a row of SQLAlchemy's costs as much again
    assert cursor is not None
    while rows := cursor.fetchmany(_SOME):
        yield [row[0] for row in rows], [texts_of(row) for row in rows]


def posts_with(connection: Connection, needles: Needles) -> set[int]:
    """Rows of posts that hold a name or a piece of a text."""
    hits: set[int] = set()
    for nodes, words in _in_batches(connection, f"SELECT node, {_WORDS} FROM post", lambda row: str(row[1]).encode("utf-8", "replace")):
        hits |= {nodes[i] for i in needles.rows(words)}
    return hits


def shared(connection: Connection, texts: Needles, nodes: Sequence[int]) -> list[bytes]:
    """Pieces of their texts that still stand in these posts by others, who neither quote nor answer them: words that both wrote."""
    found: set[int] = set()
    for start in range(0, len(nodes), _SOME):
        some = ",".join(map(str, nodes[start : start + _SOME]))
        rows = connection.exec_driver_sql(f"SELECT {_WORDS} FROM post WHERE node IN ({some})").scalars()
        for numbers in texts.rows([words.encode("utf-8", "replace") for words in rows]).values():
            found |= numbers
    return [texts.strings[i] for i in sorted(found)]


def raws(connection: Connection, needles: Needles, numbers: Needles, runs: Iterable[int]) -> int:
    """Empties raw pieces that still speak of them, and mends a dictionary that may.

    Takes   `numbers`: bare numbers of users, beside a key; in the pieces of these runs they are theirs.
    """
    driver = connection.exec_driver_sql
    packer = packer_of(connection)
    hits: list[int] = []
    named: list[int] = []
    for nodes, pieces in _in_batches(connection, "SELECT node, body FROM raw", lambda row: packer.unpack(row[1])):  # type: ignore[arg-type]
        hits += [nodes[i] for i in needles.rows(pieces)]
        named += [nodes[i] for i in numbers.rows(pieces)]
    hits += _brought(connection, named, runs)
    for start in range(0, len(hits), 500):
        driver(f"UPDATE raw SET body = x'00' WHERE node IN ({','.join(map(str, hits[start : start + 500]))})")
    for node, body in driver("SELECT node, body FROM dictionary").all():
        _mend(connection, packer, needles, node, body)
    return len(hits)


def by_chance(connection: Connection, needles: Needles) -> int:
    """How often what is looked for stands in raw pieces as they are packed, once none holds it unpacked: bits of others' words that met by packing."""
    batches = _in_batches(connection, "SELECT node, body FROM raw", lambda row: row[1])  # type: ignore[return-value,arg-type]
    return sum(len(needles.places((b"\0" * 8).join(pieces))) for _, pieces in batches)


def _brought(connection: Connection, raws: Sequence[int], runs: Iterable[int]) -> list[int]:
    """Those raw pieces that one of these runs brought."""
    if not raws:
        return []
    some = ",".join(map(str, runs))
    brought = set(connection.exec_driver_sql(f"SELECT raw FROM record_run WHERE raw IS NOT NULL AND run IN ({some})").scalars())
    return [raw for raw in raws if raw in brought]


def _mend(connection: Connection, packer: Packer, needles: Needles, node: int, body: bytes) -> None:
    """Packs all pieces of a source anew where its dictionary holds something of theirs that its first pieces, without them, don't."""
    mine = np.intersect1d(_fours(body.lower()), _fours(b"\0".join(needles.strings)))
    if not len(mine):
        return
    driver = connection.exec_driver_sql
    samples: list[bytes] = []
    for _, piece in _packed_with(connection, node):
        samples.append(packer.unpack(piece))
        if len(samples) == SAMPLES:
            break
    if np.isin(mine, _fours(b"\0".join(samples).lower())).all():
        return
    learnt = learn([sample[:LONGEST_SAMPLE] for sample in samples])
    now, to = (node, Packer({node: learnt})) if learnt else (0, Packer({}))
    pieces = _packed_with(connection, node)
    while some := list(islice(pieces, _SOME)):
        driver("UPDATE raw SET body = ? WHERE node = ?", [(moved(piece, packer, to, now), raw) for raw, piece in some])
    if learnt:
        driver("UPDATE dictionary SET body = ? WHERE node = ?", (learnt, node))
    else:
        driver("DELETE FROM dictionary WHERE node = ?", (node,))


def _fours(text: bytes) -> NDArray[np.uint32]:
    """All runs of four bytes, each once: a dictionary holds words cut in pieces."""
    return np.unique(
        np.concatenate(
            [np.frombuffer(text, np.uint32, max(0, (len(text) - at) // 4), at) for at in range(min(4, len(text)))]
            or [np.empty(0, np.uint32)]
        )
    )


def _packed_with(connection: Connection, dictionary: int) -> Iterator[tuple[int, bytes]]:
    """Raw pieces that were packed with a dictionary, in the order in which they came."""
    last = 0
    while rows := connection.exec_driver_sql("SELECT node, body FROM raw WHERE node > ? ORDER BY node LIMIT ?", (last, _SOME)).all():
        yield from ((node, body) for node, body in rows if dictionary_of(body) == dictionary)
        last = rows[-1][0]


def sweep(connection: Connection, needles: Needles) -> int:
    """Looks through every cell of every other table, whoever added it; an x for each letter of what is found."""
    n = 0
    for table, key, column in _cells(connection):
        sql = f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} != ''"
        cursor = connection.exec_driver_sql(sql)
        changes: list[tuple[object, ...]] = []
        while rows := cursor.fetchmany(_SOME):
            cells = [row[-1] if isinstance(row[-1], bytes) else str(row[-1]).encode("utf-8", "replace") for row in rows]
            for i in needles.rows(cells):
                new = needles.blanked(cells[i])
                changes.append((new if isinstance(rows[i][-1], bytes) else new.decode("utf-8", "replace"), *rows[i][:-1]))
        _change(connection, table, key, column, changes)
        n += len(changes)
    return n


def _change(connection: Connection, table: str, key: str, column: str, changes: Sequence[tuple[object, ...]]) -> None:
    """Writes the new cells; a finding that names them goes, and so do the bytes of what could not be read: who knows what else stands there.

    An id that holds theirs is another's, and stays: the search in the files tells of it.
    """
    where = " AND ".join(f"{each} = ?" for each in key.split(", "))
    if not changes or column in ("id", "object"):
        return
    if table == "finding":
        connection.exec_driver_sql(f"DELETE FROM finding WHERE {where}", [change[1:] for change in changes])
    elif (table, column) == ("unread", "raw"):
        connection.exec_driver_sql(f"UPDATE unread SET raw = NULL WHERE {where}", [change[1:] for change in changes])
    else:
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {where}", list(changes))


def _cells(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Table, its key, and each of its columns that holds text or bytes."""
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'post_search%' ORDER BY name"
    )
    for table in list(tables.scalars()):
        if table in _PASSED_OVER or table.startswith("sqlite_"):
            continue
        columns = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
        key = ", ".join(row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5])
        for row in columns:
            if row[2] in ("TEXT", "BLOB") and not row[5]:
                yield table, key, row[1]


_PATHS = (("run", "name"), ("unread", "place"), ("note", "place"), ("job", "message"))
"""Cells that hold names of files, which may be somebody's handle."""


def paths(connection: Connection, away: Away) -> int:
    """Masks their handles in names of files."""
    n = 0
    for table, column in _PATHS:
        there = connection.exec_driver_sql(f"SELECT DISTINCT {column} FROM {table}").scalars().all()
        changes = [(new, path) for path in there if (new := away.path(path)) != path]
        if changes:
            n += connection.exec_driver_sql(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", changes).rowcount
    return n


def _files_in(details: str) -> list[str]:
    """What may be the name of a file in an entry of the audit log; an import's stands behind its number."""
    brought = re.match(r"run \d+ (.*?): \d", details)
    return [brought[1]] if brought else [word.strip(",:") for word in details.split() if "@" not in word and re.search(r"[./\\]", word)]


def logs(connection: Connection, needles: Needles, away: Away) -> None:
    """Blanks what the audit log says of them; its chain holds all the same. An erasure names nobody, and accounts for what was blanked before."""
    hits: list[int] = []
    for nodes, details in _in_batches(
        connection, f"SELECT node, details FROM audit WHERE what != '{ERASED}'", lambda row: str(row[1]).encode("utf-8", "replace")
    ):
        hits += [nodes[i] for i in needles.rows(details)]
    named = connection.exec_driver_sql(
        "SELECT node, details FROM audit WHERE what IN ('import', 'export', 'network', 'graph', 'person export')"
    )
    hits += [node for node, details in named if any(away.path(file) != file for file in _files_in(details))]
    for node in sorted(set(hits)):
        connection.exec_driver_sql("UPDATE audit SET details = '', salt = NULL WHERE node = ?", (node,))
