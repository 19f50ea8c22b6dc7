"""What the kernels do, slowly and plainly, with lists and sets: the twins that the tests compare them with."""

from collections import deque
from itertools import combinations, product

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


def core_numbers(graph):
    core = [0] * graph.n
    for k in range(1, graph.n):
        left = set(range(graph.n))
        out = rows(graph)
        while weak := {node for node in left if sum(other in left for other in out[node]) < k}:
            left -= weak
        for node in left:
            core[node] = k
    return core


def of_neighbours(graph, values, how, incoming, weighted):
    weight = weights(graph)
    given = []
    for node in range(graph.n):
        near = [(a, w) for (a, b), w in weight.items() if b == node] if incoming else [(b, w) for (a, b), w in weight.items() if a == node]
        heard = [(values[other], w if weighted else 1.0) for other, w in near if not np.isnan(values[other])]
        total, count = sum(v * w for v, w in heard), sum(w for _, w in heard)
        most = max((v for v, _ in heard), default=np.nan)
        given.append({"sum": total, "count": count, "mean": total / count if count else np.nan, "max": most}[how])
    return given


def triangles(graph):
    out = [set(row) for row in rows(graph)]
    return [sum(c in out[b] for b in out[a] for c in out[a] if b < c) for a in range(graph.n)]


def flow(graph, personal, damping, weighted):
    """By solving the equations."""
    passed = np.zeros((graph.n, graph.n))
    for (a, b), w in weights(graph).items():
        passed[b, a] = w if weighted else 1.0
    for node in range(graph.n):
        total = passed[:, node].sum()
        passed[:, node] = passed[:, node] / total if total else personal
    return np.linalg.solve(np.eye(graph.n) - damping * passed, (1 - damping) * personal)


def spread_as(seen, expected):
    """Whether counts are as these shares would give them: chi-square less than four standard deviations above what it is on average."""
    wanted = np.asarray(expected) * sum(seen)
    free = len(seen) - 1
    return ((np.asarray(seen) - wanted) ** 2 / wanted).sum() < free + 4 * np.sqrt(2 * free)


def betweenness(graph):
    """By going over all pairs: how many shortest paths there are, and how many of them go through each other node."""
    steps = [reached(graph, node) for node in range(graph.n)]
    back = [[] for _ in range(graph.n)]
    for a, b in arcs(graph):
        back[b].append(a)

    def n_paths(a, b):
        if a == b:
            return 1
        return sum(n_paths(a, c) for c in back[b] if steps[a].get(c, -2) + 1 == steps[a][b])

    between = [0.0] * graph.n
    for a in range(graph.n):
        for b in steps[a]:
            for c in range(graph.n):
                if a != b and c not in (a, b) and c in steps[a] and b in steps[c] and steps[a][c] + steps[c][b] == steps[a][b]:
                    between[c] += n_paths(a, c) * n_paths(c, b) / n_paths(a, b)
    return [value if graph.directed else value / 2 for value in between]


def spread(graph, chance, starts):
    """The mean size of a cascade, by going over all ways the coins can fall."""
    ties, mean = arcs(graph), 0.0
    for coins in product([False, True], repeat=len(ties)):
        live = woven([tie for tie, coin in zip(ties, coins) if coin], graph.n, True)
        share = np.prod([p if coin else 1 - p for p, coin in zip(chance, coins)])
        mean += share * len({other for start in starts for other in reached(live, start)})
    return mean


def with_degrees(graph):
    """All simple networks in which everyone has as many ties as in this, each as the set of its arcs."""
    n = graph.n
    pairs = [(a, b) for a in range(n) for b in range(n) if (a != b if graph.directed else a < b)]
    found = []
    for chosen in combinations(pairs, graph.n_ties):
        out, into = [0] * n, [0] * n
        for a, b in chosen:
            out[a] += 1
            into[b] += 1
        mine = (out, into) if graph.directed else [x + y for x, y in zip(out, into)]
        found.append((mine, frozenset(chosen)))
    own = frozenset((a, b) for a, b in arcs(graph) if graph.directed or a < b)
    wanted = next(mine for mine, chosen in found if chosen == own)
    return [chosen for mine, chosen in found if mine == wanted]
