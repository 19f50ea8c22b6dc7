"""Lines of 512 bits, one cache line each: the few vector operations that numba has no words for.

A line is row `k` of a uint64[n, 8] array. Inside a kernel it is a value of its own kind, kept in vector registers; what the processor's registers
are too narrow for, LLVM cuts in pieces, so that the same code runs everywhere and gives the same bits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import models, register_model
from numpy.typing import NDArray

from kring.graph.bits import in_code, lowest

WORDS = 8
"""Words of 64 bits in a line."""
_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_WORD, WORDS)


class _LineType(types.Type):  # type: ignore[misc]
    """What numba calls a line."""

    def __init__(self) -> None:
        super().__init__(name="Line512")


_LINE = _LineType()


@register_model(_LineType)
class _LineModel(models.PrimitiveModel):  # type: ignore[misc]
    """What LLVM calls a line."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)


def lines(n: int) -> NDArray[np.uint64]:
    """uint64[n, 8] of zeros that begins where a cache line begins: a line that straddles two costs twice as much."""
    room = np.zeros((n + 1) * WORDS, np.uint64)
    skipped = -room.ctypes.data % 64 // 8
    return room[skipped : skipped + n * WORDS].reshape(n, WORDS)


def _place(context: Any, builder: Any, kind: Any, array: Any, row: Any) -> Any:
    """A pointer to a row, without asking whether there is such a row."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [builder.mul(row, _WORD(WORDS))]), _VECTOR.as_pointer())


@in_code
def load(typing: Any, array: Any, row: Any) -> Any:
    """The line in a row."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load(_place(context, builder, signature.args[0], *given), align=8)

    return _LINE(array, types.int64), code


@in_code
def store(typing: Any, array: Any, row: Any, line: Any) -> Any:
    """Puts a line in a row."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        builder.store(given[2], _place(context, builder, signature.args[0], *given[:2]), align=8)
        return context.get_dummy_value()

    return types.void(array, types.int64, _LINE), code


@in_code
def prefetch(typing: Any, array: Any, row: Any) -> Any:
    """Asks for a row that will soon be loaded; any row may be asked for, also one that isn't there."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = builder.bitcast(_place(context, builder, signature.args[0], *given), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [place.type, number, number, number])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [place.type], kind)
        builder.call(fetch, [place, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), code


@in_code
def nothing(typing: Any) -> Any:
    """The line without a bit."""
    return _LINE(), lambda context, builder, signature, given: ir.Constant(_VECTOR, None)


def _operation(doc: str, of: Callable[[Any, Any, Any], Any]) -> Any:
    """An operation on two lines."""

    def operation(typing: Any, one: Any, other: Any) -> Any:
        return _LINE(_LINE, _LINE), lambda context, builder, signature, given: of(builder, *given)

    operation.__doc__ = doc
    return in_code(operation)


either = _operation("The bits of one line or the other.", lambda builder, one, other: builder.or_(one, other))
both = _operation("The bits that two lines share.", lambda builder, one, other: builder.and_(one, other))
differing = _operation("The bits of one line but not both.", lambda builder, one, other: builder.xor(one, other))
without = _operation(
    "The bits of the first line that the second has not.", lambda builder, one, other: builder.and_(one, builder.not_(other))
)


@in_code
def is_nothing(typing: Any, line: Any) -> Any:
    """Has the line no bit?"""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        bits = builder.bitcast(builder.icmp_unsigned("!=", given[0], ir.Constant(_VECTOR, None)), ir.IntType(WORDS))
        return builder.icmp_unsigned("==", bits, ir.IntType(WORDS)(0))

    return types.boolean(_LINE), code


PLANES = 8
"""Counts of up to 255 stand in eight lines: in the first the lowest bit of each of the 512 counts, and so on."""


@njit(cache=True, inline="always")
def tally(planes: NDArray[np.uint64], line: Any) -> None:
    """Adds one to the counts of a line's bits. After a binary counter whose digits are lines (Warren 2012, Hacker's Delight, 5-1)."""
    for plane in range(PLANES):
        held = load(planes, plane)
        store(planes, plane, differing(held, line))
        line = both(held, line)
        if is_nothing(line):
            break


@njit(cache=True)
def emptied(planes: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
    """Moves the counts in the planes to int64[512]."""
    for plane in range(PLANES):
        for word in range(WORDS):
            bits = planes[plane, word]
            while bits:
                counts[64 * word + lowest(bits)] += 1 << plane
                bits &= bits - np.uint64(1)
            planes[plane, word] = 0
