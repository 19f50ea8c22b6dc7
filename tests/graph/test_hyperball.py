"""HyperBall: registers against a plain twin to the bit, sizes and witnesses against search, equal bits whatever the threads and the processor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph.build import from_pairs, transpose
from kring.graph.hyperball import Counters, balls, error_of_one
from kring.graph.watch import listening
from measures.made import graphs, random_graph, woven


def steps(graph, start):
    near, found, level = {start}, {start: 0}, 0
    while near:
        level += 1
        near = {int(b) for a in near for b in graph.targets[graph.offsets[a] : graph.offsets[a + 1]]} - set(found)
        found.update(dict.fromkeys(near, level))
    return found


def same(one, other):
    assert one.pairs == other.pairs
    assert one.witnesses.tolist() == other.witnesses.tolist()
    assert one.from_witness.tolist() == other.from_witness.tolist()
    assert all((one.within[t] == other.within[t]).all() for t in one.within)


@given(graphs(), st.integers(0, 5), st.sampled_from([16, 64]))
def test_threads_memory_and_processor_change_no_bit(graph, seed, registers):
    one = balls(graph, seed=seed, registers=registers, keep=(0, 1, 2, 9), threads=1)
    same(one, balls(graph, seed=seed, registers=registers, keep=(0, 1, 2, 9), threads=3))
    same(one, balls(graph, seed=seed, registers=registers, keep=(0, 1, 2, 9), portable=True))
    same(one, balls(graph, seed=seed, registers=registers, keep=(0, 1, 2, 9), back=transpose(graph)))
    used = Counters.of(graph.n, registers)
    used.now[:], used.then[:] = 77, 78
    same(one, balls(graph, seed=seed, registers=registers, keep=(0, 1, 2, 9), counters=used))


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("n", [63, 64, 65, 1000])
def test_every_way_of_doing_a_round_gives_the_same(directed, n, monkeypatch):
    graph = random_graph(n, 4 * n, seed=n, directed=directed)
    runs = []
    for tested, pushed in ((2.0, -1.0), (-1.0, 2.0), (2.0, 2.0), (-1.0, -1.0), (0.6, 0.25)):
        monkeypatch.setattr("kring.graph.hyperball.TESTED", 1 - tested)
        monkeypatch.setattr("kring.graph.hyperball.PUSHED", pushed)
        runs.append(balls(graph, seed=3, keep=(1, 2, 3), back=transpose(graph)))
    assert len({mode for run in runs for mode in run.modes}) == 3
    for run in runs[1:]:
        same(runs[0], run)


@given(graphs(), st.integers(0, 5))
def test_witnesses_see_what_a_search_sees(graph, seed):
    found = balls(graph, seed=seed)
    back = transpose(graph)
    for witness, counts in zip(found.witnesses.tolist(), found.from_witness.tolist()):
        levels = list(steps(back, witness).values())
        assert counts == [levels.count(t) for t in range(len(counts))]
        assert sum(counts) == len(levels)


def test_only_pairs_inside_count_and_only_those_are_witnesses():
    graph = woven([(0, 1), (1, 2), *((k, k + 1) for k in range(10, 40))], 50, False)
    inside = np.zeros(50, np.bool_)
    inside[10:41] = True
    found = balls(graph, inside=inside)
    assert found.pairs[0] == 31
    assert found.pairs[1] == 31 + 2 * 30
    assert set(found.witnesses.tolist()) <= set(range(10, 41))
    assert set(found.from_witness.sum(axis=1).tolist()) == {31}


def test_sizes_are_right_within_their_error():
    graph = random_graph(2000, 6000, seed=1, directed=False)
    exact = np.array([len(steps(graph, node)) for node in range(0, 2000, 50)])
    near = np.array([sum(level <= 2 for level in steps(graph, node).values()) for node in range(0, 2000, 50)])
    found = [balls(graph, seed=seed, keep=(2, 99)) for seed in range(60)]
    for size, t in ((near, 2), (exact, 99)):
        off = np.array([run.within[t][::50] / size - 1 for run in found])
        assert abs(off.mean()) < 3 * error_of_one() / 60**0.5  # the runs, not the people, are independent
        assert 0.7 < off.std() / error_of_one() < 1.3


def test_small_sets_and_large_ones_are_not_overestimated():
    size = 40
    graph = woven([(k, j) for k in range(0, 4000, size) for j in range(k + 1, k + size)], 4000, False)  # a hundred stars
    found = [balls(graph, seed=seed, keep=(0, 2)).within for seed in range(30)]
    for t, truth in ((0, 1), (2, size)):
        sizes = np.array([run[t][::size] for run in found])
        assert abs(sizes.mean() / truth - 1) < 0.004, t  # 0.008 and 0.012 without what is taken away


def test_two_seeds_have_nothing_in_common():
    graph = random_graph(5000, 5000, seed=1, directed=False)
    one, other = (set(balls(graph, seed=seed).witnesses.tolist()) for seed in (0, 1))
    assert len(one & other) < 5


def test_nobody_and_nothing():
    assert balls(from_pairs([], [], directed=False, n=0)).pairs == (0.0,)
    alone = balls(from_pairs([], [], directed=True, n=3))
    assert alone.pairs == (3.0,)
    assert alone.modes == ()


def test_a_number_of_registers_that_cannot_be():
    graph = from_pairs([0], [1], directed=False)
    for registers in (0, 8, 63, 2048):
        with pytest.raises(GraphError):
            balls(graph, registers=registers)


def test_it_tells_how_far_it_is_and_can_be_stopped():
    class Enough(Exception):
        pass

    def stop(what, done, total):
        assert "round" in what
        raise Enough

    with pytest.raises(Enough), listening(stop):
        balls(random_graph(500, 2000, seed=1, directed=False))
