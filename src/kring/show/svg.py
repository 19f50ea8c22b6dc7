"""A drawn SVG made fit to stand in a page: colours that follow light and dark, a title and description for screen readers, own ids."""

import re
from html import escape

from kring.show.theme import LIGHT

_VARIABLES = {colour: f"var(--{name})" for name, colour in LIGHT.items()}
_COLOUR = re.compile(r'\b(fill|stroke|stop-color)="(#[0-9a-f]{6})"')
_HEAD = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'viewBox="([^"]*)"')
_ID = re.compile(r'\b(id="|url\(#|href="#)(clip|gradient)')
_PLACES = re.compile(r"(\d\.\d\d)\d+")
_IDLE = re.compile(r' (?:font-family|pointer-events|class|aria-[a-z]+|role)="[^"]*"| (?:opacity|fill-opacity)="1"')


def inline(svg: str, *, id: str, title: str, description: str) -> str:
    """The SVG for a page; `id` must be unique there.

    The theme's colours become CSS variables; fonts are inherited; what Vega says to screen readers of each mark gives way to one sentence.
    """
    body = _HEAD.split(svg, maxsplit=1)[1]
    body = _COLOUR.sub(lambda found: f'{found[1]}="{_VARIABLES.get(found[2], found[2])}"', _IDLE.sub("", body))
    body = _PLACES.sub(r"\1", _ID.sub(rf"\1{id}-\2", body))
    size = _SIZE.search(svg)
    box = size[1] if size else "0 0 100 100"
    named = f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(description)}</desc>'
    labels = f'role="img" aria-labelledby="{id}-title" aria-describedby="{id}-desc"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{box.split()[2]}" {labels}>{named}{body}'
