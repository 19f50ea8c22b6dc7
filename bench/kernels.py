"""The graph kernels beside what a user would pick instead, both in one run on an R-MAT graph: medians of three, in turn; ratios.

python bench/kernels.py [SCALE PAIRS]     (20 and 10 million: some 19 million arcs; some ten minutes on two quiet cores, an hour on busy ones; 3 GB)

NetworKit works with all cores where it can, as we do; SciPy with one, and it carries a weight for each arc.
"""

import sys
import time
from functools import partial
from statistics import median

import networkit
import numpy as np
import scipy.sparse
from numba import njit

from kring.graph.betweenness import betweenness
from kring.graph.build import from_pairs, like, sources_of, transpose, undirected
from kring.graph.cascades import cascade_sizes
from kring.graph.components import components, strong_components
from kring.graph.cores import core_numbers
from kring.graph.flow import flow
from kring.graph.neighbours import of_neighbours
from kring.graph.null_models import over_null_models, rewired
from kring.graph.order import by_community, by_degree, by_search, renumbered
from kring.graph.propagation import label_propagation
from kring.graph.seeding import whom_to_begin_with
from kring.graph.slices import subgraph
from kring.graph.threads import n_threads, over_nodes
from kring.graph.triangles import triangles
from kring.graph.walks import random_walks
from networks import rmat
from timed import machine, table

ROUNDS = 3
PIVOTS = 8
SWAPS = 0.5


def seconds(what):
    begin = time.perf_counter()
    what()
    return time.perf_counter() - begin


def in_turn(*ways):
    """The median time of each, taken in turn so that a busy machine is unfair to none."""
    return [median(times) for times in zip(*([seconds(way) for way in ways] for _ in range(ROUNDS)))]


def peer_of(graph):
    once = np.ones(graph.n_arcs, bool) if graph.directed else sources_of(graph) < graph.targets
    ends = sources_of(graph)[once].astype(np.uint64), graph.targets[once].astype(np.uint64)
    return networkit.GraphFromCoo(ends, n=graph.n, directed=graph.directed)


def matrix_of(graph):
    return scipy.sparse.csr_array((np.ones(graph.n_arcs), graph.targets.astype(np.int32), graph.offsets), shape=(graph.n, graph.n))


def pairs_of_ways(directed, flat):
    """Name, ours, theirs, who they are."""
    out, both, matrix = peer_of(directed), peer_of(flat), matrix_of(directed)
    values = np.random.default_rng(1).random(flat.n)
    half, ids = values < 0.5, np.flatnonzero(values < 0.5).tolist()
    nk = networkit
    yield "turned round", lambda: transpose(directed), lambda: nk.graphtools.transpose(out), "NetworKit"
    yield "turned round", lambda: transpose(directed), lambda: matrix.T.tocsr(), "SciPy"
    yield "without direction", lambda: undirected(directed), lambda: nk.graphtools.toUndirected(out), "NetworKit (keeps repeats)"
    yield "half of the people", lambda: subgraph(flat, half), lambda: nk.graphtools.subgraphFromNodes(both, ids), "NetworKit"
    yield "weak components", lambda: components(flat), lambda: nk.components.ParallelConnectedComponents(both).run(), "NetworKit"
    yield (
        "strong components",
        lambda: strong_components(directed),
        lambda: nk.components.StronglyConnectedComponents(out).run(),
        "NetworKit",
    )
    yield "core numbers", lambda: core_numbers(flat), lambda: nk.centrality.CoreDecomposition(both).run(), "NetworKit"
    yield "triangles", lambda: triangles(flat), lambda: nk.centrality.LocalClusteringCoefficient(both, True).run(), "NetworKit (turbo)"
    yield "sum over neighbours", lambda: of_neighbours(directed, values, "sum"), lambda: matrix @ values, "SciPy"
    yield "flow to 1e-10", lambda: flow(directed), lambda: page_rank(out), "NetworKit"
    yield "label propagation", lambda: label_propagation(flat), lambda: nk.community.PLP(both).run(), "NetworKit"
    yield f"betweenness, {PIVOTS} pivots", lambda: betweenness(flat, pivots=PIVOTS), partial(between, both), "NetworKit"
    yield f"{SWAPS} swaps a tie", lambda: rewired(flat, per_tie=SWAPS), partial(switch, both), "NetworKit"


def page_rank(graph):
    ranks = networkit.centrality.PageRank(graph, 0.85, 1e-10, False, networkit.centrality.SinkHandling.DistributeSinks)
    ranks.norm = networkit.centrality.Norm.L1_NORM
    ranks.run()


def switch(graph):
    networkit.randomization.EdgeSwitching(graph, SWAPS, degreePreservingShufflePreprocessing=False).run()


def between(graph):
    networkit.centrality.EstimateBetweenness(graph, PIVOTS, False, True).run()


def alone(directed, flat):
    """What has no peer of the same kind: name, what it does, how many of what."""
    starts = np.random.default_rng(2).integers(0, flat.n, 100_000)
    small = from_pairs(*rmat(12, 60_000, 5), directed=False)
    yield "walks", lambda: random_walks(flat, starts, 20), 2_000_000, "steps"
    yield "swaps, two networks at once", lambda: over_null_models(flat, lambda g: g.n, 2, per_tie=2), 4 * flat.n_ties, "tries"
    yield "swaps, small network", lambda: rewired(small, per_tie=100), 100 * small.n_ties, "tries"
    yield "cascades from 10 at 1%", lambda: cascade_sizes(flat, np.arange(10), 0.01, 20), 20, "cascades"
    yield "whom to begin with: 20 at 1%", lambda: whom_to_begin_with(flat, 20, 0.01), 20, "people"


@njit(cache=True, nogil=True)
def _gather(offsets, targets, lines, begin, end):
    """The floor of HyperBall and search: of each arc the 64-byte line of its target."""
    total = np.uint64(0)
    for arc in range(offsets[begin], offsets[end]):
        for k in range(8):
            total += lines[targets[arc], k]
    return total


def orders(flat):
    lines = np.ones((flat.n, 8), np.uint64)
    shuffle = np.random.default_rng(3).permutation(flat.n)
    graph = renumbered(flat, shuffle)
    rows = []
    for name, order in (
        ("as it comes", None),
        ("by_degree", by_degree),
        ("by_search", by_search),
        ("by_community", by_community),
    ):
        took = seconds(lambda: order(graph)) if order else 0.0  # noqa: B023
        other = renumbered(graph, order(graph)) if order else graph
        gather = partial(over_nodes, other.offsets, partial(_gather, other.offsets, other.targets, lines))
        once = in_turn(gather)[0]
        rows.append(
            [f"shuffled, then {name}", f"{took:.2f} s", f"{once * 1e9 / flat.n_arcs:.2f} ns", f"{flat.n_arcs / once / 1e6:.0f} M/s"]
        )
    table(["order of nodes", "to find it", "a line for each arc", "arcs"], rows)


def compile_all():
    small = [like(from_pairs(*rmat(8, 2000, 1), directed=way), weights=None) for way in (True, False)]
    for _, ours, theirs, _ in pairs_of_ways(*small):
        ours(), theirs()
    for _, ours, _, _ in alone(*small):
        ours()
    over_nodes(small[1].offsets, partial(_gather, small[1].offsets, small[1].targets, np.ones((small[1].n, 8), np.uint64)))


def main(words):
    if len(words) not in (0, 2):
        sys.exit(__doc__)
    scale, pairs = (int(word.replace("_", "")) for word in words or ("20", "10_000_000"))
    networkit.setNumberOfThreads(n_threads())
    ends = rmat(scale, pairs, 1)
    directed, flat = (like(from_pairs(*ends, directed=way), weights=None) for way in (True, False))
    compile_all()
    print(f"{machine()}\n\n{flat.n:,} people; {directed.n_arcs:,} arcs with direction, {flat.n_arcs:,} without\n")
    rows = []
    for name, ours, theirs, who in pairs_of_ways(directed, flat):
        mine, other = in_turn(ours, theirs)
        rows.append([name, f"{mine:.2f} s", who, f"{other:.2f} s", f"{other / mine:.1f}"])
        print(rows[-1], file=sys.stderr, flush=True)
    table(["kernel", "kring", "beside", "theirs", "times as long"], rows)
    rows = []
    for name, ours, many, what in alone(directed, flat):
        mine = in_turn(ours)[0]
        rows.append([name, f"{mine:.2f} s", f"{many / mine:,.0f} {what}/s"])
    table(["kernel", "kring", "speed"], rows)
    orders(flat)


if __name__ == "__main__":
    main(sys.argv[1:])
