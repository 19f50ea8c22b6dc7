"""Whom something should begin with, so that it comes to most people.

After Borgs, Brautbar, Chayes & Lucier 2014: a random person, and all who would have passed it on to them, are a set. Who is in many
sets is whom to begin with.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.cascades import WORK, Room, chances_of, nodes_of, reach, room
from kring.graph.chance import below, key
from kring.graph.threads import Scratch, over_nodes
from kring.graph.turning import turned
from kring.graph.watch import told

_FIRST_SETS = 1 << 10
_MOST_MEMBERS = 1 << 28
"""Of the sets drawn, together: some 3 GB with what belongs to them."""
Arcs = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float64]]
"""Offsets, targets, and the chance of each arc (or one for all)."""
Sets = tuple[NDArray[np.int64], NDArray[np.uint32]]
"""Where each set begins and ends, and the members of all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Whom to begin with."""

    nodes: NDArray[np.int64]
    """In the order chosen."""
    spread: float
    """How many people they come to on average, as sets estimate that had no part in the choice."""
    guarantee: float
    """Their spread is at least this share of that of the best possible choice (with the confidence asked for)."""
    n_sets: int


def whom_to_begin_with(
    graph: Graph,
    k: int,
    chance: float | NDArray[np.float64],
    *,
    among: NDArray[np.integer] | None = None,
    wanted: float = 0.53,
    confidence: float = 0.99,
    most_sets: int = 1 << 20,
    seed: int = 0,
    threads: int = 0,
) -> Chosen:
    """The k people from whom most others are come to, nearly, with a guarantee of how nearly.

    Takes   how many; the chance of an arc, as `cascade_sizes`; whom to choose `among` (None: everyone). Sets are drawn, twice as many each
            time, until the guarantee is `wanted` or there are `most_sets` (or they no longer fit 3 GB): it then says what was reached.
    Gives   the choice, its spread, and its guarantee. Choosing greedily can't promise more than 1 - 1/e = 0.632 in the worst case; what is
            given is what these sets prove of this choice, which may be more.
    Costs   O(sets * arcs into those who could have passed it on), and k times n.
    Fails   GraphError where k is not at least 1, or as `cascade_sizes`.
    After   Borgs et al. 2014 (reverse-reachable sets); Tang, Tang, Xiao & Yuan 2018 (OPIM: one half of the sets to choose, the other to
            judge the choice). The bounds hold for all looks taken together.
    """
    if k < 1 or graph.n == 0 or not 0 < confidence < 1:
        raise GraphError(
            f"A choice needs at least 1 of at least 1 person, and a confidence between 0 and 1, not {k} of {graph.n} at {confidence}."
        )
    allowed = np.zeros(graph.n, np.bool_)
    allowed[slice(None) if among is None else nodes_of(graph, among)] = True
    k = min(k, int(allowed.sum()))
    back = _turned_round(graph, chances_of(graph, chance), threads)
    looks = max(1, math.ceil(math.log2(most_sets / _FIRST_SETS)) + 1)
    doubt = math.log(2 * looks / (1 - confidence))
    to_choose, to_judge = _no_sets(), _no_sets()
    scratch = room(graph.n)
    n_sets = min(_FIRST_SETS, most_sets)
    while True:
        to_choose = _more_sets(back, to_choose, n_sets, seed, 0, scratch, threads)
        to_judge = _more_sets(back, to_judge, n_sets, seed, 1, scratch, threads)
        nodes, covered, gains = _greedy(to_choose, allowed, k)
        judged = int(_covered(*to_judge, _marked(graph.n, nodes)))
        least = _at_least(judged, doubt) * graph.n / n_sets
        most = _at_most(_bound_of_best(covered, gains, k), doubt) * graph.n / n_sets
        guarantee = min(1.0, max(least, len(nodes)) / min(most, graph.n))
        told("choosing", n_sets, most_sets)
        full = len(to_choose[1]) + len(to_judge[1]) > _MOST_MEMBERS // 2
        if guarantee >= wanted or n_sets == most_sets or full:
            return Chosen(nodes, judged * graph.n / n_sets, guarantee, 2 * n_sets)
        n_sets = min(2 * n_sets, most_sets)


def _turned_round(graph: Graph, chances: NDArray[np.float64], threads: int) -> Arcs:
    offsets, sources, origin = turned(graph.offsets, graph.targets, graph.n, with_origin=len(chances) > 1, threads=threads)
    return offsets, sources, chances[origin] if len(origin) else chances


def _no_sets() -> Sets:
    return np.zeros(1, np.int64), np.empty(0, np.uint32)


def _more_sets(
    back: Arcs,
    sets: Sets,
    n_sets: int,
    seed: int,
    which: int,
    scratch: Scratch[Room],
    threads: int,
) -> Sets:
    """These sets and more, up to so many: who would have passed it on to a random person. `which` of two heaps they are for."""
    have = len(sets[0]) - 1
    offsets = np.concatenate((sets[0], np.zeros(n_sets - have, np.int64)))

    def draw(first: int, last: int) -> NDArray[np.uint32]:
        with scratch.lent() as (met, queue):
            drawn: NDArray[np.uint32] = _draw_sets(*back, seed, which, have + first, have + last, met, queue, offsets)
            return drawn

    members = over_nodes(np.arange(n_sets - have + 1) * WORK, draw, threads)
    np.cumsum(offsets[have + 1 :], out=offsets[have + 1 :])
    offsets[have + 1 :] += offsets[have]
    return offsets, np.concatenate((sets[1], *members))


def _greedy(sets: Sets, allowed: NDArray[np.bool_], k: int) -> tuple[NDArray[np.int64], int, NDArray[np.int64]]:
    """Who is in most sets, then in most of the sets left, and so on; how many sets they are in; what each other would still add."""
    offsets, members = sets
    of_node_offsets, of_node, _ = turned(offsets, members, len(allowed))
    gains = np.where(allowed, np.diff(of_node_offsets), 0)
    nodes = np.empty(k, np.int64)
    covered = int(_cover(offsets, members, of_node_offsets, of_node, allowed, gains, nodes))
    return nodes, covered, gains


def _marked(n: int, nodes: NDArray[np.int64]) -> NDArray[np.bool_]:
    marked = np.zeros(n, np.bool_)
    marked[nodes] = True
    return marked


def _bound_of_best(covered: int, gains: NDArray[np.int64], k: int) -> float:
    """More sets than any k can be in: those found, and the k largest gains left; also not beyond what greedy choice promises."""
    left = int(np.sort(np.partition(gains, -k)[-k:]).sum())
    return min(covered + left, covered / (1 - (1 - 1 / k) ** k))


def _at_least(covered: float, doubt: float) -> float:
    return max(0.0, max(0.0, math.sqrt(covered + 2 * doubt / 9) - math.sqrt(doubt / 2)) ** 2 - doubt / 18)


def _at_most(covered: float, doubt: float) -> float:
    return (math.sqrt(covered + doubt / 2) + math.sqrt(doubt / 2)) ** 2


@njit(cache=True, nogil=True)
def _draw_sets(
    offsets: NDArray[np.int64],
    sources: NDArray[np.uint32],
    chances: NDArray[np.float64],
    seed: int,
    which: int,
    first: int,
    last: int,
    met: NDArray[np.uint32],
    queue: NDArray[np.uint32],
    sizes: NDArray[np.int64],
) -> NDArray[np.uint32]:
    """The members of these sets, one after another; the size of set k goes to `sizes[k + 1]`."""
    members = np.empty(1024, np.uint32)
    used = 0
    for k in range(first, last):
        coins, mark = key(key(seed, which), k), 2 * k + which + 1
        root = below(key(coins, len(met) + len(sources)), len(met))  # no node or arc has that number: the coin is nobody else's
        met[root] = mark
        queue[0] = root
        found = reach(offsets, sources, chances, coins, mark, 1, met, queue)
        if used + found > len(members):
            wider = np.empty(2 * (used + found), np.uint32)
            wider[:used] = members[:used]
            members = wider
        members[used : used + found] = queue[:found]
        used += found
        sizes[k + 1] = found
    return members[:used].copy()


@njit(cache=True, nogil=True)
def _cover(
    offsets: NDArray[np.int64],
    members: NDArray[np.uint32],
    of_node_offsets: NDArray[np.int64],
    of_node: NDArray[np.uint32],
    allowed: NDArray[np.bool_],
    gains: NDArray[np.int64],
    nodes: NDArray[np.int64],
) -> int:
    covered = np.zeros(len(offsets) - 1, np.bool_)
    left = allowed.copy()
    total = 0
    for step in range(len(nodes)):
        best = -1
        for node in range(len(left)):
            if left[node] and (best < 0 or gains[node] > gains[best]):
                best = node
        nodes[step] = best
        left[best] = False
        total += gains[best]
        for place in range(of_node_offsets[best], of_node_offsets[best + 1]):
            k = of_node[place]
            if not covered[k]:
                covered[k] = True
                for member in members[offsets[k] : offsets[k + 1]]:
                    if allowed[member]:
                        gains[member] -= 1
    return total


@njit(cache=True, nogil=True)
def _covered(offsets: NDArray[np.int64], members: NDArray[np.uint32], marked: NDArray[np.bool_]) -> int:
    """How many of the sets have one of those marked."""
    total = 0
    for k in range(len(offsets) - 1):
        for member in members[offsets[k] : offsets[k + 1]]:
            if marked[member]:
                total += 1
                break
    return total
