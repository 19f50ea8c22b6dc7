"""An export of every reader's, made up and of any size, and the plainest way to go through the same bytes.

To add one: a function that gives its files, and its line in `EXPORTS`.
"""

import csv
import email
import io
import json
import mailbox
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import libipld

import made

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "sources"))
import writing_bluesky

Files = dict[str, Iterable[str | bytes]]
_BEGIN = datetime(2024, 1, 1)
_ANNA = "https://bench.example/users/anna"
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_CHAT_LINE = re.compile(r"(\d\d-\d\d-\d{4} \d\d:\d\d) - (?:([^:]+): )?(.*)")
_TEXT_LINE = re.compile(r"\[(\d{4}-\d\d-\d\d, \d\d:\d\d)\] ([^:]+): (.*)")


@dataclass(frozen=True)
class Made:
    """What one reader reads: which form of it, its files for so many things, and what it is laid beside."""

    reader: str
    form: str
    files: Callable[[int], Files]
    plainly: Callable[[Path], None]
    """The plainest way through one file: what a script of a few lines would do."""
    beside: str
    """What that is, for the table."""
    place: str = ""
    """`--as`, where the export alone doesn't say whose it is."""


def said(n: int) -> Iterator[tuple[int, datetime, int, str]]:
    """For each message its number, when, who, and what."""
    return ((i, _BEGIN + timedelta(seconds=at), who, text) for i, (at, who, text) in enumerate(made.sentences(n, 7)))


def listed(things: Iterable[object], head: str = "[", tail: str = "]", indent: int | None = None) -> Iterator[str]:
    """A list in JSON, element by element."""
    yield head
    for i, thing in enumerate(things):
        yield (", " if i else "") + json.dumps(thing, ensure_ascii=False, indent=indent)
    yield tail


def lines(things: Iterable[object], head: Iterable[object] = ()) -> Iterator[str]:
    """A thing a line."""
    for thing in chain(head, things):
        yield json.dumps(thing, ensure_ascii=False) + "\n"


def table(head: list[str], rows: Iterable[Iterable[object]], before: str = "") -> Iterator[str]:
    """A CSV, and what stands before its header."""
    yield before
    for row in chain([head], rows):
        out = io.StringIO()
        csv.writer(out).writerow(row)
        yield out.getvalue()


def mangled(text: str) -> str:
    """As Meta writes it: each byte as if it were a character."""
    return text.encode().decode("latin-1")


def meta(things: Iterable[object], head: str = "[", tail: str = "]") -> Iterator[str]:
    """The same, as Meta writes it: ASCII only, which makes four bytes six."""
    yield head
    for i, thing in enumerate(things):
        yield (",\n  " if i else "") + json.dumps(thing, indent=2)
    yield tail


# ---- the exports ----------------------------------------------------------------------------------------------------------------------------


def activitystreams(n: int) -> Files:
    """Notes of many people, one a line."""
    return {
        "notes.ndjson": lines(
            {
                "@context": "https://www.w3.org/ns/activitystreams", "type": "Note", "id": f"{_ANNA[:-4]}p{who}/notes/{i}",
                "attributedTo": f"{_ANNA[:-4]}p{who}", "published": f"{at:%Y-%m-%dT%H:%M:%SZ}", "content": f"<p>{text}</p>",
                "inReplyTo": f"{_ANNA[:-4]}p{who}/notes/{i - 1}" if i % 3 else None, "to": [_PUBLIC], "cc": [f"{_ANNA}/followers"],
                "tag": [{"type": "Hashtag", "name": "#brood", "href": "https://bench.example/tags/brood"}], "attachment": [],
            }
            for i, at, who, text in said(n)
        )
    }  # fmt: skip


def bluesky_car(n: int) -> Files:
    """The repository of one account."""
    records = {}
    for i, at, who, text in said(n):
        stamp = int(at.timestamp() * 1_000_000) + i
        if i % 4 == 3:
            subject = f"at://did:plc:p{who}/app.bsky.feed.post/{writing_bluesky.tid(stamp)}"
            record = {
                "$type": "app.bsky.feed.like",
                "subject": {"uri": subject, "cid": "bafyreidqpc7si3dbimffi64lz3xsx2qt45ip7rpna2qpslcddp23itjjzm"},
            }
            path = f"app.bsky.feed.like/{writing_bluesky.tid(stamp)}"
        else:
            record, path = (
                {"$type": "app.bsky.feed.post", "text": text[:290], "langs": ["nl"]},
                f"app.bsky.feed.post/{writing_bluesky.tid(stamp)}",
            )
        records[path] = record | {"createdAt": f"{at:%Y-%m-%dT%H:%M:%S.000Z}"}
    return {"repo.car": [writing_bluesky.repository("did:plc:anna234567anna234567anna", records, writing_bluesky.tid(2 * 10**15))]}


def jetstream(n: int) -> Files:
    return {
        "jetstream.jsonl": lines(
            {
                "did": f"did:plc:p{who}", "time_us": int(at.timestamp() * 1_000_000), "kind": "commit",
                "commit": {
                    "rev": "3krf", "operation": "create", "collection": "app.bsky.feed.post", "rkey": f"3krg{i:09}",
                    "record": {
                        "$type": "app.bsky.feed.post", "text": text[:290], "createdAt": f"{at:%Y-%m-%dT%H:%M:%S.000Z}", "langs": ["nl"],
                    },
                    "cid": "bafyreidqpc7si3dbimffi64lz3xsx2qt45ip7rpna2qpslcddp23itjjzm",
                },
            }
            for i, at, who, text in said(n)
        )
    }  # fmt: skip


def discord_channel(n: int) -> Files:
    head = {
        "guild": {"id": "300000000000000001", "name": "Wijk"},
        "channel": {"id": "200000000000000002", "type": "GuildTextChat", "name": "tuin"},
    }
    messages = (
        {
            "id": f"{600000000000000000 + i}", "type": "Reply" if i % 3 else "Default", "timestamp": f"{at:%Y-%m-%dT%H:%M:%S.123+00:00}",
            "timestampEdited": None, "isPinned": False, "content": text,
            "author": {
                "id": f"{100000000000000000 + who}", "name": f"p{who}", "discriminator": "0000", "nickname": f"P {who}", "color": None,
                "isBot": False, "roles": [], "avatarUrl": "https://cdn.example/a.png",
            },
            "attachments": [], "embeds": [], "stickers": [], "mentions": [],
            "reactions": [{"emoji": {"id": "", "name": "👍", "code": "thumbsup"}, "count": 1, "users": [{"id": "100000000000000001", "name": "p1"}]}],
            "reference": {"messageId": f"{600000000000000000 + i - 1}", "channelId": "200000000000000002"} if i % 3 else None,
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    return {"Wijk - tuin [200000000000000002].json": listed(messages, json.dumps(head)[:-1] + ', "messages": [', "]}", indent=2)}


def discord_package(n: int) -> Files:
    messages = (
        {"ID": 400000000000000000 + i, "Timestamp": f"{at:%Y-%m-%d %H:%M:%S}", "Contents": text, "Attachments": ""}
        for i, at, _, text in said(n)
    )
    return {
        "Account/user.json": [json.dumps({"id": "100000000000000001", "username": "anna", "global_name": "Anna"})],
        "Messages/index.json": [json.dumps({"200000000000000004": "tuin in Wijk"})],
        "Messages/c200000000000000004/channel.json": [json.dumps({"id": "200000000000000004", "type": "GUILD_TEXT", "name": "tuin"})],
        "Messages/c200000000000000004/messages.json": listed(messages, indent=2),
    }


def facebook(n: int) -> Files:
    """Posts and a conversation, half each."""
    profile = {"profile_v2": {"name": {"full_name": mangled("Anna Díez")}, "username": "anna"}}
    posts = (
        {
            "timestamp": int(at.timestamp()), "attachments": [{"data": [{"media": {"uri": f"posts/media/{i}.jpg", "description": mangled("Een foto 🍞")}}]}],
            "data": [{"post": mangled(f"é {text}")}], "title": mangled("Anna Díez heeft een foto toegevoegd."),
        }
        for i, at, _, text in said(n // 2)
    )  # fmt: skip
    return {
        "facebook-anna/personal_information/profile_information/profile_information.json": [json.dumps(profile)],
        "facebook-anna/your_facebook_activity/posts/your_posts_1.json": meta(posts),
        "facebook-anna/your_facebook_activity/messages/inbox/bakkers_5/message_1.json": _conversation(n - n // 2),
    }


def _conversation(n: int) -> Iterator[str]:
    people = json.dumps({"participants": [{"name": mangled(f"Persoon é {who}")} for who in range(401)]})
    messages = (
        {
            "sender_name": mangled(f"Persoon é {who}"), "timestamp_ms": int(at.timestamp() * 1000), "content": mangled(text),
            "reactions": [{"reaction": mangled("👍"), "actor": mangled("Persoon é 1")}], "is_geoblocked_for_viewer": False,
        }
        for _, at, who, text in said(n)
    )  # fmt: skip
    return meta(messages, people[:-1] + ', "messages": [', '], "title": "Bakkers", "thread_path": "inbox/bakkers_5"}')


def instagram(n: int) -> Files:
    """Likes and a conversation, half each."""
    profile = {
        "profile_user": [
            {"string_map_data": {"Username": {"value": "anna_bakt"}, "Name": {"value": "Anna"}, "Private Account": {"value": "False"}}}
        ]
    }
    likes = (
        {
            "title": f"p{who}.bakt",
            "string_list_data": [
                {"href": f"https://www.instagram.com/p/AbC{i}/", "value": mangled("👍"), "timestamp": int(at.timestamp())}
            ],
        }
        for i, at, who, _ in said(n // 2)
    )
    return {
        "instagram-anna/personal_information/personal_information/personal_information.json": [json.dumps(profile)],
        "instagram-anna/your_instagram_activity/likes/liked_posts.json": meta(likes, '{"likes_media_likes": [', "]}"),
        "instagram-anna/your_instagram_activity/messages/inbox/bakkers_5/message_1.json": _conversation(n - n // 2),
    }


def feeds(n: int) -> Files:
    items = (
        f"<item><title>Bericht {i}</title><link>https://blog.example/{i}</link><guid>https://blog.example/{i}</guid><dc:creator>Persoon {who}</dc:creator>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate><category>brood</category><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>\n"
        for i, at, who, text in said(n)
    )
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Blog</title><link>https://blog.example/</link>\n'
    return {"feed.xml": _around(head, items, "</channel></rss>\n")}


def _around(head: str, parts: Iterable[str], tail: str) -> Iterator[str]:
    yield head
    yield from parts
    yield tail


def kring_lines(n: int) -> Files:
    head = {"type": "kring", "form": 1, "made_at": "2026-03-01T10:00:00Z", "circle": "Bench", "text": "", "n": n}
    posts = (
        {
            "type": "post", "id": f"mail:{i}@x", "kind": "message", "author": f"mail:p{who}@x", "at": int(at.timestamp() * 1_000_000), "offset_s": 0,
            "zone": "UTC", "text": text, "title": text[:40], "place": "mail:list:x", "reply_to": f"mail:{i - 1}@x",
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    return {"circle.ndjson": lines(posts, [head])}


_PROFILE = ("First Name,Last Name,Headline,Summary\nAnna,Bakker,Bakker,Bakt\n",)


def linkedin_messages(n: int) -> Files:
    head = [
        "CONVERSATION ID",
        "CONVERSATION TITLE",
        "FROM",
        "SENDER PROFILE URL",
        "TO",
        "RECIPIENT PROFILE URLS",
        "DATE",
        "SUBJECT",
        "CONTENT",
        "FOLDER",
    ]
    address = "https://www.linkedin.com/in/"
    rows = (
        [
            f"2-{who}",
            "",
            f"P {who}",
            f"{address}p-{who}",
            "Anna Bakker",
            f"{address}anna-bakker",
            f"{at:%Y-%m-%d %H:%M:%S} UTC",
            "",
            text,
            "INBOX",
        ]
        for _, at, who, text in said(n)
    )
    return {"export/Profile.csv": _PROFILE, "export/messages.csv": table(head, rows)}


def linkedin_reactions(n: int) -> Files:
    link = "https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A"
    rows = ([f"{at:%Y-%m-%d %H:%M:%S}", "LIKE", f"{link}{7401794121226568123 + i}"] for i, at, _, _ in said(n))
    return {"export/Profile.csv": _PROFILE, "export/Reactions.csv": table(["Date", "Type", "Link"], rows)}


def linkedin_connections(n: int) -> Files:
    head = ["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"]
    named = ((i, at, *text.title().split()[:3]) for i, at, _, text in said(n))
    rows = (
        [
            first,
            last,
            f"https://www.linkedin.com/in/{first}-{last}-{i:08x}".lower(),
            "",
            f"Molen {third}, de",
            "Hoofd communicatie",
            f"{at:%d %b %Y}",
        ]
        for i, at, first, last, third in named
    )
    return {"export/Profile.csv": _PROFILE, "export/Connections.csv": table(head, rows, 'Notes:\n"When exporting …"\n\n')}


def mastodon(n: int) -> Files:
    actor = {
        "type": "Person",
        "id": _ANNA,
        "preferredUsername": "anna",
        "name": "Anna",
        "outbox": "outbox.json",
        "url": "https://bench.example/@anna",
    }
    return {"archive/actor.json": [json.dumps(actor)], "archive/outbox.json": made.outbox_parts(n)}


def matrix(n: int) -> Files:
    messages = (
        {
            "type": "m.room.message", "sender": f"@p{who}:bench.example", "event_id": f"${i}", "room_id": "!tuin:bench.example",
            "origin_server_ts": int(at.timestamp() * 1000), "unsigned": {"age": 5},
            "content": {"msgtype": "m.text", "body": text, "m.mentions": {}}
            | ({"m.relates_to": {"m.in_reply_to": {"event_id": f"${i - 1}"}}} if i % 3 else {}),
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    head = {"room_name": "Tuin", "room_creator": "p1", "topic": "", "export_date": "31/03/2024", "exported_by": "p1"}
    return {"matrix - Tuin - Chat Export.json": listed(messages, json.dumps(head)[:-1] + ', "messages": [', "]}", indent=2)}


def reddit(n: int) -> Files:
    """Comments, one a line, as the public dumps have them."""
    return {
        "RC_2024-01.ndjson": lines(
            {
                "author": f"p{who}", "author_fullname": f"t2_{who:x}", "body": text, "created_utc": int(at.timestamp()), "edited": False, "id": f"k{i:x}",
                "link_id": "t3_1b3oven", "name": f"t1_k{i:x}", "parent_id": f"t1_k{i - 1:x}" if i % 3 else "t3_1b3oven", "score": 3, "gilded": 0,
                "permalink": f"/r/Waterdrecht/comments/1b3oven/oven/k{i:x}/", "subreddit": "Waterdrecht", "subreddit_id": "t5_6", "controversiality": 0,
            }
            for i, at, who, text in said(n)
        )
    }  # fmt: skip


def youtube(n: int) -> Files:
    """Comments, one a line, as the API gives them."""
    return {
        "comments.ndjson": lines(
            {
                "kind": "youtube#comment", "etag": "x", "id": f"Ug{i:024}",
                "snippet": {
                    "authorDisplayName": f"@p{who}", "authorChannelId": {"value": f"UC{who:022}"}, "authorChannelUrl": f"http://www.youtube.com/@p{who}",
                    "videoId": "straatfeest", "textDisplay": text, "textOriginal": text, "canRate": True, "viewerRating": "none", "likeCount": 2,
                    "publishedAt": f"{at:%Y-%m-%dT%H:%M:%SZ}", "updatedAt": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                },
            }
            for i, at, who, text in said(n)
        )
    }  # fmt: skip


def google_chat(n: int) -> Files:
    """A space, as Takeout gives it."""
    space = "Takeout/Google Chat/Groups/Space AAAAFyOfy4w"
    people = [{"name": f"P {who}", "email": f"p{who}@x.example", "user_type": "Human"} for who in range(401)]
    messages = (
        {
            "creator": people[who], "created_date": f"{at:%A, %B} {at.day}, {at.year} at {at:%I:%M:%S %p} UTC", "text": text,
            "topic_id": f"t{i // 3}", "message_id": f"AAAAFyOfy4w/t{i // 3}/m{i}",
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    return {
        f"{space}/group_info.json": [json.dumps({"name": "Plein", "members": people})],
        f"{space}/messages.json": listed(messages, '{"messages": [', "]}", indent=2),
    }


def signal_own(n: int) -> Files:
    def aci(who: int) -> str:
        return "AAAAAAAAAAAAAAAAAAA" + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"[who % 32] + "AQ=="

    head = [
        {"version": "1", "backupTimeMs": "1733000000000"},
        {"account": {"givenName": "Anna", "familyName": ""}},
        {"recipient": {"id": "1", "self": {}}},
        *(
            {"recipient": {"id": str(who + 2), "contact": {"aci": aci(who), "profileGivenName": f"P{who}", "registered": {}}}}
            for who in range(32)
        ),
        {"chat": {"id": "1", "recipientId": "2"}},
    ]
    items = (
        {
            "chatItem": {
                "chatId": "1", "authorId": str(who % 2 + 1), "dateSent": str(int(at.timestamp() * 1000) + i), "incoming": {"dateReceived": "1", "read": True},
                "standardMessage": {"text": {"body": text}, "reactions": [{"emoji": "👍", "authorId": "1", "sentTimestamp": "1704067200000"}]},
            }
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    return {"signal-export/main.jsonl": lines(items, head)}


def signal_text(n: int) -> Files:
    return {"Straat/index.txt": (f"[{at:%Y-%m-%d, %H:%M}] Persoon {who}: {text}\n" for _, at, who, text in said(n))}


def slack(n: int) -> Files:
    users = [{"id": f"U{who}", "team_id": "T0", "name": f"p{who}", "profile": {"display_name": f"P{who}"}} for who in range(401)]
    channels = [{"id": "C0", "name": "tuin", "created": 1700000000, "creator": "U1", "members": [user["id"] for user in users]}]
    files: Files = {"w/users.json": [json.dumps(users)], "w/channels.json": [json.dumps(channels)]}
    a_day = max(1, n // 100)
    for day in range(0, n, a_day):
        files[f"w/tuin/{_BEGIN + timedelta(days=day // a_day):%Y-%m-%d}.json"] = listed(
            (
                {
                    "type": "message", "user": f"U{who}", "text": text, "ts": f"{at.timestamp():.0f}.{i % 1_000_000:06}", "team": "T0", "client_msg_id": f"{i}",
                    "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]}],
                    "reactions": [{"name": "thumbsup", "users": ["U1", "U2"], "count": 2}],
                }
                for i, at, who, text in said(min(a_day, n - day))
            ),
            indent=4,
        )  # fmt: skip
    return files


def stackexchange(n: int) -> Files:
    rows = (
        f'  <row Id="{i + 1}" PostTypeId="{1 if i % 3 == 0 else 2}" ParentId="{i - i % 3 + 1}" CreationDate="{at:%Y-%m-%dT%H:%M:%S.000}" Score="3" '
        f'Body="&lt;p&gt;{text}&lt;/p&gt;&#xA;" OwnerUserId="{who}" LastActivityDate="{at:%Y-%m-%dT%H:%M:%S.000}" CommentCount="0" />\n'
        for i, at, who, text in said(n)
    )
    return {"site/Posts.xml": _around('<?xml version="1.0" encoding="utf-8"?>\n<posts>\n', rows, "</posts>\n")}


def tables_csv(n: int) -> Files:
    rows = ([i, f"P{who}", f"{at:%Y-%m-%d %H:%M:%S}", text, i - 1 if i % 3 else ""] for i, at, who, text in said(n))
    return {"posts.csv": table(["id", "author", "date", "text", "reply_to"], rows)}


def tables_lines(n: int) -> Files:
    rows = ({"id": i, "author": f"P{who}", "date": f"{at:%Y-%m-%dT%H:%M:%SZ}", "text": text} for i, at, who, text in said(n))
    return {"posts.ndjson": lines(rows)}


def telegram(n: int) -> Files:
    messages = (
        {
            "id": i + 1, "type": "message", "date": f"{at:%Y-%m-%dT%H:%M:%S}", "date_unixtime": f"{at.timestamp():.0f}", "from": f"P{who}",
            "from_id": f"user{who + 1}", "reply_to_message_id": i, "text": [{"type": "bold", "text": text[:5]}, text[5:]],
            "text_entities": [{"type": "bold", "text": text[:5]}, {"type": "plain", "text": text[5:]}],
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    return {
        "ChatExport/result.json": listed(
            messages, '{"name": "Straat", "type": "private_supergroup", "id": 7, "messages": [', "]}", indent=1
        )
    }


def whatsapp(n: int) -> Files:
    return {"WhatsApp-chat met Straat.txt": made.chat_lines(n)}


def x(n: int) -> Files:
    tweets = (
        {
            "tweet": {
                "retweeted": False, "source": '<a href="https://x.example">Web</a>', "favorite_count": "3", "id_str": str(10**15 + i), "id": str(10**15 + i),
                "entities": {
                    "hashtags": [{"text": "brood", "indices": ["3", "9"]}], "symbols": [], "urls": [],
                    "user_mentions": [{"name": f"P{who}", "screen_name": f"p{who}", "indices": ["0", "3"], "id_str": str(who), "id": str(who)}],
                },
                "display_text_range": ["0", "80"], "truncated": False, "retweet_count": "0", "created_at": f"{at:%a %b %d %H:%M:%S} +0000 {at:%Y}",
                "favorited": False, "full_text": f"@p{who} {text}", "lang": "nl", "in_reply_to_user_id_str": str(who),
            }
        }
        for i, at, who, text in said(n)
    )  # fmt: skip
    account = {"account": {"username": "anna", "accountId": "7", "accountDisplayName": "Anna"}}
    return {
        "twitter/data/account.js": [f"window.YTD.account.part0 = [{json.dumps(account)}]"],
        "twitter/data/tweets.js": listed(tweets, "window.YTD.tweets.part0 = [", "]", indent=2),
    }


# ---- the plainest ways through them ---------------------------------------------------------------------------------------------------------


def by_json(file: Path) -> None:
    raw = file.read_bytes()
    json.loads(raw[raw.index(b"[") :] if file.suffix == ".js" else raw)


def by_json_lines(file: Path) -> None:
    with file.open("rb") as stream:
        for line in stream:
            json.loads(line)


def by_csv(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        for _ in csv.reader(stream):
            pass


def by_xml(file: Path) -> None:
    for _, element in ElementTree.iterparse(file):
        element.clear()


def by_lines(file: Path) -> None:
    """Line by line with one pattern for its own form, and `strptime` for the time: what a script for a chat does."""
    chat = file.name.startswith("WhatsApp")
    pattern, form = (_CHAT_LINE, "%d-%m-%Y %H:%M") if chat else (_TEXT_LINE, "%Y-%m-%d, %H:%M")
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            if found := pattern.match(line):
                datetime.strptime(found[1], form)


def by_mailbox(file: Path) -> None:
    """Python's own `mailbox` and `email`: each mail parsed, its words decoded."""
    for letter in mailbox.mbox(file, factory=lambda stream: email.message_from_binary_file(stream)):
        letter.get_payload(decode=True)


def by_libipld(file: Path) -> None:
    libipld.decode_car(file.read_bytes())


_JSON, _LINES, _CSV, _XML = "json.loads", "json.loads, line by line", "csv.reader", "ElementTree.iterparse"
EXPORTS = (
    Made("activitystreams", "notes, one a line", activitystreams, by_json_lines, _LINES),
    Made("bluesky", "repository (CAR)", bluesky_car, by_libipld, "libipld.decode_car"),
    Made("bluesky", "Jetstream", jetstream, by_json_lines, _LINES),
    Made("discord", "channel", discord_channel, by_json, _JSON),
    Made("discord", "package", discord_package, by_json, _JSON),
    Made("facebook", "posts, a conversation", facebook, by_json, _JSON),
    Made("feeds", "RSS", feeds, by_xml, _XML),
    Made("google_chat", "a space", google_chat, by_json, _JSON),
    Made("instagram", "likes, a conversation", instagram, by_json, _JSON),
    Made("kring", "NDJSON", kring_lines, by_json_lines, _LINES),
    Made("linkedin", "messages", linkedin_messages, by_csv, _CSV),
    Made("linkedin", "reactions", linkedin_reactions, by_csv, _CSV),
    Made("linkedin", "connections", linkedin_connections, by_csv, _CSV),
    Made("mail", "mbox", lambda n: {"list.mbox": made.mailbox_parts(n)}, by_mailbox, "mailbox and email"),
    Made("mastodon", "outbox", mastodon, by_json, _JSON),
    Made("matrix", "room", matrix, by_json, _JSON),
    Made("reddit", "comments of a dump", reddit, by_json_lines, _LINES),
    Made("signal", "its own export", signal_own, by_json_lines, _LINES),
    Made("signal", "text of signal-export", signal_text, by_lines, "a pattern a line, strptime"),
    Made("slack", "a channel, a file a day", slack, by_json, _JSON),
    Made("stackexchange", "Posts.xml", stackexchange, by_xml, _XML),
    Made("tables", "CSV", tables_csv, by_csv, _CSV),
    Made("tables", "NDJSON", tables_lines, by_json_lines, _LINES),
    Made("telegram", "a chat", telegram, by_json, _JSON),
    Made("whatsapp", "a chat", whatsapp, by_lines, "a pattern a line, strptime"),
    Made("x", "tweets.js", x, by_json, _JSON),
    Made("youtube", "comments of the API", youtube, by_json_lines, _LINES),
)
