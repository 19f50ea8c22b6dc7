"""A post of X as its archive, its older archives and its API write it, made records: who, when, to whom, in which words.

The archive's tweets.js documents its fields in the README.txt beside it; their meaning is that of the API's version 1.1
(https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/tweet). What the API has and the archive leaves out: the author
(the archive's owner) and which post a repost repeats; only "RT @name: words" tells, so a repost found that way is given by whose words it
repeats, and two people's reposts of the same words meet.
"""

import hashlib
import re
from typing import Any, NamedTuple

import msgspec

from kring.schema import Account, Event, Media, Post, Record, Visibility
from kring.sources.jsonpieces import dict_of, dicts_of, text_of
from kring.sources.moment import Moment, moment

_RT = re.compile(r"RT @(\w{1,20}):? ?(.*)", re.DOTALL)
_MONTHS = {name: f"{n:02}" for n, name in enumerate(re.findall("...", "JanFebMarAprMayJunJulAugSepOctNovDec"), 1)}
_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d) (\d{4})")
_OLD_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)")
_DAY_ONLY_UNTIL = 1_288_915_200_000_000
"""2010-11-05: of posts before it the older archives tell the day alone, as midnight."""
_NO_LANGUAGE = re.compile(r"und|zxx|art|q[a-z]{2}")
"""No language, or a code of X's own for posts of hashtags, links or pictures alone."""
_KINDS: dict[str, Any] = {"photo": "image", "video": "video", "animated_gif": "video"}
_NOTE_FROM = 130
"""Posts shorter than this can't be the beginning of a long one (280 in X's counting, where a Chinese character counts double)."""


class Tweet(msgspec.Struct):
    """What is read of a post; any field may be missing, empty or of another form."""

    id_str: Any = None
    id: Any = None
    created_at: Any = None
    full_text: Any = None
    text: Any = None
    lang: Any = None
    in_reply_to_status_id_str: Any = None
    in_reply_to_status_id: Any = None
    in_reply_to_user_id_str: Any = None
    in_reply_to_user_id: Any = None
    in_reply_to_screen_name: Any = None
    entities: Any = None
    extended_entities: Any = None
    favorite_count: Any = None
    edit_info: Any = None
    user: Any = None
    retweeted_status: msgspec.Raw = msgspec.Raw()
    community_id_str: Any = None


TWEETS = msgspec.json.Decoder(Tweet)


class Setting(NamedTuple):
    """What holds for all posts of a file."""

    owner: str
    """Account id of the archive's owner, "" where it isn't known."""
    handle: str
    visibility: Visibility
    deleted: bool = False


def account_id(number: object, name: object) -> str:
    """By number, which stays; by name where nothing else is known."""
    digits, named = text_of(number), text_of(name)
    if digits.isdigit() and digits.isascii():
        return f"x:user/{digits}"
    return f"x:@{named.lower()}" if named else ""


def time_of(written: object) -> Moment | None:
    """In any of the ways in which X writes a time."""
    text = text_of(written)
    if found := _TIME.fullmatch(text):
        return moment(f"{found[6]}-{_MONTHS.get(found[1], '00')}-{found[2]}T{found[3]}{found[4]}:{found[5]}")
    if found := _OLD_TIME.fullmatch(text):
        return _day_only(moment(f"{found[1]}T{found[2]}{found[3]}:{found[4]}"))
    return moment(text)


def _day_only(when: Moment | None) -> Moment | None:
    return when._replace(zone="") if when and when.at < _DAY_ONLY_UNTIL and when.at % 86_400_000_000 == 0 else when


def plain(text: str) -> str:
    """X escapes these three and nothing else."""
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.replace("\0", "")


def is_superseded(tweet: Tweet) -> bool:
    """An earlier wording of a post that was edited: the list of wordings ends with another."""
    info = dict_of(tweet.edit_info)
    listed = dict_of(info.get("initial") or dict_of(info.get("edit")).get("editControlInitial")).get("editTweetIds")
    return isinstance(listed, list) and bool(listed) and text_of(tweet.id_str) in listed[:-1]


def records_of(tweet: Tweet, setting: Setting) -> list[Record]:
    """A post, or the sharing of somebody's post; empty if there is no id. Accounts first, for those named."""
    number = text_of(tweet.id_str) or text_of(tweet.id)
    if not number:
        return []
    text = text_of(tweet.full_text) or text_of(tweet.text)
    user = dict_of(tweet.user)
    author = account_id(user.get("id_str") or user.get("id"), user.get("screen_name")) or setting.owner
    people: list[Record] = [found] if author != setting.owner and (found := _account(author, user)) else []
    if not setting.deleted and (shared := _share(tweet, number, text, author, setting)):
        return [*people, *shared]
    return [*people, *_people(tweet, setting.owner), _post(tweet, number, text, author, setting)]


def _share(tweet: Tweet, number: str, text: str, author: str, setting: Setting) -> list[Record]:
    """The act of sharing and, from the API, the post that was shared."""
    original = _decoded(tweet.retweeted_status)
    known = text_of(original.id_str) or text_of(original.id) if original else ""
    found = _RT.match(text)
    mentioned = dicts_of(dict_of(tweet.entities).get("user_mentions"))
    if original and known:
        user = dict_of(original.user)
        receiver = account_id(user.get("id_str") or user.get("id"), user.get("screen_name"))
        shared: list[Record] = records_of(original, setting._replace(owner="", handle="")) if text_of(original.created_at) else []
        people: list[Record] = []
    elif found and (not mentioned or any(text_of(each.get("screen_name")).lower() == found[1].lower() for each in mentioned)):
        whose = next((each for each in mentioned if text_of(each.get("screen_name")).lower() == found[1].lower()), {})
        receiver = account_id(whose.get("id_str") or whose.get("id"), found[1])
        people = [each for each in (_account(receiver, whose),) if each]
        said = f"{found[1].lower()}\0{' '.join(found[2].split())}"
        known, shared = "~" + hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=9).hexdigest(), []
    else:
        return []
    when = time_of(tweet.created_at)
    event = Event(
        verb="share",
        actor=author,
        object=f"x:{known}",
        object_kind="post",
        receiver=receiver,
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        visibility=setting.visibility,
        id=f"x:{number}",
    )
    return [*people, *shared, event]


def _decoded(raw: msgspec.Raw) -> Tweet | None:
    if not bytes(raw).startswith(b"{"):
        return None
    try:
        return TWEETS.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _post(tweet: Tweet, number: str, text: str, author: str, setting: Setting) -> Post:
    entities, when = dict_of(tweet.entities), time_of(tweet.created_at)
    reply_to = text_of(tweet.in_reply_to_status_id_str) or text_of(tweet.in_reply_to_status_id)
    pictures = dicts_of(dict_of(tweet.extended_entities).get("media")) or dicts_of(entities.get("media"))
    likes = text_of(tweet.favorite_count)
    community = text_of(tweet.community_id_str)
    return Post(
        id=f"x:{number}",
        kind="note",
        author=author,
        at=when.at if when else None,
        offset_s=when.offset_s if when else None,
        zone=when.zone if when else "",
        text="" if setting.deleted else _expanded(plain(text), dicts_of(entities.get("urls")), pictures),
        language=_language(text_of(tweet.lang)),
        reply_to=f"x:{reply_to}" if reply_to else "",
        place=f"x:community/{community}" if community else "",
        visibility="place" if community else setting.visibility,
        mentions=_mentions(tweet, author),
        tags=tuple(dict.fromkeys(tag for each in dicts_of(entities.get("hashtags")) if (tag := text_of(each.get("text"))))),
        media=() if setting.deleted else tuple(_media(each) for each in pictures),
        url=f"https://x.com/{setting.handle or 'i'}/status/{number}" if not dict_of(tweet.user) else _address(tweet, number),
        score=int(likes) if likes.isdigit() and likes.isascii() and len(likes) < 15 else None,
        edited="edit" in dict_of(tweet.edit_info),
        deleted=setting.deleted,
    )


def _address(tweet: Tweet, number: str) -> str:
    return f"https://x.com/{text_of(dict_of(tweet.user).get('screen_name')) or 'i'}/status/{number}"


def _language(written: str) -> str:
    return "" if _NO_LANGUAGE.fullmatch(written) else written


def _expanded(text: str, links: list[dict[str, object]], pictures: list[dict[str, object]]) -> str:
    """With the addresses that t.co stands for, and without the address of the post's own pictures."""
    for link in links:
        short, long = text_of(link.get("url")), text_of(link.get("expanded_url"))
        if short and long:
            text = text.replace(short, long)
    for picture in pictures:
        if short := text_of(picture.get("url")):
            text = text.replace(short, "")
    return text.strip()


def _media(each: dict[str, object]) -> Media:
    address = text_of(each.get("media_url_https")) or text_of(each.get("media_url"))
    kind = _KINDS.get(text_of(each.get("type")), "unknown")
    return Media(kind=kind, name=address.rpartition("/")[2], text=text_of(each.get("ext_alt_text")))


def _mentions(tweet: Tweet, author: str) -> tuple[str, ...]:
    """Who is addressed: the one replied to first, then all whom the words name."""
    number = text_of(tweet.in_reply_to_user_id_str) or text_of(tweet.in_reply_to_user_id)
    first = account_id(number, tweet.in_reply_to_screen_name)
    named = (account_id(each.get("id_str") or each.get("id"), each.get("screen_name")) for each in _named(tweet))
    return tuple(dict.fromkeys(each for each in (first, *named) if each and each != author))


def _named(tweet: Tweet) -> list[dict[str, object]]:
    return dicts_of(dict_of(tweet.entities).get("user_mentions"))


def _people(tweet: Tweet, owner: str) -> list[Record]:
    found = [_account(account_id(each.get("id_str") or each.get("id"), each.get("screen_name")), each) for each in _named(tweet)]
    number = text_of(tweet.in_reply_to_user_id_str) or text_of(tweet.in_reply_to_user_id)
    found.append(_account(account_id(number, ""), {"screen_name": tweet.in_reply_to_screen_name}))
    return [each for each in found if each and each.id != owner]


def _account(id: str, user: dict[str, object]) -> Account | None:
    handle, name = text_of(user.get("screen_name")), text_of(user.get("name"))
    return Account(id=id, handle=f"@{handle}", name=name, url=f"https://x.com/{handle}") if id and handle else None


class Notes:
    """The whole words of long posts, which the archive keeps apart and links by nothing but their time and how they begin."""

    def __init__(self, most_bytes: int = 64 * 1024 * 1024) -> None:
        self.room, self.unfound = most_bytes, 0
        self._by_second: dict[int, list[str]] = {}

    def add(self, note: dict[str, object]) -> bool:
        """False if it has no words, or there is no more room."""
        core, when = dict_of(note.get("core")), time_of(note.get("createdAt"))
        text = text_of(core.get("text"))
        self.room -= len(text)
        if not text or when is None or self.room < 0:
            return False
        for link in dicts_of(core.get("urls")):
            if (short := text_of(link.get("shortUrl"))) and (long := text_of(link.get("expandedUrl"))):
                text = text.replace(short, long)
        self._by_second.setdefault(when.at // 1_000_000, []).append(text)
        self.unfound += 1
        return True

    def whole(self, post: Post) -> Post:
        """The post with all its words, if it is the beginning of a long one."""
        if not self._by_second or post.at is None or len(post.text) < _NOTE_FROM:
            return post
        start, second = post.text[:100], post.at // 1_000_000
        for near in (second, second - 1, second + 1, second - 2, second + 2):
            for text in self._by_second.get(near, ()):
                if text.startswith(start) and len(text) > len(post.text) - 30:
                    self._by_second[near].remove(text)
                    self.unfound -= 1
                    return msgspec.structs.replace(post, text=plain(text).strip())
        return post
