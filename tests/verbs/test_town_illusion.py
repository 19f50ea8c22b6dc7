"""The town's planted opinion, its contented minority and its stuck bridge, from export files to figures; and their controls."""

import pytest

import kring
from kring.town import build

PEOPLE, SEED = 500, 11


def circle(folder, **strengths):
    """A circle of the town's fediverse."""
    build(folder / "town", people=PEOPLE, seed=SEED, languages=("nl",), strengths=strengths)
    made = kring.new(folder / "circle", fictional=True)
    made.import_(folder / "town" / "exports" / "mastodon")
    return made


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    with circle(tmp_path_factory.mktemp("planted")) as made:
        yield made


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    with circle(tmp_path_factory.mktemp("quiet"), hubs=0.0, burst=0.0) as made:
        yield made


def told(circle, name, **options):
    return {f.name: f for f in circle.measure(name, **options) if not f.by}


def test_an_opinion_of_the_much_followed_is_an_illusion_and_one_of_anybody_is_not(planted, quiet):
    asked = {"kinds": ("follow",), "label": "tag:autovrijekade", "null_models": 0}
    found, not_found = told(planted, "illusion", **asked), told(quiet, "illusion", **asked)
    assert found["illusion_p"].value <= 0.01
    assert found["illusion"].low > 0
    assert not_found["illusion_p"].value > 0.05
    assert not_found["carriers"].value == 0


def test_a_contented_minority_is_none(planted):
    found = told(planted, "illusion", kinds=("follow",), label="tag:nachtvissen", null_models=0)
    assert found["majority_strict"].value > found["majority_strict_null"].high
    assert found["majority_strict_with"].value > 0.5
    assert found["illusion_p"].value > 0.05


def test_the_day_the_bridge_got_stuck_stands_out_with_its_hashtag(planted, quiet):
    found = planted.measure("overview")
    days = {dict(f.by)["day"] for f in found if f.name == "spike"}
    assert 1 <= len(days) <= 3
    assert {dict(f.by).get("tag") for f in found if f.name == "spike_from"} >= {"#brugvast"}
    assert told(quiet, "overview")["spikes"].value == 0
