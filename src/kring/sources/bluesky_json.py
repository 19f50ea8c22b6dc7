"""What stands in Bluesky's JSON, whoever wrote it: Jetstream's events, firehose commits, what the API answers, or a record by itself.

Jetstream       {"did", "time_us", "kind": commit, identity or account}   https://docs.bsky.app/blog/jetstream, version 1
firehose        {"repo", "ops", "blocks": {"$bytes": a CAR}, "time"}      https://atproto.com/specs/sync
API             posts as an app shows them ("feedViewPost", "threadViewPost", "postView"), with their authors' names and what they
                quote; lists of them ("feed", "posts", "thread"); "records" with their addresses (listRecords); profiles
a record        without the address that would say whose it is: its content's id stands for it
"""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from kring.schema import Account, Event, Visibility
from kring.sources.bluesky_car import blocks
from kring.sources.bluesky_data import bytes_in, cbor, content_id, is_did, is_path, parts, reference
from kring.sources.bluesky_records import POST, account_of, act, flags_of, inside, objects, taken_back, text_of, timed
from kring.sources.moment import EARLIEST, LATEST, Moment, moment
from kring.sources.pieces import Known, Left, Wrong

LISTS = ("feed", "posts", "records", "profiles", "thread")
_VIEWS = "app.bsky.feed.defs#"
_DEEPEST = 200


class Written(NamedTuple):
    """A record, not looked at yet: where it lies, whose it is, and how much of it the API shows to whom."""

    collection: str
    record: Any
    address: str
    did: str
    visibility: Visibility = "public"
    edited_at: int | None = None


Found = Written | Known | Left | Wrong


def found(value: Any) -> Iterator[Found]:
    """What an object gives; a Wrong if it is none of Bluesky's."""
    if not isinstance(value, dict):
        yield Wrong("is no object")
    elif "kind" in value and "did" in value:
        yield from _event(value)
    elif "ops" in value and "repo" in value:
        yield from _commit(value)
    else:
        yield from _shown(value)


# ---- Jetstream ------------------------------------------------------------------------------------------------------------------------------


def _event(event: dict[str, Any]) -> Iterator[Found]:
    did, kind = event["did"], event["kind"]
    about = event.get(kind) if isinstance(kind, str) else None
    if not is_did(did) or not isinstance(about, dict):
        yield Wrong("doesn't say what happened, or to whom")
    elif kind == "commit":
        yield _operation(
            did, about.get("operation"), about.get("collection"), about.get("rkey"), about.get("record"), _instant(event.get("time_us"))
        )
    elif kind == "identity" and (handle := text_of(about.get("handle"))):
        yield Known((Account(id=account_of(did), handle=f"@{handle}"),))
    elif kind == "account" and about.get("status") == "deleted":
        yield Known(
            (
                Event(
                    verb="remove",
                    actor=account_of(did),
                    object=account_of(did),
                    object_kind="account",
                    **timed(_instant(event.get("time_us"))),
                ),
            )
        )
    else:
        yield Left("changes of accounts without a name")


def _instant(microseconds: Any) -> Moment | None:
    right = isinstance(microseconds, int) and EARLIEST <= microseconds < LATEST
    return Moment(microseconds, 0, "UTC") if right else None


def _operation(did: str, operation: Any, collection: Any, key: Any, record: Any, when: Moment | None) -> Found:
    if not isinstance(collection, str) or not isinstance(key, str) or not parts(address := f"at://{did}/{collection}/{key}"):
        return Wrong("doesn't say which record it is about")
    if operation in ("create", "update"):
        return Written(collection, record, address, did, edited_at=when.at if when and operation == "update" else None)
    if operation != "delete":
        return Wrong("neither makes, changes nor deletes a record")
    gone = taken_back(collection, address, did, when)
    return Known((gone,)) if gone else Left("deletions of what Kring doesn't read")


# ---- the firehose, written as JSON ------------------------------------------------------------------------------------------------------------


def _commit(commit: dict[str, Any]) -> Iterator[Found]:
    from libipld import encode_cid

    did, raw, when = commit["repo"], bytes_in(commit.get("blocks")), moment(commit.get("time"))
    if not is_did(did) or raw is None:
        yield Wrong("doesn't say whose it is, or holds no records")
        return
    records = {
        encode_cid(block.address): block.raw for block in blocks(io.BytesIO(raw)) if not block.problem and block.number and block.right
    }
    for each in objects(commit.get("ops")):
        path, link = each.get("path"), inside(each, "cid", "$link")
        if not isinstance(path, str) or not is_path(path.encode("utf-8", "replace")):
            yield Wrong("doesn't say which record it is about")
            continue
        collection, _, key = path.partition("/")
        made = each.get("action") in ("create", "update")
        if made and link not in records:
            yield Wrong("names a record that isn't in it")
        else:
            yield _operation(did, each.get("action"), collection, key, cbor(records[link]) if made else None, when)


# ---- what the API shows -----------------------------------------------------------------------------------------------------------------------


def _shown(value: dict[str, Any]) -> Iterator[Found]:
    kind = value.get("$type")
    if isinstance(value.get("post"), dict):
        yield from _thread(value)
    elif isinstance(value.get("record"), dict) and "uri" in value:
        yield from _view(value, value["record"])
    elif isinstance(value.get("value"), dict) and "uri" in value:
        yield from _view(value, value["value"])
    elif is_did(value.get("did")) and isinstance(value.get("handle"), str):
        yield from _person(value)
    elif any(isinstance(value.get(key), list | dict) for key in LISTS):
        for key in LISTS:
            for each in objects([value.get(key)]) or objects(value.get(key)):
                yield from _shown(each)
    elif isinstance(kind, str) and kind.startswith(_VIEWS):
        yield Left("posts that the network doesn't show")
    elif isinstance(kind, str) and kind.startswith("app.bsky."):
        yield Written(kind, value, f"record:{content_id(value)}", "")
    else:
        yield Wrong("is nothing that Bluesky writes")


def _thread(value: dict[str, Any]) -> Iterator[Found]:
    """A post with what it answers, what was answered, and who shared it; without a call for each level of the answers."""
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        post, reason = each.get("post"), each.get("reason")
        if isinstance(post, dict):
            yield from _view(post, post.get("record"))
            if inside(reason, "$type") == f"{_VIEWS}reasonRepost":
                yield from _share(reason, post)
        reply = each.get("reply")
        around = [each.get("parent"), inside(reply, "root"), inside(reply, "parent"), *objects(each.get("replies"))]
        for other in objects(around):
            if "post" not in other and "record" not in other:
                yield Left("posts that the network doesn't show")
            elif depth < _DEEPEST:
                waiting.append((other if "post" in other else {"post": other}, depth + 1))


def _view(post: dict[str, Any], record: Any) -> Iterator[Found]:
    """A record as it is shown: with its author, and the post that it quotes."""
    there, author = parts(post.get("uri")), post.get("author")
    named = inside(author, "did")
    did = named if is_did(named) else there[0] if there and is_did(there[0]) else ""
    if isinstance(author, dict):
        yield from _person(author)
    kind = inside(record, "$type")
    collection = there[1] if there and there[1].count(".") > 1 else kind if isinstance(kind, str) else POST
    address = reference(post.get("uri")) or (f"record:{content_id(record)}" if isinstance(record, dict) else "")
    yield Written(collection, record, address, did, _visibility(author))
    quoted = inside(post, "embed", "record", "record") or inside(post, "embed", "record")
    if isinstance(quoted, dict) and isinstance(quoted.get("value"), dict) and quoted.get("uri"):
        yield from _view({**quoted, "embed": None}, quoted["value"])


def _visibility(author: Any) -> Visibility:
    return "unlisted" if "signed-in-only" in flags_of(author) else "public"


def _person(author: dict[str, Any]) -> Iterator[Found]:
    did, handle = author.get("did"), text_of(author.get("handle"))
    if isinstance(did, str) and is_did(did):
        handle = f"@{handle}" if handle and handle != "handle.invalid" else ""
        url = f"https://bsky.app/profile/{did}"
        flags = flags_of(author)
        yield Known((Account(id=account_of(did), handle=handle, name=text_of(author.get("displayName")), url=url, flags=flags),))


def _share(reason: Any, post: dict[str, Any]) -> Iterator[Found]:
    by, object = inside(reason, "by", "did"), reference(post.get("uri"))
    if not isinstance(by, str) or not is_did(by) or not object:
        return
    yield from _person(reason["by"])
    event = act("share", by, object, moment(reason.get("indexedAt")), reference(reason.get("uri")))
    yield Known((event,))
