"""One message of Telegram's JSON, whatever its age: its fields, its words, the people and files in it."""

import re
from typing import Any, NamedTuple

import msgspec

from kring.schema import Media
from kring.sources.pieces import clean


class Message(msgspec.Struct, omit_defaults=True):
    """The fields that Kring reads, of messages and of service messages; any of them may be missing, or of another type than it should be."""

    id: Any = None
    type: Any = None
    date: Any = None
    date_unixtime: Any = None
    edited: Any = None
    edited_unixtime: Any = None
    name: Any = msgspec.field(default=None, name="from")
    from_id: Any = None
    actor: Any = None
    actor_id: Any = None
    action: Any = None
    title: Any = None
    new_title: Any = None
    information_text: Any = None
    members: Any = None
    inviter: Any = None
    message_id: Any = None
    text: Any = None
    text_entities: msgspec.Raw = msgspec.Raw()
    forwarded_from: Any = None
    reply_to_message_id: Any = None
    reply_to_peer_id: Any = None
    reactions: Any = None
    poll: Any = None
    media_type: Any = None
    photo: Any = None
    file: Any = None
    file_name: Any = None
    mime_type: Any = None
    sticker_emoji: Any = None
    contact_information: Any = None
    location_information: Any = None
    place_name: Any = None
    game_title: Any = None


MESSAGES = msgspec.json.Decoder(Message)
_ENTITIES = msgspec.json.Decoder(list[Any])
_ESCAPES = re.compile(rb"(\\[^x])|\\x([0-9A-Fa-f]{2})", re.DOTALL)
_PEER = re.compile(r"(user|chat|channel)(\d{1,20})", re.ASCII)
_MEDIA = {
    "sticker": "sticker",
    "video_message": "video",
    "video_file": "video",
    "animation": "video",
    "voice_message": "audio",
    "audio_file": "audio",
}


def mended(raw: bytes) -> bytes:
    r"""Telegram writes control characters as \x1F, which is no JSON."""
    return _ESCAPES.sub(lambda found: found[1] or b"\\u00" + found[2], raw) if b"\\x" in raw else raw


def peer(id: object) -> str:
    """ "user123", "chat123" or "channel123"; before 2021 a number, whose high half says which of them it is. "" for anything else."""
    if isinstance(id, str):
        return id if _PEER.fullmatch(id) else ""
    if isinstance(id, int) and not isinstance(id, bool) and id > 0:
        kind, bare = divmod(id, 1 << 32)
        return ("user", "chat", "channel")[kind] + str(bare) if kind < 3 else ""
    return ""


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


class Words(NamedTuple):
    """What is said: plain text, the people named in it (a peer, or "@name" in small letters), hashtags."""

    text: str
    named: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def words(message: Message) -> Words:
    if isinstance(message.text, str) and message.text:
        return Words(clean(message.text))
    parts = message.text if isinstance(message.text, list) else []
    if not message.text and len(raw := bytes(message.text_entities)) > 2:
        try:
            parts = _ENTITIES.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            parts = []
    return _joined(parts)


def _joined(parts: list[Any]) -> Words:
    text, named, tags = "", [], []
    for part in parts:
        if isinstance(part, str):
            text += part
        elif isinstance(part, dict) and isinstance(said := part.get("text"), str):
            kind = part.get("type")
            if kind == "blockquote":
                text += _quoted(text, said)
                continue
            text += said
            if kind == "text_link":
                text += _address(said, text_of(part.get("href")))
            elif kind == "mention" and said.startswith("@"):
                named.append(said.lower())
            elif kind == "mention_name":
                named.append(_user(part.get("user_id")))
            elif kind == "hashtag":
                tags.append(said.removeprefix("#"))
    return Words(clean(text), _once(named), _once(tags))


def _quoted(before: str, said: str) -> str:
    lines = "\n".join(f"> {line}" for line in said.strip("\n").split("\n"))
    return ("\n" if before and not before.endswith("\n") else "") + lines + "\n"


def _address(said: str, href: str) -> str:
    return f" <{href}>" if href and href.rstrip("/") not in (said, f"http://{said}", f"https://{said}") else ""


def _user(id: object) -> str:
    return f"user{id}" if isinstance(id, int) and not isinstance(id, bool) and id > 0 else peer(id)


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def media(message: Message) -> tuple[Media, ...]:
    """The file, place, contact or poll of a message. Of a contact no name is kept: that is an entry of somebody's address book."""
    if isinstance(message.poll, dict):
        answers = message.poll.get("answers")
        choices = [text_of(each.get("text")) for each in answers if isinstance(each, dict)] if isinstance(answers, list) else []
        return (Media(kind="poll", text=clean("\n".join(each for each in choices if each))),)
    if message.photo is not None:
        return (Media(kind="image"),)
    if message.media_type is not None or message.file is not None:
        kind: Any = _MEDIA.get(text_of(message.media_type), "document")
        if kind == "document" and text_of(message.mime_type).startswith("image/"):
            kind = "image"
        name = text_of(message.file_name) or ("" if text_of(message.file).startswith("(") else text_of(message.file).rpartition("/")[2])
        return (Media(kind=kind, name=clean(name), text=text_of(message.sticker_emoji)),)
    if message.contact_information is not None:
        return (Media(kind="contact"),)
    if message.location_information is not None or message.place_name is not None:
        return (Media(kind="location", name=clean(text_of(message.place_name))),)
    return ()


def question(message: Message) -> str:
    """The question of a poll, or what stands on a game, where the message has no words of its own."""
    asked = message.poll.get("question") if isinstance(message.poll, dict) else message.game_title
    return clean(text_of(asked))
