"""Reddit's JSON, thing by thing: listings and threads as its API serves them, dumps with a thing in each line, lists, one thing alone.

A thread is two listings in a list: the submission, and its comments with their replies inside them. However deep it goes, each comment becomes an
item of its own. Where a file breaks off in the middle of a comment, its replies up to there are still read.
"""

import re
from collections.abc import Iterator

import msgspec

from kring.schema import Account, Event, Item, Place, Post, Record, Unread
from kring.sources import reddit_words as say
from kring.sources.jsonpieces import pieces
from kring.sources.jsonwalk import arrays
from kring.sources.pieces import Known, Pieces
from kring.sources.reddit_things import Thing, is_taken_back, kind_of, told
from kring.wire import Page, Piece

_MARK = b"\xef\xbb\xbf"
_LISTING = re.compile(
    rb'\[?\s*+\{\s*+(?:"kind"\s*+:\s*+"Listing"|"data"\s*+:\s*+\{\s*+"(?:after|before|children|dist|facets|geo_filter|modhash)")'
)
"""How a listing begins, or a list of them; also where a program sorted its keys."""
_CHILDREN, _DATA, _ITSELF = "data.children", "data", ""
_LIST_IN_DATA = re.compile(rb'\{\s*"data"\s*:\s*\[')
_REXPORT = re.compile(rb'\{\s*"profile"\s*:\s*\{.{0,60000}"multireddits"\s*:\s*\[', re.DOTALL)
_LISTS = ("saved", "upvoted", "downvoted", "comments", "submissions", "inbox")
"""Where rexport keeps what it was given (https://github.com/karlicoss/rexport, export.py); what stands before them are settings and communities."""
_IN_LINES = re.compile(rb"\{[^\n]*\}[ \t\r]*+\n\s*+\{")
_SEEN = 200_000
"""So many accounts and communities are remembered as given; then they are given again, which does no harm, and memory stays as it is."""
_AT_ONCE = 8 * 1024 * 1024
"""Up to here a page is taken into memory: a thread nests so deep that cutting it by its brackets takes ten times as long as decoding it."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\],]', re.DOTALL)
_THING = msgspec.json.Decoder(Thing)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_MORE = "Replies that Reddit only counts here (“load more comments”, “continue this thread”)."
_ASK_MORE = "Save the address of the thread, or of the comment above them, with .json?limit=500 behind it, and import that too: nothing is counted twice."


class Given:
    """Which accounts and communities were given already: each is given when it is first met, and again when more is known of it (a bot)."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def new(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        if len(self.known) > _SEEN:
            self.known.clear()
        return tuple(record for record in records if not isinstance(record, Account | Place) or self._is_new(record))

    def _is_new(self, record: Account | Place) -> bool:
        key = f"{record.kind} {record.id}" if record.kind == "bot" else record.id
        if key in self.known:
            return False
        self.known |= {key, record.id}
        return True


class Listings:
    """Reads pages of JSON."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces, self.given = pieces, Given()

    def read(self, page: Page) -> Iterator[Item | Unread]:
        found = False
        for stands, piece in _pieces(page):
            found, where = True, f"{page.name}, {stands}" if piece.number else page.name
            if piece.whole:
                yield from self._piece(page, where, piece)
                continue
            yield from self.pieces.lost(where, piece)
            if not piece.too_long and stands.startswith("item"):
                yield from self._unfinished(page, where, piece.number)
        if not found:
            yield from self.pieces.unknown(page.name, "a file without posts, comments or messages", page.head)

    def _piece(self, page: Page, where: str, piece: Piece) -> Iterator[Item | Unread]:
        raw = piece.raw.removeprefix(_MARK)
        answers = self._list(raw, page) if raw[:1] == b"[" else None
        for each in [raw] if answers is None else map(bytes, answers):
            yield from self._things(page, where, each)

    def _things(self, page: Page, where: str, raw: bytes, *, unfinished: bool = False) -> Iterator[Item | Unread]:
        """A thing and all within it, in the order of the page."""
        waiting: list[tuple[bytes | msgspec.Raw, bool]] = [(raw, True)]
        while waiting:
            within, top = waiting.pop()
            raw = bytes(within)
            thing = self.pieces.meant(_THING, raw, page)
            kind = kind_of(thing) if thing is not None else ""
            if thing is not None and kind == thing.kind and bytes(thing.data):
                raw = bytes(thing.data)
                thing = self.pieces.meant(_THING, raw, page)
            listed = self._list(bytes(thing.children), page) if thing is not None and kind == "Listing" else None
            if listed is not None:
                waiting.extend((each, False) for each in reversed(listed))
            elif thing is None or kind == "Listing":
                yield from self.pieces.lost(where, Piece(1, raw))
            elif kind == "more":
                self._more(page, thing)
            else:
                if (replies := bytes(thing.replies))[:1] == b"{":
                    waiting.append((replies, False))
                    raw = raw.replace(replies, b'""', 1)
                if not unfinished or _says_enough(thing):
                    yield from self._thing(page, where if top else f"{where}, {_shown(thing, kind)}", kind, thing, raw)

    def _list(self, raw: bytes, page: Page) -> list[msgspec.Raw] | None:
        """The elements of a list; None if it is broken, or made to fill the memory."""
        return None if is_dense(raw) else self.pieces.meant(_RAWS, raw, page)

    def _thing(self, page: Page, where: str, kind: str, thing: Thing, raw: bytes) -> Iterator[Item | Unread]:
        found = told(kind, thing)
        if isinstance(found, Known):
            if thing.author is not None or thing.body is not None or thing.selftext is not None:
                raw = self._what_is_gone(page, thing, raw)
            last = next((each for each in reversed(found.records) if isinstance(each, Post | Event)), None)
            if last is not None and last.at is None:
                yield from self.pieces.implausible(where, thing.created_utc, raw)
            found = Known(self.given.new(found.records))
            if not found.records:
                return
        yield from self.pieces.told(found, where, raw, page)

    def _what_is_gone(self, page: Page, thing: Thing, raw: bytes) -> bytes:
        """Counts words that are gone. Words that a dump kept although their author took them back are not kept here."""
        if say.is_removed(thing.body) or say.is_removed(thing.selftext):
            self.pieces.left_out(page, "words that moderators or Reddit removed; who wrote when is kept")
        if is_taken_back(thing):
            self.pieces.left_out(page, "words that their authors took back")
            return msgspec.json.encode({"id": thing.id, "author": thing.author, "created_utc": thing.created_utc})
        return raw

    def _more(self, page: Page, thing: Thing) -> None:
        n = thing.count if isinstance(thing.count, int) and not isinstance(thing.count, bool) else 0
        self.pieces.losses.count(Unread(where=page.name, why=_MORE, next=_ASK_MORE, n=min(max(n, 1), 1 << 31)))

    def _unfinished(self, page: Page, where: str, number: int) -> Iterator[Item | Unread]:
        """What can be read of the thing in whose middle the page ends, and of the replies in it."""
        with page.open() as stream:
            raw = stream.read(_AT_ONCE + 1)
        if len(raw) > _AT_ONCE:
            return
        for each in self._last_list(closed(raw.removeprefix(_MARK)), page)[number - 1 : number]:
            yield from self._things(page, where, bytes(each), unfinished=True)

    def _last_list(self, raw: bytes, page: Page) -> list[msgspec.Raw]:
        """The children of the last listing of an answer, or the things in a list."""
        listed = self._list(raw, page) if raw[:1] == b"[" else None
        if listed and _LISTING.match(bytes(listed[-1])):
            return self._last_list(bytes(listed[-1]), page)
        if listed is None and (thing := self.pieces.meant(_THING, raw, page)) is not None:
            inner = bytes(thing.data)
            listing = self.pieces.meant(_THING, inner, page) if inner[:1] == b"{" else None
            listed = self._list(inner if listing is None else bytes(listing.children), page)
        return listed or []


def _shown(thing: Thing, kind: str) -> str:
    return f"{kind}_{thing.id}"[:40] if isinstance(thing.id, str) else kind


def _says_enough(thing: Thing) -> bool:
    """Who wrote what: less of an unfinished thing is not worth keeping."""
    return isinstance(thing.id, str) and isinstance(thing.author, str) and isinstance(thing.body or thing.title, str)


def closed(raw: bytes) -> bytes:
    """JSON that breaks off, closed behind the last whole thing in it.

    Costs   one pass.
    """
    open_: list[int] = []
    whole = 0
    for token in _TOKEN.finditer(raw):
        sign = raw[token.start()]
        if sign in b"{[":
            open_.append(sign)
        elif sign in b"}]" and open_:
            open_.pop()
        if sign != ord('"'):
            whole = token.start() if sign == ord(",") else token.end()
    return raw[:whole] + bytes(sign + 2 for sign in reversed(open_))


def _pieces(page: Page) -> Iterator[tuple[str, Piece]]:
    """The pieces of a page, each a thing or a whole answer of the API, and where they stand: in a line, an item of a list."""
    head = page.head.removeprefix(_MARK).lstrip()
    if not _IN_LINES.match(head):
        if _LISTING.match(head) and (listings := _at_once(page)) is not None:
            for children in listings:
                yield from ((f"item {number}", Piece(number, bytes(each))) for number, each in enumerate(children, start=1))
            return
        found = False
        for each in arrays(page, paths) if (paths := _paths(head)) else ():
            found = True
            if each.piece.number or not each.piece.whole:
                yield f"item {each.piece.number}", each.piece
        if found:
            return
    yield from pieces(page, ())


def is_saved_by_rexport(head: bytes) -> bool:
    return _REXPORT.match(head) is not None


def _paths(head: bytes) -> tuple[str, ...]:
    """Where the things stand in a page, if they stand in lists."""
    if is_saved_by_rexport(head):
        return _LISTS
    if _LISTING.match(head):
        return (_CHILDREN,)
    return (_ITSELF,) if head[:1] == b"[" else (_DATA,) if _LIST_IN_DATA.match(head) else ()


def _at_once(page: Page) -> list[list[msgspec.Raw]] | None:
    """The children of each listing of a page, if it isn't too large and all of it can be decoded."""
    with page.open() as stream:
        raw = stream.read(_AT_ONCE + 1).removeprefix(_MARK).strip()
    if len(raw) > _AT_ONCE or is_dense(raw):
        return None
    try:
        answers = _RAWS.decode(raw) if raw[:1] == b"[" else [raw]
        return [_RAWS.decode(_THING.decode(_THING.decode(answer).data).children) for answer in answers]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def is_dense(raw: bytes) -> bool:
    """Nothing but commas and what is hardly longer: no list of Reddit's, and as objects many times as large."""
    return len(raw) > 1 << 20 and raw.count(b",") * 6 > len(raw)
