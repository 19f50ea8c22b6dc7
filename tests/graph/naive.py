"""What the kernels do, slowly and plainly, with lists and sets: the twins that the tests compare them with."""

from collections import deque

import numpy as np
from hypothesis import strategies as st

from kring.graph.build import from_pairs, sources_of

NODES = 11


@st.composite
def graphs(draw, directed=None, weighted=False):
    """Small networks of all kinds: hubs, chains, loops, repeats, islands, isolated people, one person, none at all."""
    n = draw(st.integers(0, NODES))
    node = st.integers(0, max(n - 1, 0))
    pairs = draw(st.lists(st.tuples(node, node), max_size=30)) if n else []
    pairs += [(0, other) for other in range(1, n)] if draw(st.booleans()) else []
    pairs += [(k, k + 1) for k in range(n // 2)] if draw(st.booleans()) and n > 1 else []
    heavy = np.array([draw(st.integers(1, 9)) for _ in pairs], np.float64) if weighted and draw(st.booleans()) else None
    return woven(pairs, n, draw(st.booleans()) if directed is None else directed, weights=heavy)


def woven(pairs, n, directed, **more):
    return from_pairs([a for a, _ in pairs], [b for _, b in pairs], n=n, directed=directed, **more)


def random_graph(n, m, seed, directed, **more):
    """A network with hubs, for what needs more than a handful of people."""
    draw = np.random.default_rng(seed)
    ends = (n * draw.random((2, m)) ** np.array([[2.0], [1.5]])).astype(np.int64)
    return from_pairs(*ends, n=n, directed=directed, **more)


def arcs(graph):
    return list(zip(sources_of(graph).tolist(), graph.targets.tolist()))


def weights(graph):
    """The weight of each arc by its ends; 1 without weights."""
    return dict(zip(arcs(graph), graph.weights.tolist() if graph.weights is not None else [1.0] * graph.n_arcs))


def rows(graph):
    out = [[] for _ in range(graph.n)]
    for a, b in arcs(graph):
        out[a].append(b)
    return out


def reached(graph, start):
    """Steps from one node to each it leads to."""
    steps, out, queue = {start: 0}, rows(graph), deque([start])
    while queue:
        node = queue.popleft()
        for other in out[node]:
            if other not in steps:
                steps[other] = steps[node] + 1
                queue.append(other)
    return steps


def by_first(labels):
    """Labels as 0, 1, 2… in the order in which they first come."""
    seen = {}
    return [seen.setdefault(label, len(seen)) for label in labels]


def strong_components(graph):
    leads_to = [set(reached(graph, node)) for node in range(graph.n)]
    return by_first([min(other for other in leads_to[node] if node in leads_to[other]) for node in range(graph.n)])


def same(graph, other):
    """Whether two graphs are equal in all their arrays, to the last bit."""
    fields = ("offsets", "targets", "weights", "signs", "first_at", "last_at", "kinds", "observed")
    return all(
        (getattr(graph, name) is None and getattr(other, name) is None) or np.array_equal(getattr(graph, name), getattr(other, name))
        for name in fields
    )
