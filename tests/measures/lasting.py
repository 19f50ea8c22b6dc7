"""Worlds of ties whose lives are known: how long each really lasts, with contact now and then as long as it does."""

import numpy as np

from kring.graph.logs import from_acts

DAY_US = 86_400_000_000
START = 1_700_000_000_000_000


def tied(seed, *, people=120, ties=1500, half_life=60.0, days=400, every=5.0, shape=1.0, bursts=1.0, alike=0.0, of_us=0.0, with_us=0):
    """Acts between people in a window of so many days, cut out of a world that goes on before and after.

    `half_life`: within so many days half of all ties end; `shape` of the Weibull distribution of their lives (1: exponential). `every`: mean
    days between contacts; `bursts`: so many contacts come together. `alike`: how much people differ in how long their ties last (spread of
    the logarithm, of each of the two). `with_us`: ties of person 0; `of_us`: the same half-life, of those, where it isn't 0.
    """
    draw = np.random.default_rng(seed)
    n = ties + with_us
    low, high = np.tril_indices(people - 1, -1)
    some = draw.choice(len(low), ties, replace=False)
    one = np.concatenate((np.zeros(with_us, np.int64), low[some] + 1))
    other = np.concatenate((draw.permutation(people - 1)[:with_us] + 1, high[some] + 1))
    ours = np.arange(n) < with_us
    typical = np.where(ours & (of_us > 0), of_us or half_life, half_life)
    lasting = np.exp(alike * draw.standard_normal(people))
    born = draw.uniform(-8 * half_life, days, n)
    lived = typical * (draw.exponential(1, n) / np.log(2)) ** (1 / shape) * lasting[one] * lasting[other]
    source, target, at = [], [], []
    for k in np.flatnonzero(born + lived > 0):
        more = draw.poisson(lived[k] / every / bursts)
        times = born[k] + np.concatenate(([0.0], draw.uniform(0, lived[k], more)))
        if bursts > 1:
            times = np.concatenate([time + draw.exponential(0.02, draw.geometric(1 / bursts)) for time in times])
            times = times[times <= born[k] + lived[k]]
        times = times[(times >= 0) & (times <= days)]
        turned = draw.random(len(times)) < 0.5
        source.append(np.where(turned, one[k], other[k]))
        target.append(np.where(turned, other[k], one[k]))
        at.append(times)
    return from_acts(np.concatenate(source), np.concatenate(target), START + (np.concatenate(at) * DAY_US).astype(np.int64), people)
