"""The lines of Signal's own export, `main.jsonl`: who is who, which chats there are, and what a message says.

A line is a `Frame` of libsignal's backup (rust/message-backup/src/proto/backup.proto) in the JSON form of protocol buffers: long numbers are
strings, bytes are base64. Keys and PINs stand in it too; nothing here keeps them.
"""

import base64
import hashlib
import uuid
from typing import Any, NamedTuple

import msgspec

from kring.schema import Media
from kring.sources.pieces import clean


class Text(msgspec.Struct):
    body: str = ""
    bodyRanges: list[dict[str, Any]] = []


class Standard(msgspec.Struct):
    quote: dict[str, Any] | None = None
    text: Text | None = None
    attachments: list[dict[str, Any]] = []
    reactions: list[dict[str, Any]] = []


class ChatItem(msgspec.Struct):
    """What the line of a message says; exactly one of the things that end in "Message", or the poll, is there."""

    chatId: Any = None
    authorId: Any = None
    dateSent: Any = None
    revisions: list[dict[str, Any]] = []
    standardMessage: Standard | None = None
    contactMessage: dict[str, Any] | None = None
    stickerMessage: dict[str, Any] | None = None
    remoteDeletedMessage: dict[str, Any] | None = None
    adminDeletedMessage: dict[str, Any] | None = None
    updateMessage: dict[str, Any] | None = None
    viewOnceMessage: dict[str, Any] | None = None
    directStoryReplyMessage: dict[str, Any] | None = None
    paymentNotification: dict[str, Any] | None = None
    giftBadge: dict[str, Any] | None = None
    poll: dict[str, Any] | None = None


class Frame(msgspec.Struct):
    account: dict[str, Any] | None = None
    recipient: dict[str, Any] | None = None
    chat: dict[str, Any] | None = None
    chatItem: ChatItem | None = None
    version: Any = None
    backupTimeMs: Any = None
    stickerPack: dict[str, Any] | None = None
    adHocCall: dict[str, Any] | None = None
    notificationProfile: dict[str, Any] | None = None
    chatFolder: dict[str, Any] | None = None


FRAMES = msgspec.json.Decoder(Frame)


class Recipient(NamedTuple):
    """Somebody, or a group: its id with the network in front, and its name."""

    id: str
    name: str = ""
    group: bool = False
    members: tuple[str, ...] = ()
    self: bool = False


def aci(value: object) -> str:
    """The account id in base64, as it is written elsewhere: "signal:9d0652a3-…"; "" if it is none."""
    if isinstance(value, str):
        try:
            return f"signal:{uuid.UUID(bytes=base64.b64decode(value, validate=True))}"
        except ValueError:
            return ""
    return ""


def recipient(said: dict[str, Any]) -> Recipient | None:
    """A contact (by the name of the own profile, if there is one), a group, or "self"; None for anything else."""
    if isinstance(contact := said.get("contact"), dict):
        number = str(contact.get("e164") or "")
        id = aci(contact.get("aci")) or (f"signal:+{number}" if number.isdecimal() else "") or aci(contact.get("pni"))
        names = [_name(contact, *keys) for keys in _NAMES]
        return Recipient(id, next(filter(None, names), "")) if id else None
    if isinstance(group := said.get("group"), dict):
        return _group(group)
    return Recipient("", self=True) if isinstance(said.get("self"), dict) else None


_NAMES = (("profileGivenName", "profileFamilyName"), ("systemGivenName", "systemFamilyName"), ("username",))


def _name(said: dict[str, Any], *keys: str) -> str:
    return clean(" ".join(each for key in keys if isinstance(each := said.get(key), str) and each))


def _group(group: dict[str, Any]) -> Recipient | None:
    """A group is known by a digest of its key: all its members have that key, and nobody needs to keep it."""
    key = group.get("masterKey")
    snapshot = group.get("snapshot")
    title = snapshot.get("title") if isinstance(snapshot, dict) else None
    members = snapshot.get("members") if isinstance(snapshot, dict) else None
    ids = [aci(each.get("userId")) for each in members if isinstance(each, dict)] if isinstance(members, list) else []
    if not isinstance(key, str) or not key:
        return None
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return Recipient(f"signal:group/{digest}", _name(title, "title") if isinstance(title, dict) else "", True, tuple(filter(None, ids)))


def owner_name(account: dict[str, Any]) -> str:
    return _name(account, "givenName", "familyName")


class Said(NamedTuple):
    """The content of a message."""

    text: str = ""
    mentions: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    reactions: tuple[dict[str, Any], ...] = ()
    quote: dict[str, Any] | None = None
    deleted: bool = False


def said(item: ChatItem, names: dict[str, str]) -> Said | None:
    """What a message says; None if it is no message (a call, a changed group, a payment)."""
    if item.standardMessage is not None:
        message = item.standardMessage
        text, mentions = _text(message.text, names)
        media = tuple(map(_media, message.attachments))
        return Said(text, mentions, media, tuple(message.reactions), message.quote)
    if item.remoteDeletedMessage is not None or item.adminDeletedMessage is not None:
        return Said(deleted=True)
    if item.poll is not None:
        options = item.poll.get("options")
        choices = [_string(each.get("option")) for each in options if isinstance(each, dict)] if isinstance(options, list) else []
        media = (Media(kind="poll", text="\n".join(filter(None, choices))),)
        return Said(_string(item.poll.get("question")), (), media, _reactions(item.poll))
    if item.stickerMessage is not None:
        sticker = item.stickerMessage.get("sticker")
        emoji = _string(sticker.get("emoji")) if isinstance(sticker, dict) else ""
        return Said(media=(Media(kind="sticker", text=emoji),), reactions=_reactions(item.stickerMessage))
    if item.contactMessage is not None:
        return Said(media=(Media(kind="contact"),), reactions=_reactions(item.contactMessage))
    if item.viewOnceMessage is not None:
        return Said(media=(Media(),), reactions=_reactions(item.viewOnceMessage))
    if item.directStoryReplyMessage is not None:
        reply = item.directStoryReplyMessage
        words = reply.get("textReply")
        body = words.get("text") if isinstance(words, dict) else None
        text = _string(body.get("body")) if isinstance(body, dict) else _string(reply.get("emoji"))
        return Said(text, reactions=_reactions(reply))
    return None


def _string(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _reactions(message: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    reactions = message.get("reactions")
    return tuple(each for each in reactions if isinstance(each, dict)) if isinstance(reactions, list) else ()


def _text(text: Text | None, names: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """The words; where somebody is mentioned stands U+FFFC, at a place counted in UTF-16."""
    if text is None:
        return "", ()
    named = [
        (start, each.get("length", 1), id)
        for each in text.bodyRanges
        if (id := aci(each.get("mentionAci"))) and isinstance(start := each.get("start", 0), int)
    ]
    if not named:
        return clean(text.body), ()
    wide = text.body.encode("utf-16-le", "surrogatepass")
    parts, done = [], 0
    for start, length, id in sorted(named, key=lambda each: each[0]):
        if isinstance(length, int) and done <= start * 2 < (start + length) * 2 <= len(wide):
            parts += [wide[done : start * 2], f"@{names.get(id, '')}".encode("utf-16-le", "replace")]
            done = (start + length) * 2
    words = b"".join((*parts, wide[done:])).decode("utf-16-le", "replace")
    return clean(words), tuple(dict.fromkeys(id for _, _, id in named))


def _media(attachment: dict[str, Any]) -> Media:
    pointer = attachment.get("pointer")
    pointer = pointer if isinstance(pointer, dict) else {}
    kind, _, _ = _string(pointer.get("contentType")).partition("/")
    name, caption = _string(pointer.get("fileName")), _string(pointer.get("caption"))
    if attachment.get("flag") == "VOICE_MESSAGE" or kind == "audio":
        return Media(kind="audio", name=name, text=caption)
    if kind in ("image", "video"):
        return Media(kind="video" if kind == "video" else "image", name=name, text=caption)
    return Media(kind="document" if kind else "unknown", name=name, text=caption)
