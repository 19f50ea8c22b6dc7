"""Who helps? Credit goes from those who were helped to those who helped them: told to the one it is about, and never a public league table."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Columns, Graph, Nodes
from kring.graph.build import from_pairs, transpose, undirected
from kring.graph.observe import observed_part
from kring.graph.propagation import label_propagation
from kring.measures.apprentices import LEAST_DAYS, LEAST_TIMES, lasting
from kring.measures.helping import Credit, Help, correlation, credit, from_graph, from_posts, groups_of, rank_correlation, top_share
from kring.measures.labels import groups as labelled_groups
from kring.measures.saying import joined, too_few, unsaid
from kring.schema import FEWEST_PEOPLE, Finding, Row

MOST_ROWS = 100_000
GROUPS = 8
"""Into how many groups helpers go at most, by how many follow them."""
FOLLOWERS = "followers"
"""A column of labels that holds how many follow each person."""
_NAMES = (
    "helped",
    "helpers",
    "authority",
    "concentration",
    "followers_correlation",
    "followers_explain",
    "credit_by_followers",
    "apprentices",
)
_FOLLOWING = ("followers_correlation", "followers_explain", "credit_by_followers")
_NO_HELP = "nobody is seen to help anybody here"
_METHOD = (
    "each person who was helped counts 1, however often: half where they neither thanked nor took the answer (if such is known at all), half where "
    "they helped back, half within one's own group where groups were given. People who are tied to the others through the helper alone count "
    "log2(1 + their sum) together. Answers to oneself count nothing"
)
_APPRENTICES = (
    f"pairs of {LEAST_TIMES} times or more over {LEAST_DAYS} days or more: more often than chance brings them together (Poisson, corrected for all "
    "pairs there could be), and more one way than the other (sign test, corrected). Where chance rules, some pair is named in less than 1% of networks"
)


def authority(
    graph: Graph, answers: Columns | None = None, *, whose: Nodes | None = None, label: str = "", reversed: bool = False, seed: int = 1
) -> tuple[Finding, ...]:
    """Who helps? Credit from those who were helped to those who helped them, by what was given and not by who follows.

    Takes   a graph in which a tie goes from somebody who was helped to the one who helped (a asked, b answered: a → b), as a citation does. With
            answers, help is an answer to another's question instead, and the graph says how many turn to each.
            `whose`: whose rows to give: to show somebody their own. Else those of everybody, in no order of rank.
            `label`: a column of labels with everybody's group; help within one's own group then counts half.
            `reversed`: the ties of a network go from who helped to who was helped.
            `seed`: draws the groups that are counted in the reasons where no label is given.
    Gives   helped and helpers (people); authority (people with any credit; a row for each: what their help counts, with interval and reasons);
            concentration (the share of all credit that the tenth with most has); followers_correlation (rank correlation of credit with how many
            follow, or turn to, each helper) and followers_explain (what part of credit that number would foretell, on logarithms);
            credit_by_followers (mean credit of the fewest followed to the most, ten helpers or more each);
            apprentices (pairs of lasting help one way; a row for each, of the one who helps). With fewer than ten helpers nothing is told.
    Costs   O(m log degree) time, 300 bytes for each pair. One topic alone: with --tag in a circle.
    Fails   UsageError where there is no such label.
    After   Fay & Feuer 1997 (the interval of a row: what the sum would be, had chance brought other people by); Hopcroft & Tarjan 1973 (who
            hangs on one person alone); Bonett & Wright 2000 (the interval of a rank correlation).
    """
    part = observed_part(graph, at_least_half=False) if answers is None else None
    boundary, cut = (answers.boundary, answers.cut) if answers is not None else (part.boundary if part else "", graph.cut)
    why = partial(unsaid, boundary=boundary, cut=cut)
    if part is not None and part.graph is None:
        return why(_NAMES, part.warning)
    if part is not None and not graph.directed:
        return why(_NAMES, "ties have no direction: who helped and who was helped can't be told")
    seen = graph if part is None or part.graph is None else part.graph
    nodes = np.arange(graph.n) if part is None else part.nodes
    help = from_posts(answers, graph.n) if answers is not None else from_graph(seen, turned=reversed)
    if not len(help.asker):
        return why(_NAMES, _NO_HELP)
    given = labelled_groups(seen, label).code.astype(np.int64) if label else None
    found = credit(help, given)
    spoken = _groups_by_themselves(help, seed) if given is None else given
    told = partial(Finding, boundary=boundary, cut=cut)
    few = too_few(int((found.people > 0).sum()), "people who helped") if answers is not None or graph.observed is not None else ""
    warning = part.warning if part is not None else ""
    followers = _followers(seen, answers)
    return (
        *_counts(told, help, few, warning),
        _authority(told, help, found, spoken, nodes, whose, few, warning),
        _concentration(told, found, few),
        *_followers_findings(told, found, followers, few),
        _apprentices(told, help, seen.id_of, nodes, whose, few),
    )


def _groups_by_themselves(help: Help, seed: int) -> NDArray[np.int64]:
    """Groups by who deals with whom, for the words only: rough, and never what credit hangs on."""
    ties = undirected(from_pairs(help.asker, help.helper, directed=True, n=help.n))
    return label_propagation(ties, seed=seed)


def _followers(graph: Graph, answers: Columns | None) -> tuple[NDArray[np.float64], str] | None:
    """How many follow each person and what that is: a column of labels, else in a circle how many turn to them."""
    if FOLLOWERS in graph.labels:
        column = graph.labels[FOLLOWERS]
        return np.array([_number(value) for value in column], np.float64), "how many follow them, by the table"
    if answers is not None:
        return np.diff(transpose(graph).offsets).astype(np.float64), "how many people turn to them (with --kinds follow: follow them)"
    return None


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _counts(told: "partial[Finding]", help: Help, few: str, warning: str) -> Iterator[Finding]:
    for name, people, which in (("helped", help.asker, "were helped"), ("helpers", help.helper, "helped")):
        n = len(np.unique(people))
        yield told(
            name=name,
            value=None if few else n,
            n=int(help.times.sum()),
            n_of="times",
            unit="people",
            method=f"counted: people who {which}, by {'answers to questions' if help.praise_known else 'ties'}",
            warning=few or warning,
        )


def _authority(
    told: "partial[Finding]",
    help: Help,
    found: Credit,
    spoken: NDArray[np.int64],
    nodes: NDArray[np.int64],
    whose: Nodes | None,
    few: str,
    warning: str,
) -> Finding:
    who = np.flatnonzero(found.value > 0)
    everybody = len(who)
    if whose is not None:
        who = who[np.isin(nodes[who], whose)]
    if len(who) > MOST_ROWS:
        who = np.sort(who[np.argsort(-found.value[who], kind="stable")[:MOST_ROWS]])
    in_groups = groups_of(help, spoken)
    rows = tuple(
        Row(
            int(nodes[v]),
            float(found.value[v]),
            float(found.low[v]),
            float(found.high[v]),
            int(found.people[v]),
            _because(help, found, v, int(in_groups[v])),
        )
        for v in who.tolist()
    )
    return told(
        name="authority",
        value=None if few else everybody,
        n=len(help.asker),
        n_of="pairs",
        unit="people",
        method=f"{_METHOD}. A row's interval: what it would count, had chance brought other people by (Fay & Feuer)",
        paper="Fay & Feuer 1997, Confidence intervals for directly standardized rates",
        warning=joined(few, warning, "rows are for the one they are about: never publish them"),
        rows=rows,
        rows_of="person" if rows else "",
    )


def _because(help: Help, found: Credit, v: int, in_groups: int) -> str:
    people = int(found.people[v])
    where = f" in {in_groups} groups" if in_groups > 1 else ""
    return joined(
        f"helped {people} {'person' if people == 1 else 'people'}{where}",
        f"{found.praised[v]} thanked or took the answer" if help.praise_known else "",
        f"{found.outside[v]} outside their own group" if found.outside[v] else "",
        f"{found.returned[v]} helped back" if found.returned[v] else "",
        f"{found.alone[v]} of them tied to the others through this one alone" if found.alone[v] else "",
    )


def _concentration(told: "partial[Finding]", found: Credit, few: str) -> Finding:
    helpers = int((found.value > 0).sum())
    told = partial(
        told, name="concentration", n=helpers, unit="share of credit", method="exact: the credit of the tenth of helpers with most, of all"
    )
    return told(value=None, warning=few) if few else told(value=top_share(found.value))


def _followers_findings(
    told: "partial[Finding]", found: Credit, followers: tuple[NDArray[np.float64], str] | None, few: str
) -> Iterator[Finding]:
    if few or followers is None:
        why = few or f"it isn't known how many follow each: a table with a column {FOLLOWERS} says so (--labels)"
        yield from unsaid(_FOLLOWING, why, boundary=told.keywords["boundary"], cut=told.keywords["cut"])
        return
    count, what = followers
    both = (found.value > 0) & ~np.isnan(count)
    x, y = found.value[both], count[both]
    few = too_few(int(both.sum()), "people who helped and whose followers are known")
    if few or np.ptp(x) == 0 or np.ptp(y) == 0:
        why = few or "all have the same, so nothing goes together"
        yield from unsaid(_FOLLOWING, why, boundary=told.keywords["boundary"], cut=told.keywords["cut"])
        return
    rho, low, high = rank_correlation(x, y)
    n = int(both.sum())
    yield told(
        name="followers_correlation",
        value=rho,
        low=low,
        high=high,
        interval_of="sampling of people",
        n=n,
        unit="rank correlation",
        method=f"Spearman's, over helpers, of credit with {what}",
        paper="Bonett & Wright 2000, Sample size requirements for estimating Pearson, Kendall and Spearman correlations",
    )
    explained = correlation(np.log(x), np.log1p(np.maximum(y, 0))) ** 2
    yield told(
        name="followers_explain",
        value=explained,
        n=n,
        unit="share of variance",
        method=f"exact: R² of log(credit) on log(1 + {what}). Of Klout's score it was 95%",
    )
    series = tuple(_by_followers(x, y))
    yield told(
        name="credit_by_followers",
        value=len(series),
        n=n,
        unit="mean credit",
        series=series,
        method=f"exact: the mean of credit over helpers in groups of ten or more, by {what}",
    )


def _by_followers(value: NDArray[np.float64], followers: NDArray[np.float64]) -> Iterator[tuple[str, float]]:
    """Mean credit of helpers in at most eight groups of about equal size, never of fewer than ten, by how many follow them."""
    order = np.argsort(followers, kind="stable")
    size = max(FEWEST_PEOPLE, -(-len(order) // GROUPS))
    begins = [0]
    while begins[-1] < len(order):
        end = min(len(order), begins[-1] + size)
        end = int(np.searchsorted(followers[order], followers[order[end - 1]], side="right"))
        begins.append(len(order) if len(order) - end < FEWEST_PEOPLE else end)
    for begin, end in pairwise(begins):
        low, high = int(followers[order[begin]]), int(followers[order[end - 1]])
        yield str(low) if low == high else f"{low}–{high}", float(value[order[begin:end]].mean())


def _apprentices(
    told: "partial[Finding]", help: Help, id_of: Callable[[int], str], nodes: NDArray[np.int64], whose: Nodes | None, few: str
) -> Finding:
    told = partial(told, name="apprentices", n=len(help.asker), n_of="pairs", unit="pairs", method=_APPRENTICES)
    if few:
        return told(value=None, warning=few)
    if not help.times_known or not (help.last != help.first).any():
        return told(value=None, warning="it isn't known when, or how often, who helped whom")
    pairs = lasting(help)
    rows = tuple(
        Row(
            int(nodes[pair.master]),
            pair.times,
            n=pair.times + pair.back,
            because=f"helped {id_of(pair.apprentice)}, {pair.times} times over {pair.days} days, and was helped {pair.back} times; by chance "
            f"{pair.expected:.1f} times",
        )
        for pair in pairs
        if whose is None or nodes[pair.master] in whose or nodes[pair.apprentice] in whose
    )
    return told(value=len(pairs), rows=rows[:MOST_ROWS], rows_of="person" if rows else "")
