"""The tables of a circle, as SQLAlchemy sees them; `migrations/` makes them, and a test holds the two equal.

Ids of networks are long and indexes on them double them, so a record is found by `key`, a 64-bit hash of its id, and told apart by the id
itself. Everything else refers to a record by `node`, its row number. A reply refers to its parent by the parent's key, so that it does not
matter which of the two arrives first.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

POST, EVENT, ACCOUNT, PLACE, MEMBERSHIP = 1, 2, 3, 4, 5
"""What a row of `record_run` stands for."""


def _node() -> Column[int]:
    return Column("node", Integer, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


word = Table("word", metadata, _node(), Column("text", Text, nullable=False, unique=True))
"""Short strings that return often: zones, languages."""

run = Table(
    "run",
    metadata,
    _node(),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    _text("state"),  # running, stopped, done, undone
    _text("name"),
    _text("digest"),
    _text("sources"),
    _text("zone"),
    _text("place"),
    _text("basis"),
    _text("purpose"),
    Column("keep_until", BigInteger),
    _text("version"),
)

account = Table(
    "account",
    metadata,
    _node(),
    Column("key", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    _text("handle"),
    _text("name"),
    _text("kind"),
    _text("url"),
    Column("owner", Integer, nullable=False, server_default="0"),
    _text("flags"),  # words of `schema.Flag`, a space between them
    Index("account_key", "key"),
)

place = Table(
    "place",
    metadata,
    _node(),
    Column("key", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    _text("kind"),
    _text("name"),
    _text("url"),
    Index("place_key", "key"),
)

membership = Table(
    "membership",
    metadata,
    _node(),
    Column("key", BigInteger, nullable=False),
    Column("account", Integer, ForeignKey("account.node"), nullable=False),
    Column("place", Integer, ForeignKey("place.node"), nullable=False),
    Column("since", BigInteger),
    Column("until", BigInteger),
    Index("membership_key", "key"),
)

post = Table(
    "post",
    metadata,
    _node(),
    Column("key", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("author", Integer, ForeignKey("account.node")),
    Column("at", BigInteger),
    Column("offset_s", Integer),
    Column("zone", Integer, ForeignKey("word.node")),
    Column("language", Integer, ForeignKey("word.node")),
    Column("place", Integer, ForeignKey("place.node")),
    Column("visibility", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("reply_key", BigInteger),
    Column("thread_key", BigInteger),
    Column("score", Integer),
    Column("edited_at", BigInteger),
    Column("reply_to", Text),
    Column("thread", Text),
    Column("url", Text),
    Column("extra", Text),
    Column("title", Text),
    Column("text", Text),
    Index("post_key", "key"),
)

mention = Table(
    "mention",
    metadata,
    Column("post", Integer, ForeignKey("post.node"), primary_key=True),
    Column("account", Integer, ForeignKey("account.node"), primary_key=True),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    _node(),
    Column("key", BigInteger, nullable=False),
    Column("id", Text),
    Column("verb", Text, nullable=False),
    Column("actor", Integer, ForeignKey("account.node")),
    Column("object_kind", Text, nullable=False),
    Column("object_key", BigInteger, nullable=False),
    Column("object", Text, nullable=False),
    Column("receiver", Integer, ForeignKey("account.node")),
    Column("at", BigInteger),
    Column("offset_s", Integer),
    Column("zone", Integer, ForeignKey("word.node")),
    Column("place", Integer, ForeignKey("place.node")),
    Column("visibility", Integer, nullable=False),
    Column("text", Text),
    Index("event_key", "key"),
)

record_run = Table(
    "record_run",
    metadata,
    Column("kind", Integer, primary_key=True),
    Column("node", Integer, primary_key=True),
    Column("run", Integer, ForeignKey("run.node"), primary_key=True),
    Column("raw", Integer),
    Column("body", LargeBinary),
    sqlite_with_rowid=False,
)
"""Which run brought which record. `body`: the record as this run gave it, where it differs from what stands in the table."""

raw = Table("raw", metadata, _node(), Column("body", LargeBinary, nullable=False))
"""The piece of the export as it came, compressed (see `raw.py`)."""

dictionary = Table(
    "dictionary", metadata, _node(), Column("source", Text, nullable=False, unique=True), Column("body", LargeBinary, nullable=False)
)
"""What the pieces of one source share, to compress them with (see `raw.py`)."""

scope = Table(
    "scope",
    metadata,
    _node(),
    Column("run", Integer, ForeignKey("run.node"), nullable=False),
    Column("account", Integer, ForeignKey("account.node")),
    Column("place", Integer, ForeignKey("place.node")),
    Column("since", BigInteger),
    Column("until", BigInteger),
)

unread = Table(
    "unread",
    metadata,
    _node(),
    Column("run", Integer, ForeignKey("run.node"), nullable=False),
    _text("kind"),
    _text("place"),
    _text("why"),
    _text("next"),
    Column("n", Integer, nullable=False),
    Column("raw", LargeBinary),
    Index("unread_run", "run"),
)

note = Table("note", metadata, _node(), Column("run", Integer, ForeignKey("run.node"), nullable=False), _text("place"), _text("text"))

claim = Table(
    "claim",
    metadata,
    _node(),
    _text("kind"),  # us, same, apart, affiliation
    _text("subject"),  # an account's id
    _text("object"),  # of same and apart the other account's id; of an affiliation the group
    _text("reason"),
    _text("author"),
    Column("at", BigInteger, nullable=False),
    Column("undone_at", BigInteger),
    _text("rule"),  # the rule that suggested it; "" where somebody said it of his own accord
    Column("since", BigInteger),
    Column("until", BigInteger),
    Index("claim_subject", "subject"),
)
"""What somebody said about accounts and can take back; never changed but by `undone_at`. Persons are derived from it (see `partition.py`)."""

consent = Table(
    "consent",
    metadata,
    _node(),
    _text("who"),  # an account's id
    _text("scope"),
    _text("answer"),  # yes, no, unknown
    _text("evidence"),
    Column("at", BigInteger, nullable=False),
    Index("consent_who", "who"),
)
"""A log, not a flag: the latest row for a person and scope counts."""

same_person = Table("same_person", metadata, Column("account", Text, primary_key=True), Column("person", Text, nullable=False))
"""Accounts of people who have several, as the claims say (`claims.py` keeps it in step): what one of them was asked, or refused, holds for all.
The view `stance` joins it to the consent log."""

suppression = Table(
    "suppression",
    metadata,
    _node(),
    _text("scope"),  # what the mac is made of: account, post, name … (see `suppress.py`)
    Column("mac", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("suppression_mac", "mac"),
)
"""Who was erased and stays away, told only by keyed hashes."""

finding = Table(
    "finding", metadata, _node(), _text("measure"), _text("asked"), _text("cut"), Column("at", BigInteger, nullable=False), _text("body")
)

job = Table(
    "job",
    metadata,
    _node(),
    _text("verb"),
    _text("state"),  # running, done, stopped, failed
    _text("message"),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("process", Integer),
)

audit = Table(
    "audit",
    metadata,
    _node(),
    Column("at", BigInteger, nullable=False),
    _text("who"),
    _text("what"),
    _text("details"),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary),
    Column("link", LargeBinary),
)
"""Only grows (two triggers see to it); see `chain.py`."""

audit_head = Table(
    "audit_head", metadata, _node(), Column("entries", BigInteger, nullable=False), Column("link", LargeBinary, nullable=False)
)
"""One row: how many entries the audit log has, and its last link; written by a trigger with each entry."""
