"""How much memory a program may use: what it was given, or a part of what is free now."""

import os
import re
from pathlib import Path

from kring.errors import UsageError

_SHARE = 0.6
"""Of what is free, so much: the rest is for the disk's cache and for others."""
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_LEAST = 64 << 20


def bytes_of(text: str) -> int:
    """The bytes in "8G", "500 MiB", "2gb"; 0 for "".

    Fails   UsageError where it is no size, or less than 64 MiB.
    """
    if not text.strip():
        return 0
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*", text.lower())
    size = int(float(found[1]) * _UNITS[found[2]]) if found else 0
    if size < _LEAST:
        raise UsageError(f"{text!r} is no size of memory to work with.", next='Give at least 64M, for example "8G".')
    return size


def to_work_with(wanted: int = 0) -> int:
    """So many bytes as wanted, else six tenths of what is free on this machine, and within what this program may have."""
    return wanted or max(_LEAST, int(_SHARE * min(_free(), _allowed())))


def _free() -> int:
    try:
        found = re.search(r"MemAvailable:\s*(\d+) kB", Path("/proc/meminfo").read_text())
        if found:
            return int(found[1]) * 1024
    except OSError:
        pass
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 4 << 30


def _allowed() -> int:
    """What a container leaves it, by the files of control groups of both versions."""
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            return max(_LEAST, int(Path(limit).read_text()) - int(Path(used).read_text()))
        except (OSError, ValueError):
            continue
    return 1 << 62
