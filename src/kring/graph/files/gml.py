"""GML: nested lists of keys and values.

Documented in Himsolt 1997, "GML: A portable Graph File Format". Strings hold characters as they are or as entities (&quot; &#233;). Keys
that are not known are attributes; lists within a node (graphics) are left out.
"""

import html
import re
from collections.abc import Iterator

from kring.graph.files.gathered import Complaints, Ties, instant, weighed
from kring.graph.files.streams import Open, text_lines

_TOKEN = re.compile(r'\s*(?:#.*|"((?:[^"])*)"|([\[\]])|([^\s\[\]"]+)|("))')
_LONGEST_STRING = 1 << 20
Value = str | float | int
Element = dict[str, Value]


def read_gml(open: Open, encoding: str, complaints: Complaints) -> tuple[Ties, bool]:
    """The ties, and whether they are directed: not, unless the file says so."""
    ties = Ties()
    directed = False
    for number, kind, element in _elements(open, encoding, complaints):
        if kind == "graph":
            directed = element.get("directed", 0) == 1
        elif kind == "node":
            _node(element, number, ties, complaints)
        elif kind == "edge":
            _edge(element, number, ties, complaints)
    return ties, directed


def _node(element: Element, number: int, ties: Ties, complaints: Complaints) -> None:
    if "id" not in element:
        complaints.add(number, "A node has no id.", "It is left out.")
        return
    id = _id(element.pop("id"))
    ties.node(id)
    for name, value in element.items():
        ties.label(id, name, value)


def _edge(element: Element, number: int, ties: Ties, complaints: Complaints) -> None:
    if "source" not in element or "target" not in element:
        complaints.add(number, "A tie lacks its source or its target.", "It is left out.")
        return
    at = element.get("time", element.get("timestamp"))
    weight, sign = weighed(_number(element, "weight", "value"), _number(element, "rating"), _number(element, "sign"))
    ties.tie(_id(element["source"]), _id(element["target"]), weight, sign, None if at is None else instant(str(at)))


def _number(element: Element, *names: str) -> float | None:
    return next((float(value) for name in names if isinstance(value := element.get(name), int | float)), None)


def _id(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _elements(open: Open, encoding: str, complaints: Complaints) -> Iterator[tuple[int, str, Element]]:
    """Each node, edge and graph with the line where it ends and its own plain values; a graph comes when it is known to be one."""
    path: list[tuple[str, Element]] = []
    key = ""
    number = 0
    for number, token, plain in _tokens(open, encoding, complaints):
        if plain and token == "[":
            path.append((key.lower(), {}))
            key = ""
        elif plain and token == "]":
            if not path:
                complaints.add(number, "A bracket is closed that was not opened.")
                continue
            kind, element = path.pop()
            if kind == "graph" or (path and path[-1][0] == "graph"):
                yield number, kind, element
            key = ""
        elif not key:
            key = token
        else:
            value = _value(token) if plain else html.unescape(token)
            if path:
                path[-1][1].setdefault(key.lower() if key.lower() in ("id", "source", "target", "directed") else key, value)
            key = ""
    if path:
        complaints.add(number, "The file ends in the middle: a bracket is not closed. What came before is kept.", "Fetch the file again.")
        if path[0][0] == "graph":
            yield number, "graph", path[0][1]


def _tokens(open: Open, encoding: str, complaints: Complaints) -> Iterator[tuple[int, str, bool]]:
    """Line number and token; the last says that it is not a string. A string may go over lines."""
    held = ""
    for number, line in text_lines(open, encoding):
        if line is None:
            complaints.add(number, "The line is longer than 64 MiB.", kind="too-large")
            continue
        text = f"{held}\n{line}" if held else line
        held = ""
        at = 0
        while found := _TOKEN.match(text, at):
            at = found.end()
            string, bracket, word, opened = found.groups()
            if opened:
                held = text[found.start() :].lstrip()
                if len(held) > _LONGEST_STRING:
                    complaints.add(number, "A string is opened and not closed.", raw=held.encode()[:100])
                    held = ""
                break
            if string is not None:
                yield number, string, False
            elif bracket or word:
                yield number, bracket or word, True
    if held:
        complaints.add(number, "The file ends in the middle of a string.", raw=held.encode()[:100])


def _value(token: str) -> Value:
    try:
        return int(token)
    except ValueError:
        pass
    try:
        return float(token)
    except ValueError:
        return token
