"""Reads the room that Element exports as JSON: its events, as Matrix defines them.

    room_name, room_creator, topic, exported_by, export_date    of the room, by people's display names
    messages     events: m.room.message, m.sticker, polls, m.room.member (who joined, was invited, left), m.room.create, names and topics

Element writes it in its JSONExport (github.com/element-hq/element-web, src/utils/exportUtils/JSONExport.ts); what an event is stands in the
specification (https://spec.matrix.org/latest/client-server-api/). Element leaves out what it doesn't draw: reactions, and edits as
events of their own; the server puts the last edit beside the message (`unsigned`, m.relations), and so it is read. Other tools
that write the same form give them as events: these are read too. A message that could not be decrypted is kept without words.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Membership, Note, Place, Post, Record, Scope, Unread, Verb, Visibility
from kring.sources.jsonwalk import Fields, arrays
from kring.sources.matrix_events import (
    EVENTS,
    MESSAGES,
    UNREADABLE,
    VOTES,
    MatrixEvent,
    Related,
    membership,
    part,
    related,
    said,
    string,
    votes,
)
from kring.sources.mending import decoded
from kring.sources.moment import counted
from kring.sources.pieces import Pieces, clean
from kring.wire import Page, Piece

TITLE = "Matrix (Element)"
READS = "messages, replies, threads, edits, polls, who joined, was invited and left, of one room (JSON)"
LACKS = "reactions, earlier versions of edited messages, words that could not be decrypted, whether the room is public"
PROVEN = ""

_AGAIN = "Export the room again: in Element, Room info, Export chat, Format: JSON."
_MOST = 50_000
"""So many edits, reactions and redactions that stand apart from their message are kept in memory until it comes."""
_FEW = 10
"""A direct room of more people than this addresses nobody in particular."""


def sniff(page: Page) -> float:
    head = page.head
    if not page.file.lower().endswith(".json") or not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return 0.0
    if b'"room_name"' in head[:4096] and b'"exported_by"' in head and b'"messages"' in head:
        return 1.0
    return 0.8 if b'"room_name"' in head[:4096] and b'"origin_server_ts"' in head else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    pieces = Pieces(_AGAIN)
    for page in pages:
        if not page.head.strip():
            yield pieces.empty(page)
        else:
            yield from _Room(page, asked, pieces).read()
    yield from pieces.rest()


class _Room:
    """One exported room, read twice: first for who is who, and for edits and redactions that stand apart."""

    def __init__(self, page: Page, asked: Asked, pieces: Pieces) -> None:
        self.page, self.asked, self.pieces = page, asked, pieces
        self.names: dict[str, str] = {}
        self.people: set[str] = set()
        self.joined: set[str] = set()
        self.edits: dict[tuple[str, str], tuple[int, Any]] = {}
        """Of a message and its sender, who alone may edit it: when it was last edited, and to what."""
        self.unused: set[tuple[str, str]] = set()
        """Messages whose edit is here, and that have not come yet."""
        self.redacted: set[str] = set()
        self.reacted: dict[str, str] = {}
        """Messages with reactions that stand apart, and their authors."""
        self.direct, self.room = False, ""
        self.fields: Fields = {}
        self.given: set[str] = set()
        self.since: int | None = None
        self.until: int | None = None
        self.whole, self.n = True, 0

    def read(self) -> Iterator[Item | Unread | Note]:
        for piece in self._pieces():
            if piece.whole and piece.number:
                self._survey(piece.raw)
        self.unused = set(self.edits)
        yield from self._begin()
        for piece in self._pieces():
            if piece.number or not piece.whole:
                yield from self._event(piece)
        if self.unused:
            why = "Edits of messages that are not in this file, or not their author's."
            yield Unread(where=self.page.name, why=why, next=_AGAIN, kind="unknown", n=len(self.unused))
        if not self.n:
            yield Unread(where=self.page.name, why="There are no events in this file.", next=_AGAIN, raw=self.page.head[:4096])
        elif self.whole and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(self.page.name, self.place.encode("utf-8", "replace"), (scope,))

    def _pieces(self) -> Iterator[Piece]:
        for found in arrays(self.page, ("messages",)):
            self.fields = found.fields
            yield found.piece

    @property
    def place(self) -> str:
        return f"matrix:{self.room}"

    @property
    def visibility(self) -> Visibility:
        return "direct" if self.direct else "place"

    def _survey(self, raw: bytes) -> None:
        """Most events are messages that stand for themselves; only the others are looked into."""
        apart = b'"m.replace"' in raw or b'"m.annotation"' in raw or b'"m.room.redaction"' in raw
        if self.room and not apart and b'"m.room.member"' not in raw:
            return
        event, _ = decoded(EVENTS, raw)
        if event is None:
            return
        self.room = self.room or string(event.room_id)
        if event.type == "m.room.member" and (who := string(event.state_key)):
            self.people.add(who)
            if part(event.content, "membership") == "join":
                self.joined.add(who)
            self.direct |= part(event.content, "is_direct") is True
            if name := clean(string(part(event.content, "displayname"))):
                self.names[who] = name
        if len(self.edits) + len(self.redacted) + len(self.reacted) >= _MOST:
            return
        relation = related(event.content)
        at = counted(event.origin_server_ts, 1000) or 0
        edit = (relation.replaces, string(event.sender))
        if relation.replaces and at >= self.edits.get(edit, (0, None))[0]:
            self.edits[edit] = (at, part(event.content, "m.new_content"))
        elif relation.annotates:
            self.reacted[relation.annotates] = ""
        elif event.type == "m.room.redaction" and (gone := string(event.redacts) or string(part(event.content, "redacts"))):
            self.redacted.add(gone)

    def _begin(self) -> Iterator[Item | Note]:
        name = clean(string(self.fields.get("room_name")))
        if not self.room:
            self.room = self.asked.place or name or self.page.file.removesuffix(".json")
            text = f'The room has no id here and is called “{self.room}”. To give it another name: --as "matrix:NAME".'
            yield Note(where=self.page.name, text=text)
        place = Place(id=self.place, kind="chat" if self.direct else "group", name=name)
        yield Item(self.page.name, msgspec.json.encode({"room_name": name, "topic": self.fields.get("topic")}), (place,))
        by = clean(string(self.fields.get("exported_by")))
        owners = [id for id, called in self.names.items() if called == by] or [by][: by.startswith("@")]
        if len(owners) == 1:
            account = Account(id=f"matrix:{owners[0]}", handle=owners[0], name=self.names.get(owners[0], ""), owner=True)
            self.given.add(owners[0])
            yield Item(f"{self.page.name}, exported_by", by.encode("utf-8", "replace"), (account,))

    def _event(self, piece: Piece) -> Iterator[Item | Unread]:
        where = f"{self.page.name}, item {piece.number}" if piece.number else self.page.name
        event = self.pieces.meant(EVENTS, piece.raw, self.page) if piece.whole else None
        if event is None:
            self.whole = False
            yield from self.pieces.lost(where, piece)
            return
        self.n += 1
        at = counted(event.origin_server_ts, 1000)
        if at is None:
            yield from self.pieces.implausible(where, event.origin_server_ts, piece.raw)
        else:
            self.since, self.until = min(self.since or at, at), max(self.until or at, at)
        relation = related(event.content)
        type = string(event.type)
        if type in MESSAGES and relation.replaces:
            waited_for = (relation.replaces, string(event.sender)) in self.edits
            yield Item(where, piece.raw, () if waited_for else tuple(self._late(event, at)))
        elif type in MESSAGES:
            if type == "m.room.encrypted" or part(event.content, "msgtype") == UNREADABLE:
                yield from self._unreadable(where, piece.raw)
            yield Item(where, piece.raw, tuple(self._post(event, at, relation)))
        elif records := tuple(self._records(type, event, at, relation)):
            yield Item(where, piece.raw, records)
        elif not type.startswith("m."):
            yield from self.pieces.unknown(where, f"an event of the type “{type}”", piece.raw)

    def _late(self, event: MatrixEvent, at: int | None) -> Iterator[Record]:
        """An edit that nobody waited for, because there were too many of them: it stands as what it is, an act."""
        yield from self._act("update", event, related(event.content).replaces, "post", at, "m.replace")

    def _unreadable(self, where: str, raw: bytes) -> Iterator[Unread]:
        loss = Unread(
            where=where,
            why="Element could not decrypt this message: who wrote it and when is known, its words are not.",
            next="In Element, verify your session so that it gets the keys, and export the room again.",
            kind="unknown",
            raw=raw[:4096],
        )
        yield from self.pieces.losses.each(loss)

    def _account(self, id: str) -> Iterator[Record]:
        if id and id not in self.given:
            self.given.add(id)
            yield Account(id=f"matrix:{id}", handle=id, name=self.names.get(id, ""))

    def _id(self, id: object) -> str:
        return f"matrix:{id}" if isinstance(id, str) and id else ""

    def _post(self, event: MatrixEvent, at: int | None, relation: Related) -> Iterator[Record]:
        sender, id = string(event.sender), string(event.event_id)
        content, edited_at = event.content, None
        bundled = part(event.unsigned, "m.relations", "m.replace")
        if (id, sender) in self.edits:
            self.unused.discard((id, sender))
            moment, new = self.edits[id, sender]
            content, edited_at = (new if isinstance(new, dict) else content), moment or None
        elif isinstance(bundled, dict):
            new = part(bundled, "content", "m.new_content")
            content, edited_at = (new if isinstance(new, dict) else content), counted(part(bundled, "origin_server_ts"), 1000)
        if id in self.reacted:
            self.reacted[id] = sender
        gone = part(event.unsigned, "redacted_because") is not None or id in self.redacted
        unreadable = event.type == "m.room.encrypted" or part(content, "msgtype") == UNREADABLE
        words = said(string(event.type), {} if gone or unreadable else content, reply=bool(relation.reply_to))
        others = self.people - {sender} if self.direct and sender and len(self.people) <= _FEW else set()
        if sender and sender not in self.given | self.joined:
            yield Membership(account=self._id(sender), place=self.place)
        yield from self._account(sender)
        yield Post(
            id=self._id(id) or f"{self.place}/{event.origin_server_ts}/{sender}",
            kind="message",
            author=self._id(sender),
            at=at,
            zone="" if at is None else "UTC",
            text=words.text,
            reply_to=self._id(relation.reply_to),
            thread=self._id(relation.thread),
            place=self.place,
            visibility=self.visibility,
            mentions=tuple(dict.fromkeys(self._id(each) for each in (*sorted(others), *words.mentions))),
            media=words.media,
            edited=edited_at is not None,
            edited_at=edited_at,
            deleted=gone,
        )

    def _records(self, type: str, event: MatrixEvent, at: int | None, relation: Related) -> Iterator[Record]:
        """Everything that is no message: members, the room's name, reactions, votes."""
        if type == "m.room.member":
            yield from self._member(event, at)
        elif type == "m.reaction" and relation.annotates:
            yield from self._act("like", event, relation.annotates, "post", at, string(part(event.content, "m.relates_to", "key")))
        elif type in VOTES and relation.answers:
            for each in votes(event.content):
                yield from self._act("vote", event, relation.answers, "post", at, each)
        elif type == "m.room.create":
            yield from self._act("create", event, self.room, "place", at, "")
        elif type.startswith(("m.room.", "m.call.")) and type != "m.room.redaction":
            said = (
                part(event.content, "name") if type == "m.room.name" else part(event.content, "topic") if type == "m.room.topic" else None
            )
            yield from self._act("update", event, self.room, "place", at, f"{type}: {said}" if isinstance(said, str) else type)

    def _member(self, event: MatrixEvent, at: int | None) -> Iterator[Record]:
        who, change = string(event.state_key), membership(event)
        if not who or change is None:
            return
        verb, to_other = change
        yield from self._account(who)
        if verb == "join":
            yield Membership(account=self._id(who), place=self.place, since=at)
        reason = part(event.content, "reason")
        text = clean(reason) if isinstance(reason, str) else ""
        yield from self._act(verb, event, who if to_other else self.room, "account" if to_other else "place", at, text)

    def _act(self, verb: Verb, event: MatrixEvent, object: str, kind: Any, at: int | None, text: str) -> Iterator[Record]:
        sender = string(event.sender)
        yield from self._account(sender)
        yield Event(
            verb=verb,
            actor=self._id(sender),
            object=self._id(object),
            object_kind=kind,
            receiver=self._id(self.reacted.get(object)) if kind == "post" else "",
            at=at,
            zone="" if at is None else "UTC",
            place=self.place,
            visibility=self.visibility,
            text=clean(text),
            id=self._id(event.event_id) if verb != "vote" else "",
        )
