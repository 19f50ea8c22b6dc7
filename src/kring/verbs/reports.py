"""What Kring drew and lies on the disk: whether a file is such a report; and removing reports and graphs of people who are no longer here."""

import os
from contextlib import suppress
from pathlib import Path

_HEAD_BYTES = 1_024


def is_report(file: Path) -> bool:
    """Whether a file is a report that Kring made, as its head says."""
    try:
        if not file.is_file():  # a pipe is not read from
            return False
        with file.open("rb") as page:
            return b'<meta name="generator" content="Kring ' in page.read(_HEAD_BYTES)
    except OSError:
        return False


def remove_reports(folder: Path) -> int:
    """All that Kring drew of everybody and that can be made anew: reports/, graph folders made of this circle; and what lies in the spool."""
    graphs = [head.parent for head in folder.glob("**/graph.json") if _is_of_a_circle(head)]
    gone = len(graphs)
    for file in [
        *(folder / "reports").glob("*"),
        *(folder / "spool").glob("**/*"),
        *(file for graph in graphs for file in graph.glob("*")),
    ]:
        if file.is_file():
            gone += file.parent.name == "reports"
            shred(file)
    for graph in graphs:
        with suppress(OSError):
            graph.rmdir()
    return gone


def _is_of_a_circle(head: Path) -> bool:
    """Whether the graph in a folder was made of a circle, not of a network file that somebody put there."""
    try:
        return b'"from_circle":true' in head.read_bytes().replace(b" ", b"")
    except OSError:
        return False


def shred(file: Path) -> None:
    """Writes zeros over a file before it is removed."""
    with suppress(OSError):
        size = file.stat().st_size
        with file.open("r+b") as out:
            out.write(b"\0" * size)
            out.flush()
            os.fsync(out.fileno())
        file.unlink()
