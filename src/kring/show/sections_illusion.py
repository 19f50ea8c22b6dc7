"""The section on majorities that aren't there: the question, the sentence that reads its figures aloud, and how it was counted.

It looks for share, majority_strict, majority_strict_with, majority_strict_without and its _null, illusion, illusion_p, carriers,
degree_trait_correlation, friendship_paradox; and draws exposure_with, exposure_without and exposure_null.
"""

from collections.abc import Iterable, Sequence

from kring.schema import Finding
from kring.show.content import Picture, Section
from kring.show.values import count, figure, many, percent, reserve, unsaid, written

_DRAWN = ("exposure_without", "exposure_with", "exposure_null")
_FOUND = 0.05
_TIED = 0.1
"""A correlation with the number of contacts that is worth a sentence."""


def illusion(findings: Sequence[Finding]) -> Section:
    """Whether what people see around them is what there is."""
    found = {each.name: each for each in findings if not each.by}
    drawn = tuple(found[name] for name in _DRAWN if name in found and found[name].series)
    return Section(
        id="illusion",
        title="Is the majority real?",
        question="Do people see a majority around them of something that few have?",
        said=" ".join(_said(found)),
        findings=tuple(each for each in findings if each.name not in _DRAWN),
        pictures=(Picture(kind="exposure", title="What people see around them", findings=drawn),) if drawn else (),
        rules=(
            "A majority is more than half of somebody's neighbours. By chance: as many people have it, dealt out anew.",
            "Those who keep to themselves see a majority of their own; that is no illusion. So it is told of those who don't have it.",
        ),
        empty="" if findings else "Nothing is known of people here besides their ties: `kring measure illusion --help`",
    )


def _said(found: dict[str, Finding]) -> Iterable[str]:
    share, without, null = (found.get(name) for name in ("share", "majority_strict_without", "majority_strict_without_null"))
    if share and share.value is None:
        yield f"{unsaid(share)} whether people see a majority: {reserve(share)}."
    if share and share.value is not None and without and without.value is not None:
        chance = f"; by chance it would be {figure(null)}" if null and null.value is not None else ""
        yield f"{percent(share.value)} have it. Of those without it, {percent(without.value)} see it with most of those around them{chance}."
    yield from _verdict(found)
    yield from _paradox(found)


def _verdict(found: dict[str, Finding]) -> Iterable[str]:
    beyond, p, carried = (found.get(name) for name in ("illusion", "illusion_p", "carriers"))
    if not beyond or beyond.value is None or not p or p.value is None:
        return
    if p.value > _FOUND:
        yield f"That is no more than chance alone would show ({written(p.value)} of the deals show as much)."
        return
    yield "That is an illusion: chance alone would hardly show it."
    tied = found.get("degree_trait_correlation")
    if tied and tied.value is not None and tied.value > _TIED:
        yield "It comes of the well-connected having it: they are seen by many."
    if carried and carried.value:
        yield f"{count(carried.value)} of {many(carried.n, 'person', 'people')} who have it are enough to carry it."


def _paradox(found: dict[str, Finding]) -> Iterable[str]:
    paradox = found.get("friendship_paradox")
    if paradox and paradox.value is not None:
        yield f"For {percent(paradox.value)} of people, those around them have more contacts than they have, on average."
