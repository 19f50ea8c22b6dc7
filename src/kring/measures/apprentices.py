"""Masters and apprentices: pairs in which one has helped the other for long, more than chance would have it, and hardly the other way."""

from dataclasses import dataclass, replace
from math import exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME
from kring.graph.build import from_pairs
from kring.graph.components import components
from kring.measures.cells import DAY_US
from kring.measures.helping import Help

LEAST_TIMES = 3
LEAST_DAYS = 30
_LEVEL = 0.01
"""Strict, as real circles have quarters and clubs that chance among all does not know of."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One who learned from another."""

    apprentice: int
    master: int
    times: int
    back: int
    """How often the apprentice helped the master."""
    days: int
    expected: float
    """How often chance would bring these two together, as much as he asked and the other answered."""
    p: float
    """The larger of two chances, both after the correction for many looks."""


def lasting(help: Help) -> list[Pair]:
    """The pairs that chance doesn't explain, most times first.

    Takes   help with its first and last times.
    Gives   pairs of at least three times over at least thirty days that pass two tests at 1%: more often than chance brings an asker and a
            helper together (Poisson, among those who hang together by help; times all pairs there could be, by Bonferroni), and more this way
            than that (sign test, after Holm 1979 over the pairs that passed the first). So in a network where who helps whom is chance, the
            chance that any pair at all is named is below 1%.
    Costs   O(m log m), and a sum of a few terms for each pair of three times or more.
    """
    n = max(help.n, 1)
    key = help.asker * n + help.helper
    order = np.argsort(key)
    asked, helped = np.bincount(help.asker, help.times, help.n), np.bincount(help.helper, help.times, help.n)
    part = components(from_pairs(help.asker, help.helper, directed=True, n=help.n))
    all_times = np.bincount(part[help.asker], help.times)
    looks = float((np.bincount(part[asked > 0], minlength=len(all_times)) * np.bincount(part[helped > 0], minlength=len(all_times))).sum())
    known = (help.first != NO_TIME) & (help.last != NO_TIME)
    days = np.where(known, (help.last - np.where(known, help.first, 0)) // DAY_US, 0)
    passed: list[Pair] = []
    for k in np.flatnonzero((help.times >= LEAST_TIMES) & known & (days >= LEAST_DAYS)).tolist():
        a, h, times = int(help.asker[k]), int(help.helper[k]), int(help.times[k])
        expected = float(asked[a] * helped[h]) / float(all_times[part[a]])
        p = looks * _poisson_tail(times, expected)
        if p <= _LEVEL:
            passed.append(Pair(a, h, times, _times(key, order, help.times, h * n + a), int(days[k]), expected, p))
    signs = [_sign_tail(pair.times, pair.times + pair.back) for pair in passed]
    found: list[Pair] = []
    for done, k in enumerate(sorted(range(len(passed)), key=signs.__getitem__)):
        p = (len(passed) - done) * signs[k]
        if p > _LEVEL:
            break
        found.append(replace(passed[k], p=max(passed[k].p, p)))
    return sorted(found, key=lambda pair: (-pair.times, pair.p, pair.master, pair.apprentice))


def _times(key: NDArray[np.int64], order: NDArray[np.int64], times: NDArray[np.int64], wanted: int) -> int:
    place = int(np.searchsorted(key, wanted, sorter=order))
    return int(times[order[place]]) if place < len(key) and key[order[place]] == wanted else 0


def _poisson_tail(k: int, mean: float) -> float:
    """The chance of k or more where so many are expected."""
    term = exp(k * log(mean) - mean - lgamma(k + 1)) if mean > 0 else 0.0
    total, j = 0.0, k
    while term > 1e-17 * total or (term > 0 and j < mean):
        total += term
        j += 1
        term *= mean / j
    return min(1.0, total)


def _sign_tail(k: int, n: int) -> float:
    """The chance of k heads or more in n throws of a coin."""
    return sum(exp(lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1) - n * log(2)) for j in range(k, n + 1))
