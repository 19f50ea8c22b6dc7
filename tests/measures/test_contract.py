"""What every measure owes: a name, a docstring in the common form, findings with a method, a naive twin, calm in the face of nothing."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import kring.measures
from kring.graph import Columns, Graph, Log
from kring.graph.logs import from_acts
from kring.measures import MEASURES, measure
from kring.schema import Finding
from measures import naive
from measures.made import woven
from measures.talk import columns

NOT_MEASURES = {
    "__init__",
    "answering",
    "apprentices",
    "bridging",
    "cells",
    "changes",
    "favours",
    "group_change",
    "group_words",
    "grouping",
    "helping",
    "labels",
    "lives",
    "paradox",
    "partitions",
    "passing_on",
    "reaching",
    "sampling",
    "saying",
    "signs",
    "spikes",
    "survival",
    "trust_survey",
    "turnover",
}
NOTHING = {
    "Graph": [
        woven([], 0, True),
        woven([], 1, False),
        woven([(0, 0)], 1, True),
        woven([], 30, True),
        woven([(0, 1)], 2, True),
        woven([], 12, True, observed=np.zeros(12, np.bool_)),
        woven([(0, 1)], 12, True, observed=np.ones(12, np.bool_)),
    ],
    "Log": [
        from_acts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), 0),
        from_acts(np.array([0]), np.array([1]), np.array([0]), 2),
        from_acts(np.arange(20), np.arange(20) + 1, np.zeros(20, np.int64), 21),
        from_acts(np.arange(20), np.arange(20) + 1, np.arange(20) * 86_400_000_000, 21),
        from_acts(np.tile(np.arange(20), 9), np.tile(np.arange(20) + 1, 9), np.arange(180) * 86_400_000_000, 21),
    ],
    "Columns": [
        columns(author=[]),
        columns(author=[-1]),
        columns(author=[0], question=[1], to_us=[1]),
        columns(author=range(30), by_us=[1] * 30),
    ],
}


def test_every_file_is_listed():
    files = {path.stem for path in Path(kring.measures.__file__).parent.glob("*.py")}
    assert files - NOT_MEASURES == set(MEASURES)
    assert list(MEASURES) == sorted(MEASURES)


@pytest.mark.parametrize("name", MEASURES)
def test_it_is_documented_in_the_common_form(name):
    function = measure(name)
    lines = inspect.getdoc(function).splitlines()
    assert function.__name__ == name
    assert lines[0].rstrip().endswith((".", "?"))
    words = [line.split()[0] for line in lines if line[:1].isupper() and "  " in line[:10]]
    assert words == [word for word in ("Takes", "Gives", "Costs", "Fails", "After") if word in words]
    assert {"Takes", "Gives", "Costs"} <= set(words)
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            assert parameter.default is None or parameter.default is parameter.empty, "an input is needed, or may be missing"
        else:
            assert parameter.kind is parameter.KEYWORD_ONLY
            assert f"`{parameter.name}`" in inspect.getdoc(function), f"{parameter.name} is not explained"


@pytest.mark.parametrize("name", MEASURES)
def test_it_has_a_naive_twin(name):
    assert callable(getattr(naive, name))


def inputs(name):
    first = next(iter(inspect.signature(measure(name)).parameters.values()))
    kind = first.annotation if isinstance(first.annotation, type) else {"Graph": Graph, "Columns": Columns, "Log": Log}[first.annotation]
    return NOTHING[kind.__name__]


@pytest.mark.parametrize("name", MEASURES)
def test_it_is_calm_and_says_what_it_did(name):
    names = set()
    for nothing in inputs(name):
        findings = measure(name)(nothing)
        names.add(tuple(f.name for f in findings if not f.by))
        assert findings
        for found in findings:
            assert isinstance(found, Finding)
            assert found.method
            assert found.value is not None or found.warning
            assert found.value is None or found.value == found.value
            assert (found.low is None and found.high is None) == (found.interval_of == "none")
            assert bool(found.rows_of) >= bool(found.rows)
            assert f"{found.name}" in inspect.getdoc(measure(name)), f"{found.name} is not in the docstring"
    assert len(names) == 1, "a measure gives findings of the same names whatever it is given"


def test_listing_measures_loads_nothing_heavy():
    code = "import sys, kring.measures; kring.measures.MEASURES; print([m for m in ('numba', 'numpy', 'igraph') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
