"""Coarse times: instead of an instant the week, month, quarter or year in which it lies, and nothing where fewer than ten people did the same in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kring.graph import NO_TIME
from kring.measures.cells import DAY_US, open_cells

Ints = NDArray[np.int64]


def _weeks(at: Ints) -> Ints:
    """From Monday; the first of January 1970 was a Thursday."""
    return ((at // DAY_US + 3) // 7 * 7 - 3) * DAY_US


def _months(at: Ints, together: int = 1) -> Ints:
    months = at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) // together * together
    return months.astype("datetime64[M]").astype("datetime64[us]").astype(np.int64)


PERIODS: dict[str, Callable[[Ints], Ints]] = {
    "week": _weeks,
    "month": _months,
    "quarter": lambda at: _months(at, 3),
    "year": lambda at: _months(at, 12),
}
"""Of each time, when its period begins (UTC); the finest first."""


@dataclass(frozen=True, slots=True)
class Coarse:
    """Times of things, told as far as ten people hide in each."""

    period: str
    at: Ints
    """When the period of each begins; NO_TIME where it isn't known, or withheld."""


def coarse(at: Ints, person: Ints, kind: Ints) -> Coarse:
    """Of each time its period, the finest of PERIODS by which half of the times are told; else the year.

    Takes   the time of each thing (NO_TIME: not known), who did it (-1: not known), and what kind of thing it is, as a number.
    Gives   a period is told where ten people did that kind of thing in it; and what is withheld of a kind, ten people did together.
    Costs   O(n log n) for n things.
    """
    known = at != NO_TIME
    for name, begins in PERIODS.items():
        period, told = name, np.full(len(at), NO_TIME, np.int64)
        told[known] = begins(at[known])
        for things in _alike(kind, known):
            _, cell = np.unique(told[things], return_inverse=True)
            hidden = ~open_cells(cell, person[things], int(cell.max()) + 1)[cell]
            told[things[hidden]] = NO_TIME
        if 2 * (told != NO_TIME).sum() >= known.sum():
            break
    return Coarse(period, told)


def _alike(kind: Ints, known: NDArray[np.bool_]) -> Iterable[Ints]:
    """The rows of each kind whose time is known."""
    rows = np.flatnonzero(known)
    rows = rows[np.argsort(kind[rows], kind="stable")]
    return (each for each in np.split(rows, np.flatnonzero(np.diff(kind[rows])) + 1) if len(each))


@dataclass(frozen=True, slots=True)
class Told:
    """Which periods may be told of which kind of thing, for things that come one by one."""

    period: str
    of: frozenset[tuple[object, int]]

    def at(self, kind: object, at: int | None) -> int | None:
        """When the period of this time begins, if that may be told of this kind."""
        begins = None if at is None else _begins(self.period, at // DAY_US)
        return begins if (kind, begins) in self.of else None


NOTHING = Told("year", frozenset())
"""No time at all is told."""


@cache
def _begins(period: str, day: int) -> int:
    return int(PERIODS[period](np.array([day * DAY_US]))[0])


def told(things: Iterable[tuple[object, int, int]]) -> Told:
    """What may be told of things, each with its kind, its time and who did it (-1: not known)."""
    number: dict[object, int] = {}
    rows = [(number.setdefault(kind, len(number)), at, person) for kind, at, person in things]
    kind, at, person = np.array(rows, np.int64).reshape(-1, 3).T
    made, kinds = coarse(at, person, kind), list(number)
    shown = made.at != NO_TIME
    pairs = set(zip(kind[shown].tolist(), made.at[shown].tolist(), strict=True))
    return Told(made.period, frozenset((kinds[k], begins) for k, begins in pairs))
