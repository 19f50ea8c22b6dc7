"""Reads ActivityStreams 2.0 as any software writes it: an outbox, a collection or its pages, a single activity, post or account.

Documented at https://www.w3.org/TR/activitystreams-core/ and /activitystreams-vocabulary/; what the fediverse makes of it at
https://www.w3.org/TR/activitypub/ and in its FEPs (https://fediverse.codeberg.page/fep/). A file holds one object, one a line, a list, or a
collection. JSON-LD is read as these networks write it (compact, terms of the standard context); other forms of it are not expanded. The
archive that Mastodon and its relatives give, `mastodon` reads; both give the same ids, as `activitypub` explains.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Asked, Item, Note, Unread
from kring.sources.activitypub import ACTORS
from kring.sources.activitystreams_names import Names, address, kind_of
from kring.sources.activitystreams_posts import Untimely
from kring.sources.activitystreams_things import found, owner_of
from kring.sources.jsonpieces import pieces, start, values
from kring.sources.mending import decoded
from kring.sources.pieces import Known, Pieces
from kring.wire import Page

TITLE = "ActivityStreams 2.0"
READS = "posts, shares, likes, follows, polls, events, deletions and accounts, from any software; outboxes, collections, single objects"
LACKS = "what the file's maker left out; a page of a collection names the next, and doesn't hold it; times of likes and follows, often"
PROVEN = "Granary's pairs of ActivityStreams 1, 2 and Bluesky"

_DECODER = msgspec.json.Decoder(Any)
_LISTS = ("orderedItems", "items")
_AGAIN = "Get the file again where it came from and import that: nothing is counted twice."
_CONTEXT = re.compile(rb"https?://www\.w3\.org/ns/activitystreams")
_TYPE = re.compile(
    rb'"(?:@?type)"\s*:\s*"(?:as:)?(?:Create|Update|Delete|Announce|Like|Follow|Undo|Accept|Note|Article|Question|Event|Video|Audio|Tombstone'
    rb'|OrderedCollection|OrderedCollectionPage|Collection|CollectionPage)"'
)
_RELATION = re.compile(rb'"(?:attributedTo|actor|orderedItems|inReplyTo|partOf)"\s*:')
_LIST_ID = re.compile(rb'"(?:id|partOf)"\s*:\s*"([^"\s]{1,500})"')


def sniff(page: Page) -> float:
    """By the context that the standard wants, else by types and properties that only it has together."""
    head = page.head
    if start(page)[:1] not in (b"{", b"["):
        return 0.0
    if _CONTEXT.search(head):
        return 0.8
    return 0.6 if _TYPE.search(head) and _RELATION.search(head) else 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """First who the accounts in files of their own are called, then every page in turn."""
    told, names = Pieces(_AGAIN), Names(asked.zone)
    for page in pages:
        _learn(page, names)
    for page in pages:
        if not page.head.strip():
            yield told.empty(page)
        else:
            yield from _read_page(page, names, told)
    yield from told.rest()


def _learn(page: Page, names: Names) -> None:
    """An actor's file says what its account is called; nowhere else does its address need to."""
    if len(page.head) < 60_000 and b'"preferredUsername"' in page.head:
        for _, piece in pieces(page, ()):
            value: Any = decoded(_DECODER, piece.raw)[0]
            if isinstance(value, dict) and kind_of(value) in ACTORS and (known := names.actor(value)):
                names.accounts[address(value)] = known.id


def _read_page(page: Page, names: Names, told: Pieces) -> Iterator[Item | Unread]:
    before = re.split(rb'"(?:orderedItems|items)"', page.head, maxsplit=1)[0]
    lists = [owner_of(name.decode("utf-8", "replace")) for name in _LIST_ID.findall(before)] if len(before) < len(page.head) else []
    listed = next((each for each in lists if each[1]), ("", ""))
    for piece in values(page, _LISTS, told):
        if isinstance(piece, Unread):
            yield piece
            continue
        for each in found(piece.meant, names, listed if piece.where.rpartition(", ")[2].startswith("item ") else ("", "")):
            if isinstance(each, Untimely):
                yield from told.implausible(piece.where, each.written, piece.raw)
            elif not isinstance(each, Known) or each.records:
                yield from told.told(each, piece.where, piece.raw, page)
