"""Where local times lie in UTC: a zone by its name or offset, or none, when local time is taken for UTC."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kring.errors import UsageError

_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class Zone:
    """Turns local microseconds since 1970 into UTC ones; remembers the offset of each day that has one only."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._offsets: dict[int, int] = {}
        self._fixed: int | None = 0 if name in ("", "UTC", "Z") else _offset_of(name)
        self._zone = _zone(name) if self._fixed is None else None

    def offset_s(self, local: int) -> int:
        """Seconds from UTC at a local time; in the hour that comes twice in autumn, those of summer."""
        if self._zone is None:
            return self._fixed or 0
        day = local // _DAY
        if (known := self._offsets.get(day)) is not None:
            return known
        if len(self._offsets) > 50_000:
            self._offsets.clear()
        offset, begins, ends = (self._looked_up(each) for each in (local, day * _DAY, (day + 1) * _DAY))
        if begins == ends:
            self._offsets[day] = offset
        return offset

    def _looked_up(self, local: int) -> int:
        offset = (_EPOCH + timedelta(microseconds=local)).replace(tzinfo=self._zone).utcoffset() or timedelta()
        return int(offset.total_seconds())


def _offset_of(name: str) -> int | None:
    found = re.fullmatch(r"(?:UTC)?([+-])(\d\d):?(\d\d)", name)
    return int(f"{found[1]}1") * (int(found[2]) * 3600 + int(found[3]) * 60) if found else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise UsageError(f"The time zone “{name}” is not known.", next="Give one as Europe/Amsterdam or +02:00.") from None
