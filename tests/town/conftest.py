"""One ordinary town for all tests that only look at it."""

import pytest

from kring import town


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    town.build(folder, people=400)
    return folder
