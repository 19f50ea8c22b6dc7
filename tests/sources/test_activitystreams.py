"""ActivityStreams beyond the pairs: Granary's pairs, the same post read twice by two readers, deep, long and hostile objects."""

import json
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring import sources, wire
from kring.errors import UsageError
from kring.schema import Account, Asked, Event, Post
from kring.sources import activitystreams
from kring.sources.activitystreams_names import address, kind_of
from shared_data import shared
from sources.reading import as_json, page, pages_under, read

CONTEXT = "https://www.w3.org/ns/activitystreams"
ANNA = "https://town.example/users/anna"


def read_one(value, name="x.json", **asked):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    items, unreads, _ = read("activitystreams", [page(name, raw)], **asked)
    return [record for item in items for record in item.records], unreads


def note(n=1, **more):
    thing = {"@context": CONTEXT, "type": "Note", "id": f"{ANNA}/statuses/{n}", "attributedTo": ANNA, "content": f"<p>{n}</p>"}
    return thing | {"published": "2024-05-01T08:00:00Z", "to": "as:Public"} | more


# ---- Granary's pairs ----------------------------------------------------------------------------------------------------------------------------


def pairs():
    return sorted(path.name.removesuffix(".as2.json") for path in shared("activitystreams_pairs").glob("*.as2.json"))


def first_uri(value):
    """What stands for an object in ActivityStreams 1: its id, else its (first) url."""
    value = value[0] if isinstance(value, list) else value
    if isinstance(value, str):
        return value
    url = value.get("id") or value.get("url") or value.get("urls", [{}])[0].get("value", "")
    return url[0] if isinstance(url, list) else url


def ties_of(first):
    """Verb and object of an ActivityStreams 1 activity, as Kring has them."""
    verb = {
        "share": "share",
        "like": "like",
        "follow": "follow",
        "accept": "follow",
        "rsvp-yes": "join",
        "undo": "undo",
        "stop-following": "undo",
    }
    objects = first["object"] if isinstance(first["object"], list) else [first["object"]]
    if first["verb"] in ("accept", "undo"):
        objects = [each.get("object", each) if isinstance(each, dict) else each for each in objects]
    return [(verb[first["verb"]], f"mastodon:{first_uri(each)}") for each in objects]


def test_all_pairs_are_recognised_and_read_or_refused_with_a_reason():
    left = {}
    for name in pairs():
        raw = shared("activitystreams_pairs", f"{name}.as2.json").read_bytes()
        given_page = page(f"{name}.json", raw)
        assert sources.recognise(given_page)[0] == "activitystreams", name
        records, unreads = read_one(raw)
        if not records:
            left[name] = [u.why for u in unreads]
    assert left == {
        "actor_organization": ["This item is an account, but doesn't say where; it was left out."],
        "invite": ["Known and left out on purpose: invitations."],
    }


def test_pairs_say_the_same_as_in_activitystreams_1():
    """In all that Kring keeps and both forms say: text, title, time, author, what it answers, tags, people, pictures, polls, audience; ties."""
    compared = 0
    for name in pairs():
        path = shared("activitystreams_pairs") / f"{name}.as.json"
        if not path.exists():
            continue
        first = json.loads(path.read_bytes())
        records, _ = read_one(shared("activitystreams_pairs", f"{name}.as2.json").read_bytes())
        posts = [r for r in records if isinstance(r, Post)]
        events = [r for r in records if isinstance(r, Event)]
        if first.get("verb") in ("share", "like", "follow", "accept", "rsvp-yes", "undo", "stop-following"):
            assert [(e.verb, e.object) for e in events] == ties_of(first), name
            if first.get("actor") and first["verb"] != "accept":
                assert {e.actor for e in events} == {f"mastodon:{first_uri(first['actor'])}"}, name
            compared += 1
        elif posts:
            is_the_same(posts[0], first.get("object", first) if first.get("objectType") == "activity" else first, name)
            compared += 1
    assert compared == 29


def is_the_same(post, first, name):
    assert post.text == first.get("content", ""), name
    title = first.get("displayName") or first.get("summary") or ""
    assert post.title == title, name
    if "id" in first:
        assert post.id == f"mastodon:{first['id']}", name
    if "published" in first:
        assert post.at is not None, name
    if "inReplyTo" in first:
        assert post.reply_to == f"mastodon:{first_uri(first['inReplyTo'])}", name
    if isinstance(first.get("author"), dict):
        assert post.author == f"mastodon:{first_uri(first['author'])}", name
    tags = first.get("tags", [])
    assert list(post.tags) == [t["displayName"] for t in tags if t.get("objectType") == "hashtag"], name
    people = [first_uri(t) for t in tags if t.get("objectType") in ("person", "mention")]
    assert list(post.mentions) == [f"mastodon:{each}" for each in people], name
    options = [o["displayName"] for o in first.get("options", [])]
    polls = [m.text for m in post.media if m.kind == "poll"]
    assert polls == ([" | ".join(options)] if options else []), name
    alts = {i["displayName"] for i in first.get("image", []) if isinstance(i, dict) and i.get("displayName")} if "image" in first else set()
    assert alts <= {m.text for m in post.media}, name
    aliases = {t.get("alias") for t in first.get("to", [])}
    assert post.visibility == ("unlisted" if "@unlisted" in aliases else "public"), name


@pytest.mark.parametrize("name", ["note", "comment_inreplyto_id", "quote", "like", "follow", "repost"])
def test_pairs_say_the_same_as_bluesky_does(name):
    """Where both are there: the words, the time, the verb, and what it was done to, by the network's own word in front."""
    second, _ = read_one(shared("activitystreams_pairs", f"{name}.as2.json").read_bytes())
    items, *_ = read("bluesky", [page("x.json", shared("activitystreams_pairs", f"{name}.bsky.json").read_bytes())])
    third = [record for item in items for record in item.records]
    for kind in (Post, Event):
        ours, theirs = ([r for r in records if isinstance(r, kind)][:1] for records in (second, third))
        assert len(ours) == len(theirs), name
        for one, other in zip(ours, theirs):
            if isinstance(one, Event):
                assert one.verb == other.verb
                assert name in ("repost", "quote") or one.object.partition(":")[2] == other.object.partition(":")[2]
            else:
                assert other.text.replace(" <http://my/link>", "") in (one.text, one.title)
                assert other.at in (one.at, None)
                assert bool(one.reply_to) == bool(other.reply_to)


# ---- one network, two readers -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["visibility.page.json", "new-archive.pages", "old-archive.pages"])
def test_a_post_read_by_both_readers_is_one(case):
    """The outboxes of Mastodon's pairs, activity by activity in a file of lines, with the actor beside them: the same ids and posts."""
    folder = Path(__file__).parent / "mastodon"
    archive = pages_under(folder / case)
    items, *_ = read("mastodon", archive)
    theirs = {
        (r.id or r.object): r
        for item in items
        for r in item.records
        if isinstance(r, Post | Event) and (isinstance(r, Post) or r.verb == "share")
    }
    lines, others = [], []
    for each in archive:
        raw = each.open().read()
        if each.file.startswith(("outbox", "visibility")):
            lines += json.loads(raw.decode("utf-8-sig").replace('"orderedItems":[],', ""))["orderedItems"]
        elif each.file == "actor.json":
            others.append(page("actor.json", raw))
    pages = [*others, page("activities.jsonl", b"\n".join(json.dumps(line).encode() for line in lines))]
    given = list(activitystreams.read(pages, Asked()))
    ours = {(r.id or r.object): r for item in given for r in getattr(item, "records", ()) if isinstance(r, Post | Event)}
    assert len(theirs) >= 2
    for id, record in theirs.items():
        assert ours[id] == record


def test_accounts_meet_too():
    actor = {"id": ANNA, "preferredUsername": "Anna", "outbox": "outbox.json", "inbox": "", "type": "Person", "name": "Anna", "url": ANNA}
    items, *_ = read("mastodon", [page("actor.json", json.dumps(actor).encode())])
    ours, _ = read_one({"@context": CONTEXT} | actor, "anna.json")
    theirs = items[0].records[0]
    assert (ours[0].id, ours[0].handle, ours[0].name, ours[0].kind) == (theirs.id, theirs.handle, theirs.name, theirs.kind)


# ---- small things ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "uri"),
    [
        ("https://x.example/1", "https://x.example/1"),
        ({"id": "a", "url": "b"}, "a"),
        ({"@id": "a"}, "a"),
        ({"url": ["b", "c"]}, "b"),
        ({"url": {"type": "Link", "href": "d"}}, "d"),
        ([{"id": "a"}, "b"], "a"),
        ([], ""),
        (None, ""),
        (7, ""),
        ({"id": 7}, ""),
        ({"id": {"id": {"id": {"id": {"id": "deep"}}}}}, ""),
    ],
)
def test_the_address_of_whatever_stands_there(value, uri):
    assert address(value) == uri


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("Note", "Note"),
        ("as:Note", "Note"),
        (f"{CONTEXT}#Note", "Note"),
        (["Recipe", "Article"], "Article"),
        (["Recipe"], "Recipe"),
        ([], ""),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_the_type_of_whatever_stands_there(type, kind):
    assert kind_of({"type": type}) == kind


@pytest.mark.parametrize(
    ("addressed", "visibility"),
    [
        ({"to": None}, "public"),
        ({"to": [CONTEXT + "#Public"]}, "public"),
        ({"to": [], "cc": "as:Public"}, "unlisted"),
        ({"to": [f"{ANNA}/followers"]}, "followers"),
        ({"to": ["https://b.example/u/b"]}, "direct"),
        ({"to": []}, "direct"),
        ({"to": None, "bto": ["https://b.example/u/b"]}, "direct"),
        ({"to": None, "audience": "https://b.example/c/b"}, "direct"),
    ],
)
def test_who_may_see_it(addressed, visibility):
    records, _ = read_one({key: value for key, value in note(**addressed).items() if value is not None})
    assert [r.visibility for r in records] == [visibility]


def test_a_private_activity_with_an_object_that_is_not_addressed_stays_private():
    thing = note()
    del thing["to"]
    records, _ = read_one({"@context": CONTEXT, "type": "Create", "actor": ANNA, "to": ["https://b.example/u/b"], "object": thing})
    assert [r.visibility for r in records if isinstance(r, Post)] == ["direct"]


@pytest.mark.parametrize("form", ["lines", "list", "collection", "pretty", "nested"])
def test_the_same_in_every_form(form):
    notes = [note(n) for n in range(1, 4)]
    forms = {
        "lines": b"\n".join(json.dumps(n).encode() for n in notes),
        "list": json.dumps(notes, indent=1).encode(),
        "collection": json.dumps({"@context": CONTEXT, "type": "OrderedCollection", "orderedItems": notes}).encode(),
        "pretty": json.dumps({"@context": CONTEXT, "type": "Collection", "items": notes}, indent=1).encode(),
        "nested": json.dumps({"@context": CONTEXT, "type": "Collection", "first": {"type": "CollectionPage", "items": notes}}).encode(),
    }
    for raw in (forms[form], b"\xef\xbb\xbf" + forms[form]):
        records, unreads = read_one(raw)
        assert [r.text for r in records] == ["1", "2", "3"]
        assert unreads == []


def test_the_same_object_without_an_address_has_the_same_id_however_it_is_written():
    one = {"@context": CONTEXT, "type": "Note", "content": "x", "published": "2024-05-01T08:00:00Z"}
    first, _ = read_one(one)
    again, _ = read_one(json.dumps(dict(reversed(one.items())), indent=3).encode())
    other, _ = read_one(one | {"content": "y"})
    assert first == again
    assert first[0].id != other[0].id


def test_names_are_told_once():
    lines = [note(n, attributedTo={"type": "Person", "id": ANNA, "name": "Anna"}) for n in range(5)]
    records, _ = read_one(b"\n".join(json.dumps(line).encode() for line in lines))
    assert len([r for r in records if isinstance(r, Account)]) == 1


def test_a_choice_in_a_poll_is_not_kept():
    vote = note(name="Secret choice", inReplyTo="https://b.example/users/b/statuses/1")
    del vote["content"]
    records, _ = read_one({"@context": CONTEXT, "type": "Create", "actor": ANNA, "object": vote})
    (event,) = records
    assert (event.verb, event.actor, event.visibility) == ("vote", "mastodon:anna@town.example", "direct")
    assert "Secret" not in repr(records)


def test_the_users_zone_is_for_times_without_one():
    records, _ = read_one([note(1, published="2024-01-01T12:00:00"), note(2)], zone="Europe/Amsterdam")
    assert [(r.zone, r.offset_s) for r in records] == [("Europe/Amsterdam", 3600), ("UTC", 0)]
    assert records[0].at == 1704106800000000
    with pytest.raises(UsageError):
        read_one(note(), zone="Nowhere/Land")


def deep(kind, inside, n):
    for _ in range(n):
        inside = {"type": kind, "object": inside} if kind == "Announce" else {"type": kind, "items": [inside]}
    return {"@context": CONTEXT} | inside


@pytest.mark.parametrize("kind", ["Announce", "Collection"])
def test_objects_in_objects_end_somewhere(kind):
    records, _ = read_one(deep(kind, {"type": "Like", "actor": ANNA, "object": "https://b.example/1"}, 3))
    assert [r.verb for r in records] == ["like"]
    records, unreads = read_one(deep(kind, {"type": "Like", "actor": ANNA, "object": "https://b.example/1"}, 300))
    assert records == []
    assert [u.kind for u in unreads] == ["broken"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "url", "href", "name", "tag", "object"]), inner, max_size=3)
    ),
    max_leaves=8,
)
PROPERTIES = re.findall(
    r"\w+",
    """id type actor object attributedTo content contentMap name summary published updated to cc tag attachment image url inReplyTo oneOf
    quoteUrl first items orderedItems partOf formerType mediaType conversation context preferredUsername""",
)
KINDS = re.findall(
    r"\w+", "Note Create Update Delete Announce Like Follow Accept Undo Join Question Person Tombstone Collection Event Video"
)
properties, kinds = st.sampled_from(PROPERTIES), st.sampled_from(KINDS)


@settings(deadline=None, max_examples=150)
@given(
    values=st.lists(st.dictionaries(properties, anything | st.dictionaries(properties, anything, max_size=4), max_size=8), max_size=4),
    types=kinds,
    inner=kinds,
)
def test_any_value_anywhere_is_read_or_said(values, types, inner):
    """Each property may be anything; a reader gives records that can be kept, or a loss, and never fails."""
    for value in values:
        if isinstance(value.get("object"), dict):
            value["object"]["type"] = inner
    raw = b"\n".join(json.dumps({"type": types, "@context": CONTEXT} | value).encode() for value in values)
    for each in activitystreams.read([page("x.json", raw)], Asked()):
        json.dumps(as_json([each] if hasattr(each, "records") else [], [], []))


def test_memory_does_not_grow_with_the_collection(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)

    def peak(n):
        raw = json.dumps({"@context": CONTEXT, "type": "Collection", "items": [note(i, content="words " * 60) for i in range(n)]}).encode()
        given_page = page("x.json", raw)
        tracemalloc.start()
        for _ in activitystreams.read([given_page], Asked()):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(4_000) < peak(500) + 100_000


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("messages.json", b'{"type": "personal_chat", "name": "Note", "messages": [{"type": "message", "actor": "x"}]}'),
        ("x.json", b'{"type": "Feature", "geometry": null}'),
        ("x.json", b'[{"type": "Note", "text": "a shopping list"}]'),
        ("x.html", b'<link rel="alternate" href="https://www.w3.org/ns/activitystreams">'),
    ],
)
def test_what_only_looks_like_it_is_not_claimed(name, raw):
    assert activitystreams.sniff(page(name, raw)) < 0.5


def test_an_archive_of_mastodons_stays_mastodons():
    for each in pages_under(Path(__file__).parent / "mastodon" / "new-archive.pages"):
        assert sources.recognise(each)[0] in ("mastodon", ""), each.name
