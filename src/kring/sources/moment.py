"""A time as a network writes it (ISO 8601), made UTC; and which times are believed at all."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
EARLIEST, LATEST = 31_536_000_000_000, 4_102_444_800_000_000
"""1971-01-01 and 2100-01-01 UTC, in microseconds: outside of these a clock was wrong, or a file is broken."""


class Moment(NamedTuple):
    """UTC microseconds, the seconds that lead back to the local time as written, and the zone as known ("" where nobody said)."""

    at: int
    offset_s: int
    zone: str


def moment(written: object) -> Moment | None:
    """The moment that an ISO 8601 time means; None if it is none, or not a believable one. Without a zone it is taken for UTC, zone ""."""
    if not isinstance(written, str):
        return None
    try:
        time = datetime.fromisoformat(written)
        offset = time.utcoffset()
        at = ((time if offset is not None else time.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None
    if not EARLIEST <= at < LATEST:
        return None
    seconds = int(offset.total_seconds()) if offset else 0
    return Moment(at, seconds, "" if offset is None else "UTC" if not seconds else _zone(seconds))


def _zone(seconds: int) -> str:
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"
