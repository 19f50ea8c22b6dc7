"""Which groups are there? Who has more ties with each other than with others, how firm that is, and who joins them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.arrays import Columns, Graph, Log
from kring.graph.build import sources_of
from kring.graph.null_models import how_many, shuffled
from kring.graph.observe import Part, observed_part
from kring.measures.bridging import OF_BROKERS, OF_TIES, brokers, closest
from kring.measures.cells import open_cells
from kring.measures.group_change import through_time
from kring.measures.group_words import words_of_groups
from kring.measures.grouping import (
    FIRM,
    RUNS,
    RUNS_OF_LARGE,
    SMALLEST,
    ByChance,
    Chosen,
    Grouped,
    Runs,
    Ties,
    agreed,
    by_chance,
    chosen,
    grouped,
    several,
    shorter,
)
from kring.measures.labels import groups, sensitive
from kring.measures.partitions import nmi, shared
from kring.measures.saying import joined, unsaid
from kring.schema import FEWEST_PEOPLE, Finding, Row

ROWS_TOLD = 20_000
"""With more people than this, rows only say who belongs, not how firmly."""
_OF_GROUPS = ("communities", "unfirm", "modularity", "modularity_null", "beyond_chance", "stability", "stability_null")
_FIGURES = (*_OF_GROUPS, "resolution", "resolutions", "ties_between", "group_ties", *OF_BROKERS, *OF_TIES)
_LEIDEN = "Traag, Waltman & van Eck 2019, From Louvain to Leiden"
_NEWMAN = "Newman & Girvan 2004; Reichardt & Bornholdt 2006"
_NO_GROUPS = "no groups beyond chance"
_NONE = "can't say: there are no groups"
NULL_MODELS, MOST_TIES = 20, 4_000_000
"""Random networks; of a large network so many that they have so many ties together, unless somebody asks for more."""
_PAIRS = 100
_SHUFFLES = 20


def communities(
    graph: Graph,
    log: Log | None = None,
    words: Columns | None = None,
    *,
    label: str = "",
    resolution: float = 0.0,
    runs: int = 0,
    null_models: int | None = None,
    weighted: bool = False,
    periods: str = "",
    seed: int = 1,
) -> tuple[Finding, ...]:
    """Which groups are there? Groups found by ties alone, how firm they are, who joins them, and how close people are.

    Takes   a graph, whose ties count without direction; a log, for how soon people reply and for change; words of people (a row for each
            person and word), for what a group shares.
            `label`: a column of groups that people formed themselves, to put beside those that are found.
            `resolution`: how fine groups are; higher: more and smaller ones. 0: chosen, where runs agree, so that telling who belongs where makes
            it shortest to tell who has ties with whom, and 1 where nothing makes it shorter.
            `runs`: how many runs, each with its own seed, are compared (0: 20, or 4 with more than 200,000 ties).
            `null_models`: how many random networks with the same number of ties for everybody it is compared with; 0: none.
            Unless said 20, and fewer of more than 200,000 ties, 5 at least.
            `weighted`: strong ties count for more.
            `periods`: follow groups by week, month, quarter or year; "": don't.
            `seed`: of all that is random.
    Gives   communities: how many groups, after those who belong nowhere firmly are left out; 0 where there are none beyond chance. Of each
            community_size (rows: who, and how firmly) and, with words, community_words. unfirm (share; rows: who). modularity (the highest
            found, at resolution 1) beside modularity_null; beyond_chance (standard deviations above random networks). stability (how alike
            two runs are) beside stability_null. resolution, and resolutions that were looked at. ties_between (share of ties between
            groups), group_ties (series: their number, within and between).
            Who joins them: brokers (rows), constraint, constraint_spread, bridges. Village or city: embeddedness, tie_strength, reply_time,
            transitivity, clustering, k_core, core_sizes; the first three inside and between groups too.
            With a label: label_overlap, label_overlap_null, label_group. With periods: communities of each, went_on, merged, split, began,
            ended, moved (rows: who).
    Costs   a run of Leiden (`graph.leiden`) for each resolution tried (some 8) and several for each seed; two runs and a rewiring
            (1 to 2 µs a tie) for each random network, on all processors. 60 bytes a tie and thread.
    Fails   UsageError where an option can't be; where ties were not observed, or there are none, values are None with a warning.
    After   Traag, Waltman & van Eck 2019 (Leiden); Newman 2016 and Zhang & Peixoto 2020 (resolution); Maslov & Sneppen 2002 (random networks).
    """
    if (null_models is not None and null_models < 0) or runs < 0 or resolution < 0:
        raise UsageError("Numbers of runs and random networks, and a resolution, are 0 or more.")
    part = observed_part(graph)
    unsaid_here = partial(unsaid, _FIGURES, boundary=part.boundary, cut=graph.cut)
    if part.graph is None:
        return unsaid_here(part.warning)
    ties = Ties(part.graph, weighted=weighted)
    null_models = how_many(null_models, NULL_MODELS, ties.graph.n_ties, most_ties=MOST_TIES)
    if not len(ties.people):
        return unsaid_here(joined("there are no ties", part.warning))
    if not ties.weighable:
        return unsaid_here(joined("can't say: all weights are 0, or they are too large to be added up; leave --weighted out", part.warning))
    told = partial(Finding, n=len(ties.people), boundary=part.boundary, cut=graph.cut, warning=part.warning)
    fine = Chosen(resolution, ()) if resolution else chosen(ties, seed)
    found = several(ties, fine.resolution, runs or (RUNS_OF_LARGE if ties.large else RUNS), seed)
    chance = by_chance(ties, null_models, seed) if null_models > 1 else None
    best = _best(ties, found, chance, seed)
    together = agreed(ties, found, fine.resolution, seed)
    who = grouped(ties, found, together)
    beyond = shorter(ties, together) > 0 or (chance is not None and chance.z >= chance.needed)
    if not beyond:
        who = Grouped(np.full(ties.graph.n, -1, np.int32), who.firmness)
    teller = _Teller(part, ties, who, told, seed, nameless=bool(label) and sensitive(label))
    here = _of_part(log, part, graph.n)
    return (
        *teller.groups(found, beyond, chance, words),
        *_modularity(best, chance, told, seed),
        *_stability(found, chance, told, seed),
        *_resolution(fine, bool(resolution), told, seed),
        *teller.between(),
        *brokers(ties, who.group, part.nodes, told, seed),
        *closest(ties, who.group, here, told),
        *(teller.beside(label, part.graph) if label else ()),
        *(through_time(ties.graph, here, periods, part.nodes, told, null_models=null_models, seed=seed) if periods else ()),
    )


def _best(ties: Ties, found: Runs, chance: ByChance | None, seed: int) -> float:
    """The highest modularity, at resolution 1, of all that was found, and of some more runs made for that alone."""
    more = several(ties, 1.0, 1 if ties.large else RUNS, seed, rounds=2 if ties.large else 0)
    values = [ties.modularity(runs.of_everybody(ties, k)) for runs in (found, more) for k in range(len(runs.groups))]
    return max(*values, chance.itself if chance else values[0])


def _of_part(log: Log | None, part: Part, n: int) -> Log | None:
    """The log among the people of the part, numbered as there."""
    if log is None or len(part.nodes) == n:
        return log
    number = np.full(n + 1, -1, np.int32)
    number[part.nodes] = np.arange(len(part.nodes))
    return replace(log, n_people=len(part.nodes), source=number[log.source], target=number[log.target])


class _Teller:
    """Says what is known of each group, and nothing of fewer than ten people where they are people of a circle."""

    def __init__(self, part: Part, ties: Ties, who: Grouped, told: "partial[Finding]", seed: int, *, nameless: bool) -> None:
        self.ties, self.who, self.told, self.seed = ties, who, told, seed
        self.nodes, self.boundary, self.nameless = part.nodes, part.boundary, nameless
        self.whole = part.graph is not None and part.graph.observed is None
        """A network that somebody gave whole; else people of a circle."""
        everybody = np.arange(ties.graph.n)
        self.open = np.ones(who.n, np.bool_) if self.whole else open_cells(who.group.astype(np.int64), everybody, who.n)

    def groups(self, found: Runs, beyond: bool, chance: ByChance | None, words: Columns | None) -> Iterator[Finding]:
        """communities, unfirm; of each community_size and community_words."""
        n_against, alone = self.ties.n_against, self.ties.graph.n - len(self.ties.people)
        left_out = joined(
            f"people without ties left out: {alone}" if alone else "", f"ties that say no left out: {n_against}" if n_against else ""
        )
        method = joined(
            f"Leiden, what {len(found.groups)} runs agree on; whose group has less than {FIRM:.0%} in common with his groups in single runs belongs "
            f"nowhere firmly; a group has {SMALLEST} people or more",
            left_out,
        )
        told = partial(self.told, method=method, paper=f"{_LEIDEN}; Lancichinetti & Fortunato 2012", seed=self.seed)
        warning = self.told.keywords["warning"]
        if not beyond:
            compared = f"modularity is {chance.z:.1f} standard deviations above that of random networks" if chance else ""
            why = joined(_NO_GROUPS, compared or "not compared with random networks (--null-models 20 does)", warning)
            yield told(name="communities", value=0 if chance else None, unit="groups", warning=why)
            yield told(name="unfirm", value=None, unit="share of people", warning=_NONE)
            return
        loose = "" if self.who.n else "there are more ties within groups than by chance, but nobody belongs to one firmly"
        yield told(name="communities", value=self.who.n, unit="groups", warning=joined(loose, warning))
        yield self._unfirm(told)
        said = words_of_groups(words, self._everywhere(words), self.who.n) if words is not None else ()
        for k in range(self.who.n):
            yield from self._group(k, told, said[k] if said else None)

    def _everywhere(self, words: Columns) -> NDArray[np.int32]:
        """The group of each person as `words` numbers them."""
        n = max(int(words["person"].astype(np.int64).max(initial=-1)), int(self.nodes.max(initial=-1))) + 1
        group = np.full(n, -1, np.int32)
        group[self.nodes] = self.who.group
        return group

    def _unfirm(self, told: "partial[Finding]") -> Finding:
        loose = self.ties.people[self.who.group[self.ties.people] < 0]
        loose = loose[np.argsort(self.who.firmness[loose], kind="stable")]
        rows = self._rows(loose, "in no group firmly")
        return told(
            name="unfirm", value=len(loose) / len(self.ties.people), unit="share of people", rows=rows, rows_of="person" if rows else ""
        )

    def _group(self, k: int, told: "partial[Finding]", said: tuple[tuple[str, float], ...] | None) -> Iterator[Finding]:
        members = np.flatnonzero(self.who.group == k)
        told = partial(told, by=(("community", str(k + 1)),), n=len(members))
        few = "" if self.open[k] else f"too few to say: fewer than {FEWEST_PEOPLE} people, or it would follow from the others"
        if few:
            told = partial(told, n=0)
        members = members[np.argsort(-self.who.firmness[members], kind="stable")]
        rows = () if few else self._rows(members, f"in group {k + 1}")
        value = None if few else len(members)
        yield told(name="community_size", value=value, unit="people", rows=rows, rows_of="person" if rows else "", warning=few)
        if said is not None:
            yield told(
                name="community_words",
                value=None if few else len(said),
                series=() if few else said,
                unit="words that ten people of it use, and more than others do",
                method="log-odds with an informative prior over people who use a word; series: standard deviations above the others",
                paper="Monroe, Colaresi & Quinn 2008, Fightin' Words",
                warning=few or ("" if said else "no word of ten people sets it apart"),
            )

    def _rows(self, people: NDArray[np.int64], because: str) -> tuple[int | Row, ...]:
        if self.nameless:
            return ()
        if self.ties.graph.n > ROWS_TOLD:
            return tuple(self.nodes[people].tolist())
        return tuple(Row(int(self.nodes[k]), value=round(float(self.who.firmness[k]), 4), because=because) for k in people)

    def between(self) -> Iterator[Finding]:
        """ties_between, and group_ties: the number of ties for each two groups that may be spoken of."""
        graph, group = self.ties.graph, self.who.group
        told = partial(self.told, n=graph.n_ties, n_of="ties", method="counted")
        if not self.who.n:
            yield told(name="ties_between", value=None, unit="share of ties", warning=_NONE)
            yield told(name="group_ties", value=None, unit="ties", warning=_NONE)
            return
        here, there = group[sources_of(graph)], group[graph.targets]
        across = (here >= 0) & (there >= 0) & (here <= there)
        a, b, n = shared(here[across], there[across])
        n = np.where(a == b, n // 2, n)
        yield told(name="ties_between", value=float(n[a != b].sum() / graph.n_ties), unit="share of ties")
        pairs = self.open[a] & self.open[b]
        most = np.flatnonzero(pairs)[np.argsort(-n[pairs], kind="stable")][:_PAIRS]
        series = tuple((f"{a[k] + 1}–{b[k] + 1}", int(n[k])) for k in most)
        few = "" if series else f"too few to say: no group has {FEWEST_PEOPLE} people"
        yield told(name="group_ties", value=len(series) or None, unit="ties within and between groups", series=series, warning=few)

    def beside(self, label: str, graph: Graph) -> Iterator[Finding]:
        """label_overlap, label_overlap_null; of each group that people formed themselves, label_group."""
        formed = groups(graph, label)
        both = (formed.code >= 0) & (self.who.group >= 0)
        told = partial(self.told, n=int(both.sum()), unit="index", method="normalised mutual information, of people who are in both")
        if not both.any() or len(formed.names) < 2:
            why = _NONE if not self.who.n else "nobody is in both" if len(formed.names) > 1 else "the label is one group"
            yield told(name="label_overlap", value=None, warning=why)
            yield told(name="label_overlap_null", value=None, warning=why)
            return
        code, group = formed.code[both], self.who.group[both]
        dealt = [nmi(shuffled(code, seed=self.seed, number=k), group) for k in range(_SHUFFLES)]
        yield told(name="label_overlap", value=nmi(code, group), paper="Danon et al. 2005")
        yield told(
            name="label_overlap_null",
            value=float(np.mean(dealt)),
            method=f"the same when the label is dealt out by chance: mean of {_SHUFFLES}",
            seed=self.seed,
        )
        spoken = np.ones(len(formed.names), np.bool_)
        if not self.whole or self.nameless:
            spoken = open_cells(formed.code.astype(np.int64), np.arange(len(formed.code)), len(formed.names))
        a, b, n = shared(code, group)
        size, of_group = np.bincount(code, minlength=len(formed.names)), np.bincount(group, minlength=self.who.n)
        for k, name in enumerate(formed.names):
            yield self._fit(name, k, spoken[k] and size[k] > 0, (a, b, n), size, of_group)

    def _fit(
        self,
        name: str,
        k: int,
        spoken: bool,
        both: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
        size: NDArray[np.int64],
        of_group: NDArray[np.int64],
    ) -> Finding:
        """Which community fits a group that people formed best."""
        told = partial(self.told, name="label_group", by=(("group", name),), unit="share of those in either", paper="Jaccard 1912")
        if not spoken:
            return told(
                value=None, n=0, method="not measured", warning="too few to say: fewer than 10 people in it, or none in a community"
            )
        mine = both[0] == k
        fits, n = both[1][mine], both[2][mine]
        alike = n / (size[k] + of_group[fits] - n)
        best = int(np.argmax(alike))
        method = (
            f"fits community {fits[best] + 1} best: {n[best]} of its {size[k]} people are there; value: those in both, of those in either"
        )
        if not self.open[fits[best]]:
            return told(value=None, n=0, method="not measured", warning="too few to say: the community that fits best is too small")
        return told(value=float(alike[best]), n=int(size[k]), method=method)


def _modularity(best: float, chance: ByChance | None, told: "partial[Finding]", seed: int) -> Iterator[Finding]:
    """modularity, modularity_null, beyond_chance."""
    told = partial(told, unit="index", seed=seed, paper=_NEWMAN)
    yield told(name="modularity", value=best, method="the highest found by Leiden at resolution 1, whichever resolution was chosen")
    if chance is None:
        why = "can't say: no random networks were asked for (--null-models 20)"
        for name in ("modularity_null", "beyond_chance"):
            yield told(name=name, value=None, warning=why, method="not measured")
        return
    n = len(chance.null)
    low, high = np.quantile(chance.null, (0.025, 0.975))
    yield told(
        name="modularity_null",
        value=float(chance.null.mean()),
        n=n,
        n_of="random networks",
        method=f"mean of the highest found in each of {n} random networks in which everybody has as many ties; 95% of them: {low:.3f} to {high:.3f}",
    )
    as_high = int((chance.null >= chance.itself).sum())
    yield told(
        name="beyond_chance",
        value=chance.z,
        n=n,
        n_of="random networks",
        unit="standard deviations above random networks",
        method=f"beyond chance from {chance.needed:.1f} on (once in forty by chance); {as_high} of {n} random networks reached as much",
    )


def _stability(found: Runs, chance: ByChance | None, told: "partial[Finding]", seed: int) -> Iterator[Finding]:
    """stability, stability_null."""
    mean, low, high = found.stability()
    several_runs = len(found.groups) > 2
    told = partial(told, unit="index", seed=seed)
    yield told(
        name="stability",
        value=mean if len(found.groups) > 1 else None,
        low=low if several_runs else None,
        high=high if several_runs else None,
        interval_of="estimator" if several_runs else "none",
        n=len(found.groups),
        n_of="runs",
        method="how alike two runs are (normalised mutual information), mean over all pairs; interval over seeds, by leaving out one run at a time",
        paper="Danon et al. 2005; Arvesen 1969",
        warning="" if len(found.groups) > 1 else "one run alone can't be compared",
    )
    yield told(
        name="stability_null",
        value=float(chance.alike.mean()) if chance else None,
        n=len(chance.alike) if chance else 0,
        n_of="random networks",
        method="the same for two runs in each random network",
        warning="" if chance else "can't say: no random networks were asked for",
    )


def _resolution(fine: Chosen, given: bool, told: "partial[Finding]", seed: int) -> Iterator[Finding]:
    """resolution, resolutions."""
    how = "as asked for" if given else "chosen: at it, telling who belongs where makes it shortest to tell who has ties with whom"
    if not given and not fine.tells_shorter:
        how = "1, the usual: no groups make it shorter to tell who has ties with whom"
    tried = len(fine.looked_at)
    told = partial(told, seed=seed, paper="Newman 2016; Zhang & Peixoto 2020", n=tried or 1, n_of="resolutions looked at")
    yield told(name="resolution", value=fine.resolution, unit="index; higher is finer", method=how)
    yield told(
        name="resolutions",
        value=tried or None,
        unit=f"groups of {SMALLEST} people or more at each resolution",
        series=tuple((round(resolution, 4), n) for resolution, n, _ in fine.looked_at),
        method="the best of ten runs at each resolution, in a large network of one",
        warning="" if tried else "can't say: the resolution was given",
    )
