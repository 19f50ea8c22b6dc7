"""Networks as arrays: what they are (`arrays`), how they are built (`build`), how they come from and go to files (`files`)."""

from kring.graph.arrays import NO_TIME, Columns, Graph, Log

__all__ = ["NO_TIME", "Columns", "Graph", "Log"]
