"""Excel workbooks (.xlsx), sheet by sheet and row by row, from the parts that a workbook is packed of; nothing is computed and no formula run.

Documented in ECMA-376 part 1 (Office Open XML), section 18.3 (sheets), 18.4 (shared strings), 18.8 (styles: which numbers are dates). Memory holds the
shared strings only. A cell far out, as in files made to do harm, costs nothing: a row is no wider than its header.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from xml.parsers.expat import ExpatError, ParserCreate

from kring.wire import Page

_CHUNK = 1 << 18
_DATES = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])
"""Numbers of the formats that every Excel has and that show a date or a time (ECMA-376 part 1, section 18.8.30)."""
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_WIDEST = 16_384
"""Columns of a sheet (Microsoft, "Excel specifications and limits")."""
_SHARED_MOST = 512 * 1024 * 1024
_CELL = re.compile(r"([A-Z]{1,3})\d")


class Broken(Exception):
    """The XML breaks off or makes no sense; what came before was given."""


def events(page: Page) -> Iterator[tuple[str, str, dict[str, str]]]:
    """("<", name, attributes), (">", name, {}) and ("=", text, {}) of an XML page; names without their namespace.

    Fails   Broken where the XML ends too early, or defines entities: no workbook does.
    """
    found: list[tuple[str, str, dict[str, str]]] = []
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: found.append(("<", name.rpartition(":")[2], attributes))
    parser.EndElementHandler = lambda name: found.append((">", name.rpartition(":")[2], {}))
    parser.CharacterDataHandler = lambda text: found.append(("=", text, {}))

    def refuse(*_: object) -> None:
        raise Broken

    parser.EntityDeclHandler = refuse
    with page.open() as stream:
        while True:
            chunk = stream.read(_CHUNK)
            failed = False
            try:
                parser.Parse(chunk, not chunk)
            except (ExpatError, Broken, ValueError):
                failed = True
            yield from found
            found.clear()
            if failed:
                raise Broken
            if not chunk:
                return


class Workbook:
    """What the sheets of a workbook share."""

    def __init__(self, parts: Iterable[Page]) -> None:
        self._parts = {_part(page): page for page in parts}
        self._strings, self._ends = bytearray(), array("Q")
        self._dates: list[str] = []
        self._epoch = datetime(1899, 12, 30)
        self._names = dict[str, str]()
        self.broken = False
        for read in (self._read_names, self._read_styles, self._read_strings):
            try:
                read()
            except Broken:
                self.broken = True

    def sheets(self) -> list[tuple[str, Page]]:
        """Names and pages of the sheets, in the order of their numbers."""
        pages = [(part, page) for part, page in self._parts.items() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        pages.sort(key=lambda each: (len(each[0]), each[0]))
        return [(self._names.get(part, part.rpartition("/")[2].removesuffix(".xml")), page) for part, page in pages]

    def rows(self, sheet: Page) -> Iterator[tuple[int, list[str]]]:
        """The rows with their numbers; empty ones are left out.

        Fails   Broken, after the last whole row.
        """
        row, number, k, kind, style, value, inside = [""], 0, -1, "", 0, "", False
        for what, name, attributes in events(sheet):
            if what == "=":
                if inside:
                    value += name
            elif what == "<":
                if name == "row":
                    number = int(attributes["r"]) if attributes.get("r", "").isdecimal() else number + 1
                    row, k = [], -1
                elif name == "c":
                    k = _column(attributes.get("r", ""), k + 1)
                    kind, value = attributes.get("t", ""), ""
                    style = int(attributes["s"]) if attributes.get("s", "").isdecimal() else 0
                inside = name in ("v", "t")
            elif name in ("v", "t"):
                inside = False
            elif name == "c" and value and k < _WIDEST:
                row.extend([""] * (k + 1 - len(row)))
                row[k] = self._cell(kind, style, value)
            elif name == "row" and any(row):
                yield number, row

    def _cell(self, kind: str, style: int, value: str) -> str:
        if kind == "s":
            return self._string(value)
        if kind == "b":
            return "true" if value == "1" else "false"
        if kind in ("str", "inlineStr", "d", "e"):
            return "" if kind == "e" else value
        shown = self._dates[style] if style < len(self._dates) else ""
        return self._date(value, shown) if shown else _number(value)

    def _string(self, index: str) -> str:
        k = int(index) if index.isdecimal() and len(index) < 12 else len(self._ends)
        if k >= len(self._ends):
            return ""
        return self._strings[self._ends[k - 1] if k else 0 : self._ends[k]].decode("utf-8", "replace")

    def _date(self, value: str, shown: str) -> str:
        """A day counted from 1900 (or 1904) as it is shown: day, time, or both, local time without a zone."""
        try:
            time = self._epoch + timedelta(seconds=round(float(value) * 86_400, 3))
        except (ValueError, OverflowError):
            return value
        if "day" not in shown or float(value) < 1:
            return time.time().isoformat(timespec="seconds")
        return time.date().isoformat() if "time" not in shown and float(value).is_integer() else time.isoformat(timespec="seconds")

    def _read_names(self) -> None:
        files = dict[str, str]()
        if rels := self._parts.get("xl/_rels/workbook.xml.rels"):
            for what, name, attributes in events(rels):
                if what == "<" and name == "Relationship":
                    target = attributes.get("Target", "")
                    files[attributes.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if book := self._parts.get("xl/workbook.xml"):
            for what, name, attributes in events(book):
                if what == "<" and name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                    self._epoch = datetime(1904, 1, 1)
                elif what == "<" and name == "sheet":
                    id = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                    self._names[files.get(id, "")] = attributes.get("name", "")

    def _read_styles(self) -> None:
        if not (styles := self._parts.get("xl/styles.xml")):
            return
        own, inside = dict[str, str](), False
        for what, name, attributes in events(styles):
            if name == "cellXfs":
                inside = what == "<"
            elif what == "<" and name == "numFmt":
                own[attributes.get("numFmtId", "")] = _shown(attributes.get("formatCode", ""))
            elif what == "<" and name == "xf" and inside:
                number = attributes.get("numFmtId", "0")
                builtin = "day time" if number.isdecimal() and int(number) in _DATES else ""
                self._dates.append(own.get(number, builtin))

    def _read_strings(self) -> None:
        if not (strings := self._parts.get("xl/sharedStrings.xml")):
            return
        inside, phonetic = False, False
        for what, name, _ in events(strings):
            if what == "=":
                if inside and len(self._strings) < _SHARED_MOST:
                    self._strings += name.encode("utf-8", "replace")
            elif name == "rPh":  # how it is spoken, beside Japanese words
                phonetic = what == "<"
            elif name == "t":
                inside = what == "<" and not phonetic
            elif name == "si" and what == ">":
                self._ends.append(len(self._strings))


def _part(page: Page) -> str:
    """The name of a part in its workbook."""
    return page.name[page.name.lower().rfind(".xlsx/") + len(".xlsx/") :]


def _column(cell: str, otherwise: int) -> int:
    """The number of a cell's column: 0 for "A7", 27 for "AB7"."""
    if not (found := _CELL.match(cell)):
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(value: str) -> str:
    """Whole numbers as people write them: Excel keeps 1234567890123456789 as 1.2345678901234568E+18."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value


def _shown(code: str) -> str:
    """What a format shows of a number: a day, a time, both, or (“”) neither."""
    letters = _LITERAL.sub("", code.partition(";")[0]).lower()
    day, time = any(letter in letters for letter in "yd"), any(letter in letters for letter in "hs") or "[h" in code.lower()
    if "general" in letters:
        return ""
    return " ".join(word for word, there in (("day", day or ("m" in letters and not time)), ("time", time)) if there)
