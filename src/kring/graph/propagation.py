"""Groups by hearsay: everyone takes over the label that most neighbours have, until nobody changes any more."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import need_undirected, weights_of
from kring.graph.chance import key
from kring.graph.components import numbered
from kring.graph.threads import Scratch, over_nodes
from kring.graph.watch import told


def label_propagation(graph: Graph, *, seed: int = 0, weighted: bool = True, rounds: int = 100, threads: int = 0) -> NDArray[np.int64]:
    """The group of each node: 0 is the group of node 0, and so on in order of first node.

    Takes   an undirected graph. In each round a random half of the nodes looks at what the labels were before the round: all at once would
            let two neighbours swap labels for ever. A tie between labels leaves a node its own, else chance decides. `rounds`: at most so many.
    Gives   int64[n]; isolated nodes are alone. Quick and rough: for groups that people are told about, use Leiden and its stability.
    Costs   O(m) a round for those whose neighbours changed; 18n bytes, and 8n for each thread.
    Fails   GraphError if the ties have a direction or a negative weight.
    After   Raghavan, Albert & Kumara 2007; only those whose neighbours changed look again, as in Staudt & Meyerhenke 2016.
    """
    need_undirected(graph, "Label propagation")
    weights = weights_of(graph, weighted=weighted)
    labels = np.arange(graph.n, dtype=np.uint32)
    awake = np.ones(graph.n, np.bool_)
    scratch = Scratch(lambda: np.zeros(graph.n, np.float64))
    for round in range(rounds):
        if not awake.any():
            break
        labels, awake = _after(graph, weights, labels, awake, seed, round, scratch, threads)
        told("label propagation", round + 1)
    groups: NDArray[np.int64] = numbered(labels)
    return groups


def _after(
    graph: Graph,
    weights: NDArray[np.float64],
    labels: NDArray[np.uint32],
    awake: NDArray[np.bool_],
    seed: int,
    round: int,
    scratch: Scratch[NDArray[np.float64]],
    threads: int,
) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Labels, and who must look again, after one more round."""
    new, still = labels.copy(), np.zeros(graph.n, np.bool_)

    def choose(begin: int, end: int) -> None:
        with scratch.lent() as heard:
            _choose(graph.offsets, graph.targets, weights, labels, awake, seed, round, begin, end, heard, new, still)

    over_nodes(graph.offsets, choose, threads)
    over_nodes(graph.offsets, lambda a, b: _wake(graph.offsets, graph.targets, labels, new, a, b, still), threads)
    return new, still


@njit(cache=True, nogil=True)
def _choose(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    weights: NDArray[np.float64],
    labels: NDArray[np.uint32],
    awake: NDArray[np.bool_],
    seed: int,
    round: int,
    begin: int,
    end: int,
    heard: NDArray[np.float64],
    new: NDArray[np.uint32],
    still: NDArray[np.bool_],
) -> None:
    turn = key(seed, round)
    for node in range(begin, end):
        if not awake[node]:
            continue
        drawn = key(turn, node)
        if drawn & np.uint64(1):
            still[node] = True
            continue
        for arc in range(offsets[node], offsets[node + 1]):
            heard[labels[targets[arc]]] += weights[arc] if len(weights) else 1.0
        best, most = labels[node], heard[labels[node]]
        for arc in range(offsets[node], offsets[node + 1]):
            label = labels[targets[arc]]
            if heard[label] > most or (heard[label] == most and most > 0 and best != labels[node] and key(drawn, label) < key(drawn, best)):
                best, most = label, heard[label]
            heard[label] = 0.0
        new[node] = best


@njit(cache=True, nogil=True)
def _wake(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    labels: NDArray[np.uint32],
    new: NDArray[np.uint32],
    begin: int,
    end: int,
    still: NDArray[np.bool_],
) -> None:
    """Whose neighbour changed looks again. Several threads may say so of one node: they all say the same."""
    for node in range(begin, end):
        if new[node] != labels[node]:
            for arc in range(offsets[node], offsets[node + 1]):
                still[targets[arc]] = True
