"""A graph on disk: a folder of raw arrays that are mapped into memory, and `graph.json`, which says what they are.

    g/graph.json      what it is (`Manifest`), and a checksum of itself
    g/offsets … g/targets, g/weights …   one array each, nothing else in the file
    g/checked.json    which files were found whole, by size and times: they need not be read again
    g/looked.ndjson   who asked for the rows behind a figure (`verbs` writes it)

Opening reads no array, so that it takes no longer for billions of arcs than for ten. What makes that safe is a full look the first time: the
checksum of each 64 MiB, offsets that go up, targets that exist. A folder is made beside its place (g.PROCESS.new) and moved there whole; what
lay there lies aside (g.PROCESS.old) for that moment. What a killed program leaves of these is put back or cleared away by the next.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Graph
from kring.graph.build import PER_ARC
from kring.graph.ids import Numbers, Strings, as_strings
from kring.graph.intact import check, checksums, is_checked, mapped, remember
from kring.graph.manifest import BLOCK, FORMAT, MANIFEST, Held, Manifest, is_array, is_graph, kind_of, manifest_at, write_manifest

__all__ = [
    "FORMAT",
    "LOOKED",
    "Manifest",
    "check",
    "finish",
    "is_graph",
    "making",
    "manifest_at",
    "may_write",
    "open",
    "restore",
    "save",
    "settle",
    "write_array",
]

LOOKED = "looked.ndjson"
"""Who asked for the rows behind a figure: a line each time."""


def save(graph: Graph, path: str | os.PathLike[str], *, force: bool = False, **about: Any) -> None:
    """Writes a graph to a folder; it is there whole or not at all.

    Takes   a graph, a place, `force`: also where a graph lies already; more for the manifest by name.
    Fails   GraphError where something lies there, or it can't be written.
    """
    with making(path, force=force) as folder:
        for name, array in _arrays_of(graph):
            write_array(folder, name, array)
        finish(folder, manifest_of(graph, **about))


def manifest_of(graph: Graph, **about: Any) -> Manifest:
    """What a manifest says of a graph, its arrays not yet told."""
    return Manifest(
        n=graph.n,
        n_arcs=graph.n_arcs,
        directed=graph.directed,
        boundary=graph.boundary,
        cut=graph.cut,
        n_loops=graph.n_loops,
        n_duplicates=graph.n_duplicates,
        kind_names=graph.kind_names,
        labels=tuple(graph.labels),
        **about,
    )


def open(path: str | os.PathLike[str]) -> Graph:
    """The graph in a folder, its arrays mapped from disk and read-only.

    Costs   no time; the first time, or after a change, that of reading all of it once, which is told.
    Fails   GraphError where it is none, is of a later Kring, or is damaged: which file, and what to do.
    """
    folder = Path(path)
    restore(folder)
    manifest = manifest_at(folder)
    if not is_checked(folder, manifest):
        check(folder)
    arrays = {held.name: mapped(folder, held) for held in manifest.arrays}
    ids: Sequence[str] | None = None
    if "ids_numbers" in arrays:
        ids = Numbers(arrays["ids_numbers"])
    elif "ids_offsets" in arrays:
        ids = Strings(arrays["ids_offsets"], arrays["ids_text"], arrays["ids_slots"])
    return Graph(
        offsets=arrays["offsets"],
        targets=arrays["targets"],
        directed=manifest.directed,
        ids=ids,
        observed=arrays.get("observed"),
        kind_names=manifest.kind_names,
        boundary=manifest.boundary,
        cut=manifest.cut,
        n_loops=manifest.n_loops,
        n_duplicates=manifest.n_duplicates,
        labels=_Labels(manifest.labels, arrays),
        **{name: arrays.get(name) for name in PER_ARC},
    )


@contextmanager
def making(path: str | os.PathLike[str], *, force: bool = False) -> Iterator[Path]:
    """A folder to write a graph into, beside its place; moved there when the block ends well, gone when it doesn't.

    Fails   GraphError where something lies there that may not be replaced, or the disk says no.
    """
    path = Path(path)
    may_write(path, force=force)
    folder = path.parent / f"{path.name}.{os.getpid()}.new"
    try:
        folder.mkdir(parents=True)
        yield folder
        settle(folder, path)
    except OSError as error:
        raise GraphError(f"The graph can't be written to {path}: {error.strerror}.", next="Make room, or choose another place.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def may_write(path: Path, *, force: bool) -> None:
    """Fails with a GraphError if something lies there that would be lost; puts back and clears away what killed programs left."""
    restore(path)
    for left in (*_left(path, "new"), *_left(path, "old")):
        shutil.rmtree(left, ignore_errors=True)
    if not path.exists() and not path.is_symlink():
        return
    if is_graph(path):
        if not force:
            raise GraphError(f"There is a graph in {path} already.", next="Choose another place, or replace it with --force.")
    elif not path.is_dir() or any(path.iterdir()):
        raise GraphError(f"{path} is there already, and is no graph.", next="Choose another place.")


def restore(path: Path) -> None:
    """Puts back the graph that lay there, where a program was killed at the moment in which it put another in its place."""
    if path.exists() or path.is_symlink():
        return
    for aside in _left(path, "old"):
        if is_graph(aside):
            with suppress(OSError):
                aside.rename(path)
            return


def _left(path: Path, kind: str) -> list[Path]:
    """Folders beside this place that killed programs left, the latest first."""
    form = re.compile(rf"{re.escape(path.name)}\.(\d+)\.{kind}")
    beside = sorted(path.parent.iterdir(), key=lambda each: each.lstat().st_mtime_ns, reverse=True) if path.parent.is_dir() else []
    return [each for each in beside if (found := form.fullmatch(each.name)) and each.is_dir() and not _runs(int(found[1]))]


def _runs(process: int) -> bool:
    """Whether another program of that number runs; where that can't be asked without harm, it may."""
    if process == os.getpid():
        return False
    try:
        if os.name == "posix":
            os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def write_array(folder: Path, name: str, *arrays: NDArray[Any]) -> None:
    """Writes an array to a file of its own, one part after the other, after what is in it already, least byte first."""
    little = np.dtype(kind_of(name)).newbyteorder("<")
    step = BLOCK // little.itemsize
    with (folder / name).open("ab") as stream:
        for array in arrays:
            for begin in range(0, len(array), step):
                stream.write(np.ascontiguousarray(array[begin : begin + step].astype(little, copy=False)).data)


def cut_array(folder: Path, name: str, length: int) -> None:
    """Cuts what is written of an array back to this length."""
    with (folder / name).open("ab") as stream:
        stream.truncate(length * np.dtype(kind_of(name)).itemsize)


def finish(folder: Path, manifest: Manifest) -> Manifest:
    """Writes the manifest, told of the arrays that lie in the folder, and makes sure that all is on the disk."""
    held = [_held(folder, file) for file in sorted(folder.iterdir()) if is_array(file.name)]
    manifest = msgspec.structs.replace(manifest, arrays=tuple(held))
    write_manifest(folder, manifest)
    for name in (*(one.name for one in held), MANIFEST):
        sync(folder / name)
    remember(folder, manifest)
    return manifest


def settle(folder: Path, path: Path) -> None:
    """Moves a finished folder to its place; what was there goes when the new one is in."""
    sync(folder)
    aside = path.parent / f"{path.name}.{os.getpid()}.old"
    if is_graph(path):
        path.rename(aside)
    try:
        folder.rename(path)
    except OSError:
        if aside.exists():
            aside.rename(path)
        raise
    sync(path.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _arrays_of(graph: Graph) -> Iterator[tuple[str, NDArray[Any]]]:
    for name in ("offsets", "targets", *PER_ARC, "observed"):
        array = getattr(graph, name)
        if array is not None:
            yield name, array
    yield from arrays_of_ids(graph.ids)
    for k, values in enumerate(graph.labels.values()):
        encoded = [b"" if value is None else msgspec.json.encode(value) for value in values.tolist()]
        yield f"label_{k}_offsets", np.concatenate(([0], np.cumsum([len(one) for one in encoded], dtype=np.int64)))
        yield f"label_{k}_text", np.frombuffer(b"".join(encoded), np.uint8)


def arrays_of_ids(ids: Sequence[str] | None) -> Iterator[tuple[str, NDArray[Any]]]:
    """Names and arrays of ids, for `write_array`."""
    if isinstance(ids, Numbers):
        yield "ids_numbers", ids.numbers
    elif ids is not None:
        strings = as_strings(ids)
        yield from (("ids_offsets", strings.offsets), ("ids_text", strings.text), ("ids_slots", strings.slots))


def _held(folder: Path, file: Path) -> Held:
    dtype = np.dtype(kind_of(file.name)).newbyteorder("<")
    return Held(file.name, dtype.str, file.stat().st_size // dtype.itemsize, checksums(file, "writing"))


def sync(path: Path) -> None:
    """Makes sure that it is on the disk. Some systems can't do that with a folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    except PermissionError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(descriptor)


class _Labels(Mapping[str, NDArray[np.object_]]):
    """Attributes of nodes, read when they are asked for."""

    def __init__(self, names: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> None:
        self._places = {name: k for k, name in enumerate(names)}
        self._arrays = arrays

    def __getitem__(self, name: str) -> NDArray[np.object_]:
        k = self._places[name]
        offsets, text = self._arrays[f"label_{k}_offsets"].tolist(), self._arrays[f"label_{k}_text"].tobytes()
        values = np.full(len(offsets) - 1, None, np.object_)
        for row, (begin, end) in enumerate(pairwise(offsets)):
            if end > begin:
                values[row] = msgspec.json.decode(text[begin:end])
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
