"""Made networks of help in which it is known who is helpful, and attacks on them by somebody who wants credit without helping."""

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import from_pairs, sources_of

ATTACKS = ("puppets", "a crowd of puppets", "a ring of ten", "favours for favours")


def helped(seed: int, *, people: int, each: int, strength: float) -> tuple[Graph, NDArray[np.float64]]:
    """Everybody asks `each` times on average; who answers is more often who is helpful. `strength` 0: all are alike.

    Gives   the graph, from who was helped to who helped, and how helpful each is.
    """
    draw = np.random.default_rng(seed)
    helpful = np.exp(strength * draw.normal(size=people))
    curious = draw.gamma(2.0, size=people)
    a = draw.choice(people, people * each, p=curious / curious.sum())
    h = draw.choice(people, people * each, p=helpful / helpful.sum())
    return from_pairs(a, h, n=people, directed=True), helpful


def attacked(graph: Graph, attack: str, size: int, seed: int) -> tuple[Graph, int]:
    """The graph with an attack on it, and who attacks: somebody who was helped and helped about as many as half of all did.

    puppets               so many new accounts that thank the attacker, and do nothing else
    a crowd of puppets    they thank each other too
    a ring of ten         ten real people who agree to help each other, `size` of them the attacker's
    favours for favours   `size` real people whom the attacker helps and who help back
    """
    draw = np.random.default_rng(seed)
    count = np.bincount(graph.targets, minlength=graph.n)
    attacker = int(np.argsort(np.abs(count - np.median(count)), kind="stable")[0])
    a, h = sources_of(graph).astype(np.int64), graph.targets.astype(np.int64)
    new = np.arange(graph.n, graph.n + size) if "puppets" in attack else np.empty(0, np.int64)
    real = draw.choice(np.setdiff1d(np.arange(graph.n), [attacker]), min(size, graph.n - 1), replace=False)
    more: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    if len(new):
        more.append((new, np.full(size, attacker)))
    if attack == "a crowd of puppets":
        more.append((np.repeat(new, 5), draw.choice(new, 5 * size)))
    if attack == "a ring of ten":
        ring = np.append(real[:9], attacker)
        more.append((np.repeat(ring, len(ring)), np.tile(ring, len(ring))))
    if attack == "favours for favours":
        more += [(real, np.full(len(real), attacker)), (np.full(len(real), attacker), real)]
    return (
        from_pairs(
            np.concatenate([a, *(x for x, _ in more)]), np.concatenate([h, *(y for _, y in more)]), n=graph.n + len(new), directed=True
        ),
        attacker,
    )
