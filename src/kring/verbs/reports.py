"""Removes what was drawn of people who are no longer here, so that it can't be read on the disk either."""

import os
from contextlib import suppress
from pathlib import Path


def remove_reports(folder: Path) -> int:
    """All that Kring wrote into reports/: each draws everybody, and can be made anew. What lies in the spool goes too."""
    gone = 0
    for file in [*(folder / "reports").glob("*"), *(folder / "spool").glob("**/*")]:
        if file.is_file():
            gone += file.parent.name == "reports"
            shred(file)
    return gone


def shred(file: Path) -> None:
    """Writes zeros over a file before it is removed."""
    with suppress(OSError):
        size = file.stat().st_size
        with file.open("r+b") as out:
            out.write(b"\0" * size)
            out.flush()
            os.fsync(out.fileno())
        file.unlink()
