"""Ways: the arcs that a search may go along, known from where they begin, from where they end, or both.

From where they begin, a search can walk on from those it has reached; from where they end, those it hasn't reached can look back. Which costs less
differs from step to step. A directed graph knows its arcs from one end only, until it is turned round; the largest are not, for want of memory.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.bits import Bits, aligned, arcs_of
from kring.graph.build import transpose, undirected
from kring.graph.threads import borders, n_threads

THIN = 50_000
"""Nodes and arcs that are not worth a second thread."""
PIECES = 16
"""Pieces for each thread: some are done sooner than others."""
TURNED = 200_000_000
"""Arcs up to which a directed graph is turned round: some ten bytes for each arc, and as many seconds as it has tens of millions."""


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Arcs by one of their ends: those of node v lead to (or come from) `targets[offsets[v]:offsets[v + 1]]`, sorted."""

    offsets: NDArray[np.int64]
    targets: NDArray[np.uint32]

    @property
    def n(self) -> int:
        """How many nodes."""
        return len(self.offsets) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The same arcs by both ends, or by one."""

    out: Arcs
    """Arcs by the node they lead away from."""
    back: Arcs
    """Arcs by the node they lead to."""
    by: Literal["both", "out", "back"] = "both"
    """Which of the two is known; the other stands for itself then, and is not looked at."""

    @property
    def n(self) -> int:
        """How many nodes."""
        return self.out.n


def ways(graph: Graph, *, directed: bool = True, against: bool = False) -> Ways:
    """The ways in a graph: along its arcs, or `against` them, or both (`directed=False`).

    Costs   nothing where ties have no direction; else sorting the arcs once, where they are at most `TURNED`.
    """
    graph = graph if directed else undirected(graph)
    known = Arcs(graph.offsets, graph.targets)
    if not graph.directed:
        return Ways(known, known)
    if graph.n_arcs > TURNED:
        return Ways(known, known, "back" if against else "out")
    back = transpose(Graph(graph.offsets, graph.targets, directed=True))
    turned = Arcs(back.offsets, back.targets)
    return Ways(turned, known) if against else Ways(known, turned)


def pulls(ways: Ways, active: Bits, broad: int) -> bool:
    """Should those not yet reached look back: does more than one arc in `broad` lead out of an active node? Else these walk on."""
    return ways.by == "back" or (ways.by == "both" and broad * arcs_of(ways.out.offsets, active) > len(ways.out.targets))


def pieces(arcs: Arcs, threads: int) -> NDArray[np.int64]:
    """Where pieces begin and end in which each node is looked at, at whole words of a set of nodes."""
    few = len(arcs.targets) + arcs.n < THIN
    return aligned(borders(arcs.offsets, 1 if few else PIECES * n_threads(threads)))


def shares(arcs: Arcs, active: Bits, threads: int) -> NDArray[np.int64]:
    """Where the ranges of targets begin and end, one for each thread, in which those are reached who follow from the active."""
    few = arcs_of(arcs.offsets, active) < THIN
    return aligned(np.linspace(0, arcs.n, 2 if few else n_threads(threads) + 1).astype(np.int64))
