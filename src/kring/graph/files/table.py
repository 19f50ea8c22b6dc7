"""Networks as tables: edge lists with or without a header, and CSV as Gephi, SNAP and KONECT write it.

Documented at https://gephi.org/users/supported-graph-formats/csv-format/ (Source, Target, Type, Weight, Label), http://konect.cc/networks/
("% sym weighted", then source, target, weight, time) and https://snap.stanford.edu/data/ ("# FromNodeId ToNodeId").

The layout is decided from the first 64 KiB. Where all ids there are whole numbers, a compiled kernel reads the lines (`numbers`), and only
the odd ones come through here.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kring.errors import ReadError
from kring.graph.files.gathered import Complaints, Ties, instant, weighed
from kring.graph.files.streams import HEAD_BYTES, Open, encoding_of, head_of, text_lines

ROLES = {
    "source": "source from src fromid fromnodeid sourceid sender follower user1 node1 id1 ego",
    "target": "target to dst dest destination toid tonodeid targetid receiver recipient followee followed user2 node2 id2 alter",
    "weight": "weight value count n frequency strength",
    "rating": "rating vote",
    "sign": "sign",
    "at": "time timestamp at date datetime createdat unixtime first firstat start",
    "last": "last lastat end",
    "type": "type",
}
"""What the columns of ties are called in the wild, small letters and digits only."""
_ROLE_OF = {name: role for role, names in ROLES.items() for name in names.split()}
_EXAMPLE = "--columns source=follower,target=followed,at=since"
_SIGNS = {"+": 1.0, "-": -1.0, "positive": 1.0, "negative": -1.0}
_COMMENT = re.compile(r"\s*(%|//|#)")
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_LONGEST_CELL_LINES = 100
MOST_UNFIT, _LEAST_UNFIT = 0.25, 10
"""A table of which more than this share of lines, and so many at least, hold no tie is none: it is told and not read."""
_SHOWN = 3
MOST_ODD = 0.05
"""In a file of numbers, at most this share of lines may be odd; with more, its ids are words."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: which column is what."""

    delimiter: str
    """"" for any white space."""
    columns: dict[str, int]
    """Column number by role: source, target, and where there are any weight, rating, sign, at, last, type."""
    width: int
    header: bool = False
    numbers: bool = False
    """All ids are whole numbers."""
    directed: bool | None = None
    """As the file says; None where it doesn't."""
    unused: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    quoted: bool = False
    names: tuple[str, ...] = field(default=())


def layout_of(open: Open, name: str = "The file", wanted: Mapping[str, str] | None = None) -> Layout | None:
    """The layout of a table of ties, from its head; None where there is no line with two cells. `wanted`: columns as the user names them.

    Fails   ReadError where there is no such column, or it is no table of ties: too many lines in the head don't fit.
    """
    head = head_of(open)
    encoding = encoding_of(head)
    sample = [line for _, line in text_lines(lambda: io.BytesIO(head), encoding) if line is not None]
    if len(head) >= HEAD_BYTES:
        sample = sample[:-1] or sample
    comments = [line for line in sample if is_comment(line)]
    lines = [line for line in sample if line.strip() and not is_comment(line)] or [line[1:] for line in comments if line.startswith("#")]
    delimiter, width = delimiter_of(lines)
    if width < 2:
        return None
    rows = [cells for line in lines if len(cells := split(line, delimiter)) == width]
    named = bool(rows and wanted and set(wanted.values()) & set(rows[0]))
    names = tuple(rows[0]) if named else _header(rows, name) or (_header_in(comments, delimiter, width) if rows else None)
    header = names is not None and names == tuple(rows[0])
    columns = columns_named(names) if names else _guessed(rows)
    if wanted:
        columns = chosen(columns, names or [str(k + 1) for k in range(width)], wanted, name)
    data = rows[header:]
    ends = [row[columns[end]] for row in data for end in ("source", "target")]
    whole = sum(is_whole(end) for end in ends)
    layout = Layout(
        delimiter=delimiter,
        columns=columns,
        width=width,
        header=header,
        numbers=bool(ends)
        and whole >= (1 - MOST_ODD) * len(ends)
        and not {"type", "last"} & set(columns)
        and encoding == "utf-8-sig"
        and b'"' not in head,
        directed=_said_directed(comments),
        unused=tuple(name for k, name in enumerate(names or ()) if k not in columns.values()),
        encoding=encoding,
        quoted=b'"' in head,
        names=names or (),
    )
    _refuse_unfit(sample, layout, name)
    return layout


def _refuse_unfit(sample: list[str], layout: Layout, name: str) -> None:
    """Fails with a ReadError where many lines of the sample hold no tie: a chat or a story would make a network that means nothing."""
    complaints, n = Complaints(name), 0
    head = "\n".join(sample).encode("utf-8", "surrogateescape")
    for number, cells in rows(lambda: io.BytesIO(head), replace(layout, encoding="utf-8"), complaints):
        n += 1
        if isinstance(why := tie_of(cells, layout), str):
            complaints.add(number, why)
    if complaints.lines < _LEAST_UNFIT or complaints.lines <= MOST_UNFIT * n:
        return
    first = " ".join(f"Line {each.where.rpartition(' ')[2]}: {each.why}" for each in complaints.told[:_SHOWN])
    raise ReadError(
        f"{name} doesn't look like ties: {complaints.lines} of its first {n} lines don't fit. {first}",
        next="If it is a chat or another export, use `kring import`. If it holds ties, put two columns on each line, source and target.",
    )


def unused_told(names: Sequence[str], complaints: Complaints) -> None:
    """Tells which columns are not used, if any."""
    if names:
        complaints.add(0, f"These columns are not used: {', '.join(names)}.", kind="skipped", n=len(names))


def read_ties(open: Open, layout: Layout, complaints: Complaints) -> tuple[Ties, bool | None]:
    """All ties of a table, with ids as they stand there, and whether they are directed as far as the file says."""
    ties = Ties()
    kinds: Counter[str] = Counter()
    for number, cells in rows(open, layout, complaints):
        one = tie_of(cells, layout)
        if isinstance(one, str):
            complaints.add(number, one, "Mend the line, or leave it.", raw=layout.delimiter.join(cells).encode())
            continue
        at = one[4]
        if "at" in layout.columns and at is None and cells[layout.columns["at"]].strip():
            complaints.add(
                number, f"The time {cells[layout.columns['at']]!r} is not understood; the tie is kept without it.", kind="implausible-time"
            )
        kind = cells[layout.columns["type"]].strip().lower() if "type" in layout.columns else ""
        kinds[kind] += bool(kind)
        ties.tie(*one, instant(cells[layout.columns["last"]]) if "last" in layout.columns else None, both_ways=kind == "undirected")
    if not kinds.total():
        return ties, layout.directed
    return ties, kinds["undirected"] < kinds.total()


def tie_of(cells: list[str], layout: Layout) -> tuple[str, str, float | None, int | None, int | None] | str:
    """Source, target, weight, sign and time of a row; or in a sentence why there is no tie in it."""
    if len(cells) != layout.width and (len(cells) <= max(layout.columns.values()) or any(cells[layout.width :])):
        return f"There are {len(cells)} columns here, and {layout.width} on the other lines."
    source, target = cells[layout.columns["source"]], cells[layout.columns["target"]]
    if not source or not target:
        return "One end of the tie is missing."
    strength: dict[str, float | None] = {"weight": None, "rating": None, "sign": None}
    for role in strength:
        text = cells[layout.columns[role]].strip() if role in layout.columns else ""
        if text:
            strength[role] = _number(text, layout.delimiter)
            if strength[role] is None:
                return f"The {role} {text!r} is not a number."
    weight, sign = weighed(**strength)
    at = instant(cells[layout.columns["at"]]) if "at" in layout.columns else None
    return source, target, weight, sign, at


def rows(open: Open, layout: Layout, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row after the header; comments and empty lines left out. A quoted cell may hold line ends."""
    waiting: deque[tuple[int, str]] = deque()
    stream = text_lines(open, layout.encoding)
    first = layout.header

    def next_line() -> tuple[int, str] | None:
        if waiting:
            return waiting.popleft()
        for number, line in stream:
            if line is not None:
                return number, line
            complaints.add(number, "The line is longer than 64 MiB.", kind="too-large")
        return None

    while numbered := next_line():
        number, line = numbered
        if is_remark(line, layout):
            continue
        if '"' in line and layout.delimiter:
            taken: list[tuple[int, str]] = []
            while _is_open(line, layout.delimiter) and len(taken) < _LONGEST_CELL_LINES and (following := next_line()):
                taken.append(following)
                line = f"{line}\n{following[1]}"
            if _is_open(line, layout.delimiter):
                waiting.extendleft(reversed(taken))
                complaints.add(number, "A quotation mark is opened here and not closed.", "Close it, or take it out.", raw=line.encode())
                continue
        cells = split(line, layout.delimiter)
        if first and (not layout.names or tuple(cells) == layout.names):
            first = False
            continue
        yield number, cells


def is_remark(line: str, layout: Layout) -> bool:
    """Nothing stands in this line, or a comment. In a table with a header and clear delimiters, "#garden,#bees" is a tie and not a comment."""
    return not line.strip() or (is_comment(line) and not _is_hashtag(line, layout))


def split(line: str, delimiter: str) -> list[str]:
    """The cells of one row."""
    if '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)] if delimiter else line.split()
    if not delimiter:
        return next(csv.reader([" ".join(line.split())], delimiter=" "))
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return [line]


def _is_open(line: str, delimiter: str) -> bool:
    """Does a quoted cell begin in this text and not end in it?"""
    position = 0
    while True:
        while line.startswith(" ", position):
            position += 1
        if line.startswith('"', position):
            position = _quote_end(line, position + 1)
            if position < 0:
                return True
        found = line.find(delimiter, position)
        if found < 0:
            return False
        position = found + len(delimiter)


def _quote_end(line: str, position: int) -> int:
    """Where a quoted cell ends ("" stands for a quotation mark); -1 if it doesn't."""
    while (end := line.find('"', position)) >= 0:
        if not line.startswith('"', end + 1):
            return end + 1
        position = end + 2
    return -1


def _is_hashtag(line: str, layout: Layout) -> bool:
    return (
        layout.header
        and bool(layout.delimiter)
        and re.match(r"#\w", line) is not None
        and len(split(line, layout.delimiter)) == layout.width
    )


def delimiter_of(lines: list[str]) -> tuple[str, int]:
    """The delimiter under which most lines have the same number of cells, and that number."""
    best = ("", 0, 0)
    for delimiter in ("\t", ";", ",", ""):
        first = split(lines[0], delimiter) if lines else []
        if {_ROLE_OF.get(_plain(name)) for name in first} >= {"source", "target"}:
            return delimiter, len(first)
        widths = Counter(len(split(line, delimiter)) for line in lines[:1000])
        widths = Counter({width: times for width, times in widths.items() if width >= 2})
        if widths:
            width, times = max(widths.items(), key=lambda each: (each[1], each[0]))
            if times > best[2]:
                best = (delimiter, width, times)
    return best[0], best[1]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _header(rows: list[list[str]], file: str) -> tuple[str, ...] | None:
    """The first row where it names columns."""
    if not rows or any(_is_number(cell) for cell in rows[0]):
        return None
    first = [_plain(cell) for cell in rows[0]]
    if first[0] in ("id", "nodeid") and not any(_ROLE_OF.get(name) in ("source", "target") for name in first):
        raise ReadError(
            f"{file} is a table of people and not of ties: it has no columns Source and Target.", next="Give it beside the table of ties."
        )
    named = {_ROLE_OF.get(name) for name in first} & {"source", "target"}
    numbered = len(rows) > 1 and is_whole(rows[1][0]) and is_whole(rows[1][1])
    return tuple(rows[0]) if named or numbered else None


def _header_in(comments: list[str], delimiter: str, width: int) -> tuple[str, ...] | None:
    """The last comment where it names both ends ("# FromNodeId ToNodeId")."""
    for line in reversed(comments):
        names = split(line.lstrip("#%/ \t"), delimiter)
        if len(names) == width and {_ROLE_OF.get(_plain(name)) for name in names} >= {"source", "target"}:
            return tuple(names)
    return None


def columns_named(names: tuple[str, ...]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for k, name in enumerate(names):
        role = _ROLE_OF.get(_plain(name))
        if role and role not in columns:
            columns[role] = k
    free = [k for k in range(len(names)) if k not in columns.values()] or [0]
    if "source" not in columns:
        columns["source"] = free.pop(0)
    if "target" not in columns:
        columns["target"] = free.pop(0) if free else 1
    return columns


def chosen(columns: dict[str, int], names: Sequence[str], wanted: Mapping[str, str], file: str) -> dict[str, int]:
    """The columns with those that the user named, by name or by number from 1; what was guessed of these is forgotten.

    Fails   ReadError if there is no such column.
    """
    chosen: dict[str, int] = {}
    for role, name in wanted.items():
        if name not in names and not (name.isdecimal() and 1 <= int(name) <= len(names)):
            raise ReadError(f"{file} has no column {name!r}.", next=f"It has: {', '.join(names)}.")
        chosen[role] = names.index(name) if name in names else int(name) - 1
    kept = {role: k for role, k in columns.items() if k not in chosen.values() or role in ("source", "target")}
    return {**kept, **chosen}


def columns_said(text: str) -> dict[str, str]:
    """The columns in "source=from,target=to,time=when", by role; a role may be called as a column in the wild would be.

    Fails   ReadError where it is nothing like that, or there is no such role.
    """
    said: dict[str, str] = {}
    for part in filter(str.strip, text.split(",")):
        role, is_one, name = (each.strip() for each in part.partition("="))
        if not (is_one and name):
            raise ReadError(f"{text!r} doesn't say what the columns are.", next=f"Say for example: {_EXAMPLE}")
        if _plain(role) not in _ROLE_OF:
            raise ReadError(f"A column of ties can't be {role!r}.", next=f"It can be: {', '.join(ROLES)}. For example: {_EXAMPLE}")
        said[_ROLE_OF[_plain(role)]] = name
    return said


def _guessed(rows: list[list[str]]) -> dict[str, int]:
    """Without names: two ends first; then what looks like a time is one, what goes below zero is a rating, other numbers are weights."""
    columns = {"source": 0, "target": 1}
    for k in range(2, len(rows[0]) if rows else 2):
        values = [row[k] for row in rows if row[k].strip()]
        if not values:
            continue
        if all(_is_time(value) for value in values):
            columns.setdefault("at", k)
        elif all(_is_number(value) for value in values) and not {"weight", "rating"} & set(columns):
            columns["rating" if any(float(value) < 0 for value in values) else "weight"] = k
    return columns


def _said_directed(comments: list[str]) -> bool | None:
    """What the comments of KONECT ("% asym …") and SNAP ("# Undirected graph …") say of direction."""
    for line in comments:
        words = line.lower().lstrip("%#/ ").split()
        if line.startswith("%") and words and words[0] in ("sym", "asym", "bip"):
            return words[0] != "sym"
        if len(words) > 1 and words[0] in ("directed", "undirected") and words[1].startswith(("graph", "network")):
            return words[0] == "directed"
    return None


def is_comment(line: str) -> bool:
    """Lines that begin with #, % or // are remarks."""
    return _COMMENT.match(line) is not None


def is_whole(text: str) -> bool:
    """A whole number that is written in one way only: "007" is a word."""
    return _WHOLE.fullmatch(text.strip()) is not None


def _is_number(text: str) -> bool:
    return _number(text, "") is not None


def _is_time(text: str) -> bool:
    """Seconds since 1970 between 1973 and 2100, or milliseconds, or a date in letters."""
    try:
        number = float(text)
    except ValueError:
        return instant(text) is not None
    return 1e8 <= number <= 4.1e9 or 1e11 <= number <= 4.1e12


def _number(text: str, delimiter: str) -> float | None:
    text = text.strip()
    if text.lower() in _SIGNS:
        return _SIGNS[text.lower()]
    try:
        number = float(text.replace(",", ".") if delimiter in (";", "\t") else text)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
