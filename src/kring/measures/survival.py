"""How long things last, some of which still go on: Kaplan and Meier's curve, with intervals that allow for people who have a hand in several.

Things between two people are no independent draws: a busy person has a hand in many. The variance sums over all pairs of things that have a
person in common, by each thing's influence on the curve.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.measures.saying import t_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
POINTS = 120
"""At so many times at most the band is worked out: evenly over the steps of the curve."""
_HALF = 0.5 + 1e-12
"""A product of fractions that is a half may come out a little above it."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What share still goes on after each time at which something ended."""

    times: Floats
    share: Floats
    at_risk: Ints
    """How many were known to go on until then, at least."""
    ended: Ints
    place: Ints
    """For each thing the last of `times` that it reached, -1 where it reached none."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The ends of the 95% interval of a curve at some of its times."""

    times: Floats
    share: Floats
    low: Floats
    high: Floats


def curve(lasted: Floats, over: NDArray[np.bool_]) -> Curve:
    """The share of things that last longer than each time.

    Takes   how long each lasted, and whether it is over (else it was still going on then).
    Costs   O(m log m) time.
    After   Kaplan & Meier 1958.
    """
    times = np.sort(lasted[over])
    times = times[np.diff(times, prepend=-np.inf) > 0]
    place = np.searchsorted(times, lasted, side="right") - 1
    ended = np.bincount(place[over], minlength=len(times))
    reached = np.bincount(place + 1, minlength=len(times) + 1)
    at_risk = len(lasted) - np.cumsum(reached)[:-1]
    share = np.cumprod(1.0 - ended / np.maximum(at_risk, 1)).astype(np.float64)
    return Curve(times, share, at_risk, ended, place)


def median(found: Curve) -> float | None:
    """The time that half of them last; None where more than half go on beyond all that was seen."""
    below = found.share <= _HALF
    return float(found.times[np.argmax(below)]) if below.any() else None


def band(found: Curve, over: NDArray[np.bool_], one: Ints, other: Ints, n_people: int) -> Band:
    """The 95% interval of the curve, time by time.

    Takes   the curve, whether each thing is over, and the two people who have a hand in it.
    Gives   ends on the scale log(-log share), so that they stay within 0 and 1.
    Costs   O(m log m) time, and O(m + n) for each of `POINTS` times; 32 (m + n) bytes.
    After   the influence of each thing on Kaplan & Meier's curve (Reid 1981, Influence functions for censored data), summed over pairs with
            a person in common (Aronow, Samii & Assenova 2015, Cluster-robust variance estimation for dyadic data), at least Greenwood's.
            Student's t by the number of people that the variance really rests on (Kish's).
    """
    if not len(found.times):
        return Band(found.times, found.share, found.share, found.share)
    steps = np.unique(np.linspace(0, len(found.times) - 1, min(POINTS, len(found.times))).astype(np.int64))
    variance, people = _variances(found, over, one, other, n_people, steps), effective_people(one, other, n_people)
    share = found.share[steps]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = t_quantile(int(people) - 1) * np.sqrt(variance) / np.abs(np.log(share))
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    inside = (share > 0) & (share < 1)
    return Band(found.times[steps], share, np.where(inside, low, share), np.where(inside, high, share))


def _variances(found: Curve, over: NDArray[np.bool_], one: Ints, other: Ints, n_people: int, steps: Ints) -> Floats:
    """Of the logarithm of the share, at each of these steps of the curve."""
    key = np.minimum(one, other) * n_people + np.maximum(one, other)
    by_pair = np.argsort(key, kind="stable")
    pair = np.empty(len(key), np.int64)
    pair[by_pair] = np.cumsum(np.diff(key[by_pair], prepend=-1) != 0) - 1
    hazard = 1 / np.maximum(found.at_risk, 1)
    drained = np.cumsum(found.ended * hazard**2)
    left = found.at_risk - found.ended
    greenwood = np.cumsum(found.ended / np.maximum(found.at_risk * np.maximum(left, 1), 1))
    # Both are of log share: the influence on the share is that on its logarithm, times the share.
    order, reached = np.argsort(found.place, kind="stable"), found.place.astype(np.int64)
    own = np.where(over & (reached >= 0), hazard[reached], 0.0) - np.where(reached >= 0, drained[reached], 0.0)
    variance = _variance(order, reached, own, drained[steps], steps, one, other, pair, n_people, int(pair.max(initial=-1)) + 1)
    people = effective_people(one, other, n_people)
    few = people / (people - 1)
    return np.asarray(np.maximum(variance * few**2, greenwood[steps]), np.float64)


def effective_people(one: Ints, other: Ints, n_people: int) -> float:
    """On how many people something between two really rests, where some have a hand in many; at least 2. After Kish 1965."""
    things = np.bincount(one, minlength=n_people) + np.bincount(other, minlength=n_people)
    return max(2.0, float(things.sum()) ** 2 / max(1.0, float((things.astype(np.float64) ** 2).sum())))


def median_between(found: Band) -> tuple[float | None, float | None]:
    """The 95% interval of the time that half of them last; None for an end that wasn't reached. After Brookmeyer & Crowley 1982."""
    low, high = found.low <= _HALF, found.high <= _HALF
    return (
        float(found.times[np.argmax(low)]) if low.any() else None,
        float(found.times[np.argmax(high)]) if high.any() else None,
    )


def level(found: Curve, time: float) -> float:
    """The share that lasts longer than some time."""
    at = int(np.searchsorted(found.times, time, side="right")) - 1
    return float(found.share[at]) if at >= 0 else 1.0


def share_and_spread(found: Curve, over: NDArray[np.bool_], one: Ints, other: Ints, n_people: int, time: float) -> tuple[float, float]:
    """The share that lasts longer than some time, and its standard error, as `band` has it."""
    share = level(found, time)
    step = int(np.searchsorted(found.times, time, side="right")) - 1
    if step < 0:
        return share, 0.0
    return share, float(share * np.sqrt(_variances(found, over, one, other, n_people, np.array([step]))[0]))


@njit(cache=True, nogil=True)
def _variance(
    order: NDArray[np.int64],
    place: NDArray[np.int64],
    own: NDArray[np.float64],
    drained: NDArray[np.float64],
    steps: NDArray[np.int64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    pair: NDArray[np.int64],
    n_people: int,
    n_pairs: int,
) -> NDArray[np.float64]:
    """Of log share at some steps: the squared sums of the influence over each person, less those over each pair, which came twice.

    What has come to its place has an influence of its own from then on; all that goes on has the same, that grows from step to step.
    """
    of_person, of_pair = np.zeros(n_people), np.zeros(n_pairs)
    on_person, on_pair = np.zeros(n_people), np.zeros(n_pairs)
    for k in range(len(place)):
        on_person[one[k]] += 1
        on_person[other[k]] += 1
        on_pair[pair[k]] += 1
    variance, at = np.empty(len(steps)), 0
    for step in range(len(steps)):
        while at < len(order) and place[order[at]] <= steps[step]:
            k = order[at]
            of_person[one[k]] += own[k]
            of_person[other[k]] += own[k]
            of_pair[pair[k]] += own[k]
            on_person[one[k]] -= 1
            on_person[other[k]] -= 1
            on_pair[pair[k]] -= 1
            at += 1
        total = 0.0
        for k in range(n_people):
            total += (of_person[k] - drained[step] * on_person[k]) ** 2
        for k in range(n_pairs):
            total -= (of_pair[k] - drained[step] * on_pair[k]) ** 2
        variance[step] = total
    return variance
