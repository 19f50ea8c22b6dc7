"""`kill -9` at any moment of an import leaves a store that opens, and the next import completes it."""

import json
import subprocess
import sys

from circles import ROOT, environment, town

KILLS = 20


def test_an_import_killed_at_random_moments_is_completed_by_the_next():
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "store" / "killing.py", town(50) / "exports", str(KILLS), "7"],
        capture_output=True,
        text=True,
        env=environment(PYTHONPATH=f"{ROOT / 'src'}:{ROOT / 'tests'}", PYTHONWARNINGS="default"),
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, *each = map(json.loads, done.stdout.splitlines())
    assert first["same_twice"]
    assert first["batches"] >= 8
    assert len(each) == KILLS
    assert sum(one["killed"] for one in each) >= KILLS // 2, "too few were killed before they were done"
    assert sum(bool(one["wrong"]) for one in each) >= KILLS // 4, "too few were killed in the middle"
    for one in each:
        assert set(one["wrong"]) <= {"unfinished imports"}, one
        assert one["differs"] == [], one
        assert one["wrong_after"] == [], one
