"""What `ties` finds in worlds whose truth is known, over what was planted; nothing among it. Prints Markdown.

PYTHONPATH=tests python bench/truths_ties.py [RUNS]     (100: some ten minutes on a quiet core)
"""

import sys

import numpy as np

from kring.graph import Columns
from kring.measures.saying import wilson
from kring.measures.ties import ties
from measures.lasting import tied
from timed import table

DAY = 86_400
WORLDS = {
    "half-life 20 days, contact each 3 days": (20, {"half_life": 20, "every": 3}),
    "half-life 60 days": (60, {}),
    "half-life 60 days, seen for 250 days": (60, {"days": 250}),
    "half-life 60 days, seen for 800 days": (60, {"days": 800}),
    "half-life 120 days": (120, {"half_life": 120}),
    "many end soon, some last (Weibull 0.6)": (60, {"shape": 0.6}),
    "most end about the same time (Weibull 2)": (60, {"shape": 2.0}),
    "contact in bursts of 3": (60, {"bursts": 3.0}),
}
OF_US = (60, 75, 90, 120, 240)
"""Planted half-lives of ties with us, in days; those of others are 60."""


def share(hits):
    low, high = wilson(int(np.sum(hits)), len(hits))
    return f"{np.mean(hits):.1%} ({low * 100:.1f}-{high * 100:.1f})"


def found(log, **options):
    return {each.name: each for each in ties(log, **options) if not each.by}


def main(runs):
    rows = []
    for name, (truth, world) in WORLDS.items():
        all_found = [found(tied(seed, **world)) for seed in range(runs)]
        halves = [each["half_life"] for each in all_found]
        told = np.array([(each.value, each.low, each.high or np.inf) for each in halves if each.value is not None]) / DAY
        silences = np.median([each["silence"].value for each in all_found]) / DAY
        holds = (told[:, 1] <= truth) & (truth <= told[:, 2])
        rows.append([name, f"{np.median(told[:, 0]):.1f}", f"{silences:.0f}", share(holds), f"{1 - len(told) / runs:.0%}"])
        print(rows[-1], file=sys.stderr, flush=True)
    table(["world (120 people, 1,500 ties, 400 days)", "days found (median)", "silence (days)", "interval holds it", "not said"], rows)
    us = Columns("person", 120, {"us": np.arange(120) == 0})
    rows = []
    for planted in OF_US:
        said = [
            found(tied(seed, with_us=110, of_us=planted, days=600), people=us, of=np.array([0]))["difference_with_us"]
            for seed in range(runs)
        ]
        values = np.array([(each.value, each.low, each.high) for each in said])
        rows.append([f"{planted} days", f"{values[:, 0].mean():.3f}", share(values[:, 1] > 0), share(values[:, 2] < 0)])
        print(rows[-1], file=sys.stderr, flush=True)
    table(["planted half-life with us (110 ties; of others 60 days)", "mean difference", "said: longer with us", "said: shorter"], rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
