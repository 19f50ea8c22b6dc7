"""Removes reports and graphs of people who are no longer here, so that it can't be read on the disk either."""

import os
from contextlib import suppress
from pathlib import Path


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
