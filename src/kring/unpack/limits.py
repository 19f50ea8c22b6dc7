"""How far a file from outside is believed: the limits, each with its reason, and the count of what was unpacked."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["broken", "unknown", "hostile", "too-large", "skipped"]
MIB, GIB = 1024**2, 1024**3
SPLIT_IT = "If you trust where it came from, unpack it yourself and give Kring the folder."
ASK_WHO = "Somebody may mean harm with this archive. If you trust it, ask who made it."


@dataclass(frozen=True, slots=True)
class Limits:
    """What is unpacked at most; files that lie on the disk as they are have no limit but `members` (docs/decisions/0002)."""

    members: int = 200_000
    """Files in one thing given. Each costs about 1 KiB of memory while it is open; the fullest export we know of has 60,000."""
    member_bytes: int = 32 * GIB
    """Unpacked bytes of one file. The biggest single text in an export is a mailbox; 32 GiB is more than any provider lets one keep."""
    total_bytes: int = 64 * GIB
    """Unpacked bytes of all files together."""
    ratio: int = 200
    """Unpacked bytes for each packed one. Text packs 3 to 30 times, the most repetitive export 60; deflate's own end is 1,032."""
    ratio_from: int = 64 * MIB
    """Below this many bytes of one file the ratio is not asked: small files of blanks are harmless, and they exist."""
    total_ratio_from: int = GIB
    """The same for all files together, against the size of what was given: many bombs, each just small enough."""
    depth: int = 3
    """Archives inside one another: a zip in a zip in a zip is read, one deeper isn't. Real exports have two."""
    name_chars: int = 1000
    """Longest name of a file with its folders."""


class Stop(Exception):
    """A stream can't go on: why, and what the user can do. It never leaves this room: it becomes an `Unread`."""

    def __init__(self, why: str, next: str, kind: Kind = "broken", *, of_all: bool = False) -> None:
        super().__init__(why)
        self.why, self.next, self.kind, self.of_all = why, next, kind, of_all


class Budget:
    """Counts what was unpacked; a file read twice counts once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.given, self.total = 0, 0

    @property
    def most(self) -> int:
        """Unpacked bytes allowed for what was given."""
        return min(self.limits.total_bytes, max(self.limits.total_ratio_from, self.limits.ratio * self.given))

    @property
    def used_up(self) -> bool:
        return self.total > self.most

    def check_ratio(self, unpacked: int, packed: int) -> None:
        if unpacked > self.limits.ratio_from and unpacked > self.limits.ratio * packed:
            why = f"it swells to more than {self.limits.ratio} times its packed size, as a file does that was made to fill your disk"
            raise Stop(why, SPLIT_IT, "hostile")

    def check_size(self, unpacked: int) -> None:
        if unpacked > self.limits.member_bytes:
            raise Stop(f"it is longer than {sized(self.limits.member_bytes)}; what comes after that was left out", SPLIT_IT, "too-large")

    def spend(self, n: int) -> None:
        self.total += n
        if self.used_up:
            kind: Kind = "too-large" if self.most == self.limits.total_bytes else "hostile"
            raise Stop(f"unpacked it is more than {sized(self.most)}; what comes after that was left out", SPLIT_IT, kind, of_all=True)


def sized(n: int) -> str:
    """A number of bytes for people."""
    for unit, size in (("GiB", GIB), ("MiB", MIB), ("KiB", 1024)):
        if n >= size:
            return f"{n / size:.0f} {unit}" if n % size == 0 else f"{n / size:.1f} {unit}"
    return f"{n} bytes"
