"""Reads the data dump of a Stack Exchange site (Stack Overflow and its sisters): questions, answers, comments, who wrote them.

    Posts.xml      questions, answers and pages of the site itself (descriptions of tags and the like); accepted answers
    Comments.xml   comments, as notes that reply to a post
    Users.xml      names of accounts
    Votes.xml      counted only, for they are anonymous; but who offered a bounty, and in old dumps who kept a question, is told
    Badges, PostHistory, PostLinks, Tags    known, and left out

One `<row …/>` for each thing, all times UTC without saying so. Documented at https://meta.stackexchange.com/questions/2677 (the schema of
the dump) and in the readme that comes with it. The dump doesn't say which site it is of: the user does (`--as`, followed by
stackexchange:coffee.stackexchange.com), else the site is known by a fingerprint of its first post, so that two dumps of one site meet
wherever they lie.

Who wrote a post: OwnerUserId, and where the account was deleted the name that Stack Exchange puts there instead ("user1234"), which is one
account's; any other bare name could be anybody's, so the author stays unknown. User -1 is the site's own bot.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from kring.schema import Account, Asked, Event, Item, Note, Place, Post, PostKind, Record, Scope, Unread
from kring.sources.losses import Losses
from kring.sources.made_ids import site
from kring.sources.markup import plain
from kring.sources.moment import Moment, moment
from kring.sources.xmlrows import pieces, row, unescaped
from kring.wire import Page, Piece, text_encoding

TITLE = "Stack Exchange"
READS = "questions, answers, accepted answers, comments, tags, scores, names of people"
LACKS = "who voted; when an answer was accepted; the site's name; posts that were deleted"
PROVEN = "Posts.xml of coffee.stackexchange.com; users, comments and votes not yet"

_AGAIN = "Download the site's dump again and import that: nothing is counted twice."
_WHICH_SITE = "Import it together with the Posts.xml of the same dump, or say the site: --as stackexchange:coffee.stackexchange.com."
_UNNAMED_SITE = "To give the site its name: --as stackexchange:coffee.stackexchange.com, with its own address."
_UNNAMED_USERS = "People have numbers here and no names: those are in the dump's Users.xml, which is to be imported together with it."
_FILES = ("posts", "users", "votes", "comments", "badges", "tags", "posthistory", "postlinks")
_ROOT = re.compile(r"<(posts|users|votes|comments|badges|tags|posthistory|postlinks)\s*>\s*(?:<row\s[^<]*|</|$)", re.IGNORECASE)
_END = re.compile(r"</(?!row)\w")
_READ = ("posts", "users", "votes", "comments")
_TELLING = dict(
    zip(_FILES, ("PostTypeId=", "DisplayName=", "VoteTypeId=", "PostId=", "UserId=", "TagName=", "PostHistoryTypeId=", "LinkTypeId="))
)
_PAGE: PostKind = "page"
_POST_KINDS: dict[str, PostKind] = {"1": "question", "2": "answer", **dict.fromkeys("345678", _PAGE)}
"""3 orphaned tag wiki, 4 tag excerpt, 5 tag wiki, 6 moderator nomination, 7 wiki placeholder, 8 privilege wiki (the dump's readme)."""
_FAVOURITE, _BOUNTY = "5", "8"
_SITE = re.compile(
    r"(?:[a-z0-9-]+\.)*(?:stackexchange|stackoverflow|superuser|serverfault|askubuntu|stackapps)\.com|(?:meta\.)?mathoverflow\.net",
    re.IGNORECASE,
)
_DELETED = re.compile(r"user\d+")


def sniff(page: Page) -> float:
    """By the root element and the first row; less sure by name alone."""
    start = _start(page)
    found = _ROOT.search(start)
    if found:
        return 1.0 if _TELLING[found[1].lower()] in found[0] else 0.8 if _named(page) else 0.3
    if _named(page) in _READ and (not start.strip() or "<row " in start):
        return 0.4 if not start.strip() else 0.7
    return 0.0


def _start(page: Page) -> str:
    return page.head[:8192].decode(text_encoding(page.head), "replace")


def _named(page: Page) -> str:
    stem, _, ending = page.file.lower().rpartition(".")
    return stem if ending == "xml" and stem in _FILES else ""


def _kind(page: Page) -> str:
    found = _ROOT.search(_start(page))
    return found[1].lower() if found else _named(page) or "posts"


def read(pages: Sequence[Page], asked: Asked) -> Iterator[Item | Unread | Note]:
    """Site by site: the files of one folder are one site's."""
    losses = Losses()
    folders = dict.fromkeys(page.folder for page in pages)
    for folder in folders:
        yield from _read_site([page for page in pages if page.folder == folder], site(asked.place) if len(folders) == 1 else "", losses)
    if len(folders) > 1 and asked.place:
        yield Note(where=pages[0].name, text=f"These are {len(folders)} sites, so the name {asked.place} was given to none of them.")
    yield from losses.rest()


def _read_site(pages: list[Page], place: str, losses: Losses) -> Iterator[Item | Unread | Note]:
    filled = []
    for page in pages:
        if page.head.strip():
            filled.append((page, _kind(page)))
        else:
            yield Unread(where=page.name, why="The file is empty.", next=_AGAIN)
    first = next((found for page, kind in filled if kind == "posts" and (found := _first_row(page))), None)
    name = place or (_fingerprint(first[1]) if first else "")
    if name and filled:
        its = _Site(name, _shown_name(filled[0][0], name, place))
        yield Item(filled[0][0].name, first[0] if first else place.encode("utf-8", "replace"), (its.place,))
        yield from _unnamed(filled, its)
    for page, kind in filled:
        if kind not in _READ:
            losses.count(
                Unread(where=page.name, why="Known and left out on purpose: says nothing of who speaks with whom.", kind="skipped")
            )
        elif not name:
            yield Unread(where=page.name, why="This file doesn't say which site it is of.", next=_WHICH_SITE)
        else:
            yield from _read_page(page, kind, its, losses)


def _unnamed(filled: list[tuple[Page, str]], site: "_Site") -> Iterator[Note]:
    """What is nameless because the dump doesn't say it, and how to name it."""
    if site.place.name.endswith(site.prefix.partition(":")[2]) and not site.url:
        yield Note(where=filled[0][0].folder or filled[0][0].name, text=_UNNAMED_SITE)
    if any(kind == "posts" for _, kind in filled) and not any(kind == "users" for _, kind in filled):
        yield Note(where=filled[0][0].name, text=_UNNAMED_USERS)


def _first_row(page: Page) -> tuple[bytes, dict[str, str]] | None:
    for piece in pieces(page):
        if piece.number and (found := row(_decoded(piece.raw, "utf-8"))) and found[0].get("Id"):
            return piece.raw.strip(), found[0]
        if piece.number > 100:
            break
    return None


def _fingerprint(first: dict[str, str]) -> str:
    said = f"{first.get('Id')} {first.get('CreationDate')}"
    return "s" + blake2b(said.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _shown_name(page: Page, name: str, place: str) -> str:
    found = _SITE.search(page.folder)
    return place or (found[0].lower() if found else f"Stack Exchange site {name}")


class _Site:
    """The place that everything in a folder belongs to, and what is counted while it is read."""

    def __init__(self, id: str, name: str) -> None:
        self.prefix = f"stackexchange:{id}"
        self.url = f"https://{name}" if _SITE.fullmatch(name) else ""
        self.place = Place(id=self.prefix, kind="forum", name=name, url=self.url)
        self.bot_named = False

    def post(self, id: str) -> str:
        return f"{self.prefix}/posts/{id}"

    def user(self, id: str | None, name: str | None) -> str:
        """The account of an id, else of a deleted account's name; "" where nobody can know."""
        if id:
            return f"{self.prefix}/users/{id}"
        return f"{self.prefix}/users/{name}" if name and _DELETED.fullmatch(name) else ""

    def address(self, *path: str) -> str:
        return "/".join((self.url, *path)) if self.url else ""


class _Span:
    """The first and last believed time, and how many of each kind."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.n: dict[str, int] = {}

    def add(self, post: Post) -> None:
        self.n[post.kind] = self.n.get(post.kind, 0) + 1
        if post.at is not None:
            self.first = post.at if self.first is None else min(self.first, post.at)
            self.last = post.at if self.last is None else max(self.last, post.at)


def _read_page(page: Page, kind: str, site: _Site, losses: Losses) -> Iterator[Item | Unread | Note]:
    encoding, whole, ended, span = text_encoding(page.head), True, False, _Span()
    if b"<!ENTITY" in page.head:
        why = "This file defines entities of its own, which Stack Exchange never does; they were left alone."
        yield Unread(where=page.name, why=why, next="Ask where the file came from.", kind="hostile", raw=page.head[:4096])
    if encoding == "cp1252":
        why = "This file is not in UTF-8 as it should be; it was read as Windows-1252."
        yield Unread(
            where=page.name, why=why, next="Look whether letters with accents came out right; if not, download it again.", kind="encoding"
        )
    for piece in pieces(page):
        text = _decoded(piece.raw, encoding)
        if "\ufffd" in text or "\0" in text:
            text = text.replace("\0", "")
            why = "Some characters were not written as the format asks (UTF-8), or were NUL; the rest of the text was kept."
            losses.count(Unread(where=page.name, why=why, next=_AGAIN, kind="encoding", raw=piece.raw[:4096]))
        ended = ended or bool(_END.search(text[-200:]))
        if not piece.number:
            continue
        where, found = f"{page.name}, row {piece.number}", None if piece.too_long else row(text)
        records = _records(kind, found[0], site, losses, page) if found else None
        if records is None:
            whole = False
            yield from losses.each(_unread(where, piece))
            continue
        if found and (behind := found[1].strip()) and not behind.startswith("</"):
            whole = False
            why = "Something that is no row stands behind this row."
            yield from losses.each(Unread(where=where, why=why, next=_AGAIN, raw=behind.encode("utf-8", "replace")[:4096]))
        for record in records:
            if isinstance(record, Post):
                span.add(record)
                if record.at is None and found:
                    yield from losses.each(_implausible(where, found[0]), alike="time")
        if records:
            yield Item(where, piece.raw.strip(), records)
    if not ended:
        yield Unread(where=page.name, why="The file breaks off before its end; what stood before was kept.", next=_AGAIN)
    if kind == "posts" and span.n:
        yield from _summary(page, site, span, whole and ended)


def _decoded(raw: bytes, encoding: str) -> str:
    return raw.decode("cp1252" if encoding == "cp1252" else "utf-8", "replace")


def _records(kind: str, found: dict[str, str], site: _Site, losses: Losses, page: Page) -> tuple[Record, ...] | None:
    """What a row means; None if it lacks what such a row must have."""
    if kind == "posts":
        return _posts(found, site)
    if kind == "comments":
        return _comment(found, site)
    if kind == "users":
        return _user(found, site)
    return _vote(found, site, losses, page)


def _posts(found: dict[str, str], site: _Site) -> tuple[Record, ...] | None:
    number, kind = found.get("Id"), _POST_KINDS.get(found.get("PostTypeId", ""))
    if not number or not kind:
        return None
    id, author = site.post(number), site.user(found.get("OwnerUserId"), found.get("OwnerDisplayName"))
    when, edited = _moment(found.get("CreationDate")), _moment(found.get("LastEditDate"))
    question = site.post(found["ParentId"]) if found.get("ParentId") else ""
    post = Post(
        id=id,
        kind=kind,
        author=author,
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        text=plain(unescaped(found.get("Body", ""))),
        title=unescaped(found.get("Title", "")),
        reply_to=question,
        thread=id if kind == "question" else question,
        place=site.place.id,
        tags=tuple(re.findall(r"[^<>|]+", unescaped(found.get("Tags", "")))),
        url=site.address("questions" if kind == "question" else "a", number) if kind != "page" else "",
        score=_integer(found.get("Score")),
        edited_at=edited.at if edited else None,
        edited="LastEditDate" in found,
    )
    accepted = found.get("AcceptedAnswerId")
    return (*_bot(found, site), post, *((_accept(site, author, accepted),) if accepted and author else ()))


def _accept(site: _Site, author: str, answer: str) -> Event:
    """The one who asked accepted an answer; the dump of posts doesn't say when."""
    return Event(verb="accept", actor=author, object=site.post(answer), object_kind="post", place=site.place.id)


def _bot(found: dict[str, str], site: _Site) -> tuple[Record, ...]:
    """User -1, when first met: the site's own bot, which owns tag wikis and edits on nobody's behalf."""
    if site.bot_named or found.get("OwnerUserId", found.get("UserId")) != "-1":
        return ()
    site.bot_named = True
    return (Account(id=site.user("-1", None), name="Community", kind="bot"),)


def _comment(found: dict[str, str], site: _Site) -> tuple[Record, ...] | None:
    number, on = found.get("Id"), found.get("PostId")
    if not number or not on:
        return None
    when = _moment(found.get("CreationDate"))
    comment = Post(
        id=f"{site.prefix}/comments/{number}",
        kind="note",
        author=site.user(found.get("UserId"), found.get("UserDisplayName")),
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        text=unescaped(found.get("Text", "")).strip(),
        reply_to=site.post(on),
        place=site.place.id,
        score=_integer(found.get("Score")),
    )
    return (*_bot(found, site), comment)


def _user(found: dict[str, str], site: _Site) -> tuple[Record, ...] | None:
    number = found.get("Id")
    if not number:
        return None
    name, bot = unescaped(found.get("DisplayName", "")), number == "-1"
    url = site.address("users", number) if not bot else ""
    return (Account(id=site.user(number, None), name=name, kind="bot" if bot else "unknown", url=url),)


def _vote(found: dict[str, str], site: _Site, losses: Losses, page: Page) -> tuple[Record, ...] | None:
    """Bounties and favourites say who; of their time only the day is told, so it is no time to measure a delay by (zone "")."""
    kind, on, user = found.get("VoteTypeId"), found.get("PostId"), found.get("UserId")
    if not kind or not on:
        return None
    if not user or kind not in (_FAVOURITE, _BOUNTY):
        losses.count(Unread(where=page.name, why="Votes are anonymous: they show in the scores of posts only.", kind="skipped"))
        return ()
    day = _moment(found.get("CreationDate"))
    bounty = kind == _BOUNTY
    return (
        Event(
            verb="vote" if bounty else "like",
            actor=site.user(user, None),
            object=site.post(on),
            object_kind="post",
            at=day.at if day else None,
            place=site.place.id,
            text=f"bounty {found.get('BountyAmount', '')}".strip() if bounty else "",
            id=f"{site.prefix}/votes/{found['Id']}" if found.get("Id") else "",
        ),
    )


def _moment(written: str | None) -> Moment | None:
    """The dump writes UTC and leaves the Z out."""
    return moment(written if written.endswith("Z") else f"{written}Z") if written else None


def _integer(written: str | None) -> int | None:
    return int(written) if written and re.fullmatch(r"-?\d{1,15}", written) else None


def _summary(page: Page, site: _Site, span: _Span, whole: bool) -> Iterator[Item | Note]:
    n = span.n
    pages = (
        f", {n['page']} pages of the site itself (descriptions of tags and the like), which are nobody's question or answer"
        if "page" in n
        else ""
    )
    text = f"{sum(n.values())} posts: {n.get('question', 0)} questions, {n.get('answer', 0)} answers{pages}."
    yield Note(where=page.name, text=text)
    if site.bot_named:
        yield Note(where=page.name, text="One of the accounts is the site's own bot, Community.")
    if whole:
        yield Item(page.name, text.encode(), (Scope(place=site.place.id, since=span.first, until=span.last),))


def _unread(where: str, piece: Piece) -> Unread:
    if piece.too_long:
        return Unread(where=where, why="This row is longer than 64 MiB.", next="The rest was read.", kind="too-large", raw=piece.raw[:4096])
    return Unread(where=where, why="This row is broken and was left out; the rest was read.", next=_AGAIN, raw=piece.raw[:4096])


def _implausible(where: str, found: dict[str, str]) -> Unread:
    why = f"Its time can't be right: {found.get('CreationDate', 'none is given')[:40]}. It was kept without one."
    return Unread(where=where, why=why, next="Nothing, unless many are like this.", kind="implausible-time")
