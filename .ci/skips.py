"""Fails if a test was skipped for a reason that docs/skips.txt does not list: `skips.py LOG SKIPS`."""

import re
import sys
from pathlib import Path

log, listed = (Path(each).read_text() for each in sys.argv[1:3])
allowed = [line.split("\t")[-1].strip() for line in listed.splitlines() if line.strip() and not line.startswith("#")]
skipped = re.findall(r"^SKIPPED \[\d+\] ([^:]+:?\d*): (.*)$", log, re.MULTILINE)
unlisted = [(where, why) for where, why in skipped if not any(reason in why for reason in allowed)]
for where, why in unlisted:
    sys.stdout.write(f"skipped, and not listed in docs/skips.txt: {where}: {why}\n")
sys.exit(1 if unlisted else 0)
