"""Worlds of favours whose truth is known: how strongly people return them, and pass them on."""

import heapq

import numpy as np

from kring.graph.build import from_pairs
from kring.graph.logs import from_acts

DAY_US = 86_400_000_000
START = 1_700_000_000_000_000


def ties_returned(n, density, rho, seed, *, hubs=False):
    """A directed network whose reciprocity is rho against its density, pair by pair: 1 all ties are mutual, 0 by chance, below 0 avoided.

    With hubs, who gives much and who gets much is drawn apart, and rho is then that of the process only where it is 0.
    """
    draw = np.random.default_rng(seed)
    low, high = np.tril_indices(n, -1)
    back = rho + (1 - rho) * density
    if hubs:
        out, into = draw.lognormal(0, 0.8, (2, n))
        forth = np.minimum(1, density * out[low] * into[high] / (out.mean() * into.mean()))
        other = np.minimum(1, density * out[high] * into[low] / (out.mean() * into.mean()))
        a, b = draw.random(len(low)) < forth, draw.random(len(low)) < other
    else:
        a = draw.random(len(low)) < density
        b = draw.random(len(low)) < np.where(a, back, density * (1 - back) / (1 - density))
    return from_pairs(np.concatenate((low[a], high[b])), np.concatenate((high[a], low[b])), n=n, directed=True)


def favours(n, days, passed_on, seed, *, returned=0.3, bursts=False, turnover=True):
    """People who give of their own accord, as much as they are active and to whom is popular (the active are); who return some favours; and
    of what they are given, pass some on within the day to somebody else.

    `passed_on`: the chance of that. `bursts`: they give in days on and days off. `turnover`: they come and go.
    """
    draw = np.random.default_rng(seed)
    activity = draw.lognormal(-1.5, 0.8, n)
    popular = activity * draw.lognormal(0, 0.5, n)
    popular /= popular.sum()
    came, left = np.zeros(n), np.full(n, float(days))
    if turnover:
        came = draw.uniform(-0.3 * days, 0.6 * days, n).clip(0)
        left = (came + draw.uniform(0.2 * days, days, n)).clip(0, days)
    acts = []
    for person in range(n):
        times = draw.uniform(came[person], left[person], draw.poisson(activity[person] * (left[person] - came[person])))
        if bursts and len(times):
            times = np.floor(times / 4) * 4 + draw.random(len(times))
        acts += [(float(time), person, -1) for time in times]
    heapq.heapify(acts)
    done = []
    while acts:
        time, giver, to = heapq.heappop(acts)
        if time > left[giver] or time > days:
            continue
        if to < 0:
            there = draw.choice(n, 20, p=popular)
            there = there[(there != giver) & (came[there] <= time) & (time <= left[there])]
            if not len(there):
                continue
            to = int(there[0])
        elif not came[to] <= time <= left[to]:
            continue
        done.append((giver, to, time))
        if draw.random() < returned:
            heapq.heappush(acts, (time + draw.exponential(0.3), to, giver))
        if draw.random() < passed_on:
            heapq.heappush(acts, (time + draw.exponential(0.3), to, -1))
    source, target, at = (np.array(column) for column in zip(*done))
    return from_acts(source.astype(int), target.astype(int), START + (at * DAY_US).astype(np.int64), n)
