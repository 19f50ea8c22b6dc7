"""The balance sheet of a circle: how many people give as much as they receive."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.content import Column
from kring.show.values import count

Findings = Sequence[Finding]
_HIDDEN = "too few to say"


def balance_sheet(findings: Findings, *, width: int) -> alt.LayerChart:
    """How many people only receive, give about as much, or only give: one finding whose series is (which, people), from receiving to giving.

    A bar of which nothing is told (too few people) is left out, and its line says so.
    """
    rows = [{"which": str(x), "n": n or 0, "label": _HIDDEN if n is None else count(n)} for x, n in findings[0].series]
    names = [str(x) for x, _ in findings[0].series]
    longest = max((n or 0 for _, n in findings[0].series), default=1) or 1
    base = alt.Chart(alt.Data(values=rows), width=width - 150, height=alt.Step(30)).encode(
        y=alt.Y("which:O", sort=None, title=None, axis=alt.Axis(**theme.names_axis(names, 130))),
        x=alt.X("n:Q", title=None, axis=None, scale=alt.Scale(domain=[0, longest * (1.2 if width > 400 else 1.5)])),
    )
    bars = base.mark_bar(cornerRadiusEnd=2, height=18).encode(
        color=alt.Color("which:N", scale=alt.Scale(domain=names, range=[*map(_colour, names)]), legend=None)
    )
    return alt.layer(bars, base.mark_text(align="left", dx=8).encode(text="label:N"))


def _colour(name: str) -> str:
    return theme.CONTRAST if name.endswith("receive") else theme.ACCENT if name.endswith("give") else theme.QUIET


def balance_table(findings: Findings) -> dict[str, Any]:
    """The numbers of `balance_sheet`."""
    columns = (Column("What they do"), Column("People"))
    return {"columns": columns, "rows": tuple((str(x), _HIDDEN if n is None else count(n)) for x, n in findings[0].series)}
