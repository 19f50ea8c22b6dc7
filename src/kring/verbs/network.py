"""Network: the people and their ties as a file that other programs open."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kring.errors import CircleError, UsageError
from kring.graph import Graph, files
from kring.schema import FEWEST_PEOPLE
from kring.show.values import many
from kring.store import ledger
from kring.store.open import writing
from kring.verbs import weave
from kring.verbs.progress import SILENT, Progress
from kring.verbs.pseudonyms import network_without_names, said_of_network
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
    pseudonyms: bool = False,
    force: bool = False,
    progress: Progress = SILENT,
) -> Written:
    """Writes who is tied to whom, directed, with weights and first and last time, of posts that may leave the house.

    Takes   a path whose ending tells the format (.gexf, .graphml, .csv for two tables as Gephi opens them, .parquet), or `format`;
            `pseudonyms`: without who it is, and with a page beside it that says how far that goes; `force`: also where files lie already.
    Gives   what was written. Private posts, and people who said no, are never in it.
    Fails   UsageError for an unknown format; CircleError if it can't be written there, or something lies there.
    """
    beside = [Path(path).with_name(f"{Path(path).stem}-README.txt")] if pseudonyms else []
    for file in (*files.paths(Path(path), format), *beside):
        may_write(file, force=force)
    woven = weave.weave(circle, Asking(tuple(kinds), since, until), "others")
    graph, _ = weave.graph(woven)
    progress.say(f"{many(graph.n, 'person', 'people')}, {many(graph.n_ties, 'tie')}")
    said: tuple[str, ...] = ()
    if pseudonyms:
        graph, said = _pseudonymous(graph, progress)
    try:
        paths = files.write(graph, Path(path), format)
        for page in beside:
            page.write_text("\n\n".join((f"A network of {many(graph.n, 'person', 'people')}.", *said)) + "\n", encoding="utf-8")
    except OSError as error:
        raise CircleError(f"The network can't be written to {path}: {error.strerror}.", next="Choose another place.") from error
    with writing(circle.engine) as connection:
        what = "network pseudonyms" if pseudonyms else "network"
        ledger.note_audit(connection, what, f"{', '.join(map(str, paths))}: {graph.n} people")
    return Written([str(each) for each in (*paths, *beside)], graph.n, graph.n_ties, woven.boundary)


def _pseudonymous(graph: Graph, progress: Progress) -> tuple[Graph, tuple[str, ...]]:
    if graph.n < FEWEST_PEOPLE:
        raise UsageError(
            f"Pseudonyms don't hide anybody among fewer than {FEWEST_PEOPLE} people, and here are {graph.n}.",
            next="Choose a longer period or more kinds of ties, or leave out --pseudonyms.",
        )
    made, period = network_without_names(graph)
    said = said_of_network(period)
    for sentence in said:
        progress.say(sentence)
    return made, said
