"""Probability distributions of one quantity, each by its quantile function and its inverse (METHOD 6).

A new family is one class here and one row in `scoring.risk.families.FAMILIES`.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scoring.risk import normal
from scoring.risk.normal import FloatArray

_HALVINGS = 52
"""Enough to leave no digit of a double open."""


class Marginal(Protocol):
    """A distribution: `quantile` of probabilities in [0, 1], any shape, and `cdf`, its inverse; both non-decreasing."""

    def quantile(self, probability: FloatArray) -> FloatArray: ...

    def cdf(self, value: FloatArray) -> FloatArray: ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Uniform:
    low: float
    high: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        return self.low + (self.high - self.low) * probability

    def cdf(self, value: FloatArray) -> FloatArray:
        return np.clip((value - self.low) / (self.high - self.low), 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Triangular:
    low: float
    mode: float
    high: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(probability * width * left)
        falling = self.high - np.sqrt((1.0 - probability) * width * right)
        return np.where(probability * width < left, rising, falling)

    def cdf(self, value: FloatArray) -> FloatArray:
        inside = np.clip(value, self.low, self.high)
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        # Each side is kept on its own, where its ratios stay below one however narrow it is.
        rise, fall = np.minimum(inside, self.mode) - self.low, self.high - np.maximum(inside, self.mode)
        rising = rise / width * (rise / left) if left > 0 else np.zeros_like(inside)
        falling = 1.0 - fall / width * (fall / right) if right > 0 else np.ones_like(inside)
        return np.where(inside < self.mode, rising, falling)


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta on [low, high]; PERT is the one with alpha = 1 + 4 (mode - low)/(high - low), beta = 6 - alpha."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    @classmethod
    def pert(cls, low: float, mode: float, high: float) -> "Beta":
        share = (mode - low) / (high - low)
        return cls(1.0 + 4.0 * share, 5.0 - 4.0 * share, low, high)

    def quantile(self, probability: FloatArray) -> FloatArray:
        from scipy.special import betaincinv  # noqa: PLC0415

        return self.low + (self.high - self.low) * np.asarray(betaincinv(self.alpha, self.beta, probability))

    def cdf(self, value: FloatArray) -> FloatArray:
        from scipy.special import betainc  # noqa: PLC0415

        unit = np.clip((value - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(betainc(self.alpha, self.beta, unit))


@dataclass(frozen=True, slots=True)
class Normal:
    mean: float
    sd: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        return self.mean + self.sd * normal.score(probability)

    def cdf(self, value: FloatArray) -> FloatArray:
        return normal.probability_of((value - self.mean) / self.sd)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """exp of a normal with mean `mu` and standard deviation `sigma`."""

    mu: float
    sigma: float

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> "Lognormal":
        variance = float(np.log1p((sd / mean) ** 2))
        return cls(float(np.log(mean)) - variance / 2.0, float(np.sqrt(variance)))

    @property
    def mean(self) -> float:
        return float(np.exp(self.mu + self.sigma**2 / 2.0))

    def quantile(self, probability: FloatArray) -> FloatArray:
        return np.exp(self.mu + self.sigma * normal.score(probability))

    def cdf(self, value: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return normal.probability_of((np.log(np.maximum(value, 0.0)) - self.mu) / self.sigma)


@dataclass(frozen=True, slots=True)
class Pareto:
    """Pareto from `low` with exponent `alpha`, truncated at `cap` (which may be infinite)."""

    low: float
    alpha: float
    cap: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        beyond = (self.low / self.cap) ** self.alpha
        return np.asarray(self.low * (1.0 - probability * (1.0 - beyond)) ** (-1.0 / self.alpha))

    def cdf(self, value: FloatArray) -> FloatArray:
        inside = np.clip(value, self.low, self.cap)
        beyond = (self.low / self.cap) ** self.alpha
        return np.asarray((1.0 - (self.low / inside) ** self.alpha) / (1.0 - beyond))

    @property
    def mean(self) -> float:
        a, low, ratio = self.alpha, self.low, self.cap / self.low
        kept = 1.0 - ratio**-a
        if np.isclose(a, 1.0, atol=1e-9):
            return float(low * np.log(ratio) / kept)
        return float(low * a / (a - 1.0) * (1.0 - ratio ** (1.0 - a)) / kept)


@dataclass(frozen=True, slots=True)
class Point:
    """A certain value."""

    value: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        return np.full_like(probability, self.value)

    def cdf(self, value: FloatArray) -> FloatArray:
        return np.where(value >= self.value, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class BodyAndTail:
    """With probability `tail_share` from `tail`, else from `body`; everything in `tail` lies above `body`."""

    body: Marginal
    tail: Marginal
    tail_share: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        body_share = 1.0 - self.tail_share
        in_body = np.clip(probability / body_share, 0.0, 1.0)
        in_tail = np.clip((probability - body_share) / self.tail_share, 0.0, 1.0)
        return np.where(probability <= body_share, self.body.quantile(in_body), self.tail.quantile(in_tail))

    def cdf(self, value: FloatArray) -> FloatArray:
        return np.asarray((1.0 - self.tail_share) * self.body.cdf(value) + self.tail_share * self.tail.cdf(value))


@dataclass(frozen=True, slots=True)
class Discrete:
    """Values ascending, each with its probability; the probabilities sum to one."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def quantile(self, probability: FloatArray) -> FloatArray:
        position = np.searchsorted(self._cumulated(), probability, side="left")
        return np.asarray(self.values)[np.minimum(position, len(self.values) - 1)]

    def cdf(self, value: FloatArray) -> FloatArray:
        position = np.searchsorted(np.asarray(self.values), value, side="right")
        return np.asarray(np.concatenate(([0.0], self._cumulated()))[position])

    def _cumulated(self) -> FloatArray:
        cumulated = np.cumsum(self.probabilities)
        return np.asarray(cumulated / cumulated[-1])


@dataclass(frozen=True, slots=True)
class Empirical:
    """Straight lines between stated quantiles, the first at probability 0 and the last at 1."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def quantile(self, probability: FloatArray) -> FloatArray:
        return np.interp(probability, self.probabilities, self.values)

    def cdf(self, value: FloatArray) -> FloatArray:
        # np.interp wants ascending abscissae: of equal values the last holds the probability reached.
        values = np.asarray(self.values)
        last = np.append(values[1:] > values[:-1], True)
        result = np.interp(value, values[last], np.asarray(self.probabilities)[last])
        return np.where(value < values[0], 0.0, result)


@dataclass(frozen=True, slots=True)
class KernelSmoothed:
    """exp of a Gaussian kernel estimate around `centres`, ascending logarithms, with a `bandwidth` above zero."""

    centres: tuple[float, ...]
    bandwidth: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        """Bisection: the quantile lies between those of the lowest and the highest kernel."""
        scores = self.bandwidth * normal.score(np.asarray(probability, dtype=np.float64))
        low, high = self.centres[0] + scores, self.centres[-1] + scores
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            below = self._probability(middle) < probability
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(np.exp(0.5 * (low + high)))

    def cdf(self, value: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return self._probability(np.log(np.maximum(value, 0.0)))

    def _probability(self, logs: FloatArray) -> FloatArray:
        distances = (logs[..., np.newaxis] - np.asarray(self.centres)) / self.bandwidth
        return np.asarray(normal.probability_of(distances).mean(axis=-1))


@dataclass(frozen=True, slots=True)
class Affine:
    """`scale` x `whole` + `shift`, scale above zero: a change of unit or of origin."""

    whole: Marginal
    scale: float
    shift: float = 0.0

    def quantile(self, probability: FloatArray) -> FloatArray:
        return self.scale * self.whole.quantile(probability) + self.shift

    def cdf(self, value: FloatArray) -> FloatArray:
        return self.whole.cdf((value - self.shift) / self.scale)


@dataclass(frozen=True, slots=True)
class Truncated:
    """`whole` conditional on lying in [minimum, maximum]."""

    whole: Marginal
    minimum: float
    maximum: float

    def quantile(self, probability: FloatArray) -> FloatArray:
        below, upto = self._range()
        return np.clip(self.whole.quantile(below + probability * (upto - below)), self.minimum, self.maximum)

    def cdf(self, value: FloatArray) -> FloatArray:
        below, upto = self._range()
        return np.clip((self.whole.cdf(value) - below) / (upto - below), 0.0, 1.0)

    @property
    def share(self) -> float:
        """Probability that `whole` lies between the bounds."""
        below, upto = self._range()
        return upto - below

    def _range(self) -> tuple[float, float]:
        below, upto = self.whole.cdf(np.array([self.minimum, self.maximum]))
        return float(below), float(upto)
