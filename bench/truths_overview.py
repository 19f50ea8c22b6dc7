"""How often `overview` finds a planted burst and a planted change, and how often it finds one where there is none.

python bench/truths_overview.py            tables for docs/questions/what-changed.md (a minute or two)
"""

import argparse

from kring.measures.overview import overview
from kring.measures.saying import wilson
from kring.measures.spikes import unusual
from planted_overview import counts, two_periods
from timed import table

BURSTS = (0.0, 0.5, 1.0, 2.0, 4.0)
WORLDS = {
    "50 a day, as chance has it": {"mean": 50.0},
    "20 a day, as chance has it": {"mean": 20.0},
    "20 a day, restless (variance 3 times the mean)": {"mean": 20.0, "spread": 3.0},
    "20 a day, restless, growing threefold": {"mean": 20.0, "spread": 3.0, "trend": 1.1},
    "5 a day, restless": {"mean": 5.0, "spread": 2.0},
}
TIMES = (0.5, 0.8, 1.0, 1.25, 2.0)


def share(k, n):
    low, high = wilson(k, n)
    return f"{k / n:.0%} ({low * 100:.0f}–{high * 100:.0f})"


def bursts(worlds):
    """For each kind of world: how often the day of the burst is found, and how often another day is."""
    for name, more in WORLDS.items():
        cells, alarms = [], 0
        for burst in BURSTS:
            hits = 0
            for seed in range(worlds):
                found, at = counts(seed, burst=burst, **more)
                days = unusual(found, 7).found
                hits += at in days
                alarms += any(day != at for day in days)
            cells.append(share(hits, worlds))
        yield [name, *cells, share(alarms, worlds * len(BURSTS))]


def changes(worlds):
    """How often the interval of a change leaves out "none"."""
    for people in (50, 300):
        cells = []
        for times in TIMES:
            found = [next(f for f in overview(*two_periods(seed, people, times)) if f.name == "acts_change") for seed in range(worlds)]
            cells.append(share(sum(f.low > 0 or f.high < 0 for f in found), worlds))
        yield [f"{people} people", *cells]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=400)
    worlds = parser.parse_args().worlds
    print(f"{worlds} records of a year for each, of which one day is so many times its usual more\n")
    table(["found, burst of", *(f"{burst:g}" for burst in BURSTS), "another day found wrongly"], list(bursts(worlds)))
    print(f"{worlds} pairs of periods for each; some people do much and most little\n")
    table(["found, so many times as much", *(f"{times:g}" for times in TIMES)], list(changes(worlds)))
