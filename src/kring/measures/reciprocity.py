"""How much of what is given comes back: in the network, between us and others, and by way of others."""

from functools import partial
from math import sqrt

import numpy as np
from msgspec.structs import replace
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Columns, Graph, Log, Nodes
from kring.graph.logs import among
from kring.graph.null_models import over_null_models
from kring.graph.observe import Part, observed_part
from kring.graph.threads import each
from kring.measures.favours import balances, of_somebody
from kring.measures.passing_on import generalised_reciprocity, unthanked_helpers
from kring.measures.saying import joined, unsaid, wilson
from kring.schema import Finding

_ONE_WAY = "not one tie is returned: where a file lists each tie once, without direction, say so with --undirected"
_METHOD = "exact: arcs whose opposite is also there, of all arcs; self-ties never count"
_PAPER = "Newman, Forrest & Balthrop 2002, Email networks and the spread of computer viruses"
_RHO = "Garlaschelli & Loffredo 2004, Patterns of link reciprocity in directed networks"
_WEIGHTED = "Squartini, Picciolo, Ruzzenenti & Garlaschelli 2013, Reciprocity of weighted networks"
_NETWORK = ("reciprocity", "rho", "reciprocity_null", "reciprocity_weighted", "rho_weighted")
_DEALT, _FEWEST_DEALT, _DEALT_ACTS = 20, 3, 20_000_000
"""How often acts are dealt out anew for `rho_weighted`; of many acts less often, as the mean then moves less."""
_MOST_ACTS = 50_000_000
_NEARLY_ALL = 1 - 1e-9
_BY_CHANCE = "no more and no less than by chance: the interval holds 0"


def reciprocity(
    graph: Graph,
    log: Log | None = None,
    answers: Columns | None = None,
    people: Columns | None = None,
    *,
    of: Nodes | None = None,
    within_days: float = 0.0,
    null_models: int = 0,
    seed: int = 1,
) -> tuple[Finding, ...]:
    """How much of what is given comes back: in the network, between us and others, and by way of others.

    Takes   a directed graph; where there are any, a log of acts in time, columns of answers, and who of the people are us. Where only some people's ties
            were seen, a pair counts if both were.
            `of`: whose own balance is told. In a circle that is ours, if nobody is named.
            `within_days`: so soon after a favour a help to somebody else counts as passing it on; a day, or a fiftieth of the whole time
            where that is shorter.
            `null_models`: with how many random networks, in which everybody keeps as many ties each way, reciprocity is compared.
            `seed`: of what is drawn by chance.
    Gives   of the network: reciprocity (share of ties), rho (the same against density: 0 by chance, 1 all, below 0 avoided; interval as if
            each pair of people were a draw), reciprocity_null (in random networks), reciprocity_weighted and rho_weighted (by how often, each
            act's receiver dealt out anew), about_even (share of people who give at most twice what they get, and
            the other way round), balances (people by which of both they do more).
            Of somebody: given, received, balance, with_whom (its rows: people, what they got less what they gave), never_returned (people who gave and
            never got anything back), delay_of_return (until half of the first favours are returned; of everybody where nobody is named) and
            returned_within (the share of them that is, and by when).
            By way of others: unthanked_helpers (people whose answers nobody thanked for or accepted), generalised_reciprocity (how many more
            of those who were given something help somebody else soon after, than did before, and than others did meanwhile).
    Costs   O(m log degree) time for the network, O(k log k) for k acts; 60 bytes an act. Null models as `kring.graph.null_models`.
    Fails   never; what can't be told is None with a warning.
    After   Newman et al. 2002 (the share of arcs, as KONECT gives it; not the share of pairs); Garlaschelli & Loffredo 2004; Squartini et al.
            2013, but with acts dealt out anew as random networks, not units of weight: an act is what somebody chose.
    """
    part = observed_part(graph, at_least_half=False)
    seen = log if log is None or graph.observed is None else among(log, part.nodes, boundary=part.boundary)
    helping = generalised_reciprocity(seen, answers, within_days=within_days, seed=seed)
    ours = of_somebody(graph, log if of is not None and len(of) else seen, people, of)
    if part.graph is None:  # of whom too little was seen, nothing is told; of us it is
        helping = unsaid((helping.name,), part.warning, boundary=part.boundary, cut=graph.cut)[0]
        if of is None or not len(of):
            ours = (*ours[:-2], *(replace(each, warning=part.warning) for each in ours[-2:]))
    return (
        *_of_network(graph, part, null_models, seed),
        *balances(part, graph),
        *ours,
        *(
            replace(each, boundary=each.boundary or part.boundary, cut=each.cut or graph.cut)
            for each in (unthanked_helpers(answers), helping)
        ),
    )


def _of_network(graph: Graph, part: Part, null_models: int, seed: int) -> tuple[Finding, ...]:
    share = returned_share(graph, part)
    if share.value is None or part.graph is None:
        return unsaid(_NETWORK, share.warning, boundary=part.boundary, cut=graph.cut)
    seen = part.graph
    told = partial(Finding, n=seen.n_arcs, n_of="ties", warning=part.warning, boundary=part.boundary, cut=graph.cut)
    return (
        share,
        _rho(told, seen.n, seen.n_arcs, round(share.value * seen.n_arcs)),
        _null(told, seen, null_models, seed),
        *_weighted(told, seen, seed),
    )


def returned_share(graph: Graph, part: Part) -> Finding:
    """The share of arcs whose opposite is also there, of a graph and the part of it that may be spoken of; also what `overview` says of it."""
    warning = part.warning if part.graph is None else "ties have no direction" if not graph.directed else ""
    if not warning and part.graph is not None and not part.graph.n_arcs:
        warning = "there are no ties"
    if part.graph is None or warning:
        return unsaid(("reciprocity",), warning, boundary=part.boundary, cut=graph.cut)[0]
    seen = part.graph
    returned = _n_returned(seen.offsets, seen.targets)
    return Finding(
        name="reciprocity",
        value=returned / seen.n_arcs,
        n=seen.n_arcs,
        n_of="ties",
        unit="share of ties",
        method=_METHOD,
        paper=_PAPER,
        warning=joined(part.warning, "" if returned else _ONE_WAY),
        boundary=part.boundary,
        cut=graph.cut,
    )


def _rho(told: "partial[Finding]", n: int, arcs: int, returned: int) -> Finding:
    """Reciprocity against density. With the share c of mutual pairs among the q tied pairs, both drawn pair by pair, r is 2c / (1 + c) and
    the density q (1 + c) / 2; c and q are independent, and the ends come from their Wilson intervals (Newcombe 1998, method 10)."""
    mutual, tied, pairs = returned // 2, arcs - returned // 2, n * (n - 1) // 2
    told = partial(told, name="rho", unit="correlation", paper=_RHO)
    if arcs == 2 * pairs:
        return told(value=None, method=_METHOD, warning="everybody is tied to everybody: there is no chance to compare with")

    def rho(c: float, q: float) -> float:
        density = q * (1 + c) / 2
        return (2 * c / (1 + c) - density) / (1 - density)

    c, q = mutual / tied, tied / pairs
    (c_low, c_high), (q_low, q_high) = wilson(mutual, tied), wilson(tied, pairs)
    value = rho(c, q)
    low = value - sqrt((value - rho(c_low, q)) ** 2 + (value - rho(c, min(q_high, _NEARLY_ALL))) ** 2)
    high = value + sqrt((value - rho(c_high, q)) ** 2 + (value - rho(c, q_low)) ** 2)
    return told(
        value=value,
        low=max(low, -1.0),
        high=min(high, 1.0),
        interval_of="model",
        method="(reciprocity - density) / (1 - density); interval: as if each pair of people were an independent draw",
        warning=joined(told.keywords["warning"], _BY_CHANCE if low <= 0 <= high else ""),
    )


def _null(told: "partial[Finding]", seen: Graph, null_models: int, seed: int) -> Finding:
    told = partial(told, name="reciprocity_null", unit="share of ties")
    if null_models < 1:
        return told(
            value=None, method="not measured", warning="can't say: not asked for; --null-models 100 compares with so many random networks"
        )
    found = np.array(over_null_models(seen, lambda other: _n_returned(other.offsets, other.targets) / other.n_arcs, null_models, seed=seed))
    return told(
        value=float(found.mean()),
        low=float(np.quantile(found, 0.025)),
        high=float(np.quantile(found, 0.975)),
        interval_of="model",
        seed=seed,
        method=f"mean and middle 95% of {null_models} random networks in which everybody has as many ties each way",
        paper="Milo et al. 2003, On the uniform generation of random graphs with prescribed degree sequences",
    )


def _weighted(told: "partial[Finding]", seen: Graph, seed: int) -> tuple[Finding, Finding]:
    """By weights; what is returned of a tie is as much as the lesser of both ways, and by chance as much as where receivers are dealt out anew."""
    told = partial(told, paper=_WEIGHTED)
    share, rho = partial(told, name="reciprocity_weighted", unit="share of weight"), partial(told, name="rho_weighted", unit="correlation")
    weights = np.ones(seen.n_arcs) if seen.weights is None else seen.weights
    if not (weights.min() >= 0 and weights.sum() > 0):
        why = "can't say: some ties have a weight below 0" if weights.min() < 0 else "can't say: all ties have weight 0"
        return share(value=None, method=_METHOD, warning=why), rho(value=None, method=_METHOD, warning=why)
    total = float(weights.sum())
    value = _weight_returned(seen.offsets, seen.targets, weights) / total
    said = share(value=value, method="exact: of each tie as much as the lesser of both ways, of all weight")
    why = "weights are no whole numbers, so there are no acts to deal out" if (weights != np.round(weights)).any() else ""
    why = why or (f"there are more than {_MOST_ACTS:,} acts" if total > _MOST_ACTS else "")
    if why:
        return said, rho(value=None, method=said.method, warning=f"can't say: {why}")
    acts = weights.astype(np.int64)
    source = np.repeat(np.repeat(np.arange(seen.n, dtype=np.uint64), np.diff(seen.offsets)), acts)
    target = np.repeat(seen.targets.astype(np.uint64), acts)
    times = max(_FEWEST_DEALT, min(_DEALT, _DEALT_ACTS // len(source)))
    by_chance = np.array(each(lambda k: _dealt(source, target, seed, k), times, what="dealing acts out anew"))
    mean, spread = float(by_chance.mean()), float(by_chance.std(ddof=1))
    usual = abs(value - mean) <= 2 * spread
    return said, rho(
        value=(value - mean) / (1 - mean) if mean < 1 else None,
        seed=seed,
        method=f"(reciprocity_weighted - chance) / (1 - chance); chance, {mean:.4g}: mean of {times} times dealing receivers out anew",
        warning=joined(told.keywords["warning"], "no more and no less than by chance" if usual else ""),
    )


def _dealt(source: NDArray[np.uint64], target: NDArray[np.uint64], seed: int, number: int) -> float:
    """The share of acts that is returned where each act keeps its giver, and everybody receives as many, from anybody; what somebody would
    give himself is left out."""
    drawn = np.random.default_rng((seed, number)).permutation(target)
    kept = source != drawn
    a, b = source[kept], drawn[kept]
    keys = np.minimum(a, b) << np.uint64(33) | np.maximum(a, b) << np.uint64(1) | (a < b)
    keys.sort()
    return float(_lesser(keys)) / max(1, len(keys))


@njit(cache=True, nogil=True)
def _lesser(keys: NDArray[np.uint64]) -> int:
    """Over sorted keys of pairs, whose last bit is the way it went: twice the lesser of both ways, over all pairs."""
    total, up, down = 0, 0, 0
    for k in range(len(keys)):
        if keys[k] & np.uint64(1):
            up += 1
        else:
            down += 1
        if k + 1 == len(keys) or keys[k] >> np.uint64(1) != keys[k + 1] >> np.uint64(1):
            total += 2 * min(up, down)
            up, down = 0, 0
    return total


@njit(cache=True, nogil=True)
def _arc_to(targets: NDArray[np.uint32], low: int, high: int, node: int) -> int:
    """The arc to a node among sorted ones, found by halving; -1 where there is none."""
    end = high
    while low < high:
        middle = (low + high) // 2
        if targets[middle] < node:
            low = middle + 1
        else:
            high = middle
    return low if low < end and targets[low] == node else -1


@njit(cache=True, nogil=True)
def _n_returned(offsets: NDArray[np.int64], targets: NDArray[np.uint32]) -> int:
    """How many arcs (a, b) have an arc (b, a)."""
    returned = 0
    for source in range(len(offsets) - 1):
        for arc in range(offsets[source], offsets[source + 1]):
            target = targets[arc]
            returned += _arc_to(targets, offsets[target], offsets[target + 1], source) >= 0
    return returned


@njit(cache=True, nogil=True)
def _weight_returned(offsets: NDArray[np.int64], targets: NDArray[np.uint32], weights: NDArray[np.float64]) -> float:
    """The lesser weight of both ways, summed over all arcs."""
    returned = 0.0
    for source in range(len(offsets) - 1):
        for arc in range(offsets[source], offsets[source + 1]):
            target = targets[arc]
            back = _arc_to(targets, offsets[target], offsets[target + 1], source)
            if back >= 0:
                returned += min(weights[arc], weights[back])
    return returned
