"""What can go wrong outside of Kring: each time a sentence that says what happened and what to do next, the right exit code, and no trace."""

import os
import random
import resource
import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path

import pytest

from circles import HALL, circle_of, inside, started, town, typed
from circles import in_process_of_its_own as in_process
from kring.store import keep
from kring.store import open as store

MAIL = (
    "From a@b.example Mon Mar  4 10:00:00 2024\nFrom: A <a@b.example>\nTo: l@b.example\nSubject: S\nDate: Mon, 4 Mar 2024 10:00:00 +0100\n"
)
COMMANDS = (
    ("posts",), ("people",), ("places",), ("runs",), ("runs", "unread"), ("runs", "undo", "1"), ("us", "list"), ("us", "add", "gemeente"),
    ("search", "bridge"), ("measure", "response"), ("measure", "distances"), ("network", "x.gexf"), ("report", "-o", "r.html"), ("doctor",),
)  # fmt: skip


def box(folder, n, of="m"):
    file = folder / f"{of}.mbox"
    file.write_text("".join(f"{MAIL}Message-ID: <{of}{i}@b.example>\n\nText {i}.\n\n" for i in range(n)), encoding="utf-8")
    return file


def is_told(said, code):
    """An error as a person should meet it."""
    assert said.code == code, said.err
    first, *rest = [line for line in said.err.splitlines() if line.startswith(("kring: ", "       "))]
    assert first.startswith("kring: ")
    assert first.endswith((".", "?"))
    assert rest, "what to do next"
    assert "Traceback" not in said.err
    assert "sqlalche" not in said.err


def test_without_a_circle_every_command_says_how_to_make_one(tmp_path):
    with inside(tmp_path):
        for command in COMMANDS:
            if command != ("doctor",):
                is_told(typed(*command), 3)
                is_told(typed(*command, "--circle", "nowhere"), 3)
        assert "kring new" in typed("posts").err
        doctor = typed("doctor", "--format", "json")
    assert doctor.code == 1
    assert [row["what"] for row in doctor.rows if not row["ok"]] == ["circle"]


def test_a_folder_that_is_gone(tmp_path):
    (tmp_path / "gone").mkdir()
    with inside(tmp_path / "gone"):
        (tmp_path / "gone").rmdir()
        is_told(typed("posts"), 3)


@pytest.mark.parametrize("damage", ["random", "short", "zip", "text"])
def test_what_is_no_database_is_refused_and_left_as_it_is(own, damage, tmp_path):
    file = own / "kring.db"
    given = {
        "random": random.Random(1).randbytes(50_000),
        "short": file.read_bytes()[:60_000],
        "zip": b"PK\x03\x04" * 900,
        "text": b"hello\n" * 900,
    }
    file.write_bytes(given[damage])
    for command in COMMANDS[:-1]:
        is_told(typed(*command, "--circle", own), 3)
    is_told(typed("import", "--circle", own, box(tmp_path, 2)), 3)
    assert typed("doctor", "--circle", own).code == 1
    assert file.read_bytes() == given[damage]


@pytest.mark.parametrize("seed", range(6))
def test_a_database_with_holes_never_gives_a_trace(own, seed, tmp_path):
    chance = random.Random(seed)
    with (own / "kring.db").open("r+b") as file:
        pages = file.seek(0, os.SEEK_END) // 4096
        for _ in range(pages // 12):
            file.seek(chance.randrange(2, pages) * 4096)
            file.write(chance.randbytes(4096))
    refused = 0
    with inside(tmp_path):
        for command in (*COMMANDS, ("import", box(tmp_path, 2))):
            said = typed(*command, "--circle", own)
            assert said.code in (0, 1, 2, 3), command
            if said.code == 3:
                is_told(said, 3)
                refused += 1
        doctor = {row["what"]: row["ok"] for row in typed("doctor", "--circle", own, "--format", "json").rows}
    assert refused
    assert not doctor.get("database", doctor.get("circle"))


def test_a_circle_of_a_newer_kring_is_left_alone(own):
    connection = sqlite3.connect(own / "kring.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    said = typed("posts", "--circle", own)
    is_told(said, 3)
    assert "newer" in said.err


def test_settings_that_cannot_be_understood_are_named(own):
    for words in ('format = "tab', 'colour = "red"', "zone = 5", 'name = "\xff"'):
        (own / "kring.toml").write_text(words, encoding="latin-1")
        said = typed("posts", "--circle", own)
        is_told(said, 3)
        assert "kring.toml" in said.err
    (own / "kring.toml").write_text('zone = "Mars/Phobos"', encoding="utf-8")
    is_told(typed("posts", "--circle", own, "--since", "2024"), 2)


class Nobody:
    """For whom nothing is open that is closed: root may write everywhere, so in here we are not root."""

    def __enter__(self):
        if os.geteuid() == 0:
            os.seteuid(65534)

    def __exit__(self, *_):
        if os.getuid() == 0:
            os.seteuid(0)


@pytest.fixture
def closed():
    """A circle in which we may read, and not write; where others may come, unlike in pytest's own folders."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        own = circle_of(town(), top / "circle")
        for path in (top, own, *own.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield own
        for path in (top, own):
            path.chmod(0o755)


def test_a_folder_that_may_not_be_written_in(closed):
    export = closed / "kring.toml"
    for command in (("posts",), ("import", export), ("us", "add", "--named", "A"), ("report",)):
        with Nobody():
            said = typed(*command, "--circle", closed)
        is_told(said, 3)
        assert "may write" in said.err or "Choose another place" in said.err
    with Nobody():
        is_told(typed("new", closed / "inner"), 3)
    closed.chmod(0o444)
    with Nobody():
        is_told(typed("posts", "--circle", closed), 3)


def test_another_that_is_writing_is_waited_for_and_then_named(own, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "_WAIT_S", 0.2)
    other = sqlite3.connect(own / "kring.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert typed("posts", "--circle", own).code == 0, "reading needs not wait"
        for command in (("import", box(tmp_path, 2)), ("us", "add", "--named", "A"), ("runs", "undo", "1"), ("measure", "degree")):
            said = typed(*command, "--circle", own)
            if command[0] != "us":  # whose name nobody has
                is_told(said, 3)
                assert "Another Kring is writing" in said.err
        doctor = {row["what"]: row for row in typed("doctor", "--circle", own, "--format", "json").rows}
        assert doctor["database"]["ok"]
        assert "another Kring" in doctor["search index"]["next"] or "Another Kring" in doctor["search index"]["next"]
    finally:
        other.close()


def test_two_that_import_at_once_both_come_through(empty, tmp_path):
    one, two = (box(tmp_path, 1_500, of) for of in "ab")
    said = [None, None]

    def bring(i, file):
        said[i] = in_process("import", "--circle", empty, file, small=True)

    threads = [threading.Thread(target=bring, args=each) for each in enumerate((one, two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.code for each in said] == [0, 0], [each.err for each in said]
    assert len(typed("posts", "--circle", empty, "--limit", 0, "--format", "json").rows) == 3_000
    assert typed("doctor", "--circle", empty).code == 0


def test_a_full_disk_keeps_what_was_whole_and_the_same_again_completes_it(empty, tmp_path, monkeypatch):
    export = box(tmp_path, 3_000)
    set_up = store._set_up

    def small(connection, record):
        set_up(connection, record)
        connection.execute("PRAGMA max_page_count=150")  # SQLite says SQLITE_FULL, as it does for ENOSPC

    monkeypatch.setattr(store, "_set_up", small)
    monkeypatch.setattr(keep, "_BATCH_ITEMS", 300)
    said = typed("import", "--circle", empty, export)
    is_told(said, 3)
    assert "Make room" in said.err
    monkeypatch.undo()
    before = len(typed("posts", "--circle", empty, "--limit", 0, "--format", "json").rows)
    assert 0 < before < 3_000
    assert typed("doctor", "--circle", empty).code == 1
    assert typed("import", "--circle", empty, export).code == 0
    assert len(typed("posts", "--circle", empty, "--limit", 0, "--format", "json").rows) == 3_000
    assert typed("doctor", "--circle", empty).code == 0


def test_a_file_that_may_not_grow_is_told_too(empty, tmp_path):
    """The limit of the operating system on one file, in a process of its own."""
    export = box(tmp_path, 3_000)
    most = 600_000

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    said = in_process("import", "--circle", empty, export, small=True, preexec_fn=limited)
    is_told(said, said.code)
    assert said.code in (3, 4)  # the circle, or what lies aside of the export, may be the first that is too large
    assert typed("import", "--circle", empty, export).code == 0
    assert len(typed("posts", "--circle", empty, "--limit", 0, "--format", "json").rows) == 3_000


def test_what_cannot_be_written_where_it_should_be(shown, tmp_path):
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "x"
    is_told(typed("report", "--circle", shown, "-o", f"{below}.html"), 3)
    is_told(typed("network", "--circle", shown, f"{below}.gexf"), 3)
    is_told(typed("network", "--circle", shown, tmp_path / "nowhere" / "n.csv"), 3)
    is_told(typed("new", below), 3)
    is_told(typed("town", below, "--people", 10), 2)
    is_told(typed("network", "--circle", shown, tmp_path / "x.docx"), 2)


@pytest.mark.parametrize(
    "words",
    [
        ("export", "x.ndjson"),
        ("export", "x.zip"),
        ("network", "x.gexf"),
        ("network", "x.csv"),
        ("report", "-o", "x.html"),
        ("person", "export", HALL, "-o", "x.zip", "--requested-by", "Anna"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_there_is_replaced_only_if_that_is_said(shown, tmp_path, words):
    written = tmp_path / ("x-edges.csv" if words[-1] == "x.csv" else next(word for word in words if word.startswith("x.")))
    written.write_text("mine")
    with inside(tmp_path):
        said = typed(*words, "--circle", shown)
        is_told(said, 3)
        assert "--force" in said.err
        assert (written.read_text(), len(list(tmp_path.iterdir()))) == ("mine", 1)
        assert typed(*words, "--circle", shown, "--force").code == 0
    assert written.read_bytes() != b"mine"


def test_a_report_takes_the_place_of_an_earlier_one(shown, tmp_path):
    for _ in range(2):
        assert typed("report", "--circle", shown, "-o", tmp_path / "r.html").code == 0


def test_tables_as_csv_leave_in_a_file_that_is_called_a_zip(shown, tmp_path):
    for format in ((), ("--format", "csv")):
        said = typed("export", tmp_path / "x.csv", "--circle", shown, *format)
        is_told(said, 2)
        assert "x.zip" in said.err
    assert not list(tmp_path.iterdir())
    assert ".csv," not in typed("export", tmp_path / "x.docx", "--circle", shown).err


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        (("posts", "--since", "yesterday"), "2024-03"),
        (("posts", "--until", "2024-13"), "month"),
        (("posts", "--kind", "tweet"), "note"),
        (("posts", "--place", "Nowhere"), "Places here"),
        (("posts", "--author", "Nobody At All"), "kring people"),
        (("measure", "distances", "--kinds", "hug"), "reply"),
        (("measure", "distances", "--frob", "1"), "--seed"),
        (("measure", "distances", "--seed"), "--seed"),
        (("measure", "distances", "--seed", "x"), "--seed"),
        (("measure", "distances", "--since", "x"), "2024-03"),
        (("runs", "undo", "99"), "kring runs"),
        (("us", "add", "nobody at all"), "kring people"),
        (("us", "remove", "nobody at all"), "kring people"),
        (("report", "--place", "Nowhere"), "Places here"),
        (("network", "n.gexf", "--kinds", "hug"), "reply"),
        (("import", "x", "--zone", "Mars/Phobos"), "Europe/Amsterdam"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_was_mistyped_is_named_with_what_would_be_right(shown, command, hint, tmp_path):
    with inside(tmp_path):
        said = typed(*command, "--circle", shown)
    is_told(said, 2)
    assert hint in said.err


def test_a_name_that_is_no_text_neither_stops_the_reading_nor_the_telling(empty, tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    shutil.copy(box(tmp_path, 3), folder + b"/p\xf4st.mbox")
    name = os.fsdecode(folder)
    said = in_process("import", "--circle", empty, name)
    assert said.code == 0, said.err
    assert typed("runs", "--circle", empty, "--format", "json").rows[0]["name"].startswith("caf")
    with started("import", "--circle", empty, name, "--zone", "UTC", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert in_process("report", "--circle", empty, "-o", name + "/r\udce9.html").code == 0
    for words in (("search", "a\udcff"), ("people", "--find", "\udcff"), ("posts", "--place", "\udcff"), ("us", "add", "\udcff")):
        assert typed(*words, "--circle", empty).code in (0, 2), words


def test_every_environment_is_a_good_one(shown):
    """No home, a strange terminal, an old locale."""
    env = {"HOME": "/nonexistent", "TERM": "dumb", "LC_ALL": "C", "COLUMNS": "20", "PYTHONIOENCODING": "latin-1"}
    for command in (("posts",), ("people",)):
        said = in_process(*command, "--circle", shown, env=env)
        assert said.code in (0, 1), said.err
        assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "command",
    [("posts", "--limit", 10**20), ("runs", "undo", 10**23), ("measure", "activity", "--since", "2024", "--seed", "1"), ("us", "add", " ")],
)
def test_numbers_without_end_and_words_without_letters(shown, command):
    is_told(typed(*command, "--circle", shown), 2)


def test_a_zone_further_than_a_day(tmp_path):
    is_told(typed("new", tmp_path / "c", "--zone", "+99:99"), 2)


def test_a_new_circle_leaves_what_git_was_told(tmp_path):
    (tmp_path / ".gitignore").write_text("*.o\n", encoding="utf-8")
    assert typed("new", tmp_path).code == 0
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*.o\n"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_an_output_that_is_full_is_told_without_a_trace(shown):
    with open("/dev/full", "w", encoding="utf-8") as full, started("posts", "--circle", shown, stdout=full) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    assert "No space left" in err


def test_a_report_into_a_pipe_leaves_the_pipe_there(shown, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with started("report", "--circle", shown, "-o", pipe) as process:
        assert pipe.read_text(encoding="utf-8").startswith("<!doctype html>")
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert pipe.is_fifo()
