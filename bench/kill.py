"""Kills an import a thousand times at random moments: each store must open, and the next import complete it. The gate does twenty of them.

python bench/kill.py [--kills 1000] [--people 50] [--seed 1]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from kring import town

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = town.build(Path(folder) / "town", people=asked.people)
        print(f"importing {made.posts:,} posts, killed {asked.kills:,} times", flush=True)
        return watch(made.exports, asked.kills, asked.seed)


def watch(exports: Path, kills: int, seed: int) -> int:
    """Runs the killer and counts; gives 1 if anything was wrong."""
    command = [sys.executable, str(ROOT / "tests" / "store" / "killing.py"), str(exports), str(kills), str(seed)]
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))
    done = in_time = in_the_middle = bad = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}) as process:
        assert process.stdout is not None
        next(process.stdout)
        for line in process.stdout:
            told = json.loads(line)
            done += 1
            in_time += told["killed"]
            in_the_middle += "unfinished imports" in told["wrong"]
            if told["differs"] or told["wrong_after"] or set(told["wrong"]) - {"unfinished imports"}:
                bad += 1
                print(f"kill {done}: {line}", flush=True)
            if not done % 50:
                print(f"{done:,} of {kills:,}", flush=True)
    print(f"{done:,} imports, {in_time:,} killed before their end, {in_the_middle:,} of them half kept; {bad:,} not whole afterwards")
    return int(bad > 0 or done < kills or process.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
