"""Who was erased stays away: what tells them again when an import brings them back, and what is then left out of it.

The database holds only keyed hashes (HMAC-SHA256; scrypt for phone numbers, of which there are few enough to try them all). The key lies in a
file of its own beside it: with the database alone nobody can ask "was it her?". Without the key nobody can be told again, so an import stops.

    scope            the hash is of                                             with a match
    account, phone   an account's id; it holds the network, and the chat        the account, all it wrote and did, is left out
                     where names are all there is: one Jan is not every Jan
    post             a post's id                                                the post and acts on it are left out; a reply to it stays, to nobody
    place            the id of a chat of two with them                          the chat is left out
    handle, url      @name@server, a mail address, a profile's address;         masked in every text; a post beneath such an address is theirs,
                     @name, where nobody else anywhere has it                   whether it was here or not
    bare             a network and a handle without its server, that nobody     masked in the texts of that network, unless the post mentions
                     else in that network has                                   another who is called so
    again            the end of an account's id, beside a post's time and       the account, whatever its site is called now (`returning.py`)
                     words, or beside a name
    said             a post's id, and a handle or name in it                    masked in that post: somebody said that it is theirs
    file             a handle without its server                                masked in the names of files that were imported
    name:W:L         a full name of W words, L letters, that nobody else has    masked in every text
    here:W:L         a place's id and a name in it                              masked in the texts of that place
    linked:W:L       a name or first name                                       masked in posts that answer or mention them
    line             a line that they wrote, and nobody else just so            masked where somebody quotes it

Masking is one function for what is here (`erase.py`) and for what comes (`keep.py`), so that the same post stays the same post.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from kring.errors import CircleError
from kring.schema import Account, Event, Item, Media, Place, Post, Record, Unread
from kring.store.codes import clean

KEY = "kring.key"
MASK = "[erased]"
SHORTEST_LINE = 12
_PHONE = re.compile(r"\+?\d[\d\s().\u2010\u2011\u202a-\u202f\u2066-\u2069-]{6,}")
WORD = re.compile(r"\w+(?:['’-]\w+)*")
_HANDLE = re.compile(r"@?[\w.+-]*\w@[\w-]+(?:\.[\w-]+)+|@\w[\w.-]*")
_URL = re.compile(r"https?://[^\s<>\"]+")
_AT_SERVER = re.compile(r"https?://([^/\s]+)/(?:users/|@|u/|profile/)([\w.-]+)")
_RETWEET = re.compile(r"(RT )(@\w+)(: .*)", re.DOTALL)
_DID = re.compile(r"at://(did:[^/\s]+)/")
_IN_PATH = re.compile(r"[^\W_]+")
Marks = set[tuple[str, bytes]]
"""Scope and hash of each thing that stays away."""


def key_file(database: str) -> Path:
    """Where the key lies: beside the database, never in it."""
    return Path(database).with_name(KEY)


def the_key(database: str, *, make: bool = False) -> bytes:
    """The circle's key; made, readable by its owner only, the first time that somebody is erased.

    Fails   CircleError if it is gone.
    """
    file = key_file(database)
    try:
        if not file.exists() and make:
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(secrets.token_hex(32).encode())
        return bytes.fromhex(file.read_text())
    except (OSError, ValueError) as error:
        raise CircleError(
            f"{KEY} is not beside the database or can't be read: those who were erased can't be told any more, and would come back.",
            next="Put it back from a backup, then do the same again.",
        ) from error


def normal(text: str) -> str:
    """Words of a name or line as they are compared: without capitals and marks."""
    return " ".join(WORD.findall(text)).casefold()


def lengths(name: str) -> str:
    """Words and letters of a name, by which few words of a text need be looked up."""
    return f"{name.count(' ') + 1}:{len(name)}"


class Stands(NamedTuple):
    """Where a text stands, and so what a name in it means."""

    place: str = ""
    network: str = ""
    post: str = ""
    linked: bool = False
    """It speaks to them or answers them, so that a first name is theirs."""
    quotes: bool = False
    """It answers them, so that what it quotes is theirs."""
    others: frozenset[str] = frozenset()
    """Handles, with and without their servers, of others whom it mentions."""


_ANYWHERE = Stands()


class Away:
    """Those who were erased, as a function from what comes to what may stay; `mask` stands for them in what others wrote."""

    def __init__(self, key: bytes, marks: Marks, mask: str = MASK) -> None:
        self.key, self.marks, self.mask = key, marks, mask
        self.kinds = {scope for scope, _ in marks}
        self._sizes = {
            kind: {tuple(map(int, scope.split(":")[1:])) for scope in self.kinds if scope.startswith(f"{kind}:")}
            for kind in ("name", "here", "linked", "said")
        }
        self._account = lru_cache(200_000)(self._account_away)
        self._writer = lru_cache(200_000)(self._writer_away)
        self._name = lru_cache(200_000)(self.has)

    def mac(self, scope: str, *value: str) -> bytes:
        """The keyed hash of a value in a scope."""
        return hmac.digest(self.key, "\0".join((scope, *value)).encode("utf-8", "replace"), "sha256")[:16]

    def sign(self) -> tuple[str, bytes]:
        """What tells this key from any other."""
        return "key", self.mac("key")

    def phone_mac(self, id: str) -> bytes:
        """The slow hash of an id that is a phone number: all numbers there are can't be tried."""
        number = _PHONE.search(id)
        digits = re.sub(r"\D", "", number[0]) if number else ""
        return hashlib.scrypt(
            f"{id[: number.start()] if number else id}\0{digits}".encode("utf-8", "replace"), salt=self.key, n=2**14, r=8, p=1, dklen=16
        )

    def has(self, scope: str, *value: str) -> bool:
        return scope in self.kinds and (scope, self.mac(scope, *value)) in self.marks

    def account(self, id: str) -> bool:
        """Whether an account is one of those."""
        return bool(id) and self._account(id)

    def _account_away(self, id: str) -> bool:
        return self.has("account", id) or ("phone" in self.kinds and is_phone(id) and ("phone", self.phone_mac(id)) in self.marks)

    # -- records

    def items(self, given: Iterable[Item]) -> Iterator[Item]:
        """What may stay of each item. Of one that spoke of them the raw piece is not kept: nobody can tell what else of them stands in it."""
        for item in given:
            stay = tuple(record for each in item.records if (record := self.record(each)) is not None)
            if stay == item.records:
                yield item
            elif stay:
                yield Item(item.where, b"", stay)

    def losses(self, given: Iterable[Unread]) -> list[Unread]:
        """What could not be read, without its bytes: whose they are can't be told."""
        return [msgspec.structs.replace(each, raw=b"", where=self.path(each.where)) for each in given]

    def record(self, record: Record) -> Record | None:
        """What may stay of a record; None for nothing."""
        if isinstance(record, Post):
            gone = self.account(record.author) or self.post(record.id) or self.has("place", record.place)
            return None if gone else self.masked(record)
        if isinstance(record, Event):
            stands = Stands(record.place, network_of(record.place or record.actor))
            return None if self._event_away(record) else msgspec.structs.replace(record, text=self.text(record.text, stands))
        if isinstance(record, Account):
            return None if self.account(record.id) or self.has("place", record.id.rpartition("/")[0]) else record
        if isinstance(record, Place):
            return (
                None
                if self.has("place", record.id)
                else msgspec.structs.replace(record, name=self.text(record.name, Stands(network=network_of(record.id))))
            )
        return None if self.account(record.account) or self.has("place", record.place) else record

    def _event_away(self, event: Event) -> bool:
        kind = event.object_kind
        object_away = (
            self.account(event.object)
            if kind == "account"
            else self.post(event.object)
            if kind == "post"
            else self.has(kind, clean(event.object))
        )
        return object_away or self.account(event.actor) or self.account(event.receiver) or self.has("place", event.place)

    def masked(self, post: Post) -> Post:
        """Somebody else's post without them: not mentioned, not named, not quoted; a reply to them stays a reply, to nobody."""
        answers = self.post(post.reply_to)
        mentions = tuple(each for each in post.mentions if not self.account(each))
        stands = Stands(
            post.place,
            network_of(post.id),
            clean(post.id),
            answers or len(mentions) != len(post.mentions),
            answers,
            frozenset(chain.from_iterable(map(called, mentions))),
        )

        def text(words: str) -> str:
            return self.text(words, stands)

        return msgspec.structs.replace(
            post,
            mentions=mentions,
            reply_to=self.alias(post.reply_to),
            thread=self.alias(post.thread),
            text=text(post.text),
            title=text(post.title),
            tags=tuple(map(text, post.tags)),
            media=tuple(Media(kind=each.kind, name=text(each.name), text=text(each.text)) for each in post.media),
        )

    def post(self, id: str) -> bool:
        """Whether a post is theirs: one that was here, or one whose address tells whose it is."""
        return bool(id) and (self.has("post", clean(id)) or (bool(writer := writer_of(id)) and self._writer(network_of(id), writer)))

    def _writer_away(self, network: str, writer: str) -> bool:
        return self.account(f"{network}:{writer}") or self.has("handle", writer.casefold())

    def alias(self, id: str) -> str:
        """What stands for the id of a post that was erased: always the same, and nothing to be learnt from it."""
        if not self.post(id):
            return id
        return f"{network_of(id)}:erased/{self.mac('alias', clean(id)).hex()}"

    # -- texts

    def text(self, text: str, stands: Stands = _ANYWHERE) -> str:
        """A text with their names, handles and lines masked."""
        if not text:
            return text
        if (again := _RETWEET.match(text)) and self._handle(again[2], stands):
            return f"RT {self.mask}: {self.mask}"
        if ">" in text:
            text = "\n".join(self._line(line, stands.quotes) for line in text.split("\n"))
        if "://" in text:
            text = _URL.sub(lambda found: self.mask if self._url(found[0]) else found[0], text)
        if "@" in text:
            text = _HANDLE.sub(lambda found: self.mask if self._handle(found[0], stands) else found[0], text)
        return self._names(text, stands)

    def path(self, path: str) -> str:
        """The name of a file with their handles masked: each part of it, with and without its ending, and each word."""
        if "file" not in self.kinds:
            return path
        for part in sorted({*re.split(r"[/\\]", path), *WORD.findall(path), *_IN_PATH.findall(path)}, key=len, reverse=True):
            for name in (part, part.partition(".")[0], part.rpartition(".")[0]):
                if name and self.has("file", name.lstrip("@").casefold()):
                    path = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", self.mask, path)
        return path

    def _line(self, line: str, quotes: bool) -> str:
        quoted = line.lstrip().startswith(">") and bool(line.lstrip("> \t"))
        return f"> {self.mask}" if quoted and (quotes or self.quotes(line)) else line

    def quotes(self, line: str) -> bool:
        """Whether a line quotes one that they wrote, and nobody else."""
        said = line.lstrip("> \t")
        return line.lstrip().startswith(">") and len(said) >= SHORTEST_LINE and self.has("line", normal(said))

    def _handle(self, handle: str, stands: Stands) -> bool:
        """A handle with its server is one account's; without it, it is whose the post, or else the network, tells."""
        bare = handle.lstrip("@").rstrip(".-").casefold()
        first, another = normal(bare.partition("@")[0]), bare in stands.others
        if stands.post and self.has("said", stands.post, bare):
            return True
        if stands.linked and first and not (another and "@" in bare) and self.has(f"linked:{lengths(first)}", first):
            return True
        return not another and (self.has("handle", bare) or ("@" not in bare and self.has("bare", stands.network, bare)))

    def _url(self, url: str) -> bool:
        if found := _AT_SERVER.match(url):
            return self.has("handle", f"{found[2]}@{found[1]}".casefold()) or self._address(url)
        return self._address(url)

    def _address(self, url: str) -> bool:
        """Whether it is one of their addresses, or lies beneath one."""
        if "url" not in self.kinds:
            return False
        parts = url.rstrip(".,;:!?)").rstrip("/").split("/")
        return any(self.has("url", "/".join(parts[:n])) for n in range(4, min(len(parts), 10) + 1))

    def _names(self, text: str, stands: Stands) -> str:
        wanted: list[tuple[str, tuple[str, ...]]] = [("name", ()), ("here", (stands.place,)), ("said", (stands.post,)), ("linked", ())]
        asked = (True, stands.place, stands.post, stands.linked)
        wanted = [each for each, there in zip(wanted, asked, strict=True) if there]
        wanted = [(kind, before) for kind, before in wanted if self._sizes[kind]]
        if not wanted:
            return text
        words = [(found.start(), found.end(), found[0].casefold()) for found in WORD.finditer(text)]
        reach = [0, *accumulate(len(word) + 1 for _, _, word in words)]
        spans: list[tuple[int, int]] = []
        for kind, before in wanted:
            for n, size in self._sizes[kind]:
                spans += self._spans(words, reach, n, size, f"{kind}:{n}:{size}", before)
        for start, end in reversed(_apart(spans)):
            text = text[:start] + self.mask + text[end:]
        return text

    def _spans(
        self, words: Sequence[tuple[int, int, str]], reach: Sequence[int], n: int, size: int, scope: str, before: tuple[str, ...]
    ) -> Iterator[tuple[int, int]]:
        """Where n words of so many letters are a name; `reach`: how many letters the words before each have, and the spaces after them."""
        for i in range(len(words) - n + 1):
            if reach[i + n] - reach[i] == size + 1 and self._name(scope, *before, " ".join(word for _, _, word in words[i : i + n])):
                yield words[i][0], words[i + n - 1][1]


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap or touch, made one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def network_of(id: str) -> str:
    """The network that stands in front of an id."""
    return id.partition(":")[0]


def writer_of(post: str) -> str:
    """Whose post it is, where its id is an address that tells: name@server, or a Bluesky DID; else ""."""
    address = post.partition(":")[2]
    if found := _AT_SERVER.match(address):
        return f"{found[2]}@{found[1]}".lower()
    return found[1] if (found := _DID.match(address)) else ""


def called(id: str) -> set[str]:
    """What somebody is called in texts, by an account's id or handle: with the server and without it."""
    whole = id.partition(":")[2] or id
    whole = whole.rstrip("/").rpartition("/")[2].lstrip("@").casefold()
    return {whole, whole.partition("@")[0]} - {""}


def addresses(id: str) -> list[str]:
    """Where the profile of "network:name@server" is found on servers of the usual kinds."""
    name, _, server = id.partition(":")[2].partition("@")
    return [f"{server}/{path}{name}" for path in ("users/", "@", "u/", "profile/")] if server else []


def is_phone(id: str) -> bool:
    """Whether an account is known by its phone number."""
    return _PHONE.fullmatch(re.split(r"[:/]", id)[-1].strip("\u200e\u200f\u202a\u202c~ ")) is not None


def away(connection: Connection, database: str) -> Away | None:
    """Those who were erased; None where nobody was, the usual case.

    Fails   CircleError if somebody was and the key is gone, or is another than that with which they were erased.
    """
    rows = connection.exec_driver_sql("SELECT scope, mac FROM suppression").all()
    if not rows:
        return None
    found = Away(the_key(database), {(scope, bytes(mac)) for scope, mac in rows})
    if "key" in found.kinds and found.sign() not in found.marks:
        raise CircleError(
            f"{KEY} is not the one with which people were erased here: they can't be told any more, and would come back.",
            next="Put the right one back from a backup, then do the same again.",
        )
    return found
