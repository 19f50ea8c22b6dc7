"""Do people with many ties have ties with people who have many?"""

from kring.graph.arrays import Graph
from kring.graph.build import degrees, sources_of, transpose, undirected
from kring.graph.observe import observed_part
from kring.measures.saying import unsaid
from kring.schema import Finding

_PAPER = "Newman 2002, Assortative mixing in networks; directed: Newman 2003, Mixing patterns in networks"


def degree_assortativity(graph: Graph, *, directed: bool = False) -> tuple[Finding, ...]:
    """Do people with many ties have ties with people who have many? The correlation of the number of ties at both ends of a tie.

    Takes   a graph.
            `directed`: ties given by the giver with ties received by the receiver; otherwise direction is left out.
    Gives   degree_assortativity, -1 to 1; above 0 the busy know the busy.
    Costs   O(m) time, vectorised; 24 bytes an arc.
    Fails   never; without ties, or where all have equally many, the value is None with a warning.
    After   Newman 2002. No interval: it is the figure of this network, and ties of one person are not independent draws.
    """
    part = observed_part(graph)
    if part.graph is None:
        return unsaid(("degree_assortativity",), part.warning, boundary=part.boundary, cut=graph.cut)
    seen = part.graph if directed else undirected(part.graph)
    value = _correlation(seen)
    if value is None:
        why = "everyone at the end of a tie has equally many" if seen.n_arcs else "there are no ties"
        return unsaid(("degree_assortativity",), why, boundary=part.boundary, cut=graph.cut)
    return (
        Finding(
            name="degree_assortativity",
            value=value,
            n=seen.n_ties,
            n_of="ties",
            unit="correlation",
            method=f"exact: Pearson correlation over {'directed' if seen.directed else 'undirected'} ties; self-ties left out",
            paper=_PAPER,
            warning=part.warning,
            boundary=part.boundary,
            cut=graph.cut,
        ),
    )


def _correlation(graph: Graph) -> float | None:
    if not graph.n_arcs:
        return None
    there = degrees(graph).astype(float)[sources_of(graph)]
    back = degrees(transpose(graph)).astype(float)[graph.targets]
    there -= there.mean()
    back -= back.mean()
    scale = float((there @ there) * (back @ back)) ** 0.5
    return float(there @ back) / scale if scale > 0 else None
