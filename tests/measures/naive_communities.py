"""Slow, obvious twins of what `communities` counts: plain sets, lists and loops."""

from itertools import combinations
from math import log
from statistics import mean, median


def near(graph):
    """The neighbours of each person, in either direction, with the weight of the tie."""
    found = {node: {} for node in range(graph.n)}
    for a in range(graph.n):
        for arc in range(graph.offsets[a], graph.offsets[a + 1]):
            b, weight = int(graph.targets[arc]), 1.0 if graph.weights is None else float(graph.weights[arc])
            found[a][b] = found[a].get(b, 0.0) + weight
            if graph.directed:
                found[b][a] = found[b].get(a, 0.0) + weight
    return found


def pairs_of(ties):
    return [(a, b) for a in ties for b in ties[a] if a < b]


def modularity(graph, group, resolution=1.0):
    """Over all pairs of people in one group, themselves too: what is there, minus what would be expected."""
    ties = near(graph)
    strength = {a: sum(ties[a].values()) for a in ties}
    total = sum(strength.values())
    same = [(a, b) for a in ties for b in ties if group[a] == group[b]]
    return sum(ties[a].get(b, 0.0) - resolution * strength[a] * strength[b] / total for a, b in same) / total


def constraint(graph):
    ties = near(graph)
    strength = {a: sum(ties[a].values()) for a in ties}
    share = {(a, b): ties[a][b] / strength[a] for a in ties for b in ties[a]}
    return {
        a: sum((share[a, b] + sum(share[a, q] * share[q, b] for q in ties[a] if q != b and b in ties[q])) ** 2 for b in ties[a])
        for a in ties
        if ties[a]
    }


def lost(graph):
    """How many are cut off from the largest piece of what each person's part of the network falls into without him."""
    ties = near(graph)

    def reached(start, without):
        seen, todo = {start}, [start]
        while todo:
            for other in set(ties[todo.pop()]) - seen - {without}:
                seen.add(other)
                todo.append(other)
        return seen

    cut = {}
    for node in ties:
        rest = reached(node, None) - {node}
        cut[node] = len(rest) - max((len(reached(other, node)) for other in ties[node]), default=0)
    return cut


def bridges(graph):
    """Ties whose ends don't reach each other without them."""
    ties, found = near(graph), set()
    for a, b in pairs_of(ties):
        seen, todo = {a}, [a]
        while todo:
            node = todo.pop()
            for other in set(ties[node]) - seen:
                if {node, other} != {a, b}:
                    seen.add(other)
                    todo.append(other)
        if b not in seen:
            found.add((a, b))
    return found


def nmi(one, other):
    n = len(one)

    def entropy(groups):
        return -sum(k / n * log(k / n) for k in (groups.count(g) for g in set(groups)))

    one, other = list(one), list(other)
    both = list(zip(one, other))
    if not n or entropy(one) + entropy(other) == 0:
        return 1.0
    return 2 * (entropy(one) + entropy(other) - entropy(both)) / (entropy(one) + entropy(other))


def firmness(reference, runs):
    """For each person: what his group has in common with his group in each run, of what is in either; on average."""
    found = []
    for node in range(len(reference)):
        mine = {k for k, group in enumerate(reference) if group == reference[node]}
        others = [{k for k, group in enumerate(run) if group == run[node]} for run in runs]
        found.append(mean(len(mine & other) / len(mine | other) for other in others))
    return found


def turns(log):
    """Seconds between one's last word to another and the other's first word back."""
    acts = sorted(zip(log.at.tolist(), range(len(log.at)), log.source.tolist(), log.target.tolist()))
    took = []
    for k, (at, _, a, b) in enumerate(acts):
        if a < 0 or b < 0 or a == b:
            continue
        following = next((act for act in acts[k + 1 :] if {act[2], act[3]} == {a, b}), None)
        if following and following[2] == b:
            took.append((following[0] - at) / 1e6)
    return sorted(took)


def communities(graph):
    """The figures that are counted, not searched for."""
    ties = near(graph)
    pairs = pairs_of(ties)
    if not pairs:
        return {}
    of_two = [(a, b, c) for a in ties for b, c in combinations(ties[a], 2)]
    closed = {a: [c in ties[b] for d, b, c in of_two if d == a] for a in ties}
    embedded = []
    for a, b in pairs:
        either = (set(ties[a]) | set(ties[b])) - {a, b}
        embedded.append(len(set(ties[a]) & set(ties[b])) / len(either) if either else 0.0)
    core, left = 0, set(ties)
    while left:
        loose = [a for a in left if len(set(ties[a]) & left) <= core]
        left -= set(loose)
        core += not loose
    some = [mean(each) for each in closed.values() if each]
    return {
        "constraint": median(constraint(graph).values()),
        "embeddedness": mean(embedded),
        "transitivity": sum(map(sum, closed.values())) / len(of_two) if of_two else None,
        "clustering": mean(some) if some else None,
        "k_core": core,
    }
