"""Made networks of vouches in which it is known who is real, and made ratings in which it is known whom one can trust."""

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import from_pairs

VOUCHES = 8
"""How many others each real person vouches for, before those that come back."""


def honest(draw: np.random.Generator, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Vouches among n real people: half of them near by on a ring, half anywhere, and half of all returned."""
    a = np.repeat(np.arange(n), VOUCHES)
    near = draw.random(len(a)) < 0.5
    b = np.where(near, (a + draw.integers(1, 1 + n // 20, len(a)) * draw.choice((-1, 1), len(a))) % n, draw.integers(0, n, len(a)))
    back = draw.random(len(a)) < 0.5
    return np.concatenate((a, b[back])), np.concatenate((b, a[back]))


def attacked(seed: int, *, people: int, fakes: int, edges: int, sure: int = 5) -> tuple[Graph, NDArray[np.int64]]:
    """Real people, and fakes after them who vouch for each other in a dense crowd and for real people; `edges` vouches go to them.

    Gives   the graph, and those who are sure; these are never misled.
    """
    draw = np.random.default_rng(seed)
    a, b = honest(draw, people)
    seeds = draw.choice(people, sure, replace=False)
    others = np.setdiff1d(np.arange(people), seeds)
    if fakes:
        crowd = np.repeat(np.arange(people, people + fakes), 10)
        flattery = np.repeat(np.arange(people, people + fakes), 2)
        a = np.concatenate((a, crowd, flattery, draw.choice(others, edges)))
        b = np.concatenate(
            (
                b,
                draw.integers(people, people + fakes, len(crowd)),
                draw.integers(0, people, len(flattery)),
                draw.integers(people, people + fakes, edges),
            )
        )
    return from_pairs(a, b, directed=True, n=people + fakes), seeds


def rated(seed: int, *, people: int, each: int, strength: float) -> Graph:
    """People who rate each other: well, as they are mild and as the other is good; `strength` 0: nobody is better than anybody else."""
    draw = np.random.default_rng(seed)
    mild, good = draw.normal(1.0, 0.7, people), strength * draw.normal(0.0, 1.0, people)
    busy = draw.gamma(2.0, size=people)
    a = draw.choice(people, people * each, p=busy / busy.sum())
    b = draw.choice(people, people * each, p=busy[::-1] / busy.sum())
    a, b = np.unique(np.stack((a, b))[:, a != b], axis=1)
    sign = np.where(draw.random(len(a)) < 1 / (1 + np.exp(-mild[a] - good[b])), 1, -1).astype(np.int8)
    return from_pairs(a, b, directed=True, n=people, signs=sign)
