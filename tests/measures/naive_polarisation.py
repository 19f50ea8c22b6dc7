"""The scores of polarisation as their papers tell them, in plain loops: walks as powers of the walker's chances, opinions by averaging."""

from itertools import combinations
from math import isnan

from measures.naive import neighbours

ROUNDS = 20_000


def polarisation(graph, *, label="", seed_share=0.3):
    """With a label only: what is found without one has its own tests."""
    if not label:
        return {}
    side = {v: str(word) for v, word in enumerate(graph.labels[label]) if word is not None}
    near = {v: {u for u in near if u in side} for v, near in neighbours(graph).items() if v in side}
    groups = sorted(set(side.values()))
    if len(groups) < 2:
        return {}
    ties = [(v, u) for v in near for u in near[v] if v < u]
    people = {g: [v for v in near if side[v] == g] for g in groups}
    first, second = sorted(sorted(groups, key=lambda g: -len(people[g]))[:2])
    two = {v: {u for u in near[v] if side[u] in (first, second)} for v in near if side[v] in (first, second)}
    given = {v: [int(u) for u in graph.targets[graph.offsets[v] : graph.offsets[v + 1]] if int(u) in side] for v in near}
    shares = [sum(side[u] == side[v] for u in given[v]) / len(given[v]) for v in given if given[v]]
    both = [v for v in near if sum(side[u] == side[v] for u in near[v]) >= 2 and sum(side[u] != side[v] for u in near[v]) >= 2]
    return {
        "groups": len(groups),
        "modularity": modularity(ties, side, groups),
        "ei": ei(ties, side),
        "adaptive_ei": adaptive_ei(ties, side, people),
        "rwc": rwc(two, side, first, second, seed_share),
        "boundary": boundary(two, side),
        "dipole": dipole(two, side, first, second),
        "label_assortativity": label_assortativity(ties, side, groups),
        "cross_cutting": sum(side[v] != side[u] for v, u in ties) / len(ties) if ties else None,
        "own_side_share": sum(shares) / len(shares) if ties else None,
        "bridges": len(both) if ties else None,
    }


def modularity(ties, side, groups):
    if not ties:
        return None
    total = 0.0
    for g in groups:
        within = sum(side[v] == side[u] == g for v, u in ties)
        ends = sum((side[v] == g) + (side[u] == g) for v, u in ties)
        total += within / len(ties) - (ends / (2 * len(ties))) ** 2
    return total


def ei(ties, side):
    external = sum(side[v] != side[u] for v, u in ties)
    return -(external - (len(ties) - external)) / len(ties) if ties else None


def adaptive_ei(ties, side, people):
    within, between = [], []
    for some in people.values():
        pairs = list(combinations(some, 2))
        if pairs:
            within.append(sum((v, u) in set(ties) for v, u in pairs) / len(pairs))
    for one, other in combinations(people.values(), 2):
        pairs = [(min(v, u), max(v, u)) for v in one for u in other]
        between.append(sum(pair in set(ties) for pair in pairs) / len(pairs))
    if not within or not ties:
        return None
    inside, outside = sum(within) / len(within), sum(between) / len(between)
    return (inside - outside) / (inside + outside) if inside + outside else None


def label_assortativity(ties, side, groups):
    """From Newman's matrix of the share of tie ends."""
    if not ties:
        return None
    e = {
        (g, h): sum((side[v], side[u]) == (g, h) for a, b in ties for v, u in ((a, b), (b, a))) / (2 * len(ties))
        for g in groups
        for h in groups
    }
    a = {g: sum(e[g, h] for h in groups) for g in groups}
    chance = sum(a[g] ** 2 for g in groups)
    return (sum(e[g, g] for g in groups) - chance) / (1 - chance) if chance < 1 - 1e-12 else None


def seeds(near, side, group, share):
    people = [v for v in near if side[v] == group]
    people.sort(key=lambda v: (-len(near[v]), -sum(len(near[u]) for u in near[v]), v))
    return set(people[: max(1, int(share * len(people)))])


def rwc(near, side, first, second, share):
    """Where a walker who begins at each person is after ever more steps, until it has nowhere to be but at seeds."""
    one, other = seeds(near, side, first, share), seeds(near, side, second, share)
    ended = {}
    for start in near:
        here, at_one, at_other = {start: 1.0}, 0.0, 0.0
        for _ in range(ROUNDS):
            there = {}
            for v, chance in here.items():
                for u in near[v]:
                    there[u] = there.get(u, 0.0) + chance / len(near[v])
            at_one += sum(there.pop(v, 0.0) for v in one)
            at_other += sum(there.pop(v, 0.0) for v in other)
            here = there
            if sum(here.values()) < 1e-13:
                break
        if at_one + at_other > 1e-6:
            ended[start] = at_one
    starts = {g: [ended[v] for v in ended if side[v] == g] for g in (first, second)}
    if not all(starts.values()):
        return None
    p, q = (sum(some) / len(some) for some in starts.values())
    if min(p + q, 2 - p - q) < 1e-12:
        return None
    xx, yx = p / (p + q), q / (p + q)
    xy, yy = (1 - p) / (2 - p - q), (1 - q) / (2 - p - q)
    return xx * yy - yx * xy


def boundary(near, side):
    across = {v: [u for u in near[v] if side[u] != side[v]] for v in near}
    terms = []
    for v in near:
        inner = [u for u in near[v] if side[u] == side[v] and not across[u]]
        if across[v] and inner:
            terms.append(len(inner) / (len(inner) + len(across[v])) - 0.5)
    return sum(terms) / len(terms) if terms else None


def dipole(near, side, first, second):
    one, other = seeds(near, side, first, 0.05), seeds(near, side, second, 0.05)
    fixed = dict.fromkeys(one, 1.0) | dict.fromkeys(other, -1.0)
    opinion = {v: fixed.get(v, 0.0) for v in near}
    for _ in range(ROUNDS):
        new = {v: fixed.get(v, sum(opinion[u] for u in near[v]) / len(near[v]) if near[v] else 0.0) for v in near}
        moved = max(abs(new[v] - opinion[v]) for v in near)
        opinion = new
        if moved < 1e-14:
            break
    told = {v for v in fixed if near[v]}
    while more := {u for v in told for u in near[v]} - told:
        told |= more
    above, below = [opinion[v] for v in told if opinion[v] > 1e-9], [opinion[v] for v in told if opinion[v] < -1e-9]
    if not above or not below:
        return None
    apart = (sum(above) / len(above) - sum(below) / len(below)) / 2
    return (1 - abs(len(above) - len(below)) / len(told)) * apart


def same(found, expected):
    """Whether two figures are one, None or not a number included."""
    if found is None or expected is None or isnan(expected):
        return found is None and expected is None
    return abs(found - expected) < 1e-6
