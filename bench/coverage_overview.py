"""How often the intervals of what changed in `overview` hold the change that was planted.

python bench/coverage_overview.py            2,000 pairs of periods for each row (a minute or two)
"""

import argparse
from itertools import product

from kring.measures.overview import overview
from kring.measures.saying import wilson
from planted_overview import two_periods
from timed import table


def held(worlds, people, times, shape):
    hits = 0
    for seed in range(worlds):
        change = next(f for f in overview(*two_periods(seed, people, times, shape=shape)) if f.name == "acts_change")
        hits += change.low + 1 <= times <= change.high + 1
    low, high = wilson(hits, worlds)
    return f"{hits / worlds:.1%} ({low * 100:.1f}–{high * 100:.1f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=2000)
    worlds = parser.parse_args().worlds
    print(f"{worlds} pairs of periods for each; the interval of acts_change\n")
    kinds = {"people do alike": 2.0, "some do much, most little": 0.3}
    rows = [
        [f"{people} people, {name}", *(held(worlds, people, times, shape) for times in (1.0, 2.0))]
        for people, (name, shape) in product((30, 100, 300), kinds.items())
    ]
    table(["holds", "no change", "twice as much"], rows)
