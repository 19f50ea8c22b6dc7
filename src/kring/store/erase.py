"""Erases somebody: out of the tables, the raw pieces, the search index, what others wrote of them, findings and logs; all of it or nothing.

What is only theirs goes: accounts, posts, acts by them and towards them, memberships, claims, consents, chats of two that are called after
them. What is others' stays without them: mentions, names, quoted lines, the posts that their replies answer (see `suppress.py`); raw pieces
that speak of them are blanked. Then every cell that is left is looked through for their ids, names and words (`traces.py`, `sweep.py`, `needles.py`).
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from kring.schema import Post
from kring.store.claims import tell_the_gate
from kring.store.codes import POST_COLUMNS, POST_SLOTS, as_stored, key_of, load_posts, post_row
from kring.store.needles import Needles
from kring.store.suppress import Away, Marks, called, lengths, normal
from kring.store.sweep import logs, paths, posts_with, raws, shared, sweep
from kring.store.tables import ACCOUNT, EVENT, MEMBERSHIP, PLACE, POST
from kring.store.traces import Traces, first_words, forget_gathered, gather, marks, numbered

_SOME = 20_000
SHORTEST_HANDLE = 5
"""Shorter ones are looked for in posts only: in half a gigabyte of packed bytes "@jan" stands somewhere by chance."""
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
    handles: set[str] = set()
    """Their handles that no post holds any more."""
    perhaps: dict[str, list[str]] = {}
    """By handle: posts by others that hold it, where it may be another's."""


def look(connection: Connection, accounts: Sequence[str]) -> Preview:
    """What would go."""
    gather(connection, accounts)

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


def deleted(connection: Connection) -> list[str]:
    """Accounts of which a network said that their owners deleted them: they removed themselves."""
    sql = (
        "SELECT DISTINCT a.id FROM event e JOIN account a ON a.node = e.actor"
        " WHERE e.verb = 'remove' AND e.object_kind = 'account' AND e.object_key = a.key ORDER BY a.id"
    )
    return list(connection.exec_driver_sql(sql).scalars())


# -- erasing


def erase(connection: Connection, key: bytes, found: Traces, progress: Progress) -> Done:
    """Takes somebody out of every table. Doing it again, after it was broken off, does the rest.

    Takes   a transaction that writes; their traces, gathered before.
    Costs   one pass over all posts and raw pieces, and to rewrite the search index.
    """
    driver, done = connection.exec_driver_sql, Done()
    progress("looking for what is theirs")
    gather(connection, found.accounts)
    numbers, runs = numbered(connection)
    before = {(scope, bytes(mac)) for scope, mac in driver("SELECT scope, mac FROM suppression")}
    made = marks(connection, Away(key, before)) | {Away(key, before).sign()}
    _keep_away(connection, made - before)
    away = Away(key, before | made)
    linked = list(driver("SELECT node FROM temp.linked").scalars())
    here = _in_their_chats(connection) if any(scope.startswith("here:") for scope in away.kinds) else []
    _take_out_posts(connection, done)
    progress("taking them out of what others wrote")
    theirs = Needles(found.texts, found.names, at(found.handles))
    hits = posts_with(connection, theirs)
    done.changed = _rewrite(connection, away, sorted({*linked, *here, *hits, *_quoting(connection, away)}))
    _take_out_accounts(connection, done)
    done.shared = shared(connection, Needles(found.texts), sorted(hits))
    standing, done.perhaps = _standing(connection, sorted({*linked, *hits}), found.handles)
    done.handles = set(found.handles) - standing
    mine = Needles({text.lower() for text in found.texts} - set(done.shared), found.names, at(done.handles, SHORTEST_HANDLE))
    progress("looking through the raw pieces")
    done.blanked += raws(connection, mine, numbers, runs)
    progress("looking through all other cells")
    done.blanked += sweep(connection, mine) + paths(connection, away)
    logs(connection, mine, away)
    done.shared += [needles.strings[i] for needles in (theirs, mine) for i in needles.parts]
    if done.posts or done.changed:
        progress("writing the search index anew")
        driver("INSERT INTO post_search (post_search) VALUES ('optimize')")
    forget_gathered(connection)
    return done


def nodes_of_posts(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Rows of the posts with these ids."""
    found = ((id, connection.exec_driver_sql("SELECT node FROM post WHERE key = ? AND id = ?", (key_of(id), id)).scalar()) for id in ids)
    return {id: node for id, node in found if node is not None}


def mask(connection: Connection, key: bytes, words: str, posts: Mapping[str, int]) -> int:
    """Masks a handle or a name in posts, by id and row, and keeps that it is masked there. Gives how many posts changed."""
    before = {(scope, bytes(mac)) for scope, mac in connection.exec_driver_sql("SELECT scope, mac FROM suppression")}
    away = Away(key, before)
    handle, name = words.strip().lstrip("@").casefold(), normal(words)
    made = {away.sign()}
    for id in posts:
        made.add(("said", away.mac("said", id, handle)))
        if not words.strip().startswith("@"):
            scope = f"said:{lengths(name)}"
            made.add((scope, away.mac(scope, id, name)))
    _keep_away(connection, made - before)
    changed = _rewrite(connection, Away(key, before | made), sorted(posts.values()))
    if changed:
        connection.exec_driver_sql("INSERT INTO post_search (post_search) VALUES ('optimize')")
    return changed


def _keep_away(connection: Connection, marks: Marks) -> None:
    now = time.time_ns() // 1000
    if marks:
        connection.exec_driver_sql(
            "INSERT INTO suppression (scope, mac, at) VALUES (?, ?, ?)", [(scope, mac, now) for scope, mac in sorted(marks)]
        )


def _in_their_chats(connection: Connection) -> list[int]:
    """Posts by others in their chats that may name them; SQLite knows small letters of ASCII only, so beside another name all of them."""
    names = sorted(first_words(connection))
    named = " OR ".join(["instr(lower(coalesce(title, '') || ' ' || coalesce(text, '') || ' ' || coalesce(extra, '')), ?)"] * len(names))
    if not all(map(str.isascii, names)):
        names, named = [], "1"
    return list(
        connection.exec_driver_sql(
            "SELECT node FROM post WHERE place IN (SELECT m.place FROM membership m JOIN place l ON l.node = m.place"
            " WHERE m.account IN (SELECT node FROM gone_account) AND l.kind IN ('chat', 'group'))"
            f" AND node NOT IN (SELECT node FROM gone_post) AND ({named or '0'})",
            tuple(names),
        ).scalars()
    )


def _quoting(connection: Connection, away: Away) -> list[int]:
    """Posts by others that quote a line of theirs: of a text of several lines the longest alone is among its pieces."""
    rows = connection.exec_driver_sql("SELECT node, text FROM post WHERE instr(text, '>') > 0 AND node NOT IN (SELECT node FROM gone_post)")
    return [node for node, text in rows if any(away.quotes(line) for line in text.split("\n"))]


_GONE = (
    f"(kind = {POST} AND node IN (SELECT node FROM gone_post) OR kind = {EVENT} AND node IN (SELECT node FROM gone_event)"
    f" OR kind = {ACCOUNT} AND node IN (SELECT node FROM gone_account) OR kind = {PLACE} AND node IN (SELECT node FROM gone_place)"
    f" OR kind = {MEMBERSHIP} AND node IN (SELECT node FROM membership WHERE account IN (SELECT node FROM gone_account)"
    " OR place IN (SELECT node FROM gone_place)))"
)


def _take_out_posts(connection: Connection, done: Done) -> None:
    """Removes what they wrote and did, and their raw pieces; a piece that other records share is emptied.

    Their accounts and who mentions them stay until they are masked in what others wrote: by those it is told which first name is theirs.
    """
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
    driver("DELETE FROM mention WHERE post IN (SELECT node FROM gone_post)")
    done.posts = driver("DELETE FROM post WHERE node IN (SELECT node FROM gone_post)").rowcount
    done.acts = driver("DELETE FROM event WHERE node IN (SELECT node FROM gone_event)").rowcount


def _take_out_accounts(connection: Connection, done: Done) -> None:
    """Removes their accounts, and what was said of them."""
    driver = connection.exec_driver_sql
    driver("DELETE FROM mention WHERE account IN (SELECT node FROM gone_account)")
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


def at(handles: Iterable[str], shortest: int = 1) -> list[bytes]:
    """Handles as they are written in texts; those of at least so many letters."""
    return [f"@{handle}".encode("utf-8", "replace") for handle in handles if len(handle) >= shortest]


def _standing(connection: Connection, nodes: Sequence[int], handles: Sequence[str]) -> tuple[set[str], dict[str, list[str]]]:
    """Which of these handles still stand in these posts; and in which of them nothing tells that it is another's."""
    standing: set[str] = set()
    perhaps: dict[str, list[str]] = {}
    if not handles:
        return standing, perhaps
    alone = re.compile(rf"(?<![\w@/])@({'|'.join(map(re.escape, handles))})(?![\w@-])", re.IGNORECASE)
    for start in range(0, len(nodes), _SOME):
        for post in load_posts(connection, nodes[start : start + _SOME]).values():
            words = "\n".join((post.title, post.text, *post.tags, *(f"{each.name}\n{each.text}" for each in post.media)))
            found = {handle.lower() for handle in alone.findall(words)}
            standing |= found
            for handle in found.difference(*map(called, post.mentions)):
                perhaps.setdefault(handle, []).append(post.id)
    return standing, perhaps


def _rewrite(connection: Connection, away: Away, nodes: Sequence[int]) -> int:
    """Masks them in others' posts; a piece of raw that such a post came from is emptied. Gives how many posts changed."""
    changed = 0
    accounts = dict(map(tuple, connection.exec_driver_sql("SELECT id, node FROM account"))) if nodes else {}
    for start in range(0, len(nodes), _SOME):
        some = nodes[start : start + _SOME]
        pairs = {node: (old, as_stored(away.masked(old))) for node, old in load_posts(connection, some).items()}
        others = {node: pair for node, pair in pairs.items() if pair[0] != pair[1]}
        if others:
            _replace(connection, others, accounts)
        changed += len(others)
        _rewrite_forms(connection, away, some)
    return changed


def _replace(connection: Connection, posts: dict[int, tuple[Post, Post]], accounts: dict[str, int]) -> None:
    """Puts the later form of each post in the place of the earlier."""
    driver, nodes = connection.exec_driver_sql, [(node,) for node in posts]
    rows = []
    for node, place, zone, language in driver(f"SELECT node, place, zone, language FROM post WHERE node IN ({','.join(map(str, posts))})"):
        old, new = posts[node]
        words = {old.zone: zone, old.language: language}
        rows.append(post_row(node, key_of(new.id), new, accounts.get, {new.place: place}.get, words.get))
    driver(
        "INSERT INTO post_search (post_search, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        [(node, old.title or None, old.text or None) for node, (old, _) in posts.items()],
    )
    driver("DELETE FROM post WHERE node = ?", nodes)
    driver(f"INSERT INTO post ({POST_COLUMNS}) VALUES ({POST_SLOTS})", rows)
    driver("INSERT INTO post_search (rowid, title, text) VALUES (?, ?, ?)", [(row[0], row[-2], row[-1]) for row in rows])
    driver(f"UPDATE raw SET body = x'00' WHERE node IN (SELECT raw FROM record_run WHERE kind = {POST} AND node = ?)", nodes)


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
