"""What a file is, from its first bytes: an archive, something packed, or a picture, sound or film that can't hold text."""

import re
from tarfile import HeaderError, TarInfo

HEAD = 512
"""So many bytes are enough to know."""
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
CLOSED = {"7z": (b"7z\xbc\xaf\x27\x1c",), "rar": (b"Rar!\x1a\x07",)}
PACKED = {"gzip": b"\x1f\x8b\x08", "bzip2": b"BZh", "xz": b"\xfd7zXZ\0", "zstd": b"\x28\xb5\x2f\xfd"}
DOCUMENTS = (".docx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".apk", ".tgs", ".svgz")
"""Zips and gzips that are one thing for their users; Telegram's stickers (.tgs) are among them. A workbook (.xlsx) is taken apart for its sheets."""
ARCHIVES = re.compile(r"\.(zip|tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst|zstd|7z|rar)$", re.IGNORECASE)
_ENDINGS = re.compile(r"\.(gz|bz2|xz|zst|zstd)$", re.IGNORECASE)
_TAR_ENDINGS = re.compile(r"\.(tgz|tbz2?|txz|tzst)$", re.IGNORECASE)
_MEDIA = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....(?:WEBP|AVI |WAVE)|....ftyp|OggS\0|ID3[\x02-\x04]|\xff[\xfb\xf3\xf2]"
    rb"|\x1a\x45\xdf\xa3|fLaC\0|II\*\0|MM\0\*|#!AMR|\0\0\x01[\xba\xb3]|FLV\x01|\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    re.DOTALL,
)
"""JPEG PNG GIF WebP/AVI/WAV MP4/MOV/HEIC/M4A Ogg MP3 WebM/MKV FLAC TIFF AMR MPEG FLV WMV, after the "file" program's magic(5)."""


def recognise(head: bytes, name: str) -> str:
    """ "zip", "tar", "gzip", "bzip2", "xz", "zstd", "7z", "rar"; "" for a file that is read as it is."""
    if name.lower().endswith(DOCUMENTS):
        return ""
    if head.startswith(ZIP):
        return "zip"
    for kinds in (PACKED.items(), CLOSED.items()):
        for kind, magic in kinds:
            if head.startswith(magic):
                return kind
    return "tar" if is_tar(head, name) else ""


def is_tar(head: bytes, name: str) -> bool:
    """A tar has no mark of its own everywhere, but its first 512 bytes sum up to what they say. An empty one is all zeros."""
    if not head.strip(b"\0"):
        return len(head) == HEAD and name.lower().endswith(".tar")
    try:
        TarInfo.frombuf(head[:HEAD], "utf-8", "surrogateescape")
    except HeaderError:
        return False
    return True


def is_media(head: bytes) -> bool:
    return _MEDIA.match(head) is not None


def without_ending(file: str) -> str:
    """The name of what was packed: "mail.mbox.gz" held "mail.mbox"."""
    return _TAR_ENDINGS.sub(".tar", _ENDINGS.sub("", file))
