"""Leaving: what may leave, what is said of it, and that what left comes back the same in another circle."""

import csv
import functools
import io
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kring
from circles import circle_of, town, typed
from kring.errors import CircleError, UsageError
from kring.schema import Account, Asked, Event, Item, Membership, Place, Post, Scope
from kring.show import record_files
from kring.show.records import SHEETS
from kring.sources import kring_tables
from kring.store import keep, runs
from kring.store.codes import event_key
from kring.store.open import reading, writing
from made_records import records
from store.content import everything

LINES = pytest.mark.parametrize("ending", ["json", "ndjson"])


@functools.cache
def empty() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kring-tests-")) / "circle"
    kring.new(folder, name="Harbour").close()
    return folder


def fresh(folder: Path) -> kring.Circle:
    shutil.copytree(empty(), folder)
    return kring.open(folder)


def bring(circle, made):
    run = runs.begin(circle.engine, name="x", digest="x", sources="m", asked=Asked(), version="1")
    keep.keep(circle.engine, run.node, "m", [Item("somewhere", b"x", (record,)) for record in made])
    runs.finish(circle.engine, run.node, "done")


def content(circle):
    found = everything(circle.engine)
    return found | {"scopes": sorted(set(found["scopes"]))}  # two imports may hold the same thing whole


def same_thing(record):
    """Of two records of one thing the store keeps one: whom only the other spoke of is known, but no longer by what."""
    if isinstance(record, Event):
        return event_key(record)
    return (record.account, record.place) if isinstance(record, Membership) else getattr(record, "id", repr(record))


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def of_kind(path, kind):
    return [each for each in lines(path) if each["type"] == kind]


@pytest.mark.parametrize("ending", ["json", "ndjson", "zip", "parquet"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(made=st.lists(records, max_size=8, unique_by=same_thing))
def test_what_leaves_comes_back_unchanged_in_another_circle(tmp_path_factory, ending, made):
    folder = tmp_path_factory.mktemp("leaving")
    made = [msgspec.structs.replace(each, deleted=False) if isinstance(each, Post) else each for each in made]
    with fresh(folder / "one") as one, fresh(folder / "other") as other:
        bring(one, made)
        one.export(folder / f"all.{ending}", everything=True)
        if made:
            (done,) = other.import_(folder / f"all.{ending}")
            assert [each for each in done.unread if each.kind != "skipped"] == []
        assert content(other) == content(one)


@pytest.mark.parametrize("ending", ["json", "ndjson", "zip", "parquet"])
def test_a_town_moves_house(tmp_path, ending):
    with kring.open(circle_of(town(), tmp_path / "one")) as one, fresh(tmp_path / "other") as other:
        done = one.export(tmp_path / f"all.{ending}", everything=True)
        (back,) = other.import_(tmp_path / f"all.{ending}")
        assert [each for each in back.unread if each.kind != "skipped"] == []
        assert back.kept.posts == done.counts["post"] > 1_000
        with reading(one.engine) as c:
            taken_back = c.exec_driver_sql("SELECT count(*) FROM post WHERE flags & 2").scalar()
        there, here = content(one), content(other)
        assert len(there["posts"]) - len(here["posts"]) == taken_back > 0
        assert set(here["posts"]) < set(there["posts"])
        for part in ("accounts", "places", "events", "members", "scopes"):
            assert here[part] == there[part], part


def test_columns_of_the_tables_are_those_of_the_records():
    for sheet in SHEETS.values():
        assert tuple(column.name for column in sheet.columns) == sheet.of.__struct_fields__
        assert kring_tables.is_own([column.name for column in sheet.columns])


PUBLIC = Post(id="m:1", kind="note", author="m:anna", at=1_700_000_000_000_000, text="To all", mentions=("m:bram", "m:cees"))
PRIVATE = Post(id="m:2", kind="message", author="m:dora", place="m:chat", visibility="place", text="Among us", mentions=("m:eva",))
MADE = [
    *(Account(id=f"m:{name}", name=name) for name in ("anna", "bram", "cees", "dora", "eva", "finn")),
    Place(id="m:chat", kind="chat", name="Our chat"),
    Place(id="m:forum", kind="forum"),
    Membership(account="m:dora", place="m:chat"),
    Membership(account="m:finn", place="m:forum"),
    PUBLIC,
    PRIVATE,
    msgspec.structs.replace(PUBLIC, id="m:3", author="m:cees", text="I said no"),
    msgspec.structs.replace(PUBLIC, id="m:4", author="m:bram", text="Taken back", deleted=True),
    msgspec.structs.replace(PUBLIC, id="m:5", author="m:finn", place="m:forum", mentions=(), at=None),
    Event(verb="follow", actor="m:bram", object="m:anna", object_kind="account"),
    Event(verb="follow", actor="m:cees", object="m:anna", object_kind="account"),
    Event(verb="join", actor="m:dora", object="m:chat", object_kind="place", place="m:chat", visibility="place"),
    Scope(account="m:anna"),
    Scope(account="m:dora"),
    Scope(place="m:chat"),
    Scope(place="m:forum"),
]


@pytest.fixture
def circle(tmp_path):
    with fresh(tmp_path / "circle") as circle:
        bring(circle, MADE)
        with writing(circle.engine) as c:
            c.exec_driver_sql("INSERT INTO consent (who, scope, answer, evidence, at) VALUES ('m:cees', '', 'no', 'said so', 0)")
        yield circle


def test_private_posts_and_who_is_known_from_them_alone_stay(circle, tmp_path):
    done = circle.export(tmp_path / "x.ndjson")
    out = tmp_path / "x.ndjson"
    assert {each["id"] for each in of_kind(out, "post")} == {"m:1", "m:5"}
    assert {each["id"] for each in of_kind(out, "account")} == {"m:anna", "m:bram", "m:finn"}
    assert {each["id"] for each in of_kind(out, "place")} == {"m:forum"}
    assert {each["account"] for each in of_kind(out, "membership")} == {"m:finn"}
    assert [each["actor"] for each in of_kind(out, "event")] == ["m:bram"]
    assert not any(each in out.read_text() for each in ("m:cees", "m:dora", "m:eva", "m:chat", "Our chat", "Among us"))
    assert any("1 post and 1 act were left out: followers-only" in each for each in done.said)
    assert any("said no" in each for each in done.said)


def test_moving_house_takes_all_but_what_people_forbade(circle, tmp_path):
    done = circle.export(tmp_path / "x.ndjson", everything=True)
    out = tmp_path / "x.ndjson"
    assert {each["id"] for each in of_kind(out, "post")} == {"m:1", "m:2", "m:5"}
    assert "m:cees" not in out.read_text()
    assert "m:chat" in out.read_text()
    assert any("2 posts and acts in it are private" in each for each in done.said)
    assert "2 posts and acts in it are private" in lines(out)[0]["text"]


def test_what_is_no_longer_whole_is_not_called_so(circle, tmp_path):
    circle.export(tmp_path / "x.ndjson")
    assert of_kind(tmp_path / "x.ndjson", "scope") == [{"type": "scope", "place": "m:forum"}, {"type": "scope", "account": "m:anna"}]
    circle.export(tmp_path / "y.ndjson", everything=True)
    assert len(of_kind(tmp_path / "y.ndjson", "scope")) == 4
    circle.export(tmp_path / "z.ndjson", everything=True, since="2020")
    assert not of_kind(tmp_path / "z.ndjson", "scope")
    circle.export(tmp_path / "w.ndjson", everything=True, kinds=["posts", "scopes"])
    assert not of_kind(tmp_path / "w.ndjson", "scope")


def test_a_period_and_kinds(circle, tmp_path):
    done = circle.export(tmp_path / "x.ndjson", since="2023-11-14", until="2023-11-14", kinds=["posts", "account"])
    assert done.counts == {"account": 2, "post": 1}, "the post without a time is not in it, nor who is known from it alone"
    assert circle.export(tmp_path / "y.ndjson", since="2024").counts["post"] == 0
    with pytest.raises(UsageError, match="not a kind of record"):
        circle.export(tmp_path / "z.ndjson", kinds=["poems"])


@pytest.mark.parametrize("ending", ["json", "ndjson", "zip", "xlsx", "parquet"])
def test_it_is_there_whole_or_not_at_all(circle, tmp_path, ending, monkeypatch):
    out = tmp_path / f"x.{ending}"
    circle.export(out)
    assert out.exists()
    before = sorted(tmp_path.iterdir())
    for name in ("line", "as2_item"):
        monkeypatch.setattr(f"kring.sources.kring_lines.{name}", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    monkeypatch.setattr(record_files, "values", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CircleError, match="No space left"):
        circle.export(tmp_path / f"y.{ending}")
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_there_is_left_alone(circle, tmp_path):
    (tmp_path / "mine.parquet").mkdir()
    with pytest.raises(CircleError, match="there already"):
        circle.export(tmp_path / "mine.parquet")
    with pytest.raises(UsageError, match="doesn't tell the format"):
        circle.export(tmp_path / "x.docx")
    with pytest.raises(CircleError, match="can't be written"):
        circle.export(tmp_path / "no" / "x.json")


def test_the_audit_log_knows(circle, tmp_path):
    circle.export(tmp_path / "x.zip")
    circle.export(tmp_path / "x.ndjson", everything=True)
    with reading(circle.engine) as c:
        what = [tuple(row) for row in c.exec_driver_sql("SELECT what, details FROM audit ORDER BY node")]
    assert [each[0] for each in what] == ["export", "export everything"]
    assert "x.zip (csv)" in what[0][1]
    assert what[1][1].endswith("2 private")


def test_tables_in_a_zip(circle, tmp_path):
    circle.export(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("posts.csv"), encoding="utf-8-sig", newline="")))
        assert rows[0]["text"] == "To all"
        assert rows[0]["at"] == "2023-11-14T22:13:20Z"
        assert rows[0]["mentions"] == '["m:bram"]'
        page = archive.read("README.txt").decode()
        assert "posts.csv: 2 rows" in page
        assert "followers-only" in page
        assert "accounts.csv" in archive.namelist()


def test_on_the_command_line(circle, tmp_path):
    done = typed("export", tmp_path / "x.json", "--circle", circle.folder)
    assert done.code == 0
    assert "x.json" in done.out
    assert "were left out" in done.err
    assert typed("export", tmp_path / "x.json", "--circle", circle.folder, "--format", "pdf").code == 2
