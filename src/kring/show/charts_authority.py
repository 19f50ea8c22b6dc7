"""Charts of help: credit beside followers, in groups, so that nobody can be picked out."""

from collections.abc import Sequence

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.values import number

Findings = Sequence[Finding]


def credit_by_followers(findings: Findings, *, width: int) -> alt.LayerChart:
    """One finding whose series is (how many follow, mean credit), from the least followed to the most."""
    rows = [{"followers": str(x), "credit": y, "label": number(y or 0.0)} for x, y in findings[0].series]
    most = max((float(y or 0) for _, y in findings[0].series), default=1.0) or 1.0
    base = alt.Chart(alt.Data(values=rows), width=width - 60, height=190).encode(
        x=alt.X("followers:O", sort=None, title="how many follow them, or turn to them", axis=alt.Axis(labelOverlap="greedy")),
        y=alt.Y("credit:Q", title="mean credit for help", scale=alt.Scale(domain=[0, 1.15 * most]), axis=alt.Axis(tickCount=4)),
    )
    rule = base.mark_rule(color=theme.QUIET).encode(y2=alt.datum(0))
    return alt.layer(rule, base.mark_point(opacity=1, size=90), base.mark_text(dy=-14).encode(text="label:N"))
