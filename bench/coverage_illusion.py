"""How often the intervals of `illusion` hold: in worlds where chance alone is at work, what is seen must lie within them 95 times in a hundred.

python bench/coverage_illusion.py            2,000 worlds (some two minutes)
"""

import argparse

from kring.graph.null_models import rewired
from kring.measures.illusion import illusion
from kring.measures.saying import wilson
from planted_illusion import leaning, power_law
from timed import table

PEOPLE = 300
DEALT = ("majority_strict", "majority_with_ties", "majority_strict_without", "perception_gap")
REWIRED = ("majority_strict", "majority_with_ties")


def held(worlds):
    hits = dict.fromkeys([*(f"{name}_null" for name in DEALT), "illusion", *(f"{name}_rewired" for name in REWIRED)], 0)
    for seed in range(worlds):
        found = {f.name: f for f in illusion(leaning(power_law(seed, PEOPLE), 0, seed), label="hat", null_models=0, seed=seed)}
        for name in DEALT:
            hits[f"{name}_null"] += found[f"{name}_null"].low <= found[name].value <= found[f"{name}_null"].high
        hits["illusion"] += found["illusion"].low <= 0 <= found["illusion"].high
        graph = leaning(power_law(seed, PEOPLE), 0.7, seed)
        by_chance = rewired(graph, seed=worlds + seed).graph
        found = {f.name: f for f in illusion(by_chance, label="hat", shuffles=0, seed=seed)}
        for name in REWIRED:
            hits[f"{name}_rewired"] += found[f"{name}_rewired"].low <= found[name].value <= found[f"{name}_rewired"].high
    return hits


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=2000)
    worlds = parser.parse_args().worlds
    print(f"{worlds} worlds of {PEOPLE} people, degrees by a power law, 15% have it; 399 deals, 39 random networks\n")
    rows = []
    for name, hits in held(worlds).items():
        low, high = wilson(hits, worlds)
        rows.append([name, f"{hits / worlds:.1%}", f"{low:.1%}–{high:.1%}"])
    table(["interval of", "holds", "95% interval of that"], rows)
