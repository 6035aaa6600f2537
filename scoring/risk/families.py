"""The families of distributions: the fields each may be given by, and how it is built from them (METHOD 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scoring.errors import InputError
from scoring.project_file import Distribution, Family
from scoring.risk.marginals import Affine, Beta, Discrete, Empirical, Lognormal, Marginal, Normal, Triangular, Uniform
from scoring.risk.normal import Z90
from scoring.risk.quantile_fit import fit_shape

FIELDS = ("low", "mode", "high", "p10", "p50", "p90", "mean", "sd", "alpha", "beta", "values", "probabilities")
_SHOWN = {"p10": "P10", "p50": "P50", "p90": "P90", "sd": "standard deviation"}
_QUANTILES = ("p10", "p50", "p90")
_ROUNDING = 1e-6
"""Probabilities typed with a few decimals may miss 1 by this much."""
_AGREEMENT = 0.01
"""Three quantiles of a two-parameter family agree to this share of its standard deviation."""

Way = tuple[str, ...]
Build = Callable[[Distribution, str], Marginal]


@dataclass(frozen=True, slots=True)
class FamilyRule:
    """`ways`: the sets of fields by which the family may be given, each complete in itself."""

    ways: tuple[Way, ...]
    build: Build


def given_fields(distribution: Distribution) -> set[str]:
    return {name for name in FIELDS if getattr(distribution, name) not in (None, ())}


def in_words(names: tuple[str, ...]) -> str:
    shown = [_SHOWN.get(name, name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _ordered(distribution: Distribution, names: tuple[str, ...], path: str) -> tuple[float, ...]:
    """The named values, which must not fall and must not all be equal."""
    values = tuple(float(getattr(distribution, name)) for name in names)
    for (left, a), (right, b) in pairwise(zip(names, values, strict=True)):
        if a > b:
            message = f"{in_words((right,))}, {b:g}, must not be below {in_words((left,))}, {a:g}."
            raise InputError.at(f"{path}.{right}", message)
    if values[0] == values[-1]:
        first, last = in_words((names[0],)), in_words((names[-1],))
        raise InputError.at(
            f"{path}.{names[-1]}",
            f"{last} must be above {first}, not {values[-1]:g} like it; leave the driver out if it is certain.",
        )
    return values


def _positive(value: float | None, path: str) -> float:
    if value is None or value <= 0:
        raise InputError.at(path, f"Must be above zero, not {value:g}." if value is not None else "Must be given.")
    return float(value)


def _three_points(shape: Callable[[float, float, float], Marginal]) -> Build:
    def build(distribution: Distribution, path: str) -> Marginal:
        if distribution.low is not None:
            low, mode, high = _ordered(distribution, ("low", "mode", "high"), path)
            return shape(low, mode, high)
        p10, p50, p90 = _ordered(distribution, _QUANTILES, path)
        fitted = fit_shape(shape, p10, p50, p90)
        if fitted is None:
            family = distribution.family.value
            raise InputError.at(
                f"{path}.p50",
                f"No {family} distribution is as skewed as these quantiles: move P50 towards the middle, "
                "or use the lognormal or the empirical family.",
            )
        return fitted

    return build


def _uniform(distribution: Distribution, path: str) -> Marginal:
    if distribution.low is not None:
        return Uniform(*_ordered(distribution, ("low", "high"), path))
    p10, p90 = _ordered(distribution, ("p10", "p90"), path)
    margin = (p90 - p10) / 8.0
    return Uniform(p10 - margin, p90 + margin)


def _location_and_spread(points: Mapping[str, float]) -> tuple[float, float] | None:
    """Mean and standard deviation of the normal through two or three of P10, P50, P90; None where there is none."""
    scores = {"p10": -Z90, "p50": 0.0, "p90": Z90}
    names = list(points)
    first, last = names[0], names[-1]
    sd = (points[last] - points[first]) / (scores[last] - scores[first])
    mean = points[first] - sd * scores[first]
    if "p50" in points and abs(points["p50"] - mean) > _AGREEMENT * sd:
        return None
    return mean, sd


def _normal(distribution: Distribution, path: str) -> Marginal:
    if distribution.sd is not None and distribution.mean is not None:
        return Normal(distribution.mean, _positive(distribution.sd, f"{path}.sd"))
    names = tuple(name for name in _QUANTILES if name in given_fields(distribution))
    points = dict(zip(names, _ordered(distribution, names, path), strict=True))
    found = _location_and_spread(points)
    if found is None:
        p10, p50, p90 = points.values()
        raise InputError.at(
            f"{path}.p50",
            f"A normal distribution of P10 {p10:g} and P90 {p90:g} has its P50 at {(p10 + p90) / 2:g}, not {p50:g}: "
            "give two of the three (P10 and P90, or P50 and P90), or use lognormal, pert or empirical, which may lean.",
        )
    return Normal(*found)


def _lognormal(distribution: Distribution, path: str) -> Marginal:
    if distribution.sd is not None:
        mean = _positive(distribution.mean, f"{path}.mean")
        return Lognormal.from_moments(mean, _positive(distribution.sd, f"{path}.sd"))
    names = tuple(name for name in _QUANTILES if name in given_fields(distribution))
    values = _ordered(distribution, names, path)
    logs = {name: float(np.log(_positive(v, f"{path}.{name}"))) for name, v in zip(names, values, strict=True)}
    found = _location_and_spread(logs)
    return Lognormal(*found) if found else _shifted_lognormal(values, path)


def _shifted_lognormal(quantiles: tuple[float, ...], path: str) -> Marginal:
    """The lognormal from another origin than zero that has this P10, P50 and P90 (Aitchison and Brown 1957)."""
    p10, p50, p90 = quantiles
    if not p10 < p50 or (p90 - p50) / (p50 - p10) <= 1.0 + _AGREEMENT:
        raise InputError.at(
            f"{path}.p50",
            f"A lognormal distribution reaches farther up from its median than down, but P50 {p50:g} is no nearer to "
            f"P10 {p10:g} than to P90 {p90:g}: give two of the three (P50 and P90, or P10 and P90), or use pert or "
            "empirical.",
        )
    stretch = (p90 - p50) / (p50 - p10)
    scale = (p90 - p50) / (stretch - 1.0)
    return Affine(Lognormal(float(np.log(scale)), float(np.log(stretch)) / Z90), 1.0, p50 - scale)


def _beta(distribution: Distribution, path: str) -> Marginal:
    low, high = 0.0, 1.0
    if distribution.low is not None:
        low, high = _ordered(distribution, ("low", "high"), path)
    if distribution.alpha is not None:
        alpha = _positive(distribution.alpha, f"{path}.alpha")
        return Beta(alpha, _positive(distribution.beta, f"{path}.beta"), low, high)
    mean, sd = float(distribution.mean or 0.0), _positive(distribution.sd, f"{path}.sd")
    if not low < mean < high:
        raise InputError.at(f"{path}.mean", f"The mean must lie between {low:g} and {high:g}, not at {mean:g}.")
    unit_mean, unit_variance = (mean - low) / (high - low), (sd / (high - low)) ** 2
    concentration = unit_mean * (1.0 - unit_mean) / unit_variance - 1.0
    if concentration <= 0:
        most = float(np.sqrt((mean - low) * (high - mean)))
        message = f"No distribution from {low:g} to {high:g} with this mean has so large a standard deviation as {sd:g}"
        raise InputError.at(f"{path}.sd", f"{message}: it is below {most:g}.")
    return Beta(unit_mean * concentration, (1.0 - unit_mean) * concentration, low, high)


def _same_length(distribution: Distribution, path: str) -> None:
    if len(distribution.values) != len(distribution.probabilities):
        given = f"{len(distribution.values)} values and {len(distribution.probabilities)} probabilities are given"
        raise InputError.at(f"{path}.probabilities", f"Give one probability for each value: {given}.")


def _discrete(distribution: Distribution, path: str) -> Marginal:
    _same_length(distribution, path)
    least, total = min(distribution.probabilities), sum(distribution.probabilities)
    if least < 0 or abs(total - 1.0) > _ROUNDING:
        found = f"the least is {least:g}, the sum {total:g}"
        message = f"The probabilities must not be negative and must add up to 1: {found}."
        raise InputError.at(f"{path}.probabilities", message)
    pairs = sorted(pair for pair in zip(distribution.values, distribution.probabilities, strict=True) if pair[1] > 0)
    return Discrete(tuple(v for v, _ in pairs), tuple(p for _, p in pairs))


def _empirical(distribution: Distribution, path: str) -> Marginal:
    if distribution.p10 is not None:
        return _continue_to_ends(_ordered(distribution, _QUANTILES, path), (0.1, 0.5, 0.9))
    if len(distribution.values) == 1:
        raise InputError.at(f"{path}.values", "Give at least two values.")
    if not distribution.probabilities:
        observed = tuple(sorted(distribution.values))
        if observed[0] == observed[-1]:
            message = f"Give values that differ, not {observed[0]:g} alone; leave the driver out if it is certain."
            raise InputError.at(f"{path}.values", message)
        return Empirical(observed, tuple(np.linspace(0.0, 1.0, len(observed)).tolist()))
    _same_length(distribution, path)
    for index, (left, right) in enumerate(pairwise(distribution.probabilities), start=1):
        if right <= left:
            message = f"Probabilities must rise: {right:g} comes after {left:g}."
            raise InputError.at(f"{path}.probabilities[{index}]", message)
    for index, (left, right) in enumerate(pairwise(distribution.values), start=1):
        if right < left:
            raise InputError.at(f"{path}.values[{index}]", f"Quantiles must not fall: {right:g} comes after {left:g}.")
    if distribution.probabilities[0] < 0 or distribution.probabilities[-1] > 1:
        ends = f"{distribution.probabilities[0]:g} to {distribution.probabilities[-1]:g}"
        raise InputError.at(f"{path}.probabilities", f"Probabilities lie between 0 and 1, not from {ends}.")
    return _continue_to_ends(distribution.values, distribution.probabilities)


def _continue_to_ends(values: tuple[float, ...], probabilities: tuple[float, ...]) -> Empirical:
    """Continue the first and the last straight line to probabilities 0 and 1."""
    first = values[0] - (values[1] - values[0]) / (probabilities[1] - probabilities[0]) * probabilities[0]
    reach = (values[-1] - values[-2]) / (probabilities[-1] - probabilities[-2])
    last = values[-1] + reach * (1.0 - probabilities[-1])
    before = ((first, 0.0),) if probabilities[0] > 0 else ()
    after = ((last, 1.0),) if probabilities[-1] < 1 else ()
    points = (*before, *zip(values, probabilities, strict=True), *after)
    return Empirical(tuple(v for v, _ in points), tuple(p for _, p in points))


_THREE_POINTS: tuple[Way, ...] = (("low", "mode", "high"), ("p10", "p50", "p90"))
_TWO_QUANTILES: tuple[Way, ...] = (
    ("mean", "sd"),
    ("p50", "p90"),
    ("p10", "p90"),
    ("p10", "p50"),
    ("p10", "p50", "p90"),
)
FAMILIES: dict[Family, FamilyRule] = {
    Family.TRIANGULAR: FamilyRule(_THREE_POINTS, _three_points(Triangular)),
    Family.PERT: FamilyRule(_THREE_POINTS, _three_points(Beta.pert)),
    Family.UNIFORM: FamilyRule((("low", "high"), ("p10", "p90")), _uniform),
    Family.NORMAL: FamilyRule(_TWO_QUANTILES, _normal),
    Family.LOGNORMAL: FamilyRule(_TWO_QUANTILES, _lognormal),
    Family.BETA: FamilyRule(
        (("alpha", "beta"), ("alpha", "beta", "low", "high"), ("mean", "sd"), ("mean", "sd", "low", "high")), _beta
    ),
    Family.DISCRETE: FamilyRule((("values", "probabilities"),), _discrete),
    Family.EMPIRICAL: FamilyRule((("values", "probabilities"), ("values",), ("p10", "p50", "p90")), _empirical),
}
