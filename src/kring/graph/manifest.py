"""What stands in `graph.json`: what a graph on disk is and which arrays it has; read so that a damaged or strange one is refused."""

import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import msgspec
import numpy as np

from kring.errors import GraphError
from kring.graph.build import PER_ARC

FORMAT, VERSION = "kring graph", 1
MANIFEST = "graph.json"
BLOCK = 64 << 20
"""So many bytes have one checksum."""
_LONGEST_MANIFEST = 64 << 20
_AGAIN = "Copy it again from where it came, or build it again with `kring graph build`."
_KINDS = {
    "offsets": "i8",
    "targets": "u4",
    "weights": "f8",
    "signs": "i1",
    "first_at": "i8",
    "last_at": "i8",
    "kinds": "u2",
    "observed": "b1",
    "ids_numbers": "i8",
    "ids_offsets": "i8",
    "ids_text": "u1",
    "ids_slots": "u8",
}
"""What may lie in a folder, and of which type; `label_3_offsets` and `label_3_text` too."""


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One array: its file has its name."""

    name: str
    dtype: str
    """As numpy writes it, byte order first: "<u4"."""
    length: int
    checksums: tuple[int, ...]
    """CRC-32 of each 64 MiB."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in `graph.json`."""

    format: str = FORMAT
    version: int = VERSION
    n: int = 0
    n_arcs: int = 0
    directed: bool = True
    boundary: str = ""
    cut: str = ""
    n_loops: int = 0
    n_duplicates: int = 0
    kind_names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    made_from: tuple[str, ...] = ()
    """The names of the files it was built from."""
    from_circle: bool = False
    """Built through a circle's consent gate; else only aggregates leave it unasked."""
    n_bad: int = 0
    """Lines of those files that could not be read."""
    arrays: tuple[Held, ...] = ()


class _Sealed(msgspec.Struct, frozen=True):
    checksum: int
    graph: msgspec.Raw


class _Kind(msgspec.Struct, frozen=True):
    format: str
    version: int


def is_graph(path: str | os.PathLike[str]) -> bool:
    """Is this a folder with a graph in it, whole or not?"""
    return (Path(path) / MANIFEST).is_file()


def refuse(folder: Path, file: str, why: str) -> NoReturn:
    """Fails with a GraphError that says which file is damaged, and what to do."""
    raise GraphError(f"The graph in {folder} is damaged: {file} {why}.", next=_AGAIN) from None


def is_array(name: str) -> bool:
    """Is a file of this name an array of a graph?"""
    parts = name.split("_")
    return name in _KINDS or (len(parts) == 3 and parts[0] == "label" and parts[1].isdecimal() and parts[2] in ("offsets", "text"))


def kind_of(name: str) -> str:
    """The type of an array, its byte order left open."""
    if name.startswith("label_"):
        return "i8" if name.endswith("_offsets") else "u1"
    return _KINDS[name]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes it, with a checksum of itself."""
    plain = msgspec.json.encode(manifest)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(_Sealed(zlib.crc32(plain), msgspec.Raw(plain))))


def manifest_at(folder: Path) -> Manifest:
    """What the manifest says, where it is in order and its files are as long as it says.

    Fails   GraphError where it isn't so.
    """
    try:
        with (folder / MANIFEST).open("rb") as stream:
            sealed = msgspec.json.decode(stream.read(_LONGEST_MANIFEST), type=_Sealed)
        kind = msgspec.json.decode(sealed.graph, type=_Kind)
        if kind.format == FORMAT and kind.version > VERSION:
            raise GraphError(
                f"The graph in {folder} is of a later Kring (format {kind.version}; this one reads up to {VERSION}).", next="Update Kring."
            )
        if zlib.crc32(sealed.graph) != sealed.checksum:
            refuse(folder, MANIFEST, "is not as it was written")
        manifest = msgspec.json.decode(sealed.graph, type=Manifest)
    except FileNotFoundError:
        raise GraphError(f"There is no graph in {folder}.", next="Build one with `kring graph build`.") from None
    except (OSError, msgspec.MsgspecError) as error:
        refuse(folder, MANIFEST, f"can't be read ({error})")
    if manifest.format != FORMAT:
        refuse(folder, MANIFEST, f'says it is "{manifest.format}"')
    _look_at_sizes(folder, manifest)
    return manifest


def _look_at_sizes(folder: Path, manifest: Manifest) -> None:
    """What costs nothing: which arrays there are, of which type, how long, and whether their files are."""
    names = [held.name for held in manifest.arrays]
    if not {"offsets", "targets"} <= set(names) or len(set(names)) < len(names):
        refuse(folder, MANIFEST, "does not tell of all the arrays of a graph, each once")
    if not 0 <= manifest.n < 2**32:
        refuse(folder, MANIFEST, f"speaks of {manifest.n} nodes")
    lengths = {"offsets": manifest.n + 1, "observed": manifest.n, "ids_numbers": manifest.n, "ids_offsets": manifest.n + 1}
    lengths |= dict.fromkeys(("targets", *PER_ARC), manifest.n_arcs)
    lengths |= {f"label_{k}_offsets": manifest.n + 1 for k in range(len(manifest.labels))}
    for held in manifest.arrays:
        if not is_array(held.name) or held.dtype[1:] != kind_of(held.name) or held.dtype[0] not in "<>|":
            refuse(folder, MANIFEST, f"speaks of an array {held.name!r} of type {held.dtype!r}, which no graph has")
        if held.length < 0 or held.length != lengths.get(held.name, held.length):
            refuse(folder, MANIFEST, f"says that {held.name} holds {held.length:,} numbers")
        wanted = held.length * np.dtype(held.dtype).itemsize
        try:
            size = (folder / held.name).stat().st_size
        except OSError as error:
            refuse(folder, held.name, f"can't be read ({error.strerror})")
        if size != wanted:
            refuse(folder, held.name, f"has {size:,} bytes where {wanted:,} were written")
        if len(held.checksums) != -(-wanted // BLOCK):
            refuse(folder, MANIFEST, f"has not all checksums of {held.name}")
    _look_at_families(folder, manifest, {held.name: held.length for held in manifest.arrays})


def _look_at_families(folder: Path, manifest: Manifest, lengths: Mapping[str, int]) -> None:
    """Arrays that need each other are there together, and a table to find ids by can be searched."""
    words = {"ids_offsets", "ids_text", "ids_slots"}
    families = [words, *({f"label_{k}_offsets", f"label_{k}_text"} for k in range(len(manifest.labels)))]
    for family in families:
        there = family & set(lengths)
        if there and there != family:
            refuse(folder, MANIFEST, f"does not tell of {', '.join(sorted(family - there))}")
    if {name for name in lengths if name.startswith("label_")} != set().union(*families[1:]):
        refuse(folder, MANIFEST, "does not tell of all labels, and of no others")
    slots = lengths.get("ids_slots", 1)
    if slots & (slots - 1) or ("ids_slots" in lengths and slots <= manifest.n):
        refuse(folder, MANIFEST, f"says that ids_slots holds {slots:,} numbers")
