"""How often `illusion` finds a planted illusion, and how often it finds one where there is none, over the strength of what is planted.

python bench/truths_illusion.py            a table for docs/questions/is-the-majority-real.md (some three minutes)
python bench/truths_illusion.py --worlds 50
"""

import argparse

from kring.measures.illusion import illusion
from kring.measures.saying import wilson
from planted_illusion import NETWORKS, PEOPLE, SHARE, leaning, preferring
from timed import table

STRENGTHS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


def row(name, world, worlds):
    """The share of worlds in which it is found, for each strength."""
    cells, sees = [], []
    for strength in STRENGTHS:
        found, seen = 0, 0.0
        for seed in range(worlds):
            got = {f.name: f.value for f in illusion(world(seed, strength), label="hat", null_models=0, shuffles=199, seed=seed)}
            found += got["illusion_p"] <= 0.05
            seen += got["majority_strict_without"] / worlds
        low, high = wilson(found, worlds)
        cells.append(f"{found / worlds:.0%} ({low * 100:.0f}–{high * 100:.0f})")
        sees.append(f"{seen:.1%}")
    return [[name, *cells], ["… of those without it see a majority", *sees]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200)
    worlds = parser.parse_args().worlds
    rows = []
    for name, made in NETWORKS.items():
        rows += row(f"illusion, {name}", lambda seed, strength, made=made: leaning(made(seed), strength, seed), worlds)
    rows += row("contented minority", preferring, worlds)
    print(f"{worlds} worlds of {PEOPLE} people each, of whom {SHARE:.0%} have it; 199 deals by chance; found: p at most 0.05\n")
    table(["strength", *(f"{strength:g}" for strength in STRENGTHS)], rows)
