"""Discord beyond the pairs: two packages in one folder, both kinds of export of one message, and the signs in its texts."""

import json

import pytest

from kring.schema import Account, Event, Place, Post, Scope
from kring.sources.discord_words import file, id_of, words
from sources.reading import page, read

ANNA, BOB = "100000000000000001", "100000000000000002"
CHANNEL = "200000000000000001"


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def package(top, who, *messages):
    user = {"id": who, "username": f"u{who[-1]}", "discriminator": "0", "relationships": [{"id": BOB}]}
    channel = {"id": CHANNEL, "type": 1, "recipients": [ANNA, BOB]}
    lines = [{"ID": int(id), "Timestamp": "2024-02-08 12:34:56", "Contents": text, "Attachments": ""} for id, text in messages]
    return [
        page(f"{top}account/user.json", json.dumps(user).encode()),
        page(f"{top}messages/c{CHANNEL}/channel.json", json.dumps(channel).encode()),
        page(f"{top}messages/c{CHANNEL}/messages.json", json.dumps(lines).encode()),
    ]


def test_two_packages_in_one_folder_keep_their_owners():
    pages = package("both/a.zip/", ANNA, ("400000000000000001", "hi")) + package("both/b.zip/", BOB, ("400000000000000002", "yo"))
    items, unreads, _ = read("discord", pages)
    assert [(p.text, p.author, p.mentions) for p in records(items, Post)] == [
        ("hi", f"discord:{ANNA}", (f"discord:{BOB}",)),
        ("yo", f"discord:{BOB}", (f"discord:{ANNA}",)),
    ]
    assert {s.account for s in records(items, Scope)} == {f"discord:{ANNA}", f"discord:{BOB}"}
    assert {u.kind for u in unreads} == {"skipped"}


def test_package_and_channel_meet():
    author = {"id": ANNA, "name": "anna", "discriminator": "0000", "isBot": False}
    said = {"id": "400000000000000001", "type": "Default", "timestamp": "2024-02-08T13:34:56+01:00", "content": "hi", "author": author}
    head = {"guild": {"id": "0", "name": "Direct Messages"}, "channel": {"id": CHANNEL, "type": "DirectTextChat", "name": "bob"}}
    answer = said | {"id": "400000000000000002", "author": author | {"id": BOB, "name": "bob"}, "content": "yo"}
    channel = page("dm.json", json.dumps(head | {"messages": [said, answer]}).encode())
    (ours,) = records(read("discord", package("", ANNA, ("400000000000000001", "hi")))[0], Post)
    theirs, _ = records(read("discord", [channel])[0], Post)
    for key in ("id", "author", "at", "text", "place", "visibility", "mentions"):
        assert getattr(ours, key) == getattr(theirs, key), key


def test_a_package_without_its_owner_says_so_or_is_told():
    _, channel, messages = package("", ANNA, ("400000000000000001", "hi"))
    items, unreads, _ = read("discord", [channel, messages])
    assert [p.author for p in records(items, Post)] == [""]
    assert "whose" in unreads[0].why
    assert not records(items, Scope)
    items, unreads, _ = read("discord", [channel, messages], place=ANNA)
    assert [p.author for p in records(items, Post)] == [f"discord:{ANNA}"]
    assert not unreads


def test_friends_are_not_named():
    items, unreads, _ = read("discord", package("", ANNA, ("400000000000000001", "hi")))
    assert [a.id for a in records(items, Account)] == [f"discord:{ANNA}"]
    assert b"relationships" not in b"".join(item.raw for item in items)
    assert [(u.kind, u.n) for u in unreads] == [("skipped", 1)]


@pytest.mark.parametrize(
    ("written", "plain", "named"),
    [
        (f"<@{BOB}> <@!{BOB}>", "@bob @bob", (BOB,)),
        ("<@123456789012345678>", "@123456789012345678", ("123456789012345678",)),
        ("<a:wave:123456789012345678>", ":wave:", ()),
        ("<#300000000000000000> <@&300000000000000000>", "#300000000000000000 @300000000000000000", ()),
        ("a < b <@12>", "a < b <@12>", ()),
    ],
)
def test_signs_in_a_text(written, plain, named):
    assert words(written, {BOB: "bob"}) == (plain, named)


@pytest.mark.parametrize(("name", "kind"), [("x/A.JPG?ex=1", "image"), ("b.mov", "video"), ("c.opus", "audio"), ("d", "document")])
def test_files_by_their_names(name, kind):
    assert file(name).kind == kind


@pytest.mark.parametrize(
    ("value", "id"),
    [(123456789012345678, "discord:123456789012345678"), ("12", ""), (True, ""), (None, ""), ("１２３４５６７８９０１２３４５６", "")],
)
def test_ids(value, id):
    assert id_of(value) == id


def test_the_same_reaction_twice_is_one_event():
    user = {"id": BOB, "name": "bob"}
    said = {"id": "400000000000000001", "type": "Default", "timestamp": "2024-02-08T13:34:56+01:00", "content": "hi", "author": user}
    said["reactions"] = [{"emoji": {"name": "x"}, "count": 1, "users": [user]}]
    export = page("c.json", json.dumps({"guild": {}, "channel": {"id": CHANNEL}, "messages": [said]}).encode())
    first, second = (records(read("discord", [export])[0], Event) for _ in range(2))
    assert first == second
    assert len(first) == 1


def test_a_server_is_not_its_first_channel():
    """Until 2017 the first channel of a server had the server's own number."""
    said = {
        "guild": {"id": "300000000000000001", "name": "Wijk"},
        "channel": {"id": "300000000000000001", "type": "GuildTextChat", "name": "algemeen"},
        "messages": [],
    }
    items, *_ = read("discord", [page("algemeen.json", json.dumps(said).encode())])
    places = [record for item in items for record in item.records if isinstance(record, Place)]
    assert {(each.id, each.kind) for each in places} == {
        ("discord:300000000000000001", "group"),
        ("discord:server/300000000000000001", "server"),
    }
