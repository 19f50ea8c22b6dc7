"""Sizes of memory as people write them, and what a program may use."""

import pytest

from kring.errors import UsageError
from kring.graph import memory


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("8G", 8 << 30), ("500 MiB", 500 << 20), ("2gb", 2 << 30), ("1.5g", 3 << 29), ("0.5T", 1 << 39)]
)
def test_sizes(text, size):
    assert memory.bytes_of(text) == size


@pytest.mark.parametrize("text", ["lots", "-1G", "8 G B", "10", "1M", "1e9", "G"])
def test_what_is_no_size_or_too_small(text):
    with pytest.raises(UsageError, match="no size"):
        memory.bytes_of(text)


def test_what_is_wanted_counts_else_a_part_of_what_is_free_and_allowed(monkeypatch):
    assert memory.to_work_with(1 << 30) == 1 << 30
    monkeypatch.setattr(memory, "_free", lambda: 10 << 30)
    assert memory.to_work_with() == int(0.6 * (10 << 30)) or memory._allowed() < 10 << 30
    monkeypatch.setattr(memory, "_allowed", lambda: 1 << 30)
    assert memory.to_work_with() == int(0.6 * (1 << 30))
    monkeypatch.setattr(memory, "_allowed", lambda: 1)
    assert memory.to_work_with() == 64 << 20
