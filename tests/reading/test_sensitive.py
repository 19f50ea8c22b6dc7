"""Words that tell what somebody is or believes, and words that only look like them."""

import pytest

from kring.reading.sensitive import sensitive


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("Komt niet meer, is ziek", "health"),
        ("stopped for Health reasons", "health"),
        ("zit in een rolstoel", "health"),
        ("Moslim, helpt bij de iftar", "religion or belief"),
        ("she is a Catholic", "religion or belief"),
        ("lid van de kerkenraad", "religion or belief"),
        ("van Turkse afkomst", "origin"),
        ("is a refugee", "origin"),
        ("is homo", "sexuality"),
        ("LGBT network", "sexuality"),
        ("stemt op de VVD", "party"),
        ("member of the Labour party", "party"),
        ("actief voor de SP", "party"),
        ("vakbondslid", "union"),
        ("lid van de FNV", "union"),
        ("trade union rep", "union"),
    ],
)
def test_words_that_tell(text, of):
    told = sensitive(text)
    assert told is not None
    assert told.of == of
    assert told.word in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Reads to children",
        "Leest voor aan kinderen",
        "Said so at the fair",
        "Staat zo op haar visitekaartje",
        "works in the ziekenhuis kitchen",
        "Leverancier van koffie",
        "helped at the street party",
        "Werkt bij de Europese Unie",
        "wil graag helpen; denkt mee",
        "spelt de sp in woorden",
        "healthy snacks supplier",
        "Ronde Tafel, 3 mei",
        "Will come on Tuesdays",
        "still with us",
        "Christine told us at the Christmas market",
        "brings her rabbits",
        "black coffee, no sugar",
        "organised the race",
        "met een accu van 12 volt",
        "labour costs of the repair",
    ],
)
def test_words_that_only_look_like_them(text):
    assert sensitive(text) is None
