"""Keeping: what goes in comes out the same, twice is once, and undoing leaves the store as if it had never been imported."""

import functools
import re
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kring.schema import VISIBILITIES, Account, Asked, Event, Item, Media, Membership, Note, Place, Post, Scope, Unread
from kring.store import keep, runs
from kring.store.codes import POST_KINDS, as_stored, load_posts
from kring.store.keep import packer_of
from kring.store.ledger import add_us
from kring.store.open import open_engine, reading
from store.content import everything

ids = st.sampled_from(["m:a", "m:b", "m:c", "m:d"])
some_ids = st.sampled_from(["m:p1", "m:p2", "m:p3", "m:p4", "m:p5"])
texts = st.text(max_size=30)
times = st.none() | st.integers(0, 2 * 10**15)
places = st.sampled_from(["", "m:chat"])
posts = st.builds(
    Post,
    id=some_ids,
    kind=st.sampled_from(POST_KINDS),
    author=st.sampled_from(["", "m:a", "m:b"]),
    at=times,
    offset_s=st.none() | st.integers(-50000, 50000),
    zone=st.sampled_from(["", "UTC", "Europe/Amsterdam"]),
    text=texts,
    title=texts,
    language=st.sampled_from(["", "nl"]),
    reply_to=st.just("") | some_ids,
    thread=st.just("") | some_ids,
    place=places,
    visibility=st.sampled_from(VISIBILITIES),
    mentions=st.lists(ids, max_size=3, unique=True).map(tuple),
    tags=st.lists(texts, max_size=2).map(tuple),
    media=st.lists(st.builds(Media, name=texts), max_size=1).map(tuple),
    url=st.just("") | st.just("https://x.example/1"),
    score=st.none() | st.integers(-5, 5),
    edited_at=times,
    edited=st.booleans(),
    deleted=st.booleans(),
)
events = st.builds(
    Event,
    verb=st.sampled_from(["follow", "like", "share"]),
    actor=st.just("") | ids,
    object=ids,
    receiver=st.just("") | ids,
    object_kind=st.just("account"),
    at=times,
    place=places,
    visibility=st.sampled_from(VISIBILITIES),
)
accounts = st.builds(Account, id=ids, name=texts, handle=texts, kind=st.sampled_from(["unknown", "bot"]), owner=st.booleans())
others = st.sampled_from(
    [Place(id="m:chat", kind="chat", name="Chat"), Membership(account="m:a", place="m:chat"), Scope(account="m:a", since=1, until=2)]
)
items = st.builds(
    lambda raw, records: Item("somewhere", raw, tuple(records)),
    st.binary(min_size=1, max_size=60),
    st.lists(posts | events | accounts | others, max_size=3),
)
exports = st.lists(items, max_size=6)


@pytest.fixture
def engine(tmp_path):
    engine = open_engine(tmp_path / "kring.db")
    yield engine
    engine.dispose()


def bring(engine, export, name="x"):
    run = runs.begin(engine, name=name, digest=name, sources="m", asked=Asked(), version="1")
    kept = keep.keep(engine, run.node, "m", export)
    runs.finish(engine, run.node, "done")
    return run.node, kept


@functools.cache
def empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        open_engine(Path(folder) / "kring.db").dispose()
        return (Path(folder) / "kring.db").read_bytes()


def fresh(tmp_path_factory):
    file = tmp_path_factory.mktemp("store") / "kring.db"
    file.write_bytes(empty_database())
    return open_engine(file)


quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(export=exports)
def test_posts_come_out_as_they_went_in(tmp_path_factory, export):
    engine = fresh(tmp_path_factory)
    bring(engine, export)
    latest = {}
    for item in export:
        for record in item.records:
            if isinstance(record, Post) and (record.id not in latest or keep.newer(record, latest[record.id])):
                latest[record.id] = record
    assert everything(engine)["posts"] == sorted(repr(as_stored(post)) for post in latest.values())
    engine.dispose()


@quick
@given(export=exports)
def test_raw_pieces_come_out_as_they_went_in(tmp_path_factory, export):
    engine = fresh(tmp_path_factory)
    bring(engine, export)
    raws = {item.raw for item in export}
    with reading(engine) as c:
        packer = packer_of(c)
        stored = load_posts(c, list(c.exec_driver_sql("SELECT node FROM post").scalars()))
        for body, post in c.exec_driver_sql("SELECT r.body, rr.node FROM raw r JOIN record_run rr ON rr.raw = r.node AND rr.kind = 1"):
            assert packer.unpack(body, stored[post].text.encode()) in raws | {b""}  # nothing of what was taken back
    engine.dispose()


@quick
@given(export=exports)
def test_the_same_thing_twice_changes_nothing(tmp_path_factory, export):
    engine = fresh(tmp_path_factory)
    _, first = bring(engine, export, "one")
    before = everything(engine)
    _, second = bring(engine, export, "two")
    now = everything(engine)
    assert {k: v for k, v in now.items() if k != "scopes"} == {k: v for k, v in before.items() if k != "scopes"}
    assert second.posts == second.events == second.accounts == 0
    assert second.posts_known == first.posts + first.posts_known
    engine.dispose()


def each_post(change):
    """Exports in which each post is changed so."""

    def changed(export):
        return [
            Item(item.where, item.raw, tuple(change(each) if isinstance(each, Post) else each for each in item.records)) for item in export
        ]

    return st.lists(exports.map(changed), min_size=1, max_size=3)


never_changed = each_post(lambda post: msgspec.structs.replace(post, deleted=False, edited_at=None))
our_own = each_post(lambda post: msgspec.structs.replace(post, deleted=False, author="m:a"))


@quick
@given(exports=never_changed | our_own, gone=st.sets(st.integers(0, 2)))
def test_undone_is_as_if_it_had_never_been(tmp_path_factory, exports, gone):
    engine, other = fresh(tmp_path_factory), fresh(tmp_path_factory)
    for each in engine, other:
        add_us(each, ["m:a"])
    numbers = [bring(engine, export, str(i))[0] for i, export in enumerate(exports)]
    for i in sorted(gone):
        if i < len(exports):
            runs.undo(engine, numbers[i])
    for i, export in enumerate(exports):
        if i not in gone:
            bring(other, export, str(i))
    assert everything(engine) == everything(other)
    engine.dispose()
    other.dispose()


def test_what_only_the_other_form_said_is_there_when_the_first_is_undone(engine):
    first = Post(id="m:p", kind="note", author="m:a", at=1, text="x")
    other = msgspec.structs.replace(first, language="nl", zone="Europe/Amsterdam", place="m:square", mentions=("m:b",))
    number, _ = bring(engine, [Item("a", b"1", (first,))], "one")
    bring(engine, [Item("b", b"2", (other,))], "two")
    runs.undo(engine, number)
    assert everything(engine)["posts"] == [repr(other)]


ONE = Post(id="m:p", kind="note", author="m:b", text="the words xyzzyplugh as first written", title="xyzzytitle", at=1)
LATER = [
    msgspec.structs.replace(ONE, deleted=True, text="xyzzyplugh still told by the network"),
    msgspec.structs.replace(ONE, text="other words", title="", edited=True, edited_at=5),
]


@pytest.mark.parametrize("later", LATER, ids=["taken back", "edited"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (0, 0, 1)])
def test_what_was_taken_back_or_edited_is_gone_here_too(engine, tmp_path, later, order):
    """Words, raw piece, other forms, and the index; whichever export comes first, and whichever is undone."""
    numbers = [
        bring(engine, [Item("a", (ONE, later)[which].text.encode(), ((ONE, later)[which],))], str(i))[0] for i, which in enumerate(order)
    ]
    assert everything(engine)["posts"] == [repr(as_stored(later))]
    engine.dispose()
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not re.search(rb"xyzzy(plugh|title)", held)
    for number in numbers[:-1]:
        runs.undo(engine, number)
    assert everything(engine)["posts"] == [repr(as_stored(later))]


def test_a_later_edit_of_ours_replaces_and_undoing_brings_the_first_form_back(engine):
    add_us(engine, ["m:a"])
    one = Post(id="m:p", kind="note", author="m:a", text="as it was first written")
    two = msgspec.structs.replace(one, text="as it was mended later", edited=True, edited_at=5)
    bring(engine, [Item("a", b'{"text": "as it was first written"}', (one,))], "first")
    run, kept = bring(engine, [Item("b", b'{"text": "as it was mended later"}', (two,))], "second")
    assert kept.posts_known == 1
    assert everything(engine)["posts"] == [repr(two)]
    runs.undo(engine, run)
    assert everything(engine)["posts"] == [repr(one)]


def test_a_dry_undo_counts_and_changes_nothing(engine):
    run, _ = bring(engine, [Item("a", b"x", (Post(id="m:p", kind="note", author="m:a"),))])
    before = everything(engine)
    assert runs.undo(engine, run, dry_run=True).posts == 1
    assert everything(engine) == before


def test_a_stopped_run_is_taken_up_again(engine):
    def breaks():
        yield from (Item("a", b"x", (Post(id=f"m:{i}", kind="note", author="m:a"),)) for i in range(12_000))
        raise KeyboardInterrupt

    run = runs.begin(engine, name="x", digest="d", sources="m", asked=Asked(), version="1")
    with pytest.raises(KeyboardInterrupt):
        keep.keep(engine, run.node, "m", breaks())
    again = runs.begin(engine, name="x", digest="d", sources="m", asked=Asked(), version="1")
    assert again.node == run.node
    kept = keep.keep(engine, again.node, "m", (Item("a", b"x", (Post(id=f"m:{i}", kind="note", author="m:a"),)) for i in range(12_000)))
    assert (kept.posts, kept.posts_known) == (2_000, 10_000)


def test_losses_and_notes_are_kept_with_their_run(engine):
    lost = Unread(where="line 3", why="It is broken off.", next="Ask for the export again.", raw=b"x" * 9000)
    run, kept = bring(engine, [lost, Note(where="x", text="dates are day-month")])
    assert kept.unread == 1
    assert [(each.where, each.why, each.next) for each in runs.losses(engine, run)] == [(lost.where, lost.why, lost.next)]
    assert runs.notes(engine, run) == [("x", "dates are day-month")]


def test_the_latest_word_on_each_thing_stands_however_many_are_said_at_once(engine):
    first, then = Account(id="m:a", name="Ann", handle="@a"), Account(id="m:a", name="Anna", kind="bot")
    chat, named = Place(id="m:chat", kind="chat", url="https://x.example"), Place(id="m:chat", kind="chat", name="Street")
    bring(engine, [Item("1", b"one", (first, chat)), Item("2", b"two", (then, named))], name="x")
    bring(engine, [Item("3", b"three", (Account(id="m:a", url="https://x.example/a"),))], name="y")
    with reading(engine) as c:
        assert c.exec_driver_sql("SELECT handle, name, kind, url FROM account").all() == [("@a", "Anna", "bot", "https://x.example/a")]
        assert c.exec_driver_sql("SELECT kind, name, url FROM place").all() == [("chat", "Street", "https://x.example")]
        unpack = packer_of(c).unpack
        raws = c.exec_driver_sql(
            "SELECT r.body FROM record_run rr JOIN raw r ON r.node = rr.raw WHERE rr.kind = 3 ORDER BY rr.run"
        ).scalars()
        assert [unpack(body) for body in raws] == [b"one", b"three"]


def test_what_was_undone_is_not_to_be_found_in_the_file_either(tmp_path):
    """The search index strikes words out first; until it is merged they would stay readable in it."""
    engine = open_engine(tmp_path / "kring.db")
    for word in ("staying", "xyzzyplugh"):
        run = runs.begin(engine, name=word[:3], digest=word[:3], sources="m", asked=Asked(), version="1").node
        some = [Post(id=f"m:{word}{i}", kind="note", text=f"{word} number{i}") for i in range(20)]
        keep.keep(engine, run, "m", [Item(where="", raw=b"", records=(post,)) for post in some])
    runs.undo(engine, run)
    engine.dispose()
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"staying" in held
    assert b"xyzzyplugh" not in held
