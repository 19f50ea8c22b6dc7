"""Everything that can go wrong, as a tree; each message says what happened, to what, and what to do next.

    KringError
    ├── UsageError        the command or call was not understood            (exit 2)
    ├── CircleError       the circle's folder or store can't be used        (exit 3)
    ├── ReadError         a file from outside can't be read at all          (exit 4)
    │   └── HostileFile   … because it is built to do harm (bomb, path)
    ├── GraphError        a network can't be built, or a measure refuses it (exit 5)
    └── Interrupted       the user stopped it; what was done is kept        (exit 130)

What can't be read *inside* a file is not an error: it is an `Unread` (see `schema`), counted and shown.
"""


class KringError(Exception):
    """The root: catching it catches every failure that Kring foresees."""

    exit_code = 1

    def __init__(self, what: str, *, next: str = "") -> None:
        super().__init__(f"{what} {next}".strip())
        self.what = what
        self.next = next


class UsageError(KringError):
    """The command or call was not understood."""

    exit_code = 2


class CircleError(KringError):
    """The circle's folder or store can't be used."""

    exit_code = 3


class ReadError(KringError):
    """A file from outside can't be read at all."""

    exit_code = 4


class HostileFile(ReadError):
    """A file is built to do harm: an archive that swells without end, a path that leads outside."""


class GraphError(KringError):
    """A network can't be built, or a measure refuses it."""

    exit_code = 5


class Interrupted(KringError):
    """The user stopped it; what was done is kept."""

    exit_code = 130
