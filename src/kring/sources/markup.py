"""HTML as people write it in posts and mail, made plain text: what a reader would see, and nothing that could do harm.

    <p>, headings, lists, tables    a blank line before and after; other blocks and <br> begin a new line
    <blockquote>                    its lines begin with "> "
    <a href="…">words</a>           "words <address>", unless the words are the address, or a mention (@) or hashtag (#), or the address is
                                    not a whole one; angle brackets so that a "?" behind the link stays outside it (RFC 3986, appendix C)
    <pre>                           its spaces and line ends are kept
    <li>, <img alt="…">             "- " before it; the description itself
    script, style, title, comments  left out, to the end of the text if they are never closed, as a browser does

A `<` that begins no tag is a `<`. Every pattern is possessive and stops at the next `<` outside quotes, so time is linear in the length.
"""

import html as entities
import re

_NAME = r"/?[a-zA-Z][\w:-]*+"
_TAG = re.compile(rf"""<({_NAME})((?:[^<>"']++|"[^"]*+"|'[^']*+')*+>|[^<>]*+>)|<[!?/][^<>]*+>""")
_HIDDEN = re.compile(r"<!--|<(script|style|title)(?![\w:-])[^<>]*+>", re.IGNORECASE)
_HIDDEN_END = {name: re.compile(rf"</{name}(?![\w:-])[^<>]*+>?", re.IGNORECASE) for name in ("script", "style", "title")}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_ATTRIBUTE = r"""(?<![\w:-]){name}\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))"""
_HREF = re.compile(_ATTRIBUTE.format(name="href"), re.IGNORECASE)
_ALT = re.compile(_ATTRIBUTE.format(name="alt"), re.IGNORECASE)
_WHOLE_ADDRESS = re.compile(r"(?!javascript:|data:|cid:|about:|vbscript:|blob:|file:)[a-z][a-z0-9+.-]*+:\S", re.IGNORECASE)
_SAME_ADDRESS = re.compile(r"^(?:https?://|mailto:)?(?:www\.)?|/$", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#[0-9]{9,}+;?")
"""No character has nine digits, and Python refuses to read a number of thousands of them."""
_DEEPEST_QUOTE = 32
"""Beyond this a quotation gets no further ">": n quotations inside each other would otherwise make n² of them."""

_PARAGRAPHS = re.findall(r"\w+", "p h1 h2 h3 h4 h5 h6 ul ol dl table hr pre blockquote figure")
_BLOCKS = re.findall(
    r"\w+",
    "address article aside body caption center dd details dialog div dt fieldset figcaption footer form header html li main nav option "
    "section summary tbody tfoot thead tr",
)
_MEANING = {name: name for name in ("a", "/a", "br", "img", "li", "td", "th", "pre", "/pre", "blockquote", "/blockquote")}
_MEANING |= {slash + name: _MEANING.get(slash + name, "paragraph") for name in _PARAGRAPHS for slash in ("", "/")}
_MEANING |= {slash + name: _MEANING.get(slash + name, "block") for name in _BLOCKS for slash in ("", "/")}


def plain(html: str) -> str:
    """The text of a piece of HTML; never fails, whatever it is given."""
    html = html.replace("\0", "")
    if "<" not in html:
        return _SPACES.sub(" ", _decoded(html)).strip()
    html = _without_hidden(html)
    text, done = _Text(), 0
    for tag in _TAG.finditer(html):
        if tag.start() > done:
            text.write(html[done : tag.start()])
        done = tag.end()
        if (name := tag[1]) and (meaning := _MEANING.get(name.lower())):
            text.tag(meaning, tag[2])
    text.write(html[done:])
    return text.whole()


def _without_hidden(html: str) -> str:
    """The HTML without comments, scripts and styles."""
    kept, done = [], 0
    while found := _HIDDEN.search(html, done):
        kept.append(html[done : found.start()])
        if found[1]:
            close = _HIDDEN_END[found[1].lower()].search(html, found.end())
            done = close.end() if close else len(html)
        else:
            end = html.find("-->", found.start() + 2)
            done = end + 3 if end >= 0 else len(html)
    return "".join(kept) + html[done:] if kept else html


def _decoded(text: str) -> str:
    """Entities as the characters they stand for; a hard space is a space."""
    if "&" in text:
        text = entities.unescape(_LONG_NUMBER.sub("\ufffd", text)).replace("\0", "")
    return text.replace("\xa0", " ")


def _attribute(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return _decoded(found[found.lastindex or 0]).strip() if found else ""


def address_worth_saying(address: str, words: str) -> bool:
    """Does a link's address say more than its words?"""
    if not address or words[:1] in ("@", "#", "\uff20", "\uff03") or not _WHOLE_ADDRESS.match(address):
        return False
    return _SAME_ADDRESS.sub("", address) != _SAME_ADDRESS.sub("", words)


class _Text:
    """Lines as they come, with what is still open: a quotation, a `<pre>`, a link."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.gap, self.bullet = False, ""
        self.quotes, self.last_quotes = 0, 0
        self.in_pre = False
        self.address, self.link_from = "", -1

    def write(self, text: str) -> None:
        if self.in_pre and "\n" in text:
            *ended, text = _decoded(text).replace("\r", "").split("\n")
            for line in ended:
                self.line.append(line)
                self.end_line(blank=True)
        else:
            text = _decoded(text)
        self.line.append(text)

    def tag(self, meaning: str, attributes: str) -> None:
        if meaning == "a":
            self.end_link()
            self.address, self.link_from = _attribute(_HREF, attributes), len(self.line)
        elif meaning == "/a":
            self.end_link()
        elif meaning == "br":
            self.end_line(blank=True)
        elif meaning == "img":
            self.line.append(_attribute(_ALT, attributes))
        elif meaning in ("td", "th"):
            self.line.append(" ")
        else:
            self.block(meaning)

    def block(self, meaning: str) -> None:
        if self.line:
            self.end_line()
        if meaning == "li":
            self.bullet = "- "
        elif meaning != "block" and not self.bullet:
            self.gap = True
        if meaning in ("blockquote", "/blockquote"):
            self.quotes = max(0, self.quotes + (1 if meaning == "blockquote" else -1))
        elif meaning in ("pre", "/pre"):
            self.in_pre = meaning == "pre"

    def end_link(self) -> None:
        if self.link_from < 0:
            return
        words = " ".join("".join(self.line[self.link_from :]).split())
        if address_worth_saying(self.address, words):
            self.line.append(f" <{self.address}>" if words else f"<{self.address}>")
        self.address, self.link_from = "", -1

    def end_line(self, *, blank: bool = False) -> None:
        """Closes the line; an empty one only counts (as one blank line) if it was asked for."""
        text = "".join(self.line)
        text = text.rstrip() if self.in_pre else text.strip()
        if not self.in_pre and ("  " in text or not text.isprintable()):
            text = _SPACES.sub(" ", text)
        self.line = []
        if self.link_from >= 0:
            self.link_from = 0
        if not text:
            self.gap = self.gap or blank
            return
        quotes = min(self.quotes, _DEEPEST_QUOTE)
        if self.gap and self.lines:
            self.lines.append("> " * min(quotes, self.last_quotes))
        self.lines.append("> " * quotes + self.bullet + text)
        self.gap, self.bullet, self.last_quotes = False, "", quotes

    def whole(self) -> str:
        self.end_link()
        self.end_line()
        return "\n".join(self.lines)
