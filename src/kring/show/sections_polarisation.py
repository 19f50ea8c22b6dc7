"""The section on two camps: the question, the sentence that reads its figures aloud, and how it was counted.

It looks for groups, the scores of `kring.graph.sides` each with its _null and _normalised, cross_cutting, own_side_share and its _by_chance,
bridges; and draws the scores beside chance, and through time those with `by` = (("period", …),).
"""

from collections.abc import Iterable, Sequence

from kring.schema import Finding
from kring.show.content import Picture, Section
from kring.show.values import count, many, percent, reserve, unsaid

SCORES = ("ei", "adaptive_ei", "modularity", "label_assortativity", "rwc", "boundary", "dipole")
_SPOKEN = ("ei", "adaptive_ei", "modularity", "label_assortativity", "rwc")
"""Those whose verdict is read aloud: `boundary` and `dipole` also move for other reasons (docs/questions/are-there-two-camps.md)."""


def polarisation(findings: Sequence[Finding]) -> Section:
    """Whether people keep to two camps more than chance would have it."""
    found = {each.name: each for each in findings if not each.by}
    drawn = tuple(found[name] for score in SCORES for name in (score, f"{score}_null") if name in found)
    some = any(each.value is not None for each in drawn)
    beside = (Picture(kind="beside_chance", title="Each score beside what chance gives", findings=drawn),) if some else ()
    timed = tuple(each for each in findings if each.by and each.name == "ei")
    through_time = (Picture(kind="by_period", title="Ties within groups, period by period", findings=timed),) if timed else ()
    return Section(
        id="polarisation",
        title="Are there two camps?",
        question="Do people keep to their own side, more than would come about by itself?",
        said=" ".join(_said(found)),
        findings=tuple(each for each in findings if not each.by),
        pictures=(*beside, *through_time),
        rules=(
            "By chance: random networks in which everyone has as many ties as here. Where groups were found from the ties, they are found "
            "anew in each: two groups can be found in anything.",
            "A dot outside the grey band is more than chance gives. A high score within the band says nothing.",
        ),
        empty="" if findings else "There are no ties here yet. Bring in an export with replies or shares in it: `kring import FILE`",
    )


def _said(found: dict[str, Finding]) -> Iterable[str]:
    groups = found.get("groups")
    if groups and groups.value is None:
        yield f"{unsaid(groups)} whether there are camps: {reserve(groups)}."
        return
    yield from _verdict(found)
    across, own, chance, bridges = (found.get(name) for name in ("cross_cutting", "own_side_share", "own_side_by_chance", "bridges"))
    if across and across.value is not None:
        yield f"{percent(across.value)} of ties lead from one group to another."
    if own and own.value is not None and chance and chance.value is not None:
        yield f"Of whom people have ties with, {percent(own.value)} are of their own side; spread evenly it would be {percent(chance.value)}."
    if bridges and bridges.value:
        yield f"{count(bridges.value)} {'person has' if bridges.value == 1 else 'people have'} at least two ties to either side."


def _verdict(found: dict[str, Finding]) -> Iterable[str]:
    left = [each for name in _SPOKEN if (each := found.get(f"{name}_normalised")) and each.low is not None and each.high is not None]
    if not left:
        return
    more, less = (sum(1 for each in left if beyond(each)) for beyond in (_above, _below))
    of = many(len(left), "score")
    if more == len(left):
        yield f"People keep to their own more than chance would have it, by all of {of}."
    elif more > len(left) / 2:
        yield f"People keep to their own more than chance would have it, by {more} of {of}."
    elif less > len(left) / 2:
        yield f"People mix more than chance would have it, by {less} of {of}."
    else:
        yield f"No camps beyond what chance gives: {more} of {of} lie above it."


def _above(finding: Finding) -> bool:
    return finding.low is not None and finding.low > 0


def _below(finding: Finding) -> bool:
    return finding.high is not None and finding.high < 0
