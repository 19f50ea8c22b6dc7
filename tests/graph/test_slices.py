"""Parts of a graph against filtering a list of ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.naive import arcs, random_graph, same, woven
from kring.errors import GraphError
from kring.graph import NO_TIME
from kring.graph.build import like, sources_of, transpose, undirected
from kring.graph.slices import in_time, labelled, of_kinds, subgraph

KINDS = ("follow", "like", "reply")


@st.composite
def full(draw, directed=None):
    """A small network with everything beside its ties, as it is and as a list of (a, b, weight, sign, first, last, kinds)."""
    directed = draw(st.booleans()) if directed is None else directed
    node = st.integers(0, 6)
    pairs = draw(st.lists(st.tuples(node, node), max_size=25))
    times = [sorted((draw(st.sampled_from([NO_TIME, 3, 7, 11])), draw(st.sampled_from([3, 7, 11])))) for _ in pairs]
    times = [[a, NO_TIME if a == NO_TIME else b] for a, b in times]
    graph = woven(
        pairs,
        7,
        directed,
        weights=np.array([draw(st.integers(1, 4)) for _ in pairs], np.float64),
        signs=np.array([draw(st.sampled_from([-1, 0, 1])) for _ in pairs], np.int8),
        at=np.array([a for a, _ in times], np.int64),
        last_at=np.array([b for _, b in times], np.int64),
        kinds=np.array([draw(st.integers(0, 7)) for _ in pairs], np.uint16),
        kind_names=KINDS,
        labels={"side": np.array(["a", None, "b", "a", "b", "c", "a"], object)},
    )
    return graph


def table(graph):
    """All there is of each arc."""
    beside = (graph.weights, graph.signs, graph.first_at, graph.last_at, graph.kinds)
    return {arc: tuple(array[k].item() for array in beside) for k, arc in enumerate(arcs(graph))}


def in_order(graph):
    return (np.diff(sources_of(graph).astype(np.int64) << 32 | graph.targets) > 0).all()


@given(full(), st.sampled_from([None, 3, 5, 7]), st.sampled_from([None, 5, 7, 11, 12]))
def test_the_ties_of_a_time(graph, since, until):
    def there(row):
        _, _, first, last, _ = row
        if since is None and until is None:
            return True
        return first != NO_TIME and (until is None or first < until) and (since is None or last >= since)

    part = in_time(graph, since, until)
    assert table(part) == {arc: row for arc, row in table(graph).items() if there(row)}
    assert part.n == graph.n


@given(full(), st.sets(st.sampled_from(KINDS), min_size=1))
def test_a_layer(graph, names):
    bits = sum(1 << KINDS.index(name) for name in names)
    expected = {arc: (*row[:4], row[4] & bits) for arc, row in table(graph).items() if row[4] & bits}
    assert table(of_kinds(graph, *names)) == expected


@given(full())
def test_kinds_of_merged_ties_are_all_their_kinds(graph):
    back = undirected(graph)
    for (a, b), row in table(back).items():
        ways = [table(graph)[arc] for arc in ((a, b), (b, a)) if arc in table(graph)]
        if not graph.directed:
            ways = ways[:1]
        known = [way[2] for way in ways if way[2] != NO_TIME]
        assert row[0] == sum(way[0] for way in ways)
        assert row[1] == np.sign(sum(way[1] for way in ways))
        assert row[2] == (min(known) if known else NO_TIME)
        assert row[3] == max(way[3] for way in ways)
        assert row[4] == np.bitwise_or.reduce([way[4] for way in ways])
    assert in_order(back)


@given(full(directed=True))
def test_turned_round_all_stays_with_its_tie(graph):
    turned = transpose(graph)
    assert table(turned) == {(b, a): row for (a, b), row in table(graph).items()}
    assert in_order(turned)


@given(full(), st.sets(st.sampled_from(["a", "b", "c"]), min_size=1))
def test_the_people_with_a_label(graph, values):
    nodes = labelled(graph, "side", *values)
    chosen = [node for node, value in enumerate(["a", None, "b", "a", "b", "c", "a"]) if value in values]
    assert np.flatnonzero(nodes).tolist() == chosen
    part = subgraph(graph, nodes)
    assert list(part.ids) == [str(node) for node in chosen]
    assert list(part.labels["side"]) == [graph.labels["side"][node] for node in chosen]
    renamed = {(int(part.ids[a]), int(part.ids[b])): row for (a, b), row in table(part).items()}
    assert renamed == {arc: row for arc, row in table(graph).items() if set(arc) <= set(chosen)}


def test_ids_of_a_part_of_a_part():
    graph = woven([(0, 1), (1, 2), (2, 3)], 4, True, ids=["a", "b", "c", "d"])
    part = subgraph(subgraph(graph, np.array([False, True, True, True])), np.array([False, True, True]))
    assert list(part.ids) == ["c", "d"]
    assert list(part.ids[1:]) == ["d"]
    assert (part.id_of(0), arcs(part)) == ("c", [(0, 1)])


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_whatever_the_threads(threads):
    draw = np.random.default_rng(5)
    graph = random_graph(3000, 200_000, 5, True, weights=draw.random(200_000))
    assert same(transpose(graph, threads=threads), transpose(graph, threads=1))
    assert arcs(transpose(graph, threads=threads)) == sorted((b, a) for a, b in arcs(graph))
    assert same(undirected(graph, threads=threads), undirected(graph, threads=1))
    nodes = draw.random(3000) < 0.5
    assert same(subgraph(graph, nodes, threads=threads), subgraph(graph, nodes, threads=1))


def test_what_is_not_there_is_refused():
    bare = woven([(0, 1)], 2, True)
    for ask in (lambda: in_time(bare, 3), lambda: of_kinds(bare, "follow"), lambda: labelled(bare, "side", "a")):
        with pytest.raises(GraphError):
            ask()
    layered = like(bare, kinds=np.ones(1, np.uint16), kind_names=("follow",))
    with pytest.raises(GraphError, match="likes"):
        of_kinds(layered, "likes")
    with pytest.raises(GraphError, match="kinds"):
        woven([(0, 1)], 2, True, kind_names=tuple("abcdefghijklmnopq"))
