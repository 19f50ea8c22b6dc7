"""Everybody's reach, each by himself: how many people are within one, two and three steps, over all people."""

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Graph, Nodes
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
RUNS = 4
"""Runs of HyperBall, each with a seed of its own."""
SAMPLED = 512
"""People drawn by chance whose reach is counted exactly: it corrects the mean of all estimates, which are some 1% too large, and gives the
median."""
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


def _exact(found: NDArray[np.int64], nodes: Nodes, told: partial[Finding]) -> Iterator[Finding]:
    for step, reached in enumerate(found, 1):
        most = nodes[reached == reached.max()]
        yield told(name=f"mean_reach_{step}", value=float(reached.mean()), unit="people")
        yield told(name=f"median_reach_{step}", value=float(np.median(reached)), unit="people")
        yield told(name=f"most_reach_{step}", value=int(reached.max()), unit="people", rows=tuple(most.tolist()), rows_of="person")
        yield _spread(step, reached, told)


def _estimated(graph: Graph, nodes: Nodes, seed: int, how: str, told: partial[Finding]) -> Iterator[Finding]:
    """One step is counted; more by HyperBall for everybody, beside exact counts for some drawn by chance.

    After   Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, chapter 6, the difference estimator: without bias, whatever that
            of HyperBall is.
    """
    yield from _exact(degrees(graph)[None], nodes, partial(told, method=f"exact: other people within one step of each, {how}"))
    runs = [balls(graph, seed=seed + run, keep=range(2, STEPS + 1), rounds=STEPS, what="reach of everybody") for run in range(RUNS)]
    drawn = np.sort(np.random.default_rng(seed).permutation(graph.n)[:SAMPLED])
    found = ways(graph)
    exact = each_alone(found, drawn, STEPS, none_of(graph.n), what="reach of some")
    of_one = f"HyperBall, 64 registers a node, {RUNS} runs: the error of one person is about {error_of_one() / sqrt(RUNS):.0%}"
    counted = f"exact counts for {len(drawn)} people drawn by chance, {how}"
    for step in range(2, STEPS + 1):
        one: NDArray[np.float64] = np.asarray(np.mean([run.within[step] for run in runs], axis=0, dtype=np.float64)) - 1
        looked = partial(told, unit="people", seed=seed)
        mean, half = _corrected(one, drawn, exact[step - 1])
        method = f"{of_one}; that of the mean is far smaller, as it is corrected by {counted}"
        yield looked(
            name=f"mean_reach_{step}",
            value=mean,
            low=max(0.0, mean - half),
            high=mean + half,
            interval_of="estimator",
            method=method,
            paper=_PAPER,
        )
        low, median, high = _median(exact[step - 1])
        yield looked(name=f"median_reach_{step}", value=median, low=low, high=high, interval_of="estimator", method=counted)
        top = np.argsort(-one, kind="stable")[:LOOKED_AT]
        reached = each_alone(found, top, step, none_of(graph.n))[-1]
        most = nodes[top[reached == reached.max()]]
        method = f"exact for the {len(top)} with the largest estimates, {how}"
        yield looked(name=f"most_reach_{step}", value=int(reached.max()), method=method, rows=tuple(most.tolist()), rows_of="person")
        yield _spread(
            step, one * (mean / one.mean() if one.any() else 1.0), partial(told, method=f"{of_one}, {how}", paper=_PAPER, seed=seed)
        )


def _corrected(estimates: NDArray[np.float64], drawn: Nodes, exact: NDArray[np.int64]) -> tuple[float, float]:
    """The mean of all estimates, corrected by how far off they are for those drawn; and half of its 95% interval."""
    off = exact - estimates[drawn]
    spread = float(off.std(ddof=1)) / sqrt(len(drawn)) if len(drawn) > 1 else 0.0
    return float(estimates.mean() + off.mean()), t_quantile(len(drawn) - 1) * spread * sqrt(1 - len(drawn) / len(estimates))


def _median(exact: NDArray[np.int64]) -> tuple[float, float, float]:
    """The median of those drawn between the ends of its 95% interval: the places in their order between which a fair coin falls so often."""
    order, n = np.sort(exact), len(exact)
    half = 0.98 * sqrt(n)
    return float(order[max(0, int(n / 2 - half))]), float(np.median(order)), float(order[min(n - 1, int(n / 2 + half))])


def _spread(step: int, reached: NDArray[np.int64] | NDArray[np.float64], told: partial[Finding]) -> Finding:
    return told(
        name=f"reach_spread_{step}",
        value=len(_SHOWN),
        unit="points; the series is the reach that each share of the people stays within",
        series=tuple((share, float(np.quantile(reached, share))) for share in _SHOWN),
    )
