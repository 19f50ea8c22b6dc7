"""What a report says, before anybody decides how it looks: plain frozen values that a verb fills from the store and the measures.

A report is a head and sections. A section asks one question, answers it with findings, draws some of them, and opens the rows behind them.
Nothing here formats, draws or reads; a value stays the number that the measure gave until `values` writes it for people. Sentences of ours
(`said`, `rules`, `empty`, `why`, `next`) may hold a command between backticks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kring.schema import Finding

PictureKind = Literal[
    "activity",
    "auc",
    "balance_sheet",
    "beside_chance",
    "by_period",
    "community_map",
    "days",
    "degree_distribution",
    "distance_curve",
    "exposure",
    "firm_bars",
    "rhythm",
    "survival",
    "trust_by_steps",
    "credit_by_followers",
    "turnover",
    "waiting_buckets",
]
"""Which function of `charts` draws it; each says there what the series of its findings must hold."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to where something was said; an address that isn't http(s) is shown as words only."""

    text: str
    url: str


Cell = str | int | float | Link | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and how its cells are written."""

    title: str
    unit: str = ""
    """"" for words; else a unit as in `Finding.unit` ("share", "s", "people"…), or "time" for UTC microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows behind a figure: the first ones here, the rest by a command."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n_more: int = 0
    """How many rows there are beyond these."""
    command: str = ""
    """What shows the others: "kring posts --waiting"."""
    empty: str = "There is nothing to list."


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question put to us that nobody has answered yet."""

    text: str
    who: str
    where: str = ""
    """The place, or the network where there is none."""
    at: int | None = None
    """UTC microseconds."""
    waited_s: float | None = None
    """Seconds until the data cut; None where the zones don't allow it to be told."""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart of one or more findings."""

    kind: PictureKind
    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapData:
    """Who talks with whom, for the map: people by row number, and the ties between them."""

    ids: Sequence[str]
    labels: Sequence[str]
    """How each person is called on the page, in step with `ids`."""
    sources: Sequence[int]
    targets: Sequence[int]
    weights: Sequence[float] = ()
    """How often; empty: every tie counts once."""
    boundary: str = ""
    groups: Sequence[int] | None = None
    """Each person's group as the section on groups numbers them, from 0; -1 for who is in none firmly. None: groups are found for the map alone."""
    command: str = "kring network circle.gexf"
    """What gives the whole network; "" where it may not leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question and its answer."""

    id: str
    title: str
    question: str
    """As somebody would ask it."""
    said: str = ""
    """The answer in a sentence or two; `sections` writes it from the findings."""
    findings: tuple[Finding, ...] = ()
    """Those with a single value stand as figures under the sentence; those with `by` or `series` are drawn."""
    pictures: tuple[Picture, ...] = ()
    map: MapData | None = None
    waiting: tuple[Waiting, ...] = ()
    n_waiting_more: int = 0
    waiting_command: str = ""
    tables: tuple[Table, ...] = ()
    rules: tuple[str, ...] = ()
    """How it was counted, in small print."""
    empty: str = ""
    """What to say and do where there is nothing to show; shown in place of all the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One thing of which the circle holds a number: posts, people, places, exports."""

    what: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Something that was brought in: what it is, how much it holds and when it came."""

    name: str
    kind: str = ""
    """"WhatsApp chat", "Mastodon archive"."""
    n_posts: int = 0
    """Those that no earlier export had brought: the exports together have each post once."""
    came_in_at: int | None = None
    """UTC microseconds."""
    state: str = ""
    """If it isn't done: why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that doesn't count in (some of) the figures, and why."""

    what: str
    """"private posts", "posts of bots", "posts without a time", "things that couldn't be read"."""
    n: int
    why: str
    next: str = ""
    """What the reader can do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report."""

    title: str
    circle: str
    made_at: int
    """UTC microseconds."""
    cut: str = ""
    """When the store was read, and how far its data goes."""
    period: str = ""
    zone: str = ""
    """IANA name or offset in which times are written; "": UTC."""
    us: tuple[str, ...] = ()
    """Our own accounts; empty: nobody said yet who we are."""
    holdings: tuple[Holding, ...] = ()
    exports: tuple[Export, ...] = ()
    people: str = ""
    """How many accounts are known, people count, said something and have ties, and why these aren't the same: a line."""
    left_out: tuple[LeftOut, ...] = ()
    sections: tuple[Section, ...] = ()
    for_members: bool = False
    """A report on one chat, list or forum, to those who belong to it."""
    fictional: bool = False
    """The people in it don't exist (the town); said on top of every page."""
    version: str = ""
    language: str = "en"
