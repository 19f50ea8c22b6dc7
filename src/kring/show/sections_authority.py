"""The section on help: how many help whom, how much of it hangs on few, and whether followers would have told."""

from collections.abc import Iterable, Sequence

from kring.schema import Finding
from kring.show.content import Picture, Section
from kring.show.values import count, figure, many, number, reserve, unsaid

Findings = Sequence[Finding]
RULES = (
    "Credit for help counts different people who were helped; those who thanked or took the answer count double.",
    "What anybody's own help counts is told to that person, and stands in no report.",
)


def authority(findings: Findings) -> Section:
    """Who helps?"""
    found = {each.name: each for each in findings}
    drawn = found.get("credit_by_followers")
    return Section(
        id="authority",
        title="Who helps",
        question="How many people help others here, and does one see it by their followers?",
        said=" ".join(_said(found)),
        findings=tuple(each for each in findings if not each.series),
        pictures=(Picture(kind="credit_by_followers", title="Credit for help, by followers", findings=(drawn,)),)
        if drawn and drawn.series
        else (),
        rules=RULES,
        empty="" if findings else "Nobody is seen to help anybody here.",
    )


def _said(found: dict[str, Finding]) -> Iterable[str]:
    helpers, helped, few = found.get("helpers"), found.get("helped"), found.get("concentration")
    if helpers and helpers.value is None:
        yield f"{unsaid(helpers)} who helps: {reserve(helpers)}."
    elif helpers and helped and helpers.value is not None and helped.value is not None:
        yield f"{many(int(helpers.value), 'person', 'people')} helped {count(helped.value)} others."
    if few and few.value is not None:
        yield f"A tenth of the helpers have {figure(few)} of the credit."
    if (explained := found.get("followers_explain")) and explained.value is not None:
        yield f"How many follow somebody foretells {figure(explained)} of it."
    if (lasting := found.get("apprentices")) and lasting.value:
        yield f"{number(lasting.value)} {'pair has' if lasting.value == 1 else 'pairs have'} lasting help one way, more than chance brings about."
