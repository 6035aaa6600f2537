"""The assessment of one project: levels, gates, contributions and the interval left by what is unknown (METHOD 9)."""

from collections.abc import Mapping

from scoring.criteria.applicability import applying_levels, in_place, of_what_applies, place_of
from scoring.criteria.computed import Basis, computed_level
from scoring.criteria.criterion_spread import CriterionSpread, criterion_spread
from scoring.criteria.figures import figure_level
from scoring.criteria.gates import indicator_gate, minimum_gate, total_gate
from scoring.criteria.scales import TOP, UNANSWERED, Level, answered_level, can_be_true
from scoring.criteria.score_range import score_range
from scoring.criteria.unevenness import geometric_mean, uneven
from scoring.frameworks import Criterion, Framework, Indicator, Method, ScaleKind
from scoring.parameters.evidence_grades import load_evidence_widths
from scoring.project_file import ProjectFile
from scoring.result import (
    CriteriaResult,
    CriterionResult,
    EconomicReturn,
    EquityReturn,
    FinancialReturn,
    GateResult,
    IndicatorResult,
    Missing,
    Note,
    RiskReturn,
)
from scoring.returns import resolve_rates

FUNDING = "BK3"


def assess(
    project: ProjectFile,
    framework: Framework,
    financial: FinancialReturn,
    equity: EquityReturn,
    economic: EconomicReturn,
    risk: RiskReturn,
) -> tuple[CriteriaResult, tuple[Note, ...]]:
    """Score a project on every criterion of the framework, by the weights of its place (METHOD 9).

    Scores are 0-100. A criterion's point estimate is the weighted mean of its answered indicators; the total is the
    framework's mean, weighted or weighted geometric, of the criteria with an answer. Contributions are in points of
    the total and add up to it. The interval takes every unknown at worst and at best with the framework's full weights.
    Evidence beyond the caps and the simulated returns move none of these: they say what is drawn around them.
    Gates look at levels, criterion scores and the total's interval, however the total is made.
    """
    basis = _basis(project, framework, financial, equity, economic, risk)
    levels = applying_levels(framework, _levels(framework, basis))
    framework = of_what_applies(in_place(project, framework), levels)
    widths = load_evidence_widths()
    answered = {name for name, level in levels.items() if not isinstance(level.counted, Missing)}
    scored = [criterion for criterion in framework.criteria if _known(criterion, answered) > 0]
    carried = sum(criterion.weight for criterion in scored)
    by_criterion = {
        criterion.id: _criterion(
            criterion, levels, answered, carried, criterion_spread(criterion, levels, basis, widths, FUNDING)
        )
        for criterion in framework.criteria
    }
    total_by = framework.aggregation.total
    if total_by is Method.WEIGHTED_GEOMETRIC_MEAN:
        by_criterion = uneven(by_criterion)
    interval = _interval(framework, by_criterion)
    total = sum(_points(by_criterion[criterion.id]) for criterion in scored) if carried > 0 else UNANSWERED
    result = CriteriaResult(
        total=total,
        interval=interval,
        likely=None if isinstance(total, Missing) else score_range(list(by_criterion.values()), total_by, total),
        evidence_widths=widths.name,
        completeness=sum(
            criterion.weight * by_criterion[criterion.id].completeness for criterion in framework.criteria
        ),
        by_criterion=by_criterion,
        indicators=tuple(
            _indicator(project, criterion, indicator, levels[indicator.id], answered, carried)
            for criterion in framework.criteria
            for indicator in criterion.indicators
        ),
        gates=(*_gates(project, framework, levels, by_criterion), *_total_gate(framework, interval)),
        aggregation=total_by,
    )
    return result, _notes(project, framework)


def _interval(framework: Framework, by_criterion: Mapping[str, CriterionResult]) -> tuple[float, float]:
    rows = [by_criterion[criterion.id] for criterion in framework.criteria]
    if framework.aggregation.total is Method.WEIGHTED_GEOMETRIC_MEAN and any(row.weight > 0 for row in rows):
        weights = [row.weight for row in rows]
        low, high = ([getattr(row, name) for row in rows] for name in ("low", "high"))
        return geometric_mean(low, weights), geometric_mean(high, weights)
    return sum(row.weight * row.low for row in rows), sum(row.weight * row.high for row in rows)


def _basis(
    project: ProjectFile,
    framework: Framework,
    financial: FinancialReturn,
    equity: EquityReturn,
    economic: EconomicReturn,
    risk: RiskReturn,
) -> Basis:
    rate = resolve_rates(project, framework).social
    given = _given(project, framework)
    return Basis(
        project=project,
        social_rate=rate if isinstance(rate, float | int) else rate[0][1],
        financial=financial,
        equity=equity,
        economic=economic,
        risk=risk,
        funding=given.get(FUNDING, Level(UNANSWERED, UNANSWERED)),
    )


def _given(project: ProjectFile, framework: Framework) -> dict[str, Level]:
    return {
        indicator.id: answered_level(indicator, project.answers.get(indicator.id))
        for indicator in framework.indicators
        if indicator.scale is not ScaleKind.COMPUTED
    }


def _levels(framework: Framework, basis: Basis) -> dict[str, Level]:
    computed = {
        indicator.id: figure_level(indicator, basis) if indicator.figure else computed_level(indicator.rule, basis)
        for indicator in framework.indicators
        if indicator.scale is ScaleKind.COMPUTED
    }
    return {**_given(basis.project, framework), **computed}


def _known(criterion: Criterion, answered: set[str]) -> float:
    """Weight, inside the criterion, of the indicators that are answered."""
    return sum(indicator.weight for indicator in criterion.indicators if indicator.id in answered)


def _value(level: Level) -> float:
    """Points of 100 for a counted level."""
    return 0.0 if isinstance(level.counted, Missing) else 100 * level.counted / TOP


def _criterion(
    criterion: Criterion, levels: Mapping[str, Level], answered: set[str], carried: float, spread: CriterionSpread
) -> CriterionResult:
    known = [indicator for indicator in criterion.indicators if indicator.id in answered]
    weight = sum(indicator.weight for indicator in known)
    low = sum(indicator.weight * _value(levels[indicator.id]) for indicator in known)
    score = low / weight if weight > 0 else UNANSWERED
    return CriterionResult(
        id=criterion.id,
        title=criterion.title,
        weight=criterion.weight,
        score=score,
        low=low,
        high=min(100.0, low + 100 * max(0.0, 1 - weight)),
        completeness=min(1.0, weight),
        contribution=UNANSWERED if isinstance(score, Missing) or carried <= 0 else score * criterion.weight / carried,
        evidence=spread.evidence,
        futures=spread.futures,
    )


def _points(result: CriterionResult) -> float:
    return 0.0 if isinstance(result.contribution, Missing) else result.contribution


def _indicator(
    project: ProjectFile, criterion: Criterion, indicator: Indicator, level: Level, answered: set[str], carried: float
) -> IndicatorResult:
    weight = criterion.weight * indicator.weight
    known = _known(criterion, answered)
    points = _value(level)
    answer = project.answers.get(indicator.id)
    computed = indicator.scale is ScaleKind.COMPUTED
    is_known = indicator.id in answered
    evidence = answer.evidence if answer is not None and not computed else None
    return IndicatorResult(
        id=indicator.id,
        criterion=criterion.id,
        level=level.counted,
        stated_level=level.stated,
        capped=level.capped,
        cap_reason=level.cap_reason,
        evidence=None if evidence is None else evidence.value,
        computed=computed,
        explanation=level.explanation,
        weight=weight,
        contribution=(points * indicator.weight / known * criterion.weight / carried if known > 0 < carried else 0.0)
        if is_known
        else UNANSWERED,
        low=points * weight,
        high=(points if is_known else 100.0) * weight,
    )


def _gates(
    project: ProjectFile, framework: Framework, levels: Mapping[str, Level], by_criterion: dict[str, CriterionResult]
) -> tuple[GateResult, ...]:
    own = [
        indicator_gate(indicator, indicator.gate, levels[indicator.id].counted, project.safeguards)
        for indicator in framework.indicators
        if indicator.gate is not None
    ]
    minimum = [
        minimum_gate(criterion, by_criterion[criterion.id])
        for criterion in framework.criteria
        if criterion.minimum is not None
    ]
    return (*own, *minimum)


def _total_gate(framework: Framework, interval: tuple[float, float]) -> tuple[GateResult, ...]:
    return () if framework.minimum is None else (total_gate(framework.minimum, interval),)


def _notes(project: ProjectFile, framework: Framework) -> tuple[Note, ...]:
    known = {indicator.id: indicator for indicator in framework.indicators}
    notes = _place_notes(project, framework)
    for name in project.answers:
        indicator = known.get(name)
        if indicator is None:
            message = f"{name} is not an indicator of {framework.title}; the answer was not used."
            notes.append(Note(code="unknown-indicator", message=message, path=f"answers.{name}"))
        elif indicator.scale is ScaleKind.COMPUTED:
            message = f"{name} is computed by the tool; the answer given was not used."
            notes.append(Note(code="computed-indicator", message=message, path=f"answers.{name}"))
        else:
            notes.extend(_number_notes(indicator, project.answers[name].value))
    return tuple(notes)


def _place_notes(project: ProjectFile, framework: Framework) -> list[Note]:
    """Which weights were taken, where the framework has several."""
    if not framework.places:
        return []
    place, city = place_of(project, framework), project.city.strip() or "a project without a city"
    taken = f"the weights of {place.title}" if place else "the weights of every other place"
    return [Note(code="place-weights", message=f"{framework.title}: {taken} were taken for {city}.", path="city")]


def _number_notes(indicator: Indicator, number: float | None) -> tuple[Note, ...]:
    if number is None or (indicator.scale is ScaleKind.NUMERIC and can_be_true(indicator, number)):
        return ()
    if indicator.scale is ScaleKind.LEVEL:
        code, why = "number-not-used", "is answered by a level, not by a number"
    else:
        least = "" if indicator.least is None else f" from {indicator.least:g}"
        most = "" if indicator.most is None else f" up to {indicator.most:g}"
        code, why = "number-out-of-range", f"takes a number{least}{most} ({indicator.unit}), not {number:g}"
    return (Note(code=code, message=f"{indicator.id} {why}; it was not used.", path=f"answers.{indicator.id}"),)
