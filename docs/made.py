"""Writes afresh what stands in the docs and is made by a command; run by hand after a change in what a reader says of itself.

    .venv/bin/python docs/made.py

Such a part stands between two marks that no reader of the page sees:

    <!-- made by: kring sources --format markdown -->
    …
    <!-- end of what is made -->

`tests/docs/test_made.py` says when a page and its command differ.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE = re.compile(r"(<!-- made by: kring ([^\n]+) -->\n).*?(<!-- end of what is made -->)", re.DOTALL)


def said(words: str) -> str:
    """What kring says."""
    done = subprocess.run([sys.executable, "-m", "kring", *shlex.split(words)], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def renewed(page: str) -> str:
    """A page whose made parts are as their commands make them today."""
    return MADE.sub(lambda part: f"{part[1]}\n{said(part[2])}\n{part[3]}", page)


if __name__ == "__main__":
    for file in PAGES:
        old = file.read_text(encoding="utf-8")
        if (new := renewed(old)) != old:
            file.write_text(new, encoding="utf-8")
            sys.stdout.write(f"renewed: {file.relative_to(ROOT)}\n")
