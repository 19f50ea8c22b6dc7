"""Networks as arrays: what they are (`arrays`), how they are built (`build`), what was seen of them (`observe`), files (`files`)."""

from kring.graph.compiled import keep_compiled

keep_compiled()  # before anything here loads Numba

from kring.graph.arrays import NO_TIME, Columns, Graph, Log  # noqa: E402

__all__ = ["NO_TIME", "Columns", "Graph", "Log"]
