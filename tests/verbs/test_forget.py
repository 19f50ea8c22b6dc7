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
