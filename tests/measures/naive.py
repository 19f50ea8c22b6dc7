"""Slow, obvious twins of the measures: plain sets, lists and dictionaries; each gives a dictionary of the figures it knows."""

from collections import deque
from statistics import median


def ties_of(graph):
    return {(a, int(b)) for a in range(graph.n) for b in graph.targets[graph.offsets[a] : graph.offsets[a + 1]]}


def neighbours(graph, directed=False):
    near = {node: set() for node in range(graph.n)}
    for a, b in ties_of(graph):
        near[a].add(b)
        if not directed:
            near[b].add(a)
    return near


def steps_from(near, start):
    steps, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for other in near[node] - set(steps):
            steps[other] = steps[node] + 1
            queue.append(other)
    return steps


def distances(graph, *, directed=False, all_pairs=False):
    near, both = neighbours(graph, directed), neighbours(graph)
    groups = [set(steps_from(both, node)) for node in range(graph.n)]
    largest = max(groups, key=len, default=set())
    who = set(range(graph.n)) if all_pairs else largest
    found = sorted(d for a in who for b, d in steps_from(near, a).items() if a != b and b in who)
    figures = {
        "people": graph.n,
        "n_ties": len(ties_of(graph)) if directed and graph.directed else sum(len(near[a]) for a in near) / 2,
        "largest_component": len(largest),
    }
    if not found:
        return figures
    every = len(who) * (len(who) - 1)
    for k in (1, 2, 3):
        figures[f"within_{k}"] = sum(d <= k for d in found) / every
    before, steps = 0, 0
    while True:
        steps += 1
        within = sum(d <= steps for d in found)
        if within >= 0.9 * len(found):
            break
        before = within
    return figures | {
        "reachable": len(found) / every,
        "mean_distance": sum(found) / len(found),
        "median_distance": found[(len(found) - 1) // 2],
        "effective_diameter": steps - 1 + (0.9 * len(found) - before) / (within - before),
        "diameter": found[-1],
    }


def reciprocity(graph):
    ties = ties_of(graph)
    return {"reciprocity": sum((b, a) in ties for a, b in ties) / len(ties) if ties and graph.directed else None}


def degree_assortativity(graph, *, directed=False):
    ties = ties_of(graph) if directed else {pair for a, b in ties_of(graph) for pair in ((a, b), (b, a))}
    ahead = [sum(x == a for x, _ in ties) for a, _ in ties]
    back = [sum(y == b for _, y in ties) for _, b in ties]
    n = len(ties)
    if not n:
        return {"degree_assortativity": None}
    x, y = sum(ahead) / n, sum(back) / n
    top = sum((a - x) * (b - y) for a, b in zip(ahead, back))
    bottom = (sum((a - x) ** 2 for a in ahead) * sum((b - y) ** 2 for b in back)) ** 0.5
    return {"degree_assortativity": top / bottom if bottom > 1e-9 else None}


def degree(graph):
    degrees = sorted(len(near) for near in neighbours(graph).values())
    if not degrees:
        return {}
    return {
        "mean_degree": sum(degrees) / len(degrees),
        "median_degree": median(degrees),
        "max_degree": degrees[-1],
        "without_ties": sum(d == 0 for d in degrees) / len(degrees),
    }
