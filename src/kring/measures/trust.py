"""Whom can we trust? Trust that flows along vouches or ratings from people who are sure, and what fake accounts could gain of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.admission import Admission, admitted, capacities, gain_at
from kring.graph.arrays import Graph, Nodes
from kring.graph.observe import observed_part
from kring.graph.slices import with_arcs
from kring.graph.spreading import appleseed
from kring.measures.saying import NOBODY, joined, unsaid
from kring.measures.signs import (
    PARTS,
    TRUSTED_COUNTS,
    Ratings,
    flowing,
    foretold,
    gain,
    interval,
    lowered,
    parts_by_chance,
    parts_by_time,
    ratings_of,
    too_few_signs,
)
from kring.schema import Finding, Row

MOST_ROWS = 100_000
"""So many people at most are listed behind a figure; who has most comes first."""
_SYBILS = (
    "nobody was named to begin with: trust begins with everybody alike, so whoever makes many accounts makes trust; "
    "`--from FILE` names people who are sure"
)
_NO_VOUCHES = "nobody vouches for anybody here, so no trust can flow"
_FLOW = "Kamvar, Schlosser & Garcia-Molina 2003, The EigenTrust algorithm for reputation management in P2P networks"
_LOCAL = "Ziegler & Lausen 2004, Spreading activation models for trust propagation"
_ADMISSION = "Levien & Aiken 1998, Attack-resistant trust metrics for public key certification"
_AUC = "Guha, Kumar, Raghavan & Tomkins 2004, Propagation of trust and distrust"
_BASELINES = {
    "baseline_received": "baseline: the mean of the ratings that the one who is rated got from all others",
    "baseline_in_degree": "baseline: how many rated the one who is rated",
    "baseline_given": "baseline: how mild the rater is, as the mean of the ratings they gave to others",
    "baseline_returned": "baseline: what the one who is rated thinks of the rater, where that is known",
    "baseline_received_and_given": "baseline: ratings received and mildness of the rater, added",
}
_TELLING = {
    "": "trust: the mean rating by others, of whom those whom the rater vouches for count "
    f"{TRUSTED_COUNTS:.0f} times; it takes no side on how mild the rater is",
    "flow": "trust that flows from those named (else from all), lowered by what the trusted say against somebody",
    **_BASELINES,
}


def trust(
    graph: Graph, *, people: Nodes | None = None, most: int = 800, fall: float = 4.0, damping: float = 0.85, seed: int = 1
) -> tuple[Finding, ...]:
    """Whom can we trust? Trust that flows from people who are sure to those they vouch for, and what fake accounts could gain of it.

    Takes   a graph of vouches or ratings, each from the one who vouches to the one vouched for. A bad rating (a sign or weight below 0) lowers
            the one it is about and is never passed on. Without direction each tie vouches both ways.
            `people`: those who are sure, from whom trust begins. In a circle us, if nobody is named; in a network file everybody alike, and
            then a crowd of fake accounts has the trust of a crowd.
            `most`: how many people each of those named can bring in, with all who follow. It must not be taken from the size of the network.
            `fall`: how many times fewer somebody can bring in with each step further away.
            `damping`: how much of the trust is passed on; the rest begins anew with those named.
            `seed`: draws which ratings are held out together, to be foretold.
    Gives   accepted (who is let in by a flow that fakes can't swell: people; a row for each: steps, and the way), accepted_by_steps; bound
            (how many fakes one attack edge could bring in at most), bound_by_steps (by where the one who was misled stands); trust (people
            with any; a row for each: 1 is the mean, after distrust); flow_bound and flow_bound_usual (the share of all trust that fakes
            behind one vouch could hold at most); local (people near those named, by Appleseed; a row for each, in shares). Where some are
            rated badly, how well a held-out rating is told good from bad: auc, auc_flow, auc_gain (over auc_baseline_received), and beside
            them auc_baseline_received, auc_baseline_in_degree, auc_baseline_given, auc_baseline_returned, auc_baseline_received_and_given; of
            the latest fifth, from all that was before, auc_later, auc_later_flow, auc_later_gain, auc_later_baseline_received,
            auc_later_baseline_in_degree, auc_later_baseline_given, auc_later_baseline_returned, auc_later_baseline_received_and_given.
    Costs   O(m) a round, some 110 rounds for each flow, seven flows where some are rated badly and else one; some passes of a maximum flow.
    Fails   UsageError where `most` is below 1, `fall` not above 1, or `damping` not from 0 to below 1.
    After   Kamvar et al. 2003 (EigenTrust); Ziegler & Lausen 2004 (Appleseed); Levien & Aiken 1998 (Advogato's flow and its bound); Guha et
            al. 2004 (distrust is not passed on).
    """
    _check(most, fall, damping)
    part = observed_part(graph)
    ratings = ratings_of(part.graph) if part.graph is not None else None
    if ratings is None or not (ratings.sign > 0).any():
        return unsaid(_names(), part.warning if ratings is None else _NO_VOUCHES, boundary=part.boundary, cut=graph.cut)
    told = partial(Finding, n=ratings.graph.n, boundary=part.boundary, cut=graph.cut)
    seeds = _seeds(people, part.nodes)
    asked = _Asked(ratings, seeds, part.nodes, damping, told, part.warning)
    return (*_people(asked, most, fall), *_foretelling(asked, seed))


def _check(most: int, fall: float, damping: float) -> None:
    if most < 1 or not fall > 1:
        raise UsageError(
            f"Nobody can bring in {most} people, and {fall} times fewer with each step.", next="Say for example --most 800 --fall 4."
        )
    if not 0 <= damping < 1:
        raise UsageError(f"Trust can't be passed on by {damping}.", next="Say a part from 0 to below 1: --damping 0.85.")


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """From whom trust flows, along what, and what must be said of it."""

    ratings: Ratings
    seeds: Nodes | None
    """None: nobody was named, and it begins with everybody; empty: somebody should have been."""
    nodes: NDArray[np.int64]
    """The row of each in the whole graph."""
    damping: float
    told: "partial[Finding]"
    warning: str

    @property
    def begins(self) -> NDArray[np.float64] | None:
        """How much of the flow begins with each."""
        if self.seeds is None or not len(self.seeds):
            return None
        return np.bincount(self.seeds, minlength=self.ratings.graph.n).astype(np.float64)


def _seeds(people: Nodes | None, nodes: NDArray[np.int64]) -> Nodes | None:
    """Those named, each once, by their rows among those who may be spoken of."""
    if people is None:
        return None
    return np.flatnonzero(np.isin(nodes, people))


def _names() -> list[str]:
    telling = [f"auc{'_' if name else ''}{name}" for name in (*_TELLING, "gain")]
    people = ["accepted", "accepted_by_steps", "bound", "bound_by_steps", "trust", "flow_bound", "flow_bound_usual", "local"]
    return [*people, *telling, *(name.replace("auc", "auc_later") for name in telling)]


def _people(asked: _Asked, most: int, fall: float) -> Iterator[Finding]:
    """Who is let in and who is trusted."""
    share = flowing(asked.ratings, asked.begins, asked.damping)
    good = with_arcs(asked.ratings.graph, asked.ratings.sign > 0)
    if asked.seeds is None or not len(asked.seeds):
        why = partial(unsaid, boundary=asked.told.keywords["boundary"], cut=asked.told.keywords["cut"])
        yield from why(("accepted", "accepted_by_steps", "bound", "bound_by_steps"), NOBODY)
        yield _trust(asked, share, None) if asked.seeds is None else why(("trust",), NOBODY)[0]
        yield from why(("flow_bound", "flow_bound_usual", "local"), NOBODY)
        return
    into = admitted(good, asked.seeds, capacities(most, fall))
    yield from _accepted(asked, into)
    yield from _bound(asked, into)
    yield _trust(asked, share, into)
    yield from _flow_bound(asked, share)
    yield _local(asked, good, into)


def _accepted(asked: _Asked, into: Admission) -> Iterator[Finding]:
    seeds, ratings = asked.seeds, asked.ratings
    assert seeds is not None
    inside = into.let_in[ratings.source]
    good = np.bincount(ratings.target, inside & (ratings.sign > 0), asked.ratings.graph.n).astype(np.int64)
    bad = np.bincount(ratings.target, inside & (ratings.sign < 0), asked.ratings.graph.n).astype(np.int64)
    who = np.flatnonzero(into.let_in)
    who = who[np.lexsort((-good[who], into.steps[who]))][:MOST_ROWS]
    rows = tuple(
        Row(int(asked.nodes[v]), int(into.steps[v]), n=int(good[v]), because=_way(asked, into, v, int(good[v]), int(bad[v])))
        for v in who.tolist()
    )
    left_out = int(((into.steps >= 0) & ~into.let_in).sum())
    said = partial(
        asked.told,
        unit="people",
        method=f"exact: a maximum flow of vouches from {len(seeds)} people who were named; somebody k steps away can bring in "
        f"{', '.join(map(str, into.room.tolist()))} (k = 0, 1 …), themselves among them. Of those equally far, who comes last is chance",
        paper=_ADMISSION,
        warning=joined(asked.warning, f"{left_out:,} others can be reached by vouches and aren't let in" if left_out else ""),
    )
    yield said(name="accepted", value=int(into.let_in.sum()), rows=rows, rows_of="person" if rows else "")
    at = np.bincount(into.steps[into.let_in], minlength=len(into.room))
    yield said(name="accepted_by_steps", value=int(at.sum()), series=tuple(enumerate(at.tolist())))


def _way(asked: _Asked, into: Admission, node: int, good: int, bad: int) -> str:
    """How trust comes to somebody, so that it can be checked."""
    if into.steps[node] == 0:
        return "one of those who were named"
    way = [node]
    while into.by[way[-1]] >= 0:
        way.append(int(into.by[way[-1]]))
    path = " → ".join(asked.ratings.graph.id_of(each) for each in reversed(way))
    steps = int(into.steps[node])
    return joined(
        f"{steps} step{'s' if steps > 1 else ''}: {path}",
        f"vouched for by {good} who {'was' if good == 1 else 'were'} let in",
        f"rated badly by {bad}" if bad else "",
    )


def _bound(asked: _Asked, into: Admission) -> Iterator[Finding]:
    said = partial(asked.told, unit="fake accounts behind one attack edge", paper=_ADMISSION, warning=asked.warning)
    exact = (
        "exact, for any number of fake accounts that vouch for each other in any way: a real person vouches for one of them, and all that "
        "flows to them passes this person and the first fake. Several who are misled add up"
    )
    yield said(
        name="bound",
        value=gain_at(into.room, 1),
        method=f"{exact}. The person who is misled stands one step from those named, the worst case",
    )
    by_steps = tuple((step, gain_at(into.room, step)) for step in range(len(into.room)))
    yield said(name="bound_by_steps", value=len(by_steps), method=f"{exact}. By the steps at which that person stands", series=by_steps)


def _trust(asked: _Asked, share: NDArray[np.float64], into: Admission | None) -> Finding:
    ratings, n = asked.ratings, asked.ratings.graph.n
    after = lowered(ratings, share) * n
    trusted = after[ratings.source] > 0
    good = np.bincount(ratings.target, trusted & (ratings.sign > 0), n).astype(np.int64)
    bad = np.bincount(ratings.target, trusted & (ratings.sign < 0), n).astype(np.int64)
    who = np.argsort(-after, kind="stable")
    who = who[(after[who] > 0) | (bad[who] > 0)][:MOST_ROWS]
    steps = into.steps if into is not None else np.full(n, -1, np.int64)
    rows = tuple(
        Row(int(asked.nodes[v]), float(after[v]), n=int(good[v]), because=_reasons(int(good[v]), int(bad[v]), int(steps[v])))
        for v in who.tolist()
    )
    return asked.told(
        name="trust",
        value=int((after > 0).sum()),
        unit="people",
        method=f"exact: EigenTrust, of which {asked.damping:g} is passed on in proportion to good ratings and the rest begins anew with "
        f"{'everybody' if asked.seeds is None else f'{len(asked.seeds)} people who were named'}; 1 is the mean; lowered by the part of what the "
        "trusted say of somebody that is bad, each as heavy as their own trust. Of one row there is no interval: it is what these ties say",
        paper=_FLOW,
        warning=joined(asked.warning, _SYBILS if asked.seeds is None else ""),
        rows=rows,
        rows_of="person" if rows else "",
    )


def _reasons(good: int, bad: int, steps: int) -> str:
    return joined(
        "one of those who were named" if steps == 0 else "",
        f"vouched for by {good} who {'is' if good == 1 else 'are'} trusted" if good else "nobody who is trusted vouches for them",
        f"{steps} step{'s' if steps > 1 else ''} from those named" if steps > 0 else "",
        f"rated badly by {bad} who {'is' if bad == 1 else 'are'} trusted" if bad else "",
    )


def _flow_bound(asked: _Asked, share: NDArray[np.float64]) -> Iterator[Finding]:
    """What one more vouch, as heavy as somebody's usual ones, leads away at most: what arrives there may go round for as long as it lasts."""
    ratings, n = asked.ratings, asked.ratings.graph.n
    good = ratings.sign > 0
    vouches = np.bincount(ratings.source[good], minlength=n)
    each = share * asked.damping / (1 - asked.damping) / (1 + vouches)
    outsiders = np.ones(n, np.bool_)
    outsiders[asked.seeds] = False
    known = each[outsiders & (vouches > 0)]
    if not len(known):
        yield from unsaid(("flow_bound", "flow_bound_usual"), "nobody but those named vouches for anybody", **_where(asked))
        return
    said = partial(asked.told, n=len(known), unit="share of all trust", paper=_FLOW, warning=asked.warning)
    exact = (
        "exact, for any number of fakes: a person who wasn't named vouches once more, for one of them, as heavily as for others on average; "
        "their own trust x passed on / begun anew / vouches"
    )
    yield said(name="flow_bound", value=float(known.max()), method=f"{exact}. Of the person who could give most away")
    yield said(name="flow_bound_usual", value=float(np.median(known)), method=f"{exact}. Of half of the people it is less")


def _where(asked: _Asked) -> dict[str, str]:
    return {"boundary": asked.told.keywords["boundary"], "cut": asked.told.keywords["cut"]}


def _local(asked: _Asked, good: Graph, into: Admission) -> Finding:
    assert asked.seeds is not None
    near = appleseed(good, asked.seeds)
    vouches = (asked.ratings.sign > 0) & ((near > 0) | np.isin(np.arange(len(near)), asked.seeds))[asked.ratings.source]
    by = np.bincount(asked.ratings.target, vouches, len(near)).astype(np.int64)
    who = np.argsort(-near, kind="stable")
    who = who[near[who] > 0][:MOST_ROWS]
    rows = tuple(
        Row(
            int(asked.nodes[v]),
            float(near[v]),
            n=int(by[v]),
            because=_reasons(int(by[v]), 0, int(into.steps[v])),
        )
        for v in who.tolist()
    )
    return asked.told(
        name="local",
        value=int((near > 0).sum()),
        unit="people",
        method="exact: Appleseed; each keeps 0.15 of the trust that arrives and passes on the rest, a part of it back to those named; shares of 1",
        paper=_LOCAL,
        warning=asked.warning,
        rows=rows,
        rows_of="person" if rows else "",
    )


def _foretelling(asked: _Asked, seed: int) -> Iterator[Finding]:
    """How well trust tells good ratings from bad ones, by parts drawn by chance, and later ones from earlier ones."""
    ratings = asked.ratings
    by_chance = f"held out: all ratings in {PARTS} parts by chance, each foretold from the other {PARTS - 1}"
    yield from _foretold(asked, "auc", parts_by_chance(ratings, seed), by_chance, seed)
    yield from _foretold(asked, "auc_later", parts_by_time(ratings), "held out: the latest fifth, foretold from all that was before", None)


def _foretold(asked: _Asked, first: str, part: NDArray[np.int64], held: str, seed: int | None) -> Iterator[Finding]:
    names: Sequence[str] = [f"{first}_{name}" if name else first for name in (*_TELLING, "gain")]
    ratings = asked.ratings
    if few := too_few_signs(ratings, part):
        yield from unsaid(names, few, **_where(asked))
        return
    found = foretold(ratings, part, asked.begins, asked.damping)
    base = found["baseline_received"]
    said = partial(
        asked.told,
        n=int(((part >= 0) & (ratings.sign != 0)).sum()),
        n_of="ratings",
        seed=seed,
        interval_of="sampling of people",
        paper=_AUC,
    )
    note = "interval: DeLong's, in which ratings that share a person depend on each other"
    for name, full in zip(_TELLING, names):
        low, high = interval(found[name], ratings)
        yield said(
            name=full,
            value=found[name].auc,
            low=low,
            high=high,
            unit="share of pairs of a good and a bad rating, told right",
            method=f"{_TELLING[name]}; {held}; {note}",
            warning=asked.warning,
        )
    more, low, high = gain(found[""], base, ratings)
    yield said(
        name=names[-1],
        value=more,
        low=low,
        high=high,
        unit="share of pairs, more than by ratings received alone",
        method=f"{_TELLING['']}, less {_BASELINES['baseline_received']}, on the same ratings; {held}; {note}",
        warning=joined(asked.warning, "" if low > 0 else "trust isn't shown to tell more than the mean of the ratings received"),
    )
