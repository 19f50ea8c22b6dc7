"""Networks from files and to files: `read` recognises the form by what stands in the file more than by its name.

Read: edge lists and CSV (`table`, `numbers`), GML, GraphML, GEXF, METIS, Parquet, numpy's arrays (`npy`); each also inside
gzip. `pairs` reads the ties of some of them as a stream, of any length.
"""

import re
from collections.abc import Mapping

from kring.errors import ReadError
from kring.graph.files.gathered import Complaints, Network
from kring.graph.files.gexf import read_gexf
from kring.graph.files.gml import read_gml
from kring.graph.files.graphml import read_graphml
from kring.graph.files.metis import looks_like_metis, read_metis
from kring.graph.files.npy import graph_of_npy, is_npy
from kring.graph.files.numbers import graph_of_numbers
from kring.graph.files.people import labelled, read_people, with_people
from kring.graph.files.streams import HEAD_BYTES, Open, encoding_of, head_of, unpacked
from kring.graph.files.table import layout_of, read_ties, unused_told
from kring.graph.files.written import FORMS, paths, write
from kring.schema import Note

__all__ = ["FORMS", "Network", "form_of", "labelled", "paths", "read", "read_people", "recognise", "with_people", "write"]

_GML = re.compile(r"^\s*graph\s*\[?\s*$|^\s*graph\s*\[\s*(#|comment|directed|id|label|name|node|version|$)", re.MULTILINE | re.IGNORECASE)


def recognise(name: str, head: bytes) -> str:
    """Which form of network file begins like this: parquet, gexf, graphml, gml, metis or table; "" if it is none of these."""
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return next((form for form in ("gexf", "graphml") if re.search(rf"<(\w+:)?{form}\b", text)), "")
    lines = text.splitlines()[: None if len(head) < HEAD_BYTES else -1]
    if _GML.search(text) and "[" in text and not lines[0].count(","):
        return "gml"
    if looks_like_metis(name, lines):
        return "metis"
    return "table" if text and "\0" not in text else ""


def form_of(name: str, open: Open, complaints: Complaints) -> str:
    """The form of a file of ties: npy, or one that `recognise` knows.

    Fails   ReadError where it is none, or empty.
    """
    head = head_of(unpacked(open, complaints))
    if not head:
        raise ReadError(f"{name} is empty.", next="Give a file with ties: two columns, source and target, are enough.")
    form = "npy" if is_npy(head) else recognise(name, head)
    if not form:
        raise ReadError(
            f"{name} is not a network file that Kring knows.",
            next="It reads edge lists, CSV, GML, GraphML, GEXF, METIS, Parquet and numpy's arrays of pairs.",
        )
    if form in ("table", "metis", "gml") and b"\r" in head and b"\n" not in head:
        what = f"The lines of {name} end as those of an old Macintosh do, and Kring would read it as one line."
        raise ReadError(what, next='Save it again as "CSV UTF-8", or with line ends of Unix or Windows.')
    return form


def read(name: str, open: Open, *, directed: bool | None = None, columns: Mapping[str, str] | None = None) -> Network:
    """The network in a file.

    Takes   its name, a function that opens its bytes from the start, and whether its ties are directed and which columns are source and
            target, if the user says so.
    Gives   the graph, all that could not be read, and what was decided. A bad line is told and the rest kept.
    Fails   ReadError where there is no network in the file at all.
    """
    complaints = Complaints(name)
    open = unpacked(open, complaints)
    form, head = form_of(name, open, complaints), head_of(open)
    encoding = encoding_of(head)
    if form == "metis":
        return Network(read_metis(open, encoding, complaints), complaints.all())
    if form == "gml":
        ties, said = read_gml(open, encoding, complaints)
        return Network(ties.graph(directed=said if directed is None else directed), complaints.all(), log=ties.log())
    if form == "table":
        return _read_table(name, open, complaints, directed, columns or {})
    if form in ("gexf", "graphml"):
        ties, said = (read_gexf if form == "gexf" else read_graphml)(open, complaints)
        return Network(ties.graph(directed=said if directed is None else directed), complaints.all(), log=ties.log())
    if form == "parquet":
        from kring.graph.files.parquet import read_ties_of_parquet

        graph, log = read_ties_of_parquet(open, complaints, directed, columns or {})
        return Network(graph, complaints.all(), log=log)
    return Network(graph_of_npy(open, name, directed=directed is not False), complaints.all())


def _read_table(name: str, open: Open, complaints: Complaints, directed: bool | None, wanted: Mapping[str, str]) -> Network:
    layout = layout_of(open, name, wanted)
    if layout is None:
        raise ReadError(f"{name} has no line with two columns.", next="Give a file with ties: two columns, source and target, are enough.")
    unused_told(layout.unused, complaints)
    notes = [Note(where=name, text=_described(layout.columns, layout.names))]
    said = layout.directed
    found = None
    if layout.numbers:
        found = graph_of_numbers(open, layout, complaints, directed=said is not False if directed is None else directed)
    if found is None:
        ties, said = read_ties(open, layout, complaints)
        found = ties.graph(directed=said is not False if directed is None else directed), ties.log()
    if directed is None and said is None:
        notes.append(
            Note(where=name, text="Nothing says whether ties have a direction; each line is taken as a tie from the first to the second.")
        )
    graph, log = found
    return Network(graph, complaints.all(), tuple(notes), log)


def _described(columns: dict[str, int], names: tuple[str, ...]) -> str:
    words = {"source": "from", "target": "to", "weight": "weight", "at": "time", "type": "directed or not"}
    return "Columns: " + ", ".join(f"{names[k] if names else k + 1} is {words.get(role, role)}" for role, k in columns.items()) + "."
