"""A tie of an XML file while it is read: its attributes and its values by name, until it is one of `Ties`."""

from kring.graph.files.gathered import Complaints, Ties, instant, weighed
from kring.graph.files.table import ROLES

_WEIGHT = ("weight",)
_RATING = tuple(ROLES["rating"].split())
_FIRST = tuple(ROLES["at"].split())
_LAST = tuple(ROLES["last"].split())


class Tied:
    """One tie, being read."""

    def __init__(self, attributes: dict[str, str] | None = None, values: dict[str, object] | None = None) -> None:
        self.attributes = attributes or {}
        self.values = values or {}

    def into(self, ties: Ties, line: int, complaints: Complaints, *, both_ways: bool) -> bool:
        """Adds it to the ties; False, with a complaint, where one of its ends is missing."""
        source, target = self.attributes.get("source", ""), self.attributes.get("target", "")
        if not source or not target:
            complaints.add(line, "A tie lacks its source or its target.", "It is left out.")
            return False
        named = {name.lower().replace("_", ""): value for name, value in (*self.attributes.items(), *self.values.items())}
        weight, sign = weighed(_number(named, _WEIGHT), _number(named, _RATING), _number(named, ("sign",)))
        ties.tie(
            source,
            target,
            weight,
            sign,
            _time(named, _FIRST),
            _time(named, _LAST),
            both_ways=both_ways,
        )
        return True


def _number(named: dict[str, object], names: tuple[str, ...]) -> float | None:
    for name in names:
        try:
            return float(str(named[name]))
        except (KeyError, ValueError):
            continue
    return None


def _time(named: dict[str, object], names: tuple[str, ...]) -> int | None:
    return next((instant(str(named[name])) for name in names if name in named), None)
