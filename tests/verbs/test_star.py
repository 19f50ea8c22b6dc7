"""The star trap: one resident's exports, or ten of three hundred, never yield the town's figures; nobody's private words leave the house."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kring
from circles import HALL, circle_of, town, truth
from kring.schema import FEWEST_PEOPLE, PRIVATE
from kring.verbs import weave

PEOPLE = 300
OF_THE_TOWN = {
    "distances": {"mean_distance", "median_distance", "effective_diameter", "diameter", "within_1", "within_2", "within_3", "distance_distribution"},
    "degree_assortativity": {"degree_assortativity"},
    "illusion": {"friendship_paradox", "friendship_paradox_median", "degree_assortativity"},
    "overview": {"largest_component_share", "k_core", "core_share", "transitivity"},
    "communities": {"communities", "unfirm", "modularity", "beyond_chance", "stability", "ties_between", "brokers", "embeddedness", "transitivity"},
}  # fmt: skip
"""Figures that say nothing where other people's ties were not seen."""
OF_THOSE_SEEN = ("degree", "reciprocity")
"""Figures that hold for those who were seen, and say so."""
KINDS = [(), *((kind,) for kind in weave.TIE_KINDS), ("reply", "mention"), ("reply", "like", "follow")]


def archives_of(people):
    names = {person["accounts"]["mastodon"].rpartition("/")[2] for person in people}
    return [
        file
        for file in sorted((town(PEOPLE) / "exports" / "mastodon").rglob("*"))
        if file.name.partition(".")[0].partition("_")[0] in names
    ]


def donors():
    found = [person for person in truth(town(PEOPLE))["people"] if person["archive"] and "mastodon" in person["accounts"]]
    return sorted(found, key=lambda person: -len(archives_of([person])))


def own_exports(n, folder):
    """A circle with the archives of some residents, and the chats they gave."""
    circle = kring.new(folder, zone="Europe/Amsterdam")
    files = archives_of(random.Random(n).sample(donors(), n))
    assert len(files) >= n
    for file in files:
        circle.import_(file, as_="mastodon")
    return circle


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A resident who gave everything he has: his archive, his chat, and the mail that passed through the house."""
    with own_exports(1, tmp_path_factory.mktemp("star") / "one") as circle:
        chat = next((town(PEOPLE) / "exports" / "whatsapp").iterdir())
        circle.import_(chat)
        circle.import_(town(PEOPLE) / "exports" / "mail")
        yield circle


@pytest.fixture(scope="module")
def ten(tmp_path_factory):
    with own_exports(10, tmp_path_factory.mktemp("star") / "ten") as circle:
        yield circle


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with kring.open(circle_of(town(PEOPLE), tmp_path_factory.mktemp("star") / "whole")) as circle:
        yield circle


@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: "-".join(kinds) or "talk")
def test_of_one_residents_exports_no_figure_of_the_town_is_told(one, kinds):
    for name, figures in OF_THE_TOWN.items():
        found = {finding.name: finding for finding in one.measure(name, kinds=kinds)}
        assert figures <= set(found)
        for figure in figures:
            assert found[figure].value is None, (name, figure, found[figure])
            assert "too few to say" in found[figure].warning
            assert not [y for _, y in found[figure].series if y is not None]


@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: "-".join(kinds) or "talk")
def test_of_ten_of_three_hundred_neither(ten, kinds):
    private = kinds == ("message",)  # direct posts don't count, so these ten have no ties at all
    for name, figures in OF_THE_TOWN.items():
        found = {finding.name: finding for finding in ten.measure(name, kinds=kinds)}
        assert all(found[figure].value is None for figure in figures), (kinds, name)
    for name in OF_THOSE_SEEN:
        for finding in ten.measure(name, kinds=kinds):
            assert finding.value is None or finding.n <= 10 * 300
            assert private or finding.value is None or re.search(r"all ties were seen of \d+ of \d+ people", finding.boundary), (
                finding.boundary
            )


def test_of_one_residents_exports_reach_ends_after_one_step(one):
    graph, _ = weave.graph(weave.weave(one, weave.Asking(), "circle"))
    assert graph.n > 10
    for person in graph.ids[:8]:
        found = {finding.name: finding for finding in one.measure("reach", people=[person], willing=graph.ids[8:], best=1, within=2)}
        for figure in ("reach_2", "share_2", "overlap_2", "own_2", "marginal_3", "reach_3", "best_reach"):
            assert found[figure].value is None, (person, figure)
            assert found[figure].warning.startswith("too few to say")
    everyone = {finding.name: finding for finding in one.measure("reach", everyone=True)}
    assert {name for name, finding in everyone.items() if finding.value is not None} == {"people"}


def test_of_all_exports_they_are_told(whole):
    """The control: without it the tests above would pass for a Kring that never says anything."""
    found = {finding.name: finding for name in OF_THE_TOWN for finding in whole.measure(name) if not finding.by}
    for figure in set().union(*OF_THE_TOWN.values()) - {"distance_distribution"}:
        assert found[figure].value is not None, figure
        assert found[figure].boundary
    reached = {finding.name: finding for finding in whole.measure("reach")}
    assert reached["reach_1"].value < reached["reach_2"].value < reached["reach_3"].value


def test_the_report_of_one_residents_exports_says_too_few(one, tmp_path):
    page = one.report(tmp_path / "one.html").read_text(encoding="utf-8")
    assert "too few to say" in page.lower()


# -- private words


def test_private_posts_are_in_no_general_figure(whole):
    """The circle's figures are those of a circle that never held a private post."""
    acts = weave.weave(whole, weave.Asking(weave.TIE_KINDS), "circle")
    assert {weave.VISIBILITIES[v] for v in set(acts.posts.visibility.tolist())} & set(PRIVATE) == set()
    private = {post.id for post in whole.posts(limit=None) if post.visibility in PRIVATE}
    assert len(private) > 1_000
    for name in ("activity", "threads", "questions"):
        for finding in whole.measure(name):
            assert not private & set(finding.row_ids), finding.name


def test_the_network_holds_only_those_who_said_or_did_something_public(whole, tmp_path):
    written = whole.network(tmp_path / "n.graphml")
    text = (tmp_path / "n.graphml").read_text(encoding="utf-8")
    public = {post.author for post in whole.posts(limit=None) if post.visibility not in PRIVATE}
    chat_only = {post.author for post in whole.posts(limit=None) if post.id.startswith("whatsapp:")} - public
    assert chat_only
    assert not [author for author in chat_only if author in text]
    assert "whatsapp:" not in text
    assert written.people > 100


def test_private_words_are_not_in_the_report(whole, tmp_path):
    page = whole.report(tmp_path / "r.html").read_text(encoding="utf-8")
    ours = {id for finding in whole.measure("response") if finding.name == "waiting" for id in finding.rows}
    texts = [post.text for post in whole.posts(limit=None) if post.visibility in PRIVATE and len(post.text) > 40 and post.id not in ours]
    public = " ".join(post.text for post in whole.posts(limit=None) if post.visibility not in PRIVATE or post.id in ours)
    only_private = [text for text in texts if text[:40] not in public]
    assert len(only_private) > 100
    assert not [text for text in only_private if text[:40] in page]


def test_figures_of_a_place_are_only_about_that_place(whole):
    for place in whole.places():
        members = {post.author for post in whole.posts(place=place.id, limit=None)}
        for name in ("degree", "activity", "distances", "reciprocity"):
            for finding in whole.measure(name, place=place.id):
                assert place.name in finding.boundary
                if finding.rows_of == "person":
                    assert set(finding.row_ids) <= members
        activity = {finding.name: finding for finding in whole.measure("activity", place=place.id)}
        here = [post for post in whole.posts(place=place.id, limit=None) if post.author]
        assert activity["active_people"].value <= len({post.author for post in here})


def test_fewer_than_ten_in_a_chat_get_no_figures(tmp_path):
    lines = "".join(f"0{d}-03-2024 10:{m:02} - P{(d + m) % (FEWEST_PEOPLE - 1)}: hello {m}\n" for d in range(1, 9) for m in range(30))
    chat = tmp_path / "WhatsApp-chat met Small.txt"
    chat.write_text(lines, encoding="utf-8")
    with kring.new(tmp_path / "circle") as circle:
        circle.import_(chat)
        (place,) = circle.places()
        for name in ("degree", "distances", "reciprocity", "degree_assortativity"):
            for finding in circle.measure(name, place=place.id):
                assert finding.value is None or finding.name in ("people", "n_ties"), finding
        page = circle.report(tmp_path / "small.html", place=place.name).read_text(encoding="utf-8")
        assert "too few to say" in page.lower()


# -- those who said no


def say(circle, who, answer, scope=""):
    with circle.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO consent (who, scope, answer, evidence, at) VALUES (?, ?, ?, 'a test', 1)", (who, scope, answer)
        )


@pytest.fixture
def own(tmp_path):
    with kring.open(circle_of(town(), tmp_path / "own")) as circle:
        yield circle


def busiest(circle, network):
    return next(person for person in circle.people(limit=None) if person.id.startswith(network) and not person.us and person.kind != "bot")


@pytest.mark.parametrize("network", ["mastodon", "stackexchange", "mail", "whatsapp"])
def test_who_said_no_is_nowhere(own, network, tmp_path):
    name = busiest(own, network).name
    everything = own.posts(limit=None)
    theirs = [post for post in everything if post.author_name == name]
    accounts = [person.id for person in own.people(limit=None) if person.name == name]
    assert len(theirs) > 3
    words = {max(re.findall(r"\w+", post.text), key=len) for post in theirs[:20] if post.text}
    for id in accounts:
        say(own, id, "no")
    assert own.posts(limit=None) == [post for post in everything if post.author_name != name]
    assert not any(own.posts(author=id) for id in accounts)
    for word in words:
        assert name not in {hit.author_name for hit in own.search(word, limit=1_000).posts}
    nowhere = {post.id for post in theirs} | set(accounts)
    for measure in ("activity", "threads", "questions", "response", "degree", "distances", "reciprocity"):
        for kinds in (), weave.TIE_KINDS:
            for finding in own.measure(measure, kinds=kinds):
                assert not nowhere & set(finding.row_ids), (measure, finding.name)
    for kinds in (), weave.TIE_KINDS:
        for form in ("gexf", "graphml", "csv"):
            for path in own.network(tmp_path / f"n.{form}", kinds=kinds, force=True).paths:
                is_not_in(Path(path).read_bytes(), name, accounts)
    is_not_in(own.report(tmp_path / "r.html").read_bytes(), name, accounts)
    for place in own.places():
        if place.members:  # a chat: its members know each other by name
            is_not_in(own.report(tmp_path / "place.html", place=place.id).read_bytes(), name, accounts)


def is_not_in(written, name, accounts):
    for text in (name, *accounts):
        found = re.search(re.escape(text.encode()) + rb"(?!\w)", written)
        assert not found, written[max(0, found.start() - 200) :][:400]


def test_a_later_yes_brings_them_back_and_a_no_for_one_thing_is_not_a_no_for_all(own):
    who = busiest(own, "mastodon")
    before = own.posts(limit=None)
    say(own, who.id, "no", "newsletter")
    assert own.posts(limit=None) == before
    say(own, who.id, "no")
    assert len(own.posts(limit=None)) < len(before)
    say(own, who.id, "yes")
    assert own.posts(limit=None) == before


@settings(max_examples=12, deadline=None)
@given(st.sets(st.integers(0, 60), max_size=25), st.sampled_from([(), weave.TIE_KINDS, ("reply",), ("like", "share")]))
def test_whoever_said_no_the_network_is_that_of_the_others(shared, which, kinds):
    """Leaving people out before weaving or from what was woven is the same: no tie to them, and no other tie changes."""
    circle, before = shared
    everyone = [person.id for person in circle.people(limit=None)]
    no = {everyone[i] for i in which if i < len(everyone)}
    with circle.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM consent")
    for who in no:
        say(circle, who, "no")
    woven = weave.weave(circle, weave.Asking(kinds), "circle")
    assert ties(woven) == {tie for tie in before[kinds] if not no & set(tie)}


def ties(woven):
    ids = woven.people.ids
    return {(ids[a], ids[b]) for a, b in zip(woven.source.tolist(), woven.target.tolist())}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = circle_of(town(), tmp_path_factory.mktemp("consent") / "circle")
    with kring.open(folder) as circle:
        circle.us_remove(*(claimed.subject for claimed in circle.us()))
        before = {
            kinds: ties(weave.weave(circle, weave.Asking(kinds), "circle"))
            for kinds in ((), weave.TIE_KINDS, ("reply",), ("like", "share"))
        }
        yield circle, before


def test_the_town_hall_is_ours(whole):
    assert {person.name for person in whole.people(limit=None) if person.us} == {HALL}
