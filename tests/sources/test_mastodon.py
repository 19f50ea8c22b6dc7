"""Mastodon's archive beyond the pairs: what is too big, too deep, too many or wrongly written, and one id for one account."""

import json
import tracemalloc

import pytest

from kring import sources, wire
from kring.schema import Account, Event, Post, Scope
from kring.sources import mastodon
from kring.sources.activitypub import account_id, account_named
from sources.reading import page, read

ANNA = "https://town.example/users/anna"


def note(n, **more):
    thing = {
        "id": f"{ANNA}/statuses/{n}",
        "type": "Note",
        "published": "2024-05-01T08:00:00Z",
        "to": "as:Public",
        "attributedTo": ANNA,
        "content": "x",
    }
    return {"type": "Create", "actor": ANNA, "object": thing | more}


def outbox(*elements):
    raw = b",\n".join(e if isinstance(e, bytes) else json.dumps(e, ensure_ascii=False).encode("utf-8", "surrogatepass") for e in elements)
    return page("archive.zip/outbox.json", b'{"id":"outbox.json","type":"OrderedCollection","orderedItems":[' + raw + b"]}")


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("https://town.example/users/Anna", "mastodon:anna@town.example"),
        ("https://town.example/@anna", "mastodon:anna@town.example"),
        ("https://Town.example/@anna/", "mastodon:anna@town.example"),
        ("http://town.example:8101/users/anna", "mastodon:anna@town.example:8101"),
        ("https://lemmy.example/c/books", "mastodon:books@lemmy.example"),
        ("https://town.example/ap/users/115", "mastodon:https://town.example/ap/users/115"),
        ("https://far.example/objects/df6c", "mastodon:https://far.example/objects/df6c"),
        ("", ""),
    ],
)
def test_an_address_gives_the_accounts_id(address, id):
    assert account_id(address) == id


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("@Anna@Town.example", "mastodon:anna@town.example"),
        (" anna@town.example ", "mastodon:anna@town.example"),
        ("@anna", "mastodon:anna@home.example"),
        ("anna@town.example:8101", "mastodon:anna@town.example:8101"),
        ("", ""),
        ("@", ""),
        ("two words", ""),
        ("https://town.example/@anna", ""),
    ],
)
def test_a_name_gives_the_same_id(name, id):
    assert account_named(name, "home.example") == id
    assert "@" in name[1:] or account_named(name, "") == ""


def test_one_account_has_one_id_in_actor_outbox_mention_and_list():
    who = {"id": ANNA, "preferredUsername": "Anna", "outbox": "outbox.json", "type": "Person"}
    mention = note(1, tag=[{"type": "Mention", "href": ANNA, "name": "@Anna"}])
    pages = [
        page("a/actor.json", json.dumps(who).encode()),
        page("a/followers.csv", b"anna@TOWN.example\n"),
        page("a/outbox.json", outbox(mention).open().read()),
    ]
    items, unreads, _ = read("mastodon", pages)
    (account,), (post,), (follow,), (scope,) = (records(items, kind) for kind in (Account, Post, Event, Scope))
    assert {account.id, post.author, *post.mentions, follow.actor, follow.object, scope.account} == {"mastodon:anna@town.example"}
    assert unreads == []


def test_what_the_account_says_of_its_own_name_comes_first():
    who = {"id": "https://social.town.example/ap/users/1", "preferredUsername": "anna", "webfinger": "anna@town.example", "outbox": ""}
    items, _, notes = read("mastodon", [page("actor.json", json.dumps(who).encode())])
    assert records(items, Account)[0].id == "mastodon:anna@town.example"
    assert len(notes) == 1


def test_nesting_without_end_costs_that_item_only():
    items, unreads, _ = read("mastodon", [outbox(note(1), b'{"object":' + b"[" * 200_000 + b"]" * 200_000 + b"}", note(2))])
    assert len(records(items, Post)) == 2
    assert [(u.kind, u.where) for u in unreads] == [("broken", "archive.zip/outbox.json, item 2")]
    assert records(items, Scope) == [], "with an item missing the export isn't whole"


def test_an_item_longer_than_a_record_may_be_is_said(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 10)
    monkeypatch.setattr(wire.items, "__kwdefaults__", {"longest": 5000})
    items, unreads, _ = read("mastodon", [outbox(note(1), note(2, content="y" * 20_000), note(3))])
    assert [p.id[-1] for p in records(items, Post)] == ["1", "3"]
    assert [(u.kind, u.where) for u in unreads] == [("too-large", "archive.zip/outbox.json, item 2")]


def test_many_equal_losses_become_one_line_with_a_number():
    _, unreads, _ = read("mastodon", [outbox(*[b"7"] * 1000, note(1), *[note(2, published=f"{year}-01-01") for year in range(2100, 2500)])])
    assert sum(u.n for u in unreads if u.kind == "broken") == 1000
    assert sum(u.n for u in unreads if u.kind == "implausible-time") == 400
    assert len(unreads) == 202
    assert unreads[-1].where.endswith(" and on")


def test_another_encoding_is_said_once_and_the_post_is_kept():
    raw = json.dumps(note(1, content="Zoë"), ensure_ascii=False).encode("cp1252")
    items, unreads, _ = read("mastodon", [outbox(raw, raw)])
    assert [p.text for p in records(items, Post)] == ["Zo\ufffd"] * 2
    assert [(u.kind, u.n) for u in unreads] == [("encoding", 2)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (rb"a\ud83d b", "a\ufffd b"),
        (rb"a\ude00 b", "a\ufffd b"),
        (rb"\uD83D\uDE00 \ud83d", "\U0001f600 \ufffd"),
        (rb"\ude00\ud83d\ude00\ude00", "\ufffd\U0001f600\ufffd"),
        (b"a\tb\x01c", "a b c"),
    ],
)
def test_half_characters_are_mended_and_whole_ones_beside_them_stay(written, meant):
    items, unreads, _ = read("mastodon", [outbox(json.dumps(note(1, content="@")).encode().replace(b'"@"', b'"' + written + b'"'))])
    assert [p.text for p in records(items, Post)] == [meant]
    assert [u.kind for u in unreads] == ["encoding"]


def test_the_same_twice_gives_the_same_ids():
    items, *_ = read("mastodon", [outbox(note(1), note(1), note(1, content="edited"))])
    assert len({p.id for p in records(items, Post)}) == 1
    again, *_ = read("mastodon", [outbox(note(1), note(1), note(1, content="edited"))])
    assert items == again


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_an_outbox_cut_anywhere_never_claims_to_be_whole(cut):
    whole = outbox(note(1), note(2)).open().read()
    items, unreads, _ = read("mastodon", [page("outbox.json", whole[: len(whole) - 3 - cut])])
    assert records(items, Scope) == []
    assert unreads
    assert all(u.next for u in unreads)


def test_an_outbox_as_a_server_shows_it_is_not_the_whole_archive():
    raw = outbox(note(1)).open().read()
    items, unreads, _ = read("mastodon", [page("outbox.json", raw.replace(b'"outbox.json"', b'"https://town.example/users/anna/outbox"'))])
    assert len(records(items, Post)) == 1
    assert records(items, Scope) == []
    assert unreads == []


def test_every_loss_says_what_to_do():
    odd = [
        outbox(b"7", {"type": "Move"}, note(1, published="x")),
        page("likes.json", b"{}"),
        page("actor.json", b"{"),
        page("lists.csv", b""),
    ]
    _, unreads, _ = read("mastodon", odd)
    assert len(unreads) >= 6
    assert all(u.next or u.kind == "skipped" for u in unreads)


def test_memory_does_not_grow_with_the_archive(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)

    def peak(n):
        raw = outbox(*[note(i, content=f"<p>{'words ' * 50}{i}</p>") for i in range(n)])
        tracemalloc.start()
        for _ in mastodon.read([raw], sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak(4_000) < peak(500) + 200_000


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("outbox.json", b"\x89PNG\r\n\x1a\n"),
        ("actor.json", b'{"name": "an actor of the theatre", "films": []}'),
        ("likes.json", b"[1, 2]"),
        ("following_accounts.csv", b"name,amount\nx,1\n"),
        ("followers.json", b'{"string_list_data": []}'),
        ("avatar.png", b"not a picture"),
        ("header.txt", b"x"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert mastodon.sniff(page(name, head)) < 0.5


@pytest.mark.parametrize(("said", "whole"), [(3, True), (2, True), (7, False)])
def test_an_outbox_with_half_of_what_it_says_is_not_everything(said, whole):
    """The server loses count by a little, not by half."""
    note = '{"type": "Create", "actor": "https://t.example/users/a", "object": {"type": "Note", "id": "https://t.example/users/a/%d"}}'
    head = '{"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection", "totalItems": %d, '
    raw = head % said + '"orderedItems": [' + ", ".join(note % n for n in range(3)) + "]}"
    items, unreads, _ = read("mastodon", [page("outbox.json", raw.encode())])
    assert any(isinstance(record, Scope) for item in items for record in item.records) == whole
    assert any("holds 3" in each.why for each in unreads) != whole
