"""Groups by Leiden: people in a group have more ties with each other than would be expected, and every group hangs together.

Quality     modularity: the share of ties inside groups, minus resolution * the sum over groups of (its share of all ends of ties)²
            (Newman & Girvan 2004; with a resolution: Reichardt & Bornholdt 2006).
Rounds      people move to the group that gains most, until nobody gains; within each group, people begin alone again and join only what hangs
            together well; what they form is one node of a smaller network, on which the same is done.
After       Traag, Waltman & van Eck 2019, From Louvain to Leiden. Where it differs: within a group people join what gains most, where the
            paper draws with probabilities; with the paper's temperature (0.01, ties that count as 1) the two nearly always agree.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import need_undirected, weights_of
from kring.graph.chance import below, key

Membership = NDArray[np.int32]
_MOST_ROUNDS = 50
_FAR = -1.0
"""In place of the weight of the ties with a group: there are none."""
_ENOUGH = 1e-9
"""A gain below this share of a tie is no gain: sums of weights are not exact."""
_Level = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float64], NDArray[np.float64]]


def leiden(
    graph: Graph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    rounds: int = 2,
    seed: int = 0,
) -> Membership:
    """The group of each node, the largest first; a node without ties is alone.

    Takes   an undirected graph; a resolution (higher: more and smaller groups); `rounds`: how often to go over all of it again, 0 until
            nothing changes any more.
    Gives   int32[n], the same for the same seed. Groups of one size come in the order of their first node.
    Costs   O(m) in practice, some 0.2 µs a tie and round where it fits into the processor's cache, several times that in networks of
            millions of ties; up to 40 bytes a tie. One thread, which lets go of Python's lock: run
            several seeds on several threads.
    Fails   GraphError if the ties have a direction, a weight is negative, or the resolution is no number of 0 or more.
    After   Traag, Waltman & van Eck 2019.
    """
    need_undirected(graph, "Leiden")
    if not 0 <= resolution < np.inf:
        raise GraphError(f"A resolution is a number of 0 or more, not {resolution}.")
    weights = weights_of(graph, weighted=weighted)
    mass = masses(graph, weighted=weighted)
    total = float(mass.sum())
    group = np.arange(graph.n, dtype=np.int32)
    expected = resolution / total if total else 0.0
    for number in range(rounds or _MOST_ROUNDS):
        before = group
        level: _Level = (graph.offsets, graph.targets, weights, mass)
        group = _round(level, group, expected, np.uint64(key(seed, number)))
        _number(group)
        if np.array_equal(group, before):
            break
    return by_size(group)


def masses(graph: Graph, *, weighted: bool = True) -> NDArray[np.float64]:
    """The weight of the ties of each node."""
    weights = weights_of(graph, weighted=weighted)
    if not len(weights):
        return np.diff(graph.offsets).astype(np.float64)
    summed = np.concatenate(([0.0], np.cumsum(weights)))
    mass: NDArray[np.float64] = np.maximum(summed[graph.offsets[1:]] - summed[graph.offsets[:-1]], 0.0)
    return mass


def by_size(group: NDArray[np.integer]) -> Membership:
    """The same groups numbered 0, 1, 2… from the largest; of equals the one whose first node comes first."""
    _, first, number, size = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(len(size), np.int32)
    place[np.lexsort((first, -size))] = np.arange(len(size), dtype=np.int32)
    numbers: Membership = place[number.ravel()]
    return numbers


def modularity(graph: Graph, group: NDArray[np.integer], *, resolution: float = 1.0, weighted: bool = True) -> float:
    """The share of ties inside groups, minus what would be expected of them; NaN without ties.

    Costs   O(n + m) time.
    After   Newman & Girvan 2004; of a resolution: Reichardt & Bornholdt 2006.
    """
    need_undirected(graph, "Modularity")
    inside, expected = inside_and_expected(graph, group, weighted=weighted)
    return inside - resolution * expected


def inside_and_expected(graph: Graph, group: NDArray[np.integer], *, weighted: bool = True) -> tuple[float, float]:
    """The share of ties inside groups, and the share that would be there if everybody's ties fell by chance."""
    mass = masses(graph, weighted=weighted)
    total = float(mass.sum())
    if not total:
        return float("nan"), float("nan")
    inside = float(_inside(graph.offsets, graph.targets, weights_of(graph, weighted=weighted), group.astype(np.int32)))
    of_group = np.bincount(group, mass)
    return inside / total, float((of_group / total) @ (of_group / total))


def _round(level: _Level, group: Membership, expected: float, stream: np.uint64) -> Membership:
    """One round: move, refine, make smaller, until each group is one node."""
    offsets, targets, weights, mass = level
    whole = np.arange(len(mass), dtype=np.int32)  # the node of this level that each person is in
    depth = 0
    while True:
        depth_key = np.uint64(key(stream, depth))
        group = _moved(offsets, targets, weights, mass, group, expected, depth_key)
        n_groups = int(group.max(initial=-1)) + 1
        if n_groups == len(mass):
            return group[whole]
        part = _refined(offsets, targets, weights, mass, group, n_groups, expected, np.uint64(key(depth_key, len(mass))))
        n_parts = int(part.max(initial=-1)) + 1
        if n_parts == len(mass):  # nobody joined anybody: then whole groups are the next nodes
            part, n_parts = group, n_groups
        next_group = np.empty(n_parts, np.int32)
        next_group[part] = group
        offsets, targets, weights, mass = _smaller(offsets, targets, weights, mass, part, n_parts)
        whole, group, depth = part[whole], next_group, depth + 1


@njit(cache=True, nogil=True)
def _inside(offsets: NDArray[np.int64], targets: NDArray[np.uint32], weights: NDArray[np.float64], group: Membership) -> float:
    inside = 0.0
    for node in range(len(offsets) - 1):
        for arc in range(offsets[node], offsets[node + 1]):
            if group[node] == group[targets[arc]]:
                inside += weights[arc] if len(weights) else 1.0
    return inside


@njit(cache=True, nogil=True)
def _shuffled(n: int, stream: np.uint64) -> NDArray[np.int32]:
    order = np.arange(n).astype(np.int32)
    for k in range(n - 1, 0, -1):
        other = below(key(stream, k), k + 1)
        order[k], order[other] = order[other], order[k]
    return order


@njit(cache=True, nogil=True)
def _moved(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    mass: NDArray[np.float64],
    begin: Membership,
    expected: float,
    stream: np.uint64,
) -> Membership:
    """Who would gain moves, until nobody would; only those near somebody who moved are looked at again. Groups are numbered without gaps."""
    n = len(mass)
    group = begin.copy()
    of_group = np.zeros(n)
    members = np.zeros(n, np.int32)
    for node in range(n):
        of_group[group[node]] += mass[node]
        members[group[node]] += 1
    free = np.empty(n, np.int32)
    n_free = 0
    for number in range(n - 1, -1, -1):
        if members[number] == 0:
            free[n_free] = number
            n_free += 1
    queue = _shuffled(n, stream)
    waits = np.ones(n, np.bool_)
    near = np.empty(n, np.int32)
    tied = np.full(n, _FAR)
    head, waiting, looked = 0, n, n
    while waiting:
        node = queue[head]
        head = head + 1 if head + 1 < n else 0
        waiting -= 1
        waits[node] = False
        own = group[node]
        n_near = 0
        for arc in range(offsets[node], offsets[node + 1]):
            other = group[targets[arc]]
            if tied[other] == _FAR:
                near[n_near] = other
                n_near += 1
                tied[other] = 0.0
            tied[other] += weights[arc] if len(weights) else 1.0
        of_group[own] -= mass[node]
        best, most = own, max(tied[own], 0.0) - expected * mass[node] * of_group[own]
        enough = _ENOUGH * (1.0 + abs(most))
        looked += 1
        turn = below(key(stream, looked), n_near)  # of equals chance takes one, not the numbering
        for k in range(n_near):
            other = near[k + turn - n_near if k + turn >= n_near else k + turn]
            gain = tied[other] - expected * mass[node] * of_group[other]
            if gain > most + enough:
                best, most = other, gain
        for k in range(n_near):
            tied[near[k]] = _FAR
        if most < -enough and members[own] > 1:  # better alone
            n_free -= 1
            best = free[n_free]
        of_group[best] += mass[node]
        if best == own:
            continue
        group[node] = best
        members[best] += 1
        members[own] -= 1
        if members[own] == 0:
            free[n_free] = own
            n_free += 1
        for arc in range(offsets[node], offsets[node + 1]):
            other = targets[arc]
            if group[other] != best and not waits[other]:
                waits[other] = True
                tail = head + waiting
                queue[tail if tail < n else tail - n] = other
                waiting += 1
    _number(group)
    return group


@njit(cache=True, nogil=True)
def _number(group: Membership) -> None:
    """Numbers groups anew, without gaps, in the order of their first node."""
    number = np.full(len(group), -1, np.int32)
    known = 0
    for node in range(len(group)):
        if number[group[node]] < 0:
            number[group[node]] = known
            known += 1
        group[node] = number[group[node]]


@njit(cache=True, nogil=True)
def _refined(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    mass: NDArray[np.float64],
    group: Membership,
    n_groups: int,
    expected: float,
    stream: np.uint64,
) -> Membership:
    """Parts of each group that hang together: those who are alone and well tied to their group join the part that gains most."""
    n = len(mass)
    of_group = np.zeros(n_groups)
    for node in range(n):
        of_group[group[node]] += mass[node]
    part = np.arange(n).astype(np.int32)
    of_part = mass.copy()
    alone = np.ones(n, np.bool_)
    cut = np.zeros(n)  # of each part, the weight of its ties to the rest of its group
    for node in range(n):
        for arc in range(offsets[node], offsets[node + 1]):
            if group[targets[arc]] == group[node]:
                cut[node] += weights[arc] if len(weights) else 1.0
    near = np.empty(n, np.int32)
    tied = np.full(n, _FAR)
    for node in _shuffled(n, stream):
        rest = of_group[group[node]] - mass[node]
        if not alone[node] or cut[node] < expected * mass[node] * rest:
            continue
        n_near = 0
        for arc in range(offsets[node], offsets[node + 1]):
            if group[targets[arc]] == group[node]:
                other = part[targets[arc]]
                if tied[other] == _FAR:
                    near[n_near] = other
                    n_near += 1
                    tied[other] = 0.0
                tied[other] += weights[arc] if len(weights) else 1.0
        best, most = node, 0.0
        for k in range(n_near):
            other = near[k]
            gain = tied[other] - expected * mass[node] * of_part[other]
            if gain > most and cut[other] >= expected * of_part[other] * (of_group[group[node]] - of_part[other]):
                best, most = other, gain
        if best != node:
            cut[best] += cut[node] - 2.0 * tied[best]
            of_part[best] += mass[node]
            part[node] = best
            alone[node] = False
            alone[best] = False
        for k in range(n_near):
            tied[near[k]] = _FAR
    _number(part)
    return part


@njit(cache=True, nogil=True)
def _smaller(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    mass: NDArray[np.float64],
    part: Membership,
    n_parts: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float64], NDArray[np.float64]]:
    """The network whose nodes are the parts; ties within a part are left out, as nothing that follows looks at them."""
    n = len(mass)
    begins = np.zeros(n_parts + 1, np.int64)
    for node in range(n):
        begins[part[node] + 1] += 1
    begins = np.cumsum(begins)
    place = begins[:-1].copy()
    members = np.empty(n, np.int32)
    for node in range(n):
        members[place[part[node]]] = node
        place[part[node]] += 1
    new_offsets = np.zeros(n_parts + 1, np.int64)
    new_targets = np.empty(len(targets), np.uint32)
    new_weights = np.empty(len(targets))
    new_mass = np.zeros(n_parts)
    tied = np.full(n_parts, _FAR)
    arcs = 0
    for number in range(n_parts):
        first = arcs
        for k in range(begins[number], begins[number + 1]):
            node = members[k]
            new_mass[number] += mass[node]
            for arc in range(offsets[node], offsets[node + 1]):
                other = part[targets[arc]]
                if other == number:
                    continue
                if tied[other] == _FAR:
                    new_targets[arcs] = other
                    arcs += 1
                    tied[other] = 0.0
                tied[other] += weights[arc] if len(weights) else 1.0
        for arc in range(first, arcs):
            new_weights[arc] = tied[new_targets[arc]]
            tied[new_targets[arc]] = _FAR
        new_offsets[number + 1] = arcs
    return new_offsets, new_targets[:arcs].copy(), new_weights[:arcs].copy(), new_mass
