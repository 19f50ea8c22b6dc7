"""How a WhatsApp message begins: date, time and the sign after it, in the forms of all phones and languages, and what a date in them means.

WhatsApp writes dates as the phone does: 13/01/24, 1/13/24, 2024-01-13, [13.01.24, 21:25:15], 13.1.2024 klo 21.25, 2024/1/13 下午9:25 …
Which number is the day is decided from all dates of the file: `Dates` sees them all, `decide` says what they mean and why.
"""

import re
from datetime import date
from typing import NamedTuple

_M = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*+"
_S = "[ \t\u00a0\u2009\u202f\u3000]"
_AM = (
    r"a\.?\s?m\.?|vorm\.?|π\.?μ\.?|πμ|上午|凌晨|清晨|早上|午前|오전|ص|ق\.?ظ\.?|قبل‌?ازظهر|SA|ÖÖ|PG|f\.?m\.?|de\.|dop\.|पूर्वाह्न|"
    r"da manhã|de la mañana|du matin|in the morning"
)
_PM = (
    r"p\.?\s?m\.?|nachm\.?|μ\.?μ\.?|下午|中午|晚上|傍晚|午後|오후|م|ب\.?ظ\.?|بعدازظهر|CH|ÖS|PTG|e\.?m\.?|du\.|odp\.|अपराह्न|"
    r"da tarde|da noite|de la tarde|de la noche|de l'après-midi|du soir|in the afternoon|in the evening"
)
_HALF = rf"(?i:(?:{_AM})|(?:{_PM}))"
_IS_PM = re.compile(_PM, re.IGNORECASE)
_GAP = f"{_S}?{_M}"
_DATE = (
    rf"(\d{{4}}|\d{{1,2}}){_GAP}([./\-年년]){_M}{_S}?(\d{{1,2}}){_GAP}[./\-月월]{_M}{_S}?(\d{{4}}|\d{{1,2}})"
    rf"(?:日|일|\.)?{_M}(?:{_S}(?:г\.|BE|พ\.ศ\.))?"
)
_TIME = rf"(?:({_HALF}){_S}?)?(\d{{1,2}})(?:[:.٫]|{_S}?h{_S}?|時|시{_S}?)(\d\d)(?:[:.٫](\d\d))?(?:분|分)?(?:{_S}?{_M}({_HALF}))?"
_BETWEEN = rf"(?:[,،、]|{_S}){_M}{_S}*+(?i:(?:klo|kl\.?|à|um|às|a las|alle|at|om|o|lúc|saat){_S}+)?{_M}"
_AFTER = rf"{_M}(?(1)\](?:{_S}|$|(?={_M}))|(?:{_S}+[-–—](?:{_S}|$)(?!\d{{1,2}}[:.]\d\d\b)|:(?:{_S}|$)))"
_DATE_FIRST = re.compile(rf"{_M}(\[)?{_M}{_DATE}{_BETWEEN}{_TIME}{_AFTER}")
_TIME_FIRST = re.compile(rf"{_M}(\[)?{_M}{_TIME}{_BETWEEN}{_DATE}{_AFTER}")

DAY = 86_400_000_000
MINUTE = 60_000_000
_EPOCH = date(1970, 1, 1).toordinal()
_BELIEVED = range(1971, 2100)
_BUDDHIST = range(2552, 2644)
"""Thai phones count years from 543 BC; WhatsApp began in 2009, which was 2552."""


class Form(NamedTuple):
    """What the dates of one phone have in common: bracket, time before date, sign between the numbers, place of a year of four digits."""

    bracket: bool
    time_first: bool
    sign: str
    year: str


class Head(NamedTuple):
    """The beginning of a message: its form, the three numbers of the date as written, the time of day in µs (None: impossible)."""

    form: Form
    numbers: tuple[str, str, str]
    time: int | None
    half: str
    end: int
    """Where the rest of the line begins."""


_FORMS: dict[tuple[bool, bool, str, str], Form] = {}


def head(line: str) -> Head | None:
    """The beginning of a message, or None where the line goes on with one."""
    if found := _DATE_FIRST.match(line):
        opened, first, sign, second, third, half_before, hour, minute, second_of, half_after = found.groups()
    elif found := _TIME_FIRST.match(line):
        opened, half_before, hour, minute, second_of, half_after, first, sign, second, third = found.groups()
    else:
        return None
    if len(first) + len(third) < 3:
        return None
    year = "first" if len(first) == 4 else "last" if len(third) == 4 else ""
    key = (opened is not None, found.re is _TIME_FIRST, sign, year)
    form = _FORMS.get(key) or _FORMS.setdefault(key, Form(*key))
    half = half_before or half_after or ""
    return Head(form, (first, second, third), _time(hour, minute, second_of, half), half, found.end())


def _time(hour: str, minute: str, second: str | None, half: str) -> int | None:
    h, m, s = int(hour), int(minute), int(second or 0)
    if half and h <= 12:
        h = h % 12 + (12 if _IS_PM.match(half) else 0)
    return (h * 3600 + m * 60 + s) * 1_000_000 if h < 24 and m < 60 and s < 60 else None


def day(numbers: tuple[str, str, str], order: str) -> int | None:
    """Days since 1970 of a date read in an order ("dmy"); None for one that doesn't exist or is not believed."""
    y, m, d = (numbers[order.index(each)] for each in "ymd")
    year, month, of_month = _year(int(y), len(y)), int(m), int(d)
    if len(y) < 2 or year not in _BELIEVED or not 1 <= month <= 12 or not 1 <= of_month <= 31:
        return None
    try:
        return date(year, month, of_month).toordinal() - _EPOCH
    except ValueError:
        return None


def _year(number: int, digits: int) -> int:
    """The year meant: 24 is 2024, 67 and 2567 are Buddhist years."""
    if digits <= 2:
        return 2000 + number if number < 52 else 2500 + number - 543
    return number - 543 if number in _BUDDHIST else number


class _Reading:
    """How the dates of a file would run if they were read in one order."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.impossible = 0
        self.impossible_at: tuple[int, str] = (0, "")
        self.path = 0
        self.back = 0
        self.last: int | None = None

    def see(self, now: int | None, line: int, written: str) -> None:
        """The next date as read here; `line` is 0 where no reading can make sense of it."""
        if now is None:
            self.impossible += 1
            if line and not self.impossible_at[0]:
                self.impossible_at = (line, written)
            return
        if self.last is not None:
            self.path += abs(now - self.last)
            self.back += max(0, self.last - now)
        self.last = now


class Order(NamedTuple):
    """What the three numbers of a date are ("dmy"), why, and whether that is certain."""

    order: str
    why: str
    certain: bool = True


_WORDS = {"y": "year", "m": "month", "d": "day"}
_USUAL = {"first": ("ymd", "ydm"), "last": ("dmy", "mdy"), "": ("dmy", "mdy", "ymd", "ydm")}
_FAR_BACK_DAYS = 21
_MUCH_SHORTER = 4


class Dates:
    """All dates of one form in a file, kept as four running readings."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.n = 0
        self.n_dates = 0
        self.readings = [_Reading(order) for order in _USUAL[form.year]]
        self.last = ("", "", "")
        self.unpadded = self.padded = self.capital_half = self.other_language = False

    def see(self, line: int, found: Head) -> None:
        self.n += 1
        if found.numbers == self.last:
            return
        self.last = found.numbers
        self.n_dates += 1
        if self.n_dates <= 1000:
            self._see_style(found)
        days = [day(found.numbers, reading.order) for reading in self.readings]
        told = line if any(each is not None for each in days) else 0
        for reading, each in zip(self.readings, days):
            reading.see(each, told, self.form.sign.join(found.numbers))

    def _see_style(self, found: Head) -> None:
        self.padded |= any(len(each) == 2 and int(each) < 10 for each in found.numbers[:2])
        self.unpadded |= any(len(each) == 1 for each in found.numbers[:2])
        self.capital_half |= found.half in ("AM", "PM")

    def decide(self) -> Order:
        """The order of day, month and year, from the strongest evidence that there is."""
        usual, other = self._pair()
        runs_back = usual.back >= _FAR_BACK_DAYS > other.back
        if usual.order == "ymd" and (other.impossible > usual.impossible or (other.impossible == usual.impossible and not runs_back)):
            return Order("ymd", "the year stands first")
        if usual.impossible != other.impossible:
            best, worse = (usual, other) if usual.impossible < other.impossible else (other, usual)
            line, written = worse.impossible_at
            return Order(best.order, f"decided by line {line} ({written})")
        if (usual.back < _FAR_BACK_DAYS) != (other.back < _FAR_BACK_DAYS) and self.n_dates >= 3:
            best = usual if usual.back < _FAR_BACK_DAYS else other
            return Order(best.order, "read otherwise, the messages would run back in time")
        return self._by_habit(usual, other)

    def _pair(self) -> tuple[_Reading, _Reading]:
        """The usual reading and its rival; whether years of two digits stand first or last: the way that wanders least."""
        pairs = [(self.readings[i], self.readings[i + 1]) for i in range(0, len(self.readings), 2)]
        if self.form.sign in "년年":
            return pairs[-1]
        return min(pairs, key=lambda pair: min((reading.impossible, reading.path) for reading in pair))

    def _by_habit(self, usual: _Reading, other: _Reading) -> Order:
        """Where day-month and month-day could both be true: the habits of phones, and how far the chat would wander through time."""
        if self.form.sign in ".-":
            return Order("dmy", f"dates with “{self.form.sign}” are written day first")
        if self.n_dates >= 3 and max(usual.path, other.path) >= _MUCH_SHORTER * max(1, min(usual.path, other.path)):
            return Order(min(usual, other, key=lambda reading: reading.path).order, "read so, the days follow each other")
        if self.other_language:
            return Order("dmy", "the phone's language writes the day first")
        if self.unpadded and not self.padded and not self.form.year and self.capital_half:
            return Order("mdy", "so American phones write")
        return Order("dmy", "", certain=False)


def in_words(order: str) -> str:
    """ "dmy" as "day-month-year"."""
    return "-".join(_WORDS[each] for each in order)
