"""Telegram beyond the pairs: data that nobody here made, two members' exports of one chat, and what is too much."""

import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from kring import sources
from kring.schema import Account, Asked, Event, Post, Scope
from shared_data import shared
from sources.reading import page, pages_under, read


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def chat(messages, **more):
    head = {"name": "Groep", "type": "private_group", "id": 5}
    return page("export/result.json", json.dumps(head | more | {"messages": messages}, ensure_ascii=False).encode())


def message(id, at, who, text="x", **more):
    return {"id": id, "type": "message", "date_unixtime": str(at), "from": who, "from_id": f"user{ord(who[0])}", "text": text} | more


def test_the_supergroup():
    items, unreads, notes = read("telegram", pages_under(shared("exports_telegram", "result_supergroup.json")))
    place = "telegram:channel3920475340"
    said = [(p.id.removeprefix(place), p.author, p.text) for p in records(items, Post)]
    assert said == [
        ("/2", "telegram:user100", "Благодарю"),
        ("/3", "telegram:user100", "люблю cursor"),
        ("/4", "telegram:user200", "последнее что я писал"),
        ("/5", "telegram:channel999", "linked channel autopost"),
        ("/6", "telegram:chat777", "anon admin post"),
        ("/7", "telegram:user100", "http://x свежак курсор Cursor CURSOR"),
        ("/20", "telegram:user100", "новый месяц cursor"),
        ("/21", "telegram:user200", "ещё"),
    ]
    assert {(p.place, p.visibility, p.zone, p.offset_s) for p in records(items, Post)} == {(place, "public", "UTC", 0)}
    assert [(e.verb, e.actor, e.object, e.at) for e in records(items, Event)] == [
        ("add", "telegram:user100", "telegram:user200", 1751328000_000000),
        ("update", "", place, 1756857600_000000),
    ]
    assert {(a.id, a.name) for a in records(items, Account)} == {
        ("telegram:user100", "Олег"),
        ("telegram:user200", "Старик Молчун"),
        ("telegram:chat777", "Аноним Админ"),
    }
    assert [(s.place, s.since, s.until) for s in records(items, Scope)] == [(place, 1751328000_000000, 1768899600_000000)]
    assert (unreads, notes) == ([], [])


@pytest.mark.parametrize("file", ["test_single_export.json", "test_batch_export.json"])
def test_what_chat_miner_expects(file):
    """It joins the pieces of a text by a space, where Telegram writes the spaces that belong there."""
    items, unreads, _ = read("telegram", [page(file, shared("exports_chatminer", "telegram", file).read_bytes())])
    names = {a.id: a.name for a in records(items, Account)}
    expected = json.loads(shared("exports_chatminer", "telegram", "target.json").read_text())
    got = [(datetime.fromtimestamp(p.at / 1e6, UTC), names[p.author], p.text.replace(" ", "")) for p in records(items, Post)]
    assert got == [
        (datetime.fromisoformat(e["timestamp"]).replace(tzinfo=UTC), e["author"], e["message"].replace(" ", "")) for e in expected
    ]
    assert not unreads


def test_two_members_exports_of_a_small_group_meet():
    """Each has numbers of their own; one exported before a text was edited, and begins later."""
    ann = chat(
        [
            message(1, 1700000000, "Ann", "een"),
            message(2, 1700000000, "Ann", "twee"),
            message(4, 1700000060, "Bob", "ja", reply_to_message_id=2),
        ]
    )
    bob = chat(
        [
            message(71, 1700000000, "Ann", "een!"),
            message(72, 1700000000, "Ann", "twee"),
            message(90, 1700000060, "Bob", "ja", reply_to_message_id=72),
        ]
    )
    first, second = (records(read("telegram", [each])[0], Post) for each in (ann, bob))
    assert [(p.id, p.reply_to, p.author) for p in first] == [(p.id, p.reply_to, p.author) for p in second]
    assert first[2].reply_to == first[1].id
    assert len({p.id for p in first}) == 3


def test_a_chat_of_two_is_one_place_in_both_exports():
    talk = [message(1, 1700000000, "A"), message(2, 1700000001, "B")]
    seen_by_a, seen_by_b = (chat(talk, type="personal_chat", id=each, name=name) for each, name in ((ord("B"), "B"), (ord("A"), "A")))
    first, second = (read("telegram", [each])[0] for each in (seen_by_a, seen_by_b))
    assert [p.id for p in records(first, Post)] == [p.id for p in records(second, Post)]
    assert [a.id for a in records(first, Account) if a.owner] == [f"telegram:user{ord('A')}"]
    assert [a.id for a in records(second, Account) if a.owner] == [f"telegram:user{ord('B')}"]


def test_a_name_that_two_people_have_is_nobodys_number():
    service = {"id": 9, "type": "service", "date_unixtime": "1700000100", "actor": "Ann", "actor_id": "user65", "action": "invite_members"}
    said = [message(1, 1700000000, "Bob"), message(2, 1700000001, "Bob", from_id="user9"), service | {"members": ["Bob", "Ann"]}]
    added = [e.object for e in records(read("telegram", [chat(said)])[0], Event)]
    assert added == ["telegram:chat5/Bob", "telegram:chat5"]


def test_html_is_said_to_be_the_wrong_form():
    html = page("x/messages.html", b'<html><title>Exported Data</title><div class="page_wrap"></div>')
    assert sources.recognise(html)[0] == "telegram"
    (loss,) = read("telegram", [html])[1]
    assert "JSON" in loss.next


def test_memory_does_not_grow_with_a_supergroup():
    def used(n):
        each = chat([message(i, 1700000000 + i, "Ann", "woord " * 20) for i in range(n)], type="private_supergroup")
        tracemalloc.start()
        for _ in sources.export("telegram").read([each], Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert used(20_000) < used(8_000) * 1.3 + 1_000_000


def test_an_export_made_to_be_slow_is_read():
    parts = ["x", {"type": "blockquote", "text": "y"}, {"type": "mention", "text": "@z"}] * 50_000
    items, unreads, _ = read(
        "telegram", [chat([message(1, 1700000000, "Ann", parts), message(1, 1700000000, "Ann", '"from": "' * 100_000)])]
    )
    assert [len(p.mentions) for p in records(items, Post)] == [1, 0]
    assert not unreads
