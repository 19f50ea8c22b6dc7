"""Lines of registers in vector instructions: the few steps that decide how fast HyperBall is, written in LLVM's own terms.

A *line* is one row of a uint8 array: the registers of one node, 64 of them unless asked otherwise, which is one line of the processor's
cache. LLVM turns `<64 x i8>` into what the processor at hand has (one register of AVX-512, two of AVX2, four of SSE or NEON), so these are
right on any of them; left to itself it doesn't see that the loops below can be one instruction (DESIGN.md, "Kernels").

Beside each stands the same step as a plain loop. A test holds both equal to the bit; `KRING_PORTABLE=1` has Kring use the loops.

How many registers there are, and which of the two to use, must be known when a kernel is compiled. Both are told by a tuple, since Numba
compiles anew for each kind of tuple: as many zeros as 2 must be multiplied with itself, whole ones for vectors, fractions for loops.
"""

import os
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from kring.errors import GraphError

AHEAD = 24
"""Arcs that the memory is warned ahead of: enough to hide its latency, few enough not to crowd out what is still needed."""
FEWEST, MOST = 16, 1024
PORTABLE = os.environ.get("KRING_PORTABLE", "") not in ("", "0")

_I1, _I8, _I32, _I64, _DOUBLE = ir.IntType(1), ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.DoubleType()


def lanes(registers: int, *, portable: bool = PORTABLE) -> tuple[float, ...]:
    """What kernels are told of the number of registers, and whether to go without vector instructions.

    Fails   GraphError unless it is a power of two from 16 to 1024.
    """
    power = registers.bit_length() - 1
    if not FEWEST <= registers <= MOST or registers != 1 << power:
        raise GraphError(f"{registers} registers can't be used.", next=f"Take a power of two from {FEWEST} to {MOST}; 64 is usual.")
    return (0.0 if portable else 0,) * power


def _is_vector(lanes: Any) -> bool:
    return isinstance(lanes.dtype, types.Integer)


def _line(sig: Any) -> ir.VectorType:
    return ir.VectorType(_I8, 1 << sig.args[0].count)


def _data(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return make_array(kind)(context, builder, value).data


def _at(builder: Any, data: Any, row: Any, line: ir.VectorType) -> Any:
    """Where the line of a row begins."""
    start = builder.mul(row, ir.Constant(_I64, line.count))
    return builder.bitcast(builder.gep(data, [start]), line.as_pointer())


def _largest(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_unsigned(">", a, b), a, b)


def _differs(builder: Any, a: Any, b: Any, line: ir.VectorType) -> Any:
    bits = builder.bitcast(builder.icmp_unsigned("!=", a, b), ir.IntType(line.count))
    return builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(line.count), 0))


def _prefetch(builder: Any, pointer: Any, line: ir.VectorType) -> None:
    """Asks for a line that will soon be read (all its cache lines)."""
    pointer = builder.bitcast(pointer, _I8.as_pointer())
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(ir.VoidType(), [_I8.as_pointer(), _I32, _I32, _I32]), "llvm.prefetch.p0"
    )
    for start in range(0, line.count, 64):
        where = builder.gep(pointer, [ir.Constant(_I64, start)])
        builder.call(function, [where, ir.Constant(_I32, 0), ir.Constant(_I32, 3), ir.Constant(_I32, 1)])


def _target(builder: Any, targets: Any, arc: Any) -> Any:
    return builder.zext(builder.load(builder.gep(targets, [arc])), _I64)


@intrinsic
def _vector_pull(typing: Any, lanes: Any, lines: Any, node: Any, targets: Any, begin: Any, end: Any, into: Any) -> Any:
    signature = types.boolean(lanes, lines, types.int64, targets, types.int64, types.int64, into)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = _line(sig)
        _, lines_value, node, targets_value, begin, end, into_value = args
        data, into_data = _data(context, builder, sig.args[1], lines_value), _data(context, builder, sig.args[6], into_value)
        arcs = make_array(sig.args[3])(context, builder, targets_value)
        last = builder.sub(arcs.nitems, ir.Constant(_I64, 1))
        first = builder.load(_at(builder, data, node, line), align=1)
        before, loop, after = builder.block, builder.append_basic_block("pull"), builder.append_basic_block("pulled")
        builder.cbranch(builder.icmp_signed("<", begin, end), loop, after)
        builder.position_at_end(loop)
        arc, largest = builder.phi(_I64), builder.phi(line)
        ahead = builder.add(arc, ir.Constant(_I64, AHEAD))
        ahead = builder.select(builder.icmp_signed("<", ahead, last), ahead, last)
        _prefetch(builder, _at(builder, data, _target(builder, arcs.data, ahead), line), line)
        other = builder.load(_at(builder, data, _target(builder, arcs.data, arc), line), align=1)
        larger, following = _largest(builder, largest, other), builder.add(arc, ir.Constant(_I64, 1))
        for phi, at_first, then in ((arc, begin, following), (largest, first, larger)):
            phi.add_incoming(at_first, before)
            phi.add_incoming(then, loop)
        builder.cbranch(builder.icmp_signed("<", following, end), loop, after)
        builder.position_at_end(after)
        found = builder.phi(line)
        found.add_incoming(first, before)
        found.add_incoming(larger, loop)
        builder.store(found, _at(builder, into_data, node, line), align=1)
        return builder.zext(_differs(builder, found, first, line), context.get_value_type(types.boolean))

    return signature, code


@intrinsic
def _vector_push(typing: Any, lanes: Any, lines: Any, node: Any, into: Any, target: Any) -> Any:
    signature = types.boolean(lanes, lines, types.int64, into, types.int64)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = _line(sig)
        _, lines_value, node, into_value, target = args
        given = builder.load(_at(builder, _data(context, builder, sig.args[1], lines_value), node, line), align=1)
        place = _at(builder, _data(context, builder, sig.args[3], into_value), target, line)
        had = builder.load(place, align=1)
        larger = _largest(builder, given, had)
        changed = _differs(builder, larger, had, line)
        with builder.if_then(changed):
            builder.store(larger, place, align=1)
        return builder.zext(changed, context.get_value_type(types.boolean))

    return signature, code


@intrinsic
def _vector_fetch(typing: Any, lanes: Any, lines: Any, node: Any) -> Any:
    signature = types.void(lanes, lines, types.int64)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = _line(sig)
        _prefetch(builder, _at(builder, _data(context, builder, sig.args[1], args[1]), args[2], line), line)
        return context.get_dummy_value()

    return signature, code


@intrinsic
def _vector_harmonic(typing: Any, lanes: Any, lines: Any, node: Any) -> Any:
    signature = types.float64(lanes, lines, types.int64)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = _line(sig)
        registers = builder.load(_at(builder, _data(context, builder, sig.args[1], args[1]), args[2], line), align=1)
        wide = ir.VectorType(_I64, line.count)
        exponent = builder.sub(ir.Constant(wide, [1023] * line.count), builder.zext(registers, wide))
        powers = builder.bitcast(builder.shl(exponent, ir.Constant(wide, [52] * line.count)), ir.VectorType(_DOUBLE, line.count))
        return _summed(builder, powers, line.count)

    return signature, code


@intrinsic
def _vector_zeros(typing: Any, lanes: Any, lines: Any, node: Any) -> Any:
    signature = types.int64(lanes, lines, types.int64)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = _line(sig)
        registers = builder.load(_at(builder, _data(context, builder, sig.args[1], args[1]), args[2], line), align=1)
        bits = builder.bitcast(builder.icmp_unsigned("==", registers, ir.Constant(line, [0] * line.count)), ir.IntType(line.count))
        count = builder.ctpop(bits)
        return builder.trunc(count, _I64) if line.count > 64 else count if line.count == 64 else builder.zext(count, _I64)

    return signature, code


@intrinsic
def _vector_reached(typing: Any, lanes: Any, before: Any, after: Any, node: Any, records: Any, counts: Any) -> Any:
    signature = types.void(lanes, before, after, types.int64, records, counts)

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        line = _line(sig)
        zero = ir.Constant(_I64, 0)
        _, before, after, node, records, counts = args
        was = builder.load(_at(builder, _data(context, builder, sig.args[1], before), node, line), align=1)
        now = builder.load(_at(builder, _data(context, builder, sig.args[2], after), node, line), align=1)
        record = builder.load(_at(builder, _data(context, builder, sig.args[4], records), zero, line), align=1)
        newly = builder.and_(builder.icmp_unsigned("==", now, record), builder.icmp_unsigned("!=", was, record))
        wide = ir.VectorType(_I32, line.count)
        place = builder.bitcast(_data(context, builder, sig.args[5], counts), wide.as_pointer())
        builder.store(builder.add(builder.load(place, align=1), builder.zext(newly, wide)), place, align=1)
        return context.get_dummy_value()

    return signature, code


def _summed(builder: Any, vector: Any, count: int) -> Any:
    """The sum of a vector, by halves."""
    while count > 1:
        half = count // 2
        kind = ir.VectorType(_I32, half)
        low = builder.shuffle_vector(vector, vector, ir.Constant(kind, list(range(half))))
        high = builder.shuffle_vector(vector, vector, ir.Constant(kind, list(range(half, count))))
        vector, count = builder.fadd(low, high), half
    return builder.extract_element(vector, ir.Constant(_I32, 0))


@njit(cache=True, nogil=True)
def _plain_pull(lanes: Any, lines: Any, node: int, targets: Any, begin: int, end: int, into: Any) -> bool:
    changed = False
    into[node] = lines[node]
    for arc in range(begin, end):
        for k in range(lines.shape[1]):
            if lines[targets[arc], k] > into[node, k]:
                into[node, k] = lines[targets[arc], k]
                changed = True
    return changed


@njit(cache=True, nogil=True)
def _plain_push(lanes: Any, lines: Any, node: int, into: Any, target: int) -> bool:
    changed = False
    for k in range(lines.shape[1]):
        if lines[node, k] > into[target, k]:
            into[target, k] = lines[node, k]
            changed = True
    return changed


@njit(cache=True, nogil=True)
def _plain_fetch(lanes: Any, lines: Any, node: int) -> None:
    """There is nothing to ask for here."""


@njit(cache=True, nogil=True)
def _plain_harmonic(lanes: Any, lines: Any, node: int) -> float:
    total = 0.0
    for k in range(lines.shape[1]):
        total += 2.0 ** -float(lines[node, k])
    return total


@njit(cache=True, nogil=True)
def _plain_zeros(lanes: Any, lines: Any, node: int) -> int:
    count = 0
    for k in range(lines.shape[1]):
        count += lines[node, k] == 0
    return count


@njit(cache=True, nogil=True)
def _plain_reached(lanes: Any, before: Any, after: Any, node: int, records: Any, counts: Any) -> None:
    for k in range(before.shape[1]):
        if after[node, k] == records[k] != before[node, k]:
            counts[k] += 1


def pull(lanes: Any, lines: Any, node: Any, targets: Any, begin: Any, end: Any, into: Any) -> bool:
    """Puts into `into[node]` the largest of `lines[node]` and the lines of the targets of arcs begin … end - 1; whether that changed it."""
    raise NotImplementedError("only in compiled code")


@overload(pull, strict=False)
def _pull(lanes: Any, lines: Any, node: Any, targets: Any, begin: Any, end: Any, into: Any) -> Any:
    either = _vector_pull if _is_vector(lanes) else _plain_pull
    return lambda lanes, lines, node, targets, begin, end, into: either(lanes, lines, node, targets, begin, end, into)


def push(lanes: Any, lines: Any, node: Any, into: Any, target: Any) -> bool:
    """Puts into `into[target]` the largest of it and `lines[node]`; whether that changed it."""
    raise NotImplementedError("only in compiled code")


@overload(push, strict=False)
def _push(lanes: Any, lines: Any, node: Any, into: Any, target: Any) -> Any:
    either = _vector_push if _is_vector(lanes) else _plain_push
    return lambda lanes, lines, node, into, target: either(lanes, lines, node, into, target)


def fetch(lanes: Any, lines: Any, node: Any) -> None:
    """Asks the memory for the line of a node that will soon be needed."""
    raise NotImplementedError("only in compiled code")


@overload(fetch, strict=False)
def _fetch(lanes: Any, lines: Any, node: Any) -> Any:
    either = _vector_fetch if _is_vector(lanes) else _plain_fetch
    return lambda lanes, lines, node: either(lanes, lines, node)


def harmonic(lanes: Any, lines: Any, node: Any) -> float:
    """The sum of 2 to the power -register over a line; exact (registers are at most 46, and a double has 53 bits), so in any order."""
    raise NotImplementedError("only in compiled code")


@overload(harmonic, strict=False)
def _harmonic(lanes: Any, lines: Any, node: Any) -> Any:
    either = _vector_harmonic if _is_vector(lanes) else _plain_harmonic
    return lambda lanes, lines, node: either(lanes, lines, node)


def zeros(lanes: Any, lines: Any, node: Any) -> int:
    """How many registers of a line are 0."""
    raise NotImplementedError("only in compiled code")


@overload(zeros, strict=False)
def _zeros(lanes: Any, lines: Any, node: Any) -> Any:
    either = _vector_zeros if _is_vector(lanes) else _plain_zeros
    return lambda lanes, lines, node: either(lanes, lines, node)


def reached(lanes: Any, before: Any, after: Any, node: Any, records: Any, counts: Any) -> None:
    """Adds 1 to the counts (int32, one for each register) of those registers that have come to be what `records` holds for them."""
    raise NotImplementedError("only in compiled code")


@overload(reached, strict=False)
def _reached(lanes: Any, before: Any, after: Any, node: Any, records: Any, counts: Any) -> Any:
    either = _vector_reached if _is_vector(lanes) else _plain_reached
    return lambda lanes, before, after, node, records, counts: either(lanes, before, after, node, records, counts)
