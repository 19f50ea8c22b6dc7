"""How a test makes archives, honest and hostile, and how it reads what came out."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from kring import unpack
from kring.schema import Unread


def a_zip(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED, *, streamed: bool = False) -> bytes:
    """Streamed: written without going back, so that sizes stand behind the bytes of each file."""
    target = _NoSeek() if streamed else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, raw in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name), raw, compress_type=method)
    return target.getvalue()


class _NoSeek(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def a_tar(files: Mapping[str, bytes], mode: str = "w:gz", *, form: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode, format=form) as archive:
        for name, raw in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return target.getvalue()


def raw_zip(*members: tuple[str, bytes, dict]) -> bytes:
    """A zip written by hand, in which anything may be a lie: flags, method, crc, packed, size, mode, offset, local (name), both (sizes)."""
    body, listed = b"", b""
    for name, raw, lie in members:
        method = lie.get("method", 8)
        packed = lie.get("bytes", deflated(raw) if method == 8 else raw)
        crc, size = lie.get("crc", zlib.crc32(raw)), lie.get("size", len(raw))
        n_packed, flags = lie.get("packed", len(packed)), lie.get("flags", 0)
        offset = lie.get("offset", len(body))
        local = lie.get("local", name).encode()
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 0, crc, n_packed, size, len(local), 0) + local + packed
        listed += struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2",
            0x031E,
            20,
            flags,
            method,
            0,
            0,
            crc,
            n_packed,
            size,
            len(name.encode()),
            0,
            0,
            0,
            0,
            lie.get("mode", 0) << 16,
            offset,
        )
        listed += name.encode()
    return body + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(listed), len(body), 0)


def deflated(raw: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(raw) + engine.flush()


def put(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def contents(given: object, spool: Path, **options: object) -> tuple[dict[str, bytes], list[Unread]]:
    """Every page read to its end, and what could not be read."""
    with unpack.opened(given, spool=spool, **options) as export:
        pages = {}
        for page in export.pages:
            with page.open() as stream:
                pages[page.name] = stream.read()
            assert page.head == pages[page.name][: len(page.head)]
        return pages, export.unread


def why(unreads: Iterable[Unread]) -> str:
    return "\n".join(f"{u.kind} {u.where} {u.why}" for u in unreads)
