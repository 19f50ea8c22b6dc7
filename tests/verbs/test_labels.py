"""What is known of people beside a network: tables in all forms that people have, and what a circle knows itself; and protected traits."""

import io

import numpy as np
import pytest

import kring
from circles import circle_of, town, truth
from kring.errors import UsageError
from kring.graph import files
from kring.measures import labels as groups
from kring.verbs import inputs, labels
from kring.verbs.progress import SILENT
from kring.verbs.weave import Asking

EDGES = "1 2\n2 3\n3 4\n4 1\n"
WORDS = "Source,Target\nanna,bo\nbo,chris\n"


def network(text):
    return files.read("ties.csv", lambda: io.BytesIO(text.encode())).graph


def table(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "labels.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("header", ["", "id{s}opinion\n", "vertex{s}opinion\n", "who{s}what\n", "nr{s}label\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_a_table_of_two_columns_is_read_whatever_stands_between_and_above(tmp_path, separator, header):
    text = header.format(s=separator) + "".join(f"{id}{separator}{id % 2}\n" for id in (1, 2, 3, 4))
    graph, label = labels.of_network(network(EDGES), table(tmp_path, text), "opinion", SILENT)
    assert label == "opinion"
    assert [graph.labels["opinion"][k] for k in range(graph.n)] == [str(int(id) % 2) for id in graph.ids]


@pytest.mark.parametrize("header", ["", "name,side\n", "vertex,side\n"])
def test_ids_may_be_words(tmp_path, header):
    graph, _ = labels.of_network(network(WORDS), table(tmp_path, header + "anna,yes\nchris,no\n"), "", SILENT)
    has, value = groups.trait(graph, labels.of_network(network(WORDS), table(tmp_path, header + "anna,yes\nchris,no\n"), "", SILENT)[1])
    assert (dict(zip(graph.ids, has.tolist())), value) == ({"anna": 1, "bo": -1, "chris": 0}, "yes")


def test_who_is_not_in_the_network_is_told_and_adds_nobody(tmp_path):
    told = []
    progress = type("Told", (), {"say": lambda _, text: told.append(text), "at": lambda *_: None})()
    graph, _ = labels.of_network(network(EDGES), table(tmp_path, "id,side\n1,a\n9,b\n"), "side", progress)
    assert graph.n == 4
    assert "1 of the 2 people" in told[0]
    with pytest.raises(UsageError, match="Nobody"):
        labels.of_network(network(EDGES), table(tmp_path, "id,side\n8,a\n9,b\n"), "side", SILENT)


def test_of_several_columns_one_must_be_named(tmp_path):
    several = table(tmp_path, "id,side,town\n1,a,x\n2,b,y\n")
    assert labels.of_network(network(EDGES), several, "town", SILENT)[0].labels["town"][0] == "x"
    for wrong in ("", "colour"):
        with pytest.raises(UsageError, match="column") as error:
            labels.of_network(network(EDGES), several, wrong, SILENT)
        assert "side, town" in error.value.next


def with_labels(values, name="side"):
    return network(EDGES).__class__(**{s: getattr(network(EDGES), s) for s in network(EDGES).__slots__} | {"labels": {name: values}})


def test_a_trait_is_what_says_yes_or_the_rarer_of_two():
    def of(*values, value=""):
        return groups.trait(with_labels(np.array(values, object)), "side", value)

    assert of(True, 0, "0", 1.0)[0].tolist() == [-1, 0, 0, 1] or of("True", "0", "0", "1")[1] == "1"
    assert of(1, 0, 0, 1.0)[0].tolist() == [1, 0, 0, 1]
    assert of("ja", "nee", None, "nee")[0].tolist() == [1, 0, -1, 0]
    assert of("red", "blue", "blue", "blue")[1] == "red"
    assert of("red", "blue", "blue", "blue", value="blue")[0].tolist() == [0, 1, 1, 1]
    with pytest.raises(UsageError, match="3 values"):
        of("a", "b", "c", "c")
    with pytest.raises(UsageError, match="Nobody"):
        of("a", "b", "c", "c", value="d")


@pytest.mark.parametrize("name", ["gender", "Religion", "etniciteit", "health status", "sex", "age_group"])
def test_nobody_is_divided_by_a_protected_trait(name):
    with pytest.raises(UsageError, match="protected"):
        groups.groups(with_labels(np.array(["a", "b", "a", "b"], object), name), name)


def test_opinions_are_sensitive_and_hashtags_are_what_people_said():
    assert groups.sensitive("opinion")
    assert groups.sensitive("party 2024")
    assert not groups.sensitive("club")
    assert not groups.sensitive("tag:opinion")


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    folder = circle_of(town(), tmp_path_factory.mktemp("labels") / "circle")
    with kring.open(folder) as opened:
        yield opened


def given_in(circle, **asked):
    asking = Asking(**asked)
    return inputs.fetch(circle, asking, "reciprocity", ["graph"]), asking


def test_a_circle_knows_who_wrote_under_a_hashtag(circle):
    given, asking = given_in(circle)
    tag = truth(town())["opinion"]["hashtag"]
    labelled, label = labels.of_circle(circle, given, asking, None, f"tag:#{tag.upper()}", SILENT)
    yes = {id for id, value in zip(labelled.arguments[0].ids, labelled.arguments[0].labels[label]) if value == "yes"}
    wrote = {post.author for post in circle.posts(limit=None) if f"#{tag}".lower() in post.text.lower() and post.visibility == "public"}
    assert wrote
    assert wrote <= yes | {id for id in wrote if id not in labelled.arguments[0].ids}
    with pytest.raises(UsageError, match="#nosuchtag"):
        labels.of_circle(circle, given, asking, None, "tag:nosuchtag", SILENT)


def test_a_table_may_name_people_by_handle(circle, tmp_path):
    people = [person for person in circle.people(limit=200) if person.handle]
    file = table(tmp_path, "handle;club\n" + "".join(f"{person.handle};{k % 2}\n" for k, person in enumerate(people)))
    given, asking = given_in(circle)
    labelled, label = labels.of_circle(circle, given, asking, file, "", SILENT)
    known = [value for value in labelled.arguments[0].labels[label] if value is not None]
    assert label == "club"
    assert set(known) == {"0", "1"}


def test_a_hashtag_keeps_what_was_said_under_it_and_in_answer(circle):
    everything, _ = given_in(circle)
    given, _ = given_in(circle, tag=truth(town())["topics"][0]["hashtag"])
    assert 0 < given.arguments[0].n_arcs < everything.arguments[0].n_arcs
    texts = {line.node: line.text for line in circle.posts(limit=None)}
    posts = given.woven.posts
    first = [texts.get(int(node), "") for node, parent in zip(posts.node, posts.parent) if parent < 0]
    tag = "#" + truth(town())["topics"][0]["hashtag"].lower()
    assert all(tag in text.lower() for text in first if text)
