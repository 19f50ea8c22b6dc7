"""The section on what people talk about: the hashtags that most use, which of them divides people, and which looks larger than it is.

Several hashtags are looked at, so each must stand out more than one alone would have to (Bonferroni): the rows say by how much.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from kring.schema import Finding
from kring.show.content import Column, Picture, Section, Table
from kring.show.values import figure, many, percent

_DIVIDING = ("modularity", "ei", "rwc")
"""Scores that must all stand out: the share of ties within, and where walks along them end."""
_FALSE_ALARMS = 0.05
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag, how many people wrote under it, and what was found."""

    name: str
    people: int
    camps: Sequence[Finding]
    illusion: Sequence[Finding]


def topics(tags: Sequence[Tag]) -> Section:
    """Which hashtags divide people, and which seem more common than they are."""
    looks = max(1, len(tags))
    divided = [tag for tag in tags if divides(tag, looks)]
    seeming = [tag for tag in tags if seems_larger(tag, looks)]
    pictures = [_camps_picture(tag) for tag in divided[:2]] + [_illusion_picture(tag) for tag in seeming[:1]]
    return Section(
        id="topics",
        title="What people talk about",
        question="Which hashtags do most people use? Does one divide them, or seem larger than it is?",
        said=" ".join(_said(tags, divided, seeming)),
        findings=(),
        pictures=tuple(pictures),
        tables=(_table(tags, divided, seeming),) if tags else (),
        rules=(
            "Two sides: those who answer and pass on posts under a hashtag fall apart in two groups more than in random networks in which "
            "everyone has as many ties. That may come of opinion, and also of who are neighbours or friends.",
            f"{many(looks, 'hashtag')} looked at: each has to stand out as much as keeps a false alarm about any of them below {_FALSE_ALARMS:.0%}.",
            "Within a side: how much more ties stay within the sides than by chance, from 0 to 1.",
        ),
        empty="" if tags else "No hashtag is used by ten people or more.",
    )


def divides(tag: Tag, looks: int) -> bool:
    """Whether its people fall into two sides beyond chance, by all of the scores that tell, with so many hashtags looked at."""
    least = NormalDist().inv_cdf(1 - _FALSE_ALARMS / looks)
    scores = [_of(tag.camps, f"{name}_normalised") for name in _DIVIDING]
    return all(
        each is not None and each.value is not None and each.low is not None and each.value > (each.value - each.low) * least / _Z
        for each in scores
    )


def seems_larger(tag: Tag, looks: int) -> bool:
    """Whether more people than chance would have it see a majority use it, though few do."""
    p, beyond = _of(tag.illusion, "illusion_p"), _of(tag.illusion, "illusion")
    return p is not None and p.value is not None and beyond is not None and (beyond.value or 0) > 0 and p.value * looks <= _FALSE_ALARMS


def _said(tags: Sequence[Tag], divided: Sequence[Tag], seeming: Sequence[Tag]) -> Iterable[str]:
    if not tags:
        return
    yield f"Most used: {_listed(tags)}."
    if divided:
        yield f"People fall into two sides over {_listed(divided)}: they answer and pass on their own more than chance would have it."
    else:
        yield "None of them divides people in two beyond chance."
    for tag in seeming:
        share = _of(tag.illusion, "share")
        without = _of(tag.illusion, "majority_strict_without")
        if share and share.value is not None and without and without.value is not None:
            yield (
                f"#{tag.name} looks larger than it is: {percent(share.value)} of people use it, and {percent(without.value)} of the others "
                "see most of those around them use it, more than chance would show."
            )


def _listed(tags: Sequence[Tag]) -> str:
    names = [f"#{tag.name}" for tag in tags]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _table(tags: Sequence[Tag], divided: Sequence[Tag], seeming: Sequence[Tag]) -> Table:
    return Table(
        caption="The hashtags that most people use",
        columns=(
            Column("hashtag"),
            Column("people", "people"),
            Column("two sides"),
            Column("within a side"),
            Column("seems larger"),
        ),
        rows=tuple(
            (
                f"#{tag.name}",
                tag.people,
                _verdict(tag, divided, "ei_normalised", tag.camps),
                _told(_of(tag.camps, "ei_normalised")),
                _verdict(tag, seeming, "illusion", tag.illusion),
            )
            for tag in tags
        ),
    )


def _verdict(tag: Tag, among: Sequence[Tag], figure_needed: str, findings: Sequence[Finding]) -> str:
    found = _of(findings, figure_needed)
    if found is None or found.value is None:
        return "too few to say"
    return "yes" if tag in among else "no"


def _told(finding: Finding | None) -> str:
    return figure(finding) if finding is not None and finding.value is not None else ""


def _of(findings: Sequence[Finding], name: str) -> Finding | None:
    return next((each for each in findings if each.name == name and not each.by), None)


def _camps_picture(tag: Tag) -> Picture:
    wanted = [each for name in _DIVIDING for each in (_of(tag.camps, name), _of(tag.camps, f"{name}_null")) if each is not None]
    return Picture(kind="beside_chance", title=f"#{tag.name}: each score beside what chance gives", findings=tuple(wanted))


def _illusion_picture(tag: Tag) -> Picture:
    wanted = [each for name in ("exposure_without", "exposure_with", "exposure_null") if (each := _of(tag.illusion, name)) is not None]
    return Picture(kind="exposure", title=f"#{tag.name}: what people see around them", findings=tuple(wanted))
