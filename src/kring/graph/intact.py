"""Is a graph on disk whole? A full look reads all of it once and remembers that; after that, sizes and times of the files are enough."""

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from kring.graph.manifest import BLOCK, MANIFEST, Held, Manifest, manifest_at, refuse
from kring.graph.threads import borders, each

CHECKED = "checked.json"
_PIECES = 64
State = tuple[int, int, int, int]


def check(path: str | os.PathLike[str]) -> None:
    """Reads all of it once: every checksum, and that no number in it leads outside. Remembers it where it can be written.

    Fails   GraphError at the first file that is not as it was written.
    """
    folder = Path(path)
    manifest = manifest_at(folder)
    seen = _states(folder, manifest)
    with suppress(OSError):
        (folder / CHECKED).unlink(missing_ok=True)
    _look_at_checksums(folder, manifest)
    _look_inside(folder, manifest, {held.name: mapped(folder, held) for held in manifest.arrays})
    with suppress(OSError):
        _remember(folder, seen)


def is_checked(folder: Path, manifest: Manifest) -> bool:
    """Was it found whole, and have its files not been touched since?"""
    try:
        known = msgspec.json.decode((folder / CHECKED).read_bytes(), type=dict[str, State])
    except (OSError, msgspec.MsgspecError):
        return False
    return known == _states(folder, manifest)


def remember(folder: Path, manifest: Manifest) -> None:
    """Takes it as whole: for him who has just written it."""
    _remember(folder, _states(folder, manifest))


def checksums(file: Path, what: str) -> tuple[int, ...]:
    """CRC-32 of each 64 MiB of a file."""
    size = file.stat().st_size

    def one(k: int) -> int:
        with file.open("rb", buffering=0) as stream:
            stream.seek(k * BLOCK)
            found, left = 0, min(BLOCK, size - k * BLOCK)
            while left and (piece := stream.read(min(left, 1 << 20))):
                found = zlib.crc32(piece, found)
                left -= len(piece)
            return found

    return tuple(each(one, -(-size // BLOCK), what=f"{what} {file.name}"))


def mapped(folder: Path, held: Held) -> NDArray[Any]:
    """An array of a folder, mapped from disk and read-only; taken into memory where this machine has the other byte order."""
    dtype = np.dtype(held.dtype)
    native = dtype.newbyteorder("=")
    if not held.length:
        return np.empty(0, native)
    try:
        mapped = np.memmap(folder / held.name, dtype, "r", shape=(held.length,))
    except (OSError, ValueError) as error:
        refuse(folder, held.name, f"can't be read ({error})")
    return np.asarray(mapped) if dtype == native else mapped.astype(native)


def _states(folder: Path, manifest: Manifest) -> dict[str, State]:
    """Size, times and place on the disk of each file: what changes when somebody writes to it, or puts another there."""

    def state(name: str) -> State:
        found = (folder / name).stat()
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

    return {name: state(name) for name in (MANIFEST, *(held.name for held in manifest.arrays))}


def _remember(folder: Path, states: Mapping[str, State]) -> None:
    (folder / CHECKED).write_bytes(msgspec.json.encode(states))


def _look_at_checksums(folder: Path, manifest: Manifest) -> None:
    for held in manifest.arrays:
        for k, (was, now) in enumerate(zip(held.checksums, checksums(folder / held.name, "checking"))):
            if was != now:
                place = f" (somewhere from byte {k * BLOCK:,} on)" if len(held.checksums) > 1 else ""
                refuse(folder, held.name, f"is not as it was written{place}")


def _look_inside(folder: Path, manifest: Manifest, arrays: Mapping[str, NDArray[Any]]) -> None:
    """That every place a number leads to is there: a file may be whole and built to do harm."""
    ends = {"offsets": manifest.n_arcs, "ids_offsets": len(arrays.get("ids_text", ()))}
    ends |= {f"label_{k}_offsets": len(arrays[f"label_{k}_text"]) for k in range(len(manifest.labels))}
    for name, end in ends.items():
        if name in arrays and not _goes_up(arrays[name], end):
            refuse(folder, name, f"does not go up from 0 to {end:,}")
    offsets, targets = arrays["offsets"], arrays["targets"]
    cut = borders(offsets, _PIECES)
    good = each(lambda k: _rows_are_good(offsets, targets, cut[k], cut[k + 1]), len(cut) - 1, what="checking ties")
    if not all(good):
        refuse(folder, "targets", f"names nodes that are not there (there are {manifest.n:,}), or not in order, or a node as its own")
    if "ids_slots" in arrays and not _slots_are_good(arrays["ids_slots"], manifest.n):
        refuse(folder, "ids_slots", "names nodes that are not there, or has no empty place")
    if "observed" in arrays and len(arrays["observed"]) and int(arrays["observed"].view(np.uint8).max()) > 1:
        refuse(folder, "observed", "holds something else than yes and no")


@njit(cache=True, nogil=True)
def _goes_up(offsets: NDArray[np.int64], end: int) -> bool:
    falls = 0
    for k in range(len(offsets) - 1):
        falls += offsets[k] > offsets[k + 1]
    return bool(falls == 0 and offsets[0] == 0 and offsets[len(offsets) - 1] == end)


@njit(cache=True, nogil=True)
def _rows_are_good(offsets: NDArray[np.int64], targets: NDArray[np.uint32], first: int, last: int) -> bool:
    n, wrong = len(offsets) - 1, np.int64(0)
    for node in range(first, last):
        before = np.int64(-1)
        for arc in range(offsets[node], offsets[node + 1]):
            target = np.int64(targets[arc])
            wrong += target <= before or target >= n or target == node
            before = target
    return bool(wrong == 0)


@njit(cache=True, nogil=True)
def _slots_are_good(slots: NDArray[np.uint64], n: int) -> bool:
    empty = 0
    for slot in slots:
        number = np.int64(slot & np.uint64(0xFFFFFFFF))
        empty += slot == 0
        if number > n or (slot != 0 and number == 0):
            return False
    return empty > 0
