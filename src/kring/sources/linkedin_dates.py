"""The times in LinkedIn's tables: in one export "05 Jun 2021", "6/5/21, 3:04 PM" and "2021-06-05 15:04:05 UTC" stand side by side."""

import re
from collections.abc import Iterable
from datetime import datetime

from kring.sources.moment import EARLIEST, LATEST, Moment
from kring.sources.zones import Zone

_EPOCH = datetime(1970, 1, 1).toordinal() * 86_400 * 1_000_000
_SPACES = re.compile(r"[\s\u202f\u00a0]+")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? ?(UTC|GMT|Z)?")
_NAMED = re.compile(r"(\d{1,2})(?:\.|er)? (?:de )?([^\W\d_]{3,12})\.?,? (?:de )?(\d{4})(?:,? (\d{1,2}):(\d\d)(?::(\d\d))?)? ?(UTC|GMT|Z)?")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2}), (\d{4})(?:,? (\d{1,2}):(\d\d)(?::(\d\d))? ?([AaPp])\.?[Mm]\.?)?")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{2,4})(?:,? (\d{1,2})[:.](\d\d)(?::(\d\d))?(?: ?([AaPp])\.? ?[Mm]\.?)?)?")
_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "jan ene gen sty",
            "feb fév fev lut",
            "mar mrt maa mär mrz marz mars",
            "apr avr abr kwi",
            "may mei mai mag maj",
            "jun juin giu cze",
            "jul juil lug lip",
            "aug aoû aou ago sie",
            "sep set wrz",
            "oct okt out ott paź",
            "nov lis",
            "dec dez déc dic gru",
        ),
        1,
    )
    for start in starts.split()
}
"""Beginnings of the months' names in English, Dutch, German, French, Spanish, Italian, Portuguese, Polish."""


def is_numbers(written: str) -> bool:
    """Whether a date is of numbers alone, and doesn't begin with the year."""
    return _NUMBERS.fullmatch(_SPACES.sub(" ", written.strip())) is not None


def month_first(written: Iterable[str]) -> tuple[bool, bool]:
    """Whether the month comes first in dates of numbers alone, for all of a file; and whether that is sure, and not only told by "PM"."""
    by_clock, some = False, False
    for each in written:
        found = _NUMBERS.fullmatch(_SPACES.sub(" ", each.strip()))
        if not found:
            continue
        if int(found[1]) > 12 >= int(found[3]):
            return False, True
        if int(found[3]) > 12 >= int(found[1]):
            return True, True
        some, by_clock = True, by_clock or (bool(found[8]) and found[2] == "/")
    return by_clock, not some


def time_of(written: str, zone: Zone, *, month_is_first: bool) -> Moment | None:
    """The moment a cell means; None if it is none, or not a believable one. A day without a time of day is its midnight, zone ""."""
    if len(written) in (19, 23) and written[4] == "-" and written[10] == " " and written[19:] in ("", " UTC"):
        return _quick(written, zone)
    text = _SPACES.sub(" ", written.strip())
    if found := _ISO.fullmatch(text):
        return _moment(found[1], found[2], found[3], found[4], found[5], found[6], "", found[7], zone)
    if found := _NAMED.fullmatch(text):
        return _moment(found[3], str(month_of(found[2])), found[1], found[4], found[5], found[6], "", found[7], zone)
    if found := _NAMED_FIRST.fullmatch(text):
        return _moment(found[3], str(month_of(found[1])), found[2], found[4], found[5], found[6], found[7], "", zone)
    if found := _NUMBERS.fullmatch(text):
        day, month = (found[3], found[1]) if month_is_first else (found[1], found[3])
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        return _moment(year, month, day, found[5], found[6], found[7], found[8], "", zone)
    return None


def _quick(written: str, zone: Zone) -> Moment | None:
    """The form of nearly all times: "2021-06-05 15:04:05", with or without "UTC"."""
    try:
        local = int(datetime.fromisoformat(f"{written[:19]}+00:00").timestamp()) * 1_000_000
    except ValueError:
        return None
    if len(written) > 19:
        return Moment(local, 0, "UTC") if EARLIEST <= local < LATEST else None
    offset = zone.offset_s(local)
    at = local - offset * 1_000_000
    return Moment(at, offset, zone.name) if EARLIEST <= at < LATEST else None


def month_of(name: str) -> int:
    """The number of a month by how its name begins; 0 for any other word."""
    name = name.lower()
    return _MONTHS.get(name[:4], _MONTHS.get(name[:3], 0))


def _moment(
    year: str, month: str, day: str, hour: str | None, minute: str | None, second: str | None, half: str | None, utc: str | None, zone: Zone
) -> Moment | None:
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    try:
        time = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
    except ValueError:
        return None
    return _believed(time, utc=bool(utc), clock=hour is not None, zone=zone)


def _believed(time: datetime, *, utc: bool, clock: bool, zone: Zone) -> Moment | None:
    local = (time.toordinal() * 86_400 + time.hour * 3600 + time.minute * 60 + time.second) * 1_000_000 - _EPOCH
    offset = zone.offset_s(local) if clock and not utc else 0
    at = local - offset * 1_000_000
    return Moment(at, offset, "UTC" if utc else zone.name if clock else "") if EARLIEST <= at < LATEST else None
