"""What must hold of a framework beyond the types of its fields (METHOD 9)."""

from collections.abc import Iterator
from itertools import pairwise

from scoring.errors import InputProblem
from scoring.frameworks import weight_checks
from scoring.frameworks.aggregation import Aggregation
from scoring.frameworks.document import Checks
from scoring.frameworks.framework import Criterion, Economics, ExchangeRate, Framework, Gate, Indicator, ScaleKind
from scoring.frameworks.vocabulary import CONDITIONS, FIGURES, RULES
from scoring.frameworks.weight_checks import TOP_LEVEL, WEIGHT_TOLERANCE
from scoring.limits import MAX_FACTOR, MAX_RATE, MIN_RATE

TOP_SCORE = 100
Found = Iterator[InputProblem]


def _framework(framework: Framework, path: str) -> Found:
    yield from _texts(path, key=framework.key, title=framework.title, currency=framework.currency)
    if framework.version < 1:
        yield _problem(path, "version", "must be 1 or more.")
    if abs(sum(criterion.weight for criterion in framework.criteria) - 1) > WEIGHT_TOLERANCE:
        yield _problem(path, "criteria", "The weights of the criteria must sum to 1.")
    used: set[str] = set()
    for name, where in _names(framework):
        if name in used:
            yield InputProblem(where, f"{name} is used twice.")
        used.add(name)
    for where, indicator in _indicators(framework):
        unknown = [letter for letter in indicator.passages if letter not in framework.passages]
        if unknown:
            yield _problem(where, "passages", f"The framework has no passage {', '.join(unknown)}.")
    yield from _score_between("minimum", framework.minimum, path)
    yield from _method(framework)
    for check in (weight_checks.places, weight_checks.weightings, weight_checks.conditions):
        yield from check(framework)


def _method(framework: Framework) -> Found:
    """What the method asks of the framework's own criteria and places."""
    stated, known = framework.aggregation, {criterion.id for criterion in framework.criteria}
    for name in stated.vetoes or {}:
        if name not in known:
            yield _problem("aggregation.vetoes", name, "is not a criterion of this framework.")
    if stated.method.relative and framework.places:
        message = "compares projects under one set of weights: this framework has other weights in some places."
        yield _problem("aggregation", "method", f"{stated.method.value} {message}")


def _aggregation(aggregation: Aggregation, path: str) -> Found:
    if not 0 <= aggregation.indifference <= TOP_SCORE:
        yield _problem(path, "indifference", f"must lie between 0 and {TOP_SCORE} points.")
    if not aggregation.indifference <= aggregation.preference <= TOP_SCORE:
        message = f"must lie between the indifference ({aggregation.indifference:g}) and {TOP_SCORE} points."
        yield _problem(path, "preference", message)
    for name, points in (aggregation.vetoes or {}).items():
        if not (aggregation.preference <= points <= TOP_SCORE and points > 0):
            message = f"must lie between the preference ({aggregation.preference:g}) and {TOP_SCORE} points, above 0."
            yield _problem(f"{path}.vetoes", name, message)


def _criterion(criterion: Criterion, path: str) -> Found:
    yield from _texts(path, id=criterion.id, title=criterion.title, question=criterion.question)
    if criterion.weight < 0:
        yield _problem(path, "weight", "must be 0 or more.")
    yield from weight_checks.criterion_weights(criterion, path)
    yield from _score_between("minimum", criterion.minimum, path)
    for position, indicator in enumerate(criterion.indicators):
        if indicator.criterion != criterion.id:
            yield _problem(path, f"indicators[{position}].criterion", f"must be {criterion.id}, where it stands.")


def _indicator(indicator: Indicator, path: str) -> Found:
    yield from _texts(path, id=indicator.id, title=indicator.title, question=indicator.question)
    for level, text in enumerate(indicator.levels):
        if not text.strip():
            yield _problem(path, f"levels[{level}]", "needs its text.")
    if indicator.weight < 0:
        yield _problem(path, "weight", "must be 0 or more.")
    yield from _points(indicator, path)
    yield from _computed(indicator, path)


def _computed(indicator: Indicator, path: str) -> Found:
    computed = indicator.scale is ScaleKind.COMPUTED
    if computed and indicator.rule not in RULES and not indicator.figure:
        yield _problem(path, "rule", f"A computed indicator needs one of {', '.join(RULES)}, or a figure.")
    if not computed and indicator.rule:
        yield _problem(path, "rule", "Only a computed indicator has a rule.")
    if indicator.figure and (not computed or indicator.rule):
        yield _problem(path, "figure", "Only a computed indicator without a rule has a figure.")
    elif indicator.figure and indicator.figure not in FIGURES:
        yield _problem(path, "figure", f"needs one of {', '.join(FIGURES)}.")


def _points(indicator: Indicator, path: str) -> Found:
    numbers = [number for number, _ in indicator.points]
    if indicator.least is not None and indicator.most is not None and indicator.least >= indicator.most:
        yield _problem(path, "most", "must be above the least number.")
    lined = indicator.scale is ScaleKind.NUMERIC or bool(indicator.figure)
    if not lined and numbers:
        yield _problem(path, "points", "Only a numeric scale or a figure has points.")
    if lined and len(numbers) < 2:  # noqa: PLR2004 -- a line has two ends
        yield _problem(path, "points", "A numeric scale needs two points or more.")
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        yield _problem(path, "points", "The numbers of a scale must rise.")
    if not all(0 <= level <= TOP_LEVEL for _, level in indicator.points):
        yield _problem(path, "points", f"Levels lie between 0 and {TOP_LEVEL}.")


def _gate(gate: Gate, path: str) -> Found:
    yield from _texts(path, lifts_when=gate.lifts_when)
    if not 1 <= gate.passes_at <= TOP_LEVEL:
        yield _problem(path, "passes_at", f"must be a level from 1 to {TOP_LEVEL}.")
    if gate.applies_when not in CONDITIONS:
        yield _problem(path, "applies_when", f"needs one of {', '.join(CONDITIONS)}.")


def _economics(economics: Economics, path: str) -> Found:
    yield from _rates(economics, path)
    for name in ("standard_conversion_factor", "shadow_exchange_rate", "shadow_wage_factor", "target_dscr"):
        if not 0 < getattr(economics, name) <= MAX_FACTOR:
            yield _problem(path, name, f"must be above 0 and at most {MAX_FACTOR:.0f}.")
    if economics.standard_conversion_factor < 1 < economics.shadow_exchange_rate:
        message = "corrects a second time what the conversion factor corrects already: one of the two must be 1."
        yield _problem(path, "shadow_exchange_rate", message)
    for name in ("welfare_epsilon", "aversion"):
        if getattr(economics, name) < 0:
            yield _problem(path, name, "must be 0 or more.")
    if economics.programme_budget is not None and economics.programme_budget <= 0:
        yield _problem(path, "programme_budget", "must be above 0.")
    yield from _incomes(economics, path)
    yield from _carbon(economics, path)


def _rates(economics: Economics, path: str) -> Found:
    names = ("financial_rate", "social_rate", "social_rate_concessional", "finance_rate", "reinvestment_rate")
    given = [(name, getattr(economics, name)) for name in (*names, "risk_free_rate")]
    given += [(f"hurdles[{position}]", rate) for position, rate in enumerate(economics.hurdles)]
    for name, rate in given:
        if not MIN_RATE <= rate <= MAX_RATE:
            yield _problem(path, name, f"{rate} is not between {MIN_RATE} and {MAX_RATE}.")


def _incomes(economics: Economics, path: str) -> Found:
    if not economics.income_groups:
        yield _problem(path, "income_groups", "needs at least one group.")
    for group, income in economics.income_groups.items():
        if income <= 0:
            yield _problem(path, f"income_groups.{group}", "must be above 0.")


def _carbon(economics: Economics, path: str) -> Found:
    if economics.carbon_prices and not economics.carbon_prices.get(economics.carbon_path):
        yield _problem(path, "carbon_path", f"There are no prices for {economics.carbon_path}.")
    for name, prices in economics.carbon_prices.items():
        if any(price < 0 for price in prices.values()):
            yield _problem(path, f"carbon_prices.{name}", "Prices must be 0 or more.")


def _exchange_rate(rate: ExchangeRate, path: str) -> Found:
    yield from _texts(path, currency=rate.currency, date=rate.date, source=rate.source)
    if rate.per_unit <= 0:
        yield _problem(path, "per_unit", "must be above 0.")


CHECKS: Checks = {
    Framework: _framework,
    Aggregation: _aggregation,
    Criterion: _criterion,
    Indicator: _indicator,
    Gate: _gate,
    Economics: _economics,
    ExchangeRate: _exchange_rate,
}


def _indicators(framework: Framework) -> Iterator[tuple[str, Indicator]]:
    for first, criterion in enumerate(framework.criteria):
        for second, indicator in enumerate(criterion.indicators):
            yield f"criteria[{first}].indicators[{second}]", indicator


def _names(framework: Framework) -> Iterator[tuple[str, str]]:
    for position, criterion in enumerate(framework.criteria):
        yield criterion.id, f"criteria[{position}].id"
    for where, indicator in _indicators(framework):
        yield indicator.id, f"{where}.id"


def _score_between(key: str, score: float | None, path: str) -> Found:
    if score is not None and not 0 <= score <= TOP_SCORE:
        yield _problem(path, key, f"must lie between 0 and {TOP_SCORE}.")


def _texts(path: str, **texts: str) -> Found:
    for name, text in texts.items():
        if not text.strip():
            yield _problem(path, name, "needs its text.")


def _problem(path: str, key: str, message: str) -> InputProblem:
    return InputProblem(f"{path}.{key}" if path else key, message)
