"""Networks in which the groups are known: degree-corrected planted partitions, in the manner of LFR, and the same with no groups at all."""

import numpy as np

from kring.graph.build import from_pairs


def planted(n, contacts, groups, strength, seed, *, unequal=False, hubs=False):
    """A network with planted groups, and the group of each person.

    Takes   people, mean contacts, groups; `strength`: of each tie the chance that it is drawn within a group (0: none is, but by chance);
            `unequal`: the k-th group is as large as the first divided by k; `hubs`: wishes for contacts fall as a power law with exponent
            2.5, no more than the root of n times the least; otherwise all wish for as many.
    Gives   a graph without direction, its people in a random order. Ties drawn twice are one; self-ties are left out.
    """
    draw = np.random.default_rng(seed)
    share = 1 / np.arange(1, groups + 1) if unequal else np.ones(groups)
    group = np.sort(draw.choice(groups, n, p=share / share.sum()))
    wish = np.minimum((1 - draw.random(n)) ** (-1 / 1.5), n**0.5) if hubs else np.ones(n)
    upto = np.concatenate(([0.0], np.cumsum(wish)))
    m = n * contacts // 2
    source = _drawn(upto, np.zeros(m), np.full(m, upto[-1]), draw)
    first = np.concatenate(([0], np.cumsum(np.bincount(group, minlength=groups))))
    within = draw.random(m) < strength
    low = np.where(within, upto[first[group[source]]], 0.0)
    high = np.where(within, upto[first[group[source] + 1]], upto[-1])
    target = _drawn(upto, low, high, draw)
    place = draw.permutation(n)
    known = np.empty(n, np.int64)
    known[place] = group
    return from_pairs(place[source], place[target], n=n, directed=False), known


def _drawn(upto, low, high, draw):
    """People drawn in proportion to their wishes, each between two points of their sum."""
    return np.minimum(np.searchsorted(upto, low + draw.random(len(low)) * (high - low), side="right") - 1, len(upto) - 2)
