"""Who alone reaches whom: of all that a team reaches, what each member adds, for all members at once.

A node is in one of three states: nobody of the team reaches it, just one does (and which), or several do. The state of a node within t steps
follows from its own and its neighbours' within t - 1: nobody and somebody make somebody, one and the same make that one, one and another make
several. As that is how sets of none, one, and more than one member join, it is exact, and takes O(m) a step however large the team is. A node
changes at most twice, and only what changed in the last step is passed on.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.bits import Bits, first_from, has, lowest, none_of, put, size, these
from kring.graph.threads import each
from kring.graph.watch import told
from kring.graph.ways import Ways, pieces, pulls, shares

BROAD = 16
"""A step looks back instead of walking on if more than one arc in so many leads out of a node that changed."""
NOBODY, SEVERAL = np.int64(0), np.int64(2**32 - 1)
"""States; a node that only member k reaches has k + 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """What a team reaches, and what each member adds to it; the team itself is not counted."""

    reached: NDArray[np.int64]
    """int64[steps]: how many nodes somebody of the team reaches within 1, 2, … steps."""
    alone: NDArray[np.int64]
    """int64[steps, members]: how many of them only this member reaches."""


def alone(ways: Ways, team: NDArray[np.int64], steps: int, *, threads: int = 0, what: str = "") -> Alone:
    """What each member of a team adds to whom they reach together, within 1, 2, … steps.

    Takes   ways, distinct nodes, how many steps. `what`: tell under this name how many steps are done.
    Gives   Alone: equal whatever the number of threads.
    Costs   at most O(m) for each step; 8 bytes a node.
    Fails   GraphError if somebody is in the team twice, or isn't in the graph.
    """
    members = these(team, ways.n)
    if size(members) < len(team):
        raise GraphError("Somebody is in the team twice.", next="Name each member once.")
    before = np.zeros(ways.n, np.uint32)
    before[team] = np.arange(1, len(team) + 1, dtype=np.uint32)
    after = before.copy()
    active, following = members.copy(), none_of(ways.n)
    counts = np.zeros((steps, 1 + len(team)), np.int64)
    for step in range(steps):
        counts[step:] += _step(ways, active, before, after, following, members, threads)
        _settle(following, before, after)
        active, following = following, active
        if what:
            told(what, step + 1, steps)
    return Alone(counts[:, 0].copy(), counts[:, 1:].copy())


def _step(
    ways: Ways, active: Bits, before: NDArray[np.uint32], after: NDArray[np.uint32], following: Bits, members: Bits, threads: int
) -> NDArray[np.int64]:
    """Writes the new states in `after` and who changed in `following`; gives by how much each count changed."""
    back = pulls(ways, active, BROAD)
    arcs, pass_on = (ways.back, _look_back) if back else (ways.out, _walk_on)
    cuts = pieces(arcs, threads) if back else shares(arcs, active, threads)
    changes = np.zeros((len(cuts) - 1, 1 + size(members)), np.int64)
    following[:] = 0

    def work(k: int) -> None:
        pass_on(cuts[k], cuts[k + 1], arcs.offsets, arcs.targets, active, before, after, following, members, changes[k])

    each(work, len(cuts) - 1, threads)
    total: NDArray[np.int64] = changes.sum(axis=0)
    return total


@njit(cache=True, inline="always")
def _note(change: NDArray[np.int64], was: int, now: int) -> None:
    """Counts a node that came from one state to another: first how many are reached, then by whom alone."""
    if was == NOBODY:
        change[0] += 1
    else:
        change[was] -= 1
    if now != SEVERAL:
        change[now] += 1


@njit(cache=True, nogil=True)
def _settle(changed: Bits, before: NDArray[np.uint32], after: NDArray[np.uint32]) -> None:
    for word in range(len(changed)):
        bits = changed[word]
        while bits:
            node = 64 * word + lowest(bits)
            bits &= bits - np.uint64(1)
            before[node] = after[node]


@njit(cache=True, nogil=True)
def _walk_on(
    begin: int,
    end: int,
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    active: Bits,
    before: NDArray[np.uint32],
    after: NDArray[np.uint32],
    following: Bits,
    members: Bits,
    change: NDArray[np.int64],
) -> None:
    """Nodes that changed pass their state on to those from `begin` up to `end`."""
    for word in range(len(active)):
        bits = active[word]
        while bits:
            node = 64 * word + lowest(bits)
            bits &= bits - np.uint64(1)
            state, last = np.int64(before[node]), offsets[node + 1]
            for arc in range(first_from(targets, offsets[node], last, begin), last):
                other = np.int64(targets[arc])
                if other >= end:
                    break
                was = np.int64(after[other])
                if was in (SEVERAL, state):
                    continue
                now = state if was == NOBODY else SEVERAL
                after[other] = now
                put(following, other)
                if not has(members, other):
                    _note(change, was, now)


@njit(cache=True, nogil=True)
def _look_back(
    begin: int,
    end: int,
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    active: Bits,
    before: NDArray[np.uint32],
    after: NDArray[np.uint32],
    following: Bits,
    members: Bits,
    change: NDArray[np.int64],
) -> None:
    """Those from `begin` up to `end` whom not yet several reach ask the nodes before them that changed."""
    for node in range(begin, end):
        was = now = np.int64(before[node])
        if was == SEVERAL:
            continue
        for arc in range(offsets[node], offsets[node + 1]):
            other = np.int64(targets[arc])
            if has(active, other):
                state = np.int64(before[other])
                if state != now:
                    now = state if now == NOBODY else SEVERAL
                    if now == SEVERAL:
                        break
        if now != was:
            after[node] = now
            put(following, node)
            if not has(members, node):
                _note(change, was, now)
