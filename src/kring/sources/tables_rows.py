"""The rows of a plain table as text, whatever it is written in: CSV, a JSON object a line, Parquet, or the sheets of an Excel workbook."""

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO, cast

import msgspec

from kring.sources.mending import decoded
from kring.sources.tables_sheets import Broken, Workbook
from kring.wire import Page, lines, rows, text_encoding

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEADER_WITHIN = 10
"""A header stands in the first rows; before it there may be a title or a note."""
_SIGNS = ",;\t|"
_BATCH = 8_192
_CHUNK = 1 << 20
_IN_MEMORY = 64 * 1024 * 1024
_SEPARATOR = re.compile(rb"(?:\xef\xbb\xbf)?sep=(.)\r?\n")
"""What Excel writes and reads as a first line, to say what stands between cells."""
_things = msgspec.json.Decoder(dict[str, Any])
_encode = msgspec.json.Encoder().encode
WORKBOOK = re.compile(r"^(.*\.xlsx)/", re.IGNORECASE)
"""The workbook that a page is a part of: `unpack` takes it apart."""


class Row(msgspec.Struct, frozen=True):
    """A row below the header. `lost` says why it, or the rest of the table, can't be read; then it has no cells."""

    number: int
    cells: list[str]
    raw: bytes = b""
    lost: str = ""


class Table(msgspec.Struct, frozen=True):
    """A table, its header and its rows. `where` names it, `line` what its rows are called."""

    where: str
    page: Page
    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    line: str = "line"


def tables_of(pages: Sequence[Page]) -> Iterator[Table]:
    """The tables in these pages: one a file, one a sheet of a workbook. One without a header has an empty one."""
    books: dict[str, list[Page]] = {}
    for page in pages:
        if book := WORKBOOK.match(page.name):
            books.setdefault(book[1], []).append(page)
        elif page.head.startswith(b"PAR1"):
            yield _parquet(page)
        elif is_json_lines(page.head):
            yield _json_lines(page)
        else:
            yield _csv(page)
    for name, parts in books.items():
        yield from _workbook(name, parts)


# ---- CSV ----------------------------------------------------------------------------------------------------------------------------------


def _csv(page: Page) -> Table:
    encoding = text_encoding(page.head)
    delimiter = delimiter_of(page.head, encoding)
    first, header = header_of(_head_rows(page.head, encoding, delimiter))

    def given() -> Iterator[Row]:
        for number, row in rows(page, encoding=encoding, delimiter=delimiter):
            if number > first and not row:
                yield Row(number, [], lost="This line can't be read as cells; the rest was read.")
            elif number > first and any(map(str.strip, row)):
                yield Row(number, row)

    return Table(page.name, page, header, given)


def delimiter_of(head: bytes, encoding: str) -> str:
    """What stands between cells: as the file says, else what makes the most of the first rows equally wide."""
    if found := _SEPARATOR.match(head):
        return found[1].decode("latin-1")
    return max(_SIGNS, key=lambda sign: _evenness(head, encoding, sign))


def _evenness(head: bytes, encoding: str, sign: str) -> int:
    widths = Counter(len(row) for _, row in _head_rows(head, encoding, sign) if len(row) > 1)
    return max((n * width for width, n in widths.items()), default=0)


def _head_rows(head: bytes, encoding: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows."""
    text = head.decode(encoding, "replace").replace("\0", "\ufffd").removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        found.extend((reader.line_num, row) for row in islice(reader, 2 * _HEADER_WITHIN))
    return found


def header_of(some: Sequence[tuple[int, list[str]]]) -> tuple[int, tuple[str, ...]]:
    """The first row that is as wide as those below it, and where it stands; (0, ()) if there is none."""
    wide = [sum(bool(cell.strip()) for cell in row) for _, row in some]
    for k, (number, row) in enumerate(some[:_HEADER_WITHIN]):
        names = [cell.strip() for cell in row]
        if wide[k] >= 2 and wide[k] >= max(wide[k : k + _HEADER_WITHIN]) / 2 and not any(len(name) > 100 or "\n" in name for name in names):
            return number, tuple(names)
    return 0, ()


# ---- a JSON object a line -------------------------------------------------------------------------------------------------------------------


def is_json_lines(head: bytes) -> bool:
    """The first line is an object, whole."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return first.startswith(b"{") and decoded(_things, first)[0] is not None


def _json_lines(page: Page) -> Table:
    names: dict[str, None] = {}
    for line in page.head.removeprefix(b"\xef\xbb\xbf").splitlines()[:100]:
        thing, _ = decoded(_things, line)
        names |= dict.fromkeys(name for name, _ in _flat(thing or {}))
    header = tuple(names)

    def given() -> Iterator[Row]:
        for piece in lines(page):
            raw = piece.raw.removeprefix(b"\xef\xbb\xbf")
            if not raw.strip():
                continue
            thing, _ = decoded(_things, raw) if piece.whole else (None, False)
            if thing is None:
                why = "This line is longer than 64 MiB." if piece.too_long else "This line is broken and was left out; the rest was read."
                yield Row(piece.number, [], raw[:4096], why)
            else:
                flat = dict(_flat(thing))
                yield Row(piece.number, [flat.get(name, "") for name in header], raw)

    return Table(page.name, page, header, given)


def _flat(thing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values; what is inside an object is called by both names: "user.name"."""
    for name, value in thing.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", text_of(each)) for inner, each in value.items())
        else:
            yield name, text_of(value)


def text_of(value: Any) -> str:
    """A value as a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    try:
        return _encode(value).decode()
    except (TypeError, UnicodeEncodeError, ValueError):
        return str(value)


# ---- Parquet --------------------------------------------------------------------------------------------------------------------------------


def _parquet(page: Page) -> Table:
    from arro3.io import read_parquet

    def opened() -> tuple[Any, BinaryIO]:
        stream = _seekable(page)
        try:
            return _calm(lambda: read_parquet(stream, batch_size=_BATCH)), stream
        except Broken:
            stream.close()
            raise

    def given() -> Iterator[Row]:
        number = 0
        try:
            reader, stream = opened()
        except Broken:
            return
        with stream:
            columns = range(len(reader.schema))
            while True:
                try:
                    batch = _calm(reader.read_next_batch)
                    cells = [_texts(batch.column(k)) for k in columns] if batch is not None else []
                except Broken:
                    yield Row(number + 1, [], lost="The file is damaged from here on; what stood before was kept.")
                    return
                if batch is None:
                    return
                for row in zip(*cells):
                    number += 1
                    yield Row(number, list(row))

    try:
        reader, stream = opened()
    except Broken:
        return Table(page.name, page, (), lambda: iter([Row(0, [], lost="This is a damaged Parquet file.")]), "row")
    with stream:
        header = tuple(field.name for field in reader.schema)
    return Table(page.name, page, header, given, "row")


def _calm(what: Callable[[], Any]) -> Any:
    """Where the Rust beneath panics, outside the tree of `Exception`, this ends calmly; None at the end."""
    try:
        return what()
    except StopIteration:
        return None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise Broken from None


def _seekable(page: Page) -> BinaryIO:
    stream = page.open()
    if stream.seekable():
        return stream
    with stream as source:
        spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
        while chunk := source.read(_CHUNK):
            spool.write(chunk)
    spool.seek(0)
    return spool


def _texts(column: Any) -> list[str]:
    from arro3.core import DataType

    if DataType.is_timestamp(column.type) or DataType.is_date(column.type):
        utc = DataType.is_timestamp(column.type) and column.type.tz is not None
        micro = _calm(lambda: column.cast(DataType.timestamp("us", tz="UTC" if utc else None)).cast(DataType.int64()).to_pylist())
        return ["" if at is None else _iso(at, utc) for at in micro]
    return [text_of(value) for value in _calm(column.to_pylist)]


def _iso(at: int, utc: bool) -> str:
    try:
        time = _EPOCH + timedelta(microseconds=at)
    except OverflowError:
        return str(at)
    return time.isoformat() if utc else time.replace(tzinfo=None).isoformat()


# ---- Excel ----------------------------------------------------------------------------------------------------------------------------------


def _workbook(name: str, parts: list[Page]) -> Iterator[Table]:
    book = Workbook(parts)
    sheets = book.sheets()
    if book.broken or not sheets:
        why = "Parts of this workbook are damaged." if sheets else "There is no sheet in this workbook."
        yield Table(name, parts[0], (), lambda: iter([Row(0, [], lost=why)]), "row")
    for title, page in sheets:
        yield _sheet(f"{name}, sheet {title}", book, page)


def _sheet(where: str, book: Workbook, page: Page) -> Table:
    some: list[tuple[int, list[str]]] = []
    with suppress(Broken):
        for row in book.rows(page):
            some.append(row)
            if len(some) >= _HEADER_WITHIN:
                break
    first, header = header_of(some)

    def given() -> Iterator[Row]:
        last = first
        try:
            for number, cells in book.rows(page):
                last = number
                if number > first:
                    yield Row(number, cells[: len(header)])
        except Broken:
            yield Row(last + 1, [], lost="The sheet breaks off here; what stood before was kept.")

    return Table(where, page, header, given, "row")
