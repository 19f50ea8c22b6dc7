"""Arcs turned round, and arcs joined with those turned round: by counting, without sorting."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.threads import each, few_borders, n_threads, over_nodes

_NO_NODE = 2**32 - 1


def offsets_of(degree: NDArray[np.int64]) -> NDArray[np.int64]:
    """The offsets of nodes with these degrees."""
    offsets = np.zeros(len(degree) + 1, np.int64)
    np.cumsum(degree, out=offsets[1:])
    return offsets


def turned(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], n: int, *, with_origin: bool = False, threads: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """Offsets and sources of arcs turned round, and (if asked) which arc each was; targets are below n, and sources may be others than they."""
    cut = few_borders(offsets, n_threads(threads))
    blocks = len(cut) - 1
    counts = np.zeros((max(blocks, 1), n), np.int64)
    each(lambda k: _count_targets(targets[offsets[cut[k]] : offsets[cut[k + 1]]], counts[k]), blocks, threads)
    back_offsets = np.zeros(n + 1, np.int64)
    _places(counts, back_offsets)
    sources = np.empty(len(targets), np.uint32)
    origin = np.empty(len(targets) if with_origin else 0, np.int64)
    each(lambda k: _put(offsets, targets, cut[k], cut[k + 1], counts[k], sources, origin), blocks, threads)
    return back_offsets, sources, origin


def either_way(
    offsets: NDArray[np.int64], targets: NDArray[np.uint32], *, with_origin: bool = False, threads: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Offsets and targets of the ties that have an arc either way; and (if asked) for each the arc that leaves and the one that comes, or -1."""
    n = len(offsets) - 1
    back_offsets, back, origin = turned(offsets, targets, n, with_origin=with_origin, threads=threads)
    degree = np.zeros(n, np.int64)
    over_nodes(offsets, lambda a, b: _count_either_way(offsets, targets, back_offsets, back, a, b, degree), threads)
    joined_offsets = offsets_of(degree)
    joined = np.empty(int(joined_offsets[-1]), np.uint32)
    out, into = (np.empty(len(joined) if with_origin else 0, np.int64) for _ in range(2))
    arrays = (offsets, targets, back_offsets, back, origin)
    over_nodes(offsets, lambda a, b: _join_either_way(*arrays, a, b, joined_offsets, joined, out, into), threads)
    return joined_offsets, joined, out, into


@njit(cache=True, nogil=True)
def _count_targets(targets: NDArray[np.uint32], counts: NDArray[np.int64]) -> None:
    for target in targets:
        counts[target] += 1


@njit(cache=True, nogil=True)
def _places(counts: NDArray[np.int64], offsets: NDArray[np.int64]) -> None:
    """From how often each block of arcs names a node to where the block's first such arc goes; blocks in order, so sources ascend."""
    place = 0
    for node in range(counts.shape[1]):
        for block in range(counts.shape[0]):
            counts[block, node], place = place, place + counts[block, node]
        offsets[node + 1] = place


@njit(cache=True, nogil=True)
def _put(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    begin: int,
    end: int,
    place: NDArray[np.int64],
    sources: NDArray[np.uint32],
    origin: NDArray[np.int64],
) -> None:
    for node in range(begin, end):
        for arc in range(offsets[node], offsets[node + 1]):
            to = place[targets[arc]]
            place[targets[arc]] = to + 1
            sources[to] = node
            if len(origin):
                origin[to] = arc


@njit(cache=True, nogil=True)
def _count_either_way(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    back_offsets: NDArray[np.int64],
    back: NDArray[np.uint32],
    begin: int,
    end: int,
    degree: NDArray[np.int64],
) -> None:
    for node in range(begin, end):
        i, last_i, j, last_j = offsets[node], offsets[node + 1], back_offsets[node], back_offsets[node + 1]
        both = 0
        while i < last_i and j < last_j:
            a, b = targets[i], back[j]
            both += a == b
            i += a <= b
            j += b <= a
        degree[node] = last_i - offsets[node] + last_j - back_offsets[node] - both


@njit(cache=True, nogil=True)
def _join_either_way(
    offsets: NDArray[np.int64],
    targets: NDArray[np.uint32],
    back_offsets: NDArray[np.int64],
    back: NDArray[np.uint32],
    origin: NDArray[np.int64],
    begin: int,
    end: int,
    joined_offsets: NDArray[np.int64],
    joined: NDArray[np.uint32],
    out: NDArray[np.int64],
    into: NDArray[np.int64],
) -> None:
    """`out` and `into`: the arc of each tie that leaves the node and that comes to it; -1 for none."""
    for node in range(begin, end):
        i, last_i, j, last_j = offsets[node], offsets[node + 1], back_offsets[node], back_offsets[node + 1]
        for k in range(joined_offsets[node], joined_offsets[node + 1]):
            a = np.int64(targets[i]) if i < last_i else _NO_NODE
            b = np.int64(back[j]) if j < last_j else _NO_NODE
            joined[k] = min(a, b)
            if len(out):
                out[k] = i if a <= b else -1
                into[k] = origin[j] if b <= a else -1
            i += a <= b
            j += b <= a
