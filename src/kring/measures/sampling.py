"""What a sample tells of all: who is drawn, an estimate that is helped by what is known of everybody, and its interval."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.measures.saying import t_quantile

_MOST_LEVERAGE = 0.98
_ROUNDS = 6
Floats = NDArray[np.float64]


def in_random_order(n: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """The numbers 0 … n - 1 in an order drawn by `seed`, in pieces; who takes fewer has the beginning of the same order.

    Costs   time and memory for what is taken alone.
    After   Black & Rogaway 2002, Ciphers with arbitrary finite domains: a Feistel network, walked along until it is within the range.
    """
    half = max(1, -(-(max(n - 1, 1)).bit_length() // 2))
    keys = np.random.SeedSequence(seed).generate_state(_ROUNDS, np.uint64)
    mask = np.uint64((1 << half) - 1)
    for start in range(0, n, 1 << 16):
        numbers = np.arange(start, min(n, start + (1 << 16)), dtype=np.uint64)
        outside = np.ones(len(numbers), np.bool_)
        while outside.any():
            left, right = numbers[outside] >> np.uint64(half), numbers[outside] & mask
            for key in keys:
                left, right = right, left ^ (_mixed(right + key) & mask)
            numbers[outside] = (left << np.uint64(half)) | right
            outside = numbers >= n
        yield numbers.astype(np.int64)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """After Steele, Lea & Flood 2014, SplitMix64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Figures with the ends of their 95% intervals."""

    value: Floats
    low: Floats
    high: Floats


def estimated(
    drawn: Floats, known: Floats, known_of_all: Floats, figures: Callable[[Floats], Floats], *, fraction: Floats | float = 0.0
) -> Estimate:
    """Figures of all from a sample.

    Takes   `drawn`: a row of numbers for each of the sample; `known`: what is known of each of the sample, a column of ones among it (or of ones
            for each group that was drawn from by itself); `known_of_all`: its mean over everybody; `figures`: what is wanted, from the means of
            the numbers over everybody; `fraction`: the share that was drawn, without putting back, of everybody (or of each one's group).
    Gives   Estimate; the interval is that of the estimator.
    Costs   O(sample * numbers) time.
    After   the regression estimator (Cochran 1977, Sampling techniques, chapter 7); its bias and variance by leaving out one at a time, in closed form
            by leverages (Wolter 2007, Introduction to variance estimation, chapter 4), with the finite population correction.
    """
    size = len(drawn)
    inverse = np.linalg.pinv(known.T @ known, hermitian=True)
    slopes = inverse @ (known.T @ drawn)
    mean = known_of_all @ slopes
    value = figures(mean)
    if size < 2:
        return Estimate(value, np.full_like(value, -np.inf), np.full_like(value, np.inf))
    pull, off = known @ (inverse @ known_of_all), drawn - known @ slopes
    leverage = np.minimum(((known @ inverse) * known).sum(axis=1), _MOST_LEVERAGE)
    without = np.stack([figures(mean - pull[k] / (1 - leverage[k]) * off[k]) for k in range(size)])
    left = np.broadcast_to(1 - np.asarray(fraction, np.float64), size)[:, None]
    variance = (size - 1) / size * (left * (without - value) ** 2).sum(axis=0)
    half = t_quantile(max(1, size - known.shape[1])) * np.sqrt(variance)
    value = value - (size - 1) * (without.mean(axis=0) - value)
    return Estimate(value, value - half, value + half)
