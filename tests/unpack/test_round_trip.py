"""What goes into an archive comes out of it: our own making, Python's, Info-ZIP's and GNU tar's."""

import bz2
import gzip
import lzma
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.unpack.names import is_leftover
from unpack.making import a_tar, a_zip, contents, put, why

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

part = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"], blacklist_characters='/\\:*?"<>|'), min_size=1, max_size=12
).filter(lambda name: not name.startswith(".") and name.strip() == name and len(name.encode()) < 60)
name = st.builds("/".join, st.lists(part, min_size=1, max_size=3)).filter(lambda name: not is_leftover(name))
files = st.dictionaries(name, st.binary(max_size=300) | st.binary(max_size=30).map(lambda raw: raw * 5000), min_size=1, max_size=6).filter(
    lambda found: not any(other.startswith(name + "/") for name in found for other in found)  # a name can't be a file and a folder
)
TEXTS = {"_chat.txt": "Zoë: hoi\n".encode() * 4000, "sub/één.json": b"[1, 2]", "empty": b"", "sub/deep/big.csv": bytes(range(256)) * 3000}


def given_as(top: str, found: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{top}/{name}": raw for name, raw in found.items()}


@settings(max_examples=60, deadline=None)
@given(files, st.sampled_from(["stored", "deflated", "bzip2", "lzma", "streamed", "tar", "gz", "bz2", "xz", "pax", "gnu", "folder"]))
def test_files_come_out_as_they_went_in(found, how):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given"
        if how == "folder":
            path.mkdir()
            for file, raw in found.items():
                put(path, file, raw)
        else:
            path.write_bytes(packed(found, how))
        pages, unread = contents(path, Path(folder) / "spool")
        assert pages == given_as("given", found), why(unread)
        assert not unread


def packed(found: dict[str, bytes], how: str) -> bytes:
    zips = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}
    if how in zips:
        return a_zip(found, zips[how])
    if how == "streamed":
        return a_zip(found, streamed=True)
    if how in ("pax", "gnu"):
        return a_tar(found, "w:gz", form={"pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT}[how])
    return a_tar(found, "w" if how == "tar" else f"w:{how}")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress], ids=["gz", "bz2", "xz", "zst"])
def test_a_file_packed_by_itself_and_a_packed_tar(tmp_path, request, pack):
    ending = request.node.callspec.id
    raw = TEXTS["_chat.txt"]
    assert contents(put(tmp_path, f"mail.mbox.{ending}", pack(raw)), tmp_path) == ({f"mail.mbox.{ending}/mail.mbox": raw}, [])
    twice = pack(raw[:5000]) + pack(raw[5000:])
    assert contents(put(tmp_path, f"two.{ending}", twice), tmp_path)[0] == {f"two.{ending}/two": raw}
    tar = f"export.tar.{ending}"
    assert contents(put(tmp_path, tar, pack(a_tar(TEXTS, "w"))), tmp_path) == (given_as(tar, TEXTS), [])


def test_an_empty_archive_says_so(tmp_path):
    for file, raw in (("x.zip", a_zip({})), ("x.tar", a_tar({}, "w")), ("x.tgz", a_tar({}))):
        pages, unread = contents(put(tmp_path, file, raw), tmp_path)
        assert pages == {}
        assert [(u.kind, u.where, u.why) for u in unread] == [("skipped", file, "The archive is empty.")]


def test_archives_in_archives_and_in_folders(tmp_path):
    inner = a_zip(TEXTS)
    put(tmp_path, "mine/one.zip", a_zip({"inner.zip": inner, "a.tar.gz": a_tar({"in.zip": inner}), "x.txt": b"x"}))
    put(tmp_path, "mine/two.zip", a_zip({"inner.zip": inner}, zipfile.ZIP_STORED))
    put(tmp_path, "mine/letter.docx", a_zip({"word/document.xml": b"<a/>"}))
    pages, unread = contents(tmp_path / "mine", tmp_path / "spool")
    want = {"mine/one.zip/x.txt": b"x", "mine/letter.docx": (tmp_path / "mine/letter.docx").read_bytes()}
    want |= (
        given_as("mine/one.zip/inner.zip", TEXTS)
        | given_as("mine/one.zip/a.tar.gz/in.zip", TEXTS)
        | given_as("mine/two.zip/inner.zip", TEXTS)
    )
    assert pages == want
    assert not unread


def test_info_zip_and_gnu_tar(tmp_path):
    for file, raw in TEXTS.items():
        put(tmp_path / "in", file, raw)
    made = {
        "info.zip": ["zip", "-qr", "../info.zip", "."],
        "plain.tar": ["tar", "cf", "../plain.tar", "."],
        "packed.tgz": ["tar", "czf", "../packed.tgz", "."],
        "old.tar": ["tar", "--format=v7", "-cf", "../old.tar", "."],
        "posix.tar.xz": ["tar", "--format=posix", "-cJf", "../posix.tar.xz", "."],
    }
    if not all(shutil.which(each) for each in ("zip", "tar", "xz")):
        pytest.skip("zip, tar or xz is not installed")
    for archive, command in made.items():
        subprocess.run(command, cwd=tmp_path / "in", check=True)
        assert contents(tmp_path / archive, tmp_path) == (given_as(archive, TEXTS), [])
    piped = subprocess.run(["zip", "-qr", "-", "."], cwd=tmp_path / "in", check=True, capture_output=True).stdout
    assert contents(put(tmp_path, "piped.zip", piped), tmp_path) == (given_as("piped.zip", TEXTS), [])


def pythons_own(pattern: str) -> list[Path]:
    """Archives that come with Python's own tests, where they are installed."""
    try:
        import test
    except ImportError:
        return []
    return sorted(path for folder in test.__path__ for path in Path(folder).rglob(pattern))


def test_pythons_test_zips_give_what_zipfile_gives(tmp_path):
    found = [path for path in pythons_own("*.zip") if zipfile.is_zipfile(path)]
    if not found:
        pytest.skip("Python's own tests are not installed")
    for path in found:
        with zipfile.ZipFile(path) as archive:
            want = {f"{path.name}/{info.filename}": archive.read(info) for info in archive.infolist() if not info.is_dir()}
        assert contents(path, tmp_path)[0] == want


def test_pythons_test_tar_gives_what_tarfile_gives(tmp_path):
    found = [path for pattern in ("testtar.tar", "archivetestdata/testtar.tar") for path in pythons_own(pattern)]
    if not found:
        pytest.skip("Python's own tests are not installed")
    with tarfile.open(found[0], encoding="latin-1") as archive:
        members = [m for m in archive.getmembers() if m.isreg() and not m.issparse()]
        want = {f"testtar.tar/{_utf8(m.name)}": archive.extractfile(m).read() for m in members if not m.name.startswith("/")}
    for pack in ("", ".gz"):
        path = put(tmp_path, "testtar.tar", gzip.compress(found[0].read_bytes()) if pack else found[0].read_bytes())
        pages, unread = contents(path, tmp_path)
        assert pages == want
        assert "sparse" in why(unread)


def _utf8(name: str) -> str:
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name
