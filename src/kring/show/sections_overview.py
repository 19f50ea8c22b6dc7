"""The section on what changed: the circle as a whole, the last period beside the one before, and the days that stand out.

It looks for people, n_ties, acts_change, active_people_change, new_people, gone_people, spikes, and spike and spike_from by day or week; and
draws acts_by_day.
"""

import re
from collections.abc import Iterable, Sequence

from kring.schema import Finding
from kring.show.content import Picture, Section
from kring.show.values import count, interval, many, percent, reserve, unsaid

_FIGURES = ("acts_change", "active_people_change", "ties_change", "new_people", "gone_people", "spikes", "spike", "spike_from")
"""What stands as figures here; the others stand in the sections of their own."""
_SHOWN = 5
_PERIOD = re.compile(r"(\S+) to (\S+), beside the (\d+) days before")
"""What the boundary of a change ends with."""
_KINDS = {"thread": "one conversation", "tag": "the hashtag {}", "place": "{}", "people": "{}"}


def overview(findings: Sequence[Finding]) -> Section:
    """What changed, and what happened on the days that stand out."""
    found = {each.name: each for each in findings if not each.by}
    daily, spikes = found.get("acts_by_day"), [each for each in findings if each.name == "spike"]
    drawn = (Picture(kind="days", title="What happened each day", findings=(daily, *spikes)),) if daily and _worth_drawing(daily) else ()
    return Section(
        id="overview",
        title="What changed",
        question="How is the circle as a whole, what is different from before, and what happened on the days that stand out?",
        said=" ".join([*_changes_said(found), *_spikes_said(found, findings)]),
        findings=tuple(each for each in findings if each.name in _FIGURES),
        pictures=drawn,
        rules=(
            "A change is told with the interval of people: one person who does much makes it uncertain.",
            "A day is out of the ordinary if so much would come by chance in one record of twenty at most, whatever the number of its days.",
        ),
        empty="" if findings else "Nothing is here yet. Bring in an export: `kring import FILE`",
    )


def _worth_drawing(daily: Finding) -> bool:
    """Whether most days can be told; where few people do something each day, next to nothing would be drawn."""
    told = [y for _, y in daily.series if y is not None]
    return any(told) and 2 * len(told) >= len(daily.series)


def _changes_said(found: dict[str, Finding]) -> Iterable[str]:
    change = found.get("acts_change")
    if change and change.value is None:
        yield f"{unsaid(change)} what changed: {reserve(change)}."
    elif change and change.value is not None and change.low is not None and change.high is not None:
        less = "less" if change.value < 0 else "more"
        sure = "" if change.low > 0 or change.high < 0 else " It may be chance: among so few people such a change comes by itself."
        when, before = _periods(change)
        yield f"{when} people did {percent(abs(change.value))} {less} than in {before} ({interval(change)}%).{sure}"
    new, gone = (found.get(name) for name in ("new_people", "gone_people"))
    if new and new.value is not None and gone and gone.value is not None:
        yield f"{many(int(new.value), 'person', 'people')} came new, and {count(gone.value)} who were there before did nothing."


def _periods(change: Finding) -> tuple[str, str]:
    """The period of which a change is told, and the one before it, in words."""
    found = _PERIOD.search(change.boundary)
    if found is None:
        return "In the last period", "the one before"
    first, last, days = found.groups()
    return f"From {first} to {last}", f"the {many(int(days), 'day')} before"


def _spikes_said(found: dict[str, Finding], findings: Sequence[Finding]) -> Iterable[str]:
    spikes = [each for each in findings if each.name == "spike"]
    total = found.get("spikes")
    if total and total.value == 0:
        yield "No day is out of the ordinary."
    for spike in sorted(spikes, key=lambda each: -(each.value or 0))[:_SHOWN]:
        what, when = spike.by[0]
        causes = [_cause(each) for each in findings if each.name == "spike_from" and each.by[0] == spike.by[0]]
        came = f", mostly from {' and '.join(causes)}" if causes else ""
        yield f"{'The week of ' if what == 'week' else ''}{when} stands out: {count(spike.value or 0)} {_acts(spike)}{came}."


def _acts(spike: Finding) -> str:
    """What was counted: the unit without its "a day"."""
    return spike.unit.partition(" a ")[0]


def _cause(finding: Finding) -> str:
    kind, which = finding.by[1]
    return f"{_KINDS.get(kind, '{}').format(which)} ({percent(finding.value or 0)} of what came on top of the usual)"
