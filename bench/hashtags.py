"""Which scores tell a quarrel from a talk: 150 networks of who retweeted whom under one hashtag, 62 of them known as controversial.

python bench/hashtags.py ../shared/data/hashtags_finland                       the table of docs/questions/are-there-two-camps.md
python bench/hashtags.py ../shared/data/hashtags_finland --partition modularity
python bench/hashtags.py ../shared/data/hashtags_finland --null-models 100

The area under the ROC curve of each score as it is, less its mean in random networks (as `polarisation` gives it), and that in standard
deviations, with 95% intervals (DeLong, DeLong & Clarke-Pearson 1988, over networks), and the same of the difference that normalising makes.
Networks of one hashtag in several periods count as several: the intervals are a little too narrow. After Salloum, Chen & Kivelä 2022.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from kring.graph.build import from_pairs
from kring.graph.sides import SCORES
from kring.measures.polarisation import polarisation
from timed import machine, table


def networks(folder):
    """Each network that is there, and whether its hashtag is controversial."""
    with (folder / "network_info.csv").open() as stream:
        for row in csv.DictReader(stream):
            path = folder / row["file_name"]
            if path.exists():
                pairs = np.loadtxt(path, np.int64, usecols=(0, 1))
                yield from_pairs(pairs[:, 0], pairs[:, 1], directed=False), row["controversial"] == "1"


def placed(positive, negative):
    """For each, the share of the others that it lies above; equals count half."""
    above = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    return above.mean(1), 1 - above.mean(0)


def area(positive, negative):
    of_positive, of_negative = placed(positive, negative)
    return of_positive.mean(), of_positive, of_negative


def interval(value, of_positive, of_negative):
    half = 1.96 * (of_positive.var(ddof=1) / len(of_positive) + of_negative.var(ddof=1) / len(of_negative)) ** 0.5
    return f"{value:.3f} ({value - half:.3f} to {value + half:.3f})"


def compare(name, raw, left, deviations, controversial):
    areas = [area(x[controversial], x[~controversial]) for x in (raw, left, deviations)]
    gain = [areas[1][k] - areas[0][k] for k in range(3)]
    return [name, *(interval(*found) for found in areas), interval(*gain)]


def measured(graph, options):
    found = {f.name: f for f in polarisation(graph, **options)}
    raw = [found[name].value for name in SCORES]
    left = [found[f"{name}_normalised"].value for name in SCORES]
    spread = [found[f"{name}_null"].high - found[f"{name}_null"].low for name in SCORES]
    return raw, left, [x / s for x, s in zip(left, spread, strict=True)], sum(found[f"{name}_normalised"].low > 0 for name in ("ei",))


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--partition", default="spectral")
    asked.add_argument("--seed-share", type=float, default=0.3)
    asked.add_argument("--null-models", type=int, default=20)
    given = asked.parse_args()
    options = {"partition": given.partition, "seed_share": given.seed_share, "null_models": given.null_models}
    print(machine())
    found, controversial, called = [], [], []
    for graph, quarrel in networks(given.folder):
        *figures, divided = measured(graph, options)
        found.append(figures)
        controversial.append(quarrel)
        called.append(divided)
    values, controversial, called = np.array(found, float), np.array(controversial), np.array(called, bool)
    print(f"{len(values)} networks, {controversial.sum()} controversial; {options}")
    print(f"ei_normalised above chance: {called[controversial].sum()} of the controversial, {called[~controversial].sum()} of the others\n")
    table(
        ["score", "as it is", "normalised", "in deviations", "gain by normalising"],
        [compare(name, *values[:, :, k].T, controversial) for k, name in enumerate(SCORES)],
    )


if __name__ == "__main__":
    main()
