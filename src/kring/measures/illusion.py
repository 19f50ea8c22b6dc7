"""Is the majority real? Who sees a majority around them of something that few have."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kring.graph.arrays import Columns, Graph
from kring.graph.build import transpose, undirected
from kring.graph.carriers import carriers
from kring.graph.exposure import BINS, Seen, Tally, exposure, over_shuffles
from kring.graph.null_models import how_many, over_null_models
from kring.graph.observe import observed_part
from kring.measures.cells import open_cells
from kring.measures.degree_assortativity import degree_assortativity
from kring.measures.labels import sensitive, trait
from kring.measures.paradox import PARADOX, contacts, paradoxes
from kring.measures.saying import joined, t_quantile, unsaid
from kring.schema import FEWEST_PEOPLE, Finding, Row

SHUFFLES = 399
RANDOM_NETWORKS = 39
"""So few that the least and the greatest of them are the ends of a 95% interval."""
MOST_TIES = 8_000_000
"""Unless somebody asks for more, random networks have so many ties together: some 20 s of processor time."""
CHANCE = 0.05
_NAMELESS = "label"
"""What a column is called where nobody says what it holds: it may be an opinion."""
MOST_CARRIERS = 1000
TOP = 20
_PAPER = 'Lerman, Yan & Wu 2016, The "Majority Illusion" in Social Networks'
_BIAS = "Alipourfard et al. 2020, Friendship paradox biases perceptions in directed networks"
_MIXING = "Newman 2003, Mixing patterns in networks"
_OF_A_TRAIT = (
    "share",
    "majority_strict",
    "majority_with_ties",
    "majority_strict_null",
    "majority_with_ties_null",
    "majority_strict_rewired",
    "majority_with_ties_rewired",
    "majority_strict_with",
    "majority_strict_without",
    "majority_strict_without_null",
    "illusion",
    "illusion_p",
    "perception_gap",
    "perception_gap_null",
    "degree_trait_correlation",
    "label_assortativity",
    "exposure_with",
    "exposure_without",
    "exposure_null",
    "carriers",
)
_NO_LABEL = "can't say: no trait was named; --labels FILE --label COLUMN say where it stands, --value which of its values counts"
_ONE_WAY = "not one tie is returned, so ties are taken to have no direction; say --directed if they have one"
Told = partial[Finding]


def illusion(
    graph: Graph,
    posts: Columns | None = None,
    *,
    label: str = "",
    value: str = "",
    directed: bool | None = None,
    null_models: int | None = None,
    shuffles: int = SHUFFLES,
    seed: int = 1,
) -> tuple[Finding, ...]:
    """Is the majority real? How many people see a majority around them of something that few have, and whether chance alone would show it.

    Takes   a graph; optionally columns of posts (author, by_bot, automatic), whose authors are nodes of the graph.
            `label`: the column of labels that says who has it.
            `value`: which of its values means that somebody has it. Else the one that says yes; of two others, the rarer.
            `directed`: one's neighbours are those whom one's ties lead to (whom one follows, answers, so sees); undirected: all one has a
            tie with. Unless said, as the network is; where not one of its ties is returned they are taken to have no direction.
            `null_models`: so many random networks in which everyone keeps as many ties; 0: none. Unless said 39, and fewer of more than
            200,000 ties: 8 of a million, 5 at least.
            `shuffles`: so many deals of the trait to people by chance; 0: none.
            `seed`: draws by chance: the same number gives the same figures.
    Gives   share (of the people of whom it is known, how many have it). Of the people with a neighbour of whom it is known: majority_strict,
            the share who have more than half such neighbours, majority_with_ties, half or more; majority_strict_with and
            majority_strict_without, the first among those who have it themselves and those who don't. What chance gives, with the interval
            of single draws: majority_strict_null, majority_with_ties_null and majority_strict_without_null where the trait is dealt anew,
            majority_strict_rewired and majority_with_ties_rewired where people keep it and their number of ties, and whom they know is chance.
            illusion: how much more often than by chance somebody without it sees a majority (a minority that keeps to itself is
            none), and illusion_p, how often chance gives as much. perception_gap (mean over people of the share around them, less share),
            perception_gap_null. degree_trait_correlation (of having it with how many see one), label_assortativity, degree_assortativity.
            exposure_with, exposure_without, exposure_null: share of people by tenths of their neighbours who have it (each holds its upper end).
            carriers: the fewest people found without whom the illusion is what chance gives; its rows are the first twenty, not where the label
            is sensitive. friendship_paradox: for which share of people those around have more contacts (are seen by more) on average, and
            friendship_paradox_median; for posts and columns of numbers too, by measure.
    Costs   O(shuffles * m) time, 2 s for 399 with a million ties; 10 swaps a tie for each random network, 0.2 µs each: 20 s for the 8 of a
            million ties. 40 bytes a node, 52 a tie.
    Fails   UsageError where there is no such column or value, or it is a protected trait. Where there are too few, or others' ties were not
            seen, the value is None with a warning.
    After   Lerman, Yan & Wu 2016, whose figures are of those with more than half; Feld 1991. No interval but of the null models: the
            others are figures of this network.
    """
    part = observed_part(graph)
    if part.graph is None:
        names = (*_OF_A_TRAIT, "degree_assortativity", *PARADOX)
        return unsaid(names, part.warning, boundary=part.boundary, cut=graph.cut)
    both = undirected(part.graph)
    one_way = directed is None and part.graph.directed and 0 < both.n_ties == part.graph.n_arcs
    seen_by = both if one_way or directed is False else part.graph
    who = "those whom their ties lead to" if seen_by.directed else "all with whom they have a tie"
    told = partial(
        Finding,
        method=f"counted: people's neighbours are {who}; self-ties left out",
        warning=joined(part.warning, _ONE_WAY if one_way else ""),
        boundary=part.boundary,
        cut=graph.cut,
    )
    return (
        *_of_a_trait(seen_by, told, label, value, null_models, shuffles, seed),
        *degree_assortativity(graph, directed=bool(directed)),
        *paradoxes(seen_by, posts, told, hide_few=graph.observed is not None),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A trait in a network, and what is seen of it."""

    graph: Graph
    seen: Seen
    label: str
    null_models: int
    shuffles: int
    seed: int

    @property
    def without(self) -> NDArray[np.bool_]:
        """Who sees anything, and doesn't have it."""
        whose: NDArray[np.bool_] = self.seen.sees & (self.seen.has == 0)
        return whose

    @property
    def share(self) -> float:
        return float((self.seen.has == 1).sum() / (self.seen.has >= 0).sum())


def _of_a_trait(graph: Graph, told: Told, label: str, value: str, null_models: int | None, shuffles: int, seed: int) -> tuple[Finding, ...]:
    quiet = partial(unsaid, _OF_A_TRAIT, boundary=told.keywords["boundary"], cut=told.keywords["cut"], method=told.keywords["method"])
    if not label:
        return quiet(_NO_LABEL)
    has, meant = trait(graph, label, value)
    n_with, n_without = int((has == 1).sum()), int((has == 0).sum())
    few = f"{n_with} people have it and {n_without} haven't" if min(n_with, n_without) < FEWEST_PEOPLE else ""
    if not n_with + n_without or (few and graph.observed is not None):
        return quiet(f"too few to say: {few if graph.observed is None else f'fewer than {FEWEST_PEOPLE} people have it, or have it not'}")
    networks = how_many(null_models, RANDOM_NETWORKS, graph.n_ties, most_ties=MOST_TIES)
    asked = _Asked(graph, exposure(graph, has), label, max(0, networks), max(0, shuffles), seed)
    told = partial(
        told,
        method=f"{told.keywords['method']}; to have it is {label} = {meant}; those of whom it isn't known don't count",
        warning=joined(told.keywords["warning"], few),
        paper=_PAPER,
    )
    if not asked.seen.sees.any():
        known = partial(told, n=n_with + n_without, unit="share of people")
        return (known(name="share", value=asked.share), *quiet("nobody has a neighbour of whom it is known")[1:])
    return _figures(asked, told)


def _figures(asked: _Asked, told: Told) -> tuple[Finding, ...]:
    seen, without = asked.seen, asked.without
    sees, having = seen.sees, seen.sees & (seen.has == 1)
    n = int(sees.sum())
    share = partial(told, n=n, unit="share of people")
    tally = over_shuffles(asked.graph, seen.has, asked.shuffles, seed=asked.seed) if asked.shuffles else None
    return (
        partial(told, n=int((seen.has >= 0).sum()), unit="share of people", paper="")(name="share", value=asked.share),
        share(name="majority_strict", value=float(seen.strict[sees].mean())),
        share(name="majority_with_ties", value=float(seen.with_ties[sees].mean())),
        _null(share, "majority_strict_null", tally.strict if tally else None, asked),
        _null(share, "majority_with_ties_null", tally.with_ties if tally else None, asked),
        *_rewired(share, asked),
        _among(told, "majority_strict_with", seen.strict, having, "have it"),
        _among(told, "majority_strict_without", seen.strict, without, "haven't it"),
        _null(partial(share, n=int(without.sum())), "majority_strict_without_null", tally.strict_without if tally else None, asked),
        *_illusion(told, asked, tally),
        partial(told, n=n, unit="share", paper=_BIAS)(name="perception_gap", value=float(seen.share[sees].mean()) - asked.share),
        _null(
            partial(told, n=n, unit="share", paper=_BIAS),
            "perception_gap_null",
            tally.mean_share - asked.share if tally else None,
            asked,
        ),
        _correlation(told, asked),
        _mixing(told, asked),
        *_exposures(told, asked, tally),
        _carriers(told, asked, tally),
    )


def _among(told: Told, name: str, strict: NDArray[np.bool_], whose: NDArray[np.bool_], what: str) -> Finding:
    told = partial(told, name=name, n=int(whose.sum()), unit=f"share of people who {what}")
    if not whose.any():
        return told(value=None, warning=f"nobody of those who {what} has a neighbour")
    return told(value=float(strict[whose].mean()))


def interval(drawn: NDArray[np.float64]) -> tuple[float, float]:
    """Between which two of these draws (as many from the end on either side) one more falls with 95% or more; with fewer than 39, their ends."""
    place = max(1, int(0.025 * (len(drawn) + 1)))
    ordered = np.sort(drawn)
    return float(ordered[place - 1]), float(ordered[len(drawn) - place])


def _null(told: Told, name: str, drawn: NDArray[np.float64] | None, asked: _Asked) -> Finding:
    """The mean over draws by chance, and where 95% of them fall."""
    told = partial(told, name=name)
    if drawn is None or np.isnan(drawn).any():
        return told(value=None, warning="not dealt anew: --shuffles was 0" if drawn is None else "in some deals nobody is left without it")
    low, high = interval(drawn)
    method = f"{told.keywords['method']}; mean over {len(drawn)} deals of the labels by chance, and the interval of single deals"
    return told(value=float(drawn.mean()), low=low, high=high, interval_of="model", method=method, seed=asked.seed)


def _rewired(told: Told, asked: _Asked) -> tuple[Finding, Finding]:
    """What would be seen if everybody kept the trait and the number of their ties, and whom they know were chance."""
    names = ("majority_strict_rewired", "majority_with_ties_rewired")
    if not asked.null_models:
        first, second = (told(name=name, value=None, warning="no random networks were made: --null-models was 0") for name in names)
        return first, second

    def seen(graph: Graph) -> tuple[float, float]:
        there = exposure(graph, asked.seen.has, threads=1)
        return float(there.strict[there.sees].mean()), float(there.with_ties[there.sees].mean())

    drawn = np.array(over_null_models(asked.graph, seen, asked.null_models, seed=asked.seed))
    method = (
        f"{told.keywords['method']}; mean over {asked.null_models} random networks in which everyone keeps as many ties (10 swaps a tie), "
        "and the interval of single ones"
    )
    told = partial(told, method=method, seed=asked.seed)
    first, second = (_of_networks(partial(told, name=name), drawn[:, k]) for k, name in enumerate(names))
    return first, second


def _of_networks(told: Told, drawn: NDArray[np.float64]) -> Finding:
    """A share in random networks, and where 95% of such networks fall: between those drawn, or by Student's t where they are too few for that."""
    mean, n = float(drawn.mean()), len(drawn)
    if n < 2:
        return told(value=mean, warning="one random network alone has no spread")
    low, high = interval(drawn)
    if n < RANDOM_NETWORKS:
        half = t_quantile(n - 1) * float(drawn.std(ddof=1)) * (1 + 1 / n) ** 0.5
        low, high = max(0.0, mean - half), min(1.0, mean + half)
    return told(value=mean, low=low, high=high, interval_of="model")


def _illusion(told: Told, asked: _Asked, tally: Tally | None) -> tuple[Finding, Finding]:
    """How much more often than by chance those without it see a majority, and how often chance gives as much."""
    whose = asked.without
    told = partial(told, n=int(whose.sum()))
    excess = partial(told, name="illusion", unit="share of people without it, above chance")
    chance = partial(told, name="illusion_p", unit="probability")
    why = _no_illusion(asked, tally)
    if why or tally is None:
        return excess(value=None, warning=why), chance(value=None, warning=why)
    seen = float(asked.seen.strict[whose].mean())
    low, high = interval(tally.strict_without)
    as_much = int((tally.strict_without >= seen - 1e-12).sum())
    method = (
        f"{told.keywords['method']}; among those without it, who see more than half, less the same in {asked.shuffles} deals of the labels "
        "by chance, and the interval of that over single deals"
    )
    one = f"{told.keywords['method']}; one-sided: deals of {asked.shuffles} in which as many of those without it see a majority; one look"
    return (
        excess(
            value=seen - float(tally.strict_without.mean()),
            low=seen - high,
            high=seen - low,
            interval_of="model",
            method=method,
            seed=asked.seed,
        ),
        chance(value=(1 + as_much) / (1 + asked.shuffles), method=one, seed=asked.seed),
    )


def _no_illusion(asked: _Asked, tally: Tally | None) -> str:
    """Why it can't be told whether it is an illusion, or ""."""
    if asked.share >= 0.5:
        return f"can't say: {asked.share:.1%} have it, so a majority that is seen is there; name the other value with --value"
    if not asked.without.any():
        return "nobody without it has a neighbour"
    if tally is None:
        return "not dealt anew: --shuffles was 0"
    return "in some deals nobody is left without it" if np.isnan(tally.strict_without).any() else ""


def _correlation(told: Told, asked: _Asked) -> Finding:
    known = asked.seen.has >= 0
    how = "Pearson correlation of having it with the number of people " + (
        "whose ties lead to one" if asked.graph.directed else "one has a tie with"
    )
    told = partial(
        told, name="degree_trait_correlation", n=int(known.sum()), unit="correlation", method=f"{told.keywords['method']}; {how}"
    )
    x, y = contacts(asked.graph)[known].astype(np.float64), asked.seen.has[known].astype(np.float64)
    x, y = x - x.mean(), y - y.mean()
    scale = float((x @ x) * (y @ y)) ** 0.5
    if scale <= 0:
        return told(value=None, warning="all have as many contacts, or all are alike in this")
    return told(value=float(x @ y) / scale)


def _mixing(told: Told, asked: _Asked) -> Finding:
    """Newman's coefficient over the ties of which both ends are known."""
    seen, ties = asked.seen, np.zeros((2, 2))
    for own in (0, 1):
        mine = seen.has == own
        ties[own] = (seen.known[mine] - seen.hits[mine]).sum(), seen.hits[mine].sum()
    n = int(ties.sum()) // (1 if asked.graph.directed else 2)
    told = partial(told, name="label_assortativity", n=n, n_of="ties", unit="correlation", paper=_MIXING)
    if n == 0:
        return told(value=None, warning="there is no tie of which both ends are known")
    ties /= ties.sum()
    chance = float(ties.sum(axis=0) @ ties.sum(axis=1))
    if chance >= 1:
        return told(value=None, warning="all who have ties are alike in this")
    return told(value=(float(np.trace(ties)) - chance) / (1 - chance))


def _exposures(told: Told, asked: _Asked, tally: Tally | None) -> tuple[Finding, ...]:
    """The share of people for each tenth of their neighbours, of those with and without it, and by chance."""
    seen = asked.seen
    told = partial(told, unit="different tenths; the series is the share of people in each")
    steps = [k / BINS for k in range(BINS)]
    found = []
    for name, whose, what in (("exposure_with", seen.has == 1, "with"), ("exposure_without", seen.has == 0, "without")):
        bins = np.where(whose, seen.bin, -1)
        counts = np.bincount(bins[bins >= 0], minlength=BINS)
        n = int(counts.sum())
        named = partial(told, name=name, n=n)
        if not n:
            found.append(named(value=None, warning=f"nobody {what} it has a neighbour"))
            continue
        spoken = np.ones(BINS, np.bool_) if asked.graph.observed is None else open_cells(bins, np.arange(asked.graph.n), BINS)
        shown = tuple((x, float(count / n) if open or not count else None) for x, count, open in zip(steps, counts, spoken))
        hidden = sum(y is None for _, y in shown)
        less = (
            f"{hidden} tenths are not told: fewer than {FEWEST_PEOPLE} people are in them, or they would follow from the rest"
            if hidden
            else ""
        )
        found.append(named(value=int((counts > 0).sum()), series=shown, warning=joined(told.keywords["warning"], less)))
    named = partial(told, name="exposure_null", n=int(seen.sees.sum()))
    if tally is None:
        return (*found, named(value=None, warning="not dealt anew: --shuffles was 0"))
    means = tally.bins.mean(axis=0)
    method = f"{told.keywords['method']}; mean over {asked.shuffles} deals of the labels by chance"
    series = tuple((x, float(y)) for x, y in zip(steps, means))
    return (*found, named(value=int((means > 0).sum()), series=series, method=method, seed=asked.seed))


def _carriers(told: Told, asked: _Asked, tally: Tally | None) -> Finding:
    """The few through whom it is seen."""
    told = partial(told, name="carriers", unit="people", n=int((asked.seen.has == 1).sum()), rows_of="person")
    why = _no_illusion(asked, tally)
    if why or tally is None:
        return told(value=None, warning=why)
    whose, strict = asked.without, asked.seen.strict
    seeing = int(strict[whose].sum())
    if (1 + (tally.strict_without >= strict[whose].mean() - 1e-12).sum()) / (1 + asked.shuffles) > CHANCE:
        return told(value=0, warning="chance alone shows as many a majority, so nobody carries an illusion")
    chance = int(tally.strict_without.mean() * whose.sum())
    taken, left = carriers(asked.graph, asked.seen, whose, chance, MOST_CARRIERS)
    method = (
        f"{told.keywords['method']}; taken one by one, who undoes most, until of {seeing} people without it who see a majority no more "
        f"are left than chance gives ({chance}); a smaller set may exist"
    )
    told = partial(told, method=method)
    warning = told.keywords["warning"]
    if left > chance:
        warning = joined(warning, f"at least: after {len(taken)} people {left} still see a majority")
    if not (sensitive(asked.label) or asked.label == _NAMELESS):
        return told(value=len(taken), warning=warning, rows=_because(asked, taken[:TOP]))
    if asked.graph.observed is not None and len(taken) < FEWEST_PEOPLE:
        return told(value=None, warning=f"too few to say: fewer than {FEWEST_PEOPLE} people, and what people think is told of groups only")
    return told(value=len(taken), warning=joined(warning, "who they are isn't said: what people think is told of groups only"))


def _because(asked: _Asked, taken: NDArray[np.int64]) -> tuple[Row, ...]:
    """For each of the few, how many without the trait see them, and how many of those see a majority."""
    back = transpose(asked.graph)
    rows = []
    for node in taken.tolist():
        viewers = back.targets[back.offsets[node] : back.offsets[node + 1]]
        viewers = viewers[asked.without[viewers]]
        seeing = int(asked.seen.strict[viewers].sum())
        because = f"seen by {len(viewers)} people without it, {seeing} of whom see a majority"
        rows.append(Row(node, value=seeing, n=len(viewers), because=because))
    return tuple(rows)
