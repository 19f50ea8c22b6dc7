"""Kring: the circle of people around an organisation, from conversations it owns or may read.

import kring
c = kring.open("our-circle")
c.import_("chat.zip")
c.measure("distances", kinds=("reply", "mention"), since="2024")
c.report()
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kring.kring import Circle, new, open

__all__ = ["Circle", "new", "open"]


def __getattr__(name: str) -> Any:
    # Opening a circle loads the database room; `import kring` alone must stay cheap.
    if name in __all__:
        from importlib import import_module

        return getattr(import_module("kring.kring"), name)
    raise AttributeError(f"module 'kring' has no attribute {name!r}")
