"""Communities: twins, published figures, groups that were planted and found, none where there are none; brokers, words, change, small cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.errors import UsageError
from kring.graph import Columns, Log
from kring.graph.build import from_pairs, like, undirected
from kring.graph.null_models import rewired
from kring.measures import group_change, group_words, grouping
from kring.measures.bridging import turns
from kring.measures.communities import communities
from kring.measures.grouping import Runs, Ties, agreed, grouped, several
from kring.measures.partitions import likeness, nmi
from measures import naive_communities as naive
from measures.made import NODES, figures, graphs, renumbered, twice, woven
from measures.test_distances import network
from planted import planted

COUNTED = ("constraint", "embeddedness", "transitivity", "clustering", "k_core")
DAY = 86_400_000_000


def whole(findings):
    """Figures of everything, by name."""
    return figures(f for f in findings if not f.by)


def belongs(findings, n):
    """The community of each person, -1 for none."""
    group = np.full(n, -1)
    for k, finding in enumerate(f for f in findings if f.name == "community_size"):
        group[list(finding.row_ids)] = k
    return group


# ---- what is counted -------------------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(graphs(), st.permutations(range(NODES)))
def test_twin_renumbered_and_doubled(graph, order):
    expected = naive.communities(like(undirected(graph), weights=None))
    for other in (graph, renumbered(graph, [k for k in order if k < graph.n]), twice(graph)):
        found = whole(communities(other, null_models=0, runs=2))
        for name in COUNTED:
            value = expected.get(name)
            assert found[name] == (None if value is None else pytest.approx(value, abs=1e-9)), name


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=25))
def test_likeness_of_divisions(pairs):
    one, other = (np.array(part) for part in zip(*pairs))
    assert nmi(one, other) == pytest.approx(naive.nmi(one.tolist(), other.tolist()), abs=1e-9)
    assert nmi(one, one) == pytest.approx(1)
    assert likeness(one, other) == pytest.approx(naive.firmness(one.tolist(), [other.tolist()]))


def test_how_firm_is_the_mean_over_runs():
    graph, _ = planted(120, 8, 4, 0.5, 1)
    ties = Ties(graph, weighted=False)
    runs = several(ties, 1.0, 5, 3)
    together = agreed(ties, runs, 1.0, 3)
    who = grouped(ties, runs, together)
    expected = naive.firmness(together[ties.people].tolist(), [groups.tolist() for groups in runs.groups])
    assert who.firmness[ties.people] == pytest.approx(expected)
    assert (who.group[who.firmness < grouping.FIRM] == -1).all()
    assert np.bincount(who.group[who.group >= 0]).min(initial=99) >= grouping.SMALLEST


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=30))
def test_turns(acts):
    log = a_log([(a, b, k * 1_000_000) for k, (a, b) in enumerate(acts)], 4)
    assert sorted(turns(log)[2].tolist()) == naive.turns(log)


def a_log(acts, n):
    acts = sorted(acts, key=lambda act: act[2])
    return Log(
        n_people=n,
        source=np.array([a for a, _, _ in acts], np.int32),
        target=np.array([b for _, b, _ in acts], np.int32),
        at=np.array([at for _, _, at in acts], np.int64),
        kind=np.zeros(len(acts), np.uint8),
        kinds=("reply",),
        post=np.full(len(acts), -1, np.int32),
    )


# ---- published -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "best"), [("karate.graph", 0.4198), ("dolphins.gml", 0.5285), ("football.gml", 0.6046), ("jazz.graph", 0.445)]
)
def test_the_highest_modularity_that_is_known(name, best):
    found = whole(communities(network(name), null_models=5))
    assert found["modularity"] == pytest.approx(best, abs=1e-3)
    assert found["beyond_chance"] > 3
    assert found["communities"] >= 2


def test_football_teams_play_in_conferences():
    found = communities(network("football.gml"), label="value", null_models=0)
    assert whole(found)["label_overlap"] > 0.9
    assert whole(found)["label_overlap_null"] < 0.4
    fits = [f.value for f in found if f.name == "label_group"]
    assert len(fits) == 12
    assert sum(value > 0.6 for value in fits) >= 9


# ---- planted, and nothing --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "strength", "least", "firm"),
    [
        ({"groups": 5}, 0.6, 0.85, 0.9),
        ({"groups": 5}, 0.8, 0.95, 0.95),
        ({"groups": 5, "unequal": True, "hubs": True}, 0.8, 0.75, 0.9),
        ({"groups": 15}, 0.6, 0.9, 0.9),
    ],
)
def test_planted_groups_are_found(how, strength, least, firm):
    graph, known = planted(300, 10, strength=strength, seed=3, **how)
    found = communities(graph, null_models=5)
    group = belongs(found, graph.n)
    assert (group >= 0).mean() >= firm
    assert nmi(known[group >= 0], group[group >= 0]) >= least
    assert whole(found)["stability"] > whole(found)["stability_null"] + 0.2


@pytest.mark.parametrize("hubs", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_where_ties_fall_by_chance_there_are_no_groups(hubs, seed):
    nothing, _ = planted(300, 8, 5, 0.0, seed, hubs=hubs, unequal=hubs)
    swapped = rewired(planted(300, 8, 5, 0.8, seed, hubs=hubs)[0], seed=seed).graph
    for graph in (nothing, swapped):
        found = communities(graph, null_models=10, seed=seed)
        said = next(f for f in found if f.name == "communities")
        assert said.value == 0
        assert "no groups" in said.warning or "nobody belongs" in said.warning
        assert not [f for f in found if f.name == "community_size"]


def test_who_stands_between_two_groups_is_in_neither():
    """Tied to half of each of two groups of twelve; in four of five seeds he is found in neither, and never are the others in doubt."""
    pairs = [(a + k, b + k) for k in (0, 12) for a in range(12) for b in range(a)] + [(24, k) for k in (*range(6), *range(12, 18))]
    found = [communities(woven(pairs, 25, False), null_models=0, seed=seed * 50, resolution=1.0) for seed in range(10)]
    loose = [next(f for f in each if f.name == "unfirm") for each in found]
    assert sum(f.row_ids == (24,) for f in loose) >= 6
    assert all(f.row_ids in ((), (24,)) for f in loose)


def test_without_random_networks_it_is_said_only_where_groups_tell_it_shorter():
    strong, weak = (communities(planted(300, 10, 5, strength, 1)[0], null_models=0) for strength in (0.8, 0.0))
    assert whole(strong)["communities"] == 5
    assert whole(weak)["communities"] is None
    assert next(f.warning for f in weak if f.name == "beyond_chance")


def test_the_same_for_a_seed_and_how_many_random_networks_is_said():
    graph, _ = planted(200, 8, 4, 0.5, 2)
    one, again = (communities(graph, null_models=7) for _ in range(2))
    assert one == again
    null = next(f for f in one if f.name == "modularity_null")
    assert (null.n, null.n_of) == (7, "random networks")


def test_weights_count_where_asked_for():
    draw = np.random.default_rng(1)
    a, b = draw.integers(0, 60, (2, 900))
    weights = np.where(a % 3 == b % 3, 20.0, 1.0)
    graph = from_pairs(a, b, n=60, directed=False, weights=weights)
    assert whole(communities(graph, null_models=5))["communities"] == 0
    found = communities(graph, null_models=5, weighted=True)
    group = belongs(found, 60)
    assert nmi(group, np.arange(60) % 3) > 0.95


def test_ties_that_say_no_are_left_out():
    pairs = [(a + k, b + k) for k in (0, 12) for a in range(12) for b in range(a)]
    across = [(a, 12 + b) for a in range(12) for b in range(12)]
    signs = np.array([1] * len(pairs) + [-1] * len(across), np.int8)
    found = communities(woven(pairs + across, 24, False, signs=signs), null_models=0)
    assert whole(found)["communities"] == 2
    assert "ties that say no left out: 144" in found[0].method


# ---- who joins groups -------------------------------------------------------------------------------------------------------------------


def test_a_planted_broker_is_first():
    graph, known = planted(200, 10, 4, 0.9, 5)
    source = np.repeat(np.arange(200), np.diff(graph.offsets))
    keep = known[source] == known[graph.targets]
    ends = [np.flatnonzero(known == k)[:4] for k in range(4)]
    source = np.concatenate((source[keep], np.full(16, 200)))
    target = np.concatenate((graph.targets[keep], *ends))
    found = communities(from_pairs(source, target, n=201, directed=False), null_models=0)
    brokers = next(f for f in found if f.name == "brokers")
    first = brokers.rows[0]
    assert first.row == 200
    assert "ties into 4 groups" in first.because
    assert "would have no way to the rest" in first.because
    assert first.value < 0.2


# ---- people of a circle ------------------------------------------------------------------------------------------------------------------


def test_a_star_of_exports_says_nothing():
    found = communities(woven([(0, k) for k in range(1, 30)], 30, True, observed=np.arange(30) < 1))
    assert {f.value for f in found} == {None}
    assert all(f.warning.startswith("too few to say") for f in found)


def cliques(*sizes):
    first = np.concatenate(([0], np.cumsum(sizes)))
    return [(int(a), int(b)) for k in range(len(sizes)) for a in range(first[k], first[k + 1]) for b in range(first[k], a)], int(first[-1])


def test_nothing_is_said_of_fewer_than_ten_people_of_a_circle():
    pairs, n = cliques(14, 13, 12, 6)
    graph = woven(pairs, n, False)
    assert [f.value for f in communities(graph, null_models=0) if f.name == "community_size"] == [14, 13, 12, 6]
    found = communities(like(graph, observed=np.ones(n, np.bool_)), null_models=0)
    sizes = [f for f in found if f.name == "community_size"]
    assert [f.value for f in sizes] == [14, 13, None, None], "the third would tell the fourth"
    assert not any(f.rows for f in sizes[2:])
    assert sizes[3].n == 0
    pairs = [pair for f in found if f.name == "group_ties" for pair, _ in f.series]
    assert set(pairs) == {"1–1", "2–2"}


def test_an_opinion_gives_no_rows_of_people():
    pairs, n = cliques(14, 13)
    graph = like(woven(pairs, n, False), labels={"opinion": np.array(["for"] * 14 + ["against"] * 13, object)})
    found = communities(graph, label="opinion", null_models=0)
    assert whole(found)["label_overlap"] == pytest.approx(1)
    assert not any(f.rows for f in found if f.name in ("community_size", "unfirm"))


def test_a_log_of_everybody_is_cut_to_those_who_were_seen():
    pairs, n = cliques(14, 13)
    graph = woven([*pairs, (0, n)], n + 1, False, observed=np.arange(n + 1) < n)
    acts = [act for k, (a, b) in enumerate(pairs) for act in ((a, b, k * DAY), (b, a, k * DAY + 3_600_000_000))]
    found = communities(graph, a_log([*acts, (0, n, 5)], n + 1), null_models=0)
    times = {f.by: (f.value, f.n) for f in found if f.name == "reply_time"}
    assert times[()] == (3600, len(pairs))
    assert times[(("ties", "inside groups"),)] == (3600, len(pairs))


# ---- words ------------------------------------------------------------------------------------------------------------------------------


def words_of(said):
    return Columns(
        of="person",
        n=len(said),
        arrays={
            "person": np.array([who for who, _ in said], np.int32),
            "word": np.array([word for _, word in said], object),
            "n": np.ones(len(said), np.int32),
        },
    )


def test_words_of_ten_people_that_others_say_less():
    group = np.repeat(np.arange(3, dtype=np.int32), 30)
    draw = np.random.default_rng(1)
    common = [(who, f"word{k}") for who in range(90) for k in draw.choice(40, 12, replace=False)]
    bread = [(who, "bread") for who in range(25)] + [(who, "bread") for who in range(30, 33)]
    few = [(who, "secret") for who in range(30, 39)] * 50
    found = group_words.words_of_groups(words_of(common + bread + few), group, 3)
    assert [word for word, _ in found[0]] == ["bread"]
    assert "secret" not in [word for words in found for word, _ in words]


def test_words_said_alike_set_nobody_apart():
    false = 0
    for seed in range(20):
        draw = np.random.default_rng(seed)
        said = [(who, f"word{k}") for who in range(120) for k in draw.choice(60, 20, replace=False)]
        false += sum(map(len, group_words.words_of_groups(words_of(said), np.repeat(np.arange(4, dtype=np.int32), 30), 4)))
    assert false / (20 * 4 * 60) < 0.01


def test_words_come_with_the_communities():
    pairs, n = cliques(14, 13)
    said = [(who, "bread" if who < 14 else "boats") for who in range(n)] + [(who, "weather") for who in range(n)]
    found = communities(woven(pairs, n, False), None, words_of(said), null_models=0)
    assert [[word for word, _ in f.series] for f in found if f.name == "community_words"] == [["bread"], ["boats"]]


# ---- change -----------------------------------------------------------------------------------------------------------------------------


def test_what_became_of_groups():
    before = np.repeat([0, 1, 2, 3, 4, -1], 10).astype(np.int32)
    after = np.repeat([0, 1, 1, 2, -1, 4], 10).astype(np.int32)
    after[35:40] = 3
    after[0:2] = 1
    change = group_change.changes(before, after)
    assert change.went_on == ((0, 0),)
    assert change.merged == (1,)
    assert change.split == (3,)
    assert change.began == (4,)
    assert change.ended == (4,)
    assert change.moved.tolist() == []
    after[50:60] = 0
    after[2:4] = 2
    on = group_change.changes(np.repeat([0, 1], 10).astype(np.int32), np.array([0] * 8 + [1] * 12, np.int32))
    assert on.went_on == ((0, 0), (1, 1))
    assert on.moved.tolist() == [8, 9]


def test_groups_are_followed_through_time():
    draw = np.random.default_rng(2)
    acts = []
    for month, groups in enumerate(([0, 1, 2], [0, 1, 2], [0, 1, 1])):
        for _ in range(1500):
            a, b = draw.integers(0, 60, 2)
            if groups[a // 20] == groups[b // 20] and a != b:
                acts.append((int(a), int(b), (month * 30 + 5) * DAY + len(acts)))
    log = a_log(acts, 60)
    found = communities(from_pairs(log.source, log.target, n=60, directed=True), log, periods="month", null_models=0)
    by_month = {(f.name, f.by[0][1]): f.value for f in found if f.by and f.by[0][0] == "period"}
    assert [by_month["communities", month] for month in ("1970-01", "1970-02", "1970-03")] == [3, 3, 2]
    assert by_month["went_on", "1970-02"] == 3
    assert by_month["merged", "1970-02"] == by_month["moved", "1970-02"] == 0
    assert (by_month["merged", "1970-03"], by_month["went_on", "1970-03"]) == (1, 1)


# ---- options ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [{"null_models": -1}, {"runs": -1}, {"resolution": -0.5}, {"periods": "decade"}, {"label": "nothing"}])
def test_options_that_can_not_be(bad):
    graph, _ = planted(60, 6, 3, 0.8, 1)
    with pytest.raises(UsageError):
        communities(graph, a_log([(0, 1, 1)], 60), **{"null_models": 0} | bad)


def test_a_resolution_is_taken_as_given():
    graph, _ = planted(300, 10, 5, 0.8, 1)
    found, chosen = (whole(communities(graph, null_models=3, **how)) for how in ({"resolution": 3.0}, {}))
    assert (found["resolution"], chosen["communities"]) == (3, 5)
    assert found["stability"] < 0.9 < chosen["stability"], "cut finer than they are, groups fall apart anew in each run"


def test_stability_is_between_runs():
    same = Runs((np.array([0, 0, 1, 1]),) * 4)
    assert same.stability() == (1.0, 1.0, 1.0)
    mean, low, high = Runs((np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))).stability()
    assert mean == pytest.approx(1 / 3)
    assert low <= mean <= high


def test_of_a_large_network_fewer_random_ones_are_made(monkeypatch):
    graph = planted(120, 4, 8, 0.8, 1)[0]
    monkeypatch.setattr("kring.measures.communities.MOST_TIES", 7 * undirected(graph).n_ties)
    for asked, made in ((None, 7), (9, 9)):
        assert next(f for f in communities(graph, null_models=asked) if f.name == "modularity_null").n == made


@pytest.mark.parametrize("weight", [0.0, 1e300])
def test_weights_that_cannot_be_added_up_say_so(weight):
    graph = woven([(a, b) for a in range(12) for b in range(a)], 12, False)
    graph = like(graph, weights=np.full(graph.n_arcs, weight))
    found = communities(graph, weighted=True, null_models=2)
    assert all(f.value is None and f.warning.startswith("can't say: all weights are 0") for f in found)
    assert whole(communities(graph, null_models=2))["modularity"] == pytest.approx(0)
