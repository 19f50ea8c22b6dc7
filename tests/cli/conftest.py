"""A circle that holds a small town, to look at and to change."""

import pytest

import circles


@pytest.fixture(scope="session")
def shown(tmp_path_factory):
    """The town's circle for tests that only look."""
    return circles.circle_of(circles.town(), tmp_path_factory.mktemp("shown") / "circle")


@pytest.fixture
def own(tmp_path):
    """A copy of it for tests that change something."""
    return circles.circle_of(circles.town(), tmp_path / "circle")


@pytest.fixture
def empty(tmp_path):
    """A circle with nothing in it."""
    assert circles.typed("new", tmp_path / "empty").code == 0
    return tmp_path / "empty"


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    """No setting of whoever runs the tests is heard."""
    for name in ("KRING_CIRCLE", "KRING_ZONE", "KRING_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
