"""Trust: twins, fakes that gain no more than is said, distrust that is not passed on, held-out ratings, and the star trap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kring.kring
import planted_trust
from circles import town, truth
from kring.errors import UsageError
from kring.graph.build import from_pairs
from kring.graph.files import read
from kring.graph.spreading import appleseed
from kring.measures.saying import NOBODY
from kring.measures.signs import above_others, foretold, half_width, parts_by_chance, ratings_of
from kring.measures.trust import trust
from kring.schema import Row
from measures import naive, naive_trust
from measures.made import arcs, random_graph, woven
from shared_data import shared


def found(graph, **options):
    return {finding.name: finding for finding in trust(graph, **options)}


def rows(finding):
    assert all(isinstance(row, Row) for row in finding.rows)
    return {row.row: row for row in finding.rows}


@st.composite
def rated(draw):
    """Up to nine people who rate each other from -3 to 3."""
    n = draw(st.integers(3, 9))
    node = st.integers(0, n - 1)
    ties = draw(st.lists(st.tuples(node, node, st.integers(-3, 3)), min_size=1, max_size=30, unique_by=lambda tie: tie[:2]))
    return from_pairs(
        [a for a, _, _ in ties],
        [b for _, b, _ in ties],
        n=n,
        directed=True,
        weights=np.array([w for _, _, w in ties], float),
        signs=np.sign([w for _, _, w in ties]).astype(np.int8),
    )


def any_good(graph):
    return any(sign > 0 for sign, _ in naive_trust.ratings_of(graph).values())


@given(rated(), st.data())
def test_twin(graph, data):
    if not any_good(graph):
        assert found(graph)["trust"].value is None
        return
    named = data.draw(st.sets(st.integers(0, graph.n - 1), min_size=1, max_size=2))
    for people in (None, named):
        ours = found(graph, people=None if people is None else np.array(sorted(people)))["trust"]
        wanted = naive.trust(graph, people=people)
        told = rows(ours)
        assert ours.value == sum(x > 1e-12 for x in wanted)
        for node in range(graph.n):
            assert (told[node].value if node in told else 0) == pytest.approx(wanted[node], abs=1e-6)


@given(rated(), st.data())
def test_twin_of_local_trust(graph, data):
    if not any_good(graph):
        return
    named = data.draw(st.sets(st.integers(0, graph.n - 1), min_size=1, max_size=2))
    told = rows(found(graph, people=np.array(sorted(named)))["local"])
    wanted = naive_trust.local(graph, named)
    assert [told[v].value if v in told else 0 for v in range(graph.n)] == pytest.approx(wanted, abs=1e-6)


@given(rated(), st.permutations(range(9)))
def test_renumbering_and_doubling_change_nothing(graph, order):
    order = [k for k in order if k < graph.n]
    ties = arcs(graph)

    def rebuilt(pairs, n, times=1):
        return from_pairs(
            [a for a, _ in pairs],
            [b for _, b in pairs],
            n=n,
            directed=True,
            weights=np.tile(graph.weights, times),
            signs=np.tile(graph.signs, times),
        )

    one = rows(found(graph)["trust"])
    other = rows(found(rebuilt([(order[a], order[b]) for a, b in ties], graph.n))["trust"])
    both = rows(found(rebuilt(ties + [(a + graph.n, b + graph.n) for a, b in ties], 2 * graph.n, 2))["trust"])
    for v, row in one.items():
        assert other[order[v]].value == pytest.approx(row.value, abs=1e-6)
        assert both[v].value == pytest.approx(row.value, abs=1e-6)
        assert both[v + graph.n].because == row.because == other[order[v]].because


def test_distrust_lowers_whom_it_is_about_and_nobody_else():
    """0 is sure and vouches for 1 and 2; both vouch for somebody else. Then 0 thinks badly of 3, whom 1 vouches for."""
    pairs, good = [(0, 1), (0, 2), (1, 3), (2, 4), (3, 5)], np.ones(5)
    before = rows(found(from_pairs(*zip(*pairs), directed=True, weights=good), people=np.array([0]))["trust"])
    worse = from_pairs(*zip(*[*pairs, (0, 3)]), directed=True, weights=np.append(good, -1.0))
    after = rows(found(worse, people=np.array([0]))["trust"])
    assert after[3].value == 0 < before[3].value
    assert "rated badly by 1" in after[3].because
    for other in (0, 1, 2, 4, 5):
        assert after[other].value == pytest.approx(before[other].value)
    friend = from_pairs(*zip(*pairs, (0, 3), (3, 6)), directed=True, weights=np.array([*good, -1.0, -1.0]))
    assert 6 not in {v for v, row in rows(found(friend, people=np.array([0]))["trust"]).items() if row.value}


# ---- fakes --------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edges", [0, 1, 2, 5, 20])
@pytest.mark.parametrize("fakes", [50, 2_000])
def test_fakes_gain_no_more_than_the_bound_says(fakes, edges):
    graph, seeds = planted_trust.attacked(edges, people=300, fakes=fakes, edges=edges)
    said = found(graph, people=seeds)
    let_in = [int(row) for row in said["accepted"].row_ids]
    assert sum(v >= 300 for v in let_in) <= edges * said["bound"].value
    assert sum(v < 300 for v in let_in) == 300
    share = sum(row.value for v, row in rows(said["trust"]).items() if v >= 300) / graph.n
    assert share <= edges * said["flow_bound"].value
    assert (share > 0) == (edges > 0)


def test_where_nobody_is_named_a_crowd_of_fakes_has_the_trust_of_a_crowd():
    graph, _ = planted_trust.attacked(1, people=300, fakes=2_000, edges=0)
    said = found(graph)
    assert sum(row.value for v, row in rows(said["trust"]).items() if v >= 300) / graph.n > 0.3
    assert "whoever makes many accounts makes trust" in said["trust"].warning
    for name in ("accepted", "accepted_by_steps", "bound", "bound_by_steps", "flow_bound", "flow_bound_usual", "local"):
        assert (said[name].value, said[name].warning) == (None, NOBODY)


def test_who_is_let_in_is_told_the_way():
    graph = woven([(0, 1), (1, 2), (3, 2)], 4, True, ids=["anna", "bram", "chris", "dirk"])
    said = found(graph, people=np.array([0]))["accepted"]
    assert said.value == 3
    assert found(graph, people=np.array([0]))["accepted_by_steps"].series == ((0, 1), (1, 1), (2, 1), (3, 0), (4, 0), (5, 0))
    assert [row.because for row in said.rows] == [
        "one of those who were named",
        "1 step: anna → bram; vouched for by 1 who was let in",
        "2 steps: anna → bram → chris; vouched for by 1 who was let in",
    ]
    assert found(graph, people=np.array([0]), most=2)["accepted"].value == 2
    assert "1 others can be reached" in found(graph, people=np.array([0]), most=2)["accepted"].warning


def test_local_trust_falls_with_every_step():
    near = appleseed(woven([(k, k + 1) for k in range(9)], 10, True), np.array([0]))
    assert near.sum() == pytest.approx(1)
    assert (np.diff(near[1:]) < 0).all()


# ---- held-out ratings ---------------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_twin_of_what_is_told(seed):
    graph = planted_trust.rated(seed, people=25, each=6, strength=1.0)
    ratings = ratings_of(graph)
    part = parts_by_chance(ratings, seed)
    ours = foretold(ratings, part, None, 0.85)
    for name, value in naive_trust.told(graph, part.tolist()).items():
        assert ours[name.removeprefix("auc").removeprefix("_")].auc == pytest.approx(value)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=30))
def test_an_auc_is_the_share_of_pairs_in_order(cases):
    good = np.array([g for _, g in cases])
    if good.all() or not good.any():
        return
    influence, auc = above_others(np.array([float(x) for x, _ in cases]), good)
    assert auc == pytest.approx(naive_trust.auc([x for x, _ in cases], good.tolist()))
    assert influence.sum() == pytest.approx(0, abs=1e-9)


def test_ratings_that_share_a_person_depend_on_each_other():
    """By hand: two ratings by one person count as one word of twice the weight."""
    apart = ratings_of(from_pairs([0, 2], [1, 3], directed=True))
    shared_by_one = ratings_of(from_pairs([0, 0], [1, 3], directed=True, n=4))
    one_way = half_width(np.array([1.0, 1.0]), apart)
    assert half_width(np.array([1.0, 1.0]), shared_by_one) > 1.4 * one_way / 1.5
    returned = ratings_of(from_pairs([0, 1], [1, 0], directed=True))
    assert half_width(np.array([1.0, 1.0]), returned) / half_width(np.array([1.0, 0.0]), returned) == pytest.approx(2)


@pytest.mark.parametrize("strength", [0.0, 1.0, 3.0])
def test_planted_trustworthiness_is_found_and_none_where_none_is(strength):
    said = found(planted_trust.rated(5, people=400, each=12, strength=strength))
    for name in ("auc", "auc_flow", "auc_baseline_received"):
        assert (said[name].low <= 0.5 <= said[name].high) == (strength == 0)
    assert said["auc_baseline_in_degree"].low <= 0.5 <= said["auc_baseline_in_degree"].high
    assert said["auc"].interval_of == "sampling of people"
    assert said["auc_later"].value is None
    assert "began" in said["auc_later"].warning


def test_bitcoin_alpha():
    path = shared("networks", "soc-sign-bitcoinalpha.csv")
    graph = read(path.name, lambda: path.open("rb")).graph
    assert (graph.n, graph.n_arcs, int((graph.signs < 0).sum())) == (3783, 24186, 1536)
    said = found(graph)
    assert said["auc"].value == pytest.approx(0.820, abs=0.01)
    assert said["auc"].low < 0.78 < 0.86 < said["auc"].high
    assert said["auc_baseline_received"].value == pytest.approx(0.816, abs=0.01)
    assert said["auc_gain"].value == pytest.approx(said["auc"].value - said["auc_baseline_received"].value)
    assert said["auc_gain"].high - said["auc_gain"].low < 0.02
    assert said["auc_later"].value < said["auc"].low
    again = found(graph, seed=2)
    assert again["auc"].value != said["auc"].value
    assert again["auc"].value == pytest.approx(said["auc"].value, abs=0.01)


def test_the_same_without_a_header(tmp_path):
    path = shared("networks", "soc-sign-bitcoinalpha.csv")
    bare = path.read_bytes().split(b"\n", 1)[1]
    graph = read(path.name, lambda: path.open("rb")).graph
    (tmp_path / "bare.csv").write_bytes(bare)
    again = read("bare.csv", lambda: (tmp_path / "bare.csv").open("rb")).graph
    assert np.array_equal(graph.signs, again.signs)
    assert np.array_equal(graph.weights, again.weights)
    assert np.array_equal(graph.first_at, again.first_at)


def test_where_nobody_is_rated_badly_nothing_is_foretold():
    said = found(random_graph(50, 300, seed=1))
    assert said["auc"].value is None
    assert "nobody here is rated badly" in said["auc"].warning
    pairs = arcs(random_graph(50, 300, seed=1))
    five_bad = np.where(np.arange(len(pairs)) < 5, -1, 1).astype(np.int8)
    few = found(from_pairs(*zip(*pairs), directed=True, signs=five_bad))
    assert few["auc"].warning.startswith("too few to say")


def test_weights_below_nought_are_bad_ratings():
    graph = from_pairs([0, 1, 0], [1, 2, 2], directed=True, weights=np.array([2.0, 1.0, -1.0]))
    signed = from_pairs([0, 1, 0], [1, 2, 2], directed=True, weights=np.array([2.0, 1.0, -1.0]), signs=np.array([1, 1, -1], np.int8))
    assert rows(found(graph)["trust"]) == rows(found(signed)["trust"])


@pytest.mark.parametrize(("fakes", "edges"), [(40, 1), (400, 5), (0, 0)])
def test_fakes_of_the_town_gain_little_and_who_lets_down_is_trusted_less(fakes, edges):
    strengths = (("fakes", fakes), ("attack_edges", edges))
    path, true = town(300, strengths=strengths) / "networks" / "vouches.csv", truth(town(300, strengths=strengths))["vouches"]
    said = {finding.name: finding for finding in kring.kring.measure_network("trust", path, people=true["pre_trusted"])}
    let_in = set(said["accepted"].row_ids)
    assert len(let_in & set(true["fakes"])) <= edges * said["bound"].value
    assert len(let_in - set(true["fakes"])) > 0.9 * true["people"]
    value = {row.row: row.value for row in said["trust"].rows}
    assert sum(value.get(fake, 0) for fake in true["fakes"]) / said["trust"].n < 0.03
    assert (
        np.median([value.get(each, 0) for each in true["let_down"]])
        < 0.1
        < np.median([x for who, x in value.items() if who not in true["fakes"]])
    )


# ---- what may be said ---------------------------------------------------------------------------------------------------------------------


def test_only_people_whose_ties_were_seen_count():
    observed = np.arange(20) < 12
    graph = woven([(k, k + 1) for k in range(19)], 20, True, observed=observed)
    said = found(graph, people=np.array([3]))
    assert {row.row for row in said["accepted"].rows} == {3, 4, 5, 6, 7, 8}
    assert "12 of 20" in said["accepted"].boundary
    none = found(woven([(k, k + 1) for k in range(19)], 20, True, observed=np.arange(20) < 9), people=np.array([3]))
    assert all(finding.value is None and finding.warning.startswith("too few to say") for finding in none.values())


def test_where_us_is_nobody_it_says_so():
    said = found(random_graph(30, 100, seed=2), people=np.empty(0, np.int64))
    assert (said["trust"].value, said["trust"].warning) == (None, NOBODY)


@pytest.mark.parametrize("options", [{"most": 0}, {"fall": 1.0}, {"damping": 1.0}, {"damping": -0.1}])
def test_what_makes_no_sense_is_refused(options):
    with pytest.raises(UsageError):
        trust(random_graph(30, 100, seed=2), **options)
