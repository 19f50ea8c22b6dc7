"""Bluesky beyond the pairs: the files that nobody here made, repositories of any shape, what is damaged, hostile or large."""

import base64
import io
import json
import random
import tracemalloc
from collections import Counter
from pathlib import Path

import libipld
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kring.schema import Account, Asked, Event, Post, Scope
from kring.sources import bluesky, bluesky_car
from kring.sources.bluesky_data import bytes_in, cbor, content_id, fault, number_of, tid_of, time_of
from kring.wire import Page
from shared_data import shared
from sources.reading import as_json, page, read
from sources.writing_bluesky import as_text, blocks_of, car, cid_of, repository, tid, tree

ANNA, BOB = "did:plc:anna", "did:plc:bob"
AT = 1_714_564_800_000_000


def post(text="x", **more):
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2024-05-01T08:00:00Z"} | more


def line(record, *, did=ANNA, collection="app.bsky.feed.post", rkey="3krgaaaaaaa2a", operation="create"):
    commit = {"operation": operation, "collection": collection, "rkey": rkey, "record": record}
    return json.dumps({"did": did, "time_us": AT, "kind": "commit", "commit": commit}).encode() + b"\n"


def records(items, kind):
    return [record for item in items for record in item.records if isinstance(record, kind)]


def read_one(raw, name="x.jsonl"):
    items, unreads, _ = read("bluesky", [page(name, raw)])
    return items, unreads


# ---- files that nobody here made --------------------------------------------------------------------------------------------------------------


def test_the_ten_events_of_jetstream():
    path = shared("bluesky", "jetstream_golden.jsonl")
    items, unreads = read_one(path.read_bytes(), path.name)
    like, reply, repost, follow, account = (record for item in items for record in item.records)
    assert like == Event(
        verb="like",
        actor="bluesky:did:plc:mcc5yghbk7tixqryac2yxku7",
        object="bluesky:at://did:plc:vfnmgxg2yscfliemmcxzyfyh/app.bsky.feed.post/3mmoodizfwc2j",
        object_kind="post",
        receiver="bluesky:did:plc:vfnmgxg2yscfliemmcxzyfyh",
        at=1779719008778000,
        offset_s=0,
        zone="UTC",
        id="bluesky:at://did:plc:mcc5yghbk7tixqryac2yxku7/app.bsky.feed.like/3mmoojp7etg2g",
    )
    assert reply == Post(
        id="bluesky:at://did:plc:q235v55g5unth4zjjdpacfdr/app.bsky.feed.post/3mmoojp4cd223",
        kind="note",
        author="bluesky:did:plc:q235v55g5unth4zjjdpacfdr",
        at=1779719008757000,
        offset_s=0,
        zone="UTC",
        text="Try RSV for a good time !!",
        language="en",
        reply_to="bluesky:at://did:plc:j76trmiofvaxxpvx2vnb2vwf/app.bsky.feed.post/3mmojbrjwbs26",
        thread="bluesky:at://did:plc:j76trmiofvaxxpvx2vnb2vwf/app.bsky.feed.post/3mmojbrjwbs26",
        url="https://bsky.app/profile/did:plc:q235v55g5unth4zjjdpacfdr/post/3mmoojp4cd223",
    )
    assert (repost.verb, repost.receiver) == ("share", "bluesky:did:plc:hjloomm2tkve3pmfgbxegl3v")
    assert (follow.verb, follow.object, follow.at) == ("follow", "bluesky:did:plc:anc6s2kher6ltrhhglxrzxsa", 1779719007319000)
    assert (account.id, account.name) == ("bluesky:did:plc:o6t5vwyr7ae73foww7bgye4r", "Multiversal Lokis Unit🔞")
    assert Counter({u.why.rpartition(": ")[2]: u.n for u in unreads}) == {
        "deletions of what Kring doesn't read.": 1,
        "records of other apps.": 1,
        "changes of accounts without a name.": 2,
        "blocks.": 1,
    }


@pytest.mark.parametrize(
    ("name", "verb", "n"),
    [("4621317030", "share", 1), ("4621317332", "share", 1), ("4621332152", "follow", 42), ("4623075231", "", 1)],
)
def test_commits_of_the_firehose(name, verb, n):
    path = shared("bluesky", "indigo", f"firehose_commit_{name}.json")
    commit = json.loads(path.read_bytes())
    items, unreads = read_one(path.read_bytes(), path.name)
    given = [record for item in items for record in item.records]
    assert not unreads
    assert len(given) == n == len(commit["ops"])
    if verb:
        assert {event.verb for event in given} == {verb}
        assert [event.id for event in given] == [f"bluesky:at://{commit['repo']}/{op['path']}" for op in commit["ops"]]
        blocks = libipld.decode_car(bytes_in(commit["blocks"]))[1]
        by_name = {libipld.encode_cid(cid): block for cid, block in blocks.items()}
        for event, op in zip(given, commit["ops"]):
            subject = by_name[op["cid"]["$link"]]["subject"]
            assert event.object == "bluesky:" + (subject if verb == "follow" else subject["uri"])
    else:
        assert given == [
            Account(
                id="bluesky:did:plc:sxtoas2sxjv6gh2bibdg3g4b",
                url="https://bsky.app/profile/did:plc:sxtoas2sxjv6gh2bibdg3g4b",
                flags=("open",),
            )
        ]


def test_a_record_in_cbor():
    path = shared("bluesky", "indigo", "feedpost_record.cbor")
    items, unreads = read_one(path.read_bytes(), path.name)
    (given,) = records(items, Post)
    assert not unreads
    assert given.id == f"bluesky:record:{as_text(cid_of(path.read_bytes()))}"
    assert (given.text, given.at, [m.kind for m in given.media]) == ("Who the hell do you think you are", 1680123559417000, ["image"])


def test_invalid_records_are_refused_with_a_reason():
    """Indigo's own list of what the data model doesn't allow: by themselves, and inside a post that somebody streams."""
    for case in json.loads(shared("bluesky", "indigo", "data-model-invalid.json").read_bytes()):
        why = fault(case["json"])
        assert why, case["note"]
        record = post(extra=case["json"]) if isinstance(case["json"], dict) else case["json"]
        items, unreads = read_one(line(record) + line(post("the next one"), rkey="3krgaaaaaaa2b"))
        assert [p.text for p in records(items, Post)] == ["the next one"], case["note"]
        assert [u.why for u in unreads] == [f"This record was refused: {why}."], case["note"]


def test_the_reasons_name_what_is_wrong():
    cases = {case["note"]: fault(case["json"]) for case in json.loads(shared("bluesky", "indigo", "data-model-invalid.json").read_bytes())}
    words = {"top": "object", "flo": "fraction", "rec": "$type", "blo": "blob", "byt": "$bytes", "lin": "$link"}
    assert all(words[note[:3]] in why for note, why in cases.items())


def test_valid_records_are_not_refused():
    for case in json.loads(shared("bluesky", "indigo", "data-model-valid.json").read_bytes()):
        assert fault(case["json"]) == "", case["note"]
        items, unreads = read_one(line(post(extra=case["json"])))
        assert len(records(items, Post)) == 1
        assert not unreads


def test_records_in_json_have_the_networks_own_content_ids():
    for case in json.loads(shared("bluesky", "indigo", "data-model-fixtures.json").read_bytes()):
        assert content_id(case["json"]) == case["cid"]
        assert fault(case["json"]) == ""
        assert fault(cbor(base64.b64decode(case["cbor_base64"] + "=="))) == ""


def test_repositories_with_the_networks_own_trees_give_their_records():
    """Indigo's trees (keys, and the roots they must have): written as a repository, each key is found again, and no other."""
    for case in json.loads(shared("bluesky", "indigo", "commit-proof-fixtures.json").read_bytes()):
        before = set(case["keys"])
        leaf = libipld.decode_multibase(case["leafValue"])[1]
        for keys, root in ((before, "rootBeforeCommit"), (before | set(case["adds"]) - set(case["dels"]), "rootAfterCommit")):
            keys = keys - set(case["dels"]) if root == "rootAfterCommit" else keys
            made, nodes = tree(dict.fromkeys(keys, leaf))
            assert as_text(made) == case[root], case["comment"]
            found = bluesky_car.Tree()
            assert all(found.read(bluesky_car.Block(1, cid, raw)) for cid, raw in nodes.items())
            found.settle(made)
            assert sorted(found.paths(bluesky_car.Block(1, leaf, b""))) == sorted(keys)
            assert found.whole


def test_the_repository_that_a_real_server_gave_is_read_to_the_last_record():
    """server-2026.page.car came from @atproto/pds 0.5.35 (com.atproto.sync.getRepo), filled through its API; libipld's own CAR reader counts."""
    raw = (Path(__file__).parent / "bluesky" / "server-2026.page.car").read_bytes()
    _, blocks = libipld.decode_car(raw)
    kinds = Counter(block["$type"] for block in blocks.values() if "$type" in block)
    items, unreads = read_one(raw, "server.car")
    assert len(records(items, Post)) == kinds["app.bsky.feed.post"] == 2
    assert Counter(e.verb for e in records(items, Event)) == {"like": 1, "follow": 1, "share": 2}
    assert sum(u.n for u in unreads) == kinds["app.bsky.graph.block"] + kinds["app.bsky.graph.list"] + kinds["app.bsky.graph.listitem"]
    assert len(records(items, Scope)) == 1


# ---- repositories -------------------------------------------------------------------------------------------------------------------------------

keys_ = st.one_of(st.integers(0, 2**63 - 1).map(tid_of), st.text("abcXYZ019.-_:~", min_size=1, max_size=20))
stored = st.dictionaries(keys_, st.text(max_size=20), max_size=60)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(texts=stored, seed=st.integers(0, 99))
def test_what_a_repository_holds_comes_back_whatever_the_order(texts, seed):
    """Equal texts are one block in two places."""
    made = {f"app.bsky.feed.post/{key}": post(text) for key, text in texts.items()}
    root, blocks = blocks_of(ANNA, made, tid(AT))
    shuffled = list(blocks.items())
    random.Random(seed).shuffle(shuffled)
    items, unreads = read_one(car(root, shuffled), "repo.car")
    posts = {p.id: p.text for p in records(items, Post)}
    assert posts == {f"bluesky:at://{ANNA}/app.bsky.feed.post/{key}": text.replace("\0", "") for key, text in texts.items()}
    assert {u.kind for u in unreads} <= {"encoding"}
    assert records(items, Scope) == [Scope(account=f"bluesky:{ANNA}", until=AT)]


def test_an_empty_repository_is_whole():
    items, unreads = read_one(repository(ANNA, {}, tid(AT)), "repo.car")
    assert [a.owner for a in records(items, Account)] == [True]
    assert len(records(items, Scope)) == 1
    assert not unreads


def some(n=40):
    return {f"app.bsky.feed.post/{tid(AT + i)}": post(f"number {i}") for i in range(n)}


def test_any_block_left_out_is_noticed():
    """Take each block away in turn: the rest is read, the loss is said, and the repository isn't called whole."""
    root, blocks = blocks_of(ANNA, some(), tid(AT))
    for gone in blocks:
        items, unreads = read_one(car(root, {cid: raw for cid, raw in blocks.items() if cid != gone}), "repo.car")
        assert records(items, Scope) == []
        assert unreads
        assert all(u.next for u in unreads)
        if b"number" in blocks[gone]:
            assert len(records(items, Post)) == 39
            assert [u.n for u in unreads] == [1]


def test_any_block_changed_is_refused():
    root, blocks = blocks_of(ANNA, some(), tid(AT))
    for changed in blocks:
        spoilt = {cid: raw[:-1] + bytes([raw[-1] ^ 1]) if cid == changed else raw for cid, raw in blocks.items()}
        items, unreads = read_one(car(root, spoilt), "repo.car")
        assert records(items, Scope) == []
        assert unreads
        assert all(p.text.startswith("number") for p in records(items, Post))


@pytest.mark.parametrize("cut", range(1, 4000, 97))
def test_a_repository_cut_anywhere_never_claims_to_be_whole(cut):
    whole = repository(ANNA, some(), tid(AT))
    items, unreads = read_one(whole[:-cut], "repo.car")
    assert records(items, Scope) == []
    assert unreads


def test_what_an_older_tree_still_names_is_not_read():
    root, blocks = blocks_of(ANNA, some(5), tid(AT))
    _, older = blocks_of(ANNA, some(8), tid(AT - 1))
    items, unreads = read_one(car(root, older | blocks), "repo.car")
    assert sorted(p.text for p in records(items, Post)) == [f"number {i}" for i in range(5)]
    assert [(u.kind, u.n) for u in unreads] == [("skipped", 4)], "three records and the older commit"
    assert len(records(items, Scope)) == 1


def test_a_tree_that_bites_its_tail_ends():
    """No honest hash does this, so the checksum is broken too."""
    root, blocks = blocks_of(ANNA, some(1), tid(AT))
    node = next(cid for cid, raw in blocks.items() if raw.startswith(b"\xa2ae"))
    blocks[node] = blocks[node][:-1] + b"\xd8\x2a\x58\x25\0" + node
    items, unreads = read_one(car(root, blocks), "repo.car")
    assert records(items, Scope) == []
    assert unreads


@pytest.mark.parametrize("length", [b"\x80" * 12, b"\xff" * 9 + b"\x01", b"\xff\xff\xff\xff\x0f", b"\0" * 50])
def test_lengths_that_lie_end_the_reading(length):
    whole = repository(ANNA, some(3), tid(AT))
    items, unreads = read_one(whole + length, "repo.car")
    assert len(records(items, Post)) == 3
    assert unreads


def test_a_record_larger_than_may_be_costs_that_record_only(monkeypatch):
    monkeypatch.setattr(bluesky_car.blocks, "__kwdefaults__", {"longest": 20_000})
    root, blocks = blocks_of(ANNA, some(3) | {"app.bsky.feed.post/3krgaaaaaaa2a": post("y" * 30_000)}, tid(AT))
    items, unreads = read_one(car(root, blocks), "repo.car")
    assert len(records(items, Post)) == 3
    assert sorted(u.kind for u in unreads) == ["broken", "too-large"]


def test_memory_does_not_grow_with_the_texts():
    def peak(words: int) -> int:
        raw = repository(ANNA, {f"app.bsky.feed.post/{tid(AT + i)}": post(f"{i} " + "word " * words) for i in range(400)}, tid(AT))
        given = Page(name="r.car", head=raw[:65536], open=lambda: io.BytesIO(raw))
        tracemalloc.start()
        for _ in bluesky.read([given], Asked()):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(3000) < peak(1500) * 1.2


def test_the_tree_needs_little_memory_for_each_record():
    made = {f"app.bsky.feed.post/{tid(AT + i)}": cid_of(str(i).encode()) for i in range(20_000)}
    root, nodes = tree(made)
    tracemalloc.start()
    found = bluesky_car.Tree()
    for cid, raw in nodes.items():
        found.read(bluesky_car.Block(1, cid, raw))
    found.settle(root)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 20_000 * 110
    assert found.paths(bluesky_car.Block(1, cid_of(b"77"), b"")) == [f"app.bsky.feed.post/{tid(AT + 77)}"]


# ---- small things ---------------------------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**64 - 1))
def test_keys_made_from_the_clock_come_back(number):
    assert number_of(tid_of(number)) == number


def test_the_time_in_a_key():
    assert time_of(tid(AT)) == AT
    assert time_of("3jzfcijpj2z2a") == 1688137381887007, "the example of https://atproto.com/specs/tid"
    assert time_of("self") is None
    assert time_of("zzzzzzzzzzzzz") is None


def test_the_same_record_has_the_same_ids_in_every_form():
    """A repository, a stream of what was made, and the API's list of records."""
    record, key = (
        post("met thrice", embed={"$type": "app.bsky.embed.external", "external": {"uri": "https://e.example", "title": "E"}}),
        tid(AT),
    )
    path = f"app.bsky.feed.post/{key}"
    listed = json.dumps({"records": [{"uri": f"at://{ANNA}/{path}", "cid": "", "value": record}]}).encode()
    forms = [(repository(ANNA, {path: record}, tid(AT)), "r.car"), (line(record, rkey=key), "s.jsonl"), (listed, "l.json")]
    given = [records(read_one(*form)[0], Post) for form in forms]
    assert given[0] == given[1] == given[2]
    assert len(given[0]) == 1


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 4, "naï <https://e.example/x>ve ☕"),
        (3, 4, "naïve ☕"),
        (7, 99, "naïve ☕"),
        (5, 2, "naïve ☕"),
        (-3, 2, "naïve ☕"),
        ("0", 4, "naïve ☕"),
        (7, 10, "naïve ☕ <https://e.example/x>"),
    ],
)
def test_links_count_bytes(start, end, text):
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://e.example/x"}
    items, _ = read_one(line(post("naïve ☕", facets=[{"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}])))
    assert [p.text for p in records(items, Post)] == [text]


def test_links_over_one_another_are_said_once():
    facets = [
        {"index": {"byteStart": a, "byteEnd": b}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": f"https://{a}.example"}]}
        for a, b in ((4, 9), (0, 6), (0, 6))
    ]
    items, _ = read_one(line(post("one two three", facets=facets)))
    assert [p.text for p in records(items, Post)] == ["one tw <https://0.example>o three"]


def test_what_was_deleted_is_taken_back():
    lines = [line(post()), line(None, operation="delete"), line(None, operation="delete", collection="app.bsky.graph.follow")]
    items, unreads = read_one(b"".join(lines))
    made, gone = records(items, Post)
    assert made.id == gone.id
    assert (made.deleted, gone.deleted) == (False, True)
    (undone,) = records(items, Event)
    assert (undone.verb, undone.object) == ("undo", f"bluesky:at://{ANNA}/app.bsky.graph.follow/3krgaaaaaaa2a")
    assert not unreads


def test_nesting_without_end_costs_that_line_only():
    deep = b'{"did":"did:plc:x","time_us":1,"kind":"commit","commit":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    items, unreads = read_one(line(post("before")) + deep + line(post("after"), rkey="3krgaaaaaaa2b"))
    assert [p.text for p in records(items, Post)] == ["before", "after"]
    assert [u.kind for u in unreads] == ["broken"]


def test_a_record_nested_deeper_than_allowed_is_refused():
    inner: dict = {}
    for _ in range(40):
        inner = {"a": inner}
    items, unreads = read_one(line(post(extra=inner)))
    assert not items
    assert "nested" in unreads[0].why


def test_a_thread_as_deep_as_can_be_written():
    thread: dict = {"post": {"uri": f"at://{ANNA}/app.bsky.feed.post/{tid(AT)}", "record": post("the first")}}
    for n in range(1, 300):
        thread = {"post": {"uri": f"at://{BOB}/app.bsky.feed.post/{tid(AT + n)}", "record": post(str(n))}, "replies": [thread]}
    raw = json.dumps({"$type": "app.bsky.feed.defs#threadViewPost", **thread}).encode()
    items, _ = read_one(raw, "thread.json")
    assert len(records(items, Post)) == 201


def test_the_same_twice_gives_the_same():
    raw = repository(ANNA, some(), tid(AT))
    assert read_one(raw, "r.car") == read_one(raw, "r.car")


def test_many_equal_losses_become_one_line_with_a_number():
    _, unreads = read_one(b"".join(line(post(weight=n + 0.5), rkey=tid(AT + n)) for n in range(500)))
    assert sum(u.n for u in unreads) == 500
    assert len(unreads) == 101


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("x.json", b'{"kind": "commit", "text": "a git commit"}'),
        ("x.json", b'{"repo": "kring", "ops": [], "blocks": []}'),
        ("x.car", b"Make,Model\nOpel,Kadett\n"),
        ("x.cbor", b"\xa1ax\x01"),
        ("tweets.js", b'window.YTD.tweets.part0 = [{"tweet": {"full_text": "app.bsky.feed.post"}}]'),
        ("x.json", b'{"type": "Note", "content": "see app.bsky.feed.post"}'),
    ],
)
def test_what_only_looks_like_it_is_not_claimed(name, raw):
    assert bluesky.sniff(page(name, raw)) < 0.5


@pytest.mark.parametrize(
    "name", ["note", "comment_inreplyto_id", "quote", "quote_and_attachment", "quote_with_image", "repost", "like", "follow"]
)
def test_pairs_of_activitystreams_and_bluesky_say_the_same(name):
    """Granary's pairs: the same thing as ActivityStreams 1 and as Bluesky shows it, in what Kring keeps and both can say."""
    first = json.loads(shared("activitystreams_pairs", f"{name}.as.json").read_bytes())
    raw = shared("activitystreams_pairs", f"{name}.bsky.json").read_bytes()
    given = as_json(*read("bluesky", [page(f"{name}.json", raw)]))["records"]
    posts, events = ([r for r in given if r["type"] == kind] for kind in ("post", "event"))
    if first.get("objectType") == "activity":
        object = first["object"] if isinstance(first["object"], str) else first["object"]["url"]
        assert events[-1]["verb"] == first["verb"]
        assert name == "repost" or events[-1]["object"] == f"bluesky:{object}"
        assert name != "repost" or posts[0]["text"] == first["object"]["content"]
    else:
        assert posts[0]["text"].replace(" <http://my/link>", "") in (first["content"], first.get("summary"))
        quoted = [each["content"] for each in first.get("attachments", []) if each["objectType"] == "note"]
        assert [p["text"] for p in posts[1:]] == quoted
        if "published" in first and "bsky" not in first.get("id", "x"):
            assert posts[0]["at"] > 0


def test_all_of_the_pairs_are_read_or_refused_with_a_reason():
    unread = {}
    for path in sorted(shared("activitystreams_pairs").glob("*.bsky.json")):
        assert bluesky.sniff(page(path.name, path.read_bytes())) >= 0.9
        items, unreads = read_one(path.read_bytes(), path.name)
        if not items:
            unread[path.name] = unreads[0].why
    assert unread == {
        "actor.bsky.json": "This record was refused: a link ($link) is not one.",
        "actor_with_featured.bsky.json": "This record doesn't say whose it is, or whom it is about; it was left out.",
    }
