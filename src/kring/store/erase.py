"""Erases somebody: out of the tables, the raw pieces, the search index, what others wrote of them, findings and logs; all of it or nothing.

What is only theirs goes: accounts, posts, acts by them and towards them, memberships, claims, consents, chats of two that are called after
them. What is others' stays without them: mentions, names, quoted lines, the posts that their replies answer (see `suppress.py`); raw pieces
that speak of them are blanked. Then every cell that is left is looked through for their ids, names and words (`needles.py`).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec
from sqlalchemy import Connection

from kring.schema import Post
from kring.store.claims import tell_the_gate
from kring.store.codes import POST_COLUMNS, POST_SLOTS, as_stored, key_of, load_posts, post_row
from kring.store.keep import packer_of
from kring.store.needles import Needles, forms, windows
from kring.store.raw import LONGEST_SAMPLE, SAMPLES, Packer, dictionary_of, learn, moved, words_in
from kring.store.suppress import Away, addresses, is_phone, lengths, normal
from kring.store.tables import ACCOUNT, EVENT, MEMBERSHIP, PLACE, POST

_SOME = 20_000
_SHORTEST_ID = 6
_PASSED_OVER = ("raw", "audit", "post", "mention", "dictionary", "suppression", "alembic_version")
"""Tables that the sweep leaves to others, or that hold no words."""
Progress = Callable[[str], None]


class Preview(msgspec.Struct, frozen=True):
    """What will go, and what stays without them."""

    accounts: list[str]
    posts: int
    acts: int
    memberships: int
    chats: list[str]
    """Chats of two that are called after them: they go whole."""
    mentioned: int
    """Posts by others that mention or answer them: they stay, without them."""
    by_run: dict[str, int]
    """How many of the posts each import brought."""


class Traces(msgspec.Struct):
    """By what somebody is told: kept in a file while they are erased, and thrown away with the end of it."""

    accounts: list[str] = []
    names: list[bytes] = []
    """Ids, handles, addresses and full names, in all their forms."""
    texts: list[bytes] = []
    """Pieces of their posts."""
    process: int = 0
    """Who is at it."""


class Done(msgspec.Struct):
    """What was erased."""

    posts: int = 0
    acts: int = 0
    accounts: int = 0
    changed: int = 0
    """Posts by others that now stand without them."""
    blanked: int = 0
    """Raw pieces and other cells that spoke of them."""
    shared: list[bytes] = []
    """Pieces of their texts that others wrote just so, too: those stay."""


def _gather(connection: Connection, accounts: Sequence[str]) -> None:
    """Sets apart what is theirs, in temporary tables."""
    driver = connection.exec_driver_sql
    for table in ("gone_account", "gone_place", "gone_post", "gone_event"):
        driver(f"DROP TABLE IF EXISTS temp.{table}")
        driver(f"CREATE TEMP TABLE {table} (node INTEGER PRIMARY KEY, key INTEGER)")
    driver("DROP TABLE IF EXISTS temp.linked")
    driver("CREATE TEMP TABLE linked (node INTEGER PRIMARY KEY)")
    keys = [(key_of(id), id) for id in accounts]
    driver("INSERT OR IGNORE INTO temp.gone_account SELECT node, key FROM account WHERE key = ? AND id = ?", keys)
    driver("INSERT INTO temp.gone_place SELECT node, key FROM place WHERE node IN (" + ",".join(map(str, _called_after(connection))) + ")")
    driver(
        "INSERT INTO temp.gone_post SELECT node, key FROM post WHERE author IN (SELECT node FROM gone_account)"
        " OR place IN (SELECT node FROM gone_place)"
    )
    driver(
        "INSERT INTO temp.gone_event SELECT e.node, e.key FROM event e WHERE e.actor IN (SELECT node FROM gone_account)"
        " OR e.receiver IN (SELECT node FROM gone_account) OR e.place IN (SELECT node FROM gone_place)"
        " OR e.object_kind = 'account' AND e.object_key IN (SELECT key FROM gone_account)"
        " OR e.object_kind = 'post' AND e.object_key IN (SELECT key FROM gone_post)"
        " OR e.object_kind = 'place' AND e.object_key IN (SELECT key FROM gone_place)"
    )
    driver(
        "INSERT OR IGNORE INTO temp.linked SELECT post FROM mention WHERE account IN (SELECT node FROM gone_account)"
        " UNION SELECT node FROM post WHERE reply_key IN (SELECT key FROM gone_post) OR thread_key IN (SELECT key FROM gone_post)"
    )
    driver("DELETE FROM temp.linked WHERE node IN (SELECT node FROM gone_post)")


def _called_after(connection: Connection) -> list[int]:
    """Chats of at most two that bear one of their names or ids."""
    rows = connection.exec_driver_sql(
        "SELECT l.node, l.id, l.name, a.id, a.name, a.handle FROM place l JOIN membership m ON m.place = l.node"
        " JOIN gone_account g ON g.node = m.account JOIN account a ON a.node = g.node"
        " WHERE (SELECT count(*) FROM membership o WHERE o.place = l.node) <= 2"
    )
    return [
        node
        for node, id, name, *theirs in rows
        if any(word and word in f"{id}\n{name}" for word in (*theirs, theirs[0].partition(":")[2], theirs[0].rpartition("/")[2]))
    ]


def look(connection: Connection, accounts: Sequence[str]) -> Preview:
    """What would go."""
    _gather(connection, accounts)

    def count(sql: str) -> int:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {sql}").scalar_one())

    runs = connection.exec_driver_sql(
        f"SELECT r.node || ' ' || r.name, count(*) FROM record_run l JOIN run r ON r.node = l.run WHERE l.kind = {POST}"
        " AND l.node IN (SELECT node FROM gone_post) GROUP BY r.node ORDER BY r.node"
    )
    return Preview(
        list(accounts),
        count("temp.gone_post"),
        count("temp.gone_event"),
        count("membership WHERE account IN (SELECT node FROM gone_account)"),
        list(connection.exec_driver_sql("SELECT name FROM place WHERE node IN (SELECT node FROM gone_place)").scalars()),
        count("temp.linked"),
        dict(map(tuple, runs)),
    )


# -- by what they are told


def traces(connection: Connection, accounts: Sequence[str]) -> Traces:
    """Ids, names and pieces of texts to look for afterwards."""
    _gather(connection, accounts)
    rows = connection.exec_driver_sql("SELECT a.id, a.handle, a.url FROM account a WHERE a.node IN (SELECT node FROM gone_account)").all()
    found: set[str] = set()
    for id, handle, url in rows:
        found |= {id, id.partition(":")[2], handle, handle.lstrip("@") if "@" in handle[1:] else "", url, *addresses(id)}
    names = {each for each in found if len(each) >= _SHORTEST_ID + 2} | _own_names(connection)
    texts: set[bytes] = set()
    for text in connection.exec_driver_sql(
        "SELECT coalesce(title, '') || char(10) || coalesce(text, '') FROM post WHERE node IN (SELECT node FROM gone_post)"
    ).scalars():
        texts |= windows(text)
    return Traces(list(accounts), sorted(set().union(*map(forms, names))) if names else [], sorted(texts))


def _said_names(connection: Connection) -> set[str]:
    """All the names that the erased go by, in any import."""
    names = set(connection.exec_driver_sql("SELECT name FROM account WHERE node IN (SELECT node FROM gone_account)").scalars())
    for body in connection.exec_driver_sql(
        f"SELECT body FROM record_run WHERE kind = {ACCOUNT} AND body IS NOT NULL AND node IN (SELECT node FROM gone_account)"
    ).scalars():
        names.add(msgspec.json.decode(body).get("name", ""))
    ids = connection.exec_driver_sql("SELECT id FROM account WHERE node IN (SELECT node FROM gone_account)").scalars()
    names |= {id.rpartition("/")[2] for id in ids if id.startswith(("whatsapp:", "signal:", "telegram:"))}
    return {name.strip() for name in names if name.strip()}


def _own_names(connection: Connection) -> set[str]:
    """Their full names that nobody else goes by: of two words or more, so that it isn't a word of the language."""
    taken = set(
        connection.exec_driver_sql(
            "SELECT lower(name) FROM account WHERE name != '' AND node NOT IN (SELECT node FROM gone_account)"
        ).scalars()
    )
    return {name for name in _said_names(connection) if " " in name and len(name) >= 8 and name.lower() not in taken}


def _marks(connection: Connection, away: Away) -> set[tuple[str, bytes]]:
    """What tells them again when they come back."""
    driver = connection.exec_driver_sql
    rows = driver("SELECT id, handle, url FROM account WHERE node IN (SELECT node FROM gone_account)").all()
    marks: set[tuple[str, bytes]] = set()

    def mark(scope: str, *value: str) -> None:
        marks.add((scope, away.mac(scope, *value)))

    for id, handle, url in rows:
        if is_phone(id):
            marks.add(("phone", away.phone_mac(id)))
        else:
            mark("account", id)
        for each in {handle.lstrip("@").casefold(), id.partition(":")[2].casefold()}:
            if "@" in each or (handle and each == handle.lstrip("@").casefold()):
                mark("handle", each)
        if url:
            mark("url", url.rstrip("/"))
    _mark_names(connection, mark, [handle for _, handle, _ in rows])
    for id in driver("SELECT id FROM place WHERE node IN (SELECT node FROM gone_place)").scalars():
        mark("place", id)
    for id, text in driver("SELECT id, coalesce(text, '') FROM post WHERE node IN (SELECT node FROM gone_post)"):
        mark("post", id)
        for line in text.splitlines():
            if len(said := line.lstrip("> \t")) >= 12 and normal(said):
                mark("line", normal(said))
    return marks


def _mark_names(connection: Connection, mark: Callable[..., None], handles: Iterable[str]) -> None:
    driver = connection.exec_driver_sql
    own = {normal(name) for name in _own_names(connection)}
    names = {normal(name) for name in _said_names(connection)} - {""}
    first = {name.split()[0] for name in names if len(name.split()[0]) > 2} | {
        normal(h.lstrip("@").partition("@")[0]) for h in handles if h
    }
    for name in own:
        mark(f"name:{lengths(name)}", name)
    for name in (names | first) - {""}:
        mark(f"linked:{lengths(name)}", name)
    places = driver(
        "SELECT DISTINCT l.id, l.node FROM place l JOIN membership m ON m.place = l.node WHERE m.account IN (SELECT node FROM gone_account)"
        " AND l.kind IN ('chat', 'group')"
    ).all()
    for id, node in places:
        others = set(
            driver(
                "SELECT lower(a.name) FROM membership m JOIN account a ON a.node = m.account WHERE m.place = ?"
                " AND a.node NOT IN (SELECT node FROM gone_account)",
                (node,),
            ).scalars()
        )
        theirs = {word for name in others for word in (name, name.partition(" ")[0])}
        for name in names | first:
            if name not in theirs and len(name) > 2:
                mark(f"here:{lengths(name)}", id, name)


# -- erasing


def erase(connection: Connection, key: bytes, found: Traces, progress: Progress) -> Done:
    """Takes somebody out of every table. Doing it again, after it was broken off, does the rest.

    Takes   a transaction that writes; their traces, gathered before.
    Costs   one pass over all posts and raw pieces, and to rewrite the search index.
    """
    driver, done = connection.exec_driver_sql, Done()
    progress("looking for what is theirs")
    _gather(connection, found.accounts)
    before = {(scope, bytes(mac)) for scope, mac in driver("SELECT scope, mac FROM suppression")}
    marks = _marks(connection, Away(key, before))
    if new := marks - before:
        now = time.time_ns() // 1000
        driver("INSERT INTO suppression (scope, mac, at) VALUES (?, ?, ?)", [(scope, mac, now) for scope, mac in sorted(new)])
    away = Away(key, before | marks)
    linked = list(driver("SELECT node FROM temp.linked").scalars())
    here = _in_their_chats(connection) if any(scope.startswith("here:") for scope in away.kinds) else []
    _take_out(connection, done)
    progress("taking them out of what others wrote")
    names, texts = Needles((), found.names), Needles(found.texts)
    hits = _posts_with(connection, names, texts)
    done.changed = _rewrite(connection, away, sorted({*linked, *here, *hits}), done)
    done.shared = _shared(connection, texts)
    mine = Needles({text.lower() for text in found.texts} - set(done.shared), found.names)
    progress("looking through the raw pieces")
    done.blanked += _raws(connection, mine)
    progress("looking through all other cells")
    done.blanked += _sweep(connection, mine)
    _logs(connection, mine)
    done.shared += [needles.strings[i] for needles in (names, mine) for i in needles.parts]
    if done.posts or done.changed:
        progress("writing the search index anew")
        driver("INSERT INTO post_search (post_search) VALUES ('optimize')")
    for table in ("gone_account", "gone_place", "gone_post", "gone_event", "linked"):
        driver(f"DROP TABLE temp.{table}")
    return done


def _in_their_chats(connection: Connection) -> list[int]:
    return list(
        connection.exec_driver_sql(
            "SELECT node FROM post WHERE place IN (SELECT m.place FROM membership m JOIN place l ON l.node = m.place"
            " WHERE m.account IN (SELECT node FROM gone_account) AND l.kind IN ('chat', 'group'))"
            " AND node NOT IN (SELECT node FROM gone_post)"
        ).scalars()
    )


_GONE = (
    f"(kind = {POST} AND node IN (SELECT node FROM gone_post) OR kind = {EVENT} AND node IN (SELECT node FROM gone_event)"
    f" OR kind = {ACCOUNT} AND node IN (SELECT node FROM gone_account) OR kind = {PLACE} AND node IN (SELECT node FROM gone_place)"
    f" OR kind = {MEMBERSHIP} AND node IN (SELECT node FROM membership WHERE account IN (SELECT node FROM gone_account)"
    " OR place IN (SELECT node FROM gone_place)))"
)


def _take_out(connection: Connection, done: Done) -> None:
    """Removes the rows that are theirs, and their raw pieces; a piece that other records share is emptied."""
    driver = connection.exec_driver_sql
    driver("DROP TABLE IF EXISTS temp.gone_raw")
    driver("CREATE TEMP TABLE gone_raw (node INTEGER PRIMARY KEY)")
    driver(f"INSERT OR IGNORE INTO temp.gone_raw SELECT raw FROM record_run WHERE raw IS NOT NULL AND {_GONE}")
    driver(f"DELETE FROM record_run WHERE {_GONE}")
    driver("CREATE TEMP TABLE shared_raw AS SELECT DISTINCT raw AS node FROM record_run WHERE raw IN (SELECT node FROM gone_raw)")
    driver("UPDATE raw SET body = x'00' WHERE node IN (SELECT node FROM temp.shared_raw)")
    driver("DELETE FROM raw WHERE node IN (SELECT node FROM gone_raw) AND node NOT IN (SELECT node FROM temp.shared_raw)")
    driver("DROP TABLE temp.shared_raw")
    driver("DROP TABLE temp.gone_raw")
    driver(
        "INSERT INTO post_search (post_search, rowid, title, text) SELECT 'delete', node, title, text FROM post"
        " WHERE node IN (SELECT node FROM gone_post)"
    )
    driver("DELETE FROM mention WHERE post IN (SELECT node FROM gone_post) OR account IN (SELECT node FROM gone_account)")
    done.posts = driver("DELETE FROM post WHERE node IN (SELECT node FROM gone_post)").rowcount
    done.acts = driver("DELETE FROM event WHERE node IN (SELECT node FROM gone_event)").rowcount
    for table in ("membership", "scope"):
        driver(f"DELETE FROM {table} WHERE account IN (SELECT node FROM gone_account) OR place IN (SELECT node FROM gone_place)")
    ids = "SELECT id FROM account WHERE node IN (SELECT node FROM gone_account)"
    driver(f"DELETE FROM claim WHERE subject IN ({ids}) OR object IN ({ids})")
    driver(f"DELETE FROM consent WHERE who IN ({ids})")
    _take_out_members(connection)
    driver("DELETE FROM place WHERE node IN (SELECT node FROM gone_place)")
    done.accounts = driver("DELETE FROM account WHERE node IN (SELECT node FROM gone_account)").rowcount
    tell_the_gate(connection)


def _take_out_members(connection: Connection) -> None:
    """The other's account in a chat of two that goes, where its id begins with the chat's."""
    driver = connection.exec_driver_sql
    members = "SELECT a.node FROM account a JOIN place l ON l.node IN (SELECT node FROM gone_place) AND substr(a.id, 1, length(l.id) + 1) = l.id || '/'"
    driver(f"DELETE FROM mention WHERE account IN ({members})")
    driver(f"DELETE FROM claim WHERE subject IN (SELECT id FROM account WHERE node IN ({members}))")
    driver(f"DELETE FROM record_run WHERE kind = {ACCOUNT} AND node IN ({members})")
    driver(f"DELETE FROM account WHERE node IN ({members}) AND node NOT IN (SELECT node FROM gone_account)")


# -- what others wrote

_WORDS = (
    "coalesce(title, '') || char(10) || coalesce(text, '') || char(10) || coalesce(extra, '') || char(10) || coalesce(url, '')"
    " || char(10) || coalesce(reply_to, '') || char(10) || coalesce(thread, '')"
)


def _in_batches(
    connection: Connection, sql: str, texts_of: Callable[[tuple[object, ...]], bytes]
) -> Iterator[tuple[list[int], list[bytes]]]:
    cursor = connection.exec_driver_sql(sql)
    while rows := cursor.fetchmany(_SOME):
        yield [row[0] for row in rows], [texts_of(tuple(row)) for row in rows]


def _posts_with(connection: Connection, names: Needles, texts: Needles) -> set[int]:
    """Rows of posts that hold a name or a piece of a text."""
    hits: set[int] = set()
    for nodes, words in _in_batches(connection, f"SELECT node, {_WORDS} FROM post", lambda row: str(row[1]).encode("utf-8", "replace")):
        for needles in (names, texts):
            hits |= {nodes[i] for i in needles.rows(words)}
    return hits


def _rewrite(connection: Connection, away: Away, nodes: Sequence[int], done: Done) -> int:
    """Masks them in others' posts; a piece of raw that such a post came from is emptied. Gives how many posts changed."""
    changed = 0
    accounts = dict(map(tuple, connection.exec_driver_sql("SELECT id, node FROM account"))) if nodes else {}
    for start in range(0, len(nodes), _SOME):
        some = nodes[start : start + _SOME]
        for node, old in load_posts(connection, some).items():
            new = as_stored(away.masked(old))
            if new != old:
                changed += 1
                _replace(connection, node, old, new, accounts)
        _rewrite_forms(connection, away, some)
    return changed


def _replace(connection: Connection, node: int, old: Post, new: Post, accounts: dict[str, int]) -> None:
    driver = connection.exec_driver_sql
    place, zone, language = driver("SELECT place, zone, language FROM post WHERE node = ?", (node,)).one()
    words = {old.zone: zone, old.language: language}
    row = post_row(node, key_of(new.id), new, accounts.get, lambda _: place, words.get)
    driver(
        "INSERT INTO post_search (post_search, rowid, title, text) VALUES ('delete', ?, ?, ?)", (node, old.title or None, old.text or None)
    )
    driver("DELETE FROM post WHERE node = ?", (node,))
    driver(f"INSERT INTO post ({POST_COLUMNS}) VALUES ({POST_SLOTS})", row)
    driver("INSERT INTO post_search (rowid, title, text) VALUES (?, ?, ?)", (node, row[-2], row[-1]))
    driver("UPDATE raw SET body = x'00' WHERE node IN (SELECT raw FROM record_run WHERE kind = ? AND node = ?)", (POST, node))


def _rewrite_forms(connection: Connection, away: Away, nodes: Sequence[int]) -> None:
    """The same in the other forms of these posts."""
    some = ",".join(map(str, nodes))
    rows = connection.exec_driver_sql(
        f"SELECT node, run, body FROM record_run WHERE kind = {POST} AND body IS NOT NULL AND node IN ({some})"
    ).all()
    for node, run, body in rows:
        old = msgspec.json.decode(body, type=Post)
        new = as_stored(away.masked(old))
        if new != old:
            values = (msgspec.json.encode(new), POST, node, run)
            connection.exec_driver_sql("UPDATE record_run SET body = ? WHERE kind = ? AND node = ? AND run = ?", values)
            connection.exec_driver_sql(
                "UPDATE raw SET body = x'00' WHERE node = (SELECT raw FROM record_run WHERE kind = ? AND node = ? AND run = ?)",
                (POST, node, run),
            )


def _shared(connection: Connection, texts: Needles) -> list[bytes]:
    """Pieces of their texts that still stand in posts by others, who neither quote nor answer them: words that both wrote."""
    found: set[int] = set()
    for _, words in _in_batches(connection, f"SELECT node, {_WORDS} FROM post", lambda row: str(row[1]).encode("utf-8", "replace")):
        for numbers in texts.rows(words).values():
            found |= numbers
    return [texts.strings[i] for i in sorted(found)]


# -- everything else


def _raws(connection: Connection, needles: Needles) -> int:
    """Empties raw pieces that still speak of them, and mends a dictionary that may."""
    driver = connection.exec_driver_sql
    packer = packer_of(connection)
    hits: list[int] = []
    for nodes, pieces in _in_batches(connection, "SELECT node, body FROM raw", lambda row: packer.unpack(row[1])):  # type: ignore[arg-type]
        hits += [nodes[i] for i in needles.rows(pieces)]
    for start in range(0, len(hits), 500):
        driver(f"UPDATE raw SET body = x'00' WHERE node IN ({','.join(map(str, hits[start : start + 500]))})")
    for node, body in driver("SELECT node, body FROM dictionary").all():
        _mend(connection, packer, node, body)
    return len(hits)


def _mend(connection: Connection, packer: Packer, node: int, body: bytes) -> None:
    """Packs all pieces of a source anew where its dictionary holds words that its first pieces, without the erased, don't."""
    driver = connection.exec_driver_sql
    samples: list[bytes] = []
    for _, piece in _packed_with(connection, node):
        samples.append(packer.unpack(piece))
        if len(samples) == SAMPLES:
            break
    if all(word in b"\0".join(samples) for word in words_in(body)):
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


def _packed_with(connection: Connection, dictionary: int) -> Iterator[tuple[int, bytes]]:
    """Raw pieces that were packed with a dictionary, in the order in which they came."""
    last = 0
    while rows := connection.exec_driver_sql("SELECT node, body FROM raw WHERE node > ? ORDER BY node LIMIT ?", (last, _SOME)).all():
        yield from ((node, body) for node, body in rows if dictionary_of(body) == dictionary)
        last = rows[-1][0]


def _sweep(connection: Connection, needles: Needles) -> int:
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


def _logs(connection: Connection, needles: Needles) -> None:
    """Blanks what the audit log says of them; its chain holds all the same."""
    hits: list[int] = []
    for nodes, details in _in_batches(connection, "SELECT node, details FROM audit", lambda row: str(row[1]).encode("utf-8", "replace")):
        hits += [nodes[i] for i in needles.rows(details)]
    for node in hits:
        connection.exec_driver_sql("UPDATE audit SET details = '', salt = NULL WHERE node = ?", (node,))
