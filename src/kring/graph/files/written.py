"""Networks leave as files: GEXF, GraphML, node and edge CSV as Gephi opens them, Parquet."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from kring.errors import UsageError
from kring.graph.arrays import Graph
from kring.graph.files.gexf import write_gexf
from kring.graph.files.graphml import write_graphml
from kring.graph.files.leaving import Leaving, leaving

FORMS = ("gexf", "graphml", "csv", "parquet")


def write(graph: Graph, path: Path, form: str = "") -> tuple[Path, ...]:
    """Writes a graph to `path` in the form that its ending says, or in `form`.

    Gives   the files written: one; for CSV and Parquet two, `NAME-nodes` and `NAME-edges`. Each appears when it is whole.
    Fails   UsageError where the form is not known.
    """
    out = leaving(graph)
    files = paths(path, form)
    for file, writer in zip(files, _writers(_form(path, form))):
        unfinished = file.with_name(file.name + ".part")
        with unfinished.open("wb") as stream:
            writer(out, stream)
        unfinished.replace(file)
    return files


def paths(path: Path, form: str = "") -> tuple[Path, ...]:
    """The files that `write` would write.

    Fails   UsageError where the form is not known.
    """
    form = _form(path, form)
    parts = ("-nodes", "-edges") if form in ("csv", "parquet") else ("",)
    return tuple(path.with_name(f"{path.stem}{part}{path.suffix or '.' + form}") for part in parts)


def _form(path: Path, form: str) -> str:
    form = form or path.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise UsageError(f"Networks can't be written as {form or path.name!r}.", next=f"They can as {', '.join(FORMS)}.")
    return form


def _writers(form: str) -> Iterator[Callable[[Leaving, BinaryIO], None]]:
    """What writes each of the files, in the order of `paths`."""
    if form == "gexf":
        yield write_gexf
    elif form == "graphml":
        yield write_graphml
    elif form == "csv":
        yield write_people_to_csv
        yield write_ties_to_csv
    else:
        from kring.graph.files.parquet import write_people_to_parquet, write_ties_to_parquet

        yield write_people_to_parquet
        yield write_ties_to_parquet


def write_ties_to_csv(out: Leaving, stream: BinaryIO) -> None:
    """Source, Target, Type, and Weight, Sign, First, Last where there are any: what Gephi's import of an edge table expects."""
    kind = "Directed" if out.directed else "Undirected"
    rows = ((a, b, kind, *values) for a, b, values in out.rows())
    _write_csv(["Source", "Target", "Type", *(each.name for each in out.ties)], rows, stream)


def write_people_to_csv(out: Leaving, stream: BinaryIO) -> None:
    """Id, Label and the attributes of people: what Gephi's import of a node table expects."""
    rows = ((id, out.labels[k], *(each.values[k] for each in out.nodes)) for k, id in enumerate(out.ids))
    _write_csv(["Id", "Label", *(each.name for each in out.nodes)], rows, stream)


def _write_csv(names: list[str], rows: Iterator[tuple[object, ...]], stream: BinaryIO) -> None:
    """Text is quoted, so that spaces at its ends and line ends within it are kept; numbers are not."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerow(names)
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    text.flush()
    text.detach()
