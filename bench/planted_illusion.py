"""Networks and traits made up so that it is known whether there is an illusion: for the tests and for `truths_illusion.py`.

A trait is dealt by chance, then swapped from people with few contacts to people with many, until its correlation with the number of contacts
is a given part of the greatest there can be: 0 is chance, 1 gives it to the best connected (the way of Lerman, Yan & Wu 2016).
"""

import numpy as np

from kring.graph.build import degrees, from_pairs, like

PEOPLE, MEAN, SHARE = 1000, 6, 0.15


def erdos_renyi(seed, n=PEOPLE):
    """Ties by chance."""
    draw = np.random.default_rng(seed)
    return from_pairs(*draw.integers(0, n, (2, n * MEAN // 2)), n=n, directed=False)


def power_law(seed, n=PEOPLE, exponent=2.4):
    """A configuration model whose degrees fall as a power law."""
    draw = np.random.default_rng(seed)
    wanted = np.minimum(np.floor(2 * draw.random(n) ** (-1 / (exponent - 1))), n**0.5 * 3).astype(np.int64)
    stubs = draw.permutation(np.repeat(np.arange(n), wanted))
    half = len(stubs) // 2
    return from_pairs(stubs[:half], stubs[half : 2 * half], n=n, directed=False)


def small_world(seed, n=PEOPLE, rewire=0.2):
    """A ring of neighbours, some of whose ties go anywhere (Watts & Strogatz 1998)."""
    draw = np.random.default_rng(seed)
    source = np.repeat(np.arange(n), MEAN // 2)
    target = (source + np.tile(np.arange(1, MEAN // 2 + 1), n)) % n
    moved = draw.random(len(source)) < rewire
    return from_pairs(source, np.where(moved, draw.integers(0, n, len(source)), target), n=n, directed=False)


def preferring(seed, strength, n=PEOPLE, share=SHARE):
    """A contented minority, and the network it lives in: of its own ties so large a part (0 to 1) as `strength` stays among itself, the rest is chance."""
    draw = np.random.default_rng(seed)
    has = draw.permutation(n) < share * n
    mine = np.flatnonzero(has)
    source = np.repeat(np.arange(n), MEAN // 2)
    kept = has[source] & (draw.random(len(source)) < strength)
    return labelled(
        from_pairs(source, np.where(kept, draw.choice(mine, len(source)), draw.integers(0, n, len(source))), n=n, directed=False), has
    )


def leaning(graph, strength, seed, share=SHARE):
    """A trait that so large a part of the greatest correlation with the number of contacts ties to the well-connected."""
    draw = np.random.default_rng(seed)
    k = degrees(graph)
    some = int(share * graph.n)
    has = np.zeros(graph.n, np.bool_)
    by_degree = np.lexsort((draw.random(graph.n), -k))
    if strength >= 1:
        has[by_degree[:some]] = True
        return labelled(graph, has)
    has[draw.permutation(graph.n)[:some]] = True
    aim, now = k.mean() + strength * (k[by_degree[:some]].mean() - k.mean()), k[has].mean()
    while strength and now < aim:
        one, other = draw.choice(np.flatnonzero(has), 64), draw.choice(np.flatnonzero(~has), 64)
        for a, b in zip(one, other):
            if has[a] and not has[b] and k[b] > k[a] and now < aim:
                has[a], has[b] = False, True
                now += (k[b] - k[a]) / some
    return labelled(graph, has)


def labelled(graph, has):
    return like(graph, labels={"hat": np.where(has, "yes", "no").astype(object)})


NETWORKS = {"Erdős–Rényi": erdos_renyi, "power law": power_law, "small world": small_world}
