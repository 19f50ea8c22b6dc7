"""Polarisation: twin, published figures, planted camps over a curve of strengths, chance that must not alarm, and what may not be told."""

import igraph
import msgspec
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.errors import UsageError
from kring.graph.arrays import Log
from kring.graph.build import from_pairs, like
from kring.graph.files import read
from kring.graph.null_models import rewired
from kring.graph.sides import SCORES
from kring.measures.polarisation import NAMES, polarisation
from kring.schema import Finding, Row
from measures import naive
from measures.made import NODES, arcs, figures, graphs, random_graph, woven
from measures.naive_polarisation import same
from shared_data import shared


def labelled(graph, words, name="team"):
    return like(graph, labels={name: np.array(list(words), object)})


@st.composite
def in_groups(draw, most=3):
    graph = draw(graphs())
    words = draw(st.lists(st.sampled_from(["a", "b", "c", None][: most + 1]), min_size=graph.n, max_size=graph.n))
    return labelled(graph, words)


def camps(n, mean_degree, strength, seed, *, share=0.5, powers=False):
    """A stochastic block model: strength 0, ties fall anywhere; 1, all within. With powers, people differ in how many they have."""
    draw = np.random.default_rng(seed)
    camp = (np.arange(n) >= share * n).astype(int)
    pull = draw.pareto(1.5, n) + 1 if powers else np.ones(n)
    pull = np.minimum(pull, n**0.5)
    m = n * mean_degree // 2
    source = draw.choice(n, m, p=pull / pull.sum())
    anywhere = draw.choice(n, m, p=pull / pull.sum())
    own = np.empty(m, int)
    for side in (0, 1):
        members = np.flatnonzero(camp == side)
        here = camp[source] == side
        own[here] = draw.choice(members, here.sum(), p=pull[members] / pull[members].sum())
    target = np.where(draw.random(m) < strength, own, anywhere)
    return labelled(from_pairs(source, target, directed=False, n=n), [f"camp {k}" for k in camp])


def named(findings, name):
    return next(f for f in findings if f.name == name and not f.by)


# ---- the scores ---------------------------------------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(in_groups(), st.sampled_from([0.1, 0.3, 0.5, 1.0]))
def test_twin(graph, share):
    found = figures(polarisation(graph, label="team", seed_share=share, null_models=0))
    expected = naive.polarisation(graph, label="team", seed_share=share)
    assert {name: (found[name], value) for name, value in expected.items() if not same(found[name], value)} == {}


@settings(max_examples=50)
@given(in_groups(2), st.permutations(range(NODES)))
def test_renumbering_changes_nothing_but_who_of_equals_is_a_seed(graph, order):
    order = [k for k in order if k < graph.n]
    words = np.empty(graph.n, object)
    words[order] = graph.labels["team"]
    other = labelled(woven([(order[a], order[b]) for a, b in arcs(graph)], graph.n, graph.directed), words)
    found, again = (figures(polarisation(g, label="team", seed_share=1.0, null_models=0)) for g in (graph, other))
    for name in (*SCORES, "cross_cutting", "own_side_share", "bridges"):
        assert name == "dipole" or same(found[name], found[name] if found[name] is None else again[name]), name


@pytest.mark.parametrize("directed", [False, True])
def test_as_networkx_and_igraph_find_it(directed):
    graph = random_graph(60, 200, seed=3, directed=directed)
    words = ["abc"[k % 3] for k in range(60)]
    found = figures(polarisation(labelled(graph, words), label="team", null_models=0))
    other = networkx.Graph(arcs(graph))
    other.add_nodes_from(range(60))
    networkx.set_node_attributes(other, dict(enumerate(words)), "team")
    assert found["label_assortativity"] == pytest.approx(networkx.attribute_assortativity_coefficient(other, "team"))
    parts = [{v for v in range(60) if words[v] == c} for c in "abc"]
    assert found["modularity"] == pytest.approx(networkx.community.modularity(other, parts))
    by_hand = igraph.Graph(n=60, edges=list(other.edges))
    assert found["modularity"] == pytest.approx(by_hand.modularity([k % 3 for k in range(60)]))


def test_published_karate_club():
    """The two sides of Zachary's club are found, as Newman 2006 finds them; modularity of that split is 0.371 (there and in Fortunato 2010)."""
    path = shared("networks", "karate_club.gml")
    found = polarisation(read(path.name, lambda: path.open("rb")).graph, null_models=0)
    assert named(found, "modularity").value == pytest.approx(0.371, abs=1e-3)
    assert sorted(n for _, n in named(found, "group_sizes").series) == [16, 18]


def test_by_hand():
    """Two triangles joined by one tie: six within, one between."""
    graph = labelled(woven([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)], 6, False), "aaabbb")
    found = figures(polarisation(graph, label="team", null_models=0))
    assert found["ei"] == pytest.approx(5 / 7)
    assert found["adaptive_ei"] == pytest.approx((1 - 1 / 9) / (1 + 1 / 9))
    assert found["modularity"] == pytest.approx(6 / 7 - 1 / 2)
    assert found["label_assortativity"] == pytest.approx((6 / 7 - 1 / 2) / (1 / 2))
    assert found["boundary"] == pytest.approx(2 / 3 - 1 / 2)
    assert found["cross_cutting"] == pytest.approx(1 / 7)
    # Seeds are 2 and 3. From 0: 1 or 2; from 1: 0 or 2: both end at 2. From 2: by 3 with chance 1/3. So P(end a | start a) = 8/9.
    assert found["rwc"] == pytest.approx((8 / 9) ** 2 - (1 / 9) ** 2)
    # 0, 1 and 2 come to 1, the others to -1.
    assert found["dipole"] == pytest.approx(1)


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_rwc_is_what_drawn_walks_come_to(share):
    graph = camps(200, 6, 0.6, seed=5)
    words = graph.labels["team"]
    near = {v: graph.targets[graph.offsets[v] : graph.offsets[v + 1]].tolist() for v in range(200)}
    sides = [[v for v in near if words[v] == f"camp {k}" and near[v]] for k in (0, 1)]
    top = [set(sorted(side, key=lambda v: -len(near[v]))[: int(share * 100)]) for side in sides]
    draw = np.random.default_rng(1)
    ended = np.zeros((2, 2))
    for _ in range(20_000):
        for side in (0, 1):
            v = sides[side][draw.integers(len(sides[side]))]
            while True:
                v = near[v][draw.integers(len(near[v]))]
                if v in top[0] | top[1]:
                    break
            ended[side, int(v in top[1])] += 1
    p = ended / ended.sum(0)
    drawn = p[0, 0] * p[1, 1] - p[1, 0] * p[0, 1]
    assert figures(polarisation(graph, label="team", seed_share=share, null_models=0))["rwc"] == pytest.approx(drawn, abs=0.05)


# ---- planted truth and its control --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "powers"), [(0.5, False), (0.8, False), (0.5, True), (0.8, True)])
@pytest.mark.parametrize("label", ["team", ""])
def test_every_score_rises_with_the_strength_of_camps_and_is_nought_without(share, powers, label):
    """With found groups, camps of unlike size and middling strength are not found well: there only strong ones are asked for."""
    rows = []
    for strength in (0.0, 0.5, 0.9):
        found = polarisation(camps(400, 10, strength, seed=8, share=share, powers=powers), label=label, null_models=10)
        rows.append({name: named(found, f"{name}_normalised") for name in SCORES})
    for name in ("modularity", "ei", "adaptive_ei", "rwc", "label_assortativity"):
        none, some, strong = (row[name] for row in rows)
        assert none.low < 0 < none.high or abs(none.value) < 0.05, name
        assert strong.low > 0, name
        assert strong.value > max(some.value, none.value), name
        assert not label or some.low > 0, name


def test_a_random_network_with_found_groups_scores_high_and_is_not_called_divided():
    graph = rewired(camps(500, 5, 0.0, seed=2, powers=True), seed=4).graph
    found = figures(polarisation(graph, null_models=10))
    assert found["ei"] > 0.4
    assert found["rwc"] > 0.5
    assert abs(found["ei_normalised"]) < 0.1


def test_found_camps_are_the_planted_ones():
    for way in ("spectral", "modularity"):
        graph = camps(400, 10, 0.9, seed=1)
        found = polarisation(graph, partition=way, null_models=0)
        planted = polarisation(graph, label="team", null_models=0)
        assert named(found, "ei").value == pytest.approx(named(planted, "ei").value, abs=0.02)
        assert "found in these same ties" in named(found, "ei").warning
        assert named(planted, "ei").warning == ""


# ---- what may be told ---------------------------------------------------------------------------------------------------------------------


def test_names_are_the_same_with_and_without_random_networks():
    graph = camps(60, 6, 0.5, seed=3)
    for models in (0, 1, 3):
        assert tuple(f.name for f in polarisation(graph, label="team", null_models=models)) == NAMES
    none = polarisation(graph, label="team", null_models=0)
    assert named(none, "ei_null").value is None
    assert named(none, "ei_null").warning.startswith("not measured")
    one = named(polarisation(graph, label="team", null_models=1), "ei_null")
    assert (one.low, one.n, one.interval_of) == (None, 1, "none")


def test_the_interval_is_that_of_the_random_networks():
    found = polarisation(camps(100, 6, 0.3, seed=3), label="team", null_models=12)
    raw, chance, left = (named(found, name) for name in ("ei", "ei_null", "ei_normalised"))
    assert chance.low < chance.value < chance.high
    assert left.value == pytest.approx(raw.value - chance.value)
    assert (left.low, left.high) == (pytest.approx(raw.value - chance.high), pytest.approx(raw.value - chance.low))
    assert (chance.n, chance.n_of, chance.interval_of) == (12, "random networks", "model")
    assert "12 random networks" in chance.method


def test_findings_can_be_kept_and_their_spread_adds_up():
    found = polarisation(camps(400, 8, 0.2, seed=3), label="team", null_models=2)
    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[Finding, ...]) == found
    assert sum(y or 0 for _, y in named(found, "own_side_spread").series) == pytest.approx(1, abs=0.1)
    assert named(found, "group_sizes").series == (("camp 0", 200), ("camp 1", 200))


def test_the_same_seed_gives_the_same_figures():
    graph = camps(120, 6, 0.5, seed=3)
    assert polarisation(graph, null_models=3, seed=5) == polarisation(graph, null_models=3, seed=5)
    assert figures(polarisation(graph, null_models=3, seed=5))["ei_null"] != figures(polarisation(graph, null_models=3, seed=6))["ei_null"]


def test_who_bridges_is_told_unless_by_what_people_think():
    graph = camps(60, 8, 0.5, seed=3)
    bridges = named(polarisation(graph, label="team", null_models=0), "bridges")
    assert isinstance(bridges.rows[0], Row)
    assert len(bridges.rows) <= 20
    near = [row.value for row in bridges.rows]
    assert near == sorted(near, reverse=True)
    assert "of their own side (camp " in bridges.rows[0].because
    for name in ("opinion", "party", "Stance on trees"):
        other = like(graph, labels={name: graph.labels["team"]})
        told = polarisation(other, label=name, null_models=0)
        assert not any(found.rows for found in told)
        assert named(told, "bridges").value == bridges.value


def test_nobody_is_divided_by_a_protected_trait():
    graph = camps(60, 8, 0.5, seed=3)
    with pytest.raises(UsageError, match="protected"):
        polarisation(like(graph, labels={"religion": graph.labels["team"]}), label="religion")


@pytest.mark.parametrize(
    "options", [{"seed_share": 0}, {"seed_share": 1.2}, {"null_models": -1}, {"partition": "metis"}, {"label": "colour"}]
)
def test_what_cannot_be_asked_is_refused(options):
    with pytest.raises(UsageError):
        polarisation(camps(40, 6, 0.5, seed=1), **{"null_models": 0, **options})


def test_in_a_circle_a_small_group_is_not_spoken_of():
    pairs = [(a, b) for a in range(40) for b in range(a)]
    graph = labelled(woven(pairs, 40, True, observed=np.ones(40, np.bool_)), ["a"] * 33 + ["b"] * 7)
    found = polarisation(graph, label="team", null_models=0)
    assert tuple(f.name for f in found) == NAMES
    assert all(f.value is None and f.warning.startswith("too few to say") for f in found)
    star = woven([(0, k) for k in range(1, 30)], 30, True, observed=np.arange(30) < 1)
    assert all(f.value is None for f in polarisation(star))


def test_a_group_of_few_is_not_counted_out_loud():
    graph = labelled(random_graph(60, 300, 1), ["a"] * 30 + ["b"] * 27 + ["c"] * 3)
    series = dict(named(polarisation(graph, label="team", null_models=0), "group_sizes").series)
    assert series["c"] is None
    assert None in (series["a"], series["b"])


def test_people_without_a_label_are_left_out_and_counted():
    graph = labelled(random_graph(60, 300, 1), ["a"] * 20 + ["b"] * 20 + [None] * 20)
    found = named(polarisation(graph, label="team", null_models=0), "ei")
    assert found.n == 40
    assert "20 people without team" in found.boundary


def test_of_more_than_two_groups_it_says_which_two():
    graph = labelled(random_graph(60, 300, 1), ["a"] * 25 + ["b"] * 12 + ["c"] * 23)
    found = polarisation(graph, label="team", null_models=0)
    assert "the two largest groups only: a and c" in named(found, "rwc").boundary
    assert "largest" not in named(found, "ei").boundary


# ---- through time -------------------------------------------------------------------------------------------------------------------------


def told(source, target, at, n):
    order = np.argsort(at, kind="stable")
    none = np.full(len(at), -1, np.int32)
    kind = np.zeros(len(at), np.uint8)
    return Log(n, source[order].astype(np.int32), target[order].astype(np.int32), at[order], kind, ("reply",), none)


def test_a_circle_that_parts_is_seen_to_part():
    draw = np.random.default_rng(4)
    n, month = 60, np.int64(30 * 86_400_000_000)
    camp = np.arange(n) % 2
    source = draw.integers(0, n, 3000)
    at = draw.integers(0, 6, 3000) * month + 86_400_000_000
    own = (draw.integers(0, n // 2, 3000) * 2 + camp[source]) % n
    target = np.where(draw.random(3000) < at / (7 * month), own, draw.integers(0, n, 3000))
    graph = labelled(from_pairs(source, target, directed=True, n=n), camp.astype(str))
    found = [f for f in polarisation(graph, told(source, target, at, n), label="team", null_models=0) if f.by and f.name == "ei"]
    values = [f.value for f in found]
    assert [dict(f.by)["period"] for f in found] == [f"1970-0{k}" for k in (1, 2, 3, 4, 5, 6)][: len(found)]
    assert len(values) >= 5
    assert values[-1] > values[0] + 0.4
    assert abs(values[0]) < 0.15


def test_a_period_with_few_ties_says_so():
    graph = camps(60, 6, 0.5, seed=3)
    source, target = np.arange(20), np.arange(20) + 35
    found = [f for f in polarisation(graph, told(source, target, np.zeros(20, np.int64), 60), label="team", null_models=0) if f.by]
    assert len(found) == 3
    assert all(f.value is None and f.warning.startswith("too few to say") for f in found)


def test_of_a_large_network_fewer_random_ones_are_made(monkeypatch):
    graph = camps(100, 6, 0.3, seed=3)
    monkeypatch.setattr("kring.measures.polarisation.MOST_TIES", 7 * graph.n_ties)
    monkeypatch.setattr("kring.measures.polarisation.MOST_TIES_HALVED", 6 * graph.n_ties)
    assert [named(polarisation(graph, **how), "ei_null").n for how in ({"label": "team"}, {}, {"null_models": 9})] == [7, 6, 9]
