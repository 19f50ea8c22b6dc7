"""What a circle holds is for its owner only, whatever the shell gives to new files."""

import os
import shutil
import subprocess
import sys

import pytest

import kring
from circles import environment
from kring.errors import CircleError

_BUSY = """
import os, stat, sys
os.umask(0)
import kring
circle = kring.new(sys.argv[1])
with open(sys.argv[1] + ".txt", "w") as chat:
    chat.write("12-03-2024 10:00 - Jan: Wie heeft er een ladder?\\n12-03-2024 10:04 - Bo: Ik! Kom maar langs, Jan\\n")
circle.import_(sys.argv[1] + ".txt", as_="whatsapp:Straat")
circle.erase("whatsapp:Straat/Jan")
connection = circle.engine.connect()
connection.exec_driver_sql("SELECT 1 FROM post").all()
for file in (".", "kring.db", "kring.db-wal", "kring.key", "spool"):
    print(file, oct(stat.S_IMODE(os.stat(os.path.join(sys.argv[1], file)).st_mode)))
"""


def test_files_are_their_owners_only(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _BUSY, tmp_path / "circle"], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    modes = dict(line.split() for line in done.stdout.splitlines())
    assert modes == {".": "0o700", "kring.db": "0o600", "kring.db-wal": "0o600", "kring.key": "0o600", "spool": "0o700"}


def test_a_folder_that_is_there_keeps_the_rights_it_has_and_so_does_a_database(tmp_path):
    (tmp_path / "circle").mkdir(mode=0o755)
    os.chmod(tmp_path / "circle", 0o755)
    kring.new(tmp_path / "circle").close()
    os.chmod(tmp_path / "circle" / "kring.db", 0o660)
    kring.open(tmp_path / "circle").close()
    assert (tmp_path / "circle").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "circle" / "kring.db").stat().st_mode & 0o777 == 0o660


def test_where_a_disk_knows_no_rights_it_works_all_the_same(tmp_path, monkeypatch):
    real = os.open

    def without_rights(path, flags, mode=0o777, **how):
        if str(path).endswith("kring.db"):
            raise PermissionError(1, "Operation not permitted")
        return real(path, flags, mode, **how)

    monkeypatch.setattr(os, "open", without_rights)
    with kring.new(tmp_path / "circle") as circle:
        assert circle.people() == []
    shutil.rmtree(tmp_path / "circle")
    (tmp_path / "circle").write_text("no folder")
    with pytest.raises(CircleError):
        kring.new(tmp_path / "circle")
