"""How Reddit calls people, communities and posts, what it writes where words are gone, and what its texts say in plain words."""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from kring.schema import Account, Place, Visibility
from kring.sources.markdown import plain
from kring.sources.pieces import clean

_NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)
_ID = re.compile(r"(?:t\d_)?([a-z0-9]{1,13})", re.ASCII | re.IGNORECASE)
_FULL = re.compile(r"t[1-6]_[a-z0-9]{1,13}", re.ASCII | re.IGNORECASE)
_THREAD = re.compile(r"/comments/([a-z0-9]{1,13})(?:/|$)", re.ASCII | re.IGNORECASE)
_COMMUNITY = re.compile(r"(?:#|/?r/)([\w.-]{1,64})/?", re.ASCII)
_MENTION = re.compile(r"(?<![\w/])/?u/([\w-]{3,20})(?![\w-])", re.ASCII)
_BOT = re.compile(r"^[^\w>\n]*+(?:beep[ ,]*+boop[^\w>\n]*+)?(?:I am|I'm|I’m) a bot\b.{0,60}\bautomatic", re.IGNORECASE | re.MULTILINE)
"""What bots write under their words, AutoModerator first: "I am a bot, and this action was performed automatically"."""
_TAKEN_BACK = ("[deleted]", "[deleted by user]")
_REMOVED = ("[removed]", "[removed by reddit]", "[ removed by reddit ]", "[ removed by reddit in response to a copyright notice. ]")
_OPEN = ("public", "restricted", "archived", "user", "")
"""What anybody may read; the others ("private", "employees_only", "gold_only" …) are for their members."""


def name_of(value: object) -> str:
    """Somebody's name, or that of a community; "" if it is none, or gone."""
    value = value.get("name") or value.get("display_name") if isinstance(value, dict) else value
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def fullname(value: object, kind: str) -> str:
    """The id of a thing, "reddit:t3_abc", from its number with or without Reddit's prefix for its kind; "" if it is none."""
    found = _ID.fullmatch(value) if isinstance(value, str) else None
    return f"reddit:{kind}_{found[1].lower()}" if found else ""


def named(value: object) -> str:
    """The id of a thing that is called by its full name ("t1_abc"); "" if it isn't."""
    return f"reddit:{value.lower()}" if isinstance(value, str) and _FULL.fullmatch(value) else ""


def thread_in(address: object) -> str:
    """The submission that an address leads to; "" if it leads elsewhere."""
    found = _THREAD.search(address) if isinstance(address, str) else None
    return f"reddit:t3_{found[1].lower()}" if found else ""


def address(path: object) -> str:
    """The whole address of a page of Reddit; "" if it is none."""
    if not isinstance(path, str) or any(sign in path for sign in ' \n\r\t"<>'):
        return ""
    return f"https://www.reddit.com{path}" if path.startswith("/") else path if path.startswith(("https://", "http://")) else ""


def is_own(link: str) -> bool:
    """An address of Reddit itself: of the post, its pictures or its film."""
    host = link.partition("//")[2].partition("/")[0].lower()
    return host in ("reddit.com", "redd.it") or host.endswith((".reddit.com", ".redd.it"))


def account_id(name: str) -> str:
    """Names that differ only in capitals are one to Reddit."""
    return f"reddit:u/{name.lower()}" if name else ""


def account(name: str, *, bot: bool = False, owner: bool = False) -> Account:
    url = f"https://www.reddit.com/user/{name}"
    return Account(id=account_id(name), handle=f"u/{name}", kind="bot" if bot else "unknown", url=url, owner=owner)


def correspondent(written: object) -> Account | None:
    """Who writes or gets a private message: somebody, or the moderators of a community ("#town", "/r/town")."""
    if isinstance(written, str) and (found := _COMMUNITY.fullmatch(written)):
        url = f"https://www.reddit.com/r/{found[1]}/"
        return Account(id=f"reddit:r/{found[1].lower()}/moderators", name=f"moderators of r/{found[1]}", kind="group", url=url)
    name = name_of(written)
    return account(name) if name else None


@lru_cache(maxsize=4096)
def place_of(name: str) -> Place | None:
    """A community; what people post on their own page is in one that is called after them ("u_anna")."""
    if not name:
        return None
    own = name[2:] if name[:2].lower() == "u_" else ""
    url = f"https://www.reddit.com/user/{own}/" if own else f"https://www.reddit.com/r/{name}/"
    return Place(id=f"reddit:r/{name.lower()}", kind="forum", name=f"u/{own}" if own else f"r/{name}", url=url)


def visibility(kind: object) -> Visibility:
    """Who may read a community of that kind."""
    return "public" if not isinstance(kind, str) or kind in _OPEN else "place"


class Words(msgspec.Struct, frozen=True):
    """A text in plain words, and whether its author took it back; then, and where somebody else removed it, there are none."""

    text: str = ""
    taken_back: bool = False


def words(written: object, *, escaped: bool = False) -> Words:
    """What a text in Markdown says. `escaped`: Reddit's API wrote `<`, `>` and `&` in it as entities (unless asked not to)."""
    if not isinstance(written, str) or not written or is_removed(written):
        return Words()
    if _gone(written) in _TAKEN_BACK:
        return Words(taken_back=True)
    return Words(plain(unescaped(written) if escaped else written))


def is_removed(written: object) -> bool:
    """What stands where moderators or Reddit removed a text."""
    return isinstance(written, str) and _gone(written) in _REMOVED


def _gone(written: str) -> str:
    return written.strip().lower() if written[:1] in "[ " and len(written) < 80 else ""


def unescaped(written: str) -> str:
    """The text before Reddit's API wrote it into JSON."""
    return written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in written else written


def title(written: object, *, escaped: bool = False) -> str:
    """A title, which is no Markdown; "" where it is gone."""
    if not isinstance(written, str) or written.strip().lower() in (*_TAKEN_BACK, *_REMOVED):
        return ""
    return " ".join(clean((unescaped(written) if escaped else written).replace("\0", "")).split())


def mentions(text: str, author: str) -> tuple[str, ...]:
    """The people whom a plain text names as Reddit does (u/anna), outside quotations."""
    return tuple(dict.fromkeys(each for each in _mentioned(text) if each != author)) if "u/" in text else ()


def _mentioned(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if not line.startswith(">"):
            yield from map(account_id, _MENTION.findall(line))


def says_it_is_a_bot(name: str, text: str) -> bool:
    """Reddit's own bot, or one that says so in its words."""
    return name == "AutoModerator" or ("bot" in text and _BOT.search(text) is not None)
