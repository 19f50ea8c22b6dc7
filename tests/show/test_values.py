"""A value reads the same wherever it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.schema import Finding
from kring.show import values


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (0.4, "<1 s"),
        (59, "59 s"),
        (61, "1 min 1 s"),
        (3599.6, "1 h"),
        (12_000, "3 h 20 min"),
        (86_399, "1 d"),
        (86_400 + 3_600, "1 d 1 h"),
        (20 * 86_400, "20 days"),
        (10 * 365.25 * 86_400, "10.0 years"),
        (-90, "−1 min 30 s"),
    ],
)
def test_durations(seconds, expected):
    assert values.duration(seconds).replace("\u202f", " ") == expected


@given(st.floats(0, 1e10))
def test_a_duration_never_shows_a_full_larger_unit(seconds):
    shown = values.duration(seconds).replace("\u202f", " ")
    assert "60 s" not in shown
    assert "60 min" not in shown
    assert not shown.startswith("24 h")


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, "0%"), (1, "100%"), (0.636, "63.6%"), (0.9999, ">99.9%"), (0.0001, "<0.1%"), (-0.2, "−20.0%"), (0.01, "1.0%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share, expected):
    assert values.percent(share) == expected


@pytest.mark.parametrize(
    ("x", "expected"), [(3.0552, "3.06"), (-0.188, "−0.188"), (1_234_567, "1 234 567"), (0, "0"), (12.34, "12.3"), (1234.5, "1 234")]
)
def test_numbers(x, expected):
    assert values.number(x).replace("\u202f", " ") == expected


def test_a_figure_with_its_interval():
    assert values.figure(Finding(name="response_rate", value=0.636, low=0.621, high=0.65, unit="share")) == "63.6% (62.1–65.0)"


def test_a_figure_without_value_says_why():
    shown = values.figure(Finding(name="mean_distance", value=None, warning="one person's export is a star around them"))
    assert shown == "Too few to say — one person's export is a star around them"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("", "2024-03-05 13:20"), ("Europe/Amsterdam", "2024-03-05 14:20"), ("-03:30", "2024-03-05 09:50"), ("nowhere", "2024-03-05 13:20")],
)
def test_moments_in_a_zone(zone, expected):
    assert values.moment(1_709_644_800_000_000, zone) == expected
