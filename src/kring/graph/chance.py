"""Random numbers by counting: the k-th of a key is a hash of both, so whoever needs it makes it, in any order, on any thread.

Keys come from keys: `key(seed, walk)`, then `key(that, step)`. After SplitMix64, Steele, Lea & Flood 2014.
"""

import numpy as np
from numba import njit

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@njit(cache=True, nogil=True)
def key(of: int, k: int) -> np.uint64:
    """64 random bits: the k-th of a seed or of another key."""
    x = (np.uint64(of) ^ _SECOND) + (np.uint64(k) + np.uint64(1)) * _GOLDEN
    x = (x ^ (x >> np.uint64(30))) * _FIRST
    x = (x ^ (x >> np.uint64(27))) * _SECOND
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True)
def unit(bits: np.uint64) -> float:
    """Random bits as a number from 0 to 1, 1 left out."""
    return np.float64(bits >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def below(bits: np.uint64, n: int) -> int:
    """Random bits as a whole number below n, each as likely to one part in 2^53 / n."""
    return int(unit(bits) * n)
