"""Cuts `<row A="…" B="…"/>` elements out of an XML page, one at a time, without an XML parser: a broken row costs that row only.

A value never holds a bare `<` (XML 1.0, section 2.3), so each row ends where the next begins, whether rows stand on lines or not. Entities
that a file defines itself are never expanded, so a bomb made of them is only text.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from kring.wire import LONGEST_RECORD, Page, Piece, text_encoding

_START = re.compile(rb"<row(?=[\s/>])")
_ROW = re.compile(r'<row((?:\s++[\w:.-]++\s*+=\s*+"[^"<]*+")*+)\s*+/?>(?:\s*+</row>)?\s*+')
_ATTRIBUTE = re.compile(r'([\w:.-]++)\s*+=\s*+"([^"]*+)"')
_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_CHUNK = 1 << 20


def pieces(page: Page, *, longest: int = LONGEST_RECORD) -> Iterator[Piece]:
    """First, as number 0, what stands before the rows; then each row with all that follows it up to the next one.

    Gives   bytes as they stand in the page (UTF-16 as UTF-8). One that is too long comes cut, marked `too_long`; the next is found again.
    Costs   one pass; memory for the longest row.
    """
    with page.open() as stream:
        number, buffer, searched, too_long = 0, b"", 0, False
        for chunk in chunks(stream, text_encoding(page.head)):
            buffer += chunk
            done = 0
            while found := _START.search(buffer, searched):
                yield _piece(number, buffer[done : found.start()], too_long)
                number, done, searched, too_long = number + 1, found.start(), found.start() + 1, False
            buffer = buffer[done:]
            searched = max(1 if number else 0, len(buffer) - len("<row"))
            if len(buffer) > longest:
                buffer, too_long, searched = buffer[:4096] + buffer[-4:], True, 4096
        yield _piece(number, buffer, too_long)


def chunks(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The bytes of a stream as they come; UTF-16 as UTF-8, so that a `<` is one byte everywhere."""
    if not encoding.startswith("utf-16"):
        while chunk := stream.read(_CHUNK):
            yield chunk
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk).encode("utf-8", "replace")


def _piece(number: int, raw: bytes, too_long: bool) -> Piece:
    return Piece(number, raw[:4096], whole=False, too_long=True) if too_long else Piece(number, raw)


def row(text: str) -> tuple[dict[str, str], str] | None:
    """The attributes of the row that a text begins with, still escaped, and what stands behind it; None if it is broken."""
    found = _ROW.match(text)
    return (dict(_ATTRIBUTE.findall(found[1])), text[found.end() :]) if found else None


def unescaped(value: str) -> str:
    """An attribute's value as it was meant: the five entities that XML knows and characters by number, no others; NUL is left out."""
    if "&" not in value:
        return value
    value = value.replace("&#xA;", "\n").replace("&#xD;", "\r").replace("&#x9;", "\t")
    if "&#" in value:
        value = _NUMBER.sub(lambda found: _character(int(found[1], 16) if found[1] else int(found[2])), value)
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")


def _character(number: int) -> str:
    return "" if number == 0 else "\ufffd" if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)
