"""What goes to the screen beside the result: progress and remarks on stderr, errors as sentences."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kring.errors import Interrupted, KringError, UsageError

_EVERY_S = 5.0
"""Without a terminal (a log file), progress is said in a line so often."""


class Screen:
    """Progress for people: one line that moves on a terminal, a line now and then in a log."""

    def __init__(self, silent: bool = False) -> None:
        self.silent = silent
        self.live = sys.stderr.isatty()
        self.started: dict[str, float] = {}
        self.last = time.monotonic()
        self.open_line = False

    def say(self, text: str) -> None:
        """A sentence to the user."""
        if text and not self.silent:
            self._close_line()
            print(text, file=sys.stderr)

    def at(self, what: str, done: int, total: int | None = None) -> None:
        """How much is done, and about how long it still takes."""
        now = time.monotonic()
        began = self.started.setdefault(what, now)
        if self.silent or now - self.last < (0.1 if self.live else _EVERY_S):
            return
        self.last = now
        left = f", about {(now - began) * (total - done) / done:.0f} s left" if total and done and done < total else ""
        text = f"{what}: {done:,}{f' of {total:,}' if total else ''}{left}"
        if self.live:
            print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
            self.open_line = True
        else:
            print(text, file=sys.stderr, flush=True)

    @property
    def asks(self) -> bool:
        """Somebody is there to answer."""
        return self.live and sys.stdin.isatty()

    def ask(self, question: str, choices: Sequence[tuple[str, str]], none: str) -> str:
        """Asks which of the choices it is, by number or name; Enter for none of them.

        Fails   Interrupted if the user would rather stop.
        """
        self._close_line()
        shown = [f"  {number}  {name}   {some}".rstrip() for number, (name, some) in enumerate(choices, 1)]
        print("\n".join([question, *shown, f"  Enter: {none}"]), file=sys.stderr)
        print("> ", end="", file=sys.stderr, flush=True)
        if not (line := sys.stdin.readline()):
            raise Interrupted("Nothing was imported.", next="Say what the columns hold with --columns.")
        answer = line.strip()
        return choices[int(answer) - 1][0] if answer.isdecimal() and 1 <= int(answer) <= len(choices) else answer

    def _close_line(self) -> None:
        if self.open_line:
            print("\r\x1b[2K", end="", file=sys.stderr)
            self.open_line = False

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close_line()
        if kind is KeyboardInterrupt:
            raise Interrupted("Stopped.") from None


class Keys:
    """Questions that a letter answers."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.keys = keys
        self.there = sys.stdin.isatty() and sys.stderr.isatty()

    def ask(self, question: str) -> str:
        """The letter of the answer; the last of them where there is nothing more to read."""
        shown = ", ".join(f"{key} = {meaning}" for key, meaning in self.keys.items())
        while True:
            print(f"{question} {shown}: ", end="", file=sys.stderr, flush=True)
            line = sys.stdin.readline()
            answer = line.strip().lower()[:1] if line else list(self.keys)[-1]
            if answer in self.keys:
                return answer


def agreed(question: str, *, yes: bool) -> bool:
    """Whether the user agrees: by `--yes`, or by typing it.

    Fails   UsageError where nobody is there to be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("Nothing was changed: nobody is there to agree to it.", next="Look at what it changes, then add --yes.")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def complain(error: KringError) -> None:
    """An error as a person reads it: what happened, and what to do next."""
    print(f"kring: {error.what}", file=sys.stderr)
    if error.next:
        print(f"       {error.next}", file=sys.stderr)


def show(rows: Iterable[Any], format: str, *, empty: str = "Nothing found.") -> int:
    """Writes rows to stdout."""
    from kring.show.tables import write

    return write(rows, format, sys.stdout, empty=empty)
