"""Retention: on which ground, for what and until when each import is kept, and that it is gone afterwards, in every byte."""

import time

import pytest

import kring
from circles import typed
from kring.errors import UsageError
from kring.store.open import writing

CHAT = "12-03-2024 10:00 - Anna: Wie heeft er een xyzzyladder?\n12-03-2024 10:04 - Bo: Ik!\n"
OTHER = "12-03-2024 10:00 - Anna: Wie heeft er een xyzzyladder?\n13-03-2024 09:00 - Cor: Een ander gesprek\n"


@pytest.fixture
def circle(tmp_path):
    (tmp_path / "one.txt").write_text(CHAT, encoding="utf-8")
    (tmp_path / "two.txt").write_text(OTHER, encoding="utf-8")
    with kring.new(tmp_path / "circle") as made:
        yield made


def let_pass(circle, run):
    with writing(circle.engine) as connection:
        connection.exec_driver_sql("UPDATE run SET keep_until = 5 WHERE node = ?", (run,))


def test_an_import_says_why_and_how_long(circle, tmp_path):
    circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", basis="consent of the members", purpose="answering", keep_until="2 years")
    (run,) = circle.runs()
    assert (run.basis, run.purpose) == ("consent of the members", "answering")
    assert 1.9 < (run.keep_until / 1e6 - time.time()) / (365 * 86_400) < 2.1
    circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", keep_until="2999")
    (run,) = circle.runs()
    assert (run.basis, run.keep_until > 3e16) == ("consent of the members", True)
    for wrong in ("2001", "some day", "9999999 years", "0 days"):
        with pytest.raises(UsageError):
            circle.import_(tmp_path / "two.txt", as_="whatsapp:Straat", keep_until=wrong)


def test_what_is_over_is_forgotten_when_the_circle_is_opened_and_what_another_keeps_stays(circle, tmp_path):
    circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat")
    circle.import_(tmp_path / "two.txt", as_="whatsapp:Straat")
    circle.report()
    let_pass(circle, 1)
    (would,) = circle.forget(dry_run=True)
    assert (would.posts, would.posts_kept) == (1, 1)
    assert len(circle.posts()) == 3
    circle.close()
    with kring.open(circle.folder) as again:
        assert "forgotten" in again.said[0]
        assert {post.text for post in again.posts()} == {"Wie heeft er een xyzzyladder?", "Een ander gesprek"}
        assert [(run.name, run.state) for run in again.runs()] == [("forgotten", "undone"), ("two.txt", "done")]
        assert again.forget() == []
        let_pass(again, 2)
        again.forget()
        assert again.posts() == []
    held = b"".join(file.read_bytes() for file in circle.folder.rglob("*") if file.is_file())
    assert b"xyzzyladder" not in held


def test_the_command_previews(circle, tmp_path):
    folder = circle.folder
    (folder / "kring.toml").write_text('keep_until = "1 month"\nbasis = "legitimate interest"\n', encoding="utf-8")
    assert typed("import", tmp_path / "one.txt", "--as", "whatsapp:Straat", "--purpose", "answering", "--circle", folder).code == 0
    assert "legitimate interest · answering · kept until" in typed("runs", "--circle", folder).out
    assert "nothing to forget" in typed("forget", "--circle", folder).out
    let_pass(circle, 1)
    assert "2 posts" in typed("forget", "--dry-run", "--circle", folder).out
    assert typed("forget", "--circle", folder, "--format", "json").rows[0]["posts"] == 2
    assert typed("audit", "--circle", folder, "--format", "json").rows[0]["what"] == "forget"
    assert "1 of 1" not in typed("doctor", "--circle", folder).out


def test_an_import_that_is_here_already_is_not_forgotten_sooner_unless_somebody_agrees(circle, tmp_path):
    def again(**how):
        (done,) = circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", **how)
        return done.retained, circle.runs()[0]

    circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", keep_until="2990", basis="consent")
    first = circle.runs()[0]
    told, run = again(keep_until="2980")
    assert (run, told.changed) == (first, "")
    assert "stays kept until 2991-01-01" in told.refused
    asked = []
    told, run = again(keep_until="2980", agree=lambda question: not asked.append(question))
    assert "kept until 2981-01-01 (was: 2991-01-01)" in told.changed
    assert "2 posts and 0 acts are forgotten" in asked[0]
    assert run.keep_until < first.keep_until
    entry = circle.audit()[0]
    assert (entry.what, "run 1: kept until 2981-01-01 (was: 2991-01-01)" in entry.details) == ("keep until", True)
    assert "2991" in again(keep_until="2990")[0].changed, "later needs nobody's word"
    told, _ = again(basis="legitimate interest")
    assert "ground: legitimate interest (was: consent)" in told.changed
    assert again(basis="legitimate interest", keep_until="2990")[0].changed == ""


def test_what_the_circle_usually_does_only_fills_in_what_nobody_said(circle, tmp_path):
    circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", keep_until="2990")
    (circle.folder / "kring.toml").write_text('keep_until = "1 month"\nbasis = "legitimate interest"\n', encoding="utf-8")
    said = typed("import", tmp_path / "one.txt", "--as", "whatsapp:Straat", "--circle", circle.folder).out
    assert "nothing is changed but how it is kept" in said
    assert "How it is kept is changed: ground: legitimate interest." in said
    assert circle.runs()[0].keep_until > 3e16


def test_the_command_asks_and_says(circle, tmp_path):
    words = ("import", tmp_path / "one.txt", "--as", "whatsapp:Straat", "--circle", circle.folder, "--keep-until")
    typed(*words, "2990")
    said = typed(*words, "2980").out
    assert ("imported before (run 1): nothing is changed.\n" in said, "not agreed to" in said) == (True, True)
    said = typed(*words, "2980", "--yes").out
    assert ("nothing is changed but how it is kept" in said, "(was: 2991-01-01)" in said) == (True, True)
    assert "keep until" in typed("audit", "--circle", circle.folder).out


@pytest.mark.parametrize("span", ["18 maanden", "1 maand", "2 jaar", "2 jaren", "90 dagen", "6 weken", "18 Months", "18months", "1 year"])
def test_spans_are_understood_in_both_languages(circle, tmp_path, span):
    circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", keep_until=span)
    assert circle.runs()[0].keep_until > time.time() * 1e6


@pytest.mark.parametrize("wrong", ["a while", "0 months", "-3 months", "18", "18 moons", "13-2027", "2027-13", "2001"])
def test_a_span_that_is_none_tells_how_it_is_written(circle, tmp_path, wrong):
    with pytest.raises(UsageError, match='"18 months"'):
        circle.import_(tmp_path / "one.txt", as_="whatsapp:Straat", keep_until=wrong)
    assert circle.runs() == []
