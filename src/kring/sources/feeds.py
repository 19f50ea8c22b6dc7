"""Reads feeds, as blogs, newspapers, forums and podcasts give them, and lists of feeds: RSS 0.90 to 2.0, Atom 0.3 and 1.0, OPML.

    RSS, Atom    each entry is a post; answers (RFC 4685) know what they answer; who wrote it, or else the feed itself, is its author
    OPML         a list of feeds that somebody reads: an account for each; whose list it is, OPML 2.0 may say, and then they are follows

Documented at https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287 and http://opml.org/spec2.opml.
An entry's id is the one it has ("feeds:" and its address); one that is no address is unique within its feed only, and so is an author who is
only a name. A feed shows its latest entries and is never everything. How a file full of mistakes is read stands in `feeds_xml`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from kring.schema import Account, Asked, Event, Item, Note, Unread
from kring.sources.feeds_entries import Feed, deleted, entry_of, feed_of, text_of, when_of
from kring.sources.feeds_xml import Head, before_entries, head_of, parsed, parsed_together, pieces
from kring.sources.losses import Losses
from kring.sources.xmlrows import chunks
from kring.sources.zones import Zone
from kring.wire import LONGEST_RECORD, Page, Piece

TITLE = "Feeds (RSS, Atom, OPML)"
READS = "entries of RSS and Atom with author, time, words, tags and pictures' descriptions, answers among them; lists of feeds (OPML)"
LACKS = "entries older than the feed shows; who read, liked or shared them; most feeds' comments; whose list of feeds it is, mostly"
PROVEN = "feeds that feedgen, feedgenerator (PyPI), feed and rss (npm) wrote; none found in the wild yet"

_TOGETHER, _LONG = 32, 1 << 18
"""So many entries are parsed in one go, unless one is long."""
_AGAIN = "Get the feed again (save it from its address) and import that: nothing is counted twice."
_OUTLINE = re.compile(r"""<outline((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*+"|'[^']*+'))*+)""", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_FIELD = re.compile(r"<(ownerName|ownerEmail|ownerId)>([^<]{0,1000})</")


def sniff(page: Page) -> float:
    """By its first element."""
    head = head_of(page)
    if head is None:
        return 0.0
    if head.root == "feed":
        return 1.0 if any("atom" in uri.lower() for uri in head.spaces.values()) else 0.3
    if head.root == "rdf":
        return 1.0 if any("rss" in uri or "netscape" in uri for uri in head.spaces.values()) else 0.0
    return 1.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Every page in turn."""
    losses, zone = Losses(), Zone(asked.zone)
    for page in pages:
        head = head_of(page)
        if not page.head.strip():
            yield Unread(where=page.name, why="The file is empty.", next=_AGAIN)
        elif head is None:
            yield Unread(where=page.name, why="This is no feed: it doesn't begin like one.", next=_AGAIN, raw=page.head[:4096])
        elif head.root == "opml":
            yield from _read_list(page, head, zone, losses)
        else:
            yield from _read_feed(page, head, zone, losses)
    yield from losses.rest()


# ---- entries ----------------------------------------------------------------------------------------------------------------------------------


def _read_feed(page: Page, head: Head, zone: Zone, losses: Losses) -> Iterator[Item | Unread]:
    feed, told = Feed(f"feeds:{page.file}"), set[str]()
    waiting: list[tuple[str, bytes, str]] = []

    def entries() -> Iterator[Item | Unread]:
        for (where, raw, _), entry in zip(waiting, parsed_together([text for _, _, text in waiting], head)):
            yield from _read_entry(where, raw, entry, feed, zone, told, losses)
        waiting.clear()

    for piece in pieces(page, head.encoding):
        text = _decoded(piece, page, head, losses)
        if piece.number == -1:
            yield from entries()
            if not _CLOSED.search(text):
                yield Unread(where=page.name, why="The file breaks off at its end; what stood before was kept.", next=_AGAIN)
        elif not piece.number:
            feed, accounts = feed_of(before_entries(text, head), page.file)
            told.update(account.id for account in accounts)
            yield Item(page.name, piece.raw[:4096], accounts)
        elif not piece.whole:
            yield from entries()
            yield _cut(f"{page.name}, entry {piece.number}", piece)
        else:
            waiting.append((f"{page.name}, entry {piece.number}", piece.raw, text))
            if len(waiting) >= _TOGETHER or len(piece.raw) > _LONG:
                yield from entries()


def _read_entry(
    where: str, raw: bytes, entry: Element | None, feed: Feed, zone: Zone, told: set[str], losses: Losses
) -> Iterator[Item | Unread]:
    if entry is None:
        why = "This entry is broken and was left out; the rest was read."
        yield from losses.each(Unread(where=where, why=why, next=_AGAIN, raw=raw[:4096]))
        return
    if entry.tag == "at:deleted-entry":
        if gone := deleted(entry, feed):
            yield Item(where, raw, (gone,))
        return
    post, accounts, untimely = entry_of(entry, feed, zone)
    if not (post.text or post.title or post.url or post.media):
        why = "This entry says nothing, and was left out."
        yield from losses.each(Unread(where=where, why=why, next="Nothing.", raw=raw[:4096]))
        return
    if untimely:
        why = f"Its time can't be right: {untimely[:40]}. It was kept without one."
        unread = Unread(where=where, why=why, next="Nothing, unless many are like this.", kind="implausible-time")
        yield from losses.each(unread, alike="time")
    new = tuple(account for account in accounts if account.id not in told)
    told.update(account.id for account in new)
    yield Item(where, raw, (*new, post))


def _decoded(piece: Piece, page: Page, head: Head, losses: Losses) -> str:
    """The words of a piece; that some were not written as the page says is told once."""
    encoding = "utf-8" if head.encoding.startswith("utf-16") else head.encoding
    try:
        text = piece.raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        text = piece.raw.decode(encoding, "replace")
        if piece.whole:
            why = "Some characters were not written as the page says: \ufffd stands where they were."
            losses.count(Unread(where=page.name, why=why, next=_AGAIN, kind="encoding", raw=piece.raw[:4096]))
    if "\0" in text:
        losses.count(Unread(where=page.name, why="There were NUL characters in the text; they were left out.", kind="encoding"))
    return text


def _cut(where: str, piece: Piece) -> Unread:
    if piece.too_long:
        why = "This entry is longer than 64 MiB."
        return Unread(where=where, why=why, next="The rest was read.", kind="too-large", raw=piece.raw[:4096])
    return Unread(where=where, why="The file breaks off here; what stood before was kept.", next=_AGAIN, raw=piece.raw[:4096])


# ---- lists of feeds -----------------------------------------------------------------------------------------------------------------------------


def _read_list(page: Page, head: Head, zone: Zone, losses: Losses) -> Iterator[Item | Unread | Note]:
    """An account for each feed; a list says no more, so there are no ties unless it names its owner."""
    text = _whole(page, head, losses)
    if text is None:
        yield Unread(where=page.name, why="This list is longer than 64 MiB.", next="Cut it into smaller ones.", kind="too-large")
        return
    fields = {name: text_of(element) for name, value in _FIELD.findall(text) if (element := parsed(f"<x>{value}</x>", head)) is not None}
    owner = _owner(fields)
    if owner:
        yield Item(page.name, text[:4096].encode("utf-8", "replace"), (owner,))
    n = 0
    for number, found in enumerate(_OUTLINE.finditer(text), 1):
        if "xmlurl" not in found[1].lower():
            continue
        where, raw = f"{page.name}, outline {number}", found[0].encode("utf-8", "replace")
        element = parsed(f"<outline{found[1]}/>", head)
        if element is None:
            yield from losses.each(Unread(where=where, why="This line is broken and was left out.", next=_AGAIN, raw=raw[:4096]))
            continue
        attributes = {key.lower(): " ".join(value.split()) for key, value in element.attrib.items()}
        address = attributes.get("xmlurl", "")
        if not address:
            continue
        n += 1
        name = attributes.get("title") or attributes.get("text", "")
        when = when_of(attributes.get("created", ""), zone)
        feed = Account(id=f"feeds:{address}", name=name, url=attributes.get("htmlurl", ""))
        followed: dict[str, Any] = {"at": when.at, "offset_s": when.offset_s, "zone": when.zone} if when else {}
        follow = (Event(verb="follow", actor=owner.id, object=feed.id, object_kind="account", **followed),) if owner else ()
        yield Item(where, raw, (feed, *follow))
    whose = f"the list says it is {owner.name or owner.id}'s" if owner else "the list doesn't say whose it is, so there are no ties"
    yield Note(where=page.name, text=f"Feeds in this list: {n}; {whose}.")
    if "</opml" not in text.lower():
        yield Unread(where=page.name, why="The list breaks off at its end; what stood before was kept.", next=_AGAIN)


def _owner(fields: dict[str, str]) -> Account | None:
    """OPML 2.0: an address of a page about its owner, or a mail address."""
    own = fields.get("ownerId") or fields.get("ownerEmail", "").lower()
    return Account(id=f"feeds:{own}", name=fields.get("ownerName", ""), owner=True) if own else None


def _whole(page: Page, head: Head, losses: Losses) -> str | None:
    """All of a list: they are short. None if it is longer than a record may be."""
    raw = b""
    with page.open() as stream:
        for chunk in chunks(stream, head.encoding):
            raw += chunk
            if len(raw) > LONGEST_RECORD:
                return None
    return _decoded(Piece(0, raw), page, head, losses)
