"""The fiscal-risk matrix of PARAMETERS as frozen dataclasses; percentages of the file become fractions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scoring.parameters.reference_classes import Provenance, Status
from scoring.project_file import RiskCategory

_FILE = Path(__file__).with_name("fiscal_risks.toml")
LOW, MEDIUM, HIGH = "low", "medium", "high"
CLASSES = (LOW, MEDIUM, HIGH)
RATINGS = (LOW, MEDIUM, HIGH, "critical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Upper bounds of the low and the medium class; a value at a bound is in the next."""

    low: float
    medium: float

    def class_of(self, value: float) -> str:
        if value < self.low:
            return LOW
        return MEDIUM if value < self.medium else HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalRiskParameters:
    key: str
    version: int
    likelihood: Bands
    """Of the probability over the life."""
    impact: Bands
    """Of the impact as a share of public money."""
    band_provenance: Provenance
    ratings: Mapping[tuple[str, str], str]
    """By class of likelihood and class of impact."""
    rating_provenance: Provenance
    categories: Mapping[RiskCategory, str]
    """Titles, in the order of the matrix."""
    category_provenance: Provenance

    @property
    def name(self) -> str:
        return f"{self.key}@{self.version}"

    def rating(self, likelihood: str, impact: str) -> str:
        return self.ratings[likelihood, impact]


@lru_cache(maxsize=1)
def load_fiscal_risks() -> FiscalRiskParameters:
    """The built-in matrix, read once."""
    return parse(_FILE.read_text(encoding="utf-8"))


def parse(text: str) -> FiscalRiskParameters:
    """The matrix from TOML text. Raises KeyError or ValueError where a cell, a bound or a category is missing."""
    data = tomllib.loads(text)
    categories = {RiskCategory(key): title for key, title in data["categories"].items()}
    if missing := set(RiskCategory) - set(categories):
        raise ValueError(f"No title for {', '.join(sorted(missing))}")
    ratings = {(row, column): data["ratings"][row][column] for row in CLASSES for column in CLASSES}
    if unknown := set(ratings.values()) - set(RATINGS):
        raise ValueError(f"No rating is called {', '.join(sorted(unknown))}")
    return FiscalRiskParameters(
        key=data["key"],
        version=data["version"],
        likelihood=_bands(data["bands"]["likelihood"]),
        impact=_bands(data["bands"]["impact"]),
        band_provenance=_provenance(data["bands"]),
        ratings=MappingProxyType(ratings),
        rating_provenance=_provenance(data["ratings"]),
        categories=MappingProxyType(categories),
        category_provenance=_provenance(data["categories_source"]),
    )


def _bands(row: Mapping[str, float]) -> Bands:
    low, medium = row[LOW] / 100, row[MEDIUM] / 100
    if not 0.0 < low < medium:
        raise ValueError(f"Bounds rise from above 0: {low:g}, {medium:g}")
    return Bands(low=low, medium=medium)


def _provenance(row: Mapping[str, Any]) -> Provenance:
    return Provenance(status=Status(row["status"]), date=row["date"], source=row["source"])
