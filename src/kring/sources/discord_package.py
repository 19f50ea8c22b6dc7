"""Reads the package that Discord sends on request: all that its owner wrote, and nothing that others did.

Old packages have `messages/c123/messages.csv`, new ones `Messages/c123/messages.json`, the oldest folders without the c; since 2024 the names of
the upper folders are in the owner's language. So a file is known by its own name and what is in it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Asked, Item, Membership, Note, Place, Post, Record, Scope, Unread, Visibility
from kring.sources.discord_words import When, file, id_of, server_of, string, when, words
from kring.sources.jsonwalk import arrays
from kring.sources.mending import decoded
from kring.sources.pieces import Pieces, clean
from kring.wire import LONGEST_RECORD, Page, Piece, rows

FOLDER = re.compile(r"(?:^|/)c?(\d{15,21})$", re.ASCII)
INDEX = re.compile(rb'\s*\{\s*"\d{15,21}"\s*:\s*(?:"|null)')
_HEADER = b"ID,Timestamp,Contents"
_ANY = msgspec.json.Decoder(dict[str, Any])
_DIRECT = ("1", "DM", "3", "GROUP_DM")


class _Message(msgspec.Struct):
    ID: Any = None
    Timestamp: Any = None
    Contents: Any = None
    Attachments: Any = None


_MESSAGES = msgspec.json.Decoder(_Message)


def kind(page: Page) -> str:
    """ "messages", "channel", "index", "user", "guild", "activity"; "" if it is no file of a package."""
    name, head = page.file.lower(), page.head.removeprefix(b"\xef\xbb\xbf")
    inside = FOLDER.search(page.folder) is not None
    if name == "messages.csv" and (inside or head.startswith(_HEADER)):
        return "messages"
    if name == "messages.json" and (inside or (b'"Timestamp"' in head[:300] and b'"Contents"' in head)):
        return "messages"
    if not name.endswith(".json"):
        return ""
    if inside and name in ("channel.json", "guild.json"):
        return name.removesuffix(".json")
    if name == "index.json" and INDEX.match(head):
        return "index"
    if name == "user.json" and b'"discriminator"' in head and b'"username"' in head:
        return "user"
    return "activity" if name.startswith("events-") and b'"event_type"' in head[:4096] else ""


def packages(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages of each package: those under the folder that has the folder of a user.json; all of them where there is none."""
    roots = sorted({page.folder.rpartition("/")[0] for page in pages if kind(page) == "user"}, key=len, reverse=True)
    found: dict[str, list[Page]] = {}
    for page in pages:
        root = next((root for root in roots if page.name.startswith(f"{root}/" if root else "")), "")
        found.setdefault(root, []).append(page)
    return list(found.values())


class Package:
    """All pages of one package."""

    def __init__(self, pages: Sequence[Page], asked: Asked, pieces: Pieces) -> None:
        self.pages, self.asked, self.pieces = pages, asked, pieces
        self.names: dict[str, str] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.owner = id_of(asked.place)
        self.whole = True
        self.since: int | None = None
        self.until: int | None = None

    def read(self) -> Iterator[Item | Unread | Note]:
        kinds = {page.name: kind(page) for page in self.pages}
        for page in self.pages:
            if not page.head.strip():
                self.whole = False
                yield self.pieces.empty(page)
            elif kinds[page.name] == "activity":
                self.pieces.left_out(msgspec.structs.replace(page, name=page.folder), "what Discord noted of your use of it")
            elif kinds[page.name] != "messages":
                yield from self._about(page, kinds[page.name])
        self.owner = self.owner or self._common()
        if not self.owner:
            yield self._nobodys()
        for page in self.pages:
            if kinds[page.name] == "messages" and page.head.strip():
                yield from self._messages(page)
        if self.whole and self.owner and self.since is not None:
            scope = Scope(account=self.owner, since=self.since, until=self.until)
            yield Item(self.pages[0].name, self.owner.encode(), (scope,))

    def _about(self, page: Page, kind: str) -> Iterator[Item | Unread]:
        """What says whose package it is, and what channels and servers are called."""
        with page.open() as stream:
            raw = stream.read(LONGEST_RECORD)
        said, _ = decoded(_ANY, raw.removeprefix(b"\xef\xbb\xbf"))
        if said is None:
            self.whole = self.whole and kind != "channel"
            yield Unread(where=page.name, why="This file is broken and was left out.", next=self.pieces.again, raw=raw[:4096])
        elif kind == "user":
            yield from self._user(page, said)
        elif kind == "index":
            self.names |= {id: clean(name) for id, name in said.items() if isinstance(name, str)}
        elif kind == "channel":
            self.channels[page.folder] = said
        elif kind == "guild" and (id := server_of(said.get("id"))):
            place = Place(id=id, kind="server", name=clean(string(said.get("name"))))
            yield Item(page.name, msgspec.json.encode({"id": said.get("id"), "name": said.get("name")}), (place,))

    def _user(self, page: Page, said: dict[str, Any]) -> Iterator[Item]:
        """The owner; friends and linked accounts stand there too, and stay there."""
        self.owner = id_of(said.get("id")) or self.owner
        handle, number = string(said.get("username")), str(said.get("discriminator") or "0")
        name = string(said.get("global_name")) or handle
        handle = f"{handle}#{number}" if number.strip("0") else handle
        account = Account(id=self.owner, handle=clean(handle), name=clean(name), kind="person", owner=True)
        if self.owner:
            self.names[self.owner.removeprefix("discord:")] = account.name
            kept = {key: said.get(key) for key in ("id", "username", "discriminator", "global_name")}
            yield Item(page.name, msgspec.json.encode(kept), (account,))
        friends = said.get("relationships")
        self.pieces.left_out(page, "your friends and those you blocked", len(friends) if isinstance(friends, list) else 0)

    def _common(self) -> str:
        """Without user.json: the one who is in all chats of two or a few."""
        groups = [set(map(str, who)) for channel in self.channels.values() if isinstance(who := channel.get("recipients"), list) and who]
        common = set.intersection(*groups) if len(groups) > 1 else set()
        return id_of(next(iter(common))) if len(common) == 1 else ""

    def _nobodys(self) -> Unread:
        why = "The package doesn't say whose it is: its messages are kept without an author."
        next = "Import the whole package, with the file user.json in it, or say whose it is: --as discord:NUMBER."
        return Unread(where=self.pages[0].name, why=why, next=next, kind="unknown")

    def _messages(self, page: Page) -> Iterator[Item | Unread]:
        channel = self.channels.get(page.folder, {})
        found = FOLDER.search(page.folder)
        number = str(channel.get("id") or (found[1] if found else ""))
        place, visibility, others = self._place(channel, number)
        records: list[Record] = [place]
        if self.owner:
            records.append(Membership(account=self.owner, place=place.id))
            guild = channel.get("guild")
            server = server_of(guild.get("id")) if isinstance(guild, dict) else ""
            if server and isinstance(guild, dict):
                records.append(Place(id=server, kind="server", name=clean(string(guild.get("name")))))
                records.append(Membership(account=self.owner, place=server))
        yield Item(page.name, msgspec.json.encode(channel) or b"{}", tuple(records))
        thread = place.id if "THREAD" in str(channel.get("type")) else ""
        for line in self._lines(page):
            if isinstance(line, Unread):
                yield line
            else:
                yield from self._post(*line, place.id, visibility, others, thread)

    def _place(self, channel: dict[str, Any], number: str) -> tuple[Place, Visibility, tuple[str, ...]]:
        direct = str(channel.get("type")) in _DIRECT
        recipients = channel.get("recipients")
        who = tuple(filter(None, map(id_of, recipients))) if isinstance(recipients, list) else ()
        name = clean(string(channel.get("name"))) or self.names.get(number, "")
        guild = channel.get("guild")
        if isinstance(guild, dict) and string(guild.get("name")) and " in " not in name:
            name = f"{name} in {clean(guild['name'])}" if name else clean(guild["name"])
        place = Place(id=id_of(number) or f"discord:{number}", kind="chat" if direct else "group", name=name)
        return place, "direct" if direct else "place", tuple(each for each in who if each != self.owner) if direct else ()

    def _lines(self, page: Page) -> Iterator[tuple[str, bytes, _Message] | Unread]:
        """Each message with its place and bytes, old form or new."""
        if not page.file.lower().endswith(".csv"):
            yield from self._pieces(page)
            return
        for number, row in rows(page):
            where, raw = f"{page.name}, line {number}", ",".join(row).encode("utf-8", "replace")
            if len(row) >= 3 and row[0] != "ID":
                yield where, raw, _Message(row[0], row[1], row[2], row[3] if len(row) > 3 else "")
            elif row and row[0] != "ID":
                self.whole = False
                yield from self.pieces.lost(where, Piece(number, raw))

    def _pieces(self, page: Page) -> Iterator[tuple[str, bytes, _Message] | Unread]:
        for found in arrays(page, ("",)):
            piece = found.piece
            where = f"{page.name}, item {piece.number}" if piece.number else page.name
            message = self.pieces.meant(_MESSAGES, piece.raw, page) if piece.whole and piece.number else None
            if message is not None:
                yield where, piece.raw, message
            elif piece.number or not piece.whole:
                self.whole = False
                yield from self.pieces.lost(where, piece)

    def _post(
        self, where: str, raw: bytes, message: _Message, place: str, visibility: Visibility, others: tuple[str, ...], thread: str
    ) -> Iterator[Item | Unread]:
        time: When = when(message.Timestamp)
        id = id_of(message.ID)
        if not id:
            self.whole = False
            yield from self.pieces.unknown(where, "a message without its number", raw)
            return
        if time.at is None:
            yield from self.pieces.implausible(where, message.Timestamp, raw)
        else:
            self.since, self.until = min(self.since or time.at, time.at), max(self.until or time.at, time.at)
        said = words(string(message.Contents), self.names)
        post = Post(
            id=id,
            kind="message",
            author=self.owner,
            at=time.at,
            offset_s=time.offset_s,
            zone=time.zone,
            text=said.text,
            thread=thread,
            place=place,
            visibility=visibility,
            mentions=tuple(dict.fromkeys((*others, *(f"discord:{each}" for each in said.named)))),
            media=tuple(map(file, string(message.Attachments).split())),
        )
        yield Item(where, raw, (post,))
