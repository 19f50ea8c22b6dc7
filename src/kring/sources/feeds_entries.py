"""One entry of a feed, made a post: whose, when, in which words; and what the feed says of itself.

RSS 2.0, 0.9x    https://www.rssboard.org/rss-specification      RSS 1.0, 0.90   https://web.resource.org/rss/1.0/spec
Atom 1.0         RFC 4287; answers: RFC 4685 (thr); deleted: RFC 6721 (at)      Atom 0.3   its draft (issued, modified)
content, dc      the words in full; author and date where RSS has none          media     https://www.rssboard.org/media-rss
"""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Literal
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, tostring

import msgspec

from kring.schema import Account, Media, Post
from kring.sources import mail_dates
from kring.sources.markup import plain
from kring.sources.moment import EARLIEST, LATEST, moment
from kring.sources.zones import Zone

_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")
_WHOLE = re.compile(r"https?://[^\s#?;]+")
"""An address that no base changes: most are such, and to take one apart and put it together again takes as long as to parse its entry."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PART_OF_A_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_HTML_IN_A_TITLE = re.compile(
    r"</?(?:b|i|em|strong|a|span|p|br|code|sub|sup|img|u|font|div|tt|s|small|q|cite|abbr|mark)\b[^<>]*>|&#?\w+;", re.I
)
_MEDIA: dict[str, Literal["image", "video", "audio"]] = {"image": "image", "video": "video", "audio": "audio"}
_PUBLISHED = ("published", "issued", "pubDate", "dc:date", "dcterms:created", "dcterms:issued", "created", "date")
_UPDATED = ("updated", "modified", "dcterms:modified")
_TEXTS = ("content:encoded", "content", "description", "summary", "media:description")


class Feed(msgspec.Struct, frozen=True):
    """What a feed says of itself."""

    id: str
    """Account id of the feed: who wrote an entry without an author."""
    name: str = ""
    url: str = ""
    language: str = ""
    author: str = ""
    """Account id of the author that the feed names for all its entries."""


class When(msgspec.Struct, frozen=True):
    """An instant with the way back to the local time; `written` as it stands."""

    at: int
    offset_s: int | None
    zone: str


class Parts:
    """An element and its children by name."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._named: dict[str, list[Element]] = {}
        for each in element:
            self._named.setdefault(each.tag, []).append(each)

    def all(self, *names: str) -> list[Element]:
        if len(names) == 1:
            return self._named.get(names[0], _NONE)
        return [each for name in names for each in self._named.get(name, _NONE)]

    def has(self, *names: str) -> bool:
        return not self._named.keys().isdisjoint(names)

    def one(self, name: str) -> Element | None:
        return self._named[name][0] if name in self._named else None

    def text(self, *names: str) -> str:
        """The words in the first of these that has any."""
        for name in names:
            for each in self._named.get(name, _NONE):
                if text := text_of(each):
                    return text
        return ""


_NONE: list[Element] = []


def text_of(element: Element | None) -> str:
    """The words in an element, without NUL and the spaces around."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return text.replace("\0", "").strip()


def feed_of(element: Element, file: str) -> tuple[Feed, tuple[Account, ...]]:
    """Who the feed is: by its own address, else its id, else its site's address; else by the file's name."""
    top = Parts(element)
    own, site = _link(top, "self"), _link(top, "alternate")
    about = own or top.text("id") or element.get("rdf:about", "") or site
    id = f"feeds:{about or file}"
    name = _title(top.one("title"), in_html=True)
    author = _author(top, id)
    language = top.text("language", "dc:language") or element.get("xml:lang", "")
    feed = Feed(id, name, site, language, author.id if author else "")
    return feed, (Account(id=id, name=name, url=site), *((author,) if author and (author.name or author.handle) else ()))


def _link(of: Parts, rel: str) -> str:
    """Atom's links say what they are for; RSS has one, and that is the page."""
    for each in of.all("link"):
        if each.get("href") and each.get("rel", "alternate") == rel and (rel != "alternate" or "html" in each.get("type", "html")):
            return each.get("href", "").strip()
    if rel != "alternate":
        return ""
    return of.text("link")


def _author(of: Parts, feed: str) -> Account | None:
    """Atom's person, RSS's "mail (name)", or a name alone, which is one person's within the feed only."""
    found = next((each for each in of.all("author", "dc:creator", "managingEditor") if text_of(each)), None)
    if found is None:
        return None
    if len(found):
        person = Parts(found)
        name, uri, mail = person.text("name"), person.text("uri", "url"), person.text("email")
    else:
        written, uri = text_of(found), ""
        mail = address[0] if (address := _MAIL.search(written)) else ""
        name = re.sub(r"^\W+|[\s()<>,;:]+$", "", written.replace(mail, "", 1)) if mail else written
    if uri and _URI.fullmatch(uri):
        return Account(id=f"feeds:{uri}", name=name, url=uri)
    if mail:
        return Account(id=f"feeds:{mail.lower()}", name=name, handle=mail.lower())
    return Account(id=f"{feed}#{name}", name=name) if name else None


def entry_of(element: Element, feed: Feed, zone: Zone) -> tuple[Post, tuple[Account, ...], str]:
    """The post that an entry is, accounts it names, and its time as written if that can't be believed."""
    entry, accounts = Parts(element), list[Account]()
    source, answered = entry.one("source"), entry.one("thr:in-reply-to")
    if source is not None and len(source):
        feed, told = feed_of(source, feed.id.removeprefix("feeds:"))
        accounts += told
    author = _author(entry, feed.id)
    accounts += [author] if author and author.name else []
    written, edited = entry.text(*_PUBLISHED), entry.text(*_UPDATED)
    when, changed = when_of(written or edited, zone), when_of(edited, zone)
    text, url = _text(entry), _absolute(_page(entry), element.get("xml:base") or feed.url)
    was_edited = bool(written and edited and changed and when and changed.at > when.at)
    post = Post(
        id=id_of(_own_id(entry) or url, feed) or _made_up(entry, feed),
        kind="article" if answered is None else "note",
        author=author.id if author else feed.author or feed.id,
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        text=text,
        title=_title(next(iter(entry.all("title", "dc:title", "media:title")), None), in_html=element.tag != "entry"),
        language=element.get("xml:lang", "") or feed.language,
        reply_to=id_of(answered.get("ref") or answered.get("href") or "", feed) if answered is not None else "",
        tags=tuple(dict.fromkeys(_tags(entry))),
        media=tuple({each.name: each for each in _media(entry)}.values()),
        url=url,
        edited_at=changed.at if changed and was_edited else None,
        edited=was_edited,
    )
    return post, tuple(accounts), "" if when else (written or edited or "none is given")


def deleted(entry: Element, feed: Feed) -> Post | None:
    """An entry that its feed says is gone."""
    ref = entry.get("ref", "")
    return Post(id=id_of(ref, feed), kind="article", deleted=True) if ref else None


def id_of(own: str, feed: Feed) -> str:
    """An address stands for itself; anything else is unique within its feed only."""
    if not own:
        return ""
    return f"feeds:{own}" if _URI.fullmatch(own) else f"{feed.id}#{own}"


def _own_id(entry: Parts) -> str:
    return entry.text("id", "guid") or entry.element.get("rdf:about", "").strip() or entry.text("dc:identifier")


def _made_up(entry: Parts, feed: Feed) -> str:
    """By feed, time and words: the same entry has it again in the next copy of the feed."""
    said = "\0".join((entry.text(*_PUBLISHED, *_UPDATED), entry.text("title"), _text(entry)))
    return f"{feed.id}#{blake2b(said.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


def _page(entry: Parts) -> str:
    guid = entry.one("guid")
    permanent = text_of(guid) if guid is not None and guid.get("isPermaLink", "true") == "true" else ""
    return entry.text("feedburner:origLink") or _link(entry, "alternate") or (permanent if permanent.startswith("http") else "")


def _absolute(url: str, base: str) -> str:
    """The whole address; "" if part of one is all there is."""
    if not url or _WHOLE.fullmatch(url):
        return url
    try:
        whole = urljoin(base, url)
    except ValueError:
        return ""
    return whole if _URI.fullmatch(whole) else ""


# ---- words ------------------------------------------------------------------------------------------------------------------------------------


def _text(entry: Parts) -> str:
    """The fullest text that it gives."""
    for name in _TEXTS:
        for each in entry.all(name):
            if text := _plain(each, in_html=name != "media:description" and (entry.element.tag != "entry" or ":" in name)):
                return text
    return ""


def _title(element: Element | None, *, in_html: bool) -> str:
    """RSS doesn't say whether its titles are HTML: they are if they have its marks."""
    looks_like_it = in_html and element is not None and _HTML_IN_A_TITLE.search(text_of(element)) is not None
    return " ".join(_plain(element, in_html=looks_like_it).split())


def _plain(element: Element | None, *, in_html: bool = True) -> str:
    """RSS is HTML; Atom says what it is, text (if it says nothing), html, or elements of XHTML."""
    if element is None:
        return ""
    kind = element.get("type", "")
    if len(element):
        for each in element.iter():
            each.tag = str(each.tag).rpartition(":")[2]
        try:
            return plain((element.text or "") + "".join(tostring(each, encoding="unicode") for each in element))
        except RecursionError:
            return text_of(element)
    if kind in ("text", "plain", "text/plain") or (not kind and not in_html):
        return text_of(element)
    return plain(text_of(element))


def _tags(entry: Parts) -> Iterator[str]:
    for each in entry.all("category", "dc:subject"):
        if tag := each.get("label", "").strip() or each.get("term", "").strip() or text_of(each):
            yield tag


def _media(entry: Parts) -> Iterator[Media]:
    """Enclosures, and the pictures, films and sounds of Media RSS with the words beside them."""
    if not entry.has("enclosure", "link", "media:content", "media:group"):
        return
    enclosed = [each for each in entry.all("link") if each.get("rel") == "enclosure"]
    grouped = (each for group in entry.all("media:group") for each in group.iter("media:content"))
    for each in (*entry.all("enclosure"), *enclosed, *entry.all("media:content"), *grouped):
        if url := each.get("url") or each.get("href") or "":
            kind = (each.get("medium") or each.get("type") or "").partition("/")[0]
            said = text_of(each.find("media:description")) or text_of(each.find("media:title"))
            yield Media(kind=_MEDIA.get(kind, "document" if kind else "unknown"), name=url.partition("?")[0].rpartition("/")[2], text=said)


# ---- times --------------------------------------------------------------------------------------------------------------------------------------


def when_of(written: str, zone: Zone) -> When | None:
    """A date as Atom (ISO 8601) or RSS (as in mail) writes it, or both mixed up; a year or month alone is its first day."""
    if not written:
        return None
    if found := _PART_OF_A_DATE.fullmatch(written):
        written = f"{found[1]}-{found[2] or '01'}-01"
    if not written[:1].isalpha() and (iso := moment(written)):
        when = When(iso.at, iso.offset_s, iso.zone)
        if iso.zone or not zone.name:
            return when
        offset = zone.offset_s(iso.at)
        return When(iso.at - offset * 1_000_000, offset, zone.name)
    mailed = mail_dates.moment(written, zone)
    return When(mailed.at, mailed.offset_s, mailed.zone) if mailed and EARLIEST <= mailed.at < LATEST else None
