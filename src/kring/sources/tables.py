"""Plain tables of posts, people or ties: CSV, a JSON object a line, Parquet, Excel workbooks (.xlsx); from any program, in any order of columns.

Documented in RFC 4180 (CSV), https://jsonlines.org, Apache Parquet and ECMA-376 (`tables_sheets`). Columns are known by their usual names in English,
Dutch and German (`tables_words`), else as the user said (`Asked.columns`). What a row's own id, author or place is called holds within the table, or
among tables that lie in one folder or archive, or that the user gave one name (`--as tables:posts:NAME`).

    posts     text, and author, time, id, title, what it replies to, thread, place, web address, score, language, tags, mentions, kind, visibility
    people    name, handle, id, kind, web address
    ties      source, target, kind (follow, like, share …), time: events between accounts
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from kring.errors import UsageError
from kring.schema import Asked, Item, Note, Unread
from kring.sources import kring_tables
from kring.sources.losses import Losses
from kring.sources.pieces import clean
from kring.sources.tables_records import Records
from kring.sources.tables_rows import WORKBOOK, Table, is_json_lines, tables_of
from kring.sources.tables_words import KINDS, ROLES, Columns, columns_of, kind_by_names
from kring.wire import Page

TITLE = "Plain table (CSV, NDJSON, Parquet, XLSX)"
READS = "posts, people or ties; columns by their usual names in English, Dutch and German, else as you say once"
LACKS = "whatever has no column; that anything is whole; ids that hold outside the table"
PROVEN = "370 comments of a video (CSV); ties with times in CSV; NDJSON, Parquet and Excel not yet"

_NEXT = "Say what its columns hold: --as tables:posts --columns author=…,text=…,at=… (or tables:people, tables:ties)."
_SURE: dict[str, float] = {"posts": 0.55, "ties": 0.5, "people": 0.45}
_PART = re.compile(r"\.xlsx/(?:\[Content_Types\]\.xml|_rels/|docProps/|customXml/|xl/)", re.IGNORECASE)
_SAMPLES = 3
_FIRST_ROWS = 200


def sniff(page: Page) -> float:
    """By the columns' names, and never surer than a network's own reader: a table could be anybody's."""
    if _PART.search(page.name):
        return 0.4
    name = page.file.lower()
    if page.head.startswith(b"PAR1"):
        return 0.4 if name.endswith((".parquet", ".pq")) else 0.2
    if not name.endswith((".csv", ".tsv", ".tab", ".txt", ".ndjson", ".jsonl", ".json")):
        return 0.0
    names = header(page)
    return _SURE["posts"] if kring_tables.is_own(names) else _SURE.get(kind_by_names(names), 0.0)


def header(page: Page) -> tuple[str, ...]:
    """The names of the columns, from the head of the page; () where the head doesn't tell (Parquet, Excel), or there are none."""
    first = page.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first in (b"", b"[", b"<") or page.head.startswith(b"PAR1") or WORKBOOK.match(page.name):
        return ()
    return () if first == b"{" and not is_json_lines(page.head) else next(tables_of([page])).header


def mapping_of(written: str) -> tuple[tuple[str, str], ...]:
    """The pairs in "author=Wie,text=Bericht, of wat"; a comma may stand in a column's name.

    Fails   UsageError if it is none, or speaks of a role that there is not.
    """
    roles = "|".join(ROLES)
    pairs = []
    for part in filter(None, re.split(rf",(?=\s*(?:{roles})\s*=)", written)):
        role, is_there, name = part.partition("=")
        if role.strip() not in ROLES or not is_there:
            raise UsageError(f'"{part.strip()}" doesn\'t say what a column holds.', next=f"Write ROLE=COLUMN; roles: {', '.join(ROLES)}.")
        pairs.append((role.strip(), name.strip()))
    return tuple(pairs)


class Surveyed(msgspec.Struct, frozen=True):
    """A table as a person sees it."""

    where: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    """Some values of each column."""


def survey(pages: Sequence[Page]) -> list[Surveyed]:
    """The columns of each table and what stands in them; empty tables and those that can't be opened are left to `read`."""
    surveyed = []
    for table in tables_of([page for page in pages if page.head.strip()]):
        if not table.header:
            continue
        samples: list[list[str]] = [[] for _ in table.header]
        for row, _ in zip(table.rows(), range(_FIRST_ROWS)):
            for some, cell in zip(samples, row.cells):
                if cell.strip() and cell not in some and len(some) < _SAMPLES:
                    some.append(cell)
        surveyed.append(Surveyed(table.where, table.header, tuple(map(tuple, samples))))
    return surveyed


def columns(header: Sequence[str], said: Sequence[tuple[str, str]], asked: Asked) -> Columns:
    """What is known of the columns of a table, with what was said of them."""
    return columns_of(header, said, _said(asked)[0])


def _said(asked: Asked) -> tuple[str, str]:
    """What the user called the table: its kind, and a name ("posts:Our forum")."""
    kind, _, name = asked.place.partition(":")
    return (kind, name.strip()) if kind in KINDS else ("", asked.place.strip())


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Table by table."""
    losses = Losses()
    for page in pages:
        if not page.head.strip():
            yield Unread(where=page.name, why="The file is empty.", next="Save the table again from the program that made it.")
    kind, name = _said(asked)
    tables = list(tables_of([page for page in pages if page.head.strip()]))
    own = not kind and any(kring_tables.is_own(table.header) for table in tables)
    for table in tables:
        columns = columns_of(table.header, asked.columns, kind)
        if own and kring_tables.is_own(table.header):
            yield from kring_tables.read(table, losses)
        elif own and kring_tables.is_about(table):
            continue
        elif table.header and (not columns.kind or columns.missing):
            yield _not_known(table, columns)
        elif not table.header and not columns.kind:
            yield from _without_header(table)
        else:
            yield from Records(table, columns, name or _around(table), bool(name), asked.zone, losses).read()
    yield from losses.rest()


def _around(table: Table) -> str:
    """What a table's own ids hold within: the folder or archive it lies in with others, else the table itself."""
    book = WORKBOOK.match(table.page.name)
    return (table.page.name if book is None else book[1] + "/x").rpartition("/")[0].rpartition("/")[2] or table.page.file.partition(".")[0]


def _without_header(table: Table) -> Iterator[Unread]:
    """A table of which nothing can be read, and why."""
    lost = next((row.lost for row in table.rows() if row.lost), "This is no table: no row of names stands above its columns.")
    yield Unread(
        where=table.where,
        why=lost,
        next="Save the table again, with the names of its columns in the first row.",
        raw=table.page.head[:4096],
    )


def _not_known(table: Table, columns: Columns) -> Unread:
    names = ", ".join(clean(name)[:40] for name in table.header[:20])
    why = f"What this table's columns hold is not known: {names}."
    if columns.kind == "ties" and "kind" in columns.missing:
        why = "What the ties of this table mean is not said."
        return Unread(where=table.where, why=why, next="Say it: --as tables:ties --columns kind=follow (or like, share …).", kind="unknown")
    return Unread(where=table.where, why=why, next=_NEXT, kind="unknown")
