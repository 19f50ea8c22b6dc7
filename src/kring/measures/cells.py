"""Small cells: a figure for each month, hour or kind, in which nothing is said about fewer than ten people, also not by subtraction."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME
from kring.schema import FEWEST_PEOPLE

DAY_US = 86_400_000_000
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def open_cells(cell: NDArray[np.int64], person: NDArray[np.int64], n_cells: int) -> NDArray[np.bool_]:
    """bool[n_cells]: which may be spoken of.

    Takes   the cell and the person of each thing (-1: in no cell, or not known).
    Gives   the cells with ten people or more; and if those left out have fewer than ten people together, so that they follow from the total
            by subtraction, the smallest of the others is left out too.
    """
    pairs = distinct(cell, person)
    people = np.bincount(pairs[:, 0], minlength=n_cells)
    spoken: NDArray[np.bool_] = people >= FEWEST_PEOPLE
    filled = np.bincount(cell[cell >= 0], minlength=n_cells) > 0
    while spoken.any():
        hidden = filled & ~spoken
        if not hidden.any() or len(np.unique(pairs[hidden[pairs[:, 0]], 1])) >= FEWEST_PEOPLE:
            break
        spoken[np.flatnonzero(spoken)[np.argmin(people[spoken])]] = False
    return spoken


def distinct(cell: NDArray[np.int64], person: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[k, 2]: each cell and person that occur together, once; where either isn't known (-1), nothing. One number sorts faster than two."""
    known = (cell >= 0) & (person >= 0)
    width = int(person.max(initial=0)) + 1
    pairs = np.sort(cell[known].astype(np.int64) * width + person[known])
    return np.stack(np.divmod(pairs[np.diff(pairs, prepend=-1) != 0], width), axis=1)


def finest(
    ways: Sequence[Callable[[], tuple[NDArray[np.int64], list[str]]]], person: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[str], NDArray[np.bool_]]:
    """Cells, their names and which may be spoken of, by the first of these ways in which half of the filled cells may be; else the last."""
    for way in ways:
        cell, names = way()
        spoken = open_cells(cell, person, len(names))
        if 2 * spoken.sum() >= len(np.unique(cell[cell >= 0])) > 0:
            break
    return cell, names, spoken


def months(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """The month (UTC) of each time and the names of all months from the first to the last; -1 where the time isn't known."""
    return _ranged(at, _numbers(at, "M"), lambda month: str(np.datetime64(month, "M")))


def weeks(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """As `months`, by week from Monday; a week's name is its Monday."""
    return _ranged(at, (at // DAY_US + 3) // 7, lambda week: str(np.datetime64(week * 7 - 3, "D")))


def quarters(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """As `months`, by quarter: "2024-Q1"."""
    return _ranged(at, _numbers(at, "M") // 3, lambda quarter: f"{1970 + quarter // 4}-Q{quarter % 4 + 1}")


def years(at: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """As `months`, by year."""
    return _ranged(at, _numbers(at, "Y"), lambda year: str(1970 + year))


def parts_of_week(minute: NDArray[np.int64], hours: int) -> tuple[NDArray[np.int64], list[str]]:
    """The part of the week, of so many hours, of each minute of the week; "Mon 08" is the part that begins on Monday at eight."""
    names = [f"{day} {hour:02}" if hours < 24 else day for day in _DAYS for hour in range(0, 24, hours)]
    return np.where(minute >= 0, minute // (60 * hours), -1), names


def _numbers(at: NDArray[np.int64], unit: str) -> NDArray[np.int64]:
    return at.astype("datetime64[us]").astype(f"datetime64[{unit}]").astype(np.int64)


def _ranged(at: NDArray[np.int64], number: NDArray[np.int64], name: Callable[[int], str]) -> tuple[NDArray[np.int64], list[str]]:
    known = at != NO_TIME
    if not known.any():
        return np.full(len(at), -1, np.int64), []
    first, last = int(number[known].min()), int(number[known].max())
    return np.where(known, number - first, -1), [name(k) for k in range(first, last + 1)]
