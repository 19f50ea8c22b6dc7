"""Reddit beyond the pairs: one id for one thing, whose export it is, what deserves no trust, and what is too deep, too long or broken off.

The pairs in `reddit/` were written by hand, records first, and no file of anybody else's stands behind them.
"""

import json
import tracemalloc

import msgspec
import pytest

from kring import sources, wire
from kring.schema import Account, Event, Membership, Place, Post, Scope, Unread
from kring.sources import reddit, reddit_listing
from kring.sources.reddit_listing import closed
from kring.sources.reddit_rows import time_of
from kring.sources.reddit_words import correspondent, fullname, mentions, says_it_is_a_bot
from sources.reading import page, read

COMMENTS = "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"
POSTS = "id,permalink,date,ip,subreddit,gildings,title,url,body\n"
STATISTICS = page("x.zip/statistics.csv", b"statistic,value\naccount name,Anna\nemail address,anna@town.example\n")


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def comment(number, replies="", **more):
    said = {"id": f"c{number}", "author": "bob", "body": f"words {number}", "link_id": "t3_p", "parent_id": "t3_p", "subreddit": "town"}
    return {"kind": "t1", "data": said | {"created_utc": 1709294400.0 + number, "replies": replies} | more}


def listing(*things):
    return {"kind": "Listing", "data": {"after": None, "children": list(things)}}


def given(value, name="x.json"):
    return read("reddit", [page(name, value if isinstance(value, bytes) else json.dumps(value).encode())])


def table(name, header, *rows):
    return page(f"x.zip/{name}", (header + "".join(f"{row}\n" for row in rows)).encode())


# ---- JSON ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        lambda things: listing(*things),
        lambda things: [listing(), listing(*things)],
        lambda things: list(things),
        lambda things: [thing["data"] for thing in things],
        lambda things: {"data": [thing["data"] for thing in things]},
        lambda things: b"\n".join(json.dumps(thing).encode() for thing in things),
        lambda things: b"\n".join(json.dumps(thing["data"]).encode() for thing in things),
        lambda things: b"\xef\xbb\xbf" + b"\r\n".join(json.dumps(thing["data"]).encode() for thing in things) + b"\r\n",
        lambda things: b"\n".join(json.dumps(listing(thing)).encode() for thing in things),
        lambda things: json.dumps(listing(*things), indent=2).encode(),
        lambda things: json.dumps([listing(), listing(*things)], sort_keys=True).encode(),
    ],
)
def test_the_same_things_in_every_shape(shape):
    items, unreads, _ = given(shape([comment(1), comment(2), comment(3)]))
    assert [(p.id, p.text) for p in records(items, Post)] == [(f"reddit:t1_c{n}", f"words {n}") for n in (1, 2, 3)]
    assert unreads == []


def test_what_rexport_saved_has_people_and_communities_as_objects():
    mine = comment(1, author={"name": "Anna", "link_karma": 3}, subreddit={"display_name": "Town"})["data"]
    message = {
        "id": "m1",
        "name": "t4_m1",
        "author": {"name": "bob"},
        "dest": {"name": "Anna"},
        "subject": "hi",
        "body": "b",
        "created_utc": 1709294400.0,
    }
    saved = {"profile": {"name": "Anna"}, "multireddits": [{"path": "/user/Anna/m/x"}], "subreddits": [{"display_name": "Town"}]}
    export = page(
        "reddit-2024-03-01.json", json.dumps(saved | {"saved": [comment(2)["data"]], "comments": [mine], "inbox": [message]}).encode()
    )
    items, unreads, _ = read("reddit", [export])
    assert [(p.id, p.author, p.place, p.visibility) for p in records(items, Post)] == [
        ("reddit:t1_c2", "reddit:u/bob", "reddit:r/town", "public"),
        ("reddit:t1_c1", "reddit:u/anna", "reddit:r/town", "public"),
        ("reddit:t4_m1", "reddit:u/bob", "", "direct"),
    ]
    assert records(items, Post)[2].mentions == ("reddit:u/anna",)
    assert unreads == []


@pytest.mark.parametrize("alone", [comment(1), comment(1)["data"]])
@pytest.mark.parametrize("indent", [None, 1])
def test_one_thing_alone(alone, indent):
    items, unreads, _ = given(json.dumps(alone, indent=indent).encode())
    assert [p.id for p in records(items, Post)] == ["reddit:t1_c1"]
    assert unreads == []


def test_replies_come_after_what_they_answer_and_keep_their_own_bytes_alone():
    tree = comment(1, listing(comment(2, listing(comment(3))), comment(4)))
    items, *_ = given(listing(tree, comment(5)))
    assert [p.id[-2:] for p in records(items, Post)] == ["c1", "c2", "c3", "c4", "c5"]
    assert [json.loads(item.raw)["id"] for item in items] == ["c1", "c2", "c3", "c4", "c5"]
    assert [json.loads(item.raw)["replies"] for item in items] == [""] * 5
    assert [item.where for item in items] == [
        "x.json, item 1",
        "x.json, item 1, t1_c2",
        "x.json, item 1, t1_c3",
        "x.json, item 1, t1_c4",
        "x.json, item 2",
    ]


def test_a_page_too_large_to_take_at_once_gives_the_same(monkeypatch):
    thread = [listing(), listing(*(comment(n, listing(comment(100 + n, listing(comment(200 + n))))) for n in range(20)))]
    at_once = given(thread)
    monkeypatch.setattr(reddit_listing, "_AT_ONCE", 100)
    monkeypatch.setattr("kring.sources.jsonwalk._CHUNK", 500)
    assert given(thread) == at_once
    assert len(records(at_once[0], Post)) == 60


def test_wherever_a_thread_breaks_off_what_came_before_is_kept():
    raw = json.dumps(
        [listing(), listing(comment(1), comment(2, listing(comment(3, listing(comment(4))), comment(5))), comment(6))]
    ).encode()
    for cut in range(60, len(raw)):
        items, unreads, _ = given(raw[:cut])
        found = [p.id[-2:] for p in records(items, Post)]
        whole = [
            f"c{n}" for n in range(1, 7) if raw.find(b'"body": "words %d"' % n) + 17 < cut and raw.find(b"}", raw.find(b'"c%d"' % n)) < cut
        ]
        assert set(whole) <= set(found), cut
        assert len(found) == len(set(found))
        assert cut > len(raw) - 2 or any("breaks off" in u.why for u in unreads) or not found, cut


@pytest.mark.parametrize("shape", [lambda t: t, lambda t: {"data": t}, lambda t: listing(*t), lambda t: [listing(), listing(*t)]])
def test_the_last_thing_of_a_list_that_breaks_off_is_read_as_far_as_it_goes(shape):
    raw = json.dumps(shape([comment(1), comment(2, listing(comment(3), comment(4)))])).encode()
    items, unreads, _ = given(raw[: raw.index(b'"words 4"')])
    assert [p.id[-2:] for p in records(items, Post)] == ["c1", "c2", "c3"]
    assert [(u.kind, u.where) for u in unreads] == [("broken", "x.json, item 2")]


@pytest.mark.parametrize(
    ("cut", "mended"),
    [
        (b'{"a": [1, {"b": "c', b'{"a": [1, {}]}'),
        (b'{"a": "x", "b": "y', b'{"a": "x"}'),
        (b'[{"a": "}]"}, ', b'[{"a": "}]"}]'),
        (b'{"a": [', b'{"a": []}'),
        (b'{"a\\"', b"{}"),
        (b"]", b"]"),
        (b"", b""),
    ],
)
def test_json_is_closed_behind_the_last_whole_thing(cut, mended):
    assert closed(cut) == mended


def test_what_reddit_only_counts_is_counted_and_says_what_to_do():
    more = {"kind": "more", "data": {"count": 41, "children": ["a", "b"], "id": "a", "parent_id": "t1_c1"}}
    _, unreads, _ = given(listing(comment(1, listing(more)), more))
    (loss,) = unreads
    assert (loss.n, loss.kind) == (82, "broken")
    assert "limit=500" in loss.next


def test_hostile_numbers_and_types_are_no_reason_to_fail():
    more = {"kind": "more", "data": {"count": 1 << 70, "children": 5}}
    odd = comment(
        1, replies=7, score=1 << 80, created_utc=1e300, edited=[1], author={"name": "bob"}, subreddit=["x"], permalink="javascript:x"
    )
    items, unreads, _ = given(listing(odd, more, None, "x", {"kind": "Listing", "data": 3}, {"kind": "t1", "data": []}, {"kind": ["t1"]}))
    (post,) = records(items, Post)
    assert (post.author, post.score, post.at, post.edited, post.place) == ("reddit:u/bob", None, None, False, "")
    assert post.url.startswith("https://www.reddit.com/")
    assert len(unreads) >= 5


def test_thousands_of_levels_are_said_to_be_broken_and_the_rest_is_read():
    deep = b'{"kind":"t1","data":{"id":"d","author":"x","body":"y","replies":{"kind":"Listing","data":{"children":['
    raw = b'{"kind":"Listing","data":{"children":[%b%b,%b]}}' % (deep * 5_000, b"]}}}}" * 5_000, json.dumps(comment(1)).encode())
    items, unreads, _ = given(raw)
    assert [p.id for p in records(items, Post)] == ["reddit:t1_c1"]
    assert unreads


def test_a_list_made_to_fill_the_memory_does_not():
    children = b",".join([b"{}"] * 1_000_000)
    raw = b'{"kind":"t1","data":{"id":"a","replies":{"kind":"Listing","data":{"children":[%b]}}}}' % children
    tracemalloc.start()
    unreads = [each for each in reddit.read([page("x.json", raw)], sources.Asked()) if isinstance(each, Unread)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "broken" in {u.kind for u in unreads}
    assert peak < 40_000_000


def test_a_hundred_levels_are_read():
    tree = comment(0)
    for n in range(1, 100):
        tree = comment(n, listing(tree))
    assert len(records(given(listing(tree))[0], Post)) == 100


def test_words_that_an_author_took_back_later_are_in_no_record_and_not_in_what_is_kept():
    gone = comment(1, body="a secret", _meta={"was_deleted_later": True, "removal_type": "deleted"})["data"]
    items, unreads, _ = given(b"\n".join(json.dumps(each).encode() for each in (gone, comment(2)["data"])))
    first, second = records(items, Post)
    assert (first.deleted, first.text, second.deleted) == (True, "", False)
    assert all(b"secret" not in item.raw for item in items)
    assert [(u.kind, u.n) for u in unreads] == [("skipped", 1)]


def test_what_moderators_removed_is_not_what_its_author_took_back():
    removed = comment(1, body="kept by the dump", _meta={"was_deleted_later": True, "removal_type": "moderator"})
    post = records(given(listing(removed))[0], Post)[0]
    assert (post.deleted, post.text) == (False, "kept by the dump")
    assert [p.deleted for p in records(given(listing(comment(1, body="[removed]"), comment(2, body="[deleted]")))[0], Post)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("kind", "seen"), [("private", "place"), ("employees_only", "place"), ("public", "public"), ("restricted", "public"), (None, "public")]
)
def test_what_is_said_in_a_private_community_is_for_its_members(kind, seen):
    items, *_ = given(listing(comment(1, subreddit_type=kind)))
    assert records(items, Post)[0].visibility == seen


@pytest.mark.parametrize(
    ("name", "text", "bot"),
    [
        ("AutoModerator", "", True),
        ("x", "Hi\n\nI am a bot, and this action was performed automatically.", True),
        ("x", "Beep boop. I'm a bot; I do this automatically", True),
        ("x", "> I am a bot, and this action was performed automatically.\n\nno you aren't", False),
        ("x", "I think I am a bot, automatically", False),
        ("robot", "I am a bottle", False),
    ],
)
def test_a_bot_is_one_that_says_so(name, text, bot):
    assert says_it_is_a_bot(name, text) is bot


def test_an_account_is_given_once_and_again_when_it_turns_out_to_be_a_bot():
    words = "I am a bot, and this action was performed automatically."
    items, *_ = given(listing(comment(1), comment(2), comment(3, body=words), comment(4), comment(5, body=words)))
    assert [a.kind for a in records(items, Account)] == ["unknown", "bot"]
    assert len(records(items, Place)) == 1


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("x.json", b'{"kind": "Listing"}'),
        ("x.json", b'{"type": "OrderedCollection", "data": {}}'),
        ("x.json", b'[{"id_str": "1", "created_at": "x"}]'),
        ("x.json", b'{"subreddit": "x"}'),
        ("posts.csv", b"id,title,body\n1,a,b\n"),
        ("comments.csv", b"Date,Link,Message\n"),
        ("messages.csv", b"CONVERSATION ID,FROM,TO,DATE,CONTENT\n"),
        ("friends.csv", b"name,age\n"),
        ("statistics.csv", b"year,n\n"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, raw):
    assert reddit.sniff(page(name, raw)) == 0


# ---- the tables of an export --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2024-03-01 12:00:00 UTC", 1709294400000000),
        ("2024-03-01 12:00:00.5 UTC", 1709294400500000),
        ("2024-03-01T12:00:00Z", 1709294400000000),
        ("2024-03-01T13:00:00+01:00", 1709294400000000),
        ("1709294400", 1709294400000000),
        ("registration ip", None),
        ("0001-01-01 00:00:00 UTC", None),
        ("", None),
    ],
)
def test_a_time_is_read_in_every_form(written, at):
    assert getattr(time_of(written), "at", None) == at


def test_the_same_comment_in_an_export_and_in_a_thread_is_one():
    row = 'c1,https://www.reddit.com/r/town/comments/p/x/c1/,2024-03-01 12:00:01 UTC,,town,0,https://www.reddit.com/r/town/comments/p/x/,,"words 1",'
    mine = records(read("reddit", [STATISTICS, table("comments.csv", COMMENTS, row)])[0], Post)[0]
    theirs = records(given(listing(comment(1, author="Anna", permalink="/r/town/comments/p/x/c1/")))[0], Post)[0]
    assert mine == theirs


@pytest.mark.parametrize(
    ("parent", "answered"), [("t1_c0", "t1_c0"), ("c0", "t1_c0"), ("", "t3_p"), ("t3_p", "t3_p"), ("p", "t3_p"), ("?!", "t3_p")]
)
def test_what_a_comment_answers_is_found_however_it_is_written(parent, answered):
    row = f"c1,,2024-03-01 12:00:01 UTC,,town,0,https://www.reddit.com/r/town/comments/p/x/,{parent},words,"
    assert records(read("reddit", [STATISTICS, table("comments.csv", COMMENTS, row)])[0], Post)[0].reply_to == f"reddit:{answered}"


def test_no_address_of_a_machine_and_no_mail_address_is_kept():
    row = "c1,,2024-03-01 12:00:01 UTC,203.0.113.7,town,0,https://www.reddit.com/r/town/comments/p/x/,,words,"
    logs = table("ip_logs.csv", "date,ip\n", "registration ip,203.0.113.8")
    items, unreads, _ = read("reddit", [STATISTICS, table("comments.csv", COMMENTS, row, "c2,,,203.0.113.7"), logs])
    kept = msgspec.json.encode((items, unreads)) + b"".join(item.raw for item in items) + b"".join(u.raw for u in unreads)
    assert b"203.0.113" not in kept
    assert b"town.example" not in kept
    assert any(u.kind == "skipped" and "ip logs" in u.why for u in unreads)


def test_an_export_that_says_whose_it_is_and_has_posts_and_comments_whole_is_all_that_they_did():
    post = "p,,2024-03-01 12:00:00 UTC,,town,0,Bread,https://www.reddit.com/r/town/comments/p/x/,"
    row = "c1,,2024-03-02 12:00:00 UTC,,town,0,https://www.reddit.com/r/town/comments/p/x/,,words,"
    posts, comments = table("posts.csv", POSTS, post), table("comments.csv", COMMENTS, row)
    assert records(read("reddit", [STATISTICS, posts, comments])[0], Scope) == [
        Scope(account="reddit:u/anna", since=1709294400000000, until=1709380800000000)
    ]
    assert records(read("reddit", [STATISTICS, posts])[0], Scope) == []
    assert records(read("reddit", [posts, comments], place="Anna")[0], Scope) == []
    assert records(read("reddit", [STATISTICS, posts, table("comments.csv", COMMENTS, row, "c2,cut")])[0], Scope) == []


@pytest.mark.parametrize("said", ["Anna", "u/Anna"])
def test_the_owner_may_be_said(said):
    votes = table("post_votes.csv", "id,permalink,direction\n", "p,,up")
    items, unreads, notes = read("reddit", [votes], place=said)
    assert records(items, Event)[0].actor == "reddit:u/anna"
    assert (unreads, notes) == ([], [])
    items, unreads, _ = read("reddit", [votes])
    assert items == []
    assert "--as reddit:NAME" in unreads[0].next


def test_an_owner_is_told_by_the_name_of_the_export():
    items, *_ = read("reddit", [page("export_Anna_20240101.zip/friends.csv", b"username,note\nbob,\n")])
    assert [(a.id, a.owner) for a in records(items, Account)] == [("reddit:u/anna", True), ("reddit:u/bob", False)]


def test_two_exports_are_two_people():
    other = page("y.zip/statistics.csv", b"statistic,value\naccount name,bob\n")
    votes = [page(f"{export}/post_votes.csv", b"id,permalink,direction\np,,up\n") for export in ("x.zip", "y.zip")]
    items, *_ = read("reddit", [STATISTICS, other, *votes])
    assert {e.actor for e in records(items, Event)} == {"reddit:u/anna", "reddit:u/bob"}


def test_a_private_message_in_an_export_and_in_an_inbox_is_one():
    header = "id,permalink,thread_id,date,ip,from,to,subject,body\n"
    rows = read("reddit", [table("messages.csv", header, "m2,,m1,2024-03-01 12:00:00 UTC,,bob,Anna,re: hi,yes")])[0]
    said = {"id": "m2", "author": "bob", "dest": "Anna", "subject": "re: hi", "body": "yes", "first_message_name": "t4_m1"}
    inbox = given(listing({"kind": "t4", "data": said | {"created_utc": 1709294400.0}}))[0]
    assert records(rows, Post) == records(inbox, Post)
    assert records(rows, Post)[0].visibility == "direct"


def test_in_a_chat_of_many_nobody_in_particular_is_addressed():
    header = "message_id,created_at,updated_at,username,message,channel_url,subreddit,channel_name,conversation_type\n"
    rows = [f"${n},2024-03-01 12:00:{n:02} UTC,,p{n},hi,!room,,,group" for n in range(25)]
    posts = records(read("reddit", [table("chat_history.csv", header, *rows)])[0], Post)
    assert {p.mentions for p in posts} == {()}
    few = read("reddit", [table("chat_history.csv", header, *rows[:3], rows[0])])[0]
    assert records(few, Post)[0].mentions == ("reddit:u/p1", "reddit:u/p2")
    assert len(records(few, Membership)) == 3


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("Anna", "reddit:u/anna"),
        ("#town", "reddit:r/town/moderators"),
        ("/r/Town", "reddit:r/town/moderators"),
        ("[deleted]", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_correspondent_has_one_id(written, id):
    assert getattr(correspondent(written), "id", None) == id


def test_a_number_is_one_thing_with_and_without_its_prefix():
    assert fullname("t3_1B4x", "t3") == fullname("1b4x", "t3") == "reddit:t3_1b4x"
    assert fullname("a b", "t3") == fullname(None, "t3") == fullname("", "t3") == ""


def test_people_are_mentioned_by_themselves_and_not_in_quotations_or_addresses():
    text = "u/anna and /u/Bob-2, see https://town.example/u/carla\n> u/dirk said\nno menu/eva u/me u/anna"
    assert mentions(text, "reddit:u/me") == ("reddit:u/anna", "reddit:u/bob-2")


# ---- size ---------------------------------------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_a_dump_a_listing_or_a_table(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)
    monkeypatch.setattr("kring.sources.jsonwalk._CHUNK", 1 << 14)
    monkeypatch.setattr(reddit_listing, "_AT_ONCE", 1 << 14)

    def peak(shape, n):
        pages = shape([comment(k, body="words " * 30) for k in range(n)])
        tracemalloc.start()
        for _ in reddit.read(pages, sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    row = "c{},,2024-03-01 12:00:00 UTC,,town,0,https://www.reddit.com/r/town/comments/p/x/,," + "words " * 30 + ","
    for shape in (
        lambda things: [page("RC.ndjson", b"\n".join(json.dumps(thing["data"]).encode() for thing in things))],
        lambda things: [page("x.json", json.dumps(listing(*things)).encode())],
        lambda things: [table("comments.csv", COMMENTS, *(row.format(k) for k, _ in enumerate(things)))],
    ):
        assert peak(shape, 4_000) < peak(shape, 500) + 400_000, (
            "Python's own lists of free tuples grow to some 200 kB; what is read is 1.5 MB"
        )
