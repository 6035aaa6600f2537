"""What the draws say: moments, quantiles, tails, certainty equivalent, each with its standard error (METHOD 7)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.result import Fan, Figure, Histogram, Missing, RiskMeasures
from scoring.returns.figures import OVERFLOW, figure
from scoring.risk.normal import FloatArray

TAIL = 0.05
_BINS = 40


class Estimate(NamedTuple):
    """A simulated figure and its Monte Carlo standard error."""

    value: Figure
    se: Figure


def missing_estimate(reason: str) -> Estimate:
    return Estimate(Missing(reason), Missing(reason))


def measures(values: FloatArray, sizes: tuple[int, ...], aversion: Figure) -> RiskMeasures:
    """Risk measures of an NPV (n,), drawn in independent replicates of these sizes (METHOD 7).

    aversion: absolute risk aversion, per unit of money. Value at risk and expected shortfall are given as NPVs
    (negative = loss) at the worst 5%. Missing("overflow") where a draw is not finite.
    """
    if not np.isfinite(values).all():
        return no_measures(OVERFLOW)
    found = _figures(values, np.sort(values), aversion)
    parts = [_figures(part, np.sort(part), aversion) for part in _by_replicate(values, sizes)]
    errors = {name: _error_of(name, found[name], parts) for name in found}
    return RiskMeasures(
        **found,
        se=errors.pop("mean"),
        **{f"{name}_se": error for name, error in errors.items()},
        prob_negative=share(values < 0),
        prob_negative_se=share_error(values < 0, sizes),
    )


def _figures(values: FloatArray, ordered: FloatArray, aversion: Figure) -> dict[str, Figure]:
    """Every measure but the chance of a loss; ordered: the values, ascending."""
    p5, p10, p50, p90, p95 = (float(q) for q in _quantiles_of_sorted(ordered, (0.05, 0.1, 0.5, 0.9, 0.95)))
    mean, shortfall = float(values.mean()), tail_mean(ordered)
    return {
        "mean": mean,
        "sd": float(values.std()),
        "p5": p5,
        "p10": p10,
        "p50": p50,
        "p90": p90,
        "p95": p95,
        "var95": p5,
        "cvar95": shortfall,
        "certainty_equivalent": certainty_equivalent(values, aversion) if isinstance(aversion, float) else aversion,
        "raroc": mean / -shortfall if shortfall < 0 else Missing("no-shortfall"),
    }


def _error_of(name: str, found: Figure, parts: Sequence[Mapping[str, Figure]]) -> Figure:
    """The standard error of a figure that exists; where it does not, its reason."""
    return found if isinstance(found, Missing) else spread([part[name] for part in parts])


def spread(estimates: Sequence[Figure]) -> Figure:
    """Standard error of an estimate from those of its independent replicates; the reason where one of them has none.

    The textbook sd/sqrt(n) does not hold for quasi-random points; the replicates are independent, so their mean's
    does (Owen 1997; L'Ecuyer and Lemieux 2002).
    """
    missing = next((each for each in estimates if isinstance(each, Missing)), None)
    if missing is not None:
        return missing
    if len(estimates) < 2:  # noqa: PLR2004 -- one replicate has no spread
        return Missing("one-replicate")
    with np.errstate(over="ignore", invalid="ignore"):
        return figure(float(np.std(np.array(estimates, dtype=np.float64), ddof=1) / np.sqrt(len(estimates))))


def _by_replicate(values: FloatArray, sizes: tuple[int, ...]) -> list[FloatArray]:
    return [part for part in np.split(values, np.cumsum(sizes)[:-1]) if len(part)]


def no_measures(reason: str) -> RiskMeasures:
    """Every figure missing, for one reason."""
    return RiskMeasures(**dict.fromkeys(RiskMeasures.__dataclass_fields__, Missing(reason)))


def standard_error(
    values: FloatArray, sizes: tuple[int, ...], estimate: Callable[[FloatArray], float | np.floating]
) -> float:
    """Standard error of an estimate (n,) -> number, from its `spread` between independent replicates."""
    error = spread([float(estimate(part)) for part in _by_replicate(values, sizes)])
    assert isinstance(error, float)
    return error


def share(condition: NDArray[np.bool_] | NDArray[np.uint8]) -> float:
    """Part of the draws (n,) in which something is so."""
    return float(np.count_nonzero(condition) / len(condition))


def quantile_estimate(values: FloatArray, sizes: tuple[int, ...], probability: float) -> Estimate:
    """A quantile of the draws (n,)."""
    parts = [float(np.quantile(part, probability)) for part in _by_replicate(values, sizes)]
    return Estimate(float(np.quantile(values, probability)), spread(parts))


def share_estimate(condition: NDArray[np.bool_] | NDArray[np.uint8], sizes: tuple[int, ...]) -> Estimate:
    """The share of the draws (n,) in which something is so."""
    return Estimate(share(condition), share_error(condition, sizes))


def share_error(condition: NDArray[np.bool_] | NDArray[np.uint8], sizes: tuple[int, ...]) -> float:
    """Standard error of a share, never below one draw: none in n draws does not mean never."""
    parts = np.split(condition.astype(np.bool_), np.cumsum(sizes)[:-1])
    error = spread([share(part) for part in parts if len(part)])
    return max(error if isinstance(error, float) else 0.0, 1.0 / len(condition))


def tail_mean(ordered: FloatArray, tail: float = TAIL) -> float:
    """Mean of the worst share of values (n,), ascending; a part of a draw counts in part (Acerbi and Tasche 2002)."""
    whole, part = divmod(tail * len(ordered), 1.0)
    count = int(whole)
    total = float(ordered[:count].sum())
    if part > 0:
        total += part * float(ordered[count])
    return total / (tail * len(ordered))


def certainty_equivalent(values: FloatArray, aversion: float) -> float:
    """Sure amount worth as much as the draws (n,) to constant absolute risk aversion: -ln E[exp(-a X)] / a.

    By log-sum-exp, exact from the draws however large the losses are (METHOD 7).
    """
    worst = float(values.min())
    if aversion * (float(values.max()) - worst) < np.finfo(np.float64).eps:
        return float(values.mean())
    # Losses are measured from the worst draw, whose exponential is then 1: nothing overflows. Less 1, so that even a
    # very small aversion keeps its digits.
    return worst - float(np.log1p(np.mean(np.expm1(-aversion * (values - worst))))) / aversion


def histogram(values: FloatArray) -> Histogram | None:
    """Forty bins of equal width from P0.5 to P99.5; draws outside count in the first and the last.

    None where the draws do not differ.
    """
    if not np.isfinite(values).all():
        return None
    low, high = (float(edge) for edge in np.quantile(values, (0.005, 0.995)))
    if not high > low:
        return None
    edges = np.linspace(low, high, _BINS + 1)
    if not np.all(np.diff(edges) > 0):
        return None
    counts = np.histogram(np.clip(values, low, high), edges)[0]
    return Histogram(edges=tuple(edges.tolist()), counts=tuple(counts.tolist()))


def fan(net: FloatArray, first_year: int) -> Fan:
    """Quantiles of the cumulative net flow by year; net: (n, years)."""
    ordered = np.sort(np.cumsum(net, axis=1).T.copy(), axis=1)
    rows = _quantiles_of_sorted(ordered, (0.05, 0.25, 0.5, 0.75, 0.95))
    p5, p25, p50, p75, p95 = (tuple(row.tolist()) for row in rows)
    years = tuple(range(first_year, first_year + net.shape[1]))
    return Fan(years=years, p5=p5, p25=p25, p50=p50, p75=p75, p95=p95)


def _quantiles_of_sorted(ordered: FloatArray, probabilities: tuple[float, ...]) -> list[FloatArray]:
    """Quantiles along the last axis, linear between order statistics (Hyndman and Fan's type 7)."""
    last = ordered.shape[-1] - 1
    result = []
    for probability in probabilities:
        below = int(probability * last)
        above, part = min(below + 1, last), probability * last - below
        result.append(np.asarray(ordered[..., below] * (1.0 - part) + ordered[..., above] * part))
    return result
