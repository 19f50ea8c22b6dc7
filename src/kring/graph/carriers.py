"""Through whom a majority is seen: the few people who, if they no longer had a trait, would leave fewest who see it with most of those around them."""

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.build import transpose
from kring.graph.exposure import Seen


def carriers(graph: Graph, seen: Seen, whose: NDArray[np.bool_], leave: int, most: int) -> tuple[NDArray[np.int64], int]:
    """The people with a trait to change, one after another, until of those in `whose` at most `leave` see it with more than half.

    Takes   what everybody sees (`exposure`); `most`: stop after so many people.
    Gives   the people in the order in which they were taken, and how many are left who see a majority. Each time the one is taken who
            undoes most: a person for whom r neighbours must change counts 1/r for each of those, until enough have.
    Costs   O(m log n) time at most; what is taken again from the heap is looked at again.
    After   greedy cover of many (Wolsey 1982), with the gains kept in a heap (Minoux 1978). The smallest such set may be smaller still.
    """
    sees = seen.strict & whose
    need = np.where(sees, seen.hits - seen.known // 2, 0)
    back = transpose(graph)
    taken, left = _greedy(back.offsets, back.targets, seen.has, need, int(sees.sum()), leave, most)
    return taken, int(left)


@njit(cache=True, nogil=True)
def _gain(offsets: NDArray[np.int64], sources: NDArray[np.uint32], need: NDArray[np.int64], left: NDArray[np.int64], node: int) -> float:
    gain = 0.0
    for arc in range(offsets[node], offsets[node + 1]):
        viewer = sources[arc]
        if left[viewer] > 0:
            gain += 1.0 / need[viewer]
    return gain


@njit(cache=True, nogil=True)
def _greedy(
    offsets: NDArray[np.int64],
    sources: NDArray[np.uint32],
    has: NDArray[np.int8],
    need: NDArray[np.int64],
    seeing: int,
    leave: int,
    most: int,
) -> tuple[NDArray[np.int64], int]:
    """Gains only fall, so who still is first in the heap after being counted again is the best."""
    left = need.copy()
    heap = [(0.0, np.int64(-1))]
    heap.pop()
    for holder in range(len(has)):
        if has[holder] == 1:
            gain = _gain(offsets, sources, need, left, holder)
            if gain > 0:
                heap.append((-gain, np.int64(holder)))
    heapq.heapify(heap)
    taken = np.empty(most, np.int64)
    n = 0
    while seeing > leave and n < most and len(heap) > 0:
        _, node = heapq.heappop(heap)
        gain = _gain(offsets, sources, need, left, node)
        if gain <= 0:
            continue
        if len(heap) > 0 and -gain > heap[0][0]:
            heapq.heappush(heap, (-gain, node))
            continue
        taken[n] = node
        n += 1
        for arc in range(offsets[node], offsets[node + 1]):
            viewer = sources[arc]
            if left[viewer] > 0:
                left[viewer] -= 1
                seeing -= left[viewer] == 0
    return taken[:n], seeing
