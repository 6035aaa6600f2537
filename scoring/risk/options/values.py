"""The value of each option a project states, from its draws (METHOD 8).

This is appraisal and not pricing: expectations are over the draws as they are, discounted at the project's own rate,
financial or social as the option's view says. No risk-neutral measure is taken, since no market prices such projects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from scoring.errors import InputError
from scoring.limits import MAX_WAIT_YEARS
from scoring.project_file import PriceBasis, ProjectFile
from scoring.project_options import AbandonOption, DelayOption, Option, OptionView, StageOption
from scoring.result import Missing, Note, OptionValue
from scoring.returns.discounting import discount_factors
from scoring.returns.figures import OVERFLOW, figure
from scoring.returns.flows import Flows
from scoring.returns.rates import ResolvedRates
from scoring.risk.build import Built
from scoring.risk.drivers import require_one_line
from scoring.risk.measures import share, standard_error
from scoring.risk.normal import FloatArray
from scoring.risk.options.abandon import abandoning
from scoring.risk.options.delay import forecasts_while_waiting, waiting
from scoring.risk.options.stage import first_phase, shown_by_phase_1, staged
from scoring.risk.options.stopping import NEVER, solve
from scoring.risk.plan import ECONOMIC, FINANCIAL
from scoring.risk.simulation import Draws, Model

Answer = tuple[OptionValue, tuple[Note, ...]]
_FOLDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraised:
    """The project whose options are valued, and its draws; figures are over those of which yearly flows are kept."""

    project: ProjectFile
    flows: Flows
    rates: ResolvedRates
    built: Built
    drawn: Draws
    seed: int
    again: Callable[[Model], Draws]
    """The same draws of another model."""

    @property
    def fold_of(self) -> NDArray[np.intp]:
        """Which fold each kept draw is in: whole replicates, so that folds are independent."""
        return np.repeat(np.arange(len(self.drawn.kept_sizes)) % _FOLDS, self.drawn.kept_sizes)

    def net(self, option: Option) -> FloatArray:
        """(kept, H), up to the last period in which any draw has a flow."""
        net = self.drawn.net[:, _measure(option)]
        filled = np.flatnonzero(np.any(net != 0.0, axis=0))
        return net[:, : int(filled[-1]) + 1 if filled.size else 1]

    def discount(self, option: Option, periods: int) -> FloatArray:
        rate = self.rates.financial if option.view is OptionView.FINANCIAL else self.rates.social
        return discount_factors(rate, periods, self.rates.timing)

    def npv(self, option: Option) -> FloatArray:
        return np.ascontiguousarray(self.drawn.npv[self.drawn.kept, _measure(option)])


def option_values(appraised: Appraised) -> tuple[tuple[OptionValue, ...], tuple[Note, ...]]:
    """Each option of the project on its own, in the order stated, and notes. Raises InputError at the field at fault.

    The bits depend on the project's reference, its options and the seed alone (METHOD 12).
    """
    uncertainty = appraised.project.uncertainty
    stated = uncertainty.options if uncertainty else ()
    answers = [_value(option, f"uncertainty.options[{at}]", appraised) for at, option in enumerate(stated)]
    return tuple(value for value, _ in answers), tuple(note for _, notes in answers for note in notes)


def _value(option: Option, path: str, appraised: Appraised) -> Answer:
    if not np.isfinite(appraised.npv(option)).all():
        return no_value(option, OVERFLOW), ()
    if isinstance(option, AbandonOption):
        return _abandon(option, appraised), ()
    if isinstance(option, DelayOption):
        return _delay(option, path, appraised), ()
    return _stage(option, path, appraised)


def _abandon(option: AbandonOption, appraised: Appraised) -> OptionValue:
    net = appraised.net(option)
    discount = appraised.discount(option, net.shape[1])
    problem = abandoning(option, appraised.flows, appraised.built.timeline, net, appraised.drawn.ends, discount)
    outcome = solve(problem, appraised.fold_of)
    used = outcome.stopped != NEVER
    without = problem.running.sum(axis=1)
    return _told(option, appraised, outcome.value, without, used, outcome.stopped, given_up=used)


def _delay(option: DelayOption, path: str, appraised: Appraised) -> OptionValue:
    years = option.latest_year - appraised.flows.first_year
    if not 1 <= years <= MAX_WAIT_YEARS:
        raise InputError.at(f"{path}.latest_year", f"A wait lasts from 1 to {MAX_WAIT_YEARS} years, not {years}.")
    model, net = appraised.built.model, appraised.net(option)
    learnt = [at for at, driver in enumerate(model.drivers) if driver.name in option.learns]
    if not learnt:
        return no_value(option, "nothing-to-learn")
    random = _generator(appraised, option.name)
    tables = [model.tables[at] for at in learnt]
    forecasts = forecasts_while_waiting(option, years, appraised.drawn.scores[:, learnt], tables, random)
    discount = appraised.discount(option, net.shape[1] + years)
    problem = waiting(option, years, net, discount, _price_growth(appraised.project), forecasts)
    outcome = solve(problem, appraised.fold_of)
    never = outcome.stopped == NEVER
    without = _at_once_or_never(problem.payoff[:, 0], appraised.fold_of)
    return _told(option, appraised, outcome.value, without, outcome.stopped != 0, outcome.stopped, given_up=never)


def _stage(option: StageOption, path: str, appraised: Appraised) -> Answer:
    flows, drawn = appraised.flows, appraised.drawn
    if unknown := set(option.phase_2) - set(flows.names):
        raise InputError.at(f"{path}.phase_2", f"“{min(unknown)}” is not the name of a line.")
    for at, name in enumerate(option.phase_2):
        require_one_line(name, flows, f"{path}.phase_2[{at}]")
    shown = shown_by_phase_1(option, appraised.built.model, flows, drawn.scores)
    if shown is None:
        return no_value(option, "no-such-driver"), ()
    without = appraised.npv(option)
    again = appraised.again(first_phase(option, appraised.built.model, flows, appraised.built.timeline))
    alone = np.ascontiguousarray(again.npv[drawn.kept, _measure(option)])
    value, left_out = staged(without, alone, shown, option.threshold, appraised.fold_of)
    decided = np.full(len(value), option.decision_year - flows.first_year)
    told = _told(option, appraised, value, without, left_out, decided, given_up=left_out)
    if left_out.any() or not (shown < option.threshold).any():
        return told, ()
    message = (
        f"“{option.name}”: leaving phase 2 out where {option.driver.value} stays below {option.threshold:g} of the "
        "plan loses on average, so phase 2 is built in all draws."
    )
    return told, (Note(code="stage-threshold-loses", message=message, path=f"{path}.threshold"),)


def no_value(option: Option, reason: str) -> OptionValue:
    """Every figure missing, for one reason."""
    none = Missing(reason)
    return OptionValue(
        name=option.name,
        kind=option.kind,
        view=option.view,
        value=none,
        se=none,
        value_without=none,
        value_with=none,
        exercised=none,
        expected_year=none,
        given_up=none,
    )


def _told(
    option: Option,
    appraised: Appraised,
    with_it: FloatArray,
    without: FloatArray,
    used: NDArray[np.bool_],
    period: NDArray[np.int64],
    *,
    given_up: NDArray[np.bool_],
) -> OptionValue:
    gains, dated = with_it - without, used & (period != NEVER)
    year = float(appraised.flows.first_year + period[dated].mean()) if dated.any() else Missing("never-used")
    return OptionValue(
        name=option.name,
        kind=option.kind,
        view=option.view,
        value=figure(gains.mean()),
        se=figure(standard_error(gains, appraised.drawn.kept_sizes, np.mean)),
        value_without=figure(without.mean()),
        value_with=figure(with_it.mean()),
        exercised=share(used),
        expected_year=year,
        given_up=share(given_up),
    )


def _at_once_or_never(npv: FloatArray, fold_of: NDArray[np.intp]) -> FloatArray:
    """NPV (n,) of a project built now if the other folds say that it pays, and else not at all."""
    value = np.zeros_like(npv)
    for fold in np.unique(fold_of):
        inside = fold_of == fold
        if float(npv[~inside].mean()) > 0.0:
            value[inside] = npv[inside]
    return value


def _price_growth(project: ProjectFile) -> float:
    """What nominal amounts grow by for each year that they come later; amounts at constant prices do not."""
    nominal = project.prices.basis is PriceBasis.NOMINAL
    return (project.prices.inflation or 0.0) if nominal else 0.0


def _measure(option: Option) -> int:
    return FINANCIAL if option.view is OptionView.FINANCIAL else ECONOMIC


def _generator(appraised: Appraised, name: str) -> np.random.Generator:
    """Random numbers of one option, set apart from those of the draws."""
    identity = f"{appraised.project.reference}\n{appraised.seed}\noption\n{name}"
    seed = int.from_bytes(sha256(identity.encode()).digest(), "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
