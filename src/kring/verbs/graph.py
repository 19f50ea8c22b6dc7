"""Graph: builds a graph folder from files or a circle, and says what is in one."""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kring import unpack
from kring.errors import GraphError, UsageError
from kring.graph import files, folder, weaving
from kring.graph.buckets import Ties
from kring.graph.build import PER_ARC, degrees, like
from kring.graph.files.gathered import Complaints
from kring.graph.files.pairs import Known, Source, known, read_pairs
from kring.graph.files.table import columns_said
from kring.graph.memory import bytes_of, to_work_with
from kring.graph.watch import listening
from kring.schema import Unread
from kring.store import ledger
from kring.store.open import FILE, writing
from kring.verbs import compiling, weave
from kring.verbs.progress import SILENT, Progress
from kring.verbs.weave import Asking

if TYPE_CHECKING:
    from kring.kring import Circle

_STREAMED = ("table", "parquet", "npy")
_ROOM = 16
"""A file with more beside its ties is read into memory: so many bytes for each of its own."""
_TOLD = 20


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """A graph folder, as `kring graph info` shows it."""

    path: str
    n: int
    n_arcs: int
    n_ties: int
    directed: bool
    made_from: tuple[str, ...]
    from_circle: bool
    ids: str
    """What its ids are: row numbers, numbers, words."""
    beside: tuple[str, ...]
    """What is kept beside its ties: weights, signs, times, kinds."""
    n_loops: int
    n_duplicates: int
    n_bad: int
    bytes: int
    boundary: str
    cut: str
    mean_degree: float | None
    median_degree: float | None
    highest_degree: int | None
    """Arcs out of a node; None where there is nobody."""
    alone: int
    """Nodes no arc leads out of."""


def build_graph(
    inputs: Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    directed: bool | None = None,
    mutual: bool = False,
    weights: bool | None = None,
    columns: str = "",
    memory: str = "",
    threads: int = 0,
    force: bool = False,
    progress: Progress = SILENT,
) -> Built:
    """Builds a graph folder from files with ties.

    Takes   files (edge lists, CSV, Parquet, numpy's; one alone may be of any form that `files.read` knows), "-" for a stream; where to build
            it; whether ties are directed, if they don't say; `mutual`: only ties that there are both ways. `weights`: None keeps what
            stands beside ties where one file has it and it fits into memory, True keeps it or how often each tie was given, False keeps none.
    Gives   what was built. The same command goes on with a build that was killed.
    Fails   ReadError where a file can't be read; GraphError where the graph can't be written; UsageError for what doesn't go together, and for
            a circle, which is no file.
    """
    path, wanted, room = Path(output), columns_said(columns), to_work_with(bytes_of(memory))
    if mutual and directed:
        raise UsageError("Mutual ties have no direction.", next="Leave out --directed.")
    for one in inputs:
        refuse_circle(one, f"Say so: kring graph build --circle {os.fspath(one)} -o {output}")
    folder.may_write(path, force=force)
    with compiling.said(progress), listening(progress.at), _sources(inputs) as (sources, unread):
        complaints = {source.name: Complaints(source.name) for source in sources}
        forms = {source.name: files.form_of(source.name, source.open, complaints[source.name]) for source in sources}
        heads = [known(one, forms[one.name], wanted, complaints[one.name]) for one in sources if forms[one.name] in _STREAMED]
        other = next((name for name, form in forms.items() if form not in _STREAMED), "")
        if other and len(sources) > 1:
            raise UsageError(f"{other} can't be joined with other files.", next="Give it alone, or write it as an edge list.")
        whole = bool(other) or _keeps_more(heads, sources, mutual, directed, weights, room, progress)
        if whole and mutual:
            raise UsageError(f"--mutual doesn't take {other}.", next="Write it as an edge list, CSV or Parquet.")
        if whole:
            _read_whole(sources[0], path, directed, wanted, weights, force, progress)
        else:
            ties: Ties = "mutual" if mutual else _direction(heads, directed, progress)
            request = _request(inputs, sources, columns, ties, weights)
            reading = read_pairs(heads, wanted, ties, complaints, memory=room, threads=threads)
            weaving.weave(path, request, reading, times=weights is True, memory=room, threads=threads)
            _say([each for own in complaints.values() for each in own.all()], progress)
        _say(unread, progress)
    return graph_info(path)


def build_circle(
    circle: "Circle",
    output: str | os.PathLike[str],
    *,
    kinds: Sequence[str] = (),
    since: str = "",
    until: str = "",
    force: bool = False,
    progress: Progress = SILENT,
) -> Built:
    """Builds a graph folder of who is tied to whom in a circle, of posts that may leave the house.

    Fails   GraphError if it can't be written there; UsageError for unknown kinds.
    """
    woven = weave.weave(circle, Asking(tuple(kinds), since, until), "others")
    graph, _ = weave.graph(woven)
    with listening(progress.at):
        folder.save(graph, output, force=force, made_from=(circle.settings.name,), from_circle=True)
    with writing(circle.engine) as connection:
        ledger.note_audit(connection, "graph", f"{Path(output)}: {graph.n} people")
    return graph_info(output)


def refuse_circle(path: str | os.PathLike[str], next: str) -> None:
    """Fails with a UsageError where a circle is given for a file."""
    if (Path(path) / FILE).is_file():
        raise UsageError(f"{os.fspath(path)} is a circle.", next=next)


def graph_info(path: str | os.PathLike[str], *, check: bool = False, progress: Progress = SILENT) -> Built:
    """What is in a graph folder.

    Takes   its place; `check`: reads all of it and compares every checksum, whatever was found before.
    Fails   GraphError if it is none or damaged.
    """
    where = Path(path)
    folder.restore(where)
    with listening(progress.at):
        if check:
            folder.check(where)
        graph = folder.open(where)
    manifest = folder.manifest_at(where)
    degree = degrees(graph)
    held = {one.name: one for one in manifest.arrays}
    return Built(
        path=str(path),
        n=graph.n,
        n_arcs=graph.n_arcs,
        n_ties=graph.n_ties,
        directed=graph.directed,
        made_from=manifest.made_from,
        from_circle=manifest.from_circle,
        ids="numbers" if "ids_numbers" in held else "words" if "ids_text" in held else "row numbers",
        beside=tuple(name for name in PER_ARC if name in held),
        n_loops=graph.n_loops,
        n_duplicates=graph.n_duplicates,
        n_bad=manifest.n_bad,
        bytes=sum(one.length * np.dtype(one.dtype).itemsize for one in manifest.arrays),
        boundary=graph.boundary,
        cut=graph.cut,
        mean_degree=float(degree.mean()) if graph.n else None,
        median_degree=float(np.median(degree)) if graph.n else None,
        highest_degree=int(degree.max()) if graph.n else None,
        alone=int((degree == 0).sum()),
    )


def _keeps_more(
    heads: Sequence[Known],
    sources: Sequence[Source],
    mutual: bool,
    directed: bool | None,
    weights: bool | None,
    room: int,
    progress: Progress,
) -> bool:
    """Is there more beside the ties than a stream of pairs carries, wanted, and small enough to be read into memory?"""
    beside = {role for head in heads for role in head.beside}
    if directed is not None or mutual:
        beside -= {"type"}
    if mutual and weights and beside:
        raise UsageError("Of mutual ties, no weights of a file can be kept.", next="Leave out --weights, or --mutual.")
    if not beside or weights is False or mutual:
        return False
    fits = len(heads) == 1 and 0 < sources[0].size * _ROOM <= room
    said = f"{'the ' + ' and the '.join(sorted(beside))} of ties"
    if not fits and (weights or "type" in beside):
        raise UsageError(
            f"There is no room to keep {said}: that takes one file, and some {_ROOM} times its size in memory.",
            next="Give more memory with --memory, or leave it out with --no-weights (and say --directed or --undirected).",
        )
    if not fits:
        progress.say(f"Not kept, as it is too much for the memory: {said}.")
    return fits


def _direction(heads: Sequence[Known], directed: bool | None, progress: Progress) -> Ties:
    said = {head.layout.directed if head.layout else None for head in heads}
    if directed is None and said == {None}:
        progress.say("Nothing says whether ties have a direction; each line is taken as a tie from the first to the second.")
    if directed is None:
        directed = said != {False}
    return "directed" if directed else "undirected"


def _read_whole(
    source: Source,
    path: Path,
    directed: bool | None,
    wanted: Mapping[str, str],
    weights: bool | None,
    force: bool,
    progress: Progress,
) -> None:
    network = files.read(source.name, source.open, directed=directed, columns=wanted)
    graph = like(network.graph, **dict.fromkeys(PER_ARC)) if weights is False else network.graph
    n_bad = sum(each.n for each in network.unread if each.kind in ("broken", "too-large"))
    folder.save(graph, path, force=force, made_from=(source.name,), n_bad=n_bad)
    _say(network.unread, progress)
    for note in network.notes:
        progress.say(note.text)


def _request(inputs: Sequence[str | os.PathLike[str]], sources: Sequence[Source], columns: str, ties: Ties, weights: bool | None) -> str:
    """In words what was asked for: two builds with the same words give the same graph. A stream comes once only."""
    given = []
    for one in inputs:
        if os.fspath(one) == "-":
            given.append(f"a stream of {time.time_ns()}")
            continue
        state = Path(one).stat()
        given.append(f"{Path(one).resolve()} {state.st_size} {state.st_mtime_ns}")
    return "\n".join([folder.FORMAT, *given, *(source.name for source in sources), columns, ties, str(weights is True)])


@contextmanager
def _sources(inputs: Sequence[str | os.PathLike[str]]) -> Iterator[tuple[list[Source], list[Unread]]]:
    """All files in what was given; and what could not be opened, known in full when they are read."""
    if not inputs:
        raise UsageError("Nothing was given to build from.", next="Give a file with ties, or --circle.")
    with ExitStack() as stack:
        spool = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found: list[Source] = []
        exports = []
        for k, one in enumerate(inputs):
            export = stack.enter_context(unpack.opened(one, spool=spool / str(k)))
            exports.append(export)
            for page in export.pages:
                path = Path(one) if len(export.pages) == 1 and os.fspath(one) != "-" else None
                as_it_is = path is not None and path.is_file() and _begins(path) == page.head[:_HEAD]
                name = page.name if page.name not in {each.name for each in found} else f"{k + 1}: {page.name}"
                if as_it_is and path is not None:
                    found.append(Source(name, lambda path=path: path.open("rb"), path.stat().st_size, path))  # type: ignore[misc]
                else:
                    found.append(Source(name, page.open, page.size or 0))
        if not found:
            raise GraphError("There is no file with ties in what was given.", next="Give the file itself.")
        unread: list[Unread] = []
        yield found, unread
        unread.extend(each for export in exports for each in export.unread)


_HEAD = 4096


def _begins(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD)


def _say(unread: Sequence[Unread], progress: Progress) -> None:
    for each in unread[:_TOLD]:
        progress.say(f"{each.where}: {each.why} {each.next}".strip())
    if len(unread) > _TOLD:
        progress.say(f"… and {sum(each.n for each in unread[_TOLD:]):,} more.")
