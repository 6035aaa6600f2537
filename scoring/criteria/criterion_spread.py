"""What one project's criteria are drawn from: their answers' evidence, their computed indicators' futures (ADR 20)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.criteria.computed import Basis
from scoring.criteria.drawn_levels import drawn_levels
from scoring.criteria.evidence_spread import DECIMALS, Doubt, evidence_spread
from scoring.criteria.scales import TOP, Level
from scoring.frameworks import Criterion, Indicator, ScaleKind
from scoring.parameters.evidence_grades import EvidenceWidths
from scoring.result import Missing

FULL = 100.0
DEBT_COVER = "debt-cover"


@dataclass(frozen=True, slots=True)
class CriterionSpread:
    """In points of the criterion's score; empty where nothing is off."""

    evidence: tuple[float, ...]
    """At each of `evidence_spread.KNOTS`."""
    futures: tuple[float, ...]
    """In each of the futures."""


def criterion_spread(
    criterion: Criterion, levels: Mapping[str, Level], basis: Basis, widths: EvidenceWidths, funding: str
) -> CriterionSpread:
    """Of one criterion with the weights that count for the project (METHOD 9, 10).

    funding: the indicator whose level stands in for the cover of debt where there is none; where it does, both are off
    together.
    """
    known = [item for item in criterion.indicators if not isinstance(levels[item.id].counted, Missing)]
    following = [item for item in known if item.rule == DEBT_COVER and basis.stands_in]
    weights = {item.id: item.weight for item in known if item.scale is not ScaleKind.COMPUTED}
    for item in following:
        weights[funding] = weights.get(funding, 0.0) + item.weight
    answers = basis.project.answers
    doubts = [
        Doubt(
            level=_counted(levels[name]),
            half_width=widths.half_width(answers[name].evidence),
            points=weight * FULL / TOP,
        )
        for name, weight in weights.items()
    ]
    return CriterionSpread(evidence_spread(doubts), _futures(known, following, levels, basis))


def _futures(
    known: list[Indicator], following: list[Indicator], levels: Mapping[str, Level], basis: Basis
) -> tuple[float, ...]:
    moved = np.zeros(1)
    for item in known:
        drawn = None if item in following or item.scale is not ScaleKind.COMPUTED else drawn_levels(item, basis)
        if drawn is not None:
            moved = moved + item.weight * FULL / TOP * (drawn - _counted(levels[item.id]))
    kept = np.round(moved, DECIMALS) + 0.0
    return tuple(kept.tolist()) if kept.any() else ()


def _counted(level: Level) -> float:
    assert not isinstance(level.counted, Missing)  # only what is known is drawn
    return level.counted
