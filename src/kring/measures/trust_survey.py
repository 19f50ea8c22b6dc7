"""How far people say that they trust: the weighted mean of a survey's answers, its margin, and what changed since the wave before."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from kring.errors import GraphError
from kring.graph.arrays import Columns
from kring.measures.saying import t_quantile, too_few, unsaid
from kring.schema import Finding

Floats = NDArray[np.float64]
_METHOD = (
    "mean of the answers, each as heavy as its weight; margin: Kish's, as if so many people had answered as the weights are worth, by Student's "
    "t. It holds if those who answered are like those who didn't, after weighting: no margin covers who stayed away"
)
_PAPER = "Kish 1965, Survey sampling (design effect)"
_CHANGE = (
    "difference from the wave before. People who answered both times are compared with themselves; the margin counts how their two answers go "
    "together, and people who answered once as strangers"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Wave:
    """One wave's answers: who, what, how heavy; weights sum to 1."""

    person: NDArray[np.int64]
    score: Floats
    weight: Floats

    @property
    def mean(self) -> float:
        return float(self.weight @ self.score)

    @property
    def worth(self) -> float:
        """How many people, all alike in weight, would tell as much."""
        return 1 / float((self.weight**2).sum())

    @property
    def degrees(self) -> int:
        """Student's degrees of freedom: those many people, less one."""
        return int(self.worth + 1e-9) - 1

    @property
    def too_few(self) -> str:
        """The warning where too few answered, or the weights make them few; else ""."""
        if self.worth < 2 <= len(self.person):
            return "too few to say: the weights are so uneven that nearly all rests on one person"
        return too_few(len(self.person), "people answered")

    @property
    def spread(self) -> Floats:
        """How far each answer is from the mean, times its weight, in the measure of an unbiased variance."""
        return self.weight * (self.score - self.mean) * sqrt(self.worth / (self.worth - 1))


def trust_survey(answers: Columns) -> tuple[Finding, ...]:
    """How far people say that they trust: the weighted mean, its margin and its change, for each wave of a survey.

    Takes   columns of answers: person (int, the same number in each wave), wave (int, in order of time), score (float), weight (float, above 0;
            1 for each where nothing is known). An answer that is NaN is no answer. `ids` of the columns, if any, are not used.
    Gives   mean_trust of the last wave; change, from the wave before; design_effect of the last wave (how many times more people would have
            to be asked because of the weights); and by wave mean_trust and change. Each with fewer than ten people is None with a warning, and
            so is the change from or to it.
    Costs   O(n log n).
    Fails   GraphError where somebody answers twice in a wave, or a weight isn't above 0.
    After   Kish 1965 (the design effect of weights); Kish 1965, 12.4 (the covariance of waves that partly overlap).
    """
    waves = list(_waves(answers))
    told = partial(Finding, unit="score", boundary=answers.boundary, cut=answers.cut)
    if not waves:
        return unsaid(("mean_trust", "change", "design_effect"), too_few(0, "people answered"), boundary=answers.boundary, cut=answers.cut)
    last, before = waves[-1][1], waves[-2][1] if len(waves) > 1 else None
    parts = [
        part
        for k, (number, wave) in enumerate(waves)
        for by in [(("wave", str(number)),)]
        for part in (
            _mean(partial(told, by=by), wave),
            *([_change(partial(told, by=by), wave, waves[k - 1][1])] if k else []),
        )
    ]
    return (_mean(told, last), _change(told, last, before), _effect(told, last), *parts)


def _waves(answers: Columns) -> Iterator[tuple[int, _Wave]]:
    score, weight = answers["score"].astype(np.float64), answers["weight"].astype(np.float64)
    person, number = answers["person"].astype(np.int64), answers["wave"].astype(np.int64)
    if not (weight > 0).all() or not np.isfinite(weight).all():
        raise GraphError(
            "Each answer needs a weight above 0.", next="Leave an answer out that should not count; give 1 where all count alike."
        )
    for each in np.unique(number).tolist():
        which = (number == each) & ~np.isnan(score)
        who, times = np.unique(person[which], return_counts=True)
        if (times > 1).any():
            raise GraphError(
                f"Person {who[times > 1][0]} answers more than once in wave {each}.", next="Keep one answer for each person and wave."
            )
        order = np.argsort(person[which])
        yield each, _Wave(who, score[which][order], weight[which][order] / weight[which].sum())


def _mean(told: "partial[Finding]", wave: _Wave) -> Finding:
    told = partial(told, name="mean_trust", n=len(wave.person), method=_METHOD, paper=_PAPER)
    if few := wave.too_few:
        return told(value=None, warning=few)
    half = t_quantile(wave.degrees) * sqrt(float((wave.spread**2).sum()))
    return told(value=wave.mean, low=wave.mean - half, high=wave.mean + half, interval_of="sampling of people")


def _change(told: "partial[Finding]", wave: _Wave, before: _Wave | None) -> Finding:
    told = partial(told, name="change", n=len(wave.person), method=_CHANGE, paper=_PAPER)
    if before is None:
        return told(value=None, warning="there is no wave before to compare with")
    if few := wave.too_few or before.too_few:
        return told(value=None, warning=few)
    both, here, there = np.intersect1d(wave.person, before.person, assume_unique=True, return_indices=True)
    together = 2 * float(wave.spread[here] @ before.spread[there])
    variance = max(0.0, float((wave.spread**2).sum() + (before.spread**2).sum()) - together)
    half = t_quantile(min(wave.degrees, before.degrees)) * sqrt(variance)
    change = wave.mean - before.mean
    unclear = "no change is shown: the margin holds 0" if abs(change) <= half else ""
    return told(
        value=change,
        low=change - half,
        high=change + half,
        interval_of="sampling of people",
        method=f"{_CHANGE}; {len(both)} people answered both times",
        warning=unclear,
    )


def _effect(told: "partial[Finding]", wave: _Wave) -> Finding:
    n = len(wave.person)
    told = partial(told, name="design_effect", n=n, unit="times", method="exact: people who answered / people whom their weights are worth")
    if few := wave.too_few:
        return told(value=None, warning=few)
    return told(value=n / wave.worth, warning="" if n < 2 * wave.worth else "the weights are so uneven that half of the answers are lost")
