"""Conversations as Facebook and Instagram export them: a folder for each, in parts, message_1.json the newest.

    messages/inbox/bob_123/message_1.json       {"participants": [{"name": …}], "messages": [{"sender_name": …, "timestamp_ms": …}], "title": …}
    Bob_1.json                                  {"participants": ["Bob", …], "threadName": …, "messages": [{"senderName": …, "timestamp": …}]}

The second is how Messenger exports what is stored encrypted. Nobody has an id here, only a name; Meta's number for a conversation of two
differs between the two of them, so that such a place is known by both names, and the exports of both meet.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Event, Item, Media, Membership, Place, Post, Record, Scope, Unread, Visibility
from kring.sources.jsonpieces import dict_of, dicts_of, elements, text_of
from kring.sources.made_ids import Ids
from kring.sources.meta_files import Repairing, at_seconds, content, first_key, times
from kring.sources.meta_words import is_nobody, is_notice
from kring.sources.pieces import Pieces
from kring.wire import Page

_HEAD = re.compile(rb'"(?:sender_name|senderName)"\s*:|"thread_path"\s*:|"threadName"\s*:')
_PARTICIPANTS = re.compile(rb'"participants"\s*:\s*(\[[^\[\]]*\])')
_PART = re.compile(r"(?:message|.*)_(\d+)\.json")
_NUMBER = re.compile(r".*_(\d{5,})")
_KINDS: dict[str, Any] = {
    "photos": "image",
    "videos": "video",
    "audio_files": "audio",
    "gifs": "image",
    "sticker": "sticker",
    "files": "document",
}
_ATTACHED: dict[str, Any] = {
    ".jpg": "image",
    ".jpeg": "image",
    ".png": "image",
    ".gif": "image",
    ".mp4": "video",
    ".mp3": "audio",
    ".wav": "audio",
}


class _Thread(msgspec.Struct):
    participants: Any = None
    title: Any = None
    thread_path: Any = None
    threadName: Any = None


class _Message(msgspec.Struct):
    """Meta's names and Messenger's own."""

    sender_name: Any = None
    senderName: Any = None
    timestamp_ms: Any = None
    timestamp: Any = None
    content: Any = None
    text: Any = None
    type: Any = None
    photos: Any = None
    videos: Any = None
    audio_files: Any = None
    gifs: Any = None
    sticker: Any = None
    files: Any = None
    media: Any = None
    share: Any = None
    users: Any = None
    reactions: Any = None
    call_duration: Any = None
    is_unsent: Any = None
    isUnsent: Any = None


_THREADS = msgspec.json.Decoder(_Thread)
_MESSAGES = msgspec.json.Decoder(_Message)
_NAMES = msgspec.json.Decoder(list[Any])


def is_conversation(page: Page) -> bool:
    """A part of a conversation, by its words."""
    return b'"messages"' in page.head and first_key(page) != "[" and bool(_HEAD.search(page.head))


class Thread:
    """One conversation: its pages, its people, its place. `given` remembers which accounts were given already."""

    def __init__(self, network: str, pages: Sequence[Page], account: Callable[[str], str], name: str, given: set[str]) -> None:
        self.network, self.account, self.given = network, account, given
        self.pages = sorted(pages, key=lambda page: (_number(page), page.name))
        found = _described(self.pages[0])
        self.said, self.whole = found or _beginning(self.pages[0]), found is not None
        names = [text_of(each.get("name")) for each in dicts_of(self.said.participants)]
        names += [text_of(each) for each in self.said.participants] if isinstance(self.said.participants, list) and not names else []
        self.names = sorted({name.strip() for name in names} - {""})
        self.group = len(self.names) > 2
        self.visibility: Visibility = "place" if self.group else "direct"
        self.place = Place(id=f"{network}:chat/{self._id(name)}", kind="group" if self.group else "chat", name=self._title())
        self.people = [id for each in self.names if (id := account(each))]
        self.members: set[str] = set()
        self.others: dict[str, tuple[str, ...]] = {}
        self.ids = Ids(f"{network}:message/")

    def _id(self, name: str) -> str:
        path = text_of(self.said.thread_path).rstrip("/").rpartition("/")[2] or text_of(self.said.threadName)
        if len(self.names) == 2 and not any(is_nobody(each) for each in self.names):
            return "|".join(self.names)
        number = _NUMBER.fullmatch(path)
        return number[1] if number else path or name or _place_in_path(self.pages[0])

    def _title(self) -> str:
        title = text_of(self.said.title) or re.sub(r"_\d+$", "", text_of(self.said.threadName))
        return title.strip() if self.group else ", ".join(self.names)

    def read(self, told: Pieces) -> Iterator[Item | Unread]:
        people = tuple(record for each in self.names for record in self._person(each))
        yield Item(self.pages[0].name, self.pages[0].head[:4096], (self.place, *people))
        whole, first, last, n = self.whole, None, None, 0
        for page in self.pages:
            for each in elements(page, "messages", Repairing(_MESSAGES, page), told):
                if isinstance(each, Unread):
                    whole = False
                    yield each
                    continue
                at = self._at(each.meant)
                records, why = self._records(each.meant, at, each.raw)
                if why:
                    told.losses.count(Unread(where=page.name, why=why, kind="skipped"))
                    continue
                if at is None:
                    stamp = each.meant.timestamp_ms if each.meant.timestamp_ms is not None else each.meant.timestamp
                    yield from told.implausible(each.where, stamp, each.raw)
                else:
                    first, last, n = min(first or at, at), max(last or at, at), n + 1
                yield Item(each.where, each.raw, tuple(records))
        if n and whole and [_number(page) for page in self.pages] == list(range(1, len(self.pages) + 1)):
            yield Item(self.pages[0].name, self.pages[0].head[:4096], (Scope(place=self.place.id, since=first, until=last),))

    def _person(self, name: str) -> Iterator[Record]:
        id = self.account(name)
        if id and id not in self.given:
            self.given.add(id)
            yield Account(id=id, name=name)
        if id and id not in self.members:
            self.members.add(id)
            yield Membership(account=id, place=self.place.id)

    @staticmethod
    def _at(message: _Message) -> int | None:
        return at_seconds(message.timestamp_ms if message.timestamp_ms is not None else message.timestamp)

    def _records(self, message: _Message, at: int | None, raw: bytes) -> tuple[list[Record], str]:
        """The records of a message, or why it is left out."""
        name = (text_of(message.sender_name) or text_of(message.senderName)).strip()
        author = self.account(name)
        users = self._users(message.users) if message.users else []
        text = (text_of(message.content) or text_of(message.text)).strip()
        if users:
            return self._membership(message, author, users, at, text), ""
        if message.call_duration is not None or text_of(message.type) == "Call":
            return [], "Known and left out on purpose: calls."
        if is_notice(text):
            return [], "Known and left out on purpose: notices that somebody reacted to a message; the reactions themselves were read."
        deleted = message.is_unsent is True or message.isUnsent is True
        media = _media(message) if b'"uri"' in raw and not deleted else ()
        if deleted:
            text = ""
        elif message.share:
            share = dict_of(message.share)
            text = _with_link(text, text_of(share.get("link")), text_of(share.get("share_text")))
        post = Post(
            id=self.ids.next(at, self.place.id, name, text, "media" if media else ""),
            kind="message",
            author=author,
            at=at,
            zone="" if at is None else "UTC",
            text=text,
            place=self.place.id,
            visibility=self.visibility,
            mentions=self._others(author),
            media=media,
            deleted=deleted,
        )
        reactions = [self._reaction(each, post) for each in dicts_of(message.reactions)] if message.reactions else []
        return [*(self._person(name) if author not in self.members else ()), post, *reactions], ""

    def _others(self, author: str) -> tuple[str, ...]:
        """Whom a message of two people is to; in a group nobody in particular."""
        if author not in self.others:
            self.others[author] = () if self.group else tuple(each for each in self.people if each != author)
        return self.others[author]

    def _users(self, users: object) -> list[str]:
        return [id for each in dicts_of(users) if (id := self.account(text_of(each.get("name")).strip()))]

    def _membership(self, message: _Message, author: str, users: list[str], at: int | None, text: str) -> list[Record]:
        leaves = text_of(message.type) == "Unsubscribe"
        return [
            Event(
                verb="leave" if leaves and each == author else "remove" if leaves else "add",
                actor=author,
                object=self.place.id if leaves and each == author else each,
                object_kind="place" if leaves and each == author else "account",
                **times(at),
                place=self.place.id,
                visibility=self.visibility,
                text=text,
            )
            for each in users
        ]

    def _reaction(self, each: dict[str, object], post: Post) -> Event:
        return Event(
            verb="like",
            actor=self.account(text_of(each.get("actor")).strip()),
            object=post.id,
            object_kind="post",
            receiver=post.author,
            **times(at_seconds(each.get("timestamp"))),
            place=post.place,
            visibility=post.visibility,
            text=text_of(each.get("reaction")),
        )


def _place_in_path(page: Page) -> str:
    return page.folder.rpartition("/")[2] if re.fullmatch(r"message_\d+\.json", page.file) else page.file.rpartition(".")[0]


def _number(page: Page) -> int:
    found = _PART.fullmatch(page.file)
    return int(found[1][:9]) if found else 1


def _described(page: Page) -> _Thread | None:
    """Who takes part and what it is called, which may stand before or behind the messages; None of a broken file."""
    try:
        found = _THREADS.decode(content(page))
        return Repairing(_THREADS, page).decode(json.dumps(msgspec.to_builtins(found)))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _beginning(page: Page) -> _Thread:
    """What the beginning of a broken file tells."""
    found = _PARTICIPANTS.search(page.head)
    try:
        return _Thread(participants=Repairing(_NAMES, page).decode(found[1]) if found else None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Thread()


def _media(message: _Message) -> tuple[Media, ...]:
    found: list[Media] = []
    for field, kind in _KINDS.items():
        value = getattr(message, field)
        if value is None:
            continue
        names = (text_of(each.get("uri")).partition("?")[0] for each in dicts_of(value if isinstance(value, list) else [value]))
        found.extend(Media(kind=kind, name=name.rpartition("/")[2]) for name in names)
    for each in dicts_of(message.media):
        name = text_of(each.get("uri")).rpartition("/")[2]
        found.append(Media(kind=_ATTACHED.get(name[name.rfind(".") :].lower(), "unknown"), name=name))
    return tuple(found)


def _with_link(text: str, link: str, words: str) -> str:
    """What was said, and the address that was shared with the words that came with it; "Anna sent an attachment." says nothing more."""
    if not link and not words:
        return text
    parts = [] if text.endswith((" sent an attachment.", " heeft een bijlage verzonden.", " hat einen Anhang gesendet.")) else [text]
    return "\n".join(each for each in dict.fromkeys((*parts, words, "" if link in text else link)) if each)
