"""The rules of a programme as a problem of alternatives: each project in each year it may start in (METHOD 11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appraisal.services.exploring import Exploration
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme_material import Material
from appraisal.services.programme_risk import tail_loss
from forms.programme import ProgrammeRules
from forms.programme_lines import Phase
from forms.what_if import SOURCES, Call
from scoring.selection import MinimumShare, Problem, problem_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
WORST = 5.0
"""Per cent: the tail that risk is told by where no chance of a loss is capped."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A project in one of the years that it may start in."""

    place: int
    """Of the project, among the material's rows."""
    year: int | None
    """None where no plan says when it starts."""
    shift: int
    """Years after its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """The problem, and what its parts stand for."""

    problem: Problem
    alternatives: tuple[Alternative, ...]
    factors: FloatArray
    """(n,), what 1 of its project's value is worth in the year of each alternative."""
    calls: tuple[Call | None, ...]
    """What each budget is of: None the whole, or a year and a source."""
    links: tuple[Phase | tuple[str, tuple[str, ...]], ...]
    """What each of the problem's requirements comes from: a phase, or (project, any of those it needs)."""
    required: tuple[PortfolioRow, ...]
    """Of each must."""
    tail: float
    """Per cent: the problem's risk is the mean loss in so many of the worst futures."""
    unmeasured: tuple[PortfolioRow, ...]
    """Projects whose loss is not known: under a cap not chosen, and if approved not counted."""

    @property
    def places(self) -> npt.NDArray[np.int64]:
        """(n,), of each alternative its project's."""
        return np.array([each.place for each in self.alternatives], dtype=np.int64)


def pose(
    material: Material, explored: Exploration, rules: ProgrammeRules, groups: Mapping[str, frozenset[str]]
) -> Posed:
    """groups: by name, the references that a minimum share may be for."""
    rows, held, what_if = material.rows, material.held, explored.what_if
    calls: list[Call | None] = [None, *sorted(what_if.caps)]
    alternatives = _alternatives(material, rules)
    by_reference: dict[str, list[int]] = {row.reference: [] for row in rows}
    for at, each in enumerate(alternatives):
        by_reference[rows[each.place].reference].append(at)
    factors = np.array([material.factor(each.place, each.shift) for each in alternatives])
    scores = np.array([np.nan if row.score is None else row.score for row in rows])
    places = np.array([each.place for each in alternatives], dtype=np.int64)
    values = mixed(material.values[places] * factors, scores[places], rules)
    risk, unmeasured = _risk(material, alternatives, factors, rules)
    measured = rules.risk is None or not unmeasured
    barred = {row.reference for row in unmeasured} if not measured else set()
    budget = float(explored.budget if explored.budget is not None else held.budget)
    required = _required(material, explored)
    requires, links = _requires(rules, by_reference, alternatives)
    names = {row.reference for row in required}
    problem = problem_of(
        np.nan_to_num(values),
        [_costs(material, each, calls) for each in alternatives] or np.zeros((0, len(calls))),
        [budget, *(float(what_if.caps[call]) for call in calls if call is not None)],
        projects=places,
        exclusive=[_members(group, by_reference) for group in rules.exclusive],
        requires=requires,
        must=[by_reference[row.reference] for row in required],
        must_not=[
            at
            for at, each in enumerate(alternatives)
            if _unusable(rows[each.place], explored, bool(np.isnan(values[at])), barred, names)
        ],
        minimum_shares=[
            MinimumShare(
                tuple(_members(sorted(groups[part.whose]), by_reference)), part.per_cent / 100, name=part.whose
            )
            for part in rules.least
        ],
        risk=risk,
        risk_cap=None if risk is None else np.inf if rules.risk is None else 0.0,
        names=[_name(rows[each.place], each) for each in alternatives],
        budget_names=[_budget_name(call) for call in calls],
        money=[float(rows[each.place].cost) / held.unit for each in alternatives],
    )
    return Posed(
        problem=problem,
        alternatives=alternatives,
        factors=factors,
        calls=tuple(calls),
        links=links,
        required=required,
        tail=rules.risk or WORST,
        unmeasured=unmeasured,
    )


def mixed(values: FloatArray, scores: FloatArray, rules: ProgrammeRules) -> FloatArray:
    """What each alternative adds: its value, its score, or both, each as a share of the largest there is, of 100.

    values, scores: (..., n). NaN where a part that counts does not exist.
    """
    if rules.objective == "value":
        return values
    if rules.objective == "score":
        return scores
    part = rules.mix / 100
    largest = [float(np.nanmax(np.abs(each), initial=0.0)) or 1.0 for each in (values, scores)]
    return 100 * (part * values / largest[0] + (1 - part) * scores / largest[1])


def _alternatives(material: Material, rules: ProgrammeRules) -> tuple[Alternative, ...]:
    """Of each project its own year first, so that among equals nothing waits."""
    found = []
    for place, row in enumerate(material.rows):
        own = material.years.get(row.reference)
        if own is None:
            found.append(Alternative(place, None, 0))
            continue
        years = rules.years_of(row.reference, own, committed=row.committed)
        found += [Alternative(place, year, year - own) for year in years]
    return tuple(found)


def _costs(material: Material, each: Alternative, calls: Sequence[Call | None]) -> list[float]:
    """What an alternative takes from each budget: the whole from the whole, a year's call where it falls now."""
    row, unit = material.rows[each.place], material.held.unit
    called = material.calls[row.reference]
    return [
        (float(row.cost) if call is None else called.get((call[0] - each.shift, call[1]), 0.0)) / unit for call in calls
    ]


def _required(material: Material, explored: Exploration) -> tuple[PortfolioRow, ...]:
    """All that is approved, unless the what-if pins it out, and what it pins in."""
    what_if = explored.what_if
    return tuple(
        row
        for row in material.rows
        if (row.committed and row.reference not in what_if.out) or row.reference in what_if.must
    )


def _unusable(row: PortfolioRow, explored: Exploration, valueless: bool, barred: set[str], required: set[str]) -> bool:
    if row.committed and row.reference in required:
        return False
    return row.blocked or row.reference in explored.what_if.out or valueless or row.reference in barred


def _risk(
    material: Material, alternatives: Sequence[Alternative], factors: FloatArray, rules: ProgrammeRules
) -> tuple[FloatArray | None, tuple[PortfolioRow, ...]]:
    """The mean loss of each alternative in its worst futures, and whose is not known.

    None where some are not known and no cap asks for the others: the sum of a programme could not be told.
    """
    part = (rules.risk or WORST) / 100
    tails = [None if found is None else tail_loss(found, part) for found in material.losses]
    unmeasured = tuple(row for row, tail in zip(material.rows, tails, strict=True) if tail is None)
    if unmeasured and rules.risk is None:
        return None, unmeasured
    return np.array([tails[each.place] or 0.0 for each in alternatives]) * factors, unmeasured


def _requires(
    rules: ProgrammeRules, by_reference: Mapping[str, Sequence[int]], alternatives: Sequence[Alternative]
) -> tuple[list[tuple[int, list[int]]], tuple[Phase | tuple[str, tuple[str, ...]], ...]]:
    """For each alternative of what needs something: any alternative of that, or of a phase those early enough."""
    found: list[tuple[int, list[int]]] = []
    links: list[Phase | tuple[str, tuple[str, ...]]] = []
    for one, needed in rules.requires:
        for at in by_reference.get(one, ()):
            found.append((at, _members(needed, by_reference)))
            links.append((one, needed))
    for phase in rules.phases:
        for at in by_reference[phase.later]:
            latest = (alternatives[at].year or 0) - phase.years
            early = [other for other in by_reference[phase.earlier] if (alternatives[other].year or 0) <= latest]
            found.append((at, early))
            links.append(phase)
    return found, tuple(links)


def _members(references: Sequence[str], by_reference: Mapping[str, Sequence[int]]) -> list[int]:
    return [at for reference in references for at in by_reference.get(reference, ())]


def _name(row: PortfolioRow, each: Alternative) -> str:
    return f"{row.reference} from {each.year}" if each.shift else row.reference


def _budget_name(call: Call | None) -> str:
    if call is None:
        return "the budget"
    return f"the {call[0]} budget" + (f" from {SOURCES[call[1]]}" if call[1] else "")
