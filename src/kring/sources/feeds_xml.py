"""Cuts the entries out of a feed and reads each by itself: a broken one costs that entry only, and no declared entity ever reaches the parser.

An XML parser stops at the first mistake, and feeds are full of them: a bare "&", entities of HTML, control characters, prefixes that nobody
declared. So the entries are found by their tags (outside CDATA and comments), mended, put into a root of our own and parsed there. What stands
before the root, where a file could define entities (bombs, other files), is never parsed at all: an entity that is not HTML's is only text.
"""

import codecs
import html
import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

import msgspec

from kring.sources.xmlrows import chunks
from kring.wire import LONGEST_RECORD, Page, Piece, text_encoding

SPACES = {
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://purl.org/syndication/thread/1.0": "thr:",
    "http://purl.org/atompub/tombstones/1.0": "at:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    "http://www.w3.org/1999/xhtml": "html:",
}
"""What a namespace is called here; "" for the words of RSS and Atom themselves."""
_USUAL = {short[:-1]: uri for uri, short in SPACES.items() if short and short != "xml:"} | {"atom": "http://www.w3.org/2005/Atom"}
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(rss|feed|RDF|opml)(?=[\s/>])", re.IGNORECASE)
_DECLARED = re.compile(r"""\bxmlns(?::([\w.-]{1,40}))?\s*=\s*(?:"([^"<]{1,300})"|'([^'<]{1,300})')""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,30})["']""")
_ALPHABETS = ("utf-8", "ascii", "iso8859", "cp", "koi8", "mac", "gb", "big5", "euc", "shift_jis", "johab", "tis", "ptcp", "kz", "hp")
"""Encodings of text in which "<" is one byte, and always that one."""
_MARK = re.compile(rb"<!\[CDATA\[|<!--|<(/?)((?:[\w.-]{1,40}:)?(?:item|entry|deleted-entry))(?=[\s/>])")
_CHANNEL = re.compile(rb"<channel(?=[\s>])[^<>]*>")
_FRAME = re.compile(rb"<channel(?=[\s>])[^<>]*>|</(?:channel|rss|(?:[\w.-]{1,40}:)?(?:feed|RDF))\s*>", re.IGNORECASE)
_SAID_IN_TAGS = re.compile(rb"""\b(?:xml:lang|rdf:about)\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_LONGEST_MARK, _LONGEST_TAG = 64, 1 << 16
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));|(\w{1,40});)?")
"""All but XML's own five."""
_SECTION = re.compile(r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")


class Head(msgspec.Struct, frozen=True):
    """What stands before the entries, and how a page is written."""

    root: str
    """rss, feed, rdf or opml."""
    encoding: str
    spaces: dict[str, str]
    """Prefix → namespace, as the root declares them."""
    around: str
    """The tag of our own root, which declares them too."""


def head_of(page: Page) -> Head | None:
    """What a page's first bytes say of it; None if it is no feed."""
    encoding = encoding_of(page.head)
    head = page.head.decode(encoding, "replace").encode("utf-8", "replace") if encoding.startswith("utf-16") else page.head
    found = _root(head)
    if not found:
        return None
    end = head.find(b">", found.end())
    tag = head[found.start() : end if end >= 0 else None].decode("utf-8", "replace")
    spaces = {prefix: html.unescape(one or other) for prefix, one, other in _DECLARED.findall(tag)}
    return Head(found[1].decode().lower(), encoding, spaces, _root_with(_USUAL | spaces))


def _root(head: bytes) -> re.Match[bytes] | None:
    """The first element, if a feed begins with it: before it stand declarations, comments and a document type only."""
    at = len(head) - len(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    while True:
        while head[at : at + 1].isspace():
            at += 1
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at)
            at = end + 3
        elif head.startswith(b"<?", at):
            end = head.find(b"?>", at)
            at = end + 2
        elif head[at : at + 9].upper() == b"<!DOCTYPE":
            opened, end = head.find(b"[", at), head.find(b">", at)
            if 0 <= opened < end:
                end = head.find(b">", max(head.find(b"]", opened), opened))
            at = end + 1
        else:
            return _ROOT.match(head, at)
        if end < 0:
            return None


def encoding_of(head: bytes) -> str:
    """As the page declares it, if that is one and can be; else as it looks."""
    looks = text_encoding(head)
    found = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if not found or looks.startswith("utf-16"):
        return looks
    name = found[1].decode("ascii", "replace")
    try:
        declared = codecs.lookup(name).name
    except LookupError:
        return looks
    return declared if declared.startswith(_ALPHABETS) and not (declared == "utf-8" and looks == "cp1252") else looks


def pieces(page: Page, encoding: str, *, longest: int = LONGEST_RECORD) -> Iterator[Piece]:
    """First, as number 0, what stands before the entries; then each entry; last, with number -1, the end of what
            follows.

    Costs   one pass; memory for the longest entry. One that is too long comes cut; a last one that isn't closed comes not whole.
    """
    with page.open() as stream:
        yield from _Cutter(longest).cut(chunks(stream, encoding))


class _Cutter:
    """Walks over the marks of a feed: the tags of its entries, and what hides tags."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.buffer, self.at, self.start = b"", 0, 0
        self.inside, self.hidden, self.number = b"", b"", 0
        self.before, self.after, self.too_long = b"", b"", False

    def cut(self, stream: Iterator[bytes]) -> Iterator[Piece]:
        for chunk in stream:
            self.buffer += chunk
            yield from self._walk(last=False)
            self._drop()
        yield from self._walk(last=True)
        if not self.number:
            yield Piece(0, self.before + self.buffer[self.start :])
        if self.inside:
            yield Piece(self.number, self.before[:4096] or self.buffer[self.start :][:4096], whole=False, too_long=self.too_long)
        else:
            yield Piece(-1, (self.after + self.buffer[self.start :])[-4096:])

    def _walk(self, *, last: bool) -> Iterator[Piece]:
        end = len(self.buffer) - (0 if last else _LONGEST_MARK)
        while self.at < end:
            if self.hidden:
                close = self.buffer.find(self.hidden, self.at)
                if close < 0:
                    self.at = max(self.at, len(self.buffer) - 2)
                    return
                self.at, self.hidden = close + len(self.hidden), b""
                continue
            found = _MARK.search(self.buffer, self.at)
            if not found or (found.start() >= end):
                self.at = max(self.at, end)
                return
            self.at = found.end()
            if found[2] is None:
                self.hidden = b"]]>" if found[0].startswith(b"<![") else b"-->"
            elif not last and self.buffer.find(b">", found.end()) < 0 and len(self.buffer) - found.start() < _LONGEST_TAG:
                self.at = found.start()
                return
            elif not self.inside and not found[1]:
                yield from self._begin(found)
            elif found[1] and found[2] == self.inside:
                yield from self._end()

    def _begin(self, found: re.Match[bytes]) -> Iterator[Piece]:
        if not self.number:
            yield Piece(0, self.before + self.buffer[self.start : found.start()])
            self.before = b""
        self.number += 1
        self.inside, self.start = found[2], found.start()
        close = self.buffer.find(b">", found.end())
        if close >= 0 and self.buffer[close - 1 : close] == b"/":
            self.at = close
            yield from self._end()

    def _end(self) -> Iterator[Piece]:
        close = self.buffer.find(b">", self.at)
        self.at = close + 1 if close >= 0 else len(self.buffer)
        if self.too_long:
            yield Piece(self.number, self.before[:4096], whole=False, too_long=True)
        else:
            yield Piece(self.number, self.buffer[self.start : self.at])
        self.inside, self.start, self.before, self.after, self.too_long = b"", self.at, b"", b"", False

    def _drop(self) -> None:
        """Forgets what is done; of an entry that grows too long, and of what stands between entries, all but the beginning."""
        if self.inside and len(self.buffer) - self.start > self.longest:
            self.before = self.before or self.buffer[self.start : self.start + 4096]
            self.too_long, self.start = True, self.at
        elif not self.inside:
            if not self.number and len(self.before) < 1 << 20:
                self.before += self.buffer[self.start : self.at]
            self.after = (self.after + self.buffer[self.start : self.at])[-4096:]
            self.start = self.at
        keep = min(self.start, self.at)
        self.buffer = self.buffer[keep:]
        self.start, self.at = self.start - keep, self.at - keep


# ---- one entry as a tree --------------------------------------------------------------------------------------------------------------------


def parsed(text: str, head: Head) -> ElementTree.Element | None:
    """An entry's element, its names as `SPACES` calls them; None if it is broken beyond mending."""
    text = _mended(text)
    try:
        root = ElementTree.fromstring(f"{head.around}{text}</r>")
    except ElementTree.ParseError:
        try:
            root = ElementTree.fromstring(f"{_root_with(_USUAL | head.spaces | _undeclared(text, head))}{text}</r>")
        except ElementTree.ParseError:
            return None
    return _named(root[0]) if len(root) else None


def parsed_together(texts: Sequence[str], head: Head) -> list[ElementTree.Element | None]:
    """Each entry's element, as `parsed`: in one go, because to begin a parser takes twice as long as an entry; one by one if any is broken."""
    try:
        root = ElementTree.fromstring(f"{head.around}{_mended(''.join(texts))}</r>")
    except ElementTree.ParseError:
        root = ElementTree.Element("r")
    return list(_named(root)) if len(root) == len(texts) else [parsed(text, head) for text in texts]


def before_entries(text: str, head: Head) -> ElementTree.Element:
    """What a feed says of itself: its channel, or all before the first entry; nothing if that is broken."""
    raw = text.encode("utf-8", "replace")
    if not (found := _root(raw)):
        return ElementTree.Element("feed")
    end = raw.find(b">", found.end())
    frame = raw[found.start() : end if end >= 0 else None] + b"".join(_CHANNEL.findall(raw))
    said = b" ".join(_SAID_IN_TAGS.findall(frame)).decode("utf-8", "replace")
    inside = _FRAME.sub(b"", raw[end + 1 :]).decode("utf-8", "replace")
    top = parsed(f"<feed {said}>{inside}</feed>", head)
    return top if top is not None else ElementTree.Element("feed")


def _root_with(spaces: dict[str, str]) -> str:
    declared = (
        f' xmlns{":" if prefix else ""}{prefix}="{html.escape(uri)}"' for prefix, uri in spaces.items() if prefix not in ("xml", "xmlns")
    )
    return f"<r{''.join(declared)}>"


def _undeclared(text: str, head: Head) -> dict[str, str]:
    found = set(_PREFIX.findall(text[: 1 << 20])) - set(_USUAL) - set(head.spaces) - {"xml", "xmlns"}
    return {prefix: f"urn:undeclared:{prefix}" for prefix in sorted(found)[:50]}


def _mended(text: str) -> str:
    """Without what XML forbids; outside CDATA with HTML's entities as characters, and every other "&" as one."""
    text = _CONTROL.sub("", text)
    if "&" not in text:
        return text
    if "<![CDATA[" not in text:
        return _ENTITY.sub(_character, text)
    parts, done = [], 0
    for section in _SECTION.finditer(text):
        parts += [_ENTITY.sub(_character, text[done : section.start()]), section[0]]
        done = section.end()
    return "".join(parts) + _ENTITY.sub(_character, text[done:])


def _character(found: re.Match[str]) -> str:
    name = found[3]
    if name:
        meant = html.unescape(found[0])
        return f"&amp;{name};" if meant == found[0] else html.escape(meant)
    if found[1] or found[2]:
        number = int(found[1], 16) if found[1] else int(found[2])
        allowed = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
        return f"&#{number};" if allowed else ""
    return "&amp;"


def _short(tag: object) -> str:
    if not isinstance(tag, str):
        return ""
    uri, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    return SPACES.get(uri, "other:") + name if uri else name


def _named(element: ElementTree.Element) -> ElementTree.Element:
    for each in element.iter():
        if not isinstance(each.tag, str) or each.tag[0] == "{":
            each.tag = _short(each.tag)
        if each.attrib and any(key[0] == "{" for key in each.attrib):
            each.attrib = {_short(key): value for key, value in each.attrib.items()}
    return element
