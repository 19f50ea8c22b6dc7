"""Hashtags in the town: what divides people there is found, what doesn't isn't, nor anything where nothing was planted."""

import pytest

import kring
from circles import circle_of, town, truth
from kring.show.sections_topics import Tag, divides, topics
from kring.verbs import topics as looking

PEOPLE = 300


def tags_of(tmp_path, seed, strengths):
    where = town(PEOPLE, seed, tuple(strengths.items()))
    with kring.open(circle_of(where, tmp_path / "circle")) as circle:
        return truth(where), [Tag(each.tag, each.people, each.camps, each.illusion) for each in looking.topics(circle)]


@pytest.mark.parametrize("seed", [7, 8])
def test_what_divides_the_town_is_found_and_the_rest_is_not(tmp_path, seed):
    true, tags = tags_of(tmp_path, seed, {})
    planted = {each["hashtag"]: each["divides"] for each in true["topics"]}
    looked_at = {tag.name: divides(tag, len(tags)) for tag in tags}
    assert {name: divided for name, divided in looked_at.items() if divided} == {name: True for name in looked_at if planted.get(name)}
    assert any(looked_at.values())
    assert [tag.people for tag in tags] == sorted((tag.people for tag in tags), reverse=True)


def test_nothing_divides_a_town_without_camps(tmp_path):
    _, tags = tags_of(tmp_path, 7, {"polarisation": 0.0})
    section = topics(tags)
    assert tags
    assert not any(divides(tag, len(tags)) for tag in tags)
    assert "None of them divides people" in section.said
    assert {row[2] for row in section.tables[0].rows} <= {"no", "too few to say"}


def test_without_hashtags_it_says_so():
    assert topics([]).empty
    assert not topics([]).tables
