"""What people give and receive: the balance of everybody, and of somebody with each other person."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import NO_TIME, Columns, Graph, Log, Nodes
from kring.graph.build import sources_of
from kring.graph.observe import Part
from kring.measures.cells import open_cells
from kring.measures.saying import NOBODY_OF, joined, too_few, unsaid
from kring.measures.survival import band, curve, median, median_between
from kring.schema import Finding, Row

BALANCES = ("only receive", "mostly receive", "about even", "mostly give", "only give")
"""About even: neither is more than twice the other."""
_EVEN = 1 / 3
_ONE_SIDED = (
    "can't say: nothing here was addressed to them: the export of one's own account holds what its owner did, not what others did; "
    "a mail box, a list or a forum holds both"
)
_OTHERS = "whom they deal with is shown only of our own accounts"
_METHOD = "counted: acts towards each other, as often as they were; self-ties left out"
_OF_SOMEBODY = ("given", "received", "balance", "with_whom", "never_returned")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def balances(part: Part, graph: Graph) -> tuple[Finding, Finding]:
    """Whether people give as much as they get: about_even, and balances, whose series is (which of `BALANCES`, people)."""
    told = partial(Finding, method=_METHOD, boundary=part.boundary, cut=graph.cut)
    even, sheet = partial(told, name="about_even", unit="share of people"), partial(told, name="balances", unit="people")
    seen = part.graph
    why = part.warning if seen is None else "" if seen.directed else "ties have no direction"
    if not why and seen is not None:
        why = "there are no ties" if not seen.n_arcs else "can't say: some ties have a weight below 0" if _weights(seen).min() < 0 else ""
    if seen is None or why:
        return even(value=None, warning=why), sheet(value=None, warning=why)
    gave, got = np.bincount(sources_of(seen), _weights(seen), seen.n), np.bincount(seen.targets, _weights(seen), seen.n)
    some = np.flatnonzero(gave + got > 0)
    if not len(some):
        return even(value=None, warning="no tie weighs anything"), sheet(value=None, warning="no tie weighs anything")
    leaning = (gave[some] - got[some]) / (gave[some] + got[some])
    kind = np.select([leaning == -1, leaning < -_EVEN - 1e-12, leaning <= _EVEN + 1e-12, leaning < 1], [0, 1, 2, 3], 4).astype(np.int64)
    spoken = np.ones(len(BALANCES), np.bool_) if graph.observed is None else open_cells(kind, some, len(BALANCES))
    counts = np.bincount(kind, minlength=len(BALANCES))
    hidden = "" if spoken[2] else "too few to say: fewer than 10 people, or it would follow from the others"
    return (
        even(
            value=float(counts[2] / len(some)) if spoken[2] else None,
            n=len(some),
            method=f"{_METHOD}; about even: neither is more than twice the other",
            warning=joined(part.warning, hidden),
        ),
        sheet(
            value=len(some),
            n=len(some),
            warning=part.warning,
            series=tuple((name, int(n) if told_of else None) for name, n, told_of in zip(BALANCES, counts, spoken)),
        ),
    )


def of_somebody(graph: Graph, log: Log | None, people: Columns | None, of: Nodes | None) -> tuple[Finding, ...]:
    """given, received, balance, with_whom, never_returned; delay_of_return and returned_within (of everybody, where nobody is named)."""
    if of is None or not len(of):
        return (*_untold(graph, NOBODY_OF), *_delay(log, graph, None))
    if not graph.directed:
        return (*_untold(graph, "ties have no direction"), *_delay(log, graph, of))
    inside = np.zeros(graph.n, np.bool_)
    inside[of] = True
    gave, got = _with_each(graph, inside)
    told = partial(Finding, unit="acts", method=_METHOD, boundary=graph.boundary, cut=graph.cut)
    partly = graph.observed is not None and not graph.observed[of].all()
    one_sided = graph.observed is not None and not got.any()
    warning = "not all that they did was seen" if partly else ""
    ours = people is None or bool(people["us"][of].all())
    received = None if one_sided else _number(got.sum())
    told_of = partial(told, warning=warning if not one_sided else _ONE_SIDED)
    return (
        told(name="given", value=_number(gave.sum()), n=int((gave > 0).sum()), warning=warning),
        told_of(name="received", value=received, n=int((got > 0).sum())),
        told_of(name="balance", value=None if received is None else _number(gave.sum() - got.sum()), n=int((gave + got > 0).sum())),
        _rows(partial(told_of, name="with_whom"), graph, gave, got, gave + got > 0, shown=ours and not one_sided),
        _rows(partial(told_of, name="never_returned"), graph, gave, got, (got > 0) & (gave == 0), shown=ours and not one_sided),
        *_delay(log, graph, of),
    )


def _untold(graph: Graph, why: str) -> tuple[Finding, ...]:
    return unsaid(_OF_SOMEBODY, why, boundary=graph.boundary, cut=graph.cut, method=_METHOD)


def _weights(graph: Graph) -> Floats:
    return np.ones(graph.n_arcs) if graph.weights is None else graph.weights


def _number(amount: float) -> float | int:
    return int(amount) if amount == int(amount) else float(amount)


def _with_each(graph: Graph, inside: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """What those inside gave to each of the others, and got from each."""
    source, weights = sources_of(graph), _weights(graph)
    out = inside[source] & ~inside[graph.targets]
    back = ~inside[source] & inside[graph.targets]
    gave, got = np.bincount(graph.targets[out], weights[out], graph.n), np.bincount(source[back], weights[back], graph.n)
    return gave.astype(np.float64), got.astype(np.float64)


def _rows(told: "partial[Finding]", graph: Graph, gave: Floats, got: Floats, which: NDArray[np.bool_], *, shown: bool) -> Finding:
    """So many people, and of each what passed between; those with whom it is most uneven come first."""
    warning = told.keywords["warning"]
    told = partial(told, unit="people", n=int((gave + got > 0).sum()), rows_of="person")
    if warning == _ONE_SIDED:
        return told(value=None)
    nodes = np.flatnonzero(which)
    if not shown:
        return told(value=len(nodes), warning=joined(warning, _OTHERS))
    nodes = nodes[np.lexsort((nodes, -(gave + got)[nodes], -np.abs(gave - got)[nodes]))]
    rows = (
        Row(
            int(node),
            value=_number(gave[node] - got[node]),
            n=int(np.ceil(gave[node] + got[node])),
            because=f"was given {_number(gave[node]):,}, gave {_number(got[node]):,}",
        )
        for node in nodes
    )
    return told(value=len(nodes), rows=tuple(rows))


def _delay(log: Log | None, graph: Graph, of: Nodes | None) -> tuple[Finding, Finding]:
    """How long until half of the first favours between two people were returned, if those not returned yet count as waiting until now."""
    told = partial(
        Finding,
        n_of="pairs",
        method="Kaplan-Meier over pairs, from the first act to the first one back; interval: pairs with a person in common are not independent",
        paper="Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
        boundary=graph.boundary,
        cut=graph.cut,
    )
    half, within = partial(told, name="delay_of_return", unit="s"), partial(told, name="returned_within", unit="share of pairs")
    if log is None or not len(log.at):
        why = "can't say: the ties have no times"
        return half(value=None, warning=why), within(value=None, warning=why)
    giver, receiver, lasted, returned = _first_returns(log)
    if of is not None and len(of):
        asked = np.isin(receiver, of) & ~np.isin(giver, of)
        giver, lasted, returned = giver[asked], lasted[asked], returned[asked]
        receiver = log.n_people + np.arange(len(giver))  # they are in all of these pairs, and what is asked is asked about them
    why = too_few(len(np.unique(giver)), "people who gave something first") if len(giver) else "nobody gave them anything first"
    why = why or ("" if returned.any() else "nothing was returned yet")
    if why:
        return half(value=None, warning=why, n=len(giver)), within(value=None, warning=why, n=len(giver))
    found = curve(lasted, returned)
    ends = band(found, returned, giver, receiver, int(max(giver.max(), receiver.max())) + 1)
    middle, (low, high) = median(found), median_between(ends)
    if middle is None:
        told_half = half(value=None, n=len(giver), warning="fewer than half were returned so far")
    else:
        told_half = half(value=middle, low=low, high=high, interval_of="sampling of people", n=len(giver))
    return told_half, within(
        value=float(1 - ends.share[-1]),
        low=float(1 - ends.high[-1]),
        high=float(1 - ends.low[-1]),
        interval_of="sampling of people",
        n=len(giver),
        series=tuple((float(time), float(1 - share)) for time, share in zip(ends.times, ends.share)),
    )


def _first_returns(log: Log) -> tuple[Ints, Ints, Floats, NDArray[np.bool_]]:
    """For each pair who gave first, to whom, seconds until the first act back (else until the end), and whether there was one."""
    known = (log.source >= 0) & (log.target >= 0) & (log.source != log.target) & (log.at != NO_TIME)
    source, target, at = log.source[known].astype(np.int64), log.target[known].astype(np.int64), log.at[known]
    pair = np.minimum(source, target) * log.n_people + np.maximum(source, target)
    order = np.argsort(pair, kind="stable")
    source, target, at, pair = source[order], target[order], at[order], pair[order]
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    first = np.repeat(source[begins], np.diff(np.append(begins, len(pair))))
    never = np.iinfo(np.int64).max
    back = np.minimum.reduceat(np.where(source != first, at, never), begins) if len(begins) else np.empty(0, np.int64)
    returned = back != never
    last = int(at.max(initial=0))
    lasted = np.where(returned, back, last) - at[begins]
    return source[begins], target[begins], lasted / 1e6, returned
