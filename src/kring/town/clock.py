"""Time in the town: two fixed years in Amsterdam, and when people write."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

SINCE = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
UNTIL = int(datetime(2025, 12, 31, 22, tzinfo=UTC).timestamp())
ZONE = "Europe/Amsterdam"
BURST_AT = int(datetime(2025, 2, 18, 16, 40, tzinfo=UTC).timestamp())
BURST_S = 48 * 3600
"""The burst is over after two days."""

TURNS = np.array([int(datetime(*day, 1, tzinfo=UTC).timestamp()) for day in ((2024, 3, 31), (2024, 10, 27), (2025, 3, 30), (2025, 10, 26))])
"""Summer time begins and ends on the last Sunday of March and October at 01:00 UTC (directive 2000/84/EC of the European Union)."""
HOURS = np.array([2, 1, 1, 1, 1, 2, 8, 20, 32, 36, 38, 36, 40, 36, 32, 32, 38, 44, 52, 68, 74, 64, 38, 12], dtype=float)
WEEKEND_HOURS = np.array([6, 3, 2, 1, 1, 1, 3, 8, 20, 38, 52, 56, 50, 48, 46, 44, 44, 44, 46, 54, 56, 50, 36, 18], dtype=float)
WEEKDAYS = np.array([1.1, 1.15, 1.1, 1.05, 0.9, 0.75, 0.85])
MONTHS = np.array([1.2, 1.1, 1.1, 1.05, 1.0, 0.95, 0.6, 0.65, 1.15, 1.1, 1.05, 0.95])
DAY_S, WEEK_H = 86_400, 7 * 24

Seconds = NDArray[np.int64]


def offset_s(at: Seconds | int) -> Seconds:
    """Seconds by which Amsterdam is ahead of UTC."""
    return np.where(np.searchsorted(TURNS, at, side="right") % 2 == 1, 7200, 3600)


def local(at: int) -> datetime:
    """The clock on the wall, without a zone."""
    return datetime(1970, 1, 1) + timedelta(seconds=at + int(offset_s(at)))


def hour_of_week(at: Seconds) -> Seconds:
    """0 for Monday from midnight to one, local time … 167; 1970 began on a Thursday."""
    return ((at + offset_s(at)) // 3600 + 3 * 24) % WEEK_H


def draw(rng: np.random.Generator, n: int, rhythm: float) -> Seconds:
    """`n` moments at which people write: flat where `rhythm` is 0."""
    flat = rng.integers(SINCE, UNTIL, n)
    cells = _cells()
    cell = np.searchsorted(cells, rng.random(n) * cells[-1], side="right")
    lived = SINCE + cell * 3600 + rng.integers(0, 3600, n)
    lived = np.clip(lived - offset_s(lived), SINCE, UNTIL - 1)
    return np.where(rng.random(n) < rhythm, lived, flat).astype(np.int64)


def _cells() -> NDArray[np.float64]:
    """Running weight of each hour of the two years, by the clock on the wall."""
    n_days = (UNTIL - SINCE) // DAY_S + 1
    days = [datetime(2024, 1, 1) + timedelta(days=i) for i in range(n_days)]
    rows = [MONTHS[d.month - 1] * WEEKDAYS[d.weekday()] * _hours(d.weekday()) for d in days]
    return np.cumsum(np.concatenate(rows))


def _hours(weekday: int) -> NDArray[np.float64]:
    hours = WEEKEND_HOURS if weekday >= 5 else HOURS
    return hours * (1.0 / float(hours.sum()))


def later(rng: np.random.Generator, n: int, median_s: float, spread: float = 1.0, least_s: int = 20) -> Seconds:
    """Lognormal delays with that median; never less than `least_s`."""
    return np.maximum(least_s, (median_s * np.exp(spread * rng.standard_normal(n))).astype(np.int64))
