"""Edge lists whose ids are words, cut into cells by a compiled kernel; no string is made of an id unless its line is odd.

As with numbers, the kernel takes lines of its own narrow form only (no quotes, as many cells as there are columns, nothing around an id but
spaces and tabs) and hands every other line to the reader of tables, so that both read the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.files.gathered import Complaints
from kring.graph.files.numbers import blocks, too_long
from kring.graph.files.streams import Open
from kring.graph.files.table import Layout, is_remark, rows, split, tie_of
from kring.graph.threads import streamed

_WIDEST = 64
_LINES = 1 << 14


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The ends of some ties, as places in a text: sources and targets in turn."""

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    size: int
    """How many bytes of the file they were."""


def ties_of_words(open: Open, layout: Layout, complaints: Complaints, *, threads: int = 0) -> Iterator[Cells]:
    """The ends of all ties of a table, in order, by pieces."""
    if layout.quoted or layout.encoding != "utf-8-sig" or layout.width > _WIDEST:
        yield from _slowly(open, layout, complaints)
        return
    delimiter = ord(layout.delimiter) if layout.delimiter else 0
    columns = layout.columns["source"], layout.columns["target"]

    def cut(block: bytes) -> tuple[bytes, _Cut]:
        return block, _cells(np.frombuffer(block, np.uint8), delimiter, layout.width, *columns, _is_utf8(block))

    lines, header = 0, layout.header
    for block, (starts, ends, odd, before, n_lines) in streamed(cut, blocks(open), threads):
        if not block:
            lines += 1
            too_long(lines, complaints)
            continue
        between: list[tuple[int, tuple[str, str]]] = []
        for (line, begin, end), place in zip(odd.tolist(), before.tolist()):
            cells = _split(lines + line + 1, block[begin:end], layout)
            if header and place == 0 and tuple(cells) == layout.names:
                header = False
            elif cells and (found := _tie(lines + line + 1, cells, layout, complaints)):
                between.append((place, found))
        text = np.frombuffer(block, np.uint8)
        if header and len(starts):
            header = False
            starts, ends, between = starts[2:], ends[2:], [(max(place - 1, 0), found) for place, found in between]
        if between:
            text, starts, ends = _with(block, starts, ends, between)
        lines += n_lines
        yield Cells(text, starts, ends, len(block))


def _split(number: int, raw: bytes, layout: Layout) -> list[str]:
    """The cells of a line that the kernel left; none where nothing stands in it."""
    text = raw.rstrip(b"\r\n").decode("utf-8", "replace")
    text = text.removeprefix("\ufeff") if number == 1 else text
    return [] if is_remark(text, layout) else split(text, layout.delimiter)


def _tie(number: int, cells: list[str], layout: Layout, complaints: Complaints) -> tuple[str, str] | None:
    one = tie_of(cells, layout)
    if isinstance(one, str):
        complaints.add(number, one, "Mend the line, or leave it.", raw=layout.delimiter.join(cells).encode())
        return None
    return one[0], one[1]


def _with(
    block: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], between: list[tuple[int, tuple[str, str]]]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Puts ties of odd lines between the others: their words come after the text."""
    words = [word.encode("utf-8", "surrogatepass") for _, pair in between for word in pair]
    stops = len(block) + np.cumsum([len(word) for word in words], dtype=np.int64)
    begins = np.concatenate(([len(block)], stops[:-1]))
    where = np.repeat([2 * place for place, _ in between], 2)
    text = np.frombuffer(block + b"".join(words), np.uint8)
    return text, np.insert(starts, where, begins), np.insert(ends, where, stops)


def _slowly(open: Open, layout: Layout, complaints: Complaints) -> Iterator[Cells]:
    """Any table, row by row."""
    found: list[bytes] = []
    for number, cells in rows(open, layout, complaints):
        found += [word.encode("utf-8", "surrogatepass") for word in _tie(number, cells, layout, complaints) or ()]
        if len(found) >= _LINES:
            yield cells_of(found)
            found = []
    yield cells_of(found)


def cells_of(words: list[bytes]) -> Cells:
    """Words one after the other as cells."""
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    starts = ends - np.array([len(word) for word in words], np.int64)
    return Cells(np.frombuffer(b"".join(words), np.uint8), starts, ends, int(ends[-1]) if len(ends) else 0)


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


_Cut = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]


@njit(cache=True, nogil=True)
def _cells(text: NDArray[np.uint8], delimiter: int, width: int, source: int, target: int, is_utf8: bool) -> _Cut:
    """Begin and end of each end of each tie; number, begin and end of each odd line and how many ties are before it; how many lines."""
    most = len(text) // 2 + 4
    starts, ends = np.empty(most, np.int64), np.empty(most, np.int64)
    odd, before = np.empty((64, 3), np.int64), np.empty(64, np.int64)
    begins, stops = np.empty(width + 1, np.int64), np.empty(width + 1, np.int64)
    at, end = 0, len(text)
    line, n, odds = -1, 0, 0
    while at < end:
        line += 1
        start = at
        good = True
        column = 0
        begin = at
        last = at
        within = False
        while True:
            byte = text[at] if at < end else np.uint8(10)
            blank = byte == 32 or byte == 9
            if byte == 10 or (byte == delimiter if delimiter != 0 else blank):
                if within or delimiter != 0:
                    if column <= width:
                        begins[column], stops[column] = begin, last
                    column = min(column + 1, width + 1)
                if byte == 10:
                    break
                within = False
                begin = last = at + 1
            elif not blank and byte != 13:
                if not within:
                    begin = at
                    within = True
                if byte == 34 or byte < 32 or (byte >= 128 and (not is_utf8 or (delimiter == 0 and _is_space(text, at)))):
                    good = False
                last = at + 1
            elif byte == 13 and at + 1 < end and text[at + 1] != 10:
                good = False
            at += 1
        stop = at
        at += 1
        if column == 0 or (column == 1 and stops[0] <= begins[0]):
            continue
        if good and column == width:
            for end_column in (source, target):
                good = good and _is_plain(text, begins[end_column], stops[end_column])
            good = good and text[begins[0]] not in (35, 37, 47, 0xEF)
        else:
            good = False
        if good:
            starts[n], ends[n] = begins[source], stops[source]
            starts[n + 1], ends[n + 1] = begins[target], stops[target]
            n += 2
            continue
        if odds == len(odd):
            odd, before = np.concatenate((odd, np.empty_like(odd))), np.concatenate((before, np.empty_like(before)))
        odd[odds, 0], odd[odds, 1], odd[odds, 2] = line, start, stop
        before[odds] = n // 2
        odds += 1
    return starts[:n], ends[:n], odd[:odds], before[:odds], line + 1


@njit(cache=True, nogil=True)
def _is_plain(text: NDArray[np.uint8], begin: int, stop: int) -> bool:
    """Is there something, and nothing at its ends that is a space beyond ASCII?"""
    if stop <= begin or _is_space(text, begin):
        return False
    return text[stop - 1] < 128 or not (_is_space(text, max(begin, stop - 2)) or _is_space(text, max(begin, stop - 3)))


@njit(cache=True, nogil=True)
def _is_space(text: NDArray[np.uint8], at: int) -> bool:
    """Does one of Unicode's spaces beyond ASCII begin here: U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000?"""
    first = text[at]
    if first != 0xC2 and not 0xE1 <= first <= 0xE3:
        return False
    second = text[at + 1] if at + 1 < len(text) else 0
    third = text[at + 2] if at + 2 < len(text) else 0
    if first == 0xC2:
        return second == 0x85 or second == 0xA0
    if first == 0xE1:
        return second == 0x9A and third == 0x80
    if first == 0xE3:
        return second == 0x80 and third == 0x80
    if second == 0x81:
        return third == 0x9F
    return second == 0x80 and (0x80 <= third <= 0x8A or third == 0xA8 or third == 0xA9 or third == 0xAF)
