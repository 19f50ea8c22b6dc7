"""Markdown as people write it in posts, made plain text: what a reader would see, line by line as it was written.

    > quoted                        "> ", once for each level
    # heading, **bold**, *it*, ~~no~~, ^(up), `code`, >!hidden!<        their words
    [words](address), <address>     "words <address>" by the same rule as links in HTML (`markup`), the bare address
    * a, + b, - c                   "- "
    ---, ===, |:--|--:|             left out: a rule, the underlining of a heading or of a table's first row
    ``` or ~~~                      the fence is left out, and what stands in it is kept as it is
    \\*, &amp;, &#x200B;             the character meant; what has no width is left out

Documented at https://spec.commonmark.org; Reddit's own signs (^, >!) at https://www.reddit.com/wiki/markdown. Every pattern is possessive or stops
at the next sign of its kind, so time is linear in the length.
"""

import html as entities
import re
from collections.abc import Iterable

from kring.sources.markup import address_worth_saying
from kring.sources.pieces import clean

_MARKS = re.compile(r"[*_~`\[<&\\^#+|=>-]")
"""Text without any of these is what it seems."""
_LONG_NUMBER = re.compile(r"&#[0-9]{9,}+;?")
_WIDTHLESS = re.compile("[\u200b\u200c\u2060\ufeff]")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_RULE = re.compile(r"\s*+(?:(?:-\s*+){3,}|(?:\*\s*+){3,}|(?:_\s*+){3,}|=++\s*+)$")
_TABLE_RULE = re.compile(r"\s*+\|?(?:\s*+:?-++:?\s*+\|)++(?:\s*+:?-++:?\s*+)?$")
_QUOTE = re.compile(r"\s{0,3}((?:>(?!!)[ \t]?)++)")
_DEEPEST_QUOTE = 32
_HEADING = re.compile(r"\s{0,3}#{1,6}\s++(.*?)(?:\s#++)?\s*+$")
_BULLET = re.compile(r"\s*+[*+-]\s++")
_CODE = re.compile(r"(`{1,3})([^`\n]++)\1")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK = re.compile(
    r"!?\[((?:[^\[\]\n]++|\[[^\[\]\n]*+\])*+)\]\(\s*+<?([^()\s<>]*+(?:\([^()\s]*+\)[^()\s<>]*+)*+)>?(?:\s++\"[^\"\n]*+\")?\s*+\)"
)
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^\s<>]++)>")
_STRONG = re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]++)(?<=\S)\1")
_LOW = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]++)(?<=\S)\1(?!\w)")
_STRUCK = re.compile(r"~~([^~\n]++)~~")
_RAISED = re.compile(r"(?<![\w^])(?:\^\(([^()\n]*+)\)|\^{2,}+(?=\S)|\^(?=[^\W_]|[/|]))")
_HIDDEN = re.compile(r">!(?=\S)|(?<=\S)!<")
_ASIDE = {sign: 0x10F000 + sign for sign in range(0x21, 0x7F) if not chr(sign).isalnum()}
"""Signs that stand for themselves are put aside (in the last private plane) while the others are read, and come back at the end."""
_BACK = {aside: sign for sign, aside in _ASIDE.items()}


def plain(markdown: str) -> str:
    """The text of a piece of Markdown; never fails, whatever it is given."""
    text = clean(markdown.replace("\0", ""))
    if not _MARKS.search(text):
        return "\n".join(_spaced(line.rstrip() for line in text.split("\n")))
    return "\n".join(_spaced(_lines(text)))


def _lines(text: str) -> list[str]:
    found, fenced = [], False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            found.append(_decoded(line).rstrip())
        elif _RULE.match(line):
            found.append("")
        elif not _TABLE_RULE.match(line):
            found.append(_line(line))
    return found


def _spaced(lines: Iterable[str]) -> list[str]:
    """Never more than one blank line, and none at either end."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1] else kept


def _line(line: str) -> str:
    quote = _QUOTE.match(line)
    depth = min(quote[1].count(">"), _DEEPEST_QUOTE) if quote else 0
    rest = line[quote.end() :] if quote else line
    if heading := _HEADING.match(rest):
        rest = heading[1]
    elif bullet := _BULLET.match(rest):
        return "> " * depth + "- " + _words(rest[bullet.end() :])
    return ("> " * depth + _words(rest)).rstrip()


def _words(text: str) -> str:
    if not _MARKS.search(text):
        return text.strip()
    if "`" in text:
        text = _CODE.sub(lambda found: found[2].translate(_ASIDE), text)
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: found[1].translate(_ASIDE), text)
    if "](" in text:
        text = _LINK.sub(_link, text)
    if "<" in text:
        text = _AUTOLINK.sub(lambda found: found[1].translate(_ASIDE), text)
    if "*" in text:
        text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    if "_" in text:
        text = _LOW.sub(r"\2", text)
    if "~~" in text:
        text = _STRUCK.sub(r"\1", text)
    if "^" in text:
        text = _RAISED.sub(lambda found: found[1] or "", text)
    if ">!" in text and "!<" in text:
        text = _HIDDEN.sub("", text)
    text = _decoded(text)
    return (text if text.isascii() else text.translate(_BACK)).strip()


def _link(found: re.Match[str]) -> str:
    words, address = found[1].strip(), entities.unescape(found[2]) if "&" in found[2] else found[2]
    if not address_worth_saying(address, words):
        return words or address.translate(_ASIDE)
    address = address.translate(_ASIDE)
    return f"{words} {chr(_ASIDE[0x3C])}{address}{chr(_ASIDE[0x3E])}" if words else address


def _decoded(text: str) -> str:
    """Entities as the characters they stand for; a hard space is a space, and what has no width is gone."""
    if "&" in text:
        text = entities.unescape(_LONG_NUMBER.sub("\ufffd", text)).replace("\0", "")
    if text.isascii():
        return text
    return _WIDTHLESS.sub("", text.replace("\xa0", " "))
