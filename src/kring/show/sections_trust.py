"""The section on trust: whom it reaches from those who are sure, what fakes could gain, and whether it tells anything."""

from collections.abc import Iterable, Sequence

from kring.schema import Finding
from kring.show.content import Picture, Section
from kring.show.values import count, figure, many, reserve, unsaid

Findings = Sequence[Finding]
RULES = (
    "Trust flows along good ratings or vouches only. A bad one lowers whom it is about, and is passed on to nobody.",
    "Who is trusted is for those who ask, to check; it is no list to publish.",
)


def trust(findings: Findings) -> Section:
    """Whom can we trust?"""
    found = {each.name: each for each in findings}
    return Section(
        id="trust",
        title="Whom can we trust?",
        question="Who is vouched for, from those we are sure of on, and what could fake accounts gain?",
        said=" ".join(_said(found)),
        findings=tuple(each for each in findings if not each.series and not each.name.startswith("auc_")),
        pictures=tuple(_pictures(found)),
        rules=RULES,
        empty="" if findings else "Nobody vouches for anybody here.",
    )


def _said(found: dict[str, Finding]) -> Iterable[str]:
    accepted, bound, told = found.get("accepted"), found.get("bound"), found.get("auc")
    if accepted and accepted.value is None:
        yield f"{unsaid(accepted)} who is let in: {reserve(accepted)}."
    elif accepted and accepted.value is not None:
        yield f"{many(int(accepted.value), 'person is', 'people are')} vouched for from those named on, of {count(accepted.n)}."
    if bound and bound.value is not None:
        yield (
            f"If one real person next to those named were misled, {many(int(bound.value), 'fake account')} could follow at most, "
            "however many there were."
        )
    if told and told.value is not None:
        yield f"Of a good rating and a bad one that were held out, trust tells which is which in {figure(told)} of cases; a coin in half."


def _pictures(found: dict[str, Finding]) -> Iterable[Picture]:
    steps = [found[name] for name in ("accepted_by_steps", "bound_by_steps") if name in found and found[name].series]
    if len(steps) == 2:
        yield Picture(kind="trust_by_steps", title="How far trust carries, and what one mistake could cost", findings=tuple(steps))
    told = [each for name, each in found.items() if name.startswith("auc") and "later" not in name and "gain" not in name]
    if any(each.value is not None for each in told):
        yield Picture(kind="auc", title="Held-out ratings told right", findings=tuple(told))
