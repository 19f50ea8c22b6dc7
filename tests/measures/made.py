"""Networks for the tests of measures, and how a test reads findings."""

import numpy as np
from hypothesis import strategies as st

from kring.graph.build import from_pairs, sources_of

NODES = 12


@st.composite
def graphs(draw, directed=None):
    """Small networks of all kinds: hubs, chains, loops, repeats, islands, isolated people, none at all."""
    n = draw(st.integers(0, NODES))
    node = st.integers(0, max(n - 1, 0))
    pairs = draw(st.lists(st.tuples(node, node), max_size=30)) if n else []
    hub = draw(st.booleans()) and n > 1
    chain = draw(st.booleans())
    pairs += [(0, other) for other in range(1, n)] if hub else []
    pairs += [(k, k + 1) for k in range(n // 2)] if chain and n > 1 else []
    return woven(pairs, n, draw(st.booleans()) if directed is None else directed)


def woven(pairs, n, directed, **more):
    return from_pairs([a for a, _ in pairs], [b for _, b in pairs], n=n, directed=directed, **more)


def arcs(graph):
    return list(zip(sources_of(graph).tolist(), graph.targets.tolist()))


def renumbered(graph, order):
    return woven([(order[a], order[b]) for a, b in arcs(graph)], graph.n, graph.directed)


def twice(graph):
    return woven(arcs(graph) + [(a + graph.n, b + graph.n) for a, b in arcs(graph)], 2 * graph.n, graph.directed)


def random_graph(n, m, seed, directed=True, **more):
    draw = np.random.default_rng(seed)
    return from_pairs(draw.integers(0, n, m), draw.integers(0, n, m), n=n, directed=directed, **more)


def figures(findings):
    return {finding.name: finding.value for finding in findings}
