"""What changed between two periods: sums over people with an interval in which people are the unit, not what they did."""

from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from kring.measures.saying import t_quantile


def ratio(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[float, float, float]:
    """How many times as much there is after as before, with a 95% interval.

    Takes   for each person what he did in either period; both sums are above 0.
    Gives   the ratio of the sums and the ends of its interval.
    After   the linearised variance of a ratio of totals, each person one draw (Cochran 1977, Sampling techniques, chapter 6), on the logarithm;
            Student's t with as many degrees of freedom as people carry the change (Satterthwaite 1946). A person who does half of everything
            widens it as he should; that people don't wait for each other is taken for granted.
    """
    first, second = float(before.sum()), float(after.sum())
    n = int(((before > 0) | (after > 0)).sum())
    middle = log(second / first)
    off = (after / second - before / first) ** 2
    total = float(off.sum())
    if n < 2:
        return second / first, 0.0, inf
    carriers = total * total / float(off @ off) if total > 0 else n
    half = t_quantile(max(1, int(carriers) - 1)) * sqrt(total * n / (n - 1))
    return second / first, exp(middle - half), exp(middle + half)
