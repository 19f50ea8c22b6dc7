"""How much of what is given comes back: the share of ties that are returned."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.observe import observed_part
from kring.measures.saying import joined, unsaid
from kring.schema import Finding

_ONE_WAY = "not one tie is returned: where a file lists each tie once, without direction, say so with --undirected"
_METHOD = "exact: arcs whose opposite is also there, of all arcs; self-ties never count"
_PAPER = "Newman, Forrest & Balthrop 2002, Email networks and the spread of computer viruses"


def reciprocity(graph: Graph) -> tuple[Finding, ...]:
    """How much of what is given comes back: the share of directed ties that are returned.

    Takes   a directed graph. Where only some people's ties were seen, a pair counts if both were.
    Gives   reciprocity, 0 to 1. In a network whose ties fall by chance it is about the density.
    Costs   O(m log degree) time; nothing beyond the graph.
    Fails   never; without direction or without ties the value is None with a warning.
    After   Newman et al. 2002 (the share of arcs, as KONECT gives it; not the share of pairs).
    """
    part = observed_part(graph, at_least_half=False)
    warning = part.warning if part.graph is None else "ties have no direction" if not graph.directed else ""
    if not warning and part.graph is not None and not part.graph.n_arcs:
        warning = "there are no ties"
    if part.graph is None or warning:
        return unsaid(("reciprocity",), warning, boundary=part.boundary, cut=graph.cut)
    seen = part.graph
    returned = _n_returned(seen.offsets, seen.targets)
    one_way = "" if returned else _ONE_WAY
    return (
        Finding(
            name="reciprocity",
            value=returned / seen.n_arcs,
            n=seen.n_arcs,
            n_of="ties",
            unit="share of ties",
            method=_METHOD,
            paper=_PAPER,
            warning=joined(part.warning, one_way),
            boundary=part.boundary,
            cut=graph.cut,
        ),
    )


@njit(cache=True)
def _n_returned(offsets: NDArray[np.int64], targets: NDArray[np.uint32]) -> int:
    """How many arcs (a, b) have an arc (b, a), each found by halving."""
    returned = 0
    for source in range(len(offsets) - 1):
        for arc in range(offsets[source], offsets[source + 1]):
            target = targets[arc]
            low, high = offsets[target], offsets[target + 1]
            while low < high:
                middle = (low + high) // 2
                if targets[middle] < source:
                    low = middle + 1
                else:
                    high = middle
            returned += low < offsets[target + 1] and targets[low] == source
    return returned
