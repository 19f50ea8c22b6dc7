"""numpy's own files: an array of two columns of whole numbers, each row a tie.

The format is told at https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from kring.errors import ReadError
from kring.graph.arrays import Graph
from kring.graph.files.numbers import woven_numbers
from kring.graph.files.streams import Open

_AT_A_TIME = 1 << 22
_BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Table:
    """What the head of such a file tells."""

    skip: int
    """Bytes before the first number."""
    n: int
    dtype: str


def is_npy(head: bytes) -> bool:
    """Does a file begin as numpy's do?"""
    return head.startswith(npy.MAGIC_PREFIX)


def table_of(open: Open, name: str) -> Table:
    """What the head tells.

    Fails   ReadError where it holds something else than pairs of whole numbers.
    """
    try:
        with open() as stream:
            version = npy.read_magic(stream)
            shape, by_column, dtype = (npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0)(stream)
            skip = 8 + (2 if version == (1, 0) else 4)
        with open() as stream:
            length = stream.read(skip)[8:]
        skip += int.from_bytes(length, "little")
    except (ValueError, OSError) as error:
        raise ReadError(f"{name} is a damaged file of numpy's ({error}).", next="Write it again.") from None
    if len(shape) != 2 or shape[1] != 2 or by_column or dtype.kind not in "iu":
        raise ReadError(
            f"{name} holds {dtype} of shape {shape}, where pairs of whole numbers were expected.",
            next="Write an array with two columns, source and target, row by row.",
        )
    return Table(skip, int(shape[0]), dtype.str)


def pairs_in(open: Open, table: Table, name: str) -> Iterator[NDArray[Any]]:
    """All pairs, some millions at a time.

    Fails   ReadError where the file breaks off, or holds numbers that are no ids.
    """
    dtype = np.dtype(table.dtype)
    with open() as stream:
        _exactly(stream, table.skip)
        for first in range(0, table.n, _AT_A_TIME):
            wanted = min(_AT_A_TIME, table.n - first) * 2 * dtype.itemsize
            found = _exactly(stream, wanted)
            if len(found) < wanted:
                raise ReadError(f"{name} breaks off before its end.", next="Fetch or write it again.")
            pairs = np.frombuffer(found, dtype).reshape(-1, 2)
            if dtype.kind == "u" and len(pairs) and int(pairs.max()) > _BIGGEST:
                raise ReadError(f"{name} holds numbers above 2^63.", next="Number the nodes otherwise.")
            yield pairs


def graph_of_npy(open: Open, name: str, *, directed: bool) -> Graph:
    """The graph of all pairs."""
    parts = [pairs.astype(np.int64) for pairs in pairs_in(open, table_of(open, name), name)]
    return woven_numbers(np.concatenate(parts or [np.empty((0, 2), np.int64)]), {}, directed=directed)[0]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    pieces: list[bytes] = []
    while size and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
