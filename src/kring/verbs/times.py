"""Times as people write them on a command line ("2024", "2024-03", "2024-03-05T10:00") and as they read them back."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kring.errors import UsageError

_FORM = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?)?)?(Z)?")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")


def zone_of(name: str) -> tzinfo:
    """The zone of that IANA name or offset ("Europe/Amsterdam", "+02:00", "UTC").

    Fails   UsageError if there is no such zone.
    """
    if found := _OFFSET.fullmatch(name):
        minutes = int(found[2]) * 60 + int(found[3])
        if minutes >= 24 * 60:
            raise UsageError(f'"{name}" is not a time zone.', next='Give one like "Europe/Amsterdam" or "+02:00".')
        from datetime import timezone

        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f'"{name}" is not a time zone.', next='Give one like "Europe/Amsterdam" or "+02:00".') from None


def instant(text: str, *, end: bool = False, zone: str = "") -> int:
    """UTC microseconds of the start of what is written, or with `end` of the moment after it ("2024" ends where 2025 begins).

    Fails   UsageError if it can't be understood.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UsageError(f'"{text}" is not a date.', next='Write "2024", "2024-03", "2024-03-05" or "2024-03-05T10:00".')
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    try:
        start = datetime(year or 1, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC if found[7] else zone_of(zone))
        if end and hour is None:
            start = _after(start, month, day)
    except (ValueError, OverflowError):
        raise UsageError(f'"{text}" is not a date.', next="Check the month and the day.") from None
    return int(start.timestamp() * 1_000_000)


def _after(start: datetime, month: int | None, day: int | None) -> datetime:
    if day is not None:
        return start + timedelta(days=1)
    if month is not None:
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.replace(year=start.year + 1)


def written(at: int | None, offset_s: int | None = None) -> str:
    """A moment for people: local time where it is known, else UTC; "" for none."""
    if at is None:
        return ""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at, seconds=offset_s or 0)
    return moment.strftime("%Y-%m-%d %H:%M")
