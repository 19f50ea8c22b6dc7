"""Imports and collections: begun, taken up again after a stop, finished, listed and taken back."""

import time
from collections.abc import Callable, Iterable

import msgspec
from sqlalchemy import Connection, Engine

from kring.errors import UsageError
from kring.schema import Asked, Post
from kring.store.codes import POST_KINDS, Row, clean, key_of, post_row, word_node
from kring.store.describe import refold
from kring.store.keep import newer, packer_of, replace_post
from kring.store.ledger import note_audit
from kring.store.open import reading, writing
from kring.store.suppress import away
from kring.store.tables import ACCOUNT, EVENT, MEMBERSHIP, PLACE, POST

TABLES = {POST: "post", EVENT: "event", ACCOUNT: "account", PLACE: "place", MEMBERSHIP: "membership"}


class Run(msgspec.Struct, frozen=True):
    """One import or collection."""

    node: int
    started_at: int
    ended_at: int | None
    state: str
    name: str
    digest: str
    sources: str
    zone: str
    place: str
    version: str
    basis: str = ""
    """On which ground it is kept (consent, legitimate interest …), in the words of who imported it."""
    purpose: str = ""
    keep_until: int | None = None


class Lost(msgspec.Struct, frozen=True):
    """Something that a run could not read."""

    run: int
    kind: str
    where: str
    why: str
    next: str
    n: int


_COLUMNS = "node, started_at, ended_at, state, name, digest, sources, zone, place, version, basis, purpose, keep_until"


_SAME = f"SELECT {_COLUMNS} FROM run WHERE digest = ? AND zone = ? AND place = ? AND version = ? AND state != 'undone' ORDER BY node DESC"


def find(engine: Engine, *, digest: str, asked: Asked, version: str) -> Run | None:
    """The run that brought the same thing, asked for in the same way; None if there is none that stands."""
    with reading(engine) as connection:
        found = connection.exec_driver_sql(_SAME, (digest, asked.zone, asked.place, version)).first()
        return Run(*found) if found is not None else None


def begin(engine: Engine, *, name: str, digest: str, sources: str, asked: Asked, version: str) -> Run:
    """The run under which to keep what comes: a new one, or one that was stopped in the middle of the same thing."""
    now = time.time_ns() // 1000
    with writing(engine) as connection:
        stay_away = away(connection, str(engine.url.database))
        name = clean(stay_away.path(name) if stay_away else name)
        found = connection.exec_driver_sql(_SAME, (digest, asked.zone, asked.place, version)).first()
        if found is not None:
            run = Run(*found)
            connection.exec_driver_sql("UPDATE run SET state = 'running', ended_at = NULL WHERE node = ?", (run.node,))
            for table in ("unread", "note"):
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE run = ?", (run.node,))
            return run
        values = (now, "running", name, digest, sources, asked.zone, asked.place, version)
        node = connection.exec_driver_sql(
            "INSERT INTO run (started_at, state, name, digest, sources, zone, place, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
        ).lastrowid
        return Run(node, now, None, "running", name, digest, sources, asked.zone, asked.place, version)


def run_of(engine: Engine, run: int) -> Run:
    """The run of that number."""
    with reading(engine) as connection:
        return Run(*connection.exec_driver_sql(f"SELECT {_COLUMNS} FROM run WHERE node = ?", (run,)).one())


def retain(engine: Engine, run: int, told: str, *, basis: str, purpose: str, keep_until: int | None) -> None:
    """Writes down on which ground, for what and until when a run is kept; `told`: what the audit log says of that."""
    with writing(engine) as connection:
        values = (clean(basis), clean(purpose), keep_until, run)
        connection.exec_driver_sql("UPDATE run SET basis = ?, purpose = ?, keep_until = ? WHERE node = ?", values)
        note_audit(connection, "keep until", told)


def rename(connection: Connection, run: int, name: str) -> None:
    """Another name for a run: the name of a file may be somebody's."""
    connection.exec_driver_sql("UPDATE run SET name = ? WHERE node = ?", (name, run))


def finish(engine: Engine, run: int, state: str, told: str = "") -> None:
    """Writes down how a run ended: done or stopped; `told`: what the audit log says of it, in the same transaction."""
    with writing(engine) as connection:
        if told:
            note_audit(connection, "import", told)
        connection.exec_driver_sql("UPDATE run SET state = ?, ended_at = ? WHERE node = ?", (state, time.time_ns() // 1000, run))


def runs(engine: Engine) -> list[Run]:
    """All runs, oldest first."""
    with reading(engine) as connection:
        return [Run(*row) for row in connection.exec_driver_sql(f"SELECT {_COLUMNS} FROM run ORDER BY node")]


def losses(engine: Engine, run: int | None = None) -> list[Lost]:
    """What could not be read, in one run or in all that stand."""
    which, values = ("run = ?", (run,)) if run is not None else ("run IN (SELECT node FROM run WHERE state != 'undone')", ())
    with reading(engine) as connection:
        return [
            Lost(*row)
            for row in connection.exec_driver_sql(f"SELECT run, kind, place, why, next, n FROM unread WHERE {which} ORDER BY node", values)
        ]


def notes(engine: Engine, run: int) -> list[tuple[str, str]]:
    """What the readers decided and said aloud in a run: (where, what)."""
    with reading(engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT place, text FROM note WHERE run = ? ORDER BY node", (run,))]


class Brought(msgspec.Struct, frozen=True):
    """What a run has brought or met."""

    kinds: dict[str, int]
    """Posts of each kind."""
    events: int
    accounts: int
    bots: int


def brought(engine: Engine, run: int) -> Brought:
    """Counts what a run has brought or met."""
    with reading(engine) as connection:
        of_each = ", ".join(
            f"coalesce(sum(p.kind = {kind}), 0)" for kind in range(len(POST_KINDS))
        )  # GROUP BY would sort millions in memory
        kinds = connection.exec_driver_sql(
            f"SELECT {of_each} FROM record_run r JOIN post p ON p.node = r.node WHERE r.kind = ? AND r.run = ?", (POST, run)
        ).one()
        counted: dict[str, int] = {kind: n for kind, n in zip(POST_KINDS, kinds) if n}
        others = dict(
            tuple(row) for row in connection.exec_driver_sql("SELECT kind, count(*) FROM record_run WHERE run = ? GROUP BY kind", (run,))
        )
        bots = connection.exec_driver_sql(
            "SELECT count(*) FROM record_run r JOIN account a ON a.node = r.node WHERE r.kind = ? AND r.run = ? AND a.kind = 'bot'",
            (ACCOUNT, run),
        ).scalar_one()
    return Brought(counted, others.get(EVENT, 0), others.get(ACCOUNT, 0), bots)


def first_brought(engine: Engine) -> dict[int, int]:
    """How many posts each run was the first to bring: together they are all posts, each once."""
    with reading(engine) as connection:
        firsts = f"SELECT min(run) AS run FROM record_run WHERE kind = {POST} GROUP BY node"
        return dict(tuple(row) for row in connection.exec_driver_sql(f"SELECT run, count(*) FROM ({firsts}) GROUP BY run"))


class Undone(msgspec.Struct):
    """What undoing a run takes back, and what stays because another run brought it too."""

    posts: int = 0
    posts_kept: int = 0
    events: int = 0
    accounts: int = 0


def undo(engine: Engine, run: int, *, dry_run: bool = False, progress: Callable[[int, int], None] = lambda done, total: None) -> Undone:
    """Takes back what only this run brought; all of it or, when killed or with `dry_run`, nothing.

    Costs   time in proportion to what the run brought, and to rewrite the search index.
    Fails   UsageError if there is no such run or it is undone already.
    """
    with writing(engine) as connection:
        state = connection.exec_driver_sql("SELECT state FROM run WHERE node = ?", (run,)).scalar()
        if state in (None, "undone"):
            raise UsageError(f"There is no run {run} to undo.", next="`kring runs` lists them.")
        undone = _count(connection, run)
        if dry_run:
            return undone
        only = _gather(connection, run)
        _hand_over(connection, run)
        _take_back(connection, run, progress)
        connection.exec_driver_sql("DROP TABLE temp.only_here")
        connection.exec_driver_sql("UPDATE run SET state = 'undone', ended_at = ? WHERE node = ?", (time.time_ns() // 1000, run))
        progress(only, only)
    return undone


def _gather(connection: Connection, run: int) -> int:
    """Sets apart the records that no other run brought."""
    connection.exec_driver_sql("CREATE TEMP TABLE only_here (kind INTEGER, node INTEGER, PRIMARY KEY (kind, node)) WITHOUT ROWID")
    return connection.exec_driver_sql(
        "INSERT INTO only_here SELECT kind, node FROM record_run a WHERE run = ? AND NOT EXISTS"
        " (SELECT 1 FROM record_run b WHERE b.kind = a.kind AND b.node = a.node AND b.run != a.run)",
        (run,),
    ).rowcount


def _count(connection: Connection, run: int) -> Undone:
    def counted(kind: int, alone: bool) -> int:
        others = "EXISTS (SELECT 1 FROM record_run b WHERE b.kind = a.kind AND b.node = a.node AND b.run != a.run)"
        return int(
            connection.exec_driver_sql(
                f"SELECT count(*) FROM record_run a WHERE kind = ? AND run = ? AND {'NOT ' if alone else ''}{others}", (kind, run)
            ).scalar_one()
        )

    return Undone(counted(POST, True), counted(POST, False), counted(EVENT, True), counted(ACCOUNT, True))


def _hand_over(connection: Connection, run: int) -> None:
    """What other runs brought too: another run's form takes the place of this run's, and the raw piece goes to a run that has none."""
    driver = connection.exec_driver_sql
    shared = driver(
        "SELECT kind, node, raw, body FROM record_run WHERE run = ? AND (kind, node) NOT IN (SELECT kind, node FROM only_here)", (run,)
    ).all()
    for kind, node, raw, body in shared:
        heir = driver(
            "SELECT run, raw FROM record_run WHERE kind = ? AND node = ? AND run != ? AND body IS NULL LIMIT 1", (kind, node, run)
        ).first()
        if kind == POST and body is None and heir is None:
            _promote(connection, node, run)
        elif heir is not None and heir.raw is None and raw is not None and body is None:
            driver("UPDATE record_run SET raw = ? WHERE kind = ? AND node = ? AND run = ?", (raw, kind, node, heir.run))
    driver("DELETE FROM record_run WHERE run = ?", (run,))
    for kind in (ACCOUNT, PLACE):
        refold(connection, kind, [node for of, node, _, body in shared if of == kind and body is not None])


def _promote(connection: Connection, node: int, leaving: int) -> None:
    """Puts the best form that the remaining runs gave of a post in its place."""
    rows = connection.exec_driver_sql(
        "SELECT run, body FROM record_run WHERE kind = ? AND node = ? AND run != ? ORDER BY run", (POST, node, leaving)
    ).all()
    forms = [(row.run, msgspec.json.decode(row.body, type=Post)) for row in rows]
    best_run, best = forms[0]
    for each_run, form in forms[1:]:
        if newer(form, best):
            best_run, best = each_run, form
    replace_post(connection, node, best, packer_of(connection), _row_maker(connection, best))
    connection.exec_driver_sql("UPDATE record_run SET body = NULL WHERE kind = ? AND node = ? AND run = ?", (POST, node, best_run))


def _row_maker(connection: Connection, post: Post) -> Callable[[int], tuple[Row, list[tuple[int, int]]]]:
    def word(text: str) -> int | None:
        return word_node(connection, text) if text else None

    def place(id: str) -> int | None:
        return connection.exec_driver_sql("SELECT node FROM place WHERE id = ?", (id,)).scalar() if id else None

    def account(id: str) -> int | None:
        return connection.exec_driver_sql("SELECT node FROM account WHERE key = ? AND id = ?", (key_of(id), id)).scalar() if id else None

    return lambda node: (
        post_row(node, key_of(post.id), post, account, place, word),
        [(node, mentioned) for m in {*post.mentions} if (mentioned := account(m)) is not None],
    )


def _take_back(connection: Connection, run: int, progress: Callable[[int, int], None]) -> None:
    """Removes the records that no run brings any more, their text from the index, and raw pieces that nothing points to."""
    driver = connection.exec_driver_sql
    posts: Iterable[int] = driver(f"SELECT node FROM only_here WHERE kind = {POST}").scalars().all()
    gone = list(posts)
    for start in range(0, len(gone), 5_000):
        some = ",".join(map(str, gone[start : start + 5_000]))
        driver(
            f"INSERT INTO post_search (post_search, rowid, title, text) SELECT 'delete', node, title, text FROM post WHERE node IN ({some})"
        )
        driver(f"DELETE FROM mention WHERE post IN ({some})")
        driver(f"DELETE FROM post WHERE node IN ({some})")
        progress(start, len(gone))
    if gone:  # until its parts are merged, the search index only strikes words out, and they can still be found in the file
        driver("INSERT INTO post_search (post_search) VALUES ('optimize')")
    for kind, table in TABLES.items():
        if kind != POST:
            driver(f"DELETE FROM {table} WHERE node IN (SELECT node FROM only_here WHERE kind = {kind})")
    for table in ("scope", "unread", "note"):
        driver(f"DELETE FROM {table} WHERE run = ?", (run,))
    driver("DELETE FROM raw WHERE node NOT IN (SELECT raw FROM record_run WHERE raw IS NOT NULL)")
