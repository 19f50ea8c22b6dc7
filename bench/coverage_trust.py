"""How often the intervals of `trust` hold: an AUC over made ratings, against its mean over all of them.

python bench/coverage_trust.py [how many networks]
"""

import sys

import numpy as np

import planted_trust
from kring.measures.saying import wilson
from kring.measures.signs import foretold, gain, interval, parts_by_chance, ratings_of

NAMES = ("", "flow", "baseline_received", "baseline_received_and_given")


def main(times: int) -> None:
    for people, each, strength in ((60, 8, 1.0), (150, 8, 0.0), (150, 8, 1.0), (150, 8, 2.0), (400, 12, 1.0)):
        said: dict[str, list[tuple[float, float, float]]] = {}
        for seed in range(times):
            ratings = ratings_of(planted_trust.rated(seed, people=people, each=each, strength=strength))
            found = foretold(ratings, parts_by_chance(ratings, seed), None, 0.85)
            for name in NAMES:
                said.setdefault(f"auc {name}", []).append((found[name].auc, *interval(found[name], ratings)))
            said.setdefault("auc_gain", []).append(gain(found[""], found["baseline_received"], ratings))
        for name, values in said.items():
            value, low, high = np.array(values).T
            holds = int(((low <= value.mean()) & (value.mean() <= high)).sum())
            ends = wilson(holds, times)
            print(
                f"{people} people, {each} each, strength {strength:g}: {name:38} mean {value.mean():.3f}  "
                f"holds {holds / times:.1%} ({ends[0]:.1%}-{ends[1]:.1%})",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
