"""What happened each day, drawn: a bar for each day or week, those out of the ordinary in another colour and with their number."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.content import Column
from kring.show.values import count


def days(findings: Sequence[Finding], *, width: int) -> alt.LayerChart:
    """How much happened each day or week: a finding whose series is (first day, how many), and a finding `spike` for each out of the ordinary.

    A day of which nothing is told (too few people) stays blank.
    """
    series, unusual = findings[0].series, {dict(each.by).get("day") or dict(each.by).get("week") for each in findings[1:]}
    far = {k: y or 0 for k, (x, y) in enumerate(series) if x in unusual}
    room = max(1, len(series) // (25 if width > 400 else 10))
    peaks = {k for k in far if all(far[k] >= y for other, y in far.items() if abs(other - k) <= room)}
    rows: list[dict[str, Any]] = [
        {"day": str(x), "n": y, "label": count(y) if k in peaks else "", "far": k in far}
        for k, (x, y) in enumerate(series)
        if y is not None
    ]
    most = max((row["n"] for row in rows), default=1) or 1
    thick = max(1.0, min(12.0, 0.8 * (width - 60) / max(1, len(series))))
    base = alt.Chart(alt.Data(values=rows), width=width - 60, height=170).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(labelOverlap="greedy", labelSeparation=8)),
        y=alt.Y("n:Q", title=None, scale=alt.Scale(domain=[0, most * 1.12]), axis=alt.Axis(tickCount=4, format=",d", tickMinStep=1)),
    )
    colour = alt.condition("datum.far", alt.value(theme.CONTRAST), alt.value(theme.ACCENT))
    bars = base.mark_bar(size=thick).encode(color=colour)
    return alt.layer(bars, base.transform_filter("datum.far").mark_text(dy=-7, fontSize=10).encode(text="label:N"))


def days_table(findings: Sequence[Finding]) -> dict[str, Any]:
    """The same as a table, the days out of the ordinary first by their mark."""
    unusual = {dict(each.by).get("day") or dict(each.by).get("week") for each in findings[1:]}
    rows = tuple((str(x), "too few" if y is None else y, "out of the ordinary" if x in unusual else "") for x, y in findings[0].series)
    return {"columns": (Column("Day or week"), Column("How many", "count"), Column("Remark")), "rows": rows}
