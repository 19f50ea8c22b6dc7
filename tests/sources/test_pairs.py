"""Pairs: beside each page of an export stands, written by hand, what must be read from it. A new case is a new file.

tests/sources/<source>/<case>.page.<ending>  (a file)   or  <case>.pages/  (a folder: an export of several files)
tests/sources/<source>/<case>.records.json   {"asked": {…}, "records": […], "unread": […], "notes": […]}; times may be written as
                                             "2024-12-01T10:05:00Z", ids of posts without one of their own as "*"
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.reading import as_json, pages_under, read

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.records.json"))


def page_of(expected: Path) -> Path:
    case = expected.name.removesuffix(".records.json")
    (path,) = [p for p in expected.parent.iterdir() if p.name == f"{case}.pages" or p.name.startswith(f"{case}.page.")]
    return path


def tidy(value, key=""):
    """Expected and read in one form: times as text, made-up ids as "*"."""
    if isinstance(value, dict):
        return {k: tidy(v, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(v, key) for v in value]
    if key in ("at", "edited_at", "since", "until") and isinstance(value, int):
        return datetime.fromtimestamp(value / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(".000000Z", "Z")
    return value


def forgive_made_up_ids(expected, got):
    for want, have in zip(expected["records"], got["records"]):
        for key in ("id", "reply_to", "thread"):
            if want.get(key) == "*" and have.get(key):
                have[key] = "*"


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.parent.name}/{c.name.removesuffix('.records.json')}")
def test_the_page_gives_the_records(case):
    expected = json.loads(case.read_text())
    asked = expected.pop("asked", {})
    items, unreads, notes = read(case.parent.name, pages_under(page_of(case)), **asked)
    assert all(item.raw for item in items if item.records), "each item keeps its raw bytes"
    got = tidy(as_json(items, unreads, notes))
    expected = {"records": [], "unread": [], "notes": [], **expected}
    forgive_made_up_ids(expected, got)
    for part in ("records", "unread", "notes"):
        assert got[part] == expected[part]
