"""Reads a channel that DiscordChatExporter wrote as JSON: everything that was said there, by everybody.

The form is that of its JsonMessageWriter (github.com/Tyrrrz/DiscordChatExporter). Older versions write no nicknames, no users beside reactions, no
reference to what is replied to, and no ids of people mentioned that aren't in the list of mentions.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from kring.schema import Account, Event, Item, Media, Membership, Note, Place, Post, Record, Scope, Unread, Verb, Visibility
from kring.sources.discord_words import When, file, id_of, server_of, string, when, words
from kring.sources.jsonwalk import Fields, Found, arrays
from kring.sources.pieces import Pieces, clean
from kring.wire import Page

_AUTHOR = re.compile(rb'"author"\s*:\s*\{\s*"id"\s*:\s*"(\d{15,21})"')
_CHUNK, _OVERLAP = 1 << 20, 100
_SYSTEM = re.compile(
    r"RecipientAdd|RecipientRemove|Call|ChannelNameChange|ChannelIconChange|ChannelPinnedMessage|GuildMemberJoin|ThreadCreated"
)
_DELETED = "456226577798135808"
"""The account that Discord puts in the place of all deleted ones."""
_FEW = 10


class _Message(msgspec.Struct):
    id: Any = None
    type: Any = None
    timestamp: Any = None
    timestampEdited: Any = None
    content: Any = None
    author: Any = None
    attachments: Any = None
    embeds: Any = None
    stickers: Any = None
    reactions: Any = None
    mentions: Any = None
    reference: Any = None
    forwardedMessage: Any = None
    interaction: Any = None


_MESSAGES = msgspec.json.Decoder(_Message)


class Channel:
    """One exported channel."""

    def __init__(self, page: Page, pieces: Pieces) -> None:
        self.page, self.pieces = page, pieces
        self.fields: Fields = {}
        self.place = self.guild = self.thread = ""
        self.visibility: Visibility = "place"
        self.people: frozenset[str] = frozenset()
        self.names: dict[str, str] = {}
        self.given: set[str] = set()
        self.since: int | None = None
        self.until: int | None = None
        self.whole, self.begun = True, False

    def read(self) -> Iterator[Item | Unread | Note]:
        for found in arrays(self.page, ("messages",)):
            if not found.piece.number and found.piece.whole:
                self.fields = dict(found.fields)
                yield self._begin()
            else:
                yield from self._message(found)
        if not self.begun:
            yield Unread(where=self.page.name, why="There are no messages in this file.", next=self.pieces.again, raw=self.page.head[:4096])
        elif self.whole and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(self.page.name, self.place.encode("utf-8", "replace"), (scope,))

    def _begin(self) -> Item:
        self.begun = True
        said = {key: self.fields.get(f"channel.{key}") for key in ("id", "type", "name", "category")}
        kind, name = string(said["type"]), clean(string(said["name"]))
        guild, server = server_of(self.fields.get("guild.id")), clean(string(self.fields.get("guild.name")))
        self.place = id_of(said["id"]) or f"discord:{name or self.page.file}"
        self.visibility = "direct" if kind.startswith("Direct") else "place"
        self.thread = self.place if kind.endswith("Thread") else ""
        self.guild = guild if self.visibility == "place" else ""
        if self.visibility == "direct":
            self.people = frozenset(self._authors())
        name = f"{name} in {server}" if self.guild and server else name
        places = [Place(id=self.place, kind="chat" if self.visibility == "direct" else "group", name=name)]
        places += [Place(id=self.guild, kind="server", name=server)] if self.guild else []
        return Item(self.page.name, msgspec.json.encode(said | {"guild": server}), tuple(places))

    def _authors(self) -> Iterator[str]:
        """The first reading, of a direct chat only: who writes in it."""
        rest = b""
        with self.page.open() as stream:
            while chunk := stream.read(_CHUNK):
                rest += chunk
                yield from (f"discord:{found[1].decode()}" for found in _AUTHOR.finditer(rest))
                rest = rest[-_OVERLAP:]

    def _message(self, found: Found) -> Iterator[Item | Unread]:
        piece = found.piece
        where = f"{self.page.name}, item {piece.number}" if piece.number else self.page.name
        message = self.pieces.meant(_MESSAGES, piece.raw, self.page) if piece.whole else None
        if message is None:
            self.whole = False
            yield from self.pieces.lost(where, piece)
            return
        time = when(message.timestamp)
        if time.at is None:
            yield from self.pieces.implausible(where, message.timestamp, piece.raw)
        else:
            self.since, self.until = min(self.since or time.at, time.at), max(self.until or time.at, time.at)
        system = _SYSTEM.fullmatch(string(message.type))
        yield Item(where, piece.raw, tuple(self._act(message, time) if system else self._post(message, time)))

    def _person(self, user: object) -> str:
        return id_of(user.get("id")) if isinstance(user, dict) and str(user.get("id")) != _DELETED else ""

    def _account(self, user: object, *, joined: int | None = None, member: bool = True) -> Iterator[Record]:
        """Somebody the first time; whoever is only mentioned need not be a member."""
        id = self._person(user)
        if not id or not isinstance(user, dict):
            return
        if id not in self.names:
            handle, number = string(user.get("name")), string(user.get("discriminator"))
            name = clean(string(user.get("nickname")) or handle)
            self.names[id] = name
            handle = f"{handle}#{number}" if number.strip("0") else handle
            yield Account(id=id, handle=clean(handle), name=name, kind="bot" if user.get("isBot") is True else "unknown")
        if member and id not in self.given:
            self.given.add(id)
            yield Membership(account=id, place=self.place, since=joined)
            if self.guild:
                yield Membership(account=id, place=self.guild, since=joined)

    def _post(self, message: _Message, time: When) -> Iterator[Record]:
        author, id = self._person(message.author), id_of(message.id)
        yield from self._account(message.author)
        mentioned = _objects(message.mentions)
        for user in mentioned:
            yield from self._account(user, member=False)
        reference = message.reference if isinstance(message.reference, dict) else {}
        forward = string(reference.get("type")) == "Forward" or isinstance(message.forwardedMessage, dict)
        said = words(self._text(message), {})
        commander = message.interaction.get("user") if isinstance(message.interaction, dict) else None
        addressed = [each for each in sorted(self.people) if each != author] if 1 < len(self.people) <= _FEW else []
        mentions = (*addressed, *map(self._person, mentioned), *(f"discord:{each}" for each in said.named), self._person(commander))
        edited = when(message.timestampEdited).at
        yield Post(
            id=id or f"{self.place}/{message.timestamp}/{author}",
            kind="message",
            author=author,
            at=time.at,
            offset_s=time.offset_s,
            zone=time.zone,
            text=said.text,
            reply_to="" if forward else id_of(reference.get("messageId")),
            thread=self.thread,
            place=self.place,
            visibility=self.visibility,
            mentions=tuple(dict.fromkeys(filter(None, mentions))),
            media=tuple(_media(message)),
            edited=edited is not None,
            edited_at=edited,
        )
        for reaction in _objects(message.reactions):
            emoji = reaction.get("emoji")
            text = clean(string(emoji.get("name"))) if isinstance(emoji, dict) else ""
            for user in _objects(reaction.get("users")):
                if not (who := self._person(user)):
                    continue
                yield from self._account(user, member=False)
                yield self._event("like", who, id, "post", When(), text, receiver=author)

    def _text(self, message: _Message) -> str:
        """The words; of a bot that only sends cards, what stands on them; what was forwarded stands as a quotation."""
        text = string(message.content)
        if isinstance(message.forwardedMessage, dict) and (words := string(message.forwardedMessage.get("content"))):
            quote = "\n".join(f"> {line}" for line in words.split("\n"))
            text = f"{text}\n{quote}" if text else quote
        if not text:
            cards = [(string(each.get("title")), string(each.get("description"))) for each in _objects(message.embeds)]
            text = "\n".join(part for card in cards for part in card if part)
        return text

    def _act(self, message: _Message, time: When) -> Iterator[Record]:
        """A system message: who joined, was added, left, pinned."""
        kind, author = string(message.type), self._person(message.author)
        text = clean(string(message.content)) or kind
        target = next(iter(_objects(message.mentions)), {})
        joins = kind == "GuildMemberJoin"
        yield from self._account(message.author, joined=time.at if joins else None)
        yield from self._account(target, joined=time.at if kind == "RecipientAdd" else None, member=kind == "RecipientAdd")
        other = self._person(target)
        if joins:
            yield self._event("join", author, self.guild or self.place, "place", time, text)
        elif kind in ("RecipientAdd", "RecipientRemove") and other:
            verb: Verb = "add" if kind == "RecipientAdd" else "leave" if other == author else "remove"
            yield self._event(verb, author, self.place if verb == "leave" else other, "place" if verb == "leave" else "account", time, text)
        else:
            reference = message.reference if isinstance(message.reference, dict) else {}
            post = id_of(reference.get("messageId")) if kind == "ChannelPinnedMessage" else ""
            yield self._event("update", author, post or self.place, "post" if post else "place", time, text)

    def _event(self, verb: Verb, actor: str, object: str, kind: Any, time: When, text: str, *, receiver: str = "") -> Event:
        return Event(
            verb=verb,
            actor=actor,
            object=object,
            object_kind=kind,
            receiver=receiver,
            at=time.at,
            offset_s=time.offset_s,
            zone=time.zone,
            place=self.place,
            visibility=self.visibility,
            text=text,
        )


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _media(message: _Message) -> Iterator[Media]:
    forwarded = message.forwardedMessage if isinstance(message.forwardedMessage, dict) else {}
    for each in (*_objects(message.attachments), *_objects(forwarded.get("attachments"))):
        yield file(string(each.get("fileName")) or string(each.get("url")))
    for each in (*_objects(message.stickers), *_objects(forwarded.get("stickers"))):
        yield Media(kind="sticker", text=clean(string(each.get("name"))))
