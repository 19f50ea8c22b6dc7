"""Exports of Facebook and Instagram beyond the pairs: letters mended only where they are broken, ids that meet, sentences in three languages."""

import json
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring import sources, wire
from kring.schema import Account, Event, Place, Post, Scope
from kring.sources import facebook, instagram, meta_words
from kring.sources.made_ids import Ids
from kring.sources.meta_files import Repairing, at_seconds, repaired
from shared_data import shared
from sources.reading import page, pages_under, read


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def mangled(text):
    """As Meta writes it: each byte of UTF-8 as if it were a character."""
    return text.encode().decode("latin-1")


def thread(*messages, names=("Anna", "Bob"), path="inbox/bob_123456", network="facebook", folder="inbox/bob_123456", part=1):
    whole = {"participants": [{"name": mangled(n)} for n in names], "messages": list(messages), "title": "Bob", "thread_path": path}
    return page(f"{network}-anna.zip/messages/{folder}/message_{part}.json", json.dumps(whole).encode())


def said(at, name, text, **more):
    return {"sender_name": mangled(name), "timestamp_ms": at, "content": mangled(text)} | more


def test_a_conversation_that_nobody_here_made_is_read_as_beside_it():
    items, unreads, _ = read("instagram", pages_under(shared("exports_chatminer", "instagram")))
    target = json.loads(shared("exports_chatminer", "instagram", "target.json").read_text())
    names = {a.id: a.name for a in records(items, Account)}
    got = [{"timestamp": msgspec.to_builtins(_local(p.at)), "author": names[p.author], "message": p.text} for p in records(items, Post)]
    assert got == target
    assert unreads == []


def _local(at):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at / 1e6, UTC).replace(tzinfo=None)


@given(st.text(max_size=60))
def test_what_meta_does_to_letters_is_undone(text):
    raw = json.dumps({"a": mangled(text), "b\\u00e9": 1}).encode()
    assert json.loads(repaired(raw))["a"] == text


@pytest.mark.parametrize(
    "text",
    ["CAFÉ»", "Ã©", "naïve ¿", "日本 É»", "\\u00c3\\u00a9", "\ud83c\udf5e".encode("utf-16", "surrogatepass").decode("utf-16") + "É»"],
)
@pytest.mark.parametrize("ascii", [True, False])
def test_letters_that_are_as_they_should_be_stay(text, ascii):
    raw = json.dumps(["ж", text] if ascii else [text], ensure_ascii=ascii).encode()
    decoder = Repairing(msgspec.json.Decoder(list[str]), page("x.json", raw))
    assert decoder.decode(raw)[-1] == text


def test_a_text_that_breaks_off_within_a_letter_is_mended_as_far_as_it_goes():
    raw = json.dumps({"a": mangled("één 🍞")[:-1]}).encode()
    assert json.loads(repaired(raw))["a"].startswith("één ")


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (1714590000, 1714590000000000),
        (1714590000500, 1714590000500000),
        (1714590000.25, 1714590000250000),
        (0, None),
        (-1, None),
        (99999999999, None),
        (10**30, None),
        (float("inf"), None),
        (float("nan"), None),
        ("1714590000", None),
        (None, None),
        (True, None),
    ],
)
def test_only_believable_times_are_believed(value, at):
    assert at_seconds(value) == at


@pytest.mark.parametrize(
    ("sentence", "whom"),
    [
        ("Anna commented on Bob de Vries's photo.", "Bob de Vries"),
        ("Anna replied to James' comment.", "James"),
        ("Anna likes Bob’s post.", "Bob"),
        ("Anna reacted to Bob's post.", "Bob"),
        ("Anna commented on her own post.", ""),
        ("Anna liked a post.", ""),
        ("Anna heeft gereageerd op het bericht van Bob de Vries.", "Bob de Vries"),
        ("Anna vindt een bericht van Bob leuk.", "Bob"),
        ("Anna heeft gereageerd op haar eigen bericht.", ""),
        ("Anna hat Bobs Beitrag kommentiert.", "Bob"),
        ("Anna hat auf Bobs Kommentar geantwortet.", "Bob"),
        ("Anna gefällt Bobs Foto.", "Bob"),
        ("Anna hat ihren Beitrag kommentiert.", ""),
        ("Anna a commenté une photo.", ""),
        ("", ""),
        ("x " * 5000, ""),
    ],
)
def test_whom_a_sentence_is_about(sentence, whom):
    assert meta_words.whom(sentence) == whom


@pytest.mark.parametrize(
    ("sentence", "group"),
    [
        ("Anna posted in Bakers of the South.", "Bakers of the South"),
        ("Anna heeft iets geplaatst in Bakkers Zuid.", "Bakkers Zuid"),
        ("Anna hat in Bäcker Süd gepostet.", "Bäcker Süd"),
        ("Anna updated her status.", ""),
    ],
)
def test_in_which_group_a_sentence_says(sentence, group):
    assert meta_words.group(sentence) == group


@pytest.mark.parametrize("network", ["facebook", "instagram"])
def test_the_exports_of_two_people_meet_in_their_conversation(network):
    messages = [said(1714590000000, "Bob", "dag ❤"), said(1714590000000, "Bob", "dag ❤"), said(1714580000000, "Anna", "hoi")]
    profiles = {
        "facebook": ("profile_information/profile_information.json", {"profile_v2": {"name": {"full_name": "Anna"}}}),
        "instagram": (
            "account_information/personal_information.json",
            {"profile_user": [{"string_map_data": {"Username": {"value": "anna"}, "Name": {"value": "Anna"}}}]},
        ),
    }
    name, said_of_anna = profiles[network]
    anna = [page(f"{network}-anna.zip/{name}", json.dumps(said_of_anna).encode()), thread(*messages, network=network)]
    bob = [thread(*messages, network=network, names=("Bob", "Anna"), path="inbox/anna_999999", folder="inbox/anna_999999")]
    hers, his = (read(network, pages)[0] for pages in (anna, bob))
    assert [p.id for p in records(hers, Post)] == [p.id for p in records(his, Post)]
    assert len({p.id for p in records(hers, Post)}) == 3
    assert {p.id for p in records(hers, Place)} == {p.id for p in records(his, Place)}


def test_two_conversations_with_people_whose_names_are_gone_stay_two():
    one = thread(said(1714590000000, "Facebook User", "x"), names=("Anna", "Facebook User"), path="inbox/facebookuser_111111")
    two = thread(
        said(1714590000000, "Facebook User", "x"),
        names=("Anna", "Facebook User"),
        path="inbox/facebookuser_222222",
        folder="inbox/facebookuser_222222",
    )
    items, *_ = read("facebook", [one, two])
    assert {p.id for p in records(items, Place)} == {"facebook:chat/111111", "facebook:chat/222222"}
    assert {p.author for p in records(items, Post)} == {""}


def test_a_conversation_of_which_a_part_is_missing_is_not_whole():
    parts = [thread(said(1714590000000 - n, "Bob", str(n)), part=n) for n in (1, 2, 3)]
    assert len(records(read("facebook", parts)[0], Scope)) == 1
    assert records(read("facebook", parts[::2])[0], Scope) == []
    assert records(read("facebook", parts[1:])[0], Scope) == []


def test_parts_are_read_in_order_of_their_number():
    parts = [thread(said(1714590000000 - n, "Bob", str(n)), part=n) for n in range(1, 12)]
    assert [p.text for p in records(read("facebook", parts)[0], Post)] == [str(n) for n in range(1, 12)]


@pytest.mark.parametrize("cut", range(1, 400, 23))
def test_a_conversation_cut_anywhere_never_claims_to_be_whole(cut):
    raw = thread(said(1714590000000, "Bob", "dag"), said(1714590000001, "Anna", "hoi" * 30)).open().read()
    items, *_ = read("facebook", [page("facebook-anna.zip/messages/inbox/bob_1/message_1.json", raw[:-cut])])
    assert records(items, Scope) == []


def test_the_path_decides_whose_a_conversation_is():
    raw = thread(said(1, "Bob", "dag")).open().read()
    assert sources.recognise(page("facebook-anna.zip/messages/inbox/b/message_1.json", raw))[0] == "facebook"
    assert sources.recognise(page("x/your_instagram_activity/messages/inbox/b/message_1.json", raw))[0] == "instagram"
    assert sources.recognise(page("messages/inbox/b/message_1.json", raw))[0] == "facebook"
    assert instagram.sniff(page("messages/inbox/b/message_1.json", raw)) > 0, "so that --as instagram can say otherwise"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("posts_1.json", b'[{"id": 1, "title": "x"}]'),
        ("comments.json", b'[{"timestamp": 1, "body": "x"}]'),
        ("comments.json", b'{"comments": {"a": 1}}'),
        ("friends.json", b'["a", "b"]'),
        ("message_1.json", b'{"messages": [{"from": "x"}]}'),
        ("index.html", b"<html><body>facebook</body></html>"),
        ("profile_information.json", b"{}"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert facebook.sniff(page(name, head)) < 0.5
    assert instagram.sniff(page(name, head)) < 0.5


def test_an_export_in_several_parts_has_one_owner():
    profile = page("facebook-anna-1.zip/profile_information/profile_information.json", b'{"profile_v2": {"name": {"full_name": "Anna"}}}')
    posts = page("facebook-anna-2.zip/posts/your_posts_1.json", b'[{"timestamp": 1714550400, "data": [{"post": "hoi"}]}]')
    items, *_ = read("facebook", [profile, posts])
    assert [p.author for p in records(items, Post)] == ["facebook:Anna"]


def test_a_list_without_an_owner_can_be_told_whose_it_is():
    friends = page("friends/friends.json", b'{"friends": [{"name": "Bob", "timestamp": 1400000000}]}')
    assert read("facebook", [friends])[0] == []
    told, *_ = read("facebook", [friends], place="Anna")
    assert {(e.actor, e.object) for e in records(told, Event)} == {("facebook:Anna", "facebook:Bob"), ("facebook:Bob", "facebook:Anna")}


def test_equal_things_at_one_time_are_told_apart_and_others_are_not_counted_on():
    ids = Ids("x:")
    first, second, third, again = ids.next(1, "a"), ids.next(1, "a"), ids.next(2, "a"), ids.next(1, "a")
    assert len({first, second, third}) == 3
    assert again == first


def test_memory_does_not_grow_with_the_conversations(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)

    def peak(n):
        pages = [
            thread(*(said(1714590000000 - i, "Bob", f"words {i} " * 10) for i in range(200)), folder=f"inbox/bob_{k}", part=1)
            for k in range(n)
        ]
        tracemalloc.start()
        for _ in facebook.read(pages, sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak(40) < peak(5) + 200_000
