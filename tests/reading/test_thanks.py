"""The rule for thanks, with the traps that it must not fall into."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.reading.thanks import thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thank you!",
        "Thanks, just what I was looking for.",
        "You are a star, thank you.",
        "THX",
        "Ah, dank je. Weer iets geleerd.",
        "Bedankt voor de moeite.",
        "Dank u wel voor het duidelijke antwoord.",
        "Merci, dat scheelt me een rit.",
        "Dankjewel!",
        "> You should try the library.\nI did, thanks.",
        "Thanks! No, I don't need more.",
        "I can’t say how grateful I am",
        "Wil je graag bedanken voor je hulp",
        "Works. Many thanks to you",
    ],
)
def test_thanks(text):
    assert thanks(text).label == "thanks"
    assert thanks(text).because


@pytest.mark.parametrize(
    "text",
    [
        "",
        "That helps.",
        "Who knows? Thanks in advance!",
        "Thank you all in advance for any tips.",
        "Wie weet dit? Alvast bedankt!",
        "Bij voorbaat heel hartelijk dank",
        "Geen dank!",
        "No, thanks.",
        "Nee, dank je.",
        "Nee bedankt",
        "Thanks for nothing.",
        "Nou bedankt zeg",
        "Don't thank me.",
        "Thanks to the rain it was cancelled.",
        "Goddank regent het",
        "Dankzij jou",
        "Stank voor dank",
        "> Thank you\nYou're welcome.",
        'She said "thank you" and left.',
        "https://example.org/thanks",
        "Think tank",
        "Thankfully it is over",
    ],
)
def test_no_thanks(text):
    assert thanks(text).label == ""


@given(st.text())
def test_whatever_is_written_it_is_calm(text):
    assert thanks(text).label in ("thanks", "")
