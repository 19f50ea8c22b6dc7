"""Building through memory and through the disk, against `from_pairs`; builds that are killed go on and never leave half a graph."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph import folder
from kring.graph.build import from_pairs, sources_of
from kring.graph.folder import Manifest
from kring.graph.numbering import Settled, Whole, Words
from kring.graph.watch import listening
from kring.graph.weaving import Read, weave

PLENTY = 1 << 30
HUGE = st.sampled_from([-(2**63), -(2**62), -7, 0, 3, 2**16 - 1, 2**16, 2**31, 2**32, 2**32 + 1, 2**63 - 1])
IDS = st.one_of(st.integers(0, 9), st.just(0), HUGE)
PAIRS = st.lists(st.tuples(IDS, IDS), max_size=60)
WAYS = {"in memory": {"memory": PLENTY}, "on disk": {"memory": 0, "part": 7}, "in parts of one": {"memory": 0, "part": 1}}


def built(path, ends, ties, *, memory=PLENTY, part=0, threads=0, times=True, cuts=1, numbering=None):
    """A graph folder of these pairs of numbers or words."""
    words = len(ends) > 0 and isinstance(ends[0][0], str)

    def read(kept):
        number = numbering or (Words() if words else Whole(1 << 20))
        for piece in np.array_split(np.arange(len(ends)), cuts):
            some = [ends[k] for k in piece]
            if words:
                kept.add(number.number_all([word for pair in some for word in pair]).reshape(-1, 2))
            else:
                kept.add(number.provisional(np.array(some, np.int64).reshape(-1, 2)))
        return Read(number.settled(), ties, Manifest())

    weave(path, "a test", read, times=times, memory=memory, threads=threads, part=part)
    return folder.open(path)


def expected(ends, ties):
    ids = sorted({end for pair in ends for end in pair})
    number = {id: k for k, id in enumerate(ids)}
    source, target = ([number[pair[side]] for pair in ends] for side in (0, 1))
    if ties != "mutual":
        graph = from_pairs(source, target, n=len(ids), directed=ties == "directed")
        return ids, graph
    both = [(a, b) for a, b in set(zip(source, target)) if (b, a) in set(zip(source, target)) and a != b]
    return ids, from_pairs([a for a, _ in both], [b for _, b in both], n=len(ids), directed=True)


def equal(graph, ids, wanted, ties, *, weights=True):
    assert graph.offsets.tolist() == wanted.offsets.tolist()
    assert graph.targets.tolist() == wanted.targets.tolist()
    assert [graph.id_of(node) for node in range(graph.n)] == [str(id) for id in ids]
    if ties != "mutual":
        assert (graph.n_loops, graph.n_duplicates) == (wanted.n_loops, wanted.n_duplicates)
        assert graph.directed == wanted.directed
        if weights:
            assert (graph.weights is None) == (wanted.weights is None)
            assert wanted.weights is None or graph.weights.tolist() == wanted.weights.tolist()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ties", ["directed", "undirected", "mutual"])
@settings(max_examples=25)
@given(pairs=PAIRS, threads=st.sampled_from([1, 2]), cuts=st.integers(1, 4))
def test_every_way_gives_the_graph_of_from_pairs(tmp_path_factory, way, ties, pairs, threads, cuts):
    path = tmp_path_factory.mktemp("w") / "g"
    graph = built(path, pairs, ties, threads=threads, cuts=cuts, **WAYS[way])
    equal(graph, *expected(pairs, ties), ties)
    assert sorted(each.name for each in path.parent.iterdir()) == ["g"]


@settings(max_examples=25)
@given(pairs=st.lists(st.tuples(*[st.text("ab é\0", max_size=3)] * 2), min_size=1, max_size=40), cuts=st.integers(1, 4))
def test_words_are_nodes_in_the_order_in_which_they_come(tmp_path_factory, pairs, cuts):
    number = {}
    for pair in pairs:
        for word in pair:
            number.setdefault(word, len(number))
    wanted = from_pairs([number[a] for a, _ in pairs], [number[b] for _, b in pairs], n=len(number), directed=True)
    for way in WAYS.values():
        graph = built(tmp_path_factory.mktemp("w") / "g", pairs, "directed", cuts=cuts, **way)
        equal(graph, list(number), wanted, "directed")


@pytest.mark.parametrize("ties", ["directed", "undirected", "mutual"])
def test_many_pairs_with_a_hub_in_many_buckets(tmp_path, ties):
    draw = np.random.default_rng(3)
    n, m = 100_000, 400_000
    ends = np.stack([draw.integers(0, n, m), np.where(draw.random(m) < 0.3, 77, draw.integers(0, n, m))], axis=1)
    ends = np.concatenate((ends, ends[:1000, ::-1], ends[:500]))
    wanted = [built(tmp_path / name, ends, ties, **way) for name, way in (("a", {}), ("b", {"memory": 0, "part": 50_000, "threads": 1}))]
    ids = np.unique(ends)
    equal(wanted[1], ids, wanted[0], ties)
    source, target = np.searchsorted(ids, ends[:, 0]), np.searchsorted(ids, ends[:, 1])
    if ties == "mutual":
        keys = np.unique(source[source != target] * n + target[source != target])
        both = np.intersect1d(keys, keys % n * n + keys // n)
        assert (sources_of(wanted[0]).astype(np.int64) * n + wanted[0].targets).tolist() == both.tolist()
        assert len(both) >= 2000
    else:
        equal(wanted[0], ids, from_pairs(source, target, n=len(ids), directed=ties == "directed"), ties)


def test_weights_of_mutual_ties_count_both_ways(tmp_path):
    graph = built(tmp_path / "g", [(0, 1), (0, 1), (1, 0), (2, 3), (3, 2), (0, 2)], "mutual")
    assert graph.targets.tolist() == [1, 0, 3, 2]
    assert graph.weights.tolist() == [3, 3, 2, 2]


def test_weights_only_where_asked_for(tmp_path):
    assert built(tmp_path / "g", [(0, 1), (0, 1)], "directed", times=False).weights is None


def test_a_number_table_grows_and_low_numbers_come_between_negative_and_high():
    draw = np.random.default_rng(1)
    ends = np.concatenate((draw.integers(-(2**40), 2**40, (200_000, 2)), draw.integers(0, 1000, (1000, 2))))
    whole = Whole(1 << 20)
    given_numbers = np.concatenate([whole.provisional(part) for part in np.array_split(ends, 5)])
    settled = whole.settled()
    rank = settled.rank
    nodes = rank.node[np.where(given_numbers < rank.high, given_numbers, given_numbers.astype(np.int64) - rank.gap)]
    assert settled.ids.numbers.tolist() == np.unique(ends).tolist()
    assert (settled.ids.numbers[nodes] == ends).all()


def test_numbers_without_gaps_are_their_own_ids():
    whole = Whole(1 << 20)
    whole.provisional(np.array([[0, 2], [1, 1]]))
    assert whole.settled().ids is None
    assert Whole(1 << 20).settled() is not None
    assert Whole(1 << 20).settled().n == 0
    other = Whole(1 << 20)
    assert other.see(np.array([[0, 2]], np.uint32))
    assert other.settled().ids.numbers.tolist() == [0, 2]
    assert not other.see(np.array([[0, 2**31]], np.uint32))


# -- killed, stopped, in the way of each other

_CHILD = """
import sys, numpy as np
from pathlib import Path
from kring.graph import weaving
from kring.graph.folder import Manifest
from kring.graph.numbering import Whole
weaving._SAFE_S = 0.0
def read(kept):
    draw, number = np.random.default_rng(5), Whole(1 << 20)
    for _ in range(10):
        kept.add(number.provisional(draw.integers(0, 200_000, (50_000, 2))))
    return weaving.Read(number.settled(), "undirected", Manifest())
print("begins", flush=True)
weaving.weave(Path(sys.argv[1]), "a test", read, times=True, memory=0, threads=1, part=1 << 14)
"""


def test_a_build_killed_at_any_moment_goes_on_and_ends_the_same(tmp_path):
    def begin(path):
        process = subprocess.Popen([sys.executable, "-c", _CHILD, path], stdout=subprocess.PIPE, env=os.environ)
        process.stdout.readline()
        return process

    whole = begin(tmp_path / "whole")
    began = time.perf_counter()
    assert whole.wait() == 0
    takes = time.perf_counter() - began
    whole.stdout.close()
    wanted = folder.open(tmp_path / "whole")
    draw = random.Random(7)
    for k in range(2):
        path, kills = tmp_path / str(k), 0
        while True:
            process = begin(path)
            try:
                code = process.wait(draw.uniform(0, takes) if kills < 4 else None)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                assert not path.exists() or folder.open(path).n_arcs == wanted.n_arcs
            else:
                assert code == 0 or path.exists()
                break
            finally:
                process.stdout.close()
        graph = folder.open(path)
        for name in ("offsets", "targets", "weights"):
            assert np.array_equal(getattr(graph, name), getattr(wanted, name))
        assert (graph.n_loops, graph.n_duplicates) == (wanted.n_loops, wanted.n_duplicates)


def reading(kept):
    number = Whole(1 << 20)
    kept.add(number.provisional(np.arange(4000).reshape(-1, 2)))
    return Read(number.settled(), "directed", Manifest())


def test_it_goes_on_where_it_was_stopped_and_does_not_read_again(tmp_path):
    def stop(what, done, total):
        if what == "weaving" and done:
            raise KeyboardInterrupt

    read = []

    def counting(kept):
        read.append(1)
        return reading(kept)

    for request, times in (("a", 1), ("a", 1), ("b", 2)):
        with pytest.raises(KeyboardInterrupt), listening(stop):
            weave(tmp_path / "g", request, counting, memory=0, part=100)
        assert len(read) == times
    assert not (tmp_path / "g").exists()
    weave(tmp_path / "g", "b", counting, memory=0, part=100)
    assert len(read) == 2
    assert folder.open(tmp_path / "g").n_arcs == 2000
    assert [each.name for each in tmp_path.iterdir()] == ["g"]


def test_two_builds_of_one_graph_do_not_meet(tmp_path):
    pytest.importorskip("fcntl")

    def read(kept):
        with pytest.raises(GraphError, match="Another program"):
            weave(tmp_path / "g", "other", reading, memory=PLENTY)
        return reading(kept)

    weave(tmp_path / "g", "one", read, memory=PLENTY)
    assert folder.open(tmp_path / "g").n_arcs == 2000


def test_a_full_disk_is_said_and_what_was_done_is_kept(tmp_path, monkeypatch):
    from kring.graph import weaving

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(weaving, "write_array", full)
        with pytest.raises(GraphError, match="No space left") as told:
            weave(tmp_path / "g", "x", reading, memory=0, part=100)
    assert "goes on" in told.value.next
    weave(tmp_path / "g", "x", reading, memory=0, part=100)
    assert folder.open(Path(tmp_path / "g")).n_arcs == 2000


def test_nobody(tmp_path):
    weave(tmp_path / "g", "x", lambda kept: Read(Settled(0), "directed", Manifest()), memory=PLENTY)
    assert folder.open(tmp_path / "g").n == 0
