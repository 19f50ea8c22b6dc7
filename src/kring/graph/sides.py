"""How far a network falls into given groups: the scores of the literature, each one number from ties and groups alone.

With m ties, m_g of them within group g, D_g the degrees in g together, n_g its people; two groups where not said otherwise:

    modularity           sum over groups of m_g/m - (D_g/2m)^2                                              Newman & Girvan 2004
    ei                   (ties within - ties between) / m: the E-I index with its sign turned               Krackhardt & Stern 1988
    adaptive_ei          the same of densities: (within - between) / (within + between), each the mean      Chen et al. 2021
                         over groups, or pairs of groups, of ties there are per tie there could be
    rwc                  P_aa P_bb - P_ab P_ba, P_ab the chance that a walk that ended in b began in a      Garimella et al. 2018
    boundary             mean over the boundary of d_in/(d_in + d_across) - 1/2                             Guerra et al. 2013
    dipole               (1 - |n+ - n-|/n) (mean of those above 0 - mean of those below) / 2                Morales et al. 2015
    label_assortativity  modularity as a share of the most it could be: Q / (1 - sum of (D_g/2m)^2)         Newman 2003

All are higher the more divided. What papers leave open: in `rwc` as many walks begin in either group, at each of its people alike, seeds too,
take a step, and end at the first seed they meet; where Garimella et al. draw walks, these are counted out (`leaning`). In `boundary`, whoever has
a tie across and one to somebody of his own without any is on the boundary; d_in are the latter ties, d_across all of the former. In `dipole`
the seeds count among the n, and who can't be reached from them doesn't. Seeds of equal degree: first whose neighbours have more ties.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import need_undirected
from kring.graph.leaning import first_step, leaning
from kring.graph.slices import subgraph
from kring.graph.threads import over_nodes

SCORES = ("modularity", "ei", "adaptive_ei", "rwc", "boundary", "dipole", "label_assortativity")
OF_TWO = ("rwc", "boundary", "dipole")
"""Those that ask for two groups; of more, the two largest are taken and the others left out."""
DIPOLE_SHARE = 0.05
"""Share of each side's people whose opinion is taken as known. After Salloum et al. 2022."""
Code = NDArray[np.integer]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Where each node's ties lead."""

    own: NDArray[np.int64]
    """int64[n]: ties within its group."""
    degree: NDArray[np.int64]
    thin: Floats
    """float64[n]: its ties across, each by one over the people of the group it leads to."""


def scores(graph: Graph, code: Code, *, seed_share: float, threads: int = 0) -> Floats:
    """The scores in the order of `SCORES`; not a number where one isn't defined.

    Takes   an undirected graph; the group of each node, 0 to k - 1, each with somebody in it.
    Costs   O(m) for each round of two solutions (`leaning`), some 30 rounds in networks with hubs; 150n bytes.
    """
    need_undirected(graph, "Sides")
    found = ends(graph, code, threads=threads)
    mixed = mixing(code, found)
    two, code_of_two = _largest_two(graph, code)
    ends_of_two = found if two is graph else ends(two, code_of_two, threads=threads)
    return np.array(
        [
            mixed["modularity"],
            mixed["ei"],
            mixed["adaptive_ei"],
            rwc(two, code_of_two, seed_share, threads=threads),
            boundary(two, ends_of_two, threads=threads),
            dipole(two, code_of_two, DIPOLE_SHARE, threads=threads),
            mixed["label_assortativity"],
        ]
    )


def ends(graph: Graph, code: Code, *, threads: int = 0) -> Ends:
    """Where each node's arcs lead: to its own group or another."""
    group = code.astype(np.int32)
    size = np.bincount(group, minlength=int(group.max(initial=-1)) + 1)
    rarity = 1 / np.maximum(size, 1)
    own, thin = np.zeros(graph.n, np.int64), np.zeros(graph.n, np.float64)
    over_nodes(graph.offsets, lambda a, b: _count(graph.offsets, graph.targets, group, rarity, a, b, own, thin), threads)
    return Ends(own, np.diff(graph.offsets), thin)


def mixing(code: Code, found: Ends) -> dict[str, float]:
    """The scores that are counts of ties, for any number of groups; not a number where there are no ties."""
    size = np.bincount(code).astype(float)
    total = float(found.degree.sum())
    if total == 0:
        return dict.fromkeys(("modularity", "ei", "adaptive_ei", "label_assortativity"), np.nan)
    inside = np.bincount(code, found.own, len(size)).astype(float)
    by_chance = float(((np.bincount(code, found.degree, len(size)) / total) ** 2).sum())
    within = float(inside.sum()) / total
    return {
        "modularity": within - by_chance,
        "ei": 2 * within - 1,
        "adaptive_ei": _of_densities(code, size, inside, found.thin),
        "label_assortativity": _ratio(within - by_chance, 1 - by_chance),
    }


def _of_densities(code: Code, size: Floats, inside: Floats, thin: Floats) -> float:
    """A group of one has no density; where there is nothing between or within to compare, not a number."""
    some = size > 1
    pairs = len(size) * (len(size) - 1)
    if not some.any() or not pairs:
        return float(np.nan)
    within = float((inside[some] / (size[some] * (size[some] - 1))).mean())
    between = float((np.bincount(code, thin, len(size)) / size).sum()) / pairs
    return _ratio(within - between, within + between)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 1e-12 else float(np.nan)


def rwc(graph: Graph, code: Code, share: float, *, threads: int = 0) -> float:
    """The random-walk controversy of two groups, 0 and 1."""
    lean = leaning(graph, seeds(graph, code, share), threads=threads)
    value = first_step(graph, lean.value, threads=threads)
    starts = [lean.reached & (code == side) for side in (0, 1)]
    if not all(start.any() for start in starts):
        return float(np.nan)
    to_first = [float((1 + value[start]).mean()) / 2 for start in starts]
    ended_first, ended_second = sum(to_first), 2 - sum(to_first)
    if min(ended_first, ended_second) < 1e-12:
        return float(np.nan)
    return (to_first[0] * (1 - to_first[1]) - to_first[1] * (1 - to_first[0])) / (ended_first * ended_second)


def dipole(graph: Graph, code: Code, share: float, *, threads: int = 0) -> float:
    """How far apart the opinions of two groups, 0 and 1, come to lie when all but the best connected follow their neighbours."""
    lean = leaning(graph, seeds(graph, code, share), threads=threads)
    value = lean.value[lean.reached]
    above, below = value[value > 0], value[value < 0]
    if not len(above) or not len(below):
        return float(np.nan)
    return (1 - abs(len(above) - len(below)) / len(value)) * float(above.mean() - below.mean()) / 2


def boundary(graph: Graph, found: Ends, *, threads: int = 0) -> float:
    """What people on the boundary of two groups prefer: their own who have no ties across (to 1/2), or those across (to -1/2)."""
    across = found.degree - found.own
    inner = np.zeros(graph.n, np.int64)
    over_nodes(graph.offsets, lambda a, b: _count_inner(graph.offsets, graph.targets, across, a, b, inner), threads)
    there = (across > 0) & (inner > 0)
    if not there.any():
        return float(np.nan)
    return float((inner[there] / (inner[there] + across[there])).mean()) - 0.5


def seeds(graph: Graph, code: Code, share: float) -> NDArray[np.int8]:
    """int8[n]: 1 for the share of group 0 with the most ties, -1 for that of group 1 (at least one person each), else 0."""
    degree = np.diff(graph.offsets)
    around = first_step(graph, degree.astype(np.float64)) * degree
    poles = np.zeros(graph.n, np.int8)
    for side, pole in ((0, 1), (1, -1)):
        people = np.flatnonzero(code == side)
        first = np.lexsort((people, -around[people], -degree[people]))
        poles[people[first[: max(1, int(share * len(people)))]]] = pole
    return poles


def _largest_two(graph: Graph, code: Code) -> tuple[Graph, Code]:
    """The graph of the two largest groups as 0 and 1; of equals the first."""
    size = np.bincount(code)
    if len(size) == 2:
        return graph, code
    first, second = np.sort(np.argsort(-size, kind="stable")[:2]).tolist()
    either = (code == first) | (code == second)
    return subgraph(graph, either), (code[either] == second).astype(np.int8)


@njit(cache=True, nogil=True)
def _count(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    code: NDArray[np.int32],
    rarity: Floats,
    begin: int,
    end: int,
    own: NDArray[np.int64],
    thin: Floats,
) -> None:
    for node in range(begin, end):
        for arc in range(offsets[node], offsets[node + 1]):
            other = code[targets[arc]]
            if other == code[node]:
                own[node] += 1
            else:
                thin[node] += rarity[other]


@njit(cache=True, nogil=True)
def _count_inner(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], across: NDArray[np.int64], begin: int, end: int, inner: NDArray[np.int64]
) -> None:
    """Ties to people without a tie across; such a one is of the same group."""
    for node in range(begin, end):
        for arc in range(offsets[node], offsets[node + 1]):
            inner[node] += across[targets[arc]] == 0
