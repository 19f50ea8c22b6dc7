"""Who is around a team, whom each member alone reaches, and whom to choose: against sets, igraph, and every choice there is."""

from itertools import combinations
from math import e

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph import alone as alones
from kring.graph import around as arounds
from kring.graph import cover, search
from kring.graph import ways as module
from kring.graph.alone import alone
from kring.graph.around import around
from kring.graph.bits import arcs_of, has, none_of, size, these
from kring.graph.build import from_pairs, transpose
from kring.graph.cover import best, each_alone
from kring.graph.watch import listening
from kring.graph.ways import ways
from measures import naive
from measures.made import arcs, graphs, random_graph, woven

STEPS = 3


@pytest.fixture(
    params=["as it falls", "walking on", "looking back", "known by where they begin", "known by where they end"], scope="module"
)
def way(request):
    """Each way of stepping by itself, on several threads however small the network is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "THIN", 0)
        for room in (arounds, alones, search):
            patch.setattr(room, "BROAD", {"walking on": 0, "looking back": 10**9}.get(request.param, room.BROAD))
        if "known" in request.param:
            patch.setattr(module, "TURNED", -1)
        yield request.param


def ways_in(graph, way):
    """The ways along the arcs; known from their ends if that is asked."""
    return ways(transpose(graph), against=True) if way == "known by where they end" else ways(graph)


def sets(graph, team, steps=STEPS):
    """For each step and member the people outside the team whom he reaches."""
    near = naive.neighbours(graph, directed=True)
    found = [naive.steps_from(near, member) for member in team]
    return [[{node for node, d in each.items() if d <= step and node not in team} for each in found] for step in range(1, steps + 1)]


teams = st.lists(st.integers(0, 11), max_size=5, unique=True)


def in_it(graph, team):
    return np.array([member for member in team if member < graph.n], np.int64)


@given(graphs(), teams)
def test_the_union_and_each_ones_own_part(way, graph, team):
    team = in_it(graph, team)
    reached = sets(graph, team.tolist())
    union = [len(set().union(*members)) for members in reached]
    only = [
        [len(mine - set().union(*(other for k, other in enumerate(members) if k != m))) for m, mine in enumerate(members)]
        for members in reached
    ]
    found = around(ways_in(graph, way), team, STEPS)
    assert np.cumsum(found.found).tolist() == union
    assert size(found.reached) == union[-1] + len(team)
    got = alone(ways_in(graph, way), team, STEPS)
    assert got.reached.tolist() == union
    assert got.alone.tolist() == only


@given(graphs(), teams, st.booleans())
def test_each_by_itself(way, graph, team, few):
    team = in_it(graph, team)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "FEW", 100 if few else -1)
        found = each_alone(ways_in(graph, way), team, STEPS, these(team, graph.n))
    assert found.tolist() == [[len(mine) for mine in members] for members in sets(graph, team.tolist())]


def greedy(reached, k):
    """Whoever adds most, each counted anew every time."""
    covered, chosen, gains = set(), [], []
    while len(chosen) < k:
        gain, _, node = max(((len(mine - covered), -place, node) for place, (node, mine) in enumerate(reached.items())), default=(0, 0, 0))
        if not gain:
            break
        chosen.append(node)
        gains.append(gain)
        covered |= reached[node]
    return tuple(chosen), tuple(gains)


@given(graphs(), teams, st.integers(1, 4), st.integers(1, 3))
def test_the_best_few_as_when_each_is_counted_every_time_and_within_the_guarantee(way, graph, willing, k, steps):
    willing = in_it(graph, willing)
    reached = dict(zip(willing.tolist(), sets(graph, willing.tolist(), steps)[-1]))
    got = best(ways_in(graph, way), willing[:0], willing, k, steps)
    assert (got.nodes, got.gains) == greedy(reached, k)
    most = max(len(set().union(*some)) for some in combinations([*reached.values(), *[set()] * k], k))
    assert sum(got.gains) >= (1 - 1 / e) * most
    assert sum(got.gains) <= most <= got.at_most


def test_the_best_add_to_those_who_are_in_already(way):
    """0 reaches 10 … 19; 1 the same and 20; 2 reaches 30 and 31: who has 0 needs 2 first."""
    pairs = [(0, k) for k in range(10, 20)] + [(1, k) for k in range(10, 21)] + [(2, 30), (2, 31), (2, 0), (2, 1)]
    found = ways_in(woven(pairs, 40, True), way)
    assert best(found, np.array([0]), np.array([1, 2]), 2, 1).nodes == (2, 1)
    assert best(found, np.array([0]), np.array([1, 2]), 2, 1).gains == (2, 1)
    assert best(found, np.array([], np.int64), np.array([1, 2]), 2, 1).gains == (11, 3)
    assert best(found, np.array([0]), np.array([1]), 5, 1).gains == (1,)
    assert best(found, np.array([1]), np.array([0]), 5, 1).nodes == ()


def hubs(n, m, seed, directed):
    draw = np.random.default_rng(seed)
    return from_pairs((draw.random(m) ** 4 * n).astype(int), draw.integers(0, n * 9 // 10, m), n=n, directed=directed)


@pytest.mark.parametrize("directed", [True, False])
def test_hubs_and_islands_and_a_large_team_whatever_the_threads(way, directed):
    graph = hubs(3000, 9000, 1, directed)
    team = np.random.default_rng(2).permutation(graph.n)[:700]
    found = ways_in(graph, way)
    one, two = (around(found, team, STEPS, threads=threads) for threads in (1, 2))
    a, b = (alone(found, team, STEPS, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.found, two.found)
    assert np.array_equal(one.reached, two.reached)
    assert np.array_equal(a.reached, b.reached)
    assert np.array_equal(a.alone, b.alone)
    other, them = igraph.Graph(n=graph.n, edges=arcs(graph), directed=directed), set(team.tolist())
    reached = [[set(mine) - them for mine in other.neighborhood(team.tolist(), step, "out")] for step in range(1, STEPS + 1)]
    assert a.reached.tolist() == np.cumsum(one.found).tolist() == [len(set().union(*members)) for members in reached]
    times = [np.bincount([node for mine in members for node in mine], minlength=graph.n) for members in reached]
    assert a.alone.tolist() == [[int((t[list(mine)] == 1).sum()) for mine in members] for t, members in zip(times, reached)]
    chosen = [best(found, team[:5], team[5:60], 12, 2, threads=threads) for threads in (1, 2)]
    assert (chosen[0].nodes, chosen[0].gains, chosen[0].at_most) == (chosen[1].nodes, chosen[1].gains, chosen[1].at_most)


def test_it_tells_and_can_be_stopped():
    graph = random_graph(300, 900, seed=1)
    team = np.arange(20)
    heard = []
    with listening(lambda *what: heard.append(what)):
        around(ways(graph), team, STEPS, what="around")
        alone(ways(graph), team, STEPS, what="alone")
        best(ways(graph), team[:0], team, 2, 1, what="best")
    assert heard[:6] == [("around", k, 3) for k in (1, 2, 3)] + [("alone", k, 3) for k in (1, 2, 3)]
    assert heard[6:] == [("best, from 1 on", 1, None), ("best", 20, 20), ("best", 1, 2), ("best", 2, 2)]

    def stop(*_):
        raise TimeoutError

    for work in (around, alone):
        with pytest.raises(TimeoutError), listening(stop):
            work(ways(graph), team, STEPS, what="work")


def test_nodes_that_are_not_there_or_there_twice_are_refused():
    found = ways(random_graph(100, 300, seed=1))
    for nodes in ([100], [3, -1], [10**9]):
        for work in (around, alone):
            with pytest.raises(GraphError, match="no node"):
                work(found, np.array(nodes), STEPS)
        with pytest.raises(GraphError, match="no node"):
            search.levels(found, np.array(nodes))
    with pytest.raises(GraphError, match="twice"):
        alone(found, np.array([3, 8, 3]), STEPS)


@given(st.sets(st.integers(0, 199)), st.integers(200, 260))
def test_sets_of_nodes(nodes, n):
    nodes = np.array(sorted(nodes), np.int64)
    bits = these(np.repeat(nodes, 2), n)
    assert size(bits) == len(nodes)
    assert [node for node in range(n) if has(bits, node)] == nodes.tolist()
    assert not none_of(n).any()
    offsets = np.concatenate(([0], np.cumsum(np.arange(n) % 7)))
    assert arcs_of(offsets, bits) == sum(node % 7 for node in nodes.tolist())
