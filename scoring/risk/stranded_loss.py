"""What obsolescence takes from a project on average (METHOD 8)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scoring.result import Missing, StrandedLoss
from scoring.returns.figures import figure
from scoring.risk.measures import standard_error
from scoring.risk.plan import ECONOMIC, FINANCIAL
from scoring.risk.simulation import Draws, Model

_ROUNDING = 1e-9
"""Of the largest loss: what the two ways to compute an NPV may differ by."""


def stranded_loss(model: Model, drawn: Draws, again: Callable[[Model], Draws]) -> StrandedLoss:
    """Mean NPV without the hazard less mean NPV with it; below zero where salvage brings more than going on.

    again: the same draws of another model, so that nothing but the stranding differs.
    Missing("no-obsolescence") without a hazard.
    """
    if model.hazard <= 0.0:
        return no_loss("no-obsolescence")
    spared = again(replace(model, hazard=0.0))
    with np.errstate(invalid="ignore"):
        economic, financial = (spared.npv[:, measure] - drawn.npv[:, measure] for measure in (ECONOMIC, FINANCIAL))
        stranded = financial[np.abs(financial) > _ROUNDING * np.abs(financial).max()]
        return StrandedLoss(
            economic=figure(economic.mean()),
            economic_se=figure(standard_error(economic, drawn.sizes, np.mean)),
            financial=figure(financial.mean()),
            financial_se=figure(standard_error(financial, drawn.sizes, np.mean)),
            financial_p95=figure(np.quantile(stranded, 0.95)) if stranded.size else Missing("never-stranded"),
        )


def no_loss(reason: str) -> StrandedLoss:
    """Every figure missing, for one reason."""
    return StrandedLoss(**dict.fromkeys(StrandedLoss.__dataclass_fields__, Missing(reason)))
