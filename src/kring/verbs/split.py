"""Split: a measure for each group of those involved, in which nothing is said about fewer than ten people, also not by subtraction."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from kring.errors import UsageError
from kring.graph import Columns, Graph, Log
from kring.graph.slices import subgraph
from kring.measures.cells import open_cells
from kring.schema import FEWEST_PEOPLE, Finding
from kring.store.claims import AFFILIATION, claims
from kring.store.open import reading
from kring.verbs import inputs
from kring.verbs.affiliate import GROUPS, group_of
from kring.verbs.inputs import Given
from kring.verbs.times import instant
from kring.verbs.weave import Asking

if TYPE_CHECKING:
    from kring.kring import Circle

Ints = NDArray[np.int64]
Measure = Callable[..., tuple[Finding, ...]]
Argument = Graph | Log | Columns
NOBODY_SAID = "nobody said"
OTHERS = "others"
ASKED = ("questions", "response")
"""Measures of questions: of a group count the questions it asked, whoever answers."""


def by_affiliation(circle: "Circle", name: str, given: Given, asking: Asking, measure: Measure, *, whom: str = "") -> tuple[Finding, ...]:
    """What a measure finds for each group.

    Takes   `measure` with its options; `whom`: the option that names the people it is about, where it has one: the group's, among everybody.
    Gives   its figures with `by=(("affiliation", group),)`. Of posts: what the group's people wrote or asked. Of ties: those among the
            group's people. Groups of which fewer than ten people count are told together, as "others", with as many more groups as it takes
            for those to be ten; if there are too few for that too, they aren't told. Curves and parts are left out: they would let small
            groups be computed.
    """
    if isinstance(given.arguments[0], Log):
        raise UsageError(f"{name} can't be told by affiliation: it is about ties, and many are between groups.", next="Leave out --by.")
    groups = (*GROUPS, NOBODY_SAID)
    group = group_rows(circle, given, asking)
    person = _counted(name, given)
    cell = np.where(person >= 0, np.append(group, -1)[person], -1)
    spoken = open_cells(cell, person, len(groups))
    folded = [label for k, label in enumerate(groups) if not spoken[k] and (cell == k).any()]
    found: list[Finding] = []
    for k in np.flatnonzero(spoken):
        found += _of(name, given, measure, whom, group == k, groups[k], "")
    together = ~spoken[np.maximum(group, 0)] & (group >= 0)
    n = len(np.unique(person[(person >= 0) & np.append(together, False)[person]]))
    if n >= FEWEST_PEOPLE:
        why = f"{', '.join(folded)} together: each by itself would be told of too few people"
        found += _of(name, given, measure, whom, together, OTHERS, why)
    elif folded:
        why = f"too few to say: {', '.join(folded)} are fewer than {FEWEST_PEOPLE} people together"
        found.append(Finding(name="people", value=None, warning=why, by=(("affiliation", OTHERS),), cut=given.woven.cut))
    return tuple(found)


def group_rows(circle: "Circle", given: Given, asking: Asking) -> Ints:
    """The group of each person as its place in `GROUPS`, after which comes nobody said, by row of people.

    One that anybody of their accounts was given counts for the person.
    """
    since = instant(asking.since, zone=circle.settings.zone) if asking.since else None
    until = instant(asking.until, end=True, zone=circle.settings.zone) if asking.until else None
    people = given.woven.people
    with reading(circle.engine) as connection:
        said = claims(connection, kinds=(AFFILIATION,))
    row_of = {id: row for row, id in enumerate(people.ids)} if said else {}
    person = {each.subject: people.ids[people.person[row_of[each.subject]]] for each in said if each.subject in row_of}
    told = group_of([msgspec.structs.replace(each, subject=person[each.subject]) for each in said if each.subject in person], since, until)
    of_person = np.full(len(people.ids), len(GROUPS), np.int64)
    for id, label in told.items():
        of_person[row_of[id]] = GROUPS.index(label)
    return of_person[people.person]


def _counted(name: str, given: Given) -> Ints:
    """Whose each thing is that a measure counts, by row of people."""
    argument = given.arguments[0]
    if isinstance(argument, Graph):
        return given.nodes
    author = given.woven.posts.author
    return author[_asked(name, argument)] if name in ASKED and isinstance(argument, Columns) else author


def _asked(name: str, posts: Columns) -> NDArray[np.bool_]:
    asked: NDArray[np.bool_] = posts["question"].astype(np.bool_)
    return asked & posts["to_us"].astype(np.bool_) if name == "response" else asked


def _of(name: str, given: Given, measure: Measure, whom: str, who: NDArray[np.bool_], label: str, warning: str) -> list[Finding]:
    """The figures of one group; `who` by row of people."""
    if whom:
        argument, rows = given.arguments[0], np.arange(len(given.nodes))
        findings = measure(argument, **{whom: np.flatnonzero(who[given.nodes])})
    else:
        argument, rows = _part(name, given, who)
        findings = measure(argument)
    found = []
    for finding in findings:
        if finding.series or finding.by:
            continue
        ids = inputs.opened(finding, lambda of: given.ids(of.rows_of, rows[np.array(of.row_ids, np.int64)]))
        said = "; ".join(part for part in (finding.warning, warning) if part)
        found.append(msgspec.structs.replace(finding, by=(("affiliation", label),), rows=ids, warning=said))
    return found


def _part(name: str, given: Given, who: NDArray[np.bool_]) -> tuple[Argument, Ints]:
    """The part of what a measure takes that is this group's, and the rows it had before."""
    argument = given.arguments[0]
    if isinstance(argument, Graph):
        rows = np.flatnonzero(who[given.nodes])
        return subgraph(argument, who[given.nodes]), rows
    author = given.woven.posts.author
    mine = (author >= 0) & np.append(who, False)[author]
    assert isinstance(argument, Columns)
    if name in ASKED:
        arrays = {**argument.arrays, "question": argument["question"].astype(np.bool_) & mine}
        return Columns("post", argument.n, arrays, argument.ids, argument.boundary, argument.cut), np.arange(argument.n)
    rows = np.flatnonzero(mine)
    number = np.append(np.where(mine, np.cumsum(mine) - 1, -1), -1).astype(np.int32)
    arrays = {key: array[rows] for key, array in argument.arrays.items()}
    arrays["parent"] = number[arrays["parent"]]
    return Columns("post", len(rows), arrays, None, argument.boundary, argument.cut), rows
