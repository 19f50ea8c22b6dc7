"""Keeps what a reader gives: batch by batch, each whole or not at all, and the same thing only once.

A batch is one transaction, so a process killed at any moment leaves a store that opens; the next import of the same export sees what is there and
adds the rest. What another run brought already is left as it is and only noted as brought by this run too. Where the two differ, the later form
stands in the table and the other is kept beside it (`record_run.body`), so that undoing either run leaves what the other gave.

What its author took back is gone here too: words, raw piece, every earlier form, and no older export brings it back. So is what others' posts said
before they were edited; of our own posts the earlier words stay. Undoing the import that told so brings neither back.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import msgspec
from sqlalchemy import Connection, Engine

from kring.schema import Account, Event, Item, Membership, Note, Place, Post, Scope, Unread
from kring.store.codes import (
    POST_COLUMNS,
    POST_SLOTS,
    VISIBILITY,
    Row,
    as_stored,
    clean,
    event_key,
    key_of,
    load_posts,
    post_row,
    word_node,
)
from kring.store.describe import describe, encode
from kring.store.open import unbroken, writing
from kring.store.raw import LONGEST_SAMPLE, SAMPLES, Packer, learn
from kring.store.returning import returned
from kring.store.suppress import Away, away
from kring.store.tables import ACCOUNT, EVENT, MEMBERSHIP, PLACE, POST

_BATCH_ITEMS = 5_000
_BATCH_BYTES = 32 * 1024 * 1024
_CACHE = 200_000
"""So many ids are remembered between batches; more are looked up again."""


class Kept(msgspec.Struct):
    """What one import has brought: new, and there already."""

    posts: int = 0
    posts_known: int = 0
    events: int = 0
    events_known: int = 0
    accounts: int = 0
    places: int = 0
    unread: int = 0
    returned: list[str] = []
    """Accounts of somebody who was erased that came back under another name of their site, and stay away."""


def keep(
    engine: Engine, run: int, source: str, given: Iterable[Item | Unread | Note], progress: Callable[[int], None] = lambda n: None
) -> Kept:
    """Keeps all that a reader gives, under a run.

    Costs   memory for one batch (5,000 items or 32 MiB); time in proportion to what is given, whatever is there already.
    """
    keeper = _Keeper(engine, run, source)
    done = 0
    for batch in _batches(given):
        with unbroken():
            keeper.batch(batch)
        done += len(batch)
        progress(done)
    if keeper.forgot:
        with unbroken(), writing(engine) as connection:  # until its parts are merged, the index only strikes words out
            connection.exec_driver_sql("INSERT INTO post_search (post_search) VALUES ('optimize')")
    return keeper.kept


def _batches(given: Iterable[Item | Unread | Note]) -> Iterator[list[Item | Unread | Note]]:
    batch: list[Item | Unread | Note] = []
    size = 0
    for each in given:
        batch.append(each)
        size += len(each.raw) if isinstance(each, Item) else 0
        if len(batch) >= _BATCH_ITEMS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Keeper:
    """One import's memory between batches."""

    def __init__(self, engine: Engine, run: int, source: str) -> None:
        self.engine, self.run, self.source = engine, run, source
        self.kept = Kept()
        self.accounts: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self.linked: set[tuple[int, int]] = set()
        self.said: dict[str, Account | Place] = {}
        self.dictionary = 0
        self.packer = Packer({})
        self.learnt = False
        self.forgot = False
        self.us: set[str] | None = None
        self.erased: tuple[int, Away | None] = (0, None)

    def batch(self, given: Sequence[Item | Unread | Note]) -> None:
        """One transaction."""
        before = msgspec.structs.replace(self.kept)
        try:
            with writing(self.engine) as self.connection:
                items = [each for each in given if isinstance(each, Item)]
                if away := self._away():
                    self._stay_away(away, items)
                    items = list((self._away() or away).items(items))
                items = [*map(_without_taken_back, items)]
                self._learn(items)
                self._people_and_places(items)
                self._posts(items)
                self._events(items)
                self._beside(items)
                self._losses([each for each in given if isinstance(each, Unread)], [each for each in given if isinstance(each, Note)])
        except BaseException:
            self.kept = before
            self._forget()
            raise
        if len(self.accounts) + len(self.linked) > 2 * _CACHE:
            self._forget()

    def _away(self) -> Away | None:
        """Those who were erased and stay away; looked up anew when somebody was erased meanwhile."""
        n = self.connection.exec_driver_sql("SELECT count(*) FROM suppression").scalar_one()
        if n != self.erased[0]:
            self.erased = (n, away(self.connection, str(self.engine.url.database)))
            self._forget()
        return self.erased[1]

    def _stay_away(self, away: Away, items: Sequence[Item]) -> None:
        """Writes down under which other names people who were erased come back, so that they stay away under those too."""
        if back := {id: marks for id, marks in returned(away, items).items() if not (self._is_ours(id) or self._brought_before(id))}:
            at = time.time_ns() // 1000
            rows = [(scope, mac, at) for scope, mac in sorted(set().union(*back.values()))]
            self.connection.exec_driver_sql("INSERT INTO suppression (scope, mac, at) VALUES (?, ?, ?)", rows)
            self.kept.returned = [*self.kept.returned, *sorted(back)]

    def _brought_before(self, account: str) -> bool:
        """Whether another import brought this account: then it was here when somebody was erased, and wasn't meant."""
        sql = f"SELECT 1 FROM account a JOIN record_run l ON l.kind = {ACCOUNT} AND l.node = a.node WHERE a.key = ? AND a.id = ? AND l.run != ?"
        return self.connection.exec_driver_sql(sql, (key_of(account), account, self.run)).first() is not None

    def _forget(self) -> None:
        for memory in (self.accounts, self.places, self.words, self.said):
            memory.clear()
        self.linked.clear()

    # -- raw

    def _learn(self, items: Sequence[Item]) -> None:
        """The dictionary of this source: the one in the store, else one learnt from this first batch."""
        if self.learnt or not items:
            return
        self.learnt = True
        found = self.connection.exec_driver_sql("SELECT node, body FROM dictionary WHERE source = ?", (self.source,)).first()
        if found is None and (body := learn([item.raw[:LONGEST_SAMPLE] for item in items[:SAMPLES]])):
            node = self.connection.exec_driver_sql("INSERT INTO dictionary (source, body) VALUES (?, ?)", (self.source, body)).lastrowid
            self.dictionary, self.packer = node, Packer({node: body})
        elif found is not None:
            self.dictionary, self.packer = found[0], Packer({found[0]: found[1]})

    def _pack(self, item: Item, text: str = "") -> int:
        """Stores an item's raw bytes and gives its row; an item that was stored in this batch is not stored again."""
        node = self.raws.get(id(item))
        if node is None:
            node = self.next_raw + len(self.raw_rows)
            self.raws[id(item)] = node
            self.raw_rows.append((node, self.packer.pack(item.raw, text.encode(), self.dictionary)))
        return node

    # -- ids

    def _nodes(self, table: str, ids: Iterable[str], memory: dict[str, int], insert: Callable[[int, int, str], Row], columns: str) -> int:
        """Makes sure that every id has a row; remembers the rows; gives how many are new."""
        wanted = {key_of(id): id for id in ids if id not in memory}
        memory.update((id, node) for id, node in self._find(table, wanted).items())
        fresh = [(key, id) for key, id in wanted.items() if id not in memory]
        if fresh:
            start = self._next(table)
            rows = [insert(start + i, key, id) for i, (key, id) in enumerate(fresh)]
            slots = ",".join("?" * len(rows[0]))
            self.connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({slots})", rows)
            memory.update((id, start + i) for i, (_, id) in enumerate(fresh))
        return len(fresh)

    def _find(self, table: str, wanted: dict[int, str]) -> dict[str, int]:
        """Rows by id, of those there are; a key shared by two ids is told apart by the id itself."""
        found: dict[str, int] = {}
        keys = list(wanted)
        for start in range(0, len(keys), 500):
            some = ",".join(map(str, keys[start : start + 500]))
            for node, key, id in self.connection.exec_driver_sql(f"SELECT node, key, id FROM {table} WHERE key IN ({some})"):
                if clean(wanted[key]) == id:
                    found[wanted[key]] = node
        return found

    def _next(self, table: str) -> int:
        return int(self.connection.exec_driver_sql(f"SELECT coalesce(max(node), 0) + 1 FROM {table}").scalar_one())

    def _word(self, text: str) -> int | None:
        if not text:
            return None
        if text not in self.words:
            self.words[text] = word_node(self.connection, text)
        return self.words[text]

    def _link(self, kind: int, nodes: Iterable[int]) -> None:
        """Notes that this run brought these records too."""
        rows = [(kind, node, self.run) for node in nodes if (kind, node) not in self.linked]
        if rows:
            self.connection.exec_driver_sql("INSERT INTO record_run (kind, node, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)
            self.linked.update((kind, node) for _, node, _ in rows)

    # -- people and places

    def _people_and_places(self, items: Sequence[Item]) -> None:
        self.raws: dict[int, int] = {}
        self.raw_rows: list[tuple[int, bytes]] = []
        self.next_raw = self._next("raw")
        records = list(chain.from_iterable(item.records for item in items))
        ids = list(filter(None, dict.fromkeys(chain.from_iterable(map(_accounts_in, records)))))  # in order: the same import, the same rows
        places = list(filter(None, dict.fromkeys(map(_place_in, records))))
        self.kept.accounts += self._nodes("account", ids, self.accounts, lambda node, key, id: (node, key, clean(id)), "node, key, id")
        self.kept.places += self._nodes("place", places, self.places, lambda node, key, id: (node, key, clean(id)), "node, key, id")
        self._link(ACCOUNT, (self.accounts[id] for id in ids))
        self._link(PLACE, (self.places[id] for id in places))
        said: dict[int, dict[int, list[tuple[Account | Place, Item]]]] = {ACCOUNT: {}, PLACE: {}}
        for item in items:
            for record in item.records:
                if isinstance(record, Account | Place) and self.said.get(record.id) != record:
                    self.said[record.id] = record
                    kind, rows = (ACCOUNT, self.accounts) if isinstance(record, Account) else (PLACE, self.places)
                    said[kind].setdefault(rows[record.id], []).append((record, item))
        for kind, words in said.items():
            describe(self.connection, self.run, kind, words, self._pack)

    # -- posts

    def _posts(self, items: Sequence[Item]) -> None:
        first: dict[str, tuple[Post, Item]] = {}
        for item in items:
            for record in item.records:
                if isinstance(record, Post):
                    there = first.get(record.id)
                    if there is None or newer(record, there[0]):
                        first[record.id] = (record, item)
        there_already = self._find("post", {key_of(id): id for id in first})
        self._known_posts([(node, *first[id]) for id, node in there_already.items()])
        node = self._next("post")
        rows, links, words, mentions = [], [], [], []
        for id, (post, item) in first.items():
            if id in there_already:
                continue
            rows.append(post_row(node, key_of(id), post, self.accounts.get, self.places.get, self._word))
            links.append((POST, node, self.run, self._pack(item, _only_text(item))))
            words.append((node, rows[-1][-2], rows[-1][-1]))
            mentions += [(node, self.accounts[m]) for m in {*post.mentions} - {""}]
            node += 1
        if rows:
            driver = self.connection.exec_driver_sql
            driver(f"INSERT INTO post ({POST_COLUMNS}) VALUES ({POST_SLOTS})", rows)
            driver("INSERT INTO post_search (rowid, title, text) VALUES (?, ?, ?)", words)
            driver("INSERT INTO record_run (kind, node, run, raw) VALUES (?, ?, ?, ?)", links)
            if mentions:
                driver("INSERT INTO mention (post, account) VALUES (?, ?) ON CONFLICT DO NOTHING", mentions)
        self.kept.posts += len(rows)

    def _known_posts(self, known: Sequence[tuple[int, Post, Item]]) -> None:
        """Posts that are there already: left alone, unless this run's is a later edit; a difference is kept beside."""
        if not known:
            return
        stored = load_posts(self.connection, [node for node, _, _ in known])
        ours = {
            row.node
            for start in range(0, len(known), 500)
            for row in self.connection.exec_driver_sql(
                f"SELECT node FROM record_run WHERE kind = {POST} AND run = {self.run} AND node IN"
                f" ({','.join(str(node) for node, _, _ in known[start : start + 500])})"
            )
        }
        links: list[Row] = []
        for node, post, item in known:
            now, there = as_stored(post), stored[node]
            if newer(now, there):
                replace_post(self.connection, node, now, self.packer, self._rows_for(now))
                if now.deleted or not self._is_ours(there.author):
                    forget_forms(self.connection, node)
                    self.forgot = True
                self._hold(node, None, self._pack(item))
            elif node not in ours:
                same = now == there or there.deleted or (newer(there, now) and not self._is_ours(there.author))
                links.append((POST, node, self.run, None if same else self._pack(item), None if same else encode(now)))
        if links:
            self.connection.exec_driver_sql(
                "INSERT INTO record_run (kind, node, run, raw, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", links
            )
        self.kept.posts_known += len(known)

    def _is_ours(self, account: str) -> bool:
        if self.us is None:
            driver = self.connection.exec_driver_sql
            self.us = set(driver("SELECT subject FROM claim WHERE kind = 'us' AND undone_at IS NULL").scalars())
        return account in self.us

    def _rows_for(self, post: Post) -> Callable[[int], tuple[Row, list[tuple[int, int]]]]:
        return lambda node: (
            post_row(node, key_of(post.id), post, self.accounts.get, self.places.get, self._word),
            [(node, self.accounts[m]) for m in {*post.mentions} - {""}],
        )

    def _hold(self, node: int, body: bytes | None, raw: int) -> None:
        self.connection.exec_driver_sql(
            "INSERT INTO record_run (kind, node, run, raw, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET raw = excluded.raw, body = excluded.body",
            (POST, node, self.run, raw, body),
        )

    # -- events, memberships, scopes, losses

    def _events(self, items: Sequence[Item]) -> None:
        first: dict[int, tuple[Event, Item]] = {}
        for item in items:
            for record in item.records:
                if isinstance(record, Event):
                    first.setdefault(event_key(record), (record, item))
        known = self._keys_there("event", first)
        self._link(EVENT, known.values())
        self.kept.events_known += len(known)
        node, rows, links = self._next("event"), [], []
        for key, (event, item) in first.items():
            if key in known:
                continue
            rows.append(
                (
                    node,
                    key,
                    clean(event.id) or None,
                    event.verb,
                    self.accounts.get(event.actor),
                    event.object_kind,
                    key_of(event.object),
                    clean(event.object),
                    self.accounts.get(event.receiver),
                    event.at,
                    event.offset_s,
                    self._word(event.zone),
                    self.places.get(event.place),
                    VISIBILITY[event.visibility],
                    clean(event.text) or None,
                )
            )
            links.append((EVENT, node, self.run, self._pack(item)))
            node += 1
        if rows:
            columns = "node, key, id, verb, actor, object_kind, object_key, object, receiver, at, offset_s, zone, place, visibility, text"
            self.connection.exec_driver_sql(f"INSERT INTO event ({columns}) VALUES ({','.join('?' * 15)})", rows)
            self.connection.exec_driver_sql("INSERT INTO record_run (kind, node, run, raw) VALUES (?, ?, ?, ?)", links)
        self.kept.events += len(rows)

    def _keys_there(self, table: str, keys: Iterable[int]) -> dict[int, int]:
        listed: list[int] = list(keys)
        there: dict[int, int] = {}
        for start in range(0, len(listed), 500):
            some = ",".join(map(str, listed[start : start + 500]))
            there.update(
                (key, node) for node, key in self.connection.exec_driver_sql(f"SELECT node, key FROM {table} WHERE key IN ({some})")
            )
        return there

    def _beside(self, items: Sequence[Item]) -> None:
        """Memberships and scopes, and the raw bytes of all that this batch wrote down."""
        members: dict[int, Membership] = {}
        scopes = []
        for item in items:
            for record in item.records:
                if isinstance(record, Membership):
                    members.setdefault(key_of(f"{record.account}\0{record.place}"), record)
                elif isinstance(record, Scope):
                    scopes.append((self.run, self.accounts.get(record.account), self.places.get(record.place), record.since, record.until))
        known = self._keys_there("membership", members)
        node, rows = self._next("membership"), []
        for key, member in members.items():
            if key not in known:
                rows.append((node, key, self.accounts[member.account], self.places[member.place], member.since, member.until))
                known[key] = node
                node += 1
        driver = self.connection.exec_driver_sql
        if rows:
            driver("INSERT INTO membership (node, key, account, place, since, until) VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._link(MEMBERSHIP, known.values())
        if scopes:
            there = set(map(tuple, driver("SELECT run, account, place, since, until FROM scope WHERE run = ?", (self.run,))))
            if new := [scope for scope in dict.fromkeys(scopes) if scope not in there]:
                driver("INSERT INTO scope (run, account, place, since, until) VALUES (?, ?, ?, ?, ?)", new)
        if self.raw_rows:
            driver("INSERT INTO raw (node, body) VALUES (?, ?)", self.raw_rows)

    def _losses(self, unreads: Sequence[Unread], said: Sequence[Note]) -> None:
        away = self._away()
        unreads = away.losses(unreads) if away else unreads
        if unreads:
            self.connection.exec_driver_sql(
                "INSERT INTO unread (run, kind, place, why, next, n, raw) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(self.run, u.kind, clean(u.where), clean(u.why), clean(u.next), u.n, u.raw[:4096] or None) for u in unreads],
            )
        said = [Note(where=away.path(each.where), text=away.text(each.text)) for each in said] if away else said
        notes = [(self.run, clean(each.where), clean(each.text)) for each in said]
        if notes:
            self.connection.exec_driver_sql("INSERT INTO note (run, place, text) VALUES (?, ?, ?)", notes)
        self.kept.unread += sum(u.n for u in unreads if u.kind != "skipped")


def newer(one: Post, other: Post) -> bool:
    """Is `one` a later form of the same post? Taken back beats standing; of two edits the later."""
    if one.deleted != other.deleted:
        return one.deleted
    return (one.edited_at or 0) > (other.edited_at or 0)


def forget_forms(connection: Connection, node: int) -> None:
    """Takes away every form of a post but the one in the table, and the raw pieces that hold them."""
    driver = connection.exec_driver_sql
    driver("UPDATE raw SET body = x'00' WHERE node IN (SELECT raw FROM record_run WHERE kind = ? AND node = ?)", (POST, node))
    driver("UPDATE record_run SET body = NULL, raw = NULL WHERE kind = ? AND node = ?", (POST, node))


def _without_taken_back(item: Item) -> Item:
    """An item without what posts said that were taken back; where there was anything, without its raw piece, which holds it."""
    gone = [record for record in item.records if isinstance(record, Post) and record.deleted]
    if not any(post.text or post.title or post.tags or post.media or post.mentions for post in gone):
        return item
    records = tuple(as_stored(each) if isinstance(each, Post) and each.deleted else each for each in item.records)
    return Item(item.where, b"", records)


def replace_post(
    connection: Connection, node: int, post: Post, packer: Packer, rows: Callable[[int], tuple[Row, list[tuple[int, int]]]]
) -> None:
    """Puts another form of a post in its place; the form that stood there is kept with the runs that brought it."""
    old = load_posts(connection, [node])[node]
    unsplit(connection, node, old)
    driver = connection.exec_driver_sql
    driver("UPDATE record_run SET body = ? WHERE kind = ? AND node = ? AND body IS NULL", (encode(old), POST, node))
    row, mentions = rows(node)
    driver(
        "INSERT INTO post_search (post_search, rowid, title, text) VALUES ('delete', ?, ?, ?)", (node, old.title or None, old.text or None)
    )
    driver("DELETE FROM mention WHERE post = ?", (node,))
    driver("DELETE FROM post WHERE node = ?", (node,))
    driver(f"INSERT INTO post ({POST_COLUMNS}) VALUES ({POST_SLOTS})", row)
    driver("INSERT INTO post_search (rowid, title, text) VALUES (?, ?, ?)", (node, row[-2], row[-1]))
    if mentions:
        driver("INSERT INTO mention (post, account) VALUES (?, ?)", mentions)


def unsplit(connection: Connection, node: int, post: Post) -> None:
    """Stores the raw pieces of a post whole, before the text that was cut out of them changes."""
    packer = packer_of(connection)
    rows = connection.exec_driver_sql(
        "SELECT r.node, r.body FROM record_run rr JOIN raw r ON r.node = rr.raw WHERE rr.kind = ? AND rr.node = ?", (POST, node)
    ).all()
    for raw_node, body in rows:
        whole = packer.pack(packer.unpack(body, post.text.encode()))
        connection.exec_driver_sql("UPDATE raw SET body = ? WHERE node = ?", (whole, raw_node))


def packer_of(connection: Connection) -> Packer:
    """A packer that knows all dictionaries of the store."""
    return Packer(dict(tuple(row) for row in connection.exec_driver_sql("SELECT node, body FROM dictionary")))


def _only_text(item: Item) -> str:
    """The text that can be cut out of an item's raw piece: of its only post."""
    texts = [record.text for record in item.records if isinstance(record, Post)]
    return clean(texts[0]) if len(texts) == 1 else ""


def _accounts_in(record: object) -> tuple[str, ...]:
    if isinstance(record, Post):
        return (record.author, *record.mentions)
    if isinstance(record, Event):
        return (record.actor, record.receiver, record.object if record.object_kind == "account" else "")
    if isinstance(record, Account):
        return (record.id,)
    if isinstance(record, Membership | Scope):
        return (record.account,)
    return ()


def _place_in(record: object) -> str:
    if isinstance(record, Post | Membership | Scope):
        return record.place
    if isinstance(record, Event):
        return record.object if record.object_kind == "place" else record.place
    return record.id if isinstance(record, Place) else ""
