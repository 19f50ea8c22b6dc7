"""The head of a mail: fields, encoded words, addresses and ids, as they should be (RFC 5322, 2047, 2231) and as they come."""

import binascii
import codecs
import re
from functools import lru_cache

import msgspec

LONGEST_HEAD = 1024 * 1024
"""More than this at the top of a mail is no head: the rest of it is not looked at."""
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 320
"""64 for the local part, "@", 255 for the host (RFC 3696, erratum 1690)."""

_HEAD_END = re.compile(rb"\n\r?\n")
_FIELDS = re.compile(rb"(?:[!-9;-~]{1,80}[ \t]*:[^\n]*+\n?|[ \t][^\n]*+\n?)*+")
_FOLD = re.compile(r"\r?\n[ \t]+")
_LISTED = frozenset(("to", "cc", "references", "in-reply-to"))
"""Fields of which a second one adds to the first; of all others the first one counts."""

_ENCODED = re.compile(r"=\?([\w.:*+-]{1,60})\?([bBqQ])\?((?:[^?=]++|\?(?!=)|=(?!\?(?!=)))*+)\?=")
"""Stops at the next "=?", so that a head full of beginnings takes no longer than any other."""
_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_NOT_FOR_MAIL = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"))
_AS_WINDOWS_1252 = frozenset(("ascii", "iso8859-1", "cp1252"))
"""Mail that says it is one of these is often written in its larger sister (WHATWG Encoding Standard, "windows-1252")."""
_SHIFTING = ("utf-7", "utf7", "unicode-1-1-utf-7", "utf-16", "utf16", "utf-32", "iso-2022", "csiso2022", "hz")
"""In these, bytes that look like ASCII are not."""


class Address(msgspec.Struct, frozen=True):
    """A mailbox as a mail names it; `address` is lower case, "" where only a name is given."""

    address: str
    name: str


def split(raw: bytes, start: int = 0, end: int | None = None) -> tuple[bytes, int]:
    """The head's bytes, and where the body begins: behind the first empty line, or without one at the first line that is no field."""
    stop = len(raw) if end is None else end
    for nothing in (b"\n", b"\r\n"):
        if raw.startswith(nothing, start, stop):
            return b"", start + len(nothing)
    found = _HEAD_END.search(raw, start, stop)
    if found is None:
        fields = _FIELDS.match(raw, start, stop)
        found_end = fields.end() if fields else start
        return raw[start:found_end], found_end
    return raw[start : found.start()], found.end()


def fields(head: bytes) -> tuple[dict[str, str], bool]:
    """The fields by lower-case name, unfolded but not yet decoded, and whether bytes had to be guessed at."""
    text, guessed = read_bytes(head[:LONGEST_HEAD].replace(b"\0", b""), "")
    found: dict[str, str] = {}
    for line in _FOLD.sub(" ", text).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            if name not in found:
                found[name] = value.strip()
            elif name in _LISTED:
                found[name] += (", " if name in ("to", "cc") else " ") + value.strip()
    return found, guessed


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Python's name for a charset that mail may be written in, "" for none that we know."""
    try:
        info = codecs.lookup(charset.strip().strip("\"'").partition("*")[0])
    except (LookupError, ValueError):
        return ""
    if not getattr(info, "_is_text_encoding", True) or info.name.replace("_", "-") in _NOT_FOR_MAIL:
        return ""
    return "cp1252" if info.name in _AS_WINDOWS_1252 else info.name


def read_bytes(raw: bytes, charset: str) -> tuple[str, bool]:
    """Text of these bytes, and whether it had to be guessed because they aren't in the charset they say, or say none and aren't UTF-8."""
    if raw.isascii() and not charset.lower().startswith(_SHIFTING):
        return raw.decode("ascii"), False
    said = _codec(charset) if charset else ""
    for codec in ("utf-8", said) if said in ("", "cp1252") else (said, "utf-8"):
        try:
            return _without_halves(raw.decode(codec or "ascii")), bool(charset) and codec != said != "cp1252"
        except (UnicodeError, ValueError):
            continue
    broken = raw.decode("utf-8", "replace")
    n_broken = broken.count("\ufffd")
    if said == "utf-8" and sum(not letter.isascii() for letter in broken) >= 2 * n_broken:
        return broken, True
    return raw.decode("cp1252", "replace"), True


def _without_halves(text: str) -> str:
    """The same without halves of characters, which UTF-7 can hide and no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def words(value: str) -> str:
    """The value with encoded words read (RFC 2047), also where they stand inside quotes or words, are cut between bytes or badly padded."""
    if "=?" in value:
        value = _Words().read(value)
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join(value.replace("\0", "").split())


class _Words:
    """Neighbouring words of one charset are read together: a character may be cut in two between them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.charset, self.waiting = "", b""

    def read(self, value: str) -> str:
        done = 0
        for found in _ENCODED.finditer(value):
            charset, how, text = found[1].lower(), found[2], found[3]
            between = value[done : found.start()]
            neighbours = done > 0 and (not between or between.isspace())
            if not neighbours or charset != self.charset:
                self._flush()
                self.parts.append("" if neighbours else between)
            self.charset = charset
            self.waiting += _q_bytes(text) if how in "qQ" else base64_bytes(text.encode("ascii", "ignore"))
            done = found.end()
        self._flush()
        return "".join(self.parts) + value[done:]

    def _flush(self) -> None:
        if self.waiting:
            self.parts.append(read_bytes(self.waiting, self.charset)[0])
            self.waiting = b""


def _q_bytes(text: str) -> bytes:
    raw = text.replace("_", " ").encode("utf-8", "replace")
    return _Q_ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), raw)


def base64_bytes(raw: bytes) -> bytes:
    """Base64 read as far as it goes: what is no base64 is passed over, missing padding forgiven."""
    raw = _NOT_BASE64.sub(b"", raw)
    raw = raw[: len(raw) - (len(raw) % 4 == 1)]
    return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))


_TOKEN = re.compile(
    r'"((?:[^"\\]++|\\.)*+)"?|\(((?:[^()\\]++|\\.|\([^()]*+\))*+)\)?|<([^<>,"]*+)>?|([,;:])|([^",;:<>()]++)|[)>]', re.DOTALL
)
_AT = re.compile(r"\s*[\[(]\s*at\s*[\])]\s*|(?<=\w) at (?=[\w-]+\.[\w.-]+)", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[(]\s*dot\s*[\])]\s*", re.IGNORECASE)
_SIMPLE = re.compile(r'(?:([\w .\'-]{1,100}?) ?<([^\s<>@,;:"()]{1,64}@[\w.-]{1,255})>|([^\s<>@,;:"()]{1,64}@[\w.-]{1,255}))$')


def addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes in a From, To or Cc; groups are opened, comments are names."""
    return _remembered(value) if len(value) < 500 else tuple(_boxes(value))


@lru_cache(maxsize=4096)
def _remembered(value: str) -> tuple[Address, ...]:
    """The same few lines stand in many mails of one box."""
    if simple := _SIMPLE.match(value):
        return (Address((simple[2] or simple[3]).lower(), _name(simple[1] or "")),)
    if "@" not in value:
        value = _AT.sub("@", _DOT.sub(".", value))
    return tuple(_boxes(value))


def _boxes(value: str) -> list[Address]:
    """Cuts at commas (and the marks of a group) outside quotes, comments and angle brackets."""
    found: list[Address] = []
    quoted, comments, angles, plain = "", "", "", ""
    for token in _TOKEN.finditer(value):
        if token[4] == ":":
            quoted, comments, angles, plain = "", "", "", ""
        elif token[4]:
            found += _box(quoted, comments, angles, plain)
            quoted, comments, angles, plain = "", "", "", ""
        elif token[1] is not None:
            quoted += token[1]
        elif token[2] is not None:
            comments += token[2]
        elif token[3] is not None:
            angles = angles or token[3]
        elif token[5]:
            plain += token[5]
    return found + _box(quoted, comments, angles, plain)


def _box(quoted: str, comments: str, angles: str, plain: str) -> list[Address]:
    address, name = angles, quoted + plain if quoted.strip() else plain
    if not address:
        address, name = ("".join(plain.split()), quoted or comments) if "@" in plain else ("", quoted + plain)
        if quoted and plain.startswith("@"):
            address, name = f'"{quoted}"{plain.strip()}', comments
    address = _AT.sub("@", address).strip().removeprefix("mailto:").lower()
    if len(address) > _LONGEST_ADDRESS or not all(address.partition("@")) or (any(c.isspace() for c in address) and not quoted):
        address = ""
    name = _name(name.replace("\\", "") or (comments if address else ""))
    return [Address(address, "" if name.lower() == address else name)] if address or name else []


def _name(name: str) -> str:
    name = words(name).strip("'\" ")
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME]


_ID = re.compile(r"<\s*([^<>\s][^<>]{0,990}?)\s*>")
_BARE_ID = re.compile(r"(?<![^\s<>,;\"()])[^\s<>,;\"()@]{1,500}+@[^\s<>,;\"()]{1,500}")


def ids(value: str) -> list[str]:
    """The message ids in a Message-ID, In-Reply-To or References, without their brackets."""
    found = ["".join(one.replace(" at ", "@").split()) for one in _ID.findall(value)]
    if not found and "<" not in value:
        found = _BARE_ID.findall(value.replace(" at ", "@"))
    return [one for one in found if one]


_PARAMETER = re.compile(r';\s*([^\s=;]{1,80})\s*=\s*(?:"((?:[^"\\]++|\\.)*+)"?|([^;]*+))')


@lru_cache(maxsize=1024)
def parameters(value: str) -> tuple[str, dict[str, str]]:
    """What a Content-Type or -Disposition says, lower case, and its parameters; pieces and charsets (RFC 2231) are put together."""
    kind, _, _ = value.partition(";")
    found: dict[str, str] = {}
    pieces: dict[str, list[str]] = {}
    for key, quoted, bare in _PARAMETER.findall(value):
        name, star, rest = key.lower().partition("*")
        text = quoted.replace("\\", "") if quoted else bare.strip()
        if star:
            pieces.setdefault(name, []).append(text if rest and not rest.endswith("*") else _percent(text))
        else:
            found.setdefault(name, text)
    for name, texts in pieces.items():
        found[name] = _joined("".join(texts))
    return "".join(kind.split()).lower(), found


_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")


def _percent(text: str) -> str:
    return _PERCENT.sub(lambda found: chr(int(found[1], 16)), text)


def _joined(text: str) -> str:
    """`charset'language'text`, whose characters below 256 stand for bytes."""
    charset, _, rest = text.partition("'")
    _, quote, said = rest.partition("'")
    if not quote:
        return text
    return read_bytes(said.encode("latin-1", "replace"), charset)[0]
