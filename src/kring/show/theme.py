"""The colours and the Vega theme of every picture: readable without colour, told apart by colour-blind eyes, alike on page and in files.

Charts are drawn in the light colours; on a page each of them becomes a CSS variable, so that a picture follows the reader's light or dark.
The accents are from Okabe & Ito 2008, "Color Universal Design"; the groups of the map are Paul Tol's "muted" scheme (SRON technical note
SRON/EPS/TN/09-002, 2021), both made for colour-blind readers.
"""

from collections.abc import Iterable
from typing import Any

INK, SOFT, LINE, PAPER = "#1c2026", "#59616d", "#dfe2e7", "#fefefe"
ACCENT, CONTRAST, QUIET = "#0072b2", "#d55e00", "#a3abb6"
GROUPS = ("#332288", "#cc6677", "#117733", "#88ccee", "#882255", "#ddcc77", "#44aa99", "#aa4499", "#999933")
GROUP_REST = "#b7bcc4"

LIGHT = {"ink": INK, "soft": SOFT, "line": LINE, "paper": PAPER, "accent": ACCENT, "contrast": CONTRAST, "quiet": QUIET}
LIGHT |= {f"group-{number}": colour for number, colour in enumerate(GROUPS, 1)} | {"group-rest": GROUP_REST}
DARK = {
    "ink": "#e7e9ed",
    "soft": "#a7aebb",
    "line": "#333944",
    "paper": "#15181d",
    "accent": "#5db7ec",
    "contrast": "#f0995a",
    "quiet": "#6b7380",
}
_DARK_GROUPS = ("#8d80f0", "#e58592", "#4fb974", "#88ccee", "#d0649a", "#ddcc77", "#5cc7b5", "#cf74cf", "#bdbd5c")
DARK |= {f"group-{number}": colour for number, colour in enumerate(_DARK_GROUPS, 1)} | {"group-rest": "#5a616c"}

FONTS = "Helvetica Neue, Arial, Liberation Sans, sans-serif"
NUMBER_LOCALE = {"decimal": ".", "thousands": "\u202f", "grouping": [3], "currency": ["", ""], "minus": "\u2212"}
_AXIS: dict[str, Any] = {
    "domain": False,
    "gridColor": LINE,
    "labelColor": SOFT,
    "labelFontSize": 12,
    "labelPadding": 6,
    "tickColor": LINE,
    "ticks": False,
    "titleColor": SOFT,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titlePadding": 10,
}
CONFIG: dict[str, Any] = {
    "aria": False,
    "axis": _AXIS,
    "axisX": {"grid": False, "domain": True, "domainColor": QUIET, "labelAngle": 0},
    "background": None,
    "bar": {"color": ACCENT},
    "font": FONTS,
    "line": {"color": ACCENT, "strokeWidth": 2},
    "padding": {"left": 4, "right": 12, "top": 6, "bottom": 4},
    "point": {"color": ACCENT, "filled": True, "size": 44},
    "text": {"color": INK, "fontSize": 12},
    "title": {"anchor": "start", "color": INK, "fontSize": 13, "fontWeight": 600, "frame": "group", "offset": 10},
    "view": {"stroke": None},
}

_LETTER = 7.0
"""Room for a letter of an axis label: as wide as in the widest font that a page may fall back on (DejaVu Sans)."""


def names_axis(names: Iterable[str], limit: int) -> dict[str, Any]:
    """How an axis of names is drawn: room for the longest, in whatever font the reader's page has, and none is wider than `limit`."""
    longest = max(map(len, names), default=0)
    return {"labelColor": INK, "labelLimit": limit, "minExtent": min(_LETTER * longest, 1.15 * limit) + _AXIS["labelPadding"]}


def css() -> str:
    """The variables for a page: light, and dark where the reader asked for it."""
    light, dark = (";".join(f"--{name}:{colour}" for name, colour in colours.items()) for colours in (LIGHT, DARK))
    return f":root{{color-scheme:light dark;{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
