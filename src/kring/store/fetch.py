"""What goes out of the store: arrays for weaving, lists for people, search.

Everything about posts and events passes the consent gate first (`gate.py`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from kring.errors import UsageError
from kring.store.claims import persons
from kring.store.codes import DELETED, POST_KINDS, VISIBILITY, clean, tags_of
from kring.store.gate import RESERVED_POST, Gate, gate
from kring.store.hidden import Hidden, hidden, shown
from kring.store.partition import Partition
from kring.store.tables import POST

NO_TIME = int(np.iinfo(np.int64).min)
_LOW = (1 << 31) - 1
"""Rows of the store are numbered below this."""
_DAYS_S = 10 * 86_400
"""More than any offset from UTC, in seconds."""
Ints = NDArray[np.int64]
_HASHTAG = re.compile(r"(?<!\w)#(\w*[^\W\d]\w*)")
"""In a text; a number alone is none."""


@dataclass(frozen=True, slots=True)
class People:
    """All accounts, by row of these arrays; `row_of[node]` leads from the store's row to ours, -1 for none."""

    node: Ints
    ids: list[str]
    names: list[str]
    """The name people know: display name, else handle, else id."""
    kinds: list[str]
    row_of: Ints
    person: Ints
    """Row of the first account of the person whose account it is: its own, where nobody said that it is the same as another."""
    ours: NDArray[np.bool_]
    """Accounts of which somebody said that they are ours."""
    us: NDArray[np.bool_]
    """All accounts of whoever has one that is."""
    whole: NDArray[np.bool_]
    """An export holds all that this account did."""


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts that passed the gate, sorted by time (those without a time first, with NO_TIME)."""

    node: Ints
    author: Ints
    """Row of `People`, -1 where unknown."""
    at: Ints
    offset_s: Ints
    """NO_TIME where the local time is not known."""
    zone: Ints
    """0 where the zone is not known, else any number."""
    kind: Ints
    """Index into POST_KINDS."""
    place: Ints
    """The place's row in the store; 0 for none."""
    visibility: Ints
    parent: Ints
    """Row of the post replied to, -1 where it is not here."""
    replies: NDArray[np.bool_]
    """Whether it replies to a post, here or not."""
    thread: Ints
    """A number that the posts of one thread share; 0 for none."""
    key: Ints
    """The hash of the post's id; a reply's thread is the key of the post that began it."""
    automatic: NDArray[np.bool_]
    """Nobody wrote it: an automatic reply (a reader marks it with the tag "auto-reply")."""
    mention_post: Ints
    mention_account: Ints


@dataclass(frozen=True, slots=True)
class Events:
    """Acts towards people that passed the gate: the receiver is the account, or the author of the post, it was done to."""

    verb: list[str]
    actor: Ints
    receiver: Ints
    """Row of `People`, -1 where not known."""
    object_post: Ints
    """Row of the post in the store, 0 for none."""
    at: Ints
    place: Ints


@dataclass(frozen=True, slots=True)
class Members:
    """Memberships, a row each."""

    place: Ints
    """The place's row in the store."""
    account: Ints
    """Row of `People`."""


def _matrix(connection: Connection, sql: str, columns: int, values: tuple[Any, ...] = ()) -> NDArray[np.int64]:
    """The rows of an all-integer query as int64[columns, rows]; read from the driver's own cursor, a row of SQLAlchemy's costs as much again."""
    rows = cast("Iterable[tuple[int, ...]]", connection.exec_driver_sql(sql, values).cursor)
    return np.ascontiguousarray(np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, columns).T)


def _column(connection: Connection, sql: str) -> Ints:
    column: Ints = _matrix(connection, sql, 1)[0]
    return column


def people(connection: Connection) -> People:
    """Every account, in the order in which it came."""
    rows = connection.exec_driver_sql("SELECT node, id, name, handle, kind FROM account ORDER BY node").all()
    node = np.array([row[0] for row in rows], np.int64)
    row_of = np.full(int(node.max(initial=0)) + 1, -1, np.int64)
    row_of[node] = np.arange(len(node))
    ids = [row[1] for row in rows]
    names = [row[2] or row[3] or row[1].partition(":")[2] for row in rows]
    ours, whole = np.zeros(len(node), np.bool_), np.zeros(len(node), np.bool_)
    ours[row_of[us_nodes(connection)]] = True
    scopes = _column(connection, "SELECT account FROM scope WHERE account IS NOT NULL")
    whole[row_of[scopes]] = True
    own = People(node, ids, names, [row[4] for row in rows], row_of, np.arange(len(node)), ours, ours, whole)
    made = as_persons(own, persons(connection))
    for row in np.flatnonzero(made.person != np.arange(len(node)))[::-1].tolist():
        first = made.person[row]
        if rows[row][2] and not rows[first][2]:  # of somebody's accounts the first that has a display name tells what to call them
            names[first] = rows[row][2]
    return made


def as_persons(people: People, partition: Partition) -> People:
    """The same accounts, had they been these people's."""
    person = _person_rows(people.ids, partition)
    us = np.zeros(len(person), np.bool_)
    us[person[people.ours]] = True
    return replace(people, person=person, us=us[person])


def _person_rows(ids: list[str], partition: Partition) -> Ints:
    """Row of each person's first account, for each account."""
    person, speaker = np.arange(len(ids)), partition.several()
    if speaker:
        first: dict[str, int] = {}
        for row, id in enumerate(ids):
            if (whose := speaker.get(id)) is not None:
                person[row] = first.setdefault(whose, row)
    return person


def us_nodes(connection: Connection) -> Ints:
    """Rows of the accounts that are our own."""
    return _column(connection, "SELECT a.node FROM claim c JOIN account a ON a.id = c.subject WHERE c.kind = 'us' AND c.undone_at IS NULL")


def whole_places(connection: Connection) -> Ints:
    """Rows of the places of which an export holds all that was said."""
    return _column(connection, "SELECT DISTINCT place FROM scope WHERE place IS NOT NULL")


def posts(connection: Connection, gate: Gate, people: People, *, run: int | None = None) -> Posts:
    """Posts that may count, as arrays; of one run, or all.

    Costs   one pass over the posts: about 2 s and 150 MB for a million.
    """
    which = "1" if run is None else f"p.node IN (SELECT node FROM record_run WHERE kind = {POST} AND run = {int(run)})"
    automatic = "instr(coalesce(p.extra, ''), '\"auto-reply\"') > 0"
    m = _matrix(  # small numbers packed into one: what a row costs is how many Python numbers it is made of
        connection,
        f"SELECT (p.node << 31) | coalesce(p.author, 0), p.key, coalesce(p.at, {NO_TIME}), (coalesce(p.place, 0) << 31) | coalesce(p.zone, 0),"
        f" (coalesce(p.offset_s + {_DAYS_S}, 0) << 16) | (({automatic}) << 15) | (p.visibility << 8) | p.kind,"
        f" coalesce(p.reply_key, 0), coalesce(p.thread_key, 0) FROM post p WHERE {gate.posts} AND {which}",
        7,
    )
    m = m[:, np.lexsort((m[0], m[2]))]
    node_author, key, at, place_zone, small, reply, thread = m
    node, author, place, zone = node_author >> 31, node_author & _LOW, place_zone >> 31, place_zone & _LOW
    offset_s = np.where(small >> 16, (small >> 16) - _DAYS_S, NO_TIME)
    mentions = _matrix(
        connection,
        f"SELECT m.post, m.account FROM mention m JOIN post p ON p.node = m.post WHERE {gate.posts} AND {gate.to_whom} AND {which}",
        2,
    )
    mention_post = rows_of(mentions[0], node)
    return Posts(
        node,
        np.where(author > 0, people.row_of[author], -1),
        at,
        offset_s,
        zone,
        small & 0xFF,
        place,
        small >> 8 & 0x7F,
        np.where(reply != 0, rows_of(reply, key), -1),
        reply != 0,
        thread,
        key,
        small >> 15 & 1 != 0,
        mention_post,
        people.row_of[mentions[1]],
    )


def between(at: Ints, since: int | None, until: int | None) -> NDArray[np.bool_]:
    """Which of these times are in the period; none that isn't known, if there is one."""
    inside = np.ones(len(at), np.bool_)
    if since is not None:
        inside &= at >= since
    if until is not None:
        inside &= (at < until) & (at != NO_TIME)
    return inside


def within(posts: Posts, inside: NDArray[np.bool_]) -> Posts:
    """Some of the posts; what they reply to among the others is then not here."""
    if inside.all():
        return posts
    row = np.append(np.where(inside, np.cumsum(inside) - 1, -1), -1)
    arrays = {name: getattr(posts, name)[inside] for name in Posts.__dataclass_fields__ if not name.startswith("mention_")}
    mentions = inside[posts.mention_post]
    arrays |= {"mention_post": row[posts.mention_post[mentions]], "mention_account": posts.mention_account[mentions]}
    return Posts(**arrays | {"parent": row[arrays["parent"]]})


def rows_of(wanted: Ints, among: Ints) -> Ints:
    """For each wanted value its row in `among`, -1 where it is not there."""
    if not len(among):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(among, kind="stable")
    found = np.minimum(np.searchsorted(among[order], wanted), len(among) - 1)
    rows = order[found]
    return np.where(among[rows] == wanted, rows, -1)


def events(connection: Connection, gate: Gate, people: People, *, since: int | None = None, until: int | None = None) -> Events:
    """Acts towards people that may count, as arrays."""
    when, values = _between("e.at", since, until)
    rows = connection.exec_driver_sql(
        f"SELECT e.verb, coalesce(e.actor, 0), coalesce(a.node, p.author, e.receiver, 0), coalesce(p.node, 0),"
        f" coalesce(e.at, {NO_TIME}), coalesce(e.place, 0) FROM event e"
        " LEFT JOIN account a ON e.object_kind = 'account' AND a.key = e.object_key"
        f" LEFT JOIN post p ON e.object_kind = 'post' AND p.key = e.object_key AND p.flags & {DELETED} = 0"
        f" WHERE e.object_kind != 'place' AND {gate.events} AND {when}",
        values,
    ).all()
    m = np.array([tuple(row)[1:] for row in rows], np.int64).reshape(-1, 5).T
    return Events(
        [row[0] for row in rows],
        people.row_of[m[0]],
        np.where(m[1] > 0, people.row_of[m[1]], -1),
        m[2],
        m[3],
        m[4],
    )


def tagged(connection: Connection, gate: Gate, tag: str) -> Ints:
    """Rows of the posts under a hashtag; large and small letters are one.

    Fails   UsageError where no post is.
    """
    word = clean(tag).strip().lstrip("#").casefold()
    nodes = [node for node, tags in hashtags(connection, gate) if word in tags]
    if not nodes:
        raise UsageError(f"No post that counts here is under #{word}.", next="Search for it: kring search '" + word + "'.")
    return np.array(nodes, np.int64)


def hashtags(connection: Connection, gate: Gate) -> Iterator[tuple[int, list[str]]]:
    """Row and hashtags of each post that has any, once each and in small letters: as the network lists them, then as they stand in the text.

    Costs   one pass over the posts.
    """
    rows = connection.exec_driver_sql(
        f"SELECT p.node, p.extra, coalesce(p.title, '') || ' ' || coalesce(p.text, '') FROM post p WHERE {gate.posts}"
        " AND (instr(p.extra, '\"tags\"') > 0 OR instr(p.text, '#') > 0 OR instr(p.title, '#') > 0)"
    )
    for node, extra, text in rows:
        found = dict.fromkeys(tag.strip().lstrip("#").casefold() for tag in (*tags_of(extra), *_HASHTAG.findall(text)))
        if tags := list(filter(None, found)):
            yield node, tags


def first_tags(connection: Connection, gate: Gate) -> dict[int, str]:
    """The first hashtag of each post that has one."""
    return {node: tags[0] for node, tags in hashtags(connection, gate)}


def place_names(connection: Connection) -> dict[int, str]:
    """The name of each place, or its id where it has none."""
    return {int(node): name or id for node, name, id in connection.exec_driver_sql("SELECT node, name, id FROM place")}


def _between(column: str, since: int | None, until: int | None) -> tuple[str, tuple[Any, ...]]:
    parts = [(f"{column} >= ?", since), (f"{column} < ?", until)]
    given = [(sql, value) for sql, value in parts if value is not None]
    return " AND ".join(["1", *(sql for sql, _ in given)]), tuple(value for _, value in given)


class PostLine(msgspec.Struct, frozen=True):
    """A post as people list it."""

    node: int
    id: str
    at: int | None
    offset_s: int | None
    zone: str
    kind: str
    author: str
    author_name: str
    place: str
    visibility: str
    title: str
    text: str
    reply_to: str
    url: str


_LINE = (
    "SELECT p.node, p.id, p.at, p.offset_s, coalesce(z.text, ''), p.kind, coalesce(a.id, ''), coalesce(nullif(a.name, ''), nullif(a.handle, ''), a.id, ''),"
    " coalesce(nullif(pl.name, ''), pl.id, ''), p.visibility, coalesce(p.title, ''), coalesce(p.text, ''), coalesce(p.reply_to, ''), coalesce(p.url, '')"
    " FROM post p LEFT JOIN account a ON a.node = p.author LEFT JOIN place pl ON pl.node = p.place LEFT JOIN word z ON z.node = p.zone"
)


def _line(row: Any) -> PostLine:
    values = list(row)
    values[5] = POST_KINDS[values[5]]
    values[9] = list(VISIBILITY)[values[9]]
    return PostLine(*values)


def post_lines(connection: Connection, nodes: list[int]) -> list[PostLine]:
    """Posts by row number, in the order asked for."""
    found: dict[int, PostLine] = {}
    for start in range(0, len(nodes), 500):
        some = ",".join(str(int(node)) for node in nodes[start : start + 500])
        found.update((row[0], _line(row)) for row in connection.exec_driver_sql(f"{_LINE} WHERE p.node IN ({some})"))
    return [found[node] for node in nodes if node in found]


def quotable(connection: Connection, nodes: list[int]) -> list[PostLine]:
    """Posts as others may read them: of who doesn't want to be quoted or shown, only that there is one."""
    lines = _hiding(connection, post_lines(connection, nodes), hidden(connection, gate("others")))
    shown = {line.node for line in lines}
    for start in range(0, len(nodes), 500):
        some = ",".join(str(int(node)) for node in nodes[start : start + 500])
        shown -= set(connection.exec_driver_sql(f"SELECT p.node FROM post p WHERE p.node IN ({some}) AND {RESERVED_POST}").scalars())
    return [line if line.node in shown else _unquoted(line) for line in lines]


def _hiding(connection: Connection, lines: list[PostLine], away: Hidden | None) -> list[PostLine]:
    """The same posts, without whom others are not shown."""
    if away is None:
        return lines
    posts = shown(connection, away)([line.node for line in lines])
    return [
        msgspec.structs.replace(
            line,
            title=posts[line.node].title,
            text=posts[line.node].text,
            reply_to=posts[line.node].reply_to,
            place=away.text(line.place),
        )
        for line in lines
    ]


def _unquoted(line: PostLine) -> PostLine:
    return msgspec.structs.replace(
        line, author="", author_name="somebody", title="", text="(not quoted: its author doesn't want that)", url=""
    )


def list_posts(
    connection: Connection,
    gate: Gate,
    *,
    since: int | None = None,
    until: int | None = None,
    authors: Sequence[str] = (),
    kind: str = "",
    place: str = "",
    limit: int | None = 50,
) -> list[PostLine]:
    """The latest posts that may be listed, newest first."""
    when, values = _between("p.at", since, until)
    where = [gate.posts, when]
    if authors:
        where.append(f"a.id IN ({','.join('?' * len(authors))})")
        values += tuple(authors)
    for column, wanted in (("p.kind", POST_KINDS.index(kind) if kind else ""), ("pl.id", place)):
        if wanted != "":
            where.append(f"{column} = ?")
            values += (wanted,)
    sql = f"{_LINE} WHERE {' AND '.join(where)} ORDER BY p.at DESC, p.node DESC LIMIT ?"
    return [_line(row) for row in connection.exec_driver_sql(sql, (*values, -1 if limit is None else limit))]


class Hits(msgspec.Struct, frozen=True):
    """What a search found: the best first; `more` if there were more matches than were weighed."""

    posts: list[PostLine]
    n: int
    more: bool


_WEIGHED, _WEIGHED_CHARACTERS = 1_000, 1_000_000
"""So many matches, the latest stored ones, are weighed against each other: a word that is everywhere is still answered at once."""
TOKENIZER = "unicode61 remove_diacritics 2"
"""How the index takes text apart into words (see `migrations/`)."""


def search(connection: Connection, gate: Gate, words: str, *, limit: int = 20) -> Hits:
    """Posts that hold all the words (or the "quoted words", or word*), the best match first: the words often, in a short post; else the latest.

    Fails   UsageError if there is nothing to look for.
    """
    query = _query(words)
    if not query:
        raise UsageError(
            "There is nothing to search for.", next='Give one or more words, a "phrase in quotes", or the start of a word with *.'
        )
    matches = connection.exec_driver_sql(
        f"SELECT s.rowid, length(p.text) FROM post_search s JOIN post p ON p.node = s.rowid WHERE s.post_search MATCH ? AND {gate.posts}"
        " ORDER BY s.rowid DESC",
        (query,),
    )
    nodes: list[int] = []
    size = 0
    for node, length in matches:
        nodes.append(node)
        size += length or 0
        if len(nodes) == _WEIGHED or size >= _WEIGHED_CHARACTERS:
            break
    more = matches.fetchone() is not None
    matches.close()
    away = hidden(connection, gate) if gate.purpose == "others" else None
    best, n = _weighed(connection, query, nodes, limit, away)
    return Hits(_hiding(connection, post_lines(connection, best), away), n, more)


def _weighed(connection: Connection, query: str, nodes: list[int], limit: int, away: Hidden | None) -> tuple[list[int], int]:
    """The best of these posts, by BM25 in a small index of their own: the big one would count each word in all posts first. And how many match.

    Who is hidden isn't found by a name either: there posts stand as they are shown.
    """
    driver = connection.exec_driver_sql
    driver(f"CREATE VIRTUAL TABLE temp.weighed USING fts5(title, text, content='', tokenize='{TOKENIZER}')")
    try:
        for start in range(0, len(nodes), 500):
            some = nodes[start : start + 500]
            if away is None:
                driver(
                    "INSERT INTO temp.weighed (rowid, title, text) SELECT node, title, text FROM post"
                    f" WHERE node IN ({','.join(map(str, some))})"
                )
            else:
                rows = [(node, post.title, post.text) for node, post in shown(connection, away)(some).items()]
                driver("INSERT INTO temp.weighed (rowid, title, text) VALUES (?, ?, ?)", rows)
        n = len(nodes) if away is None else driver("SELECT count(*) FROM temp.weighed WHERE weighed MATCH ?", (query,)).scalar_one()
        ranked = driver("SELECT rowid FROM temp.weighed WHERE weighed MATCH ? ORDER BY rank, rowid DESC LIMIT ?", (query, limit))
        return list(ranked.scalars()), n
    finally:
        driver("DROP TABLE temp.weighed")


def _query(words: str) -> str:
    """What a person typed, as FTS5 understands it: nothing in it is an operator but quotes and a star at the end of a word."""
    parts = []
    for i, piece in enumerate(clean(words).split('"')):
        if i % 2:
            parts += [f'"{piece}"'] if piece.strip() else []
        else:
            parts += [f'"{word.rstrip("*")}"{"*" if word.endswith("*") else ""}' for word in piece.split() if word.strip("*")]
    return " ".join(parts)


class PersonLine(msgspec.Struct, frozen=True):
    """A person as people list it: one account, or several of which somebody said that they are the same."""

    id: str
    """Of the account that came first."""
    name: str
    handle: str
    kind: str
    us: bool
    owner: bool
    posts: int
    first_at: int | None
    last_at: int | None
    accounts: tuple[str, ...]


class AccountLine(msgspec.Struct, frozen=True):
    """An account as it calls itself."""

    id: str
    handle: str
    name: str
    url: str


def account_lines(connection: Connection, *, everybody: bool = False) -> list[AccountLine]:
    """The accounts behind which there may be somebody: all but bots and groups; or `everybody`."""
    which = "" if everybody else "WHERE kind NOT IN ('bot', 'group')"
    rows = connection.exec_driver_sql(f"SELECT id, handle, name, url FROM account {which} ORDER BY node")
    return [AccountLine(*row) for row in rows]


def list_people(connection: Connection, gate: Gate, *, limit: int | None = 50, find: str = "", several: bool = False) -> list[PersonLine]:
    """People, those who said most first (posts that may count only).

    Takes   `find`: a part of a name, handle or id of one of their accounts. `several`: only those who have several accounts.
    """
    like = f"%{find}%"
    having = f"HAVING max(a.id LIKE ? OR a.name LIKE ? OR a.handle LIKE ?) AND count(*) >= {2 if several else 1}"
    most = -1 if limit is None else limit
    return _people(
        connection, gate, "1", (), f"{having} ORDER BY posts DESC, a.person LIMIT ?", (like, like, like, most), merged(connection)
    )


def people_by_id(connection: Connection, gate: Gate, ids: list[str], partition: Partition | None = None) -> list[PersonLine]:
    """People by the id of any of their accounts, in the order asked for; as `partition` has it, where it is given."""
    person = merged(connection, partition)
    found: dict[str, PersonLine] = {}
    for start in range(0, len(ids), 500):
        some = tuple(ids[start : start + 500])
        which = f"a.id IN ({','.join('?' * len(some))})"
        for line in _people(connection, gate, which, some, "", (), person):
            found |= dict.fromkeys(line.accounts, line)
    return [found[id] for id in ids if id in found]


def posts_by_id(connection: Connection, gate: Gate, ids: list[str]) -> list[PostLine]:
    """Posts by id, in the order asked for."""
    found: dict[str, PostLine] = {}
    for start in range(0, len(ids), 500):
        some = tuple(ids[start : start + 500])
        rows = connection.exec_driver_sql(f"{_LINE} WHERE {gate.posts} AND p.id IN ({','.join('?' * len(some))})", some)
        found |= {line.id: line for line in map(_line, rows)}
    return [found[id] for id in ids if id in found]


_MERGED = "SELECT CAST(j.key AS INTEGER) AS account, j.value AS person FROM json_each(?) j"
"""Account and person, by row, of those who have several."""


def _people(
    connection: Connection,
    gate: Gate,
    which: str,
    values: tuple[Any, ...],
    having: str,
    more: tuple[Any, ...],
    person: dict[int, int],
) -> list[PersonLine]:
    """People of whom `which` holds for one account at least; all their accounts are summed."""
    by_them = "1" if which == "1" else "p.author IN (SELECT node FROM theirs)"  # asked first: grouping a million posts takes a second
    rows = connection.exec_driver_sql(
        f"WITH merged AS MATERIALIZED ({_MERGED}), whose AS (SELECT a.*, coalesce(m.person, a.node) AS person"
        " FROM account a LEFT JOIN merged m ON m.account = a.node),"
        f" theirs AS MATERIALIZED (SELECT a.* FROM whose a WHERE a.person IN (SELECT a.person FROM whose a WHERE {which})),"
        " said AS (SELECT author, count(*) AS n, min(p.at) AS first_at,"
        f" max(p.at) AS last_at FROM post p WHERE {by_them} AND {gate.posts} GROUP BY author)"
        " SELECT json_group_array(json_array(a.node, a.id, a.name, a.handle, a.kind)),"
        " max(EXISTS (SELECT 1 FROM claim c WHERE c.kind = 'us' AND c.subject = a.id AND c.undone_at IS NULL)), max(a.owner),"
        " coalesce(sum(s.n), 0) AS posts, min(s.first_at), max(s.last_at) FROM theirs a LEFT JOIN said s ON s.author = a.node"
        f" GROUP BY a.person {having}",
        (msgspec.json.encode(person).decode(), *values, *more),
    )
    return [_person(row) for row in rows]


def _person(row: Any) -> PersonLine:
    """A person goes by the first name, handle and kind that one of the accounts has."""
    accounts = sorted(msgspec.json.decode(row[0]))
    ids = tuple(account[1] for account in accounts)
    name, handle, kind = (next((account[k] for account in accounts if account[k] not in ("", "unknown")), "") for k in (2, 3, 4))
    return PersonLine(ids[0], name, handle, kind or "unknown", bool(row[1]), bool(row[2]), row[3], row[4], row[5], ids)


def merged(connection: Connection, partition: Partition | None = None) -> dict[int, int]:
    """For each account of a person who has several, by row in the store: the row of the first of them."""
    speaker = (persons(connection) if partition is None else partition).several()
    if not speaker:
        return {}
    first: dict[str, int] = {}
    rows = connection.exec_driver_sql(
        "SELECT node, id FROM account WHERE id IN (SELECT value FROM json_each(?)) ORDER BY node",
        (msgspec.json.encode(list(speaker)).decode(),),
    )
    return {node: first.setdefault(speaker[id], node) for node, id in rows}


def direct_members(connection: Connection, gate: Gate, people: People, posts: Posts) -> Members:
    """Who is in the places in which something was said directly; not of those in which somebody is whom the gate leaves out."""
    direct = np.unique(posts.place[(posts.visibility == VISIBILITY["direct"]) & (posts.place > 0)])
    if not len(direct):
        return Members(np.empty(0, np.int64), np.empty(0, np.int64))
    place, account, through = _matrix(connection, f"SELECT m.place, m.account, {gate.to_whom} FROM membership m", 3)
    keep = np.isin(place, direct) & ~np.isin(place, place[through == 0])
    return Members(place[keep], people.row_of[account[keep]])


def post_ids(connection: Connection, nodes: list[int]) -> list[str]:
    """The ids of posts, in the order asked for."""
    found: dict[int, str] = {}
    for start in range(0, len(nodes), 500):
        some = ",".join(str(int(node)) for node in nodes[start : start + 500])
        found.update(tuple(row) for row in connection.exec_driver_sql(f"SELECT node, id FROM post WHERE node IN ({some})"))
    return [found[node] for node in nodes]


def people_in_places(connection: Connection, gate: Gate) -> dict[str, int]:
    """How many people wrote in each place."""
    rows = connection.exec_driver_sql(
        f"SELECT l.id, count(DISTINCT p.author) FROM post p JOIN place l ON l.node = p.place WHERE {gate.posts} GROUP BY l.node"
    )
    return dict(map(tuple, rows))


def names(connection: Connection) -> list[str]:
    """All names that people here go by."""
    return list(connection.exec_driver_sql("SELECT DISTINCT name FROM account WHERE name != ''").scalars())


def accepted_keys(connection: Connection, gate: Gate) -> Ints:
    """Keys of the answers that their askers accepted."""
    return _column(connection, f"SELECT e.object_key FROM event e WHERE e.verb = 'accept' AND e.object_kind = 'post' AND {gate.events}")
