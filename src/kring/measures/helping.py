"""Who helped whom, how often, with what thanks and for how long: from answers, or from a network whose ties are help."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Columns, Graph
from kring.graph.build import from_pairs, sources_of, undirected
from kring.graph.parts import parts_without
from kring.measures.answering import flag, whole

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNTHANKED = 0.5
"""What help counts that nobody thanked for or accepted, where it is known of other help that somebody did."""
RETURNED = 0.5
"""What help counts among two who help each other: a favour, and a ring of two, look alike."""
AT_HOME = 0.5
"""What help counts within one's own group, where groups were given."""
BODY = 0.5
"""Part of the largest component: people who hang together with so many others, also without the one who helped them, speak for themselves."""
_MOST_TIMES = 2**53
"""Larger sums of times are no longer exact, and weights so large count something else."""
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True, eq=False)
class Help:
    """Pairs of somebody who was helped and who helped, each once; nobody helps himself."""

    n: int
    asker: Ints
    helper: Ints
    times: Ints
    praised: NDArray[np.bool_]
    """The asker thanked, or took the answer, at least once."""
    first: Ints
    last: Ints
    praise_known: bool
    times_known: bool


def from_posts(posts: Columns, n: int) -> Help:
    """Answers to questions of other people, by people; bots and automatic replies help nobody."""
    author, parent, at = whole(posts, "author"), whole(posts, "parent"), whole(posts, "at")
    thanked = flag(posts, "thanked") if "thanked" in posts.arrays else np.zeros(posts.n, np.bool_)
    person = (author >= 0) & ~flag(posts, "by_bot") & ~flag(posts, "automatic")
    helps = np.flatnonzero(flag(posts, "answer") & person & (parent >= 0))
    helps = helps[flag(posts, "question")[parent[helps]] & person[parent[helps]] & (author[parent[helps]] != author[helps])]
    asker, helper = author[parent[helps]], author[helps]
    praised = (flag(posts, "accepted") | thanked)[helps]
    _, pair, times = np.unique(asker * max(n, 1) + helper, return_inverse=True, return_counts=True)
    when, known = at[helps], at[helps] != NO_TIME
    first, last = np.full(len(times), np.iinfo(np.int64).max), np.full(len(times), NO_TIME)
    np.minimum.at(first, pair[known], when[known])
    np.maximum.at(last, pair[known], when[known])
    one = np.zeros(len(times), np.int64)
    one[pair] = np.arange(len(pair))
    return Help(
        n,
        asker[one],
        helper[one],
        times.astype(np.int64),
        np.bincount(pair, praised, len(times)) > 0,
        np.where(last == NO_TIME, NO_TIME, first),
        last,
        bool(praised.any()),
        True,
    )


def from_graph(graph: Graph, *, turned: bool) -> Help:
    """A network's ties, from who was helped to who helped; bad ratings (a sign or weight below 0) are no help."""
    weights = graph.weights if graph.weights is not None else np.ones(graph.n_arcs)
    kept = np.flatnonzero((weights > 0) & (np.ones(graph.n_arcs, np.bool_) if graph.signs is None else graph.signs >= 0))
    source, target = sources_of(graph).astype(np.int64)[kept], graph.targets.astype(np.int64)[kept]
    counts = bool((weights[kept] == np.round(weights[kept])).all() and weights[kept].sum() < _MOST_TIMES)
    never = np.full(len(kept), NO_TIME)
    return Help(
        graph.n,
        target if turned else source,
        source if turned else target,
        np.round(weights[kept]).astype(np.int64) if counts else np.ones(len(kept), np.int64),
        np.zeros(len(kept), np.bool_),
        never if graph.first_at is None else graph.first_at[kept],
        never if graph.last_at is None else graph.last_at[kept],
        False,
        counts,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Credit:
    """What each helper's help counts, and of what that is made."""

    value: Floats
    low: Floats
    high: Floats
    people: Ints
    """How many different people they helped."""
    praised: Ints
    alone: Ints
    """How many of these are tied to the others only through the helper: all of them together speak with a small voice."""
    outside: Ints
    returned: Ints


def credit(help: Help, group: Ints | None) -> Credit:
    """What each helper's help counts: a sum over the people helped, each once, however often.

    Takes   the help, and int[n] with each one's group where groups were given (-1: not known).
    Gives   a Credit. Each person who was helped counts 1; half where they neither thanked nor took the answer, half where they helped back, half
            within the same group. Those who without this helper no longer hang together with half of the largest component (people whom nobody
            else had to do with, and crowds of such) count log2(1 + the sum of theirs) together.
    Costs   O(m log degree); 200 bytes a pair.
    After   for the interval Fay & Feuer 1997 (weighted sums of counts, from gamma distributions).
    """
    n, a, h = help.n, help.asker, help.helper
    worth = np.where(help.praised | (not help.praise_known), 1.0, UNTHANKED)
    pairs = np.sort(a * max(n, 1) + h)
    back = h * max(n, 1) + a
    returned = pairs[np.minimum(np.searchsorted(pairs, back), max(0, len(pairs) - 1))] == back if len(pairs) else np.zeros(0, np.bool_)
    worth = worth * np.where(returned, RETURNED, 1.0)
    known = np.zeros(len(a), np.bool_) if group is None else (group[a] >= 0) & (group[h] >= 0)
    same = np.zeros(len(a), np.bool_) if group is None else known & (group[a] == group[h])
    worth = worth * np.where(same, AT_HOME, 1.0)
    alone = ~_of_the_body(help)

    def total(values: NDArray[np.generic], which: NDArray[np.bool_]) -> Floats:
        return np.asarray(np.bincount(h[which], np.asarray(values, np.float64)[which], n), np.float64)

    def count(which: NDArray[np.bool_]) -> Ints:
        return np.bincount(h[which], minlength=n).astype(np.int64)

    small = total(worth, alone)
    each = 1 / ((1 + small) * np.log(2))
    """What one more of them adds."""
    value = total(worth, ~alone) + np.log2(1 + small)
    variance = total(worth**2, ~alone) + total(worth**2, alone) * each**2
    low, high = _ends(value, variance)
    return Credit(
        value,
        low,
        high,
        count(np.ones(len(a), np.bool_)),
        count(help.praised),
        count(alone),
        count(known & ~same),
        count(returned),
    )


def _of_the_body(help: Help) -> NDArray[np.bool_]:
    """For each pair: does the asker hang together with most others, also without the helper?"""
    ties = undirected(from_pairs(help.asker, help.helper, directed=True, n=help.n))
    sizes = parts_without(ties)
    keys = sources_of(ties).astype(np.int64) * max(help.n, 1) + ties.targets
    place = np.searchsorted(keys, help.helper * max(help.n, 1) + help.asker)
    return sizes[place] >= BODY * sizes.max(initial=0) if len(place) else np.zeros(0, np.bool_)


def groups_of(help: Help, group: Ints) -> Ints:
    """int64[n]: in how many groups those are whom each helped."""
    known = group[help.asker] >= 0
    width = int(group.max(initial=0)) + 1
    cells = np.unique(help.helper[known] * width + group[help.asker[known]])
    return np.bincount(cells // width, minlength=help.n).astype(np.int64)


def _ends(value: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The 95% interval of a weighted sum of counts: what such help would count for, had chance brought other people by."""
    part = np.divide(variance, value, out=np.ones_like(value), where=value > 0)
    low = np.where(value > 0, part * _gamma(np.divide(value, part), -_Z), 0.0)
    more = value + part / 2
    high = part * _gamma(more / part + 0.5, _Z)
    return low, np.where(value > 0, high, 0.0)


def _gamma(shape: Floats, z: float) -> Floats:
    """The point of a gamma distribution (scale 1) at a normal's z. After Wilson & Hilferty 1931; within 1% from a shape of 1."""
    shape = np.maximum(shape, 1e-9)
    quantile: Floats = shape * np.maximum(0.0, 1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape))) ** 3
    return quantile


def top_share(value: Floats) -> float:
    """The share of all credit that the tenth with most has."""
    most = np.sort(value[value > 0])[::-1]
    return float(most[: max(1, round(0.1 * len(most)))].sum() / most.sum())


def rank_correlation(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Spearman's, with its 95% interval. After Bonett & Wright 2000."""
    rho = correlation(_midranks(x), _midranks(y))
    half = _Z * sqrt((1 + rho**2 / 2) / max(1, len(x) - 3))
    centre = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    return rho, float(np.tanh(centre - half)), float(np.tanh(centre + half))


def correlation(x: Floats, y: Floats) -> float:
    """Pearson's."""
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / sqrt(float(x @ x) * float(y @ y)))


def _midranks(values: Floats) -> Floats:
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(times) - (times - 1) / 2)[place]
    return ranks
