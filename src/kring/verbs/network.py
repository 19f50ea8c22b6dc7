"""Network: the people and their ties as a file that other programs open."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kring.errors import CircleError
from kring.graph import files
from kring.show.values import many
from kring.store import ledger
from kring.store.open import writing
from kring.verbs import weave
from kring.verbs.progress import SILENT, Progress
from kring.verbs.replacing import may_write
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
    path: str | Path,
    *,
    format: str = "",
    kinds: Sequence[str] = (),
    since: str = "",
    until: str = "",
    force: bool = False,
    progress: Progress = SILENT,
) -> Written:
    """Writes who is tied to whom, directed, with weights and first and last time, of posts that may leave the house.

    Takes   a path whose ending tells the format (.gexf, .graphml, .csv for two tables as Gephi opens them, .parquet), or `format`;
            `force`: also where files lie already.
    Gives   what was written. Private posts, and people who said no, are never in it.
    Fails   UsageError for an unknown format; CircleError if it can't be written there, or something lies there.
    """
    for file in files.paths(Path(path), format):
        may_write(file, force=force)
    woven = weave.weave(circle, Asking(tuple(kinds), since, until), "others")
    graph, _ = weave.graph(woven)
    progress.say(f"{many(graph.n, 'person', 'people')}, {many(graph.n_ties, 'tie')}")
    try:
        paths = files.write(graph, Path(path), format)
    except OSError as error:
        raise CircleError(f"The network can't be written to {path}: {error.strerror}.", next="Choose another place.") from error
    with writing(circle.engine) as connection:
        ledger.note_audit(connection, "network", f"{', '.join(each.name for each in paths)}: {graph.n} people")
    return Written([str(each) for each in paths], graph.n, graph.n_ties, woven.boundary)
