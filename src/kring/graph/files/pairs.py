"""The pairs of network files as a stream, of any length: edge lists, CSV, Parquet, and numpy's own files.

What stands beside a tie (weight, sign, time) is not read here; `read` does that, for what fits into memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kring.errors import ReadError
from kring.graph.buckets import Ties
from kring.graph.files.gathered import Complaints
from kring.graph.files.npy import Table, pairs_in, table_of
from kring.graph.files.numbers import Worded, ties_of_numbers
from kring.graph.files.streams import Open, unpacked
from kring.graph.files.table import Layout, layout_of, unused_told
from kring.graph.files.words import Cells, cells_of, ties_of_words
from kring.graph.kept import Kept
from kring.graph.manifest import Manifest
from kring.graph.numbering import Whole, Words
from kring.graph.watch import told
from kring.graph.weaving import Read


@dataclass(frozen=True, slots=True)
class Source:
    """A file with ties."""

    name: str
    open: Open
    size: int = 0
    """Its bytes, 0 where not known."""
    path: Path | None = None
    """Where it lies, if as it is."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a head tells of a file."""

    source: Source
    open: Open
    form: str
    """table, parquet or npy."""
    numbers: bool
    columns: Mapping[str, int]
    layout: Layout | None = None
    table: Table | None = None

    @property
    def beside(self) -> tuple[str, ...]:
        """What stands beside the ties there: weight, sign, time…"""
        return tuple(role for role in self.columns if role not in ("source", "target"))


def known(source: Source, form: str, wanted: Mapping[str, str], complaints: Complaints) -> Known:
    """What the head of a file of this form tells; columns that are not used are complained of.

    Fails   ReadError where there are no two columns in it, or not those wanted.
    """
    open = unpacked(source.open, complaints)
    if form == "npy":
        return Known(source, open, form, True, {}, table=table_of(open, source.name))
    if form == "parquet":
        from kring.graph.files.parquet import columns_of_parquet

        columns, numbers = columns_of_parquet(open, source.name, wanted, complaints)
        return Known(source, open, form, numbers, columns)
    layout = layout_of(open, source.name, wanted)
    if layout is None:
        raise ReadError(
            f"{source.name} has no line with two columns.", next="Give a file with ties: two columns, source and target, are enough."
        )
    unused_told(layout.unused, complaints)
    return Known(source, open, form, layout.numbers, layout.columns, layout)


def read_pairs(
    files: Sequence[Known], wanted: Mapping[str, str], ties: Ties, complaints: Mapping[str, Complaints], *, memory: int, threads: int = 0
) -> Callable[[Kept], Read]:
    """What reads the pairs of all these files into `Kept`, for `weave`.

    Takes   files by their heads; columns as the user names them; where complaints of each file go; memory to work with.
            Ids are numbers if they are so in all files, else words.
    """

    def read(kept: Kept) -> Read:
        numbers = all(file.numbers for file in files)
        number: Whole | Words | None = None
        if numbers:
            try:
                number = _read_numbers(files, wanted, complaints, kept, memory, threads)
            except Worded:
                kept.clear()
        if number is None:
            number = _read_words(files, wanted, complaints, kept, threads)
        n_bad = sum(each.lines for each in complaints.values())
        return Read(number.settled(), ties, Manifest(made_from=tuple(file.source.name for file in files), n_bad=n_bad))

    return read


def _read_numbers(
    files: Sequence[Known], wanted: Mapping[str, str], complaints: Mapping[str, Complaints], kept: Kept, memory: int, threads: int
) -> Whole:
    number, way = Whole(memory), _Way(files)
    if len(files) == 1 and _as_it_lies(files[0], number, kept, way):
        return number
    for file in files:
        own = complaints[file.source.name]
        for ends, size in _numbers_in(file, wanted, own, threads):
            kept.add(number.provisional(ends))
            way.on(size)
    return number


def _numbers_in(file: Known, wanted: Mapping[str, str], complaints: Complaints, threads: int) -> Iterator[tuple[NDArray[np.int64], int]]:
    if file.layout is not None:
        layout = _ends_only(file.layout)
        for some in ties_of_numbers(file.open, layout, complaints, threads=threads):
            yield some.ends, some.size
    elif file.table is not None:
        yield from ((pairs.astype(np.int64), pairs.nbytes) for pairs in pairs_in(file.open, file.table, file.source.name))
    else:
        from kring.graph.files.parquet import ends_of_parquet

        for found, rows in ends_of_parquet(file.open, complaints, wanted):
            assert not isinstance(found, Cells)
            yield found, rows


def _read_words(files: Sequence[Known], wanted: Mapping[str, str], complaints: Mapping[str, Complaints], kept: Kept, threads: int) -> Words:
    number, way = Words(), _Way(files)
    for file in files:
        for cells in _words_in(file, wanted, complaints[file.source.name], threads):
            kept.add(number.numbers(cells.text, cells.starts, cells.ends).reshape(-1, 2))
            way.on(cells.size)
    return number


def _words_in(file: Known, wanted: Mapping[str, str], complaints: Complaints, threads: int) -> Iterator[Cells]:
    if file.layout is not None:
        yield from ties_of_words(file.open, _ends_only(file.layout), complaints, threads=threads)
        return
    if file.table is not None:
        blocks = pairs_in(file.open, file.table, file.source.name)
        found: Iterator[tuple[NDArray[np.int64] | Cells, int]] = ((pairs.astype(np.int64), len(pairs)) for pairs in blocks)
    else:
        from kring.graph.files.parquet import ends_of_parquet

        found = ends_of_parquet(file.open, complaints, wanted)
    for ends, rows in found:
        cells = ends if isinstance(ends, Cells) else cells_of([str(end).encode() for end in ends.ravel().tolist()])
        yield replace(cells, size=rows)


def _ends_only(layout: Layout) -> Layout:
    return replace(layout, columns={role: layout.columns[role] for role in ("source", "target")})


class _Way:
    """How far the reading of all files is: in bytes of text, rows of Parquet, or pairs."""

    def __init__(self, files: Sequence[Known]) -> None:
        whole = all(file.source.size and file.form != "parquet" and file.open is file.source.open for file in files)
        self._total = sum(file.source.size for file in files) if whole else None
        self._done = 0
        self._what = "reading ties, bytes" if whole else "reading ties"
        told(self._what, 0, self._total)

    def on(self, size: int) -> None:
        """So much more is read."""
        self._done += size
        told(self._what, self._done, self._total)


def _as_it_lies(file: Known, number: Whole, kept: Kept, way: _Way) -> bool:
    """Uses a file of low numbers of 32 bits where it lies, if it is too large for the memory; False if it can't be used so."""
    table, path = file.table, file.source.path
    if table is None or table.dtype != "<u4" or path is None or table.n <= kept.room:
        return False
    for pairs in pairs_in(file.open, table, file.source.name):
        if not number.see(pairs.astype(np.uint32, copy=False)):
            return False
        way.on(pairs.nbytes)
    kept.lie_in(path.resolve(), table.skip, table.n)
    return True
