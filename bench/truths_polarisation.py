"""How strong camps must be to be seen, and how often they are seen where there are none: the table of docs/questions/are-there-two-camps.md.

python bench/truths_polarisation.py            40 networks for each cell
python bench/truths_polarisation.py --times 200

Camps are planted (`camps`): strength s, a share s of ties is bound to stay within and the rest fall anywhere. A cell is the share of networks
in which the interval of the normalised score lies above 0. At strength 0 that is a false alarm.
"""

import argparse

from camps import camps
from kring.graph.sides import SCORES
from kring.measures.polarisation import polarisation
from timed import machine, table

STRENGTHS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
SHAPES = (
    ("300 people, 8 ties each, halves", {"n": 300, "mean_degree": 8}),
    ("300 people, 8 ties each, 80 to 20", {"n": 300, "mean_degree": 8, "share": 0.8}),
    ("300 people, 8 ties, power law, halves", {"n": 300, "mean_degree": 8, "powers": True}),
    ("300 people, 3 ties each, halves", {"n": 300, "mean_degree": 3}),
)


def seen(shape, strength, label, times):
    """For each score, in what share of networks it lies above chance."""
    counts = dict.fromkeys(SCORES, 0)
    for seed in range(times):
        found = polarisation(camps(strength=strength, seed=seed, **shape), label=label, null_models=20, seed=seed)
        for each in found:
            name = each.name.removesuffix("_normalised")
            if each.name != name and each.low is not None and each.low > 0:
                counts[name] += 1
    return {name: n / times for name, n in counts.items()}


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=40)
    times = asked.parse_args().times
    print(machine(), f"· {times} networks a cell\n")
    for label, how in (("camp", "groups given"), ("", "groups found")):
        for name, shape in SHAPES:
            cells = [seen(shape, strength, label, times) for strength in STRENGTHS]
            rows = [[score, *(f"{cell[score]:.0%}" for cell in cells)] for score in SCORES]
            table([f"{how}; {name}", *(f"{strength:g}" for strength in STRENGTHS)], rows)


if __name__ == "__main__":
    main()
