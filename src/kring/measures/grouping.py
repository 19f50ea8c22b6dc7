"""Groups found by ties alone: how fine, how firm, and whether there are more ties within them than chance would give."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import degrees, like, sources_of, undirected
from kring.graph.leiden import Membership, by_size, inside_and_expected, leiden, modularity
from kring.graph.null_models import rewired
from kring.graph.slices import with_arcs
from kring.graph.threads import each
from kring.graph.watch import told
from kring.measures.partitions import likeness, nmi
from kring.measures.saying import t_quantile

LARGE = 200_000
"""Ties from which a run takes a second, and several where it goes on until nothing changes: then fewer runs are made, and none so long."""
RUNS, RUNS_OF_LARGE = 20, 4
FIRM = 2 / 3
"""A person belongs firmly if his group has this much in common with his group in other runs, on average."""
SMALLEST = 3
"""Fewer people who belong together firmly are no group."""
FINEST, COARSEST = 2.0**12, 2.0**-4
"""Resolutions that are looked at lie between these."""
_AGREEING = 3
_LOOKS = 10
"""Runs at each resolution that is looked at."""
_ALIKE = 0.9
"""Runs as alike as this (NMI), on average, find the same groups."""
_TWICE = 2
"""Runs in each random network, and in the network itself where the two are compared."""
_HEAVIEST = 1e100
"""Products of the sums of heavier ties are beyond what a float64 holds."""
_LEAST_SPREAD = 1e-3
"""Modularity is not compared any finer than this: where all random networks are nearly one, their spread says nothing."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """What several runs of Leiden found at one resolution, each with its own seed."""

    groups: tuple[Membership, ...]
    """Of the people who have ties."""

    def of_everybody(self, ties: "Ties", run: int) -> Membership:
        """The groups of a run as of all nodes; what those without ties are in means nothing."""
        groups = np.zeros(ties.graph.n, np.int32)
        groups[ties.people] = self.groups[run]
        return groups

    def stability(self) -> tuple[float, float, float]:
        """How alike two runs are (NMI), on average over all pairs, and its 95% interval over seeds: leaving out one run at a time.

        After   Arvesen 1969, Jackknifing U-statistics.
        """
        n = len(self.groups)
        if n < 2:
            return 1.0, 0.0, 1.0
        alike = np.zeros((n, n))
        for a, b in combinations(range(n), 2):
            alike[a, b] = alike[b, a] = nmi(self.groups[a], self.groups[b])
        mean = float(alike.sum() / (n * (n - 1)))
        if n < 3:
            return mean, 0.0, 1.0
        without = (alike.sum() - 2 * alike.sum(axis=1)) / ((n - 1) * (n - 2))
        half = t_quantile(n - 1) * sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
        return mean, max(0.0, mean - half), min(1.0, mean + half)


@dataclass(frozen=True, slots=True, eq=False)
class ByChance:
    """The highest modularity found in random networks with the same number of ties for everybody, and that of the network itself, found alike."""

    itself: float
    null: Floats
    alike: Floats
    """In each random network: how alike two runs are (NMI)."""

    @property
    def z(self) -> float:
        """By how many standard deviations of the random networks the network is above their mean."""
        return (self.itself - float(self.null.mean())) / max(float(self.null.std(ddof=1)), _LEAST_SPREAD)

    @property
    def needed(self) -> float:
        """What `z` must be, so that chance gets there once in forty: Student's t for one more drawn like them."""
        n = len(self.null)
        return t_quantile(n - 1) * sqrt(1 + 1 / n)


class Ties:
    """The ties in which groups are looked for: without direction, without those that say no, among the people who have any."""

    def __init__(self, graph: Graph, *, weighted: bool) -> None:
        both = undirected(graph)
        self.n_against = 0
        if both.signs is not None and (both.signs < 0).any():
            self.n_against = int((both.signs < 0).sum()) // 2
            both = with_arcs(both, both.signs >= 0)
        self.graph = both if weighted else like(both, weights=None)
        self.weighted = weighted and both.weights is not None
        self.strength = both.weights

    @cached_property
    def people(self) -> NDArray[np.int64]:
        """Nodes with at least one tie."""
        return np.flatnonzero(degrees(self.graph))

    @property
    def weighable(self) -> bool:
        """Whether ties have any weight at all, and none that can't be reckoned with. (One below 0 is refused where groups are looked for.)"""
        if not self.weighted or self.strength is None:
            return True
        return bool((self.strength < 0).any() or 0 < np.abs(self.strength).max() < _HEAVIEST)

    @property
    def large(self) -> bool:
        return self.graph.n_ties > LARGE

    def run(self, resolution: float, seed: int, *, rounds: int = 2) -> Membership:
        """Groups of all nodes at a resolution."""
        return leiden(self.graph, resolution=resolution, weighted=self.weighted, rounds=rounds, seed=seed)

    def modularity(self, groups: Membership, *, resolution: float = 1.0) -> float:
        return modularity(self.graph, groups, resolution=resolution, weighted=self.weighted)


def shorter(ties: Ties, groups: Membership) -> float:
    """By how much (in nats) telling who has ties with whom gets shorter if one is told these groups first; below 0: longer.

    The ties take m * (f log(f / p) + (1 - f) log((1 - f) / (1 - p))) less, where f of them are inside groups and p would be by chance; telling
    who is in which group takes log(n! / product of sizes!) and how many groups there are of which size some more.

    After   the degree-corrected planted partition of Newman 2016, with the cost of the division as in Zhang & Peixoto 2020.
    """
    inside, expected = inside_and_expected(ties.graph, groups, weighted=ties.weighted)
    sizes = np.bincount(groups[ties.people])
    sizes = sizes[sizes > 0]
    n, k = int(sizes.sum()), len(sizes)
    if k < 2 or inside <= expected:
        return -log(max(n, 1))
    told_shorter = inside * log(inside / expected) + ((1 - inside) * log((1 - inside) / (1 - expected)) if inside < 1 else 0.0)
    division = lgamma(n + 1) - sum(_log_factorial(int(size)) for size in sizes) + lgamma(n) - lgamma(k) - lgamma(n - k + 1) + log(n)
    return ties.graph.n_ties * told_shorter - division


@lru_cache(maxsize=65_536)
def _log_factorial(n: int) -> float:
    return lgamma(n + 1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A resolution, and how it was chosen."""

    resolution: float
    looked_at: tuple[tuple[float, int, float], ...]
    """Each resolution that was tried, from low to high: how many groups of `SMALLEST` or more, and how much shorter (`shorter`)."""

    @property
    def tells_shorter(self) -> bool:
        """Do these groups make it shorter to tell who has ties with whom? Then they are no chance, whatever random networks say."""
        return any(gain > 0 for _, _, gain in self.looked_at)


def chosen(ties: Ties, seed: int) -> Chosen:
    """The resolution at which what is found makes it shortest to tell who has ties with whom, of those at which it hardly hangs on the seed.

    Takes   from 1 on, half and twice as high as long as that makes it shorter, then once by the root of two; of several runs at each (one in
            a large network) the best. Where runs differ at every resolution, the shortest of all; 1 where nothing makes it shorter.
    """
    gains: dict[float, tuple[int, float]] = {}
    alike: dict[float, float] = {}

    def gain(resolution: float) -> float:
        if resolution not in gains:
            told("how fine the groups are", len(gains))
            n, rounds = (1, 1) if ties.large else (_LOOKS, 2)
            runs = each(lambda k: ties.run(resolution, seed + k, rounds=rounds), n, what="how fine the groups are")
            groups = max(runs, key=lambda one: shorter(ties, one))
            sizes = np.bincount(groups[ties.people])
            gains[resolution] = int((sizes >= SMALLEST).sum()), shorter(ties, groups)
            alike[resolution] = Runs(tuple(run[ties.people] for run in runs)).stability()[0]
        return gains[resolution][1]

    def climbed(step: float) -> float:
        here = 1.0
        while COARSEST <= here * step <= FINEST and gain(here * step) > gain(here):
            here *= step
        return here

    best = max(1.0, climbed(0.5), climbed(2.0), key=gain)
    best = max(best, best * sqrt(0.5), best * sqrt(2.0), key=gain)
    firm = [resolution for resolution in gains if alike[resolution] >= _ALIKE and gain(resolution) > 0]
    best = max(firm, key=gain) if firm else best
    return Chosen(best if gain(best) > 0 else 1.0, tuple((resolution, *gains[resolution]) for resolution in sorted(gains)))


def several(ties: Ties, resolution: float, n: int, seed: int, *, rounds: int = 2) -> Runs:
    """So many runs at a resolution, on as many threads as there are."""
    found = each(lambda k: ties.run(resolution, seed + k, rounds=rounds)[ties.people], n, what="runs of Leiden")
    return Runs(tuple(found))


def agreed(ties: Ties, runs: Runs, resolution: float, seed: int) -> Membership:
    """What several runs agree on, for all nodes: groups in a network whose ties weigh as much as the share of runs in which both ends are together.

    Takes   what the runs found; the same is done with what is found in that network, until all runs find the same there, three times at most.
    After   Lancichinetti & Fortunato 2012, Consensus clustering; over ties alone, as in Tandon et al. 2019.
    """
    source, target = sources_of(ties.graph), ties.graph.targets
    found = [runs.of_everybody(ties, k) for k in range(len(runs.groups))]
    for again in range(_AGREEING if len(found) > 1 else 0):
        together = np.zeros(len(target))
        for groups in found:
            together += groups[source] == groups[target]
        weighed = like(ties.graph, weights=together / len(found))
        found = _of_seeds(weighed, resolution, len(found), seed + (again + 1) * len(found))
        if all(np.array_equal(found[0], groups) for groups in found[1:]):
            break
    return max(found, key=lambda groups: ties.modularity(groups, resolution=resolution))


def _of_seeds(graph: Graph, resolution: float, n: int, seed: int) -> list[Membership]:
    return each(lambda k: leiden(graph, resolution=resolution, seed=seed + k), n, what="what runs agree on")


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Who belongs to which group firmly."""

    group: Membership
    """int32[n]: 0 is the largest, -1 for who belongs nowhere firmly."""
    firmness: Floats
    """float64[n]; 0 without ties."""

    @property
    def n(self) -> int:
        """How many groups."""
        return int(self.group.max(initial=-1)) + 1


def grouped(ties: Ties, runs: Runs, agreed: Membership) -> Grouped:
    """The groups that were agreed on without those who are mostly elsewhere in single runs, and without what is too small then.

    How firmly a person belongs is how much his group has in common with his groups in the runs, on average (`partitions.likeness`).
    """
    n = ties.graph.n
    firmness, group = np.zeros(n), np.full(n, -1, np.int32)
    here = agreed[ties.people]
    firmness[ties.people] = np.mean([likeness(here, groups) for groups in runs.groups], axis=0)
    firm = firmness[ties.people] >= FIRM
    large = np.bincount(here[firm], minlength=int(here.max()) + 1)[here] >= SMALLEST
    group[ties.people[firm & large]] = by_size(here[firm & large])
    return Grouped(group, firmness)


def by_chance(ties: Ties, n: int, seed: int) -> ByChance:
    """Modularity found in n random networks with the same degrees beside that found in the network, by as many runs.

    Takes   weights, where they count, are dealt out anew over the ties of a random network.
    """

    def best(graph: Graph) -> tuple[float, float]:
        runs = [leiden(graph, weighted=ties.weighted, seed=seed + k) for k in range(_TWICE)]
        return max(modularity(graph, groups, weighted=ties.weighted) for groups in runs), nmi(*(groups[ties.people] for groups in runs))

    def of_null(number: int) -> tuple[float, float]:
        return best(_weighed(ties, rewired(ties.graph, seed=seed, number=number).graph, seed, number))

    found = each(of_null, n, what="random networks")
    return ByChance(best(ties.graph)[0], np.array([q for q, _ in found]), np.array([alike for _, alike in found]))


def _weighed(ties: Ties, null: Graph, seed: int, number: int) -> Graph:
    """A random network with the weights of the network, dealt out by chance, the same both ways."""
    if not ties.weighted or ties.graph.weights is None:
        return null
    given, back = _once(ties.graph), _once(null)
    dealt = np.random.default_rng((seed, number)).permutation(ties.graph.weights[given])
    weights = np.empty(null.n_arcs)
    weights[back] = dealt
    ends = _keys(null)
    other = np.flatnonzero(~back)
    turned = (ends[other] << np.uint64(32)) | (ends[other] >> np.uint64(32))
    weights[other] = dealt[np.searchsorted(ends[back], turned)]
    return like(null, weights=weights)


def _keys(graph: Graph) -> NDArray[np.uint64]:
    source = np.repeat(np.arange(graph.n, dtype=np.uint64), np.diff(graph.offsets))
    return (source << np.uint64(32)) | graph.targets.astype(np.uint64)


def _once(graph: Graph) -> NDArray[np.bool_]:
    """Which arcs are the one of their tie whose source is the lower end."""
    keys = _keys(graph)
    lower: NDArray[np.bool_] = (keys >> np.uint64(32)) < (keys & np.uint64(0xFFFFFFFF))
    return lower
