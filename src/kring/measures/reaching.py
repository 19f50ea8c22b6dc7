"""Everybody's reach, each by himself: how many people are within one, two and three steps, over all people."""

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph
from kring.graph.bits import none_of
from kring.graph.build import degrees, transpose, undirected
from kring.graph.cover import each_alone
from kring.graph.hyperball import balls, error_of_one
from kring.graph.observe import observed_part
from kring.graph.ways import ways
from kring.measures.saying import t_quantile, unsaid
from kring.schema import Finding

STEPS = 3
EXACT = 1e10
"""People times arcs up to which everybody is searched from: some seconds."""
RUNS = 6
"""Runs of HyperBall, each with a seed of its own; their spread gives the intervals."""
LOOKED_AT = 512
"""Those with the largest estimates are counted exactly: the largest estimate of many is too large by chance."""
_SHOWN = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
_FIGURES = tuple(
    f"{figure}_{step}" for step in range(1, STEPS + 1) for figure in ("mean_reach", "median_reach", "most_reach", "reach_spread")
)
_PAPER = "Boldi & Vigna 2013, In-core computation of geometric centralities with HyperBall"


def along(graph: Graph, *, directed: bool, against: bool) -> str:
    """How a way goes, in words."""
    if not graph.directed or not directed:
        return "along ties in either direction"
    return "against the ties: to those who have one towards them" if against else "along the ties, in the direction they were given"


def of_everyone(graph: Graph, *, directed: bool, against: bool, seed: int) -> tuple[Finding, ...]:
    """people, and mean_reach, median_reach, most_reach and reach_spread (quantiles) for one, two and three steps."""
    part = observed_part(graph)
    told = partial(Finding, n=graph.n, boundary=part.boundary, cut=graph.cut, warning=part.warning)
    people = told(name="people", value=graph.n, unit="people", method="counted", warning="")
    if part.graph is None or not part.graph.n:
        return (people, *unsaid(_FIGURES, part.warning or "there are no people", boundary=part.boundary, cut=graph.cut))
    seen = part.graph if directed else undirected(part.graph)
    how = along(seen, directed=directed, against=against)
    told = partial(told, n=seen.n)
    if float(seen.n) * seen.n_arcs <= EXACT:
        found = each_alone(ways(seen, against=against), np.arange(seen.n), STEPS, none_of(seen.n), what="reach of everybody")
        return (people, *_exact(found, part.nodes, partial(told, method=f"exact: other people within so many steps of each, {how}")))
    return (people, *_estimated(transpose(seen) if against else seen, part.nodes, seed, how, told))


def _exact(found: NDArray[np.int64], nodes: NDArray[np.int64], told: partial[Finding]) -> Iterator[Finding]:
    for step, reached in enumerate(found, 1):
        most = nodes[reached == reached.max()]
        yield told(name=f"mean_reach_{step}", value=float(reached.mean()), unit="people")
        yield told(name=f"median_reach_{step}", value=float(np.median(reached)), unit="people")
        yield told(name=f"most_reach_{step}", value=int(reached.max()), unit="people", rows=tuple(most.tolist()), rows_of="person")
        yield _spread(step, reached, told)


def _estimated(graph: Graph, nodes: NDArray[np.int64], seed: int, how: str, told: partial[Finding]) -> Iterator[Finding]:
    """By HyperBall, but for one step, which is counted."""
    yield from _exact(degrees(graph)[None], nodes, partial(told, method=f"exact: other people within one step of each, {how}"))
    runs = [balls(graph, seed=seed + run, keep=range(2, STEPS + 1), rounds=STEPS, what="reach of everybody") for run in range(RUNS)]
    of_one = error_of_one() / sqrt(RUNS)
    method = f"estimated: HyperBall, 64 registers a node, {RUNS} runs, {how}; the error of one person is about {of_one:.0%}, the interval that of"
    for step in range(2, STEPS + 1):
        each = [run.within[step].astype(np.float64) - 1 for run in runs]
        one = np.mean(each, axis=0)
        for name, values in (("mean", [float(run.mean()) for run in each]), ("median", [float(np.median(run)) for run in each])):
            value, half = float(np.mean(values)), t_quantile(RUNS - 1) * float(np.std(values, ddof=1)) / sqrt(RUNS)
            yield told(
                name=f"{name}_reach_{step}",
                value=value,
                low=max(0.0, value - half),
                high=value + half,
                interval_of="estimator",
                unit="people",
                method=f"{method} the {name}",
                paper=_PAPER,
                seed=seed,
            )
        top = np.argsort(-one, kind="stable")[:LOOKED_AT]
        reached = each_alone(ways(graph), top, step, none_of(graph.n))[-1]
        most = nodes[top[reached == reached.max()]]
        looked = f"exact for the {len(top)} with the largest estimates, {how}"
        yield told(
            name=f"most_reach_{step}",
            value=int(reached.max()),
            unit="people",
            method=looked,
            seed=seed,
            rows=tuple(most.tolist()),
            rows_of="person",
        )
        yield _spread(step, one, partial(told, method=f"{method} the mean", paper=_PAPER, seed=seed))


def _spread(step: int, reached: NDArray[np.int64] | NDArray[np.float64], told: partial[Finding]) -> Finding:
    return told(
        name=f"reach_spread_{step}",
        value=len(_SHOWN),
        unit="points; the series is the reach that each share of the people stays within",
        series=tuple((share, float(np.quantile(reached, share))) for share in _SHOWN),
    )
