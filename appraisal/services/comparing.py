"""Which inputs of two runs differ, and how far each of them alone moves the results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import simplejson
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import AppraisalRun
from appraisal.policy import Action, Actor
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.services.appraising import computed, first_difference, own_document, visible_run
from appraisal.services.errors import DomainError
from appraisal.services.frameworks import framework_of
from appraisal.transactions import reading
from scoring.errors import InputError

FIGURES: Mapping[str, tuple[str, ...]] = {
    "score": ("criteria", "total"),
    "score_low": ("criteria", "interval", "0"),
    "score_high": ("criteria", "interval", "1"),
    "completeness": ("criteria", "completeness"),
    "prob_negative": ("risk", "economic_npv", "prob_negative"),
    **{
        f"financial_{name}": ("financial", name)
        for name in (
            *("npv", "irr", "mirr", "payback", "discounted_payback", "profitability_index"),
            *("equivalent_annual_value", "funding_gap", "levelised_cost"),
        )
    },
    **{
        f"equity_{name}": ("equity", name)
        for name in ("npv", "irr", "mirr", "dscr_min", "dscr_min_year", "llcr", "plcr", "debt_capacity", "wacc")
    },
    **{
        f"economic_{name}": ("economic", name)
        for name in ("npv", "irr", "bcr", "pv_benefits", "pv_costs", "weighted_npv", "bottom_share")
    },
    **{
        f"{flow}_npv_{name}": ("risk", f"{flow}_npv", name)
        for flow in ("financial", "economic", "equity")
        for name in ("mean", "p5", "p50", "p95", "cvar95", "certainty_equivalent", "raroc")
    },
    "financial_npv_prob_negative": ("risk", "financial_npv", "prob_negative"),
    "equity_npv_prob_negative": ("risk", "equity_npv", "prob_negative"),
    **{
        name: ("risk", name)
        for name in (
            *(
                "irr_below_hurdle",
                "eirr_p50",
                "eirr_below_hurdle",
                "capex_p50",
                "capex_p80",
                "delay_p80",
                "dscr_below_1",
            ),
            *("stranded_before_debt_repaid", "public_money", "risk_adjusted_return", "risk_adjusted_rate_npv"),
        )
    },
}
"""What is compared, with its place in the result document: every headline figure."""
ERRORS: Mapping[str, tuple[str, ...]] = {
    "economic_npv_p50": ("risk", "economic_npv", "p50_se"),
    "prob_negative": ("risk", "economic_npv", "prob_negative_se"),
}
"""The Monte Carlo standard errors of what is drawn."""
SETTINGS = ("seed", "draws")
FRAMEWORK, OWN_RECORD = "framework", "completed projects"
Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Movement:
    """One input that differs: where first, and what the results become when it alone is taken from the second run."""

    part: str
    """A key of the project file, `seed`, `draws`, `framework` or `completed projects`."""
    first_difference: str
    figures: Figures | None
    """None where it cannot be taken over alone; `problem` says why."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    before: int
    after: int
    engines: tuple[str, str]
    from_figures: Figures
    to_figures: Figures
    movements: tuple[Movement, ...]
    errors: Figures
    """Standard errors of the first run's drawn figures: no digit below them means anything."""


def compare_runs(session: Session, actor: Actor, before: int, after: int) -> Comparison:
    """Compare two runs of one project; raises NotFound, NotAllowed, DomainError for runs of different projects.

    Each input that differs is put into the first run alone, and the run is computed again.
    """
    with reading(session):
        policy.require(actor, Action.EXPORT)
        first, second = visible_run(session, actor, before), visible_run(session, actor, after)
    if first.project_id != second.project_id:
        raise DomainError(f"Runs {before} and {after} are of different projects: only runs of one project compare.")
    one, other = simplejson.loads(first.snapshot, use_decimal=True), simplejson.loads(second.snapshot, use_decimal=True)
    parts = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    movements = [_project_part(first, one, other, key) for key in parts]
    movements += [_setting(first, second, name) for name in SETTINGS if getattr(first, name) != getattr(second, name)]
    if first.framework_version_id != second.framework_version_id:
        name = second.framework_version.title
        movements.append(_moved(FRAMEWORK, name, first.snapshot, second, first, seed=first.seed, draws=first.draws))
    if own_document(first) != own_document(second):
        where = f"{first.parameters} to {second.parameters}"
        movements.append(_moved(OWN_RECORD, where, first.snapshot, first, second, seed=first.seed, draws=first.draws))
    return Comparison(
        before,
        after,
        (first.engine, second.engine),
        _figures(simplejson.loads(first.result)),
        _figures(simplejson.loads(second.result)),
        tuple(movements),
        _figures(simplejson.loads(first.result), ERRORS),
    )


def _project_part(run: AppraisalRun, one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> Movement:
    mixed = {name: value for name, value in one.items() if name != key}
    if key in other:
        mixed[key] = other[key]
    where = first_difference({key: one.get(key)}, {key: other.get(key)}) or key
    return _moved(key, where, canonical_json(mixed), run, run, seed=run.seed, draws=run.draws)


def _setting(first: AppraisalRun, second: AppraisalRun, name: str) -> Movement:
    chosen = {each: getattr(second if each == name else first, each) for each in SETTINGS}
    where = f"{name} {getattr(first, name)} to {getattr(second, name)}"
    return _moved(name, where, first.snapshot, first, first, seed=chosen["seed"], draws=chosen["draws"])


def _moved(
    part: str,
    where: str,
    snapshot: str,
    framework_run: AppraisalRun,
    own_run: AppraisalRun,
    *,
    seed: int,
    draws: int,
) -> Movement:
    """The first run again with one input of the second: its framework and its record each come from the run given."""
    from scoring.result_document import to_document  # noqa: PLC0415 -- with the numerical libraries

    try:
        read_project(snapshot)  # a mixture may break a rule that neither run breaks
        framework, own = framework_of(framework_run.framework_version), own_document(own_run)
        result = computed(snapshot, framework, "mixed", seed=seed, draws=draws, own=own)
    except (Unreadable, InputError) as error:
        return Movement(part, where, None, str(error).splitlines()[0])
    return Movement(part, where, _figures(to_document(result)))


def _figures(document: Mapping[str, Any], places: Mapping[str, tuple[str, ...]] = FIGURES) -> Figures:
    """A run of an engine that did not give a figure yet has none of it."""
    return {name: _at(document, path) for name, path in places.items()}


def _at(document: Any, path: tuple[str, ...]) -> float | None:
    for key in path:
        document = document[int(key)] if isinstance(document, list) else document.get(key)
        if document is None:
            return None
    return float(document)
