"""What a reader of a network file gathers before it is a graph: ties by id, attributes of nodes, and what could not be read."""

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Graph, Log
from kring.graph.build import from_pairs
from kring.graph.logs import from_acts
from kring.schema import Note, Unread

MOST_TOLD = 100
"""So many unread things of a file are told one by one; the rest is counted."""
_RAW = 4096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Network:
    """A network file as read: the graph, what could not be read, and what was decided and is said aloud."""

    graph: Graph
    unread: tuple[Unread, ...] = ()
    notes: tuple[Note, ...] = ()
    log: Log | None = None
    """Every line that has a time, where they have: the graph keeps the first and the last of each tie only."""


class Complaints:
    """Collects what could not be read: the first hundred in full, the rest counted, so that a wholly broken file can't fill the memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.told: list[Unread] = []
        self.more = 0

    def add(self, line: int, why: str, next: str = "", *, raw: bytes = b"", kind: str = "broken", n: int = 1) -> None:
        """One thing unread; `line` 0 for the file as a whole."""
        if len(self.told) >= MOST_TOLD and line:
            self.more += n
            return
        where = f"{self.name}, line {line}" if line else self.name
        self.told.append(Unread(where=where, why=why, next=next, kind=kind, n=n, raw=raw[:_RAW]))  # type: ignore[arg-type]

    def take(self, other: "Complaints") -> None:
        """Those of another, too."""
        self.told.extend(other.told)
        self.more += other.more

    @property
    def lines(self) -> int:
        """How many lines could not be read."""
        return sum(unread.n for unread in self.told if unread.kind in ("broken", "too-large")) + self.more

    def all(self) -> tuple[Unread, ...]:
        """All of it, for the user."""
        if not self.more:
            return tuple(self.told)
        rest = Unread(where=self.name, why=f"{self.more} more lines could not be read.", next="The first hundred are listed.", n=self.more)
        return (*self.told, rest)


class Ties:
    """Ties by the ids of their ends, and attributes of nodes, in the order in which they come."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.source, self.target = array("q"), array("q")
        self.weight, self.sign, self.at, self.last = array("d"), array("b"), array("q"), array("q")
        self.weighted = self.signed = self.timed = False
        self.both_ways: list[int] = []
        self.labels: dict[str, dict[int, object]] = {}

    def node(self, id: str) -> int:
        """The number of a node, new or known."""
        return self.number.setdefault(id, len(self.number))

    def tie(
        self,
        source: str,
        target: str,
        weight: float | None = None,
        sign: int | None = None,
        at: int | None = None,
        last: int | None = None,
        *,
        both_ways: bool = False,
    ) -> None:
        """One tie; `None` where the file doesn't say. `last`: the time when it was last there, where `at` is the first of several."""
        self.source.append(self.node(source))
        self.target.append(self.node(target))
        self.weight.append(1.0 if weight is None else weight)
        self.sign.append(0 if sign is None else sign)
        self.at.append(NO_TIME if at is None else at)
        self.last.append(NO_TIME if at is None else max(at, last or at))
        if both_ways:
            self.both_ways.append(len(self.source) - 1)
        self.weighted |= weight is not None
        self.signed |= sign is not None
        self.timed |= at is not None

    def label(self, id: str, name: str, value: object) -> None:
        """An attribute of a node."""
        self.labels.setdefault(name, {})[self.node(id)] = value

    def graph(self, *, directed: bool) -> Graph:
        """The graph of all this. In a directed one, ties said to go both ways are two arcs."""
        back = np.array(self.both_ways if directed else [], np.int64)

        def both(values: array, ahead: array | None = None) -> NDArray[np.generic]:  # type: ignore[type-arg]
            there: NDArray[np.generic] = np.array(values)
            return np.concatenate((there, np.array(ahead or values)[back])) if len(back) else there

        n = len(self.number)
        return from_pairs(
            both(self.source, self.target),
            both(self.target, self.source),
            n=n,
            ids=list(self.number),
            directed=directed,
            weights=both(self.weight).astype(np.float64) if self.weighted else None,
            signs=both(self.sign).astype(np.int8) if self.signed else None,
            at=both(self.at).astype(np.int64) if self.timed else None,
            last_at=both(self.last).astype(np.int64) if self.timed else None,
            labels={name: column(values, n) for name, values in self.labels.items()},
        )

    def log(self) -> Log | None:
        """The ties as acts in time, where they have times."""
        if not self.timed:
            return None
        source, target, at = (np.array(column, np.int64) for column in (self.source, self.target, self.at))
        return from_acts(source, target, at, len(self.number), ids=list(self.number))


def weighed(weight: float | None, rating: float | None, sign: float | None) -> tuple[float | None, int | None]:
    """Weight and sign of a tie from what a file gives: a rating is both, where nothing else says them."""
    sign = rating if sign is None else sign
    return rating if weight is None else weight, None if sign is None else (sign > 0) - (sign < 0)


def column(values: dict[int, object], n: int) -> NDArray[np.object_]:
    """object[n] from the values that are known."""
    filled = np.full(n, None, np.object_)
    for row, value in values.items():
        filled[row] = value
    return filled


def instant(text: str) -> int | None:
    """A time as files write it, in UTC microseconds: seconds, milli- or microseconds from 1970, or an ISO date; None if none of these."""
    try:
        return microseconds(float(text))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    except ValueError:
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def microseconds(number: float) -> int | None:
    """A number of seconds, milliseconds or microseconds since 1970, told apart by size (until the year 5138); None where it is no time."""
    if number != number or abs(number) > 4e18:
        return None
    size = abs(number)
    return round(number * (1_000_000 if size < 1e11 else 1000 if size < 1e14 else 1 if size < 1e17 else 1e-3))
