"""Scores of two camps beside what chance would give: a dot for what was found, a band for where random networks fall."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.content import Column
from kring.show.values import SCORE_NAMES, number, title

NULL = "_null"
Row = dict[str, Any]


def beside_chance(findings: Sequence[Finding], *, width: int) -> alt.LayerChart:
    """A line for each score: findings X and X_null, of which the latter has the interval of random networks.

    A full dot lies outside of the band, a hollow one within; the stroke through the band is the mean of chance.
    """
    rows = _rows(findings)
    low = min([0.0, *(row[end] for row in rows for end in ("value", "low") if row[end] is not None)])
    axis = alt.Axis(tickCount=5, title="score: the further to the right, the more divided" if width > 400 else "more divided to the right")
    base = alt.Chart(alt.Data(values=rows), width=width - 190, height=alt.Step(34)).encode(
        y=alt.Y(
            "score:N", sort=None, title=None, axis=alt.Axis(**theme.names_axis([row["score"] for row in rows], 180 if width > 400 else 140))
        ),
    )
    scale = alt.Scale(domain=[low, 1.12], nice=False)
    band = base.mark_bar(height=14, color=theme.QUIET, opacity=0.55).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    mean = base.mark_tick(color=theme.INK, thickness=2, size=14).encode(x=alt.X("mean:Q", scale=scale, axis=axis))
    x = alt.X("value:Q", scale=scale, axis=axis)
    found = base.mark_point(size=90, opacity=1, strokeWidth=2, stroke=theme.ACCENT).encode(
        x=x, fill=alt.condition("datum.beyond", alt.value(theme.ACCENT), alt.value(theme.PAPER))
    )
    return alt.layer(band, mean, found, base.mark_text(align="left", dx=10).encode(x=x, text="label:N"))


def chance_table(findings: Sequence[Finding]) -> dict[str, Any]:
    """The same in numbers."""
    columns = (Column("Score"), Column("Found"), Column("By chance"), Column("Between"), Column("Beyond chance"))
    rows = ((row["score"], row["label"], _written(row["mean"]), _between(row), "yes" if row["beyond"] else "no") for row in _rows(findings))
    return {"columns": columns, "rows": tuple(rows)}


def _rows(findings: Sequence[Finding]) -> list[Row]:
    """Each score that has a value, with the band of its random networks, where there are any."""
    chance = {each.name.removesuffix(NULL): each for each in findings if each.name.endswith(NULL)}
    return [_row(each, chance.get(each.name)) for each in findings if not each.name.endswith(NULL) and each.value is not None]


def _row(found: Finding, chance: Finding | None) -> Row:
    value, low, high = found.value or 0.0, chance.low if chance else None, chance.high if chance else None
    beyond = low is not None and high is not None and not low <= value <= high
    mean = chance.value if chance else None
    return {
        "score": SCORE_NAMES.get(found.name) or title(found.name),
        "value": value,
        "label": number(value),
        "mean": mean,
        "low": low,
        "high": high,
        "beyond": beyond,
    }


def _written(x: float | None) -> str:
    return "not measured" if x is None else number(x)


def _between(row: Row) -> str:
    return "" if row["low"] is None else f"{number(row['low'])} to {number(row['high'])}"
