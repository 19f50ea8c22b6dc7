"""What Slack's own signs in a text mean: `<@U123>`, `<https://…|words>`, `<!here>`, `&lt;` (api.slack.com/reference/surfaces/formatting)."""

import re
from collections.abc import Callable
from typing import NamedTuple

from kring.sources.pieces import clean

_SIGN = re.compile(r"<([@#!]?+)([^<>|]{1,4000})(?:\|([^<>]{0,4000}))?>")


class Words(NamedTuple):
    """Plain text, and the people it names, by Slack's own ids."""

    text: str
    named: tuple[str, ...] = ()


def words(written: str, name: Callable[[str], str]) -> Words:
    """A text as Slack shows it; `name` gives what a person or channel is called."""
    if "<" not in written:
        return Words(clean(_decoded(written)))
    named: list[str] = []

    def plain(found: re.Match[str]) -> str:
        sign, what, label = found.groups()
        if sign == "@":
            named.append(what)
            return "@" + (name(what) or label or what).removeprefix("@")
        if sign == "#":
            return f"#{label or name(what) or what}"
        if sign == "!":
            return (label or f"@{what.partition('^')[0]}") if not what.startswith("date^") else label or ""
        return _link(what, label or "")

    text = _SIGN.sub(plain, written)
    return Words(clean(_decoded(text)), tuple(dict.fromkeys(named)))


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _link(address: str, label: str) -> str:
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (address, bare) or f"https://{label}" == address.rstrip("/") or f"http://{label}" == address.rstrip("/"):
        return label or bare
    return f"{label} <{address}>"
