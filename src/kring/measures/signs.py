"""How well good ratings can be told from bad ones before they are seen: what others say of the one who is rated, against simple baselines.

Ties are held out in parts. A part is foretold from all ties but its own, and each good rating in it is compared with each bad one: the share of
pairs in which the good one was given the higher score is the AUC. The interval is one over people: two ratings that share a person, on
whichever side, count as dependent.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Graph
from kring.graph.build import like, sources_of, transpose
from kring.graph.flow import flow
from kring.graph.slices import with_arcs
from kring.measures.saying import t_quantile
from kring.schema import FEWEST_PEOPLE

PARTS = 5
LATER = 0.2
"""The share of ties, the latest ones, that is held out where time decides."""
TRUSTED_COUNTS = 4.0
"""The word of somebody whom the rater vouches for counts as much as that of so many others."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Signed ties, in the order of the graph's arcs."""

    graph: Graph
    source: Ints
    target: Ints
    sign: NDArray[np.int8]
    strength: Floats
    opposite: Ints
    """For each tie the one from its target to its source, -1 where there is none."""


def ratings_of(graph: Graph) -> Ratings:
    """Ties with a sign each: the file's, else that of their weights, else good. Weights are how strong each is."""
    strength = np.ones(graph.n_arcs) if graph.weights is None else np.abs(graph.weights)
    sign = graph.signs if graph.signs is not None else np.sign(graph.weights) if graph.weights is not None else np.ones(graph.n_arcs)
    source, target = sources_of(graph).astype(np.int64), graph.targets.astype(np.int64)
    return Ratings(like(graph, weights=strength), source, target, sign.astype(np.int8), strength, _opposites(source, target))


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An AUC, and how far each tie moves it."""

    auc: float
    influence: Floats
    """float64[m]: what each tie adds to the AUC's deviation from its expectation; 0 for ties that were never held out."""
    parts: int
    """In how many parts ties were held out in turn."""


def parts_by_chance(ratings: Ratings, seed: int) -> Ints:
    """The part of each tie, `PARTS` of them, each with its share of the good and of the bad."""
    draw = np.random.default_rng(seed)
    part = np.full(len(ratings.sign), -1, np.int64)
    for good in (True, False):
        which = draw.permutation(np.flatnonzero(ratings.sign > 0 if good else ratings.sign < 0))
        part[which] = np.arange(len(which)) % PARTS
    return part


def parts_by_time(ratings: Ratings) -> Ints:
    """Part 0 for the latest ties with a sign, -1 for those before them; -1 for all where times aren't known."""
    part = np.full(len(ratings.sign), -1, np.int64)
    at = ratings.graph.first_at
    if at is None or (at == NO_TIME).any():
        return part
    signed = np.flatnonzero(ratings.sign != 0)
    order = signed[np.argsort(at[signed], kind="stable")]
    part[order[int((1 - LATER) * len(order)) :]] = 0
    return part


def too_few_signs(ratings: Ratings, part: Ints) -> str:
    """The warning where too few were rated badly, or well, to foretell anything; else ""."""
    if not (ratings.sign < 0).any():
        return "nobody here is rated badly: there is nothing to tell apart"
    if not (part >= 0).any():
        return "it isn't known when these ties began"
    for word, sign in (("good", 1), ("bad", -1)):
        which = (part >= 0) & (ratings.sign == sign)
        people = min(len(np.unique(ratings.target[which])), len(np.unique(ratings.source[which])))
        if people < FEWEST_PEOPLE:
            return f"too few to say: {word} ratings of or by {people} people, and nothing is said about fewer than {FEWEST_PEOPLE}"
    return ""


def foretold(ratings: Ratings, part: Ints, begins: Floats | None, damping: float) -> dict[str, Told]:
    """How well each way of telling does, by name; "" is trust itself.

    Costs   O(m) for each part and round of its flow, and for each tie a search of the shorter list of ties in the longer.
    """
    scores: dict[str, Floats] = _from_ties(ratings, part)
    scores["flow"] = np.zeros(len(part))
    for each in range(int(part.max(initial=-1)) + 1):
        hidden = part == each
        scores["flow"][hidden] = _trust_without(ratings, hidden, begins, damping)[ratings.target[hidden]]
    return {name: _told(score, ratings.sign, part) for name, score in scores.items()}


def flowing(ratings: Ratings, begins: Floats | None, damping: float, seen: NDArray[np.bool_] | None = None) -> Floats:
    """The share of all trust at each person, along the good ratings only: distrust is nothing that can be passed on."""
    good = ratings.sign > 0 if seen is None else (ratings.sign > 0) & seen
    return flow(with_arcs(ratings.graph, good), personal=begins, damping=damping, tolerance=1e-8)


def _trust_without(ratings: Ratings, hidden: NDArray[np.bool_], begins: Floats | None, damping: float) -> Floats:
    """Trust of each as it would be without these ties; 1 is the mean."""
    return ratings.graph.n * lowered(ratings, flowing(ratings, begins, damping, ~hidden), ~hidden)


def lowered(ratings: Ratings, share: Floats, seen: NDArray[np.bool_] | None = None) -> Floats:
    """Trust after what the trusted say against somebody: by that part of their words, each as heavy as its speaker's trust; never below 0."""
    weight = share[ratings.source] * np.abs(ratings.strength)
    if seen is not None:
        weight = weight * seen
    n = ratings.graph.n
    good = np.bincount(ratings.target, weight * (ratings.sign > 0), n)
    bad = np.bincount(ratings.target, weight * (ratings.sign < 0), n)
    part = np.divide(bad, good, out=(bad > 0).astype(np.float64), where=good > 0)
    lower: Floats = share * np.maximum(0.0, 1 - part)
    return lower


def interval(told: Told, ratings: Ratings) -> tuple[float, float]:
    """The 95% interval of an AUC over people.

    Where every tie is held out in turn, it is also among those from which the others are foretold, and moves the AUC that way too. Its
    influence doesn't tell: so the variance is taken 1 / (parts - 1) larger. (Nadeau & Bengio 2003 say why some such allowance is needed; that
    this one does is shown by simulations, `bench/coverage_trust.py`.)
    """
    half = half_width(told.influence, ratings) * sqrt(1 + (1 / (told.parts - 1) if told.parts > 1 else 0))
    return max(0.0, told.auc - half), min(1.0, told.auc + half)


def gain(told: Told, base: Told, ratings: Ratings) -> tuple[float, float, float]:
    """How much better than a baseline on the same ties, with its 95% interval over people."""
    more, half = told.auc - base.auc, half_width(told.influence - base.influence, ratings)
    return more, more - half, more + half


def half_width(influence: Floats, ratings: Ratings) -> float:
    """Half the 95% interval of a sum over ties of which those that share a person depend on each other.

    After   DeLong, DeLong & Clarke-Pearson 1988 (what each tie adds to an AUC); Fafchamps & Gubert 2007 and Aronow, Samii & Assenova 2015
            (sums over pairs that share a member, with no model of how); Satterthwaite 1946 (how many people, alike in weight, the sum is
            worth: where a few rate or are rated most, it is few, and the interval wider. A normal's fourth power is 3 times its variance's square).
    """
    n = ratings.graph.n
    of_person = np.bincount(ratings.source, influence, n) + np.bincount(ratings.target, influence, n)
    opposite = ratings.opposite
    there = opposite >= 0
    own = float((influence**2).sum())
    twice = own + float((influence[there] * influence[opposite[there]]).sum())
    squares = of_person**2
    if not squares.any():
        return 0.0
    worth = 3 * float(squares.sum()) ** 2 / float((squares**2).sum())
    return t_quantile(int(worth)) * sqrt(max(float(squares.sum()) - twice, own))


def _opposites(source: Ints, target: Ints) -> Ints:
    if not len(source):
        return np.empty(0, np.int64)
    keys, wanted = (source << 32) | target, (target << 32) | source
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1).astype(np.int64)


def _from_ties(ratings: Ratings, part: Ints) -> dict[str, Floats]:
    """Scores that need no flow: for each tie, from all ties but those of its own part."""
    sign, n = ratings.sign.astype(np.float64), ratings.graph.n
    mean = float(sign[sign != 0].mean())
    parts = int(part.max(initial=-1)) + 1

    def others(end: Ints, values: Floats) -> Floats:
        """The sum over the ties of the same person, without those of the tie's own part."""
        total = np.bincount(end, values, n)[end]
        held = part >= 0
        cell = end * parts + np.maximum(part, 0)
        own = np.bincount(cell[held], values[held], n * parts) if parts else np.zeros(0)
        return np.asarray(total - np.where(held, own[cell] if parts else 0.0, 0.0), np.float64)

    signed = (sign != 0).astype(np.float64)
    received_n, received = others(ratings.target, signed), others(ratings.target, sign)
    given_n, given = others(ratings.source, signed), others(ratings.source, sign)
    turned = transpose(ratings.graph)
    heard, said = _heard(
        ratings.graph.offsets,
        ratings.graph.targets,
        ratings.sign,
        part,
        turned.offsets,
        turned.targets,
        _origin(ratings),
    )
    opposite = ratings.opposite
    known = (opposite >= 0) & ~((part[opposite] == part) & (part >= 0))
    more = TRUSTED_COUNTS - 1
    return {
        "": (received + mean + more * said) / (received_n + 1 + more * heard),
        "baseline_received": (received + mean) / (received_n + 1),
        "baseline_in_degree": received_n,
        "baseline_given": (given + mean) / (given_n + 1),
        "baseline_returned": np.where(known, sign[opposite], mean),
        "baseline_received_and_given": (received + mean) / (received_n + 1) + (given + mean) / (given_n + 1),
    }


def _origin(ratings: Ratings) -> Ints:
    """For each arc of the graph turned round, where it lies in the graph itself."""
    return np.lexsort((ratings.source, ratings.target))


def _told(score: Floats, sign: NDArray[np.int8], part: Ints) -> Told:
    """The mean AUC over the parts; scores that differ by their last digits are equal."""
    parts = int(part.max(initial=-1)) + 1
    influence, aucs = np.zeros(len(part)), []
    for each in range(parts):
        which = np.flatnonzero((part == each) & (sign != 0))
        above, auc = above_others(np.round(score[which], 9), sign[which] > 0)
        influence[which] = above / parts
        aucs.append(auc)
    return Told(float(np.mean(aucs)), influence, parts)


def above_others(score: Floats, good: NDArray[np.bool_]) -> tuple[Floats, float]:
    """What each adds to the AUC's deviation, and the AUC: the share of pairs of a good and a bad one that are in order, half where equal."""
    among_all, among_good, among_bad = _midranks(score), np.zeros(len(score)), np.zeros(len(score))
    among_good[good], among_bad[~good] = _midranks(score[good]), _midranks(score[~good])
    n_good, n_bad = int(good.sum()), int((~good).sum())
    in_order = np.where(good, (among_all - among_good) / n_bad, 1 - (among_all - among_bad) / n_good)
    auc = float(in_order[good].mean())
    of_good, of_bad = (sqrt(n * max(1, n - 1)) for n in (n_good, n_bad))  # n - 1: deviations are from the mean of just these
    return (in_order - auc) / np.where(good, of_good, of_bad), auc


def _midranks(values: Floats) -> Floats:
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(times) - (times - 1) / 2)[place]
    return ranks


@njit(cache=True, nogil=True)
def _heard(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    sign: NDArray[np.int8],
    part: NDArray[np.int64],
    back_offsets: NDArray[np.int64],
    back_targets: NDArray[np.uint32],
    origin: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each held-out tie (a, b): how many whom a vouches for rated b, and the sum of their signs; without ties of its own part."""
    heard, said = np.zeros(len(targets)), np.zeros(len(targets))
    for a in range(len(offsets) - 1):
        for tie in range(offsets[a], offsets[a + 1]):
            if part[tie] < 0:
                continue
            b = targets[tie]
            first, last = offsets[a], offsets[a + 1]
            other, end = back_offsets[b], back_offsets[b + 1]
            if last - first > end - other:
                for k in range(other, end):
                    own = _found(targets, first, last, back_targets[k])
                    if own >= 0 and sign[own] > 0 and part[own] != part[tie] and part[origin[k]] != part[tie]:
                        heard[tie] += sign[origin[k]] != 0
                        said[tie] += sign[origin[k]]
            else:
                for own in range(first, last):
                    if sign[own] > 0 and part[own] != part[tie]:
                        k = _found(back_targets, other, end, targets[own])
                        if k >= 0 and part[origin[k]] != part[tie]:
                            heard[tie] += sign[origin[k]] != 0
                            said[tie] += sign[origin[k]]
    return heard, said


@njit(cache=True, nogil=True)
def _found(targets: NDArray[np.uint32], low: int, high: int, wanted: int) -> int:
    """Where `wanted` is between two places of a sorted array, -1 if it isn't."""
    end = high
    while low < high:
        middle = (low + high) // 2
        if targets[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < end and targets[low] == wanted else -1
