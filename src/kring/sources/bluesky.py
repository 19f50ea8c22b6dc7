"""Reads what Bluesky's network gives: a repository (CAR), which holds all that one account made, and streams and answers in JSON.

    repository (.car)     com.atproto.sync.getRepo, or Settings, Account, "Export my data": signed blocks of CBOR, see `bluesky_car`
    Jetstream (NDJSON)    a line for each record that somebody makes, changes or deletes; also firehose commits and the API's answers
                          written as JSON, one in a file, one in a line or in a list; see `bluesky_json`
    a record (.cbor)      as it lies in a repository

Documented at https://atproto.com/specs/repository, /specs/data-model and /specs/sync, and as lexicons (`bluesky_records`). An id is the
record's address: "bluesky:at://did:plc:…/app.bsky.feed.post/3l…"; an account's is its DID, which stays when its name changes. Chat messages
are in none of these. A file is read twice: what lies where must be known before a record has an address.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kring.schema import Account, Asked, Event, Item, Note, Post, Scope, Unread
from kring.sources.bluesky_car import HEADER, Block, Tree, blocks, is_file
from kring.sources.bluesky_data import cbor, content_id, fault, is_did, time_of
from kring.sources.bluesky_json import LISTS, Written, found
from kring.sources.bluesky_records import PROFILE, READ, SIGNED_IN_ONLY, about_a_post, account_of, left_out, records_of
from kring.sources.jsonpieces import start, values
from kring.sources.losses import Losses
from kring.sources.moment import EARLIEST, LATEST
from kring.sources.pieces import Pieces
from kring.wire import LONGEST_RECORD, Page

TITLE = "Bluesky"
READS = (
    "an account's repository (CAR): its posts, quotes, likes, reposts, follows and name; Jetstream, firehose commits and API answers (JSON)"
)
LACKS = "chat messages; names of others (only their DIDs); what others answered or liked; blocks and lists are left out on purpose"
PROVEN = "a repository from a server (@atproto/pds), Jetstream's and the firehose's events, Indigo's fixtures, Granary's pairs"

_AGAIN = "Get the file again (Settings, Account, Export my data) and import that: nothing is counted twice."
_STREAM_AGAIN = "Get it again where it came from, if you can, and import that: nothing is counted twice."
_JETSTREAM = re.compile(rb'"time_us"\s*:\s*\d')
_KIND = re.compile(rb'"kind"\s*:\s*"(?:commit|identity|account)"')
_FIREHOSE = re.compile(rb'"repo"\s*:\s*"did:')
_TYPED = re.compile(rb'"\$type"\s*:\s*"app\.bsky\.')
_LEFT_OUT = "Known and left out on purpose"


def sniff(page: Page) -> float:
    """By the first bytes of a CAR, by the types that Bluesky's JSON and CBOR name, or by what only its streams have."""
    head = page.head
    if HEADER.match(head):
        return 1.0
    if b"app.bsky." in head[:4096] and b"e$type" in head[:4096] and head[:1] >= b"\xa1" and head[:1] <= b"\xbb":
        return 0.9
    if start(page)[:1] not in (b"{", b"["):
        return 0.3 if page.file.lower().endswith(".car") and not head else 0.0
    if _JETSTREAM.search(head) and _KIND.search(head) and b'"did:' in head:
        return 1.0
    if _TYPED.search(head) or (_FIREHOSE.search(head) and b'"ops"' in head and b'"blocks"' in head):
        return 0.9
    return 0.0


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Every page in turn, by what it is."""
    losses = Losses()
    for page in pages:
        if not page.head.strip():
            yield Unread(where=page.name, why="The file is empty.", next=_AGAIN)
        elif start(page)[:1] in (b"{", b"["):
            yield from _read_json(page, losses)
        elif HEADER.match(page.head) or page.file.lower().endswith(".car"):
            yield from _read_repository(page, losses)
        else:
            yield from _read_cbor(page, losses)
    yield from losses.rest()


# ---- a repository ---------------------------------------------------------------------------------------------------------------------------


class _Survey:
    """What the first reading of a repository finds out."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.root = b""
        self.commit: dict[str, Any] = {}
        self.raw = b""
        self.private: list[Block] = []
        self.whole = True

    def read(self, page: Page) -> None:
        with page.open() as stream:
            for block in blocks(stream):
                if not block.number:
                    self._header(block)
                elif block.problem:
                    self.whole = False
                elif block.address == self.root:
                    commit = cbor(block.raw)
                    self.commit, self.raw = (commit, block.raw) if block.right and isinstance(commit, dict) else ({}, b"")
                elif not self.tree.read(block) and SIGNED_IN_ONLY.encode() in block.raw and len(self.private) < 100:
                    self.private.append(block)

    def _header(self, block: Block) -> None:
        header = cbor(block.raw)
        roots = header.get("roots") if isinstance(header, dict) else None
        self.root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], bytes) else b""

    def did(self) -> str:
        """Whose repository it is; "" if no commit says so."""
        did, data = self.commit.get("did"), self.commit.get("data")
        return did if is_did(did) and isinstance(did, str) and isinstance(data, bytes) else ""


def _read_repository(page: Page, losses: Losses) -> Iterator[Item | Unread]:
    survey = _Survey()
    survey.read(page)
    if not (did := survey.did()):
        why = "This repository doesn't say whose it is: its commit is missing or broken, so nothing in it can be read."
        yield Unread(where=page.name, why=why, next=_AGAIN, raw=page.head[:4096])
        return
    tree = survey.tree
    tree.settle(survey.commit["data"])
    only_signed_in = any(f"{PROFILE}/self" in tree.paths(block) for block in survey.private)
    yield Item(page.name, survey.raw, (Account(id=account_of(did), url=f"https://bsky.app/profile/{did}", owner=True),))
    whole = survey.whole
    with page.open() as stream:
        for block in blocks(stream):
            for each in _read_block(page, block, survey, did, only_signed_in, losses):
                whole = whole and (isinstance(each, Item) or each.kind == "implausible-time")
                yield each
    yield from _lost(page, tree)
    if whole and tree.whole:
        made = time_of(survey.commit.get("rev"))
        until = made if made is not None and EARLIEST <= made < LATEST else None
        yield Item(page.name, survey.raw, (Scope(account=account_of(did), until=until),))


def _read_block(page: Page, block: Block, survey: _Survey, did: str, only_signed_in: bool, losses: Losses) -> Iterator[Item | Unread]:
    where = f"{page.name}, block {block.number}"
    if block.problem == "end":
        yield Unread(where=where, why="The file breaks off here; what stood before was kept.", next=_AGAIN, raw=block.raw[:4096])
    elif block.problem == "too-large":
        yield Unread(
            where=where, why="This record is longer than 64 MiB.", next="The rest was read.", kind="too-large", raw=block.raw[:4096]
        )
    elif block.problem:
        why = "This block is neither a record nor a file that Bluesky knows."
        yield from losses.each(Unread(where=where, why=why, next=_AGAIN, kind="unknown", raw=block.raw[:4096]))
    elif not block.number or block.address == survey.root or survey.tree.is_node(block):
        return
    elif is_file(block):
        losses.count(Unread(where=page.name, why=f"{_LEFT_OUT}: pictures and other media.", kind="skipped"))
    elif not (paths := survey.tree.paths(block)):
        why = "The repository's list names this record no more (or the part of the list that did is missing), so it was left out."
        losses.count(Unread(where=page.name, why=why, next="Nothing, if it was deleted.", kind="skipped", raw=block.raw[:4096]))
    elif not block.right:
        why = "This record isn't the one that the account signed (its checksum is another), so it was left out."
        yield from losses.each(Unread(where=where, why=why, next=_AGAIN, raw=block.raw[:4096]))
    else:
        record = cbor(block.raw)
        for path in paths:
            collection = path.partition("/")[0]
            written = Written(collection, record, f"at://{did}/{path}", did, "unlisted" if only_signed_in else "public")
            yield from _records(f"{page.name}, {path}", block.raw, written, losses)


def _lost(page: Page, tree: Tree) -> Iterator[Unread]:
    if tree.missing or tree.broken:
        why = "Parts of the repository's list are missing or broken: the records they name can't be found."
        yield Unread(where=page.name, why=why, next=_AGAIN, n=tree.missing + tree.broken)
    if tree.lost:
        why = "The repository's list names records that are not in the file."
        yield Unread(where=page.name, why=why, next=_AGAIN, n=tree.lost)


def _read_cbor(page: Page, losses: Losses) -> Iterator[Item | Unread]:
    """One record by itself: its content's id stands for the address it doesn't tell."""
    with page.open() as stream:
        raw = stream.read(LONGEST_RECORD)
    record = cbor(raw)
    kind = record.get("$type") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(kind, str):
        yield Unread(where=page.name, why="This file is broken: it holds no record of Bluesky's.", next=_AGAIN, raw=raw[:4096])
    else:
        yield from _records(page.name, raw, Written(kind, record, f"record:{content_id(record)}", ""), losses)


# ---- JSON -----------------------------------------------------------------------------------------------------------------------------------


def _read_json(page: Page, losses: Losses) -> Iterator[Item | Unread]:
    pieces = Pieces(_STREAM_AGAIN, losses)
    for piece in values(page, LISTS, pieces):
        if isinstance(piece, Unread):
            yield piece
            continue
        for each in found(piece.meant):
            if isinstance(each, Written):
                yield from _records(piece.where, piece.raw, each, losses)
            else:
                yield from pieces.told(each, piece.where, piece.raw, page)


# ---- one record -----------------------------------------------------------------------------------------------------------------------------


def _records(where: str, raw: bytes, written: Written, losses: Losses) -> Iterator[Item | Unread]:
    """A record's records, if it is one as the network allows, and one that is read."""
    collection, record = written.collection, written.record
    page = where.partition(", ")[0]
    if collection not in READ:
        losses.count(Unread(where=page, why=f"{_LEFT_OUT}: {left_out(collection)}.", kind="skipped"))
        return
    why = fault(record) or ("" if record.get("$type", collection) == collection else "it is of another kind than its address says")
    if why:
        why = f"This record was refused: {why}."
        yield from losses.each(Unread(where=where, why=why, next="The rest was read; nothing else to do.", raw=raw[:4096]))
        return
    if not about_a_post(collection, record):
        losses.count(Unread(where=page, why=f"{_LEFT_OUT}: likes of feeds and services.", kind="skipped"))
        return
    if "\0" in str(record.get("text", "")) and b"\\u0000" not in raw:
        losses.count(Unread(where=page, why="There were NUL characters in the text; they were left out.", kind="encoding"))
    given = tuple(records_of(collection, record, written.address, written.did, visibility=written.visibility))
    if not given:
        why = "This record doesn't say whose it is, or whom it is about; it was left out."
        yield from losses.each(Unread(where=where, why=why, next="The rest was read; nothing else to do.", raw=raw[:4096]))
        return
    if isinstance(given[0], Post | Event) and given[0].at is None:
        yield from losses.each(_implausible(where, record), alike="time")
    if written.edited_at is not None and isinstance(post := given[0], Post):
        given = (msgspec.structs.replace(post, edited=True, edited_at=written.edited_at), *given[1:])
    yield Item(where, raw, given)


def _implausible(where: str, record: dict[str, Any]) -> Unread:
    written = record.get("createdAt")
    why = f"Its time can't be right: {str(written)[:40] if written else 'none is given'}. It was kept without one."
    return Unread(where=where, why=why, next="Nothing, unless many are like this.", kind="implausible-time")
