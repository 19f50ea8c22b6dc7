"""Archives of X beyond the pairs: what nobody here wrote, one id for one thing, forms that differ by year, what is too long or not whole."""

import json
import tracemalloc

import pytest

from kring import sources, wire
from kring.schema import Account, Event, Post, Scope
from kring.sources import x
from kring.sources.x_posts import account_id, time_of
from shared_data import shared
from sources.reading import as_json, page, pages_under, read


def archive(name, *elements, listed="tweets", part=0):
    raw = ",\n".join(json.dumps(each) for each in elements)
    return page(f"x.zip/data/{name}", f"window.YTD.{listed}.part{part} = [{raw}]".encode())


def tweet(n, **more):
    return {"tweet": {"id_str": str(n), "created_at": "Wed May 01 08:00:00 +0000 2024", "full_text": f"words {n}"} | more}


ACCOUNT = archive("account.js", {"account": {"accountId": "7", "username": "anna", "accountDisplayName": "Anna"}}, listed="account")


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def test_the_files_of_an_archive_that_nobody_here_made():
    items, unreads, notes = read("x", pages_under(shared("exports_x", "twitter-to-sqlite", "zip_contents")))
    assert as_json(items, [], notes)["records"] == [
        {
            "type": "account",
            "id": "x:user/12497",
            "handle": "@simonw",
            "name": "Simon Willison",
            "url": "https://x.com/simonw",
            "owner": True,
        },
        {"type": "event", "verb": "follow", "actor": "x:user/73747798", "object": "x:user/12497", "object_kind": "account"},
        {"type": "event", "verb": "follow", "actor": "x:user/386025404", "object": "x:user/12497", "object_kind": "account"},
        {"type": "event", "verb": "follow", "actor": "x:user/12497", "object": "x:user/547842573", "object_kind": "account"},
        {"type": "event", "verb": "follow", "actor": "x:user/12497", "object": "x:user/12158", "object_kind": "account"},
    ]
    assert [(u.kind, u.where.rpartition("/")[2], u.n) for u in unreads] == [("skipped", "app.js", 1), ("skipped", "saved-search.js", 2)]


def test_a_list_of_posts_that_nobody_here_made():
    items, unreads, _ = read("x", pages_under(shared("exports_x", "twitter-to-sqlite", "tweets.json")))
    posts, shares = records(items, Post), records(items, Event)
    assert unreads == []
    assert [(p.id, p.author, p.text[:40]) for p in posts] == [
        ("x:1169242008432644097", "x:user/22737278", "My new post: an explainer on “carbon cap"),
        ("x:1169196446043664385", "x:user/12497", "@scientiffic @Wikipedia @unsplash @cagar"),
        ("x:1168529001599533057", "x:user/12497", "Finally got around to running this scrip"),
    ]
    assert [(e.verb, e.actor, e.object, e.receiver) for e in shares] == [
        ("share", "x:user/12497", "x:1169242008432644097", "x:user/22737278")
    ]
    assert posts[1].reply_to == "x:1169079390577319937"
    assert posts[1].mentions[:2] == ("x:user/82016165", "x:user/86390214")
    assert "t.co" not in posts[1].text
    assert "carbon capture & utilization" in posts[0].text


def test_tweets_js_that_nobody_here_made():
    items, unreads, notes = read("x", pages_under(shared("exports_x", "knowledgemaxxing", "tweets.js")), place="@me_myself")
    (share,), (first, second) = records(items, Event), records(items, Post)
    assert (share.verb, share.actor, share.receiver, share.id) == ("share", "x:@me_myself", "x:@guzey", "x:3333333333333333333")
    assert (first.text, first.score, first.author) == ("1/ A thread on things I learned this year", 12, "x:@me_myself")
    assert (second.text, second.reply_to, second.mentions) == ("2/ Second part of the thread", "x:4444444444444444444", ())
    assert (unreads, notes) == ([], [])


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Wed Oct 10 20:19:24 +0000 2018", 1539202764000000),
        ("Wed Oct 10 22:19:24 +0200 2018", 1539202764000000),
        ("2018-10-10 20:19:24 +0000", 1539202764000000),
        ("2018-10-10T20:19:24.000Z", 1539202764000000),
        ("Wed Foo 10 20:19:24 +0000 2018", None),
        ("Mon Jan 01 00:00:00 +0000 1601", None),
        ("Tue Feb 30 00:00:00 +0000 2021", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_a_time_is_read_in_every_form(written, at):
    assert getattr(time_of(written), "at", None) == at


def test_an_account_has_one_id_by_number_and_another_only_where_nothing_but_its_name_is_known():
    assert account_id("12", "Anna") == account_id(12, "renamed") == "x:user/12"
    assert account_id("-1", "Anna") == account_id("", "anna") == "x:@anna"
    assert account_id(None, None) == account_id(True, []) == ""


def test_two_people_sharing_the_same_words_share_the_same_post():
    shared_words = "RT @Bob: The oven is hot,\nand you know it…"
    one, *_ = read("x", [ACCOUNT, archive("tweets.js", tweet(1, full_text=shared_words))])
    other, *_ = read("x", [archive("tweets.js", tweet(2, full_text=shared_words.replace("@Bob", "@bob")))])
    assert records(one, Event)[0].object == records(other, Event)[0].object
    assert records(one, Event)[0].id != records(other, Event)[0].id


def test_a_repost_with_broken_letters_inside_stays_a_post():
    whole = tweet(1)["tweet"] | {"retweeted_status": {"id_str": "2", "full_text": "caf~"}}
    export = page("tweets.json", json.dumps([whole]).encode().replace(b"~", b"\xe9"))
    items, *_ = read("x", [export])
    assert [p.text for p in records(items, Post)] == ["words 1"]


def test_words_that_only_look_like_a_repost_stay_a_post():
    mention = {"user_mentions": [{"screen_name": "carla", "id_str": "9"}]}
    items, *_ = read("x", [ACCOUNT, archive("tweets.js", tweet(1, full_text="RT @bob is what I say", entities=mention))])
    assert [p.text for p in records(items, Post)] == ["RT @bob is what I say"]


@pytest.mark.parametrize("action", ["Protect", "Unprotect"])
def test_posts_of_a_protected_account_are_for_its_followers(action):
    protected = archive("protected-history.js", {"protectedHistory": {"action": action}}, listed="protected_history")
    items, *_ = read("x", [ACCOUNT, protected, archive("tweets.js", tweet(1))])
    assert records(items, Post)[0].visibility == ("followers" if action == "Protect" else "public")


def test_two_archives_in_one_folder_are_told_apart():
    bob = page("b/account.js", b'window.YTD.account.part0 = [{"account": {"accountId": "8", "username": "bob"}}]')
    his = page("b/tweets.js", archive("", tweet(2)).open().read())
    items, *_ = read("x", [ACCOUNT, archive("tweets.js", tweet(1)), bob, his])
    assert {(p.id, p.author) for p in records(items, Post)} == {("x:1", "x:user/7"), ("x:2", "x:user/8")}
    assert {s.account for s in records(items, Scope)} == {"x:user/7", "x:user/8"}


def test_an_archive_with_a_part_missing_is_not_whole():
    parts = [archive("tweets.js", tweet(1)), archive("tweets-part1.js", tweet(2), part=1), archive("tweets-part2.js", tweet(3), part=2)]
    assert len(records(read("x", [ACCOUNT, *parts])[0], Scope)) == 1
    assert records(read("x", [ACCOUNT, parts[0], parts[2]])[0], Scope) == []
    listed = {"userInfo": {"accountId": "7"}, "dataTypes": {"tweets": {"files": [{}, {}, {}]}}}
    manifest = page("x.zip/data/manifest.js", b"window.__THAR_CONFIG = " + json.dumps(listed).encode())
    assert records(read("x", [manifest, *parts[:2]])[0], Scope) == []
    assert len(records(read("x", [manifest, *parts])[0], Scope)) == 1
    assert records(read("x", parts)[0], Scope) == [], "nobody says whose it is"


@pytest.mark.parametrize("cut", range(1, 130, 9))
def test_a_file_cut_anywhere_never_claims_to_be_whole(cut):
    raw = archive("tweets.js", tweet(1), tweet(2)).open().read()
    items, unreads, _ = read("x", [ACCOUNT, page("x.zip/data/tweets.js", raw[:-cut])])
    assert records(items, Scope) == []
    assert unreads
    assert all(u.next for u in unreads)


def test_a_list_without_an_owner_is_said_and_not_guessed():
    items, unreads, _ = read("x", [archive("follower.js", {"follower": {"accountId": "3"}}, listed="follower")])
    assert items == []
    assert "whose" in unreads[0].why
    assert "--as x:@name" in unreads[0].next


def test_the_same_twice_and_two_overlapping_archives_give_equal_ids():
    first, *_ = read("x", [ACCOUNT, archive("tweets.js", tweet(1), tweet(2))])
    again, *_ = read("x", [ACCOUNT, archive("tweets.js", tweet(1), tweet(2))])
    later, *_ = read("x", [ACCOUNT, archive("tweets.js", tweet(2), tweet(3))])
    assert first == again
    assert records(first, Post)[1] == records(later, Post)[0]


def test_a_name_is_given_once():
    named = {"user_mentions": [{"screen_name": "bob", "name": "Bob", "id_str": "8"}]}
    items, *_ = read("x", [ACCOUNT, archive("tweets.js", *(tweet(n, entities=named) for n in range(5)))])
    assert [a.id for a in records(items, Account)] == ["x:user/7", "x:user/8"]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("tweets.js", b"window.YTX = ["),
        ("tweets.js", b"var tweets = []"),
        ("account.js", b"export default {}"),
        ("tweets.csv", b"tweet,likes\nx,1\n"),
        ("tweets.json", b'[{"id_str": "1", "created_at": "2024-05-01"}]'),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert x.sniff(page(name, head)) == 0


def test_memory_does_not_grow_with_the_archive(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)

    def peak(n):
        pages = [ACCOUNT, archive("tweets.js", *(tweet(i, full_text="words " * 50) for i in range(n)))]
        tracemalloc.start()
        for _ in x.read(pages, sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak(4_000) < peak(500) + 200_000
