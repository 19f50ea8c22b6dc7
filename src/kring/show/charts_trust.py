"""Charts of trust: how far it carries and what fakes could gain of it; how well it tells good ratings from bad."""

from collections.abc import Sequence

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.values import count, percent, title

Findings = Sequence[Finding]
SHARE = "share of pairs of a good and a bad rating, told right"


def trust_by_steps(findings: Findings, *, width: int) -> alt.HConcatChart | alt.VConcatChart:
    """Two findings whose series are (steps, people let in) and (steps, fakes that one misled person there could bring in)."""
    parts = [
        _bars(each, heading, colour, width if width <= 400 else width // 2)
        for each, heading, colour in zip(findings, ("People let in", "Fakes one of them could bring in"), (theme.ACCENT, theme.CONTRAST))
    ]
    return alt.hconcat(*parts, spacing=24) if width > 400 else alt.vconcat(*parts, spacing=14)


def _bars(finding: Finding, heading: str, colour: str, width: int) -> alt.LayerChart:
    rows = [{"steps": str(x), "n": y or 0, "label": count(y or 0)} for x, y in finding.series]
    most = max((float(y or 0) for _, y in finding.series), default=1.0) or 1.0
    base = alt.Chart(alt.Data(values=rows), width=width - 50, height=170, title=alt.TitleParams(heading, fontWeight="normal")).encode(
        x=alt.X("steps:O", sort=None, title="steps from those named"),
        y=alt.Y("n:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1.15 * most])),
    )
    return alt.layer(base.mark_bar(color=colour, cornerRadiusEnd=2), base.mark_text(dy=-8).encode(text="label:N"))


def auc(findings: Findings, *, width: int) -> alt.LayerChart:
    """A point and its interval for each finding, the first of them in colour; a line where a coin would stand."""
    told = [each for each in findings if each.value is not None]
    rows = [
        {
            "name": title(each.name),
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "label": percent(each.value or 0.0),
            "colour": theme.SOFT if k else theme.ACCENT,
        }
        for k, each in enumerate(told)
    ]
    base = alt.Chart(alt.Data(values=rows), width=width - 260 if width > 400 else width - 200, height=alt.Step(26)).encode(
        y=alt.Y(
            "name:N",
            sort=None,
            title=None,
            axis=alt.Axis(**theme.names_axis([title(each.name) for each in told], 230 if width > 400 else 150)),
        ),
        color=alt.Color("colour:N", scale=None),
    )
    called = SHARE if width > 400 else "pairs told right"
    x = alt.X(
        "value:Q",
        title=called,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, 0.5, 1]),
    )
    coin = alt.Chart(alt.Data(values=[{"x": 0.5}])).mark_rule(color=theme.QUIET, strokeDash=[3, 3]).encode(x="x:Q")
    return alt.layer(
        coin,
        base.mark_rule(strokeWidth=3, opacity=0.4).encode(x=alt.X("low:Q", title=called), x2="high:Q"),
        base.mark_point(opacity=1, size=60).encode(x=x),
        base.mark_text(dy=-10, color=theme.INK).encode(x="value:Q", text="label:N", color=alt.value(theme.INK)),
    )
