"""One event of a Matrix room: what a message says, what it belongs to, what became of somebody's membership (spec.matrix.org, client-server API)."""

import re
from typing import Any, NamedTuple

import msgspec

from kring.schema import Media, Verb
from kring.sources.pieces import clean


class MatrixEvent(msgspec.Struct):
    """Any field may be of another type than it should be: people send what they like."""

    type: Any = None
    event_id: Any = None
    room_id: Any = None
    sender: Any = None
    state_key: Any = None
    origin_server_ts: Any = None
    content: Any = None
    unsigned: Any = None
    redacts: Any = None
    prev_content: Any = None


EVENTS = msgspec.json.Decoder(MatrixEvent)
POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
VOTES = ("m.poll.response", "org.matrix.msc3381.poll.response")
MESSAGES = ("m.room.message", "m.sticker", "m.room.encrypted", *POLLS)
_FILES = {"m.image": "image", "m.video": "video", "m.audio": "audio", "m.file": "document"}
_PERSON_LINK = re.compile(r"https://matrix\.to/#/(@|%40)([^\"'?&\s]{1,250})")
UNREADABLE = "m.bad.encrypted"


def string(value: object) -> str:
    return value if isinstance(value, str) else ""


def part(value: object, *keys: str) -> Any:
    """What lies under the keys; None where there is nothing, or no object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


class Related(NamedTuple):
    """How an event belongs to another one."""

    reply_to: str = ""
    thread: str = ""
    replaces: str = ""
    annotates: str = ""
    answers: str = ""
    """The poll that is voted in."""


def related(content: object) -> Related:
    relation = part(content, "m.relates_to")
    kind, target = string(part(relation, "rel_type")), string(part(relation, "event_id"))
    reply = string(part(relation, "m.in_reply_to", "event_id"))
    if kind == "m.replace":
        return Related(replaces=target)
    if kind == "m.annotation":
        return Related(annotates=target)
    if kind == "m.reference":
        return Related(answers=target)
    if kind in ("m.thread", "io.element.thread"):
        return Related(reply_to=target if part(relation, "is_falling_back") or not reply else reply, thread=target)
    return Related(reply_to=reply)


class Said(NamedTuple):
    """The content of a message."""

    text: str
    media: tuple[Media, ...] = ()
    mentions: tuple[str, ...] = ()


def said(type: str, content: object, *, reply: bool) -> Said:
    """What a message says, without the copy of the message it replies to that older apps put before it."""
    if type in POLLS:
        return _poll(content)
    kind, body = string(part(content, "msgtype")), string(part(content, "body"))
    if reply and body.startswith("> "):
        body = _without_quote(body)
    mentions = _mentions(content)
    if type == "m.sticker":
        return Said("", (Media(kind="sticker", text=clean(body)),), mentions)
    if kind in _FILES:
        name = string(part(content, "filename"))
        file: Any = _FILES[kind]
        media = Media(kind=file, name=clean(name or body))
        return Said(clean(body) if name and name != body else "", (media,), mentions)
    if kind == "m.location":
        return Said(clean(body), (Media(kind="location"),), mentions)
    return Said(clean(body), (), mentions)


def _without_quote(body: str) -> str:
    lines = body.split("\n")
    n = next((i for i, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[n:]).lstrip("\n")


def _mentions(content: object) -> tuple[str, ...]:
    """Those whom the message names: as apps say it since 2023, or by links to people in its HTML."""
    ids = part(content, "m.mentions", "user_ids")
    if isinstance(ids, list):
        return tuple(dict.fromkeys(each for each in ids if isinstance(each, str) and each.startswith("@")))
    html = string(part(content, "formatted_body"))
    if "matrix.to" not in html:
        return ()
    copy, end, own = html.partition("</mx-reply>")
    found = _PERSON_LINK.finditer(own if end and "<mx-reply>" in copy else html)
    return tuple(dict.fromkeys("@" + each[2].replace("%3A", ":").replace("%3a", ":") for each in found))


def _poll(content: object) -> Said:
    poll = part(content, "m.poll") or part(content, "m.poll.start") or part(content, "org.matrix.msc3381.poll.start")
    answers = part(poll, "answers")
    choices = [_words(each) for each in answers] if isinstance(answers, list) else []
    return Said(_words(part(poll, "question")), (Media(kind="poll", text="\n".join(filter(None, choices))),))


def _words(value: object) -> str:
    """Text in one of the forms that extensible events have had."""
    for key in ("m.text", "org.matrix.msc1767.text", "body"):
        found = part(value, key)
        if isinstance(found, list) and found:
            found = part(found[0], "body")
        if isinstance(found, str):
            return clean(found)
    return ""


def votes(content: object) -> tuple[str, ...]:
    """The answers somebody chose, by their ids."""
    found = part(content, "m.selections") or part(content, "m.poll.response", "answers")
    found = found or part(content, "org.matrix.msc3381.poll.response", "answers")
    return tuple(clean(each) for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def membership(event: MatrixEvent) -> tuple[Verb, bool] | None:
    """What a member event does, and whether to somebody else than its sender; None if only a name or picture changed."""
    now = string(part(event.content, "membership"))
    before = string(part(event.unsigned, "prev_content", "membership") or part(event.prev_content, "membership"))
    by_self = event.sender == event.state_key
    if now == before:
        return None
    if now == "join":
        return "join", False
    if now == "invite":
        return "add", True
    if now == "leave":
        return ("leave", False) if by_self else ("update", True) if before == "ban" else ("remove", True)
    return ("remove", True) if now == "ban" else ("update", not by_self)
