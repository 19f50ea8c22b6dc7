"""The tables that `kring export` writes (CSV, Excel, Parquet), read back as the records they were; a table is known by its columns, which are a record's.

A CSV and a Parquet file hold all of it. Excel holds no time finer than a second, no number of more than 15 digits and no cell of more than 32,767 letters.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec

from kring.schema import Item, Membership, Note, Record, Scope, Unread
from kring.sources.kring import given
from kring.sources.losses import Losses
from kring.sources.tables_rows import Table

_OF: dict[tuple[str, ...], type[Record]] = {each.__struct_fields__: each for each in get_args(Record)}
_UNSAID: dict[type[Record], dict[str, str]] = {
    kind: {each.name: "" for each in msgspec.structs.fields(kind) if each.required and each.type is str}
    for kind in (*get_args(Record),)
    if kind is not Membership
}
"""What an empty cell means where a record needs something: nobody knows who did it."""
_TIMES = frozenset(("at", "edited_at", "since", "until"))
_LISTS = frozenset(("flags", "mentions", "tags", "media"))
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
"""A cell of a CSV that a spreadsheet would run has an apostrophe in front (`show.tables`)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ABOUT = ", sheet about"
_AGAIN = "Export it again from the circle that it left; .ndjson is the safest."
_encode = msgspec.json.Encoder().encode


def is_own(header: Sequence[str]) -> bool:
    """Whether these are the columns of a table that Kring writes."""
    return tuple(header) in _OF


def is_about(table: Table) -> bool:
    """The sheet of such a workbook that tells people what is in it."""
    return table.where.endswith(_ABOUT)


def read(table: Table, losses: Losses) -> Iterator[Item | Unread | Note]:
    """Row by row, as it left."""
    yield Note(where=table.where, text="A table of Kring's own export: its records come back as they were.")
    for row in table.rows():
        where = f"{table.where}, {table.line} {row.number}"
        cells = {name: cell for name, cell in zip(table.header, row.cells) if cell}
        raw = row.raw or _encode(cells)
        try:
            record = None if row.lost else _record(table, cells)
        except (ValueError, OverflowError, msgspec.ValidationError, msgspec.DecodeError):
            record = None
        if record is None:
            yield from losses.each(Unread(where=where, why=row.lost or "This is no record that Kring knows.", next=_AGAIN, raw=raw[:4096]))
        else:
            yield from given(where, raw, record, (), losses)


def _record(table: Table, cells: dict[str, str]) -> Record:
    kind = _OF[table.header]
    if kind in (Membership, Scope):  # the same columns: who belongs somewhere has both, what is here whole is one of them
        kind = Membership if "account" in cells and "place" in cells else Scope
    guarded = table.line == "line"
    said = {name: _value(name, cell, guarded) for name, cell in cells.items()}
    return msgspec.convert(_UNSAID.get(kind, {}) | said, kind, strict=False)


def _value(name: str, cell: str, guarded: bool) -> Any:
    if name in _TIMES:
        time = datetime.fromisoformat(cell)
        return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)
    if name in _LISTS:
        words = msgspec.json.decode(cell)
        return [msgspec.json.decode(word) if isinstance(word, str) else word for word in words] if name == "media" else words
    return cell[1:] if guarded and _GUARDED.match(cell) else cell
