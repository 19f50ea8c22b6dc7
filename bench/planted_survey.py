"""A made survey: people whose trust is known, asked twice, in part the same people."""

import numpy as np

from kring.graph.arrays import Columns

TRUE_MEAN, TRUE_CHANGE = 3.2, 0.2


def survey(seed: int, n: int, *, likeness: float, change: float = TRUE_CHANGE, uneven: float = 0.5) -> Columns:
    """Two waves of n answers; two thirds of the people answer both times, and then alike as far as `likeness`. Weights tell nothing of scores."""
    draw = np.random.default_rng(seed)
    everybody = n + n // 3
    lasting, weight = draw.normal(size=everybody), np.exp(uneven * draw.normal(size=everybody))
    scores = [
        mean + np.sqrt(likeness) * lasting + np.sqrt(1 - likeness) * draw.normal(size=everybody) for mean in (TRUE_MEAN - change, TRUE_MEAN)
    ]
    first, second = np.arange(n), np.arange(n // 3, everybody)
    return Columns(
        "person",
        2 * n,
        {
            "person": np.concatenate((first, second)),
            "wave": np.repeat((1, 2), n),
            "score": np.concatenate((scores[0][first], scores[1][second])),
            "weight": np.concatenate((weight[first], weight[second])),
        },
    )
