"""Migrations make the tables that the store speaks of, and cost nothing where they were run."""

import subprocess
import sys
from contextlib import contextmanager

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, inspect
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from circles import environment
from kring.errors import CircleError
from kring.store import chain, migrations
from kring.store.ledger import note_audit
from kring.store.open import FILE, open_engine, writing
from kring.store.tables import metadata

SCRIPTS = ScriptDirectory(migrations.__path__[0])


@pytest.fixture
def file(tmp_path):
    open_engine(tmp_path / FILE).dispose()
    return tmp_path / FILE


@contextmanager
def of_revision(file, revision):
    """A connection to a new database as it was at a revision."""
    older = create_engine(f"sqlite:///{file}")
    with older.connect() as connection:
        config = Config()
        config.set_main_option("script_location", migrations.__path__[0])
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection
    older.dispose()


def test_an_audit_log_from_before_becomes_a_chain_and_only_grows(tmp_path):
    file = tmp_path / FILE
    with of_revision(file, "0002") as connection:
        for n in range(3):
            connection.exec_driver_sql("INSERT INTO audit (at, who, what, details) VALUES (?, 'me', 'us add', ?)", (n, f"m:{n}"))
        connection.commit()
    engine = open_engine(file)
    with writing(engine) as connection:
        note_audit(connection, "us remove", "m:1")
        checked = chain.check(connection)
        assert (checked.ok, checked.entries) == (True, 4)
        second = connection.exec_driver_sql("SELECT hex(link) FROM audit WHERE node = 2").scalar().lower()
        assert chain.check(connection, second).ok
        assert not chain.check(connection, "00" + second[2:]).ok or second.startswith("00")
    for tampered in (
        "DELETE FROM audit WHERE node = 2",
        "UPDATE audit SET details = 'somebody else' WHERE node = 2",
        "UPDATE audit SET who = 'nobody' WHERE node = 2",
    ):
        with pytest.raises(IntegrityError, match="only grows"), writing(engine) as connection:
            connection.exec_driver_sql(tampered)
        with engine.connect() as connection:  # by somebody who takes the guards away first
            connection.exec_driver_sql("DROP TRIGGER audit_stays")
            connection.exec_driver_sql("DROP TRIGGER audit_is_as_written")
            connection.exec_driver_sql(tampered)
            assert not chain.check(connection).ok, tampered
            connection.rollback()
    engine.dispose()


def test_a_log_whose_erasures_did_not_say_what_they_blanked_is_taken_as_it_is(tmp_path):
    file = tmp_path / FILE
    with of_revision(file, "0003") as connection:
        for n in range(4):
            note_audit(connection, "us add", f"m:{n}")
        connection.exec_driver_sql("UPDATE audit SET details = '', salt = NULL WHERE node IN (1, 3)")
        connection.exec_driver_sql("INSERT INTO consent (who, scope, answer, at) VALUES ('m:1', '', 'no', 1), ('m:1', 'all', 'yes', 2)")
        connection.commit()
    engine = open_engine(file)
    with engine.connect() as connection:
        checked = chain.check(connection)
        assert (checked.ok, checked.entries, checked.blanked) == (True, 5, 2)
        assert connection.exec_driver_sql("SELECT details FROM audit WHERE node = 5").scalar().endswith("blanked entries 1, 3")
        assert connection.exec_driver_sql("SELECT who, scope, answer FROM stance").all() == [("m:1", "all", "yes")]
        connection.exec_driver_sql("UPDATE audit SET details = '', salt = NULL WHERE node = 2")
        assert not chain.check(connection).ok
        connection.rollback()
    engine.dispose()


def of_tables(thing, name, kind, reflected, _):
    """All but what the full-text index keeps for itself, and Alembic's own note."""
    return not (kind == "table" and reflected and (name.startswith("post_search") or name == "alembic_version"))


def test_what_is_migrated_is_what_the_tables_say(file):
    engine = open_engine(file)
    with engine.connect() as connection:
        options = {"include_object": of_tables, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_the_database_itself_says_the_same_of_both(file, tmp_path):
    """Alembic doesn't compare keys, defaults and rowids; SQLite's own description of each table does."""
    made, migrated = create_engine(f"sqlite:///{tmp_path / 'made.db'}"), open_engine(file)
    metadata.create_all(made)
    for table in metadata.tables:
        assert shape(made, table) == shape(migrated, table), table
    tables = {name for name in inspect(migrated).get_table_names() if not name.startswith("post_search")}
    assert tables == set(metadata.tables) | {"alembic_version"}
    made.dispose()
    migrated.dispose()


def shape(engine, table):
    with engine.connect() as connection:
        rows = {
            pragma: [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA {pragma}({table})")]
            for pragma in ("table_xinfo", "table_list")
        }
        foreign = {tuple(row)[2:] for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})")}
        indexes = {
            (name, unique, tuple(connection.exec_driver_sql(f"PRAGMA index_info({name})").scalars().all()))
            for _, name, unique, *_ in connection.exec_driver_sql(f"PRAGMA index_list({table})")
        }
    return rows, foreign, indexes


def test_the_line_of_migrations_ends_in_the_form_that_is_expected():
    assert next(script.revision for script in SCRIPTS.walk_revisions()) == migrations.LATEST
    assert SCRIPTS.get_heads() == [migrations.LATEST]


def test_opening_again_asks_two_things_and_changes_nothing(file):
    before, asked = file.read_bytes(), []

    def note(connection, cursor, statement, *_):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        open_engine(file).dispose()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [statement for statement in asked if not statement.startswith(("SELECT", "BEGIN"))] == []
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2
    assert file.read_bytes() == before


def test_alembic_is_loaded_only_to_migrate(file):
    program = "import sys; from pathlib import Path; from kring.store.open import open_engine; open_engine(Path(sys.argv[1])).dispose();"
    program += "print('alembic' in sys.modules)"
    for path, loaded in ((file, "False"), (file.with_name("new.db"), "True")):
        done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, env=environment(), check=True)
        assert done.stdout.strip() == loaded


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / FILE

    def fails(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.command.upgrade", fails)
    with pytest.raises(KeyboardInterrupt):
        open_engine(file)
    monkeypatch.undo()
    open_engine(file).dispose()
    with pytest.raises(CircleError, match="newer Kring"):
        _claims_to_be(file, "9999")


def _claims_to_be(file, version):
    engine = open_engine(file)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (version,))
    engine.dispose()
    open_engine(file)


def test_two_that_open_a_new_one_at_once_make_one(tmp_path):
    program = "import sys; from pathlib import Path; from kring.store.open import open_engine; open_engine(Path(sys.argv[1])).dispose()"
    both = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path / FILE], stderr=subprocess.PIPE, text=True, env=environment())
        for _ in range(3)
    ]
    said = [each.communicate(timeout=120)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0, 0], said
