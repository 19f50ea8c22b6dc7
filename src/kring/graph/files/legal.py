"""What may stand in a network file: ids and words in which every program can read them.

The rule: control characters (line ends and tabs apart; a carriage return counts as one) and halves of surrogate pairs, which XML forbids
and tables lose, are written as \\u0007 and the like; an id without any character as "(empty)". If two ids become the same by that, the
later one gets "~2", "~3"… All else, quotes, commas, line ends and emoji too, stands as it is.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from kring.graph.arrays import NO_TIME

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def legal(text: str) -> str:
    """The text, with what may not stand in a file written as \\u0007 and the like."""
    return _ILLEGAL.sub(lambda found: f"\\u{ord(found[0]):04X}", text)


def legal_ids(ids: Iterable[str]) -> list[str]:
    """Ids that may stand in a file, still different from each other."""
    written: dict[str, None] = {}
    for id in ids:
        name = start = legal(id) or "(empty)"
        times = 1
        while name in written:
            times += 1
            name = f"{start}~{times}"
        written[name] = None
    return list(written)


def written_time(at: int) -> str:
    """UTC microseconds as ISO 8601 in UTC; "" where not known."""
    if at == NO_TIME:
        return ""
    try:
        return (_EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return str(at)
