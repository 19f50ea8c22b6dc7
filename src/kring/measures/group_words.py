"""What the people of a group say more than others do: words of their own, never of a few."""

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Columns
from kring.schema import FEWEST_PEOPLE

MOST = 5
"""Words told of a group."""
SURE = 2.58
"""Standard deviations by which a group must use a word more than the others do."""
_PRIOR = 0.1
"""What is taken for known beforehand, as a share of the people: everybody uses a word as often as it is used by all."""


def words_of_groups(words: Columns, group: NDArray[np.int32], n_groups: int) -> tuple[tuple[tuple[str, float], ...], ...]:
    """For each group the words that it uses most above the others, with the standard deviations by which it does.

    Takes   a row for each person and word: person, word, n; the group of each person, -1 for none.
    Gives   words that ten people of the group use, at most five. A person counts once for a word, however often he says it.
    Costs   O(rows log rows) time.
    After   Monroe, Colaresi & Quinn 2008, Fightin' Words: log-odds with an informative Dirichlet prior, over people who use a word.
    """
    if not n_groups or not words.n:
        return ((),) * n_groups
    person = words["person"].astype(np.int64)
    known = (person >= 0) & (group[np.maximum(person, 0)] >= 0)
    names, word = np.unique(words["word"][known].astype(str), return_inverse=True)
    pairs = np.unique(np.stack((person[known], word.ravel())), axis=1)
    used = np.bincount(group[pairs[0]] * len(names) + pairs[1], minlength=n_groups * len(names)).reshape(n_groups, len(names))
    return tuple(_above(names, used[k], used.sum(axis=0) - used[k]) for k in range(n_groups))


def _above(names: NDArray[np.str_], here: NDArray[np.int64], elsewhere: NDArray[np.int64]) -> tuple[tuple[str, float], ...]:
    both = here + elsewhere
    total = float(both.sum())
    prior = _PRIOR * both
    weight = _PRIOR * total
    odds = np.log((here + prior) / (here.sum() + weight - here - prior)) - np.log(
        (elsewhere + prior) / (elsewhere.sum() + weight - elsewhere - prior)
    )
    z = odds / np.sqrt(1 / (here + prior) + 1 / (elsewhere + prior))
    told = np.flatnonzero((here >= FEWEST_PEOPLE) & (z >= SURE))
    best = told[np.lexsort((names[told], -z[told]))][:MOST]
    return tuple((str(names[k]), round(float(z[k]), 2)) for k in best)
