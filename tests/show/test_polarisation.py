"""What is said of two camps, and how it is drawn: full dots beyond chance, hollow ones within, nothing said that wasn't measured."""

import pytest

from kring.show import charts
from kring.show.charts_polarisation import beside_chance, chance_table
from kring.show.sections_polarisation import polarisation
from show.sample import finding, polarisation_findings


def said(findings):
    return polarisation(findings).said


def left(value, spread=0.1):
    names = ("ei", "adaptive_ei", "modularity", "rwc")
    return [finding(f"{name}_normalised", value, "score", low=value - spread, high=value + spread, interval_of="model") for name in names]


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        (left(0.3), "by all of 4 scores"),
        (left(0.3)[:3] + left(0.05)[3:], "by 3 of 4 scores"),
        (left(0.05), "No camps beyond what chance gives: 0 of 4 scores"),
        (left(-0.3), "mix more than chance"),
    ],
)
def test_the_verdict(findings, words):
    assert words in said(findings)


def test_what_is_not_known_is_not_judged():
    assert said([finding("ei", 0.9, "score")]) == ""
    assert "Too few to say whether there are camps" in said([finding("groups", None, warning="too few to say: there are only 8 people")])


def test_the_sample_is_read_aloud():
    words = said(polarisation_findings())
    assert "by 3 of 4 scores" in words or "by all of 4 scores" in words
    assert "8.0% of ties lead from one group to another" in words
    assert "93.0% are of their own side; spread evenly it would be 55.0%" in words


def test_dots_are_full_beyond_chance_and_hollow_within():
    rows = {row["score"]: row for row in beside_chance(polarisation_findings()[:14], width=600).to_dict()["data"]["values"]}
    assert rows["Ties within, less across"]["beyond"]
    assert not rows["Boundary"]["beyond"]
    table = chance_table(polarisation_findings()[:14])
    assert dict(zip([row[0] for row in table["rows"]], [row[-1] for row in table["rows"]]))["Boundary"] == "no"


def test_without_random_networks_there_are_dots_and_no_bands():
    drawn = charts.to_svg(beside_chance([finding("ei", 0.5, "score"), finding("ei_null", None)], width=charts.NARROW))
    assert "NaN" not in drawn
    assert "0.500" in drawn
