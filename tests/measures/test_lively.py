"""Every measure on a network in which much goes on: what it finds can be written down, and an interval holds its value."""

import inspect

import msgspec
import numpy as np
import pytest

from kring.graph.build import like
from kring.graph.logs import from_acts
from kring.measures import MEASURES, measure
from kring.schema import Finding
from measures.made import random_graph
from measures.talk import columns

PEOPLE, ACTS = 60, 900
DAY = 86_400_000_000


def lively(given_whole=True):
    """People of three clubs, a log of a year, and what they said."""
    draw = np.random.default_rng(5)
    club = np.array(["chess", "choir", "bees"], object)[np.arange(PEOPLE) % 3]
    opinion = np.array(["no", "yes"], object)[(draw.random(PEOPLE) < 0.3).astype(int)]
    signs = {"signs": np.sign(draw.normal(0.5, 1, 500)).astype(np.int8)}
    observed = {} if given_whole else {"observed": np.ones(PEOPLE, np.bool_)}
    at = np.sort(draw.integers(0, 365 * DAY, ACTS)) + 1_500_000_000_000_000
    source, target = draw.integers(0, PEOPLE, ACTS), draw.integers(0, PEOPLE, ACTS)
    graph = random_graph(PEOPLE, 500, 3, **signs, **observed)
    parent = np.where(draw.random(ACTS) < 0.7, draw.integers(0, np.maximum(np.arange(ACTS), 1)), -1)
    parent[0] = -1
    return {
        "graph": like(graph, labels={"club": club, "opinion": opinion}),
        "log": from_acts(source, target, at, PEOPLE),
        "posts": columns(
            author=draw.integers(0, PEOPLE, ACTS),
            at=at,
            parent=parent,
            question=parent < 0,
            answer=parent >= 0,
            accepted=draw.random(ACTS) < 0.1,
            to_us=draw.random(ACTS) < 0.2,
            by_us=draw.random(ACTS) < 0.1,
        ),
    }


@pytest.mark.parametrize("given_whole", [True, False])
@pytest.mark.parametrize("name", MEASURES)
def test_what_it_finds_can_be_written_down(name, given_whole):
    function = measure(name)
    parameters = inspect.signature(function).parameters
    inputs = lively(given_whole)
    arguments = [inputs.get(p.name) for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    options = {"label": "opinion"} if "label" in parameters else {}
    findings = function(*arguments, **options)
    assert msgspec.json.decode(msgspec.json.encode(findings), type=tuple[Finding, ...]) == findings
    for found in findings:
        if found.low is not None and found.value is not None:
            assert found.low <= found.value <= found.high or found.name.endswith("_null"), found
        assert found.value is None or found.value == found.value
        for row in found.row_ids:
            assert isinstance(row, int)
