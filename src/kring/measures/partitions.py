"""Divisions of people into groups beside each other: how alike two are, how firmly each person belongs, which group became which."""

import numpy as np
from numpy.typing import NDArray

Groups = NDArray[np.integer]
"""A group's number for each person, from 0."""
Floats = NDArray[np.float64]


def shared(one: Groups, other: Groups) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """How many people each group of the one has in common with each of the other: two groups and their number, where it isn't nought.

    Costs   O(n log n) time.
    """
    width = int(other.max(initial=0)) + 1
    pair, n = np.unique(one.astype(np.int64) * width + other, return_counts=True)
    return pair // width, pair % width, n


def nmi(one: Groups, other: Groups) -> float:
    """How alike two divisions of the same people are: 1 the same, 0 one says nothing about the other.

    After   the mutual information, divided by the mean of both entropies: Danon et al. 2005. Of two divisions that are one group each: 1.
    """
    n = len(one)
    if not n:
        return 1.0
    a, b, both = shared(one, other)
    of_one, of_other = np.bincount(one), np.bincount(other)
    entropies = _entropy(of_one, n) + _entropy(of_other, n)
    if entropies == 0:
        return 1.0
    mutual = float((both / n * np.log(both * n / (of_one[a] * of_other[b]))).sum())
    return min(1.0, max(0.0, 2 * mutual / entropies))


def likeness(one: Groups, other: Groups) -> Floats:
    """For each person, how alike his groups in two divisions are: those in both, of those in either (Jaccard 1912)."""
    a, b, both = shared(one, other)
    width = int(other.max(initial=0)) + 1
    share = both / (np.bincount(one)[a] + np.bincount(other)[b] - both)
    return share[np.searchsorted(a * width + b, one.astype(np.int64) * width + other)].astype(np.float64)


def _entropy(sizes: NDArray[np.int64], n: int) -> float:
    p = sizes[sizes > 0] / n
    return float(-(p * np.log(p)).sum())
