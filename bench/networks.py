"""Networks made up for the benchmarks: pairs of node numbers from a seed, the same whatever the number of threads.

Each pair is made from its own number by hashing, so pieces need not wait for each other and come in no order: they are shuffled as made.

python bench/networks.py bluesky 40_000_000 1_500_000_000 FILE.npy     (12 GB; a minute or two)
python bench/networks.py rmat 24 250_000_000 FILE.npy
python bench/networks.py hubby 16_777_216 250_000_000 FILE.npy
"""

import math
import sys
import time
from pathlib import Path

import numpy as np
from numba import njit
from numpy.lib.format import open_memmap

from kring.graph.threads import each

_PIECE = 1 << 22
_HALF = 0.65
"""In `bluesky`: expected ties fall with a person's rank to this power, so that the tail of their density has exponent 1 + 1/0.65 = 2.54."""
_LOCAL = 0.7
"""In `bluesky`: the share of ties to somebody near on a ring."""
_NEAR = 3.0
"""In `bluesky`: how far the near are, as a multiple of how many ties a person has. Nearer: more triangles, and more pairs twice."""


def rmat(scale, arcs, seed, *, shuffle=True):
    """R-MAT with the parameters of Graph500 (.57, .19, .19, .05), loops and duplicates as they come.

    Takes   nodes as a power of two, pairs, seed; `shuffle=False` leaves node 0 the greatest hub.
    Gives   sources and targets, uint32[arcs] each.
    After   Chakrabarti, Zhan & Faloutsos 2004; https://graph500.org/?page_id=12
    """
    source, target, quarters = np.empty(arcs, np.uint32), np.empty(arcs, np.uint32), _sixteenths()
    _over(arcs, lambda a, b: _rmat(source, target, a, b, scale, seed, shuffle, quarters))
    return source, target


def hubby(n, arcs, seed, *, exponent=2.1):
    """A configuration model whose degrees fall as a power law: each node's ends are fixed, who meets whom is chance.

    Takes   nodes, pairs, seed, and the exponent of the degrees' density: 2.1 gives hubs with a tenth of all.
    Gives   sources and targets, uint32[arcs] each; a node is source as often as target. Node numbers are shuffled.
    """
    wanted = np.arange(1, n + 1) ** (-1 / (exponent - 1))
    ends = np.diff(np.round(np.cumsum(wanted) * (arcs / wanted.sum())), prepend=0).astype(np.int64)
    stubs = np.repeat(np.arange(n, dtype=np.uint32), ends)
    source, target = np.empty(arcs, np.uint32), np.empty(arcs, np.uint32)
    _over(arcs, lambda a, b: _matched(source, target, a, b, stubs, n, seed))
    return source, target


def bluesky(n, ties, seed, out: Path):
    """Pairs of a network like that of a whole platform, straight to disk: a heavy tail, and friends of friends who are friends.

    Seven ties in ten go to somebody near on a ring, as near as the person has ties (so that the near know each other); the others to
    anybody, by their rank. Who is near on the ring and who has many ties is nothing that a node's number tells.
    Takes   nodes, pairs (each tie once; a few per cent come twice), seed, and a file to write (.npy, uint32[ties, 2]).
    """
    pairs = open_memmap(out, mode="w+", dtype=np.uint32, shape=(ties, 2))
    _over(ties, lambda a, b: _bluesky(pairs, a, b, n, 2 * ties / n * (1 - _HALF), seed))
    pairs.flush()


def _over(arcs, work):
    each(lambda k: work(k * _PIECE, min((k + 1) * _PIECE, arcs)), -(-arcs // _PIECE))


def _sixteenths():
    """For each 16-bit number two levels of R-MAT at once, in proportion: two bits of the source, two of the target."""
    one = np.array([0.57, 0.19, 0.19, 0.05])
    ends = np.round(np.cumsum(np.outer(one, one).ravel()) * 65536).astype(np.int64)
    both = np.searchsorted(ends, np.arange(65536), side="right")
    first, second = both >> 2, both & 3
    return (((first >> 1) << 3) | ((second >> 1) << 2) | ((first & 1) << 1) | (second & 1)).astype(np.uint8)


@njit(cache=True, nogil=True, inline="always")
def _hash(x):
    """A step of SplitMix64 (Steele, Lea & Flood 2014)."""
    x = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True, inline="always")
def _unit(x):
    """From a hash to (0, 1]."""
    return (np.float64(x >> np.uint64(11)) + 1.0) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True, inline="always")
def _moved(x, n, bits, key):
    """A permutation of the numbers below n: one of those below 2^bits, taken again until it falls below n."""
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    half = np.uint64(bits // 2 + 1)
    x = np.uint64(x)
    while True:
        x = ((x + key) * np.uint64(0x9E3779B97F4A7C15)) & mask
        x ^= x >> half
        x = (x * np.uint64(0xD6E8FEB86659FD93)) & mask
        x ^= x >> half
        if x < np.uint64(n):
            return x


@njit(cache=True, nogil=True)
def _rmat(source, target, begin, end, scale, seed, shuffle, quarters):
    key = _hash(np.uint64(seed) + np.uint64(1))
    n = np.uint64(1) << np.uint64(scale)
    for k in range(begin, end):
        a = b = np.uint64(0)
        drawn = np.uint64(0)
        for step in range((scale + 1) // 2):
            if step % 4 == 0:
                drawn = _hash(key + np.uint64(k) * np.uint64(8) + np.uint64(step // 4))
            four = np.uint64(quarters[drawn & np.uint64(0xFFFF)])
            drawn >>= np.uint64(16)
            a = (a << np.uint64(2)) | (four >> np.uint64(2))
            b = (b << np.uint64(2)) | (four & np.uint64(3))
        odd = np.uint64(scale & 1)
        a, b = a >> odd, b >> odd
        source[k] = _moved(a, n, scale, key) if shuffle else a
        target[k] = _moved(b, n, scale, key) if shuffle else b


@njit(cache=True, nogil=True)
def _matched(source, target, begin, end, stubs, n, seed):
    key, other = _hash(np.uint64(seed) + np.uint64(1)), _hash(np.uint64(seed) + np.uint64(2))
    arcs = len(stubs)
    bits, node_bits = _bits(arcs), _bits(n)
    for k in range(begin, end):
        source[k] = _moved(stubs[_moved(k, arcs, bits, key)], n, node_bits, key)
        target[k] = _moved(stubs[_moved(k, arcs, bits, other)], n, node_bits, key)


@njit(cache=True, nogil=True)
def _bluesky(pairs, begin, end, n, fewest, seed):
    key, other = _hash(np.uint64(seed) + np.uint64(1)), _hash(np.uint64(seed) + np.uint64(2))
    bits, power = _bits(n), 1.0 / (1.0 - _HALF)
    for k in range(begin, end):
        first = _hash(key + np.uint64(k) * np.uint64(2))
        second = _hash(key + np.uint64(k) * np.uint64(2) + np.uint64(1))
        log = math.log(_unit(first)) * power
        rank = np.uint64(min(n * math.exp(log), n - 1.0))
        place = _moved(rank, n, bits, other)
        chance = _unit(second)
        if chance < _LOCAL:
            near = min(_NEAR * fewest * math.exp(-_HALF * log), 0.5 * n)
            there = place + np.uint64(1) + np.uint64(near * (chance / _LOCAL))
            if there >= np.uint64(n):
                there -= np.uint64(n)
        else:
            rest = (chance - _LOCAL) / (1.0 - _LOCAL)
            there = _moved(np.uint64((n - 1) * math.exp(math.log(rest + 1e-16) * power)), n, bits, other)
        pairs[k, 0] = _moved(place, n, bits, key)
        pairs[k, 1] = _moved(there, n, bits, key)


@njit(cache=True, nogil=True, inline="always")
def _bits(n):
    bits = 1
    while (1 << bits) < n:
        bits += 1
    return bits


def main(words):
    if len(words) not in (4, 5):
        sys.exit(__doc__)
    kind, n, arcs, out = words[0], int(words[1]), int(words[2]), Path(words[3])
    seed = int(words[4]) if len(words) == 5 else 1
    begin = time.perf_counter()
    if kind == "bluesky":
        bluesky(n, arcs, seed, out)
    else:
        pairs = open_memmap(out, mode="w+", dtype=np.uint32, shape=(arcs, 2))
        pairs[:, 0], pairs[:, 1] = {"rmat": rmat, "hubby": hubby}[kind](n, arcs, seed)
        pairs.flush()
    print(f"{arcs:,} pairs in {time.perf_counter() - begin:.1f} s: {out}")


if __name__ == "__main__":
    main(sys.argv[1:])
