"""Network: the people and their ties as a file that other programs open."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from kring.errors import UsageError
from kring.graph import files
from kring.store import ledger
from kring.store.open import writing
from kring.verbs import weave
from kring.verbs.progress import SILENT, Progress
from kring.verbs.weave import Asking

if TYPE_CHECKING:
    from kring.kring import Circle


class Written(msgspec.Struct, frozen=True):
    """What was written where."""

    paths: list[str]
    people: int
    ties: int
    boundary: str


def network(
    circle: "Circle",
    path: str | os.PathLike[str] | IO[bytes],
    *,
    format: str = "",
    kinds: Sequence[str] = (),
    since: str = "",
    until: str = "",
    progress: Progress = SILENT,
) -> Written:
    """Writes who is tied to whom, directed, with weights and first and last time, of posts that may leave the house.

    Takes   a path whose ending tells the format (.gexf, .graphml, .csv for two tables as Gephi opens them, .parquet), or `format`.
    Gives   what was written. Private posts, and people who said no, are never in it.
    Fails   UsageError for an unknown format.
    """
    wanted = format or _format_of(path)
    woven = weave.weave(circle, Asking(tuple(kinds), since, until), "circle")
    graph, rows = weave.graph(woven)
    progress.say(f"{graph.n:,} people, {graph.n_ties:,} ties")
    paths = files.write(graph, path, wanted)
    with writing(circle.engine) as connection:
        ledger.note_audit(connection, "network", f"{wanted}, {graph.n} people")
    return Written([str(each) for each in paths], graph.n, graph.n_ties, woven.boundary)


def _format_of(path: str | os.PathLike[str] | IO[bytes]) -> str:
    ending = Path(path).suffix.lstrip(".").lower() if isinstance(path, str | os.PathLike) else ""
    if ending not in files.WRITTEN:
        raise UsageError(f"The format of {path} can't be told from its name.", next=f"Say it with --format: {', '.join(files.WRITTEN)}.")
    return ending
