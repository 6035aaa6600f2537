"""From a distribution as people state it to its quantiles, or to what is wrong with it (METHOD 6)."""

import numpy as np

from scoring.errors import InputError
from scoring.project_file import Distribution
from scoring.risk.families import FAMILIES, FIELDS, Way, given_fields, in_words
from scoring.risk.marginals import Discrete, Marginal, Truncated
from scoring.risk.normal import FloatArray

_LEAST_SHARE = 1e-6
"""Bounds that keep less of a distribution than this are taken for a mistake."""


def marginal(distribution: Distribution, path: str) -> Marginal:
    """The distribution as a quantile function, truncated where asked.

    path: of the distribution in the project file, so that a problem names its field.
    Raises InputError where fields are missing, superfluous, or contradict each other.
    """
    rule = FAMILIES[distribution.family]
    _require_finite(distribution, path)
    _require_way(distribution, rule.ways, path)
    whole = rule.build(distribution, path)
    return _truncate(whole, distribution, path)


def quantile(distribution: Distribution, probability: FloatArray, path: str = "distribution") -> FloatArray:
    """Quantiles of a stated distribution at probabilities in [0, 1], any shape (METHOD 6). Raises InputError."""
    return marginal(distribution, path).quantile(np.asarray(probability, dtype=np.float64))


def _require_finite(distribution: Distribution, path: str) -> None:
    for name in (*FIELDS, "minimum", "maximum"):
        value = getattr(distribution, name)
        numbers = value if isinstance(value, tuple) else () if value is None else (value,)
        if not np.all(np.isfinite(np.asarray(numbers, dtype=np.float64))):
            raise InputError.at(f"{path}.{name}", f"Give a finite number, not {value}.")


def _require_way(distribution: Distribution, ways: tuple[Way, ...], path: str) -> None:
    given = given_fields(distribution)
    if any(given == set(way) for way in ways):
        return
    family = distribution.family.value
    choice = "; or ".join(in_words(way) for way in ways)
    closest = max(ways, key=lambda way: (len(given & set(way)), -len(set(way) - given)))
    missing = [name for name in closest if name not in given]
    field = missing[0] if missing else min(given - set(closest), key=FIELDS.index)
    verb = "Give" if missing else "Leave out"
    raise InputError.at(
        f"{path}.{field}", f"{verb} {in_words((field,))}: a {family} distribution is given by {choice}."
    )


def _truncate(whole: Marginal, distribution: Distribution, path: str) -> Marginal:
    if distribution.minimum is None and distribution.maximum is None:
        return whole
    minimum = -np.inf if distribution.minimum is None else distribution.minimum
    maximum = np.inf if distribution.maximum is None else distribution.maximum
    if minimum >= maximum:
        message = f"The minimum, {minimum:g}, must be below the maximum, {maximum:g}."
        raise InputError.at(f"{path}.minimum", message)
    if isinstance(whole, Discrete):
        return _keep_values(whole, minimum, maximum, path)
    cut = Truncated(whole, minimum, maximum)
    if cut.share < _LEAST_SHARE:
        field = "minimum" if distribution.minimum is not None else "maximum"
        message = f"The bounds, {minimum:g} to {maximum:g}, leave nothing of the distribution."
        raise InputError.at(f"{path}.{field}", message)
    return cut


def _keep_values(whole: Discrete, minimum: float, maximum: float, path: str) -> Discrete:
    kept = [(v, p) for v, p in zip(whole.values, whole.probabilities, strict=True) if minimum <= v <= maximum]
    if not kept:
        field = "minimum" if np.isfinite(minimum) else "maximum"
        raise InputError.at(f"{path}.{field}", f"The bounds, {minimum:g} to {maximum:g}, leave none of the values.")
    return Discrete(tuple(v for v, _ in kept), tuple(p for _, p in kept))
