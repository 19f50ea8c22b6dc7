"""From period to period: which ties were kept, lost, new, or revived."""

from collections.abc import Callable
from functools import partial

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kring.measures.cells import months, quarters, weeks, years
from kring.measures.lives import Contacts
from kring.measures.saying import unsaid
from kring.schema import FEWEST_PEOPLE, Finding

TURNOVER = ("kept", "lost", "new", "revived")
Ints = NDArray[np.int64]
Cells = Callable[[Ints], tuple[Ints, list[str]]]
_LENGTHS: tuple[tuple[float, str, Cells], ...] = (
    (7, "week", weeks),
    (30, "month", months),
    (91, "quarter", quarters),
    (365, "year", years),
)
_FEWEST = 3
"""Periods there must be: one to begin with, one to compare, and those cut off at either end."""
_METHOD = (
    "counted by {}: kept, contact in this and the one before; lost, in the one before only; new, never before in what is here; "
    "revived, before, but not in the one before; the value is of {}, the last that is whole"
)


def turnover(found: Contacts, silent_days: float, told: "partial[Finding]", *, small_cells: bool) -> tuple[Finding, ...]:
    """kept, lost, new and revived of the last whole period, and of each with `by` = (("period", …),).

    Takes   contacts, and how long a silence ends a tie: the periods are the shortest that are no shorter. `small_cells`: of a period nothing is
            said where one of the four is about some people, but fewer than ten; the others would tell it by subtraction.
    """
    long_enough = [each for each in _LENGTHS if found.days >= _FEWEST * each[0]]
    if not long_enough:
        why = f"too few to say: {found.days:.0f} days are less than {_FEWEST} weeks, and ties are kept or lost from week to week at least"
        return unsaid(TURNOVER, why, **{name: told.keywords[name] for name in ("boundary", "cut") if name in told.keywords})
    _, what, cells = next((each for each in long_enough if each[0] >= silent_days), long_enough[-1])
    cell, names = cells(found.at)
    ties = _ties(found, cell, len(names))
    counts = {name: np.bincount(at, minlength=len(names)) for name, (_, at) in ties.items()}
    spoken = np.ones(len(names), np.bool_)
    if small_cells:
        for name, (pair, at) in ties.items():
            spoken &= (counts[name] == 0) | (_people(found, pair, at, len(names)) >= FEWEST_PEOPLE)
    last = len(names) - 2  # the last period may not be over
    told = partial(told, unit="ties", n_of="ties", method=_METHOD.format(what, names[last]))

    def of(name: str, k: int) -> Finding:
        if not spoken[k]:
            return told(name=name, value=None, warning="too few to say: one of kept, lost, new and revived is about fewer than 10 people")
        return told(name=name, value=int(counts[name][k]), n=sum(int(each[k]) for each in counts.values()))

    by_period = (replace(of(name, k), by=(("period", names[k]),)) for k in range(1, len(names)) for name in TURNOVER)
    return (*(of(name, last) for name in TURNOVER), *by_period)


def _ties(found: Contacts, cell: Ints, periods: int) -> dict[str, tuple[Ints, Ints]]:
    """The pairs that were kept, lost, new and revived, and in which period each was."""
    pair = np.repeat(np.arange(len(found.one)), np.diff(found.begins))
    fresh = np.append(True, (pair[1:] != pair[:-1]) | (cell[1:] != cell[:-1]))[: len(pair)]
    pair, cell = pair[fresh], cell[fresh]
    first = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
    kept = ~first & np.append(False, cell[1:] == cell[:-1] + 1)[: len(pair)]
    lost = ~np.append(kept[1:], False)[: len(pair)] & (cell + 1 < periods)
    revived = ~first & ~kept
    which = {"kept": kept, "new": first, "revived": revived}
    return {name: (pair[each], cell[each]) for name, each in which.items()} | {"lost": (pair[lost], cell[lost] + 1)}


def _people(found: Contacts, pair: Ints, cell: Ints, periods: int) -> Ints:
    """How many people have a hand in these ties of each period."""
    who = np.unique(np.concatenate((cell * found.n_people + found.one[pair], cell * found.n_people + found.other[pair])))
    return np.bincount(who // max(found.n_people, 1), minlength=periods)
