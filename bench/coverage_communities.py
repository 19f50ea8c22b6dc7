"""How often the interval of `stability` holds the mean over all seeds: 95% is meant.

python bench/coverage_communities.py          2,000 intervals: some minutes

The interval is one over seeds: what would come out if Leiden ran with every seed there is. So for each of some networks 400 runs with other
seeds give what is true, and each interval is made of 20 runs of its own.
"""

import argparse
from itertools import combinations

import numpy as np

from kring.measures.grouping import RUNS, Runs, Ties
from kring.measures.partitions import nmi
from kring.measures.saying import wilson
from planted import planted
from timed import table

NETWORKS = {
    "no groups": {"strength": 0.0},
    "weak groups": {"strength": 0.45},
    "firm groups": {"strength": 0.6},
    "weak, unequal, hubs": {"strength": 0.5, "unequal": True, "hubs": True},
}
MANY = 400
"""Runs that stand for all."""


def covered(name, intervals):
    graph, _ = planted(120, 8, groups=5, seed=3, **NETWORKS[name])
    ties = Ties(graph, weighted=False)
    runs = [ties.run(1.0, 10**6 + seed)[ties.people] for seed in range(MANY)]
    draw = np.random.default_rng(1)
    pairs = list(combinations(range(MANY), 2))
    true = float(np.mean([nmi(runs[pairs[k][0]], runs[pairs[k][1]]) for k in draw.choice(len(pairs), 20_000, replace=False)]))
    held = 0
    for k in range(intervals):
        some = tuple(ties.run(1.0, k * RUNS + seed)[ties.people] for seed in range(RUNS))
        _, low, high = Runs(some).stability()
        held += low <= true <= high
    low, high = wilson(held, intervals)
    return [name, f"{true:.3f}", f"{intervals:,}", f"{held / intervals:.1%} ({low:.1%}–{high:.1%})"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--intervals", type=int, default=500)
    asked = parser.parse_args()
    table(["network", "stability over all seeds", "intervals", "held"], [covered(name, asked.intervals) for name in NETWORKS])
