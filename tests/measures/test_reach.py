"""Reach: against the naive twin and igraph, planted worlds, what is estimated against what is exact, and where nothing may be said."""

from math import e

import igraph
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph.build import undirected
from kring.graph.files import read
from kring.measures import reaching
from kring.measures.reach import reach
from measures import naive
from measures.made import NODES, arcs, graphs, random_graph, renumbered, twice, woven
from shared_data import shared


def told(findings):
    """Figures by name, or by name and node where they are of one person."""
    return {(f.name, f.rows[0]) if f.by else f.name: f.value for f in findings}


@given(graphs(), st.lists(st.integers(0, NODES - 1), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_twin(graph, people, directed, against):
    people = [k for k in people if k < graph.n]
    got = told(reach(graph, people=np.array(people, np.int64), directed=directed, against=against))
    if not people:
        assert got["reach_1"] is None
        return
    for name, value in naive.reach(graph, people=people, directed=directed, against=against).items():
        assert got[name] == pytest.approx(value), name
    assert set(got) == {"members", *naive.reach(graph, people=people)}


@given(graphs(), st.booleans(), st.booleans())
def test_twin_of_everybody(graph, directed, against):
    got = told(reach(graph, directed=directed, against=against))
    for name, value in naive.reach(graph, directed=directed, against=against).items():
        assert got[name] == pytest.approx(value), name


@given(graphs(), st.permutations(range(NODES)), st.sets(st.integers(0, NODES - 1), min_size=1, max_size=4))
def test_renumbering_and_the_order_of_the_team_change_nothing(graph, order, team):
    order, team = [k for k in order if k < graph.n], sorted(k for k in team if k < graph.n)
    one = told(reach(graph, people=np.array(team, np.int64)))
    other = told(reach(renumbered(graph, order), people=np.array([order[k] for k in reversed(team)], np.int64)))
    assert other == {(key[0], order[key[1]]) if isinstance(key, tuple) else key: value for key, value in one.items()}


@given(graphs(), st.sets(st.integers(0, NODES - 1), min_size=1, max_size=4))
def test_two_copies_side_by_side_are_reached_twice_as_far_by_both_teams(graph, team):
    team = np.array([k for k in team if k < graph.n], np.int64)
    one, both = told(reach(graph, people=team)), told(reach(twice(graph), people=np.concatenate((team, team + graph.n))))
    for step in (1, 2, 3):
        for figure in ("reach", "overlap"):
            if len(team):
                assert both[f"{figure}_{step}"] == 2 * one[f"{figure}_{step}"]


@pytest.mark.parametrize("name", ["CollegeMsg.txt", "soc-sign-bitcoinalpha.csv", "jazz.graph", "power.graph", "MIT8.edgelist"])
def test_as_igraph_counts_neighbourhoods(name):
    path = shared("networks", name)
    graph = read(name, lambda: path.open("rb")).graph
    other = igraph.Graph(n=graph.n, edges=arcs(graph), directed=graph.directed)
    team = np.random.default_rng(1).permutation(graph.n)[:60]
    got = told(reach(graph, people=team))
    assert told(reach(graph, people=team, together=True)) == {
        name: value for name, value in got.items() if isinstance(name, str) and "overlap" not in name
    }
    for step in (1, 2, 3):
        near = [set(nodes) - set(team.tolist()) for nodes in other.neighborhood(team.tolist(), step, "out")]
        times = np.bincount([node for mine in near for node in mine], minlength=graph.n)
        assert got[f"reach_{step}"] == (times > 0).sum()
        assert got[f"overlap_{step}"] == times.sum() - (times > 0).sum()
        for node, mine in zip(team.tolist(), near):
            assert got[f"own_{step}", node] == len(mine)
            assert got[f"marginal_{step}", node] == (times[list(mine)] == 1).sum()


def test_a_planted_world():
    """0 and 1 share ten followers; 0 has five of his own, 1 has one, who is followed by 3 others. 2 reaches nobody."""
    follows = [(k, 0) for k in range(10, 25)] + [(k, 1) for k in (*range(10, 20), 30)] + [(k, 30) for k in (40, 41, 42)] + [(0, 2)]
    graph = woven(follows, 50, True)
    got = told(reach(graph, people=np.array([0, 1, 2]), against=True))
    assert [got[f"reach_{k}"] for k in (1, 2, 3)] == [16, 19, 19]
    assert [got[f"overlap_{k}"] for k in (1, 2, 3)] == [10, 25, 25]
    assert [got["marginal_1", k] for k in (0, 1, 2)] == [0 + 5, 1, 0]
    assert [got["own_2", k] for k in (0, 1, 2)] == [15, 14, 15]
    assert got["share_1"] == pytest.approx(16 / 47)
    along = told(reach(graph, people=np.array([0, 1])))
    assert (along["reach_1"], along["reach_2"]) == (1, 1)


def test_nobody_of_the_team_is_reached_by_it():
    clique = woven([(a, b) for a in range(6) for b in range(6)], 12, False)
    got = told(reach(clique, people=np.arange(6)))
    assert (got["reach_1"], got["overlap_3"], got["share_3"]) == (0, 0, 0)


def test_the_same_person_named_twice_is_one_member():
    graph = random_graph(60, 200, seed=1)
    assert reach(graph, people=np.array([3, 3, 8, 3])) == reach(graph, people=np.array([3, 8]))


def best(findings):
    return next(f for f in findings if f.name == "best_reach"), [f for f in findings if f.name == "best_gain"]


def test_the_best_of_the_willing_come_in_order_with_the_guarantee():
    graph = random_graph(400, 1600, seed=3)
    willing = np.arange(20, 60)
    found = reach(graph, people=np.array([0, 1]), willing=willing, best=4, within=2)
    whole, gains = best(found)
    assert f"{1 - 1 / e:.0%} (1 - 1/e)" in whole.method
    assert whole.value == sum(f.value for f in gains)
    assert [f.value for f in gains] == sorted((f.value for f in gains), reverse=True)
    assert whole.rows == tuple(f.rows[0] for f in gains)
    assert [dict(f.by)["rank"] for f in gains] == ["1", "2", "3", "4"]
    without = told(reach(graph, people=np.array([0, 1])))
    with_them = told(reach(graph, people=np.array([0, 1, *whole.rows])))
    unchosen = [k for k in willing.tolist() if k not in whole.rows]
    steps = [naive.steps_from(naive.neighbours(graph, directed=True), k) for k in (0, 1, *whole.rows)]
    reached = {node for each in steps for node, d in each.items() if d <= 2}
    before = {node for each in steps[:2] for node, d in each.items() if d <= 2}
    assert whole.value == len(reached - before - set(willing.tolist()))
    assert with_them["reach_2"] == len(reached - {0, 1, *whole.rows})
    assert {f.name: f.value for f in found if f.name == "reach_2"} == {"reach_2": without["reach_2"]}
    assert unchosen


def test_too_few_to_choose_from_is_said():
    graph = woven([(0, 5), (1, 5), (2, 6)], 20, True)
    whole, gains = best(reach(graph, willing=np.array([0, 1, 2]), best=3))
    assert ([f.value for f in gains], whole.warning) == ([1, 1], "nobody but these 2 adds anybody")
    whole, _ = best(reach(graph, willing=np.array([0, 2]), best=3))
    assert whole.warning == "only 2 to choose from"
    whole, _ = best(reach(graph, people=np.array([0]), willing=np.array([0, 2]), best=2))
    assert (whole.rows, whole.warning) == ((2,), "only 1 to choose from")
    whole, gains = best(reach(graph, willing=np.array([7]), best=1))
    assert (whole.value, whole.rows, gains) == (0, (), [])


@pytest.mark.parametrize("within", [0, 4])
def test_only_one_to_three_steps(within):
    with pytest.raises(GraphError, match="1 to 3"):
        reach(woven([(0, 1)], 12, True), willing=np.array([0]), best=1, within=within)


@pytest.mark.parametrize("against", [False, True])
def test_what_is_estimated_holds_the_truth_as_often_as_it_says(monkeypatch, against):
    graph = random_graph(3000, 9000, seed=5)
    exact = told(reach(graph, against=against))
    monkeypatch.setattr(reaching, "EXACT", 0)
    inside = dict.fromkeys(("mean_reach_2", "mean_reach_3", "median_reach_2", "median_reach_3"), 0)
    for seed in range(60):
        found = {f.name: f for f in reach(graph, seed=seed, against=against)}
        for name in inside:
            inside[name] += found[name].low <= exact[name] <= found[name].high
            assert found[name].value == pytest.approx(exact[name], rel=0.05 if "mean" in name else 0.2)
    assert min(inside.values()) >= 51, inside  # 95% of 60 is 57; fewer than 51 happens once in 10,000
    assert found["mean_reach_2"].interval_of == "estimator"
    assert "the error of one person is about 6%" in found["mean_reach_3"].method
    for step in (1, 2, 3):
        assert found[f"most_reach_{step}"].value == exact[f"most_reach_{step}"]
    assert (found["mean_reach_1"].value, found["mean_reach_1"].low) == (exact["mean_reach_1"], None)


def test_an_estimate_is_the_same_for_a_seed(monkeypatch):
    monkeypatch.setattr(reaching, "EXACT", 0)
    graph = undirected(random_graph(500, 1500, seed=2))
    assert reach(graph, seed=4) == reach(graph, seed=4)
    assert reach(graph, seed=4) != reach(graph, seed=5)


def star(n, seen):
    observed = np.zeros(n, np.bool_)
    observed[:seen] = True
    return woven([(0, k) for k in range(1, n)], n, False, observed=observed)


def test_one_persons_star_says_only_who_is_near_him():
    found = {f.name: f for f in reach(star(30, 1), people=np.array([0])) if not f.by}
    assert (found["reach_1"].value, found["reach_1"].warning) == (29, "at least: all ties were seen of 1 of 30 people")
    for name in ("reach_2", "share_2", "overlap_3", "reach_3"):
        assert found[name].value is None
        assert found[name].warning.startswith("too few to say")
    for f in reach(star(30, 1), people=np.array([0])):
        assert f.value is None or not f.name.endswith(("_2", "_3"))


def test_the_best_beyond_what_was_seen_is_not_said():
    found = reach(star(30, 1), willing=np.array([0, 3]), best=1, within=2)
    whole, gains = best(found)
    assert whole.value is None
    assert whole.warning.startswith("too few to say")
    assert not whole.rows
    assert not gains


def test_of_people_whose_ties_were_not_seen_nothing_is_said():
    found = told(reach(star(30, 20), people=np.array([25])))
    assert found["reach_1"] is None
    assert found["reach_3"] is None


def test_where_most_were_seen_it_is_the_least():
    found = {f.name: f for f in reach(star(30, 20), people=np.array([0, 1, 25])) if not f.by}
    assert found["reach_2"].value == 27
    assert found["reach_2"].warning == "at least: all ties were seen of 2 of these 3"
    assert "20 of 30" in found["reach_2"].boundary


def test_everybodys_reach_is_told_of_those_seen_or_not_at_all():
    assert told(reach(star(30, 9)))["mean_reach_1"] is None
    found = {f.name: f for f in reach(star(30, 20))}
    assert found["mean_reach_1"].n == 20
    assert found["most_reach_1"].value == 19


def test_nobody_named_asks_who():
    found = {f.name: f for f in reach(random_graph(30, 60, seed=1), people=np.array([], np.int64))}
    assert found["reach_1"].value is None
    assert "kring us add" in found["reach_1"].warning
    assert found["members"].value == 0
