"""How a measure says what it found with what it may not leave out: "too few to say", "too soon to say", "can't say"; and intervals of a share."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

from kring.schema import FEWEST_PEOPLE, Finding

NOBODY = "can't say: nobody was named; `--from FILE` names people, `kring us add ACCOUNT` says which accounts of a circle are ours"
NOBODY_OF = "can't say: nobody was named; `--of` names people, `kring us add ACCOUNT` says which accounts of a circle are ours"
"""Why a figure about somebody named isn't said."""
_Z = NormalDist().inv_cdf(0.975)


def unsaid(names: Sequence[str], why: str, *, boundary: str = "", cut: str = "", method: str = "", **more: object) -> tuple[Finding, ...]:
    """Findings of these names without a value, and why."""
    return tuple(
        Finding(name=name, value=None, warning=why, boundary=boundary, cut=cut, method=method or "not measured", **more)  # type: ignore[arg-type]
        for name in names
    )


def too_few(people: int, of: str = "people") -> str:
    """The warning where there are too few, else ""."""
    return f"too few to say: {people} {of}, and nothing is said about fewer than {FEWEST_PEOPLE}" if people < FEWEST_PEOPLE else ""


def joined(*texts: str) -> str:
    """Warnings or boundaries as one text."""
    return "; ".join(text for text in texts if text)


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95% interval of a share k/n. After Wilson 1927."""
    centre, half = k + _Z * _Z / 2, _Z * sqrt(k * (n - k) / n + _Z * _Z / 4)
    return max(0.0, (centre - half) / (n + _Z * _Z)), min(1.0, (centre + half) / (n + _Z * _Z))


def t_quantile(degrees: int) -> float:
    """The 97.5% point of Student's t; within 0.1% from 5 degrees of freedom. After Abramowitz & Stegun 1964, 26.7.5 (exact below 3)."""
    if degrees <= 2:
        return 12.7062 if degrees <= 1 else 4.3027
    z, v = _Z, float(degrees)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / v ** (k + 1) for k, term in enumerate(terms))
