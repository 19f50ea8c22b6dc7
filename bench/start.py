"""How fast Kring starts, and how much room it takes once installed.

    python bench/start.py [--times 15] [--installed] [--work DIR]

`--installed` also makes a fresh environment with `pip install .` and weighs it, which takes a minute or two.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from functools import partial
from importlib.metadata import Distribution, distributions
from pathlib import Path

from timed import MIB, machine, medians, run, table

ROOT = Path(__file__).resolve().parents[1]
HELP_S, INSTALLED_MIB = 0.3, 500


def main() -> None:
    options = _options()
    print(machine(), flush=True)
    kring = Path(sys.executable).parent / "kring"
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        if options.installed:
            kring = _installed(Path(folder) / "venv")
        _starts(kring, Path(folder) / "circle", options.times)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--installed", action="store_true", help="weigh a fresh installation too")
    parser.add_argument("--work", type=Path, default=None, help="where to put what is made; removed afterwards")
    return parser.parse_args()


def _starts(kring: Path, circle: Path, times: int) -> None:
    run([kring, "new", circle])
    python = kring.parent / "python"
    ways: dict[str, tuple[str | Path, ...]] = {
        "python -c pass": (python, "-c", "pass"),
        'python -c "import kring"': (python, "-c", "import kring"),
        "kring --help": (kring, "--help"),
        "kring import --help": (kring, "import", "--help"),
        "kring doctor": (kring, "doctor", "--circle", circle),
    }
    done = medians(times, *(partial(run, command) for command in ways.values()))
    print(f"Start, medians of {times} (target for `kring --help`: ≤ {HELP_S} s):\n")
    table(
        ["command", "s", "CPU s", "peak MiB"],
        [(n, f"{r.wall_s:.2f}", f"{r.cpu_s:.2f}", f"{r.rss / MIB:.0f}") for n, r in zip(ways, done, strict=True)],
    )


def _installed(folder: Path) -> Path:
    """Makes a fresh environment, says what it weighs, and gives its `kring`."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    before = _bytes(folder)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ROOT], check=True)
    kring = folder / "bin" / "kring"
    run([kring, "--help"])
    weights = Counter({found.name: _weight(found) for found in distributions(path=[str(next(folder.glob("lib/python*/site-packages")))])})
    tools = weights.pop("pip", 0) + weights.pop("setuptools", 0)
    total = _bytes(folder)
    print(f"Installed by `pip install .` in a fresh environment (target ≤ {INSTALLED_MIB} MiB):\n")
    rows = [("all of the environment", f"{total / MIB:.0f}"), ("without pip and setuptools", f"{(total - tools) / MIB:.0f}")]
    rows += [
        ("what Kring brought", f"{(total - before) / MIB:.0f}"),
        *((name, f"{size / MIB:.1f}") for name, size in weights.most_common(10)),
    ]
    table(["what", "MiB"], rows)
    return kring


def _bytes(folder: Path) -> int:
    return sum(512 * file.lstat().st_blocks for file in folder.rglob("*"))


def _weight(found: Distribution) -> int:
    """What a package takes, its compiled files and libraries beside it included."""
    return sum(512 * path.lstat().st_blocks for file in found.files or () if (path := Path(str(file.locate()))).is_file())


if __name__ == "__main__":
    main()
