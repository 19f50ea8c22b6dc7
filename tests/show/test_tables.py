"""Lists as people and programs get them."""

import csv
import io
import json
from dataclasses import dataclass

import pytest

from kring.errors import UsageError
from kring.schema import Account, Finding
from kring.show import tables, values

FINDINGS = (
    Finding(
        name="reciprocity",
        value=0.6364,
        low=0.6,
        high=0.67,
        interval_of="estimator",
        n=20296,
        n_of="ties",
        unit="share",
        method="distinct arcs",
    ),
    Finding(name="mean_distance", value=None, warning="one export is a star", by=(("kind", "reply"),)),
    Finding(name="activity", value=None, series=(("2024-01", 3), ("2024-02", None))),
)


@dataclass(frozen=True)
class Row:
    who: str
    at: int | None
    waited_s: float
    n: int


def test_json_holds_every_field_of_a_finding():
    read = json.loads(tables.text(FINDINGS, "json"))
    assert [each["value"] for each in read] == [0.6364, None, None]
    assert all(set(each) == set(Finding.__struct_fields__) for each in read)
    assert read[2]["series"] == [["2024-01", 3], ["2024-02", None]]


def test_the_same_number_in_every_format():
    as_json = json.loads(tables.text(FINDINGS, "json"))[0]["value"]
    as_csv = float(next(csv.DictReader(io.StringIO(tables.text(FINDINGS, "csv"))))["value"])
    as_ndjson = json.loads(tables.text(FINDINGS, "ndjson").splitlines()[0])["value"]
    assert as_json == as_csv == as_ndjson == FINDINGS[0].value
    assert values.figure(FINDINGS[0]) in tables.text(FINDINGS, "table", width=200)


def test_a_figure_without_value_says_why_and_never_none():
    shown = tables.text(FINDINGS, "table", width=200)
    assert "Too few to say" in shown
    assert "] Too few to say: one export is a star" in shown
    assert "None" not in shown
    assert "2 points" in shown


def test_why_several_figures_are_not_said_stands_there_once():
    soon = "too soon to say: the deadline came before anything was done"
    shown = tables.text([Finding(name=name, value=None, warning=soon) for name in ("spread", "diameter")], "table", width=200)
    assert shown.count("the deadline came before anything was done") == 1
    assert shown.count("Too soon to say ") == 2
    assert "Too few" not in shown


@pytest.mark.parametrize("format", tables.FORMATS)
def test_nothing_is_also_an_answer(format):
    assert tables.text([], format) == {"table": "Nothing found.\n", "json": "[]\n", "csv": "", "ndjson": "", "markdown": ""}[format]


def test_columns_are_written_in_the_unit_their_name_says():
    shown = tables.text([Row("Anna", 1_709_644_800_000_000, 12_000, 12_345)], "table", width=120)
    assert "2024-03-05 13:20" in shown
    assert "3 h 20 min" in shown.replace("\u202f", " ")
    assert "12 345" in shown.replace("\u202f", " ")


def test_structs_and_mappings_are_records_too():
    account = Account(id="mastodon:anna", name="Anna")
    assert json.loads(tables.text([account], "json"))[0]["name"] == "Anna"
    assert json.loads(tables.text([{"a": 1}], "ndjson")) == {"a": 1}


def test_a_post_cannot_steer_the_terminal_or_the_spreadsheet():
    hostile = [{"text": "\x1b[31mred\x1b[0m [bold]x[/bold] \u202etxt.exe\nnext"}, {"text": '=HYPERLINK("http://x")'}]
    shown = tables.text(hostile, "table", width=200)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]x[/bold]" in shown
    assert tables.text(hostile, "csv").splitlines()[-1].startswith("\"'=HYPERLINK")


def test_writing_says_how_many_rows_there_were():
    assert tables.write(({"n": n} for n in range(5)), "csv", io.StringIO()) == 5


def test_an_unknown_format_names_the_known():
    with pytest.raises(UsageError, match="table, json, csv, ndjson"):
        tables.text([], "xlsx")


def test_markdown_is_a_table_in_which_words_stay_words():
    rows = [{"name": "a|b\n# *c*", "n": 1, "tags": ("x",)}, {"name": "=1+1 <b>", "n": None, "tags": ()}]
    assert tables.text(rows, "markdown").splitlines() == [
        "| Name | N | Tags |",
        "| --- | --- | --- |",
        '| a\\|b # \\*c\\* | 1 | \\["x"\\] |',
        "| =1+1 \\<b\\> |  |  |",
    ]
