"""The elements of an XML file as they come, without ever holding the file, and harmless whatever stands in it.

Entities that a file declares for itself are refused (so no swelling bomb can go off) and nothing outside is ever fetched. Where the XML
breaks off, what came before is kept.
"""

from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from kring.graph.files.gathered import Complaints
from kring.graph.files.streams import Open

_CHUNK = 64 * 1024
_LONGEST_TEXT = 1 << 20


class Element(NamedTuple):
    """The start or the end of an element; names without their namespace. The text stands at the end."""

    starts: bool
    name: str
    attributes: dict[str, str]
    text: str
    line: int


class _Declared(Exception):
    """The file declares an entity."""


def elements(open: Open, complaints: Complaints) -> Iterator[Element]:
    """Starts and ends of all elements in order."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    ready: list[Element] = []
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        ready.append(
            Element(True, name.rpartition(":")[2], {k.rpartition(":")[2]: v for k, v in attributes.items()}, "", parser.CurrentLineNumber)
        )

    def end(name: str) -> None:
        ready.append(Element(False, name.rpartition(":")[2], {}, "".join(text), parser.CurrentLineNumber))
        text.clear()

    def characters(piece: str) -> None:
        if sum(map(len, text)) < _LONGEST_TEXT:
            text.append(piece)

    def declared(*_: object) -> None:
        raise _Declared

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.EntityDeclHandler = declared
    with open() as stream:
        more = True
        while more:
            chunk = stream.read(_CHUNK)
            more = bool(chunk)
            try:
                parser.Parse(chunk, not more)
            except _Declared:
                why = "The file declares entities of its own, as files do that swell without end; nothing after that is read."
                complaints.add(parser.CurrentLineNumber, why, "Save it again from the program that made it.", kind="hostile")
                more = False
            except expat.ExpatError as error:
                why = f"The XML breaks off or is damaged here ({expat.errors.messages[error.code]}); what came before is kept."
                complaints.add(error.lineno, why, "Fetch or save the file again.")
                more = False
            yield from ready
            ready.clear()


def value_of(text: str, kind: str) -> object:
    """A written value as its type says ("long", "double", "boolean" …); as text where it doesn't fit."""
    try:
        if kind in ("int", "integer", "long", "short", "byte"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
    except ValueError:
        return text
    if kind == "boolean":
        return text.strip().lower() in ("true", "1")
    return text


def kind_of(values: list[object]) -> str:
    """The type that holds all these values: boolean, long, double or string."""
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    if all(isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 for value in values):
        return "long"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "double"
    return "string"


def written_value(value: object) -> str:
    """A value as XML files write it."""
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)
