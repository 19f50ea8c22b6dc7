"""What goes out as a file comes in again the same, here and in programs that nobody here wrote."""

import io

import igraph
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.graph import NO_TIME
from kring.graph.build import from_pairs, sources_of
from kring.graph.files import FORMS, read, read_people, with_people, write
from kring.graph.files.legal import legal, legal_ids

WEIRD = [
    '"',
    "a,b",
    "line\nend",
    "tab\tin",
    " space ",
    "🌻",
    "%x",
    "#tag",
    "//",
    "<&>'",
    "007",
    "7",
    "é",
    "源",
    "a;b",
    "=1+1",
    "\u202eright",
]
ILLEGAL = ["\x00", "bell\x07", "return\r", "\ud800", "\uffff", "", "\x07", "\\u0007"]


def back(graph, folder, form):
    files = write(graph, folder / f"town.{form}")
    if len(files) == 1:
        return read(files[0].name, lambda: files[0].open("rb"))
    nodes, edges = files
    network = read(edges.name, lambda: edges.open("rb"))
    if form == "csv":
        people, unread = read_people(nodes.name, lambda: nodes.open("rb"))
        assert not unread
        return network.__class__(with_people(network.graph, people), network.unread, network.notes)
    return network


def ties(graph):
    """Ties by ids with all that is known of them."""
    columns = [graph.weights, graph.signs, graph.first_at, graph.last_at]
    values = zip(*(array.tolist() if array is not None else [None] * graph.n_arcs for array in columns))
    values = [tuple(None if value == NO_TIME else value for value in each) for each in values]
    return {(graph.id_of(a), graph.id_of(int(b))): each for a, b, each in zip(sources_of(graph), graph.targets, values)}


@st.composite
def networks(draw, ids):
    names = draw(st.lists(ids, min_size=1, max_size=8, unique=True))
    node = st.integers(0, len(names) - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=12))
    k = len(pairs)

    def maybe(values, kind):
        return np.array(draw(st.lists(values, min_size=k, max_size=k)), kind) if draw(st.booleans()) else None

    first = maybe(st.sampled_from([NO_TIME, 0, 1_700_000_000_123_456, 951_782_400_000_000]), np.int64)
    return from_pairs(
        [a for a, _ in pairs],
        [b for _, b in pairs],
        directed=draw(st.booleans()),
        ids=names,
        weights=maybe(st.integers(-5, 5) | st.floats(-10, 10).filter(lambda x: x == 0 or abs(x) > 1e-9), np.float64),
        signs=maybe(st.integers(-1, 1), np.int8),
        at=first,
        last_at=None if first is None else np.where(first == NO_TIME, NO_TIME, first + 1_000_001),
    )


@pytest.mark.parametrize("form", FORMS)
def test_comes_back_the_same(form, tmp_path):
    @settings(max_examples=60)
    @given(networks(st.sampled_from(WEIRD) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)))
    def compare(graph):
        network = back(graph, tmp_path, form)
        assert not [u for u in network.unread if u.kind != "skipped"]
        again = network.graph
        if graph.n_arcs:
            assert again.directed == graph.directed
        assert ties(again) == ties(graph)
        if form != "parquet":
            assert sorted(again.ids) == sorted(legal_ids(graph.ids))

    compare()


@pytest.mark.parametrize("form", FORMS)
def test_characters_that_files_can_not_hold_are_replaced_by_the_rule(form, tmp_path):
    ids = [*ILLEGAL, *WEIRD]
    n = len(ids)
    graph = from_pairs(range(n), [(k + 1) % n for k in range(n)], directed=True, ids=ids)
    assert list(dict.fromkeys(legal_ids(ids))) == legal_ids(ids)
    assert legal("bell\x07") == "bell\\u0007"
    assert legal_ids(["\x07", "\\u0007", ""]) == ["\\u0007", "\\u0007~2", "(empty)"]
    again = back(graph, tmp_path, form)
    assert not again.unread
    written = legal_ids(ids)
    assert set(ties(again.graph)) == {(written[k], written[(k + 1) % n]) for k in range(n)}


def labelled(directed=True):
    at = np.array([1_700_000_000_000_000, NO_TIME, 1_600_000_000_000_000, 1_500_000_000_000_000], np.int64)
    return from_pairs(
        [0, 1, 2, 3],
        [1, 2, 0, 0],
        directed=directed,
        ids=['an "a"', "b,\nc", "🌻 <&>", "d", "alone"],
        weights=np.array([1.5, 2, 3, 4]),
        signs=np.array([1, -1, 1, 0], np.int8),
        at=at,
        labels={
            "label": np.array(["Anna", "Bob & Co", None, "De\nVries", "Eve"], np.object_),
            "side": np.array(["yes", "no", None, "yes", "no"], np.object_),
            "age": np.array([30, None, 41, 52, 63], np.object_),
            "share": np.array([0.5, 1.25, None, 2.0, -1.0], np.object_),
            "member": np.array([True, False, None, True, True], np.object_),
        },
    )


@pytest.mark.parametrize("form", ["gexf", "graphml"])
@pytest.mark.parametrize("directed", [True, False])
def test_attributes_come_back_with_their_types(form, directed, tmp_path):
    graph = labelled(directed)
    again = back(graph, tmp_path, form).graph
    assert ties(again) == ties(graph)
    row = {id: k for k, id in enumerate(again.ids)}
    for name, values in graph.labels.items():
        for id, value in zip(graph.ids, values):
            expected = id if name == "label" and value is None else value
            assert again.labels[name][row[id]] == expected
            assert type(again.labels[name][row[id]]) is type(expected)


def test_csv_is_what_gephi_expects(tmp_path):
    nodes, edges = write(labelled(), tmp_path / "town.csv")
    assert nodes.read_text().splitlines()[0] == "Id,Label,side,age,share,member"
    assert edges.read_text().splitlines()[:2] == [
        "Source,Target,Type,Weight,Sign,First,Last",
        '"an ""a""","b,',
    ]
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("directed", [True, False])
def test_networkx_reads_gexf_and_graphml(directed, tmp_path):
    graph = labelled(directed)
    for form, reader in (("gexf", networkx.read_gexf), ("graphml", networkx.read_graphml)):
        [file] = write(graph, tmp_path / f"town.{form}")
        other = reader(file)
        assert other.is_directed() == directed
        assert set(other.nodes) == set(graph.ids)
        weight = {(a, b): data["weight"] for a, b, data in other.edges(data=True)}
        for (a, b), (value, *_) in ties(graph).items():
            assert weight.get((a, b), weight.get((b, a))) == value
        assert other.nodes["d"]["age"] == 52
        assert other.nodes["d"]["label"] == "De\nVries"
        assert other.nodes["b,\nc"]["member"] is False


def test_igraph_reads_graphml(tmp_path):
    graph = labelled()
    [file] = write(graph, tmp_path / "town.graphml")
    other = igraph.Graph.Read_GraphML(str(file))
    names = [name.replace("&#38;", "&") for name in other.vs["id"]]  # igraph leaves this entity as it stands in an attribute
    assert set(names) == set(graph.ids)
    assert {(names[e.source], names[e.target]): e["weight"] for e in other.es} == {pair: each[0] for pair, each in ties(graph).items()}


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize(
    ("form", "writer"),
    [
        ("gexf", lambda g, file: networkx.write_gexf(g, file)),
        ("graphml", lambda g, file: networkx.write_graphml(g, file)),
        ("gml", lambda g, file: networkx.write_gml(g, file)),
        ("txt", lambda g, file: networkx.write_weighted_edgelist(g, file, delimiter="\t")),
    ],
)
def test_what_networkx_writes_is_read(form, writer, directed, tmp_path):
    other = networkx.les_miserables_graph()
    if directed:
        other = networkx.DiGraph((a, b, {"weight": d["weight"]}) for a, b, d in other.edges(data=True))
    file = tmp_path / f"x.{form}"
    writer(other, file)
    graph = read(file.name, lambda: file.open("rb"), directed=directed if form == "txt" else None).graph
    assert graph.directed == directed
    name = graph.labels["label"] if form == "gml" else list(graph.ids)
    got = {(name[a], name[int(b)]): w for a, b, w in zip(sources_of(graph), graph.targets, graph.weights)}
    expected = {(a, b): float(d["weight"]) for a, b, d in other.edges(data=True)}
    assert got == expected if directed else got == expected | {(b, a): w for (a, b), w in expected.items()}


@pytest.mark.parametrize("form", ["graphml", "gml", "ncol", "edgelist"])
def test_what_igraph_writes_is_read(form, tmp_path):
    other = igraph.Graph.Barabasi(60, 3)
    other.vs["name"] = [f"p{k}" for k in range(60)]
    other.es["weight"] = [float(k % 7 + 1) for k in range(other.ecount())]
    file = tmp_path / f"x.{form}"
    getattr(other, f"write_{form}")(str(file))
    graph = read(file.name, lambda: file.open("rb"), directed=False).graph
    assert (graph.n, graph.n_ties) == (60, other.ecount())
    if form != "edgelist":
        assert graph.weights.sum() == 2 * sum(other.es["weight"])


def test_a_stream_that_can_not_go_back_is_read_too(tmp_path):
    class Forward(io.RawIOBase):
        def __init__(self, data):
            self.data = io.BytesIO(data)

        def readable(self):
            return True

        def readinto(self, buffer):
            return self.data.readinto(memoryview(buffer)[:1000])

    _, edges = write(labelled(), tmp_path / "town.parquet")
    network = read("town.parquet", lambda: io.BufferedReader(Forward(edges.read_bytes())))
    assert ties(network.graph) == ties(labelled())
