"""How often the 95% intervals of reciprocity hold the truth, in small simulated worlds; each share with its own interval.

PYTHONPATH=tests python bench/coverage_reciprocity.py [RUNS]     (2000: some five minutes on a quiet core)
"""

import sys
from functools import partial

import numpy as np

from kring.graph.build import from_pairs
from kring.graph.logs import from_acts
from kring.measures.favours import of_somebody
from kring.measures.reciprocity import reciprocity
from measures.favouring import START, ties_returned
from timed import table
from truths_reciprocity import share

PEOPLE = 60
NOBODY = from_pairs([], [], n=PEOPLE, directed=True)


def rho(planted, density, seed):
    found = next(each for each in reciprocity(ties_returned(40, density, planted, seed)) if each.name == "rho")
    return found.low <= planted <= found.high


def slowness(draw, spread):
    return np.exp(spread * draw.standard_normal(PEOPLE))


def delays(spread, seed):
    """Each person gives first to four others; who is slow is slow with everybody; a year is seen."""
    draw = np.random.default_rng(seed)
    low, high = np.tril_indices(PEOPLE, -1)
    some = draw.choice(len(low), 4 * PEOPLE, replace=False)
    giver, receiver = low[some], high[some]
    slow = slowness(draw, spread)
    first = draw.uniform(0, 300, len(some))
    back = first + draw.exponential(40 * slow[giver] * slow[receiver])
    return giver, receiver, first, back


def truth(spread):
    draws = [delays(spread, 10**6 + seed) for seed in range(2000)]
    return float(np.median(np.concatenate([back - first for _, _, first, back in draws])))


def delay(spread, known, seed):
    giver, receiver, first, back = delays(spread, seed)
    seen = back < 365
    source, target = np.concatenate((giver, receiver[seen])), np.concatenate((receiver, giver[seen]))
    at = np.concatenate((first, back[seen]))
    log = from_acts(np.append(source, 0), np.append(target, 1), START + (np.append(at, 365) * 86_400e6).astype(np.int64), PEOPLE)
    found = of_somebody(NOBODY, log, None, None)[-2]
    return found.low is not None and found.low <= known * 86_400 <= (found.high or np.inf)


def main(runs):
    ways = {
        **{f"rho {planted}, density {density}": partial(rho, planted, density) for density in (0.05, 0.3) for planted in (0.0, 0.3, 0.8)},
        **{f"delay of return, people differ by {spread}": partial(delay, spread, truth(spread)) for spread in (0.0, 0.5, 1.0)},
    }
    table(["figure", "interval holds the truth"], [[name, share([way(seed) for seed in range(runs)])] for name, way in ways.items()])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
