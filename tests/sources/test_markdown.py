"""Markdown made plain text: what is taken off, what stays, and that nothing written to do harm takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.sources.markdown import plain


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("**bold** *it* ***both*** _low_ __strong__", "bold it both low strong"),
        ("**bold *and it* too**", "bold and it too"),
        ("~~no~~ yes, ^up ^(all of this) ^^higher, 2^10, ^_^ :^)", "no yes, up all of this higher, 2^10, ^_^ :^)"),
        ("2 * 3 * 4 and snake_case_name and * alone", "2 * 3 * 4 and snake_case_name and * alone"),
        ("`a * b` and ``x_y_z``", "a * b and x_y_z"),
        (r"\*not it\* \#1 \_ \\", r"*not it* #1 _ \ "[:-1]),
        ("[the plan](https://town.example/a_b_c) here", "the plan <https://town.example/a_b_c> here"),
        ("[https://town.example](https://town.example/)", "https://town.example"),
        ("[@anna](https://town.example/anna) [rel](/r/town) [](https://town.example/x)", "@anna rel https://town.example/x"),
        ('[w](https://en.example/A_(b)_c "title")', "w <https://en.example/A_(b)_c>"),
        ("![a cat](https://town.example/cat.png)", "a cat <https://town.example/cat.png>"),
        ("<https://town.example/a*b*c>", "https://town.example/a*b*c"),
        ("[x](javascript:alert(1))", "x"),
        ("# Head #\n### Low\n#tag", "Head\nLow\n#tag"),
        ("* a\n+ b\n- c\n1. d", "- a\n- b\n- c\n1. d"),
        ("> quoted **b**\n>> deeper\n>no space", "> quoted b\n> > deeper\n> no space"),
        (">!the end!< is here", "the end is here"),
        ("above\n\n---\n\n\n\nbelow", "above\n\nbelow"),
        ("a|b\n:--|--:\n1|2", "a|b\n1|2"),
        ("```\nx = *y* <b>\n\n  z\n```\nafter", "x = *y* <b>\n\n  z\nafter"),
        ("&amp; &lt;&#x200B;&nbsp;&eacute; &#99999999999999999999;", "& < é \ufffd"),
        ("1 < 2 > 0 & more", "1 < 2 > 0 & more"),
        ("a\r\nb\x00\x07", "a\nb"),
        ("", ""),
        ("   \n  \n", ""),
    ],
)
def test_what_a_reader_would_see(written, meant):
    assert plain(written) == meant


@given(st.text(alphabet="*_~`[]()<>!^\\|#-+=>& \na1:/", max_size=200) | st.text(max_size=200))
def test_never_fails_and_invents_no_words(text):
    got = plain(text)
    assert (
        set("".join(c for c in got if c.isalnum())) <= set(text) | set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        or "&" in text
    )
    assert plain(text) == got


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "**a",
        "_a ",
        "[",
        "[a](",
        "[[a](b",
        "![",
        "`",
        "`a",
        "``a",
        "~~",
        "~~a",
        ">",
        "> ",
        ">!",
        ">!a",
        "^(",
        "^",
        "\\",
        "<https:",
        "|:-",
        "|",
        "#",
        "# ",
        "- ",
        "&",
        "&#",
        "[a [b] ",
        "](",
        "(",
        "===",
        "- - ",
    ],
)
def test_long_and_hostile_texts_take_no_longer_than_their_length(piece):
    """The gate's time limit would end a quadratic pattern: a megabyte squared is days."""
    plain(piece * (1_000_000 // len(piece)))
