"""Is the majority real: twin, published figures, planted illusions, contented minorities, few people, sensitive labels."""

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.networks import known
from kring.errors import UsageError
from kring.graph.build import degrees, like
from kring.graph.carriers import carriers
from kring.graph.exposure import exposure, over_shuffles
from kring.measures.illusion import illusion, interval
from kring.schema import Row
from measures import naive
from measures.made import NODES, arcs, figures, graphs, random_graph, renumbered, twice, woven
from measures.naive_illusion import neighbours_seen, undoes
from measures.talk import columns
from planted_illusion import NETWORKS, leaning, preferring

FELD = [(0, 1), (1, 2), (1, 5), (1, 4), (2, 3), (2, 5), (2, 4), (5, 6), (4, 3), (6, 7)]
"""Friendships among eight girls at Marketville High School (Coleman 1961), as Feld 1991 draws them: Betty, Sue, Alice, Jane, Dale, Pam, Carol, Tina."""
LABELS = st.lists(st.sampled_from(["yes", "yes", "no", None]), min_size=NODES, max_size=NODES)


def with_hats(graph, hats, name="hat"):
    return like(graph, labels={name: np.array(list(hats), object)})


def quick(graph, **more):
    return illusion(graph, null_models=0, shuffles=0, **{"label": "hat", "value": "yes"} | more)


def near(value):
    return None if value is None else pytest.approx(value, abs=1e-9)


@given(graphs(), LABELS, st.sampled_from([None, True, False]), st.permutations(range(NODES)))
def test_twin_renumbered_and_doubled(graph, hats, directed, order):
    hats = hats[: graph.n]
    value = "yes" if "yes" in hats or not any(hats) else "no"
    expected = naive.illusion(with_hats(graph, hats), label="hat", value=value, directed=directed)
    order = [k for k in order if k < graph.n]
    moved = [hats[order.index(k)] for k in range(graph.n)]
    for other, theirs in ((graph, hats), (renumbered(graph, order), moved), (twice(graph), hats + hats)):
        got = figures(quick(with_hats(other, theirs), value=value, directed=directed))
        assert {name: got[name] for name in expected} == {name: near(each) for name, each in expected.items()}


@given(graphs(), LABELS, st.integers(0, 9))
def test_deals_are_counted_as_one_by_one(graph, hats, seed):
    """What is counted for many deals at once is what is seen in each; of whom nothing is known stays so."""
    has = np.array([{"yes": 1, "no": 0, None: -1}[hat] for hat in hats[: graph.n]], np.int8)
    tally = over_shuffles(graph, has, 35, seed=seed)
    dealt_at = np.flatnonzero(has >= 0)
    for k in (0, 31, 32, 34):
        dealt = has.copy()
        dealt[dealt_at] = np.random.default_rng((seed, k)).permutation(has[dealt_at])
        seen = exposure(graph, dealt)
        if not seen.sees.any():
            continue
        assert tally.strict[k] == near(seen.strict[seen.sees].mean())
        assert tally.with_ties[k] == near(seen.with_ties[seen.sees].mean())
        assert tally.mean_share[k] == near(seen.share[seen.sees].mean())
        assert tally.bins[k].tolist() == near((np.bincount(seen.bin[seen.bin >= 0], minlength=10) / seen.sees.sum()).tolist())
        without = seen.sees & (dealt == 0)
        assert np.isnan(tally.strict_without[k]) if not without.any() else tally.strict_without[k] == near(seen.strict[without].mean())


@given(graphs(), LABELS, st.integers(0, 5))
def test_carriers_are_each_time_who_undoes_most_and_are_enough(graph, hats, leave):
    has = np.array([{"yes": 1, "no": 0, None: -1}[hat] for hat in hats[: graph.n]], np.int8)
    seen = exposure(graph, has)
    whose = seen.has == 0
    taken, left = carriers(graph, seen, whose, leave, 100)
    around, _ = neighbours_seen(graph, True)
    needed = {k: (r, r) for k in np.flatnonzero(seen.strict & whose) if (r := int(seen.hits[k] - seen.known[k] // 2))}
    changed = has.copy()
    for node in taken.tolist():
        gains = {other: undoes(around, has, needed, other) for other in np.flatnonzero(changed == 1).tolist()}
        assert float(gains[node]) == near(float(max(gains.values())))
        changed[node] = 0
        needed = {k: (first, rest - (node in around[k])) for k, (first, rest) in needed.items()}
    after = exposure(graph, changed)
    assert left == int(after.strict[whose].sum()) <= max(leave, 0)


def test_as_networkx_finds_it():
    graph = with_hats(known("jazz.graph"), ["yes" if k % 5 == 0 else "no" for k in range(198)])
    other = networkx.Graph(arcs(graph))
    networkx.set_node_attributes(other, {k: k % 5 == 0 for k in range(198)}, "hat")
    got = figures(quick(graph))
    assert got["label_assortativity"] == near(networkx.attribute_assortativity_coefficient(other, "hat"))
    assert got["degree_assortativity"] == near(networkx.degree_assortativity_coefficient(other))


def test_published():
    """Feld 1991, table 1: of the eight girls five have fewer friends than theirs have on average, and two have more."""
    assert figures(quick(woven(FELD, 8, False), label=""))["friendship_paradox"] == 5 / 8
    assert figures(illusion(known("CollegeMsg.txt")))["degree_assortativity"] == pytest.approx(-0.188, abs=5e-4)
    assert figures(illusion(known("hep-th.graph")))["degree_assortativity"] == pytest.approx(0.294, abs=5e-4)  # Newman 2003, table I


def test_three_in_the_middle_are_seen_by_everybody():
    """As the figure in Lerman, Yan & Wu 2016: of 14 people 3 have it, and all the others see it with half of theirs or more."""
    hubs, others = range(3), range(3, 14)
    pairs = [(hub, other) for other in others for hub in hubs if (hub + other) % 3] + [(k, k + 1) for k in range(3, 13)]
    got = figures(quick(with_hats(woven(pairs, 14, False), ["yes"] * 3 + ["no"] * 11)))
    assert (got["share"], got["majority_strict_without"]) == (3 / 14, 2 / 11)
    assert got["majority_with_ties"] == 11 / 14


@pytest.mark.parametrize("name", NETWORKS)
def test_a_planted_illusion_is_found_and_chance_is_not(name):
    found = dict.fromkeys((0.0, 1.0), 0)
    for strength in found:
        for seed in range(20):
            graph = leaning(NETWORKS[name](seed), strength, seed)
            found[strength] += figures(illusion(graph, label="hat", null_models=0, shuffles=199, seed=seed))["illusion_p"] <= 0.05
    assert found[0.0] <= 4
    assert found[1.0] >= 18


@pytest.mark.parametrize("strength", [0.0, 0.4, 0.8])
def test_a_contented_minority_is_no_illusion(strength):
    """Those who keep to themselves see a majority of their own; nobody else does."""
    alarms = 0
    for seed in range(20):
        got = figures(illusion(preferring(seed, strength), label="hat", null_models=0, shuffles=199, seed=seed))
        alarms += got["illusion_p"] <= 0.05
        if strength == 0.8:
            assert got["majority_strict"] > 1.5 * got["majority_strict_null"]
            assert got["majority_strict_with"] > 0.5
            assert (got["illusion_p"], got["carriers"]) == (pytest.approx(1, abs=0.2), 0)
    assert alarms <= 4


def test_it_says_who_carries_it_and_why():
    graph = leaning(NETWORKS["power law"](3), 1, 3)
    found = {f.name: f for f in illusion(graph, label="hat", null_models=0)}
    rows = found["carriers"].rows
    assert len(rows) == 20 <= found["carriers"].value
    assert all(isinstance(row, Row) and row.because.startswith(f"seen by {row.n} people") for row in rows)
    changed = np.array([each == "yes" for each in graph.labels["hat"]])
    few = {f.name: f for f in illusion(graph, label="hat", null_models=0)}["carriers"].value
    assert few < 0.7 * changed.sum()
    assert found["illusion"].low > 0
    assert found["illusion"].value == near(found["majority_strict_without"].value - found["majority_strict_without_null"].value)


@pytest.mark.parametrize("name", ["opinion", "Party 2024", "label"])
def test_nobody_is_named_by_what_he_thinks(name):
    graph = leaning(NETWORKS["power law"](3), 1, 3)
    graph = with_hats(graph, graph.labels["hat"], name)
    found = illusion(graph, label=name, null_models=0)
    assert all(not f.rows for f in found)
    carried = next(f for f in found if f.name == "carriers")
    assert carried.value > 10
    assert "groups only" in carried.warning


def test_nobody_is_divided_by_a_protected_trait():
    with pytest.raises(UsageError, match="protected trait"):
        quick(with_hats(random_graph(30, 90, seed=1), ["yes", "no"] * 15, "gender"), label="gender")


def test_what_most_have_is_no_illusion():
    found = {f.name: f for f in illusion(with_hats(random_graph(300, 900, seed=1), ["yes", "yes", "no"] * 100), label="hat", null_models=0)}
    assert found["majority_strict"].value > 0.5
    for name in ("illusion", "illusion_p", "carriers"):
        assert found[name].value is None
        assert "66.7% have it" in found[name].warning
    other = figures(illusion(with_hats(random_graph(300, 900, seed=1), ["yes", "yes", "no"] * 100), label="hat", value="no", null_models=0))
    assert other["illusion"] is not None


def test_few_people_are_not_told_of_in_a_circle_and_warned_of_in_a_file():
    hats = ["yes"] * 9 + ["no"] * 51
    graph = with_hats(random_graph(60, 200, seed=1), hats)
    assert "9 people have it" in quick(graph)[0].warning
    assert quick(graph)[0].value == 0.15
    circle = quick(like(graph, observed=np.ones(60, np.bool_)))
    few = {f.name: f for f in circle}
    assert few["share"].value is few["majority_strict"].value is few["exposure_with"].value is None
    assert few["share"].warning.startswith("too few to say")
    assert "9" not in few["share"].warning
    assert few["friendship_paradox"].value is not None


def test_a_tenth_with_few_people_is_not_told_in_a_circle():
    graph = like(leaning(NETWORKS["Erdős–Rényi"](1), 0.3, 1), observed=np.ones(1000, np.bool_))
    seen = exposure(graph, np.array([each == "yes" for each in graph.labels["hat"]], np.int8))
    for name, whose in (("exposure_with", seen.has == 1), ("exposure_without", seen.has == 0)):
        found = next(f for f in illusion(graph, label="hat", null_models=0) if f.name == name)
        counts = np.bincount(seen.bin[whose & seen.sees], minlength=10)
        assert all(y is None or count == 0 or count >= 10 for (_, y), count in zip(found.series, counts))
        assert any(y is None for _, y in found.series)
        hidden = sum(count for (_, y), count in zip(found.series, counts) if y is None)
        assert hidden >= 10


def test_a_star_of_exports_says_nothing():
    graph = with_hats(woven([(0, k) for k in range(1, 30)], 30, True, observed=np.arange(30) < 1), ["yes", "no"] * 15)
    assert all(f.value is None and "1 of 30" in f.warning for f in quick(graph))


def test_those_whom_one_follows_are_ones_neighbours_unless_no_tie_is_returned():
    pairs = [(k, 30 + k % 2) for k in range(30)]
    follows = with_hats(woven([*pairs, (30, 0)], 32, True), ["no"] * 30 + ["yes"] * 2)
    assert figures(quick(follows))["majority_strict_without"] == 1
    assert figures(quick(follows, directed=False))["share"] == 2 / 32
    assert all("have no direction" not in f.warning for f in quick(follows))
    listed = with_hats(woven(pairs, 32, True), ["no"] * 30 + ["yes"] * 2)
    assert "not one tie is returned" in {f.name: f for f in quick(listed)}["majority_strict"].warning
    assert {f.name: f for f in quick(listed)}["majority_strict"].n == 32
    assert {f.name: f for f in quick(listed, directed=True)}["majority_strict"].n == 30


def test_friends_have_more_of_everything_that_is_known():
    graph = known("jazz.graph")
    k = degrees(graph)
    posts = columns(author=np.repeat(np.arange(graph.n), k))
    graph = like(graph, labels={"tunes": (2 * k).astype(object), "age": k.astype(object), "hat": np.array(["a"] * graph.n, object)})
    found = [f for f in illusion(graph, posts) if f.name.startswith("friendship_paradox")]
    assert [dict(f.by).get("measure", "") for f in found] == ["", "", "posts", "posts", "tunes", "tunes"]
    assert {f.value for f in found if f.name == "friendship_paradox"} == {found[0].value}


def test_the_same_seed_gives_the_same_and_another_does_not():
    graph = leaning(NETWORKS["power law"](3), 0.5, 3)
    assert illusion(graph, label="hat", null_models=3, shuffles=40) == illusion(graph, label="hat", null_models=3, shuffles=40)
    other = figures(illusion(graph, label="hat", null_models=3, shuffles=40, seed=2))
    mine = figures(illusion(graph, label="hat", null_models=3, shuffles=40))
    assert {name for name in mine if mine[name] != other[name]} >= {
        "majority_strict_null",
        "majority_strict_rewired",
        "perception_gap_null",
    }


def test_where_people_keep_it_and_their_ties_chance_shows_it_too():
    """An illusion that comes of the well-connected having it is still there when whom people know is chance."""
    got = {f.name: f for f in illusion(leaning(NETWORKS["power law"](5), 1, 5), label="hat", shuffles=0)}
    assert "39 random networks" in got["majority_strict_rewired"].method
    assert got["majority_strict_rewired"].low < got["majority_strict_rewired"].value < got["majority_strict_rewired"].high
    assert got["majority_strict"].value == pytest.approx(got["majority_strict_rewired"].value, abs=0.03)


@settings(max_examples=30)
@given(st.integers(39, 500), st.integers(0, 99))
def test_an_interval_of_draws_leaves_out_at_most_one_in_twenty(n, seed):
    low, high = interval(np.random.default_rng(seed).permutation(n).astype(float))
    inside = high - low + 1
    assert (inside - 1) / (n + 1) >= 0.95 - 1e-9
    assert low + 1 >= 0.025 * (n + 1) - 1


def test_with_few_random_networks_the_interval_is_wider_and_with_one_there_is_none():
    graph = leaning(NETWORKS["power law"](5), 1, 5)
    few, many, one = (figures_by(illusion(graph, label="hat", shuffles=0, null_models=n), "majority_strict_rewired") for n in (5, 39, 1))
    assert few.high - few.low > many.high - many.low
    assert few.low < few.value < few.high
    assert (one.low, one.high, one.interval_of) == (None, None, "none")
    assert "no spread" in one.warning


def figures_by(findings, name):
    return next(f for f in findings if f.name == name)


def test_of_a_large_network_fewer_random_ones_are_made(monkeypatch):
    graph = leaning(NETWORKS["power law"](5), 1, 5)
    monkeypatch.setattr("kring.measures.illusion.MOST_TIES", 7 * graph.n_ties)
    for asked, made in ((None, 7), (11, 11)):
        found = illusion(graph, label="hat", shuffles=0, null_models=asked)
        assert f"over {made} random networks" in figures_by(found, "majority_strict_rewired").method
