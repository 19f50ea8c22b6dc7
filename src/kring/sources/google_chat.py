"""Reads Google Chat from Google's Takeout: whole conversations, of two people and of spaces, with everybody's words.

    Groups/DM abc/messages.json, Groups/Space abc/messages.json     a conversation; files that were sent lie beside it
    Groups/…/group_info.json                                        who belongs to it, and what a space is called
    Users/User 123/user_info.json                                   whose export it is
    Hangouts/Hangouts.json                                          what Google Chat was before: known, and not read

Google documents none of it; the form is that of a schema computed from real exports and of readers that agree with it (creator, created_date, topic_id,
message_id, reactions with `reactor_emails`, quoted_message_metadata, message_state). People are known by their e-mail address. A time is a sentence in the
account's language ("Tuesday, June 8, 2021 at 6:16:33 PM UTC", "dinsdag 8 juni 2021 om 18:16:33 UTC"). A message_id is group/topic/message: a topic begins
with the message of the same name, and the others are replies to it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Media, Membership, Note, Place, Post, Record, Scope, Unread, Visibility
from kring.sources.discord_words import When, file, when
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.linkedin_dates import month_of
from kring.sources.made_ids import Ids
from kring.sources.moment import counted
from kring.sources.pieces import Pieces, clean
from kring.wire import LONGEST_RECORD, Page, items

TITLE = "Google Chat (Takeout)"
READS = "conversations and spaces, replies, quotes, edits, reactions, files by name, who belongs to them"
LACKS = "when somebody reacted; local times; who joined and left; what was said while history was off; old Hangouts (Hangouts.json)"
PROVEN = ""

_AGAIN = "Ask Google for it again (takeout.google.com, Google Chat)."
_GROUP = re.compile(r"(?:^|/)(DM|Space) ([\w-]{1,100})$", re.ASCII)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:\.|er|º)? (?:de |d')?([^\W\d_]{3,12})\.?,? (?:de )?(\d{4})(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2}), (\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:.](\d\d)(?:[:.](\d\d))? ?(?:([AaPp])\.? ?[Mm]\.?)? ?(?:UTC|GMT)\b")
_EPOCH, _SECOND = datetime(1970, 1, 1), timedelta(seconds=1)
_PEOPLE = {"Human": "person", "Bot": "bot"}


class _Message(msgspec.Struct):
    creator: Any = None
    created_date: Any = None
    updated_date: Any = None
    text: Any = None
    topic_id: Any = None
    message_id: Any = None
    attached_files: Any = None
    reactions: Any = None
    quoted_message_metadata: Any = None
    message_state: Any = None


_MESSAGES = msgspec.json.Decoder(_Message)
_OBJECT = msgspec.json.Decoder(dict[str, Any])


def sniff(page: Page) -> float:
    """By name and keys; an old Hangouts.json too, to say what becomes of it."""
    name, head = page.file.lower(), page.head
    if name == "hangouts.json":
        return 0.9 if b'"conversation' in head[:4096] else 0.0
    inside = _GROUP.search(page.folder) is not None
    if name == "messages.json":
        ours = b'"messages"' in head[:200] and b'"creator"' in head and (b'"topic_id"' in head or b'"created_date"' in head)
        return 0.98 if ours else 0.5 if inside else 0.0
    if name == "group_info.json":
        return 0.95 if b'"members"' in head and b'"user_type"' in head else 0.5 if inside else 0.0
    return 0.95 if name == "user_info.json" and b'"user"' in head[:200] and b'"membership_info"' in head else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """First whose export it is, then each conversation: the files of one folder."""
    chats = _Chats(Pieces(_AGAIN))
    groups: dict[str, list[Page]] = {}
    for page in pages:
        if not page.head.strip():
            yield chats.pieces.empty(page)
        elif page.file.lower() == "user_info.json":
            yield from chats.owner(page)
        elif page.file.lower() == "hangouts.json":
            chats.pieces.left_out(page, "Hangouts, as Google Chat was called; its form is not read")
        else:
            groups.setdefault(page.folder, []).append(page)
    for mine in groups.values():
        yield from chats.group(mine)
    yield from chats.pieces.rest()


class _Chats:
    """The conversations of one import."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.given: set[str] = set()

    def owner(self, page: Page) -> Iterator[Item | Unread]:
        said = self._object(page)
        person = dict_of(dict_of(said).get("user"))
        records = self.person(person, owner=True)
        if records:
            yield Item(page.name, msgspec.json.encode(person), tuple(records))
        elif said is None:
            yield _broken(page)

    def group(self, pages: list[Page]) -> Iterator[Item | Unread]:
        """A conversation nobody wrote in is not told of."""
        info: dict[str, Any] = {}
        for page in pages:
            if page.file.lower() == "group_info.json":
                said = self._object(page)
                info = said or {}
                if said is None:
                    yield _broken(page)
        for page in pages:
            if page.file.lower() == "messages.json":
                yield from _Conversation(page, info, self).read()

    def person(self, said: dict[str, Any], *, owner: bool = False) -> list[Record]:
        """An account, once."""
        id = id_of(said)
        if not id or id in self.given:
            return []
        self.given.add(id)
        kind: Any = _PEOPLE.get(text_of(said.get("user_type")), "unknown")
        return [Account(id=id, handle=text_of(said.get("email")), name=clean(text_of(said.get("name"))), kind=kind, owner=owner)]

    def _object(self, page: Page) -> dict[str, Any] | None:
        with page.open() as stream:
            raw = stream.read(LONGEST_RECORD)
        return self.pieces.meant(_OBJECT, raw.removeprefix(b"\xef\xbb\xbf"), page)


class _Conversation:
    """The messages of one group."""

    def __init__(self, page: Page, info: dict[str, Any], chats: _Chats) -> None:
        self.page, self.info, self.chats, self.pieces = page, info, chats, chats.pieces
        found = _GROUP.search(page.folder)
        self.number = found[2] if found else ""
        self.members = dicts_of(info.get("members"))
        self.is_direct = found[1] == "DM" if found else len(self.members) < 3 and not info.get("name")
        self.visibility: Visibility = "direct" if self.is_direct else "place"
        self.place, self.ids = "", Ids("google-chat:")
        self.joined: dict[str, None] = {}
        self.whole = True
        self.since: int | None = None
        self.until: int | None = None

    def read(self) -> Iterator[Item | Unread]:
        for piece in items(self.page, "messages"):
            where = f"{self.page.name}, item {piece.number}"
            message = self.pieces.meant(_MESSAGES, piece.raw, self.page) if piece.whole else None
            if message is None:
                self.whole = False
                yield from self.pieces.lost(where, piece)
                continue
            if not self.place:
                yield self._begin(text_of(message.message_id))
            yield from self._message(where, piece.raw, message)
        if not self.place:
            why = "There are no messages in this file."
            yield Unread(where=self.page.name, why=why, next=self.pieces.again, raw=self.page.head[:4096])
        elif self.whole and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(self.page.name, self.place.encode("utf-8", "replace"), (scope,))

    def _begin(self, message: str) -> Item:
        self.place = f"google-chat:{self.number or message.partition('/')[0] or self.page.folder or self.page.file}"
        name = clean(text_of(self.info.get("name")))
        place = Place(id=self.place, kind="chat" if self.is_direct else "group", name=name)
        belonging = [record for member in self.members for record in self._member(member)]
        return Item(self.page.name, msgspec.json.encode({"name": name, "members": self.members}), (place, *belonging))

    def _member(self, said: dict[str, Any]) -> list[Record]:
        id = id_of(said)
        if not id or id in self.joined:
            return []
        self.joined[id] = None
        return [*self.chats.person(said), Membership(account=id, place=self.place)]

    def _message(self, where: str, raw: bytes, message: _Message) -> Iterator[Item | Unread]:
        creator = dict_of(message.creator)
        author, at = id_of(creator), time_of(message.created_date)
        edited = time_of(message.updated_date)
        if at.at is None:
            yield from self.pieces.implausible(where, message.created_date, raw)
        else:
            self.since = at.at if self.since is None else min(self.since, at.at)
            self.until = at.at if self.until is None else max(self.until, at.at)
        gone = message.message_state == "DELETED"
        text = "" if gone else clean(text_of(message.text))
        number = text_of(message.message_id)
        first = _first(number)
        quoted = text_of(dict_of(message.quoted_message_metadata).get("message_id"))
        post = Post(
            id=f"google-chat:{number}" if number else self.ids.next(at.at, self.place, author, text),
            kind="message",
            author=author,
            at=at.at,
            offset_s=at.offset_s,
            zone=at.zone,
            text=text,
            reply_to=f"google-chat:{quoted}" if quoted else first,
            thread=first,
            place=self.place,
            visibility=self.visibility,
            mentions=tuple(each for each in self.joined if each != author) if self.is_direct else (),
            media=tuple(filter(None, map(_media, dicts_of(message.attached_files)))),
            edited_at=edited.at,
            edited=edited.at is not None,
            deleted=gone,
        )
        joining = self._member(creator) if author not in self.joined else ()
        reactions = self._reactions(message, post) if message.reactions else ()
        yield Item(where, _kept(raw, gone), (*joining, post, *reactions))

    def _reactions(self, message: _Message, post: Post) -> Iterator[Event]:
        for reaction in dicts_of(message.reactions):
            emoji = text_of(dict_of(reaction.get("emoji")).get("unicode"))
            emails = reaction.get("reactor_emails")
            for email in emails if isinstance(emails, list) else []:
                if actor := id_of({"email": email}):
                    yield Event(
                        verb="like",
                        actor=actor,
                        object=post.id,
                        object_kind="post",
                        receiver=post.author,
                        place=self.place,
                        visibility=self.visibility,
                        text=emoji,
                    )


def _first(number: str) -> str:
    """The message that the topic began with, if it is another one."""
    group, _, rest = number.partition("/")
    topic, _, own = rest.partition("/")
    return f"google-chat:{group}/{topic}/{topic}" if own and own != topic else ""


def id_of(said: dict[str, Any]) -> str:
    """By e-mail address; by name where Google no longer knows it; "" where it knows neither."""
    if email := text_of(said.get("email")).strip().lower():
        return f"google-chat:{email}"
    name = " ".join(clean(text_of(said.get("name"))).split())
    return f"google-chat:name/{name}" if name else ""


def time_of(written: object) -> When:
    """A sentence that tells day and time, in one of eight languages; or a time in ISO form."""
    if not isinstance(written, str) or not written:
        return When()
    text = written.replace("\u202f", " ").replace("\xa0", " ")
    clock = _CLOCK.search(text)
    if clock is None:
        return when(text)
    name, day, year = "", "0", "0"
    if found := _MONTH_FIRST.search(text):
        name, day, year = found[1], found[2], found[3]
    elif found := _DAY_FIRST.search(text):
        day, name, year = found[1], found[2], found[3]
    hours = int(clock[1]) % 12 + (12 if clock[4] in "Pp" else 0) if clock[4] else int(clock[1])
    try:
        time = datetime(int(year), month_of(name), int(day), hours, int(clock[2]), int(clock[3] or 0))
    except ValueError:
        return When()
    at = counted((time - _EPOCH) // _SECOND)
    return When() if at is None else When(at, 0, "UTC")


def _media(said: dict[str, Any]) -> Media | None:
    name = text_of(said.get("original_name")) or text_of(said.get("export_name"))
    return file(name) if name else None


def _kept(raw: bytes, gone: bool) -> bytes:
    """Without what its author took back: the words of a deleted message, and earlier forms of an edited one."""
    if not gone and b'"previous_message_versions"' not in raw:
        return raw
    try:
        said = _OBJECT.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b"{}"
    lost = ("previous_message_versions", *(("text", "annotations", "attached_files") if gone else ()))
    return msgspec.json.encode({key: value for key, value in said.items() if key not in lost})


def _broken(page: Page) -> Unread:
    return Unread(where=page.name, why="This file is broken and was left out.", next=_AGAIN, raw=page.head[:4096])
