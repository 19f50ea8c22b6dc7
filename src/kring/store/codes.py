"""Records as rows and rows as records: the numbers that stand for words in the tables, and the way there and back."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import cast, get_args

import msgspec
from sqlalchemy import Connection

from kring.schema import VISIBILITIES, Event, Media, Post, PostKind

# Numbers stand in databases that exist: add at the end, never reorder.
POST_KINDS: tuple[PostKind, ...] = ("note", "article", "question", "answer", "review", "message", "page")
POST_KIND = {kind: number for number, kind in enumerate(POST_KINDS)}
VISIBILITY = {name: number for number, name in enumerate(VISIBILITIES)}
EDITED, DELETED = 1, 2
assert set(POST_KINDS) == set(get_args(PostKind))


class Extra(msgspec.Struct, frozen=True, omit_defaults=True):
    """What few posts have and no question asks by."""

    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode_extra = msgspec.json.Decoder(Extra).decode


def tags_of(extra: str | None) -> tuple[str, ...]:
    """The hashtags in the `extra` of a post."""
    return _decode_extra(extra).tags if extra else ()


def word_node(connection: Connection, text: str) -> int:
    """The row of a short string that returns often; made if need be."""
    connection.exec_driver_sql("INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING", (clean(text),))
    return int(connection.exec_driver_sql("SELECT node FROM word WHERE text = ?", (clean(text),)).scalar_one())


def key_of(id: str) -> int:
    """The 64-bit hash by which an id is found."""
    return int.from_bytes(hashlib.blake2b(id.encode("utf-8", "replace"), digest_size=8).digest(), "little", signed=True)


def event_key(event: Event) -> int:
    """The hash by which the same act is found again, also where the network gives it no id."""
    if event.id:
        return key_of(event.id)
    return key_of("\0".join((event.verb, event.actor, event.object_kind, event.object, str(event.at), event.place, event.text)))


def clean(text: str) -> str:
    """Text that every database can hold: no NUL, no half characters."""
    if text.isascii():
        return text if "\0" not in text else text.replace("\0", "")
    return text.encode("utf-8", "replace").decode().replace("\0", "")


POST_COLUMNS = (
    "node, key, id, kind, author, at, offset_s, zone, language, place, visibility, flags, reply_key, thread_key, score, edited_at,"
    " reply_to, thread, url, extra, title, text"
)
POST_SLOTS = ",".join("?" * len(POST_COLUMNS.split(",")))
Row = tuple[object, ...]
NodeOf = Callable[[str], int | None]


def post_row(node: int, key: int, post: Post, account: NodeOf, place: NodeOf, word: NodeOf) -> Row:
    """A post as a row of `post`, in the order of POST_COLUMNS."""
    extra = _encode(Extra(post.tags, post.media)).decode() if post.tags or post.media else None
    return (
        node,
        key,
        clean(post.id),
        POST_KIND[post.kind],
        account(post.author),
        post.at,
        post.offset_s,
        word(post.zone),
        word(post.language),
        place(post.place),
        VISIBILITY[post.visibility],
        (EDITED if post.edited else 0) | (DELETED if post.deleted else 0),
        key_of(post.reply_to) if post.reply_to else None,
        key_of(post.thread) if post.thread else None,
        post.score,
        post.edited_at,
        clean(post.reply_to) or None,
        clean(post.thread) or None,
        clean(post.url) or None,
        extra and clean(extra),
        clean(post.title) or None,
        clean(post.text) or None,
    )


def load_posts(connection: Connection, nodes: Sequence[int]) -> dict[int, Post]:
    """Posts as records by row number; costs one look per 500."""
    posts: dict[int, Post] = {}
    for start in range(0, len(nodes), 500):
        some = ",".join(str(int(node)) for node in nodes[start : start + 500])
        mentions: dict[int, list[str]] = {}
        for post, id in connection.exec_driver_sql(
            f"SELECT m.post, a.id FROM mention m JOIN account a ON a.node = m.account WHERE m.post IN ({some}) ORDER BY m.post, a.id"
        ):
            mentions.setdefault(post, []).append(id)
        rows = connection.exec_driver_sql(
            "SELECT p.node, p.id, p.kind, a.id, p.at, p.offset_s, z.text, l.text, pl.id, p.visibility, p.flags, p.score, p.edited_at, p.reply_to,"
            " p.thread, p.url, p.extra, p.title, p.text FROM post p LEFT JOIN account a ON a.node = p.author LEFT JOIN place pl ON pl.node = p.place"
            f" LEFT JOIN word z ON z.node = p.zone LEFT JOIN word l ON l.node = p.language WHERE p.node IN ({some})"
        )
        for row in rows:
            posts[row[0]] = _post(tuple(row), tuple(mentions.get(row[0], ())))
    return posts


def _post(row: Row, mentions: tuple[str, ...]) -> Post:
    extra = _decode_extra(cast(str, row[16])) if row[16] else Extra()
    values: Mapping[str, object] = {
        "id": row[1],
        "kind": POST_KINDS[cast(int, row[2])],
        "author": row[3] or "",
        "at": row[4],
        "offset_s": row[5],
        "zone": row[6] or "",
        "language": row[7] or "",
        "place": row[8] or "",
        "visibility": VISIBILITIES[cast(int, row[9])],
        "edited": bool(cast(int, row[10]) & EDITED),
        "deleted": bool(cast(int, row[10]) & DELETED),
        "score": row[11],
        "edited_at": row[12],
        "reply_to": row[13] or "",
        "thread": row[14] or "",
        "url": row[15] or "",
        "tags": extra.tags,
        "media": extra.media,
        "title": row[17] or "",
        "text": row[18] or "",
        "mentions": mentions,
    }
    return Post(**values)  # type: ignore[arg-type]


def as_stored(post: Post) -> Post:
    """The post as it will come back from the store: cleaned, mentions in order and once; of one that was taken back, that it was there."""
    if post.deleted:
        post = msgspec.structs.replace(post, text="", title="", tags=(), media=(), mentions=())
    return msgspec.structs.replace(
        post,
        id=clean(post.id),
        reply_to=clean(post.reply_to),
        thread=clean(post.thread),
        url=clean(post.url),
        title=clean(post.title),
        text=clean(post.text),
        mentions=tuple(sorted({clean(m) for m in post.mentions if m})),
        author=clean(post.author),
        place=clean(post.place),
    )
