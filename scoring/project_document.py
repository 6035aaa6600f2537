"""A project file as a plain document: nested dicts and lists in the layout of `appraisal-project/1`, ready for JSON.

Amounts stay exact decimals. What is optional and not stated is left out, so that reading the document gives an equal
project file back.
"""

from collections.abc import Mapping
from typing import Any

from scoring.project_file import (
    SCHEMA,
    Answer,
    BiasMitigation,
    CashFlowLine,
    CashFlows,
    Correlation,
    DebtTranche,
    Distribution,
    Driver,
    Financing,
    Output,
    Partner,
    Prices,
    ProjectFile,
    Rate,
    Rates,
    RiskEvent,
    Safeguards,
    StatedBias,
    Uncertainty,
)
from scoring.project_options import AbandonOption, DelayOption, Option

Document = dict[str, Any]


def to_document(project: ProjectFile) -> Document:
    """The project file as JSON-ready dicts and lists, keys in the order of PROJECT-FILE.

    Amounts are Decimal, in the project's currency and unit; rates, shares and factors are floats.
    """
    return _stated(
        schema=SCHEMA,
        reference=project.reference,
        title=project.title,
        summary=project.summary,
        city=project.city,
        country=project.country,
        location=_fields(project.location, "latitude", "longitude"),
        stage=project.stage.value,
        action_areas=[area.value for area in project.action_areas],
        objectives=[objective.value for objective in project.objectives],
        partners=[_partner(partner) for partner in project.partners],
        currency=project.currency,
        unit=project.unit,
        prices=_prices(project.prices),
        timing=project.timing.value,
        rates=_rates(project.rates),
        output=_output(project.output) if project.output else None,
        safeguards=_safeguards(project.safeguards),
        answers={key: _answer(answer) for key, answer in project.answers.items()},
        explanations=dict(project.explanations),
    ) | _always(
        cash_flows=_cash_flows(project.cash_flows),
        financing=_financing(project.financing) if project.financing else None,
        uncertainty=_uncertainty(project.uncertainty) if project.uncertainty else None,
    )


def _stated(**values: Any) -> Document:
    """Only what is stated: no None, no empty text, list or mapping."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value is not None and not (isinstance(value, str | list | tuple | Mapping) and not value)
    }


def _always(**values: Any) -> Document:
    """Parts whose presence says something even when they are empty."""
    return {key: value for key, value in values.items() if value is not None}


def _fields(source: object, *names: str) -> Document:
    return {} if source is None else _stated(**{name: getattr(source, name) for name in names})


def _partner(partner: Partner) -> Document:
    return _fields(partner, "name", "role", "sector")


def _prices(prices: Prices) -> Document:
    return _stated(basis=prices.basis.value, base_year=prices.base_year, inflation=prices.inflation)


def _rate(rate: Rate | None) -> float | list[list[float]] | None:
    if rate is None or isinstance(rate, int | float):
        return rate
    return [[start, value] for start, value in rate]


def _rates(rates: Rates) -> Document:
    return _stated(
        financial=_rate(rates.financial),
        social=_rate(rates.social),
        finance=rates.finance,
        reinvestment=rates.reinvestment,
        hurdles=rates.hurdles,
    )


def _cash_flows(cash_flows: CashFlows) -> Document:
    return {"first_year": cash_flows.first_year, "lines": [_line(line) for line in cash_flows.lines]}


def _line(line: CashFlowLine) -> Document:
    figures = {"tonnes": list(line.tonnes)} if line.tonnes else {"amounts": list(line.amounts)}
    described = {"name": line.name, "kind": line.kind.value}
    if line.line_class is not None:
        described["class"] = line.line_class
    return (
        described
        | figures
        | _stated(
            conversion_factor=line.conversion_factor,
            economic=line.economic.value if line.economic else None,
            shares=dict(line.shares),
        )
    )


def _financing(financing: Financing) -> Document:
    return _stated(
        equity=financing.equity,
        grants=financing.grants,
        gearing_cap=financing.gearing_cap,
        debt=[_tranche(tranche) for tranche in financing.debt],
    )


def _tranche(tranche: DebtTranche) -> Document:
    return {"amounts": list(tranche.amounts)} | _stated(
        name=tranche.name,
        rate=tranche.rate,
        grace=tranche.grace,
        tenor=tranche.tenor,
        repayment=tranche.repayment.value,
        target_dscr=tranche.target_dscr,
        upfront_fee=tranche.upfront_fee,
        interest_during_construction=tranche.interest_during_construction.value,
    )


def _uncertainty(uncertainty: Uncertainty) -> Document:
    obsolescence = uncertainty.obsolescence
    return _stated(
        drivers=[_driver(driver) for driver in uncertainty.drivers],
        correlations=[_correlation(correlation) for correlation in uncertainty.correlations],
        events=[_event(event) for event in uncertainty.events],
        obsolescence=_fields(obsolescence, "hazard", "salvage"),
        options=[_option(option) for option in uncertainty.options],
        optimism_bias=_stated_bias(uncertainty.optimism_bias) if uncertainty.optimism_bias else None,
    )


def _stated_bias(bias: StatedBias) -> Document:
    return {
        "mix": [{"type": part.type, "share": part.share} for part in bias.mix],
        "mitigations": [_bias_mitigation(mitigation) for mitigation in bias.mitigations],
        "bounds": [
            {"applies_to": each.applies_to.value} | _fields(each, "upper", "lower", "source") for each in bias.bounds
        ],
    }


def _bias_mitigation(mitigation: BiasMitigation) -> Document:
    return _stated(
        factor=mitigation.factor,
        applies_to=mitigation.applies_to.value,
        contribution=mitigation.contribution,
        mitigated=mitigation.mitigated,
        evidence=mitigation.evidence.value if mitigation.evidence else None,
        reason=mitigation.reason,
    )


def _driver(driver: Driver) -> Document:
    """The distribution's fields stand beside the driver's own."""
    return _stated(
        driver=driver.driver.value,
        applies_to=driver.applies_to,
        reference_class=driver.reference_class,
        unit=driver.unit,
    ) | _distribution(driver.distribution)


def _distribution(distribution: Distribution | None) -> Document:
    if distribution is None:
        return {}
    parameters = [name for name in Distribution.__dataclass_fields__ if name != "family"]
    return {"family": distribution.family.value} | _fields(distribution, *parameters)


def _correlation(correlation: Correlation) -> list[str | float]:
    return [correlation.first.value, correlation.second.value, correlation.value]


def _event(event: RiskEvent) -> Document:
    return _stated(
        name=event.name,
        category=event.category.value,
        probability=event.probability,
        per=event.per,
        cost=_distribution(event.cost),
        delay=_distribution(event.delay),
        revenue_factor=event.revenue_factor,
        years=event.years,
        mitigation=_fields(event.mitigation, "measure", "cost", "probability_factor", "impact_factor"),
    )


def _option(option: Option) -> Document:
    head = {"kind": option.kind.value, "name": option.name, "view": option.view.value}
    if isinstance(option, AbandonOption):
        return head | _fields(option, "from_year", "recovery", "recovery_share", "exit_cost")
    if isinstance(option, DelayOption):
        learns = [driver.value for driver in option.learns]
        return head | _fields(option, "latest_year", "waiting_cost") | {"learns": learns, "known": option.known}
    return head | {
        "phase_2": list(option.phase_2),
        "decision_year": option.decision_year,
        "driver": option.driver.value,
        "threshold": option.threshold,
    }


def _output(output: Output) -> Document:
    return {"unit": output.unit, "amounts": list(output.amounts)}


def _safeguards(safeguards: Safeguards) -> Document:
    triggers = safeguards.impact_triggers
    return _always(
        personal_data=safeguards.personal_data,
        impact_triggers=None if triggers is None else [trigger.value for trigger in triggers],
        public_space_analytics=safeguards.public_space_analytics,
        essential_service=safeguards.essential_service,
    )


def _answer(answer: Answer) -> Document:
    stated = _stated(
        level=answer.level,
        value=answer.value,
        evidence=answer.evidence.value if answer.evidence else None,
        reason=answer.reason,
        source=answer.source,
    )
    return ({"unknown": True} if answer.unknown else {}) | stated
