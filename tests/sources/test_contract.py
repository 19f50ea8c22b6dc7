"""What every reader of an export owes: a name, a way to recognise, pairs, and calm in the face of anything."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kring import sources
from kring.schema import Asked, Item, Note, Unread
from kring.wire import HEAD_BYTES
from sources.reading import page, pages_under

HERE = Path(__file__).parent
ALL = pytest.mark.parametrize("name", sources.EXPORTS)


def examples(name: str) -> list[Path]:
    return sorted(p for p in (HERE / name).glob("*.page*") if ".page." in p.name or p.name.endswith(".pages"))


@ALL
def test_is_named_and_documented_and_has_pairs(name):
    reader = sources.export(name)
    assert reader.TITLE
    assert reader.READS
    assert reader.LACKS
    assert isinstance(reader.PROVEN, str)
    assert len((reader.__doc__ or "").split()) > 20, "the opening lines say what is read and where the format is documented"
    assert len(examples(name)) >= 3
    assert all((HERE / name / f"{p.name.partition('.page')[0]}.records.json").exists() for p in examples(name))


@ALL
def test_recognises_its_own_and_no_other(name):
    for path in examples(name):
        recognised = {sources.recognise(p)[0] for p in pages_under(path)}
        assert name in recognised, path.name
        assert recognised <= {name, ""}, path.name


@ALL
@pytest.mark.parametrize("raw", [b"", b"\0" * 100, b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 50, b"hello\n", b"{}", b"[]", b"<a/>", b"a,b\n1,2\n"])
def test_does_not_claim_what_is_not_its_own(name, raw):
    for file in ("x.json", "x.txt", "x.xml", "x.csv", "x"):
        assert sources.export(name).sniff(page(file, raw)) < 0.5


def spoil(raw: bytes, data: st.DataObject) -> bytes:
    """Cut, overwrite, repeat or insert somewhere."""
    for _ in range(data.draw(st.integers(1, 3))):
        a = data.draw(st.integers(0, len(raw)))
        b = min(len(raw), a + data.draw(st.integers(0, 60)))
        how = data.draw(st.sampled_from(["cut", "drop", "noise", "twice"]))
        noise = data.draw(st.binary(max_size=8))
        raw = {"cut": raw[:a], "drop": raw[:a] + raw[b:], "noise": raw[:a] + noise + raw[b:], "twice": raw[:b] + raw[a:]}[how]
    return raw


@ALL
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_spoilt_pages_never_raise(name, data):
    reader = sources.export(name)
    pages = [page(p.name, spoil(p.open().read(), data)) for p in pages_under(data.draw(st.sampled_from(examples(name))))]
    for each in reader.read(pages, Asked()):
        assert isinstance(each, Item | Unread | Note)
        if isinstance(each, Unread):
            assert each.why
            assert each.where
            assert len(each.raw) <= 4096


WRONG = ([["x"]], {"x": [1]}, -1, True)
"""Values of other types, in place of what should stand there."""


def spots(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in JSON."""
    yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from spots(each, (*path, key))


def put(value: object, path: tuple[str | int, ...], new: object) -> object:
    """The same JSON with another value there."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


def loaded(raw: bytes) -> tuple[bytes, object]:
    """What stands before the JSON of a page ("window.YTD… ="), and the JSON; None where it is none."""
    before, sign, rest = raw.partition(b"=") if raw.lstrip()[:1] not in (b"{", b"[") else (b"", b"", raw)
    try:
        return before + sign, json.loads(rest)
    except ValueError:
        return b"", None


@ALL
def test_a_value_of_another_type_never_raises(name):
    """In each place that a reader's pages have, whatever their number: a list, an object, a number and "true" instead."""
    tried = set()
    for path in examples(name):
        pages = pages_under(path)
        for at, each in enumerate(pages):
            before, value = loaded(each.open().read())
            for spot in spots(value) if value is not None else ():
                place = tuple(key for key in spot if isinstance(key, str))
                if place in tried:
                    continue
                tried.add(place)
                for wrong in WRONG:
                    other = page(each.name, before + json.dumps(put(value, spot, wrong)).encode())
                    assert all(
                        isinstance(r, Item | Unread | Note)
                        for r in sources.export(name).read([*pages[:at], other, *pages[at + 1 :]], Asked())
                    )


@ALL
@given(raw=st.binary(max_size=400), file=st.sampled_from(["a.json", "outbox.json", "_chat.txt", "Posts.xml", "x.mbox", "x.csv"]))
def test_sniff_never_raises(name, raw, file):
    assert 0 <= sources.export(name).sniff(page(file, raw[:HEAD_BYTES])) <= 1


@ALL
def test_an_empty_page_is_said_not_an_error(name):
    reader = sources.export(name)
    for path in examples(name)[:1]:
        given = list(reader.read([page(p.name, b"") for p in pages_under(path)], Asked()))
        assert any(isinstance(each, Unread) and "empty" in each.why for each in given)
