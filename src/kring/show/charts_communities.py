"""Groups and the ties between them, drawn; and how firm they are beside what chance would give."""

from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import Any

import altair as alt

from kring.schema import Finding
from kring.show import theme
from kring.show.content import Column
from kring.show.values import count, number

MOST_GROUPS = 12
"""Groups on the map: of more, the largest."""
_FEW = 6
_HEIGHT, _HIGH = 340, 420
"""Of the map with few groups, and with many."""
_LARGEST, _LARGEST_OF_MANY = 46, 30
"""Radius of the largest group."""
NAMES = {
    "stability": "how alike two runs are",
    "stability_null": "how alike two runs are",
    "modularity": "how far ties stay in groups",
    "modularity_null": "how far ties stay in groups",
}
HERE, CHANCE = "here", "random networks"
_SHORTEST_WORDS, _SHORTEST_OF_NARROW = 34, 18
"""Letters of the words beside a group, wide and narrow."""


def community_map(findings: Sequence[Finding], *, width: int) -> alt.LayerChart:
    """Circles as large as the groups, lines as thick as the ties between them: findings community_size, community_words and group_ties.

    Groups stand in a ring in the order of their number, so that every tie between two can be seen; place means nothing.
    """
    groups = _groups(findings, letters=_SHORTEST_WORDS if width > 400 else _SHORTEST_OF_NARROW)[:MOST_GROUPS]
    few = len(groups) <= _FEW
    wide, high, radius = width - 40, _HEIGHT if few else _HIGH, _LARGEST if few else _LARGEST_OF_MANY
    largest = max((n for _, n, _ in groups), default=1)
    rim = (wide / 2 - radius - 40, high / 2 - radius - 40) if len(groups) > 1 else (0.0, 0.0)
    at = {
        name: (wide / 2 + rim[0] * sin(2 * pi * k / len(groups)), high / 2 + rim[1] * cos(2 * pi * k / len(groups)))
        for k, (name, _, _) in enumerate(groups)
    }
    rows = [_circle(name, n, words, at[name], radius * sqrt(n / largest), high) for name, n, words in groups]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, wide], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, high], nice=False))
    base = alt.Chart(alt.Data(values=rows), width=wide, height=high).encode(x=x, y=y)
    between = (
        alt.Chart(alt.Data(values=_lines(findings, at)), width=wide, height=high)
        .mark_rule(color=theme.QUIET, strokeCap="round", opacity=0.7)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=alt.StrokeWidth("width:Q", scale=None))
    )
    circles = base.mark_circle(fill=theme.PAPER, stroke=theme.ACCENT, strokeWidth=2.5, opacity=1).encode(
        size=alt.Size("size:Q", scale=None)
    )
    names = base.mark_text(fontWeight=600, fontSize=14).encode(text="name:N")
    told = [
        base.mark_text(fontSize=11, color=colour).encode(
            y=alt.Y(f"{what}_y:Q", axis=None, scale=alt.Scale(domain=[0, high], nice=False)), text=f"{what}:N"
        )
        for what, colour in (("n", theme.SOFT), ("words", theme.INK))
    ]
    return alt.layer(between, circles, names, *told)


def _circle(name: str, n: int, words: str, at: tuple[float, float], radius: float, high: float) -> dict[str, Any]:
    """A group with what is told of it on the side that looks outward: above those in the upper half, below the others."""
    x, y = at
    upper = y > high / 2 + 1
    first, second = (25, 11) if upper and words else (11, 25)
    out = 1 if upper else -1
    return {"x": x, "y": y, "name": name, "size": pi * radius**2, "n": f"{count(n)} people", "words": words} | {
        "n_y": y + out * (radius + first),
        "words_y": y + out * (radius + second),
    }


def _groups(findings: Sequence[Finding], *, letters: int = _SHORTEST_WORDS) -> list[tuple[str, int, str]]:
    """Number, people and words of each group that may be spoken of."""
    words = {
        dict(each.by).get("community"): ", ".join(str(word) for word, _ in each.series)
        for each in findings
        if each.name == "community_words"
    }
    return [
        (name, int(each.value), _short(words.get(name, ""), letters))
        for each in findings
        if each.name == "community_size" and each.value is not None
        for name in [dict(each.by).get("community", "")]
    ]


def _short(words: str, letters: int) -> str:
    """As many of the words as have room."""
    while len(words) > letters and ", " in words:
        words = words.rpartition(", ")[0]
    return words


def _lines(findings: Sequence[Finding], at: dict[str, tuple[float, float]]) -> list[dict[str, Any]]:
    """A line for each two groups with ties between them; the thickest is the pair with most."""
    pairs = _pairs(findings)
    most = max((n for a, b, n in pairs if a != b), default=1)
    return [
        {"x": at[a][0], "y": at[a][1], "x2": at[b][0], "y2": at[b][1], "width": max(0.6, 9 * n / most)}
        for a, b, n in pairs
        if a != b and a in at and b in at
    ]


def _pairs(findings: Sequence[Finding]) -> list[tuple[str, str, int]]:
    series = next((each.series for each in findings if each.name == "group_ties"), ())
    return [(*str(pair).split("–", 1), int(n or 0)) for pair, n in series]  # type: ignore[misc]


def firm_bars(findings: Sequence[Finding], *, width: int) -> alt.VConcatChart:
    """Stability and modularity here and in random networks: findings stability, stability_null, modularity, modularity_null."""
    return alt.vconcat(*(_bars(pair, width) for pair in _by_question(findings)), spacing=16)


def _by_question(findings: Sequence[Finding]) -> list[list[Finding]]:
    questions = dict.fromkeys(NAMES[each.name] for each in findings if each.name in NAMES)
    return [[each for each in findings if NAMES.get(each.name) == question and each.value is not None] for question in questions]


def _bars(pair: Sequence[Finding], width: int) -> alt.LayerChart:
    rows = [
        {
            "where": _where(each),
            "value": each.value,
            "end": each.high or each.value,
            "label": number(each.value or 0.0),
            "colour": _colour(each),
        }
        | ({"low": each.low, "high": each.high} if each.low is not None else {})
        for each in pair
    ]
    heading = alt.TitleParams(NAMES[pair[0].name] if pair else "", fontWeight="normal", frame="bounds")
    base = alt.Chart(alt.Data(values=rows), width=width - 170, height=alt.Step(24), title=heading).encode(
        y=alt.Y("where:N", sort=None, title=None, axis=alt.Axis(**theme.names_axis([HERE, CHANCE], 140))),
        x=alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1.12])),
    )
    bars = base.mark_bar(height=14, cornerRadiusEnd=2).encode(color=alt.Color("colour:N", scale=None))
    spread = base.mark_rule(color=theme.INK, strokeWidth=1.5).encode(x=alt.X("low:Q", title=None, axis=None), x2="high:Q")
    return alt.layer(bars, spread, base.mark_text(align="left", dx=8).encode(x=alt.X("end:Q", title=None, axis=None), text="label:N"))


def _where(finding: Finding) -> str:
    return CHANCE if finding.name.endswith("_null") else HERE


def _colour(finding: Finding) -> str:
    return theme.QUIET if finding.name.endswith("_null") else theme.ACCENT


def map_table(findings: Sequence[Finding]) -> dict[str, Any]:
    """The groups of the map as a table: how large they are, and ties within and with others."""
    pairs = _pairs(findings)
    rows = tuple(
        (name, n, sum(k for a, b, k in pairs if a == b == name), sum(k for a, b, k in pairs if a != b and name in (a, b)), words)
        for name, n, words in _groups(findings)
    )
    columns = (
        Column("Group"),
        Column("People", "people"),
        Column("Ties within", "ties"),
        Column("Ties with the others", "ties"),
        Column("Words of their own"),
    )
    return {"columns": columns, "rows": rows}


def firm_table(findings: Sequence[Finding]) -> dict[str, Any]:
    """The bars as a table."""
    rows = tuple((NAMES[each.name], _where(each), each.value) for each in findings if each.name in NAMES)
    return {"columns": (Column("What"), Column("Where"), Column("Index", "index")), "rows": rows}
