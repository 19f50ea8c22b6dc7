"""What a command made for the docs is what it makes today; `python docs/made.py` renews it."""

import importlib.util
from pathlib import Path

import pytest

from kring import sources

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("docs_made", ROOT / "docs" / "made.py")
assert _spec
assert _spec.loader
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)

WITH_MADE_PARTS = [page for page in made.PAGES if made.MADE.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", WITH_MADE_PARTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_made_is_up_to_date(page):
    old = page.read_text(encoding="utf-8")
    assert made.renewed(old) == old, f"{page.name} is out of date: run `python docs/made.py`"


def test_the_table_of_readers_stands_in_readme_and_docs():
    assert {ROOT / "README.md", ROOT / "docs" / "formats" / "README.md"} <= set(WITH_MADE_PARTS)


def test_a_change_in_a_page_is_seen():
    page = "<!-- made by: kring sources --format markdown -->\n\nold\n\n<!-- end of what is made -->\n"
    assert "ActivityStreams" in made.renewed(page) != page


@pytest.mark.parametrize("name", sources.EXPORTS)
def test_each_reader_has_a_page_that_says_how_to_ask_and_what_is_lost(name):
    text = (ROOT / "docs" / "formats" / f"{name}.md").read_text(encoding="utf-8")
    assert "Ask for it" in text or "Get it" in text or "Get the file" in text, "how one gets the data"
    assert "    kring import " in text
    assert any(words in text for words in LOSSES), "what the network leaves out"
    if sources.export(name).TITLE:
        listing = (ROOT / "docs" / "formats" / "README.md").read_text(encoding="utf-8")
        assert f"({name}.md)" in listing


LOSSES = ("doesn't hold", "don't hold", "doesn't tell", "leaves out", "lacks")
