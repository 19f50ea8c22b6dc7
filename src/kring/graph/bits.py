"""Sets of nodes as bits, 64 to a word: node v is bit v % 64 of word v // 64. For 40 million nodes that is 5 MB, which stays in the cache."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from kring.errors import GraphError

Bits = NDArray[np.uint64]
in_code: Any = intrinsic
"""Numba's `intrinsic`. Named anew for mypy, which takes what one is made of for what it is called with."""


def none_of(n: int) -> Bits:
    """The empty set of n nodes."""
    return np.zeros(-(-n // 64), np.uint64)


def these(nodes: NDArray[np.integer], n: int) -> Bits:
    """The set of these nodes, of n.

    Fails   GraphError for a node that isn't there: kernels don't look, and would write where they may not.
    """
    if len(nodes) and not 0 <= int(nodes.min()) <= int(nodes.max()) < n:
        wrong = int(nodes.min()) if nodes.min() < 0 else int(nodes.max())
        raise GraphError(f"There is no node {wrong} in a graph of {n}.")
    bits = none_of(n)
    nodes = nodes.astype(np.uint64)
    np.bitwise_or.at(bits, (nodes >> np.uint64(6)).astype(np.int64), np.uint64(1) << (nodes & np.uint64(63)))
    return bits


def size(bits: Bits) -> int:
    """How many nodes are in the set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def aligned(cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Borders between pieces, moved to whole words, so that no two threads write in one word."""
    return np.unique(np.concatenate((cuts[:-1] // 64 * 64, cuts[-1:])))


@in_code
def lowest(typing: Any, word: Any) -> Any:
    """The place of the lowest bit of a word, which must have one."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.IntType(1)(1))

    return types.int64(types.uint64), code


@in_code
def entered(typing: Any, bits: Any, node: Any) -> Any:
    """Puts a node in a set that other threads fill too; whether it was not yet there, which just one thread is told."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        word = ir.IntType(64)
        mark = builder.shl(word(1), builder.and_(given[1], word(63)))
        before = builder.atomic_rmw("or", builder.gep(data, [builder.lshr(given[1], word(6))]), mark, "monotonic")
        return builder.icmp_unsigned("==", builder.and_(before, mark), word(0))

    return types.boolean(bits, types.int64), code


@njit(cache=True, inline="always")
def has(bits: Bits, node: int) -> bool:
    """Is the node in the set?"""
    return bool(bits[node >> 6] >> np.uint64(node & 63) & np.uint64(1))


@njit(cache=True, inline="always")
def put(bits: Bits, node: int) -> None:
    """Puts a node in a set that no other thread writes to at this place."""
    bits[node >> 6] |= np.uint64(1) << np.uint64(node & 63)


@njit(cache=True, nogil=True)
def arcs_of(offsets: NDArray[np.int64], nodes: Bits) -> int:
    """How many arcs the nodes of a set have together."""
    arcs = 0
    for word in range(len(nodes)):
        bits = nodes[word]
        while bits:
            node = 64 * word + lowest(bits)
            bits &= bits - np.uint64(1)
            arcs += offsets[node + 1] - offsets[node]
    return arcs


@njit(cache=True, inline="always")
def first_from(targets: NDArray[np.uint32], low: int, high: int, wanted: int) -> int:
    """The first arc from `low` up to `high` whose target is not below `wanted`."""
    while low < high:
        middle = (low + high) >> 1
        if targets[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
