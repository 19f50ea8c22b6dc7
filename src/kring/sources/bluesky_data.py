"""What Bluesky's data may look like: the faults of a record, addresses (at://…) and their parts, times in record keys.

The rules are those of https://atproto.com/specs/data-model, at-uri-scheme, did and tid. They hold for records written in JSON and for those
in CBOR, where links and bytes are bytes already.
"""

import base64
import binascii
import hashlib
import re
from typing import Any

DEEPEST = 32
"""Containers in containers (MAX_CBOR_NESTED_LEVELS in the network's own implementations)."""
_LARGEST = 2**63
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]{1,2000}")
_ADDRESS = re.compile(r"at://([^/?#\s]{1,2100})/([a-zA-Z][a-zA-Z0-9.-]{0,316})/([a-zA-Z0-9._:~-]{1,512})")
_PATH = re.compile(rb"([a-zA-Z][a-zA-Z0-9.-]{0,316})/([a-zA-Z0-9._:~-]{1,512})")
_REFERENCE = re.compile(r"[^\s\x00-\x1f]{1,2200}")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_DIGITS = str.maketrans(_LETTERS, "0123456789abcdefghijklmnopqrstuv")
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")


def fault(value: Any) -> str:
    """Why this can't be a record, in a few words; "" if it can."""
    return _fault_in(value, 0) if isinstance(value, dict) else "it is no object"


def _fault_in(value: Any, depth: int) -> str:
    if value is None or isinstance(value, str | bytes | bool):
        return ""
    if isinstance(value, int):
        return "" if -_LARGEST <= value < _LARGEST else "a number is too large"
    if isinstance(value, float):
        return "" if value.is_integer() else "a number has a fraction"
    if depth >= DEEPEST:
        return f"it is nested deeper than {DEEPEST}"
    if isinstance(value, dict):
        if why := _special(value):
            return why
        value = value.values()
    for each in value:
        if not isinstance(each, str) and (why := _fault_in(each, depth + 1)):
            return why
    return ""


def _special(value: dict[str, Any]) -> str:
    """Faults of the objects that stand for a link, for bytes or for a file, and of the name of a type."""
    if "$link" in value:
        return "" if len(value) == 1 and is_link(value["$link"]) else "a link ($link) is not one"
    if "$bytes" in value:
        return "" if len(value) == 1 and bytes_in(value) is not None else "bytes ($bytes) are not written as base64"
    if "$type" in value:
        kind = value["$type"]
        if not isinstance(kind, str) or not kind:
            return "a type ($type) has no name"
        if kind == "blob" and not _is_file(value):
            return "a file (blob) is without its link, kind or size"
    return ""


def _is_file(value: dict[str, Any]) -> bool:
    ref, size = value.get("ref"), value.get("size")
    linked = is_link(ref) if isinstance(ref, bytes) else isinstance(ref, dict) and "$link" in ref
    sized = isinstance(size, int | float) and not isinstance(size, bool) and size >= 0
    return linked and sized and isinstance(value.get("mimeType"), str) and bool(value["mimeType"])


def is_link(value: Any) -> bool:
    """A content id (CID), as text or bytes."""
    if not isinstance(value, str | bytes) or len(value) > 256:
        return False
    from libipld import decode_cid

    try:
        decode_cid(value)
    except (ValueError, TypeError):
        return False
    return True


def bytes_in(value: Any) -> bytes | None:
    """The bytes of {"$bytes": "…"} (base64, with or without padding); None if it is no such thing."""
    text = value.get("$bytes") if isinstance(value, dict) else None
    if not isinstance(text, str):
        return None
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def cbor(raw: bytes) -> Any:
    """What a block of CBOR says; None if it is broken (no block says null)."""
    from libipld import decode_dag_cbor

    try:
        return decode_dag_cbor(raw)
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None


def is_did(value: Any) -> bool:
    return isinstance(value, str) and _DID.fullmatch(value) is not None


def parts(address: Any) -> tuple[str, str, str] | None:
    """Account, collection and key of at://account/collection/key; None if it isn't one."""
    found = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    return (found[1], found[2], found[3]) if found else None


def is_path(key: bytes) -> bool:
    """Collection and key, as a repository's list names its records."""
    return _PATH.fullmatch(key) is not None


def reference(value: Any) -> str:
    """An address or account that a record names, as it stands; "" if it can't be one."""
    return value if isinstance(value, str) and _REFERENCE.fullmatch(value) else ""


def number_of(tid: str) -> int | None:
    """A record key that was made from the clock (TID), as the 64-bit number it stands for; None for any other key."""
    return int(tid.translate(_DIGITS), 32) if _TID.fullmatch(tid) else None


def tid_of(number: int) -> str:
    return _LETTERS[number >> 60] + "".join([_PAIRS[number >> shift & 1023] for shift in (50, 40, 30, 20, 10, 0)])


def time_of(tid: Any) -> int | None:
    """The microseconds since 1970 in a record key or revision made from the clock."""
    number = number_of(tid) if isinstance(tid, str) else None
    return None if number is None else number >> 10


def content_id(record: dict[str, Any]) -> str:
    """The network's own name for these very words: the CID of the record in CBOR. "" where the record can't be written so."""
    from libipld import encode_cid, encode_dag_cbor

    try:
        raw = encode_dag_cbor(_in_cbor(record))
    except (ValueError, TypeError, RecursionError, OverflowError):
        return ""
    return encode_cid(b"\x01\x71\x12\x20" + hashlib.sha256(raw).digest())


def _in_cbor(value: Any) -> Any:
    """The same with bytes for links and bytes, and whole numbers for those that only look like fractions."""
    from libipld import decode_multibase

    if isinstance(value, dict):
        if "$link" in value:
            return decode_multibase(value["$link"])[1]
        return bytes_in(value) if "$bytes" in value else {key: _in_cbor(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_cbor(each) for each in value]
    return int(value) if isinstance(value, float) else value
