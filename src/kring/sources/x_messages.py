"""Direct messages in an archive of X: conversations of two people and of groups, one conversation an element of the list."""

from collections.abc import Iterator
from typing import Any

import msgspec

from kring.schema import Event, Item, Media, Membership, Place, Post, Record, Unread
from kring.sources.jsonpieces import dicts_of, text_of
from kring.sources.moment import Moment
from kring.sources.pieces import Pieces
from kring.sources.x_posts import account_id, time_of
from kring.wire import Piece

_REACTIONS = {"agree": "👍", "disagree": "👎", "like": "❤️", "funny": "😂", "surprised": "😲", "sad": "😢", "excited": "🔥"}
"""What X's app shows for these names; others are kept as written."""


class _Conversation(msgspec.Struct):
    conversationId: Any = None
    messages: list[msgspec.Raw] = []


class Conversation(msgspec.Struct):
    """An element of direct-messages.js."""

    dmConversation: _Conversation


class _Message(msgspec.Struct):
    """One of these is there; what others there are (new pictures, calls) says nothing of who speaks with whom."""

    messageCreate: dict[str, Any] | None = None
    joinConversation: dict[str, Any] | None = None
    participantsJoin: dict[str, Any] | None = None
    participantsLeave: dict[str, Any] | None = None
    conversationNameUpdate: dict[str, Any] | None = None


CONVERSATIONS = msgspec.json.Decoder(Conversation)
_MESSAGES = msgspec.json.Decoder(_Message)


def read_conversation(where: str, given: Conversation, owner: str, told: Pieces) -> Iterator[Item | Unread]:
    """The place with its members, then each message; people are known to take part by having written, been written to, or been named."""
    conversation = given.dmConversation
    id = text_of(conversation.conversationId)
    if not id:
        yield Unread(where=where, why="This conversation has no id and was left out.", next="The rest was read.")
        return
    messages = [(bytes(raw), _decoded(raw)) for raw in conversation.messages]
    place = Place(id=f"x:dm/{id}", kind="chat", name=_name(messages))
    people = _participants(id, messages, owner)
    yield Item(where, id.encode("utf-8", "replace"), (place, *(Membership(account=each, place=place.id) for each in people)))
    for number, (raw, message) in enumerate(messages, 1):
        here = f"{where}, message {number}"
        records = _records(message, place.id, people, owner) if message else None
        if records is None:
            yield from told.lost(here, Piece(number, raw))
        elif records:
            for record in records:
                if isinstance(record, Post) and record.at is None:
                    yield from told.implausible(here, ((message and message.messageCreate) or {}).get("createdAt"), raw)
            yield Item(here, raw, tuple(records))
        else:
            why = "Known and left out on purpose: notices in conversations (new pictures, calls and the like)."
            told.losses.count(Unread(where=where.partition(", ")[0], why=why, kind="skipped"))


def _decoded(raw: msgspec.Raw) -> _Message | None:
    try:
        return _MESSAGES.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _name(messages: list[tuple[bytes, _Message | None]]) -> str:
    """The last name that the conversation was given."""
    names = [m.conversationNameUpdate for _, m in messages if m and m.conversationNameUpdate]
    return text_of(max(names, key=lambda each: text_of(each.get("createdAt"))).get("name")) if names else ""


def _participants(id: str, messages: list[tuple[bytes, _Message | None]], owner: str) -> list[str]:
    found = dict.fromkeys(account_id(part, "") for part in id.split("-")) if "-" in id else {}
    for _, message in messages:
        for act in (message.messageCreate, message.joinConversation, message.participantsJoin) if message else ():
            if act:
                single = (act.get("senderId"), act.get("recipientId"), act.get("initiatingUserId"))
                listed = (*_list(act.get("participantsSnapshot")), *_list(act.get("userIds")))
                found.update(dict.fromkeys(account_id(each, "") for each in (*single, *listed)))
    if owner:
        found[owner] = None
    return sorted(each for each in found if each)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _records(message: _Message, place: str, people: list[str], owner: str) -> list[Record] | None:
    if message.messageCreate is not None:
        return _said(message.messageCreate, place, people)
    if act := message.joinConversation:
        return [_event("add", act, account_id(act.get("initiatingUserId"), ""), owner, "account", place)] if owner else []
    if act := message.participantsJoin:
        actor = account_id(act.get("initiatingUserId"), "")
        return [_event("add", act, actor, each, "account", place) for each in _accounts(act)]
    if act := message.participantsLeave:
        return [_event("leave", act, each, place, "place", place) for each in _accounts(act)]
    if act := message.conversationNameUpdate:
        return [
            _event("update", act, account_id(act.get("initiatingUserId"), ""), place, "place", place, text=text_of(act.get("name"))),
        ]
    return []


def _accounts(act: dict[str, Any]) -> list[str]:
    return [found for each in _list(act.get("userIds")) if (found := account_id(each, ""))]


def _event(verb: Any, act: dict[str, Any], actor: str, object: str, kind: Any, place: str, text: str = "") -> Event:
    when = time_of(act.get("createdAt"))
    return Event(verb=verb, actor=actor, object=object, object_kind=kind, place=place, visibility="direct", text=text, **_times(when))


def _times(when: Moment | None) -> dict[str, Any]:
    return {"at": when.at, "offset_s": when.offset_s, "zone": when.zone} if when else {}


def _said(act: dict[str, Any], place: str, people: list[str]) -> list[Record] | None:
    number, author = text_of(act.get("id")), account_id(act.get("senderId"), "")
    if not number:
        return None
    text = text_of(act.get("text"))
    for link in dicts_of(act.get("urls")):
        if (short := text_of(link.get("url"))) and (long := text_of(link.get("expanded"))):
            text = text.replace(short, long)
    receiver = account_id(act.get("recipientId"), "")
    post = Post(
        id=f"x:dm/{number}",
        kind="message",
        author=author,
        **_times(time_of(act.get("createdAt"))),
        text=text.strip(),
        place=place,
        visibility="direct",
        mentions=(receiver,) if receiver and receiver != author else tuple(each for each in people if each != author),
        media=tuple(Media(name=address.rpartition("/")[2]) for each in _list(act.get("mediaUrls")) if (address := text_of(each))),
        edited=bool(_list(act.get("editHistory"))),
    )
    return [post, *(_reaction(each, post) for each in dicts_of(act.get("reactions")))]


def _reaction(each: dict[str, object], post: Post) -> Event:
    said, number = text_of(each.get("reactionKey")), text_of(each.get("eventId"))
    return Event(
        verb="like",
        actor=account_id(each.get("senderId"), ""),
        object=post.id,
        object_kind="post",
        receiver=post.author,
        **_times(time_of(each.get("createdAt"))),
        place=post.place,
        visibility="direct",
        text=_REACTIONS.get(said, said),
        id=f"x:dm/event/{number}" if number else "",
    )
