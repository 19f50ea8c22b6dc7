"""What was done in the circle and by whom: claims (who we are), jobs (long work), the audit log, findings as they were given."""

import getpass
import os
import time
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Engine

from kring.errors import UsageError
from kring.schema import FEWEST_PEOPLE, Finding
from kring.store.chain import linked
from kring.store.codes import clean
from kring.store.gate import gate
from kring.store.open import reading, writing
from kring.store.tables import ACCOUNT


def now() -> int:
    """UTC microseconds."""
    return time.time_ns() // 1000


def user() -> str:
    """Who sits at the keyboard, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def note_audit(connection: Connection, what: str, details: str = "") -> None:
    """Writes down who did what."""
    at, who, details = now(), user(), clean(details)
    before = connection.exec_driver_sql("SELECT link FROM audit ORDER BY node DESC LIMIT 1").scalar() or b""
    connection.exec_driver_sql(
        "INSERT INTO audit (at, who, what, details, salt, digest, link) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (at, who, what, details, *linked(before, at, who, what, details)),
    )


def drop_small_findings(connection: Connection) -> None:
    """Takes away findings about fewer than ten people: of what is forgotten only larger counts stay."""
    rows = connection.exec_driver_sql("SELECT node, body FROM finding").all()
    for node, body in rows:
        kept = [each for each in msgspec.json.decode(body, type=list[Finding]) if each.n_of != "people" or each.n >= FEWEST_PEOPLE]
        connection.exec_driver_sql("UPDATE finding SET body = ? WHERE node = ?", (msgspec.json.encode(kept).decode(), node))


class Claimed(msgspec.Struct, frozen=True):
    """A statement about an account that somebody made and can take back."""

    subject: str
    reason: str
    author: str
    at: int


def us(engine: Engine) -> list[Claimed]:
    """The accounts that are our own."""
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT subject, reason, author, at FROM claim WHERE kind = 'us' AND undone_at IS NULL ORDER BY node"
        )
        return [Claimed(*row) for row in rows]


def add_us(engine: Engine, ids: list[str], reason: str = "") -> list[str]:
    """Claims that these accounts are ours; gives those that were not yet."""
    with writing(engine) as connection:
        there = set(connection.exec_driver_sql("SELECT subject FROM claim WHERE kind = 'us' AND undone_at IS NULL").scalars())
        new = [id for id in dict.fromkeys(ids) if id not in there]
        for id in new:
            values = ("us", id, reason, user(), now())
            connection.exec_driver_sql("INSERT INTO claim (kind, subject, reason, author, at) VALUES (?, ?, ?, ?, ?)", values)
            note_audit(connection, "us add", id)
        return new


def remove_us(engine: Engine, ids: list[str]) -> list[str]:
    """Takes back that these accounts are ours; gives those that were. The claim stays readable as taken back."""
    with writing(engine) as connection:
        gone = []
        for id in ids:
            if connection.exec_driver_sql(
                "UPDATE claim SET undone_at = ? WHERE kind = 'us' AND subject = ? AND undone_at IS NULL", (now(), id)
            ).rowcount:
                gone.append(id)
                note_audit(connection, "us remove", id)
        return gone


def accounts_like(engine: Engine, wanted: str) -> list[str]:
    """The ids that a person may mean: the id itself, else a handle (with or without @) or a name, as written."""
    bare = wanted.removeprefix("@")
    with reading(engine) as connection:
        exact = connection.exec_driver_sql("SELECT id FROM account WHERE id = ?", (wanted,)).scalars().all()
        if exact:
            return list(exact)
        return list(
            connection.exec_driver_sql(
                "SELECT id FROM account WHERE handle IN (?, ?) OR name = ? OR id LIKE ? ESCAPE '!' ORDER BY node LIMIT 20",
                (bare, f"@{bare}", wanted, "%:" + bare.replace("!", "!!").replace("%", "!%").replace("_", "!_")),
            ).scalars()
        )


def accounts_called(engine: Engine, words: Sequence[str]) -> dict[str, list[str]]:
    """For each word the ids that a person may mean, as `accounts_like` finds them; all accounts are read once, however many words."""
    exact: set[str] = set()
    bare = {word: word.removeprefix("@") for word in words}
    wanted = {*bare, *bare.values()}
    meant: dict[str, dict[str, None]] = {word: {} for word in wanted}
    with reading(engine) as connection:
        for id, handle, name in connection.exec_driver_sql("SELECT id, handle, name FROM account ORDER BY node"):
            if id in bare:
                exact.add(id)
            parts = id.split(":")
            endings = (":".join(parts[k:]) for k in range(1, len(parts)))
            for word in {handle, handle.removeprefix("@"), *endings} & wanted:
                meant[word][id] = None
            if name in bare:
                meant[name][id] = None
    return {word: [word] if word in exact else list({**meant[without], **meant[word]}) for word, without in bare.items()}


def accounts_named(engine: Engine, name: str) -> list[str]:
    """The accounts that go by just this name."""
    with reading(engine) as connection:
        return list(connection.exec_driver_sql("SELECT id FROM account WHERE name = ? ORDER BY node", (name,)).scalars())


class Owner(msgspec.Struct, frozen=True):
    """An account of which an export says that it belongs to it."""

    id: str
    name: str


def proposed_owners(engine: Engine, run: int | None = None) -> list[Owner]:
    """Owners of imported exports, or of what one run brought, that are not among us yet."""
    said = "SELECT 1 FROM record_run r WHERE r.kind = ? AND r.node = a.node AND r.run = ? AND json_extract(CAST(r.body AS TEXT), '$.owner')"
    which, values = (f" AND EXISTS ({said})", (ACCOUNT, run)) if run is not None else ("", ())
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, coalesce(nullif(name, ''), nullif(handle, ''), id) FROM account a WHERE owner = 1"
            " AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.kind = 'us' AND c.subject = a.id)"
            f"{which} ORDER BY node",
            values,
        )
        return [Owner(*row) for row in rows]


class PlaceLine(msgspec.Struct, frozen=True):
    """A place as people list it."""

    node: int
    id: str
    name: str
    kind: str
    posts: int
    members: int


def places(engine: Engine) -> list[PlaceLine]:
    """All places, those with most posts that may be listed first."""
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT pl.node, pl.id, coalesce(nullif(pl.name, ''), pl.id), pl.kind, coalesce(n.posts, 0),"
            " (SELECT count(*) FROM membership m WHERE m.place = pl.node) FROM place pl"
            f" LEFT JOIN (SELECT p.place, count(*) AS posts FROM post p WHERE {gate('ours').posts} GROUP BY p.place) n"
            " ON n.place = pl.node ORDER BY coalesce(n.posts, 0) DESC, pl.node"
        )
        return [PlaceLine(*row) for row in rows]


def find_place(engine: Engine, wanted: str) -> PlaceLine:
    """The place of that id or name.

    Fails   UsageError if there is none, or more than one.
    """
    all_places = places(engine)
    found = [place for place in all_places if place.id == wanted] or [place for place in all_places if place.name == wanted]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f'"{place.id}"' for place in (found or all_places)[:8]) or "none yet"
    raise UsageError(f'{"More than one place is" if found else "No place is"} called "{wanted}".', next=f"Places here: {names}.")


def begin_job(engine: Engine, verb: str, message: str) -> int:
    """Writes down that long work begins."""
    with writing(engine) as connection:
        values = (verb, "running", message, now(), os.getpid())
        row = connection.exec_driver_sql("INSERT INTO job (verb, state, message, started_at, process) VALUES (?, ?, ?, ?, ?)", values)
        return int(row.lastrowid)


def end_job(engine: Engine, job: int, state: str, done: int) -> None:
    """Writes down how it ended: done, stopped or failed."""
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE job SET state = ?, done = ?, ended_at = ? WHERE node = ?", (state, done, now(), job))


class Job(msgspec.Struct, frozen=True):
    """Long work, as it stands."""

    node: int
    verb: str
    state: str
    message: str
    done: int
    started_at: int
    ended_at: int | None
    process: int | None


def jobs(engine: Engine, state: str = "") -> list[Job]:
    """Long work, latest first."""
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT node, verb, state, message, done, started_at, ended_at, process FROM job WHERE ? IN ('', state) ORDER BY node DESC",
            (state,),
        )
        return [Job(*row) for row in rows]


def keep_findings(engine: Engine, measure: str, asked: str, findings: tuple[Finding, ...]) -> None:
    """Keeps what a measure found, in place of what it found before when asked the same; without the rows, which the store can open again."""
    body = msgspec.json.encode([msgspec.structs.replace(finding, rows=()) for finding in findings]).decode()
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM finding WHERE measure = ? AND asked = ?", (measure, asked))
        connection.exec_driver_sql(
            "INSERT INTO finding (measure, asked, cut, at, body) VALUES (?, ?, ?, ?, ?)",
            (measure, asked, findings[0].cut if findings else "", now(), body),
        )
        note_audit(connection, f"measure {measure}", asked)
