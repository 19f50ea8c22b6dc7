"""The lists (CSV) that Mastodon gives beside an archive, as its `Export` writes them (app/models/export.rb); `mastodon` names them."""

import re
from collections.abc import Iterator

from kring.schema import Event, Item, Unread
from kring.sources.activitypub import Owner, account_named
from kring.sources.losses import Losses
from kring.wire import Page, rows, text_encoding

_LISTS = {
    "followers": "followers",
    "following": "following",
    "follows": "following",
    "blocked_accounts": "blocked accounts",
    "blocks": "blocked accounts",
    "muted_accounts": "muted accounts",
    "mutes": "muted accounts",
    "blocked_domains": "blocked servers",
    "domain_blocks": "blocked servers",
    "lists": "lists",
    "bookmarks": "bookmarks",
}
_ACCOUNT_LINE = re.compile(rb"(?:\xef\xbb\xbf)?@?[\w.-]+@[\w.-]+\.\w+\s*(?:,|\r?\n|$)")


def sniff(page: Page) -> float:
    """By the header; without one by the name and what the first line looks like."""
    kind, head = list_kind(page), page.head
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"Account address"):
        return 1.0
    if not kind or not head.strip():
        return 0.4 if kind else 0.0
    if kind in ("lists", "bookmarks", "blocked servers"):
        return 0.3
    return 0.9 if _ACCOUNT_LINE.match(head) else 0.0


def list_kind(page: Page) -> str:
    """What a CSV lists: from its name, else from the header that only lists of the followed or of the muted have."""
    name = page.file.lower()
    if not name.endswith(".csv"):
        return ""
    by_name = next((kind for start, kind in _LISTS.items() if re.match(rf"{start}(?![a-z])|{start}_accounts", name)), "")
    return by_name or ("following" if b"Show boosts" in page.head else "muted accounts" if b"Hide notifications" in page.head else "")


def read_follows(page: Page, kind: str, owner: Owner, losses: Losses) -> Iterator[Item | Unread]:
    """Whom the owner follows, or who follows the owner; nobody says since when."""
    for number, row in rows(page, encoding=text_encoding(page.head)):
        if not row or row[0].strip().lower() == "account address":
            continue
        where, raw = f"{page.name}, line {number}", ",".join(row).encode("utf-8", "replace")
        if other := account_named(row[0], owner.home.names):
            actor, object = (owner.id, other) if kind == "following" else (other, owner.id)
            yield Item(where, raw, (Event(verb="follow", actor=actor, object=object, object_kind="account"),))
        else:
            next = "Look at that line: an account is written as name@server."
            yield from losses.each(Unread(where=where, why="This line names no account.", next=next, raw=raw[:4096]))
