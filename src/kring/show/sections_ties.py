"""The section on how long ties last: the question, the sentences that read its figures aloud, and how it was counted.

It looks for half_life, kept, lost, new, revived, one_night_stands, relations, half_life_with_us, difference_with_us, about_to_end; and draws
survival with survival_low and survival_high, and what was kept and lost by period. Whose ties are about to end is left to the command line.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from kring.schema import FEWEST_PEOPLE, Finding
from kring.show.content import Picture, Section
from kring.show.values import count, duration, percent, reserve, unsaid, written

_CURVES = ("survival", "survival_low", "survival_high")
_TURNOVER = ("kept", "lost", "new", "revived")
_SHOWN = ("half_life", "silence", *_TURNOVER, "one_night_stands", "relations")
_DAY_S = 86_400
_OURS = ("half_life_with_us", "difference_with_us")


def ties(findings: Sequence[Finding]) -> Section:
    """How long ties last, what was kept and lost."""
    found = {each.name: each for each in findings if not each.by}
    told = [found[name] for name in _SHOWN if name in found]
    told += [found[name] for name in _OURS if name in found and found[name].value is not None and found[name].n >= FEWEST_PEOPLE]
    told = [each for each in told if not (each.name.startswith("half_life") and _at_once(each))]
    pictures = []
    if all(found[name].series for name in _CURVES if name in found) and set(_CURVES) <= set(found):
        pictures.append(Picture(kind="survival", title="Ties that go on", findings=tuple(found[name] for name in _CURVES)))
    by_period = tuple(each for each in findings if each.name in _TURNOVER and dict(each.by).get("period"))
    if any(each.value for each in by_period):
        pictures.append(Picture(kind="turnover", title="Kept and lost, from period to period", findings=by_period))
    return Section(
        id="ties",
        title="Do ties last?",
        question="Do people who got in contact stay in contact?",
        said=" ".join(_said(found)),
        findings=tuple(replace(each, rows=(), rows_of="", series=()) for each in told),
        pictures=tuple(pictures),
        rules=(
            "A tie has ended where so long a silence begins that hardly any contact comes after it. Ties that still go on count as lasting at least until now.",
            "Which of our own ties are falling silent: `kring measure ties --rows about_to_end`",
        ),
        empty="" if findings else "There are no ties with times yet. Bring in an export: `kring import FILE`",
    )


def _at_once(half: Finding) -> bool:
    """Half of the ties are over on the day they begin: "within 0 s" would say less."""
    return half.value is not None and half.value < _DAY_S


def _said(found: dict[str, Finding]) -> Iterable[str]:
    half, silence = found.get("half_life"), found.get("silence")
    if half is not None and half.value is None:
        yield f"{unsaid(half)} how long ties last: {reserve(half)}."
    elif half is not None and half.value is not None and silence is not None and silence.value is not None:
        until = "are over on the day they begin" if _at_once(half) else f"end within {written(half.value, half.unit)}"
        yield f"Half of all ties {until}; a tie has ended when {duration(silence.value)} go by without contact."
        if silence.warning:
            yield f"Take that with care: {silence.warning}."
    once = found.get("one_night_stands")
    if once is not None and once.value is not None:
        yield f"{percent(once.value)} had contact on one day only."
    kept, lost, new = (found.get(name) for name in ("kept", "lost", "new"))
    if kept and lost and new and kept.value is not None and lost.value is not None and new.value is not None:
        yield f"In the last whole period {count(kept.value)} ties were kept, {count(lost.value)} lost, and {count(new.value)} are new."
    ours = found.get("difference_with_us")
    if ours is not None and ours.low is not None and ours.high is not None:
        longer = "longer than" if ours.low > 0 else "less long than" if ours.high < 0 else "about as long as"
        yield f"Ties with us last {longer} others."
