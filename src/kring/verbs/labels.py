"""Labels: what is known of people besides their ties, beside their graph: from a table, from how they are involved, from what they wrote about."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kring import unpack
from kring.errors import ReadError, UsageError
from kring.graph import Columns, Graph, files
from kring.graph.build import like
from kring.graph.ids import nodes_of
from kring.store import fetch
from kring.store.open import reading
from kring.verbs import named, split
from kring.verbs.affiliate import GROUPS
from kring.verbs.inputs import Given
from kring.verbs.progress import Progress
from kring.verbs.weave import Asking

if TYPE_CHECKING:
    from kring.kring import Circle

AFFILIATION, TAG = "affiliation", "tag:"
"""What a circle knows without a table: how people are involved with us; who wrote under a hashtag."""


def of_network(graph: Graph, table: str | os.PathLike[str], label: str, progress: Progress) -> tuple[Graph, str]:
    """The graph with the columns of a table as labels, and the column that is meant.

    Takes   a table with an id for each person: any common separator, header or not. `label`: the column; it may be left out if there is but one.
    Fails   ReadError if it is no table; UsageError if nobody in it is in the network, or the column can't be told.
    """
    people, label = _read(table, label, lambda ids: (nodes_of(graph.ids, ids, graph.n) >= 0).tolist(), progress)
    labelled, missing = files.labelled(graph, people)
    if missing == people.n:
        raise UsageError(f"Nobody in {os.fspath(table)} is in the network.", next="The first column must hold the ids of the network file.")
    if missing:
        progress.say(f"{missing:,} of the {people.n:,} people in {os.fspath(table)} are not in the network.")
    return labelled, label


def of_circle(
    circle: "Circle", given: Given, asking: Asking, table: str | os.PathLike[str] | None, label: str, progress: Progress
) -> tuple[Given, str]:
    """What a measure takes, with labels on its graph, and the label that is meant.

    Takes   a table as `of_network`, with ids, handles or names; or no table, and `label` is `affiliation`, or `tag:` with a hashtag.
    Fails   as `of_network`.
    """
    graph = next((argument for argument in given.arguments if isinstance(argument, Graph)), None)
    if graph is None:
        raise UsageError("This measure has no use for labels.", next="Leave out --labels.")
    if table:
        graph, label = _from_table(circle, given, graph, table, label, progress)
    elif label == AFFILIATION:
        row = split.group_rows(circle, given, asking)
        names = np.array([*GROUPS, None], np.object_)
        graph = like(graph, labels={**graph.labels, label: names[row[given.nodes]]})
    elif label.startswith(TAG):
        graph = like(graph, labels={**graph.labels, label: _wrote_under(circle, given, label.removeprefix(TAG))})
    return replace(given, arguments=tuple(graph if isinstance(each, Graph) else each for each in given.arguments)), label


def _from_table(
    circle: "Circle", given: Given, graph: Graph, table: str | os.PathLike[str], label: str, progress: Progress
) -> tuple[Graph, str]:
    found = named.in_circle(circle, given)
    people, label = _read(table, label, lambda words: [bool(each) for each in found(words)], progress)
    nodes = [each[0] if len(each) == 1 else -1 for each in found(list(people.ids or ()))]
    here = np.array(nodes, np.int64)
    if not (here >= 0).any():
        raise UsageError(
            f"Nobody in {os.fspath(table)} is known here.", next="Its first column must hold ids, handles or names: kring people"
        )
    if missing := int((here < 0).sum()):
        progress.say(
            f"{missing:,} of the {people.n:,} people in {os.fspath(table)} are not known here, or their names are not theirs alone."
        )
    column = np.full(graph.n, None, np.object_)
    column[here[here >= 0]] = people[label][here >= 0]
    return like(graph, labels={**graph.labels, label: column}), label


def _wrote_under(circle: "Circle", given: Given, tag: str) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    posts = given.woven.posts
    with reading(circle.engine) as connection:
        under = np.isin(posts.node, fetch.tagged(connection, given.woven.through, tag))
    author = posts.author[under & (posts.author >= 0)]
    return np.where(np.isin(given.nodes, author), "yes", "no").astype(np.object_)


def _read(table: str | os.PathLike[str], label: str, known: Callable[[list[str]], list[bool]], progress: Progress) -> tuple[Columns, str]:
    """The table, with the column that is meant by the name by which it is asked for."""
    with tempfile.TemporaryDirectory() as spool, unpack.opened(table, spool=Path(spool)) as export:
        if len(export.pages) != 1:
            raise ReadError(f"{export.name} holds {len(export.pages)} files, where one table was expected.", next="Give the table itself.")
        page = export.pages[0]
        people, unread = files.read_people(page.name, page.open, known)
    for each in unread[:20]:
        progress.say(f"{each.where}: {each.why} {each.next}".strip())
    names = list(people.arrays)
    if label in names:
        return people, label
    if len(names) == 1:
        name = label or names[0]
        return replace(people, arrays={name: people[names[0]]}), name
    if label:
        raise UsageError(f'There is no column "{label}" in {os.fspath(table)}.', next=f"There are: {', '.join(names)}.")
    raise UsageError(
        f"{os.fspath(table)} has several columns.", next=f"Say which is meant: --label {names[0]}. There are: {', '.join(names)}."
    )
