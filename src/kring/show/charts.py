"""Every chart, once for page, report and file: functions from findings to Altair charts, drawn by vl-convert without a network.

Each function says which findings it takes. `draw` picks the function for a picture. A figure without a value leaves a gap; it is never
drawn as nought. `numbers` gives the same as a table.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import altair as alt
import vl_convert

from kring.schema import FEWEST_PEOPLE, Finding
from kring.show import charts_authority, charts_ties, charts_trust, theme
from kring.show.charts_communities import community_map, firm_bars
from kring.show.charts_illusion import exposure
from kring.show.charts_overview import days
from kring.show.charts_polarisation import beside_chance
from kring.show.charts_reciprocity import balance_sheet
from kring.show.content import Picture, PictureKind
from kring.show.values import DAYS, SECONDS, UNSEEN, count, is_share, percent, title

WIDE, NARROW = 680, 320
NOT_YET = ("not answered", "no answer yet", "still waiting")
"""Names of the bucket that holds what hasn't happened; it is drawn in grey."""
_CLIP = re.compile(r"clip\d+")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
Findings = Sequence[Finding]
Row = dict[str, Any]


def distance_curve(findings: Findings, *, width: int = WIDE) -> alt.LayerChart:
    """Share of pairs within k steps: one finding whose series is (k, share)."""
    rows: list[Row] = [{"steps": x, "share": y} for x, y in series_of(findings) if y is not None]
    shown = -1.0
    for row in rows:
        row["label"] = percent(row["share"]) if row["share"] - shown >= 0.04 and row["share"] >= 0.02 else ""
        shown = row["share"] if row["label"] else shown
    base = alt.Chart(_data(rows), width=width - 70, height=230).encode(
        x=alt.X("steps:O", title="steps from one person to another"),
        y=alt.Y(
            "share:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
        ),
    )
    area = base.mark_area(color=theme.ACCENT, opacity=0.1, interpolate="monotone")
    line = base.mark_line(interpolate="monotone")
    return alt.layer(
        area, line, base.mark_point(opacity=1), base.mark_text(align="right", dx=-7, dy=-9, fontWeight=600).encode(text="label:N")
    )


def degree_distribution(findings: Findings, *, width: int = WIDE) -> alt.LayerChart:
    """How many people have how many contacts: one finding whose series is (degree, people). Bins with few people are joined."""
    rows = [{"bin": name, "n": n, "label": count(n)} for name, n in degree_bins(series_of(findings))]
    base = alt.Chart(_data(rows), width=width - 60, height=190).encode(
        x=alt.X("bin:O", sort=None, title="number of people they talk with", axis=_bin_axis(width)),
        y=alt.Y("n:Q", title=None, axis=None),
    )
    return alt.layer(base.mark_bar(cornerRadiusEnd=2), base.mark_text(dy=-8).encode(text="label:N"))


def waiting_buckets(findings: Findings, *, width: int = WIDE) -> alt.LayerChart:
    """How long it took: one finding whose series is (bucket, how many), in order; a bucket of `NOT_YET` is grey."""
    series = [(str(x), y or 0) for x, y in series_of(findings)]
    total = sum(n for _, n in series) or 1
    rows = [{"bucket": name, "n": n, "label": f"{count(n)}  ·  {percent(n / total)}", "colour": _bucket_colour(name)} for name, n in series]
    longest = max((n for _, n in series), default=1) or 1
    room = alt.Scale(domain=[0, longest * (1.25 if width > 400 else 1.8)])
    base = alt.Chart(_data(rows), width=width - 130, height=alt.Step(30)).encode(
        y=alt.Y("bucket:O", sort=None, title=None, axis=alt.Axis(**theme.names_axis([name for name, _ in series], 120))),
        x=alt.X("n:Q", title=None, axis=None, scale=room),
    )
    bars = base.mark_bar(cornerRadiusEnd=2, height=18).encode(color=alt.Color("colour:N", scale=None))
    return alt.layer(bars, base.mark_text(align="left", dx=8).encode(text="label:N"))


def _bucket_colour(name: str) -> str:
    return theme.QUIET if name in NOT_YET else theme.ACCENT


def activity(findings: Findings, *, width: int = WIDE) -> alt.Chart:
    """How much was said in each period: one finding whose series is (period, how many)."""
    given = {str(x): y for x, y in series_of(findings)}
    rows = [{"period": period, "n": given.get(period) or 0} for period in _unbroken(list(given))]
    chart = alt.Chart(_data(rows), width=width - 60, height=170).mark_bar(cornerRadiusEnd=1, binSpacing=1)
    return chart.encode(
        x=_period_axis([str(row["period"]) for row in rows], width),
        y=alt.Y("n:Q", title=None, axis=alt.Axis(tickCount=4, format=",d", tickMinStep=1)),
    )


def rhythm(findings: Findings, *, width: int = WIDE) -> alt.Chart:
    """When in the week people write: one finding whose series is (part of the week, how many); "Mon 08" begins on Monday at eight, "Mon" is all day.

    Parts of which nothing is told (too few people) stay blank.
    """
    told = [(*part_of_week(str(x)), y) for x, y in series_of(findings) if y is not None]
    most = max((y for _, _, y in told), default=0) or 1
    rows = [{"day": day, "hour": hour, "strength": y / most} for day, hour, y in told]
    hours = sorted({part_of_week(str(x))[1] for x, _ in series_of(findings)})
    height = 7 * (24 if width > 400 else 18)
    chart = alt.Chart(_data(rows), width=width - 60 if len(hours) > 1 else 90, height=height)
    axis = alt.Axis(values=[hour for hour in hours if len(hours) < 24 or hour in (0, 6, 12, 18, 23)], domain=False)
    return chart.mark_rect(color=theme.ACCENT, stroke=theme.PAPER, strokeWidth=2, cornerRadius=3).encode(
        x=alt.X("hour:O", title="hour of the day", scale=alt.Scale(domain=hours), axis=axis if len(hours) > 1 else None),
        y=alt.Y("day:O", title=None, scale=alt.Scale(domain=list(DAYS))),
        fillOpacity=alt.FillOpacity("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None),
    )


def part_of_week(name: str) -> tuple[str, int]:
    """ "Mon 08" → ("Mon", 8); a whole day begins at 0."""
    day, _, hour = name.partition(" ")
    return day, int(hour or 0)


def by_period(findings: Findings, *, width: int = WIDE) -> alt.VConcatChart:
    """Figures through time, a strip for each name: findings with `by` = (("period", …),), with interval, and below what they rest on."""
    periods = _unbroken([period_of(each) for each in findings])
    names = list(dict.fromkeys(each.name for each in findings))
    strips = [_strip([each for each in findings if each.name == name], periods, width) for name in names]
    return alt.vconcat(*strips, _strip_of_n([each for each in findings if each.name == names[0]], periods, width), spacing=14)


def _strip(findings: Findings, periods: list[str], width: int) -> alt.LayerChart:
    """One figure through time: line, points, and the interval as a thin stroke."""
    unit = findings[0].unit
    divisor, short = _time_unit(max((each.value or 0 for each in findings), default=0)) if unit in SECONDS else (1, "")
    found = {period_of(each): each for each in findings}
    rows = [{"period": period} | _scaled(found.get(period), divisor) for period in periods]
    axis = (
        alt.Axis(tickCount=3, format=".0%")
        if is_share(unit)
        else alt.Axis(tickCount=3, labelExpr=f"datum.label + '\u202f{short}'" if short else "datum.label")
    )
    scale = alt.Scale(domain=[0, 1]) if is_share(unit) else alt.Scale(zero=True)
    heading = alt.TitleParams(title(findings[0].name), fontWeight="normal")
    base = alt.Chart(_data(rows), width=width - 70, height=96, title=heading).encode(x=_period_axis(periods, width, labels=False))
    y = alt.Y("value:Q", title=None, axis=axis, scale=scale)
    spread = base.mark_rule(color=theme.ACCENT, opacity=0.35, strokeWidth=3).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(strokeWidth=1.5).encode(y=y)
    return alt.layer(line, spread, base.mark_point(size=30, opacity=1).encode(y=y))


def _strip_of_n(findings: Findings, periods: list[str], width: int) -> alt.Chart:
    """What the strips above rest on, as small bars."""
    found = {period_of(each): each.n for each in findings}
    rows = [{"period": period, "n": found.get(period, 0)} for period in periods]
    heading = alt.TitleParams(f"Number of {findings[0].n_of} in each period", fontWeight="normal")
    chart = alt.Chart(_data(rows), width=width - 70, height=44, title=heading).mark_bar(color=theme.QUIET, cornerRadiusEnd=1)
    return chart.encode(x=_period_axis(periods, width), y=alt.Y("n:Q", title=None, axis=alt.Axis(tickCount=2, format=",d", tickMinStep=1)))


def _scaled(finding: Finding | None, divisor: float) -> Row:
    """Value and ends of the interval in the unit of the axis; None stays None."""
    fields = ("value", "low", "high")
    numbers = {name: getattr(finding, name, None) for name in fields}
    return {name: number / divisor if number is not None else None for name, number in numbers.items()}


def _time_unit(seconds: float) -> tuple[float, str]:
    """The unit in which the largest is still a handy number."""
    return (86_400, "d") if seconds > 3 * 86_400 else (3_600, "h") if seconds > 3 * 3_600 else (60, "min")


def _period_axis(periods: list[str], width: int, *, labels: bool = True) -> alt.X:
    """Periods as they come; of many months only the Januaries are named, by their year."""
    axis = alt.Axis(labels=labels, labelOverlap="greedy", labelSeparation=8, labelFlush=False)
    if labels and len(periods) > (14 if width > 400 else 6) and all(map(_MONTH.fullmatch, periods)):
        januaries = [period for period in periods if period.endswith("-01")]
        every = max(1, len(januaries) * 44 // width + 1)
        if len(januaries) > 1:
            axis = alt.Axis(values=januaries[::every], labelExpr="substring(datum.value, 0, 4)", ticks=True, tickSize=4)
    return alt.X("period:O", sort=None, title=None, scale=alt.Scale(domain=periods), axis=axis)


def _unbroken(periods: list[str]) -> list[str]:
    """The periods in order, each once, with the months or years in which nothing happened."""
    known = sorted(set(periods))
    if known and all(map(_MONTH.fullmatch, known)):
        first, last = (int(each[:4]) * 12 + int(each[5:]) - 1 for each in (known[0], known[-1]))
        return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(first, last + 1)]
    if known and all(re.fullmatch(r"\d{4}", each) for each in known):
        return [str(year) for year in range(int(known[0]), int(known[-1]) + 1)]
    return known


def degree_bins(series: Sequence[tuple[float | int | str, float | int | None]]) -> list[tuple[str, int]]:
    """Degrees in bins 0, 1, 2, 3–4, 5–8, 9–16 …; a bin with fewer than `FEWEST_PEOPLE` joins the one below it."""
    bins: dict[int, int] = {}
    for degree, n in series:
        bins[(int(degree) - 1).bit_length() if degree else -1] = bins.get((int(degree) - 1).bit_length() if degree else -1, 0) + int(n or 0)
    joined: list[tuple[int, int, int]] = []
    for power in sorted(bins):
        low, high = (0, 0) if power < 0 else (2 ** (power - 1) + 1 if power else 1, 2**power)
        if joined and (bins[power] < FEWEST_PEOPLE or joined[-1][2] < FEWEST_PEOPLE):
            low, before = joined[-1][0], joined.pop()[2]
            joined.append((low, high, before + bins[power]))
        else:
            joined.append((low, high, bins[power]))
    last = len(joined) - 1
    return [(_bin_name(low, high, at == last), n) for at, (low, high, n) in enumerate(joined)]


def _bin_axis(width: int) -> alt.Axis:
    """The names of bins; on a narrow page "17 or more" is written 17+."""
    short = {} if width > 400 else {"labelExpr": "replace(datum.label, ' or more', '+')"}
    return alt.Axis(labelOverlap="greedy", **short)


def _bin_name(low: int, high: int, last: bool) -> str:
    if low == high:
        return str(low)
    return f"{low} or more" if last else f"{low}–{high}"


def period_of(finding: Finding) -> str:
    return dict(finding.by).get("period", "")


def series_of(findings: Findings) -> tuple[tuple[float | int | str, float | int | None], ...]:
    return findings[0].series if findings else ()


def _data(rows: Sequence[Row]) -> alt.Data:
    return alt.Data(values=list(rows))


CHARTS: dict[PictureKind, Callable[..., alt.TopLevelMixin]] = {
    "activity": activity,
    "auc": charts_trust.auc,
    "balance_sheet": balance_sheet,
    "beside_chance": beside_chance,
    "by_period": by_period,
    "credit_by_followers": charts_authority.credit_by_followers,
    "days": days,
    "community_map": community_map,
    "degree_distribution": degree_distribution,
    "distance_curve": distance_curve,
    "exposure": exposure,
    "firm_bars": firm_bars,
    "rhythm": rhythm,
    "survival": charts_ties.survival,
    "trust_by_steps": charts_trust.trust_by_steps,
    "turnover": charts_ties.turnover,
    "waiting_buckets": waiting_buckets,
}


_OF_VALUES: tuple[PictureKind, ...] = ("auc", "beside_chance", "by_period", "community_map", "firm_bars", "turnover")
"""Pictures of several values, where others are of one series."""


def is_empty(picture: Picture) -> bool:
    """Is there nothing in it to draw?"""
    if picture.kind in _OF_VALUES:
        return not any(each.value is not None for each in picture.findings)
    return not any(y for _, y in series_of(picture.findings))


def draw(picture: Picture, *, width: int = WIDE, titled: bool = False) -> alt.TopLevelMixin:
    """The chart of a picture; `titled` for a file, which stands alone."""
    chart = CHARTS[picture.kind](picture.findings, width=width)
    return chart.properties(title=picture.title) if titled else chart


def to_svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG in the light colours; vl-convert counts clips through the whole process, here they are counted anew."""
    drawn = vl_convert.vegalite_to_svg(_spec(chart), format_locale=theme.NUMBER_LOCALE)
    clips = list(dict.fromkeys(_CLIP.findall(drawn)))
    return _CLIP.sub(lambda found: f"clip{clips.index(found[0])}", drawn)


def to_png(chart: alt.TopLevelMixin, *, scale: float = 2) -> bytes:
    """The chart as PNG on white, twice as fine as a plain screen."""
    spec = _spec(chart)
    spec["config"] = spec["config"] | {"background": theme.PAPER}
    return vl_convert.vegalite_to_png(spec, scale=scale, format_locale=theme.NUMBER_LOCALE)


def _spec(chart: alt.TopLevelMixin) -> Row:
    """The Vega-Lite text of a chart in Kring's theme; Altair's own theme is left out."""
    spec = cast(Row, _legible(cast(Any, chart).to_dict()))
    return spec | {"config": theme.CONFIG}


def _legible(part: Any) -> Any:
    """Without control characters in any string: vl-convert 1.9 ends the whole process when a label holds one."""
    if isinstance(part, str):
        return part.translate(UNSEEN)
    if isinstance(part, dict):
        return {_legible(key): _legible(value) for key, value in part.items()}
    return [_legible(each) for each in part] if isinstance(part, list | tuple) else part
