"""Walking through JSON larger than memory: what comes out is what `json` reads, wherever the chunks end, and hostile pages end calmly."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.sources import jsonwalk
from sources.reading import page

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4), max_leaves=20
)


def pieces(raw, *wanted, **more):
    return [(f.path, f.piece.raw) for f in jsonwalk.arrays(page("x.json", raw), wanted, **more) if f.piece.number]


@given(chats=st.lists(st.lists(VALUES, max_size=6), max_size=4), chunk=st.integers(1, 60), indent=st.sampled_from([None, 1]))
def test_gives_what_json_reads(chats, chunk, indent):
    data = {"about": "x[{", "list": [{"name": f"n{i}", "skip": [[1, "]"]], "messages": each} for i, each in enumerate(chats)], "end": 1}
    raw = json.dumps(data, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    found, names = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonwalk, "_CHUNK", chunk)
        for each in jsonwalk.arrays(page("x.json", raw), {"list.messages"}):
            assert each.piece.whole
            if each.piece.number:
                found[-1].append(json.loads(each.piece.raw.decode("utf-8", "surrogatepass")))
            else:
                found.append([])
                names.append(each.fields["list.name"])
    assert found == chats
    assert names == [f"n{i}" for i in range(len(chats))]


@given(values=st.lists(VALUES, max_size=8), cut=st.integers(0, 200), chunk=st.integers(1, 40))
def test_what_stands_before_a_break_is_kept(values, cut, chunk):
    raw = json.dumps({"messages": values}).encode()
    cut = min(cut, len(raw) - 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonwalk, "_CHUNK", chunk)
        given_ = list(jsonwalk.arrays(page("x.json", raw[:cut]), {"messages"}))
    whole = [f.piece.raw for f in given_ if f.piece.number and f.piece.whole]
    assert [json.loads(each) for each in whole] == values[: len(whole)]
    assert sum(not f.piece.whole for f in given_) == (1 if cut else 0), "a page that ends early says so once"


def test_an_element_that_is_too_long_is_cut_and_the_next_is_found():
    raw = json.dumps({"messages": ["a" * 5000, {"b": [["c" * 9000]]}, 3]}).encode()
    found = list(jsonwalk.arrays(page("x.json", raw), {"messages"}, longest=6000))
    assert [(f.piece.number, f.piece.whole, f.piece.too_long, len(f.piece.raw)) for f in found] == [
        (0, True, False, 0),
        (1, True, False, 5002),
        (2, False, True, 4096),
        (3, True, False, 1),
    ]


def test_an_array_that_is_the_page():
    assert pieces(b' [1,{"messages":[2]},"x"]\n', "") == [("", b"1"), ("", b'{"messages":[2]}'), ("", b'"x"')]


def test_deeper_than_the_pattern():
    deep = b"[" * 40 + b'"]"' + b"]" * 40
    assert pieces(b'{"messages":[%s,1]}' % deep, "messages") == [("messages", deep), ("messages", b"1")]


@pytest.mark.parametrize(
    "raw", [b"[" * 200_000, b'{"a":' * 50_000, b'{"messages":[' + b"{" * 300_000, b'"' + b"x" * 3_000_000, b"}}]]", b",,:,"]
)
def test_hostile_pages_end(raw):
    assert all(not f.piece.whole for f in jsonwalk.arrays(page("x.json", raw), {"messages"}) if f.piece.raw)


def test_fields_of_a_page_without_arrays():
    assert jsonwalk.fields(page("u.json", b'{"id": "7", "user": {"name": "A\\u00e9", "n": 1.5, "list": [{"x": 1}]}, "ok": true}')) == {
        "id": "7",
        "user.name": "Aé",
        "user.n": 1.5,
        "user.list.x": 1,
        "ok": True,
    }
