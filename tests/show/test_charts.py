"""Charts: every kind draws, alike each time; gaps stay gaps; few people are joined."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.schema import FEWEST_PEOPLE, Finding
from kring.show import charts, numbers, svg
from kring.show.content import Picture
from show import sample

PICTURES = [picture for section in sample.all_sections(40) for picture in section.pictures]


def test_the_sample_has_every_kind():
    assert {picture.kind for picture in PICTURES} == set(charts.CHARTS)


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.kind)
def test_a_chart_fits_its_width_and_is_the_same_each_time(picture, width):
    drawn = charts.to_svg(charts.draw(picture, width=width))
    assert drawn == charts.to_svg(charts.draw(picture, width=width))
    assert float(re.search(r'<svg[^>]* width="([\d.]+)"', drawn)[1]) <= width + 40
    assert "NaN" not in drawn


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.kind)
def test_a_chart_has_its_numbers_as_a_table(picture):
    table = numbers.data(picture)
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_file_has_its_title_and_is_a_png():
    assert PICTURES[0].title in charts.to_svg(charts.draw(PICTURES[0], titled=True))
    assert charts.to_png(charts.draw(PICTURES[0])).startswith(b"\x89PNG")


def test_no_value_leaves_a_gap_and_is_not_nought():
    def strip(value):
        return [
            Finding(name="response_rate", value=v, unit="share", n=9, by=(("period", f"2024-0{m}"),))
            for m, v in enumerate((0.5, value, 0.5), 1)
        ]

    points = [charts.by_period(strip(value)).to_dict()["vconcat"][0]["data"]["values"][1]["value"] for value in (0.0, None)]
    assert points == [0.0, None]
    drawn = [charts.to_svg(charts.by_period(strip(value))) for value in (0.0, None)]
    assert len(drawn[1]) < len(drawn[0])
    assert numbers.data(Picture(kind="by_period", title="", findings=tuple(strip(None)))).rows[1][2] == "Too few to say"


def test_months_without_posts_are_there():
    table = charts.activity([Finding(name="activity", value=None, series=(("2023-11", 3), ("2024-02", 1)))]).to_dict()
    assert [row["period"] for row in table["data"]["values"]] == ["2023-11", "2023-12", "2024-01", "2024-02"]


@given(st.dictionaries(st.integers(0, 5_000), st.integers(0, 60), max_size=40))
def test_no_bar_stands_for_few_people_and_nobody_gets_lost(degrees):
    bins = charts.degree_bins(tuple(degrees.items()))
    assert sum(n for _, n in bins) == sum(degrees.values())
    if sum(degrees.values()) >= FEWEST_PEOPLE:
        assert all(n >= FEWEST_PEOPLE for _, n in bins)


def test_a_period_or_bucket_cannot_break_out_of_the_svg():
    bucket = "</text><script>alert(1)</script>\x1b\x00\ud800"
    drawn = svg.inline(
        charts.to_svg(charts.waiting_buckets([Finding(name="b", value=None, series=((bucket, 1),))])), id="x", title="<b>", description='"'
    )
    assert "<script" not in drawn
    assert "<b>" not in drawn


def test_inline_ids_are_its_own():
    drawn = svg.inline(
        '<svg viewBox="0 0 2 2"><clipPath id="clip0"/><g clip-path="url(#clip0)" fill="#1c2026"/></svg>', id="a", title="t", description="d"
    )
    assert 'id="a-clip0"' in drawn
    assert "url(#a-clip0)" in drawn
    assert 'fill="var(--ink)"' in drawn
