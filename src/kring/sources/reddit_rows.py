"""A row of a Reddit export's tables, as the posts, votes and ties that it tells of; None where it lacks the number or name it must have."""

from collections.abc import Collection

from kring.schema import Account, Event, Membership, Place, Post, Record, Verb
from kring.sources import reddit_words as say
from kring.sources.moment import Moment, counted, moment

Cells = dict[str, str]
_VOTES: dict[str, Verb] = {"up": "like", "down": "dislike"}
_FEW = 20
"""A chat of more people addresses nobody in particular."""


def time_of(written: str) -> Moment | None:
    """ "2024-03-01 12:00:00 UTC", as all tables write it; in digits, seconds since 1970."""
    if written.isdecimal():
        return Moment(at, 0, "UTC") if (at := counted(written)) is not None else None
    return moment(f"{written[:-4]}Z" if written.endswith(" UTC") else written)


def posted(cells: Cells, owner: str) -> list[Record] | None:
    """A submission; of post_headers.csv only who, when and where."""
    id, when, place = say.fullname(cells["id"], "t3"), time_of(cells["date"]), say.place_of(say.name_of(cells["subreddit"]))
    if not id:
        return None
    said, link, permalink = say.words(cells.get("body", "")), say.address(cells.get("url", "")), say.address(cells.get("permalink", ""))
    gone = said.taken_back or cells.get("title") == "[deleted by user]"
    outside = link if link and not say.is_own(link) else ""
    post = Post(
        id=id,
        kind="article",
        author=owner,
        at=when.at if when else None,
        zone=when.zone if when else "",
        text="" if gone else "\n\n".join(filter(None, (said.text, outside))),
        title=say.title(cells.get("title", "")),
        thread=id,
        place=place.id if place else "",
        mentions=say.mentions(said.text, owner),
        url=permalink,
        deleted=gone,
    )
    return [*([place] if place else ()), post]


def commented(cells: Cells, owner: str) -> list[Record] | None:
    """A comment. `parent` is the full name of what it answers, or its bare number, or nothing under a submission."""
    id, when, place = say.fullname(cells["id"], "t1"), time_of(cells["date"]), say.place_of(say.name_of(cells["subreddit"]))
    if not id:
        return None
    said, thread = say.words(cells.get("body", "")), say.thread_in(cells["link"]) or say.thread_in(cells.get("permalink", ""))
    parent = cells.get("parent", "").strip()
    answered = say.named(parent) or say.fullname(parent, "t1")
    if not answered or answered.partition("_")[2] == thread.partition("_")[2]:
        answered = thread
    post = Post(
        id=id,
        kind="note",
        author=owner,
        at=when.at if when else None,
        zone=when.zone if when else "",
        text=said.text,
        reply_to=answered,
        thread=thread,
        place=place.id if place else "",
        mentions=say.mentions(said.text, owner),
        url=say.address(cells.get("permalink", "")),
        deleted=said.taken_back,
    )
    return [*([place] if place else ()), post]


def written(cells: Cells) -> list[Record] | None:
    """A private message: its tables hold what came in and what went out."""
    id, when = say.fullname(cells["id"], "t4"), time_of(cells.get("date", ""))
    author, receiver = say.correspondent(cells["from"].strip()), say.correspondent(cells["to"].strip())
    if not id:
        return None
    post = Post(
        id=id,
        kind="message",
        author=author.id if author else "",
        at=when.at if when else None,
        zone=when.zone if when else "",
        text=say.words(cells.get("body", "")).text,
        title=say.title(cells.get("subject", "")),
        thread=say.fullname(cells.get("thread_id", ""), "t4") or id,
        visibility="direct",
        mentions=(receiver.id,) if receiver else (),
    )
    return [*([author] if author else ()), post]


def room_of(cells: Cells) -> Place:
    """The chat that a line belongs to: between people, or a community's."""
    name, community = say.title(cells.get("channel_name", "")), say.name_of(cells.get("subreddit", "").strip())
    called = " in ".join(filter(None, (name, f"r/{community}" if community else "")))
    key = cells.get("channel_url", "").strip() or "unnamed"
    return Place(id=f"reddit:chat/{key[:200]}", kind="group" if community else "chat", name=called)


def chatted(cells: Cells, others: Collection[str]) -> list[Record] | None:
    """A line of a chat, by one of those who talk in it."""
    number, name = cells["message_id"].strip(), say.name_of(cells["username"].strip())
    if not number:
        return None
    room, author = room_of(cells), say.account_id(name)
    when, changed = time_of(cells["created_at"]), time_of(cells.get("updated_at", ""))
    edited_at = changed.at if when and changed and changed.at > when.at else None
    said, answered = say.words(cells["message"]), cells.get("thread_parent_message_id", "").strip()
    direct = room.kind == "chat"
    post = Post(
        id=f"reddit:chat/{number}",
        kind="message",
        author=author,
        at=when.at if when else None,
        zone=when.zone if when else "",
        text=said.text,
        reply_to=f"reddit:chat/{answered}" if answered else "",
        thread=f"reddit:chat/{answered}" if answered else "",
        place=room.id,
        visibility="direct" if direct else "place",
        mentions=tuple(each for each in others if each != author) if direct and len(others) <= _FEW else (),
        edited_at=edited_at,
        edited=edited_at is not None,
        deleted=said.taken_back,
    )
    joined: list[Record] = [say.account(name), Membership(account=author, place=room.id)] if name else []
    return [room, *joined, post]


def voted(cells: Cells, owner: str, kind: str) -> list[Record] | None:
    """A vote, which Reddit shows to nobody else; none if it was taken back."""
    id, verb = say.fullname(cells["id"], kind), _VOTES.get(cells["direction"].strip().lower())
    if not id:
        return None
    return [Event(verb=verb, actor=owner, object=id, object_kind="post", visibility="direct")] if verb else []


def belongs(cells: Cells, owner: str, *, openly: bool) -> list[Record] | None:
    """A community that somebody looks after or may post in, openly; or follows, which only they see."""
    place = say.place_of(say.name_of(cells["subreddit"].strip()))
    if place is None:
        return None
    if openly:
        return [place, Membership(account=owner, place=place.id)]
    return [place, Event(verb="follow", actor=owner, object=place.id, object_kind="place", visibility="direct")]


def befriended(cells: Cells, owner: str) -> list[Record] | None:
    """Somebody they follow, which only they see. Their note on that person is not kept."""
    name = say.name_of(cells["username"].strip())
    if not name:
        return None
    friend: Account = say.account(name)
    return [friend, Event(verb="follow", actor=owner, object=friend.id, object_kind="account", visibility="direct")]
