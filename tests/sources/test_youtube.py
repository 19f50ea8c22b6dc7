"""YouTube beyond the pairs: forms that differ by year, exports that meet, what is cut off, hostile or somebody else's, memory."""

import json
import tracemalloc

import pytest

from kring import sources, wire
from kring.schema import Account, Event, Post, Scope
from kring.sources import jsonwalk, youtube
from kring.sources.youtube_takeout import words
from kring.sources.youtube_words import said_of, video_in
from shared_data import shared
from sources.reading import as_json, page, pages_under, read

ANNA, BOB, TOWN = "UCannaannaannaannaanna11", "UCbobbobbobbobbobbobbob1", "UCgemeentegemeentegeme01"
VIDEO = "vergadering"
HEADER = "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Video ID,Comment Text\n"


def comment_id(n):
    return f"Ugw{n:016}4AaABAg"


def comment(n, *, author=ANNA, **more):
    snippet = {
        "authorDisplayName": "@anna",
        "authorChannelId": {"value": author},
        "textDisplay": f"words {n}",
        "videoId": VIDEO,
        "publishedAt": "2024-05-01T08:00:00Z",
        "updatedAt": "2024-05-01T08:00:00Z",
    }
    return {"kind": "youtube#comment", "id": comment_id(n), "snippet": snippet | more}


def thread(n, *replies, **more):
    snippet = {"channelId": TOWN, "videoId": VIDEO, "topLevelComment": comment(n, **more), "isPublic": True}
    return {"kind": "youtube#commentThread", "id": comment_id(n), "snippet": snippet, "replies": {"comments": list(replies)}}


def answer(*threads):
    return {"kind": "youtube#commentThreadListResponse", "pageInfo": {"totalResults": 1}, "items": list(threads)}


def json_page(*things, name="comments.json", line=False):
    raw = "\n".join(json.dumps(each) for each in things) if line else json.dumps(things[0] if len(things) == 1 else things)
    return page(name, raw.encode())


def row(n, text='"{""text"":""hallo""}"', video=VIDEO, at="2024-05-01T08:00:00+00:00"):
    return f"{comment_id(n)},{ANNA},{at},0,,{video},{text}\n"


def takeout(*rows, name="comments/comments.csv", archive="takeout-1-001.zip"):
    return page(f"{archive}/Takeout/YouTube and YouTube Music/{name}", "".join(rows).encode())


def records(items, kind):
    return [r for item in items for r in item.records if isinstance(r, kind)]


def test_answers_are_the_same_alone_in_a_list_one_a_line_and_as_bare_resources():
    threads = [thread(1), thread(2, comment(3, author=BOB, parentId=comment_id(2))), thread(4)]
    forms = [
        json_page(answer(*threads)),
        json_page(answer(threads[0]), answer(*threads[1:])),
        json_page(answer(threads[0]), answer(*threads[1:]), line=True),
        page("a.json", "\n".join(json.dumps(each, indent=2) for each in (answer(threads[0]), answer(*threads[1:]))).encode()),
        json_page({"items": threads}),
        json_page(*threads),
        json_page(*threads, line=True),
        page("a.json", json.dumps(answer(*threads), indent=2).encode("utf-8-sig")),
    ]
    all_given = [as_json(*read("youtube", [form])) for form in forms]
    assert [r["id"] for r in all_given[0]["records"] if r["type"] == "post"] == [f"youtube:{comment_id(n)}" for n in (1, 2, 3, 4)]
    assert all(given == all_given[0] for given in all_given)
    assert all_given[0]["unread"] == []


def test_a_single_comment_written_over_many_lines():
    items, unreads, _ = read("youtube", [page("comment.json", json.dumps(comment(1), indent=2).encode())])
    assert [p.text for p in records(items, Post)] == ["words 1"]
    assert unreads == []


@pytest.mark.parametrize("given", [{"value": ANNA}, ANNA])
def test_an_author_is_known_by_channel_however_it_is_written(given):
    items, *_ = read("youtube", [json_page(comment(1, authorChannelId=given, authorDisplayName="Anna Bakker"))])
    assert records(items, Account) == [Account(id=f"youtube:{ANNA}", name="Anna Bakker", url=f"https://www.youtube.com/channel/{ANNA}")]


def test_an_author_without_a_channel_is_known_by_address_handle_or_name():
    said = [
        comment(1, authorChannelId=None, authorChannelUrl=f"http://www.youtube.com/channel/{BOB}"),
        comment(2, authorChannelId={}, authorDisplayName="@bob"),
        comment(3, authorChannelId=[], authorDisplayName="Bob \u0000 van Dam"),
        comment(4, authorChannelId=7, authorDisplayName=None),
    ]
    items, *_ = read("youtube", [json_page(answer(*said))])
    assert [p.author for p in records(items, Post)] == [f"youtube:{BOB}", "youtube:@bob", "youtube:name/Bob van Dam", ""]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("a<br>b", "a\nb"),
        ("a\nb <3", "a\nb <3"),
        ("1 < 2", "1 < 2"),
        ("it&#39;s &quot;so&quot;", 'it\'s "so"'),
        ('see <a href="https://plein.example/x">plein.example</a>', "see plein.example <https://plein.example/x>"),
        ("<script>x</script><b>y</b>", "y"),
        (None, ""),
        (7, "7"),
    ],
)
def test_words_are_read_from_html_and_from_plain_text(shown, text):
    items, *_ = read("youtube", [json_page(comment(1, textDisplay=shown))])
    assert records(items, Post)[0].text == text


@pytest.mark.parametrize(
    ("more", "visibility"),
    [
        ({}, "public"),
        ({"moderationStatus": "published"}, "public"),
        ({"moderationStatus": "likelySpam"}, "direct"),
        ({"moderationStatus": "rejected"}, "direct"),
    ],
)
def test_what_only_the_channel_sees_is_private(more, visibility):
    items, *_ = read("youtube", [json_page(answer(thread(1, **more)))])
    assert records(items, Post)[0].visibility == visibility


def test_the_replies_of_a_thread_are_items_of_their_own():
    items, *_ = read("youtube", [json_page(answer(thread(1, comment(2, author=BOB, textDisplay="geheim"))))])
    first, reply = items
    assert b"geheim" not in first.raw
    assert b"words 1" not in reply.raw


def test_who_rated_is_told_only_if_the_user_says_who_asked():
    rated = json_page(answer(thread(1, viewerRating="like"), thread(2, viewerRating="dislike"), thread(3, viewerRating="none")))
    assert records(read("youtube", [rated])[0], Event) == []
    events = records(read("youtube", [rated], place=TOWN)[0], Event)
    assert [(e.verb, e.object, e.visibility) for e in events] == [
        ("like", f"youtube:{comment_id(1)}", "public"),
        ("dislike", f"youtube:{comment_id(2)}", "direct"),
    ]


def test_a_video_that_only_some_may_see_makes_its_comments_so_too():
    info = {"id": VIDEO, "title": "x", "thumbnail": f"https://i.ytimg.com/vi/{VIDEO}/x.jpg", "channel_id": TOWN}
    said = {"id": comment_id(1), "parent": "root", "text": "hoi", "author": "@anna", "author_id": ANNA, "timestamp": 1700000000}
    for availability, visibility in {"private": "direct", "unlisted": "unlisted", "subscriber_only": "followers", None: "public"}.items():
        items, *_ = read("youtube", [json_page(info | {"availability": availability, "comments": [said]}, name="x.info.json")])
        assert [p.visibility for p in records(items, Post)] == [visibility, visibility]


def test_a_kept_video_without_comments_is_a_video():
    info = {
        "id": VIDEO,
        "title": "Raad",
        "webpage_url": f"https://www.youtube.com/watch?v={VIDEO}",
        "upload_date": "20230501",
        "comments": None,
    }
    items, unreads, notes = read("youtube", [json_page(info, name="x.info.json")])
    assert [(p.title, p.at, p.zone) for p in records(items, Post)] == [("Raad", 1682899200000000, "")]
    assert (unreads, notes) == ([], [])


def test_a_takeout_and_an_answer_meet_in_the_same_comment():
    hers, *_ = read("youtube", [takeout(HEADER, row(1))])
    theirs, *_ = read("youtube", [json_page(answer(thread(1)))])
    (mine,), (yours,) = records(hers, Post), records(theirs, Post)
    assert (mine.id, mine.author, mine.reply_to, mine.thread, mine.url) == (yours.id, yours.author, yours.reply_to, yours.thread, yours.url)


def test_the_parts_of_a_takeout_in_one_folder_are_one_persons():
    channel = takeout("Channel ID,Channel Title (Original),Channel Visibility\n", f"{ANNA},Anna,Public\n", name="channels/channel.csv")
    follows = takeout(
        "Channel Id,Channel Url,Channel Title\n",
        f"{TOWN},http://www.youtube.com/channel/{TOWN},Gemeente\n",
        name="subscriptions/subscriptions.csv",
        archive="takeout-1-002.zip",
    )
    items, unreads, _ = read("youtube", [channel, follows])
    assert [(e.actor, e.object) for e in records(items, Event)] == [(f"youtube:{ANNA}", f"youtube:{TOWN}")]
    assert unreads == []


def test_two_takeouts_are_told_apart():
    bobs = page("takeout-2-001.zip/Takeout/YouTube/comments/comments.csv", (HEADER + row(2)).replace(ANNA, BOB).encode())
    items, *_ = read("youtube", [takeout(HEADER, row(1)), bobs])
    assert [(a.id, a.owner) for a in records(items, Account)] == [(f"youtube:{ANNA}", True), (f"youtube:{BOB}", True)]
    assert {s.account for s in records(items, Scope)} == {f"youtube:{ANNA}", f"youtube:{BOB}"}


def test_of_several_channels_the_subscriptions_are_taken_for_the_first_ones_and_it_is_said():
    channels = takeout("Channel ID,Channel Title (Original)\n", f"{ANNA},Anna\n{BOB},Band\n", name="channels/channel.csv")
    follows = takeout("Channel Id,Channel Url,Channel Title\n", f"{TOWN},,G\n", name="subscriptions/subscriptions.csv")
    items, _, notes = read("youtube", [channels, follows, takeout(HEADER, row(1))])
    assert [e.actor for e in records(items, Event)] == [f"youtube:{ANNA}"]
    assert "several channels" in notes[0].text
    assert records(items, Scope) == []


def test_what_was_paid_is_not_kept():
    items, *_ = read("youtube", [takeout(HEADER, row(1).replace(",0,,", ",2000000,,"))])
    assert all(b"2000000" not in item.raw for item in items)


def test_nothing_of_what_was_watched_is_kept():
    watched = b'[{"header":"YouTube","title":"Watched secret","titleUrl":"https://www.youtube.com/watch?v=vergadering","time":"2024-01-01T00:00:00Z"}]'
    cell = b'<div class="outer-cell mdl-cell">Watched <a href="https://www.youtube.com/watch?v=vergadering">secret</a></div>'
    pages = [
        page("Takeout/YouTube and YouTube Music/history/watch-history.json", watched),
        page("Takeout/YouTube and YouTube Music/history/search-history.html", cell),
        page("Takeout/My Activity/YouTube/MyActivity.json", watched),
        page("watch-history.html", cell),
        takeout("Video ID,Playlist Video Creation Timestamp\nvergadering,2024-01-01T00:00:00Z\n", name="playlists/Watch later-videos.csv"),
    ]
    assert {sources.recognise(each)[0] for each in pages} == {"youtube"}
    items, unreads, _ = read("youtube", pages)
    assert items == []
    assert {u.kind for u in unreads} == {"skipped"}
    assert all(b"secret" not in u.raw for u in unreads)


@pytest.mark.parametrize(
    ("cell", "text", "mentions"),
    [
        ('{"text":"a"},{"text":"\n"},{"text":"b"}', "a\nb", ()),
        ('{"text":"> a \\"b\\""}', '> a "b"', ()),
        ('{"takeoutSegments":[{"text":"a "},{"text":"b","link":{"linkUrl":"https://b.example/"}}]}', "a b <https://b.example/>", ()),
        ('{"text":"https://b.example/","link":{"linkUrl":"https://b.example/"}}', "https://b.example/", ()),
        (f'{{"text":"@bob","mention":{{"channelId":"{BOB}"}}}},{{"text":" ja"}}', "@bob ja", (f"youtube:{BOB}",)),
        ('{"text":"a"},{"text":"b', "a", ()),
        ('{"text":7}', "7", ()),
        ('{"takeoutSegments":null}', "", ()),
        ("{smile}", "{smile}", ()),
        ("123", "123", ()),
        ("plain, with {braces}", "plain, with {braces}", ()),
        ("", "", ()),
    ],
)
def test_what_a_cell_says(cell, text, mentions):
    assert words(cell) == (text, mentions)


def test_columns_may_come_in_any_order_and_more_of_them():
    header = "Top-Level Comment ID,Comment Text,Video ID,Comment create timestamp,Channel ID,New Thing,Comment ID\n"
    items, unreads, _ = read("youtube", [takeout(header, f",hallo,{VIDEO},2024-05-01T08:00:00Z,{ANNA},x,{comment_id(1)}\n")])
    assert [(p.id, p.text) for p in records(items, Post)] == [(f"youtube:{comment_id(1)}", "hallo")]
    assert unreads == []


def test_a_table_that_only_looks_a_little_like_one_is_left_out():
    raw = f'a,b,c\n{ANNA},2024-01-01T00:00:00Z,"{{""text"":""x""}}"\n'
    items, unreads, _ = read("youtube", [takeout(raw, name="x/x.csv")])
    assert items == []
    assert [u.kind for u in unreads] == ["skipped"]


def test_resources_are_known_without_their_kind():
    bare = {"id": comment_id(1), "snippet": {"topLevelComment": {"id": comment_id(1), "snippet": comment(1)["snippet"]}}}
    given = page("YouTube/threads.json", json.dumps([bare]).encode())
    assert sources.recognise(given)[0] == "youtube"
    assert [p.text for p in records(read("youtube", [given])[0], Post)] == ["words 1"]


def test_only_a_takeout_says_whose_it_is():
    follow = {
        "kind": "youtube#subscription",
        "snippet": {"channelId": ANNA, "resourceId": {"channelId": TOWN}, "title": "Gemeente", "publishedAt": "2020-01-01T00:00:00Z"},
    }
    answered = {"kind": "youtube#subscriptionListResponse", "items": [follow]}
    for given, owned in (
        (json_page(answered, name="YouTube/a.json"), False),
        (json_page(follow, name="Takeout/YouTube/subscriptions.json"), True),
    ):
        assert [a.owner for a in records(read("youtube", [given])[0], Account)] == [owned, False]


@pytest.mark.parametrize("cut", range(1, 400, 23))
def test_an_answer_cut_anywhere_keeps_what_came_before(cut):
    raw = json.dumps([answer(thread(1), thread(2)), answer(thread(3))]).encode()
    items, unreads, _ = read("youtube", [page("a.json", raw[:-cut])])
    assert [p.id for p in records(items, Post)][:2] == [f"youtube:{comment_id(n)}" for n in (1, 2)]
    assert unreads
    assert all(u.next for u in unreads)


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_table_cut_anywhere_keeps_the_rows_before(cut):
    raw = (HEADER + row(1) + row(2)).encode()
    items, *_ = read("youtube", [page("Takeout/YouTube/comments/comments.csv", raw[:-cut])])
    assert [p.id for p in records(items, Post)][:1] == [f"youtube:{comment_id(1)}"]


def test_a_broken_table_is_not_whole():
    assert len(records(read("youtube", [takeout(HEADER, row(1))])[0], Scope)) == 1
    items, unreads, _ = read("youtube", [takeout(HEADER, row(1), "x,y\n")])
    assert records(items, Scope) == []
    assert len(unreads) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b'{"kind": "youtube#commentThread", "snippet": ' + b'{"a":' * 20_000,
        b'{"kind": "youtube#comment", "id": ' + b"9" * 5000 + b"}",
        b'[{"kind": "youtube#comment", "id": "a", "snippet": []}, [], 7, null, {"kind": []}, {"kind": {}, "snippet": 3}]',
        b'{"kind": "youtube#commentThreadListResponse", "items": {"0": {}}}',
        b'{"kind": "youtube#commentThreadListResponse", "items": [[[[1]]], "x", {"snippet": {"topLevelComment": 3}}]}',
        b'{"replayChatItemAction": {"actions": {"a": 1}}}\n{"replayChatItemAction": []}\n{"replayChatItemAction": {"actions": [1, {"addChatItemAction": 2}]}}',
        json.dumps(comment(1, publishedAt="9" * 30, likeCount=10**30, textDisplay="\ud800x")).encode(),
        b'{"kind": "youtube#comment", "id": "x\xff\xfe", "snippet": {"textDisplay": "\xff"}}',
    ],
)
def test_hostile_files_are_said_and_not_believed(raw):
    items, unreads, _ = read("youtube", [page("hostile.json", raw)])
    assert unreads
    assert all(post.at is None and post.score is None for post in records(items, Post))


def test_a_comment_longer_than_a_record_may_be_costs_that_comment_only(monkeypatch):
    monkeypatch.setitem(jsonwalk.arrays.__kwdefaults__, "longest", 3_000)
    raw = json.dumps(answer(thread(1), thread(2, textDisplay="x" * 9_000), thread(3))).encode()
    items, unreads, _ = read("youtube", [page("a.json", raw)])
    assert [p.id for p in records(items, Post)] == [f"youtube:{comment_id(n)}" for n in (1, 3)]
    assert [u.kind for u in unreads] == ["too-large"]


@pytest.mark.parametrize(
    ("said", "channel", "video"),
    [
        (ANNA, f"youtube:{ANNA}", ""),
        (f"https://www.youtube.com/channel/{ANNA}", f"youtube:{ANNA}", ""),
        (VIDEO, "", f"youtube:{VIDEO}"),
        (f"https://www.youtube.com/watch?v={VIDEO}&t=1", "", f"youtube:{VIDEO}"),
        (f"https://youtu.be/{VIDEO}", "", f"youtube:{VIDEO}"),
        ("Raad van mei", "", ""),
        ("", "", ""),
    ],
)
def test_what_the_user_says_is_a_channel_or_a_video(said, channel, video):
    assert said_of(said) == (channel, video)


def test_a_video_is_found_in_addresses_of_every_form():
    for address in ("/watch?v=x1", "/watch?a=b&v=x1&lc=y", "/shorts/x1?feature=share", "/live/x1", "/embed/x1"):
        assert video_in(f"https://www.youtube.com{address}") == "youtube:x1"
    assert video_in("https://www.youtube.com/playlist?list=PL1") == ""


def test_a_live_chat_whose_file_does_not_say_the_video():
    said = {"liveChatTextMessageRenderer": {"id": "a", "message": {"simpleText": "hoi"}}}
    line = {"replayChatItemAction": {"actions": [{"addChatItemAction": {"item": said}}]}}
    items, _, notes = read("youtube", [json_page(line, line, name="avond.live_chat.json", line=True)])
    assert {p.place for p in records(items, Post)} == {"youtube:live/avond"}
    assert "--as youtube:VIDEO" in notes[0].text
    items, _, notes = read("youtube", [json_page(line, line, name="avond.live_chat.json", line=True)], place=VIDEO)
    assert {(p.place, p.thread) for p in records(items, Post)} == {(f"youtube:live/{VIDEO}", f"youtube:{VIDEO}")}
    assert notes == []


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("comments.csv", b"id,text\n1,x\n"),
        ("data.csv", b"channel id,channel title,video id,comment text\nUC1,T,v,hello\n"),
        ("comments.json", b'[{"id": "1", "text": "x", "author": "y"}]'),
        ("video.info.json", b'{"id": "1", "title": "x", "extractor": "vimeo", "webpage_url": "https://vimeo.com/1"}'),
        ("page.html", b"<ul><li>Posted at 2020-01-01 00:00:00 <a href='https://town.example/'>x</a></li></ul>"),
        ("watch-history.json", b'[{"title": "x"}]'),
        ("clip.mp4", b"\0\0\0\x18ftypmp42"),
    ],
)
def test_does_not_claim_what_only_has_its_name(name, head):
    assert youtube.sniff(page(name, head)) < 0.5


def test_mail_beside_it_in_a_takeout_stays_mail_and_a_plain_table_of_comments_a_table():
    mail = b"From 1 Mon Jan  6 00:00:00 2025\nFrom: a@town.example\nTo: b@town.example\nSubject: x\nDate: Mon, 06 Jan 2025 09:14:00 +0100\n\nx\n"
    assert sources.recognise(page("Takeout/Mail/All mail Including Spam and Trash.mbox", mail))[0] == "mail"
    for each in pages_under(shared("youtube_spam")):
        assert sources.recognise(each)[0] == "tables"


@pytest.mark.parametrize("form", ["answer", "table", "lines"])
def test_memory_does_not_grow_with_the_comments(monkeypatch, form):
    monkeypatch.setattr(wire, "_CHUNK", 1 << 14)
    monkeypatch.setattr("kring.sources.jsonwalk._CHUNK", 1 << 14)

    def peak(n):
        if form == "table":
            pages = [takeout(HEADER, *(row(i) for i in range(n)))]
        elif form == "answer":
            pages = [json_page(answer(*(thread(i) for i in range(n))))]
        else:
            pages = [json_page(*(thread(i) for i in range(n)), line=True)]
        tracemalloc.start()
        for _ in youtube.read(pages, sources.Asked()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(10)
    assert peak(4_000) < peak(500) + 200_000
