"""How rows and findings are written as lists: `table` for people, `markdown` for pages, `json`, `csv` and `ndjson` for programs.

Takes   flat records of one kind: msgspec structs, frozen dataclasses or mappings; findings are recognised and get their own table.
Gives   `json` and `ndjson` hold every field, as it is; `csv` too, with lists as JSON in it, and
        `markdown`; `table` what fits, written as in the report.
"""

import csv
import dataclasses
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import IO, Any, Literal, get_args

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kring.errors import UsageError
from kring.schema import Finding
from kring.show.values import count, duration, figure, moment, part, plain, reserve, rests_on, title, unsaid

Format = Literal["table", "json", "csv", "ndjson", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheets (OWASP, "CSV Injection")."""
_WORDS = ("community_words",)
"""Figures whose series are words to be read, not a curve."""
_MARKS = re.compile(r"[\\`*_\[\]<>|]")
"""What Markdown takes for more than a character."""

_NOT_AMOUNTS = ("id", "run", "row", "year", "seed", "number")


def write(rows: Iterable[Any], format: str, stream: IO[str], *, width: int | None = None, empty: str = "Nothing found.") -> int:
    """Writes all rows and gives how many there were; only `table` needs them all in memory.

    Fails   UsageError if there is no such format.
    """
    if format not in FORMATS:
        raise UsageError(f"There is no format {format!r}.", next=f"Choose one of: {', '.join(FORMATS)}.")
    counted = _Counted(rows)
    if format == "table":
        _table(counted, stream, width, empty)
    else:
        {"json": _json, "csv": _csv, "ndjson": _ndjson, "markdown": _markdown}[format](counted, stream)
    return counted.n


class _Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows, self.n = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.n += 1
            yield row


def record(row: Any) -> dict[str, Any]:
    """A row as a plain mapping with all of its fields, in their order."""
    if isinstance(row, Mapping):
        return dict(row)
    if isinstance(row, msgspec.Struct):
        return {name: getattr(row, name) for name in row.__struct_fields__}
    if dataclasses.is_dataclass(row):
        return {each.name: getattr(row, each.name) for each in dataclasses.fields(row)}
    raise TypeError(f"{type(row).__name__} is not a flat record")


def _json(rows: Iterable[Any], stream: IO[str]) -> None:
    """A JSON list, one row a line, so that a long list streams too."""
    before = "[\n"
    for row in rows:
        stream.write(before + msgspec.json.encode(record(row)).decode())
        before = ",\n"
    stream.write("[]\n" if before == "[\n" else "\n]\n")


def _ndjson(rows: Iterable[Any], stream: IO[str]) -> None:
    for row in rows:
        stream.write(msgspec.json.encode(record(row)).decode() + "\n")


def _csv(rows: Iterable[Any], stream: IO[str]) -> None:
    """Header from the first row's fields; numbers unrounded, None an empty cell; a word that a spreadsheet would run gets a ' in front."""
    writer = csv.writer(stream, lineterminator="\n")
    names: list[str] = []
    for row in rows:
        fields = record(row)
        if not names:
            names = list(fields)
            writer.writerow(names)
        writer.writerow([csv_cell(fields.get(name)) for name in names])


def _markdown(rows: Iterable[Any], stream: IO[str]) -> None:
    """A table of GitHub's Markdown, with a heading for each field; words stay words, whatever they hold."""
    names: list[str] = []
    for row in rows:
        fields = record(row)
        if not names:
            names = list(fields)
            stream.write(_markdown_line(map(title, names)) + _markdown_line("---" for _ in names))
        cells = (value if isinstance(value := fields.get(name), str) else str(csv_cell(value)) for name in names)
        stream.write(_markdown_line(_MARKS.sub(r"\\\g<0>", " ".join(plain(cell).split())) for cell in cells))


def _markdown_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def csv_cell(value: Any) -> Any:
    """A value as a cell of a CSV that a spreadsheet may open."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.lstrip("'").startswith(_RISKY) else value  # with the apostrophes that stood there, it can be undone
    if isinstance(value, int | float):
        return value
    return msgspec.json.encode(value).decode() if value != () else ""


def _table(rows: Iterable[Any], stream: IO[str], width: int | None, empty: str) -> None:
    iterator = iter(rows)
    first = list(islice(iterator, 1))
    if not first:
        stream.write(f"{empty}\n")
        return
    everything = chain(first, iterator)
    console = Console(file=stream, width=width, highlight=False)
    if isinstance(first[0], Finding):
        findings = list(everything)
        console.print(_of_findings(findings))
        console.print(Text(_how(findings)), soft_wrap=False)
    else:
        console.print(_of_records([record(row) for row in everything]))


def _of_findings(findings: Sequence[Finding]) -> Table:
    """A figure a line: its name, value with interval, what it rests on, and the number under which `_how` says how it was found."""
    parts = any(each.by for each in findings)
    ways = _ways(findings)
    table = _plain_table("Figure", *(["Of"] if parts else []), "Value", "Rests on", "How")
    for each in findings:
        shown = _listed(each) or _value(each)
        table.add_row(*map(_cell, [title(each.name), *([part(each)] if parts else []), shown, rests_on(each), f"[{ways[_way(each)]}]"]))
    return table


def _listed(finding: Finding) -> str:
    """A series in a cell: words as they are, of anything else how long it is."""
    if finding.name in _WORDS:
        return ", ".join(str(word) for word, _ in finding.series)
    return f"{count(len(finding.series))} points: see --format json" if finding.series else ""


def _value(finding: Finding) -> str:
    """A figure, or that it isn't said; why not stands once under the table, for all those of which it is so."""
    return unsaid(finding) if finding.value is None else figure(finding)


def _way(finding: Finding) -> str:
    """How a figure was found, and with what reserve; or why it isn't said."""
    if finding.value is None and finding.warning:
        return f"{unsaid(finding)}: {reserve(finding)}."
    return f"{finding.method or 'counted'}.{f' Note: {finding.warning}.' if finding.warning else ''}"


def _ways(findings: Sequence[Finding]) -> dict[str, int]:
    return {way: number for number, way in enumerate(dict.fromkeys(map(_way, findings)), 1)}


def _how(findings: Sequence[Finding]) -> str:
    """Under the figures: each way in which some of them were found, once, and what all of them rest on."""
    boundaries = [f"Seen: {boundary}." for boundary in dict.fromkeys(each.boundary for each in findings if each.boundary)]
    opened = ", ".join(dict.fromkeys(each.name for each in findings if each.rows_of and each.value and not each.by))
    rows = [f"The rows behind a figure: --rows NAME, where NAME is one of {opened}."] if opened else []
    return "\n".join(["", *(f"[{number}] {way}" for way, number in _ways(findings).items()), *boundaries, *rows])


def _of_records(rows: Sequence[dict[str, Any]]) -> Table:
    names = list(rows[0])
    numbers = {name for name in names if any(isinstance(row.get(name), int | float) for row in rows)}
    table = _plain_table()
    for name in names:
        heading = title(name.removesuffix("_s").removesuffix("_at"))
        table.add_column(heading, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_named_cell(name, row.get(name)) for name in names))
    return table


def _plain_table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _named_cell(name: str, value: Any) -> Text:
    """A cell in the unit its name says: `_s` seconds, `at` and `_at` UTC microseconds, `id` and the like a plain number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if name == "at" or name.endswith("_at"):
            return Text(moment(int(value)))
        if name.endswith("_s"):
            return Text(duration(value))
        if name in _NOT_AMOUNTS:
            return Text(str(value))
    return _cell(value)


def _cell(value: Any) -> Text:
    """A cell's words: never read as markup, on one line, without what would steer the terminal."""
    if value is None:
        return Text("")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, int):
        return Text(count(value))
    if isinstance(value, float):
        return Text(f"{value:.6g}")
    if not isinstance(value, str):
        value = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return Text(plain(value))


def text(rows: Iterable[Any], format: str, *, width: int | None = None) -> str:
    """The same as `write`, as a string."""
    stream = io.StringIO()
    write(rows, format, stream, width=width)
    return stream.getvalue()
