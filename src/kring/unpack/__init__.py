"""The one place that opens a file from outside: recognises, unpacks, limits (bombs, paths, size), gives Pages.

    with unpack.opened("export.zip", spool=folder) as export:
        for page in export.pages: …

What is understood: a file, a folder, a zip, a tar (packed or not), a file packed by itself (gz, bz2, xz, zst), these in one another, and a
stream. Nothing is ever written under a name from outside. Streams don't fail: where a limit, a damage or the disk stops them they end, and
`export.unread` says so afterwards.
"""

import difflib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from kring.errors import HostileFile, ReadError
from kring.schema import Unread
from kring.unpack import folders, formats
from kring.unpack.collect import Collector, Progress
from kring.unpack.limits import Limits, Stop
from kring.unpack.streams import BLOCK, Flow, Member, Window, as_stream, disk_stop, first, of_window
from kring.wire import HEAD_BYTES, Page

__all__ = ["Export", "Limits", "Progress", "opened"]

DEFAULT = Limits()
_HEADS = 32 * 1024 * 1024
"""So many bytes of heads stay in memory, those asked for first: each is looked at several times, to recognise it and to read it."""


class _Found(Page, frozen=True, kw_only=True):
    """A page whose head is read when it is asked for: the heads of 200,000 files would fill the memory."""

    of: "Export"
    member: Member

    @property  # type: ignore[misc]
    def head(self) -> bytes:
        return self.of.head(self.member)

    @property  # type: ignore[misc]
    def open(self) -> Callable[[], BinaryIO]:
        return partial(self.of.stream, self.member)


class Export:
    """What the user gave, opened."""

    def __init__(self, name: str, collector: Collector, content: Callable[[], Iterator[bytes]]) -> None:
        self.name = name
        """What the user gave: the name of the file or folder."""
        self._collector, self._content = collector, content
        self._heads: dict[Member, bytes] = {}
        self._room = _HEADS
        self._latest = lru_cache(maxsize=16)(self._head)
        self.pages: list[Page] = [
            _Found(m.name, b"", self._never, m.size, of=self, member=m) for m in sorted(collector.members, key=lambda m: m.name)
        ]
        """Every file found, sorted by name."""

    @staticmethod
    def _never() -> BinaryIO:
        raise NotImplementedError("a page found here opens through its export")

    def head(self, member: Member) -> bytes:
        """The first 64 KiB of a page."""
        return self._heads[member] if member in self._heads else self._latest(member)

    def _head(self, member: Member) -> bytes:
        head = first(self._collector.guarded(member), HEAD_BYTES)
        if len(head) <= self._room:
            self._heads[member] = head
            self._room -= len(head)
        return head

    def stream(self, member: Member) -> BinaryIO:
        """The bytes of a page; `Page.open` is the way there."""
        return as_stream(self._collector.guarded(member))

    @property
    def unread(self) -> list[Unread]:
        """What could not be read so far; it grows while pages are read."""
        return self._collector.report.unread

    @cached_property
    def size(self) -> int:
        """Unpacked bytes, as far as they are known before unpacking."""
        return sum(page.size or 0 for page in self.pages)

    @cached_property
    def digest(self) -> str:
        """blake2b-128 of the file as given; of a folder, of its files' names, sizes and bytes (of pictures and the like their heads)."""
        found = blake2b(digest_size=16)
        for block in self._content():
            found.update(block)
        return found.hexdigest()


@contextmanager
def opened(
    given: str | os.PathLike[str] | BinaryIO,
    *,
    name: str = "",
    spool: Path,
    limits: Limits = DEFAULT,
    progress: Progress | None = None,
) -> Iterator[Export]:
    """Opens a file, a folder, a stream, or "-" for what is piped in.

    Takes   what to open; what to call it; a folder for temporary files; the limits; whom to tell how far it is.
    Gives   the `Export`; it and its pages can be used until the block ends. Nothing stays in `spool`.
    Costs   memory for the names of the files; disk for what lies in packed tars (only what may hold text) and in a stream.
    Fails   ReadError if it isn't there or can't be opened at all; HostileFile if nothing in it is safe to read.
    """
    with ExitStack() as stack:
        collector = Collector(limits, stack, spool, progress)
        if not isinstance(given, str | os.PathLike):
            top = of_window(name or "stream", _copied(given, name or "the stream", collector), limited=False)
        elif os.fspath(given) == "-":
            top = of_window(name or "stdin", _copied(sys.stdin.buffer, name or "what is piped in", collector), limited=False)
        else:
            path, given_name = _there(Path(given)), Path(given).name
            name = name or (given_name if given_name not in ("", "..") else path.name) or str(path)
            if path.is_dir():
                collector.folder(path, name)
                yield Export(name, collector, lambda: _folder_content(collector))
                return
            top = folders.member(path, name, path.stat().st_size, stack)
        yield _one(top, collector)


def _one(top: Member, collector: Collector) -> Export:
    """A file or stream: refused as a whole if nothing in it can be read."""
    name = top.name
    collector.budget.given += top.size or 0
    collector.take(top, 0, certain=True)
    told = [unread for unread in collector.report.unread if unread.kind != "skipped"]
    if not collector.members and told:
        worst = min(told, key=lambda unread: unread.kind != "hostile")
        error = HostileFile if worst.kind == "hostile" else ReadError
        raise error(f"Nothing in {name} can be read. {worst.where}: {worst.why}", next=worst.next)
    return Export(name, collector, lambda: collector.told(f"reading {name}", top.size, top.blocks(Flow())))


def _there(path: Path) -> Path:
    """The path, if there is a file that may be read or a folder that isn't a circle."""
    try:
        path = path.resolve(strict=True)
        kind = stat.S_IFMT(path.stat().st_mode)
        if kind == stat.S_IFREG:
            folders.opened(path).close()
        elif kind == stat.S_IFDIR:
            os.scandir(path).close()
    except (FileNotFoundError, NotADirectoryError):
        raise ReadError(f"There is no file or folder {path}.", next=_near(path)) from None
    except (OSError, RuntimeError) as error:
        stop = (
            disk_stop(error)
            if isinstance(error, OSError) and error.errno != errno.ELOOP
            else Stop("its links lead in a circle", "Give the file itself.")
        )
        raise ReadError(f"{path} can't be read: {stop.why}.", next=stop.next) from None
    except ValueError:
        raise ReadError(f"{str(path)!r} is not the name of a file.", next="Take out the NUL byte.") from None
    if kind == stat.S_IFDIR and (path / folders.CIRCLE).exists():
        raise ReadError(f"{path} is a circle of Kring, not an export.", next="Give the export that a network gave you.")
    if kind not in (stat.S_IFREG, stat.S_IFDIR):
        next = 'If data comes out of it, pipe that into Kring and give "-" as the file.'
        raise ReadError(f"{path} is not a file but {folders.KINDS.get(kind, 'something else')}.", next=next)
    return path


def _near(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"The folder {folder} is not there either; see whether the name is written right."
    try:
        near = difflib.get_close_matches(path.name, os.listdir(folder), n=3, cutoff=0.5)
    except OSError:
        near = []
    return f"Did you mean {' or '.join(near)}?" if near else f"See what is in {folder}."


def _copied(stream: BinaryIO, what: str, collector: Collector) -> Window:
    """A stream, copied to the disk: a zip can only be read from its end."""

    def blocks() -> Iterator[bytes]:
        while block := stream.read(BLOCK):
            yield block

    return collector.spool.keep(collector.told(f"copying {what}", None, blocks()))


def _folder_content(collector: Collector) -> Iterator[bytes]:
    """Name, size and digest of each file in a folder, by name."""
    for file in sorted(collector.files, key=lambda file: file.name):
        blocks = collector.told(f"reading {file.name}", file.size, collector.quietly(file))
        found = blake2b(digest_size=16)
        for n, block in enumerate(blocks):
            found.update(block)
            if n == 0 and formats.is_media(block):
                break
        yield f"{file.name.partition('/')[2]}\0{file.size}\0{found.hexdigest()}\n".encode()
