"""Risks in plain words: how likely, what they cost or delay, what is done about them."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from scoring.limits import MAX_AMOUNT_DECIMALS
from scoring.parameters.fiscal_risks import load_fiscal_risks
from scoring.project_file import Distribution, Family, Mitigation, RiskEvent

MONTHS = 12
PER_LIFE, PER_YEAR = "life", "year"
WHEN = {
    PER_LIFE: "At most once, over the whole life of the project",
    PER_YEAR: "In any year of operation, and again in another",
}
LIKELIHOODS = {
    "0.02": "Very unlikely: 1 in 50 (2%)",
    "0.1": "Unlikely: 1 in 10 (10%)",
    "0.25": "Possible: 1 in 4 (25%)",
    "0.5": "As likely as not: 1 in 2 (50%)",
    "0.75": "Likely: 3 in 4 (75%)",
}
"""Words for a probability, which stands beside them: the same word means different numbers to different people."""
_STEP = Decimal(1).scaleb(-MAX_AMOUNT_DECIMALS)
_AMBIGUOUS = 3
"""Decimals: 1.014 may also be one thousand and fourteen."""
_SHOWN = ("low", "mode", "high", "p10", "p50", "p90", "mean", "sd")


def category_titles() -> dict[str, str]:
    """Category -> title, in the order of the fiscal-risk matrix."""
    return {category.value: title for category, title in load_fiscal_risks().categories.items()}


def figure_text(value: float, scale: int = 1) -> str:
    """A figure as a field reads it back: no exponent, and never the three decimals that could be thousands."""
    text = _plain(value, scale)
    return f"{text}0" if len(text.partition(".")[2]) == _AMBIGUOUS else text


def lowered_text(left: float) -> str:
    """What a factor takes away, in per cent: 0.9 lowers by 10."""
    return figure_text(float(1 - Decimal(repr(left))), 100)


def said_distribution(stated: Distribution) -> str:
    given = ", ".join(f"{name} {value:g}" for name in _SHOWN if (value := getattr(stated, name)) is not None)
    return f"{stated.family.value}{f', {given}' if given else ''}"


def three_of(stated: Distribution | None) -> tuple[float, float, float] | None:
    """Least, likeliest and greatest where nothing else is said; None where it is stated in another way."""
    if stated is None or stated.low is None or stated.mode is None or stated.high is None:
        return None
    if stated != triangular(stated.low, stated.mode, stated.high):
        return None
    return stated.low, stated.mode, stated.high


def triangular(low: float, likely: float, high: float) -> Distribution:
    return Distribution(family=Family.TRIANGULAR, low=low, mode=likely, high=high)


def said_risk(event: RiskEvent, money: str) -> Mapping[str, str]:
    """What is said of a risk, by what it is about; `money` is the currency and unit."""
    return dict(_said(event, money))


def said_likelihood(event: RiskEvent) -> str:
    when = "in each year of operation" if event.per == PER_YEAR else "over the whole life"
    return f"{_plain(event.probability, 100)}% {when}"


def said_effects(event: RiskEvent, money: str) -> Iterator[tuple[str, str]]:
    """(what is hit, by how much) of each effect that is stated."""
    if event.cost is not None:
        yield "extra cost", _impact(event.cost, money, 1)
    if event.delay is not None:
        yield "delay", _impact(event.delay, "months", MONTHS)
    if event.revenue_factor != 1:
        years = "1 year" if event.years == 1 else f"{event.years} years"
        yield "revenue and benefits", f"{_lowered(event.revenue_factor)}% lost for {years}"


def said_mitigation(mitigation: Mitigation, money: str) -> Iterator[tuple[str, str]]:
    if mitigation.measure:
        yield "what is done", mitigation.measure
    if mitigation.cost:
        yield "what that costs", f"{_with_unit(_grouped(mitigation.cost), money)} at the start"
    chance, impact = mitigation.probability_factor, mitigation.impact_factor
    lowered = [
        f"the {what} by {_lowered(left)}%" for what, left in (("chance", chance), ("effect", impact)) if left != 1
    ]
    if lowered:
        yield "what that lowers", " and ".join(lowered)


def _said(event: RiskEvent, money: str) -> Iterator[tuple[str, str]]:
    yield "kind", load_fiscal_risks().categories[event.category]
    yield "how likely", said_likelihood(event)
    yield from said_effects(event, money)
    if event.mitigation is not None:
        yield from said_mitigation(event.mitigation, money)


def _impact(stated: Distribution, unit: str, scale: int) -> str:
    three = three_of(stated)
    if three is None:
        other = "years" if unit == "months" else unit
        return f"{said_distribution(stated)}{f', in {other}' if other else ''}"
    low, likely, high = (_grouped(value, scale) for value in three)
    return f"{_with_unit(f'{low} to {high}', unit)}, likeliest {likely}"


def _plain(value: float, scale: int = 1) -> str:
    """A figure without exponent, with as many decimals as a field takes."""
    rounded = (Decimal(repr(value)) * scale).quantize(_STEP, rounding=ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}" if rounded else "0"


def _lowered(left: float) -> str:
    return _plain(float(1 - Decimal(repr(left))), 100)


def _with_unit(figure: str, unit: str) -> str:
    """The figure with its unit, unless a table names that once for all."""
    return f"{figure} {unit}".strip()


def _grouped(value: float, scale: int = 1) -> str:
    whole, point, rest = _plain(value, scale).partition(".")
    return f"{int(whole):,}{point}{rest}"
