"""Downloads that broke off and disks that rot: whatever came before is kept, what is missing is said, and nothing fails in another way."""

import gzip
import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring import unpack
from kring.errors import KringError, ReadError
from unpack.making import a_tar, a_zip, contents, put, why

CHAT = "".join(random.Random(3).choices("abcdefgh \n", k=3000)).encode()
FILES = {"a/_chat.txt": CHAT, "b.json": b'[{"id": 1}]', "c/inner.zip": a_zip({"deep.txt": CHAT[:500]}), "d.csv": CHAT[:700], "e.txt": b""}
FLAT = {name: raw for name, raw in FILES.items() if not name.endswith(".zip")}


def whole_before(raw: bytes, cut: int, names: dict[str, bytes]) -> set[str]:
    """The files of a zip whose bytes all lie before the cut."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        infos = archive.infolist()
        return {i.filename for i in infos if i.header_offset + 30 + len(i.filename) + i.compress_size <= cut} & set(names)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_zip_cut_anywhere(tmp_path, method, streamed):
    raw = a_zip(FILES, method, streamed=streamed)
    for cut in [*range(0, len(raw), 61), *range(len(raw) - 30, len(raw))]:
        path = put(tmp_path, "x.zip", raw[:cut])
        try:
            pages, unread = contents(path, tmp_path)
        except KringError as error:
            assert error.next  # noqa: PT017
            assert not whole_before(raw, cut, FLAT)
            continue
        for name in whole_before(raw, cut, FLAT):
            assert pages[f"x.zip/{name}"] == FILES[name], cut
        for name, got in pages.items():
            if name.removeprefix("x.zip/") in FLAT:
                assert FILES[name.removeprefix("x.zip/")].startswith(got), cut
        assert unread or cut < 4, cut


def test_a_broken_off_file_is_given_as_far_as_it_goes(tmp_path):
    raw = a_zip({"a.txt": b"whole", "_chat.txt": CHAT})
    pages, unread = contents(put(tmp_path, "x.zip", raw[: len(raw) // 2]), tmp_path)
    assert pages["x.zip/a.txt"] == b"whole"
    assert len(pages["x.zip/_chat.txt"]) > 1000
    assert CHAT.startswith(pages["x.zip/_chat.txt"])
    assert {u.where for u in unread} == {"x.zip", "x.zip/_chat.txt"}
    assert all(u.kind == "broken" and u.next for u in unread)


def test_a_zip_without_its_list_still_checks_its_sums(tmp_path):
    for streamed in (False, True):
        raw = bytearray(a_zip({"a.txt": b"aaaa" * 9, "b.txt": b"b"}, zipfile.ZIP_STORED, streamed=streamed))
        raw[raw.index(b"aaaa")] = ord("X")
        pages, unread = contents(put(tmp_path, "x.zip", bytes(raw[:-30])), tmp_path)
        assert pages == {"x.zip/a.txt": b"X" + b"a" * 35, "x.zip/b.txt": b"b"}
        assert [u.where for u in unread] == ["x.zip", "x.zip/a.txt"]
        assert "checksum" in why(unread)


def test_the_list_of_an_inner_zip_is_not_taken_for_that_of_the_broken_one(tmp_path):
    raw = a_zip({"a.txt": b"outer", "inner.zip": a_zip({"deep.txt": b"deep"}), "b.txt": b"x" * 50}, zipfile.ZIP_STORED)
    pages, _ = contents(put(tmp_path, "x.zip", raw[: raw.index(b"x" * 50) + 9]), tmp_path)
    assert pages == {"x.zip/a.txt": b"outer", "x.zip/inner.zip/deep.txt": b"deep", "x.zip/b.txt": b"x" * 9}


def test_a_zip_behind_something_else(tmp_path):
    raw = b"MZ this is a program that unpacks itself" + a_zip(FLAT)
    want = {f"x.zip/{name}": content for name, content in FLAT.items()}
    assert contents(put(tmp_path, "x.zip", raw), tmp_path) == (want, [])
    pages, unread = contents(put(tmp_path, "y.zip", a_zip(FLAT) + b"more bytes that a server put behind it"), tmp_path)
    assert (len(pages), unread) == (len(FLAT), [])


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_cut_anywhere(tmp_path, mode):
    raw = a_tar(FLAT, mode)
    most = 0
    for cut in [*range(0, len(raw), 53), *range(len(raw) - 20, len(raw))]:
        try:
            pages, unread = contents(put(tmp_path, "x.tar.gz", raw[:cut]), tmp_path)
        except KringError as error:
            assert error.next  # noqa: PT017
            continue
        found = {name.removeprefix("x.tar.gz/"): got for name, got in pages.items() if name.removeprefix("x.tar.gz/") in FLAT}
        assert all(FLAT[name].startswith(got) for name, got in found.items()), cut
        assert list(found) == list(sorted(FLAT)[: len(found)]), cut
        complete = sum(FLAT[name] == got for name, got in found.items())
        assert complete >= most, "a later cut never gives less"
        most = complete
        assert unread or cut < 512 or (mode == "w" and cut > len(raw) - 10240), cut
    assert most == len(FLAT)


def test_a_gzip_cut_or_with_a_wrong_sum_keeps_what_came_before(tmp_path):
    raw = gzip.compress(CHAT)
    pages, unread = contents(put(tmp_path, "x.gz", raw[:-700]), tmp_path)
    assert len(pages["x.gz/x"]) > 500
    assert CHAT.startswith(pages["x.gz/x"])
    assert "breaks off" in why(unread)
    pages, unread = contents(put(tmp_path, "y.gz", raw[:-8] + b"\0\0\0\0" + raw[-4:]), tmp_path)
    assert pages["y.gz/y"] == CHAT
    assert "damaged" in why(unread)


def test_a_damaged_header_in_a_tar_costs_its_own_file_only(tmp_path):
    raw = bytearray(a_tar({"a.txt": b"a", "b.txt": b"b", "c.txt": b"c"}, "w"))
    raw[1024 + 150] ^= 0xFF
    pages, unread = contents(put(tmp_path, "x.tar", bytes(raw)), tmp_path)
    assert pages == {"x.tar/a.txt": b"a", "x.tar/c.txt": b"c"}
    assert [u.kind for u in unread] == ["broken"]


ALL_KINDS = [
    a_zip(FILES),
    a_zip(FILES, streamed=True),
    a_zip(FILES, zipfile.ZIP_LZMA),
    a_tar(FILES, "w"),
    a_tar(FILES),
    a_tar(FILES, "w:xz"),
    gzip.compress(CHAT),
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ALL_KINDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=4),
    st.floats(0, 1) | st.just(1.0),
)
def test_noise_never_fails_in_another_way(raw, noise, cut):
    spoilt = bytearray(raw)
    for place, bytes_ in noise:
        at = int(place * (len(spoilt) - 1))
        spoilt[at : at + len(bytes_)] = bytes_
    try:
        with unpack.opened(io.BytesIO(bytes(spoilt[: int(cut * len(spoilt))])), name="x", spool=SPOOL) as export:
            for page in export.pages:
                assert len(page.head) <= 64 * 1024
                with page.open() as stream:
                    while stream.read(1 << 16):
                        pass
            assert all(u.why and u.where for u in export.unread)
    except ReadError as error:
        assert error.what  # noqa: PT017


@pytest.fixture(autouse=True, scope="module")
def spool(tmp_path_factory):
    global SPOOL
    SPOOL = tmp_path_factory.mktemp("spool")
    yield
    assert list(SPOOL.iterdir()) == []
