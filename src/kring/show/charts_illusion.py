"""What people see around them, drawn: for each tenth of their neighbours who have something, how many people see that."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.content import Column
from kring.show.values import count

NAMES = {"exposure_without": "people without it", "exposure_with": "people who have it", "exposure_null": "everybody, by chance"}
_MAJORITY = 0.5


def exposure(findings: Sequence[Finding], *, width: int) -> alt.VConcatChart:
    """A strip for those without it, with it, and by chance: findings whose series are (lower end of the tenth, share of people).

    Bars to the right of the line see it with more than half of those around them. A tenth of which nothing is told stays blank.
    """
    strips = [_strip(each, width, last=each is findings[-1]) for each in findings if each.series]
    return alt.vconcat(*strips, spacing=12)


def _strip(finding: Finding, width: int, *, last: bool) -> alt.LayerChart:
    rows: list[dict[str, Any]] = [
        {"from": x, "to": float(x) + 0.1, "share": y, "label": _percent(y), "sees": float(x) >= _MAJORITY}
        for x, y in finding.series
        if y is not None
    ]
    most = max((row["share"] for row in rows), default=1) or 1
    heading = alt.TitleParams(f"{NAMES.get(finding.name, finding.name)} ({count(finding.n)})", fontWeight="normal")
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", labels=last)
    base = alt.Chart(alt.Data(values=rows), width=width - 70, height=84, title=heading).encode(
        x=alt.X("from:Q", title="of those around them, so many have it" if last else None, scale=alt.Scale(domain=[0, 1]), axis=axis),
        x2="to:Q",
        y=alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, most * 1.25]), axis=None),
        y2=alt.datum(0),
    )
    colour = alt.condition("datum.sees", alt.value(theme.CONTRAST), alt.value(theme.ACCENT))
    bars = (
        base.mark_bar(binSpacing=2).encode(color=colour)
        if finding.name != "exposure_null"
        else base.mark_bar(binSpacing=2, color=theme.QUIET)
    )
    middle = alt.Chart(alt.Data(values=[{"x": _MAJORITY}])).mark_rule(color=theme.INK, strokeDash=[3, 3]).encode(x="x:Q")
    labels = (
        alt.Chart(alt.Data(values=[row | {"middle": row["from"] + 0.05} for row in rows if row["label"]]))
        .mark_text(dy=-7, fontSize=10)
        .encode(x="middle:Q", y="share:Q", text="label:N")
    )
    return alt.layer(bars, middle, labels)


def _percent(share: float | int | None) -> str:
    """Nothing for nothing, so that empty tenths stay calm."""
    return "" if not share else "<1%" if share < 0.01 else f"{share:.0%}"


def exposure_table(findings: Sequence[Finding]) -> dict[str, Any]:
    """The same as a table: a row for each tenth, a column for each strip."""
    shown = [each for each in findings if each.series]
    columns = (Column("Around them have it"), *(Column(NAMES.get(each.name, each.name), "share") for each in shown))
    ends = [float(x) for x, _ in shown[0].series] if shown else []
    rows = tuple((f"{low:.0%}–{low + 0.1:.0%}" if k else "up to 10%", *(each.series[k][1] for each in shown)) for k, low in enumerate(ends))
    return {"columns": columns, "rows": rows}
