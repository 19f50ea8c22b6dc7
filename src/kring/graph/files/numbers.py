"""Edge lists whose ids are whole numbers, read by a compiled kernel: tens of millions of lines in seconds.

The kernel takes lines of its own narrow form only (plain digits, numbers up to 2^53, which a float64 holds exactly) and hands every
other line to the reader of words, so that both read the same.
"""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Graph
from kring.graph.build import from_pairs
from kring.graph.files.gathered import Complaints
from kring.graph.files.streams import LONGEST_LINE, Open
from kring.graph.files.table import MOST_ODD, Layout, is_comment, is_whole, split, tie_of
from kring.graph.ids import Numbers

_BLOCK = 8 << 20
_ROLES = ("source", "target", "weight", "rating", "sign", "at")
_WIDEST = 64
_TIE, _NOTHING, _ODD = 0, 1, 2


def graph_of_numbers(open: Open, layout: Layout, complaints: Complaints, *, directed: bool) -> Graph | None:
    """The graph of an edge list of numbers; None if too many of its ids prove to be words (then nothing is complained of).

    Costs   one pass; 16 bytes a line, and 8 for each of weight, rating, sign and time.
    """
    if layout.width > _WIDEST:
        return None
    roles = np.full(layout.width, -1, np.int64)
    for k, role in enumerate(_ROLES):
        if role in layout.columns:
            roles[layout.columns[role]] = k
    delimiter = ord(layout.delimiter) if layout.delimiter else 0
    ends: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    worded = lines = 0
    own = Complaints(complaints.name)
    present = [role in layout.columns for role in _ROLES[2:]]
    for first, block in _blocks(open, own):
        text = np.frombuffer(block, np.uint8)
        n_lines = int(np.count_nonzero(text == 10)) + (not block.endswith(b"\n"))
        pairs, extra, kinds, starts = _parsed(text, n_lines, delimiter, roles)
        odd = [_mended(k, first, block, starts, layout, own) for k in np.flatnonzero(kinds == _ODD).tolist()]
        worded += sum(one is _WORDS for one in odd)
        lines += n_lines
        good = kinds == _TIE
        ends.append(pairs[good])
        values.append(extra[good][:, present])
        mended = [one for one in odd if isinstance(one, tuple)]
        if mended:
            ends.append(np.array([one[:2] for one in mended], np.int64))
            values.append(np.array([one[2:] for one in mended], np.float64)[:, present])
    if worded > MOST_ODD * lines:
        return None
    complaints.told.extend(own.told)
    complaints.more += own.more
    table = np.concatenate(values or [np.empty((0, sum(present)))])
    names = [role for role in _ROLES[2:] if role in layout.columns]
    by_role = {role: np.ascontiguousarray(table[:, k]) for k, role in enumerate(names)}
    return woven_numbers(np.concatenate(ends or [np.empty((0, 2), np.int64)]), by_role, directed=directed)


class _Words:
    """Stands for a row whose ids are words."""


_WORDS = _Words()


def _mended(
    line: int, first: int, block: bytes, starts: NDArray[np.int64], layout: Layout, complaints: Complaints
) -> tuple[float, ...] | _Words | None:
    """A line that the kernel left: as a row of numbers where it is one after all."""
    raw = block[starts[line] : starts[line + 1]].rstrip(b"\r\n")
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    if not text.strip() or is_comment(text):
        return None
    cells = split(text, layout.delimiter)
    if layout.header and tuple(cells) == layout.names:
        return None
    one = tie_of(cells, layout)
    number = first + line
    if isinstance(one, str):
        complaints.add(number, one, "Mend the line, or leave it.", raw=raw)
        return None
    source, target, weight, sign, at = one
    if not (is_whole(source) and is_whole(target)):
        complaints.add(
            number, f"{source!r} and {target!r} are not numbers, as the ids on the other lines are.", "Mend the line, or leave it.", raw=raw
        )
        return _WORDS
    value = 1.0 if weight is None else weight
    rating = float(sign or 0) if weight is None or "weight" in layout.columns else weight
    return int(source), int(target), value, rating, float(sign or 0), np.nan if at is None else at / 1e6


def _blocks(open: Open, complaints: Complaints) -> Iterator[tuple[int, bytes]]:
    """Pieces of some 8 MiB that end with a line, each with the number of its first line."""
    with open() as stream:
        number, rest = 1, b""
        while piece := stream.read(_BLOCK):
            rest += piece
            end = rest.rfind(b"\n") + 1
            if not end:
                if len(rest) > LONGEST_LINE:
                    complaints.add(number, "The line is longer than 64 MiB.", kind="too-large")
                    rest = _after_line(stream)
                    number += 1
                continue
            yield number, rest[:end]
            number += rest.count(b"\n", 0, end)
            rest = rest[end:]
        if rest:
            yield number, rest


def _after_line(stream: BinaryIO) -> bytes:
    """Reads on to the end of the line; what of the last piece comes after it."""
    while piece := stream.read(_BLOCK):
        _, end, after = piece.partition(b"\n")
        if end:
            return after
    return b""


@njit(cache=True)
def _parsed(
    text: NDArray[np.uint8], n_lines: int, delimiter: int, roles: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.uint8], NDArray[np.int64]]:
    """Ends, numbers and kind of each line, and where each begins. A delimiter of 0 is any white space."""
    pairs = np.zeros((n_lines, 2), np.int64)
    values = np.full((n_lines, 4), np.nan)
    kinds = np.full(n_lines, 1, np.uint8)
    starts = np.zeros(n_lines + 1, np.int64)
    width = len(roles)
    at, end = 0, len(text)
    for line in range(n_lines):
        starts[line] = at
        stop = at
        while stop < end and text[stop] != 10:
            stop += 1
        after = stop + 1
        if stop > at and text[stop - 1] == 13:
            stop -= 1
        column = 0
        kind = 0
        while at < stop and (text[at] == 32 or (delimiter == 0 and text[at] == 9)):
            at += 1
        if at == stop:
            at = after
            continue
        if text[at] == 35 or text[at] == 37:
            at = after
            continue
        while True:
            while at < stop and text[at] == 32:
                at += 1
            role = roles[column]
            if role < 0:
                while at < stop and text[at] != delimiter and not (delimiter == 0 and (text[at] == 32 or text[at] == 9)):
                    at += 1
            else:
                negative = at < stop and text[at] == 45
                if negative:
                    at += 1
                begin, mantissa, digits, point, power = at, 0, 0, -1, 0
                while at < stop:
                    byte = text[at]
                    if 48 <= byte <= 57:
                        mantissa = mantissa * 10 + (byte - 48)
                        digits += 1
                    elif byte == 46 and point < 0 and role >= 2:
                        point = digits
                    else:
                        break
                    at += 1
                if role < 2:
                    if digits == 0 or digits > 18 or (digits > 1 and text[begin] == 48) or (negative and text[begin] == 48):
                        kind = 2
                        break
                    pairs[line, role] = -mantissa if negative else mantissa
                else:
                    if digits == 0 or digits > 16 or mantissa > 2**53:
                        kind = 2
                        break
                    power = digits - point if point >= 0 else 0
                    value = mantissa / 10.0**power
                    values[line, role - 2] = -value if negative else value
            while at < stop and (text[at] == 32 or (delimiter == 0 and text[at] == 9)):
                at += 1
            column += 1
            if column == width:
                kind = 0 if at == stop else 2
                break
            if delimiter != 0:
                if at >= stop or text[at] != delimiter:
                    kind = 2
                    break
                at += 1
            elif at >= stop or (text[at - 1] != 32 and text[at - 1] != 9):
                kind = 2
                break
        kinds[line] = kind
        at = after
    starts[n_lines] = min(at, end)
    return pairs, values, kinds, starts


def woven_numbers(ends: NDArray[np.int64], values: dict[str, NDArray[np.float64]], *, directed: bool) -> Graph:
    """The graph of pairs of numbers (any, as ids) with their weight, rating, sign and time (since 1970), those there are."""
    numbers, compact = _compact(ends)
    rating = values.get("rating")
    sign = values.get("sign", rating)
    return from_pairs(
        compact[:, 0],
        compact[:, 1],
        n=len(numbers),
        ids=Numbers(numbers),
        directed=directed,
        weights=values["weight"] if "weight" in values else None if rating is None else np.nan_to_num(rating),
        signs=None if sign is None else np.sign(np.nan_to_num(sign)).astype(np.int8),
        at=_as_times(values["at"]) if "at" in values else None,
    )


def _compact(ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct numbers in order, and each end as its place among them."""
    if not len(ends):
        return np.empty(0, np.int64), ends
    low, high = int(ends.min()), int(ends.max())
    if high - low > 4 * ends.size:
        numbers, places = np.unique(ends, return_inverse=True)
        return numbers, places.reshape(ends.shape)
    seen = np.zeros(high - low + 1, np.bool_)
    seen[ends.ravel() - low] = True
    place = np.cumsum(seen) - 1
    return np.flatnonzero(seen) + low, place[ends - low]


def _as_times(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """As `microseconds` does it, for a whole column."""
    at = np.full(len(values), NO_TIME, np.int64)
    known = np.isfinite(values)
    size = np.abs(values[known])
    scale = np.select([size < 1e11, size < 1e14, size < 1e17], [1e6, 1e3, 1.0], 1e-3)
    at[known] = np.round(values[known] * scale).astype(np.int64)
    return at
