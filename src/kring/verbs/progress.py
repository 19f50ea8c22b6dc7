"""How a verb says how far it is: the command line draws it, a page shows it, a script may ignore it."""

from typing import Protocol


class Progress(Protocol):
    """What a user interface makes for itself."""

    def say(self, text: str) -> None:
        """A sentence to the user."""

    def at(self, what: str, done: int, total: int | None = None) -> None:
        """How much of `what` is done; `total` where it is known."""


class _Silent:
    def say(self, text: str) -> None:
        """Says nothing."""

    def at(self, what: str, done: int, total: int | None = None) -> None:
        """Says nothing."""


SILENT: Progress = _Silent()
