"""Each reader beside a naive twin: a dozen lines that take an export's messages out of the bare JSON or CSV, over every page in these folders and in the
shared data. The twins know nothing of the readers: who, when, which words, what it answers, who reacted with what, as the file itself has it.
"""

import base64
import csv
import html
import io
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec
import pytest

from kring import sources
from kring.schema import Asked, Event, Item, Post
from shared_data import shared
from sources.reading import pages_under, read

HERE = Path(__file__).parent


class Said(NamedTuple):
    """A message, as a twin sees it; None for what it doesn't look at."""

    id: str | None
    author: str
    at: int | None
    text: str
    reply_to: str = ""


def things(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, from the top."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from things(each)


def at_of(time: datetime) -> int:
    return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1_000_000)


def words(text: str) -> Counter[str]:
    """Words without addresses, which readers may write out, and without what only marks them up."""
    return Counter(re.findall(r"\w+", re.sub(r"https?://\S+|<[^<>]*>", " ", text).lower()))


def loaded(raw: bytes) -> Any:
    """JSON, or JavaScript that only sets a variable to it; nothing where it is broken."""
    text = raw.decode("utf-8-sig", "replace")
    try:
        return json.loads(re.sub(r"^\s*(?:window|Grailbird)[\w.]*\s*=", "", text) if "=" in text[:80] else text)
    except ValueError:
        return None


def rows(raw: bytes, first: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV below the line that begins with `first`."""
    text = raw.decode("utf-8-sig", "replace").replace('\\"', '""')
    if (at := text.find(first)) >= 0:
        yield from csv.DictReader(io.StringIO(text[at:]))


# ---- the twins ------------------------------------------------------------------------------------------------------------------------------


def telegram(files: dict[str, bytes]) -> Iterator[Said]:
    for raw in files.values():
        for chat in things(loaded(raw)):
            for each in chat.get("messages") or () if isinstance(chat.get("messages"), list) else ():
                if isinstance(each, dict) and each.get("type") == "message" and isinstance(each.get("id", 0), int):
                    text = each.get("text", "")
                    flat = (
                        text if isinstance(text, str) else "".join(part if isinstance(part, str) else part.get("text", "") for part in text)
                    )
                    at = int(each["date_unixtime"]) * 1_000_000 if "date_unixtime" in each else at_of(datetime.fromisoformat(each["date"]))
                    room = re.sub(r"\D", "", str(each.get("reply_to_peer_id", chat.get("id"))))
                    topics = {
                        topic["id"] for topic in chat["messages"] if isinstance(topic, dict) and topic.get("action") == "topic_created"
                    }
                    answered = each.get("reply_to_message_id")
                    reply = "" if answered is None or answered in topics else f"{room}/{answered}"
                    yield Said(f"{chat.get('id')}/{each.get('id')}", _peer(each.get("from_id")), at, flat, reply)


def _peer(number: Any) -> str:
    """Until 2021 a bare number: the kind in the bits above 32."""
    if not isinstance(number, int):
        return number or ""
    return f"user{number}" if number < 2**32 else f"channel{number - 2 * 2**32}"


def x(files: dict[str, bytes]) -> Iterator[Said]:
    everything = [each for raw in files.values() for each in things(loaded(raw))]
    quoted = [each["quoted_status"] for each in everything if "quoted_status" in each]
    owner = next((each["accountId"] for each in everything if "accountDisplayName" in each), "")
    seen = set()
    for each in everything:
        text = each.get("full_text", each.get("text"))
        if "created_at" in each and isinstance(text, str) and each.get("id_str") not in seen and not text.startswith("RT @"):
            edits = (each.get("edit_info") or {}).get(
                "initial", (each.get("edit_info") or {}).get("edit", {}).get("editControlInitial", {})
            )
            if edits and edits.get("editTweetIds", [None])[-1] not in (None, each["id_str"]):
                continue
            if "retweeted_status" in each or any(each is other for other in quoted):
                continue
            seen.add(each["id_str"])
            form = "%Y-%m-%d %H:%M:%S %z" if each["created_at"][0].isdecimal() else "%a %b %d %H:%M:%S %z %Y"
            at = at_of(datetime.strptime(each["created_at"], form))
            author = each.get("user", {}).get("id_str", owner)
            said = "" if "deleted_at" in each else html.unescape(re.sub(r"\w*…", "", text))
            yield Said(each["id_str"], f"user/{author}" if author else "", at, said, each.get("in_reply_to_status_id_str") or "")
        if isinstance(each.get("messageCreate"), dict) and each["messageCreate"].get("id"):
            sent = each["messageCreate"]
            at = at_of(datetime.fromisoformat(sent["createdAt"].replace("Z", "+00:00")))
            yield Said(sent["id"], f"user/{sent['senderId']}", at, sent["text"])


def meta(raw: bytes) -> Any:
    """A file of Meta's, in which each byte of UTF-8 became a character: undone, unless some character shows that it was not so."""
    value = loaded(raw)

    def undone(value: Any) -> Any:
        if isinstance(value, str):
            try:
                return value.encode("latin-1").decode()
            except UnicodeError:
                return value
        if isinstance(value, list):
            return [undone(each) for each in value]
        return {key: undone(each) for key, each in value.items()} if isinstance(value, dict) else value

    return value if any(ord(letter) > 255 for letter in json.dumps(value, ensure_ascii=False)) else undone(value)


def believed(at: object) -> int | None:
    return at if isinstance(at, int) and at > 365 * 86_400 * 1_000_000 else None


def facebook(files: dict[str, bytes]) -> Iterator[Said]:
    everything = [each for raw in files.values() for each in things(meta(raw))]
    profile = next((each[key] for each in everything for key in ("profile", "profile_v2") if key in each), {})
    name = profile.get("name", "")
    owner = name.get("full_name", "") if isinstance(name, dict) else name
    for each in everything:
        for data in each["data"] if isinstance(each.get("data"), list) else ():
            if isinstance(data, dict) and isinstance(data.get("post"), str):
                yield Said(None, owner, believed(each["timestamp"] * 1_000_000), data["post"])
            if isinstance(data, dict) and isinstance(data.get("comment"), dict) and "comment" in data["comment"]:
                yield Said(None, data["comment"].get("author", ""), believed(each["timestamp"] * 1_000_000), data["comment"]["comment"])
    yield from _conversations(everything)


def _conversations(everything: list[dict[str, Any]]) -> Iterator[Said]:
    for each in everything:
        name, text = each.get("sender_name", each.get("senderName")), each.get("content", each.get("text"))
        at = each.get("timestamp_ms", each.get("timestamp") if "senderName" in each else None)
        notice = each.get("type") == "Subscribe" or "call_duration" in each or re.match(r"Liked a message|Reacted ", text or "")
        text = re.sub(r".*\bsent an attachment\.", each["share"]["link"], text) if text and "share" in each else text
        if name and text and not notice:
            yield Said(None, "" if "gebruiker" in name else name, believed(at * 1000 if isinstance(at, int) else at), text)


def instagram(files: dict[str, bytes]) -> Iterator[Said]:
    everything = [each for raw in files.values() for each in things(meta(raw))]
    for each in everything:
        labels = {key: value for key, value in (each.get("string_map_data") or {}).items() if isinstance(value, dict)}
        said = next((labels[key]["value"] for key in ("Comment", "Opmerking", "Kommentar") if key in labels), "")
        at = next((value["timestamp"] for value in labels.values() if value.get("timestamp")), 0)
        if said:
            yield Said(None, "", believed(at * 1_000_000), said)
        pictures = [picture for picture in each.get("media") or () if isinstance(picture, dict) and "creation_timestamp" in picture]
        if pictures:
            at = each.get("creation_timestamp", pictures[0]["creation_timestamp"])
            yield Said(None, "", believed(at * 1_000_000), each.get("title") or pictures[0].get("title", ""))
    yield from (each._replace(author="") for each in _conversations(everything))


def matrix(files: dict[str, bytes]) -> Iterator[Said]:
    for raw in files.values():
        events = [each for each in things(loaded(raw)) if each.get("type") == "m.room.message" and "sender" in each and "event_id" in each]
        edited = {}
        for each in events:
            relation = each["content"].get("m.relates_to") or {}
            if relation.get("rel_type") == "m.replace":
                edited[each["sender"], relation["event_id"]] = each["content"]["m.new_content"]["body"]
            elif last := each.get("unsigned", {}).get("m.relations", {}).get("m.replace"):
                edited[last["sender"], each["event_id"]] = last["content"]["m.new_content"]["body"]
        for each in events:
            relation = each["content"].get("m.relates_to") or {}
            if relation.get("rel_type") == "m.replace":
                continue
            reply = (relation.get("m.in_reply_to") or {}).get("event_id", "")
            reply = relation["event_id"] if relation.get("is_falling_back") else reply
            body = edited.get((each["sender"], each["event_id"]), each["content"].get("body", ""))
            body = re.sub(r"\A(?:> .*\n)+\n", "", body) if reply and body.startswith("> <") else body
            media = each["content"].get("msgtype") in ("m.image", "m.file", "m.audio", "m.video")
            body = "" if media or body.startswith("** Unable to decrypt") else body
            yield Said(each["event_id"], each["sender"], believed(each["origin_server_ts"] * 1000), body, reply)


def discord(files: dict[str, bytes]) -> Iterator[Said]:
    owner = next(
        (
            str(each["id"])
            for raw in files.values()
            for each in things(loaded(raw))
            if "username" in each and "discriminator" in each and "isBot" not in each
        ),
        "",
    )
    for name, raw in files.items():
        for each in things(loaded(raw)):
            if "Contents" in each:
                yield Said(str(each["ID"]), owner, at_of(datetime.fromisoformat(each["Timestamp"])), each["Contents"])
            elif each.get("type") in ("Default", "Reply", "20") and "author" in each:
                at, author = at_of(datetime.fromisoformat(each["timestamp"])), each["author"]["id"]
                reply = ((each.get("reference") or {}).get("messageId") or "") if each["type"] == "Reply" else ""
                yield Said(each["id"], "" if author == "456226577798135808" else author, at, _card(each), reply)
        if name.endswith("messages.csv"):
            for row in rows(raw, "ID,"):
                yield Said(row["ID"], owner, at_of(datetime.fromisoformat(row["Timestamp"])), row["Contents"])


def _card(message: dict[str, Any]) -> str:
    """The words of a message, without names and signs in it, and those of a bot's cards."""
    cards = [card.get(part) or "" for card in message.get("embeds", ()) for part in ("title", "description")]
    return " ".join((re.sub(r"@\S+|<\S+>|:\w+:", "", message["content"]), *cards))


def slack(files: dict[str, bytes]) -> Iterator[Said]:
    for name, raw in files.items():
        for each in things(loaded(raw)):
            if (
                each.get("type") == "message"
                and "ts" in each
                and not re.match(r"channel_|group_|tombstone|reminder|pinned", each.get("subtype", ""))
            ):
                stamp, _, rest = each["ts"].partition(".")
                at = int(stamp) * 1_000_000 + int(rest.ljust(6, "0"))
                room = name.rpartition("/")[0]
                reply = f"{room}/{each['thread_ts']}" if each.get("thread_ts", each["ts"]) != each["ts"] else ""
                text = re.sub(r"<[^<>]*>|:\w+:", " ", each.get("text", "")).replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
                yield Said(f"{room}/{each['ts']}", each.get("user") or "", at, text, reply)


def linkedin(files: dict[str, bytes]) -> Iterator[Said]:
    for name, raw in files.items():
        if name.endswith("messages.csv"):
            for row in rows(raw, '"CONVERSATION ID"' if b'"CONVERSATION ID"' in raw else "CONVERSATION ID"):
                if row.get("IS MESSAGE DRAFT", "No") in ("No", "", "Y") and row["FOLDER"] != "SPAM" and row["CONVERSATION ID"]:
                    address = unquote(re.sub(r".*linkedin\.com/", "", row["SENDER PROFILE URL"]))
                    yield Said(None, address, at_of(datetime.strptime(row["DATE"], "%Y-%m-%d %H:%M:%S UTC")), row["CONTENT"])
        for first, column in (("Date,Link,Message", "Message"), ("Date,ShareLink", "ShareCommentary")):
            for row in rows(raw, first):
                if row[column] and (row.get("Link") or row.get("ShareLink")):
                    yield Said(None, "", at_of(datetime.fromisoformat(row["Date"])), row[column].replace("hashtag#", "#"))
        for row in rows(raw, "From,To,Sent At,Message,Direction"):
            if row["Message"]:
                form = "%m/%d/%y, %I:%M %p" if "M" in row["Sent At"] else "%d-%m-%y, %H:%M"
                at = at_of(datetime.strptime(row["Sent At"], form))
                yield Said(None, re.sub(r".*linkedin\.com/", "", row["inviterProfileUrl"]), at, row["Message"])


def signal(files: dict[str, bytes]) -> Iterator[Said]:
    for raw in files.values():
        people = [
            each["recipient"] for line in raw.decode().splitlines() for each in [loaded(line.encode())] if each and "recipient" in each
        ]
        for line in raw.decode().splitlines():
            each = loaded(line.encode()) if line.startswith("{") else None
            item = each.get("chatItem", {}) if isinstance(each, dict) else {}
            body = ((item.get("standardMessage") or {}).get("text") or {}).get("body")
            if isinstance(body, str):
                quote = (item["standardMessage"].get("quote") or {}).get("targetSentTimestamp", "")
                sent = item["revisions"][0]["dateSent"] if item.get("revisions") else item["dateSent"]
                author = next((_aci(each["contact"]) for each in people if each["id"] == item["authorId"] and "contact" in each), "")
                yield Said(str(sent), author, int(sent) * 1000, body.replace("\ufffc", ""), str(quote))


def _aci(contact: dict[str, Any]) -> str:
    return str(uuid.UUID(bytes=base64.b64decode(contact["aci"]))) if "aci" in contact else ""


# ---- reactions: when the message was written, and who reacted ---------------------------------------------------------------------------------


def reactions(name: str, files: dict[str, bytes]) -> Iterator[tuple[int, str]]:
    """For these networks alike: a message that holds a list of reactions, each with who it is from."""
    for raw in files.values():
        for each in things(meta(raw) if name in ("facebook", "instagram") else loaded(raw)):
            at = each.get("date_unixtime", each.get("ts", each.get("timestamp_ms", each.get("timestamp"))))
            for reaction in each["reactions"] if isinstance(each.get("reactions"), list) and at is not None else ():
                if name == "telegram":
                    yield from ((int(at) * 1_000_000, person["from_id"]) for person in reaction.get("recent", ()))
                elif name == "slack":
                    yield from ((int(at.replace(".", "")), person) for person in reaction["users"])
                elif name == "discord":
                    yield from ((at_of(datetime.fromisoformat(at)), person["id"]) for person in reaction.get("users", ()))
                elif at * 1000 > 10**15:
                    yield at * 1000, reaction["actor"]


TWINS = {twin.__name__: twin for twin in (telegram, x, facebook, instagram, matrix, discord, slack, linkedin, signal)}
SHARED = {
    "telegram": [("exports_telegram",), ("exports_chatminer", "telegram", "test_single_export.json")],
    "x": [("exports_x", "twitter-to-sqlite", "tweets.json"), ("exports_x", "knowledgemaxxing", "tweets.js")],
    "instagram": [("exports_chatminer", "instagram", "test_export.json")],
    "linkedin": [("exports_linkedin",)],
}
CASES = {
    "telegram": ["chat-of-two.page.json", "forum.page.json", "of-2019.page.json", "whole-account.pages"],
    "x": ["from-the-api.page.json", "new-archive.pages", "old-archive.pages"],
    "facebook": ["messenger.page.json", "new-export.pages", "old-export.pages"],
    "instagram": ["new-export.pages", "old-export.pages"],
    "matrix": ["direct.page.json", "from-the-middle.page.json", "room.page.json"],
    "discord": ["group-chat.page.json", "server-channel.page.json", "new-package.pages", "old-package.pages"],
    "slack": ["days-alone.pages", "workspace.pages"],
    "linkedin": ["dutch-export.pages"],
    "signal": ["own.pages"],
}
"""Pages that are whole: what is broken, a twin doesn't understand."""


def beside(name: str, path: Path) -> tuple[list[Said], list[str]]:
    """What the twin found, and what of it the reader has otherwise, or has and the twin doesn't."""
    pages = pages_under(path)
    twin = list(TWINS[name]({each.name: each.open().read() for each in pages}))
    items, *_ = read(name, pages)
    posts = [record for item in items for record in item.records if isinstance(record, Post)]
    left, wrong, found = {id(post): post for post in posts}, [], {}
    for said in twin:
        fitting = [
            post
            for post in left.values()
            if post.at == said.at and post.author.endswith(said.author) and words(said.text) <= words(post.text)
        ]
        if not fitting:
            wrong.append(f"not read: {said}")
            continue
        post = min(fitting, key=lambda post: sum((words(post.text) - words(said.text)).values()))
        del left[id(post)]
        if said.id is not None:
            found[said.id] = post
    for said in twin:
        if said.id in found and bool(said.reply_to) != bool(found[said.id].reply_to):
            wrong.append(f"reply: {said}, but {found[said.id].reply_to!r}")
        if said.id in found and said.reply_to in found and found[said.id].reply_to != found[said.reply_to].id:
            wrong.append(f"replies to another: {said}, {found[said.id].reply_to}")
    wrong += [
        f"only the reader has: {post.author} {post.at} {post.text!r} {post.id}" for post in left.values() if post.text and not post.media
    ]
    return twin, wrong


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in CASES.items() for case in cases])
def test_the_pages_here(name, case):
    twin, wrong = beside(name, HERE / name / case)
    assert twin
    assert not wrong


@pytest.mark.parametrize(("name", "parts"), [(name, parts) for name, each in SHARED.items() for parts in each])
def test_what_nobody_here_made(name, parts):
    twin, wrong = beside(name, shared(*parts))
    assert twin
    assert not wrong


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name in ("telegram", "slack", "discord", "facebook", "instagram") for case in CASES[name]]
)
def test_who_reacted(name, case):
    pages = pages_under(HERE / name / case)
    items, *_ = read(name, pages)
    records = [record for item in items for record in item.records]
    at = {record.id: record.at for record in records if isinstance(record, Post) and record.kind == "message"}
    likes = [event for event in records if isinstance(event, Event) and event.verb == "like" and event.object in at]
    names = {"instagram:anna_bakt": "Anna Die\u0308z"}
    found = Counter((at[event.object], re.split(r"[:/]", names.get(event.actor, event.actor))[-1]) for event in likes)
    assert found == Counter(reactions(name, {each.name: each.open().read() for each in pages}))


@pytest.mark.parametrize("spoilt", [{"at": 0}, {"text": ""}, {"author": "telegram:user1"}, {"reply_to": "telegram:channel1502334455/1"}])
def test_a_twin_sees_what_a_reader_has_wrong(spoilt, monkeypatch):
    """A reader that shifts times, loses words or takes one message for another is found out."""
    reader, path = sources.export("telegram"), HERE / "telegram" / "forum.page.json"
    changed = []
    for each in reader.read(pages_under(path), Asked()):
        if isinstance(each, Item):
            posts = (msgspec.structs.replace(record, **spoilt) if isinstance(record, Post) else record for record in each.records)
            each = msgspec.structs.replace(each, records=tuple(posts))
        changed.append(each)
    assert not beside("telegram", path)[1]
    monkeypatch.setattr(reader, "read", lambda *_: iter(changed))
    assert beside("telegram", path)[1]
