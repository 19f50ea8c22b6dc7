"""Keeps count of what could not be read, so that ten thousand equal losses are one line with a number and not ten thousand lines."""

from collections.abc import Iterator

import msgspec

from kring.schema import Unread

MOST_ALIKE = 100
"""So many equal losses are shown one by one, with their bytes; beyond that they are only counted."""


class Losses:
    """Losses are alike when they are of one page (the part of `where` before the first ", "), one kind and one reason.

    `alike` stands for the reason where its words differ from loss to loss ("1601-01-01 can't be right"): memory must not grow with them.
    """

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str, str], int] = {}
        self._rest: dict[tuple[str, str, str], Unread] = {}
        self._n: dict[tuple[str, str, str], int] = {}

    def each(self, loss: Unread, *, alike: str = "") -> tuple[Unread, ...]:
        """The loss itself while there are few like it, then nothing: it is counted for `rest`."""
        key = (loss.where.partition(", ")[0], loss.kind, alike or loss.why)
        shown = self._shown.get(key, 0)
        if shown >= MOST_ALIKE:
            self._add(key, msgspec.structs.replace(loss, where=f"{loss.where} and on"))
            return ()
        self._shown[key] = shown + 1
        return (loss,)

    def count(self, loss: Unread) -> None:
        """Only counted: for what is said once per page or once per kind."""
        self._add((loss.where.partition(", ")[0], loss.kind, loss.why), loss)

    def _add(self, key: tuple[str, str, str], loss: Unread) -> None:
        self._rest.setdefault(key, loss)
        self._n[key] = self._n.get(key, 0) + loss.n

    def rest(self) -> Iterator[Unread]:
        """What was only counted: one line each, with its number, the place of the first of them and its bytes."""
        for key, loss in self._rest.items():
            yield msgspec.structs.replace(loss, n=self._n[key])
