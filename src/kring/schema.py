"""The words that every room shares: what a reader gives, what the store keeps, what a measure finds.

ActivityStreams 2.0 is the language between networks; where it has a word, that word is used.

Account     One handle on one network. `id` is the network's own string with the network in front ("mastodon:https://town.example/users/anna").
            Where a network gives none (WhatsApp), id = network + chat + name as written.
Person      Accounts believed to be one human or organisation. A merge is a claim: previewed, reversible, remembered.
Post        A note, article, question, answer, review, message or page: author, time, text, what it replies to, thread, place, visibility.
            Where a network gives no id: place, time, author, text hash and ordinal among equals, so that two members' exports meet.
Event       An actor did something to an object at a time: follow, like, share, join, leave, accept, vouch, meet, undo …
Place       A chat, list, forum, group or server; Membership says who belongs to it.
Scope       What an export holds whole: all that one account did, or all that was said in one place. Without it a tie is seen from one end only,
            and one person's export is a star around its owner, in which distances mean nothing.
Time        `at` is UTC in microseconds since 1970; `offset_s` leads back to the local time as written (local = at + offset_s); `zone` is the
            zone as known ("UTC", "+02:00", "Europe/Amsterdam") or "" where nobody said. A delay across unknown zones is "can't tell".
Visibility  public, unlisted, followers, place, direct. Place and direct posts count only for that place's members and our own response rate.
Unread      What could not be read, where, why and what to do: counted, shown, never dropped, never a crash.
Item        One raw piece of an export, as it came, and the records it gives.
Run         One import or collection, with basis, purpose and keep-until. Undoing a run removes what only it brought.
Tie         Typed, directed, with a count and first and last time, between persons; always derived.
Finding     One figure with all that is needed to believe it, or not to.
Us          The accounts that are our own. Without them "response rate" asks who we are and never says 0%.
Circle      One folder with one organisation's data.
"""

from typing import Literal

import msgspec

PostKind = Literal["note", "article", "question", "answer", "review", "message", "page"]
Verb = Literal[
    "follow", "like", "dislike", "share", "join", "leave", "accept", "vote", "block", "add", "remove", "create", "update", "undo", "vouch"
]
Visibility = Literal["public", "unlisted", "followers", "place", "direct"]
AccountKind = Literal["unknown", "person", "organisation", "group", "bot"]
PlaceKind = Literal["chat", "list", "forum", "group", "server"]
Flag = Literal["no-bot", "no-index", "no-discovery", "signed-in-only", "locked", "open"]
"""What an account asks of others, as its network tells: no bots ("#nobot" in its description), not to be found by search, not to be suggested,
not to be shown to who isn't signed in, followers only after asking. "open": the network tells, and none of these is asked."""

VISIBILITIES: tuple[Visibility, ...] = ("public", "unlisted", "followers", "place", "direct")
PRIVATE: tuple[Visibility, ...] = ("followers", "place", "direct")
FEWEST_PEOPLE = 10
"""The smallest cell: nothing is said about fewer people than this in reports, exports and public pages (DESIGN.md, "Small cells")."""


class Account(msgspec.Struct, frozen=True, kw_only=True, tag="account", omit_defaults=True):
    """One handle on one network."""

    id: str
    handle: str = ""
    name: str = ""
    kind: AccountKind = "unknown"
    url: str = ""
    owner: bool = False
    """The export says that it belongs to this account: Kring proposes it as one of *us*, and never decides."""
    flags: tuple[Flag, ...] = ()
    """What its owner asks of others; empty where the network doesn't tell."""


class Place(msgspec.Struct, frozen=True, kw_only=True, tag="place", omit_defaults=True):
    """Where people talk: a chat, list, forum, group or server."""

    id: str
    kind: PlaceKind
    name: str = ""
    url: str = ""


class Membership(msgspec.Struct, frozen=True, kw_only=True, tag="membership", omit_defaults=True):
    """An account belongs to a place; `since` and `until` are UTC microseconds where known."""

    account: str
    place: str
    since: int | None = None
    until: int | None = None


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture, sound, film or file beside a post: what is known of it, never the bytes."""

    kind: Literal["image", "video", "audio", "sticker", "document", "contact", "location", "poll", "unknown"] = "unknown"
    name: str = ""
    text: str = ""
    """The description its author gave (alt text)."""


class Post(msgspec.Struct, frozen=True, kw_only=True, tag="post", omit_defaults=True):
    """Something somebody said."""

    id: str
    kind: PostKind
    author: str = ""
    """Account id; "" where the network no longer says."""
    at: int | None = None
    """UTC microseconds; None where no believable time was given."""
    offset_s: int | None = None
    """Seconds to add to `at` to get the local time as written; None where the local time is not known."""
    zone: str = ""
    """The zone, or "" where it is not known: then `at` takes the local time for UTC, and says so here."""
    text: str = ""
    """Plain text; quoted lines begin with "> "."""
    title: str = ""
    language: str = ""
    """BCP 47 tag as the network gave it."""
    reply_to: str = ""
    """Post id."""
    thread: str = ""
    """Id of the first post of the thread, or the network's own string for it; "" where the post stands alone or the network doesn't say."""
    place: str = ""
    visibility: Visibility = "public"
    mentions: tuple[str, ...] = ()
    """Account ids of the people addressed."""
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    url: str = ""
    score: int | None = None
    edited_at: int | None = None
    edited: bool = False
    deleted: bool = False
    """The network says that its author took it back."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag="event", omit_defaults=True):
    """An actor did something to an object: an account, a post or a place, by `id`. An account that removes itself was deleted by its owner."""

    verb: Verb
    actor: str
    """Account id; "" where the network doesn't say who did it (many lines of a chat)."""
    object: str
    """Id of the account, post or place it was done to."""
    object_kind: Literal["account", "post", "place"]
    receiver: str = ""
    """Id of the account it was done to, where the network names it beside a post that may not be here (the author of what is shared)."""
    at: int | None = None
    offset_s: int | None = None
    zone: str = ""
    place: str = ""
    visibility: Visibility = "public"
    text: str = ""
    """For system messages of a chat: the line as written."""
    id: str = ""
    """The network's own id of the act; "" where it has none: then verb, actor, object, time make it the same act twice."""


class Scope(msgspec.Struct, frozen=True, kw_only=True, tag="scope", omit_defaults=True):
    """What this export holds whole. Exactly one of `account` and `place` is given."""

    account: str = ""
    """All that this account did is in the export."""
    place: str = ""
    """All that was said in this place is in the export."""
    since: int | None = None
    until: int | None = None


Record = Account | Place | Membership | Post | Event | Scope


class Item(msgspec.Struct, frozen=True, tag="item"):
    """One raw piece of an export, as it came, and the records it gives."""

    where: str
    """Place in the export for a person to find it: "outbox.json, item 17", "_chat.txt, line 33"."""
    raw: bytes
    records: tuple[Record, ...]


class Unread(msgspec.Struct, frozen=True, kw_only=True, tag="unread", omit_defaults=True):
    """What could not be read, or only in part."""

    where: str
    why: str
    """What happened, in a sentence."""
    next: str = ""
    """What the user can do about it."""
    kind: Literal["broken", "unknown", "hostile", "too-large", "implausible-time", "encoding", "skipped"] = "broken"
    """`skipped` is for what is known and left out on purpose (pictures, settings)."""
    n: int = 1
    """How many things this stands for."""
    raw: bytes = b""
    """At most the first 4 KiB of it."""


class Note(msgspec.Struct, frozen=True, kw_only=True, tag="note"):
    """Something a reader decided from the whole file and says aloud (day/month order, a chat's name)."""

    where: str
    text: str


class Proposed(msgspec.Struct, frozen=True, kw_only=True, tag="claim", omit_defaults=True):
    """What another circle of Kring said of people; here it holds only once its user agrees."""

    kind: Literal["same", "apart", "affiliation"]
    subject: str
    object: str
    """The other account; of an affiliation the group."""
    reason: str = ""
    since: int | None = None
    until: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the user said when importing: passed to every reader."""

    zone: str = ""
    """IANA name or offset of the local times in the export (`--zone`)."""
    place: str = ""
    """What to call the chat, list or site where the export doesn't say (`--as whatsapp:Name`)."""
    columns: tuple[tuple[str, str], ...] = ()
    """What the columns of a plain table hold: pairs of a role and a column's name (`--columns author=Wie`)."""


IntervalOf = Literal["none", "estimator", "sampling of people", "model"]


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the rows behind a figure, with what was found about it alone."""

    row: int | str
    """As in `Finding.rows`: a row number from a measure, an id once a verb has opened it."""
    value: float | int | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    because: str = ""
    """Why, in words that the one it is about can check: "helped 14 people in 3 groups; 9 thanked"."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, with all that is needed to believe it, or not to. `value=None` with a warning means "too few to say"."""

    name: str
    value: float | int | None
    low: float | None = None
    high: float | None = None
    interval_of: IntervalOf = "none"
    """What the interval is an interval of; "none": the value is exact."""
    n: int = 0
    """How many things the value rests on, in units of `n_of`."""
    n_of: str = "people"
    unit: str = ""
    method: str = ""
    seed: int | None = None
    paper: str = ""
    warning: str = ""
    boundary: str = ""
    """Whose exports, and which ties are seen from both ends."""
    by: tuple[tuple[str, str], ...] = ()
    """What this figure is a part of: (("period", "2024-03"),) or (("kind", "reply"),)."""
    series: tuple[tuple[float | int | str, float | int | None], ...] = ()
    """For a distribution or a curve: (x, y) pairs."""
    rows: tuple[int | str | Row, ...] = ()
    """The rows behind it: row numbers of `rows_of` from a measure, ids once a verb has opened them; a `Row` where something is told of each."""
    rows_of: Literal["", "post", "person", "tie"] = ""
    cut: str = ""
    """The data cut: when the store was read, and how far its data goes."""
    version: str = ""

    @property
    def row_ids(self) -> tuple[int | str, ...]:
        """The rows behind it, without what is told of each."""
        return tuple(row.row if isinstance(row, Row) else row for row in self.rows)
