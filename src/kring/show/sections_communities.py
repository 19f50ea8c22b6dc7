"""The section on groups: the question, the sentences that read its figures aloud, and how it was counted.

It looks for communities, unfirm, modularity, modularity_null, beyond_chance, stability, stability_null, ties_between, embeddedness,
transitivity, reply_time and k_core; community_size and community_words of each group, and group_ties, for the map.
"""

from collections.abc import Iterable, Sequence

from kring.schema import Finding
from kring.show.content import Picture, Section
from kring.show.values import count, many, number, percent, reserve, unsaid, written

_SHOWN = ("communities", "unfirm", "modularity", "beyond_chance", "stability", "ties_between", "embeddedness", "reply_time", "k_core")
_OF_MAP = ("community_size", "community_words", "group_ties")
_OF_BARS = ("stability", "stability_null", "modularity", "modularity_null")
_VILLAGE, _CITY = 0.2, 0.05
"""Embeddedness from which a network is called a village, and below which a city: our own borders, to have a word for it."""


def communities(findings: Sequence[Finding]) -> Section:
    """Which groups there are, how firm they are, and how close people are."""
    found = {each.name: each for each in findings if not each.by}
    drawn = tuple(each for each in findings if each.name in _OF_MAP and not _is_of_period(each))
    groups = [each for each in drawn if each.name == "community_size" and each.value is not None]
    bars = tuple(found[name] for name in _OF_BARS if name in found and found[name].value is not None)
    pictures = (Picture(kind="community_map", title="The groups, and the ties between them", findings=drawn),) if groups else ()
    firm = (Picture(kind="firm_bars", title="How firm the groups are", findings=bars),) if bars else ()
    return Section(
        id="communities",
        title="Which groups are there?",
        question="Who has more to do with each other than with others, and is that more than chance?",
        said=" ".join((*_said(found, groups), *_closeness(found))),
        findings=tuple(found[name] for name in _SHOWN if name in found),
        pictures=(*pictures, *firm),
        rules=(
            "Groups are found by who has ties with whom and by nothing else; words are only what their people say more than others do.",
            "Random networks: everybody has as many ties as here, with whom is chance. Leiden finds groups there too, which is why they are compared.",
            "Nothing is said of groups of fewer than ten people.",
        ),
        empty="" if findings else "There are no ties yet, so there are no groups. Bring in an export: `kring import FILE`",
    )


def _is_of_period(finding: Finding) -> bool:
    return any(what == "period" for what, _ in finding.by)


def _said(found: dict[str, Finding], groups: Sequence[Finding]) -> Iterable[str]:
    number_of, unfirm, between = (found.get(name) for name in ("communities", "unfirm", "ties_between"))
    if number_of is None:
        return
    if number_of.value is None:
        yield f"{unsaid(number_of)} which groups there are: {reserve(number_of)}."
        return
    if not number_of.value:
        yield f"There are no groups that can be told: {number_of.warning or 'nobody belongs to one firmly'}."
        return
    largest = max((int(each.value or 0) for each in groups), default=0)
    size = f"; the largest has {count(largest)} people" if largest else ""
    yield f"{many(int(number_of.value), 'group')} can be told apart by who has ties with whom{size}."
    if unfirm and unfirm.value:
        yield f"{percent(unfirm.value)} of people belong to none of them firmly."
    if between and between.value is not None:
        yield f"{percent(between.value)} of ties run between groups."
    yield from _firm(found)


def _firm(found: dict[str, Finding]) -> Iterable[str]:
    beyond, stable = found.get("beyond_chance"), found.get("stability")
    if beyond and beyond.value is not None:
        yield f"How far ties stay within groups is {number(beyond.value)} standard deviations above what random networks show."
    if stable and stable.value is not None and stable.value < 0.6:
        yield "Where groups border on each other, the lines could as well run elsewhere."


def _closeness(found: dict[str, Finding]) -> Iterable[str]:
    close = found.get("embeddedness")
    if close is None or close.value is None:
        return
    like = "a village" if close.value >= _VILLAGE else "a city" if close.value < _CITY else "something between a village and a city"
    yield f"Of all whom two people with a tie know, they know {written(close.value, 'share')} in common: more like {like}."
