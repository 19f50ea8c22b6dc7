"""The most that can flow, against a slow twin and igraph; and who is let in by it."""

import igraph
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.naive import graphs, woven
from kring.errors import GraphError
from kring.graph.admission import admitted, capacities, gain_at
from kring.graph.build import from_pairs, sources_of
from kring.graph.max_flow import pipes, push

FAR = 10**6


@st.composite
def plumbing(draw):
    n = draw(st.integers(2, 8))
    place = st.integers(0, n - 1)
    return n, draw(st.lists(st.tuples(place, place, st.integers(0, 4)), max_size=24))


def laid(n, given_pipes):
    tails, heads, holds = (np.array([pipe[k] for pipe in given_pipes], np.int64) for k in range(3))
    return pipes(n, tails, heads, holds)


def naive_flow(n, given_pipes, source, sink):
    """Ford and Fulkerson by depth-first search, one unit at a time."""
    room = {}
    for a, b, holds in given_pipes:
        room[a, b] = room.get((a, b), 0) + holds
        room.setdefault((b, a), 0)

    def led(node, seen):
        if node == sink:
            return True
        for other in range(n):
            if other not in seen and room.get((node, other), 0) > 0 and led(other, seen | {other}):
                room[node, other] -= 1
                room[other, node] = room.get((other, node), 0) + 1
                return True
        return False

    total = 0
    while led(source, {source}):
        total += 1
    return total


@given(plumbing())
def test_the_most_that_flows(case):
    n, given_pipes = case
    these = laid(n, given_pipes)
    assert push(these, 0, n - 1) == naive_flow(n, given_pipes, 0, n - 1)
    assert push(these, 0, n - 1) == 0
    flowed = these.room[these.back[these.place]]
    for place in range(1, n - 1):
        came = sum(f for f, (_, b, _) in zip(flowed, given_pipes) if b == place)
        went = sum(f for f, (a, _, _) in zip(flowed, given_pipes) if a == place)
        assert came == went
    assert all(0 <= f <= holds for f, (a, b, holds) in zip(flowed, given_pipes) if a != b)


def test_as_igraph_finds_it():
    draw = np.random.default_rng(3)
    n, m = 400, 4000
    a, b, holds = draw.integers(0, n, m), draw.integers(0, n, m), draw.integers(1, 50, m)
    peer = igraph.Graph(n, list(zip(a.tolist(), b.tolist())), directed=True)
    assert push(pipes(n, a, b, holds), 0, 1) == peer.maxflow(0, 1, holds.tolist()).value


def test_a_pipe_holds_no_less_than_nothing():
    with pytest.raises(GraphError):
        pipes(2, np.array([0]), np.array([1]), np.array([-1]))


# ---- who is let in ------------------------------------------------------------------------------------------------------------------------


def naive_admitted(graph, seeds, room):
    """How many are let in: the most that flows when each person is two places with a pipe between them."""
    steps = admitted(graph, seeds, room).steps
    n = graph.n
    these = [(2 * n, seed, int(room[0])) for seed in seeds.tolist()]
    for v in range(n):
        if 0 <= steps[v] < len(room):
            these += [(v, n + v, int(room[steps[v]]) - 1), (v, 2 * n + 1, 1)]
    these += [(n + int(a), int(b), FAR) for a, b in zip(sources_of(graph), graph.targets)]
    return naive_flow(2 * n + 2, these, 2 * n, 2 * n + 1)


@given(graphs(directed=True), st.data())
@settings(max_examples=50)
def test_as_many_as_can_be_are_let_in(graph, data):
    if graph.n == 0:
        return
    seeds = np.array(sorted(data.draw(st.sets(st.integers(0, graph.n - 1), min_size=1, max_size=3))), np.int64)
    room = capacities(data.draw(st.integers(1, 9)), data.draw(st.sampled_from([1.5, 2.0, 4.0])))
    found = admitted(graph, seeds, room)
    assert found.let_in.sum() == naive_admitted(graph, seeds, room)
    assert found.let_in[seeds].all()
    order = data.draw(st.permutations(range(graph.n)))
    place = np.array(order)
    again = from_pairs(place[sources_of(graph)], place[graph.targets], n=graph.n, directed=True)
    assert admitted(again, place[seeds], room).let_in.sum() == found.let_in.sum()


@st.composite
def attacks(draw):
    """Honest people, seeds among them, and any number of fakes that vouch in any way, also for the honest; few honest vouch for fakes."""
    honest, fakes = draw(st.integers(1, 12)), draw(st.integers(1, 25))
    real, fake = st.integers(0, honest - 1), st.integers(honest, honest + fakes - 1)
    among = draw(st.lists(st.tuples(real, real), max_size=40))
    if draw(st.booleans()):
        among += [(k, k + 1) for k in range(honest - 1)]
    plot = draw(st.lists(st.tuples(fake, st.one_of(fake, real)), max_size=60))
    if draw(st.booleans()):
        plot += [(a, b) for a in range(honest, honest + fakes) for b in range(honest, honest + fakes) if a != b]
    edges = draw(st.lists(st.tuples(real, fake), min_size=1, max_size=4, unique=True))
    seeds = np.array(sorted(draw(st.sets(real, min_size=1, max_size=2))), np.int64)
    return honest, honest + fakes, among, plot, edges, seeds


@given(attacks(), st.integers(1, 60), st.sampled_from([1.3, 2.0, 4.0]))
@settings(max_examples=300)
def test_fakes_gain_no_more_than_the_bound_says(attack, most, fall):
    honest, n, among, plot, edges, seeds = attack
    room = capacities(most, fall)
    before = admitted(woven(among, n, True), seeds, room)
    steps = {u: int(before.steps[u]) if before.steps[u] >= 0 else FAR for u, _ in edges}
    nearest = min(steps.values())
    bound = sum(gain_at(room, steps[u], edges=sum(a == u for a, _ in edges), nearest=nearest) for u in steps)
    after = admitted(woven(among + plot + edges, n, True), seeds, room)
    assert after.let_in[honest:].sum() <= bound


def test_the_bound_is_reached():
    """Somebody a step away who is misled many times gives all but 1 away; misled once, what the first fake can hold."""
    room = capacities(64, 4.0)
    many = admitted(woven([(0, 1)] + [(1, k) for k in range(2, 200)], 200, True), np.array([0]), room)
    assert many.let_in[2:].sum() == gain_at(room, 1, edges=198) == 15
    one = admitted(woven([(0, 1), (1, 2)] + [(2, k) for k in range(3, 200)], 201, True), np.array([0]), room)
    assert one.let_in[2:].sum() == gain_at(room, 1) == 4


def test_who_is_nearer_comes_first():
    graph = woven([(0, k) for k in range(1, 6)] + [(k, k + 10) for k in range(1, 6)], 16, True)
    found = admitted(graph, np.array([0]), np.array([7, 3, 1]))
    assert found.let_in[:6].all()
    assert found.let_in[11:].sum() == 1
    assert found.steps[11] == 2
    assert found.by[11] == 1


def test_capacities_fall_to_one():
    assert capacities(800, 4.0).tolist() == [800, 200, 50, 12, 3, 1]
    assert capacities(1, 4.0).tolist() == [1]


def test_fakes_that_bring_one_who_is_misled_nearer():
    """Somebody six steps away can bring in nobody; behind fakes whom somebody nearer vouches for, they stand three steps away."""
    honest = [(k, k + 1) for k in range(6)]
    room = capacities(800, 4.0)
    crowd = [(6, k) for k in range(20, 60)]
    graph = woven([*honest, (1, 10), (10, 6), *crowd], 60, True)
    found = admitted(graph, np.array([0]), room)
    gained = found.let_in[10] + found.let_in[20:].sum()
    assert found.steps[6] == 3
    assert gain_at(room, 6) == 0
    assert gain_at(room, 1, nearest=1) < gained + 40
    assert gained == 1 + 11 <= gain_at(room, 1) + gain_at(room, 6, edges=40, nearest=1)
    assert gained > gain_at(room, 6, edges=40)
