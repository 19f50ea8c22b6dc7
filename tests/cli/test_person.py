"""kring person as a user types it: each change is shown first, asked about, and can be taken back."""

import json
import os
import pty
import re
import subprocess
import sys

import pytest

from circles import HALL, environment, typed
from circles import in_process_of_its_own as in_process


def person(circle, *words):
    return typed("person", *words, "--circle", circle)


def several(circle):
    return {frozenset(row["accounts"]) for row in person(circle, "list", "--format", "json").rows}


@pytest.fixture
def pair(own):
    """Two accounts of one person, as they are suggested first."""
    return person(own, "suggest", "--format", "json").rows[0]["accounts"]


def test_a_merge_is_shown_first_then_done_and_taken_back(own, pair):
    before = several(own)
    said = person(own, "merge", *pair, "--reason", "She told us")
    assert said.code == 2
    assert "Then:" in said.out
    assert "--yes" in said.err, "nobody is there to agree"
    assert several(own) == before

    said = person(own, "merge", *pair, "--reason", "She told us", "--yes")
    assert (said.code, said.err) == (0, "")
    assert re.search(r"People: .* → ", said.out)
    assert several(own) == before | {frozenset(pair)}
    number = re.search(r"Claim (\d+)", said.out)[1]

    shown = person(own, "show", pair[1]).out
    assert all(id in shown for id in pair)
    assert f"{number}  {pair[0]} is the same as {pair[1]}" in shown
    assert "She told us" in shown

    said = person(own, "unmerge", "--claim", number, "--yes")
    assert said.code == 0
    assert "1 claim taken back" in said.out
    assert several(own) == before
    assert "taken back" in person(own, "show", pair[0]).out


def test_people_and_figures_speak_of_persons(own, pair):
    def count():
        rows = typed("people", "--limit", 0, "--circle", own, "--format", "json").rows
        return len(rows), sum(len(row["accounts"]) for row in rows), sum(row["posts"] for row in rows)

    people, accounts, posts = count()
    person(own, "merge", *pair, "--yes")
    assert count() == (people - 1, accounts, posts)
    (found,) = {finding["boundary"] for finding in typed("measure", "degree", "--circle", own, "--format", "json").rows}
    assert "people with several accounts counted once" in found  # we, and this one


def test_somebodys_posts_are_those_of_all_their_accounts(own, pair):
    def posts(account):
        return {row["author"] for row in typed("posts", "--author", account, "--limit", 0, "--circle", own, "--format", "json").rows}

    assert posts(pair[0]) == {pair[0]}
    person(own, "merge", *pair, "--yes")
    assert posts(pair[0]) == posts(pair[1]) == set(pair)


def test_apart_is_remembered(own, pair):
    assert person(own, "apart", *pair, "--reason", "Father and son", "--yes").code == 0
    said = person(own, "merge", *pair, "--yes")
    assert said.code == 2
    assert "are not one person: Father and son" in said.err
    assert "kring person unmerge --claim" in said.err
    assert pair not in [row["accounts"] for row in person(own, "suggest", "--format", "json", "--limit", 0).rows]


def test_an_account_is_taken_out_of_a_person(own, pair):
    person(own, "merge", *pair, "--yes")
    assert person(own, "unmerge", pair[0], "--yes").code == 0
    assert frozenset(pair) not in several(own)
    said = person(own, "unmerge", pair[0], "--yes")
    assert said.code == 2
    assert "not said to be the same" in said.err


def test_a_person_goes_by_id_handle_or_name_and_who_is_meant_must_be_clear(own, pair):
    assert person(own, "show", pair[0]).out
    assert person(own, "show", HALL).code == 0, "all that bear the name are one person: us"
    name = person(own, "show", pair[0], "--format", "json").rows[0]["person"]["name"]
    said = person(own, "show", name)
    assert said.code == 2
    assert all(id in said.err for id in pair), "the choices are listed"
    others = [id for row in typed("people", "--find", name, "--circle", own, "--format", "json").rows for id in row["accounts"]]
    person(own, "merge", *others, "--yes")
    assert person(own, "show", name).code == 0
    assert "is not an account" in person(own, "show", "nobody at all").err


def test_finding_people_by_their_words(own, pair):
    shown = person(own, "show", pair[0], "--format", "json").rows[0]["person"]
    words = shown["name"].upper().split()
    found = person(own, "find", *reversed(words), "--format", "json").rows
    assert pair[0] in [id for row in found for id in row["accounts"]]
    assert "Nobody goes by that" in person(own, "find", "xyzzy").out
    assert person(own, "find", "…", "--circle", own).code in (0, 2)


def test_many_claims_are_taken_back_at_once(own):
    rows = person(own, "suggest", "--format", "json").rows[:3]
    for row in rows:
        assert person(own, "merge", *row["accounts"], "--yes").code == 0
    before = several(own)
    said = person(own, "undo", "--since", "2020", "--yes")
    assert said.code == 0
    assert "3 claims taken back" in said.out
    assert len(several(own)) == len(before) - 3
    assert person(own, "undo", "--rule", "none", "--yes").code == 2
    assert "wasn't said which" in person(own, "undo", "--yes").err


def test_affiliation_from_the_command_line_and_from_a_table(own, pair, tmp_path):
    said = person(own, "affiliate", pair[0], "volunteer", "--since", "2024-01", "--until", "2024-12")
    assert said.code == 0
    assert "from 2024-01-01 up to and with 2024-12-31" in person(own, "show", pair[0]).out
    (tmp_path / "people.csv").write_text(f"who,group\n{pair[1]},staff\nnobody,staff\n", encoding="utf-8")
    said = person(own, "affiliate", "--from", tmp_path / "people.csv", "--yes")
    assert said.code == 0
    assert "Rows that can be taken: 1; that can't: 1." in said.out
    assert "people.csv, line 3" in said.err
    assert person(own, "affiliate", pair[0], "muslim").code == 2
    assert person(own, "affiliate", pair[0]).code == 2
    found = typed("measure", "activity", "--by", "affiliation", "--circle", own, "--format", "json").rows
    assert {row["by"][0][1] for row in found} <= {"nobody said", "others"}, "two people are no group"


def at_the_terminal(circle, keys, *words):
    """What the walk says to somebody who types these keys."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kring", "person", "suggest", *words, "--circle", str(circle)]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environment(), text=True) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{key}\n" for key in keys).encode())
        out = process.communicate(timeout=120)[0]
    os.close(ours)
    return process.returncode, out


def test_the_walk_asks_about_each_and_takes_the_last_back(own):
    rows = person(own, "suggest", "--format", "json").rows
    first, second, third = (row["accounts"] for row in rows[:3])
    code, out = at_the_terminal(own, ["y", "x", "u", "n", "y", "s", "q"])
    assert code == 0, out
    assert "1 of 20" in out
    assert "is taken back" in out
    assert "Answered 2 of 20" in out
    assert {frozenset(second)} <= several(own)
    assert not {frozenset(first), frozenset(third)} & several(own)
    claims = person(own, "show", first[0], "--format", "json").rows[0]["claims"]
    assert [(claim["kind"], claim["undone_at"] is None) for claim in claims] == [("same", False), ("apart", True)]
    assert claims[0]["rule"].startswith("same-")


def test_the_walk_ends_where_nobody_types_on(own):
    code, out = at_the_terminal(own, ["u", "\x04"])
    assert code == 0
    assert "nothing to undo" in out


def test_without_a_terminal_suggestions_are_listed(own):
    said = in_process("person", "suggest", "--limit", 2, cwd=own)
    assert said.code == 0
    assert len(re.findall(r"% sure", said.out)) == 2
    assert json.loads(in_process("person", "suggest", "--limit", 1, "--format", "json", cwd=own).out)[0]["p"] > 0.8


def test_an_empty_circle_has_nobody(empty):
    assert "Nobody has several accounts" in person(empty, "list").out
    assert "Nobody seems to have" in person(empty, "suggest").out
    assert person(empty, "find", "anna").code == 0
