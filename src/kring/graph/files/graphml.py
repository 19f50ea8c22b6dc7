"""GraphML: keys, nodes, edges and their data.

Documented at http://graphml.graphdrawing.org/primer/graphml-primer.html. Hyperedges and ports are left out; of nested graphs all
nodes and ties are taken.
"""

from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from kring.graph.files.elements import Element, elements, value_of, written_value
from kring.graph.files.gathered import Complaints, Ties
from kring.graph.files.leaving import Attribute, Leaving
from kring.graph.files.streams import Open
from kring.graph.files.tied import Tied

_TEXT = {"\r": "&#13;"}


def read_graphml(open: Open, complaints: Complaints) -> tuple[Ties, bool]:
    """The ties, and whether they are directed: any of them, by `edgedefault` or by its own word."""
    ties = Ties()
    keys: dict[str, tuple[str, str]] = {}
    defaults: dict[str, dict[str, object]] = {"node": {}, "edge": {}}
    default_directed, any_directed = False, False
    nodes: list[str] = []
    tie = Tied()
    key = ""
    for element in elements(open, complaints):
        starts, name, attributes, text, line = element
        if name == "graph" and starts:
            default_directed = attributes.get("edgedefault") == "directed"
        elif name == "key" and starts:
            key = attributes.get("id", "")
            keys[key] = (attributes.get("attr.name", key), attributes.get("attr.type", "string"))
            domain = attributes.get("for", "all")
        elif name == "default" and not starts:
            for each in ("node", "edge") if domain == "all" else (domain,):
                defaults.setdefault(each, {})[keys[key][0]] = value_of(text, keys[key][1])
        elif name == "node":
            _node(element, nodes, ties, defaults["node"], complaints)
        elif name == "edge" and starts:
            tie = Tied(attributes, dict(defaults["edge"]))
        elif name == "edge":
            directed = {"true": True, "false": False}.get(tie.attributes.get("directed", ""), default_directed)
            if tie.into(ties, line, complaints, both_ways=not directed):
                any_directed |= directed
            tie = Tied()
        elif name == "data" and starts:
            key = attributes.get("key", "")
        elif name == "data":
            title, kind = keys.get(key, (key, "string"))
            if tie.attributes:
                tie.values[title] = value_of(text, kind)
            elif nodes and nodes[-1]:
                ties.label(nodes[-1], title, value_of(text, kind))
    return ties, any_directed or (default_directed and not len(ties.source))


def _node(element: Element, nodes: list[str], ties: Ties, defaults: dict[str, object], complaints: Complaints) -> None:
    if not element.starts:
        if nodes:
            nodes.pop()
        return
    nodes.append(element.attributes.get("id", ""))
    if not nodes[-1]:
        complaints.add(element.line, "A node has no id.", "It is left out.")
        return
    ties.node(nodes[-1])
    for name, value in defaults.items():
        ties.label(nodes[-1], name, value)


def write_graphml(out: Leaving, stream: BinaryIO) -> None:
    """GraphML as Gephi, igraph and NetworkX read it."""

    def put(text: str) -> None:
        stream.write(text.encode())

    put('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    put('  <key id="label" for="node" attr.name="label" attr.type="string"/>\n')
    for domain, attributes in (("node", out.nodes), ("edge", out.ties)):
        for k, attribute in enumerate(attributes):
            name = attribute.name.lower() if domain == "edge" else attribute.name
            put(f'  <key id="{domain[0]}{k}" for="{domain}" attr.name={quoteattr(name)} attr.type="{attribute.kind}"/>\n')
    put(f'  <graph edgedefault="{"directed" if out.directed else "undirected"}">\n')
    for k, (id, label) in enumerate(zip(out.ids, out.labels)):
        put(f'    <node id={quoteattr(id)}><data key="label">{escape(label, _TEXT)}</data>{_data("n", out.nodes, k)}</node>\n')
    for k, (a, b) in enumerate(zip(out.source.tolist(), out.target.tolist())):
        put(f"    <edge source={quoteattr(out.ids[a])} target={quoteattr(out.ids[b])}>{_data('e', out.ties, k)}</edge>\n")
    put("  </graph>\n</graphml>\n")


def _data(letter: str, attributes: list[Attribute], row: int) -> str:
    there = [(k, attribute.values[row]) for k, attribute in enumerate(attributes) if attribute.values[row] is not None]
    return "".join(f'<data key="{letter}{k}">{escape(written_value(value), _TEXT)}</data>' for k, value in there)
