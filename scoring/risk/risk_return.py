"""A project's return with its risk: from the project file to `RiskReturn` (METHOD 6, 7, 8)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.frameworks.framework import Framework
from scoring.limits import MAX_DRAWS, MIN_DRAWS
from scoring.parameters.fiscal_risks import load_fiscal_risks
from scoring.parameters.reference_classes import Parameters, Tail
from scoring.project_file import FlowKind, ProjectFile, Rate
from scoring.result import (
    Fan,
    Figure,
    Futures,
    Missing,
    Note,
    OptionValue,
    RiskMeasures,
    RiskReturn,
    SensitivityRow,
    StrandedLoss,
)
from scoring.returns.discounting import present_value
from scoring.returns.figures import NO_FLOWS, figure
from scoring.returns.financing import FinancingPlan, financing_plan
from scoring.returns.flows import Flows
from scoring.returns.rates import ResolvedRates, resolve_rates
from scoring.risk.budget_call import budget_call
from scoring.risk.build import Built, at_second_cap, build
from scoring.risk.fiscal_risks import (
    CAPITAL_COST,
    PUBLIC_MONEY,
    Exposure,
    exposure_of,
    fiscal_risk_matrix,
    nothing_assessed,
)
from scoring.risk.futures import futures_of
from scoring.risk.irr_quantiles import irr_below, median_irr
from scoring.risk.measures import (
    Estimate,
    fan,
    histogram,
    measures,
    missing_estimate,
    no_measures,
    quantile_estimate,
    share_estimate,
    tail_mean,
)
from scoring.risk.normal import FloatArray
from scoring.risk.options.values import Appraised, no_value, option_values
from scoring.risk.plan import ECONOMIC, EQUITY, FINANCIAL
from scoring.risk.public_money import absolute_aversion, aversion_notes, privately_owned, public_money
from scoring.risk.sampling import Sampler
from scoring.risk.sensitivity import sensitivity
from scoring.risk.simulation import Draws, Model, run
from scoring.risk.stranded_loss import no_loss, stranded_loss

ALTERNATIVES = Note(
    code="alternatives",
    message="Certainty equivalent, NPV at the risk-adjusted rate and RAROC are three ways to charge for the same risk: "
    "they are alternatives, and none may be applied on top of another.",
    path="",
)
"""What a reader of the risk must know (METHOD 7)."""
Answer = tuple[RiskReturn, tuple[SensitivityRow, ...], tuple[Note, ...]]


def simulate(
    project: ProjectFile,
    framework: Framework,
    parameters: Parameters,
    flows: Flows,
    *,
    seed: int,
    draws: int,
    sampler: Sampler = Sampler.SOBOL,
) -> Answer:
    """Risk measures, sensitivities and notes of a project (METHOD 6, 7, 8).

    flows: the project's, from `scoring.returns.flows.to_arrays`. draws: from `limits.MIN_DRAWS` to `MAX_DRAWS`.
    Figures are in the project's currency and unit. The result depends on the arguments alone, to the bit (METHOD 12).
    Raises InputError naming every field of the uncertainty at fault, and as `financing_plan` and `resolve_rates`.
    """
    if not MIN_DRAWS <= draws <= MAX_DRAWS:
        raise ValueError(f"Draws lie between {MIN_DRAWS} and {MAX_DRAWS}, not {draws}")
    if not flows.periods or not np.any(flows.amounts):
        return _nothing_to_simulate(project), (), ()
    rates = resolve_rates(project, framework)
    financing = financing_plan(flows, project)
    built = build(project, parameters, flows, rates, None if isinstance(financing, Missing) else financing)
    drawn = run(built.model, project.reference, seed, draws, sampler)
    money, money_notes = public_money(project, flows, rates)
    aversion = absolute_aversion(project, framework, money)

    def again(model: Model) -> Draws:
        return run(model, project.reference, seed, draws, sampler, most_kept=0)

    appraised = Appraised(project=project, flows=flows, rates=rates, built=built, drawn=drawn, seed=seed, again=again)
    options, option_notes = option_values(appraised)
    lost = stranded_loss(built.model, drawn, again)
    measured_by = CAPITAL_COST if money_notes else PUBLIC_MONEY
    exposure = exposure_of(project, flows, built, money, measured_by, lost)
    futures = futures_of(built, flows, framework, drawn, again)
    pieces = _RiskReturn(
        project, flows, rates, built, drawn, money, aversion, financing, options, lost, exposure, futures
    )
    second = at_second_cap(built.model)
    capped = _second_cap_note(drawn, again(second), parameters.tail) if second else ()
    told = (*built.notes, *money_notes, *aversion_notes(project, framework, aversion), *option_notes, *capped)
    return pieces.report(), sensitivity(built.model, drawn), (*told, ALTERNATIVES)


@dataclass(frozen=True, slots=True)
class _RiskReturn:
    """The pieces from which the report of one project is put together."""

    project: ProjectFile
    flows: Flows
    rates: ResolvedRates
    built: Built
    drawn: Draws
    money: Figure
    aversion: Figure
    financing: FinancingPlan | Missing
    options: tuple[OptionValue, ...]
    lost: StrandedLoss
    exposure: Exposure
    futures: Futures | None

    def report(self) -> RiskReturn:
        economic = self._measures(ECONOMIC)
        net, sizes = _used(self.drawn.net), self.drawn.sizes
        firr, eirr = (
            self._irr_below(FINANCIAL, net, self.rates.financial),
            self._irr_below(ECONOMIC, net, self.rates.social),
        )
        median = median_irr(self.flows.economic, net[:, ECONOMIC], self.drawn.kept_sizes)
        capex, delay = (quantile_estimate(drawn, sizes, 0.8) for drawn in (self.drawn.capex, self.drawn.delay))
        middle = quantile_estimate(self.drawn.capex, sizes, 0.5)
        short, stranded = self._of_debt(self.drawn.short_of_debt), self._stranded()
        return RiskReturn(
            financial_npv=self._measures(FINANCIAL),
            economic_npv=economic,
            equity_npv=(
                no_measures(self.financing.reason) if isinstance(self.financing, Missing) else self._measures(EQUITY)
            ),
            irr_below_hurdle=firr.value,
            irr_below_hurdle_se=firr.se,
            eirr_p50=median.value,
            eirr_p50_se=median.se,
            eirr_below_hurdle=eirr.value,
            eirr_below_hurdle_se=eirr.se,
            capex_base=float(self.flows.total(FlowKind.CAPEX).sum()),
            capex_p50=middle.value,
            capex_p50_se=middle.se,
            capex_p80=capex.value,
            capex_p80_se=capex.se,
            delay_p80=delay.value,
            delay_p80_se=delay.se,
            dscr_below_1=short.value,
            dscr_below_1_se=short.se,
            stranded_before_debt_repaid=stranded.value,
            stranded_before_debt_repaid_se=stranded.se,
            stranded_loss=self.lost,
            options=self.options,
            public_money=self.money,
            risk_adjusted_return=_per_unit(economic.certainty_equivalent, self.money),
            risk_adjusted_return_se=_per_unit(economic.certainty_equivalent_se, self.money),
            risk_adjusted_rate_npv=figure(
                present_value(self.flows.financial, self.rates.factors(self.rates.cost_of_equity, self.flows.periods))
            ),
            budget_call=budget_call(
                self.project, self.flows, self.financing, net, self._years(net), self.drawn.kept_sizes
            ),
            fiscal_risks=fiscal_risk_matrix(self.exposure, load_fiscal_risks()),
            economic_histogram=histogram(self.drawn.npv[:, ECONOMIC]),
            financial_histogram=histogram(self.drawn.npv[:, FINANCIAL]),
            financial_fan=self._fan(net, FINANCIAL),
            economic_fan=self._fan(net, ECONOMIC),
            largest_correlation_repair=self.built.model.copula.largest_repair,
            drivers_used=self.built.drivers_used,
            optimism_bias=tuple(driver.bias for driver in self.built.model.drivers if driver.bias),
            futures=self.futures,
        )

    def _measures(self, measure: int) -> RiskMeasures:
        return measures(np.ascontiguousarray(self.drawn.npv[:, measure]), self.drawn.sizes, self.aversion)

    def _irr_below(self, measure: int, net: FloatArray, hurdle: Rate) -> Estimate:
        base = self.flows.financial if measure == FINANCIAL else self.flows.economic
        sizes, kept = self.drawn.sizes, self.drawn.kept_sizes
        return irr_below(base, self.drawn.npv[:, measure], net[:, measure], hurdle, sizes, kept)

    def _of_debt(self, happened: NDArray[np.uint8]) -> Estimate:
        if not self.built.model.calendar.debt_end:
            return missing_estimate("no-debt")
        return share_estimate(happened, self.drawn.sizes)

    def _stranded(self) -> Estimate:
        if self.built.model.hazard <= 0:
            return missing_estimate("no-obsolescence")
        return self._of_debt(self.drawn.stranded_in_debt)

    def _fan(self, net: FloatArray, measure: int) -> Fan:
        return fan(net[:, measure, : self._years(net)], self.flows.first_year)

    def _years(self, net: FloatArray) -> int:
        """How many are shown: up to the planned horizon and the delay of four draws in five."""
        late = int(np.ceil(max(float(np.quantile(self.drawn.delay, 0.8)), 0.0)))
        return min(int(self.flows.periods) + late, int(net.shape[2]))


def _used(net: FloatArray) -> FloatArray:
    """Cut off the periods in which no draw has any flow."""
    filled = np.flatnonzero(np.any(net != 0.0, axis=(0, 1)))
    return net[:, :, : int(filled[-1]) + 1] if filled.size else net[:, :, :1]


def _per_unit(certainty_equivalent: Figure, money: Figure) -> Figure:
    if isinstance(certainty_equivalent, Missing):
        return certainty_equivalent
    return money if isinstance(money, Missing) else certainty_equivalent / money


def _second_cap_note(drawn: Draws, again: Draws, tail: Tail) -> tuple[Note, ...]:
    """The result at two caps, for a cost whose tail is so heavy that the cap decides (PARAMETERS)."""
    first, second = (np.sort(npv[:, ECONOMIC]) for npv in (drawn.npv, again.npv))
    message = (
        f"Cost overruns of IT are cut off at {tail.cap:.0%}: economic NPV {_told(first.mean())} on average, "
        f"{_told(tail_mean(first))} in the worst 5%. Cut off at {tail.second_cap:.0%}: {_told(second.mean())} and "
        f"{_told(tail_mean(second))}."
    )
    return (Note(code="tail-cap", message=message, path="uncertainty.drivers"),)


def _told(value: float) -> str:
    """To two digits: the draws of a tail as heavy as this carry no more."""
    return f"{float(f'{value:.2g}'):,.10g}"


def _nothing_to_simulate(project: ProjectFile) -> RiskReturn:
    none, uncertainty = Missing(NO_FLOWS), project.uncertainty
    return RiskReturn(
        financial_npv=no_measures(NO_FLOWS),
        economic_npv=no_measures(NO_FLOWS),
        equity_npv=no_measures(NO_FLOWS),
        irr_below_hurdle=none,
        irr_below_hurdle_se=none,
        eirr_p50=none,
        eirr_p50_se=none,
        eirr_below_hurdle=none,
        eirr_below_hurdle_se=none,
        capex_base=none,
        capex_p50=none,
        capex_p50_se=none,
        capex_p80=none,
        capex_p80_se=none,
        delay_p80=none,
        delay_p80_se=none,
        dscr_below_1=none,
        dscr_below_1_se=none,
        stranded_before_debt_repaid=none,
        stranded_before_debt_repaid_se=none,
        stranded_loss=no_loss(NO_FLOWS),
        options=tuple(no_value(option, NO_FLOWS) for option in (uncertainty.options if uncertainty else ())),
        public_money=none,
        risk_adjusted_return=none,
        risk_adjusted_return_se=none,
        risk_adjusted_rate_npv=none,
        budget_call=None,
        fiscal_risks=nothing_assessed(
            NO_FLOWS, PUBLIC_MONEY, load_fiscal_risks(), borne_by_public=not privately_owned(project)
        ),
        economic_histogram=None,
        financial_histogram=None,
        financial_fan=None,
        economic_fan=None,
        largest_correlation_repair=0.0,
        drivers_used=(),
    )
