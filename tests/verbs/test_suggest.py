"""Suggestions against the town's truth: few that are wrong, most that can be known, as sure as they say; and none where there is nobody."""

from itertools import pairwise

import pytest

import kring
from circles import circle_of, town, truth, typed
from kring.errors import UsageError
from kring.measures.saying import wilson
from persons import BINS, TOWNS, judge

SEEDS = (1, 2)


def strengths(name):
    return tuple(TOWNS[name].items())


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """What was suggested in each town of a kind; each is built once."""
    done = {}

    def of(name):
        if name not in done:
            done[name] = []
            for seed in SEEDS:
                folder = town(300, seed, strengths(name))
                with kring.open(circle_of(folder, tmp_path_factory.mktemp("suggest") / "c")) as circle:
                    done[name].append(judge(circle, truth(folder)))
        return done[name]

    return of


@pytest.mark.parametrize(("name", "precision", "recall"), [("as it is", 0.93, 0.5), ("hard", 0.9, 0.35)])
def test_few_are_wrong_and_most_that_can_be_known_are_found(judged, name, precision, recall):
    suggested = [each for one in judged(name) for each in one.at_least(0.8)]
    right, links = sum(each.right for each in suggested), sum(one.links for one in judged(name))
    assert len(suggested) > 150
    assert wilson(right, len(suggested))[0] > precision
    assert wilson(right, links)[0] > recall


def test_it_is_as_sure_as_it_says(judged):
    """Rather a little less sure than it might be, for a town of made-up names has fewer namesakes than one of real ones."""
    everything = [each for name in TOWNS for one in judged(name) for each in one.judged]
    for low, high in pairwise(BINS):
        some = [each for each in everything if low <= each.suggestion.p < high]
        sure = sum(each.suggestion.p for each in some) / max(1, len(some))
        least, most = wilson(sum(each.right for each in some), len(some)) if some else (0, 1)
        assert least - 0.1 < sure < most + 0.03, f"{len(some)} pairs between {low} and {high}: {sure:.2f}, right {least:.2f} to {most:.2f}"


def test_where_nobody_has_two_accounts_hardly_any_is_suggested(judged):
    for one in judged("nobody has two"):
        assert one.links == 0
        assert len(one.at_least(0.8)) <= 1
        assert one.accounts > 200


def test_shared_telephones_are_not_suggested(judged):
    shared = [each for one in judged("hard") for each in one.judged if each.suggestion.rule == "same-telephone"]
    assert any(not each.right for each in shared), "some are a family's"
    assert not [each for each in shared if each.suggestion.p >= 0.8]


def test_what_was_answered_is_not_asked_again(tmp_path):
    with kring.open(circle_of(town(), tmp_path / "c")) as circle:
        first, second, *_ = circle.suggest(limit=None)
        circle.answer(first, same=True)
        (wall,) = circle.answer(second, same=False)
        left = [each.accounts for each in circle.suggest(least=0.0, limit=None)]
        assert not {first.accounts, second.accounts} & set(left)
        assert circle.person(first.accounts[0]).person.accounts == tuple(
            sorted(first.accounts, key=circle.person(first.accounts[0]).person.accounts.index)
        )
        with pytest.raises(UsageError, match=str(wall)):
            circle.answer(second, same=True)
        circle.carry_out(circle.undoing(rule=first.rule, since="2020"))
        again = [each.accounts for each in circle.suggest(limit=None)]
        assert first.accounts in again


def test_nobody_is_merged_by_looking(tmp_path):
    with kring.open(circle_of(town(), tmp_path / "c")) as circle:
        before = circle.persons()
        assert circle.suggest(least=0.0)
        assert circle.persons() == before


def test_no_pair_is_suggested_that_follows_from_others(tmp_path):
    with kring.open(circle_of(town(), tmp_path / "c")) as circle:
        for each in circle.suggest(limit=None):
            circle.answer(each, same=True)
        assert circle.suggest(limit=None) == []


@pytest.mark.parametrize("least", ["2", "-0.1", "nan"])
def test_a_probability_is_between_0_and_1(tmp_path, least):
    circle = circle_of(town(), tmp_path / "c")
    said = typed("person", "suggest", "--least", least, "--list", "--circle", circle)
    assert said.code == 2
    assert "probability" in said.err
