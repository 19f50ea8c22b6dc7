"""Words for the measure of groups: only what was said in public, and never a name."""

import pytest

import kring
from circles import circle_of, town
from kring.reading.words import words
from kring.schema import FEWEST_PEOPLE
from kring.verbs.inputs import Inputs
from kring.verbs.weave import Asking, weave


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with kring.open(circle_of(town(100), tmp_path_factory.mktemp("words") / "whole")) as circle:
        yield circle


def columns(circle, **asking):
    woven = weave(circle, Asking(**asking), "circle")
    return woven, Inputs(circle, woven).given(["graph", "words"]).arguments


def test_everybody_has_words_and_no_word_is_a_name(whole):
    woven, (graph, said) = columns(whole)
    assert said.n > 100
    assert 0 <= said["person"].min() <= said["person"].max() < graph.n
    names = set().union(*(words(name) for name in woven.people.names))
    assert not names & set(said["word"].tolist())
    assert len(set(zip(said["person"].tolist(), said["word"].tolist()))) == said.n
    assert said["n"].min() >= 1


def test_what_is_said_in_a_chat_is_nobodys_word(whole):
    chats = [place.name for place in whole.places() if place.id.startswith("whatsapp:")]
    assert chats
    _, (_, said) = columns(whole, place=chats[0])
    assert said.n == 0


def test_words_of_groups_are_those_of_ten_people(whole):
    found = whole.measure("communities", null_models=0)
    told = [f for f in found if f.name == "community_words"]
    assert told
    _, (_, said) = columns(whole)
    everybodys = {}
    for who, word in zip(said["person"].tolist(), said["word"].tolist()):
        everybodys.setdefault(word, set()).add(who)
    for word, _ in (pair for f in told for pair in f.series):
        assert len(everybodys[word]) >= FEWEST_PEOPLE
