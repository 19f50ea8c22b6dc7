"""kring graph build and info as a user types them; graphs of files tell of people only where asked to, and remember that they did."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from circles import in_process_of_its_own as in_process
from circles import typed
from kring.graph import folder

TIES = "anna,ben\nben,anna\nben,carla\ncarla,anna\nanna,anna\nbroken\nanna,ben\n"


@pytest.fixture
def ties(tmp_path):
    file = tmp_path / "ties.csv"
    file.write_text(TIES)
    return file


def built(*words):
    said = typed("graph", "build", *words, "--format", "json")
    assert said.code == 0, said.err
    return said.rows[0], said.err


@pytest.mark.parametrize(
    ("flags", "arcs", "directed"), [((), 4, True), (("--directed",), 4, True), (("--undirected",), 6, False), (("--mutual",), 2, False)]
)
def test_a_file_becomes_a_graph(ties, tmp_path, flags, arcs, directed):
    row, err = built(ties, "-o", tmp_path / "g", *flags)
    assert (row["n"], row["n_arcs"], row["directed"]) == (3, arcs, directed)
    assert (row["n_loops"], row["n_bad"], row["ids"], row["made_from"]) == (1, 1, "words", ["ties.csv"])
    assert "ties.csv, line 6" in err
    assert ("Nothing says" in err) == (not flags)
    assert typed("graph", "info", tmp_path / "g", "--check", "--format", "json").rows == [row]
    assert "3 people" in typed("graph", "info", tmp_path / "g").out


def test_weights_are_how_often_where_asked_and_what_stands_there_else(ties, tmp_path):
    assert built(ties, "-o", tmp_path / "a")[0]["beside"] == []
    assert built(ties, "-o", tmp_path / "b", "--weights")[0]["beside"] == ["weights"]
    assert folder.open(tmp_path / "b").weights.tolist() == [2, 1, 1, 1]
    weighed = tmp_path / "w.csv"
    weighed.write_text("source,target,weight\nanna,ben,3\nben,carla,0.5\n")
    assert built(weighed, "-o", tmp_path / "c")[0]["beside"] == ["weights"]
    assert built(weighed, "-o", tmp_path / "d", "--no-weights")[0]["beside"] == []
    assert folder.open(tmp_path / "c").weights.tolist() == [3, 0.5]
    assert typed("graph", "build", weighed, "-o", tmp_path / "e", "--mutual", "--weights").code == 2
    (tmp_path / "w.gml").write_text("graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight 4 ] ]")
    assert built(tmp_path / "w.gml", "-o", tmp_path / "f")[0]["beside"] == ["weights"]
    assert built(tmp_path / "w.gml", "-o", tmp_path / "h", "--no-weights")[0]["beside"] == []
    assert typed("graph", "build", tmp_path / "w.gml", "-o", tmp_path / "i", "--mutual").code == 2


def test_what_there_is_no_room_for_is_said_or_refused(tmp_path):
    weighed = tmp_path / "w.csv"
    weighed.write_text("source,target,weight\n" + "anna,ben,3\n" * 400_000)
    row, err = built(weighed, "-o", tmp_path / "g", "--memory", "64M")
    assert row["beside"] == []
    assert "Not kept" in err
    said = typed("graph", "build", weighed, "-o", tmp_path / "h", "--memory", "64M", "--weights")
    assert said.code == 2
    assert "--no-weights" in said.err


def test_any_form_of_network_file(tmp_path):
    (tmp_path / "n.gml").write_text('graph [ directed 1 node [ id 1 label "a" town "Delft" ] node [ id 2 ] edge [ source 1 target 2 ] ]')
    assert built(tmp_path / "n.gml", "-o", tmp_path / "g")[0]["n"] == 2
    assert folder.open(tmp_path / "g").labels["town"].tolist() == ["Delft", None]
    np.save(tmp_path / "p.npy", np.array([[0, 1], [1, 2]], np.uint32))
    assert built(tmp_path / "p.npy", "-o", tmp_path / "h")[0]["ids"] == "row numbers"
    assert typed("graph", "build", tmp_path / "n.gml", tmp_path / "p.npy", "-o", tmp_path / "i").code == 2


def test_a_stream_and_several_files(ties, tmp_path):
    with ties.open("rb") as stream:
        said = in_process("graph", "build", "-", "-o", tmp_path / "g", "--format", "json", stdin=stream)
    assert said.code == 0, said.err
    (tmp_path / "more.csv").write_text("dirk,anna\n")
    assert built(ties, tmp_path / "more.csv", "-o", tmp_path / "h")[0]["n"] == 4


def test_a_graph_is_not_lost_by_building_another(ties, tmp_path):
    built(ties, "-o", tmp_path / "g")
    said = typed("graph", "build", ties, "-o", tmp_path / "g", "--mutual")
    assert said.code == 5
    assert "--force" in said.err
    assert folder.open(tmp_path / "g").n_arcs == 4
    assert built(ties, "-o", tmp_path / "g", "--mutual", "--force")[0]["n_arcs"] == 2


@pytest.mark.parametrize("time", ["time", "at", "timestamp"])
def test_columns_are_said_by_what_they_are_and_those_not_used_are_told(tmp_path, time):
    file = tmp_path / "mine.csv"
    file.write_text("from,to,when,mood\nanna,ben,2024-03-05,glad\nben,carla,2024-03-06,sad\n")
    row, err = built(file, "-o", tmp_path / "g", "--columns", f"source=from,target=to,{time}=when")
    assert row["beside"] == ["first_at", "last_at"]
    assert folder.open(tmp_path / "g").first_at.tolist() == [1_709_596_800_000_000, 1_709_683_200_000_000]
    assert err.count("These columns are not used: mood.") == 1
    for more in ((), ("--no-weights",)):
        _, err = built(file, "-o", tmp_path / f"h{len(more)}", *more)
        assert err.count("These columns are not used: when, mood.") == 1
    said = typed("graph", "build", file, "-o", tmp_path / "i", "--columns", "source=from,feeling=mood")
    assert said.code == 4
    for role in ("source", "target", "weight", "rating", "sign", "at", "last", "type"):
        assert role in said.err


CHAT = "".join(
    f"{1 + k % 28:02d}/03/2024, 12:{k % 60:02d} - {'Anna' if k % 2 else 'Ben'}: {'hello' if k % 5 < 3 else 'well, then, yes'}\n"
    for k in range(100)
)
STORY = "".join(f"Once upon a time there were{' very' * (k % 7)} many people here\n" for k in range(100))


@pytest.mark.parametrize("text", [CHAT, STORY, STORY * 1000])
def test_what_is_no_ties_makes_no_network(tmp_path, text):
    file = tmp_path / "chat.txt"
    file.write_text(text)
    for words in (("graph", "build", file, "-o", tmp_path / "g"), ("measure", "degree", "--network", file)):
        said = typed(*words)
        assert said.code == 4
        assert "chat.txt doesn't look like ties" in said.err
        assert said.err.count("Line ") == 3
        assert "kring import" in said.err
    assert [each.name for each in tmp_path.iterdir()] == ["chat.txt"]


def test_a_table_with_a_quarter_of_its_lines_broken_is_read_with_what_is_told(tmp_path):
    file = tmp_path / "ties.csv"
    file.write_text("source,target\n" + "anna,ben\nben,carla\ncarla,dirk\nbroken\n" * 50)
    row, _ = built(file, "-o", tmp_path / "g")
    assert (row["n_arcs"], row["n_bad"]) == (3, 50)
    file.write_text("source,target\n" + "anna,ben\nbroken\n" * 9)
    assert built(file, "-o", tmp_path / "h")[0]["n_bad"] == 9


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "Nothing was given"),
        (("nowhere.csv",), 4, "no file"),
        (("ties.csv", "--memory", "lots"), 2, "size of memory"),
        (("ties.csv", "--columns", "who"), 4, "doesn't say"),
        (("ties.csv", "--mutual", "--directed"), 2, "no direction"),
        (("ties.csv", "--since", "2024"), 2, "no periods"),
        (("ties.csv", "--circle", "c"), 2, "A circle knows"),
    ],
)
def test_what_does_not_go_together_is_refused(ties, tmp_path, monkeypatch, words, code, says):
    monkeypatch.chdir(tmp_path)
    said = typed("graph", "build", *words, "-o", "g")
    assert said.code == code
    assert says in said.err
    assert not (tmp_path / "g").exists()


def test_no_graph_and_a_damaged_one(ties, tmp_path):
    assert typed("graph", "info", tmp_path).code == 5
    built(ties, "-o", tmp_path / "g")
    (tmp_path / "g" / "targets").write_bytes(b"\0" * 16)
    for words in (("graph", "info", tmp_path / "g"), ("measure", "distances", "--network", tmp_path / "g")):
        said = typed(*words)
        assert said.code == 5
        assert "targets" in said.err


def test_the_graph_of_a_circle_is_that_of_its_network_file(shown, tmp_path):
    row, _ = built("--circle", shown, "-o", tmp_path / "g")
    assert row["from_circle"]
    typed("network", "--circle", shown, tmp_path / "n.parquet", "--silent")
    other, _ = built(tmp_path / "n-edges.parquet", "-o", tmp_path / "h")
    assert row["n_arcs"] == other["n_arcs"]
    assert set(folder.open(tmp_path / "h").ids) <= set(folder.open(tmp_path / "g").ids)


# -- who is behind a figure


@pytest.fixture
def town(tmp_path):
    file = tmp_path / "town.txt"
    file.write_text("".join(f"p{k} p{(k * 7 + j) % 40}\n" for k in range(40) for j in (1, 2, 3)))
    built(file, "-o", tmp_path / "g")
    return tmp_path / "g"


def figures(where):
    return typed("measure", "degree", "--network", where, "--format", "json").rows


def test_a_file_gives_rows_only_where_asked_and_says_that_this_is_kept_nowhere(town, tmp_path):
    file = tmp_path / "town.txt"
    assert not any(row["rows"] for row in figures(file))
    assert "--rows NAME, where NAME is one of max_degree" in " ".join(typed("measure", "degree", "--network", file).out.split())
    said = typed("measure", "degree", "--network", file, "--rows", "max_degree", "--format", "json")
    assert {row["row"] for row in said.rows} <= {f"p{k}" for k in range(40)}
    assert said.rows == typed("measure", "degree", "--network", town, "--rows", "max_degree", "--format", "json").rows != []
    assert "written down nowhere" in said.err


def test_a_circle_is_not_taken_for_a_file(shown, tmp_path):
    said = typed("graph", "build", shown, "-o", tmp_path / "g")
    assert said.code == 2
    assert f"kring graph build --circle {shown} -o {tmp_path / 'g'}" in said.err
    said = typed("measure", "degree", "--network", shown)
    assert said.code == 2
    assert f"--circle {shown}" in said.err
    assert not (tmp_path / "g").exists()


def left_by_a_killed_one(path, kind):
    """A folder beside a graph, named for a process that is no more."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return path.parent / f"{path.name}.{gone.pid}.{kind}"


def test_a_graph_that_a_killed_build_had_put_aside_is_back_at_the_next_look(town):
    for words in (("graph", "info", town), ("graph", "info", town, "--check"), ("measure", "degree", "--network", town)):
        town.rename(left_by_a_killed_one(town, "old"))
        said = typed(*words)
        assert said.code == 0, said.err
        assert folder.is_graph(town)


def test_what_killed_builds_left_is_put_back_or_cleared_away_by_the_next(town, tmp_path):
    file = tmp_path / "town.txt"
    town.rename(left_by_a_killed_one(town, "old"))
    for left in (left_by_a_killed_one(town, "new"), tmp_path / f"other.{os.getppid()}.new", tmp_path / f"g.{os.getppid()}.new"):
        left.mkdir()
        (left / "targets").write_bytes(b"half")
    assert typed("graph", "build", file, "-o", town).code == 5  # the old one is back, and isn't lost
    assert folder.open(town).n == 40
    town.rename(aside := left_by_a_killed_one(town, "old"))
    shutil.copytree(aside, town)
    built(file, "-o", town, "--force")
    left = {each.name for each in tmp_path.iterdir()}
    assert left == {"town.txt", "g", f"other.{os.getppid()}.new", f"g.{os.getppid()}.new"}  # another's, and one that somebody is at


def test_a_graph_of_a_file_gives_rows_only_where_asked_and_notes_it(town, tmp_path):
    named = "max_degree"
    assert not any(row["rows"] for row in figures(town))
    assert not (town / "looked.ndjson").exists()
    said = typed("measure", "degree", "--network", town, "--rows", named, "--format", "json")
    assert said.code == 0, said.err
    assert {row["row"] for row in said.rows} <= {f"p{k}" for k in range(40)}
    assert said.rows
    typed("measure", "degree", "--network", town, "--rows", named)
    lines = [json.loads(line) for line in (town / "looked.ndjson").read_text().splitlines()]
    assert [(line["measure"], line["figure"]) for line in lines] == [("degree", named)] * 2
    assert typed("measure", "degree", "--network", town, "--rows", "nothing").code == 2


def test_where_it_cannot_be_noted_it_is_said(town, tmp_path):
    named = "max_degree"
    (town / "looked.ndjson").mkdir()
    said = typed("measure", "degree", "--network", town, "--rows", named)
    assert said.code == 0
    assert "can't be noted" in said.err
