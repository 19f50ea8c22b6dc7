"""Whom do we reach? Distinct people within one, two and three steps, and who of the willing would add most."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import e
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kring.errors import GraphError, UsageError
from kring.graph.alone import alone
from kring.graph.around import around
from kring.graph.arrays import Graph, Nodes
from kring.graph.bits import these
from kring.graph.cover import best as best_of
from kring.graph.cover import each_alone
from kring.graph.observe import Part, observed_part
from kring.graph.ways import Ways, ways
from kring.measures.reaching import STEPS, along, of_everyone
from kring.measures.saying import NOBODY, joined, unsaid
from kring.schema import FEWEST_PEOPLE, Finding

_GREEDY = "Nemhauser, Wolsey & Fisher 1978, An analysis of approximations for maximizing submodular set functions; lazily as Minoux 1978"


def reach(
    graph: Graph,
    *,
    people: Nodes | None = None,
    willing: Nodes | None = None,
    best: int = 0,
    within: int = 1,
    everyone: bool = False,
    together: bool = False,
    directed: bool = True,
    against: bool = False,
    seed: int = 0,
) -> tuple[Finding, ...]:
    """Whom do we reach? How many distinct people are within one, two and three steps of a person or a team.

    Takes   a graph.
            `people`: whose reach, each once. In a circle it is ours if nobody is named; in a network file that of everybody.
            `willing`: those who said they would help: which of them to ask, `best` says how many.
            `best`: choose so many of the willing: those who add most to what the people named reach. It comes first.
            `within`: what the best add within 1, 2 or 3 steps.
            `everyone`: the reach of everybody, each by himself, whoever is named.
            `together`: leave out what each member of the team reaches.
            `directed`: along the ties, in the direction they were given; not directed, both ways.
            `against`: against the ties: from those whom people follow or address to those who do.
            `seed`: draws by chance, for what is estimated: the same number gives the same figures.
    Gives   best_reach and, in the order of choice, best_gain; people and members; for the team reach_1, reach_2, reach_3 (other people
            within so many steps, each counted once), share_1, share_2, share_3 (of all other people), overlap_1, overlap_2, overlap_3 (what
            the members' own reach counts more than once), and for each member own_1, own_2, own_3 and marginal_1, marginal_2, marginal_3
            (whom nobody else of the team reaches). All exact. For everybody mean_reach_1, mean_reach_2, mean_reach_3, median_reach_1,
            median_reach_2, median_reach_3, most_reach_1, most_reach_2, most_reach_3 and, as a series, reach_spread_1, reach_spread_2,
            reach_spread_3: exact where that is cheap, else with intervals.
    Costs   at most O(m) a step for the team; for the members' own reach one search for each 512 of them and 192 bytes a node.
    Fails   GraphError for `within` beyond three; UsageError where `best` and `willing` don't go together. Where other people's ties were not
            seen, reach beyond one step is None with a warning.
    After   Then et al. 2014 (multi-source search in bits); Nemhauser et al. 1978 (the best few).
    """
    if not 1 <= within <= STEPS:
        raise GraphError(f"Reach within {within} steps can't be asked for.", next=f"Choose 1 to {STEPS}.")
    _check_choice(willing, best, everyone)
    if everyone or (people is None and willing is None):
        return of_everyone(graph, directed=directed, against=against, seed=seed)
    team, some = _distinct(people), _distinct(willing)
    part = observed_part(graph)
    told = partial(Finding, n=graph.n, boundary=part.boundary, cut=graph.cut)
    counted = (
        told(name="people", value=graph.n, unit="people", method="counted"),
        told(name="members", value=len(team), unit="people", method="counted: those named, each once"),
    )
    asked = _Asked(
        graph,
        ways(graph, directed=directed, against=against),
        team,
        along(graph, directed=directed, against=against),
        tuple(_warning(graph, team if len(team) else some, part, step) for step in range(1, STEPS + 1)),
        told,
    )
    chosen = _best(asked, some, best, within) if best else ()
    if people is None:
        return (*chosen, counted[0])
    if not len(team):
        names = [f"{figure}_{step}" for step in range(1, STEPS + 1) for figure in ("reach", "share", "overlap")]
        return (*chosen, *counted, *unsaid(names, NOBODY, boundary=part.boundary, cut=graph.cut))
    return (*chosen, *counted, *(_of_team(asked) if together else _of_members(asked)))


def _check_choice(willing: Nodes | None, best: int, everyone: bool) -> None:
    """Fails with a UsageError where there is nobody to choose from, nothing to choose, or nothing that it would add to."""
    if best < 0:
        raise UsageError(f"The best {best} can't be chosen.", next="Say how many of the willing: --best 3.")
    if best and willing is None:
        raise UsageError("Nobody is there to choose from.", next="Say who is willing: --willing FILE, one id, handle or name a line.")
    if willing is not None and not best:
        raise UsageError("How many of the willing to choose wasn't said.", next="Say how many: --best 3.")
    if willing is not None and everyone:
        raise UsageError("Everybody's reach chooses nobody.", next="Leave out either --everyone, or --willing and --best.")


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Whose reach, in what, and what must be said of it."""

    graph: Graph
    ways: Ways
    team: Nodes
    along: str
    warnings: tuple[str, ...]
    """For each step: why nothing can be said ("too few to say"), or how far it may be trusted."""
    told: Callable[..., Finding]

    def of(self, step: int, name: str, value: float, *, unit: str = "people", method: str, then: str = "", **more: object) -> Finding:
        """A figure of so many steps, if anything may be said of them."""
        warning = self.warnings[step - 1]
        given = None if warning.startswith("too few") else value
        return self.told(name=name, value=given, unit=unit, method=f"{method}, {self.along}{then}", warning=warning, **more)


def _distinct(nodes: Nodes | None) -> Nodes:
    """Each once, in the order given."""
    return np.array(list(dict.fromkeys([] if nodes is None else nodes.tolist())), np.int64)


def _warning(graph: Graph, team: Nodes, part: Part, step: int) -> str:
    """What must be said of a reach of so many steps, where not everybody's ties were seen: "too few to say …", "at least …", or nothing."""
    if graph.observed is None or graph.n < FEWEST_PEOPLE or (step > 1 and part.graph is None):
        return part.warning
    seen = int(graph.observed[team].sum())
    if not seen:
        return f"too few to say: all ties were seen of none of these {len(team)}"
    if graph.observed.all():
        return ""
    whose = f"{seen} of these {len(team)}" if seen < len(team) else f"{int(graph.observed.sum())} of {graph.n} people"
    return f"at least: all ties were seen of {whose}"


def _of_team(asked: _Asked) -> Iterator[Finding]:
    """What they reach together, without looking at each."""
    found = around(asked.ways, asked.team, STEPS, what="reach").found
    return _union(asked, np.cumsum(found))


def _union(asked: _Asked, reached: NDArray[np.int64]) -> Iterator[Finding]:
    others = asked.graph.n - len(asked.team)
    for step, value in enumerate(reached.tolist(), 1):
        method = f"exact: other people within {_steps(step)} of somebody of the team, each counted once"
        yield asked.of(step, f"reach_{step}", value, method=method)
        yield asked.of(step, f"share_{step}", value / others if others else 0.0, unit="share of all other people", method=method)


def _of_members(asked: _Asked) -> Iterator[Finding]:
    """What they reach together, and each by himself and alone."""
    team = asked.team
    found = alone(asked.ways, team, STEPS, what="reach together")
    own = each_alone(asked.ways, team, STEPS, these(team, asked.graph.n), what="reach of each")
    yield from _union(asked, found.reached)
    for step in range(1, STEPS + 1):
        method = f"exact: what the members reach within {_steps(step)}, summed, less what they reach together"
        yield asked.of(step, f"overlap_{step}", int(own[step - 1].sum() - found.reached[step - 1]), method=method)
    for k, node in enumerate(team.tolist()):
        member: dict[str, Any] = {"by": (("member", asked.graph.id_of(node)),), "rows": (node,), "rows_of": "person"}
        for step in range(1, STEPS + 1):
            within = f"within {_steps(step)}"
            yield asked.of(
                step, f"own_{step}", int(own[step - 1, k]), method=f"exact: people outside the team {within} of this member", **member
            )
            only = f"exact: people outside the team {within} of this member and of nobody else of the team"
            yield asked.of(step, f"marginal_{step}", int(found.alone[step - 1, k]), method=only, **member)


def _best(asked: _Asked, willing: Nodes, k: int, within: int) -> Iterator[Finding]:
    """Whom of the willing to ask, besides the team."""
    willing = willing[~np.isin(willing, asked.team)]
    chosen = best_of(asked.ways, asked.team, willing, k, within, what="choosing")
    total = sum(chosen.gains)
    method = f"exact counts of people within {_steps(within)}, besides the willing and those who are in already, whom they reach anyway"
    then = f"; chosen one by one, whoever adds most (lazy greedy): never below {1 - 1 / e:.0%} (1 - 1/e) of what the best {k} add"
    if total:
        then += f", and here at least {total / chosen.at_most:.1%}: no {k} of them add more than {chosen.at_most:,}"
    fewer = f"nobody but these {len(chosen.nodes)} adds anybody" if len(chosen.nodes) < min(k, len(willing)) else ""
    few = f"only {len(willing)} to choose from" if len(willing) < k else ""
    asked = replace(asked, told=partial(asked.told, paper=_GREEDY))
    best = asked.of(within, "best_reach", total, method=method, then=then, rows=chosen.nodes, rows_of="person" if chosen.nodes else "")
    if best.value is None:
        yield msgspec.structs.replace(best, rows=(), rows_of="")
        return
    yield msgspec.structs.replace(best, warning=joined(best.warning, fewer, few))
    for rank, (node, gain) in enumerate(zip(chosen.nodes, chosen.gains, strict=True), 1):
        yield asked.of(
            within,
            "best_gain",
            gain,
            method=f"exact: people within {_steps(within)} whom those before don't reach",
            by=(("rank", str(rank)), ("person", asked.graph.id_of(node))),
            rows=(node,),
            rows_of="person",
        )


def _steps(n: int) -> str:
    return "1 step" if n == 1 else f"{n} steps"
