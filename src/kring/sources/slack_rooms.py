"""One channel or direct chat of Slack: its messages, threads and reactions, and the lines that Slack itself writes in it."""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec

from kring.schema import Event, Item, Media, Membership, Place, Post, Record, Scope, Unread, Verb, Visibility
from kring.sources.moment import counted
from kring.sources.pieces import Pieces, clean
from kring.sources.slack_people import People, string
from kring.sources.slack_words import words
from kring.wire import Page, Piece

_SAID = ("", "bot_message", "me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "file_mention", "tombstone")
_JOINS, _LEAVES = ("channel_join", "group_join"), ("channel_leave", "group_leave")
_KINDS = {"image": "image", "video": "video", "audio": "audio"}
_FEW = 20
"""A direct chat of Slack has nine people at most; a list that is longer addresses nobody in particular."""


class Message(msgspec.Struct):
    """A message or a line of Slack's own; any field may be missing, or of another type than it should be."""

    type: Any = None
    subtype: Any = None
    user: Any = None
    bot_id: Any = None
    username: Any = None
    user_profile: Any = None
    text: Any = None
    ts: Any = None
    thread_ts: Any = None
    reactions: Any = None
    edited: Any = None
    files: Any = None
    file: Any = None
    """Until 2018 a message had one file at most, and what was said with it stood within the file."""
    attachments: Any = None
    inviter: Any = None


_MESSAGES = msgspec.json.Decoder(Message)


class Room:
    """One channel or direct chat."""

    def __init__(self, people: People, where: str, place: str, direct: bool, members: list[str]) -> None:
        self.people, self.where, self.place, self.members = people, where, place, members
        self.visibility: Visibility = "direct" if direct else "place"
        self.belong = set(members)
        self.addressed = members if direct and len(members) <= _FEW else []
        self.since: int | None = None
        self.until: int | None = None
        self.whole = True

    def begin(self, name: str, creator: object, created: int | None) -> Iterator[Record]:
        yield Place(id=self.place, kind="chat" if self.visibility == "direct" else "group", name=clean(name))
        for each in self.members:
            yield from self.people.account(each)
            yield Membership(account=self.people.id(each), place=self.place)
        if actor := self.people.id(creator):
            yield from self.people.account(creator)
            yield self._event("create", actor, self.place, "place", created, "")

    def end(self) -> Iterator[Item]:
        """What was said here is whole from the first day to the last."""
        if self.whole and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(self.where, self.place.encode("utf-8", "replace"), (scope,))

    def read(self, where: str, page: Page, piece: Piece, pieces: Pieces) -> Iterator[Item | Unread]:
        message = pieces.meant(_MESSAGES, piece.raw, page) if piece.whole else None
        if message is None:
            self.whole = False
            yield from pieces.lost(where, piece)
            return
        if message.type not in ("message", None):
            yield from pieces.unknown(where, f"a message of the type “{message.type}”", piece.raw)
            return
        at = counted(message.ts)
        if at is None:
            yield from pieces.implausible(where, message.ts, piece.raw)
        else:
            self.since, self.until = min(self.since or at, at), max(self.until or at, at)
        records = self._post(message, at, piece.raw) if string(message.subtype) in _SAID else self._act(message, at)
        yield Item(where, piece.raw, tuple(records))

    def _author(self, message: Message) -> tuple[str, list[Record]]:
        """Who wrote it, a person or a bot, and what there is to say of them."""
        user = message.user if isinstance(message.user, str) and message.user else message.bot_id
        bot = not message.user or message.subtype == "bot_message"
        said: list[Record] = [*self.people.account(user, message.user_profile, string(message.username), bot=bot)]
        if isinstance(user, str) and user and not bot and user != "USLACKBOT" and user not in self.belong:
            self.belong.add(user)
            said.append(Membership(account=self.people.id(user), place=self.place))
        return self.people.id(user), said

    def _post(self, message: Message, at: int | None, raw: bytes) -> Iterator[Record]:
        author, said = self._author(message)
        yield from said
        id = f"{self.place}/{message.ts if isinstance(message.ts, str) else hashlib.blake2b(raw, digest_size=12).hexdigest()}"
        thread = f"{self.place}/{message.thread_ts}" if isinstance(message.thread_ts, str) and message.thread_ts else ""
        spoken = words(
            _beside_file(message) if isinstance(message.file, dict) else _as_is(message.text) or _card(message), self.people.name
        )
        edited_at = counted(message.edited.get("ts")) if isinstance(message.edited, dict) else None
        mentions = (*map(self.people.id, self.addressed), *map(self.people.id, spoken.named))
        deleted = message.subtype == "tombstone"
        yield Post(
            id=id,
            kind="message",
            author="" if author == self.people.id("USLACKBOT") and deleted else author,
            at=at,
            zone="" if at is None else "UTC",
            text="" if deleted else spoken.text,
            reply_to=thread if thread != id else "",
            thread=thread,
            place=self.place,
            visibility=self.visibility,
            mentions=tuple(dict.fromkeys(each for each in mentions if each != author)),
            media=tuple(_media(message.files or [message.file])),
            edited=edited_at is not None,
            edited_at=edited_at,
            deleted=deleted,
        )
        for reaction in _objects(message.reactions):
            users = reaction.get("users")
            for user in dict.fromkeys(each for each in users if isinstance(each, str)) if isinstance(users, list) else ():
                yield from self.people.account(user)
                event = self._event("like", self.people.id(user), id, "post", None, f":{string(reaction.get('name'))}:")
                yield msgspec.structs.replace(event, receiver=author)

    def _act(self, message: Message, at: int | None) -> Iterator[Record]:
        """A line of Slack's own: who joined and left; anything else happened to the channel."""
        subtype, user = string(message.subtype), message.user
        yield from self.people.account(user, message.user_profile)
        actor = self.people.id(user)
        text = words(_as_is(message.text), self.people.name).text or subtype
        if subtype in _JOINS and actor and user not in self.belong:
            self.belong.add(user)
            yield Membership(account=actor, place=self.place, since=at)
        verb: Verb = "join" if subtype in _JOINS else "leave" if subtype in _LEAVES else "update"
        event = self._event(verb, actor, self.place, "place", at, text)
        yield msgspec.structs.replace(event, receiver=self.people.id(message.inviter)) if message.inviter else event

    def _event(self, verb: Verb, actor: str, object: str, kind: Any, at: int | None, text: str) -> Event:
        return Event(
            verb=verb,
            actor=actor,
            object=object,
            object_kind=kind,
            at=at,
            zone="" if at is None else "UTC",
            place=self.place,
            visibility=self.visibility,
            text=text,
        )


def _as_is(value: object) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _card(message: Message) -> str:
    """Of a bot that sends only cards, what stands on them."""
    cards = [[_as_is(each.get(key)) for key in ("pretext", "title", "text")] for each in _objects(message.attachments)]
    parts = ["\n".join(filter(None, card)) for card in cards]
    fallbacks = (_as_is(each.get("fallback")) for each in _objects(message.attachments))
    return "\n".join(filter(None, parts)) or "\n".join(filter(None, fallbacks))


def _beside_file(message: Message) -> str:
    """What its author said with a file; "@Anna uploaded a file: …" is Slack's own line around it."""
    comment = message.file.get("initial_comment")
    said = _as_is(comment.get("comment")) if isinstance(comment, dict) else ""
    return said if message.subtype == "file_share" else _as_is(message.text)


def _media(files: object) -> Iterator[Media]:
    for each in _objects(files):
        kind: Any = _KINDS.get(string(each.get("mimetype")).partition("/")[0], "document")
        yield Media(kind=kind, name=string(each.get("name")) or string(each.get("title")), text=string(each.get("alt_txt")))
