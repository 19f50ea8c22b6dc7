"""Where something that flows along the ties gathers, when everyone passes it on."""

import math

import numpy as np
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import transpose
from kring.graph.neighbours import of_neighbours
from kring.graph.watch import told


def flow(
    graph: Graph,
    *,
    personal: NDArray[np.float64] | None = None,
    damping: float = 0.85,
    tolerance: float = 1e-10,
    weighted: bool = True,
    threads: int = 0,
) -> NDArray[np.float64]:
    """The share of what flows that is found at each node (PageRank).

    Takes   a graph. Each node passes on what it has along its arcs, in proportion to their weights; `damping` of it arrives, and the rest
            begins anew. What is at a node without arcs begins anew as well. `personal`: where it begins, in proportion (None: anywhere).
    Gives   float64[n], sum 1. Together the shares are no more than `tolerance` from where they would end up.
    Costs   O(m) a round, 100 to 150 rounds at the default; the graph turned round (12 bytes an arc with weights), and 50n bytes.
    Fails   GraphError if a weight is negative, damping is not from 0 to below 1, or nothing begins anywhere.
    After   Page, Brin, Motwani & Winograd 1999. Pulled, not pushed, so that sums are made in the same order whatever the threads. The last
            change times damping / (1 - damping) is a bound of the distance to the end, as a round shrinks any distance by damping.
    """
    if not 0 <= damping < 1 or not tolerance > 0:
        raise GraphError(f"A flow needs a damping from 0 to below 1 and a tolerance above 0, not {damping} and {tolerance}.")
    if graph.n == 0:
        return np.empty(0)
    begins = _beginnings(graph.n, personal)
    leaving = of_neighbours(graph, np.ones(graph.n), "sum", weighted=weighted, threads=threads)
    stuck = leaving == 0
    per_weight = np.divide(damping, leaving, out=np.zeros(graph.n), where=~stuck)
    back = transpose(graph, threads=threads)
    here = begins
    most = 1 + math.ceil(math.log(tolerance * (1 - damping) / 2) / math.log(damping)) if damping else 1
    for round in range(max(1, most)):
        arrived = of_neighbours(back, here * per_weight, "sum", weighted=weighted, threads=threads)
        arrived += (1 - damping + damping * here[stuck].sum()) * begins
        change = float(np.abs(arrived - here).sum())
        here = arrived
        told("flow", round + 1)
        if change * damping <= tolerance * (1 - damping):
            break
    return here


def _beginnings(n: int, personal: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if personal is None:
        return np.full(n, 1 / n)
    if len(personal) != n or not np.all(np.isfinite(personal) & (personal >= 0)) or not personal.sum() > 0:
        raise GraphError(f"Where a flow begins must be {n} numbers of 0 or more, not all 0.")
    shares: NDArray[np.float64] = personal / personal.sum()
    return shares
