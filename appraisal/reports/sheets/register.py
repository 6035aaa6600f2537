"""The risk register as figures: what the project states of each risk, and what the simulation takes of it."""

from typing import Any

from appraisal.reports import figures
from appraisal.reports.register import (
    NO_REGISTER,
    RegisterRow,
    borne_by,
    mean_weights,
    register_finding,
    register_of,
)
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import Form
from appraisal.reports.sheets.sheet import Sheet, Value, cell_name
from forms.registration.risk_words import PER_YEAR, said_distribution
from scoring.project_file import Distribution, Mitigation, RiskEvent

HEADS = (
    "Risk", "Category", "Likelihood as stated", "When", "Extra cost: low", "likely", "high", "as",
    "Delay in years: low", "likely", "high", "as", "Revenue and benefits lost", "For years",
    "What is done, and by whom", "What that costs, at the start", "Leaves of the likelihood", "Leaves of the effect",
    "Likelihood after that", "Mean extra cost if it strikes, after that", "Expected extra cost, life or year",
    "Share lost, after that", "Who bears what is left", "How it enters the simulation",
)  # fmt: skip
_CHANCE, _COST, _LOST, _CHANCE_LEFT, _EFFECT_LEFT = 2, 4, 12, 16, 17
"""Columns that the formulas read."""
_AFTER, _MEAN, _EXPECTED, _LOST_AFTER = 18, 19, 20, 21
_NO_MEAN = "drawn as stated"
_FORMS = (
    None, None, Form.CHANCE, None, *[Form.MONEY] * 3, None, *[Form.RATIO] * 3, None, Form.PERCENT, None, None,
    Form.MONEY, Form.PERCENT, Form.PERCENT,
)  # fmt: skip


def register_sheet(book: Any, report: AppraisalReport) -> None:
    """Every risk of the project file, one a row; likelihood, mean and loss after mitigation are live formulas."""
    sheet = Sheet(book, "Risk register", (36, 26, 12, 24, *[12] * 3, 30, *[12] * 3, 30, 12, 9, 44, *[14] * 7, 32, 80))
    rows = register_of(report.project)
    sheet.title(register_finding(rows))
    sheet.note(
        f"As the project states it. Money in {figures.MoneyUnit.of(report.project).long}, each time it strikes, not "
        "discounted. The likelihood is of once over the whole life or of each year of operation, as “When” says."
    )
    if not rows:
        sheet.note(NO_REGISTER)
        return
    sheet.gap()
    head = sheet.head(HEADS, freeze=True, first_column=1)
    bearer = borne_by(report.result.risk.fiscal_risks)
    for row in rows:
        _risk(sheet, row, bearer)
    sheet.filter(head, sheet.at - 1, len(HEADS))


def _risk(sheet: Sheet, row: RegisterRow, bearer: str) -> None:
    event, at = row.event, sheet.at
    done = event.mitigation or Mitigation()
    when = "in each year of operation" if event.per == PER_YEAR else "once over the whole life"
    lasts = event.years if event.revenue_factor != 1 else None
    cells: tuple[Value, ...] = (
        event.name, row.kind, event.probability, when, *_three(event.cost), *_three(event.delay),
        1 - event.revenue_factor, lasts, done.measure or "nothing is stated", done.cost, done.probability_factor,
        done.impact_factor,
    )  # fmt: skip
    for column, (value, form) in enumerate(zip(cells, _FORMS, strict=True)):
        sheet.write(at, column, value, form)
    _after(sheet, at, event, done)
    sheet.write(at, len(HEADS) - 2, bearer)
    sheet.write(at, len(HEADS) - 1, row.enters)
    sheet.at += 1


def _three(stated: Distribution | None) -> tuple[Value, Value, Value, Value]:
    if stated is None:
        return None, None, None, "none is stated"
    return stated.low, stated.mode, stated.high, said_distribution(stated)


def _after(sheet: Sheet, at: int, event: RiskEvent, done: Mitigation) -> None:
    """What is left after mitigation; a mean only where low, likely and high say all of the distribution."""
    chance, effect = cell_name(at, _CHANCE_LEFT), cell_name(at, _EFFECT_LEFT)
    likelihood = event.probability * done.probability_factor
    sheet.formula(at, _AFTER, f"={cell_name(at, _CHANCE)}*{chance}", likelihood, Form.CHANCE)
    lost = (1 - event.revenue_factor) * done.impact_factor
    sheet.formula(at, _LOST_AFTER, f"={cell_name(at, _LOST)}*{effect}", lost, Form.PERCENT)
    if event.cost is None:
        return
    weights = mean_weights(event.cost)
    if weights is None:
        sheet.write(at, _MEAN, _NO_MEAN)
        return
    three = (event.cost.low, event.cost.mode, event.cost.high)
    mean = sum(weight * (value or 0.0) for weight, value in zip(weights, three, strict=True)) / sum(weights)
    terms = "+".join(f"{weight}*{cell_name(at, _COST + place)}" for place, weight in enumerate(weights))
    sheet.formula(at, _MEAN, f"=({terms})/{sum(weights)}*{effect}", mean * done.impact_factor, Form.MONEY)
    expected = likelihood * mean * done.impact_factor
    sheet.formula(at, _EXPECTED, f"={cell_name(at, _AFTER)}*{cell_name(at, _MEAN)}", expected, Form.MONEY)
