"""Edge lists whose ids are whole numbers, read by a compiled kernel: tens of millions of lines in seconds.

The kernel takes lines of its own narrow form only (plain digits, numbers up to 2^53, which a float64 holds exactly) and hands every
other line to the reader of words, so that both read the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Graph, Log
from kring.graph.build import from_pairs
from kring.graph.files.gathered import Complaints
from kring.graph.files.streams import LONGEST_LINE, Open
from kring.graph.files.table import MOST_ODD, Layout, is_comment, is_whole, split, tie_of
from kring.graph.ids import Numbers
from kring.graph.logs import from_acts
from kring.graph.threads import streamed

_BLOCK = 8 << 20
_ROLES = ("source", "target", "weight", "rating", "sign", "at")
_WIDEST = 64
Parsed = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], int]


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """The ties of some lines."""

    ends: NDArray[np.int64]
    """int64[k, 2]."""
    values: NDArray[np.float64]
    """float64[k, 4]: weight, rating, sign and time; empty where only the ends are wanted."""
    lines: int
    size: int
    """How many bytes of the text they were."""


class Worded(Exception):
    """In the middle of it: too many ids of an edge list of numbers prove to be words."""


def graph_of_numbers(open: Open, layout: Layout, complaints: Complaints, *, directed: bool) -> tuple[Graph, Log | None] | None:
    """The graph of an edge list of numbers, and its log where there are times; None if too many of its ids prove to be words (then nothing is complained of).

    Costs   one pass; 16 bytes a line, and 32 where there are weights, ratings, signs or times.
    """
    names = [role for role in _ROLES[2:] if role in layout.columns]
    try:
        parts = list(ties_of_numbers(open, layout, complaints, with_values=bool(names)))
    except Worded:
        return None
    ends = np.concatenate([part.ends for part in parts] or [np.empty((0, 2), np.int64)])
    values = np.concatenate([part.values for part in parts] or [np.empty((0, 4))])
    return woven_numbers(ends, {role: np.ascontiguousarray(values[:, _ROLES.index(role) - 2]) for role in names}, directed=directed)


def ties_of_numbers(open: Open, layout: Layout, complaints: Complaints, *, with_values: bool = False, threads: int = 0) -> Iterator[Some]:
    """The ties of an edge list of numbers, some thousands of lines at a time, in order.

    Fails   Worded, at the end, if too many of its ids are words; then nothing is complained of.
    """
    if layout.width > _WIDEST:
        raise Worded
    roles = np.full(layout.width, -1, np.int64)
    for k, role in enumerate(_ROLES if with_values else _ROLES[:2]):
        if role in layout.columns:
            roles[layout.columns[role]] = k
    delimiter = ord(layout.delimiter) if layout.delimiter else 0
    own = Complaints(complaints.name)

    def parsed(block: bytes) -> tuple[bytes, Parsed]:
        return block, _parsed(np.frombuffer(block, np.uint8), delimiter, roles, with_values)

    worded, lines = 0, 0
    for block, (pairs, values, odd, n_lines) in streamed(parsed, blocks(open), threads):
        if not block:
            lines += 1
            too_long(lines, own)
            continue
        mended = []
        for line, begin, end in odd.tolist():
            one = _mended(lines + line + 1, block[begin:end].rstrip(b"\r\n"), layout, own)
            worded += one is _WORDS
            if isinstance(one, tuple):
                mended.append(one)
        if mended:
            pairs = np.concatenate((pairs, np.array([one[:2] for one in mended], np.int64)))
            values = np.concatenate((values, np.array([one[2:] for one in mended], np.float64))) if with_values else values
        lines += n_lines
        yield Some(pairs, values, n_lines, len(block))
    if worded > MOST_ODD * lines:
        raise Worded
    complaints.take(own)


class _Words:
    """Stands for a row whose ids are words."""


_WORDS = _Words()


def _mended(number: int, raw: bytes, layout: Layout, complaints: Complaints) -> tuple[float, ...] | _Words | None:
    """A line that the kernel left: as a row of numbers where it is one after all."""
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    if not text.strip() or is_comment(text):
        return None
    cells = split(text, layout.delimiter)
    if layout.header and tuple(cells) == layout.names:
        return None
    one = tie_of(cells, layout)
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


def blocks(open: Open) -> Iterator[bytes]:
    """Pieces of a text of some 8 MiB that end with a line; an empty piece stands for a line that is too long (see `too_long`)."""
    with open() as stream:
        rest = b""
        while piece := stream.read(_BLOCK):
            end = piece.rfind(b"\n") + 1
            if not end:
                rest += piece
                if len(rest) > LONGEST_LINE:
                    yield b""
                    rest = _after_line(stream)
                continue
            yield rest + piece[:end]
            rest = piece[end:]
        if rest:
            yield rest


def too_long(number: int, complaints: Complaints) -> None:
    """Complains of a line that `blocks` left out."""
    complaints.add(number, "The line is longer than 64 MiB.", kind="too-large")


def _after_line(stream: BinaryIO) -> bytes:
    """Reads on to the end of the line; what of the last piece comes after it."""
    while piece := stream.read(_BLOCK):
        _, end, after = piece.partition(b"\n")
        if end:
            return after
    return b""


@njit(cache=True, nogil=True, inline="always")
def _digits(text: NDArray[np.uint8], at: int, end: int) -> tuple[int, np.int64]:
    """Where a plain whole number that begins here ends, before something else, and the number; `at` where there is none."""
    first, number = at, np.int64(0)
    while at < end:
        digit = np.int64(text[at]) - 48
        if digit < 0 or digit > 9:
            break
        number = number * 10 + digit
        at += 1
    if at == end or at - first > 18 or (text[first] == 48 and at > first + 1):
        return first, np.int64(0)
    return at, number


@njit(cache=True, nogil=True)
def _parsed(text: NDArray[np.uint8], delimiter: int, roles: NDArray[np.int64], with_values: bool) -> Parsed:
    """Ends and numbers of each tie; number, begin and end of each odd line; how many lines there are. A delimiter of 0 is any white space.

    A tie takes four bytes of text at least, another line one.
    """
    most = len(text) // 4 + 2
    pairs = np.empty((most, 2), np.int64)
    values = np.empty((most if with_values else 1, 4), np.float64)
    odd = np.empty((64, 3), np.int64)
    width = len(roles)
    at, end = 0, len(text)
    line, ties, odds = -1, 0, 0
    plain = width == 2 and roles[0] == 0 and roles[1] == 1
    while at < end:
        line += 1
        if plain:
            middle, a = _digits(text, at, end)
            if middle > at and (text[middle] == delimiter or (delimiter == 0 and (text[middle] == 32 or text[middle] == 9))):
                stop, b = _digits(text, middle + 1, end)
                if stop > middle + 1 and text[stop] == 10:
                    pairs[ties, 0], pairs[ties, 1] = a, b
                    if with_values:
                        values[ties] = np.nan
                    ties += 1
                    at = stop + 1
                    continue
        start = at
        row = ties if with_values else 0
        values[row] = np.nan
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
                    pairs[ties, role] = -mantissa if negative else mantissa
                else:
                    if digits == 0 or digits > 16 or mantissa > 2**53:
                        kind = 2
                        break
                    power = digits - point if point >= 0 else 0
                    value = mantissa / 10.0**power
                    values[row, role - 2] = -value if negative else value
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
        at = after
        if kind == 0:
            ties += 1
            continue
        if odds == len(odd):
            odd = np.concatenate((odd, np.empty_like(odd)))
        odd[odds, 0], odd[odds, 1], odd[odds, 2] = line, start, min(after, end)
        odds += 1
    return pairs[:ties], values[: ties if with_values else 0], odd[:odds], line + 1


def woven_numbers(ends: NDArray[np.int64], values: dict[str, NDArray[np.float64]], *, directed: bool) -> tuple[Graph, Log | None]:
    """The graph and, where there are times, the log of pairs of numbers (any, as ids) with their weight, rating, sign and time (since 1970)."""
    numbers, compact = _compact(ends)
    rating = values.get("rating")
    sign = values.get("sign", rating)
    at = _as_times(values["at"]) if "at" in values else None
    ids = Numbers(numbers)
    graph = from_pairs(
        compact[:, 0],
        compact[:, 1],
        n=len(numbers),
        ids=ids,
        directed=directed,
        weights=values["weight"] if "weight" in values else None if rating is None else np.nan_to_num(rating),
        signs=None if sign is None else np.sign(np.nan_to_num(sign)).astype(np.int8),
        at=at,
    )
    return graph, None if at is None else from_acts(compact[:, 0], compact[:, 1], at, len(numbers), ids=ids)


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
