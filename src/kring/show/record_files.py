"""Writes tables of records to files, row by row: CSV in a zip, an Excel workbook, a folder of Parquet files."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from kring.schema import Record
from kring.show.records import SHEETS, Column, Sheet, about, iso, utc, values
from kring.show.tables import csv_cell

ROWS_OF_A_SHEET, LETTERS_OF_A_CELL = 1_048_576, 32_767
"""What a sheet and a cell of Excel hold (Microsoft, "Excel specifications and limits")."""
_BATCH = 20_000
_CUT = " … (cut)"
Records = Callable[[str], Iterable[Record]]
"""The records of one kind."""


class Said(msgspec.Struct, frozen=True):
    """What the page beside the tables says first, and how many rows each table will have, by kind of record."""

    title: str
    lines: list[str]
    counts: Mapping[str, int]

    def page(self, ending: str) -> str:
        return about(self.title, self.lines, self.counts, {kind: f"{SHEETS[kind].name}{ending}" for kind in self.counts})


def write_zip(path: Path, files: Mapping[str, Iterable[bytes]]) -> None:
    """A zip with these files, each given in pieces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files.items():
            with archive.open(name, "w", force_zip64=True) as out:
                for piece in pieces:
                    out.write(piece)


def write_csv(path: Path, said: Said, records: Records) -> list[str]:
    """A zip with a CSV for each kind of record and README.txt. Gives remarks: none."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", said.page(".csv"))
        for kind in said.counts:
            sheet = SHEETS[kind]
            with (
                archive.open(f"{sheet.name}.csv", "w", force_zip64=True) as file,
                io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text,  # the mark tells Excel that it is UTF-8
            ):
                writer = csv.writer(text)
                writer.writerow([column.name for column in sheet.columns])
                offset = _offset(sheet)
                for record in records(kind):
                    row = values(record)
                    local = row[offset] if offset else None
                    writer.writerow([_csv_cell(column, cell, local) for column, cell in zip(sheet.columns, row)])
    return []


def _offset(sheet: Sheet) -> int:
    """Which column tells how far the local time is from UTC; 0 for none."""
    return next((k for k, column in enumerate(sheet.columns) if column.name == "offset_s"), 0)


def _csv_cell(column: Column, cell: Any, offset_s: int | None) -> Any:
    if column.kind == "time":
        return "" if cell is None else iso(cell, offset_s if column.name == "at" else None)
    return csv_cell(cell)


def write_xlsx(path: Path, said: Said, records: Records, spool: Path) -> list[str]:
    """A workbook with a sheet for each kind of record and one that says what is in it. Gives what Excel could not hold."""
    import xlsxwriter

    remarks: list[str] = []
    # Rows go to the disk as they come. Cells are words and numbers: nothing in them is taken for a formula or an address.
    options = {"constant_memory": True, "tmpdir": str(spool), "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        moment, bold = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}), book.add_format({"bold": True})
        page = book.add_worksheet("about")
        page.set_column(0, 0, 120)
        for row, line in enumerate([*said.page("").splitlines(), "", "Times are in UTC."]):
            page.write_string(row, 0, line)
        for kind in said.counts:
            cut = _write_sheets(book, SHEETS[kind], iter(records(kind)), moment, bold)
            if cut:
                remarks.append(f"{cut:,} cells of {SHEETS[kind].name} hold more than Excel can: they were cut and end in “{_CUT.strip()}”.")
    return remarks


def _write_sheets(book: Any, sheet: Sheet, records: Iterator[Record], moment: Any, bold: Any) -> int:
    """One sheet, and more where Excel's rows don't suffice. Gives how many cells had to be cut."""
    number = cut = 0
    rest: Record | None = next(records, None)
    while rest is not None or not number:
        number += 1
        page = book.add_worksheet(sheet.name if number == 1 else f"{sheet.name} {number}")
        page.freeze_panes(1, 0)
        for k, column in enumerate(sheet.columns):
            page.set_column(k, k, {"time": 19, "text": 28}.get(column.kind, 10))
            page.write_string(0, k, column.name, bold)
        for row in range(1, ROWS_OF_A_SHEET):
            if rest is None:
                break
            for k, (column, cell) in enumerate(zip(sheet.columns, values(rest))):
                cut += _write_cell(page, row, k, column, cell, moment)
            rest = next(records, None)
    return cut


def _write_cell(page: Any, row: int, k: int, column: Column, cell: Any, moment: Any) -> bool:
    if cell is None or cell == () or cell == "":
        return False
    if column.kind == "time":
        page.write_datetime(row, k, utc(cell).replace(tzinfo=None), moment)
    elif column.kind == "number":
        page.write_number(row, k, cell)
    elif column.kind == "flag":
        page.write_boolean(row, k, cell)
    else:
        text = cell if isinstance(cell, str) else msgspec.json.encode(cell).decode()
        if len(text) > LETTERS_OF_A_CELL:
            page.write_string(row, k, text[: LETTERS_OF_A_CELL - len(_CUT)] + _CUT)
            return True
        page.write_string(row, k, text)
    return False


def write_parquet(path: Path, said: Said, records: Records) -> list[str]:
    """A folder with a Parquet file for each kind of record and README.txt. Gives remarks: none."""
    from arro3.core import RecordBatchReader, Schema
    from arro3.io import write_parquet as write

    path.mkdir()
    (path / "README.txt").write_text(said.page(".parquet"), encoding="utf-8")
    for kind in said.counts:
        sheet = SHEETS[kind]
        schema = Schema([_field(column) for column in sheet.columns])
        failed: list[BaseException] = []
        batches = _watched(_batches(sheet, iter(records(kind)), schema), failed)
        with (path / f"{sheet.name}.parquet").open("wb") as file:
            try:
                write(RecordBatchReader.from_batches(schema, batches), file, compression="zstd(3)")
            except Exception as error:
                raise failed[0] if failed else OSError(0, str(error)) from error
    return []


def _watched(batches: Iterator[Any], failed: list[BaseException]) -> Iterator[Any]:
    """Arrow makes a plain Exception of whatever fails here, Ctrl-C too: what it was is laid aside."""
    try:
        yield from batches
    except BaseException as error:
        failed.append(error)
        raise


def _field(column: Column) -> Any:
    from arro3.core import DataType, Field

    text = DataType.utf8()
    types = {
        "text": text,
        "number": DataType.int64(),
        "time": DataType.timestamp("us", tz="UTC"),
        "flag": DataType.bool(),
        "list": DataType.list(Field("item", text)),
    }
    return Field(column.name, types[column.kind], nullable=True)


def _batches(sheet: Sheet, records: Iterator[Record], schema: Any) -> Iterator[Any]:
    from arro3.core import RecordBatch

    while some := [values(record) for record in islice(records, _BATCH)]:
        arrays = [_array(column, [row[k] for row in some], schema.field(k).type) for k, column in enumerate(sheet.columns)]
        yield RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: Column, cells: list[Any], type: Any) -> Any:
    from arro3.core import Array, DataType, list_array

    if column.kind == "time":
        return Array(cells, DataType.int64()).cast(type)
    if column.kind != "list":
        return Array(cells, type)
    offsets = [0]
    for cell in cells:
        offsets.append(offsets[-1] + len(cell))
    words = [word if isinstance(word, str) else msgspec.json.encode(word).decode() for cell in cells for word in cell]
    return list_array(Array(offsets, DataType.int32()), Array(words, DataType.utf8()), type=type)
