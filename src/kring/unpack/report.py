"""What could not be read of a file from outside, gathered while it is unpacked and while its pages are read."""

from kring.schema import Unread
from kring.unpack.limits import Kind, Stop


class Report:
    """Each thing is said once, however often a page is opened."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, ...], Unread] = {}

    @property
    def unread(self) -> list[Unread]:
        return list(self._said.values())

    def say(self, where: str, stop: Stop) -> None:
        """Something about one file; about everything together if the stop is `of_all`."""
        key = (stop.why,) if stop.of_all else (where, stop.why)
        self._said.setdefault(key, Unread(where=where, why=_sentence(stop.why), next=stop.next, kind=stop.kind))

    def count(self, archive: str, where: str, kind: Kind, why: str, next: str = "") -> None:
        """One `Unread` for all files of an archive that have the same reason; the first of them is named."""
        key = (archive, kind, why)
        n, where = (self._said[key].n + 1, self._said[key].where) if key in self._said else (1, where)
        self._said[key] = Unread(where=where, why=_sentence(why), next=next, kind=kind, n=n)


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}."
