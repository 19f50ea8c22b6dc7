"""The lives of ties: from a first contact until a silence longer than ties of this place come back from."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Log
from kring.measures.cells import DAY_US
from kring.measures.survival import Curve, curve, level

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SILENCES = (1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 540, 730)
"""Days of silence that may be chosen as the end of a tie."""
BACK = 0.01
"""A silence is long enough to be an end if at most this share of those silent so long is heard of again."""
_AHEAD = 90.0
"""So many days ahead is looked whether they are, or as long again, but no further than half of the whole time."""
_FEWEST_GAPS = 50
_PARTS = 4
"""A silence is at most this part of the whole time: else too little of it is left to see ties begin and end."""


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts between two people, whoever began, pair after pair and in order of time."""

    n_people: int
    one: Ints
    other: Ints
    """The two of each pair, by number."""
    begins: Ints
    """int64[pairs + 1]: where the contacts of each pair begin."""
    at: Ints
    forth: NDArray[np.bool_]
    """Whether a contact came from `one`."""
    start: int
    end: int
    """The first and the last time in the log."""

    @property
    def days(self) -> float:
        """How many days the log spans."""
        return (self.end - self.start) / DAY_US


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """Each life of a tie: contacts without a silence too long."""

    pair: Ints
    first: Ints
    last: Ints
    contacts: Ints
    days: Ints
    """On how many days there was contact."""
    early_days: Ints
    """The same, in the first while (see `lives`)."""
    early_both: NDArray[np.bool_]
    """Whether both had addressed the other by then."""
    after: Floats
    """By its own rhythm, how long it went on after the last contact that was seen, in microseconds."""


def how_many(one: Ints, other: Ints) -> int:
    """How many people have a hand in something."""
    there = np.zeros(int(max(one.max(initial=-1), other.max(initial=-1))) + 1, np.bool_)
    there[one] = there[other] = True
    return int(there.sum())


def contacts(log: Log) -> Contacts:
    """The contacts in a log, by pairs.

    Costs   O(k log k) time for k acts; 60 bytes an act.
    """
    known = (log.source >= 0) & (log.target >= 0) & (log.source != log.target) & (log.at != NO_TIME)
    source, target, at = log.source[known].astype(np.int64), log.target[known].astype(np.int64), log.at[known]
    key = np.minimum(source, target) * log.n_people + np.maximum(source, target)
    order = np.argsort(key, kind="stable")
    key = key[order]
    begins = np.flatnonzero(np.diff(key, prepend=-1))
    one, other = np.divmod(key[begins], max(log.n_people, 1))
    start, end = (int(at[0]), int(at[-1])) if len(at) else (0, 0)
    return Contacts(log.n_people, one, other, np.append(begins, len(key)), at[order], source[order] < target[order], start, end)


def silence(found: Contacts) -> tuple[float, float, int]:
    """After how many days without contact a tie has ended, which share of those silent so long is heard of again later, and how many silences
    that rests on.

    Takes   contacts. Several on one day count as one, and silences after the first day of contact are left out: who meets once and never
            again tells nothing about the rhythm of ties.
    Gives   the shortest of `SILENCES` of which at most `BACK` are broken, and that is at most a quarter of the whole time; if there is none, that
            quarter.
    After   Kaplan & Meier 1958, over silences; those that go on at the end may have been broken later.
    """
    gaps, broken = _gaps(found.begins, found.at, found.end)
    longest = found.days / _PARTS
    if int(broken.sum()) < _FEWEST_GAPS:
        return min(30.0, longest), float("nan"), len(gaps)
    still = curve(gaps, broken)
    for days in SILENCES:
        if days > longest:
            break
        if (back := _back(still, days, found.days)) <= BACK:
            return float(days), back, len(gaps)
    return longest, _back(still, longest, found.days), len(gaps)


def _back(still: Curve, days: float, span: float) -> float:
    silent, ahead = level(still, days), min(max(days, _AHEAD), span / 2)
    return 1 - level(still, days + ahead) / silent if silent > 0 else 0.0


def chance_of_end(found: Contacts, silent: Floats, days: float) -> Floats | None:
    """How likely a tie silent for so many days stays silent until it has ended; None where too few silences are known.

    After   Kaplan & Meier 1958: the share of silences that last `days`, of those that last as long as this one.
    """
    gaps, broken = _gaps(found.begins, found.at, found.end)
    if int(broken.sum()) < _FEWEST_GAPS:
        return None
    still = curve(gaps, broken)
    place = np.searchsorted(still.times, silent, side="right") - 1
    so_far = np.where(place >= 0, still.share[np.maximum(place, 0)], 1.0)
    return np.asarray(level(still, days) / np.maximum(so_far, 1e-12), np.float64)


def lives(found: Contacts, silent_us: int, early_us: int) -> Lives:
    """The lives of all ties; `early_us`: how long the first while is."""
    columns = _lives(found.begins, found.at, found.forth, silent_us, early_us)
    return Lives(*columns)


@njit(cache=True, nogil=True)
def _gaps(begins: NDArray[np.int64], at: NDArray[np.int64], end: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Days between days of contact, from the second such day on, and whether it was broken; the last goes on until the end."""
    gaps, broken = np.empty(len(at)), np.empty(len(at), np.bool_)
    n = 0
    for pair in range(len(begins) - 1):
        day, days = at[begins[pair]] // DAY_US, 1
        for k in range(begins[pair] + 1, begins[pair + 1]):
            now = at[k] // DAY_US
            if now == day:
                continue
            if days > 1:
                gaps[n], broken[n] = now - day, True
                n += 1
            day, days = now, days + 1
        if days > 1:
            gaps[n], broken[n] = end // DAY_US - day, False
            n += 1
    return gaps[:n], broken[:n]


@njit(cache=True, nogil=True)
def _lives(
    begins: NDArray[np.int64], at: NDArray[np.int64], forth: NDArray[np.bool_], silent: int, early: int
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.bool_],
    NDArray[np.float64],
]:
    n = 0
    for pair in range(len(begins) - 1):
        for k in range(begins[pair], begins[pair + 1]):
            n += k == begins[pair] or at[k] - at[k - 1] > silent
    of, first, last = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    contacts, days, early_days = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    both, after = np.zeros(n, np.bool_), np.zeros(n)
    life = -1
    for pair in range(len(begins) - 1):
        length, squares = 0.0, 0.0
        for k in range(begins[pair], begins[pair + 1]):
            new = k == begins[pair] or at[k] - at[k - 1] > silent
            if new:
                life += 1
                of[life], first[life] = pair, at[k]
                length, squares = 0.0, 0.0
            else:
                gap = np.float64(at[k] - at[k - 1])
                length += gap
                squares += gap * gap
            last[life] = at[k]
            contacts[life] += 1
            fresh = new or at[k] // DAY_US != at[k - 1] // DAY_US
            days[life] += fresh
            if at[k] - first[life] <= early:
                early_days[life] += fresh
                both[life] |= (not new) and forth[k] != forth[k - 1]
            after[life] = squares / (2 * length) if length > 0 else 0.0
    return of, first, last, contacts, days, early_days, both, after
