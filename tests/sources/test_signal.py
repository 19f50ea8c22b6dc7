"""Signal beyond the pairs: data that nobody here made, keys that nobody may keep, two members' exports, and WhatsApp's likeness."""

import base64
import json
import uuid
from datetime import datetime

import pytest

from kring import sources
from kring.schema import Account, Event, Membership, Post, Scope
from shared_data import shared
from sources.reading import page, pages_under, read

A, B, C = (uuid.UUID(int=n) for n in (1, 2, 3))
KEY = base64.b64encode(b"the key of the group and of us..").decode()


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def aci(of):
    return base64.b64encode(of.bytes).decode()


def own(me, my_name, others, *chat_items, timer=None):
    """`main.jsonl` of one member of a group of A, B and C."""
    group = {"masterKey": KEY, "snapshot": {"title": {"title": "Koor"}, "members": [{"userId": aci(each)} for each in (A, B, C)]}}
    contacts = [{"recipient": {"id": str(n), "contact": {"aci": aci(u), "profileGivenName": name}}} for n, u, name in others]
    chat = {"id": "9", "recipientId": "7"} | ({"expirationTimerMs": timer} if timer else {})
    frames = [
        {"version": "1", "backupTimeMs": "1733000000000", "mediaRootBackupKey": KEY},
        {"account": {"profileKey": KEY, "givenName": my_name, "svrPin": "4711"}},
        {"recipient": {"id": "1", "self": {}}},
        *contacts,
        {"recipient": {"id": "7", "group": group}},
        {"chat": chat},
        *({"chatItem": {"chatId": "9", **each}} for each in chat_items),
    ]
    return page("main.jsonl", "\n".join(map(json.dumps, frames)).encode())


def said(who, at, text, **more):
    return {"authorId": who, "dateSent": str(at), "standardMessage": {"text": {"body": text}} | more}


def test_what_chat_miner_expects():
    items, unreads, _ = read("signal", pages_under(shared("exports_chatminer", "signal", "test_export.txt")))
    names = {a.id: a.name for a in records(items, Account)}
    expected = json.loads(shared("exports_chatminer", "signal", "target.json").read_text())
    got = {(p.at // 1_000_000, names[p.author], " ".join(p.text.split())) for p in records(items, Post)}
    assert got == {(int(datetime.fromisoformat(e["timestamp"] + "+00:00").timestamp()), e["author"], e["message"]) for e in expected}
    assert not unreads


def test_two_members_exports_meet():
    anna = own(
        A,
        "Anna",
        [("2", B, "Bram"), ("3", C, "Cem")],
        said("1", 1732000001000, "hoi"),
        said("2", 1732000002000, "ha", quote={"targetSentTimestamp": "1732000001000", "authorId": "1"}),
    )
    bram = own(
        B,
        "Bram",
        [("5", A, "Anna"), ("3", C, "Cem")],
        said("5", 1732000001000, "hoi"),
        said("1", 1732000002000, "ha", quote={"targetSentTimestamp": "1732000001000", "authorId": "5"}),
    )
    first, second = (read("signal", [each])[0] for each in (anna, bram))
    assert [(p.id, p.author, p.reply_to, p.place) for p in records(first, Post)] == [
        (p.id, p.author, p.reply_to, p.place) for p in records(second, Post)
    ]
    assert [a.id for a in records(first, Account) if a.owner] == [f"signal:{A}"]
    assert [a.id for a in records(second, Account) if a.owner] == [f"signal:{B}"]
    assert {m.account for m in records(first, Membership)} == {f"signal:{each}" for each in (A, B, C)}


def test_no_key_or_pin_is_kept():
    items, *_ = read("signal", [own(A, "Anna", [("2", B, "Bram"), ("3", C, "Cem")], said("1", 1732000001000, "hoi"))])
    kept = b"".join(item.raw for item in items) + repr([item.records for item in items]).encode()
    assert b"hoi" in kept
    assert KEY.encode() not in kept
    assert b"4711" not in kept


def test_who_never_takes_part_is_not_named():
    export = own(A, "Anna", [("2", B, "Bram"), ("3", C, "Cem"), ("4", uuid.UUID(int=99), "Never Spoke")], said("1", 1732000001000, "hoi"))
    assert {a.name for a in records(read("signal", [export])[0], Account)} == {"Anna", "Bram", "Cem"}


@pytest.mark.parametrize("timer", [None, "86400000"])
def test_a_chat_whose_messages_disappear_is_not_whole(timer):
    export = own(A, "Anna", [("2", B, "Bram"), ("3", C, "Cem")], said("1", 1732000001000, "hoi"), timer=timer)
    assert bool(records(read("signal", [export])[0], Scope)) == (timer is None)


def test_text_and_json_of_one_chat_meet():
    text = page("Bram/chat.md", b"[2023-07-02 09:00:10] Me: Hi  \n(- Bram: x -)\n[2023-07-02 09:00:20] Bram: Yo  \n\n")
    older = page("Bram/chat.md", b"[2023-07-02, 09:00] Me: Hi  \n[2023-07-02, 09:00] Bram: Yo  \n")
    as_json = [
        {"date": f"2023-07-02T09:00:{s}", "sender": w, "body": t, "quote": ""} for s, w, t in ((10, "Me", "Hi  "), (20, "Bram", "Yo  "))
    ]
    lines = page("Bram/data.json", "\n".join(map(json.dumps, as_json)).encode())
    ids = [[p.id for p in records(read("signal", [each])[0], Post)] for each in (text, older, lines)]
    assert ids[0] == ids[1] == ids[2]
    assert [e.text for e in records(read("signal", [text])[0], Event)] == ["x"]


@pytest.mark.parametrize(
    ("file", "text", "whose"),
    [
        ("chat.txt", "[2019-12-24, 12:23] Jane: Hi\n", "signal"),
        ("chat.txt", "[2024-01-05 10:22:33] Jane: Hi\n", "signal"),
        ("chat.md", "[2024-01-05 10:22:33] Jane: Hi\n", "signal"),
        ("chat.txt", "[2024-01-05, 10:22:33] Jane: Hi\n", "whatsapp"),
        ("_chat.txt", "[2019-12-24, 12:23] Jane: Hi\n", "whatsapp"),
        ("chat.txt", "\u200e[2024-01-05 10:22:33] Jane: \u200eimage omitted\n", "whatsapp"),
        ("chat.txt", "[05.01.24, 10:22:33] Jane: Hi\n", "whatsapp"),
    ],
)
def test_whose_a_text_is(file, text, whose):
    assert sources.recognise(page(file, text.encode()))[0] == whose


def test_no_chat_of_whatsapp_is_taken_away():
    for each in pages_under(shared("exports_whatsapp")) + pages_under(shared("exports_chatminer", "whatsapp")):
        assert sources.recognise(each)[0] in ("whatsapp", ""), each.name


def test_a_text_made_to_be_slow_is_read():
    text = "[2024-01-05 10:22:33] Jane: (./media/ " + "![" * 200_000 + "\n" + "(- " * 100_000 + "\n" + "(( " * 100_000
    ranges = [{"start": n, "length": 1, "mentionAci": aci(B)} for n in range(20_000)]
    export = own(A, "Anna", [("2", B, "Bram"), ("3", C, "Cem")], said("1", 1732000001000, "x" * 20_000))
    marked = page(
        "main.jsonl", export.open().read().replace(b'"text": {', b'"text": {"bodyRanges": ' + json.dumps(ranges).encode() + b", ")
    )
    assert len(records(read("signal", [page("chat.md", text.encode())])[0], Post)[0].text) > 600_000
    assert records(read("signal", [marked])[0], Post)[0].text == "@Bram" * 20_000
