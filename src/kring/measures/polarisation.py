"""Are there two camps? How far ties stay within groups, beside what chance would make of the same numbers of ties."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph.arrays import Graph, Log
from kring.graph.build import from_pairs, undirected
from kring.graph.components import largest_component
from kring.graph.halves import in_two
from kring.graph.null_models import how_many, over_null_models
from kring.graph.observe import observed_part
from kring.graph.sides import OF_TWO, SCORES, ends, mixing, scores
from kring.graph.slices import subgraph
from kring.measures.cells import finest, months, open_cells, quarters, years
from kring.measures.labels import groups, sensitive
from kring.measures.saying import joined, t_quantile, too_few, unsaid
from kring.schema import FEWEST_PEOPLE, Finding, Row

PAPERS = {
    "modularity": "Newman & Girvan 2004, Finding and evaluating community structure in networks",
    "ei": "Krackhardt & Stern 1988, Informal networks and organizational crises, with its sign turned",
    "adaptive_ei": "Chen, Salloum, Gronow, Ylä-Anttila & Kivelä 2021, Polarization of climate politics results from partisan sorting",
    "rwc": "Garimella, De Francisci Morales, Gionis & Mathioudakis 2018, Quantifying controversy on social media",
    "boundary": "Guerra, Meira, Cardie & Kleinberg 2013, A measure of polarization on social media networks based on community boundaries",
    "dipole": "Morales, Borondo, Losada & Benito 2015, Measuring political polarization: Twitter shows the two sides of Venezuela",
    "label_assortativity": "Newman 2003, Mixing patterns in networks",
}
_NORMALISED = "Salloum, Chen & Kivelä 2022, Separating polarization from noise"
_HOW = {
    "modularity": "exact: share of ties within groups, less what the numbers of ties lead one to expect",
    "ei": "exact: (ties within - ties between) / ties; 1 is all within (the E-I index with its sign turned)",
    "adaptive_ei": "exact: (density within - density between) / (their sum), each the mean over groups or pairs of groups",
    "rwc": "exact, by solving for where walks end instead of drawing them; seeds: the {share:.0%} of each side with the most ties",
    "boundary": "exact: mean over people on the boundary of the share of ties to their own who have none across, less 1/2",
    "dipole": "exact: opinions follow the mean of the neighbours' while the 5% of each side with the most ties hold to -1 and 1",
    "label_assortativity": "exact: modularity as a share of the most it could be",
}
_TIMED = ("modularity", "ei", "adaptive_ei")
OTHERS = ("cross_cutting", "own_side_share", "own_side_spread", "own_side_by_chance", "bridges")
NAMES = ("groups", "group_sizes", *(name + end for name in SCORES for end in ("", "_null", "_normalised")), *OTHERS)
RANDOM_NETWORKS = 20
MOST_TIES, MOST_TIES_HALVED = 8_000_000, 5_000_000
"""Unless somebody asks for more, random networks have so many ties together, fewer where groups are found anew in each: some 25 s of processor time."""
_EACH_WAY = 2
"""Who has so many ties to either side bridges them."""
_MOST_BRIDGES = 20
_FEWEST_TIES = 50
"""In a period; among fewer, a score says little."""
_FOUND = "high by itself, as the groups were found in these same ties: look at what is left of it beyond chance"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Whose ties, and who is of which group."""

    given: Graph
    """Ties as they were given, among those whose group is known."""
    graph: Graph
    """The same without direction."""
    nodes: NDArray[np.int64]
    """Row in the whole graph of each node."""
    code: NDArray[np.int64]
    names: tuple[str, ...]
    partition: str
    """How groups were found; "" where they were given."""
    named: bool
    """Whether people may be named beside their group."""
    boundary: str

    @property
    def size(self) -> NDArray[np.int64]:
        return np.bincount(self.code, minlength=len(self.names))

    @property
    def whose(self) -> str:
        return f"two groups found from the ties ({self.partition})" if self.partition else f"{len(self.names)} given groups"

    @property
    def two(self) -> str:
        """The two groups that scores of two are about, where there are more."""
        if len(self.names) == 2:
            return ""
        first, second = np.sort(np.argsort(-self.size, kind="stable")[:2])
        return f"the two largest groups only: {self.names[first]} and {self.names[second]}"


def polarisation(
    graph: Graph,
    log: Log | None = None,
    *,
    label: str = "",
    partition: str = "spectral",
    seed_share: float = 0.3,
    null_models: int | None = None,
    seed: int = 1,
) -> tuple[Finding, ...]:
    """Are there two camps? How far ties stay within groups, beside the same scores in random networks with the same numbers of ties.

    Takes   a graph; a log of who addressed whom when, for scores through time. Direction and weights don't count.
            `label`: the column of labels that says who is of which group; without it two groups are found from the ties.
            `partition`: how two groups are found: spectral (regularised), or modularity (from there, as high as single moves bring it).
            `seed_share`: for rwc, the share of each side's people, those with the most ties, at whom walks end.
            `null_models`: how many random networks to compare with; 0 for none. Unless said 20, and fewer of more than 400,000 ties, or
            250,000 where groups are found: 8 or 5 of a million, 5 at least.
            `seed`: draws by chance: the same number gives the same figures.
    Gives   groups, and group_sizes as a series. Scores, each higher the more divided: modularity, ei (1: all ties within), adaptive_ei,
            rwc, boundary, dipole, label_assortativity. For each the mean over random networks in which everyone has as many ties, with the
            interval in which 95% of such networks fall: modularity_null, ei_null, adaptive_ei_null, rwc_null, boundary_null, dipole_null,
            label_assortativity_null; and the score less that mean ("denoised"), with the interval that follows: modularity_normalised,
            ei_normalised, adaptive_ei_normalised, rwc_normalised, boundary_normalised, dipole_normalised, label_assortativity_normalised.
            An interval that holds 0: as chance would have it. cross_cutting: share of ties between groups. own_side_share: mean over people
            of the share of their ties (those they gave) that lead to their own group, own_side_spread: its median and tenths;
            own_side_by_chance beside them.
            bridges: how many have ties into both, two or more each; rows for those with most, except by opinion or party. Through time:
            modularity, ei, adaptive_ei by period, groups kept.
    Costs   O(m) a round, some 60 rounds for the scores and up to 300 to find groups; each random network that and 1 to 2 µs a tie.
    Fails   UsageError for an unknown label or partition, or a share or number that is none. Of more than two groups rwc, boundary and dipole
            are about the two largest.
    After   the papers named beside each score; compared and normalised as Salloum, Chen & Kivelä 2022.
    """
    _check(seed_share, null_models)
    sides = _sides(graph, label, partition, seed)
    if isinstance(sides, Finding):
        return unsaid(NAMES, sides.warning, boundary=sides.boundary, cut=graph.cut)
    value = scores(sides.graph, sides.code, seed_share=seed_share)
    most = MOST_TIES_HALVED if sides.partition else MOST_TIES
    networks = how_many(null_models, RANDOM_NETWORKS, sides.graph.n_ties, most_ties=most)
    chance = _by_chance(sides, seed_share, networks, seed)
    return (
        *_groups(sides),
        *(found for k, name in enumerate(SCORES) for found in _score(sides, name, float(value[k]), chance[:, k], seed_share, seed)),
        *_people(sides),
        *(_through_time(sides, log, graph.n) if log is not None else ()),
    )


def _check(seed_share: float, null_models: int | None) -> None:
    if not 0 < seed_share <= 1:
        raise UsageError(f"A share of seeds must be more than 0 and at most 1, not {seed_share}.", next="0.3 is three in ten of each side.")
    if null_models is not None and null_models < 0:
        raise UsageError(f"{null_models} random networks can't be made.", next="0 makes none; 20 are enough for a first look.")


# ---- who is of which group ----------------------------------------------------------------------------------------------------------------


def _sides(graph: Graph, label: str, partition: str, seed: int) -> _Sides | Finding:
    """Whose ties and which groups; or a finding that says why none."""
    part = observed_part(graph)
    known = groups(graph, label).code if label else None
    if part.graph is None:
        return _unsaid(part.warning, part.boundary)
    if known is None:
        return _found(part.graph, part.nodes, joined(part.boundary, part.warning), partition, seed)
    some = known[part.nodes] >= 0
    names = groups(graph, label).names
    there, code = np.unique(known[part.nodes][some], return_inverse=True)
    among = part.graph if some.all() else subgraph(part.graph, some)
    left = int((~some).sum())
    boundary = joined(part.boundary, part.warning, f"{left} people without {label} are left out" if left else "")
    if len(there) < 2:
        return _unsaid(f"can't say: {'nobody' if not len(there) else 'only one group'} is known by {label}", boundary)
    sides = _Sides(
        among,
        undirected(among),
        part.nodes[some],
        code.astype(np.int64),
        tuple(names[k] for k in there),
        "",
        not sensitive(label),
        boundary,
    )
    return _enough(sides, graph)


def _found(graph: Graph, nodes: NDArray[np.int64], boundary: str, partition: str, seed: int) -> _Sides | Finding:
    """Two groups of the largest part that hangs together."""
    both, code, among = _halved(undirected(graph), partition, seed)
    if both.n < 2 or not code.any():
        return _unsaid("can't say: there are no ties that two groups could be found from", boundary)
    left = graph.n - both.n
    boundary = joined(boundary, f"{left} people outside the largest connected part are left out" if left else "")
    given = subgraph(graph, among) if left else graph
    return _enough(_Sides(given, both, nodes[among], code, ("A", "B"), partition, True, boundary), graph)


def _halved(graph: Graph, partition: str, seed: int, threads: int = 0) -> tuple[Graph, NDArray[np.int64], NDArray[np.bool_]]:
    """The largest part that hangs together, who is in its one half (0) and its other (1), and who of the graph is in it."""
    among = largest_component(graph)
    connected = graph if among.all() else subgraph(graph, among, threads=threads)
    return connected, in_two(connected, partition, seed=seed, threads=threads).astype(np.int64), among


def _enough(sides: _Sides, graph: Graph) -> _Sides | Finding:
    """In a circle nothing is said of two groups of which one is small; a network that somebody gave whole is spoken of however small."""
    second = int(np.sort(sides.size)[-2])
    if graph.observed is not None and second < FEWEST_PEOPLE:
        return _unsaid(too_few(second, "people in the second largest group"), sides.boundary)
    return sides


def _unsaid(why: str, boundary: str) -> Finding:
    return Finding(name="groups", value=None, warning=why, boundary=boundary, method="not measured")


def _groups(sides: _Sides) -> Iterator[Finding]:
    size = sides.size
    spoken = open_cells(sides.code, np.arange(len(sides.code)), len(size))
    about = {"n": len(sides.code), "boundary": sides.boundary, "cut": sides.given.cut}
    yield Finding(name="groups", value=len(size), unit="groups", method=sides.whose, **about)  # type: ignore[arg-type]
    yield Finding(
        name="group_sizes",
        value=int(size[spoken].max()) if spoken.any() else None,
        warning="" if spoken.any() else f"too few to say: no group of {FEWEST_PEOPLE} people or more",
        unit="people",
        method=f"counted: people of each group, and as value those of the largest; {sides.whose}",
        series=tuple((name, int(n) if said else None) for name, n, said in zip(sides.names, size, spoken, strict=True)),
        **about,  # type: ignore[arg-type]
    )


# ---- scores, and what chance would make of them -------------------------------------------------------------------------------------------


def _by_chance(sides: _Sides, seed_share: float, n: int, seed: int) -> Floats:
    """float64[n, scores]: the scores of random networks with the same degrees. Groups that were found are found anew in each."""

    def one(random: Graph) -> Floats:
        if not sides.partition:
            return scores(random, sides.code, seed_share=seed_share, threads=1)
        connected, code, _ = _halved(random, sides.partition, seed, threads=1)
        return scores(connected, code, seed_share=seed_share, threads=1) if code.any() else np.full(len(SCORES), np.nan)

    return np.array(over_null_models(sides.graph, one, n, seed=seed)).reshape(n, len(SCORES))


def _score(sides: _Sides, name: str, value: float, chance: Floats, seed_share: float, seed: int) -> Iterator[Finding]:
    """A score, its mean by chance, and what is left of it."""
    of_two = sides.two if name in OF_TWO else ""
    about = {"unit": "score", "paper": PAPERS[name], "boundary": joined(sides.boundary, of_two), "cut": sides.given.cut}
    method = f"{_HOW[name].format(share=seed_share)}; {sides.whose}"
    if np.isnan(value):
        yield from unsaid((name,), _UNDEFINED[name], boundary=about["boundary"], cut=about["cut"], method=method)
    else:
        warning = _FOUND if sides.partition else ""
        yield Finding(name=name, value=value, n=len(sides.code), method=method, warning=warning, **about)  # type: ignore[arg-type]
    drawn = chance[~np.isnan(chance)]
    if not len(drawn):
        why = "not measured: no random networks were asked for" if not len(chance) else "can't say: not defined in any random network"
        yield from unsaid((f"{name}_null", f"{name}_normalised"), why, boundary=about["boundary"], cut=about["cut"])
        return
    mean = float(drawn.mean())
    # A further network of the same kind: both the mean and the spread are only known from so many.
    half = t_quantile(len(drawn) - 1) * float(drawn.std(ddof=1)) * (1 + 1 / len(drawn)) ** 0.5 if len(drawn) > 1 else None
    kept = "groups found anew in each" if sides.partition else "groups kept"
    so_many = f"{len(drawn)} random network{'s' if len(drawn) > 1 else ''} in which everyone has as many ties, {kept}"
    of_chance = about | {"paper": _NORMALISED, "n": len(drawn), "n_of": "random networks", "seed": seed}
    of_chance["interval_of"] = "none" if half is None else "model"
    yield Finding(
        name=f"{name}_null",
        value=mean,
        low=None if half is None else mean - half,
        high=None if half is None else mean + half,
        method=f"mean over {so_many}; the interval holds 95% of such networks",
        **of_chance,  # type: ignore[arg-type]
    )
    if np.isnan(value):
        yield from unsaid((f"{name}_normalised",), _UNDEFINED[name], boundary=about["boundary"], cut=about["cut"])
        return
    yield Finding(
        name=f"{name}_normalised",
        value=value - mean,
        low=None if half is None else value - mean - half,
        high=None if half is None else value - mean + half,
        method=f"the score less its mean over {so_many} (denoised); where the interval holds 0, chance alone would do",
        **of_chance,  # type: ignore[arg-type]
    )


_UNDEFINED = {
    "modularity": "can't say: there are no ties between people of these groups",
    "ei": "can't say: there are no ties between people of these groups",
    "adaptive_ei": "can't say: there are no ties, or no pairs, to compare",
    "rwc": "can't say: walks don't end on both sides",
    "boundary": "can't say: nobody is on the boundary: no ties across, or nobody beside one without any",
    "dipole": "can't say: nobody leans to one of the sides",
    "label_assortativity": "can't say: all ties are of one group",
}


# ---- people between sides -----------------------------------------------------------------------------------------------------------------


def _people(sides: _Sides) -> Iterator[Finding]:
    """Ties across, what people see of their own side, and who has ties into both."""
    found = ends(sides.graph, sides.code)
    n_ties = sides.graph.n_ties
    about = {"boundary": sides.boundary, "cut": sides.given.cut}
    if not n_ties:
        yield from unsaid(OTHERS, "can't say: there are no ties between people of these groups", **about)
        return
    across = found.degree - found.own
    yield Finding(
        name="cross_cutting",
        value=int(across.sum()) / (2 * n_ties),
        n=n_ties,
        n_of="ties",
        unit="share of ties",
        method=f"exact: ties between people of different groups; {sides.whose}",
        **about,  # type: ignore[arg-type]
    )
    yield from _exposure(sides)
    both = np.flatnonzero((found.own >= _EACH_WAY) & (across >= _EACH_WAY))
    least = np.minimum(found.own, across)[both]
    best = both[np.lexsort((both, -found.degree[both], -least))[:_MOST_BRIDGES]]
    yield Finding(
        name="bridges",
        value=len(both),
        n=sides.graph.n,
        unit="people",
        method=f"counted: {_EACH_WAY} ties or more to their own side, and as many to others; {sides.whose}",
        rows=tuple(_bridge(sides, int(node), int(found.own[node]), int(across[node])) for node in best) if sides.named else (),
        rows_of="person" if sides.named else "",
        **about,  # type: ignore[arg-type]
    )


def _bridge(sides: _Sides, node: int, own: int, across: int) -> Row:
    others = "the other side" if len(sides.names) == 2 else "other groups"
    because = f"ties to {own} people of their own side ({sides.names[sides.code[node]]}) and to {across} of {others}"
    return Row(int(sides.nodes[node]), value=min(own, across), n=own + across, because=because)


def _exposure(sides: _Sides) -> Iterator[Finding]:
    """The share of each person's ties that lead to the own side: of all ties, or where they have a direction of those given."""
    given = ends(sides.given, sides.code)
    there = given.degree > 0
    share = given.own[there] / given.degree[there]
    tenth = np.minimum((share * 10).astype(np.int64), 9)
    spoken = open_cells(tenth, np.arange(len(tenth)), 10)
    counts = np.bincount(tenth, minlength=10)
    received = np.bincount(sides.code[sides.given.targets], minlength=len(sides.names)) / sides.given.n_arcs
    about = {"n": len(share), "unit": "share of a person's ties", "boundary": sides.boundary, "cut": sides.given.cut}
    ties = "ties that they gave" if sides.given.directed else "ties"
    yield Finding(
        name="own_side_share",
        value=float(share.mean()),
        method=f"exact: mean over people of the share of {ties} that lead to their own group, each other person once; {sides.whose}",
        warning=_FOUND if sides.partition else "",
        **about,  # type: ignore[arg-type]
    )
    yield Finding(
        name="own_side_spread",
        value=float(np.median(share)),
        method=f"exact: the median of the same, and the share of people in each tenth of it; {sides.whose}",
        series=tuple((f"{10 * k}-{10 * k + 10}%", int(counts[k]) / len(share) if spoken[k] else None) for k in range(10)),
        **about,  # type: ignore[arg-type]
    )
    yield Finding(
        name="own_side_by_chance",
        value=float(received[sides.code[there]].mean()),
        method="exact: the same if everyone's ties led to people as often as those are at the end of one; groups kept",
        **about,  # type: ignore[arg-type]
    )


# ---- through time -------------------------------------------------------------------------------------------------------------------------


def _through_time(sides: _Sides, log: Log, n: int) -> Iterator[Finding]:
    """Scores that are counts of ties, by period: the finest in which half of the periods have ten people."""
    row = np.full(n + 1, -1, np.int64)
    row[sides.nodes] = np.arange(len(sides.nodes))
    source, target = row[log.source], row[log.target]
    some = (source >= 0) & (target >= 0) & (source != target)
    source, target, at = source[some], target[some], log.at[some]
    period, names, _ = finest([lambda: months(at), lambda: quarters(at), lambda: years(at)], source)
    for k, name in enumerate(names):
        then = period == k
        if then.any():
            yield from _in_period(sides, source[then], target[then], name)


def _in_period(sides: _Sides, source: NDArray[np.int64], target: NDArray[np.int64], name: str) -> Iterator[Finding]:
    people, ends_of = np.unique(np.concatenate((source, target)), return_inverse=True)
    graph = from_pairs(ends_of[: len(source)], ends_of[len(source) :], n=len(people), directed=False)
    _, code, size = np.unique(sides.code[people], return_inverse=True, return_counts=True)
    second = int(np.sort(size)[-2]) if len(size) > 1 else 0
    about = {"by": (("period", name),), "n": graph.n_ties, "n_of": "ties", "boundary": sides.boundary, "cut": sides.given.cut}
    why = too_few(second, "people in the second largest group")
    if not why and graph.n_ties < _FEWEST_TIES:
        why = f"too few to say: {graph.n_ties} ties in this period"
    if why:
        yield from unsaid(_TIMED, why, **about)  # type: ignore[arg-type]
        return
    found = mixing(code, ends(graph, code))
    for score in _TIMED:
        yield Finding(
            name=score,
            value=found[score],
            unit="score",
            method=f"{_HOW[score]}; ties of this period, groups of the whole time: {sides.whose}",
            paper=PAPERS[score],
            **about,  # type: ignore[arg-type]
        )
