"""Tables of people beside a network: Id, Label and attributes, as Gephi's node table has them; and how they join a graph."""

import io
from collections.abc import Callable

import numpy as np

from kring.errors import ReadError
from kring.graph.arrays import Columns, Graph
from kring.graph.build import like, with_nodes
from kring.graph.files.gathered import Complaints
from kring.graph.files.streams import Open, encoding_of, head_of, text_lines, unpacked
from kring.graph.files.table import Layout, delimiter_of, is_comment, rows, split
from kring.graph.ids import nodes_of
from kring.schema import Unread

_ID = ("id", "node", "nodeid", "newid", "person", "account", "name", "user")


def read_people(name: str, open: Open, known: Callable[[list[str]], list[bool]] | None = None) -> tuple[Columns, tuple[Unread, ...]]:
    """A table of people.

    Takes   a table with any common separator, with a header or without; then the columns are called id, label, and so on by number.
            `known`: which ids are known; a first row whose id isn't, where one of the next is, is a header whatever it says.
    Gives   columns of people by their id, as text (None where a cell is empty), and what could not be read. Of an id that comes twice the
            first row counts.
    Fails   ReadError where there is no table.
    """
    complaints = Complaints(name)
    open = unpacked(open, complaints)
    head = head_of(open)
    encoding = encoding_of(head)
    sample = [line for _, line in text_lines(lambda: io.BytesIO(head), encoding) if line and line.strip() and not is_comment(line)]
    delimiter, width = delimiter_of(sample)
    if width < 2:
        raise ReadError(f"{name} has no line with two columns.", next="Give a table with an id and at least one thing about each person.")
    first = [cell.strip() for cell in split(sample[0], delimiter)]
    plain = ["".join(letter for letter in cell.lower() if letter.isalnum()) for cell in first]
    header = len(first) == width and (any(cell in _ID for cell in plain) or _heads(first, sample, delimiter, known))
    names = first if header else ["id", "label", *(f"column {k + 1}" for k in range(2, width))]
    by = next((plain.index(cell) for cell in _ID if cell in plain), 0) if header else 0
    layout = Layout(delimiter, {"source": by, "target": by}, width, header=header, encoding=encoding)
    seen: dict[str, list[str]] = {}
    for number, cells in rows(open, layout, complaints):
        if len(cells) != width or not cells[by]:
            complaints.add(
                number, f"There are {len(cells)} columns here, and {width} on the other lines, or the id is missing.", "It is left out."
            )
        elif cells[by] in seen:
            complaints.add(number, f"The id {cells[by]!r} has been told of before.", "The first row counts.")
        else:
            seen[cells[by]] = cells
    arrays = {}
    for k, title in enumerate(names):
        if k != by:
            arrays["label" if title.lower() == "label" else title] = np.array([cells[k] or None for cells in seen.values()], np.object_)
    return Columns("person", len(seen), arrays, ids=list(seen)), complaints.all()


def _heads(first: list[str], sample: list[str], delimiter: str, known: Callable[[list[str]], list[bool]] | None) -> bool:
    """Whether the first row, that stands for nobody known, stands above others that do."""
    if known is None or len(sample) < 2:
        return False
    there = known([first[0], *(cells[0].strip() for line in sample[1:100] if (cells := split(line, delimiter)))])
    return not there[0] and any(there[1:])


def labelled(graph: Graph, people: Columns) -> tuple[Graph, int]:
    """The graph with what is known of its people as labels, and how many of the table aren't in it.

    Costs   O(n) time and memory.
    """
    ids = list(people.ids or ())
    node = nodes_of(graph.ids, ids, graph.n)
    here = np.flatnonzero(node >= 0)
    labels = dict(graph.labels)
    for name, values in people.arrays.items():
        column = labels.get(name, np.full(graph.n, None, np.object_)).copy()
        column[node[here]] = values[here]
        labels[name] = column
    return like(graph, labels=labels), len(ids) - len(here)


def with_people(graph: Graph, people: Columns) -> Graph:
    """The graph with these people in it, those without ties too, and what is known of them as labels."""
    row = {graph.id_of(node): node for node in range(graph.n)}
    for id in people.ids or ():
        row.setdefault(id, len(row))
    where = np.array([row[id] for id in people.ids or ()], np.int64)
    labels = {name: np.concatenate((values, np.full(len(row) - graph.n, None, np.object_))) for name, values in graph.labels.items()}
    for name, values in people.arrays.items():
        column = labels.get(name, np.full(len(row), None, np.object_)).copy()
        column[where] = values
        labels[name] = column
    return with_nodes(graph, list(row), labels)
