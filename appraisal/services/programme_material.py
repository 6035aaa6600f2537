"""What a programme is chosen from: the ranked projects with their value, its spread, and when each can start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import simplejson
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Round
from appraisal.policy import Action, Actor
from appraisal.services.exploring import Exploration
from appraisal.services.frameworks import framework_of
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme_risk import Histogram, Losses
from appraisal.services.ranked_runs import runs_behind
from appraisal.services.yearly_calls import Calls
from appraisal.transactions import reading
from scoring.frameworks import Framework
from scoring.project_file import PriceBasis, Prices, Rate

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a programme is chosen from: the projects in the round's currency, in the order of their references."""

    held: Round
    rows: tuple[PortfolioRow, ...]
    values: FloatArray
    """(n,), certainty equivalent of the economic NPV; NaN where it does not exist."""
    losses: tuple[Histogram | None, ...]
    """Each project's economic NPV over the draws."""
    calls: Mapping[str, Calls]
    """By reference, in single units."""
    rates: tuple[Rate, ...]
    """The social rate of each project, at which another start year is discounted."""

    @cached_property
    def years(self) -> dict[str, int]:
        """The year in which each project's investment begins; without those that have none by year."""
        firsts = {
            reference: min((year for (year, source), sum_ in calls.items() if not source and sum_), default=None)
            for reference, calls in self.calls.items()
        }
        return {reference: year for reference, year in firsts.items() if year is not None}

    @cached_property
    def drawn_losses(self) -> Losses:
        return Losses(self.losses)

    @property
    def missing(self) -> tuple[PortfolioRow, ...]:
        """Without a value, and therefore not to be chosen."""
        return tuple(row for row in self._valueless() if not row.committed)

    @property
    def unvalued(self) -> tuple[PortfolioRow, ...]:
        """Approved without a value: their cost counts, and the programme's value leaves them out."""
        return tuple(row for row in self._valueless() if row.committed)

    @property
    def committed(self) -> tuple[str, ...]:
        return tuple(row.reference for row in self.rows if row.committed)

    def _valueless(self) -> list[PortfolioRow]:
        return [row for row, value in zip(self.rows, self.values, strict=True) if np.isnan(value)]

    def factor(self, at: int, shift: int) -> float:
        """What 1 of a project's value is worth where it starts `shift` years later than planned (METHOD 1)."""
        from scoring.returns.discounting import discount_factors  # noqa: PLC0415 -- only where a start year moves

        if not shift:
            return 1.0
        factors = discount_factors(self.rates[at], abs(shift) + 1)
        return float(factors[-1] if shift > 0 else 1 / factors[-1])


def material_of(session: Session, actor: Actor, explored: Exploration) -> Material | None:
    """Values and losses of what is ranked, from the stored results; None without a round; raises NotAllowed."""
    held = explored.portfolio.round
    if held is None:
        return None
    rows = tuple(
        sorted(
            (row for row in explored.portfolio.everyone if row.currency == held.currency),
            key=lambda row: row.reference,
        )
    )
    with reading(session):
        policy.require(actor, Action.READ_PORTFOLIO)
        stored = dict(_stored(session, actor, rows))
    scales = [row.unit / held.unit for row in rows]
    return Material(
        held=held,
        rows=rows,
        values=np.array([_value(stored[row.run][0], scale) for row, scale in zip(rows, scales, strict=True)]),
        losses=tuple(_histogram(stored[row.run][0], scale) for row, scale in zip(rows, scales, strict=True)),
        calls={row.reference: explored.calls.get(row.reference, {}) for row in rows},
        rates=tuple(stored[row.run][1] for row in rows),
    )


def _stored(
    session: Session, actor: Actor, rows: Iterable[PortfolioRow]
) -> Iterable[tuple[int, tuple[Mapping[str, Any], Rate]]]:
    """By the number of its run, the risk of each project and its social rate."""
    for number, run in runs_behind(session, actor, rows).items():
        framework = framework_of(run.framework_version)
        yield number, (simplejson.loads(run.result)["risk"], _social(simplejson.loads(run.snapshot), framework))


def _social(document: Mapping[str, Any], framework: Framework) -> Rate:
    """The social rate of a frozen project file, or the framework's on the basis of its prices (METHOD 1)."""
    from scoring.returns.rates import on_basis  # noqa: PLC0415 -- only where a programme is chosen

    own = (document.get("rates") or {}).get("social")
    if own is not None:
        return tuple((int(since), float(rate)) for since, rate in own) if isinstance(own, list) else float(own)
    prices = document.get("prices") or {}
    basis = PriceBasis(prices.get("basis", PriceBasis.REAL))
    return on_basis(framework.economics.social_rate, Prices(basis=basis, inflation=prices.get("inflation")))


def _value(risk: Mapping[str, Any], scale: float) -> float:
    value = risk["economic_npv"]["certainty_equivalent"]
    return np.nan if value is None else float(value) * scale


def _histogram(risk: Mapping[str, Any], scale: float) -> Histogram | None:
    histogram = risk["economic_histogram"]
    if histogram is None:
        return None
    return np.array(histogram["edges"], dtype=np.float64) * scale, np.array(histogram["counts"], dtype=np.float64)
