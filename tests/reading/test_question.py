"""The rule for questions, with the traps that it must not fall into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.reading.question import question


@pytest.mark.parametrize(
    "text",
    [
        "Wanneer gaat het zwembad open?",
        "Thanks! And who do I ask about the trees?\nI tried twice.",
        "> you wrote this\nIs that so?",
        "何時ですか？",
        "متى يفتح المسبح؟",
        'He said "no". Why?',
        "Don't you think it's late?",
        "Wat kost 't 's avonds?",
    ],
)
def test_asks(text):
    assert question(text).label == "question"
    assert question(text).because


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you, that helps.",
        "See https://example.org/page?id=3",
        "www.example.org/?q=x",
        '"Is it open?" was what he asked.',
        "“Is het open?” vroeg hij.",
        "> Is it open?\nYes, it is.",
        "  > Is it open?",
        "He asked 'is it open?' and left.",
    ],
)
def test_does_not_ask(text):
    assert question(text).label == ""


@given(st.text())
def test_never_fails(text):
    assert question(text).label in ("", "question")
