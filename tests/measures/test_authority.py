"""Authority: twin, planted helpfulness, attacks that gain little, masters and apprentices, the town, and what may be said."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kring
import planted_help
from circles import circle_of, town, truth
from kring.graph import NO_TIME
from kring.graph.build import from_pairs, like
from kring.measures.apprentices import _poisson_tail, _sign_tail, lasting
from kring.measures.authority import authority
from kring.measures.helping import credit, from_graph, from_posts, rank_correlation
from kring.schema import Row
from kring.verbs import inputs, weave
from measures import naive
from measures.made import NODES, arcs, graphs, random_graph, renumbered, twice, woven
from measures.talk import columns, talks

DAY = 86_400_000_000


def found(*given_things, **options):
    return {finding.name: finding for finding in authority(*given_things, **options)}


def values(finding):
    assert all(isinstance(row, Row) for row in finding.rows)
    return {row.row: row.value for row in finding.rows}


@given(graphs(directed=True), st.data())
def test_twin(graph, data):
    column = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=graph.n, max_size=graph.n))
    labelled = like(graph, labels={"team": np.array(column, np.object_)})
    assert values(found(graph)["authority"]) == pytest.approx(naive.authority(graph))
    assert values(found(labelled, label="team")["authority"]) == pytest.approx(naive.authority(labelled, label="team"))


@given(talks())
def test_twin_of_answers(posts):
    graph = woven([], 14, True)
    assert values(found(graph, posts)["authority"]) == pytest.approx(naive.authority(graph, posts))


@given(graphs(directed=True), st.permutations(range(NODES)))
def test_renumbering_and_doubling_change_nothing(graph, order):
    order = [k for k in order if k < graph.n]
    value = values(found(graph)["authority"])
    assert values(found(renumbered(graph, order))["authority"]) == pytest.approx({order[v]: x for v, x in value.items()})
    assert values(found(twice(graph))["authority"]) == pytest.approx(value | {v + graph.n: x for v, x in value.items()})


def test_what_counts_half():
    """0 helped 1 (thanked), 2 (not), and 3, who helped back; all hang together by themselves."""
    ring = [(k, k % 6 + 1) for k in range(1, 7)]
    posts = columns(
        author=[1, 0, 2, 0, 3, 0, 0, 3, *(p for pair in ring for p in pair)],
        parent=[-1, 0, -1, 2, -1, 4, -1, 6, *(p for k in range(6) for p in (-1, 8 + 2 * k))],
        question=[1, 0, 1, 0, 1, 0, 1, 0, *[1, 0] * 6],
        answer=[0, 1, 0, 1, 0, 1, 0, 1, *[0, 1] * 6],
        accepted=[0, 1, 0, 0, 0, 1, 0, 0, *[0, 0] * 6],
    )
    row = next(row for row in found(woven([], 10, True), posts)["authority"].rows if row.row == 0)
    assert row.value == 1 + 0.5 + 0.5
    assert row.n == 3
    assert row.because.startswith("helped 3 people")
    assert "2 thanked or took the answer; 1 helped back" in row.because
    assert row.low < row.value < row.high


def test_nobody_helps_himself_and_bots_help_nobody():
    posts = columns(
        author=[1, 1, 2, 3], parent=[-1, 0, 0, 0], question=[1, 0, 0, 0], answer=[0, 1, 1, 1], accepted=[0, 1, 0, 0], by_bot=[0, 0, 1, 0]
    )
    assert from_posts(posts, 5).helper.tolist() == [3]


def test_against_the_ties_when_reversed():
    graph = random_graph(40, 200, seed=3)
    turned = from_pairs([b for _, b in arcs(graph)], [a for a, _ in arcs(graph)], n=40, directed=True)
    assert values(found(turned, reversed=True)["authority"]) == pytest.approx(values(found(graph)["authority"]))
    assert values(found(turned)["authority"]) != values(found(graph)["authority"])


# ---- planted ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("strength", "least"), [(0.5, 0.65), (1.0, 0.8)])
def test_planted_helpfulness_is_found(strength, least):
    graph, helpful = planted_help.helped(3, people=400, each=8, strength=strength)
    column = np.array([str(x) for x in helpful], np.object_)
    said = found(like(graph, labels={"followers": column}))
    assert said["followers_correlation"].low > least - 0.1
    assert said["followers_correlation"].value > least


def test_where_followers_are_chance_they_explain_nothing():
    graph, _ = planted_help.helped(3, people=400, each=8, strength=1.0)
    by_chance = np.random.default_rng(1).pareto(1.0, 400)
    said = found(like(graph, labels={"followers": np.array([str(x) for x in by_chance], np.object_)}))
    assert said["followers_correlation"].low < 0 < said["followers_correlation"].high
    assert said["followers_explain"].value < 0.05


@pytest.mark.parametrize(("attack", "size", "most"), [("puppets", 200, 8), ("a crowd of puppets", 100, 8), ("a ring of ten", 9, 5)])
def test_an_attack_gains_little(attack, size, most):
    graph, _ = planted_help.helped(1, people=300, each=6, strength=1.0)
    after, attacker = planted_help.attacked(graph, attack, size, 1)
    gained = values(found(after)["authority"])[attacker] - values(found(graph)["authority"]).get(attacker, 0)
    assert 0 < gained <= most


def test_without_an_attack_nobody_loses():
    """Nearly everybody who was helped in a network of real people speaks for himself."""
    graph, _ = planted_help.helped(1, people=300, each=6, strength=1.0)
    help = from_graph(graph, turned=False)
    assert credit(help, None).alone.sum() < 0.02 * len(help.asker)


# ---- masters and apprentices --------------------------------------------------------------------------------------------------------------


def timed(pairs, n, seed=0):
    """Help at the days given: (asker, helper, times, days)."""
    a, h, times, days = (np.array(column) for column in zip(*pairs))
    return from_pairs(a, h, n=n, directed=True, weights=times.astype(float), at=np.full(len(a), DAY), last_at=DAY + days * DAY)


def test_a_master_is_found_and_chance_is_not():
    draw = np.random.default_rng(2)
    noise = [(int(a), int(h), 1, 0) for a, h in draw.integers(0, 52, (300, 2)) if a != h]
    one_way = found(timed([*noise, (50, 51, 12, 200)], 52))["apprentices"]
    assert one_way.value == 1
    assert one_way.rows[0].row == 51
    assert "helped 50, 12 times over 200 days, and was helped 0 times" in one_way.rows[0].because
    assert found(timed([*noise, (50, 51, 12, 200), (51, 50, 11, 200)], 52))["apprentices"].value == 0
    assert found(timed([*noise, (50, 51, 12, 20)], 52))["apprentices"].value == 0
    assert found(timed([*noise, (50, 51, 2, 200)], 52))["apprentices"].value == 0


def test_where_who_helps_whom_is_chance_nobody_is_named():
    named = 0
    for seed in range(60):
        graph, _ = planted_help.helped(seed, people=40, each=30, strength=1.0)
        named += bool(
            lasting(
                from_graph(like(graph, first_at=np.zeros(graph.n_arcs, np.int64), last_at=np.full(graph.n_arcs, 300 * DAY)), turned=False)
            )
        )
    assert named <= 6


def test_tails():
    assert _sign_tail(5, 5) == pytest.approx(1 / 32)
    assert _sign_tail(1, 2) == pytest.approx(0.75)
    assert _poisson_tail(1, 0.5) == pytest.approx(1 - np.exp(-0.5))
    assert _poisson_tail(3, 10) == pytest.approx(1 - np.exp(-10) * (1 + 10 + 50))
    assert _poisson_tail(20, 0.01) == pytest.approx(0.01**20 / 2.43290200817664e18, rel=0.02)


def test_without_times_nobody_is_an_apprentice():
    assert "isn't known when" in found(random_graph(40, 200, seed=3))["apprentices"].warning


# ---- the town -----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    with kring.open(circle_of(town(300), tmp_path_factory.mktemp("help") / "circle")) as opened:
        yield opened


def people_of_the_town():
    """Who is behind each account, by its id in the store without the site's own name."""
    found = {}
    for person in truth(town(300))["people"]:
        for network, account in person["accounts"].items():
            name = account.split("/")[-1]
            found[{"mastodon": f"mastodon:{name}", "forum": f"stackexchange:{name}"}.get(network, f"mail:{account}")] = person["id"]
    return found


def short(id):
    network, _, account = id.partition(":")
    return f"{network}:{account.split('@')[0] if network == 'mastodon' else account.split('/')[-1]}"


def test_thanks_of_the_town_are_read(circle):
    """Precision and recall of the rule, by how often each person was thanked; and nobody thanked those whom nobody thanks."""
    people, helpers = people_of_the_town(), {helper["id"]: helper for helper in truth(town(300))["helpers"]}
    woven_circle = weave.weave(circle, weave.Asking(), "circle")
    _, thanked = inputs.read_answers(circle, woven_circle)
    authors = woven_circle.posts.author[np.flatnonzero(thanked)]
    counted = Counter(person for row in authors if (person := people.get(short(woven_circle.people.ids[row]))) in helpers)
    right = sum(min(n, helpers[person]["thanked_in_exports"]) for person, n in counted.items())
    assert right / counted.total() > 0.95
    assert right / sum(helper["thanked_in_exports"] for helper in helpers.values()) > 0.85
    assert not set(truth(town(300))["thankless"]["planted"]) & set(counted)


def test_helpers_of_the_town_are_found(circle):
    people, helpers = people_of_the_town(), {helper["id"]: helper for helper in truth(town(300))["helpers"]}
    rows = next(finding.rows for finding in circle.measure("authority") if finding.name == "authority")
    credited: Counter[str] = Counter()
    for row in rows:
        credited[people.get(short(row.row), "")] += row.value
    helped = np.array([helpers[person]["helped_in_exports"] for person in helpers])
    assert rank_correlation(np.array([credited[person] for person in helpers]), helped)[0] > 0.8
    quiet = [row for row in rows if people.get(short(row.row)) in truth(town(300))["thankless"]["planted"]]
    assert quiet
    assert all("; 0 thanked or took the answer" in row.because for row in quiet)


NOTHING_PLANTED = (("authority", 0), ("ring", 0), ("puppets", 0), ("apprentices", 0))


def test_masters_of_the_town_are_found_and_none_where_none_are(circle, tmp_path):
    people = people_of_the_town()
    found = next(finding for finding in circle.measure("authority") if finding.name == "apprentices")
    assert {people.get(short(row.row)) for row in found.rows} == {pair["master"] for pair in truth(town(300))["authority"]["masters"]}
    with kring.open(circle_of(town(300, strengths=NOTHING_PLANTED), tmp_path / "circle")) as without:
        assert next(finding for finding in without.measure("authority") if finding.name == "apprentices").value == 0


def test_quiet_helpers_of_the_town_stand_above_its_ring(circle):
    people, parts = people_of_the_town(), truth(town(300))["authority"]
    rows = next(finding.rows for finding in circle.measure("authority") if finding.name == "authority")
    credit_of = {people.get(short(row.row)): row.value for row in rows if str(row.row).startswith("stackexchange")}
    quiet = [credit_of[each["id"]] for each in parts["quiet_helpers"]]
    assert min(quiet) > 4 * max(credit_of.get(each["id"], 0) for each in parts["ring"])
    assert min(quiet) > 1.5 * credit_of[parts["praised_by_puppets"]["id"]]
    assert parts["popular_who_helps_nobody"]["id"] not in credit_of


# ---- what may be said ---------------------------------------------------------------------------------------------------------------------


def test_rows_are_in_no_order_of_rank_and_of_whom_they_are_asked():
    graph, _ = planted_help.helped(3, people=100, each=8, strength=1.0)
    rows = found(graph)["authority"].rows
    assert [row.row for row in rows] == sorted(row.row for row in rows)
    assert [row.row for row in found(graph, whose=np.array([7, 3]))["authority"].rows] == [3, 7]
    assert "never publish" in found(graph)["authority"].warning


def test_fewer_than_ten_helpers_are_too_few_in_a_circle():
    posts = columns(author=[0, 1, 2, 1], parent=[-1, 0, -1, 2], question=[1, 0, 1, 0], answer=[0, 1, 0, 1])
    said = found(woven([], 20, True), posts)
    assert all(finding.value is None and finding.warning.startswith("too few to say") for finding in said.values())


def test_times_that_are_not_known_are_no_times():
    posts = columns(author=[0, 1], at=[NO_TIME, NO_TIME], parent=[-1, 0], question=[1, 0], answer=[0, 1])
    assert from_posts(posts, 3).last.tolist() == [NO_TIME]


def test_without_direction_it_says_so():
    assert "no direction" in found(random_graph(40, 100, seed=1, directed=False))["authority"].warning


def test_a_weight_too_large_to_be_a_number_of_times_is_none():
    graph = woven([(a, a % 3) for a in range(3, 30)], 30, True)
    told = found(like(graph, weights=np.full(graph.n_arcs, 1e300)))
    assert told["helped"].value == 27
    assert told["helped"].n == 27
