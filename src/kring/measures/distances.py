"""How many steps people are from each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from os import cpu_count

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import transpose, undirected
from kring.graph.components import largest_component
from kring.graph.observe import Part, observed_part
from kring.measures.saying import joined, t_quantile, unsaid
from kring.schema import Finding

SMALL = 1e8
"""People times arcs up to which all are searched from without asking what it costs."""
CHEAP = 4e9
"""Arcs walked along (with 512 sources at once) up to which everyone is searched from: some twenty seconds on one core."""
SAMPLE = 2048
WORDS = 8
"""Words of 64 sources searched together: 8 words are one cache line a node."""
DENSE = 8
"""A round looks back instead of walking on if more than one arc in so many leads out of an active node."""
_FIGURES = (
    "mean_distance",
    "median_distance",
    "effective_diameter",
    "diameter",
    "within_1",
    "within_2",
    "within_3",
    "reachable",
    "distance_distribution",
)
_PAPER = "Then et al. 2014, The more the merrier: efficient multi-source graph traversal"


def distances(graph: Graph, *, directed: bool = False, all_pairs: bool = False, sources: int = 0, seed: int = 0) -> tuple[Finding, ...]:
    """How many steps people are from each other: mean, median, spread, and the share of pairs within one, two and three steps.

    Takes   a graph. `directed`: along the ties only, ordered pairs. `all_pairs`: shares of all pairs of people, not of those in the largest
            weak component. `sources`: from how many people to search (0: everyone where that is cheap, else a sample of 2048, drawn by
            `seed`).
    Gives   people, n_ties, largest_component, mean_distance, median_distance, effective_diameter (90%, interpolated), diameter, within_1,
            within_2, within_3, reachable (the share of pairs with a path) and distance_distribution. Mean, median and diameters are over
            pairs with a path. Exact, or from a sample with a 95% interval of the estimator.
    Costs   O(sources / 512 * m * diameter / few) time; 200 bytes a node for each thread.
    Fails   never; without ties, or where other people's ties were not seen, the value is None with a warning.
    After   Then et al. 2014 (multi-source search in bits); effective diameter as in Leskovec et al. 2005, over pairs of different people.
    """
    part = observed_part(graph)
    whole = graph if directed else undirected(graph)
    counts = _counts(graph, whole, part)
    if part.graph is None:
        return (*counts, *unsaid(("largest_component", *_FIGURES), part.warning, boundary=part.boundary, cut=graph.cut))
    seen = part.graph if directed else undirected(part.graph)
    inside = largest_component(seen)
    size = int(inside.sum())
    component = _component(graph, seen, part, size)
    who = np.arange(seen.n) if all_pairs else np.flatnonzero(inside)
    if size < 2:
        return (*counts, component, *unsaid(_FIGURES, "there are no ties", boundary=part.boundary, cut=graph.cut))
    chosen, per_group = _chosen(who, sources or _affordable(seen, who, seed), seed)
    found = _search(seen, chosen, per_group, len(who), len(who) - 1)
    if not found.pairs.sum():
        return (*counts, component, *unsaid(_FIGURES, "nobody in the sample has a tie", boundary=part.boundary, cut=graph.cut))
    whom = (
        f"everyone ({size if not all_pairs else seen.n})" if len(chosen) == len(who) else f"a sample of {len(chosen)} of {len(who)} people"
    )
    where = f"of all {seen.n} people" if all_pairs else f"in the largest weakly connected part ({size} of {seen.n} people)"
    pairs = f"directed, ordered pairs {where}" if seen.directed else f"undirected, distinct pairs {where}"
    told = partial(
        Finding,
        n=len(who),
        method=f"{'exact' if len(chosen) == len(who) else 'sampled'}: breadth-first search from {whom}; {pairs}; self-ties left out",
        seed=None if len(chosen) == len(who) else seed,
        paper=_PAPER,
        warning=part.warning,
        boundary=part.boundary,
        cut=graph.cut,
    )
    return (*counts, component, *_figures(found, told, directed=seen.directed, warning=part.warning))


def _counts(graph: Graph, whole: Graph, part: Part) -> tuple[Finding, Finding]:
    method = "counted: pairs of people with a tie" + (", each direction for itself" if whole.directed else " in either direction")
    people = Finding(name="people", value=graph.n, n=graph.n, unit="people", method="counted", boundary=part.boundary, cut=graph.cut)
    ties = Finding(name="n_ties", value=whole.n_ties, n=graph.n, unit="ties", method=method, boundary=part.boundary, cut=graph.cut)
    return people, ties


def _component(graph: Graph, seen: Graph, part: Part, size: int) -> Finding:
    return Finding(
        name="largest_component",
        value=size,
        n=seen.n,
        unit="people",
        method="counted: the most people who are joined by ties, whatever their direction",
        warning=part.warning,
        boundary=part.boundary,
        cut=graph.cut,
    )


def _affordable(graph: Graph, who: NDArray[np.int64], seed: int) -> int:
    """How many people to search from: everyone, if a first search from 512 of them shows that to be cheap; else a sample."""
    if float(len(who)) * graph.n_arcs <= SMALL:
        return len(who)
    probe = np.random.default_rng(seed).permutation(who)[: 64 * WORDS]
    k = np.arange(len(probe))
    _, walked = _levels(*_both_ways(graph), probe, k // 64, (k % 64).astype(np.uint64))
    return len(who) if walked * len(who) / len(probe) <= CHEAP else min(SAMPLE, len(who))


def _chosen(who: NDArray[np.int64], sources: int, seed: int) -> tuple[NDArray[np.int64], int]:
    """The people to search from, and how many of them go into one group: the groups, some 32 or more, give the interval."""
    sources = max(sources, 2)
    if sources >= len(who):
        return who, 64
    drawn = np.random.default_rng(seed).permutation(who)[:sources]
    return drawn, min(64, -(-sources // 32))


def _figures(found: "_Found", told: Callable[..., Finding], *, directed: bool, warning: str) -> tuple[Finding, ...]:
    """The findings from the number of pairs at each distance."""
    value, low, high = _estimated(found)
    exact = low is value
    by = "none" if exact else "estimator"

    def at(name: str, place: int, unit: str) -> Finding:
        ends = {} if exact else {"low": float(low[place]), "high": float(high[place])}
        return told(name=name, value=float(value[place]), unit=unit, interval_of=by, **ends)

    def step(name: str, quantile: Callable[[NDArray[np.float64]], float]) -> Finding:
        ends = {} if exact else {"low": quantile(high[_CDF:]), "high": quantile(low[_CDF:])}
        return told(name=name, value=quantile(value[_CDF:]), unit="steps", interval_of=by, **ends)

    pairs = found.pairs.sum(axis=0)
    longest = len(pairs)
    least = {} if exact else {"low": longest, "warning": joined(warning, "at least this: a longer way may begin outside the sample")}
    every = int(found.sources.sum()) * found.others
    return (
        at("mean_distance", _MEAN, "steps"),
        step("median_distance", _median),
        step("effective_diameter", _effective),
        told(name="diameter", value=longest, unit="steps", interval_of=by, **least),
        *(at(f"within_{steps}", steps, "share of pairs") for steps in (1, 2, 3)),
        at("reachable", _REACHABLE, "share of pairs"),
        told(
            name="distance_distribution",
            value=int(pairs.sum()) // (1 if directed else 2),
            unit="pairs found; the series is the share of pairs at each distance",
            series=tuple((steps + 1, float(pairs[steps] / every)) for steps in range(longest)),
        ),
    )


_MEAN, _REACHABLE, _CDF = 0, 4, 5
"""Places in a row of statistics: mean, within 1, 2, 3, reachable, then the share of connected pairs within each distance."""


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """How many pairs were found at each distance, by group of sources."""

    pairs: NDArray[np.int64]
    """int64[groups, longest]: column d is distance d + 1."""
    sources: NDArray[np.int64]
    """int64[groups]: how many people the group searched from."""
    population: int
    others: int
    """How many people there are for each to be paired with."""


def _statistics(pairs: NDArray[np.int64], sources: int, others: int) -> NDArray[np.float64]:
    within = np.cumsum(pairs)
    connected = max(int(within[-1]), 1)
    mean = float((pairs * np.arange(1, len(pairs) + 1)).sum()) / connected
    shares = [float(within[min(steps, len(within)) - 1]) / (sources * others) for steps in (1, 2, 3, len(within))]
    return np.concatenate(([mean, *shares], within / connected))


def _estimated(found: _Found) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The statistics and the ends of their 95% intervals; all three the same object where everyone was searched from.

    After   the delete-one-group jackknife with finite population correction (Wolter 2007, Introduction to Variance Estimation, chapter 4).
    """
    total, sources = found.pairs.sum(axis=0), int(found.sources.sum())
    value = _statistics(total, sources, found.others)
    groups = len(found.sources)
    if sources == found.population:
        return value, value, value
    without = np.stack([_statistics(total - found.pairs[k], sources - int(found.sources[k]), found.others) for k in range(groups)])
    variance = (groups - 1) / groups * ((without - without.mean(axis=0)) ** 2).sum(axis=0) * (1 - sources / found.population)
    half = t_quantile(groups - 1) * np.sqrt(variance)
    low, high = value - half, value + half
    low[1:], high[1:] = np.maximum(low[1:], 0.0), np.minimum(high[1:], 1.0)
    return value, low, high


def _median(within: NDArray[np.float64]) -> int:
    """The fewest steps within which half of the connected pairs lie."""
    return int(np.argmax(within >= 0.5)) + 1 if within[-1] >= 0.5 else len(within)


def _effective(within: NDArray[np.float64]) -> float:
    """The steps within which 90% of the connected pairs lie, interpolated between whole steps."""
    steps = int(np.argmax(within >= 0.9)) if within[-1] >= 0.9 else len(within) - 1
    before = float(within[steps - 1]) if steps else 0.0
    rise = float(within[steps]) - before
    return steps + min(1.0, (0.9 - before) / rise) if rise > 0 else float(steps + 1)


def _both_ways(graph: Graph) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32]]:
    back = transpose(Graph(graph.offsets, graph.targets, directed=graph.directed))
    return graph.offsets, graph.targets, back.offsets, back.targets


def _search(graph: Graph, chosen: NDArray[np.int64], per_group: int, population: int, others: int) -> _Found:
    """Searches from the chosen people, `WORDS` groups at a time on each thread. Sums of whole numbers: the same for any threads."""
    groups = [chosen[k : k + per_group] for k in range(0, len(chosen), per_group)]
    batches = [groups[k : k + WORDS] for k in range(0, len(groups), WORDS)]
    threads = max(1, min(cpu_count() or 1, len(batches), int(4e9 // (200 * graph.n + 1))))

    arrays = _both_ways(graph)

    def search(batch: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        word = np.repeat(np.arange(len(batch)), [len(group) for group in batch])
        bit = np.concatenate([np.arange(len(group)) for group in batch])
        found: NDArray[np.int64] = _levels(*arrays, np.concatenate(batch), word, bit.astype(np.uint64))[0]
        return found[: len(batch)]

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(search, batches))
    longest = max(part.shape[1] for part in parts)
    pairs = np.concatenate([np.pad(part, ((0, 0), (0, longest - part.shape[1]))) for part in parts])
    return _Found(pairs, np.array([len(group) for group in groups], np.int64), population, others)


@njit(cache=True, nogil=True)
def _levels(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    in_offsets: NDArray[np.int64],
    in_targets: NDArray[np.uint32],
    sources: NDArray[np.int64],
    word: NDArray[np.int64],
    bit: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], int]:
    """int64[WORDS, longest]: how many (source, node) pairs each word finds at each distance; and how many arcs were walked along.

    A round with few active nodes walks on from those; one with many looks back from every node that not all sources have found yet.
    """
    n = len(offsets) - 1
    seen = np.zeros((n, WORDS), np.uint64)
    front = np.zeros((n, WORDS), np.uint64)
    coming = np.zeros((n, WORDS), np.uint64)
    everyone = np.zeros(WORDS, np.uint64)
    touched = np.zeros(n, np.bool_)
    active, following = np.empty(n, np.int64), np.empty(n, np.int64)
    n_active = 0
    for k in range(len(sources)):
        if not touched[sources[k]]:
            touched[sources[k]] = True
            active[n_active] = sources[k]
            n_active += 1
        mark = np.uint64(1) << bit[k]
        seen[sources[k], word[k]] |= mark
        front[sources[k], word[k]] |= mark
        everyone[word[k]] |= mark
    touched[:] = False
    found = np.zeros((WORDS, 16), np.int64)
    level = walked = 0
    while n_active:
        ahead = 0
        for k in range(n_active):
            ahead += offsets[active[k] + 1] - offsets[active[k]]
        if DENSE * ahead > len(targets):
            n_touched, steps = _look_back(in_offsets, in_targets, front, coming, seen, everyone, following)
            walked += steps
        else:
            n_touched = _walk_on(offsets, targets, front, coming, active[:n_active], touched, following)
            walked += ahead
        if level == found.shape[1]:
            wider = np.zeros((WORDS, 2 * level), np.int64)
            wider[:, :level] = found
            found = wider
        n_active = _settle(following[:n_touched], front, coming, seen, found[:, level], active)
        level += n_active > 0
    return found[:, :level], walked


@njit(cache=True, nogil=True)
def _walk_on(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    front: NDArray[np.uint64],
    coming: NDArray[np.uint64],
    active: NDArray[np.int64],
    touched: NDArray[np.bool_],
    following: NDArray[np.int64],
) -> int:
    """Brings what the active nodes hold to their neighbours, whom it lists in `following`."""
    n_touched = 0
    for node in active:
        for arc in range(offsets[node], offsets[node + 1]):
            other = targets[arc]
            for w in range(WORDS):
                coming[other, w] |= front[node, w]
            if not touched[other]:
                touched[other] = True
                following[n_touched] = other
                n_touched += 1
        for w in range(WORDS):
            front[node, w] = 0
    for k in range(n_touched):
        touched[following[k]] = False
    return n_touched


@njit(cache=True, nogil=True)
def _look_back(
    in_offsets: NDArray[np.int64],
    in_targets: NDArray[np.uint32],
    front: NDArray[np.uint64],
    coming: NDArray[np.uint64],
    seen: NDArray[np.uint64],
    everyone: NDArray[np.uint64],
    following: NDArray[np.int64],
) -> tuple[int, int]:
    """The same, each node asking those before it. Eight words by name stay in registers, which makes this five times as fast as a loop."""
    n_touched = walked = 0
    for node in range(len(in_offsets) - 1):
        missing = False
        for w in range(WORDS):
            missing |= seen[node, w] != everyone[w]
        if not missing:
            continue
        a = b = c = d = e = f = g = h = np.uint64(0)
        begin, end = in_offsets[node], in_offsets[node + 1]
        for arc in range(begin, end):
            other = in_targets[arc]
            a |= front[other, 0]
            b |= front[other, 1]
            c |= front[other, 2]
            d |= front[other, 3]
            e |= front[other, 4]
            f |= front[other, 5]
            g |= front[other, 6]
            h |= front[other, 7]
        walked += end - begin
        if a | b | c | d | e | f | g | h:
            coming[node, 0], coming[node, 1], coming[node, 2], coming[node, 3] = a, b, c, d
            coming[node, 4], coming[node, 5], coming[node, 6], coming[node, 7] = e, f, g, h
            following[n_touched] = node
            n_touched += 1
    front[:] = 0
    return n_touched, walked


@njit(cache=True, nogil=True)
def _settle(
    nodes: NDArray[np.int64],
    front: NDArray[np.uint64],
    coming: NDArray[np.uint64],
    seen: NDArray[np.uint64],
    found: NDArray[np.int64],
    active: NDArray[np.int64],
) -> int:
    """Takes in what came to these nodes, counts what is new, and lists in `active` those to whom anything was."""
    n_active = 0
    for node in nodes:
        is_new = False
        for w in range(WORDS):
            new = coming[node, w] & ~seen[node, w]
            coming[node, w] = 0
            front[node, w] = new
            if new:
                is_new = True
                seen[node, w] |= new
                found[w] += _ones(new)
        if is_new:
            active[n_active] = node
            n_active += 1
    return n_active


@njit(cache=True, inline="always")
def _ones(word: np.uint64) -> np.int64:
    """How many bits are set. After Warren 2012, Hacker's Delight, 5-1."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
