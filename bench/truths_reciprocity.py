"""What reciprocity finds in worlds whose truth is known, over the strength of what was planted; nought among them. Prints Markdown.

PYTHONPATH=tests python bench/truths_reciprocity.py [RUNS]     (200: some ten minutes on a quiet core)
"""

import sys

import numpy as np

from kring.measures.passing_on import generalised_reciprocity
from kring.measures.reciprocity import reciprocity
from kring.measures.saying import wilson
from measures.favouring import favours, ties_returned
from timed import table

RHO = (-0.1, -0.05, -0.02, 0.0, 0.02, 0.05, 0.1, 0.5)
PASSED_ON = (0.0, 0.05, 0.1, 0.2, 0.4)
WORLDS = {
    "people come and go": {},
    "in bursts": {"bursts": True},
    "half of favours are returned": {"returned": 0.5},
    "everybody stays": {"turnover": False},
}


def share(hits):
    low, high = wilson(int(np.sum(hits)), len(hits))
    return f"{np.mean(hits):.1%} ({low * 100:.1f}-{high * 100:.1f})"


def rho_of(graph):
    return next(each for each in reciprocity(graph) if each.name == "rho")


def main(runs):
    rows = []
    for planted in RHO:
        found = [rho_of(ties_returned(100, 0.1, planted, seed)) for seed in range(runs)]
        values = np.array([(each.value, each.low, each.high) for each in found])
        rows.append([f"{planted}", f"{values[:, 0].mean():.3f}", share(values[:, 1] > 0), share(values[:, 2] < 0)])
    table(["planted rho (100 people, density 0.1)", "mean found", "said: returned", "said: avoided"], rows)
    rows = []
    for name, world in WORLDS.items():
        for planted in PASSED_ON if not world else (0.0, 0.2):
            found = [
                generalised_reciprocity(favours(150, 60, planted, seed, **world), None, within_days=0, seed=seed) for seed in range(runs)
            ]
            values = np.array([(each.value, each.low, each.high) for each in found])
            rows.append([name, f"{planted:.0%}", f"{values[:, 0].mean():.3f}", share(values[:, 1] > 0), share(values[:, 2] < 0)])
            print(rows[-1], file=sys.stderr, flush=True)
    table(["world (150 people, 60 days)", "planted: passed on", "mean found", "said: passed on", "said: less than before"], rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
