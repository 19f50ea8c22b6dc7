"""Files in a folder on the disk, and the one file that is no archive: links are not followed, and nothing but files is opened."""

import os
import stat
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kring.unpack import names
from kring.unpack.report import Report
from kring.unpack.streams import Flow, Member, Window, disk_stop

CIRCLE = "kring.db"
"""The store of a circle: a folder with it is a circle, not an export"""
KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFDIR: "a folder"}
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)


def opened(path: Path) -> BinaryIO:
    """An ordinary file, opened without following a link put in its place and without waiting for a pipe."""
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("it is not a file")
    return os.fdopen(descriptor, "rb", buffering=0)


def member(path: Path, name: str, size: int, stack: ExitStack) -> Member:
    """A file on the disk; opened anew for each stream, so that a hundred thousand files don't need a hundred thousand handles."""
    return Member(name, size, partial(_blocks, path), partial(_window, path, stack), limited=False, packed=size)


def _window(path: Path, stack: ExitStack) -> Window:
    try:
        file = stack.enter_context(opened(path))
        return Window(file, 0, os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise disk_stop(error) from None


def _blocks(path: Path, flow: Flow) -> Generator[bytes, None, None]:
    try:
        file = opened(path)
    except OSError as error:
        raise disk_stop(error) from None
    with file:
        yield from Window(file, 0, os.fstat(file.fileno()).st_size).blocks(flow)


def files(folder: Path, name: str, report: Report, stack: ExitStack) -> Iterator[Member]:
    """Every file under a folder, in a fixed order."""
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        report.say(name, disk_stop(error))
        return
    for entry in found:
        where = f"{name}/{names.as_text(os.fsencode(entry.name), 'latin-1')}"
        try:
            yield from _entry(folder / entry.name, entry.stat(follow_symlinks=False), where, name.partition("/")[0], report, stack)
        except OSError as error:
            report.say(where, disk_stop(error))


def _entry(path: Path, status: os.stat_result, where: str, top: str, report: Report, stack: ExitStack) -> Iterator[Member]:
    kind = stat.S_IFMT(status.st_mode)
    if names.is_leftover(path.name) and not (kind == stat.S_IFDIR and (path / "cur").is_dir()):
        report.count(top, where, "skipped", names.LEFT_THERE)
    elif kind == stat.S_IFREG:
        yield member(path, where, status.st_size, stack)
    elif kind == stat.S_IFLNK:
        report.count(
            top, where, "skipped", "A link to another place; links are not followed", "If you want it read, give Kring what it leads to."
        )
    elif kind != stat.S_IFDIR:
        report.count(top, where, "skipped", f"Not a file but {KINDS.get(kind, 'something else')}")
    elif (path / CIRCLE).exists():
        report.count(top, where, "skipped", "A circle of Kring, not an export")
    else:
        yield from files(path, where, report, stack)
