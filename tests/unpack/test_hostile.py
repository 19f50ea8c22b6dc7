"""Files that were made to do harm, each built here: refused and said, and the rest is kept."""

import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest

from kring import unpack
from kring.errors import HostileFile, ReadError
from kring.unpack import Limits
from kring.unpack.limits import MIB
from unpack.making import a_tar, a_zip, contents, deflated, put, raw_zip, why

SMALL = Limits(ratio_from=MIB, total_ratio_from=8 * MIB)
ZEROS = bytes(8 * MIB)


def refused(path, spool, **options):
    with pytest.raises(HostileFile) as caught, unpack.opened(path, spool=spool, **options):
        pass
    assert caught.value.next
    return str(caught.value)


def test_a_zip_of_zeros_is_refused_by_its_own_word(tmp_path):
    assert "swells" in refused(put(tmp_path, "bomb.zip", a_zip({"zeros.json": ZEROS})), tmp_path, limits=SMALL)


def test_a_zip_that_lies_about_its_size_is_stopped_while_it_swells(tmp_path):
    path = put(tmp_path, "liar.zip", raw_zip(("zeros.json", ZEROS, {"size": 100}), ("a.txt", b"a", {})))
    pages, unread = contents(path, tmp_path, limits=SMALL)
    assert pages["liar.zip/a.txt"] == b"a"
    assert MIB < len(pages["liar.zip/zeros.json"]) < 2 * MIB, "200 times its eight thousand bytes"
    assert [(u.kind, u.where) for u in unread] == [("hostile", "liar.zip/zeros.json")]


@pytest.mark.parametrize("tarred", [False, True])
def test_a_gzip_of_ten_gigabytes_is_stopped_without_memory(tmp_path, tarred):
    head = a_tar({"zeros.txt": b""}, "w")[:512] if tarred else b""
    if tarred:
        info = tarfile.TarInfo("zeros.txt")
        info.size = 10 * 1024**3
        head = info.tobuf(tarfile.GNU_FORMAT)
    one = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = one.compress(bytes(MIB)) + one.flush(zlib.Z_FULL_FLUSH)
    again = one.compress(bytes(MIB)) + one.flush(zlib.Z_FULL_FLUSH)
    start = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b"\x1f\x8b\x08" + bytes(6) + b"\xff" + start.compress(head) + start.flush(zlib.Z_FULL_FLUSH) + zeros + again * 10239
    assert len(raw) < 12 * MIB
    path = put(tmp_path, "bomb.gz", raw)
    tracemalloc.start()
    pages, unread = contents_length(path, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * MIB
    assert sum(pages.values()) <= 64 * MIB
    assert "hostile" in {u.kind for u in unread}


def contents_length(path, spool):
    with unpack.opened(path, spool=spool) as export:
        lengths = {}
        for page in export.pages:
            with page.open() as stream:
                lengths[page.name] = sum(len(block) for block in iter(lambda: stream.read(MIB), b""))
        return lengths, export.unread


def test_many_small_bombs_meet_the_limit_of_all(tmp_path):
    path = put(tmp_path, "many.zip", a_zip({f"{n:02d}.txt": bytes(MIB) for n in range(20)}))
    pages, unread = contents(path, tmp_path, limits=SMALL)
    assert sum(map(len, pages.values())) <= 8 * MIB
    assert [u.kind for u in unread] == ["hostile"]
    assert "more than 8 MiB" in why(unread)


def test_a_page_read_again_counts_once(tmp_path):
    path = put(tmp_path, "x.zip", a_zip({"a.txt": os.urandom(MIB) * 2}))
    with unpack.opened(path, spool=tmp_path, limits=Limits(total_bytes=3 * MIB)) as export:
        for _ in range(5):
            assert len(export.pages[0].open().read()) == 2 * MIB
        assert export.unread == []


def test_a_longer_file_than_is_allowed_is_cut(tmp_path):
    raw = os.urandom(3 * MIB)
    for file, packed in (("x.zip", a_zip({"a.txt": raw})), ("x.tar.gz", a_tar({"a.txt": raw})), ("a.txt.gz", gzip.compress(raw))):
        pages, unread = contents(put(tmp_path, file, packed), tmp_path, limits=Limits(member_bytes=2 * MIB))
        (got,) = pages.values()
        assert raw.startswith(got)
        assert MIB < len(got) <= 2 * MIB
        assert [u.kind for u in unread] == ["too-large"]


def test_files_that_share_their_bytes_are_refused(tmp_path):
    kernel = deflated(bytes(MIB))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(bytes(MIB)), len(kernel), MIB, 1, 0) + b"b"
    first = (
        b"\0" + struct.pack("<HH", len(local), len(local) ^ 0xFFFF) + local + kernel
    )  # the second file, header and all, quoted by the first
    path = put(
        tmp_path,
        "shared.zip",
        raw_zip(
            ("a", b"", {"bytes": first, "size": MIB + len(local)}),
            ("b", b"", {"bytes": b"", "packed": len(kernel), "offset": 31 + 5}),
            ("c.txt", b"c", {}),
        ),
    )
    pages, unread = contents(path, tmp_path)
    assert pages == {"shared.zip/c.txt": b"c"}
    assert [(u.kind, u.n) for u in unread] == [("hostile", 2)]
    assert "another file" in why(unread)


def test_a_hundred_names_for_the_same_bytes(tmp_path):
    path = put(tmp_path, "same.zip", raw_zip(*[(f"{n}.txt", b"hello", {"offset": 0}) for n in range(100)]))
    assert "another file" in refused(path, tmp_path)


def test_a_local_header_that_reaches_into_the_next_file(tmp_path):
    raw = bytearray(raw_zip(("a.txt", b"aaaa", {"method": 0}), ("b.txt", b"bbbb", {"method": 0})))
    struct.pack_into("<H", raw, 28, 39)  # the first file's header claims an extra field as long as all of the second
    pages, unread = contents(put(tmp_path, "x.zip", bytes(raw)), tmp_path)
    assert pages == {"x.zip/a.txt": b"", "x.zip/b.txt": b"bbbb"}
    assert [(u.kind, u.where) for u in unread] == [("hostile", "x.zip/a.txt")]


@pytest.mark.parametrize(
    "name",
    [
        "../up.txt",
        "a/../../up.txt",
        "/etc/passwd",
        "C:\\windows\\x.txt",
        "C:/x.txt",
        "..\\up.txt",
        "\\\\server\\x",
        "long/" * 300 + "x.txt",
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar", "walked"])
def test_names_that_lead_outside(tmp_path, name, kind):
    raw = a_tar({name: b"x", "ok.txt": b"ok"}) if kind == "tar" else raw_zip((name, b"x", {}), ("ok.txt", b"ok", {}))
    path = put(tmp_path, "in/x", raw[:-30] if kind == "walked" else raw)
    pages, unread = contents(path, tmp_path / "in")
    assert pages == {"x/ok.txt": b"ok"}
    assert "hostile" in {u.kind for u in unread}
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", "x"]
    assert all(len(u.where) < 300 for u in unread)


def test_a_nul_byte_in_a_name(tmp_path):
    raw = raw_zip(("a.txtX.jpg", b"x", {}), ("ok.txt", b"ok", {})).replace(b"a.txtX", b"a.txt\0")
    pages, unread = contents(put(tmp_path, "x.zip", raw), tmp_path)
    assert (pages, [u.kind for u in unread]) == ({"x.zip/ok.txt": b"ok"}, ["hostile"])


def test_control_characters_in_names_do_not_reach_the_screen(tmp_path):
    pages, _ = contents(put(tmp_path, "x.zip", a_zip({"a\x1b[2J\n.txt": b"x"})), tmp_path)
    assert pages == {"x.zip/a\ufffd[2J\ufffd.txt": b"x"}


def test_links_and_devices_in_a_tar(tmp_path):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("null", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "../../etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("soft/evil.txt"))
    pages, unread = contents(put(tmp_path, "x.tgz", target.getvalue()), tmp_path)
    assert pages == {"x.tgz/soft/evil.txt": b""}
    assert [(u.kind, u.n) for u in unread] == [("skipped", 2), ("hostile", 2)]


def test_links_and_devices_in_a_zip(tmp_path):
    raw = raw_zip(("soft", b"/etc/passwd", {"mode": stat.S_IFLNK | 0o777}), ("pipe", b"", {"mode": stat.S_IFIFO}), ("ok.txt", b"ok", {}))
    pages, unread = contents(put(tmp_path, "x.zip", raw), tmp_path)
    assert pages == {"x.zip/ok.txt": b"ok"}
    assert [(u.kind, u.n) for u in unread] == [("skipped", 1), ("hostile", 1)]


def test_archives_without_end_inside_one_another(tmp_path):
    raw = a_zip({"deep.txt": b"x"})
    for _ in range(10):
        raw = a_zip({"again.zip": raw})
    assert "no deeper" in refused(put(tmp_path, "quine.zip", raw), tmp_path)
    raw = b"x"
    for _ in range(10):
        raw = gzip.compress(raw)
    assert "no deeper" in refused(put(tmp_path, "quine.gz", raw), tmp_path)


def test_more_files_than_allowed(tmp_path):
    found = {f"{n:03d}.txt": b"x" for n in range(50)}
    for file, raw in (("x.zip", a_zip(found)), ("y.tgz", a_tar(found)), ("z.zip", a_zip(found)[:-30])):
        pages, unread = contents(put(tmp_path, file, raw), tmp_path, limits=Limits(members=20))
        assert len(pages) == 20
        assert "too-large" in {u.kind for u in unread}


def test_a_password(tmp_path):
    raw = raw_zip(("a.txt", b"x", {"flags": 1}), ("b.txt", b"x", {"flags": 1}), ("ok.txt", b"ok", {}))
    pages, unread = contents(put(tmp_path, "x.zip", raw), tmp_path)
    assert pages == {"x.zip/ok.txt": b"ok"}
    assert [(u.kind, u.n, "password" in u.why, "password" in u.next) for u in unread] == [("unknown", 2, True, True)]
    with (
        pytest.raises(ReadError, match="password") as caught,
        unpack.opened(put(tmp_path, "y.zip", raw_zip(("a", b"x", {"flags": 1}))), spool=tmp_path),
    ):
        pass
    assert not isinstance(caught.value, HostileFile)


def test_an_unknown_way_of_packing(tmp_path):
    pages, unread = contents(
        put(tmp_path, "x.zip", raw_zip(("a.txt", b"x", {"method": 9, "bytes": b"x"}), ("ok.txt", b"ok", {}))), tmp_path
    )
    assert (list(pages), [u.kind for u in unread]) == (["x.zip/ok.txt"], ["unknown"])
    assert "Deflate64" in why(unread)


@pytest.mark.parametrize(("head", "what"), [(b"7z\xbc\xaf\x27\x1c" + bytes(30), "7z"), (b"Rar!\x1a\x07\x01\x00" + bytes(30), "rar")])
def test_archives_that_kring_does_not_know(tmp_path, head, what):
    with pytest.raises(ReadError, match=what) as caught, unpack.opened(put(tmp_path, "x", head), spool=tmp_path):
        pass
    assert "7-Zip" in caught.value.next
    pages, unread = contents(put(tmp_path, "x.zip", a_zip({f"a.{what}": head, "b.txt": b""})), tmp_path)
    assert (list(pages), [u.kind for u in unread]) == (["x.zip/b.txt"], ["unknown"])


def test_a_header_in_a_tar_that_claims_gigabytes(tmp_path):
    info = tarfile.TarInfo("PaxHeaders/x")
    info.type, info.size = b"x", 8 * 1024**3
    path = put(tmp_path, "x.tar", a_tar({"a": b"a"}, "w")[:1024] + info.tobuf(tarfile.GNU_FORMAT) + a_tar({"b": b"b"}, "w"))
    pages, unread = contents(path, tmp_path)
    assert pages == {"x.tar/a": b"a"}
    assert [u.kind for u in unread] == ["hostile", "broken"]


def test_an_xz_that_asks_for_gigabytes_of_memory(tmp_path):
    raw = lzma.compress(b"hello", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29, "preset": 0}])
    pages, unread = contents(put(tmp_path, "x.xz", raw), tmp_path)
    assert pages == {"x.xz/x": b""}
    assert len(unread) == 1


def test_a_damaged_byte_is_said_and_the_rest_kept(tmp_path):
    raw = bytearray(a_zip({"a.txt": b"aaaa" * 9, "b.txt": b"bbbb"}, zipfile.ZIP_STORED))
    raw[raw.index(b"aaaa")] = ord("X")
    pages, unread = contents(put(tmp_path, "x.zip", bytes(raw)), tmp_path)
    assert pages == {"x.zip/a.txt": b"Xaaa" + b"aaaa" * 8, "x.zip/b.txt": b"bbbb"}
    assert [(u.kind, u.where) for u in unread] == [("broken", "x.zip/a.txt")]
    assert "checksum" in why(unread)


def test_the_same_name_twice(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        raw = a_zip([("a.txt", b"1"), ("a.txt", b"2"), ("a (2).txt", b"3")])
    assert contents(put(tmp_path, "x.zip", raw), tmp_path)[0] == {"x.zip/a.txt": b"1", "x.zip/a (2).txt": b"2", "x.zip/a (2) (2).txt": b"3"}
