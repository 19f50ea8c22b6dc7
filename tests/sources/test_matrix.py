"""Matrix beyond the pairs: who may edit, forms of mentions and votes, and what is too many."""

import json

import pytest

from kring.schema import Account, Event, Post
from kring.sources import matrix
from kring.sources.matrix_events import said, votes
from sources.reading import page, read

HEAD = {"room_name": "Tuin", "room_creator": "x", "topic": "", "export_date": "x", "exported_by": "Anna"}


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def room(*events, **head):
    full = [{"event_id": f"${n}", "room_id": "!r:x", "origin_server_ts": 1711879200000 + n, **each} for n, each in enumerate(events)]
    return page("export.json", json.dumps(HEAD | head | {"messages": full}).encode())


def text(sender, body, **content):
    return {"type": "m.room.message", "sender": sender, "content": {"msgtype": "m.text", "body": body} | content}


def edit(sender, target, body):
    new = {"m.new_content": {"msgtype": "m.text", "body": body}, "m.relates_to": {"rel_type": "m.replace", "event_id": target}}
    return text(sender, f"* {body}", **new)


def test_only_its_author_edits_a_message_and_the_last_edit_counts():
    items, unreads, _ = read(
        "matrix", [room(text("@a:x", "one"), edit("@b:x", "$0", "stolen"), edit("@a:x", "$0", "two"), edit("@a:x", "$0", "three"))]
    )
    (post,) = records(items, Post)
    assert (post.text, post.edited, post.edited_at) == ("three", True, (1711879200003) * 1000)
    assert [(u.kind, u.n) for u in unreads] == [("unknown", 1)]


def test_more_edits_than_are_kept_are_acts(monkeypatch):
    monkeypatch.setattr(matrix, "_MOST", 1)
    items, *_ = read("matrix", [room(text("@a:x", "one"), text("@a:x", "uno"), edit("@a:x", "$0", "two"), edit("@a:x", "$1", "due"))])
    assert [p.text for p in records(items, Post)] == ["two", "uno"]
    assert [(e.verb, e.object, e.text) for e in records(items, Event)] == [("update", "matrix:$1", "m.replace")]


@pytest.mark.parametrize(
    ("content", "mentions"),
    [
        ({"m.mentions": {"user_ids": ["@b:x", "@b:x", 3, "nobody"]}}, ("@b:x",)),
        ({"m.mentions": {}, "formatted_body": '<a href="https://matrix.to/#/@b:x">B</a>'}, ("@b:x",)),
        ({"formatted_body": '<a href="https://matrix.to/#/%40b%3Ax">B</a> <a href="https://matrix.to/#/!room:x">R</a>'}, ("@b:x",)),
        ({"formatted_body": '<mx-reply><a href="https://matrix.to/#/@a:x">A</a></mx-reply>ja'}, ()),
    ],
)
def test_mentions(content, mentions):
    assert said("m.room.message", {"body": "x"} | content, reply=False).mentions == mentions


def test_the_copy_of_what_is_replied_to_is_left_out_only_in_replies():
    body = "> <@a:x> hoi\n> regel\n\nja\n> mijn citaat"
    assert said("m.room.message", {"body": body}, reply=True).text == "ja\n> mijn citaat"
    assert said("m.room.message", {"body": body}, reply=False).text == body


def test_votes_old_and_new():
    assert votes({"m.selections": ["1", "2"]}) == ("1", "2")
    assert votes({"org.matrix.msc3381.poll.response": {"answers": ["z"]}}) == ("z",)
    assert votes({"m.selections": "1"}) == ()


@pytest.mark.parametrize(("names", "owners"), [(("Anna", "Bram"), ["matrix:@0:x"]), (("Anna", "Anna"), []), (("Bea", "Bram"), [])])
def test_the_owner_is_the_one_member_of_that_name(names, owners):
    members = [
        {"type": "m.room.member", "sender": f"@{n}:x", "state_key": f"@{n}:x", "content": {"membership": "join", "displayname": name}}
        for n, name in enumerate(names)
    ]
    assert [a.id for a in records(read("matrix", [room(*members)])[0], Account) if a.owner] == owners


def test_the_same_export_twice_gives_the_same():
    export = room(text("@a:x", "one"), edit("@a:x", "$0", "two"), {"type": "m.reaction", "sender": "@b:x", "content": {}})
    assert read("matrix", [export]) == read("matrix", [export])


def test_html_made_to_be_slow_is_read():
    html = "<mx-reply>" * 100_000 + "https://matrix.to/#/@" * 100_000 + '<a href="https://matrix.to/#/@b:x">B</a>'
    assert "@b:x" in said("m.room.message", {"body": "x", "formatted_body": html}, reply=False).mentions
