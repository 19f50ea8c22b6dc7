"""Compiled kernels find a place, also where neither the code's folder nor the home can be written to."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kring.graph import compiled


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(compiled, "_can_write", lambda _: False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_place_of_ones_own_and_the_same_next_time(nowhere, monkeypatch):
    compiled.keep_compiled()
    place = Path(os.environ["NUMBA_CACHE_DIR"])
    assert place.parent == nowhere
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    compiled.keep_compiled()
    assert os.environ["NUMBA_CACHE_DIR"] == str(place)


def test_what_others_may_write_to_is_not_run(nowhere):
    theirs = nowhere / f"kring-kernels-{os.getuid()}"
    theirs.mkdir()
    theirs.chmod(0o777)
    compiled.keep_compiled()
    assert os.environ["NUMBA_CACHE_DIR"] != str(theirs)


def test_where_numba_finds_a_place_it_is_left_alone(monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    compiled.keep_compiled()
    assert "NUMBA_CACHE_DIR" not in os.environ


def test_a_folder_that_is_no_folder_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    assert compiled._can_write(tmp_path / "not" / "yet")
    assert not compiled._can_write(tmp_path / "file")


def test_it_comes_before_numba():
    code = "import sys, kring.graph; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
