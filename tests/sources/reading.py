"""How a test reads: pages from bytes or files, and what a reader gives as plain JSON to lay beside the expected records."""

import io
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kring import sources
from kring.schema import Asked, Item, Note, Unread
from kring.wire import HEAD_BYTES, Page


def page(name: str, raw: bytes) -> Page:
    return Page(name=name, head=raw[:HEAD_BYTES], open=lambda: io.BytesIO(raw), size=len(raw))


def pages_under(path: Path) -> list[Page]:
    """One page for a file; for a folder every file in it, named relative to the folder's parent as `unpack` does."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return [page(str(f.relative_to(path.parent)), f.read_bytes()) for f in files]


def read(name: str, pages: Iterable[Page], **asked: str) -> tuple[list[Item], list[Unread], list[Note]]:
    """Everything a reader gives for these pages, sorted by what it is; only pages that it recognises are handed to it."""
    reader = sources.export(name)
    mine = sorted((p for p in pages if reader.sniff(p) > 0), key=lambda p: p.name)
    given = list(reader.read(mine, Asked(**asked)))
    return tuple([each for each in given if isinstance(each, kind)] for kind in (Item, Unread, Note))


def as_json(items: Iterable[Item], unreads: Iterable[Unread], notes: Iterable[Note]) -> dict:
    """What a reader gave, for a `.records.json`: records in order, losses and notes."""
    return msgspec.to_builtins(
        {
            "records": [record for item in items for record in item.records],
            "unread": [{"where": u.where, "why": u.why, "kind": u.kind, "n": u.n} for u in unreads],
            "notes": [n.text for n in notes],
        }
    )
