"""How far a level may be off by the grade of its evidence, as a frozen dataclass (METHOD 9, ADR 20)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from scoring.parameters.reference_classes import Provenance, Status
from scoring.vocabulary import EvidenceGrade

_FILE = Path(__file__).with_name("evidence_grades.toml")
WIDEST = 4.0
"""Levels on the whole scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWidths:
    key: str
    version: int
    half_widths: Mapping[EvidenceGrade, float]
    """In levels; better evidence is never wider."""
    provenance: Provenance

    @property
    def name(self) -> str:
        return f"{self.key}@{self.version}"

    def half_width(self, grade: EvidenceGrade | None) -> float:
        """Of an answer with this evidence; no grade counts as a claim."""
        return self.half_widths[grade or EvidenceGrade.CLAIM]


@lru_cache(maxsize=1)
def load_evidence_widths() -> EvidenceWidths:
    """The built-in widths, read once."""
    return parse(_FILE.read_text(encoding="utf-8"))


def parse(text: str) -> EvidenceWidths:
    """The widths from TOML text. Raises KeyError where a grade is missing, ValueError where one cannot be."""
    data = tomllib.loads(text)
    widths = {grade: float(data["half_widths"][grade.value]) for grade in EvidenceGrade}
    if not all(0 <= width <= WIDEST for width in widths.values()):
        raise ValueError(f"Half-widths lie between 0 and {WIDEST:g} levels")
    if any(better > worse for worse, better in pairwise(widths.values())):
        raise ValueError("Better evidence must not make a level less sure")
    row = data["provenance"]
    return EvidenceWidths(
        key=data["key"],
        version=data["version"],
        half_widths=MappingProxyType(widths),
        provenance=Provenance(status=Status(row["status"]), date=row["date"], source=row["source"]),
    )
