"""Opening what a user gives: files, folders, streams, and the words when it isn't there or isn't an export."""

import io
import os
import socket
import struct
import tempfile
import threading
import zipfile
import zlib

import pytest

from kring import unpack
from kring.errors import ReadError
from kring.schema import Unread
from kring.unpack import Limits
from kring.wire import HEAD_BYTES, Page
from unpack.making import a_tar, a_zip, contents, put, raw_zip, why

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200_000)


def test_a_plain_file(tmp_path):
    path = put(tmp_path, "_chat.txt", b"hello\nworld\n" * 20_000)
    with unpack.opened(str(path), spool=tmp_path / "spool") as export:
        (page,) = export.pages
        assert isinstance(page, Page)
        assert (export.name, page.name, page.file, page.size, export.size) == ("_chat.txt", "_chat.txt", "_chat.txt", 240_000, 240_000)
        assert page.head == path.read_bytes()[:HEAD_BYTES]
        with page.open() as one, page.open() as other:
            assert [one.readline(), other.readline(3), one.readline(), other.read(4), other.read(1)] == [
                b"hello\n",
                b"hel",
                b"world\n",
                b"lo\nw",
                b"o",
            ]
            assert len(one.read()) == 240_000 - 12
            assert one.read(1) == b""
        assert sum(1 for _ in page.open()) == 40_000
    assert not (tmp_path / "spool").exists(), "a plain file needs no room"


def test_an_empty_file_is_a_page(tmp_path):
    with unpack.opened(put(tmp_path, "x.zip", b""), spool=tmp_path) as export:
        assert [(p.name, p.size, p.head, p.open().read()) for p in export.pages] == [("x.zip", 0, b"", b"")]


def test_a_folder(tmp_path):
    root = tmp_path / "export"
    outside = put(tmp_path, "secret.txt", b"secret")
    for name in ("b.txt", "a/z.txt", "a.txt", ".hidden", "__MACOSX/x", "a/.DS_Store", ".Sent/cur/1:2,S", "Thumbs.db", "old/kring.db"):
        put(root, name, name.encode())
    (root / "link.txt").symlink_to(outside)
    (root / "a" / "up").symlink_to(tmp_path)
    (root / "circle").symlink_to(root)
    os.mkfifo(root / "pipe")
    pages, unread = contents(root, tmp_path / "spool")
    assert list(pages) == ["export/.Sent/cur/1:2,S", "export/a.txt", "export/a/z.txt", "export/b.txt"]
    assert all(name.removeprefix("export/").encode() == raw for name, raw in pages.items())
    assert {(u.why.split(";")[0].split(",")[0], u.n, u.kind) for u in unread} == {
        ("Left there by a computer", 4, "skipped"),
        ("A link to another place", 3, "skipped"),
        ("Not a file but a pipe.", 1, "skipped"),
        ("A circle of Kring", 1, "skipped"),
    }
    again, _ = contents(f"{root}/", tmp_path / "spool")
    assert list(again) == list(pages)


def test_hidden_files_in_archives(tmp_path):
    files = {"mail/.Sent/cur/1": b"x", "mail/cur/.1": b"", "__MACOSX/._a": b"", "a/.DS_Store": b"", "a/.git/config": b"", "./b": b"b"}
    for file, raw in (("x.zip", a_zip(files)), ("x.tgz", a_tar(files))):
        pages, unread = contents(put(tmp_path, file, raw), tmp_path)
        assert pages == {f"{file}/mail/.Sent/cur/1": b"x", f"{file}/b": b"b"}
        assert [(u.kind, u.n) for u in unread] == [("skipped", 4)]


def test_names_on_the_disk_that_are_not_utf8(tmp_path):
    root = tmp_path / "in"
    root.mkdir()
    (root / os.fsdecode("Zo\xeb.txt".encode("latin-1"))).write_bytes(b"x")
    assert contents(root, tmp_path)[0] == {"in/Zoë.txt": b"x"}


def test_a_file_that_goes_away_or_may_not_be_read(tmp_path, monkeypatch):
    root = tmp_path / "in"
    gone, kept = put(root, "gone.txt", b"x"), put(root, "kept.txt", b"x")
    with unpack.opened(root, spool=tmp_path) as export:
        gone.unlink()
        assert [page.open().read() for page in export.pages] == [b"", b"x"]
        assert [(u.where, u.kind) for u in export.unread] == [("in/gone.txt", "broken")]
        monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "no")))
        assert export.pages[1].open().read() == b""
        assert "not allowed" in why(export.unread)
    with pytest.raises(ReadError, match="not allowed"), unpack.opened(kept, spool=tmp_path):
        pass


def test_a_file_swapped_for_a_link_is_not_followed(tmp_path):
    secret, root = put(tmp_path, "secret.txt", b"secret"), tmp_path / "in"
    path = put(root, "a.txt", b"x")
    with unpack.opened(root, spool=tmp_path) as export:
        path.unlink()
        path.symlink_to(secret)
        assert export.pages[0].open().read() == b""
        assert len(export.unread) == 1


@pytest.mark.parametrize("how", ["stream", "-"])
@pytest.mark.parametrize("raw", [a_zip({"a.txt": b"a"}), a_tar({"a.txt": b"a"})], ids=["zip", "tar"])
def test_a_stream(tmp_path, monkeypatch, how, raw):
    reading, writing = os.pipe()
    threading.Thread(target=lambda: (os.write(writing, raw), os.close(writing))).start()
    with os.fdopen(reading, "rb") as pipe:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(pipe))
        with unpack.opened(pipe if how == "stream" else "-", spool=tmp_path / "spool") as export:
            assert [p.open().read() for p in export.pages] == [b"a"]
            assert export.digest == digest(put(tmp_path, "same", raw), tmp_path)
    assert list((tmp_path / "spool").iterdir()) == []


def digest(path, spool):
    with unpack.opened(path, spool=spool) as export:
        return export.digest


def test_the_digest_is_that_of_the_content(tmp_path):
    one, same, other = (
        put(tmp_path, "1.zip", a_zip({"a": b"a"})),
        put(tmp_path, "2.zip", a_zip({"a": b"a"})),
        put(tmp_path, "3.zip", a_zip({"a": b"b"})),
    )
    assert digest(one, tmp_path) == digest(same, tmp_path) != digest(other, tmp_path)
    assert len(digest(one, tmp_path)) == 32
    for n, files in enumerate(
        [{"a": b"1", "b/c": b"2"}, {"b/c": b"2", "a": b"1"}, {"a": b"1", "b/d": b"2"}, {"a": b"1", "b/c": b"3"}, {"a": b"12", "b/c": b""}]
    ):
        for name, raw in files.items():
            put(tmp_path / str(n), name, raw)
    first, second, *others = (digest(tmp_path / str(n), tmp_path) for n in range(5))
    assert first == second
    assert len({first, *others}) == 4


def test_pictures_are_pages_that_are_not_read(tmp_path):
    raw = a_tar({"a.png": PNG, "fake.png": b"text, whatever its name", "photo.json": PNG})
    with unpack.opened(put(tmp_path, "x.tgz", raw), spool=tmp_path) as export:
        assert [(p.file, p.size, len(p.open().read())) for p in export.pages] == [
            ("a.png", len(PNG), HEAD_BYTES),
            ("fake.png", 23, 23),
            ("photo.json", len(PNG), HEAD_BYTES),
        ]
        assert export.unread == []


@pytest.mark.parametrize(
    ("make", "says", "next"),
    [
        (lambda d: d / "_chat.tx", "no file or folder", "_chat.txt"),
        (lambda d: d / "none" / "x", "no file or folder", "not there either"),
        (lambda d: os.mkfifo(d / "p") or d / "p", "a pipe", '"-"'),
        (lambda d: d / "sock", "a socket", '"-"'),
        (lambda d: "/dev/null", "a device", '"-"'),
        (lambda d: put(d, "circle/kring.db", b"").parent, "a circle of Kring", "export"),
        (lambda d: "a\0b", "not the name of a file", "NUL"),
        (lambda d: (d / "me").symlink_to(d / "me") or d / "me", "can't be read", "file itself"),
    ],
)
def test_what_can_not_be_opened(tmp_path, make, says, next):
    put(tmp_path, "_chat.txt", b"")
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/sock")
        os.symlink(f"{short}/sock", tmp_path / "sock")
        with pytest.raises(ReadError) as caught, unpack.opened(make(tmp_path), spool=tmp_path / "spool"):
            pass
    assert says in caught.value.what
    assert next in caught.value.next


def test_no_room_in_the_spool(tmp_path):
    put(tmp_path, "file", b"")
    with pytest.raises(ReadError, match="no place") as caught, unpack.opened(io.BytesIO(b"x"), spool=tmp_path / "file"):
        pass
    assert "room" in caught.value.next


def test_the_spool_is_clean_after_an_error(tmp_path):
    path = put(tmp_path, "x.tgz", a_tar({"a.txt": b"a" * 100_000}))
    with pytest.raises(KeyboardInterrupt), unpack.opened(path, spool=tmp_path / "spool"):
        raise KeyboardInterrupt
    assert list((tmp_path / "spool").iterdir()) == []


def test_progress_is_told(tmp_path):
    told = []
    path = put(tmp_path, "x.tgz", a_tar({"a.txt": os.urandom(500_000)}))
    with unpack.opened(path, spool=tmp_path, progress=lambda *each: told.append(each)) as export:
        assert told[-1] == ("unpacking x.tgz", path.stat().st_size, path.stat().st_size)
        export.digest  # noqa: B018
    assert told[-1] == ("reading x.tgz", path.stat().st_size, path.stat().st_size)


def test_names_in_every_script_and_from_every_zipper(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in ("Zoë.txt", "聊天.txt", "جوجل.txt"):
            archive.writestr(name, b"")
    mac = raw_zip(("Zoë.txt", b"", {}))  # UTF-8 and no flag
    dos = raw_zip(("Zo?.txt", b"", {})).replace(b"Zo?", "Zoë".encode("cp437"))
    windows = raw_zip(("map\\Zoe.txt", b"", {}))
    assert list(contents(tmp_path / "x.zip", tmp_path)[0]) == ["x.zip/Zoë.txt", "x.zip/جوجل.txt", "x.zip/聊天.txt"]
    for raw, name in ((mac, "Zoë.txt"), (dos, "Zoë.txt"), (windows, "map/Zoe.txt")):
        assert list(contents(put(tmp_path, "y.zip", raw), tmp_path)[0]) == [f"y.zip/{name}"]


def test_a_zip_over_four_gigabytes(tmp_path):
    """Written by hand with a hole in it, so that it takes no room: a stored file of 5 GiB and a small one behind it."""
    big = 5 * 1024**3
    path = tmp_path / "big.zip"

    def local(name, size, crc):
        wide = struct.pack("<HHQQ", 1, 16, size, size)
        return struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 0, crc, 2**32 - 1, 2**32 - 1, len(name), len(wide)) + name + wide

    def listed(name, size, crc, offset):
        wide = struct.pack("<HHQQQ", 1, 24, size, size, offset)
        return (
            struct.pack(
                "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 0, 0, 0, crc, 2**32 - 1, 2**32 - 1, len(name), len(wide), 0, 0, 0, 0, 2**32 - 1
            )
            + name
            + wide
        )

    with path.open("wb") as file:
        file.write(local(b"big.mbox", big, 0))
        file.seek(big, os.SEEK_CUR)
        second = file.tell()
        file.write(local(b"small.txt", 5, zlib.crc32(b"small")) + b"small")
        start = file.tell()
        file.write(listed(b"big.mbox", big, 0, 0) + listed(b"small.txt", 5, zlib.crc32(b"small"), second))
        end = file.tell()
        file.write(
            struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2, 2, end - start, start) + struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
        )
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, 2**32 - 1, 2**32 - 1, 0))
    with unpack.opened(path, spool=tmp_path) as export:
        assert [(p.name, p.size) for p in export.pages] == [("big.zip/big.mbox", big), ("big.zip/small.txt", 5)]
        assert len(export.pages[0].open().read(1 << 20)) == 1 << 20
        assert export.pages[1].open().read() == b"small"
        assert export.unread == []


def test_limits_must_be_kept_by_folders_too(tmp_path):
    for n in range(5):
        put(tmp_path, f"in/{n}.txt", b"")
    pages, unread = contents(tmp_path / "in", tmp_path, limits=Limits(members=3))
    assert len(pages) == 3
    assert [u.kind for u in unread] == ["too-large"]
    assert isinstance(unread[0], Unread)
