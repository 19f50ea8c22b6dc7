"""Walking through pages: lines, rows and JSON items, whatever the size and whatever is broken."""

import functools
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring import wire
from kring.wire import Page

values = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def page(raw: bytes, name: str = "x.json") -> Page:
    return Page(name=name, head=raw[: wire.HEAD_BYTES], open=lambda: io.BytesIO(raw), size=len(raw))


@given(st.lists(values.filter(lambda v: v is not None)), st.sampled_from([3, 17, 1 << 20]), st.booleans())
def test_items_are_the_elements(elements, chunk, ascii_only):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "_CHUNK", chunk)
        bare = json.dumps(elements, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        keyed = json.dumps({"a": ["no", {"items": [0]}], "items": elements, "z": 1}, ensure_ascii=ascii_only, indent=1).encode(
            "utf-8", "surrogatepass"
        )
        for raw, key in ((bare, ""), (keyed, "items")):
            pieces = list(wire.items(page(raw), key))
            assert [json.loads(p.raw) for p in pieces] == elements
            assert [p.number for p in pieces] == list(range(1, len(elements) + 1))
            assert all(p.whole for p in pieces)


def test_a_broken_off_last_item_is_marked():
    pieces = list(wire.items(page(b'{"items": [{"a": 1}, {"b": "x'), "items"))
    assert [(p.raw, p.whole, p.too_long) for p in pieces] == [(b'{"a": 1}', True, False), (b'{"b": "x', False, False)]


@pytest.mark.parametrize("raw", [b'{"items": [{"a": 1},', b'{"items": [{"a": 1}', b'{"items": [{"a": 1}, '])
def test_an_array_never_closed_is_marked_even_between_two_items(raw):
    assert [p.whole for p in wire.items(page(raw), "items")][-1] is False


def test_a_key_that_stands_twice_gives_both_arrays():
    raw = b'{"items": [], "n": [7], "items": [{"items": [0]}, 2], "z": {"items": [3]}}'
    assert [(p.number, p.raw, p.whole) for p in wire.items(page(raw), "items")] == [(1, b'{"items": [0]}', True), (2, b"2", True)]


def test_an_overlong_item_is_cut_and_the_next_is_found(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 64)
    raw = json.dumps(["short", "long" * 500, {"k": ["," * 900]}, "after"]).encode()
    pieces = list(wire.items(page(raw), longest=100))
    assert [p.whole for p in pieces] == [True, False, False, True]
    assert [p.too_long for p in pieces] == [False, True, True, False]
    assert pieces[3].raw == b'"after"'


def test_what_looks_like_items_inside_an_overlong_string_is_none(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 8)
    raw = json.dumps(["1, 2, 3], [4, " * 500, "after"]).encode()
    assert [(p.raw[:7], p.whole) for p in wire.items(page(raw), longest=20)] == [(b'"1, 2, ', False), (b'"after"', True)]


@given(st.integers(0, 30), st.sampled_from([5, 64, 1 << 20]))
def test_items_however_deep(depth, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "_CHUNK", chunk)
        deep = functools.reduce(lambda inner, n: {"k]": [inner, "}"]} if n % 2 else [inner, {}], range(depth), "bottom")
        raw = json.dumps([1, deep, [], deep, "last"]).encode()
        assert [json.loads(p.raw) for p in wire.items(page(raw))] == [1, deep, [], deep, "last"]


def test_an_overlong_line_is_cut_and_the_next_is_found(monkeypatch):
    monkeypatch.setattr(wire, "_CHUNK", 7)
    pieces = list(wire.lines(page(b"one\n" + b"x" * 100 + b"\r\nthree\r\n"), longest=10))
    assert [(p.raw[:10], p.too_long) for p in pieces] == [(b"one", False), (b"x" * 10, True), (b"three", False)]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("Zoë zei: hoi".encode(), "utf-8"),
        ("Zoë".encode("utf-8-sig"), "utf-8-sig"),
        ("Zoë zei: hoi".encode("cp1252"), "cp1252"),
        ("Zoë zei: hoi".encode("utf-16"), "utf-16"),
        (("hello there " * 200).encode("utf-16-le"), "utf-16-le"),
        (("hello there " * 200).encode("utf-16-be"), "utf-16-be"),
        (b"", "utf-8"),
        (("é" * 40000).encode()[:65535], "utf-8"),
    ],
)
def test_text_encoding(raw, encoding):
    assert wire.text_encoding(raw) == encoding


def test_csv_rows_survive_nul_bytes_and_broken_characters():
    got = list(wire.rows(page(b'a,b\n"x\0y",\xff\n"line\nbreak",z\n')))
    assert got == [(1, ["a", "b"]), (2, ["x\ufffdy", "\ufffd"]), (4, ["line\nbreak", "z"])]
