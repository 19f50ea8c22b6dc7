"""Days and weeks on which far more happened than usual: beside the same weekday around them, and by how much such counts differ anyway."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AROUND = 8
"""So many of the same weekday (or weeks) on either side are what is usual."""
FEWEST = 4
"""With fewer to compare with, nothing is said of a day."""
CHANCE = 0.05
"""How often, in all of a quiet record, one is found nevertheless."""
_FAR = 3.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Unusual:
    """What is usual for each day, and which are out of the ordinary."""

    usual: Floats
    """float64[n]: NaN where there is too little to compare with."""
    around: NDArray[np.bool_]
    """bool[n, 16]: which of the days around each are taken for usual."""
    p: Floats
    """float64[n]: how often chance gives as many, times the days that were looked at; 1 where none was."""
    looked: int

    @property
    def found(self) -> NDArray[np.int64]:
        """The days out of the ordinary."""
        return np.flatnonzero(self.p <= CHANCE)


def steps(cycle: int) -> NDArray[np.int64]:
    """How far the days lie that a day is compared with."""
    far = cycle * np.arange(1, AROUND + 1)
    return np.concatenate((-far[::-1], far))


def unusual(counts: NDArray[np.int64], cycle: int) -> Unusual:
    """Which of these counts are out of the ordinary.

    Takes   a count for each day and 7, or for each week and 1. Days that are far above the middle of those around them are no part of what is
            usual for others.
    Gives   for each the mean of its like around it, and the chance of a negative binomial count as high: its variance is that of the counts
            that are not far off, and of the mean itself. Corrected for as many looks as there are days (Bonferroni).
    Costs   O(n) time.
    After   Farrington et al. 1996 and Noufaily et al. 2013, who look for outbreaks so; Anscombe 1948 for what is far.
    """
    n = len(counts)
    place = np.arange(n)[:, None] + steps(cycle)[None, :]
    inside = (place >= 0) & (place < n)
    near = np.where(inside, counts[np.clip(place, 0, max(n - 1, 0))], np.nan) if n else np.empty((0, 2 * AROUND))
    enough = inside.sum(axis=1) >= FEWEST
    middle = np.full(n, np.nan)
    middle[enough] = np.nanmedian(near[enough], axis=1) if enough.any() else np.nan
    off = 2 * (np.sqrt(counts + 0.375) - np.sqrt(middle + 0.375))
    wide = max(1.0, 1.4826 * float(np.nanmedian(np.abs(off - np.nanmedian(off))))) if enough.any() else 1.0
    ordinary = ~(off > _FAR * wide)
    around = inside & ordinary[np.clip(place, 0, max(n - 1, 0))] if n else np.zeros((0, 2 * AROUND), np.bool_)
    k = around.sum(axis=1)
    looked = k >= FEWEST
    usual = np.full(n, np.nan)
    usual[looked] = (np.where(around, near, 0).sum(axis=1)[looked] + 0.5) / k[looked]
    p = np.ones(n)
    calm = looked & ordinary
    if calm.any():
        scaled = (counts[calm] - usual[calm]) ** 2 / usual[calm] * k[calm] / (k[calm] + 1)
        more = max(1.0, float(scaled.mean()))
        for day in np.flatnonzero(looked & (off > 2)):
            variance = usual[day] * more * (1 + 1 / k[day])
            p[day] = min(1.0, looked.sum() * _as_many(int(counts[day]), usual[day], variance))
    return Unusual(usual, around, p, int(looked.sum()))


def _as_many(count: int, mean: float, variance: float) -> float:
    """The chance that a negative binomial of this mean and variance is `count` or more; good to 1e-12."""
    if count <= 0:
        return 1.0
    size = mean * mean / max(variance - mean, 1e-9 * mean)
    k = np.arange(count - 1)
    grows = np.log(k + size) - np.log(k + 1) + np.log(mean / (size + mean))
    below = np.exp(size * np.log(size / (size + mean)) + np.concatenate(([0.0], np.cumsum(grows))))
    return max(1e-12, 1.0 - float(below.sum()))
