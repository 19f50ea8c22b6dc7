"""Search from many at once: against the obvious way and igraph, equal bits whatever the threads, each way of stepping by itself."""

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from kring.errors import GraphError
from kring.graph import search
from kring.graph import ways as module
from kring.graph.bitlines import PLANES, WORDS, emptied, lines, load, tally
from kring.graph.bits import these
from kring.graph.build import degrees, from_pairs, transpose, undirected
from kring.graph.files import read
from kring.graph.search import levels
from kring.graph.watch import listening
from kring.graph.ways import ways
from measures import naive
from measures.made import arcs, graphs, random_graph, woven
from shared_data import shared


@njit
def tally_all(planes, some):
    for row in range(len(some)):
        tally(planes, load(some, row))


def searched(graph, sources, **more):
    return levels(ways(graph), np.array(sources, np.int64), **more)


def by_hand(graph, sources):
    near = naive.neighbours(graph, directed=True)
    steps = [naive.steps_from(near, source) for source in sources]
    longest = max((max(found.values()) for found in steps), default=0)
    return [[sum(d == level for d in found.values()) for found in steps] for level in range(1, longest + 1)]


def with_igraph(graph, sources):
    other = igraph.Graph(n=graph.n, edges=arcs(graph), directed=True)
    steps = np.array(other.distances(source=sources, mode="out"))
    longest = int(steps[np.isfinite(steps)].max())
    return [(steps == level).sum(axis=1).tolist() for level in range(1, longest + 1)]


BROAD = {"as it falls": search.BROAD, "pushing": 0, "pulling": 10**9}


@pytest.fixture(params=BROAD, scope="module")
def way(request):
    """Each way of stepping by itself, on several threads however small the network is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "BROAD", BROAD[request.param])
        patch.setattr(module, "THIN", 0)
        yield request.param


@given(graphs(), st.data())
def test_twin(way, graph, data):
    sources = data.draw(st.lists(st.integers(0, graph.n - 1), max_size=20)) if graph.n else []
    found = searched(graph, sources).found
    assert found.tolist() == by_hand(graph, sources)
    assert found.shape[1] == len(sources)


def hubs(n, m, seed, directed):
    """A few nodes have most of the ties; some have none."""
    draw = np.random.default_rng(seed)
    return from_pairs((draw.random(m) ** 4 * n).astype(int), draw.integers(0, n * 9 // 10, m), n=n, directed=directed)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_hubs_and_islands_as_igraph_finds_them_whatever_the_threads(way, seed, directed):
    graph = hubs(1500, 9000, seed, directed)
    sources = np.random.default_rng(seed).integers(0, graph.n, 512)
    sources[:3] = int(np.argmax(degrees(graph)))
    one, two, five = (searched(graph, sources, threads=threads) for threads in (1, 2, 5))
    assert one.found.tolist() == with_igraph(graph, sources.tolist())
    assert np.array_equal(one.found, two.found)
    assert np.array_equal(one.found, five.found)
    assert one.walked == two.walked == five.walked


@pytest.mark.parametrize("directed", [True, False])
def test_a_chain_of_300(way, directed):
    chain = woven([(k, k + 1) for k in range(299)], 300, directed)
    found = searched(chain, [0, 299, 0, 150]).found
    assert found[:, 0].tolist() == found[:, 2].tolist() == [1] * 299
    assert found[:, 1].tolist() == [0 if directed else 1] * 299
    assert found[:, 3].tolist() == [1 if directed else 2] * 149 + ([0] * 150 if directed else [1] + [0] * 149)


@pytest.mark.parametrize("name", ["CollegeMsg.txt", "soc-sign-bitcoinalpha.csv", "power.graph", "jazz.graph", "PGPgiantcompo.graph"])
@pytest.mark.parametrize("directed", [True, False])
def test_public_networks_as_igraph_finds_them(name, directed):
    path = shared("networks", name)
    graph = read(name, lambda: path.open("rb")).graph
    graph = graph if directed else undirected(graph)
    sources = np.random.default_rng(4).permutation(graph.n)[:512]
    assert searched(graph, sources).found.tolist() == with_igraph(graph, sources.tolist())


def test_arcs_known_from_one_end_only_and_against_them(way, monkeypatch):
    graph = hubs(800, 4000, 3, True)
    turned = transpose(graph)
    sources = np.arange(0, 800, 7)
    whole = levels(ways(graph), sources).found
    assert np.array_equal(levels(ways(turned, against=True), sources).found, whole)
    monkeypatch.setattr(module, "TURNED", 0)
    assert (ways(graph).by, ways(turned, against=True).by) == ("out", "back")
    assert np.array_equal(levels(ways(graph), sources).found, whole)
    assert np.array_equal(levels(ways(turned, against=True), sources).found, whole)
    assert np.array_equal(levels(ways(graph, directed=False), sources).found, levels(ways(undirected(graph)), sources).found)


def test_some_are_gone_through_and_not_counted(way):
    graph = hubs(800, 4000, 5, True)
    sources, out = np.arange(50), np.unique(np.arange(0, 800, 3) ** 2 % 800)
    steps = np.array(igraph.Graph(n=graph.n, edges=arcs(graph), directed=True).distances(source=sources.tolist(), mode="out"))
    steps[:, out] = 0
    found = levels(ways(graph), sources, uncounted=these(out, graph.n)).found
    assert found.tolist() == [(steps == level + 1).sum(axis=1).tolist() for level in range(len(found))]
    assert len(found) >= steps[np.isfinite(steps)].max()


def test_it_goes_no_further_than_asked(way):
    graph = random_graph(300, 700, seed=5)
    whole = searched(graph, range(100)).found
    for depth in (1, 2, 3, 50):
        assert np.array_equal(searched(graph, range(100), depth=depth).found, whole[:depth])


def test_those_who_reach_nobody_make_nobody_wait(way):
    """Sources on islands stop walking: from then on, nodes that the others have seen are not asked again."""
    ring = [(k, (k + 1) % 200) for k in range(200)]
    graph = woven([*ring, (200, 201)], 300, False)
    alone = searched(graph, [0])
    among = searched(graph, [0, 200, 250, 299])
    assert np.array_equal(among.found[:, :1], alone.found)
    assert among.found[:, 1].sum() == 1
    assert among.found[:, 2:].sum() == 0
    assert among.walked <= alone.walked + 600
    assert alone.walked < 0.6 * graph.n_arcs * len(alone.found)


def test_it_tells_each_step_and_a_listener_stops_it():
    chain = woven([(k, k + 1) for k in range(20)], 21, False)
    heard = []

    def hear(what, done, total):
        heard.append((what, done))
        if done == 7:
            raise TimeoutError

    with pytest.raises(TimeoutError), listening(hear):
        searched(chain, [0], what="searching")
    assert heard == [("searching", step) for step in range(1, 8)]


def test_it_tells_how_far_a_broad_step_is_and_a_listener_stops_it_there(monkeypatch):
    monkeypatch.setattr(module, "THIN", 0)
    monkeypatch.setattr(search, "BROAD", 10**9)
    heard = []

    def hear(what, done, total):
        heard.append(what)
        if what.endswith("step 2") and done * 2 >= total:
            raise TimeoutError

    with pytest.raises(TimeoutError), listening(hear):
        searched(random_graph(5000, 20000, seed=1), [0, 1], threads=1, what="searching")
    assert list(dict.fromkeys(heard)) == ["searching, step 1", "searching", "searching, step 2"]


def test_more_than_go_together_are_refused():
    with pytest.raises(GraphError, match="at most 512"):
        searched(woven([(0, 1)], 2, False), [0] * 513)


def test_tallies_of_more_than_a_plane_holds():
    draw = np.random.default_rng(1)
    some = lines(255)
    some[:] = draw.integers(0, 2**63, some.shape, dtype=np.uint64) & draw.integers(0, 2**63, some.shape, dtype=np.uint64)
    some[:, 3] = 2**64 - 1
    planes, counts = np.zeros((PLANES, WORDS), np.uint64), np.zeros(512, np.int64)
    for times in (1, 2):
        tally_all(planes, some)
        emptied(planes, counts)
        bits = np.unpackbits(some.view(np.uint8), axis=1, bitorder="little")
        assert counts.tolist() == (times * bits.sum(axis=0, dtype=int)).tolist()
        assert not planes.any()


def test_lines_begin_where_cache_lines_do():
    assert all(lines(n).ctypes.data % 64 == 0 and lines(n).shape == (n, 8) for n in (1, 5, 1000))
