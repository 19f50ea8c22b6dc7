"""The sections of the first report: the question each asks, the sentence that reads its figures aloud, and how it was counted.

A verb hands over findings; a section picks them by name and leaves out what isn't there. It looks for

    contacts    n_ties, mean_degree, median_degree, reciprocity, degree_assortativity; degree_distribution (series: degree, share of people)
    distances   mean_distance, median_distance, effective_diameter, diameter, largest_component, within_1 … within_3;
                distance_distribution (series: steps, share of pairs at that distance)
    response    response_rate (n: questions), median_response_time, mean_response_time; waiting_buckets (series: bucket, questions);
                response_rate and median_response_time with `by` = (("period", …),)
    activity    posts, active_people; posts_by_period (series: period, posts); weekly_rhythm (series: part of the week, posts)

These are the names that `kring.measures` gives. Shares have a unit that begins with "share", times the unit "s". Any other finding is shown
too, under its own name.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from msgspec.structs import replace

from kring.schema import Finding
from kring.show.content import MapData, Picture, PictureKind, Section, Table, Waiting
from kring.show.values import DAYS, count, figure, reserve, unsaid, written

Findings = Sequence[Finding]
BRING_IN = "Bring in an export with replies or mentions in it: `kring import FILE`"
QUESTION_RULES = (
    "A question is what its network calls a question; elsewhere a post with a question mark outside quotes and links, in a reply, mention "
    "or message to one of our accounts.",
    "An answer is the first reply by one of us. People who reply to themselves, and bots, don't answer.",
    "Times to an answer count answered questions only; those still waiting are in the bar “no answer yet”.",
)
_DAY_NAMES = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))


def who(data: MapData, findings: Findings = ()) -> Section:
    """The map of who talks with whom."""
    nobody = all(source == target for source, target in zip(data.sources, data.targets))
    return Section(
        id="who",
        title="Who talks with whom",
        question="Who are the people in this circle, and which of them talk with each other?",
        said=_said(_map_said(_single(findings))),
        findings=tuple(findings),
        map=data,
        rules=(data.boundary,) if data.boundary else (),
        empty=f"Nobody here has addressed anybody else yet, so there is nothing to draw. {BRING_IN}" if nobody else "",
    )


def people_counted(accounts: int, *, people: int, wrote: int, tied: int) -> str:
    """Why a report has several numbers of people, in a line."""
    return (
        f"{count(accounts)} accounts are known by name, bots and those who were only followed or mentioned somewhere private among them. "
        f"Behind them, {count(people)} people said, did or were told something that counts here: {count(wrote)} wrote something, and "
        f"{count(tied)} have a tie with somebody else. Those without one aren’t on the map."
    )


def _map_said(found: dict[str, Finding]) -> Iterable[str]:
    people, ties = found.get("people"), found.get("n_ties")
    if people and people.value and ties and ties.value is not None:
        yield f"{count(people.value)} people and {count(ties.value)} ties between them."
    if (both := found.get("reciprocity")) is not None:
        yield _reciprocity_said(both)


def contacts(findings: Findings) -> Section:
    """How many people talk with how many, and whether it goes both ways."""
    found = _single(findings)
    return Section(
        id="contacts",
        title="Contacts, and favours returned",
        question="How many people does each of us talk with, and do people answer each other?",
        said=_said(_contacts_said(found)),
        findings=tuple(findings),
        pictures=_pictures(_people(findings), ("degree_distribution", "degree_distribution", "How many people talk with how many others")),
        rules=("Bars of fewer than ten people are joined with their neighbour, so that nobody can be picked out.",),
        empty="" if findings else f"There are no ties to count yet. {BRING_IN}",
    )


def _people(findings: Findings) -> list[Finding]:
    """The distribution of contacts in people, as it is drawn, not in shares."""
    return [
        replace(each, series=tuple((degree, round((share or 0.0) * each.n)) for degree, share in each.series))
        for each in findings
        if each.name == "degree_distribution"
    ]


def _contacts_said(found: dict[str, Finding]) -> Iterable[str]:
    half, mean = found.get("median_degree"), found.get("mean_degree")
    if half and half.value is not None:
        yield f"Half of the people talk with {written(half.value)} others or fewer" + (
            f"; the mean is {written(mean.value)}." if mean and mean.value else "."
        )
    if (both := found.get("reciprocity")) is not None:
        yield _reciprocity_said(both)
    if (likeness := found.get("degree_assortativity")) is not None and likeness.value is not None:
        yield _assortativity_said(likeness)


def _reciprocity_said(finding: Finding) -> str:
    if finding.value is None:
        return f"{unsaid(finding)} how many ties go both ways: {reserve(finding)}."
    return f"When somebody addresses another, the other addresses them too in {figure(finding)} of cases."


def _assortativity_said(finding: Finding) -> str:
    value = finding.value or 0.0
    unclear = finding.low is not None and finding.high is not None and finding.low <= 0 <= finding.high
    if unclear or abs(value) < 0.05:
        return "Whether somebody is well connected says little about whether the people they talk with are."
    if value > 0:
        return "Well-connected people tend to talk with others who are well connected."
    return "Well-connected people tend to talk with people who have fewer contacts."


def distances(findings: Findings) -> Section:
    """How far apart people are."""
    drawn = _curve(findings)
    return Section(
        id="distances",
        title="How near everybody is",
        question="Through how many people does a word have to go to get from one person to another?",
        said=_said(_distances_said(_single(findings))),
        findings=tuple(findings),
        pictures=(Picture(kind="distance_curve", title="Share of pairs within so many steps", findings=tuple(drawn)),) if drawn else (),
        rules=(
            "One step is a tie: those you talk with are one step away, those they talk with two. Only pairs with a way between them count.",
        ),
        empty="" if findings else f"There are no ties yet, so there are no distances. {BRING_IN}",
    )


def _distances_said(found: dict[str, Finding]) -> Iterable[str]:
    mean, near = found.get("mean_distance"), found.get("within_3")
    if mean and mean.value is None:
        yield f"{unsaid(mean)} how far apart people are: {reserve(mean)}."
    elif mean and mean.value is not None:
        between = f", with {written(mean.value - 1)} people in between" if mean.value >= 2 else ""
        yield f"Two people who can reach each other are {figure(mean)} steps apart on average{between}."
    if near and near.value is not None:
        yield f"{figure(near)} of pairs are within three steps."


def _curve(findings: Findings) -> list[Finding]:
    """The share of pairs within so many steps, added up from the share at each distance."""
    found = next((each for each in findings if each.name == "distance_distribution" and each.series), None)
    if found is None:
        return []
    within = accumulate(share or 0.0 for _, share in found.series)
    steps = (step for step, _ in found.series)
    return [replace(found, name="distances", value=None, unit="share", series=tuple(zip(steps, (min(1.0, share) for share in within))))]


def response(
    findings: Findings,
    *,
    waiting: Sequence[Waiting] = (),
    n_more: int = 0,
    command: str = "",
    rules: Sequence[str] = QUESTION_RULES,
    empty: str = "",
) -> Section:
    """Whether we answer, how soon, and who still waits. `empty` says why there is nothing, where there isn't."""
    usual = "Nobody has put a question to us in this period. If that seems wrong, check which accounts are yours: `kring us`"
    through_time = tuple(each for each in findings if dict(each.by).get("period") and each.name != "questions_to_us")
    periods = (Picture(kind="by_period", title="From period to period", findings=through_time),) if through_time else ()
    return Section(
        id="response",
        title="Questions put to us",
        question="When people ask us something, do they hear back, and how soon?",
        said=_said(_response_said(_single(findings), len(waiting) + n_more)),
        findings=tuple(findings),
        pictures=(*_pictures(findings, ("waiting_buckets", "waiting_buckets", "How long people waited for an answer")), *periods),
        waiting=tuple(waiting),
        n_waiting_more=n_more,
        waiting_command=command,
        rules=tuple(rules),
        empty=empty or ("" if findings or waiting else usual),
    )


def _response_said(found: dict[str, Finding], n_waiting: int) -> Iterable[str]:
    rate, half, mean = (found.get(name) for name in ("response_rate", "median_response_time", "mean_response_time"))
    if rate and rate.value is None:
        yield f"{unsaid(rate)} how often questions are answered: {reserve(rate)}."
    elif rate and rate.value is not None:
        answered = found["answered"].value if "answered" in found else round(rate.value * rate.n)
        yield f"Of {count(rate.n)} questions put to us, {count(answered or 0)} were answered: {figure(rate)}."
    if half and half.value is not None:
        slow = mean is not None and mean.value is not None and mean.value > 1.5 * half.value
        why = "; a few took so long that the mean is " + written(mean.value, "s") if slow and mean is not None else ""
        yield f"Half of the answers came within {written(half.value, half.unit)}{why}."
    if n_waiting:
        yield f"{count(n_waiting)} {'still waits' if n_waiting == 1 else 'still wait'}."


def activity(findings: Findings, *, threads: Table | None = None, zone: str = "") -> Section:
    """How much is said, when, and in which threads."""
    return Section(
        id="activity",
        title="How much is said, and when",
        question="When are people here, and which conversations drew them in?",
        said=_said(_activity_said(findings)),
        findings=tuple(findings),
        pictures=_pictures(findings, ("activity", "posts_by_period", "Posts in each period"), ("rhythm", "weekly_rhythm", "The week")),
        tables=(threads,) if threads else (),
        rules=(f"Hours are those of {zone or 'UTC'}. In the week, the stronger a square’s colour, the more was said in that hour.",),
        empty="" if findings or threads else "Nothing was said in this period. Bring in an export: `kring import FILE`",
    )


def _activity_said(findings: Findings) -> Iterable[str]:
    series = {each.name: [(x, y) for x, y in each.series if y] for each in findings if each.series}
    if posts := series.get("posts_by_period"):
        busiest, most = max(posts, key=lambda each: each[1] or 0)
        yield f"{count(sum(n or 0 for _, n in posts))} posts in all; the busiest {_period_said(str(busiest))}, with {count(most or 0)}."
    if week := series.get("weekly_rhythm"):
        day, _, hour = str(max(week, key=lambda each: each[1] or 0)[0]).partition(" ")
        yield f"The busiest time of the week is {_DAY_NAMES[day]}{f' from {int(hour)}:00' if hour else ''}."


def _period_said(period: str) -> str:
    """A period by its form: a week is named after its first day, "2024-03-04"."""
    if period.count("-") == 2:
        return f"week began on {period}"
    return f"{'year' if '-' not in period else 'quarter' if 'Q' in period else 'month'} was {period}"


def _single(findings: Findings) -> dict[str, Finding]:
    """The figures that are one value for everything, by name."""
    return {each.name: each for each in findings if not each.by and not each.series}


def _pictures(findings: Findings, *wanted: tuple[PictureKind, str, str]) -> tuple[Picture, ...]:
    """A picture (kind, name of its finding, title) for each finding that is there and not empty."""
    series = {each.name: each for each in findings if any(y for _, y in each.series)}
    return tuple(Picture(kind=kind, title=title, findings=(series[name],)) for kind, name, title in wanted if name in series)


def _said(sentences: Iterable[str]) -> str:
    return " ".join(sentence.replace("..", ".") for sentence in sentences)
