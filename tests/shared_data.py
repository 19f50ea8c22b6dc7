"""Where the data that nobody here made lies: beside the repository, never in it."""

import os
from pathlib import Path

import pytest


def shared(*parts: str) -> Path:
    """A path under shared/data; skips the test with the reason where it is absent."""
    root = Path(os.environ.get("KRING_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    path = root.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"shared data is not here: {'/'.join(parts)}")
    return path
