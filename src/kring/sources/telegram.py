"""Reads what Telegram Desktop exports as JSON: `result.json` of one chat, or of a whole account.

    one chat                 name, type, id, messages
    a whole account          personal_information (whose it is), chats.list and left_chats.list, each element a chat as above
    messages                 text (a string, or a list of strings and marked pieces), replies, forwards, reactions, polls, files
    service messages         who created, joined, was added, left, pinned, opened a topic
    contacts, frequent contacts, sessions, pictures, stories    known, and left out on purpose

Telegram describes the file at https://core.telegram.org/import-export; what describes it fully is its writer, in Telegram Desktop
(Telegram/SourceFiles/export/output/export_output_json.cpp). It writes `date` in the local time of whoever exports, without a zone; since 2022
also `date_unixtime`, so that both are known. Control characters are written as \\x1F, which is no JSON. Before 2021 ids are numbers without
"user" before them. `edited` also stands on messages that only got a reaction (tdesktop issue 30647), so beside reactions it tells nothing.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from kring.schema import Account, AccountKind, Asked, Event, Item, Membership, Note, Place, Post, Record, Scope, Unread
from kring.sources import telegram_acts as acts
from kring.sources.jsonwalk import Fields, Found, arrays
from kring.sources.moment import counted, local, zone_of
from kring.sources.pieces import Pieces, clean
from kring.sources.telegram_chats import Chat, Posts, chat
from kring.sources.telegram_messages import MESSAGES, Message, media, mended, peer, question, text_of, words
from kring.sources.telegram_people import People
from kring.sources.zones import Zone
from kring.wire import Page

TITLE = "Telegram"
READS = "messages, replies, reactions, polls, who joined and left, of one chat or a whole account (JSON)"
LACKS = "who reacted where many did, which message was forwarded, numbers of people who are only named, deleted messages"
PROVEN = "a supergroup with service messages, two exports of chat-miner"

_AGAIN = "Export it again: in Telegram Desktop, open the chat, ⋮, Export chat history, Format: JSON."
_CHATS = ("messages", "chats.list.messages", "left_chats.list.messages")
_LEFT_OUT = {
    "contacts.list": "your contacts",
    "frequent_contacts.list": "whom you contact most",
    "sessions.list": "your devices",
    "web_sessions.list": "your devices",
    "profile_pictures": "your pictures",
    "stories": "stories",
}
_TYPE = re.compile(
    rb'"type"\s*:\s*"(?:saved_messages|replies|personal_chat|bot_chat|private_group|(?:private|public)_(?:supergroup|channel))"'
)
_FILE = re.compile(
    r"(?:^|/)(?:chats/chat_\d+/.+|(?:photos|video_files|voice_messages|round_video_messages|video_messages|profile_pictures|stories)"
    r"/[^/]+@\d\d-\d\d-\d{4}_[^/]+)$"
)
_MOST_OFFSET_S = 16 * 3600
"""No zone is further from UTC, nor at a part of a minute."""


def sniff(page: Page) -> float:
    """By what stands in the head: the types of Telegram's chats, or times as it writes them."""
    name, head = page.file.lower(), page.head
    if _FILE.search(page.name):
        return 0.9
    if name.endswith(".html"):
        return 0.7 if b"tgme" in head or (b'class="page_wrap' in head and b"Exported Data" in head) else 0.0
    if not name.endswith(".json") or not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return 0.0
    if b'"messages"' in head and (_TYPE.search(head) or b'"date_unixtime"' in head):
        return 1.0
    if b'"personal_information"' in head and b'"user_id"' in head:
        return 0.95
    return 0.8 if b"telegram" in head[:2000].lower() and b'"about"' in head[:100] else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    pieces = Pieces(_AGAIN)
    zone = Zone(asked.zone)
    for page in pages:
        if not page.file.lower().endswith(".json"):
            yield from _no_json(page, pieces)
        elif not page.head.strip():
            yield pieces.empty(page)
        else:
            yield from _Export(page, asked, pieces, zone).read()
    yield from pieces.rest()


def _no_json(page: Page, pieces: Pieces) -> Iterator[Unread]:
    if page.file.lower().endswith(".html") and not _FILE.search(page.name):
        yield Unread(
            where=page.name, why="This is Telegram's export for reading in a browser, not for programs.", next=_AGAIN, kind="unknown"
        )
    else:
        folder = msgspec.structs.replace(page, name=page.folder.partition("/chats/")[0] or page.name)
        pieces.left_out(folder, "pictures, sounds, films and other files")


class _Export:
    """One `result.json`."""

    def __init__(self, page: Page, asked: Asked, pieces: Pieces, zone: Zone) -> None:
        self.page, self.asked, self.pieces, self.zone = page, asked, pieces, zone
        self.people = People(page)
        self.owner = ""
        self.told: set[str] = set()
        """Peers whose name was given."""
        self.chat: _Chat | None = None
        self.n_chats = 0

    def read(self) -> Iterator[Item | Unread | Note]:
        fields: Fields = {}
        for found in arrays(self.page, (*_CHATS, *_LEFT_OUT)):
            fields = found.fields
            if found.path in _CHATS and not found.piece.number:
                yield from self._owner(fields)
                yield from self._end_chat()
                yield from self._begin_chat(found)
            elif found.path in _LEFT_OUT and found.piece.whole:
                self.pieces.left_out(self.page, _LEFT_OUT[found.path], int(found.piece.number > 0))
            elif self.chat and found.path in _CHATS:
                yield from self.chat.read(found)
            else:
                yield from self.pieces.lost(self.page.name, found.piece)
        yield from self._owner(fields)
        yield from self._end_chat()
        if not self.n_chats:
            yield Unread(where=self.page.name, why="There are no chats in this file.", next=_AGAIN, raw=self.page.head[:4096])

    def _owner(self, fields: Fields) -> Iterator[Item]:
        """Whose export it is, where it says so."""
        id = fields.get("personal_information.user_id")
        if self.owner or not isinstance(id, int) or isinstance(id, bool):
            return
        self.owner = f"user{id}"
        self.told.add(self.owner)
        said = {
            key.partition(".")[2]: value for key, value in fields.items() if key.startswith("personal_information.") and "phone" not in key
        }
        name = " ".join(filter(None, (text_of(said.get("first_name")), text_of(said.get("last_name")))))
        account = Account(id=f"telegram:{self.owner}", handle=text_of(said.get("username")), name=clean(name), kind="person", owner=True)
        yield Item(f"{self.page.name}, personal_information", msgspec.json.encode(said), (account,))

    def _begin_chat(self, found: Found) -> Iterator[Item | Note]:
        prefix = found.path.removesuffix("messages")
        said = {key: found.fields.get(prefix + key) for key in ("name", "type", "id")}
        type, single = text_of(said["type"]), not prefix
        name = clean(text_of(said["name"]))
        owner = self.owner
        if single and type in ("personal_chat", "bot_chat") and len(others := self.people.users() - {f"user{said['id']}"}) == 1:
            owner = next(iter(others))
        called = self.asked.place or name or self.page.file.removesuffix(".json")
        self.n_chats += 1
        where = f"{self.page.name}, chat {self.n_chats}" if prefix else self.page.name
        place = chat(type, said["id"], owner, called)
        if place.two:
            name = (
                " & ".join(sorted((self.people.names[each] for each in place.two if each in self.people.names), key=str.casefold)) or name
            )
        everything = single or type in ("personal_chat", "bot_chat", "saved_messages")
        self.chat = _Chat(self, where, place, f"user{said['id']}", sure=everything)
        yield Item(where, msgspec.json.encode(said), tuple(self.chat.begin(name, owner, single)))
        if not isinstance(said["id"], int):
            text = f'This chat has no number; it is called “{called}” here. To give it another name: --as "telegram:NAME".'
            yield Note(where=where, text=text)

    def _end_chat(self) -> Iterator[Item]:
        if self.chat:
            yield from self.chat.end()
        self.chat = None


class _Chat:
    """The messages of one chat."""

    def __init__(self, export: _Export, where: str, chat: Chat, peer: str, *, sure: bool) -> None:
        self.export, self.where, self.chat, self.peer = export, where, chat, peer
        self.pieces, self.people, self.zone = export.pieces, export.people, export.zone
        self.posts = Posts(chat)
        self.given: set[str] = set()
        self.members: set[str] = set()
        self.topics: set[int] = set()
        self.sure, self.whole = sure, True
        self.since: int | None = None
        self.until: int | None = None

    def begin(self, name: str, owner: str, single: bool) -> Iterator[Record]:
        yield Place(id=self.chat.place, kind=self.chat.kind, name=name)
        if single and owner and self.chat.two:
            account = f"telegram:{owner}"
            yield Account(id=account, name=self.people.names.get(owner, ""), owner=True)
            self.given.add(account)
            self.members.add(account)
            yield Membership(account=account, place=self.chat.place)

    def end(self) -> Iterator[Item]:
        """What was said here is whole, unless something is missing, or an export of everything may hold only its owner's messages."""
        others = self.given - {f"telegram:{self.export.owner}"}
        if self.whole and self.since is not None and (self.sure or (others if self.export.owner else len(others) > 1)):
            scope = Scope(place=self.chat.place, since=self.since, until=self.until)
            yield Item(self.where, self.chat.place.encode("utf-8", "replace"), (scope,))

    def read(self, found: Found) -> Iterator[Item | Unread]:
        piece = found.piece
        where = f"{self.where}, item {piece.number}"
        message = self.pieces.meant(MESSAGES, mended(piece.raw), self.export.page) if piece.whole else None
        if message is None:
            self.whole = False
            yield from self.pieces.lost(where, piece)
            return
        if message.type not in ("message", "service", None):
            self.whole = False
            yield from self.pieces.unknown(where, f"a message of the type “{message.type}”", piece.raw)
            return
        at, offset_s, zone = self._time(message)
        if at is None:
            yield from self.pieces.implausible(where, message.date_unixtime or message.date, piece.raw)
        else:
            self.since, self.until = min(self.since or at, at), max(self.until or at, at)
        records = self._events(message, at, offset_s, zone) if message.type == "service" else self._post(message, at, offset_s, zone)
        yield Item(where, piece.raw, tuple(records))

    def _time(self, message: Message) -> tuple[int | None, int | None, str]:
        at, written = counted(message.date_unixtime), local(message.date)
        if at is not None and written is not None:
            offset = (written - at) // 1_000_000
            if abs(offset) <= _MOST_OFFSET_S and offset % 60 == 0:
                return at, offset, zone_of(offset)
        if at is not None and not self.zone.name:
            return at, None, "UTC"
        if at is not None:
            return at, self.zone.offset_s(at + self.zone.offset_s(at) * 1_000_000), self.zone.name
        if written is None:
            return None, None, ""
        offset = self.zone.offset_s(written)
        return written - offset * 1_000_000, offset, self.zone.name

    def _id(self, name: object, id: object) -> str:
        """The id of somebody. Without a number they are known by name, in this chat alone."""
        who, called = peer(id), clean(text_of(name))
        return f"telegram:{who}" if who else f"{self.chat.place}/{called}" if called else ""

    def _said(self, name: object, id: object, joined: int | None = None) -> Iterator[Record]:
        """What there is to say of somebody the first time."""
        who, called, account = peer(id), clean(text_of(name)), self._id(name, id)
        group = who != "" and not who.startswith("user")
        if account and account not in self.given:
            self.given.add(account)
            kind: AccountKind = "group" if group else "bot" if self._is_bot(who) else "unknown"
            if called and (not who or who not in self.export.told):
                self.export.told.add(who)
                yield Account(id=account, name=called, kind=kind)
        if account and not group and account not in self.members and (joined is not None or self.chat.visibility != "public"):
            self.members.add(account)
            yield Membership(account=account, place=self.chat.place, since=joined)

    def _is_bot(self, who: str) -> bool:
        return self.chat.type == "bot_chat" and who == self.peer

    def _post(self, message: Message, at: int | None, offset_s: int | None, zone: str) -> Iterator[Record]:
        author = self._id(message.name, message.from_id)
        yield from self._said(message.name, message.from_id)
        spoken = words(message)
        id = self.posts.id(message.id, at, peer(message.from_id) or clean(text_of(message.name)))
        reply, thread = self._reply(message)
        edited_at = None if message.reactions else counted(message.edited_unixtime)
        edited = edited_at is not None or (not message.reactions and local(message.edited) is not None)
        visibility, place = self.chat.visibility, self.chat.place
        addressed = [f"telegram:{each}" for each in self.chat.two if f"telegram:{each}" != author]
        yield Post(
            id=id,
            kind="message",
            author=author,
            at=at,
            offset_s=offset_s,
            zone=zone,
            text=spoken.text or question(message),
            reply_to=reply,
            thread=thread,
            place=place,
            visibility=visibility,
            mentions=tuple(dict.fromkeys((*addressed, *(f"telegram:{each}" for each in spoken.named)))),
            tags=spoken.tags,
            media=media(message),
            edited=edited,
            edited_at=edited_at,
        )
        if isinstance(message.forwarded_from, str) and (source := self.people.named(message.forwarded_from)):
            yield Event(
                verb="share",
                actor=author,
                object=id,
                object_kind="post",
                receiver=f"telegram:{source}",
                at=at,
                offset_s=offset_s,
                zone=zone,
                place=place,
                visibility=visibility,
            )
        if isinstance(message.reactions, list):
            yield from self._reactions(message.reactions, id, author, offset_s, zone)

    def _reply(self, message: Message) -> tuple[str, str]:
        """What a message replies to, and the topic it stands in where it replies to that: opening a topic is nobody's message."""
        number = message.reply_to_message_id
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 1 << 62:
            return "", ""
        if elsewhere := peer(message.reply_to_peer_id):
            return f"telegram:{elsewhere}/{number}", ""
        return ("", self.posts.called(number)) if number in self.topics else (self.posts.called(number), "")

    def _reactions(self, reactions: list[object], post: str, author: str, offset_s: int | None, zone: str) -> Iterator[Record]:
        """Those who are named; of the others Telegram gives the number only. Their times are local, at the message's own offset."""
        for reaction in reactions:
            recent = reaction.get("recent") if isinstance(reaction, dict) else None
            if not isinstance(reaction, dict) or not isinstance(recent, list):
                continue
            emoji = clean(text_of(reaction.get("emoji")))
            for each in recent:
                if isinstance(each, dict) and (who := self._id(each.get("from"), each.get("from_id"))):
                    yield from self._said(each.get("from"), each.get("from_id"))
                    written = local(each.get("date"))
                    known = written is not None and offset_s is not None
                    yield Event(
                        verb="like",
                        actor=who,
                        object=post,
                        object_kind="post",
                        receiver=author,
                        at=written - offset_s * 1_000_000 if written is not None and offset_s is not None else None,
                        offset_s=offset_s if known else None,
                        zone=zone if known else "",
                        place=self.chat.place,
                        visibility=self.chat.visibility,
                        text=emoji,
                    )

    def _events(self, message: Message, at: int | None, offset_s: int | None, zone: str) -> Iterator[Record]:
        said: list[Record] = []
        actor_comes, members_come = (at if comes else None for comes in acts.comes_in(message))

        def named(name: str) -> str:
            id = self.people.named(name)
            said.extend(self._said(name, id, members_come))
            return self._id(name, id)

        actor = self._id(message.actor, message.actor_id)
        done = acts.acts(message, actor, named)
        yield from said
        yield from self._said(message.actor, message.actor_id, actor_comes)
        if message.action == "topic_created" and isinstance(message.id, int):
            self.topics.add(message.id)
        for act in done:
            yield Event(
                verb=act.verb,
                actor=actor,
                object=act.account or (self.posts.called(act.message) if act.message else self.chat.place),
                object_kind="account" if act.account else "post" if act.message else "place",
                receiver=act.receiver,
                at=at,
                offset_s=offset_s,
                zone=zone,
                place=self.chat.place,
                visibility=self.chat.visibility,
                text=acts.line(message),
            )
