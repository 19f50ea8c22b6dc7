"""The section on favours: the question, the sentences that read its figures aloud, and how it was counted.

It looks for reciprocity, rho, about_even, delay_of_return, given, received, never_returned,
generalised_reciprocity; and draws balances. Names of people
are left to the command line: a report says nothing about fewer than ten.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from kring.schema import FEWEST_PEOPLE, Finding
from kring.show.content import Picture, Section
from kring.show.values import count, figure, percent, reserve, unsaid, written

_SHOWN = ("reciprocity", "rho", "about_even", "delay_of_return", "generalised_reciprocity")
_OURS = ("given", "received", "balance", "never_returned", "unthanked_helpers")


def favours(findings: Sequence[Finding]) -> Section:
    """Whether what people give comes back to them, or goes on to others."""
    found = {each.name: each for each in findings if not each.by}
    sheet = found.get("balances")
    drawn = sheet is not None and any(n for _, n in sheet.series)
    told = [found[name] for name in _SHOWN if name in found]
    told += [found[name] for name in _OURS if name in found and found[name].value is not None and found[name].n >= FEWEST_PEOPLE]
    return Section(
        id="favours",
        title="Give and take",
        question="Does what people give each other come back, to them or by way of others?",
        said=" ".join(_said(found)),
        findings=tuple(replace(each, rows=(), rows_of="", series=()) for each in told),
        pictures=(Picture(kind="balance_sheet", title="People by what they give and receive", findings=(sheet,)),)
        if drawn and sheet
        else (),
        rules=(
            "About even: neither is more than twice the other. Each reply, mention or message is one act; nobody gives to himself.",
            "Who gave us something and never got anything back: `kring measure reciprocity --rows never_returned`",
        ),
        empty="" if findings else "There are no ties to count yet. Bring in an export: `kring import FILE`",
    )


def _said(found: dict[str, Finding]) -> Iterable[str]:
    if (rho := found.get("rho")) is not None:
        yield _rho_said(rho)
    if (even := found.get("about_even")) is not None and even.value is not None:
        yield f"{percent(even.value)} of {count(even.n)} people give about as much as they receive."
    given, received = found.get("given"), found.get("received")
    ours = given is not None and given.value is not None
    if (delay := found.get("delay_of_return")) is not None and delay.value is not None:
        whose = (
            "Of those who gave us something before we gave them anything, half heard back"
            if ours
            else "Half of all first favours were returned"
        )
        yield f"{whose} within {written(delay.value, delay.unit)}."
    if given and received and given.value is not None and received.value is not None and min(given.n, received.n) >= FEWEST_PEOPLE:
        yield f"We gave {count(given.n)} people something, {count(given.value)} times."
        yield f"From {count(received.n)} we got something, {count(received.value)} times."
    onward = found.get("generalised_reciprocity")
    if onward is not None and onward.low is not None and onward.low > 0:
        yield f"Who is given something more often helps somebody else soon after: by {figure(onward)}."


def _rho_said(rho: Finding) -> str:
    if rho.value is None or rho.low is None or rho.high is None:
        return f"{unsaid(rho)} whether favours are returned: {reserve(rho)}."
    if rho.low > 0:
        return "Ties go both ways more often than they would by chance."
    return (
        "Ties go both ways less often than they would by chance." if rho.high < 0 else "Ties go both ways as often as they would by chance."
    )
