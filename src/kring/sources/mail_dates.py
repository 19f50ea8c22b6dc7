"""When a mail was written: the date forms of forty years, right and mangled, as one instant and the local time it was written in."""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from kring.sources.moment import EARLIEST, LATEST
from kring.sources.zones import Zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_COMMENT = re.compile(r"\((?:[^()]++|\([^()]*+\))*+\)?")
_TIME = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d{1,9})?\s*([AaPp]\.?[Mm]\.?(?!\w))?"
_DAY_FIRST = re.compile(rf"(?:[^\W\d]+\.?\s*,?\s*)?(\d{{1,2}})[\s.-]+([^\W\d]{{3,12}})[\s.,-]+(\d{{2,4}})[\s,T]+{_TIME}\s*(.*)")
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d]{{2,12}}\.?,?\s+)?([^\W\d]{{3,12}})\.?\s+(\d{{1,2}}),?\s+(?:(\d{{4}}),?\s+)?{_TIME}\s*([A-Za-z+-][\w+:-]{{0,9}})?\s*(\d{{4}}\b)?\s*(.*)"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})[T\s]+{_TIME}\s*(.*)")
_OFFSET = re.compile(r"(?:GMT|UTC?)?\s*([+-])(\d{1,2}):?(\d{2})\b", re.IGNORECASE)
_ZONE_NAME = re.compile(r"[A-Za-z]{1,5}\b")

_MONTHS = {name: number for number, name in enumerate(re.findall(r"\w+", "jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_MONTHS |= {"mrt": 3, "maa": 3, "mär": 3, "mae": 3, "mei": 5, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "avr": 4, "aoû": 8, "déc": 12}
"""English is the rule (RFC 5322); some senders write their own language's months."""

_HOUR = 3600
_ZONES = {"gmt": 0, "ut": 0, "utc": 0, "z": 0} | {
    name: hours * _HOUR
    for hours, names in {
        -8: "pst",
        -7: "pdt mst",
        -6: "mdt cst",
        -5: "cdt est",
        -4: "edt",
        0: "wet",
        1: "west cet met mez",
        2: "cest mest mesz eet",
        3: "eest msk",
        9: "jst",
    }.items()
    for name in names.split()
}
"""RFC 5322, section 4.3, and those that can mean one thing only. Other letters ("BST", "IST", one letter) say nothing: no zone is known."""


class Moment(msgspec.Struct, frozen=True):
    """An instant as `schema.Post` wants it: UTC microseconds, the way back to the local time, and the zone."""

    at: int
    offset_s: int | None
    zone: str

    @property
    def believable(self) -> bool:
        """Within 1971 to 2100."""
        return EARLIEST <= self.at < LATEST


def _in_microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def moment(value: str, zone: Zone) -> Moment | None:
    """The instant that a date says; None if it says none.

    A zone "-0000" means: the instant is sure, the writer's local time is not known (RFC 5322, section 3.3), so `offset_s` is None. No
    zone, or one that could be several: the zone the user named decides, else the local time is taken for UTC and `zone` is "".
    """
    value = (_COMMENT.sub(" ", value) if "(" in value else value).strip()[:200]
    parts = _parts(value)
    if parts is None:
        return None
    year, month, day, hour, minute, second, rest = parts
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return _placed(local, rest.strip(), zone)
    except (ValueError, OverflowError):
        return None


def _parts(value: str) -> tuple[int, int, int, int, int, int, str] | None:
    if found := _DAY_FIRST.match(value):
        day, month, year, *time, rest = found.groups()
    elif found := _MONTH_FIRST.match(value):
        month, day, early, *time, zone, late, after = found.groups()
        year, rest = early or late or "", f"{zone or ''} {after or ''}"
    elif found := _YEAR_FIRST.match(value):
        year, number, day, *time, rest = found.groups()
        return (int(year), int(number), int(day), *_clock(*time), rest)
    else:
        return None
    known = _MONTHS.get(month[:3].lower())
    return (_full_year(year), known, int(day), *_clock(*time), rest) if known and year else None


def _full_year(year: str) -> int:
    """Two and three digits as RFC 5322, section 4.3 has them."""
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if len(year) == 2 and number < 50 else 1900)


def _clock(hour: str, minute: str, second: str | None, half: str | None) -> tuple[int, int, int]:
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return hours, int(minute), int(second or 0)


def _placed(local: datetime, rest: str, asked: Zone) -> Moment:
    """The local time with the zone that stands behind it, or the one asked for, or none."""
    if found := _OFFSET.match(rest):
        seconds = int(found[2]) * _HOUR + int(found[3]) * 60
        if found[1] == "-" and not seconds:
            return Moment(_in_microseconds(local), None, "UTC")
        if seconds <= 14 * _HOUR and int(found[3]) < 60:
            seconds = -seconds if found[1] == "-" else seconds
            return _shifted(local, seconds, f"{found[1]}{int(found[2]):02}:{found[3]}")
    elif (named := _ZONE_NAME.match(rest)) and (known := _ZONES.get(named[0].lower())) is not None:
        return _shifted(local, known, _written(known))
    return _shifted(local, asked.offset_s(_in_microseconds(local)), asked.name)


def _shifted(local: datetime, seconds: int, zone: str) -> Moment:
    return Moment(_in_microseconds(local) - seconds * 1_000_000, seconds, zone)


def _written(seconds: int) -> str:
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // _HOUR:02}:00" if seconds else "UTC"
