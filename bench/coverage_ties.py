"""How often the 95% intervals of `ties` hold the truth, in small simulated worlds; each share with its own interval.

PYTHONPATH=tests python bench/coverage_ties.py [RUNS]     (2000: some ten minutes on a quiet core)

The silence that ends a tie is given, so that it is the interval that is tried and not the choice. "As if independent" takes each tie for a
draw, as most programs do (Greenwood's variance).
"""

import sys

import numpy as np

from kring.measures.cells import DAY_US
from kring.measures.lives import contacts, lives
from kring.measures.survival import band, curve, median_between
from kring.measures.ties import _Lasting, ties
from measures.lasting import tied
from timed import table
from truths_ties import share

SILENCE = 30.0
PEOPLE, TIES, DAYS = 60, 500, 400
SPREADS = (0.0, 0.3, 0.6)


def world(spread, seed):
    return tied(seed, people=PEOPLE, ties=TIES, days=DAYS, half_life=40, every=3, alike=spread)


def truth(spread):
    """The median of lives drawn as `tied` draws them, over very many people."""
    draw = np.random.default_rng(1)
    n = 4_000_000
    lived = 40 * draw.exponential(1, n) / np.log(2) * np.exp(spread * (draw.standard_normal(n) + draw.standard_normal(n)))
    return float(np.median(lived))


def holds(low, high, known):
    return low is not None and low / 86_400 <= known <= (np.inf if high is None else high / 86_400)


def both(spread, known, seed):
    """Whether the interval holds the truth, and whether one would that takes ties for independent."""
    log = world(spread, seed)
    half = next(each for each in ties(log, silence_days=SILENCE) if each.name == "half_life" and not each.by)
    found = contacts(log)
    silent = int(SILENCE * DAY_US)
    lasting = _Lasting(found, lives(found, silent, silent), silent)
    alone = np.arange(len(lasting.over))
    naive = band(curve(lasting.lasted, lasting.over), lasting.over, alone, len(alone) + alone, 2 * len(alone))
    return holds(half.low, half.high, known), holds(*median_between(naive), known)


def main(runs):
    rows = []
    for spread in SPREADS:
        known = truth(spread)
        hits = np.array([both(spread, known, seed) for seed in range(runs)])
        rows.append([f"{spread}", f"{known:.1f} days", share(hits[:, 0]), share(hits[:, 1])])
        print(rows[-1], file=sys.stderr, flush=True)
    table([f"people differ by ({PEOPLE} people, {TIES} ties)", "half-life", "interval holds it", "as if independent"], rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
