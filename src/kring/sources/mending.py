"""JSON that is wrongly written but means something, mended: characters that are not UTF-8, bare control characters, half surrogates."""

import re
from typing import Protocol, TypeVar

import msgspec

T = TypeVar("T", covariant=True)

_LONE_SURROGATE = re.compile(r"(?i)\\u(?:d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab]..\\u)d[c-f][0-9a-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f]")


class Decoder(Protocol[T]):
    """What `msgspec.json.Decoder` offers here."""

    def decode(self, buf: bytes | str, /) -> T: ...


def decoded(decoder: Decoder[T], raw: bytes) -> tuple[T | None, bool]:
    """What the bytes mean, and whether they had to be mended (\ufffd stands where a character was); None if they mean nothing."""
    try:
        return decoder.decode(raw), False
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = _CONTROL.sub(" ", raw.decode("utf-8", "replace"))
    try:
        return decoder.decode(_LONE_SURROGATE.sub(r"\\ufffd", text)), True
    except (msgspec.DecodeError, RecursionError):
        return None, False
