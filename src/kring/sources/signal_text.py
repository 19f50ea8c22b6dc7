"""Chats that signal-export wrote: as Markdown or text (`chat.md`), or as lines of JSON (`data.json`).

The message's id is made of its chat, minute, author and words, as for WhatsApp, so that both forms, and exports of different days, meet.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from kring.schema import Account, Asked, Event, Item, Media, Membership, Note, Place, Post, Record, Scope, Unread, Visibility
from kring.sources.moment import local
from kring.sources.pieces import Pieces, clean
from kring.sources.whatsapp_lines import Lines
from kring.sources.zones import Zone
from kring.wire import LONGEST_RECORD, Page, Piece, lines

HEAD = re.compile(r"\ufeff?\[(\d{4}-\d\d-\d\d)(?:, (\d\d:\d\d)| (\d\d:\d\d:\d\d))\] ([^\n]{1,200}?):(?: |$)")
"""Until 2023 a comma and no seconds, now no comma and seconds."""
_FIRST = ("[", "\ufeff")
_REACTIONS = re.compile(r"(?:^|\n)\(- (.+?) -\)")
_STICKER = re.compile(r"\n?\(\( (.{1,40}) \)\)")
_FILE = re.compile(r"(!?)\[([^\[\]\n]*+)\]\(\./media/[^()\n]*+\) {0,2}")
_CALL = re.compile(r"(?:Incoming|Outgoing|Missed) (?:voice |video )?call(?: \([^)\n]*\))?$")
_DELETED = "(This message was deleted)"
_ME, _NOBODY = "Me", "No-Sender"
_GENERIC = ("chat", "data", "index", "messages", "export", "signal", "main")
_MINUTE = 60_000_000


class Line(NamedTuple):
    """A message, whichever form it was written in."""

    number: int
    raw: bytes
    local: int | None
    written: str
    author: str
    text: str
    media: tuple[Media, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    deleted: bool = False


class _Message(msgspec.Struct):
    date: Any = None
    sender: Any = None
    body: Any = None
    quote: Any = None
    sticker: Any = None
    reactions: Any = None
    attachments: Any = None
    deleted: Any = None


_MESSAGES = msgspec.json.Decoder(_Message)


class TextExport:
    """One chat."""

    def __init__(self, page: Page, asked: Asked, pieces: Pieces, zone: Zone) -> None:
        self.page, self.pieces, self.zone = page, pieces, zone
        stem = page.file.rpartition(".")[0]
        folder = page.folder.rpartition("/")[2]
        self.named = asked.place or (stem if stem.lower() not in _GENERIC and not page.file.endswith(".md") else folder)
        self.json = page.file.lower().endswith((".json", ".jsonl"))
        self.whole = True
        self.encoding_losses = (0, 0)

    def read(self) -> Iterator[Item | Unread | Note]:
        authors = self._authors()
        if not authors:
            why = "no line of this file begins with a date and a name, as the messages of a Signal chat do"
            yield Unread(where=self.page.name, why=why, next=self.pieces.again, kind="unknown", raw=self.page.head[:4096])
            return
        others = sorted(authors - {_ME, _NOBODY}, key=str.casefold)
        direct = len(authors - {_NOBODY}) <= 2 and (not self.named or len(others) == 2 or others in ([self.named], []))
        name = self.named or " & ".join(sorted(authors - {_NOBODY}, key=str.casefold))
        yield Note(where=self.page.name, text=f'This chat is called “{name}” here. To give it another name: --as "signal:NAME".')
        yield from _Chat(self, name, "direct" if direct else "place", authors).read()

    def lines(self) -> Iterator[Line | Piece]:
        """The messages; a piece is one that can't be read."""
        return self._json_lines() if self.json else self._text_lines()

    def _authors(self) -> set[str]:
        """The first reading: who speaks."""
        if self.json:
            return {line.author for line in self._json_lines() if isinstance(line, Line)}
        return {found[4] for _, _, text, whole in Lines(self.page) if text[:1] in _FIRST and whole and (found := HEAD.match(text))}

    def _text_lines(self) -> Iterator[Line | Piece]:
        given = Lines(self.page)
        begun: tuple[int, re.Match[str], list[str], list[bytes]] | None = None
        size = 0
        for number, raw, text, whole in given:
            found = HEAD.match(text) if text[:1] in _FIRST else None
            if not whole or size > LONGEST_RECORD:
                yield Piece(number, raw[:4096], whole=False, too_long=True)
                begun, size = None, 0
            if found and whole:
                if begun:
                    yield _from_text(*begun)
                begun, size = (number, found, [text[found.end() :]], [raw]), len(raw)
            elif begun:
                begun[2].append(text)
                begun[3].append(raw)
                size += len(raw) + 1
            elif text.strip() and whole:
                yield Piece(number, raw)
        if begun:
            yield _from_text(*begun)
        self.encoding_losses = (given.n_broken, given.n_nul)

    def _json_lines(self) -> Iterator[Line | Piece]:
        for piece in lines(self.page):
            if not piece.raw.strip():
                continue
            message = self.pieces.meant(_MESSAGES, piece.raw, self.page) if piece.whole else None
            yield piece if message is None or not isinstance(message.sender, str) else _from_json(piece, message)


_local = lru_cache(maxsize=1000)(local)
"""Many messages are of the same minute."""


def _from_text(number: int, found: re.Match[str], said: list[str], raw: list[bytes]) -> Line:
    text = "\n".join(map(str.rstrip, said)).strip()
    reactions: list[tuple[str, str]] = []
    media: list[Media] = []
    deleted = text == _DELETED
    if deleted:
        text = ""
    if "(- " in text and (last := list(_REACTIONS.finditer(text))):
        for each in last[-1][1].split(", "):
            name, colon, emoji = each.rpartition(": ")
            reactions += [(name, emoji)] if colon else []
        text = text[: last[-1].start()] + text[last[-1].end() :]
    if "(( " in text and (sticker := _STICKER.search(text)):
        media.append(Media(kind="sticker", text=sticker[1]))
        text = text[: sticker.start()] + text[sticker.end() :]
    if "(./media/" in text:
        media += [Media(kind="image" if file[1] else "document", name=file[2]) for file in _FILE.finditer(text)]
        text = _FILE.sub("", text)
    written = f"{found[1]} {found[2] or found[3]}"
    return Line(number, b"\n".join(raw), _local(written), written, found[4], clean(text.strip()), tuple(media), tuple(reactions), deleted)


def _from_json(piece: Piece, message: _Message) -> Line:
    body, quote = (each if isinstance(each, str) else "" for each in (message.body, message.quote))
    sticker = message.sticker.get("emoji") if isinstance(message.sticker, dict) else message.sticker
    media = [Media(kind="sticker", text=sticker)] if isinstance(sticker, str) and sticker else []
    for each in message.attachments if isinstance(message.attachments, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            image = re.search(r"\.(?:png|jpe?g|gif|tiff?|webp|apng|svg)$", str(each.get("path")))
            media.append(Media(kind="image" if image else "document", name=each["name"]))
    reactions = []
    for each in message.reactions if isinstance(message.reactions, list) else ():
        pair = list(each.values()) if isinstance(each, dict) else each
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
            reactions.append((pair[0], pair[1]))
    text = clean("\n".join(line.rstrip() for line in f"{quote}{body}".split("\n"))).strip()
    at = local(message.date)
    return Line(
        piece.number, piece.raw, at, str(message.date)[:40], message.sender, text, tuple(media), tuple(reactions), message.deleted is True
    )


class _Chat:
    def __init__(self, export: TextExport, name: str, visibility: Visibility, authors: set[str]) -> None:
        self.export, self.name, self.place, self.visibility = export, name, f"signal:{name}", visibility
        self.two = authors - {_NOBODY} if visibility == "direct" else set()
        self.given: set[str] = set()
        self.minute: object = None
        self.equals: dict[tuple[str, str], int] = {}
        self.since: int | None = None
        self.until: int | None = None
        self.whole = True

    def read(self) -> Iterator[Item | Unread]:
        page, pieces = self.export.page, self.export.pieces
        place = Place(id=self.place, kind="chat" if self.visibility == "direct" else "group", name=self.name)
        yield Item(page.name, page.file.encode("utf-8", "replace"), (place,))
        for line in self.export.lines():
            where = f"{page.name}, line {line.number}"
            if isinstance(line, Piece):
                self.whole = False
                yield from pieces.lost(where, line)
                continue
            at, offset = None, None
            if line.local is None:
                yield from pieces.implausible(where, line.written, line.raw)
            else:
                offset = self.export.zone.offset_s(line.local)
                at = line.local - offset * 1_000_000
                self.since, self.until = min(self.since or at, at), max(self.until or at, at)
            yield Item(where, line.raw, tuple(self._records(line, at, offset)))
        yield from self._end()

    def _end(self) -> Iterator[Item | Unread]:
        n_broken, n_nul = self.export.encoding_losses
        for n, what in ((n_broken, "lines have broken characters, shown as “\ufffd”"), (n_nul, "NUL bytes were left out")):
            if n:
                yield Unread(where=self.export.page.name, why=f"{n} {what}", next=self.export.pieces.again, kind="encoding", n=n)
        if self.whole and self.since is not None:
            scope = Scope(place=self.place, since=self.since, until=self.until)
            yield Item(self.export.page.name, self.place.encode("utf-8", "replace"), (scope,))

    def _id(self, author: str) -> str:
        return f"{self.place}/{author}" if author and author != _NOBODY else ""

    def _account(self, author: str) -> Iterator[Record]:
        if (id := self._id(author)) and author not in self.given:
            self.given.add(author)
            yield Account(id=id, name=author, owner=author == _ME)
            yield Membership(account=id, place=self.place)

    def _records(self, line: Line, at: int | None, offset: int | None) -> Iterator[Record]:
        author, zone = self._id(line.author), self.export.zone.name if at is not None else ""
        yield from self._account(line.author)
        if _CALL.match(line.text):
            yield Event(
                verb="update",
                actor=author,
                object=self.place,
                object_kind="place",
                at=at,
                offset_s=offset,
                zone=zone,
                place=self.place,
                visibility=self.visibility,
                text=line.text,
            )
            return
        id = self._post_id(line)
        yield Post(
            id=id,
            kind="message",
            author=author,
            at=at,
            offset_s=offset,
            zone=zone,
            text=line.text,
            place=self.place,
            visibility=self.visibility,
            mentions=tuple(sorted(self._id(each) for each in self.two - {line.author})) if author else (),
            media=line.media,
            deleted=line.deleted,
        )
        for name, emoji in line.reactions:
            yield from self._account(name)
            yield Event(
                verb="like",
                actor=self._id(name),
                object=id,
                object_kind="post",
                receiver=author,
                place=self.place,
                visibility=self.visibility,
                text=emoji,
            )

    def _post_id(self, line: Line) -> str:
        minute = line.written if line.local is None else line.local // _MINUTE
        if minute != self.minute:
            self.minute = minute
            self.equals.clear()
        words = " ".join(line.text.split()) + ("\0media" if line.media else "") + ("\0deleted" if line.deleted else "")
        n = self.equals[line.author, words] = self.equals.get((line.author, words), 0) + 1
        key = f"{self.place}\0{minute}\0{line.author}\0{words}\0{n}"
        return f"signal:{hashlib.blake2b(key.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
