"""A time as a network writes it (ISO 8601), made UTC; and which times are believed at all."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH = datetime(1970, 1, 1)
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
        at = (time - (_EPOCH if offset is not None else _LOCAL_EPOCH)) // _MICROSECOND
    except (ValueError, OverflowError):
        return None
    if not EARLIEST <= at < LATEST:
        return None
    seconds = int(offset.total_seconds()) if offset else 0
    return Moment(at, seconds, "" if offset is None else zone_of(seconds))


def counted(number: object, per_second: int = 1) -> int | None:
    """UTC microseconds of a time counted from 1970 in seconds (1000 for milliseconds), as a number or in digits ("1577191380.000200").

    None if it is none, or not a believable one.
    """
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        return None
    whole, _, rest = str(number).strip().partition(".") if isinstance(number, str) else (number, "", "")
    try:
        at = int(float(whole) * 1_000_000 / per_second) if isinstance(whole, float) else int(whole) * 1_000_000 // per_second
    except (ValueError, OverflowError):
        return None
    if rest.isdecimal() and rest.isascii() and per_second == 1:
        at += int(rest[:6].ljust(6, "0"))
    return at if EARLIEST <= at < LATEST else None


def local(written: object) -> int | None:
    """A local time without a zone ("2024-03-01T10:00:00"), in microseconds as if it were UTC; None if it is none, or not a believable one."""
    found = moment(written)
    return found.at + found.offset_s * 1_000_000 if found else None


def zone_of(seconds: int) -> str:
    """How an offset from UTC is written: "+02:00", and "UTC" for none."""
    if not seconds:
        return "UTC"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"
