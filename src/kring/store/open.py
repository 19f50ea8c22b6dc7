"""Opens a circle's database: the pragmas, the migrations, and transactions that are whole or not at all."""

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from kring.errors import CircleError, UsageError

__all__ = ["FILE", "Connection", "Engine", "emptied", "open_engine", "reading", "unbroken", "writing"]

FILE = "kring.db"
_WAIT_S = 60
"""How long one process waits for another that is writing."""


def open_engine(file: Path) -> Engine:
    """An engine on the database, migrated to the latest form; makes the file if it is not there.

    Fails   CircleError if the file is no database, damaged, of a newer Kring, or can't be written.
    """
    _make_private(file)
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": _WAIT_S, "check_same_thread": False})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    try:
        with _in_words(engine):
            _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_private(file: Path) -> None:
    """A database that isn't there yet is made for its owner only; its log beside it takes the same rights.

    Where a disk knows no rights, it is made all the same.
    """
    with suppress(OSError):  # one that is there already keeps the rights that its owner gave it; why else it can't be made, SQLite tells
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-16384", "temp_store=MEMORY", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: everything in it happens, or nothing."""
    with _in_words(engine), engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def unbroken() -> Iterator[None]:
    """Puts Ctrl-C off until the end of the block: halfway through a transaction it would leave the database locked to ourselves."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        before(came[0], None)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads one unchanging state, whatever others write meanwhile."""
    with _in_words(engine), engine.connect() as connection, connection.begin():
        yield connection


def emptied(engine: Engine, *, anew: bool = False) -> bool:
    """Brings the log of changes into the database and empties it, so that nothing that was deleted stays readable in it.

    Takes   `anew`: the database is also written anew, without its free pages.
    Gives   False if another process reads just now, and the log can't be emptied.
    """
    engine.dispose()
    connection = sqlite3.connect(str(engine.url.database), timeout=_WAIT_S, isolation_level=None)
    try:
        with _in_words(engine):
            if anew:
                connection.execute("PRAGMA secure_delete=ON")
                connection.execute("VACUUM")
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.close()


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    """What the database refuses (damaged, locked, full, not writable) as a CircleError; a fault of ours (IntegrityError …) stays what it is."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if type(error) not in (DatabaseError, OperationalError, sqlite3.DatabaseError, sqlite3.OperationalError):
            raise
        what = f"The circle's database {engine.url.database} can't be used: {_first_line(error)}."
        raise CircleError(what, next=_advice(error)) from error
    except OverflowError as error:
        raise UsageError("A number is larger than the database can hold.", next="Give a smaller one.") from error
    except UnicodeEncodeError as error:
        raise UsageError(f"{error.object!r} is not text.", next="Look whether it was typed or copied well.") from error


def _migrate(engine: Engine) -> None:
    """Brings the database to the latest form; opening one that is there already costs one look."""
    from kring.store.migrations import LATEST

    with engine.connect() as connection:
        has = connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
        now = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if has else None
    if now == LATEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if now is not None and now not in known:
        raise CircleError(
            f"This circle was written by a newer Kring (its form is {now}; this Kring knows up to {LATEST}).",
            next="Install the newer Kring, or open a copy of the circle from before.",
        )
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise CircleError(f"The circle's database could not be brought up to date: {error}.") from error


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _advice(error: Exception) -> str:
    words = str(error)
    for marks, advice in _ADVICE:
        if any(mark in words for mark in marks):
            return advice
    return (
        "It may be damaged or no Kring database at all: restore it from a backup, or make a new circle with `kring new` and import again."
    )


_ADVICE = (
    (("locked",), "Another Kring is writing to it: wait until that is done, and try again."),
    (("full", "disk I/O"), "Make room on its disk and do the same again: what was kept before is whole."),
    (("readonly", "unable to open"), "Check that the folder exists and that you may write in it, and that the disk is not full."),
)
