"""The fiscal-risk matrix: likelihood x fiscal impact x mitigation -> rating, by category (METHOD 7, PARAMETERS)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.parameters.fiscal_risks import FiscalRiskParameters
from scoring.project_file import DriverName, FlowKind, ProjectFile, RiskCategory, RiskEvent
from scoring.result import Figure, FiscalRisk, FiscalRisks, Missing, StrandedLoss
from scoring.returns.figures import figure
from scoring.returns.flows import Flows
from scoring.risk.build import Built
from scoring.risk.events import Events, compile_events
from scoring.risk.public_money import privately_owned

P95 = 0.95
PUBLIC_MONEY, CAPITAL_COST = "public-money", "capital-cost"
NOT_STATED, IN_THE_DRAWS, NO_IMPACT = "not-stated", "in-the-draws", "no-impact-stated"
_AS_DRIVERS = {
    RiskCategory.DEMAND: {DriverName.DEMAND, DriverName.REVENUE, DriverName.PRICE},
    RiskCategory.CONSTRUCTION: {DriverName.CAPEX, DriverName.DELAY},
    RiskCategory.OPERATION: {DriverName.OPEX},
    RiskCategory.EXCHANGE_RATE: {DriverName.EXCHANGE_RATE},
}
"""Categories that a project may state as what moves its cash flows in place of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What a project says of its risks to the public purse; money in its currency and unit."""

    events: Sequence[RiskEvent]
    compiled: Events
    """The same events after mitigation."""
    drivers: frozenset[DriverName]
    """What the draws move."""
    hazard: float
    stranded: StrandedLoss
    operating_years: int
    revenue: float
    """Mean yearly revenue in operation."""
    cost_of_delay: float
    """Overheads of a year's delay."""
    base: Figure
    """Public money, or capital cost where none is asked."""
    base_is: str
    borne_by_public: bool


def exposure_of(
    project: ProjectFile, flows: Flows, built: Built, base: Figure, base_is: str, stranded: StrandedLoss
) -> Exposure:
    """The exposure of a project made ready to simulate."""
    model, timeline = built.model, built.timeline
    revenue = flows.total(FlowKind.REVENUE)[timeline.opening : timeline.end]
    return Exposure(
        events=project.uncertainty.events if project.uncertainty else (),
        compiled=model.events,
        drivers=frozenset(driver.name for driver in model.drivers),
        hazard=model.hazard,
        stranded=stranded,
        operating_years=timeline.operating_years,
        revenue=float(revenue.mean()),
        cost_of_delay=model.plan.overhead_per_year * float(model.plan.build_capex.sum()),
        base=base,
        base_is=base_is,
        borne_by_public=not privately_owned(project),
    )


@dataclass(frozen=True, slots=True)
class _Risk:
    """One event, or stranding, over the life."""

    name: str
    probability: float
    expected: Figure
    p95: Figure
    mitigated: bool


def fiscal_risk_matrix(exposure: Exposure, parameters: FiscalRiskParameters) -> FiscalRisks:
    """One row a category. A category of which nothing is stated is not assessed: unknown is not zero.

    An event costs what it is stated to cost, the revenue it takes while it lasts, and the overheads of its delay. The
    events of a category are taken as independent: their likelihoods combine, their expected costs add up, the worst
    decides the impact. Mitigation lowers probability and impact; the rating before it is given beside. Stranding by
    obsolescence is in present values, at the financial rate.
    """
    before = _before_mitigation(exposure)
    rows = tuple(
        _row(category, title, exposure, before, parameters) for category, title in parameters.categories.items()
    )
    return FiscalRisks(
        base=exposure.base,
        base_is=exposure.base_is,
        borne_by_public=exposure.borne_by_public,
        parameters=parameters.name,
        rows=rows,
    )


def _before_mitigation(exposure: Exposure) -> Exposure:
    if not any(event.mitigation for event in exposure.events):
        return exposure
    bare = [replace(event, mitigation=None) for event in exposure.events]
    return replace(exposure, compiled=compile_events(bare)[0])


def _row(
    category: RiskCategory, title: str, exposure: Exposure, before: Exposure, parameters: FiscalRiskParameters
) -> FiscalRisk:
    risks = _risks(category, exposure)
    if not risks:
        drawn = bool(exposure.drivers & _AS_DRIVERS.get(category, set()))
        return _unassessed(category, title, IN_THE_DRAWS if drawn else NOT_STATED)
    p95 = _worst(risks)
    likelihood, impact = _classes(risks, exposure.base, parameters)
    likelier, worse = _classes(_risks(category, before), exposure.base, parameters)
    return FiscalRisk(
        category=category,
        title=title,
        events=tuple(risk.name for risk in risks),
        probability=_together(risks),
        expected=_sum(risks),
        p95=p95,
        impact_share=_share(p95, exposure.base),
        likelihood=likelihood,
        impact=impact,
        mitigated=all(risk.mitigated for risk in risks),
        rating=parameters.rating(likelihood, impact) if impact else None,
        rating_before_mitigation=parameters.rating(likelier, worse) if worse else None,
        not_assessed=None if impact else _reason(p95, exposure.base),
    )


def _risks(category: RiskCategory, exposure: Exposure) -> list[_Risk]:
    found = [_event(event, at, exposure) for at, event in enumerate(exposure.events) if event.category is category]
    if category is RiskCategory.TECHNOLOGY_OBSOLESCENCE and exposure.hazard > 0.0:
        chance = 1.0 - (1.0 - exposure.hazard) ** exposure.operating_years
        lost = exposure.stranded
        found.append(_Risk("obsolescence", chance, lost.financial, lost.financial_p95, mitigated=False))
    return found


def _event(event: RiskEvent, at: int, exposure: Exposure) -> _Risk:
    """Over the life: a yearly event may happen in every year of operation, and its costs then add up."""
    compiled, years = exposure.compiled, exposure.operating_years
    probability, yearly = float(compiled.probability[at]), bool(compiled.yearly[at])
    over_life = 1.0 - (1.0 - probability) ** years if yearly else probability
    mitigated = event.mitigation is not None
    if event.cost is None and event.delay is None and event.revenue_factor == 1.0:
        none = Missing(NO_IMPACT)
        return _Risk(event.name, over_life, none, none, mitigated)
    lost = (1.0 - float(compiled.use_factor[at])) * exposure.revenue * min(int(compiled.years[at]), years)
    costs = compiled.cost[at] + compiled.delay[at] * exposure.cost_of_delay + lost
    times = probability * years if yearly else probability
    return _Risk(event.name, over_life, figure(times * costs.mean()), figure(float(np.quantile(costs, P95))), mitigated)


def _together(risks: Sequence[_Risk]) -> float:
    return 1.0 - float(np.prod([1.0 - risk.probability for risk in risks]))


def _sum(risks: Sequence[_Risk]) -> Figure:
    """Of those that state an impact; Missing where none does."""
    known = [risk.expected for risk in risks if not isinstance(risk.expected, Missing)]
    return sum(known) if known else risks[0].expected


def _worst(risks: Sequence[_Risk]) -> Figure:
    known = [risk.p95 for risk in risks if not isinstance(risk.p95, Missing)]
    return max(known) if known else risks[0].p95


def _classes(risks: Sequence[_Risk], base: Figure, parameters: FiscalRiskParameters) -> tuple[str, str | None]:
    impact = _share(_worst(risks), base)
    likelihood = parameters.likelihood.class_of(_together(risks))
    return likelihood, None if isinstance(impact, Missing) else parameters.impact.class_of(impact)


def _share(p95: Figure, base: Figure) -> Figure:
    if isinstance(p95, Missing):
        return p95
    return base if isinstance(base, Missing) else p95 / base


def _reason(p95: Figure, base: Figure) -> str | None:
    return next((value.reason for value in (p95, base) if isinstance(value, Missing)), None)


def nothing_assessed(
    reason: str, base_is: str, parameters: FiscalRiskParameters, *, borne_by_public: bool
) -> FiscalRisks:
    """The matrix with no category assessed, for one reason."""
    rows = tuple(_unassessed(category, title, reason) for category, title in parameters.categories.items())
    return FiscalRisks(
        base=Missing(reason), base_is=base_is, borne_by_public=borne_by_public, parameters=parameters.name, rows=rows
    )


def _unassessed(category: RiskCategory, title: str, reason: str) -> FiscalRisk:
    none = Missing(reason)
    return FiscalRisk(
        category=category,
        title=title,
        events=(),
        probability=none,
        expected=none,
        p95=none,
        impact_share=none,
        likelihood=None,
        impact=None,
        mitigated=None,
        rating=None,
        rating_before_mitigation=None,
        not_assessed=reason,
    )
