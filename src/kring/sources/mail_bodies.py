"""What a mail says: the text its author meant to be read, found among nested, mis-labelled and broken parts (RFC 2045-2049, 3676)."""

import binascii
import re
from dataclasses import dataclass, field
from typing import Literal

from kring.schema import Media
from kring.sources import mail_headers as headers
from kring.sources.markup import plain

DEEPEST = 20
MOST_PARTS = 1000
LONGEST_TEXT = 1 << 20
"""More letters than this nobody wrote by hand; the raw mail keeps them."""
MOST_MEDIA = 100

_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,80}|--[^\r\n]{4,80}?)[ \t]*\r?\nContent-[A-Za-z-]{4,20}:", re.MULTILINE | re.IGNORECASE)
_TEXTS = ("text/plain", "text/html", "text/enriched", "text/markdown", "")
_ENCRYPTED_TYPES = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURE_TYPES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-keys")
_PGP_TEXT = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Z][\w-]{0,30}:[^\n]*+\n)*+\n?(.*?)"
    r"(?:-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)|\Z)",
    re.DOTALL,
)
_FEW_MARKS = re.compile(r"<[^<>]{1,200}>")


@dataclass
class Body:
    """The text of a mail, what stood beside it, and what was lost."""

    text: str = ""
    media: list[Media] = field(default_factory=list)
    encrypted: bool = False
    guessed: bool = False
    """Some text was not in the charset it said."""
    broken_off: bool = False
    """A mail of several parts ends before its last part does."""
    cut: bool = False
    nul: bool = False
    n_parts_left: int = 0
    """Parts beyond `MOST_PARTS` or `DEEPEST`."""


def body(raw: bytes, start: int, head: dict[str, str]) -> Body:
    """Reads the body of the mail whose head ends at `start`. Never fails."""
    reading = _Reading(raw)
    text = reading.part(head, start, len(raw), 0)
    found = reading.body
    found.nul = "\0" in text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    found.encrypted = found.encrypted or text.lstrip().startswith(_PGP_TEXT)
    if "-----BEGIN PGP SIGNED" in text:
        text = _PGP_SIGNED.sub(lambda signed: re.sub(r"(?m)^- ", "", signed[1]), text)
    found.cut = found.cut or len(text) > LONGEST_TEXT
    found.text = "" if found.encrypted else text[:LONGEST_TEXT]
    return found


class _Reading:
    """A walk over the parts of one mail: only what is a text is decoded."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.body = Body()
        self.n_parts = 0

    def part(self, head: dict[str, str], start: int, end: int, depth: int) -> str:
        """The text of one part."""
        self.n_parts += 1
        if self.n_parts > MOST_PARTS or depth > DEEPEST:
            self.body.n_parts_left += 1
            return ""
        kind, named = headers.parameters(head.get("content-type", ""))
        if kind in _ENCRYPTED_TYPES and "signed" not in named.get("smime-type", ""):
            self.body.encrypted = True
            return ""
        if kind.startswith("multipart/"):
            return self._parts(kind, named.get("boundary", "").strip(), start, end, depth)
        if self._is_text(kind, named, head):
            return self._text(kind, named, head, start, end)
        if kind not in _SIGNATURE_TYPES:
            self._beside(kind, named, head, start, end)
        return ""

    def _is_text(self, kind: str, named: dict[str, str], head: dict[str, str]) -> bool:
        if "/" in kind and kind not in _TEXTS:
            return False
        how, said = headers.parameters(head.get("content-disposition", ""))
        return how != "attachment" and not ("filename" in said and "/" in kind)

    def _parts(self, kind: str, boundary: str, start: int, end: int, depth: int) -> str:
        spans, closed = _between(self.raw, boundary.encode("utf-8", "replace"), start, end, MOST_PARTS - self.n_parts + 1)
        if not spans and (other := _first_boundary(self.raw, start, end)):
            spans, closed = _between(self.raw, other, start, end, MOST_PARTS - self.n_parts + 1)
        if not spans:
            return self._text("text/plain", {}, {}, start, end)
        self.body.broken_off = self.body.broken_off or not closed
        if kind == "multipart/alternative":
            return self._best(spans, depth)
        if kind in ("multipart/signed", "multipart/report"):
            spans = spans[:1]
        texts = [self._open(span, depth, digest=kind == "multipart/digest") for span in spans]
        if kind == "multipart/related":
            return next((text for text in texts if text.strip()), "")
        return "\n\n".join(text.strip("\n") if len(texts) > 1 else text for text in texts if text.strip())

    def _open(self, span: tuple[int, int], depth: int, *, digest: bool = False) -> str:
        head, start = headers.split(self.raw, *span)
        fields, guessed = headers.fields(head)
        self.body.guessed = self.body.guessed or guessed
        if digest and "content-type" not in fields:
            fields["content-type"] = "message/rfc822"
        return self.part(fields, start, span[1], depth + 1)

    def _best(self, spans: list[tuple[int, int]], depth: int) -> str:
        """Of alternatives the plain text, if something stands in it; else the first that gives text."""
        opened = []
        for span in spans:
            head, _ = headers.split(self.raw, *span)
            opened.append((_rank(head), span))
        for _, span in sorted(opened, key=lambda each: each[0]):
            if (text := self._open(span, depth)).strip():
                return text
        return ""

    def _text(self, kind: str, named: dict[str, str], head: dict[str, str], start: int, end: int) -> str:
        raw = _decoded(self.raw[start : min(end, start + 8 * LONGEST_TEXT)], head.get("content-transfer-encoding", ""))
        text, guessed = headers.read_bytes(raw, named.get("charset", ""))
        self.body.guessed = self.body.guessed or guessed
        longest = LONGEST_TEXT * (4 if kind == "text/html" else 1)
        if len(text) > longest:
            self.body.cut, text = True, text[:longest].rpartition("<")[0] if kind == "text/html" else text[:longest]
        if kind == "text/html":
            return plain(text)
        if kind == "text/enriched":
            return _FEW_MARKS.sub("", text)
        return unflowed(text, named.get("delsp", "").lower() == "yes") if named.get("format", "").lower() == "flowed" else text

    def _beside(self, kind: str, named: dict[str, str], head: dict[str, str], start: int, end: int) -> None:
        """A file, picture or forwarded mail: its name, never its bytes."""
        if len(self.body.media) >= MOST_MEDIA:
            return
        _, said = headers.parameters(head.get("content-disposition", ""))
        name = headers.words(said.get("filename") or named.get("name") or "")
        if not name and kind in ("message/rfc822", "message/global"):
            fields, _ = headers.fields(headers.split(self.raw, start, min(end, start + headers.LONGEST_HEAD))[0])
            name = headers.words(fields.get("subject", ""))
        about = headers.words(head.get("content-description", ""))
        self.body.media.append(Media(kind=_media_kind(kind), name=name[:500], text="" if about == name else about[:2000]))


def _media_kind(kind: str) -> Literal["image", "video", "audio", "document", "contact"]:
    first = kind.partition("/")[0]
    if first == "image":
        return "image"
    if first == "video":
        return "video"
    if first == "audio":
        return "audio"
    return "contact" if kind in ("text/vcard", "text/x-vcard") else "document"


def _rank(head: bytes) -> int:
    head = head[:4096].lower()
    return 0 if b"text/plain" in head else 1 if b"text/html" in head or b"multipart/" in head else 2


def _first_boundary(raw: bytes, start: int, end: int) -> bytes:
    """What the body itself begins its parts with, where that isn't what the head says."""
    found = _BOUNDARY.search(raw, start, min(end, start + 4096))
    return found[1] if found else b""


def _between(raw: bytes, boundary: bytes, start: int, end: int, most: int) -> tuple[list[tuple[int, int]], bool]:
    """The spans between the boundary's lines, and whether the closing one was there; more than `most` come as one last span."""
    mark, spans, begun, at = b"--" + boundary, [], -1, start
    while boundary and (found := raw.find(mark, at, end)) >= 0:
        at = found + len(mark)
        line_end = raw.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[at : min(line_end, at + 100)].strip()
        if (found > start and raw[found - 1] != 0x0A) or rest not in (b"", b"--"):
            continue
        if begun >= 0:
            spans.append((begun, max(begun, found - (2 if raw[found - 2 : found] == b"\r\n" else 1))))
        if len(spans) >= most:
            return [*spans, (found, end)], True
        if rest:
            return spans, True
        begun = min(line_end + 1, end)
    return ([*spans, (begun, end)] if 0 <= begun < end else spans), False


def _decoded(raw: bytes, how: str) -> bytes:
    """Undoes a transfer encoding; what isn't one is left as it is."""
    how = how.strip().lower()
    if how == "quoted-printable":
        return binascii.a2b_qp(raw)
    if how == "base64":
        return headers.base64_bytes(raw)
    if how in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(raw)
    return raw


def _uudecoded(raw: bytes) -> bytes:
    lines = []
    for line in raw.partition(b"begin ")[2].splitlines()[1:]:
        try:
            lines.append(binascii.a2b_uu(line))
        except binascii.Error:
            break
    return b"".join(lines)


def unflowed(text: str, delete_space: bool) -> str:
    """Lines that a mailer broke (format=flowed, RFC 3676) made whole again; "> " before them says how deep they are quoted."""
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        content = bare.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if open_depth != depth or content == "-- ":
            lines.append([">" * depth + " " if depth else ""])
        lines[-1].append(content[:-1] if flows and delete_space else content)
        open_depth = depth if flows else -1
    return "\n".join("".join(line) for line in lines)
