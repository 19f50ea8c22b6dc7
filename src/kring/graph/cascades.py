"""What spreads when everyone who has it passes it on, by chance and once, along each arc (the independent cascade).

After Kempe, Kleinberg & Tardos 2003. Each coin is a hash of the seed, the run and the arc: the same whatever the threads.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.chance import key, unit
from kring.graph.threads import Scratch, over_nodes

WORK = 1 << 10
"""Of one run or set, as `over_nodes` counts it: so that some dozens of them are worth a thread."""
_95 = 1.959964
Room = tuple[NDArray[np.uint32], NDArray[np.uint32]]
"""When each node was last met, and a queue."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How many people a cascade comes to, those it began with included: the mean over the runs, and its 95% interval."""

    mean: float
    low: float
    high: float
    runs: int


def cascade_sizes(
    graph: Graph, begin_with: NDArray[np.integer], chance: float | NDArray[np.float64], runs: int, *, seed: int = 0, threads: int = 0
) -> NDArray[np.int64]:
    """How many people each of so many cascades comes to, those it begins with included.

    Takes   nodes to begin with; the chance that an arc passes it on: one for all, or one for each arc.
    Gives   int64[runs].
    Costs   O(arcs out of those reached) a run, or one chance for all: O(those it is passed to); 8n bytes for each thread.
    Fails   GraphError where a chance is none, or a node isn't there.
    """
    arcs = (graph.offsets, graph.targets, chances_of(graph, chance))
    starts = np.unique(nodes_of(graph, begin_with))
    sizes = np.empty(runs, np.int64)
    scratch = room(graph.n)

    def run(first: int, last: int) -> None:
        with scratch.lent() as (met, queue):
            _run(*arcs, starts, seed, first, last, met, queue, sizes)

    over_nodes(np.arange(runs + 1) * WORK, run, threads, what="cascades")
    return sizes


def spread(sizes: NDArray[np.int64]) -> Spread:
    """The mean of what `cascade_sizes` gives, and its interval: normal, so of some 30 runs or more."""
    if len(sizes) < 2:
        raise GraphError(f"{len(sizes)} cascades are too few for an interval.", next="Run at least 30.")
    mean, off = float(sizes.mean()), _95 * float(sizes.std(ddof=1)) / math.sqrt(len(sizes))
    return Spread(mean, mean - off, mean + off, len(sizes))


def chances_of(graph: Graph, chance: float | NDArray[np.float64]) -> NDArray[np.float64]:
    chances = np.atleast_1d(np.asarray(chance, np.float64))
    if np.ndim(chance) and len(chances) != graph.n_arcs:
        raise GraphError(f"{len(chances)} chances were given for {graph.n_arcs} arcs.")
    if not np.all((chances >= 0) & (chances <= 1)):
        raise GraphError("The chance that an arc passes something on must be from 0 to 1.")
    return chances


def nodes_of(graph: Graph, nodes: NDArray[np.integer]) -> NDArray[np.int64]:
    rows = np.asarray(nodes).astype(np.int64)
    if len(rows) == 0 or not 0 <= rows.min() <= rows.max() < graph.n:
        raise GraphError(f"A cascade begins with at least one of the {graph.n} people of the network, and with nobody else.")
    return rows


def room(n: int) -> Scratch[Room]:
    """What a run or a set needs."""
    return Scratch(lambda: (np.zeros(n, np.uint32), np.empty(n, np.uint32)))


@njit(cache=True, nogil=True)
def reach(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    chances: NDArray[np.float64],
    coins: np.uint64,
    mark: int,
    found: int,
    met: NDArray[np.uint32],
    queue: NDArray[np.uint32],
) -> int:
    """Goes on from the first `found` of the queue, which are marked; how many are then in it."""
    done = 0
    one_for_all = len(chances) == 1
    per_step = 1.0 / math.log1p(-chances[0]) if one_for_all and chances[0] > 0 else -np.inf
    while done < found:
        node = queue[done]
        done += 1
        coin = key(coins, node)
        arc, last = offsets[node], offsets[node + 1]
        while True:
            if one_for_all:
                # One draw tells how many arcs in a row don't pass it on: far fewer draws than arcs where the chance is small.
                arc += np.int64(min(math.log(1.0 - unit(coin)) * per_step, last - arc)) if chances[0] < 1 else 0
                coin = key(coin, 0)
            else:
                while arc < last and unit(key(coins, arc)) >= chances[arc]:
                    arc += 1
            if arc >= last:
                break
            other = targets[arc]
            arc += 1
            if met[other] != mark:
                met[other] = mark
                queue[found] = other
                found += 1
    return found


@njit(cache=True, nogil=True)
def _run(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    chances: NDArray[np.float64],
    starts: NDArray[np.int64],
    seed: int,
    first: int,
    last: int,
    met: NDArray[np.uint32],
    queue: NDArray[np.uint32],
    sizes: NDArray[np.int64],
) -> None:
    for run in range(first, last):
        for k in range(len(starts)):
            met[starts[k]] = run + 1
            queue[k] = starts[k]
        sizes[run] = reach(offsets, targets, chances, key(seed, run), run + 1, len(starts), met, queue)
