"""Reads "YouTube and YouTube Music" of Google's Takeout: what its owner wrote and whom they follow; nothing of what they watched.

    comments/comments.csv, comments(1).csv      comments; since 2022. `Comment Text` holds {"takeoutSegments":[…]}, since June 2024 {"text":…},{"text":…}
    live chats/live chats.csv                   what was said in live chats
    my-comments/my-comments.html                the same before: a list whose links name video and comment; my-live-chat-messages too
    subscriptions/subscriptions.csv             whom they follow (since when is not said); before 2020 subscriptions.json, which `youtube_comments` reads
    channels/channel.csv                        whose it is
    video metadata/videos.csv                   videos they published, and who may see them
    history/…, playlists/…, and all else        what they watched, searched and set: left out on purpose

Names of folders, files and columns are in the account's language (`youtube_tables`). Forms as in the tests of github.com/purarue/google_takeout_parser and
other readers of it; Google documents none (https://support.google.com/accounts/answer/3024190 tells how to get it).
"""

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Event, Item, Note, Place, Record, Scope, Unread, Visibility
from kring.sources.discord_words import When, when
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.made_ids import Ids
from kring.sources.markup import address_worth_saying, plain
from kring.sources.mending import decoded
from kring.sources.pieces import Pieces, clean
from kring.sources.xmlrows import chunks
from kring.sources.youtube_tables import Table, table_of
from kring.sources.youtube_words import People, Said, chat_line, comment, id_of, live_place, video_in, video_post
from kring.wire import LONGEST_RECORD, Page, Piece, text_encoding


class _Segment(msgspec.Struct):
    """A piece of a text."""

    text: Any = None
    link: Any = None
    mention: Any = None
    takeoutSegments: Any = None


_SEGMENTS = msgspec.json.Decoder(list[_Segment])
_TEXTS = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TEXT = msgspec.json.Decoder(str)
_LIST_ITEM = re.compile(rb"<li(?=[\s>])[^<>]{0,300}>", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:li|ul|body|html)", re.IGNORECASE)
_WATCHED = re.compile(r"""href\s*=\s*["']([^"']{1,2000})["']""", re.IGNORECASE)
_COMMENT_IN = re.compile(r"[?&]lc=([\w.-]{1,200})", re.ASCII)
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_PUBLIC = frozenset(["public", "openbaar", "öffentlich", "público", "publique", "publică", "viešas"])
_UNLISTED = frozenset(
    ["unlisted", "verborgen", "nicht gelistet", "oculto", "no listado", "non répertoriée", "nelistat", "neįtrauktas į sąrašą"]
)
"""Who may see a video, in the languages of `youtube_tables`; any other word is taken for private."""


class Takeout:
    """The pages of one person's YouTube."""

    def __init__(self, pages: Sequence[Page], said: Said, people: People, pieces: Pieces) -> None:
        self.pages, self.said, self.people, self.pieces = pages, said, people, pieces
        self.tables = {page.name: table_of(page) for page in pages if page.file.lower().endswith(".csv")}
        self.owners: list[str] = []
        self.seen: dict[str, Visibility] = {}
        """Who may see the owner's own videos."""
        self.places: set[str] = set()
        self.ids = Ids("youtube:chat/")
        self.whole = True
        self.since: int | None = None
        self.until: int | None = None

    def read(self) -> Iterator[Item | Unread | Note]:
        yield from self._whose()
        for page in self.pages:
            table = self.tables.get(page.name)
            if not page.head.strip():
                self.whole = False
                yield self.pieces.empty(page)
            elif table is not None:
                yield from self._table(table)
            elif is_list(page):
                yield from self._list(page)
            else:
                self.pieces.left_out(msgspec.structs.replace(page, name=page.folder or page.name), _other(page))
        if self.whole and self.since is not None and len(self.owners) == 1:
            yield Item(self.pages[0].name, self.owners[0].encode(), (Scope(account=self.owners[0], since=self.since, until=self.until),))

    def _whose(self) -> Iterator[Item | Note | Unread]:
        """By channel.csv, else by the channel that comments name, else as the user said. One Google account may have several channels."""
        for table in filter(None, self.tables.values()):
            if table.kind == "channel":
                for line, cells in table.rows():
                    if cells and (id := id_of(cells["channel"])):
                        self._is_owner(id)
                        yield Item(_where(table, line), _raw(cells), tuple(self.people.account(id, cells["title"], owner=True)))
            elif table.kind == "videos":
                self.seen |= {id_of(cells["id"]): _visible(cells) for _, cells in table.rows() if cells}
        for table in filter(None, self.tables.values()):
            if table.kind in ("comments", "live chats") and not self.owners:
                first = next((cells for _, cells in table.rows() if cells), {})
                self._is_owner(id_of(first.get("channel", "")))
        self._is_owner(self.said.channel if not self.owners else "")
        lists = [page for page in self.pages if _is_subscriptions(self.tables.get(page.name))]
        if not self.owners and (lists or any(is_list(page) for page in self.pages)):
            why = "Nothing here says whose this is: comments are kept without an author, and subscriptions left out."
            next_ = "Import it together with the file channel.csv of the same export, or say whose it is: --as youtube:CHANNEL (UC…)."
            yield Unread(where=(lists or self.pages)[0].name, why=why, next=next_, kind="unknown")
        elif len(self.owners) > 1 and lists:
            text = "This account has several channels, and subscriptions don't say whose they are: they are taken for the first one's."
            yield Note(where=lists[0].name, text=text)

    def _is_owner(self, id: str) -> None:
        if id and id not in self.owners:
            self.owners.append(id)

    @property
    def owner(self) -> str:
        return self.owners[0] if self.owners else ""

    def _table(self, table: Table) -> Iterator[Item | Unread]:
        if table.kind == "channel":
            return
        for line, cells in table.rows():
            where = _where(table, line)
            if cells is None:
                self.whole = False
                yield from self.pieces.lost(where, Piece(line, b"", whole=True))
                continue
            if any("\ufffd" in cell for cell in cells.values()):
                self._letters(table.page)
            yield from self._row(table.kind, where, cells)

    def _row(self, kind: str, where: str, cells: dict[str, str]) -> Iterator[Item | Unread]:
        if kind == "subscriptions":
            yield from self._followed(where, cells)
            return
        id, written = id_of(cells["id"]), cells.get("when") or cells.get("created", "")
        if not id:
            self.whole = False
            yield from self.pieces.unknown(where, f"a row of {kind} without its id", _raw(cells))
            return
        at = when(written.replace(" UTC", "+00:00"))
        if at.at is None:
            yield from self.pieces.implausible(where, written, _raw(cells))
        author = id_of(cells.get("channel", "")) or self.owner
        self._is_owner(author)
        if kind == "videos":
            made: list[Record] = [video_post(id, author, at, cells["title"], cells.get("text", ""), self.seen.get(id, "direct"))]
        else:
            self._period(at)
            text, mentions = words(cells["text"])
            on = id_of(cells.get("video", "")) or id_of(cells.get("post", ""))
            made = (
                [
                    comment(
                        id,
                        author,
                        at,
                        text,
                        on=on,
                        parent=id_of(cells.get("parent", "")),
                        mentions=mentions,
                        visibility=self.seen.get(on, "public"),
                    )
                ]
                if kind == "comments"
                else self._in_chat(id, author, at, text, on, mentions)
            )
        yield Item(where, _raw(cells), (*self.people.account(author, "", owner=True), *made))

    def _period(self, at: When) -> None:
        if at.at is not None:
            self.since = at.at if self.since is None else min(self.since, at.at)
            self.until = at.at if self.until is None else max(self.until, at.at)

    def _in_chat(self, id: str, author: str, at: When, text: str, video: str, mentions: tuple[str, ...]) -> list[Record]:
        place = live_place(video) if video else ""
        post = chat_line(id, author, at, text, video, place, mentions=mentions, visibility=self.seen.get(video, "public"))
        if not place or place in self.places:
            return [post]
        self.places.add(place)
        return [Place(id=place, kind="chat"), post]

    def _followed(self, where: str, cells: dict[str, str]) -> Iterator[Item | Unread]:
        other = id_of(cells["channel"])
        if not other:
            yield from self.pieces.unknown(where, "a subscription without its channel", _raw(cells))
        elif self.owner:
            follow = Event(verb="follow", actor=self.owner, object=other, object_kind="account")
            people = self.people.account(self.owner, "", owner=True) + self.people.account(other, cells["title"])
            yield Item(where, _raw(cells), (*people, follow))

    def _letters(self, page: Page) -> None:
        why = "Some characters were not written as the format asks (UTF-8), or were NUL: \ufffd stands where they were."
        self.pieces.losses.count(Unread(where=page.name, why=why, next=self.pieces.again, kind="encoding"))

    def _list(self, page: Page) -> Iterator[Item | Unread]:
        """Comments, or lines of live chats, as a list in HTML: a sentence with links and a time, then what was said."""
        for piece in _list_items(page):
            where = f"{page.name}, item {piece.number}"
            text = piece.raw.decode("utf-8", "replace")
            said, _, rest = _BREAK.sub("\0", text).partition("\0")
            links = [html.unescape(each) for each in _WATCHED.findall(said)]
            written = _WRITTEN.search(said)
            if not piece.whole or not written or not links:
                self.whole = False
                yield from self.pieces.lost(where, piece)
                continue
            if "\ufffd" in text:
                self._letters(page)
            yield self._listed(where, piece.raw, links, when(f"{written[1]}T{written[2]}+00:00"), plain(rest.replace("\0", "<br>")))

    def _listed(self, where: str, raw: bytes, links: list[str], at: When, text: str) -> Item:
        self._period(at)
        own = next((id_of(found[1]) for link in links if (found := _COMMENT_IN.search(link))), "")
        on = next(filter(None, map(video_in, links)), "")
        if own:
            made: list[Record] = [comment(own, self.owner, at, text, on=on, visibility=self.seen.get(on, "public"))]
        else:
            made = self._in_chat(self.ids.next(at.at, on, self.owner, text), self.owner, at, text, on, ())
        return Item(where, raw, (*self.people.account(self.owner, "", owner=True), *made))


def is_list(page: Page) -> bool:
    """A list of comments in HTML, in any language: items that link to a video and tell a time."""
    if not page.file.lower().endswith((".html", ".htm")):
        return False
    found = _LIST_ITEM.search(page.head)
    item = page.head[found.end() : found.end() + 2000].decode("utf-8", "replace") if found else ""
    return bool(_WRITTEN.search(item)) and ("youtube.com/" in item or "youtu.be/" in item)


def words(cell: str) -> tuple[str, tuple[str, ...]]:
    """What a cell says, and which channels it mentions: pieces of text, some of them links or mentions; in old exports plain text."""
    if not cell.startswith("{"):
        return clean(cell), ()
    pieces, _ = decoded(_SEGMENTS, f"[{cell}]".replace("\r\n", "\n").replace("\n", "\\n").encode("utf-8", "replace"))
    if pieces is None:
        found = [decoded(_TEXT, f'"{each}"'.encode("utf-8", "replace"))[0] or each for each in _TEXTS.findall(cell)]
        return clean("".join(found) or cell), ()
    if pieces[0].takeoutSegments is not None:
        pieces = [_Segment(each.get("text"), each.get("link"), each.get("mention")) for each in dicts_of(pieces[0].takeoutSegments)]
    text, mentions = "", dict[str, None]()
    for piece in pieces:
        said = text_of(piece.text)
        if piece.link is not None:
            address = text_of(dict_of(piece.link).get("linkUrl"))
            said = f"{said} <{address}>" if said and address_worth_saying(address, said) else said or address
        text += said
        if piece.mention is not None:
            mention = dict_of(piece.mention)
            mentions[id_of(mention.get("channelId")) or id_of(mention.get("externalChannelId"))] = None
    return clean(text), tuple(each for each in mentions if each)


def _list_items(page: Page) -> Iterator[Piece]:
    """What stands in each `<li>`; one that is longer than a record may be comes cut, and so does the last one of a page that breaks off."""
    with page.open() as stream:
        number, buffer, too_long = 0, b"", False
        for chunk in chunks(stream, text_encoding(page.head)):
            *done, buffer = _LIST_ITEM.split(buffer + chunk)
            for raw in done:
                if number:
                    yield Piece(number, raw[:4096] if too_long else raw, not too_long, too_long)
                number, too_long = number + 1, False
            if len(buffer) > LONGEST_RECORD:
                buffer, too_long = buffer[:4096] + buffer[-400:], True
        if number:
            whole = _CLOSED.search(buffer) is not None and not too_long
            yield Piece(number, buffer if whole else buffer[:4096], whole, too_long)


def _visible(cells: dict[str, str]) -> Visibility:
    said = cells.get("privacy", "").casefold()
    return "public" if said in _PUBLIC else "unlisted" if said in _UNLISTED else "direct"


def _is_subscriptions(table: Table | None) -> bool:
    return table is not None and table.kind == "subscriptions"


def _other(page: Page) -> str:
    return (
        "what was watched and searched"
        if page.file.lower().endswith((".json", ".html"))
        else "playlists, settings of the channel and other lists"
    )


def _where(table: Table, line: int) -> str:
    return f"{table.page.name}, line {line}"


def _raw(cells: dict[str, str]) -> bytes:
    """The cells that are read, and no others: what somebody paid is nobody's business."""
    return msgspec.json.encode(cells)
