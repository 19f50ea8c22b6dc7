"""Networks as arrays: what they are (`arrays`), how they are built (`build`), what was seen of them (`observe`), files (`files`)."""

from kring.graph.arrays import NO_TIME, Columns, Graph, Log

__all__ = ["NO_TIME", "Columns", "Graph", "Log"]
