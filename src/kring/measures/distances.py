"""How many steps people are from each other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.arrays import Graph
from kring.graph.build import undirected
from kring.graph.components import largest_component
from kring.graph.hyperball import REGISTERS, Balls, Counters, balls
from kring.graph.near import placed
from kring.graph.observe import Part, observed_part
from kring.graph.search import SOURCES, levels
from kring.graph.watch import OutOfTime, until
from kring.graph.ways import ways
from kring.measures.sampling import Estimate, estimated, in_random_order
from kring.measures.saying import joined, unsaid
from kring.schema import Finding

CHEAP = 4e9
"""Arcs walked along (with 512 sources at once) up to which everyone is searched from: some twenty seconds on one core."""
SAMPLE = 2048
_LEAST_PER_HELP = 20
"""So many of the sample for each thing known of everybody; with fewer it is left out."""
SEEDS = 8
METHODS = ("auto", "exact", "sample", "hyperball")
_FIGURES = (
    "mean_distance",
    "median_distance",
    "effective_diameter",
    "diameter",
    "spread",
    "index_of_dispersion",
    "within_1",
    "within_2",
    "within_3",
    "reachable",
    "distance_distribution",
)
_SEARCHED = "Then et al. 2014, The more the merrier: efficient multi-source graph traversal"
_BALLS = "Boldi & Vigna 2013, In-core computation of geometric centralities with HyperBall"
_HELPED = "corrected by how many contacts everybody has, and how many those have (regression estimator)"


def distances(
    graph: Graph,
    *,
    directed: bool = False,
    all_pairs: bool = False,
    method: str = "auto",
    sources: int = 0,
    seeds: int = SEEDS,
    registers: int = REGISTERS,
    deadline: str = "",
    threads: int = 0,
    seed: int = 0,
) -> tuple[Finding, ...]:
    """How many steps people are from each other: mean, median, spread, and the share of pairs within one, two and three steps.

    Takes   a graph.
            `directed`: along the ties only, in ordered pairs. Else both ways.
            `all_pairs`: shares of all pairs of people, not of those in the largest part that is joined by ties.
            `method`: "exact" searches from everyone; "sample" from some, drawn by chance; "hyperball" counts everybody's reach at once, by
            estimate; "auto" is exact where that is cheap, else a sample.
            `sources`: so many are drawn for a sample (0: 2048).
            `seeds`: so many runs of hyperball, from `seed` on.
            `registers`: so many counters for each person in hyperball; more are more exact, and take more memory.
            `deadline`: "60s", "5m": what is done by then, with a wider interval.
            `threads`: so many (0: all processors); they change no figure.
            `seed`: draws by chance: the same number gives the same figures.
    Gives   people, n_ties, largest_component, mean_distance, median_distance, effective_diameter (90%, interpolated), diameter, spread (the
            standard deviation), index_of_dispersion (variance by mean: below 1 in social networks, above it in the web), within_1, within_2,
            within_3, reachable (the share of pairs with a path) and distance_distribution. All but the shares are over pairs with a path.
            Exact, or from a sample with a 95% interval of the estimator. What was done stands in `method`: asked for again, equal bits.
    Costs   O(sources / 512 * m * diameter / few) time and 200 bytes a node; hyperball O(seeds * m * few) and 2 * registers bytes a node.
    Fails   UsageError for an unknown method or deadline; without ties, or where other people's ties were not seen, the value is None with a
            warning.
    After   Then et al. 2014 (search from 512 at once); Boldi & Vigna 2013 (HyperBall); Cochran 1977 (regression estimator); effective
            diameter as in Leskovec et al. 2005, over pairs of different people.
    """
    if method not in METHODS:
        raise UsageError(f'There is no method "{method}".', next=f"Methods: {', '.join(METHODS)}.")
    part = observed_part(graph)
    whole = graph if directed else undirected(graph)
    counts = _counts(graph, whole, part)
    if part.graph is None:
        return (*counts, *unsaid(("largest_component", *_FIGURES), part.warning, boundary=part.boundary, cut=graph.cut))
    seen = part.graph if directed else whole if part.graph is graph else undirected(part.graph)
    inside = largest_component(seen)
    size = int(inside.sum())
    component = _component(graph, seen, part, size)
    if size < 2:
        return (*counts, component, *unsaid(_FIGURES, "there are no ties", boundary=part.boundary, cut=graph.cut))
    asked = _Asked(seen, inside, size, all_pairs, threads, seed)
    with until(_seconds(deadline)):
        found = _by_balls(asked, seeds, registers) if method == "hyperball" else _by_search(asked, method, sources)
    if found is None or not found.steps.any():
        soon = f"too soon to say: the deadline of {deadline} came before anything was done; give a longer one, such as --deadline 60s"
        why = "nobody in the sample has a tie" if found else soon
        return (*counts, component, *unsaid(_FIGURES, why, boundary=part.boundary, cut=graph.cut))
    where = f"of all {seen.n} people" if all_pairs else f"in the largest weakly connected part ({size} of {seen.n} people)"
    pairs = f"directed, ordered pairs {where}" if seen.directed else f"undirected, distinct pairs {where}"
    finding = partial(
        Finding,
        n=asked.n,
        method=f"{found.how}; {pairs}; self-ties left out",
        seed=None if found.exact else seed,
        paper=_BALLS if method == "hyperball" else _SEARCHED,
        warning=joined(part.warning, f"the deadline of {deadline} came first" if found.stopped else ""),
        boundary=part.boundary,
        cut=graph.cut,
    )
    return (*counts, component, *_figures(found, asked, finding))


def _counts(graph: Graph, whole: Graph, part: Part) -> tuple[Finding, Finding]:
    method = "counted: pairs of people with a tie" + (", each direction for itself" if whole.directed else " in either direction")
    people = Finding(name="people", value=graph.n, n=graph.n, unit="people", method="counted", boundary=part.boundary, cut=graph.cut)
    ties = Finding(name="n_ties", value=whole.n_ties, n=graph.n, unit="ties", method=method, boundary=part.boundary, cut=graph.cut)
    return people, ties


def _component(graph: Graph, seen: Graph, part: Part, size: int) -> Finding:
    return Finding(
        name="largest_component",
        value=size,
        n=seen.n,
        unit="people",
        method="counted: the most people who are joined by ties, whatever their direction",
        warning=part.warning,
        boundary=part.boundary,
        cut=graph.cut,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What distances are asked for: between whom, and with how much help."""

    graph: Graph
    inside: NDArray[np.bool_]
    """The people of the largest part."""
    size: int
    """How many they are."""
    all_pairs: bool
    """The others count too."""
    threads: int
    seed: int

    @property
    def n(self) -> int:
        """How many people the distances are between."""
        return self.graph.n if self.all_pairs else self.size


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """From whom (or to whom) how many are how far."""

    steps: NDArray[np.int64]
    """int64[drawn, longest]: column d holds how many people are d + 1 steps away."""
    nodes: NDArray[np.int64]
    again: bool
    """Somebody may have been drawn twice."""
    into: bool
    """The steps lead to those drawn, not from them."""
    how: str
    stopped: bool
    longest: int = 0
    exact: bool = False
    """Everybody was drawn."""


def _seconds(deadline: str) -> float:
    """Seconds from "60s", "5m", "1h" or "60"; 0 for "", which is none.

    Fails   UsageError if it is none of these, or no time at all.
    """
    if not deadline.strip():
        return 0
    given = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", deadline.strip())
    if not given:
        raise UsageError(f"A deadline of {deadline!r} can't be understood.", next='Say it like "60s", "5m" or "1h".')
    seconds = float(given[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[given[2]]
    if not seconds:
        raise UsageError(f"A deadline of {deadline} leaves no time.", next='Say it like "60s", or leave it out for no deadline.')
    return seconds


def _by_search(asked: _Asked, method: str, wanted: int) -> _Found | None:
    """Searches from people in random order: from all, from as many as asked for, or until it proves too dear to go on."""
    enough = min(max(wanted, 2) if wanted else SAMPLE if method == "sample" else asked.size, asked.size)
    within = _searched(asked, asked.inside, asked.size if method == "exact" else enough, give_up=method == "auto" and not wanted)
    if within is None:
        return None
    exact = len(within.nodes) == asked.size
    whom = f"a sample of {len(within.nodes)} of {asked.size} people"
    how = f"sampled: breadth-first search from {whom}, {_HELPED}" if not exact else f"exact: breadth-first search from everyone ({asked.n})"
    return _with_others(asked, replace(within, how=how, exact=exact))


def _by_balls(asked: _Asked, seeds: int, registers: int) -> _Found | None:
    """Runs HyperBall once for each seed, and takes the witnesses of all runs together."""
    counters, stopped = Counters.of(asked.graph.n, registers), False
    runs: list[Balls] = []
    more = partial(balls, asked.graph, registers=registers, inside=asked.inside, counters=counters, threads=asked.threads)
    try:
        while len(runs) < max(1, seeds):
            runs.append(more(seed=asked.seed + len(runs), what=f"distances: seed {len(runs) + 1} of {seeds}"))
    except OutOfTime:
        stopped = True
    if not runs:
        return None
    rounds = max(len(run.modes) for run in runs)
    nodes = np.concatenate([run.witnesses for run in runs])
    seen = f"{len(runs)} seeds ({asked.seed} to {asked.seed + len(runs) - 1})" if len(runs) > 1 else f"1 seed ({asked.seed})"
    within = _Found(
        steps=_stacked([run.from_witness[:, 1:] for run in runs]),
        nodes=nodes,
        again=True,
        into=True,
        how=f"HyperBall: {registers} registers, {seen}, {rounds} rounds; from {len(nodes)} witnesses, {_HELPED}",
        stopped=stopped,
        longest=rounds,
    )
    return _with_others(asked, within)


def _with_others(asked: _Asked, within: _Found) -> _Found | None:
    """What was found within the largest part, and from people outside of it, where they count: all of them, or a sample of their own."""
    others = asked.graph.n - asked.size
    if not asked.all_pairs or not others:
        return within
    without = _searched(asked, ~asked.inside, others if within.exact else min(SAMPLE, others), into=within.into)
    if without is None:
        return None
    return replace(
        within,
        steps=_stacked([within.steps, without.steps]),
        nodes=np.concatenate((within.nodes, without.nodes)),
        stopped=within.stopped or without.stopped,
        longest=max(within.longest, without.longest),
        exact=within.exact and not without.stopped,
    )


def _searched(asked: _Asked, whom: NDArray[np.bool_], enough: int, *, give_up: bool = False, into: bool = False) -> _Found | None:
    """Searches from so many of these people in random order, 512 at a time; `give_up`: from a sample only, if all would be too dear."""
    along = ways(asked.graph, against=into)
    drawn, walked, stopped = np.empty(0, np.int64), 0, False
    steps: list[NDArray[np.int64]] = []
    try:
        for batch in _batches(whom, enough, asked.seed):
            batch, what = batch[: enough - len(drawn)], f"distances: search {len(steps) + 1}"
            found = levels(along, batch, threads=asked.threads, what=what)
            drawn, walked = np.concatenate((drawn, batch)), walked + found.walked
            steps.append(found.found.T)
            if give_up and walked / len(drawn) * asked.size > CHEAP:
                enough = min(SAMPLE, enough)
            if len(drawn) >= enough:
                break
    except OutOfTime:
        stopped = True
    if not steps:
        return None
    together = _stacked(steps)
    return _Found(steps=together, nodes=drawn, again=False, into=into, how="", stopped=stopped, longest=together.shape[1])


def _batches(whom: NDArray[np.bool_], enough: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """So many of these people in random order, 512 at a time; whoever asks for fewer gets the first of the same."""
    waiting = np.empty(0, np.int64)
    for some in in_random_order(len(whom), seed):
        waiting = np.concatenate((waiting, some[whom[some]]))
        while len(waiting) >= SOURCES and enough >= SOURCES:
            yield waiting[:SOURCES]
            waiting, enough = waiting[SOURCES:], enough - SOURCES
        if len(waiting) >= enough:
            break
    if enough:
        yield waiting[:enough]


def _stacked(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    longest = max(part.shape[1] for part in parts)
    return np.concatenate([np.pad(part, ((0, 0), (0, longest - part.shape[1]))) for part in parts])


def _figures(found: _Found, asked: _Asked, finding: Callable[..., Finding]) -> tuple[Finding, ...]:
    """The findings from how many people are how far from those drawn."""
    statistics = partial(_statistics, others=asked.n - 1)
    if found.exact:
        value = statistics(found.steps.sum(axis=0) / asked.n)
        ends = Estimate(value, value, value)
    else:
        ends = _estimated(found, asked, statistics)
    ends = _bounded(ends, connected=not asked.graph.directed and not asked.all_pairs)
    by = "none" if found.exact else "estimator"

    def at(name: str, place: int, unit: str) -> Finding:
        interval = {} if found.exact else {"low": float(ends.low[place]), "high": float(ends.high[place])}
        return finding(name=name, value=float(ends.value[place]), unit=unit, interval_of=by, **interval)

    def step(name: str, quantile: Callable[[NDArray[np.float64]], float]) -> Finding:
        interval = {} if found.exact else {"low": quantile(ends.high[_CDF:]), "high": quantile(ends.low[_CDF:])}
        return finding(name=name, value=quantile(ends.value[_CDF:]), unit="steps", interval_of=by, **interval)

    warning = finding.keywords["warning"]  # type: ignore[attr-defined]
    least = {} if found.exact else {"low": found.longest, "warning": joined(warning, "at least this: a longer way may not have been met")}
    shares = np.diff(ends.value[_CDF:], prepend=0) * ends.value[_REACHABLE]
    n_pairs = int(found.steps.sum()) // (2 if found.exact and not asked.graph.directed else 1)
    return (
        at("mean_distance", _MEAN, "steps"),
        step("median_distance", _median),
        step("effective_diameter", _effective),
        finding(name="diameter", value=found.longest, unit="steps", interval_of=by, **least),
        at("spread", _SPREAD, "steps"),
        at("index_of_dispersion", _DISPERSION, "variance by mean"),
        *(at(f"within_{steps}", _WITHIN + steps - 1, "share of pairs") for steps in (1, 2, 3)),
        at("reachable", _REACHABLE, "share of pairs"),
        finding(
            name="distance_distribution",
            value=n_pairs,
            unit="pairs found; the series is the share of pairs at each distance",
            series=tuple((steps + 1, float(share)) for steps, share in enumerate(shares)),
        ),
    )


def _bounded(ends: Estimate, *, connected: bool) -> Estimate:
    """Nothing below 0 and no share above 1; where everybody has a way to everybody, in one part with ties both ways, that share is 1 exactly."""
    bounded = [np.maximum(end, 0) for end in (ends.value, ends.low, ends.high)]
    for end in bounded:
        end[_WITHIN:] = np.minimum(end[_WITHIN:], 1)
        if connected:
            end[_REACHABLE] = 1
    return Estimate(*bounded)


def _estimated(found: _Found, asked: _Asked, figures: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Estimate:
    """The figures of all from those of the ones drawn, helped by what one look at everybody's contacts tells of those in the largest part."""
    contacts = placed(asked.graph, into=found.into, threads=asked.threads)[:, ::-1]
    share = asked.size / asked.n
    inside = asked.inside[found.nodes]
    n_inside = int(inside.sum())
    helped = min(contacts.shape[1], max(0, n_inside // _LEAST_PER_HELP - 1))
    off = (contacts[found.nodes] - contacts.mean(axis=0, dtype=np.float64, where=asked.inside[:, None])) * inside[:, None]
    known = np.column_stack((inside, ~inside, off[:, :helped]))
    of_all = np.array([share, 1 - share, *[0.0] * helped])
    drawn_of = np.where(inside, 0.0 if found.again else n_inside / asked.size, (len(inside) - n_inside) / max(1, asked.n - asked.size))
    about = estimated(found.steps.astype(np.float64), known, of_all, figures, fraction=drawn_of)
    degrees = np.diff(asked.graph.offsets)
    ties = int(degrees.sum() if asked.all_pairs else degrees.sum(where=asked.inside))
    for ends in (about.value, about.low, about.high):
        ends[_WITHIN] = ties / (asked.n * (asked.n - 1))  # who is one step away is known of everybody
    return about


_MEAN, _SPREAD, _DISPERSION, _WITHIN, _REACHABLE, _CDF = 0, 1, 2, 3, 6, 7
"""Places in a row of statistics: `_WITHIN` stands for one step, two and three; from `_CDF` on the share of connected pairs within each distance."""


def _statistics(steps: NDArray[np.float64], others: int) -> NDArray[np.float64]:
    """The statistics from how many people are, on average, at each distance."""
    steps = np.maximum(steps, 0)
    within = np.cumsum(steps)
    connected = within[-1] if within[-1] > 0 else 1.0
    distance = np.arange(1, len(steps) + 1)
    mean = (steps @ distance) / connected
    variance = max(0.0, (steps @ distance**2) / connected - mean**2)
    shares = [within[min(k, len(within)) - 1] / others for k in (1, 2, 3, len(within))]
    return np.concatenate(([mean, np.sqrt(variance), variance / mean if mean else 0.0, *shares], within / connected))


def _median(within: NDArray[np.float64]) -> int:
    """The fewest steps within which half of the connected pairs lie."""
    return int(np.argmax(within >= 0.5)) + 1 if within[-1] >= 0.5 else len(within)


def _effective(within: NDArray[np.float64]) -> float:
    """The steps within which 90% of the connected pairs lie, interpolated between whole steps."""
    steps = int(np.argmax(within >= 0.9)) if within[-1] >= 0.9 else len(within) - 1
    before = float(within[steps - 1]) if steps else 0.0
    rise = float(within[steps]) - before
    return steps + min(1.0, (0.9 - before) / rise) if rise > 0 else float(steps + 1)
