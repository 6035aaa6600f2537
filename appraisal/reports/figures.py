"""How figures are written for people: never more digits than are known, a missing figure as its reason.

A standard error, where there is one, decides the last digit shown; without one, three figures and at most one decimal.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from appraisal.reports.reasons import reason_short
from scoring.project_file import PriceBasis, ProjectFile
from scoring.result import Figure, Missing

EXACTLY = Context(prec=400)
"""Room for every digit of the largest figure there is."""
MINUS = "\N{MINUS SIGN}"
ROUGH = 0.1
"""Standard error of a chance from which only its tens are known."""
RARE = 0.005
"""A chance that would round to none of 100."""
UNIT_WORDS = {1: "", 1_000: " thousand", 1_000_000: " million"}


def reason(missing: Missing) -> str:
    """A few words for why a figure does not exist."""
    return reason_short(missing.reason)


def _missing(missing: Missing) -> str:
    return f"none: {reason(missing)}"


def decimals_for(value: float, se: Figure | None = None) -> int:
    """Decimals to show; negative means rounding to tens, hundreds, …

    No place below the first digit of the standard error is shown.
    """
    size = abs(value)
    if size == 0 or size >= 100:  # noqa: PLR2004 -- three figures
        plain = 0
    elif size >= 1:
        plain = 1
    else:
        plain = min(6, 1 - math.floor(math.log10(size)))
    if isinstance(se, float | int) and se > 0:
        return min(plain, -math.floor(math.log10(se)))
    return plain


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """Thousands separated, U+2212 for minus, halves away from zero; a rounded zero has no sign."""
    exact = Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACTLY)
    text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    if rounded == 0:
        return text
    sign = MINUS if rounded < 0 else "+" if signed else ""
    return f"{sign}{text}"


def error(se: float) -> str:
    """A standard error itself, with two figures at most."""
    return number(se, 1 - math.floor(math.log10(se)))


def money(value: Figure, se: Figure | None = None, *, signed: bool = False) -> str:
    """An amount in the report's unit."""
    if isinstance(value, Missing):
        return _missing(value)
    return number(value, decimals_for(value, se), signed=signed)


def money_in(value: float, unit: str) -> str:
    """An amount with its unit as sentences have it: `USD 40.7 million` of 40.7 and `USD million`."""
    first, _, scale = unit.partition(" ")
    return f"{first} {money(value)} {scale}".strip() if first.isupper() else f"{money(value)} {unit}"


def percent(value: Figure, se: Figure | None = None) -> str:
    """A fraction as a percentage with at most one decimal."""
    if isinstance(value, Missing):
        return _missing(value)
    points_se = se * 100 if isinstance(se, float | int) else None
    return f"{number(value * 100, min(1, decimals_for(value * 100, points_se)))}%"


def share(value: Figure) -> str:
    """A fraction as a whole percentage, for weights and completeness."""
    return _missing(value) if isinstance(value, Missing) else f"{number(value * 100, 0)}%"


def chance(value: Figure, se: Figure | None = None) -> str:
    """A probability as a count in 100; to the nearest ten where the draws carry no more."""
    if isinstance(value, Missing):
        return _missing(value)
    if isinstance(se, float | int) and se >= ROUGH:
        return f"about {round(value * 10) * 10} in 100"
    if value < RARE:
        return "under 1 in 100"
    if value >= 1 - RARE:
        return "over 99 in 100"
    return f"{number(value * 100, 0)} in 100"


def of_draws(words: str) -> str:
    """A chance as a share of the draws: `16 in 100` becomes `16 of 100 draws`."""
    return f"{words.replace(' in 100', ' of 100')} draws"


def ratio(value: Figure) -> str:
    """A benefit-cost or similar ratio: one decimal, two below one so that 0.96 is not read as 1."""
    if isinstance(value, Missing):
        return _missing(value)
    return number(value, 1 if abs(value) >= 1 else 2)


def cover(value: Figure) -> str:
    """A debt cover ratio: two decimals, as covenants state them."""
    return _missing(value) if isinstance(value, Missing) else number(value, 2)


def years(value: Figure) -> str:
    return _missing(value) if isinstance(value, Missing) else f"{number(value, 1)} years"


def calendar_year(value: Figure) -> str:
    return _missing(value) if isinstance(value, Missing) else str(int(value))


def score(value: Figure) -> str:
    """A score of 0-100 as a whole number."""
    return _missing(value) if isinstance(value, Missing) else number(value, 0)


def score_range(low: float, high: float) -> str:
    return score(low) if round(low) == round(high) else f"{score(low)} to {score(high)}"


def points(value: Figure) -> str:
    """Points of the total, one decimal so that small contributions show."""
    return _missing(value) if isinstance(value, Missing) else number(value, 1)


def level(value: Figure) -> str:
    """A level of 0-4; one decimal only where a numeric answer fell between two levels."""
    if isinstance(value, Missing):
        return "unknown" if value.reason == "unanswered" else _missing(value)
    return number(value, 0 if float(value).is_integer() else 1)


def amounts(values: Sequence[Decimal]) -> list[str]:
    """Typed amounts with the decimals that the most exact of them has, at most two."""
    decimals = min(2, max((_decimals(value) for value in values), default=0))
    rounded = [value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) for value in values]
    return [f"{MINUS}{-value:,f}" if value < 0 else f"{abs(value):,f}" for value in rounded]


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """What the money of a report is counted in."""

    currency: str
    unit: int
    price_basis: PriceBasis
    base_year: int | None

    @classmethod
    def of(cls, project: ProjectFile) -> "MoneyUnit":
        return cls(project.currency, project.unit, project.prices.basis, project.prices.base_year)

    def written(self, figure: str) -> str:
        """A written figure with its currency before and its magnitude after it: "USD 3.4 million"."""
        return f"{self.currency} {figure}{UNIT_WORDS.get(self.unit, f' × {self.unit:,}')}"

    @property
    def short(self) -> str:
        return f"{self.currency}{UNIT_WORDS.get(self.unit, f' × {self.unit:,}')}"

    @property
    def long(self) -> str:
        if self.price_basis is PriceBasis.NOMINAL:
            return f"{self.short}, prices of each year"
        year = f" of {self.base_year}" if self.base_year is not None else ""
        return f"{self.short}, constant prices{year}"
