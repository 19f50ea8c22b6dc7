"""How posts are listed for people who read, not for programs: who, when, where, and what they said."""

import textwrap
from collections.abc import Sequence
from typing import Any

from kring.show.values import plain

_WIDTH = 100
_MOST_LINES = 4


def posts_text(posts: Sequence[Any], empty: str = "No posts.") -> str:
    """Posts under each other, each with a line of who, when and where above its text."""
    return "\n\n".join(_post(post) for post in posts) or empty


def _post(post: Any) -> str:
    moment = _moment(post)
    head = " · ".join(
        part
        for part in (
            plain(post.author_name) or "unknown",
            moment,
            post.kind,
            plain(post.place),
            "" if post.visibility == "public" else post.visibility,
        )
        if part
    )
    words = "\n".join(part for part in (post.title, post.text) if part)
    lines = [line for paragraph in plain(words).splitlines() for line in textwrap.wrap(paragraph, _WIDTH - 4) or [""]]
    shown = [f"    {line}" for line in lines[:_MOST_LINES]] + (["    …"] if len(lines) > _MOST_LINES else [])
    return "\n".join([head, *shown, f"    {post.id}"])


def _moment(post: Any) -> str:
    from kring.show.values import moment

    if post.at is None:
        return "time unknown"
    return moment(post.at + (post.offset_s or 0) * 1_000_000)
