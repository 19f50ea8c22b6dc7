"""GEXF, the form of Gephi: nodes, edges, their attributes.

Documented at https://gexf.net/schema.html (1.1 to 1.3). Colours, sizes and positions are left out; of nested nodes all are taken; of what
changes over time, the first value.
"""

from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from kring.graph.files.elements import Element, elements, value_of, written_value
from kring.graph.files.gathered import Complaints, Ties
from kring.graph.files.leaving import Attribute, Leaving
from kring.graph.files.streams import Open
from kring.graph.files.tied import Tied


class _Attributes:
    """What the file declares of its attributes: title, type and default by class and id."""

    def __init__(self) -> None:
        self.titles: dict[tuple[str, str], tuple[str, str]] = {}
        self.defaults: dict[str, dict[str, object]] = {"node": {}, "edge": {}}
        self.kind, self.id = "node", ""

    def see(self, element: Element) -> None:
        if element.name == "attributes" and element.starts:
            self.kind = element.attributes.get("class", "node")
        elif element.name == "attribute" and element.starts:
            self.id = element.attributes.get("id", "")
            self.titles[self.kind, self.id] = (element.attributes.get("title", self.id), element.attributes.get("type", "string"))
        elif element.name == "default" and not element.starts:
            title, kind = self.titles.get((self.kind, self.id), (self.id, "string"))
            self.defaults.setdefault(self.kind, {})[title] = value_of(element.text, kind)

    def value(self, kind: str, attributes: dict[str, str]) -> tuple[str, object]:
        id = attributes.get("for", attributes.get("id", ""))
        title, of = self.titles.get((kind, id), (id, "string"))
        return title, value_of(attributes.get("value", ""), of)


def read_gexf(open: Open, complaints: Complaints) -> tuple[Ties, bool]:
    """The ties, and whether any of them is directed: by `defaultedgetype` or by its own word; not, where neither is said."""
    ties, declared, tie = Ties(), _Attributes(), Tied()
    nodes: list[str] = []
    default, any_directed = "undirected", False
    for element in elements(open, complaints):
        starts, name, attributes, _, line = element
        if name == "graph" and starts:
            default = attributes.get("defaultedgetype", default)
        elif name in ("attributes", "attribute", "default"):
            declared.see(element)
        elif name == "node":
            _node(element, nodes, ties, declared, complaints)
        elif name == "edge" and starts:
            tie = Tied(attributes, dict(declared.defaults["edge"]))
        elif name == "edge":
            directed = tie.attributes.get("type", default) == "directed"
            any_directed |= tie.into(ties, line, complaints, both_ways=not directed) and directed
            tie = Tied()
        elif name == "attvalue" and starts:
            title, value = declared.value("edge" if tie.attributes else "node", attributes)
            if tie.attributes:
                tie.values.setdefault(title, value)
            elif nodes and nodes[-1]:
                ties.label(nodes[-1], title, value)
    return ties, any_directed or (default == "directed" and not len(ties.source))


def _node(element: Element, nodes: list[str], ties: Ties, declared: _Attributes, complaints: Complaints) -> None:
    if not element.starts:
        if nodes:
            nodes.pop()
        return
    nodes.append(element.attributes.get("id", ""))
    if not nodes[-1]:
        complaints.add(element.line, "A node has no id.", "It is left out.")
        return
    ties.node(nodes[-1])
    for name, value in declared.defaults["node"].items():
        ties.label(nodes[-1], name, value)
    if "label" in element.attributes:
        ties.label(nodes[-1], "label", element.attributes["label"])


def write_gexf(out: Leaving, stream: BinaryIO) -> None:
    """GEXF 1.2, which all versions of Gephi and NetworkX read."""

    def put(text: str) -> None:
        stream.write(text.encode())

    weights = next((each.values for each in out.ties if each.name == "Weight"), None)
    rest = [each for each in out.ties if each.name != "Weight"]
    way = "directed" if out.directed else "undirected"
    put('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
    put(f'  <meta><creator>Kring</creator></meta>\n  <graph defaultedgetype="{way}" mode="static">\n')
    for kind, attributes in (("node", out.nodes), ("edge", rest)):
        if attributes:
            put(f'    <attributes class="{kind}">\n')
            for k, attribute in enumerate(attributes):
                put(f'      <attribute id="{k}" title={quoteattr(attribute.name)} type="{attribute.kind}"/>\n')
            put("    </attributes>\n")
    put("    <nodes>\n")
    for k, (id, label) in enumerate(zip(out.ids, out.labels)):
        put(f"      <node id={quoteattr(id)} label={quoteattr(label)}>{_values(out.nodes, k)}</node>\n")
    put("    </nodes>\n    <edges>\n")
    for k, (a, b) in enumerate(zip(out.source.tolist(), out.target.tolist())):
        weight = "" if weights is None else f' weight="{weights[k]}"'
        put(f'      <edge id="{k}" source={quoteattr(out.ids[a])} target={quoteattr(out.ids[b])}{weight}>{_values(rest, k)}</edge>\n')
    put("    </edges>\n  </graph>\n</gexf>\n")


def _values(attributes: list[Attribute], row: int) -> str:
    there = [(k, attribute.values[row]) for k, attribute in enumerate(attributes) if attribute.values[row] is not None]
    if not there:
        return ""
    return "<attvalues>" + "".join(f'<attvalue for="{k}" value={quoteattr(written_value(value))}/>' for k, value in there) + "</attvalues>"
