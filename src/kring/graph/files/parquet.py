"""Parquet: ties as a table with the columns of the CSV, people as another.

Whole numbers stay numbers, times are timestamps in UTC. Read and written through Arrow, in pieces.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, cast

import numpy as np
from arro3.core import Array, DataType, RecordBatch, Table
from arro3.io import read_parquet as _read
from arro3.io import write_parquet as _write
from numpy.typing import NDArray

from kring.errors import ReadError
from kring.graph.arrays import Graph, Log
from kring.graph.files.arrow import Text
from kring.graph.files.gathered import Complaints, Ties, instant, weighed
from kring.graph.files.leaving import Attribute, Leaving
from kring.graph.files.numbers import woven_numbers
from kring.graph.files.streams import Open
from kring.graph.files.table import chosen, columns_named, unused_told
from kring.graph.files.words import Cells

_ROWS, _MANY_ROWS = 1 << 17, 1 << 20
_CHUNK = 1 << 20
_SMALL = (np.int64, np.int32, np.uint32, np.int16, np.uint16, np.int8, np.uint8)
_FOOTER = 8
_TIMES = DataType.timestamp("us", tz="UTC")


def read_ties_of_parquet(open: Open, complaints: Complaints, directed: bool | None, wanted: Mapping[str, str]) -> tuple[Graph, Log | None]:
    """The graph of a Parquet table of ties, and the log where they have times; directed unless the user or its column Type says otherwise."""
    with _seekable(open, complaints.name) as stream:
        batches = _Batches(stream, complaints.name)
        names = tuple(field.name for field in batches.schema)
        columns = _columns(batches, wanted, complaints.name)
        unused_told([name for k, name in enumerate(names) if k not in columns.values()], complaints)
        types = [field.type for field in batches.schema]
        whole = all(DataType.is_integer(types[columns[end]]) for end in ("source", "target"))
        if whole and not {"type", "last"} & set(columns):
            return _numbers(batches, columns, complaints, directed)
        return _words(batches, columns, complaints, directed)


def _numbers(batches: "_Batches", columns: dict[str, int], complaints: Complaints, directed: bool | None) -> tuple[Graph, Log | None]:
    ends: list[NDArray[np.int64]] = []
    extra: dict[str, list[NDArray[np.float64]]] = {role: [] for role in ("weight", "rating", "sign", "at") if role in columns}
    row = 0
    for batch in batches:
        source, target = (_as_float(batch, columns[end]) for end in ("source", "target"))
        missing = np.isnan(source) | np.isnan(target)
        _complain_missing(row, missing, complaints)
        row += len(missing)
        exact = [_as_int(batch, columns[end])[~missing] for end in ("source", "target")]
        ends.append(np.stack(exact, axis=1))
        for role, pieces in extra.items():
            known = _instants(batch.column(columns[role])) / 1e6 if role == "at" else _as_float(batch, columns[role])
            pieces.append(np.where(np.isnan(known) & (role == "weight"), 1.0, known)[~missing])
    values = {role: np.concatenate(parts or [np.empty(0)]) for role, parts in extra.items()}
    return woven_numbers(np.concatenate(ends or [np.empty((0, 2), np.int64)]), values, directed=directed is not False)


def _words(batches: "_Batches", columns: dict[str, int], complaints: Complaints, directed: bool | None) -> tuple[Graph, Log | None]:
    ties = Ties()
    undirected = row = 0
    for batch in batches:
        source, target = (batch.column(columns[end]).to_pylist() for end in ("source", "target"))
        missing = np.array([a is None or b is None or a == "" or b == "" for a, b in zip(source, target)], np.bool_)
        _complain_missing(row, missing, complaints)
        row += len(missing)
        n = len(source)
        nothing: list[float | None] = [None] * n
        strength = [_known(_as_float(batch, columns[role])) if role in columns else nothing for role in ("weight", "rating", "sign")]
        at, last = (_known(_instants(batch.column(columns[role]))) if role in columns else [None] * n for role in ("at", "last"))
        kind = batch.column(columns["type"]).to_pylist() if "type" in columns else [None] * n
        for k in np.flatnonzero(~missing).tolist():
            weight, sign = weighed(*(values[k] for values in strength))
            first, end = at[k], last[k]
            both = str(kind[k]).lower() == "undirected"
            undirected += both
            ties.tie(
                str(source[k]),
                str(target[k]),
                weight,
                sign,
                None if first is None else int(first),
                None if end is None else int(end),
                both_ways=both,
            )
    return ties.graph(directed=directed if directed is not None else undirected < max(1, len(ties.source))), ties.log()


def write_ties_to_parquet(out: Leaving, stream: BinaryIO) -> None:
    """Source, Target, Type, and Weight, Sign, First, Last where there are any."""
    kind = "Directed" if out.directed else "Undirected"
    columns = {"Source": _ends(out, out.source), "Target": _ends(out, out.target), "Type": _strings([kind] * len(out.source))}
    _write(Table.from_pydict(columns | {each.name: _column(each) for each in out.ties}), stream)


def write_people_to_parquet(out: Leaving, stream: BinaryIO) -> None:
    """Id, Label and the attributes of people."""
    columns = {"Id": _ends(out, np.arange(len(out.ids))), "Label": _strings(list(out.labels))}
    _write(Table.from_pydict(columns | {each.name: _column(each) for each in out.nodes if each.name not in columns}), stream)


def ends_of_parquet(open: Open, complaints: Complaints, wanted: Mapping[str, str]) -> Iterator[tuple[NDArray[np.int64] | Cells, int]]:
    """The ends of all ties of a Parquet file, as numbers where both columns are, else as words, and how many rows they are."""
    with _seekable(open, complaints.name) as stream:
        batches = _Batches(stream, complaints.name, _MANY_ROWS)
        columns = _columns(batches, wanted, complaints.name)
        row = 0
        for batch in batches:
            ends = [batch.column(columns[end]) for end in ("source", "target")]
            both = _number_ends if all(DataType.is_integer(end.type) for end in ends) else _word_ends
            found, missing = both(*ends)
            _complain_missing(row, missing, complaints)
            row += len(missing)
            yield found, len(missing)


def columns_of_parquet(open: Open, name: str, wanted: Mapping[str, str], complaints: Complaints) -> tuple[dict[str, int], bool]:
    """Which column is what, and whether the ends of ties are whole numbers; what isn't used is told."""
    with _seekable(open, name) as stream:
        batches = _Batches(stream, name)
        columns = _columns(batches, wanted, name)
        unused_told([field.name for k, field in enumerate(batches.schema) if k not in columns.values()], complaints)
        return columns, all(DataType.is_integer(batches.schema.field(columns[end]).type) for end in ("source", "target"))


def _columns(batches: "_Batches", wanted: Mapping[str, str], name: str) -> dict[str, int]:
    names = tuple(field.name for field in batches.schema)
    if len(names) < 2:
        raise ReadError(f"{name} has one column only.", next="Ties need two: source and target.")
    return chosen(columns_named(names), names, wanted, name)


def _number_ends(source: Array, target: Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    missing = _missing(source) | _missing(target)
    ends = np.empty((len(missing), 2), np.int64)
    for side, column in enumerate((source, target)):
        ends[:, side] = _whole(column)
    return (ends[~missing] if missing.any() else ends), missing


def _word_ends(source: Array, target: Array) -> tuple[Cells, NDArray[np.bool_]]:
    texts = [Text(source), Text(target)]
    missing = np.zeros(len(texts[0].starts), np.bool_)
    starts, ends = (np.empty((len(missing), 2), np.int64) for _ in range(2))
    before = 0
    for side, text in enumerate(texts):
        starts[:, side], ends[:, side] = text.starts + before, text.ends + before
        missing |= text.missing | (text.starts == text.ends)
        before += len(text.text)
    if missing.any():
        starts, ends = starts[~missing], ends[~missing]
    return Cells(np.concatenate([text.text for text in texts]), starts.ravel(), ends.ravel(), 0), missing


class _Batches:
    """The pieces of a Parquet file. Where the Rust beneath panics, outside the tree of `Exception`, this ends calmly."""

    def __init__(self, stream: BinaryIO, name: str, rows: int = _ROWS) -> None:
        self.name = name
        self._reader = self._calm(lambda: _read(stream, batch_size=rows))
        self.schema = self._reader.schema

    def __iter__(self) -> "_Batches":
        return self

    def __next__(self) -> RecordBatch:
        return self._calm(self._reader.read_next_batch)

    def _calm(self, what: Callable[[], Any]) -> Any:
        try:
            return what()
        except (StopIteration, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            raise ReadError(f"{self.name} is a damaged Parquet file ({error}).", next="Fetch or write it again.") from None


def _seekable(open: Open, name: str) -> BinaryIO:
    """The file where one can go back and forth in it, whole at least at its end."""
    stream = open()
    if not stream.seekable():
        with stream as source:
            stream = cast(BinaryIO, tempfile.SpooledTemporaryFile(64 * _CHUNK))  # noqa: SIM115
            while chunk := source.read(_CHUNK):
                stream.write(chunk)
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _FOOTER))
    footer = stream.read(_FOOTER)
    stream.seek(0)
    if not footer.endswith(b"PAR1") or int.from_bytes(footer[:4], "little") + _FOOTER > size:
        stream.close()
        raise ReadError(f"{name} begins as a Parquet file and breaks off before its end.", next="Fetch or write it again.")
    return stream


def _complain_missing(row: int, missing: NDArray[np.bool_], complaints: Complaints) -> None:
    for k in np.flatnonzero(missing).tolist():
        complaints.add(row + k + 1, "One end of the tie is missing.", "It is left out.")


def _known(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _as_float(batch: RecordBatch, k: int) -> NDArray[np.float64]:
    column = batch.column(k).cast(DataType.float64())
    return np.array(column.to_pylist() if column.null_count else column.to_numpy(), np.float64)


def _as_int(batch: RecordBatch, k: int) -> NDArray[np.int64]:
    return _whole(batch.column(k)).astype(np.int64)


def _whole(column: Array) -> NDArray[np.integer]:
    """Whole numbers of 64 bits; 0 for those that are missing.

    Fails   ReadError where one is too large for that.
    """
    found: NDArray[np.integer] = np.array([value or 0 for value in column.to_pylist()]) if column.null_count else column.to_numpy()
    if found.dtype not in _SMALL and len(found) and int(found.max()) > np.iinfo(np.int64).max:
        raise ReadError("Some ids are numbers above 2^63.", next="Write the columns as text, and read it again.")
    return found


def _missing(column: Array) -> NDArray[np.bool_]:
    return np.array([value is None for value in column.to_pylist()] if column.null_count else np.zeros(len(column)), np.bool_)


def _instants(column: Array) -> NDArray[np.float64]:
    """Microseconds since 1970; NaN where not known."""
    if DataType.is_temporal(column.type):
        column = column.cast(_TIMES).cast(DataType.int64())
        return np.array(column.to_pylist(), np.float64)
    times = [None if value is None else instant(str(value)) for value in column.to_pylist()]
    return np.array(times, np.float64)


def _ends(out: Leaving, nodes: NDArray[np.int64]) -> Array:
    if out.numbers is not None:
        return Array.from_numpy(out.numbers[nodes])
    return _strings([out.ids[node] for node in nodes.tolist()])


def _strings(values: list[Any]) -> Array:
    return Array(values, DataType.utf8())


def _column(attribute: Attribute) -> Array:
    if attribute.name in ("First", "Last"):
        micro = [None if value is None else instant(str(value)) for value in attribute.values]
        return Array(micro, DataType.int64()).cast(_TIMES)
    types = {"boolean": DataType.bool(), "long": DataType.int64(), "double": DataType.float64(), "string": DataType.utf8()}
    values = (
        attribute.values if attribute.kind != "double" else [None if value is None else float(str(value)) for value in attribute.values]
    )
    return Array(values, types[attribute.kind])
