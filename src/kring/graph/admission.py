"""Who is let in when some vouch for others: by a flow that few fake accounts can share, however many there are."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import sources_of
from kring.graph.max_flow import UNBOUNDED, Pipes, pipes, push
from kring.graph.watch import told


@dataclass(frozen=True, slots=True, eq=False)
class Admission:
    """Who is let in, and how."""

    steps: NDArray[np.int64]
    """int64[n]: how many vouches lead there from the seeds, -1 where none do."""
    let_in: NDArray[np.bool_]
    by: NDArray[np.int64]
    """int64[n]: one of those a step nearer who vouch for this one, -1 for seeds and where nobody does."""
    room: NDArray[np.int64]
    """int64[s]: the capacity of somebody 0, 1, 2 … steps from the seeds."""


def capacities(most: int, fall: float) -> NDArray[np.int64]:
    """int64[s]: `most` for a seed, `fall` times less with every step, and 1 at the end: who has 1 is let in and brings in nobody."""
    rooms = [int(most)]
    while rooms[-1] > 1:
        rooms.append(max(1, int(most / fall ** len(rooms))))
    return np.array(rooms, np.int64)


def gain_at(room: NDArray[np.int64], steps: int, *, edges: int = 1, nearest: int | None = None) -> int:
    """How many fake accounts at most get in by so many vouches of somebody who stands so many steps away.

    Takes   `nearest`: how many steps away the nearest of all who were misled stands, where there are others; through the fakes the way to
            this one may have become shorter.
    After   the cut of Levien & Aiken 1998: all that flows to them passes this one, who keeps 1 of it; and each vouch leads to a fake that
            holds no more than the step after the nearest of the misled.
    """
    nearest = steps if nearest is None else min(nearest, steps)
    own, next = (int(room[min(k, len(room) - 1)]) for k in (min(steps, nearest + 2), nearest + 1))
    return min(own - 1, edges * next)


def admitted(graph: Graph, seeds: NDArray[np.int64], room: NDArray[np.int64]) -> Admission:
    """Who is let in, when seeds are sure and each person passes on what they are given, but 1 that they keep.

    Takes   the graph of vouches, an arc for each; `room`: how much somebody so many steps from the seeds can be given (`capacities`). It must
            not depend on the network: else many fakes would give themselves more.
    Gives   an Admission. As many as can be, those nearer before those further; where not all of one distance can be, which of them is chance.
    Costs   some passes of a maximum flow over the vouches within as many steps as `room` has; 60 bytes for each of them.
    After   Levien & Aiken 1998, Attack-resistant trust metrics for public key certification; Levien 2009 (Advogato). Each person is a pipe
            as wide as their room. Distance by distance people may drain, so that who is let in stays in.
    """
    steps, by = _searched(graph.offsets, graph.targets, seeds)
    within = steps.copy()
    within[steps >= len(room)] = -1
    arcs = _arcs(graph, within, room)
    n, people = graph.n, np.flatnonzero(within >= 0)
    holds = room[within[people]]
    source, sink = 2 * n, 2 * n + 1
    laid = pipes(
        2 * n + 2,
        np.concatenate((people, people, n + arcs[0], np.full(len(seeds), source))),
        np.concatenate((n + people, np.full(len(people), sink), arcs[1], seeds)),
        np.concatenate((holds - 1, np.zeros(len(people), np.int64), np.full(len(arcs[0]), UNBOUNDED), np.full(len(seeds), room[0]))),
    )
    drains = laid.place[len(people) : 2 * len(people)]
    for step in range(len(room)):
        laid.room[drains[within[people] == step]] = 1
        push(laid, source, sink)
        told("vouches", step + 1, len(room))
    let_in = np.zeros(n, np.bool_)
    let_in[people] = _drained(laid, drains)
    return Admission(steps, let_in, by, room)


def _drained(laid: Pipes, drains: NDArray[np.int64]) -> NDArray[np.bool_]:
    flowed: NDArray[np.bool_] = laid.room[laid.back[drains]] > 0
    return flowed


def _arcs(graph: Graph, within: NDArray[np.int64], room: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The vouches along which anything can flow: of those who can pass on."""
    source, target = sources_of(graph).astype(np.int64), graph.targets.astype(np.int64)
    passes = (within >= 0) & (room[np.maximum(within, 0)] > 1)
    used = passes[source] & (within[target] >= 0)
    return source[used], target[used]


@njit(cache=True, nogil=True)
def _searched(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], seeds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    n = len(offsets) - 1
    steps, by, queue = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.empty(n, np.int64)
    last = 0
    for seed in seeds:
        if steps[seed] < 0:
            steps[seed] = 0
            queue[last] = seed
            last += 1
    first = 0
    while first < last:
        node = queue[first]
        first += 1
        for arc in range(offsets[node], offsets[node + 1]):
            other = np.int64(targets[arc])
            if steps[other] < 0:
                steps[other], by[other] = steps[node] + 1, node
                queue[last] = other
                last += 1
    return steps, by
