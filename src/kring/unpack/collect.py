"""Goes through what the user gave and finds the files in it: folders, archives, archives in archives."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import chain
from pathlib import Path
from zlib import crc32

from kring.unpack import folders, formats, names, tars, walk, zips
from kring.unpack.limits import ASK_WHO, SPLIT_IT, Budget, Limits, Stop
from kring.unpack.packed import AGAIN, ENGINES, broken_off, unpacked
from kring.unpack.report import Report
from kring.unpack.spool import Spool
from kring.unpack.streams import Flow, Member, Window, first, of_window
from kring.wire import HEAD_BYTES

Progress = Callable[[str, int, int | None], None]
"""What is being done ("copying chat.zip"), bytes done, bytes in all or None."""
EMPTY = Stop("the archive is empty", "", "skipped")
UNPACK_IT = "Unpack it yourself (7-Zip, Keka and The Unarchiver can) and give Kring the folder."


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
        self.full = False

    def take(self, member: Member, depth: int, *, certain: bool = False) -> None:
        """A file found: an archive is looked into, everything else is a page. `certain`: look at its bytes whatever its name."""
        try:
            kind = self._kind(member) if certain or formats.ARCHIVES.search(member.name) else ""
            if kind:
                self._look_into(member, kind, depth)
            else:
                self.keep(member)
        except Stop as stop:
            self.report.say(member.name, stop)

    def _look_into(self, member: Member, kind: str, depth: int) -> None:
        if kind in formats.CLOSED:
            raise Stop(f"it is a {kind} archive, which Kring can't open", UNPACK_IT, "unknown")
        if depth >= self.limits.depth:
            raise Stop(f"it is an archive inside {depth} others; Kring goes no deeper", SPLIT_IT, "hostile")
        if kind == "zip":
            self._zip(member, depth)
        elif kind == "tar":
            self._tar(member, depth)
        else:
            self._packed(member, kind, depth)

    def _kind(self, member: Member) -> str:
        kind = formats.recognise(first(self.quietly(member), formats.HEAD), member.name)
        if not kind and member.window and member.name.lower().endswith((".zip", ".exe")):
            with suppress(Stop):
                kind = "zip" if zips.ends_as_zip(member.window()) else ""
        return kind

    def keep(self, member: Member) -> None:
        if len(self.members) >= self.limits.members:
            self.full = True
            why = f"it holds more than {self.limits.members:,} files; what comes after them was left out"
            raise Stop(why, "Give Kring its folders one by one.", "too-large", of_all=True)
        member.name = names.numbered(names.shown(member.name), self.taken)
        self.members.append(member)

    def guarded(self, member: Member) -> Generator[bytes, None, None]:
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
            if member.crc is not None and (crc != member.crc or given != (member.size or given)):
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

    def _container(self, member: Member) -> Generator[bytes, None, None]:
        """The bytes of a tar: only a part of them will be kept, so only the ratio counts."""
        flow, given = Flow(), 0
        try:
            for block in member.blocks(flow):
                given += len(block)
                self.budget.check_ratio(given, flow.taken)
                self.progress(f"unpacking {member.name}", flow.taken, member.packed)
                yield block
        except Stop as stop:
            self.report.say(member.name, stop)

    def window(self, member: Member) -> Window:
        """The bytes of a member where any place can be read: in its file, or spooled."""
        if member.window is not None:
            return member.window()
        return self.spool.keep(self.guarded(member))

    def _accepts(self, archive: str, name: str) -> bool:
        if why := names.refusal(name, self.limits):
            where = f"{archive}/{names.shown(name[:200])}"
            self.report.count(archive, where, "hostile", f"Not unpacked: {why}", ASK_WHO)
            return False
        if names.is_leftover(names.tidy(name)):
            self.report.count(archive, f"{archive}/{names.shown(name)}", "skipped", names.LEFT_THERE)
            return False
        return True

    def _zip(self, member: Member, depth: int) -> None:
        window = self.window(member)
        entries = zips.listed(window, self.limits)
        if entries == []:
            raise EMPTY
        if entries is None:
            entries = self._walked(member.name, window)
        bad = zips.shared(entries)
        for n, entry in enumerate(entries):
            if self.full:
                return
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
        elif trouble is None:
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

        inner = Member(f"{member.name}/{formats.without_ending(file)}", None, blocks, packed=member.packed)
        if formats.is_tar(first(self.quietly(inner), formats.HEAD), inner.name):
            inner.name = member.name
            self._tar(inner, depth)
        else:
            self.take(inner, depth + 1, certain=True)

    def _tar(self, member: Member, depth: int) -> None:
        source = tars.Forward(self._container(member)) if member.window is None else tars.Direct(member.window())
        found: tars.Entry | Stop | None = None
        for found in tars.entries(source):
            if isinstance(found, Stop):
                self.report.say(member.name, found)
            elif found.is_file and self._accepts(member.name, found.name):
                where = f"{member.name}/{names.tidy(found.name)}"
                if trouble := found.trouble:
                    self.report.count(member.name, names.shown(where), trouble.kind, trouble.why, trouble.next)
                else:
                    self.take(self._from_tar(source, found.size, where), depth + 1)
            if self.full or self.budget.used_up:
                return
        source.to_end()
        if found is None:
            raise EMPTY

    def _from_tar(self, source: tars.Direct | tars.Forward, size: int, name: str) -> Member:
        """The file at which the source stands."""
        if isinstance(source, tars.Direct):
            window = source.window.part(source.offset, size)
            if window.size < size:
                self.report.say(name, broken_off())
            return of_window(name, window, limited=False)
        head = source.read(min(size, HEAD_BYTES))
        if formats.is_media(head):
            return Member(name, size, self.spool.keep([head]).blocks, limited=False)
        rest = source.blocks(size - len(head))
        return of_window(name, self.spool.keep(self._spending(name, size, chain([head], rest))), limited=False)

    def _spending(self, name: str, size: int, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Blocks on their way into the spool, as far as the limits go."""
        given = 0
        try:
            for block in blocks:
                given += len(block)
                self.budget.check_size(given)
                self.budget.spend(len(block))
                yield block
            if given < size:
                raise broken_off()
        except Stop as stop:
            self.report.say(name, stop)

    def folder(self, path: Path, name: str) -> None:
        """A folder on the disk; its own depth counts for nothing."""
        for found in folders.files(path, name, self.report, self.stack):
            self.files.append(found)
            self.budget.given += found.size or 0
            self.take(found, 0)
            if self.full:
                return

    def told(self, what: str, of: int | None, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Passes blocks on and tells how far it is."""
        done = 0
        for block in blocks:
            done += len(block)
            self.progress(what, done, of)
            yield block

    def quietly(self, member: Member) -> Generator[bytes, None, None]:
        """A member's bytes as far as they come; nothing is said and nothing counted."""
        with suppress(Stop):
            yield from member.blocks(Flow())
