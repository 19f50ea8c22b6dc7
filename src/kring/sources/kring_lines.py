"""Kring's own form of an export, as it is written: the head that says what it is, a record a line (NDJSON), or the same as ActivityStreams 2.0."""

from typing import Any

import msgspec

from kring.schema import Proposed, Record
from kring.sources import kring_as2

FORM = 1
"""The form of what is written; a newer Kring may write another."""
_encode = msgspec.json.Encoder().encode


class Head(msgspec.Struct, frozen=True, kw_only=True, tag="kring", omit_defaults=True):
    """The first line: what this is and what is in it."""

    form: int = 0
    made_at: str = ""
    circle: str = ""
    text: str = ""
    """What is in it and what was left out, in sentences."""
    n: int = 0


def head_line(head: Head) -> bytes:
    """The first line of an NDJSON file."""
    return _encode(head) + b"\n"


def line(record: Record | Proposed) -> bytes:
    """A record, or what was said of people, as a line of NDJSON."""
    return _encode(record) + b"\n"


def as2_begin(head: Head) -> bytes:
    """A collection up to its first item."""
    begin: dict[str, Any] = {
        "@context": kring_as2.CONTEXT,
        "type": "OrderedCollection",
        "name": head.circle,
        "summary": head.text,
        "published": head.made_at,
        "totalItems": head.n,
        "kring:form": head.form,
    }
    return _encode(begin)[:-1] + b',"orderedItems":['


def as2_item(record: Record | Proposed, first: bool) -> bytes:
    """A record as an item of the collection, on a line of its own."""
    return (b"\n" if first else b",\n") + _encode(kring_as2.written(record))


AS2_END = b"\n]}\n"
