"""Goes through what the user gave and finds the files in it: folders, archives, archives in archives."""

import os
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from kring.errors import ReadError
from kring.unpack import folders, formats, names, tars, walk, zips
from kring.unpack.limits import SPLIT_IT, Budget, Limits, Stop
from kring.unpack.packed import AGAIN, ENGINES, unpacked
from kring.unpack.report import Report
from kring.unpack.streams import Flow, Member, Window, first

Progress = Callable[[str, int, int | None], None]
"""What is being done ("copying chat.zip"), bytes done, bytes in all or None."""
UNPACK_IT = "Unpack it yourself (7-Zip, Keka and The Unarchiver can) and give Kring the folder."


class Spool:
    """One nameless file on the disk for what must be read more than once but can't be; it is gone when closed, also after a crash."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._file: BinaryIO | None = None

    def keep(self, blocks: Iterable[bytes]) -> Window:
        try:
            file = self._open()
            start = file.seek(0, os.SEEK_END)
            for block in blocks:
                file.write(block)
            end = file.tell()
            file.flush()
        except OSError as error:
            next = "Make room on that disk, or unpack the archive yourself and give Kring the folder."
            raise ReadError(f"There is no place to unpack to in {self._folder}: {error.strerror or error}.", next=next) from None
        return Window(file, start, end - start)

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._stack.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
        return self._file


class Collector:
    """Everything found so far, and what could not be read."""

    def __init__(self, limits: Limits, stack: ExitStack, spool: Path, progress: Progress | None) -> None:
        self.limits, self.budget = limits, Budget(limits)
        self.stack, self.spool = stack, Spool(stack, spool)
        self.progress: Progress = progress or (lambda what, done, of: None)
        self.members: list[Member] = []
        self.files: list[Member] = []
        """Those that lie on the disk in a folder that was given."""
        self.report = Report()
        self.taken: dict[str, int] = {}

    def take(self, member: Member, depth: int, *, certain: bool = False) -> None:
        """A file found: an archive is looked into, everything else is a page. `certain`: look at its bytes whatever its name."""
        kind = ""
        if certain or formats.ARCHIVES.search(member.name):
            head = first(self.guarded(member), formats.HEAD)
            kind = formats.recognise(head, member.name)
        if not kind:
            self.keep(member)
        elif kind in formats.CLOSED:
            self.report.say(member.name, Stop(f"it is a {kind} archive, which Kring can't open", UNPACK_IT, "unknown"))
        elif depth >= self.limits.depth:
            self.report.say(member.name, Stop(f"it is an archive inside {depth} others; Kring goes no deeper", SPLIT_IT, "hostile"))
        elif kind == "zip":
            self._zip(member, depth)
        elif kind == "tar":
            self._tar(member, depth)
        else:
            self._packed(member, kind, depth)

    def keep(self, member: Member) -> None:
        if len(self.members) >= self.limits.members:
            why = f"it holds more than {self.limits.members:,} files; what comes after them was left out"
            self.report.say(member.name, Stop(why, "Give Kring its folders one by one.", "too-large", of_all=True))
            return
        member.name = names.numbered(names.shown(member.name), self.taken)
        self.members.append(member)

    def guarded(self, member: Member, *, whole: bool = True) -> Generator[bytes, None, None]:
        """The bytes of a member within the limits; never raises: it ends, and what happened is an `Unread`."""
        flow, given, crc = Flow(), 0, 0
        blocks = member.blocks(flow)
        try:
            for block in blocks:
                given += len(block)
                if member.limited:
                    self._check(member, given, flow.taken)
                    if member.crc is not None:
                        crc = crc32(block, crc)
                yield block
            if (
                member.crc is not None
                and member.limited
                and (crc != member.crc or given != (member.size if member.size is not None else given))
            ):
                raise Stop("it doesn't agree with the checksum that the archive keeps of it; some of it may be damaged. It is kept", AGAIN)
        except Stop as stop:
            self.report.say(member.name, stop)
        finally:
            blocks.close()

    def _check(self, member: Member, given: int, taken: int) -> None:
        self.budget.check_ratio(given, taken)
        self.budget.check_size(given)
        if given > member.seen:
            self.budget.spend(given - member.seen)
            member.seen = given

    def window(self, member: Member) -> Window:
        """The bytes of a member where any place can be read: in its file, or spooled."""
        if member.window is not None:
            return member.window()
        return self.spool.keep(self.guarded(member))

    def _accepts(self, archive: str, name: str) -> bool:
        if why := names.refusal(name, self.limits):
            where = f"{archive}/{names.shown(name[:200])}"
            self.report.count(
                archive,
                where,
                "hostile",
                f"Not unpacked: {why}",
                "Somebody may mean harm with this archive. If you trust it, ask who made it.",
            )
            return False
        if names.is_leftover(names.tidy(name)):
            self.report.count(
                archive, f"{archive}/{names.shown(name)}", "skipped", "Left there by a computer, not by people (hidden files and the like)"
            )
            return False
        return True

    def _zip(self, member: Member, depth: int) -> None:
        try:
            window = self.window(member)
            entries = zips.listed(window, self.limits)
        except Stop as stop:
            self.report.say(member.name, stop)
            return
        if entries is None:
            entries = self._walked(member.name, window)
        bad = zips.shared(entries)
        if not entries:
            self.report.say(member.name, Stop("the archive is empty", "", "skipped"))
        for n, entry in enumerate(entries):
            if not entry.is_folder and self._accepts(member.name, entry.name):
                self._entry(member.name, window, entry, depth, n in bad)

    def _walked(self, name: str, window: Window) -> list[zips.Entry]:
        entries = list(walk.walked(window, self.limits))
        n = sum(not entry.is_folder for entry in entries)
        self.report.say(name, Stop(f"the archive breaks off or its list of contents is damaged; {n} files were still found in it", AGAIN))
        return entries

    def _entry(self, archive: str, window: Window, entry: zips.Entry, depth: int, shares: bool) -> None:
        where = f"{archive}/{names.tidy(entry.name)}"
        trouble = entry.trouble
        if shares:
            trouble = Stop("its bytes are also those of another file, as in an archive that was made to swell", SPLIT_IT, "hostile")
        elif trouble is None and entry.size is not None and entry.packed < window.size:
            trouble = self._swelling(entry)
        if trouble:
            self.report.count(archive, names.shown(where), trouble.kind, trouble.why, trouble.next)
            return
        self.take(zips.member(window, entry, where), depth + 1)

    def _swelling(self, entry: zips.Entry) -> Stop | None:
        try:
            self.budget.check_ratio(entry.size or 0, max(entry.packed, 1))
        except Stop as stop:
            return stop
        return None

    def _packed(self, member: Member, kind: str, depth: int) -> None:
        """A single packed file; if it is a packed tar, that is one archive, not two."""
        magic, fresh = ENGINES[kind]
        file = member.name.rpartition("/")[2]

        def blocks(flow: Flow) -> Generator[bytes, None, None]:
            return unpacked(member.blocks(flow), fresh, magic)

        inner = Member(f"{member.name}/{formats.without_ending(file)}", None, blocks)
        if formats.is_tar(first(self.guarded(inner), formats.HEAD)):
            inner.name = member.name
            self._tar(inner, depth)
        else:
            self.take(inner, depth + 1, certain=True)

    def _tar(self, member: Member, depth: int) -> None:
        for found in tars.members(member, self):
            self.take(found, depth + 1)

    def folder(self, path: Path, name: str) -> None:
        """A folder on the disk; its own depth counts for nothing."""
        for found in folders.files(path, name, self.report, self.stack):
            self.files.append(found)
            self.budget.given += found.size or 0
            self.take(found, 0)

    def told(self, what: str, of: int | None, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Passes blocks on and tells how far it is."""
        done = 0
        for block in blocks:
            done += len(block)
            self.progress(what, done, of)
            yield block

    def quietly(self, member: Member) -> Iterator[bytes]:
        """A member's bytes as far as they come; for the digest, which says nothing about what is broken."""
        with suppress(Stop):
            yield from member.blocks(Flow())
