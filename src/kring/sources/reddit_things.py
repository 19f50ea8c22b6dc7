"""One thing of Reddit's, as its API and the dumps made from that give it: a submission, a comment, a private message, a community, somebody.

https://www.reddit.com/dev/api and https://github.com/reddit-archive/reddit/wiki/JSON tell what stands in them; the fields of dumps follow
https://github.com/ArthurHeitmann/arctic_shift (schemas, file_content_explanations.md). Any field may be missing or of another type.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from kring.schema import Event, Media, Post, Record
from kring.sources import reddit_words as say
from kring.sources.jsonpieces import dict_of, dicts_of
from kring.sources.moment import counted
from kring.sources.pieces import Known, Left, Wrong


class Thing(msgspec.Struct):
    """A thing, wrapped (`kind` and `data`) as in listings or bare as in dumps."""

    kind: Any = None
    data: msgspec.Raw = msgspec.Raw()
    children: msgspec.Raw = msgspec.Raw()
    replies: msgspec.Raw = msgspec.Raw()
    id: Any = None
    name: Any = None
    author: Any = None
    subreddit: Any = None
    subreddit_type: Any = None
    created_utc: Any = None
    edited: Any = None
    score: Any = None
    score_hidden: Any = None
    hide_score: Any = None
    permalink: Any = None
    context: Any = None
    title: Any = None
    selftext: Any = None
    url: Any = None
    is_self: Any = None
    is_video: Any = None
    post_hint: Any = None
    gallery_data: Any = None
    poll_data: Any = None
    link_flair_text: Any = None
    crosspost_parent: Any = None
    crosspost_parent_list: Any = None
    removed_by_category: Any = None
    body: Any = None
    link_id: Any = None
    parent_id: Any = None
    subject: Any = None
    dest: Any = None
    first_message_name: Any = None
    count: Any = None
    display_name: Any = None
    link_karma: Any = None
    meta: Any = msgspec.field(default=None, name="_meta")


_MOST_MEDIA = 100
_LEFT_OUT = {
    "t6": "trophies",
    "TrophyList": "trophies",
    "LabeledMulti": "people's own collections of communities",
    "wikipage": "pages of wikis",
}
_TAKEN_BACK_BY = (None, "deleted", "author")
"""Who took away what a dump still holds (`removal_type`): the author, or nobody says who. All else are moderators and Reddit."""


def kind_of(thing: Thing) -> str:
    """Reddit's word for what a thing is: said where it is wrapped, told from its fields where it is bare."""
    if isinstance(thing.kind, str) and thing.data:
        return thing.kind
    if thing.dest is not None or thing.first_message_name is not None:
        return "t4"
    if thing.link_id is not None or (thing.body is not None and thing.title is None):
        return "t1"
    if thing.title is not None and thing.subreddit is not None:
        return "t3"
    return "t5" if thing.display_name is not None else "t2" if thing.link_karma is not None else ""


def told(kind: str, thing: Thing) -> Known | Left | Wrong:
    """What a thing says."""
    if kind in _LEFT_OUT:
        return Left(_LEFT_OUT[kind])
    if kind not in ("t1", "t2", "t3", "t4", "t5"):
        return Wrong(f"a thing of the kind “{kind[:40]}”" if kind else "a thing that is no post, comment or message", unknown=True)
    if kind == "t5":
        place = say.place_of(say.name_of(thing.display_name))
        return Known((place,)) if place else Wrong("a community without a name", unknown=True)
    if kind == "t2":
        name = say.name_of(thing.name)
        return Known((say.account(name),)) if name else Wrong("an account without a name", unknown=True)
    id = say.fullname(thing.id, kind) or say.named(thing.name)
    if not id:
        return Wrong("a thing without its number", unknown=True)
    return Known(tuple(_message(id, thing) if kind == "t4" else _post(id, kind, thing)))


def _post(id: str, kind: str, thing: Thing) -> Iterator[Record]:
    """A submission or a comment, who wrote it and where."""
    if place := say.place_of(say.name_of(thing.subreddit)):
        yield place
    submission = kind == "t3"
    name = say.name_of(thing.author)
    said = say.words(thing.selftext if submission else thing.body, escaped=True)
    taken_back = said.taken_back or is_taken_back(thing)
    text = "" if taken_back else said.text
    if name:
        yield say.account(name, bot=say.says_it_is_a_bot(name, text))
    author, at, edited_at = say.account_id(name), counted(thing.created_utc), _edited_at(thing)
    visibility = say.visibility(thing.subreddit_type)
    thread = id if submission else say.named(thing.link_id) or say.thread_in(thing.context) or say.thread_in(thing.permalink)
    yield Post(
        id=id,
        kind="article" if submission else "note",
        author=author,
        at=at,
        zone="" if at is None else "UTC",
        text=text if taken_back or not submission else _with_link(text, thing),
        title=say.title(thing.title, escaped=True) if submission and not taken_back else "",
        reply_to="" if submission else say.named(thing.parent_id),
        thread=thread,
        place=place.id if place else "",
        visibility=visibility,
        mentions=say.mentions(text, author),
        tags=(flair,) if submission and (flair := say.title(thing.link_flair_text, escaped=True)) else (),
        media=tuple(_media(thing)) if submission and not taken_back else (),
        url=say.address(thing.permalink) or _url(id, thread),
        score=_score(thing),
        edited_at=edited_at,
        edited=edited_at is not None or thing.edited is True,
        deleted=taken_back,
    )
    original = say.named(thing.crosspost_parent) if submission else ""
    if original and author:
        receiver = say.account_id(say.name_of(next(iter(dicts_of(thing.crosspost_parent_list)), {}).get("author")))
        share = Event(
            verb="share", actor=author, object=original, object_kind="post", receiver=receiver, at=at, zone="" if at is None else "UTC"
        )
        yield msgspec.structs.replace(share, place=place.id if place else "", visibility=visibility)


def is_taken_back(thing: Thing) -> bool:
    """The author took it back, at once or after the dump first saw it."""
    if thing.removed_by_category == "deleted":
        return True
    meta = dict_of(thing.meta)
    return meta.get("was_deleted_later") is True and meta.get("removal_type") in _TAKEN_BACK_BY


def _message(id: str, thing: Thing) -> Iterator[Record]:
    """A private message: to somebody, or to the moderators of a community, who also write in its name."""
    dest = say.correspondent(thing.dest)
    community = say.name_of(thing.subreddit)
    author = say.correspondent(f"r/{community}" if thing.author is None and community else thing.author)
    at = counted(thing.created_utc)
    if author:
        yield author
    yield Post(
        id=id,
        kind="message",
        author=author.id if author else "",
        at=at,
        zone="" if at is None else "UTC",
        text=say.words(thing.body, escaped=True).text,
        title=say.title(thing.subject, escaped=True),
        reply_to=say.named(thing.parent_id),
        thread=say.named(thing.first_message_name) or id,
        visibility="direct",
        mentions=(dest.id,) if dest else (),
    )


def _score(thing: Thing) -> int | None:
    hidden = thing.score_hidden is True or thing.hide_score is True
    known = isinstance(thing.score, int) and not isinstance(thing.score, bool) and abs(thing.score) < 1 << 53
    return thing.score if known and not hidden else None


def _edited_at(thing: Thing) -> int | None:
    return None if isinstance(thing.edited, bool) else counted(thing.edited)


def _url(id: str, thread: str) -> str:
    """Where Reddit shows a comment, whichever words stand in its address."""
    return f"https://www.reddit.com/comments/{thread.rpartition('_')[2]}/_/{id.rpartition('_')[2]}/" if thread and thread != id else ""


def _with_link(text: str, thing: Thing) -> str:
    """A submission's words, and under them the address it shares, if that leads out of Reddit."""
    link = say.address(say.unescaped(thing.url)) if isinstance(thing.url, str) and thing.is_self is not True else ""
    if not link or say.is_own(link) or thing.crosspost_parent is not None:
        return text
    return f"{text}\n\n{link}" if text else link


def _media(thing: Thing) -> Iterator[Media]:
    options = [say.title(option.get("text")) for option in dicts_of(dict_of(thing.poll_data).get("options"))[:_MOST_MEDIA]]
    if any(options):
        yield Media(kind="poll", text=" | ".join(filter(None, options)))
    for item in dicts_of(dict_of(thing.gallery_data).get("items"))[:_MOST_MEDIA]:
        yield Media(kind="image", text=say.title(item.get("caption"), escaped=True))
    if thing.is_video is True:
        yield Media(kind="video")
    elif thing.post_hint == "image" and isinstance(thing.url, str):
        yield Media(kind="image", name=say.title(thing.url.partition("?")[0].rpartition("/")[2]))
