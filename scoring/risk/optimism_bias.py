"""Optimism bias: the upper bound less what evidence shows to be mitigated (PARAMETERS)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from scoring.errors import InputError, InputProblem
from scoring.limits import MAX_BENEFIT_BIAS, MAX_FACTOR
from scoring.parameters.reference_classes import Bounds, OptimismBias, Parameters
from scoring.project_file import BiasMitigation, BiasTarget, DriverName, EvidenceGrade, StatedBias
from scoring.result import BiasTaken
from scoring.risk.marginals import Marginal
from scoring.risk.reference_fits import bias_factor, shortfall_factor

PATH = "uncertainty.optimism_bias"
ROUNDING = 1e-6
"""Shares typed with a few decimals may miss their sum by this much."""
DRIVERS: Mapping[BiasTarget, DriverName] = MappingProxyType(
    {
        BiasTarget.CAPEX: DriverName.CAPEX,
        BiasTarget.DURATION: DriverName.DELAY,
        BiasTarget.OPEX: DriverName.OPEX,
        BiasTarget.BENEFITS: DriverName.BENEFITS,
    }
)


def mitigated(stated: StatedBias | None, target: BiasTarget) -> float:
    """Sum of the mitigated contributions to one bias, 0 to 1; what has no evidence better than a claim counts 0."""
    counted = (each for each in (stated.mitigations if stated else ()) if each.applies_to is target)
    return float(min(sum(each.contribution * each.mitigated for each in counted if evidenced(each)), 1.0))


def taken(target: BiasTarget, bounds: Bounds, stated: StatedBias | None) -> BiasTaken:
    """The bias that is left, upper x (1 - mitigated), and at least the lower bound (PARAMETERS)."""
    share = mitigated(stated, target)
    return BiasTaken(
        applies_to=target.value,
        upper=bounds.upper,
        lower=bounds.lower,
        mitigated=share,
        resultant=max(bounds.upper * (1.0 - share), bounds.lower),
    )


def factor_of(bias: BiasTaken) -> Marginal:
    """The bias as a factor on the plan, whose mean is the bias that is left."""
    bounds = Bounds(upper=bias.resultant, lower=bias.lower)
    return shortfall_factor(bounds) if bias.applies_to == BiasTarget.BENEFITS else bias_factor(bounds)


def stated_bounds(stated: StatedBias | None, target: BiasTarget, parameters: Parameters) -> Bounds | None:
    """Bounds the project gives itself, or those of its types of work weighted by their shares; None without either."""
    if stated is None:
        return None
    for own in stated.bounds:
        if own.applies_to is target:
            return Bounds(upper=own.upper, lower=own.lower)
    rows = [(part.share, published_bounds(parameters.optimism_bias[part.type], target)) for part in stated.mix]
    known = [(share, bounds) for share, bounds in rows if bounds is not None]
    if not known:
        return None
    return Bounds(
        upper=sum(share * bounds.upper for share, bounds in known),
        lower=sum(share * bounds.lower for share, bounds in known),
    )


def class_bounds(lines: Sequence[tuple[str | None, float]], target: BiasTarget, parameters: Parameters) -> Bounds:
    """Bounds of the classes of capital cost lines, (class, amount), weighted by amount.

    Those of the unknown class where nothing is spent.
    """
    spent = [(name, amount) for name, amount in lines if amount > 0] or [(None, 1.0)]
    total = sum(amount for _, amount in spent)
    upper = lower = 0.0
    for name, amount in spent:
        bounds = published_bounds(parameters.optimism_bias[parameters.class_of(name).bias], target)
        assert bounds is not None
        upper, lower = upper + bounds.upper * amount / total, lower + bounds.lower * amount / total
    return Bounds(upper=upper, lower=lower)


def check(stated: StatedBias | None, parameters: Parameters) -> None:
    """Raises InputError for a type of work not in the table, shares that do not add up, impossible bounds."""
    if stated is None:
        return
    rows, problems = parameters.optimism_bias, []
    for at, part in enumerate(stated.mix):
        if part.type not in rows:
            message = f"There is no type “{part.type}”; there are: {', '.join(rows)}."
            problems.append(InputProblem(f"{PATH}.mix[{at}].type", message))
    works = sum(part.share for part in stated.mix if part.type in rows and rows[part.type].capex)
    if works and abs(works - 1.0) > ROUNDING:
        message = f"The shares of the types of work add up to {works:g}; they must add up to 1."
        problems.append(InputProblem(f"{PATH}.mix", message))
    for at, own in enumerate(stated.bounds):
        most = MAX_BENEFIT_BIAS if own.applies_to is BiasTarget.BENEFITS else MAX_FACTOR
        if not 0.0 <= own.lower <= own.upper <= most:
            message = f"The bounds {own.lower:g} to {own.upper:g} must lie between 0 and {most:g}, the lower first."
            problems.append(InputProblem(f"{PATH}.bounds[{at}]", message))
    if problems:
        raise InputError(*problems)


def in_words(bias: BiasTaken, of: str) -> str:
    """What was taken, and why, as a sentence."""
    worse = "less" if bias.applies_to == BiasTarget.BENEFITS else "more"
    unless = f"{bias.mitigated:.0%} of it mitigated with evidence" if bias.mitigated else "nothing of it is mitigated"
    return (
        f"Optimism bias of {bias.applies_to}, {of}: {bias.upper:.1%} {worse} than planned, {unless}, so "
        f"{bias.resultant:.1%} on average; the lower bound is {bias.lower:.1%}."
    )


def evidenced(mitigation: BiasMitigation) -> bool:
    """Whether a mitigation counts: with evidence better than a claim."""
    return mitigation.evidence not in (None, EvidenceGrade.CLAIM)


def published_bounds(row: OptimismBias, target: BiasTarget) -> Bounds | None:
    """The published bounds; for benefits nothing is published."""
    by_target = {BiasTarget.CAPEX: row.capex, BiasTarget.DURATION: row.duration, BiasTarget.OPEX: row.opex}
    return by_target.get(target)
