"""The slow, obvious twin of `illusion`: sets, lists and fractions."""

from fractions import Fraction
from statistics import median


def neighbours_seen(graph, directed):
    ties = {(a, int(b)) for a in range(graph.n) for b in graph.targets[graph.offsets[a] : graph.offsets[a + 1]]}
    both = ties | {(b, a) for a, b in ties}
    if directed is None:
        directed = any((b, a) in ties for a, b in ties)
    used = ties if directed and graph.directed else both
    near = {node: sorted(b for a, b in used if a == node) for node in range(graph.n)}
    fans = {node: sum(b == node for _, b in used) for node in range(graph.n)}
    return near, fans


def correlation(x, y):
    n = len(x)
    a, b = sum(map(Fraction, x)) / n, sum(map(Fraction, y)) / n
    top = sum((p - a) * (q - b) for p, q in zip(x, y))
    bottom = sum((p - a) ** 2 for p in x) * sum((q - b) ** 2 for q in y)
    return float(top) / float(bottom) ** 0.5 if bottom else None


def illusion(graph, posts=None, *, label="", value="", directed=None):
    """`value` must be said; people without a label are None."""
    near, fans = neighbours_seen(graph, directed)
    figures = {}
    lonely = all(not around for around in near.values())
    mean = [sum(Fraction(fans[b]) for b in near[a]) / len(near[a]) > fans[a] for a in near if near[a]]
    middle = [median(fans[b] for b in near[a]) > fans[a] for a in near if near[a]]
    figures["friendship_paradox"] = None if lonely else sum(mean) / len(mean)
    figures["friendship_paradox_median"] = None if lonely else sum(middle) / len(middle)
    if not label or all(each is None for each in graph.labels[label]):
        return figures
    has = {node: None if each is None else each == value for node, each in enumerate(graph.labels[label])}
    known = [node for node in near if has[node] is not None]
    share = Fraction(sum(has[node] for node in known), len(known))
    figures["share"] = float(share)
    around = {node: [has[b] for b in near[node] if has[b] is not None] for node in near}
    sees = [node for node in near if around[node]]
    if not sees:
        return figures
    part = {node: Fraction(sum(around[node]), len(around[node])) for node in sees}
    strict = {node: part[node] > Fraction(1, 2) for node in sees}
    with_it, without = ([node for node in sees if has[node] is what] for what in (True, False))
    pairs = [(has[a], has[b]) for a in known for b in near[a] if has[b] is not None]
    same = Fraction(sum(a == b for a, b in pairs), len(pairs)) if pairs else 0
    chance = sum(
        Fraction(sum(a is what for a, _ in pairs), len(pairs)) * Fraction(sum(b is what for _, b in pairs), len(pairs))
        for what in (True, False)
        if pairs
    )
    return figures | {
        "majority_strict": sum(strict.values()) / len(sees),
        "majority_with_ties": sum(part[node] >= Fraction(1, 2) for node in sees) / len(sees),
        "majority_strict_with": sum(strict[node] for node in with_it) / len(with_it) if with_it else None,
        "majority_strict_without": sum(strict[node] for node in without) / len(without) if without else None,
        "perception_gap": float(sum(part.values()) / len(sees) - share),
        "degree_trait_correlation": correlation([fans[node] for node in known], [int(has[node]) for node in known]),
        "label_assortativity": float((same - chance) / (1 - chance)) if pairs and chance != 1 else None,
    }


def undoes(near, has, needed, node):
    """How much it would undo to change this person: 1/r of each who still sees a majority and for whom r had to change at first."""
    return sum(Fraction(1, first) for viewer, (first, left) in needed.items() if left > 0 and node in near[viewer])
