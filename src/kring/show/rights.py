"""What is said of a person's rights: what erasing them would take, what it took, and what it can't reach."""

import textwrap
from collections.abc import Sequence
from typing import Any

from kring.show.values import count, many, plain

_WIDTH = 100


def preview_text(preview: Any) -> str:
    """What would go, and what stays without them."""
    lines = [
        f"Accounts: {', '.join(map(plain, preview.accounts))}",
        f"Goes: {count(preview.posts)} posts, {count(preview.acts)} acts, {count(preview.memberships)} memberships, "
        "what was said of them, findings that name them, "
        "and all reports and graphs in the circle's folder (they can be made anew).",
        *(f"    {count(n)} of the posts came with import {plain(run)}" for run, n in preview.by_run.items()),
        *(f"    the chat of two “{plain(chat)}” goes whole, with our part of it" for chat in preview.chats),
        f"Stays without them: {count(preview.mentioned)} posts by others that mention or answer them.",
    ]
    return "\n".join(map(_filled, lines))


def erased_text(done: Any) -> str:
    """What was erased, whether anything is still to be found, and what Kring can't reach."""
    found = (
        "Nothing of them is to be found in any of them."
        if not done.found
        else "STILL FOUND in: " + "; ".join(done.found) + ". Look there yourself."
    )
    lines = [
        f"Erased {count(done.accounts)} accounts, {count(done.posts)} posts and {count(done.acts)} acts in {done.seconds:.1f} s; "
        f"{count(done.changed)} posts by others now stand without them, {count(done.blanked)} raw pieces and other cells "
        f"were blanked, {count(done.reports)} reports and graphs removed.",
        f"Searched: {', '.join(map(plain, done.searched))}. {found}",
        *([f"Not looked into, because it is packed: {', '.join(map(plain, done.unreadable))}."] if done.unreadable else []),
        *([f"{count(done.shared)} names or pieces of text that others have or wrote just so stay, as theirs."] if done.shared else []),
        *(_perhaps(handle, posts) for handle, posts in done.perhaps.items()),
        "Kring can't reach what lies elsewhere. Look through:",
        *(f"    {plain(each)}" for each in done.elsewhere),
    ]
    return "\n".join(map(_filled, lines))


def likely_text(likely: Sequence[Any], advice: str) -> str:
    """Who else may be the same person; "" where nobody may."""
    if not likely:
        return ""
    others = "; ".join(
        f"{plain(each.other.name or each.other.id)} ({plain(', '.join(each.other.accounts))}, {each.p:.0%}: {plain(each.because[0])})"
        for each in likely
    )
    return _filled(f"Also looks like the same person: {others}. {advice}")


def _perhaps(handle: str, posts: Sequence[str]) -> str:
    """Which posts hold a handle that may be another's, and how to mask it there."""
    one = len(posts) == 1
    return (
        f"LOOK AT {many(len(posts), 'post')} of others that still hold{'s' if one else ''} “{plain(handle)}”, which may be theirs or another's:"
        f" {', '.join(map(plain, posts))}. If it is theirs: kring person mask {handle} {'ID' if one else 'ID…'}"
    )


def forgotten_text(gone: Sequence[Any], *, dry_run: bool) -> str:
    """What was forgotten, or would be."""
    if not gone:
        return "There is nothing to forget: no import was to be kept until a date that is over."
    would = "would go" if dry_run else "went"
    return "\n".join(map(_filled, [*(_forgotten(each, would) for each in gone), gone[0].said]))


def _forgotten(run: Any, would: str) -> str:
    what = f"{count(run.posts)} posts, {count(run.events)} acts and {count(run.accounts)} accounts {would}"
    stays = f"; {count(run.posts_kept)} posts stay, because another import brought them too" if run.posts_kept else ""
    return f"Import {run.run} ({plain(run.name)}), kept until {run.kept_until}: {what}{stays}."


def _filled(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line.strip(), _WIDTH, initial_indent=indent, subsequent_indent=indent or "  ", break_long_words=False)
