"""Whether the store is whole, and what it stands on."""

import sqlite3

from sqlalchemy import Connection, Engine

from kring.errors import CircleError
from kring.schema import PRIVATE, VISIBILITIES
from kring.store.open import reading, writing


def integrity(engine: Engine) -> str:
    """ "ok", or the first thing that is damaged."""
    try:
        with reading(engine) as connection:
            return str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except CircleError as error:
        return error.what


def search_in_step(engine: Engine) -> bool:
    """Whether the search index holds just the words of the posts that are there.

    Fails   CircleError if another Kring is writing all the time.
    """
    try:
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO post_search (post_search, rank) VALUES ('integrity-check', 1)")
    except CircleError as error:
        if "locked" in error.what:
            raise
        return False
    return True


def full_text() -> tuple[str, bool]:
    """The version of SQLite, and whether it can search text."""
    connection = sqlite3.connect(":memory:")
    try:
        return sqlite3.sqlite_version, bool(connection.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
    finally:
        connection.close()


def counts(connection: Connection) -> tuple[tuple[str, int], ...]:
    """How much of each thing the circle holds, private posts included."""
    private = ",".join(str(VISIBILITIES.index(name)) for name in PRIVATE)
    asked = (
        ("posts", "SELECT count(*) FROM post"),
        ("of them not public", f"SELECT count(*) FROM post WHERE visibility IN ({private})"),
        ("accounts", "SELECT count(*) FROM account"),
        ("chats, lists and forums", "SELECT count(*) FROM place"),
        ("follows, likes and other acts", "SELECT count(*) FROM event"),
        ("exports", "SELECT count(*) FROM run WHERE state != 'undone'"),
    )
    return tuple((what, int(connection.exec_driver_sql(sql).scalar_one())) for what, sql in asked)
