"""Do ties last? How long contact goes on, what was kept and lost, and which ties of ours fall silent."""

from functools import partial
from math import sqrt

import numpy as np
from msgspec.structs import replace
from numba import njit
from numpy.typing import NDArray

from kring.graph.arrays import Columns, Graph, Log, Nodes
from kring.graph.logs import among
from kring.graph.observe import observed_part
from kring.measures.cells import DAY_US
from kring.measures.lives import BACK, Contacts, Lives, chance_of_end, contacts, how_many, lives, silence
from kring.measures.saying import NOBODY_OF, joined, t_quantile, too_few, unsaid
from kring.measures.survival import Band, Curve, band, curve, effective_people, median, median_between, share_and_spread
from kring.measures.turnover import TURNOVER, turnover
from kring.schema import Finding, Row

_EARLY_DAYS = 7.0
"""What a tie is like is told by its first week; how long it lasts is counted from there."""
_FEWEST_DAYS = 7.0
_RELATION_WEEKS = 3
_WATCHED_DAYS = 28.0
_LIKELY = 0.5
_PAPER = "Kaplan & Meier 1958"
_METHOD = (
    "Kaplan-Meier over lives of ties. A life begins with contact after {silent} days without, and ends where as long a silence begins; then half of its "
    "own rhythm is added. Lives that began in the first {silent} days are left out, those that went on in the last {silent} count as lasting at least until "
    "then. Interval: ties with a person in common are not independent"
)
_LASTING = ("half_life", "survival", "survival_low", "survival_high")
_KINDS = ("one_night_stands", "relations", "burstiness")
_OURS = ("half_life_with_us", "difference_with_us", "about_to_end")
_NOT_YET = "fewer than half have ended in what can be seen"
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class _Lasting:
    """Lives of ties whose beginning was seen: how long each lasted, whether it is over, and between whom it was."""

    def __init__(self, found: Contacts, all_lives: Lives, silent_us: int) -> None:
        cut = found.end - silent_us
        seen = (all_lives.first >= found.start + silent_us) & (all_lives.first <= cut)
        self.of = np.flatnonzero(seen)
        first, last = all_lives.first[seen], all_lives.last[seen]
        until = last + np.minimum(all_lives.after[seen], silent_us)
        self.over: Flags = (last <= cut) & (until <= cut)
        self.lasted: Floats = np.where(self.over, until - first, cut - first) / 1e6
        self.one, self.other = found.one[all_lives.pair[seen]], found.other[all_lives.pair[seen]]
        self.n_people = found.n_people

    def people(self, which: Ints | slice = slice(None)) -> int:
        """How many people have a hand in these."""
        return how_many(self.one[which], self.other[which])


def ties(
    log: Log, graph: Graph | None = None, people: Columns | None = None, *, of: Nodes | None = None, silence_days: float = 0.0
) -> tuple[Finding, ...]:
    """Do ties last? How long contact goes on, what was kept and lost, and which ties of ours fall silent.

    Takes   acts in time; the graph of the same, which tells all of whose ties were seen, and who of the people are us, where that is known.
            Contact is an act either way. Where only some people's ties were seen, those among them count, and those with whom is named.
            `of`: with whom ties are told apart; in a circle that is us, if nobody is named.
            `silence_days`: after so many days without contact a tie has ended, and contact after that begins a new life of it. Unless said, the
            shortest silence of which at most 1% are broken later, at most a quarter of the whole time.
    Gives   ties (how many pairs), silence (in seconds), half_life (in seconds: within it half of the lives of ties have ended; also by contact in the
            first week, by whether both spoke in it, and by friends in common), survival (its series: seconds, share that lasts longer) with
            survival_low and survival_high; kept, lost, new and revived (of the last whole period, and of each); one_night_stands and
            relations (share of ties with contact on one day only, and in three weeks at least, of the first month or as long as a silence
            is); burstiness (-1 as regular as a clock, 0 by chance, 1 all at once); half_life_with_us, difference_with_us (in the share that
            outlives the half-life) and about_to_end (its rows: people with whom we had contact on three days and who more likely than not will
            not be heard of before the tie has ended).
    Costs   O(k log k) time for k acts, O(m min-degree) for friends in common; 150 bytes an act.
    Fails   never; what can't be told is None with a warning.
    After   Kaplan & Meier 1958 with the variance of `kring.measures.survival`; contact comes in bursts (Goh & Barabasi 2008; Karsai, Jo & Kaski
            2018, Bursty human dynamics), so what counts as an end is chosen from silences, not from rates. The time from the last contact to
            the end is the mean residual of a tie's own gaps (Cox 1962, Renewal theory).
    """
    part = observed_part(graph, at_least_half=False) if graph is not None else None
    if part is not None:
        log = among(log, part.nodes, boundary=part.boundary, also_with=of)
    findings = _found(log, people, of, silence_days)
    if part is None or part.graph is not None:
        return findings
    return tuple(
        each
        if each.name in _OURS
        else replace(each, value=None, low=None, high=None, interval_of="none", n=0, series=(), warning=part.warning)
        for each in findings
        if not each.by
    )


def _found(log: Log, people: Columns | None, of: Nodes | None, silence_days: float) -> tuple[Finding, ...]:
    found = contacts(log)
    told = partial(Finding, boundary=log.boundary, cut=log.cut)
    few = too_few(how_many(found.one, found.other), "people with a tie") if len(found.one) else "there are no ties with times"
    if not few and found.days < _FEWEST_DAYS:
        few = f"too few to say: all that is here happened within {max(1, round(found.days))} days"
    count = told(
        name="ties", value=len(found.one), n=len(found.one), n_of="ties", unit="ties", method="counted: pairs of people with contact"
    )
    if few:
        untold = (*_LASTING, *TURNOVER, *_KINDS, *_OURS)
        return (
            count,
            *unsaid(("silence",), few, boundary=log.boundary, cut=log.cut),
            *unsaid(untold, few, boundary=log.boundary, cut=log.cut),
        )
    days, back, n_gaps = (silence_days, float("nan"), 0) if silence_days > 0 else silence(found)
    silent_us = int(days * DAY_US)
    early_us = min(int(_EARLY_DAYS * DAY_US), silent_us)
    all_lives = lives(found, silent_us, early_us)
    lasting = _Lasting(found, all_lives, silent_us)
    told_of = partial(told, n_of="lives of ties", method=_METHOD.format(silent=f"{days:.3g}"), paper=_PAPER)
    whole, *curves = _lasting(told_of, lasting)
    quiet = _silence(told, days, back, n_gaps, found.days)
    whole = replace(whole, warning=joined(whole.warning, quiet.warning))
    return (
        count,
        quiet,
        whole,
        *_by_strength(told_of, found, all_lives, lasting, early_us),
        *curves,
        *turnover(found, days, told, small_cells=people is not None),
        *_kinds(told, found, silent_us),
        *_with_us(told, told_of, found, all_lives, lasting, whole, of, people, days),
    )


def _silence(told: "partial[Finding]", days: float, back: float, n_gaps: int, span: float) -> Finding:
    warning = ""
    if not n_gaps:
        method, back = "as asked for", 0.0
    else:
        method = "chosen: the shortest silence after a second day of contact of which at most 1% are broken later"
        if back != back:
            warning = "too few silences to choose by: 30 days, or a quarter of the whole time"
        elif back > BACK:
            warning = f"{back:.1%} of ties that are silent so long come back later: what is called lost here may not be"
    if span < 4 * days + 1:
        warning = joined(warning, f"all that is here spans {span:.0f} days, so few ties can be seen to begin and to end")
    return told(name="silence", value=days * 86_400, unit="s", n=n_gaps, n_of="silences", method=method, warning=warning)


def _lasting(told: "partial[Finding]", lasting: _Lasting) -> tuple[Finding, ...]:
    """half_life, survival and the ends of its band."""
    few = (
        too_few(lasting.people(), "people with a tie that was seen to begin")
        if len(lasting.of)
        else "no tie was seen to begin long before the end"
    )
    n = len(lasting.of)
    if few or not lasting.over.any():
        why = few or "no tie was seen to end"
        return tuple(told(name=name, value=None, warning=why, n=n) for name in _LASTING)
    found, ends = _curve(lasting.lasted, lasting.over, lasting.one, lasting.other, lasting.n_people)
    longest = float(ends.times[-1])
    curves = (("survival", ends.share), ("survival_low", ends.low), ("survival_high", ends.high))
    return (
        _half(told, "half_life", found, ends, n),
        *(
            told(
                name=name,
                value=float(values[-1]),
                n=n,
                unit="share of lives of ties",
                method=joined(told.keywords["method"], f"the value is the share that lasts longer than {longest / 86_400:.0f} days"),
                series=((0.0, 1.0), *((float(time), float(share)) for time, share in zip(ends.times, values))),
            )
            for name, values in curves
        ),
    )


def _curve(lasted: Floats, over: Flags, one: Ints, other: Ints, n_people: int) -> tuple[Curve, Band]:
    found = curve(lasted, over)
    return found, band(found, over, one, other, n_people)


def _half(told: "partial[Finding]", name: str, found: Curve, ends: Band, n: int, **more: object) -> Finding:
    middle, (low, high) = median(found), median_between(ends)
    told = partial(told, name=name, unit="s", n=n, **more)
    if middle is None:
        return told(value=None, warning=_NOT_YET)
    open_end = "the upper end of the interval lies beyond what can be seen" if high is None else ""
    return told(value=middle, low=low if low is not None else 0.0, high=high, interval_of="sampling of people", warning=open_end)


def _by_strength(told: "partial[Finding]", found: Contacts, all_lives: Lives, lasting: _Lasting, early_us: int) -> list[Finding]:
    """half_life from the end of the first week on, by what ties were like in it; those that don't outlast it go on for no time."""
    life = lasting.of
    after = np.maximum(lasting.lasted - early_us / 1e6, 0.0)
    days = np.minimum(all_lives.early_days[life], 3)
    friends = _friends(found, all_lives, life, early_us)
    ways: tuple[tuple[str, tuple[tuple[str, Flags], ...]], ...] = (
        ("days with contact in the first week", tuple((("1", "2", "3 or more")[k - 1], days == k) for k in (1, 2, 3))),
        ("both spoke in the first week", (("yes", all_lives.early_both[life]), ("no", ~all_lives.early_both[life]))),
        ("friends in common by then", (("none", ~friends), ("some", friends))),
    )
    method = f"{told.keywords['method']}; counted from the end of the first week; ties that don't outlast it go on for no time"
    told = partial(told, method=method)
    findings = []
    for way, cells in ways:
        for name, which in cells:
            some = np.flatnonzero(which)
            by = ((way, name),)
            why = too_few(lasting.people(some), "people") if len(some) else "there are no such ties"
            if why or not lasting.over[some].any():
                findings.append(told(name="half_life", value=None, unit="s", n=len(some), by=by, warning=why or _NOT_YET))
                continue
            curves = _curve(after[some], lasting.over[some], lasting.one[some], lasting.other[some], lasting.n_people)
            findings.append(_half(told, "half_life", *curves, len(some), by=by))
    return findings


def _friends(found: Contacts, all_lives: Lives, life: Ints, early_us: int) -> Flags:
    """Whether the two had contact with somebody else in common by the end of the first while."""
    first = found.at[found.begins[:-1]]
    ends = np.concatenate((found.one, found.other))
    order = np.lexsort((np.concatenate((found.other, found.one)), ends))
    near = np.concatenate((found.other, found.one))[order]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=found.n_people))))
    since = np.concatenate((first, first))[order]
    pair = all_lives.pair[life]
    flags: Flags = _in_common(found.one[pair], found.other[pair], all_lives.first[life] + early_us, offsets, near, since)
    return flags


@njit(cache=True, nogil=True)
def _in_common(
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    by: NDArray[np.int64],
    offsets: NDArray[np.int64],
    near: NDArray[np.int64],
    since: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Of the one with fewer contacts each is looked up among the other's, until one is found that both had by then."""
    some = np.zeros(len(one), np.bool_)
    for k in range(len(one)):
        a, b = one[k], other[k]
        if offsets[a + 1] - offsets[a] > offsets[b + 1] - offsets[b]:
            a, b = b, a
        for arc in range(offsets[a], offsets[a + 1]):
            if since[arc] > by[k]:
                continue
            low, high = offsets[b], offsets[b + 1]
            at = low + np.searchsorted(near[low:high], near[arc])
            if at < high and near[at] == near[arc] and since[at] <= by[k]:
                some[k] = True
                break
    return some


def _kinds(told: "partial[Finding]", found: Contacts, silent_us: int) -> tuple[Finding, ...]:
    """one_night_stands and relations, of ties whose first while was seen; and burstiness."""
    watched = max(silent_us, int(_WATCHED_DAYS * DAY_US))
    first = found.at[found.begins[:-1]]
    seen = np.flatnonzero((first >= found.start + silent_us) & (first <= found.end - watched))
    days, weeks, burst, with_gaps = _rhythm(found.begins, found.at, watched)
    long = f"{watched / DAY_US:.3g} days"
    told_of = partial(told, n=len(seen), n_of="ties", unit="share of ties")
    method = f"counted over the first {long} of each tie that was seen to begin and so long; interval: ties with a person in common are not independent"
    shares = []
    for name, which in (("one_night_stands", days == 1), ("relations", weeks >= _RELATION_WEEKS)):
        shares.append(_share(partial(told_of, name=name, method=method), which[seen], found.one[seen], found.other[seen], found.n_people))
    bursts = burst[with_gaps]
    few = too_few(how_many(found.one[with_gaps], found.other[with_gaps]), "people with a tie of five contacts")
    return (
        *shares,
        told(
            name="burstiness",
            value=None if few else float(bursts.mean()),
            n=len(bursts),
            n_of="ties",
            unit="burstiness",
            warning=few,
            method="mean over ties with five contacts or more of (r sqrt(k+1) - sqrt(k-1)) / ((sqrt(k+1) - 2) r + sqrt(k-1)), r: spread of k gaps by mean",
            paper="Kim & Jo 2016, Measuring burstiness for finite event sequences",
        ),
    )


def _share(told: "partial[Finding]", which: Flags, one: Ints, other: Ints, n_people: int) -> Finding:
    """A share of ties, with an interval that sums over ties with a person in common."""
    few = too_few(how_many(one, other), "people") if len(which) else "no tie was seen to begin and so long"
    if few:
        return told(value=None, warning=few)
    share = float(which.mean())
    off = (which - share) / len(which)
    of_person = np.bincount(one, off, n_people) + np.bincount(other, off, n_people)
    variance = max(float((of_person**2).sum() - (off**2).sum()), float((off**2).sum()))
    people = effective_people(one, other, n_people)
    half = t_quantile(int(people) - 1) * sqrt(variance) * people / (people - 1)
    return told(value=share, low=max(0.0, share - half), high=min(1.0, share + half), interval_of="sampling of people")


@njit(cache=True, nogil=True)
def _rhythm(
    begins: NDArray[np.int64], at: NDArray[np.int64], watched: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Of each pair: days and weeks with contact in its first while; burstiness of all its gaps, and whether it has four."""
    pairs = len(begins) - 1
    days, weeks, burst, enough = np.zeros(pairs, np.int64), np.zeros(pairs, np.int64), np.zeros(pairs), np.zeros(pairs, np.bool_)
    for pair in range(pairs):
        low, high = begins[pair], begins[pair + 1]
        day, week, total, squares = np.int64(-1), np.int64(-1), 0.0, 0.0
        for k in range(low, high):
            if at[k] - at[low] <= watched:
                now = at[k] // DAY_US
                days[pair] += now != day
                day = now
                now = (at[k] - at[low]) // (7 * DAY_US)
                weeks[pair] += now != week
                week = now
            if k > low:
                gap = np.float64(at[k] - at[k - 1])
                total += gap
                squares += gap * gap
        n = high - low - 1
        if n >= 4 and total > 0:
            mean = total / n
            r = np.sqrt(max(squares / n - mean * mean, 0.0)) / mean
            more, less = np.sqrt(n + 1.0), np.sqrt(n - 1.0)
            burst[pair], enough[pair] = (more * r - less) / ((more - 2) * r + less), True
    return days, weeks, burst, enough


def _with_us(
    told: "partial[Finding]",
    told_of: "partial[Finding]",
    found: Contacts,
    all_lives: Lives,
    lasting: _Lasting,
    whole: Finding,
    of: Nodes | None,
    people: Columns | None,
    days: float,
) -> tuple[Finding, ...]:
    """half_life_with_us, difference_with_us, about_to_end."""
    if of is None or not len(of):
        return tuple(told(name=name, value=None, method="not measured", warning=NOBODY_OF) for name in _OURS)
    inside = np.zeros(found.n_people, np.bool_)
    inside[of] = True
    ours = inside[lasting.one] != inside[lasting.other]
    them = np.where(inside[lasting.one], lasting.other, lasting.one)
    ending = _about_to_end(told, found, all_lives, inside, people, of, days)
    half, difference = (
        partial(told_of, name="half_life_with_us", unit="s"),
        partial(told_of, name="difference_with_us", unit="share of ties, difference"),
    )
    few = too_few(len(np.unique(them[ours])), "people whose tie with them was seen to begin")
    if few or not lasting.over[ours].any():
        why = few or _NOT_YET
        return half(value=None, n=int(ours.sum()), warning=why), difference(value=None, n=int(ours.sum()), warning=why), ending
    # They are in each of these ties; what is asked is how long others stay with them, so only those others are drawn.
    own = found.n_people + np.arange(int(ours.sum()))
    n_people = found.n_people + len(own)
    curves = _curve(lasting.lasted[ours], lasting.over[ours], them[ours], own, n_people)
    told_half = _half(told_of, "half_life_with_us", *curves, int(ours.sum()))
    rest = ~ours & ~(inside[lasting.one] & inside[lasting.other])
    few = too_few(lasting.people(rest), "people with other ties")
    if few or not lasting.over[rest].any():
        return told_half, difference(value=None, n=int(ours.sum()), warning=few or _NOT_YET), ending
    time = whole.value if whole.value else _EARLY_DAYS * 86_400
    mine, my_spread = share_and_spread(curves[0], lasting.over[ours], them[ours], own, n_people, time)
    others = curve(lasting.lasted[rest], lasting.over[rest])
    theirs, their_spread = share_and_spread(others, lasting.over[rest], lasting.one[rest], lasting.other[rest], found.n_people, time)
    degrees = min(effective_people(them[ours], own, n_people), effective_people(lasting.one[rest], lasting.other[rest], found.n_people))
    value, reach = mine - theirs, t_quantile(int(degrees) - 1) * sqrt(my_spread**2 + their_spread**2)
    return (
        told_half,
        difference(
            value=value,
            low=max(-1.0, value - reach),
            high=min(1.0, value + reach),
            interval_of="sampling of people",
            n=int(ours.sum()),
            method=joined(told_of.keywords["method"], f"{mine:.1%} and {theirs:.1%} last longer than {time / 86_400:.3g} days"),
            warning="no difference that can be told: the interval holds 0" if value - reach <= 0 <= value + reach else "",
        ),
        ending,
    )


def _about_to_end(
    told: "partial[Finding]", found: Contacts, all_lives: Lives, inside: Flags, people: Columns | None, of: Nodes, days: float
) -> Finding:
    """Who was in contact with us on three days and has been silent so long that the tie has more likely than not ended."""
    told = partial(told, name="about_to_end", unit="people", rows_of="person", n_of="ties with us that go on")
    one, other = found.one[all_lives.pair], found.other[all_lives.pair]
    silent = (found.end - all_lives.last) / DAY_US
    going = np.flatnonzero((inside[one] != inside[other]) & (silent <= days) & (all_lives.days >= 3))
    method = f"ties with contact on three days or more, silent for less than {days:.3g} days; of silences so long at least half last {days:.3g} days"
    told = partial(told, n=len(going), method=method)
    chance = chance_of_end(found, silent[going], days)
    if chance is None:
        return told(value=None, warning="too few to say: hardly any silence was broken, so nothing is known of how long they last")
    them = np.where(inside[one[going]], other[going], one[going])
    likely = np.flatnonzero(chance >= _LIKELY)
    likely = likely[np.lexsort((them[likely], -chance[likely]))]
    if people is not None and not people["us"][of].all():
        return told(value=len(likely), warning="with whom somebody's ties end is shown only of our own accounts")
    lasted = (all_lives.last - all_lives.first)[going] / DAY_US
    contact = all_lives.days[going]
    return told(
        value=len(likely),
        rows=tuple(
            Row(
                int(them[k]),
                value=round(float(chance[k]), 3),
                n=int(all_lives.contacts[going[k]]),
                because=f"no contact for {silent[going[k]]:.0f} days; before, on {contact[k]} days in {lasted[k] + 1:.0f}",
            )
            for k in likely
        ),
    )
