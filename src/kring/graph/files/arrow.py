"""The buffers beneath an Arrow column of text, as numpy arrays without a copy.

After https://arrow.apache.org/docs/format/CDataInterface.html and …/CDataInterface/PyCapsuleInterface.html.
"""

import ctypes
from typing import Any

import numpy as np
from arro3.core import Array, DataType, dictionary_dictionary, dictionary_indices
from numpy.typing import NDArray


class _ArrowArray(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    )


_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)


class Text:
    """A column of text: its UTF-8, where each value begins and ends in it, and which are missing."""

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    missing: NDArray[np.bool_]

    def __init__(self, column: Array) -> None:
        """Of any type: what isn't text is written out, dictionaries are looked up."""
        if DataType.is_dictionary(column.type):
            words: Text = Text(dictionary_dictionary(column))
            places = dictionary_indices(column)
            self.missing = _missing(places)
            rows = np.zeros(len(places), np.int64) if self.missing.all() else _filled(places, self.missing)
            self.text, self.starts, self.ends = words.text, words.starts[rows], words.ends[rows]
            self.missing |= words.missing[rows] if len(words.missing) else True
            self._held: Any = words
            return
        column = column.cast(DataType.large_utf8())
        _, capsule = column.__arrow_c_array__()
        array = _ArrowArray.from_address(_pointer(capsule, b"arrow_array"))
        self._held = capsule
        self.missing = _missing(column)
        offsets = _buffer(array.buffers[1], array.offset + array.length + 1, np.int64)[array.offset :]
        self.text = _buffer(array.buffers[2], int(offsets[-1]) if len(offsets) else 0, np.uint8)
        self.starts, self.ends = offsets[:-1], offsets[1:]


def _missing(column: Array) -> NDArray[np.bool_]:
    if not column.null_count:
        return np.zeros(len(column), np.bool_)
    return np.array([value is None for value in column.to_pylist()], np.bool_)


def _filled(column: Array, missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    if missing.any():
        return np.array([value or 0 for value in column.to_pylist()], np.int64)
    return np.asarray(column.to_numpy(), np.int64)


def _buffer(address: int | None, n: int, dtype: Any) -> NDArray[Any]:
    if not address or not n:
        return np.zeros(n, dtype)
    size = n * np.dtype(dtype).itemsize
    found: NDArray[Any] = np.frombuffer((ctypes.c_char * size).from_address(address), dtype)
    return found
