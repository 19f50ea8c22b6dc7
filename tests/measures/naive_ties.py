"""The slow, obvious twin of ties: dictionaries and plain loops."""

from itertools import pairwise

from measures.naive_reciprocity import half, survival

DAY_US = 86_400_000_000


def meetings(log):
    """The times of contact of each pair, early first."""
    times = {}
    for a, b, at in zip(log.source.tolist(), log.target.tolist(), log.at.tolist()):
        times.setdefault(frozenset((a, b)), []).append(at)
    return times


def lives(times, silent):
    """The contacts of each life."""
    found = [[times[0]]]
    for before, now in pairwise(times):
        found.append([now]) if now - before > silent else found[-1].append(now)
    return found


def lasted(life, end, silent):
    """Microseconds, and whether it is over: at the end of contact, and half of its own rhythm after."""
    gaps = [now - before for before, now in pairwise(life)]
    after = min(sum(gap * gap for gap in gaps) / (2 * sum(gaps)), silent) if sum(gaps) else 0
    if life[-1] <= end - silent and life[-1] + after <= end - silent:
        return life[-1] + after - life[0], True
    return end - silent - life[0], False


def half_life(log, silence_days):
    silent = int(silence_days * DAY_US)
    times = meetings(log)
    start, end = min(map(min, times.values())), max(map(max, times.values()))
    spans = [
        lasted(life, end, silent) for each in times.values() for life in lives(each, silent) if start + silent <= life[0] <= end - silent
    ]
    return half(survival([span / 1e6 for span, _ in spans], [over for _, over in spans])) if spans else None


def turnover(log, period_of):
    """Ties kept, lost, new and revived in each period."""
    when = {pair: {period_of(at) for at in times} for pair, times in meetings(log).items()}
    last = max(max(periods) for periods in when.values())
    counts = {}
    for k in range(last + 1):
        kinds = {"kept": 0, "lost": 0, "new": 0, "revived": 0}
        for periods in when.values():
            if k in periods:
                kinds["kept" if k - 1 in periods else "revived" if min(periods) < k else "new"] += 1
            elif k - 1 in periods:
                kinds["lost"] += 1
        counts[k] = kinds
    return counts


def kinds(log, silence_days):
    """Of the ties whose first while was seen, with contact on one day of it, and in three weeks of it."""
    silent = int(silence_days * DAY_US)
    watched = max(silent, 28 * DAY_US)
    times = meetings(log)
    start, end = min(map(min, times.values())), max(map(max, times.values()))
    early = [[at for at in each if at - each[0] <= watched] for each in times.values() if start + silent <= each[0] <= end - watched]
    days = [len({at // DAY_US for at in each}) for each in early]
    weeks = [len({(at - each[0]) // (7 * DAY_US) for at in each}) for each in early]
    return (
        {"one_night_stands": sum(n == 1 for n in days) / len(days), "relations": sum(n >= 3 for n in weeks) / len(weeks)} if early else {}
    )


def ties(log, *, silence_days):
    return {"ties": len(meetings(log)), "half_life": half_life(log, silence_days), **kinds(log, silence_days)}
