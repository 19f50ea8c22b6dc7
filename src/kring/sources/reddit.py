"""Reads what Reddit gives of people and communities: the answers of its API, dumps made from them, and the export of somebody's data.

    listings and threads (JSON)                 posts, comments with their replies, private messages, as Reddit serves them under "….json"
    reddit-2024-03-01.json                      what rexport saved of somebody's own account through the API
    RS_2024-03.ndjson, RC_2024-03.ndjson        posts and comments, one a line (Pushshift, Arctic Shift), packed or not
    posts.csv, comments.csv                     what its owner wrote; post_headers.csv and comment_headers.csv: the same without the words
    messages.csv, messages_archive.csv          private messages; chat_history.csv: chats
    post_votes.csv, comment_votes.csv           what its owner voted up and down
    subscribed_subreddits.csv, friends.csv      which communities and people they follow; moderated_subreddits.csv: which they look after
    statistics.csv                              whose export it is
    ip_logs.csv, saved_posts.csv, drafts.csv …  known, and left out on purpose

Reddit documents its API at https://www.reddit.com/dev/api; https://github.com/reddit-archive/reddit (r2/lib/jsontemplates.py) shows how it was
written, https://github.com/ArthurHeitmann/arctic_shift what is different in dumps, https://github.com/karlicoss/rexport
its own. No page tells the columns of an export: they are as its
readers see them, among them https://github.com/abrignoni/RLEAPP (scripts/artifacts/reddit.py) and https://github.com/EpicenterHQ/epicenter.

Somebody is known by name ("reddit:u/anna"), for exports and old dumps have nothing else, and no name on Reddit is given out twice.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from kring.schema import Asked, Item, Membership, Note, Post, Record, Scope, Unread
from kring.sources import reddit_rows as row_of
from kring.sources import reddit_words as say
from kring.sources.pieces import Pieces
from kring.sources.reddit_listing import Given, Listings, is_saved_by_rexport
from kring.sources.reddit_tables import FULLER, Row, Table, table_of
from kring.wire import Page

TITLE = "Reddit"
READS = "posts, comments, messages and chats, votes, communities and people followed; threads and dumps with what everybody wrote (JSON)"
LACKS = "who voted; when its owner voted or followed; who was answered (in an export); which communities are private (in an export)"
PROVEN = ""

_AGAIN = "Get it from Reddit again and import that: nothing is counted twice."
_WHOSE = "Import it together with the statistics.csv of the same export, or say whose it is: --as reddit:NAME."
_KIND = re.compile(rb'"kind"\s*:\s*"(?:Listing|t[1-6]|more)"')
_WRAPPED = re.compile(rb'"data"\s*:\s*\{')
_BARE = re.compile(rb'"(?:link_id|selftext|parent_id|dest|is_self)"\s*:')
_EXPORT = re.compile(r"(?:^|/)export_([\w-]{3,20})_\d{8}\d*(?:\.zip)?(?:/|$)", re.ASCII)
_OWNERS = {
    "post_votes": "votes",
    "comment_votes": "votes",
    "friends": "friends",
    **dict.fromkeys(("subscribed_subreddits", "moderated_subreddits", "approved_submitter_subreddits"), "communities"),
}
"""Tables that mean nothing without knowing whose they are, and what they list."""
_MOST_REMEMBERED = 1_000
"""Of so many people in one chat it is remembered that they talk there; of a chat of a few all are addressed."""


def sniff(page: Page) -> float:
    """Tables by name and header, JSON by the words that only Reddit uses together."""
    if page.file.lower().endswith(".csv"):
        table = table_of(page)
        return 0.0 if table is None else 0.95 if len(table.columns) > 2 else 0.8
    head = page.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return 0.0
    if is_saved_by_rexport(head):
        return 0.95
    if _KIND.search(head) and _WRAPPED.search(head):
        return 0.95
    return 0.9 if b'"subreddit"' in head and b'"created_utc"' in head and _BARE.search(head) else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Page by page; the tables of one folder are one person's export."""
    pieces = Pieces(_AGAIN)
    exports: dict[str, list[Table]] = {}
    listings = Listings(pieces)
    for page in pages:
        if not page.head.strip():
            yield pieces.empty(page)
        elif table := table_of(page) if page.file.lower().endswith(".csv") else None:
            exports.setdefault(page.folder, []).append(table)
        elif page.file.lower().endswith(".csv"):
            yield from pieces.unknown(page.name, "a table without the columns that Reddit gives it", page.head)
        else:
            yield from listings.read(page)
    for folder, tables in exports.items():
        yield from _Export(folder, tables, asked, pieces).read()
    yield from pieces.rest()


class _Export:
    """The tables of one person."""

    def __init__(self, folder: str, tables: list[Table], asked: Asked, pieces: Pieces) -> None:
        self.folder, self.tables, self.pieces, self.given = folder, tables, pieces, Given()
        self.kinds = {table.kind for table in tables}
        self.said = asked.place.strip().removeprefix("u/")
        self.owner = ""
        self.chats: dict[str, dict[str, None]] = {}
        self.joined: set[tuple[str, str]] = set()
        self.told = False
        self.whole: dict[str, bool] = {}
        self.since: int | None = None
        self.until: int | None = None

    def read(self) -> Iterator[Item | Unread | Note]:
        yield from self._whose()
        for table in self.tables:
            fuller = FULLER.get(table.kind)
            if not table.columns:
                self.pieces.left_out(table.page, table.kind.replace("_", " "), table.n())
            elif fuller in self.kinds:
                self.pieces.left_out(table.page, f"the same as in {fuller}.csv, with less said of each", table.n())
            elif table.kind != "statistics":
                yield from self._table(table)
        if self.told and self.whole.get("posts") and self.whole.get("comments"):
            scope = Scope(account=self.owner, since=self.since, until=self.until)
            yield Item(self.folder or self.tables[0].page.name, self.owner.encode(), (scope,))

    def _whose(self) -> Iterator[Item | Note]:
        """As the statistics say, else as the user says, else as the export is called."""
        where, name = self.tables[0].page.name, ""
        for table in self.tables:
            for row in table.rows() if table.kind == "statistics" else ():
                said = row.cells.get("statistic", "").replace("_", " ")
                if said == "account name" and (name := say.name_of(row.cells["value"].strip())):
                    where, self.told = f"{table.page.name}, line {row.line}", True
                    break
        called = _EXPORT.search(self.folder)
        name = name or say.name_of(self.said) or (called[1] if called else "")
        self.owner = say.account_id(name)
        if name:
            yield Item(where, name.encode(), self.given.new((say.account(name, owner=True),)))
        elif self.kinds & {"posts", "comments", "post_headers", "comment_headers"}:
            yield Note(where=where, text=f"Nothing here says whose export this is, so nobody is the author of its posts. {_WHOSE}")

    def _table(self, table: Table) -> Iterator[Item | Unread]:
        page = table.page
        if (what := _OWNERS.get(table.kind)) and not self.owner:
            yield Unread(where=page.name, why=f"This table doesn't say whose {what} these are.", next=_WHOSE)
            return
        if table.encoding == "cp1252":
            why = "This file is not in UTF-8 as it should be; it was read as Windows-1252."
            yield Unread(where=page.name, why=why, next="Look whether letters with accents came out right.", kind="encoding")
        if table.kind == "chat_history":
            self._who_talks(table)
        self.whole.setdefault(table.kind, True)
        for row in table.rows():
            yield from self._row(table, row, f"{page.name}, line {row.line}")

    def _row(self, table: Table, row: Row, where: str) -> Iterator[Item | Unread]:
        if row.short:
            self.whole[table.kind] = False
            why = "This row is shorter than its table's header, and was left out."
            yield from self.pieces.losses.each(Unread(where=where, why=why, next=_AGAIN))
            return
        raw = msgspec.json.encode(row.cells)
        if b"\xef\xbf\xbd" in raw:
            why = "Some characters were not written as the format asks (UTF-8), or were NUL; the rest of the text was kept."
            self.pieces.losses.count(Unread(where=table.page.name, why=why, next=_AGAIN, kind="encoding"))
        records = self._records(table, row.cells)
        if records is None:
            self.whole[table.kind] = False
            yield from self.pieces.unknown(where, "a row without the number or name that it must have", raw)
            return
        if isinstance(post := records[-1] if records else None, Post):
            if post.at is None:
                yield from self.pieces.implausible(where, row.cells.get("date") or row.cells.get("created_at"), raw)
            elif table.kind in ("posts", "comments"):
                self.since, self.until = min(self.since or post.at, post.at), max(self.until or post.at, post.at)
        if records := [each for each in self.given.new(tuple(records)) if self._is_new(each)]:
            yield Item(where, raw, tuple(records))

    def _records(self, table: Table, cells: row_of.Cells) -> list[Record] | None:
        match table.kind:
            case "posts" | "post_headers":
                return row_of.posted(cells, self.owner)
            case "comments" | "comment_headers":
                return row_of.commented(cells, self.owner)
            case "post_votes" | "comment_votes":
                vote = row_of.voted(cells, self.owner, "t3" if table.kind == "post_votes" else "t1")
                self.pieces.left_out(table.page, "votes that were taken back", int(vote == []))
                return vote
            case "chat_history":
                return row_of.chatted(cells, self.chats.get(row_of.room_of(cells).id, ()))
            case "friends":
                return row_of.befriended(cells, self.owner)
            case "subscribed_subreddits" | "moderated_subreddits" | "approved_submitter_subreddits":
                return row_of.belongs(cells, self.owner, openly=table.kind != "subscribed_subreddits")
        return row_of.written(cells)

    def _who_talks(self, table: Table) -> None:
        """Who says something in each chat: they are the ones whom a line addresses."""
        for row in table.rows():
            if not row.short and (name := say.name_of(row.cells["username"].strip())):
                talking = self.chats.setdefault(row_of.room_of(row.cells).id, {})
                if len(talking) < _MOST_REMEMBERED:
                    talking[say.account_id(name)] = None

    def _is_new(self, record: Record) -> bool:
        """That somebody belongs somewhere is said once."""
        if not isinstance(record, Membership):
            return True
        new = (record.account, record.place) not in self.joined
        self.joined.add((record.account, record.place))
        return new
