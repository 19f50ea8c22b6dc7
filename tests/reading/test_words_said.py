"""Words of a text: its own, in small letters, without what everybody says."""

from kring.reading.words import COMMON, words


def test_words_of_its_own():
    assert words("Het brood van de bakker, en BROOD voor de buren!") == {"brood", "bakker", "buren"}
    assert words("It’s the neighbours' oven; don't touch") == {"neighbours", "oven", "touch"}
    assert words("#straatfeest in Café Zoë, om 12u30") == {"straatfeest", "café", "zoë"}


def test_links_addresses_handles_and_quotes_are_left_out():
    text = "> oude woorden van een ander\nKijk op https://bakkerij.example/brood of mail anna@town.example, zegt @bram@town.example: taart"
    assert words(text) == {"mail", "taart"}


def test_neither_short_nor_endless():
    assert words("zo ja nu ei " + "a" * 40) == set()
    assert words("") == set()


def test_common_words_are_written_as_they_are_looked_up():
    assert all(word == word.lower() and "’" not in word for word in COMMON)
