"""The tables (CSV) of a data request to Reddit: which one a file is, whose they are, and which of their cells are read."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress

import msgspec

from kring.wire import Page, rows, text_encoding

_POST = ("id", "permalink", "date", "subreddit")
_MAIL = ("id", "permalink", "date", "from", "to")
_COLUMNS = {
    "posts": (*_POST, "title", "url", "body"),
    "post_headers": (*_POST, "url"),
    "comments": (*_POST, "link", "parent", "body"),
    "comment_headers": (*_POST, "link", "parent"),
    "post_votes": ("id", "direction"),
    "comment_votes": ("id", "direction"),
    "messages": (*_MAIL, "thread_id", "subject", "body"),
    "message_headers": (*_MAIL, "thread_id"),
    "messages_archive": (*_MAIL, "thread_id", "subject", "body"),
    "messages_archive_headers": (*_MAIL, "thread_id"),
    "chat_history": (
        *("message_id", "created_at", "updated_at", "username", "message"),
        *("thread_parent_message_id", "channel_url", "subreddit", "channel_name", "conversation_type"),
    ),
    "subscribed_subreddits": ("subreddit",),
    "moderated_subreddits": ("subreddit",),
    "approved_submitter_subreddits": ("subreddit",),
    "friends": ("username",),
    "statistics": ("statistic", "value"),
}
"""What is read of each table. `ip` stands in most of them and is in none of these."""
_NEEDED = {
    "posts": {"id", "permalink", "date", "subreddit", "title"},
    "post_headers": {"id", "permalink", "date", "subreddit", "url"},
    "comments": {"id", "permalink", "date", "subreddit", "link", "body"},
    "comment_headers": {"id", "permalink", "date", "subreddit", "link"},
    "messages": {"id", "permalink", "from", "to", "body"},
    "messages_archive": {"id", "permalink", "from", "to", "body"},
    "message_headers": {"id", "permalink", "from", "to"},
    "messages_archive_headers": {"id", "permalink", "from", "to"},
    "chat_history": {"message_id", "created_at", "username", "message"},
    "friends": {"username", "note"},
}
"""Columns without which a table of that name isn't Reddit's; of the others all that are read."""
FULLER = {
    "post_headers": "posts",
    "comment_headers": "comments",
    "message_headers": "messages",
    "messages_archive_headers": "messages_archive",
}
"""Tables that say less of what another holds, if that is there, too."""
_BY_HEADER = ("posts", "comments", "chat_history")
"""Told by their columns, whatever the file is called."""
_LEFT_OUT = {
    "account_gender": "account_gender",
    "announcements": "announcement_id",
    "birthdate": "birthdate",
    "checkfile": "filename",
    "drafts": "id",
    "gilded_comments": "id",
    "gilded_content": "content_link",
    "gilded_posts": "id",
    "gold_received": "content_link",
    "hidden_posts": "id",
    "ip_logs": "date",
    "linked_identities": "issuer_id",
    "linked_phone_number": "phone_number",
    "live_stream_posts": "post",
    "multireddits": "id",
    "payouts": "payout_amount_usd",
    "persona": "persona_inquiry_id",
    "poll_votes": "post_id",
    "purchases": "processor",
    "reddit_gold_information": "processor",
    "saved_comments": "id",
    "saved_posts": "id",
    "scheduled_posts": "scheduled_post_id",
    "sensitive_ads_preferences": "type",
    "stripe": "stripe_account_id",
    "subscriptions": "processor",
    "twitter": "username",
    "user_preferences": "preference",
}
"""Known and left out, and how their header begins."""
_NAME = re.compile(r"([a-z_]+?)(?:[ _-]?\(?\d+\)?)?\.csv")


class Row(msgspec.Struct, frozen=True):
    """A row: its line and what is read of it; `short` if it ends too early."""

    line: int
    cells: dict[str, str]
    short: bool = False


class Table(msgspec.Struct, frozen=True):
    """A file, what it lists, and in which columns; no columns: it is known and left out."""

    page: Page
    kind: str
    columns: dict[str, int]
    encoding: str

    def rows(self) -> Iterator[Row]:
        """Each row below the header."""
        last, first = max(self.columns.values(), default=0), True
        fields, places = tuple(self.columns), tuple(self.columns.values())
        for line, row in rows(self.page, encoding=self.encoding):
            if first:
                first = False
            elif len(row) > last:
                yield Row(line, dict(zip(fields, [row[place] for place in places])))
            elif not row or any(cell.strip() for cell in row):
                yield Row(line, {}, short=True)

    def n(self) -> int:
        return max(0, sum(1 for _, row in rows(self.page, encoding=self.encoding) if row) - 1)


def table_of(page: Page) -> Table | None:
    """The table that a page is; None if it is none of Reddit's."""
    named = _NAME.fullmatch(page.file.lower())
    name, encoding = named[1] if named else "", text_encoding(page.head)
    header = _header(page, encoding)
    if name in _LEFT_OUT and header and header[0].startswith(_LEFT_OUT[name]):
        return Table(page, name, {}, encoding)
    for kind in (name,) if name in _COLUMNS else _BY_HEADER:
        if _NEEDED.get(kind, set(_COLUMNS[kind])) <= set(header):
            return Table(page, kind, {field: header.index(field) for field in _COLUMNS[kind] if field in header}, encoding)
    return None


def _header(page: Page, encoding: str) -> list[str]:
    first = page.head[:4096].decode(encoding, "replace").removeprefix("\ufeff").replace("\0", "").partition("\n")[0]
    with suppress(csv.Error):
        return [" ".join(name.lower().split()) for name in next(csv.reader([first]), [])]
    return []
