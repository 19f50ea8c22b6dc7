"""People named to a measure: from lists and files, by id, handle or name; who isn't found is told, and nobody is an error."""

import io
import sys

import numpy as np
import pytest

import kring
from circles import circle_of, town, typed
from kring.errors import ReadError, UsageError
from kring.graph.ids import Numbers, Strings, as_strings, nodes_of
from kring.store import ledger
from kring.verbs import named

STAR = "Source,Target\n" + "\n".join(f"hub,p{k}" for k in range(20)) + "\nother,p3\nother,p30\n"


@pytest.fixture
def network(tmp_path):
    file = tmp_path / "star.csv"
    file.write_text(STAR, encoding="utf-8")
    return file


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "team.txt"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb\n", ["a", "b"]),
        ("\ufeffa\r\n  b c \r\n\r\n# nobody\na\n", ["a", "b c"]),
        ("a # the first\nhttps://x.example/#me\nb\t# tab\n#c", ["a", "https://x.example/#me", "b"]),
        ("Ωmega\n名前", ["Ωmega", "名前"]),
    ],
)
def test_a_file_is_a_list_with_one_a_line(tmp_path, text, words):
    assert named.listed(written(tmp_path, text)) == words


def test_what_names_nobody_is_refused(tmp_path):
    for people in ([], [" "], written(tmp_path, "# only a comment\n\n")):
        with pytest.raises(UsageError, match="Nobody"):
            named.listed(people)
    for people in ("anna", 3):
        with pytest.raises(UsageError, match="list or a file"):
            named.listed(people)


def test_a_file_that_cannot_be_read_is_refused_by_name_and_line(tmp_path):
    with pytest.raises(ReadError, match=r"gone\.txt"):
        named.listed(tmp_path / "gone.txt")
    with pytest.raises(ReadError, match=str(tmp_path.name)):
        named.listed(tmp_path)
    with pytest.raises(ReadError, match="line 2"):
        named.listed(written(tmp_path, "a\nKöln\n", "latin-1"))


def reach(network, *words):
    said = typed("measure", "reach", "--network", network, "--format", "json", *words)
    return said, {(row["name"], *(value for _, value in row["by"])): row for row in said.rows if "name" in row} if said.code == 0 else {}


def test_a_team_in_a_network_file(network, tmp_path, monkeypatch):
    said, found = reach(network, "--from", written(tmp_path, "hub\nother\nnobody\n"))
    assert said.code == 0
    assert '1 of the 3 named is not known here: "nobody".' in said.err
    assert found["reach_1",]["value"] == 21
    assert found["overlap_1",]["value"] == 1
    assert (found["own_1", "hub"]["value"], found["marginal_1", "hub"]["value"]) == (20, 19)
    assert [row["row"] for row in reach(network, "--from", written(tmp_path, "hub\nother\n"), "--rows", "own_1")[0].rows] == [
        "hub",
        "other",
    ]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hub\nother\n")))
    assert reach(network, "--from", "-")[1]["reach_1",]["value"] == 21


def test_the_best_of_the_willing(network, tmp_path):
    said, found = reach(network, "--willing", written(tmp_path, "other\nhub\np1"), "--best", "2")
    assert said.code == 0
    assert found["best_reach",]["value"] == 20
    assert "63% (1 - 1/e)" in found["best_reach",]["method"]
    assert [found["best_gain", rank, who]["value"] for rank, who in (("1", "hub"), ("2", "other"))] == [19, 1]


def test_without_a_team_the_willing_are_chosen_from_and_are_no_team(network, tmp_path):
    _, found = reach(network, "--willing", written(tmp_path, "other\nhub\np1"), "--best", "1")
    assert [name for name, *_ in found] == ["best_reach", "best_gain", "people"]
    assert found["best_reach",]["value"] == 19


def test_whom_to_ask_comes_before_what_the_team_reaches(network, tmp_path):
    (tmp_path / "willing.txt").write_text("other\np1\n")
    _, found = reach(network, "--from", written(tmp_path, "hub\n"), "--willing", tmp_path / "willing.txt", "--best", "1")
    assert [name for name, *_ in found][:5] == ["best_reach", "best_gain", "people", "members", "reach_1"]
    assert (found["best_reach",]["value"], found["reach_1",]["value"]) == (1, 20)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--best", "-1"), "how many of the willing"),
        (("--best", "0"), "how many: --best"),
        ((), "how many: --best"),
        (("--best", "3", "--everyone"), "--everyone"),
    ],
)
def test_a_choice_that_is_none_is_refused(network, tmp_path, words, says):
    said, _ = reach(network, "--willing", written(tmp_path, "other\nhub"), *words)
    assert said.code == 2
    assert says in said.err
    assert said.out == ""


def test_nobody_to_choose_from_is_refused(network):
    said, _ = reach(network, "--best", "3")
    assert said.code == 2
    assert "Say who is willing" in said.err


def test_without_a_team_everybodys_reach_is_told(network):
    _, found = reach(network)
    assert found["most_reach_1",]["value"] == 20
    assert found["mean_reach_1",]["value"] == pytest.approx(22 / 23)


def test_a_team_of_which_nobody_is_known_is_an_error(network, tmp_path):
    for text in ("nobody\n", "", "x\n" * 3):
        said, _ = reach(network, "--from", written(tmp_path, text))
        assert said.code == 2
        assert said.out == ""
    assert reach(network, "--from", tmp_path / "gone.txt")[0].code == 4
    assert reach(network, "--from")[0].code == 2
    assert "team.txt" in reach(network, "--from")[0].err


def test_labels_name_people_where_ids_do_not(tmp_path):
    file = tmp_path / "n.gml"
    nodes = "".join(f'node [ id {k} label "{label}" ] ' for k, label in enumerate(("Anna", "Bo", "Bo", "Chris")))
    file.write_text(f"graph [ directed 1 {nodes} edge [ source 0 target 1 ] edge [ source 0 target 2 ] ]", encoding="utf-8")
    said, found = reach(file, "--from", written(tmp_path, "Anna\nBo\n"))
    assert found["reach_1",]["value"] == 2
    assert "the name of more than one: give the id" in said.err
    assert reach(file, "--from", written(tmp_path, "Bo\n"))[0].code == 2


@pytest.mark.parametrize(
    "ids",
    [None, ["a", "b", "a", "7"], Numbers(np.array([3, 9, 12, 40])), Numbers(np.array([9, 3, 9, 40])), Numbers(np.array([], np.int64))],
)
@pytest.mark.parametrize("kept", [False, True])
def test_many_ids_are_found_as_each_by_itself(ids, kept):
    if kept and isinstance(ids, list):
        ids = as_strings(["a", "b", "c", "7"])
        assert isinstance(ids, Strings)
    n = 4 if ids is None else len(ids)
    wanted = ["a", "40", "9", "b", "9 ", "09", "3", "0", "4", "-1", "", "x" * 300, "99999999999999999999", "7"]
    every = [str(k) for k in range(n)] if ids is None else list(ids)
    assert nodes_of(ids, wanted, n).tolist() == [every.index(word) if word in every else -1 for word in wanted]
    assert nodes_of(ids, [], n).tolist() == []


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    with kring.open(circle_of(town(), tmp_path_factory.mktemp("named") / "circle")) as circle:
        yield circle


def test_words_are_found_together_as_one_by_one(circle):
    lines = circle.people(limit=40)
    words = [word for line in lines for word in (line.id, line.handle, f"@{line.handle}", line.name, line.id.rpartition(":")[2]) if word]
    words += ["nobody at all", "@", "%", "_"]
    called = ledger.accounts_called(circle.engine, words)
    assert len(words) > 100
    for word in words:
        one = ledger.accounts_like(circle.engine, word)
        assert len(one) == 20 or sorted(called[word]) == sorted(one), word


def test_in_a_circle_it_is_us_unless_others_are_named(circle):
    ours = {f.name: f for f in circle.measure("reach") if not f.by}
    assert ours["members"].value == 1
    assert ours["reach_1"].value > 5
    account = circle.us()[0].subject
    assert {f.name: f.value for f in circle.measure("reach", people=[account]) if not f.by} == {name: f.value for name, f in ours.items()}
    both = [claimed.subject for claimed in circle.us()]
    assert len(both) > 1
    assert {f.name: f.value for f in circle.measure("reach", people=both) if not f.by}["members"] == 1
    others = [line.id for line in circle.people(limit=30) if line.id not in both]
    found = [f for f in circle.measure("reach", people=others, kinds=("reply",)) if f.name == "own_1"]
    assert {f.rows for f in found} == {(dict(f.by)["member"],) for f in found}
    assert {f.rows[0] for f in found} <= set(others)
    with pytest.raises(UsageError, match="not known here"):
        circle.measure("reach", people=["nobody at all"])


def test_a_circle_that_does_not_know_us_asks(tmp_path):
    with kring.open(circle_of(town(), tmp_path / "circle")) as circle:
        circle.us_remove(*[claimed.subject for claimed in circle.us()])
        found = {f.name: f for f in circle.measure("reach")}
        assert found["reach_1"].value is None
        assert "kring us add" in found["reach_1"].warning
        assert {f.name: f for f in circle.measure("reach", everyone=True)}["mean_reach_1"].value is not None


def test_why_we_are_nobody_is_said_once_where_all_that_is_ours_is_private(tmp_path):
    chat = tmp_path / "WhatsApp Chat with Neighbours.txt"
    chat.write_text("".join(f"13/03/2024, 12:{k:02d} - Neighbour {k % 12}: hello\n" for k in range(60)), encoding="utf-8")
    with kring.new(tmp_path / "circle", zone="UTC") as circle:
        circle.import_(chat)
        circle.us_add(named="Neighbour 3")
        ours = circle.us()[0].subject
    said = typed("measure", "reach", "--circle", tmp_path / "circle")
    assert said.code == 0
    assert " ".join(said.out.split()).count(f"our account {ours} said and did nothing in public") == 1
    assert "Nobody was named" not in said.out
    there = typed("measure", "reach", "--circle", tmp_path / "circle", "--place", "Neighbours", "--format", "json").rows
    assert next(row["value"] for row in there if row["name"] == "reach_1") > 0
