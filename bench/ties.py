"""The survival of ties beside lifelines and pandas, in one run on a made log of acts; medians of three, in turn.

python bench/ties.py [PEOPLE ACTS]     (100_000 and 5_000_000: some five minutes on a quiet core; 3 GB)

Needs lifelines, which brings pandas. The other way is what one would write with both: group by pair, split at long silences, fit a curve.
Its Greenwood interval takes ties for independent; ours doesn't, and draws friends in common, what was kept and lost, and more.
"""

import sys
import time
from statistics import median

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter

from kring.graph.logs import from_acts
from kring.measures.ties import ties
from timed import machine, table

DAY = 86_400
SILENCE = 30.0
ROUNDS = 3


def made(people, acts, seed):
    """Acts between people who know some ten others each; ties live some months and speak now and then."""
    draw = np.random.default_rng(seed)
    n = 5 * people
    one, other = draw.integers(0, people, n), np.minimum(people - 1, (people * draw.random(n) ** 2).astype(np.int64))
    born, lived = draw.uniform(-300, 730, n), draw.exponential(90, n)
    tie = draw.choice(n, acts, p=lived / lived.sum())
    at = born[tie] + lived[tie] * draw.random(acts)
    turned, inside = draw.random(acts) < 0.5, (at >= 0) & (at <= 730)
    source, target = np.where(turned, one[tie], other[tie])[inside], np.where(turned, other[tie], one[tie])[inside]
    return from_acts(source, target, 1_700_000_000_000_000 + (at[inside] * DAY * 1e6).astype(np.int64), people)


def by_pandas(log):
    """The half-life in days."""
    low, high = np.minimum(log.source, log.target), np.maximum(log.source, log.target)
    frame = pd.DataFrame({"low": low, "high": high, "at": log.at / 1e6 / DAY}).sort_values(["low", "high", "at"])
    gap = frame.groupby(["low", "high"])["at"].diff()
    frame["life"] = (gap.isna() | (gap > SILENCE)).cumsum()
    frame["squares"], frame["gap"] = gap.where(gap <= SILENCE, 0.0) ** 2, gap.where(gap <= SILENCE, 0.0)
    lives = frame.groupby("life").agg(first=("at", "first"), last=("at", "last"), gap=("gap", "sum"), squares=("squares", "sum"))
    start, end = frame["at"].min(), frame["at"].max()
    lives = lives[(lives["first"] >= start + SILENCE) & (lives["first"] <= end - SILENCE)]
    until = lives["last"] + np.minimum((lives["squares"] / (2 * lives["gap"])).fillna(0), SILENCE)
    over = (lives["last"] <= end - SILENCE) & (until <= end - SILENCE)
    lasted = np.where(over, until - lives["first"], end - SILENCE - lives["first"])
    return KaplanMeierFitter().fit(lasted, over).median_survival_time_


def ours(log):
    return next(each.value for each in ties(log, silence_days=SILENCE) if each.name == "half_life") / DAY


def main(words):
    if len(words) not in (0, 2):
        sys.exit(__doc__)
    people, acts = (int(word.replace("_", "")) for word in words or ("100_000", "5_000_000"))
    ours(made(200, 20_000, 1))
    log = made(people, acts, 2)
    print(f"{machine()}\n\n{people:,} people, {len(log.at):,} acts\n")
    times, found = {ours: [], by_pandas: []}, {}
    for _ in range(ROUNDS):
        for way in times:
            begin = time.perf_counter()
            found[way] = way(log)
            times[way].append(time.perf_counter() - begin)
    mine, other = (median(each) for each in times.values())
    table(
        ["", "half-life", "time"],
        [
            ["kring, all of `ties`", f"{found[ours]:.2f} days", f"{mine:.2f} s"],
            ["pandas and lifelines, the curve alone", f"{found[by_pandas]:.2f} days", f"{other:.2f} s ({other / mine:.1f} times as long)"],
        ],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
