"""Overlapping exports: two members of one chat, an older and a newer archive. Together each thing is there once, and taking any of them back,
in any order, leaves what the others hold."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kring
from circles import town, truth
from kring.store.ledger import add_us
from store.content import everything

SAID = [
    ("10:00", "Anna", "Good morning"), ("10:00", "Bo", "ok"), ("10:00", "Bo", "ok"), ("10:00", "Anna", "Who has a ladder?"), ("10:00", "Bo", "ok"),
    ("10:00", "Cas", "Me"), ("10:01", "Bo", "ok"), ("10:01", "Cas", "Two lines\nof which this is one"), ("10:02", "Anna", "Thanks"),
    ("10:02", "Anna", "Thanks"), ("10:05", "Dee", "Did I miss something?"), ("10:05", "Bo", "ok"), ("11:30", "Anna", "Bye"), ("11:30", "Cas", "Bye"),
]  # fmt: skip
ME = "https://t.example/users/anna"


def chat(first=0, last=None):
    return "".join(f"05-03-2024 {time} - {who}: {text}\n" for time, who, text in SAID[first:last])


def archive(texts, edited=()):
    """An outbox; `edited` are numbers of posts with the moment of their edit."""
    edits = dict(edited)
    notes = []
    for n, text in texts:
        note = {
            "id": f"{ME}/statuses/{n}",
            "type": "Note",
            "attributedTo": ME,
            "published": f"2024-03-{n:02}T10:00:00Z",
            "content": f"<p>{text}</p>",
        }
        note |= {"to": ["https://www.w3.org/ns/activitystreams#Public"]} | ({"updated": edits[n]} if n in edits else {})
        notes.append({"id": f"{note['id']}/activity", "type": "Create", "actor": ME, "published": note["published"], "object": note})
    head = {"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection", "totalItems": len(notes)}
    return json.dumps(head | {"orderedItems": notes})


EXPORTS = {
    "WhatsApp Chat with Street.txt": chat(),
    "begins in mid-minute/WhatsApp Chat with Street.txt": chat(first=4),
    "ends early/WhatsApp Chat with Street.txt": chat(last=9),
    "old/outbox.json": archive([(1, "first"), (2, "as it was"), (3, "gone later")]),
    "new/outbox.json": archive([(1, "first"), (2, "as it was mended"), (4, "new")], edited=[(2, "2024-03-09T10:00:00Z")]),
    "newest/outbox.json": archive([(2, "mended again"), (4, "new")], edited=[(2, "2024-03-10T10:00:00Z")]),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    for name, text in EXPORTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in EXPORTS]


@pytest.fixture(scope="module")
def of(files, tmp_path_factory):
    """What a circle holds into which some of the files were brought, in the order of the list above: made once for each choice."""
    known = {}
    empty = tmp_path_factory.mktemp("empty") / "circle"
    with kring.new(empty) as circle:
        add_us(circle.engine, ["mastodon:anna@t.example"])  # of our own posts what they said before they were edited stays
    numbers = itertools.count()

    def fresh():
        folder = tmp_path_factory.mktemp("some") / str(next(numbers))
        folder.mkdir()
        (folder / "kring.db").write_bytes((empty / "kring.db").read_bytes())
        return kring.open(folder)

    def holds(some):
        if some not in known:
            with fresh() as circle:
                for i in sorted(some):
                    circle.import_(files[i])
                known[some] = everything(circle.engine)
        return known[some]

    return fresh, holds


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(len(EXPORTS))), data=st.data())
def test_in_any_order_together_and_taken_back(of, files, order, data):
    fresh, holds = of
    brought = data.draw(st.integers(2, len(order)))
    gone = data.draw(st.lists(st.sampled_from(order[:brought]), unique=True, max_size=brought))
    with fresh() as circle:
        runs = {i: circle.import_(files[i])[0].run for i in order[:brought]}
        assert same(everything(circle.engine), holds(frozenset(order[:brought])))
        for i in gone:
            circle.undo(runs[i])
        assert same(everything(circle.engine), holds(frozenset(order[:brought]) - set(gone)))
        for i in gone:
            circle.import_(files[i])
        assert same(everything(circle.engine), holds(frozenset(order[:brought])))


def same(one, other):
    assert {name for name in other if one[name] != other[name]} == set()
    return True


def test_each_message_is_there_once(of, files):
    fresh, _ = of
    for order in itertools.permutations(range(3)):
        with fresh() as circle:
            done = [circle.import_(files[i])[0] for i in order]
            found = sorted((post.author_name, post.text) for post in circle.posts(limit=None))
            assert found == sorted((who, text) for _, who, text in SAID)
            first, *later = [each.kept.posts for each in done]
            assert first + sum(later) == len(SAID)
            if order[0] == 0:
                assert later == [0, 0], "the whole chat was there already"


def test_the_latest_edit_stands_whichever_came_first(of, files):
    fresh, _ = of
    for order in itertools.permutations(range(3, 6)):
        with fresh() as circle:
            runs = {i: circle.import_(files[i])[0].run for i in order}

            def text(circle=circle):
                return next((post.text for post in circle.posts(limit=None) if post.id.endswith("/2")), None)

            assert text() == "mended again"
            assert len(circle.posts(limit=None)) == 4
            assert [hit.text for hit in circle.search("mended").posts] == ["mended again"]
            circle.undo(runs[5])
            assert text() == "as it was mended"
            circle.undo(runs[4])
            assert text() == "as it was"
            assert not circle.search("mended").posts
            circle.undo(runs[3])
            assert circle.posts(limit=None) == []
            assert circle.people() == []


def test_two_members_of_a_chat_in_the_town_bring_each_message_once(tmp_path):
    folder = town(300)
    chats = [chat for chat in truth(folder)["chats"] if len(chat["exports"]) > 1]
    assert chats
    for chat in chats:
        for order in (1, -1):
            with kring.new(tmp_path / f"{chat['name']} {order}") as circle:
                for each in chat["exports"][::order]:
                    circle.import_(folder / each["path"])
                posts = circle.posts(limit=None)
                assert len(posts) == chat["messages"] - chat["kinds"].get("deleted", 0)
                assert {post.author_name for post in posts} <= set(chat["messages_by"])
                (place,) = circle.places()
                assert place.members <= len(chat["members"]) + 1
