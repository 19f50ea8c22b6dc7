"""Google Chat beyond the pairs: times in many languages, what was taken back, conversations cut off, somebody else's files, memory."""

import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from kring import sources, wire
from kring.schema import Post, Scope
from kring.sources import google_chat
from kring.sources.google_chat import time_of
from sources.reading import page, read

BOB = {"name": "Bob", "email": "Bob@dorp.example", "user_type": "Human"}


def message(n, **more):
    return {
        "creator": BOB,
        "created_date": "Tuesday, June 8, 2021 at 6:16:33 PM UTC",
        "text": f"words {n}",
        "topic_id": str(n),
        "message_id": f"abc/{n}/{n}",
    } | more


def conversation(*messages, folder="Google Chat/Groups/DM abc"):
    return page(f"{folder}/messages.json", json.dumps({"messages": messages}).encode())


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("Thursday, November 3, 2016 at 11:59:50 AM UTC", "2016-11-03T11:59:50"),
        ("Thursday, November 3, 2016 at 12:00:00\u202fAM UTC", "2016-11-03T00:00:00"),
        ("Thursday, November 3, 2016 at 12:00:00 PM UTC", "2016-11-03T12:00:00"),
        ("Tuesday, 14 March 2021 at 22:41:03 UTC", "2021-03-14T22:41:03"),
        ("dinsdag 9 maart 2021 om 18:16:33 UTC", "2021-03-09T18:16:33"),
        ("maandag 7 juni 2021 om 18:16:33 UTC", "2021-06-07T18:16:33"),
        ("Dienstag, 8. Juni 2021 um 18:16:33 UTC", "2021-06-08T18:16:33"),
        ("mardi 8 juin 2021 à 18:16:33 UTC", "2021-06-08T18:16:33"),
        ("martes, 8 de junio de 2021, 18:16:33 UTC", "2021-06-08T18:16:33"),
        ("martedì 8 giugno 2021 alle ore 18:16:33 UTC", "2021-06-08T18:16:33"),
        ("terça-feira, 8 de junho de 2021 às 18:16:33 UTC", "2021-06-08T18:16:33"),
        ("2021-06-08T18:16:33Z", "2021-06-08T18:16:33"),
        ("Tuesday, June 31, 2021 at 6:16:33 PM UTC", None),
        ("Tuesday, Foo 8, 2021 at 6:16:33 PM UTC", None),
        ("вторник, 8 июня 2021 г. в 18:16:33 UTC", None),
        ("Monday, January 1, 1601 at 0:00:00 AM UTC", None),
        ("yesterday", None),
        (7, None),
        (None, None),
    ],
)
def test_a_time_is_read_in_eight_languages(written, means):
    at = time_of(written).at
    assert (at if at is None else datetime.fromtimestamp(at / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S")) == means


def test_what_was_taken_back_is_not_kept():
    earlier = {"previous_message_versions": [{"text": "sorry"}], "updated_date": "Tuesday, June 8, 2021 at 6:17:00 PM UTC"}
    items, *_ = read("google_chat", [conversation(message(1, **earlier), message(2, text="weg", message_state="DELETED"))])
    assert [(p.text, p.edited, p.deleted) for p in records(items, Post)] == [("words 1", True, False), ("", False, True)]
    assert all(b"sorry" not in item.raw and b"weg" not in item.raw for item in items)


def test_two_members_exports_meet():
    hers, *_ = read("google_chat", [conversation(message(1))])
    his, *_ = read("google_chat", [conversation(message(1), folder="Takeout/Google Chat/Groups/DM abc")])
    assert records(hers, Post) == records(his, Post)


@pytest.mark.parametrize("cut", range(1, 200, 13))
def test_a_conversation_cut_anywhere_keeps_what_came_before_and_is_not_whole(cut):
    raw = json.dumps({"messages": [message(1), message(2)]}).encode()
    items, unreads, _ = read("google_chat", [page("DM abc/messages.json", raw[:-cut])])
    assert [p.text for p in records(items, Post)][:1] == ["words 1"]
    assert records(items, Scope) == [] or cut == 1
    assert unreads or cut == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"creator": [], "reactions": 7, "attached_files": "x"},
        {"creator": {"email": 7, "name": []}, "reactions": [{"emoji": 3, "reactor_emails": [1, None, ""]}]},
        {"quoted_message_metadata": [], "message_id": "////", "topic_id": None},
        {"message_id": None, "text": ["x"], "created_date": {}},
    ],
)
def test_odd_fields_cost_nothing_but_themselves(odd):
    items, *_ = read("google_chat", [conversation(message(1, **odd), message(2))])
    assert len(records(items, Post)) == 2
    assert records(items, Post)[1].text == "words 2"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("messages.json", b'{"messages": [{"sender": "x"}]}'),
        ("messages.json", b'[{"ID": 1, "Timestamp": "x"}]'),
        ("group_info.json", b'{"group": 1}'),
        ("user_info.json", b'{"user": {"name": "x"}}'),
        ("Hangouts.json", b"{}"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert google_chat.sniff(page(name, head)) < 0.5


def test_memory_does_not_grow_with_the_messages(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)

    def peak(n):
        pages = [conversation(*(message(i) for i in range(n)))]
        tracemalloc.start()
        for _ in google_chat.read(pages, sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(10)
    assert peak(4_000) < peak(500) + 100_000
