"""Looking before keeping: nothing is read twice, nothing is lost or changed on the way, and "at least" is said where it wasn't all seen."""

from types import SimpleNamespace

import pytest

from kring import sources
from kring.schema import Account, Asked, Event, Item, Media, Membership, Note, Place, Post, Scope, Unread
from kring.verbs import look
from kring.verbs.look import Reading
from kring.verbs.progress import SILENT

RECORDS = (
    Post(
        id="m:1",
        kind="note",
        author="m:a",
        at=5,
        text="Hallo \ud83d\ude00",
        visibility="place",
        mentions=("m:b",),
        media=(Media(name="x"),),
    ),
    Event(verb="follow", actor="m:b", object="m:c", object_kind="account", at=9),
    Account(id="m:a", owner=True),
    Place(id="m:p", kind="chat"),
    Membership(account="m:d", place="m:p"),
    Scope(account="m:a", since=1),
)


def given(n):
    yield Note(where="f", text="days first")
    for i in range(n):
        yield Item(f"f, line {i}", b"\x00\xff" + str(i).encode(), RECORDS[i % 6 : i % 6 + 1])
        yield Unread(where=f"line {i}", why="broken", raw=b"\xff", kind="skipped" if i % 2 else "broken")


@pytest.fixture
def reading(monkeypatch, tmp_path):
    """A `Reading` of a reader that gives what it is told to, once."""
    reads = []

    def of(*things, **limits):
        for name, value in limits.items():
            monkeypatch.setattr(look, name, value)
        monkeypatch.setattr(sources, "export", lambda name: SimpleNamespace(read=lambda pages, asked: reads.append(name) or iter(things)))
        return Reading({"one": [], "two": []}, Asked(), tmp_path)

    yield of
    assert reads == ["one", "two"]


def whole(things):
    """As the store would have it: half characters replaced."""
    return [look._in_whole_characters(each) for each in things]


@pytest.mark.parametrize("limits", [{}, {"_FRAME_ITEMS": 1}, {"_LOOK_ITEMS": 7, "_FRAME_ITEMS": 3}, {"_LOOK_BYTES": 10, "_FRAME_BYTES": 4}])
def test_what_was_looked_at_is_given_again_and_then_the_rest(reading, limits):
    things = list(given(100))
    with reading(*things, **limits) as found:
        at_least = found.look(SILENT).at_least
        assert [whole(found.again("one")), whole(found.again("two"))] == [whole(things)] * 2
        assert at_least == any(name.startswith("_LOOK") for name in limits)
        assert found.notes == [things[0]] * 2
        assert len(found.unread) == 200


def test_whom_and_what_it_holds(reading):
    with reading(*given(6)) as found:
        seen = found.look(SILENT)
    assert (seen.people, seen.posts, seen.private, seen.events, seen.unread) == (2, 2, 2, 2, 6)
    assert (seen.first_at, seen.last_at, seen.at_least) == (5, 5, False)


def test_a_dry_run_sees_all_of_it(reading):
    with reading(*given(50), _LOOK_ITEMS=3, _FRAME_ITEMS=2) as found:
        seen = found.look(SILENT, to_the_end=True)
    assert (seen.posts, seen.at_least) == (18, False)
