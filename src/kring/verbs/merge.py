"""Merge: says that accounts are one person's, or that they aren't; takes that back; and shows first what it changes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from kring import measures
from kring.errors import UsageError
from kring.schema import Finding
from kring.store import claims as kept
from kring.store import consent, fetch
from kring.store.claims import APART, SAME, Claim, Said
from kring.store.consent import Said as Answer
from kring.store.fetch import PersonLine
from kring.store.gate import gate
from kring.store.open import Connection, reading, writing
from kring.store.partition import Partition
from kring.verbs import compiling, inputs, weave
from kring.verbs.person import the_account
from kring.verbs.progress import SILENT, Progress
from kring.verbs.times import instant, written

if TYPE_CHECKING:
    from kring.kring import Circle

_FIGURES = ("degree", "reciprocity")
"""Measures of ties that a preview asks again; they take less time than weaving."""
_SHOWN = 10


class Plan(msgspec.Struct, frozen=True):
    """Claims to be made and claims to be taken back, before anybody agreed to it."""

    new: tuple[Said, ...] = ()
    back: tuple[int, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """A figure before and after."""

    figure: str
    before: float | int | None
    after: float | int | None
    unit: str


class Heard(msgspec.Struct, frozen=True):
    """What somebody said that will count for an account for which it didn't."""

    account: str
    said: Answer
    """Number 0: of this scope nothing will count any more."""


class Preview(msgspec.Struct, frozen=True):
    """What a plan would change."""

    before: tuple[PersonLine, ...]
    after: tuple[PersonLine, ...]
    n_before: int
    n_after: int
    figures: tuple[Change, ...]
    heard: tuple[Heard, ...] = ()


def merging(circle: "Circle", who: Sequence[str], *, reason: str = "", rule: str = "") -> Plan:
    """The plan to make one person of these.

    Fails   UsageError if they are one already, or somebody said that two of them are apart.
    """
    accounts = list(dict.fromkeys(the_account(circle, each) for each in who))
    with reading(circle.engine) as connection:
        now = kept.persons(connection)
        first = accounts[0]
        others = [other for other in accounts[1:] if now.of(other) != now.of(first)]
        if not others:
            raise UsageError("They are one person already.", next=f"See `kring person show {first}`.")
        plan = Plan(tuple(Said(SAME, first, other, reason, rule) for other in others))
        then = kept.persons(connection, also=plan.new)
        forbidden = [by for number, by in then.held.items() if number < 0]
        if forbidden:
            _refuse(next(each for each in kept.claims(connection) if each.number == forbidden[0]))
    return plan


def _refuse(claim: Claim) -> None:
    because = f": {claim.reason}" if claim.reason else ""
    raise UsageError(
        f"{claim.author} said on {written(claim.at)[:10]} that {claim.subject} and {claim.object} are not one person{because}.",
        next=f"If that was wrong, take it back first: kring person unmerge --claim {claim.number}",
    )


def parting(circle: "Circle", one: str, other: str, *, reason: str = "", rule: str = "") -> Plan:
    """The plan to keep two people apart, whatever else is said of them.

    Fails   UsageError if they are the same account, or both ours, or apart already.
    """
    a, b = the_account(circle, one), the_account(circle, other)
    with reading(circle.engine) as connection:
        said = Said(APART, a, b, reason, rule)
        now, then = kept.persons(connection), kept.persons(connection, also=[said])
        if a == b:
            raise UsageError(f"{a} can't be kept apart from itself.", next="Give two accounts.")
        if claim := now.apart(a, b):
            raise UsageError("They are kept apart already.", next=f"Claim {claim} says so; see `kring person show {a}`.")
        if then.of(a) == then.of(b):
            raise UsageError("Both are ours, and we are one.", next="`kring us remove ACCOUNT` says that one of them isn't ours.")
    return Plan((said,))


def unmerging(circle: "Circle", who: str) -> Plan:
    """The plan to take one account out of its person; the others stay one.

    Fails   UsageError if nothing makes it one with another, or only that both are ours.
    """
    account = the_account(circle, who)
    with reading(circle.engine) as connection:
        now = kept.persons(connection)
        mine = [each for each in kept.claims(connection, kinds=(SAME,)) if account in (each.subject, each.object)]
        mine = [each for each in mine if each.number not in now.held]
        if not mine:
            _has_no_merge(now, account)
        back = tuple(each.number for each in mine)
        apart = kept.persons(connection, without=back)
        speakers = {apart.of(other): other for other in now.accounts(account) if apart.of(other) != apart.of(account)}
    bridges = tuple(Said(SAME, one, other, f"stayed one when {account} was taken out") for one, other in pairwise(speakers.values()))
    return Plan(bridges, back)


def _has_no_merge(now: Partition, account: str) -> None:
    if len(now.accounts(account)) > 1:
        raise UsageError(f"{account} is one of us, and we are one.", next=f"`kring us remove {account}` says that it isn't ours.")
    raise UsageError(f"{account} was not said to be the same as another account.", next=f"See `kring person show {account}`.")


def undoing(circle: "Circle", *, claims: Sequence[int] = (), rule: str = "", author: str = "", since: str = "", until: str = "") -> Plan:
    """The plan to take back claims: those numbered, or all that a rule suggested, that somebody made, that were made in a time.

    Fails   UsageError if nothing says which, or none stands that fits.
    """
    if not (claims or rule or author or since or until):
        raise UsageError(
            "It wasn't said which claims to take back.", next="Give --rule, --author, --since or --until, or a claim's number."
        )
    start = instant(since, zone=circle.settings.zone) if since else None
    end = instant(until, end=True, zone=circle.settings.zone) if until else None
    with reading(circle.engine) as connection:
        standing = kept.claims(connection)
    fitting = [
        each
        for each in standing
        if (not claims or each.number in claims)
        and (not rule or each.rule == rule)
        and (not author or each.author == author)
        and (start is None or each.at >= start)
        and (end is None or each.at < end)
    ]
    missing = set(claims) - {each.number for each in fitting}
    if missing or not fitting:
        which = f"claim {min(missing)}" if missing else "such claim"
        raise UsageError(f"No {which} stands.", next="`kring person show PERSON` lists somebody's claims by number.")
    return Plan(back=tuple(each.number for each in fitting))


def carry_out(circle: "Circle", plan: Plan) -> list[int]:
    """Does what was planned, all or nothing; gives the numbers of the new claims."""
    with writing(circle.engine) as connection:
        kept.take_back(connection, plan.back)
        return kept.claim(connection, plan.new)


def preview(circle: "Circle", plan: Plan, progress: Progress = SILENT) -> Preview:
    """What the plan changes: people, their posts, and figures.

    Costs   a few passes over the posts, and weaving twice: about 4 s for a million; 7 s where an objection is heard otherwise then, for what
            counts is then fetched twice too.
    """
    with reading(circle.engine) as connection:
        now, then = kept.persons(connection), kept.persons(connection, also=plan.new, without=plan.back)
        touched = _touched(now, then)
        said_now, before = consent.standing(connection, touched), fetch.people_by_id(connection, gate("ours"), touched, now)
        with kept.as_if(connection, then):
            said_then, after = consent.standing(connection, touched), fetch.people_by_id(connection, gate("ours"), touched, then)
            heard = _heard(connection, said_now, said_then)
        ours = any(person.us for person in (*before, *after))
        figures = _changes(connection, circle, then, ours, bool(heard), progress) if touched else ()
    before, after = _distinct(before), _distinct(after)
    return Preview(tuple(before[:_SHOWN]), tuple(after[:_SHOWN]), len(before), len(after), figures, heard)


def _heard(connection: Connection, now: set[tuple[str, str, str, int]], then: set[tuple[str, str, str, int]]) -> tuple[Heard, ...]:
    """What will count of each account, where that is another answer than now."""
    answers, found = {(account, scope): answer for account, scope, answer, _ in now}, []
    for account, scope, answer, number in sorted(then):
        if answers.pop((account, scope), "unknown") != answer:
            (said,) = consent.entries(connection, [number])
            found.append(Heard(account, said))
    gone = [
        Heard(account, Answer(0, account, scope, "unknown", "", 0, True))
        for (account, scope), answer in sorted(answers.items())
        if answer != "unknown"
    ]
    return tuple(found + gone)


def _touched(now: Partition, then: Partition) -> list[str]:
    """The accounts that are not with the same others as before."""
    known = dict.fromkeys((*now.speaker, *then.speaker))
    groups = {account: (frozenset(now.accounts(account)), frozenset(then.accounts(account))) for account in known}
    return [account for account, (before, after) in groups.items() if before != after]


def _distinct(people: list[PersonLine]) -> list[PersonLine]:
    return list({person.id: person for person in people}.values())


def _changes(connection: Connection, circle: "Circle", then: Partition, ours: bool, heard: bool, progress: Progress) -> tuple[Change, ...]:
    """The figures that would be others; `heard`: also because the gate will hear other answers."""
    changes = []
    with compiling.said(progress):
        for purpose, measured in (("circle", _of_ties), *((("ours", _of_answers),) if ours else ())):
            seen = would_see = weave.see_through(connection, circle, weave.Asking(), purpose)
            if heard:
                with kept.as_if(connection, then):
                    would_see = weave.see_through(connection, circle, weave.Asking(), purpose)
            would = {
                finding.name: finding for finding in measured(circle, replace(would_see, people=fetch.as_persons(would_see.people, then)))
            }
            changes += [(finding, would[finding.name]) for finding in measured(circle, seen) if finding.name in would]
    return tuple(Change(now.name, now.value, then.value, now.unit) for now, then in changes if now.value != then.value)


def _of_ties(circle: "Circle", seen: weave.Seen) -> list[Finding]:
    graph, _ = weave.graph(weave.woven(seen))
    sizes = [
        Finding(name="posts", value=len(seen.posts.node), unit="posts"),
        Finding(name="people", value=graph.n, unit="people"),
        Finding(name="n_ties", value=graph.n_ties, unit="ties"),
    ]
    return sizes + [finding for name in _FIGURES for finding in measures.measure(name)(graph) if not finding.series]


def _of_answers(circle: "Circle", seen: weave.Seen) -> list[Finding]:
    columns = inputs.post_columns(circle, weave.woven(seen, beyond=True), ours=True)
    return [finding for finding in measures.measure("response")(columns) if not (finding.by or finding.series)]
