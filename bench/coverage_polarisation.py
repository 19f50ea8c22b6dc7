"""How often the interval of a normalised score holds 0 where chance alone made the network: 95% is what it says.

python bench/coverage_polarisation.py                    2,000 networks, groups given
python bench/coverage_polarisation.py --found --times 1000

Small networks (60 people, 6 ties each, evenly or by a power law, halves or 75 to 25), 20 random networks each. With its own 95% interval (Wilson).
"""

import argparse

from camps import camps
from kring.graph.sides import SCORES
from kring.measures.polarisation import polarisation
from kring.measures.saying import wilson
from timed import machine, table


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--times", type=int, default=2_000)
    asked.add_argument("--found", action="store_true")
    given = asked.parse_args()
    held, above, said = (dict.fromkeys(SCORES, 0) for _ in range(3))
    for seed in range(given.times):
        graph = camps(60, 6, 0.0, seed, share=(0.5, 0.75)[seed % 2], powers=seed // 2 % 2 == 1)
        for each in polarisation(graph, label="" if given.found else "camp", null_models=20, seed=seed):
            name = each.name.removesuffix("_normalised")
            if each.name != name and each.low is not None:
                said[name] += 1
                held[name] += each.low <= 0 <= each.high
                above[name] += each.low > 0
    print(machine())
    rows = []
    for name in SCORES:
        low, high = wilson(held[name], said[name])
        rows.append(
            [name, f"{held[name] / said[name]:.1%}", f"{low:.1%} to {high:.1%}", f"{above[name] / said[name]:.1%}", f"{said[name]:,}"]
        )
    table([f"groups {'found' if given.found else 'given'}", "holds 0", "95% interval", "false alarms: above", "networks"], rows)


if __name__ == "__main__":
    main()
