"""Records made up so that it is known what changed and which day stands out: for the tests, `truths_overview.py` and `coverage_overview.py`."""

import numpy as np

from kring.graph.arrays import Log
from kring.graph.build import from_pairs

DAY = 86_400_000_000
BEGIN = 20_000 * DAY


def counts(seed, days=365, mean=20.0, spread=1.0, rhythm=0.5, trend=0.0, burst=0.0):
    """What happened each day: a weekly rhythm, a growth over the whole, a variance of `spread` times the mean; and in the middle `burst` times more.

    Gives   the counts, and the day of the burst.
    """
    draw = np.random.default_rng(seed)
    day = np.arange(days)
    usual = mean * (1 + rhythm * np.sin(2 * np.pi * day / 7)) * np.exp(trend * (day / days - 0.5))
    each = usual if spread <= 1 else draw.gamma(usual / (spread - 1), spread - 1)
    found = draw.poisson(each)
    found[days // 2] += draw.poisson(burst * usual[days // 2])
    return found, days // 2


def two_periods(seed, people=300, times=1.0, days=28, each=3.0, shape=0.5):
    """A graph and a log of two periods: some people do much and most little, alike in both, but for a factor `times` in the second."""
    draw = np.random.default_rng(seed)
    eager = draw.gamma(shape, each / shape, people)
    before, after = draw.poisson(eager), draw.poisson(eager * draw.lognormal(-0.125, 0.5, people) * times)
    at = [draw.integers(0, days, n.sum()) + shift for n, shift in ((before, 0), (after, days))]
    who = [np.repeat(np.arange(people), n) for n in (before, after)]
    return made(np.concatenate(who), np.concatenate(at), draw, people)


def day_by_day(seed, people=200, **more):
    """A graph and a log of `counts`: anybody does something towards anybody."""
    draw = np.random.default_rng(seed)
    found, at = counts(seed, **more)
    return (*made(draw.integers(0, people, found.sum()), np.repeat(np.arange(len(found)), found), draw, people), at)


def made(who, day, draw, people):
    """The acts of these people on these days, in order, each towards somebody else."""
    order = np.argsort(day, kind="stable")
    source = who[order].astype(np.int32)
    target = ((source + draw.integers(1, people, len(source))) % people).astype(np.int32)
    log = Log(
        n_people=people,
        source=source,
        target=target,
        at=BEGIN + DAY * day[order].astype(np.int64) + 3_600_000_000,
        kind=np.zeros(len(source), np.uint8),
        kinds=("tie",),
        post=np.full(len(source), -1, np.int32),
    )
    return from_pairs(source, target, n=people, directed=True), log
