"""Every command as a user would type it: what it writes where, in which form, and with which exit code."""

import csv
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import igraph
import networkx
import pytest

from circles import HALL, environment, inside, started, town, truth, typed
from circles import in_process_of_its_own as in_process
from kring.graph import files
from kring.kring import all_described

CHAT = """12-03-2024 10:00 - Anna: Wie heeft er een ladder?
12-03-2024 10:04 - Bo: Ik!
13-03-2024 09:00 - Anna: Dank je, tot zo.
"""
OTHER_CHAT = CHAT.replace("Anna", "Ana").replace("ladder", "aanhanger")


@pytest.fixture
def chat(tmp_path):
    file = tmp_path / "WhatsApp-chat met Straat.txt"
    file.write_text(CHAT, encoding="utf-8")
    return file


def zipped(folder: Path, name: str, **files: str) -> Path:
    file = folder / name
    with zipfile.ZipFile(file, "w") as archive:
        for inner, text in files.items():
            archive.writestr(inner.replace("__", "."), text)
    return file


def posts_in(circle) -> int:
    return len(typed("posts", "--circle", circle, "--limit", 0, "--format", "json").rows)


# -- new


def test_new_makes_a_circle_that_says_what_is_next(tmp_path):
    said = typed("new", tmp_path / "a" / "b", "--name", 'Our "street"', "--zone", "Europe/Amsterdam")
    assert (said.code, said.err) == (0, "")
    assert "kring import" in said.out
    assert {file.name for file in (tmp_path / "a" / "b").iterdir()} >= {"kring.db", "kring.toml", ".gitignore"}
    assert typed("posts", "--circle", tmp_path / "a" / "b").code == 0


def test_new_leaves_a_circle_that_is_there_alone(own):
    before = (own / "kring.db").read_bytes(), (own / "kring.toml").read_bytes()
    assert typed("new", own).code == 3
    assert ((own / "kring.db").read_bytes(), (own / "kring.toml").read_bytes()) == before


# -- import


def test_a_file_a_folder_and_a_zip_of_the_same_chat_meet(empty, chat, tmp_path):
    assert typed("import", "--circle", empty, chat).code == 0
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / chat.name).write_text(CHAT, encoding="utf-8")
    packed = tmp_path / "WhatsApp-chat met Straat.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(chat, chat.name)
    for given in (folder, packed):
        said = typed("import", "--circle", empty, given)
        assert said.code == 0
        assert "3 messages (all of them were there already); 2 accounts" in said.out
    assert posts_in(empty) == 3


def test_the_same_file_again_changes_nothing_and_says_so(empty, chat):
    typed("import", "--circle", empty, chat)
    before = typed("posts", "--circle", empty, "--format", "json").out
    said = typed("import", "--circle", empty, chat)
    assert said.code == 0
    assert "imported before (run 1): nothing is changed" in said.out
    assert typed("posts", "--circle", empty, "--format", "json").out == before
    assert len(typed("runs", "--circle", empty, "--format", "json").rows) == 1


def test_it_says_first_how_many_other_people_and_private_messages_there_are(empty, chat):
    assert "2 other people and 3 private messages" in typed("import", "--circle", empty, chat).err


def test_a_stream_is_an_export_too(empty, chat):
    with chat.open("rb") as stream:
        said = in_process("import", "--circle", empty, "-", "--as", "whatsapp:Straat", stdin=stream)
    assert said.code == 0, said.err
    assert posts_in(empty) == 3
    assert [place["name"] for place in typed("places", "--circle", empty, "--format", "json").rows] == ["Straat"]


def test_an_empty_stream_is_refused(empty):
    said = in_process("import", "--circle", empty, "-")
    assert said.code == 4
    assert "Traceback" not in said.err


def test_as_names_the_chat_and_an_unknown_kind_is_refused(empty, chat):
    assert typed("import", "--circle", empty, chat, "--as", "whatsapp:Onze straat").code == 0
    assert typed("places", "--circle", empty, "--format", "json").rows[0]["name"] == "Onze straat"
    said = typed("import", "--circle", empty, chat, "--as", "fax")
    assert said.code == 2
    assert "whatsapp" in said.err


@pytest.mark.parametrize(("zone", "hours"), [("Europe/Amsterdam", 1), ("+05:00", 5), ("", 0)])
def test_the_zone_decides_when_it_was(empty, chat, zone, hours):
    typed("import", "--circle", empty, chat, *(["--zone", zone] if zone else []))
    first = min(post["at"] for post in typed("posts", "--circle", empty, "--format", "json").rows)
    assert first == (1_710_237_600 - hours * 3600) * 1_000_000  # 12 March 2024, 10:00


def test_a_dry_run_says_what_there_is_and_keeps_nothing(empty, chat):
    said = typed("import", "--circle", empty, chat, "--dry-run")
    assert said.code == 0
    assert "3 posts" in said.out
    for command in ("posts", "people", "places", "runs"):
        assert typed(command, "--circle", empty, "--format", "json").rows == []
    assert "nothing is changed" not in typed("import", "--circle", empty, chat).out


def test_of_several_files_the_bad_one_is_told_and_the_others_are_kept(empty, chat, tmp_path):
    bad = tmp_path / "holiday.jpg"
    bad.write_bytes(b"\xff\xd8\xff\xe0" + b"x" * 100)
    other = tmp_path / "WhatsApp-chat met Plein.txt"
    other.write_text(OTHER_CHAT, encoding="utf-8")
    said = typed("import", "--circle", empty, chat, bad, tmp_path / "nowhere.zip", other)
    assert said.code == 4
    assert "holiday.jpg" in said.err
    assert "nowhere.zip" in said.err
    assert posts_in(empty) == 6


# -- us, people, places, posts, search


def test_us_is_added_listed_and_taken_back(own):
    start = {row["subject"] for row in typed("us", "list", "--circle", own, "--format", "json").rows}
    assert len(start) == 3
    everyone = typed("people", "--circle", own, "--format", "json", "--limit", 0).rows
    someone = next(row for row in everyone if not row["us"] and row["handle"])
    for word in (someone["id"], someone["handle"]):
        assert typed("us", "add", "--circle", own, word, "--reason", "a test").code == 0
        assert someone["id"] in {row["subject"] for row in typed("us", "list", "--circle", own, "--format", "json").rows}
        assert typed("us", "remove", "--circle", own, word).code == 0
        assert {row["subject"] for row in typed("us", "list", "--circle", own, "--format", "json").rows} == start
    assert typed("us", "remove", "--circle", own, someone["id"]).code == 2
    assert typed("us", "add", "--circle", own, "--named", HALL).code == 0
    assert typed("us", "add", "--circle", own, "--named", "Nobody At All").code == 2
    assert typed("us", "add", "--circle", own).code == 2


def test_people_are_found_by_a_part_of_their_name(shown):
    found = typed("people", "--circle", shown, "--find", "gemeente", "--format", "json").rows
    assert {row["name"] for row in found} >= {HALL}
    assert typed("people", "--circle", shown, "--find", "nobody at all").out.startswith("Nobody")


def test_posts_are_chosen_by_date_kind_author_and_place(shown):
    def ask(*which):
        return typed("posts", "--circle", shown, "--limit", 0, "--format", "json", *which).rows

    everything = ask()
    by_day = ask("--since", "2024-05-01", "--until", "2024-05-31")
    low, high = 1_714_514_400_000_000, 1_717_192_800_000_000  # May in Amsterdam
    assert {row["id"] for row in by_day} == {row["id"] for row in everything if row["at"] is not None and low <= row["at"] < high}
    assert by_day
    assert {row["kind"] for row in ask("--kind", "question")} == {"question"}
    assert {row["author_name"] for row in ask("--author", HALL)} == {HALL}
    place = typed("places", "--circle", shown, "--format", "json").rows[0]
    assert len(ask("--place", place["name"])) == place["posts"]
    assert [row["at"] or 0 for row in everything] == sorted((row["at"] or 0 for row in everything), reverse=True)
    assert len(typed("posts", "--circle", shown, "--limit", 7, "--format", "json").rows) == 7


def test_search_finds_words_phrases_and_beginnings(shown):
    def found(*words):
        return typed("search", "--circle", shown, "--format", "json", "--limit", 50, *words).rows

    assert found("bridge")
    assert all("bridge" in f"{row['title']} {row['text']}".lower() for row in found("bridge"))
    assert len(found("brid*")) >= len(found("bridge"))
    one = next(row for row in found("bridge") if len(row["text"].split()) > 3)
    two = " ".join(one["text"].split()[:2])
    assert one["id"] in {row["id"] for row in found(f'"{two}"')}
    assert typed("search", "--circle", shown, "xyzzyplugh").code == 0
    assert typed("search", "--circle", shown, "*").code == 2


@pytest.mark.parametrize(
    "words", ['"', "AND", "NEAR(", "a OR", "NOT b", "x:y", "^", "{a}", "-", "a\0b", "a\udcff", "'; DROP TABLE post; --", "(" * 3000]
)
def test_no_word_is_an_operator_of_the_database(shown, words):
    assert typed("search", "--circle", shown, "--", words).code in (0, 2)


# -- runs


def test_a_run_is_taken_back_and_a_dry_one_is_not(own, tmp_path, chat):
    before = {command: typed(command, "--circle", own, "--limit", 0, "--format", "json").rows for command in ("posts", "people")}
    typed("import", "--circle", own, chat)
    run = typed("runs", "--circle", own, "--format", "json").rows[-1]["node"]
    dry = typed("runs", "undo", run, "--circle", own, "--dry-run")
    assert (dry.code, "would take back 3 posts" in dry.out) == (0, True)
    assert posts_in(own) == len(before["posts"]) + 3
    done = typed("runs", "undo", run, "--circle", own)
    assert (done.code, "took back 3 posts" in done.out) == (0, True)
    for command, rows in before.items():
        assert typed(command, "--circle", own, "--limit", 0, "--format", "json").rows == rows
    assert typed("runs", "undo", run, "--circle", own).code == 2
    assert typed("import", "--circle", own, chat).code == 0
    assert posts_in(own) == len(before["posts"]) + 3


def test_unread_says_what_and_what_next(empty, tmp_path):
    lines = CHAT + "13-03-1601 09:00 - Anna: long ago\n"
    file = tmp_path / "WhatsApp-chat met Straat.txt"
    file.write_text(lines, encoding="utf-8")
    typed("import", "--circle", empty, file)
    rows = typed("runs", "unread", "--circle", empty, "--format", "json").rows
    assert [row["kind"] for row in rows if row["kind"] != "skipped"] == ["implausible-time"]
    assert all(row["where"] and row["why"] for row in rows)
    assert typed("runs", "unread", 1, "--circle", empty, "--format", "json").rows == rows
    assert typed("runs", "unread", 99, "--circle", empty).code == 2


# -- measure, report, network, doctor, town


def test_measures_are_listed_explained_and_suggested():
    names = [row["name"] for row in typed("measure", "--format", "json").rows]
    assert {"distances", "reciprocity", "degree_assortativity", "response", "degree"} <= set(names)
    for name in names:
        said = typed("measure", name, "--help")
        assert said.code == 0
        assert "Its figures" in said.out
        assert not re.search(r"<class|Option\(|None\b", said.out.partition("For those who know")[0])
    assert "Did you mean distances?" in typed("measure", "distnaces").err
    assert typed("measure", "distnaces").code == 2


@pytest.mark.parametrize("measure", all_described(), ids=lambda measure: measure.name)
def test_every_option_of_a_measure_is_listed_with_what_it_means_and_named_where_a_wrong_one_was_typed(measure):
    wrong = typed("measure", measure.name, "--wrong", "--network", "x")
    assert wrong.code == 2
    help = typed("measure", measure.name, "--help").out
    for option in measure.options:
        flag = "--from" if option.name == "people" else "--" + option.name.replace("_", "-")
        assert option.means
        assert re.search(rf"^  {flag}\b.* \w+", help, re.MULTILINE)
        assert flag in wrong.err
        if option.name == "directed":
            assert "--directed/--undirected" in help
            assert "--directed/--undirected" in wrong.err
    own = help.partition("For those who know")[0]
    assert not re.search(r"GraphError|UsageError|O\(m", own)
    assert len(help) > len(own)


def test_a_network_file_is_measured_without_a_circle(tmp_path):
    file = tmp_path / "ties.csv"
    file.write_text("Source,Target\n" + "\n".join(f"p{i},p{(i + 1) % 12}" for i in range(12)), encoding="utf-8")
    with inside(tmp_path):
        said = typed("measure", "distances", "--network", file, "--format", "json")
    assert said.code == 0
    found = {row["name"]: row for row in said.rows}
    assert found["people"]["value"] == 12
    assert found["mean_distance"]["value"] == pytest.approx(36 / 11)  # a ring of twelve: (2·(1+…+5)+6)/11
    assert set(found["people"]) >= {"value", "low", "high", "interval_of", "n", "method", "boundary", "warning", "cut", "version"}
    assert typed("measure", "distances", "--network", file, "--since", "2024").code == 2
    assert typed("measure", "response", "--network", file).code == 2


def test_the_rows_behind_a_figure_are_as_many_as_it_says(shown):
    findings = {row["name"]: row for row in typed("measure", "response", "--circle", shown, "--format", "json").rows if not row["by"]}
    for name in ("questions_to_us", "waiting"):
        rows = typed("measure", "response", "--circle", shown, "--rows", name, "--format", "json").rows
        assert len(rows) == findings[name]["value"] > 0
    titled = typed("measure", "response", "--circle", shown, "--rows", "Still waiting", "--format", "json")
    assert titled.rows == rows, "as the table calls it"
    assert typed("measure", "response", "--circle", shown, "--rows", "nothing").code == 2


def test_the_report_is_one_file_that_asks_nothing_of_the_network(shown, tmp_path):
    said = typed("report", "--circle", shown, "-o", tmp_path / "deep" / "report.html")
    assert said.code == 0
    page = (tmp_path / "deep" / "report.html").read_text(encoding="utf-8")
    assert "Waterdrecht" in page
    assert str(tmp_path / "deep" / "report.html") in said.out.replace("\n", "")
    for mark in ("<script src", '<link rel="stylesheet" href', "@import", '<img src="http'):
        assert mark not in page


def test_the_report_is_in_one_zone_and_says_why_it_has_several_numbers_of_people(shown, tmp_path):
    assert typed("report", "--circle", shown, "-o", tmp_path / "report.html").code == 0
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "times in Europe/Amsterdam" in text
    assert "UTC" not in text
    bare = text.replace("\u202f", "")
    line = re.search(r"(\d+) accounts are known by name.*?Behind them, (\d+) people.*?: (\d+) wrote something, and (\d+) have a tie", bare)
    accounts, people, wrote, tied = map(int, line.groups())
    measured = {row["name"]: row["value"] for row in typed("measure", "distances", "--circle", shown, "--format", "json").rows}
    assert measured["people"] == people
    assert accounts >= people >= tied >= measured["largest_component"]
    active = {row["name"]: row["value"] for row in typed("measure", "activity", "--circle", shown, "--format", "json").rows}
    assert wrote == active["active_people"]
    shown_on_map = re.search(r"(?:All (\d+) people who talk|of (\d+) people are shown)", bare)
    assert tied == int(shown_on_map[1] or shown_on_map[2])


@pytest.mark.parametrize("form", ["gexf", "graphml", "csv", "parquet"])
def test_networks_open_again_elsewhere_and_here(shown, tmp_path, form):
    said = typed("network", "--circle", shown, tmp_path / f"n.{form}")
    assert said.code == 0
    people, ties = (int("".join(filter(str.isdigit, word))) for word in said.out.split(" to ")[0].split(" people and "))
    file = tmp_path / (f"n.{form}" if form in ("gexf", "graphml") else f"n-edges.{form}")
    own = files.read(file.name, lambda: file.open("rb")).graph
    assert own.n_arcs == ties
    if form == "gexf":
        opened = networkx.read_gexf(file)
        assert (opened.number_of_nodes(), opened.number_of_edges()) == (people, ties)
    elif form == "graphml":
        opened = igraph.Graph.Read_GraphML(str(file))
        assert (opened.vcount(), opened.ecount()) == (people, ties)
    elif form == "csv":
        with file.open(encoding="utf-8", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == ties


def test_doctor_finds_nothing_wrong_with_a_good_circle(shown):
    said = typed("doctor", "--circle", shown, "--format", "json")
    assert {row["what"] for row in said.rows if not row["ok"]} <= {"could not be read", "free space"}
    assert {row["what"] for row in said.rows} >= {"database", "search index", "unfinished imports"}


def test_the_town_on_the_command_line_is_the_town_in_python(tmp_path):
    said = typed("town", tmp_path / "t", "--people", 30, "--seed", 3, "--strength", "answering=0")
    assert said.code == 0
    assert truth(tmp_path / "t")["strengths"]["answering"] == 0
    files = sorted(p.relative_to(tmp_path / "t") for p in (tmp_path / "t").rglob("*") if p.is_file())
    again = town(30, 3, (("answering", 0.0),))
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert (tmp_path / "t" / "truth.json").read_bytes() == (again / "truth.json").read_bytes()
    assert typed("town", tmp_path / "t").code == 2


# -- what holds for all

LISTS = (
    ("posts",), ("people",), ("places",), ("runs",), ("runs", "unread"), ("us", "list"), ("search", "bridge"),
    ("measure",), ("measure", "degree"), ("measure", "response"), ("doctor",),
)  # fmt: skip


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_every_list_comes_in_every_form_with_the_same_rows(shown, command):
    where = () if command == ("measure",) else ("--circle", shown)
    rows = typed(*command, *where, "--format", "json").rows
    lines = typed(*command, *where, "--format", "ndjson").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    cells = list(csv.DictReader(io.StringIO(typed(*command, *where, "--format", "csv").out)))
    assert [list(cell) for cell in cells] == [list(row) for row in rows]
    assert typed(*command, *where, "--format", "table").out.strip()
    wrong = typed(*command, *where, "--format", "xml")
    assert (wrong.code, wrong.out) == (2, "")


def test_a_list_of_nothing_can_be_read_by_a_program_too(empty):
    for command in ("posts", "people", "places", "runs"):
        assert typed(command, "--circle", empty, "--format", "json").rows == []
        assert typed(command, "--circle", empty, "--format", "ndjson").out == ""
        assert typed(command, "--circle", empty).out.strip()


def test_progress_and_remarks_are_on_stderr_only_and_silent_is_silent(empty, chat):
    said = typed("import", "--circle", empty, chat, "--format", "json")
    assert said.rows[0]["kept"]["posts"] == 3
    assert "other people" in said.err
    for words in (("import", chat, "--zone", "UTC"), ("measure", "distances"), ("report",)):
        assert typed(*words, "--circle", empty, "--silent").err == ""


def every_command(app=None, path=()):
    import typer.main

    from kring.cli.app import app as kring_app

    command = app or typer.main.get_command(kring_app)
    inner = getattr(command, "commands", None)
    if inner is None or path == ("runs",):
        yield path, command
    for name, each in (inner or {}).items():
        yield from every_command(each, (*path, name))


@pytest.mark.parametrize(("path", "command"), list(every_command()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_every_command_has_an_example_and_documents_every_option(path, command):
    assert typed(*path, "--help").code == 0
    assert command.help
    assert f"kring {' '.join(path)}" in (command.epilog or ""), "an example in its help"
    for parameter in command.params:
        if parameter.name not in ("help", "install_completion", "show_completion"):
            assert getattr(parameter, "help", None), parameter.name


# -- where settings come from


def test_a_flag_wins_over_the_environment_which_wins_over_the_file(own, monkeypatch):
    (own / "kring.toml").write_text('format = "csv"\n', encoding="utf-8")
    assert typed("places", "--circle", own).out.startswith("node,")
    monkeypatch.setenv("KRING_FORMAT", "ndjson")
    assert json.loads(typed("places", "--circle", own).out.splitlines()[0])
    assert typed("places", "--circle", own, "--format", "json").rows


def test_the_zone_comes_from_flag_environment_or_file(tmp_path, chat, monkeypatch):
    def first_post(circle):
        return min(post["at"] for post in typed("posts", "--circle", circle, "--format", "json").rows)

    at = 1_710_237_600_000_000
    circles = [tmp_path / name for name in ("flag", "environment", "file")]
    for circle in circles:
        typed("new", circle, "--zone", "+01:00")
    typed("import", "--circle", circles[2], chat)
    monkeypatch.setenv("KRING_ZONE", "+02:00")
    typed("import", "--circle", circles[1], chat)
    typed("import", "--circle", circles[0], chat, "--zone", "+03:00")
    assert [(at - first_post(circle)) // 3_600_000_000 for circle in circles] == [3, 2, 1]


def test_the_circle_comes_from_flag_environment_or_upwards_from_here(tmp_path, chat, monkeypatch):
    for name in ("flag", "environment", "here"):
        typed("new", tmp_path / name)
        typed("import", "--circle", tmp_path / name, chat, "--as", f"whatsapp:{name}")

    def opened(*words):
        return typed("places", "--format", "json", *words).rows[0]["name"]

    (tmp_path / "here" / "deep" / "down").mkdir(parents=True)
    with inside(tmp_path / "here" / "deep" / "down"):
        assert opened() == "here"
        monkeypatch.setenv("KRING_CIRCLE", str(tmp_path / "environment"))
        assert opened() == "environment"
        assert opened("--circle", tmp_path / "flag") == "flag"


# -- as a process: pipes, Ctrl-C


def test_a_reader_that_goes_away_is_no_error(shown):
    with started("posts", "--circle", shown, "--limit", 0) as process:
        assert process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read()
        process.wait(60)
    assert error == ""
    assert process.returncode in (0, 1, 141)


def test_ctrl_c_during_random_networks_says_so(tmp_path):
    ring = tmp_path / "ring.csv"
    ring.write_text("".join(f"{k},{(k * k + 1) % 2000}\n" for k in range(2000)), encoding="utf-8")
    with started("measure", "reciprocity", "--network", ring, "--null-models", 1_000_000) as process:
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
    assert first.startswith("random networks")
    assert (process.returncode, out) == (130, "")
    assert "Stopped." in error
    assert "Traceback" not in error


def test_ctrl_c_during_an_import_leaves_a_run_that_goes_on(empty, tmp_path):
    archive = tmp_path / "list.mbox"
    archive.write_text("".join(_mails(20_000)), encoding="utf-8")
    with started("import", "--circle", empty, archive, small=True) as process:
        _wait_for_posts(empty, process)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "Traceback" not in error
    assert "kept as run 1" in error
    assert "kring runs undo 1" in error
    some = posts_in(empty)
    assert 0 < some < 20_000
    unfinished = next(row for row in typed("doctor", "--circle", empty, "--format", "json").rows if row["what"] == "unfinished imports")
    assert not unfinished["ok"]
    again = typed("import", "--circle", empty, archive)
    assert again.code == 0
    assert "now complete" in again.out
    assert posts_in(empty) == 20_000
    assert [row["state"] for row in typed("runs", "--circle", empty, "--format", "json").rows] == ["done"]


def _mails(n):
    for i in range(n):
        yield (
            f"From a@b.example Mon Mar  4 10:00:00 2024\nFrom: Person {i % 50} <p{i % 50}@b.example>\nTo: list@b.example\n"
            f"Subject: Subject {i}\nDate: Mon, 4 Mar 2024 10:00:00 +0100\nMessage-ID: <m{i}@b.example>\n\nText number {i}.\n\n"
        )


def _wait_for_posts(circle, process):
    for _ in itertools.repeat(None, 600):
        assert process.poll() is None, process.communicate()
        if posts_in(circle):
            return
        time.sleep(0.05)


def test_help_comes_quickly_enough_to_be_asked_for(tmp_path):
    """Not a timing: what makes help slow is loading numba, SQLAlchemy and the like, so none of them may be loaded for it."""
    code = "import sys; from kring.cli.app import run\ntry: run(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"numba", "numpy", "sqlalchemy", "igraph", "altair", "alembic", "jinja2"}


def test_the_module_and_the_function_are_the_same(shown):
    said = in_process("places", "--circle", shown, "--format", "json", env=dict(os.environ))
    assert said.rows == typed("places", "--circle", shown, "--format", "json").rows


def test_an_import_names_only_the_owner_that_it_found_and_a_readme_is_no_failure(empty, chat, tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "account.js").write_text('window.YTD.account.part0 = [{"account": {"accountId": "7", "username": "hall"}}]')
    (folder / "README.md").write_text("What lies here")
    assert "It belongs to" in typed("import", "--circle", empty, folder).out
    assert "It belongs to" not in typed("import", "--circle", empty, chat).out
    assert "could not be read" not in [row["what"] for row in typed("doctor", "--circle", empty, "--format", "json").rows if not row["ok"]]
