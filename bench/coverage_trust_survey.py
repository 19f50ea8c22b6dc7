"""How often the margins of `trust_survey` hold, and how often it sees a change that is there, or isn't.

python bench/coverage_trust_survey.py [how many surveys]
"""

import sys

from kring.measures.saying import wilson
from kring.measures.trust_survey import trust_survey
from kring.schema import Finding
from planted_survey import TRUE_CHANGE, TRUE_MEAN, survey


def main(times: int) -> None:
    print("| people each wave | answers go together | mean holds | change holds | change of 0.2 seen | change seen where none is |")
    print("|---|---|---|---|---|---|")
    for likeness in (0.0, 0.7):
        for n in (12, 40, 200, 800):
            mean = change = seen = false = 0
            for seed in range(times):
                one, two, _ = trust_survey(survey(seed, n, likeness=likeness))[:3]
                none = trust_survey(survey(seed, n, likeness=likeness, change=0.0))[1]
                mean += ends(one)[0] <= TRUE_MEAN <= ends(one)[1]
                change += ends(two)[0] <= TRUE_CHANGE <= ends(two)[1]
                seen += ends(two)[0] > 0
                false += not ends(none)[0] <= 0 <= ends(none)[1]
            parts = (f"{k / times:.1%} ({wilson(k, times)[0]:.1%}–{wilson(k, times)[1]:.1%})" for k in (mean, change, seen, false))
            print(f"| {n} | {likeness:g} | {' | '.join(parts)} |", flush=True)


def ends(finding: Finding) -> tuple[float, float]:
    return finding.low or 0.0, finding.high or 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
