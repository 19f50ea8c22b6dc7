"""How long ties last, drawn: the share that goes on, day by day, with its band; and what was kept and lost from period to period."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.content import Column
from kring.show.values import duration, percent

Findings = Sequence[Finding]
_DAY = 86_400
_LINES = 14
"""About so many lines the table has."""
KINDS = {"kept": theme.ACCENT, "revived": theme.GROUPS[3], "new": theme.QUIET, "lost": theme.CONTRAST}
"""Colours of what became of ties; what was lost hangs below the line."""


def survival(findings: Findings, *, width: int) -> alt.LayerChart:
    """Three findings whose series are (seconds, share that lasts longer): the curve, and the lower and upper end of its band."""
    curve, low, high = (each.series for each in findings)
    rows: list[dict[str, Any]] = [
        {"days": float(x) / _DAY, "share": y, "low": below, "high": above}
        for (x, y), (_, below), (_, above) in zip(curve, low, high, strict=True)
    ]
    base = alt.Chart(alt.Data(values=rows), width=width - 70, height=230).encode(
        x=alt.X("days:Q", title="days since the first contact", axis=alt.Axis(labelSeparation=6))
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    band = base.mark_area(color=theme.ACCENT, opacity=0.2, interpolate="step-after").encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=axis), y2="high:Q"
    )
    half = alt.Chart(alt.Data(values=[{"share": 0.5}])).mark_rule(color=theme.SOFT, strokeDash=[4, 4]).encode(y="share:Q")
    return alt.layer(band, half, base.mark_line(interpolate="step-after").encode(y=alt.Y("share:Q", title=None, scale=scale, axis=axis)))


def survival_table(findings: Findings) -> dict[str, Any]:
    """Some lines of the curve."""
    curve, low, high = (each.series for each in findings)
    picked = range(0, len(curve), max(1, len(curve) // _LINES))
    columns = (Column("After"), Column("Go on", "share"), Column("Between"))
    between = [f"{percent(float(low[k][1] or 0))} and {percent(float(high[k][1] or 0))}" for k in picked]
    return {"columns": columns, "rows": tuple((duration(float(curve[k][0])), curve[k][1], each) for k, each in zip(picked, between))}


def turnover(findings: Findings, *, width: int) -> alt.LayerChart:
    """kept, lost, new and revived by period: findings with `by` = (("period", …),). What was lost hangs below the line."""
    rows = [
        {"period": dict(each.by)["period"], "what": each.name, "n": -each.value if each.name == "lost" else each.value}
        for each in findings
        if each.value is not None
    ]
    base = alt.Chart(alt.Data(values=rows), width=width - 80, height=200)
    legend = alt.Legend(title=None, orient="top", labelColor=theme.INK)
    bars = base.mark_bar().encode(
        x=alt.X("period:O", title=None, axis=alt.Axis(labelOverlap="greedy")),
        y=alt.Y("n:Q", title="ties", axis=alt.Axis(labelExpr="format(abs(datum.value), ',d')")),
        color=alt.Color("what:N", scale=alt.Scale(domain=list(KINDS), range=list(KINDS.values())), legend=legend),
        order=alt.Order("what:N"),
    )
    line = alt.Chart(alt.Data(values=[{"n": 0}])).mark_rule(color=theme.INK).encode(y="n:Q")
    return alt.layer(bars, line)


def turnover_table(findings: Findings) -> dict[str, Any]:
    """The numbers of `turnover`, a line for each period."""
    of = {(dict(each.by)["period"], each.name): "too few to say" if each.value is None else each.value for each in findings}
    return {
        "columns": (Column("Period"), *(Column(name.capitalize(), "ties") for name in KINDS)),
        "rows": tuple((period, *(of.get((period, name), 0) for name in KINDS)) for period in dict.fromkeys(period for period, _ in of)),
    }
