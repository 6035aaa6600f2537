"""The score with live formulas: change a level or a weight and the total follows (METHOD 9, weighted sum)."""

from typing import Any

from appraisal.reports.findings import likely_note
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import Form
from appraisal.reports.sheets.sheet import Sheet, cell_name, span
from scoring.frameworks import Method
from scoring.frameworks.drawn_words import MEANING, evidence_meaning
from scoring.frameworks.vocabulary import METHODS
from scoring.result import CriterionResult, IndicatorResult, Missing

WIDTHS = (9, 18, 38, 12, 12, 12, 12, 12, 12, 12, 60)
INDICATORS = (
    "Indicator",
    "Criterion",
    "Title",
    "Level counted, 0-4",
    "Weight in the total",
    "Answered, 1 or 0",
    "Points, 0-100",
    "Could give, points",
    "Level stated",
    "Evidence",
    "Cap or computation",
)
CRITERIA = ("Criterion", "", "Title", "Weight", "Score, 0-100", "At worst", "At best", "Points")
BLOCKING = "blocks"


def score_sheet(book: Any, report: AppraisalReport) -> None:
    criteria = report.result.criteria
    sheet = Sheet(book, "Score", WIDTHS)
    sheet.title("Score")
    sheet.note(
        "Change a level (0-4, empty = unknown) or a weight: the formulas give the total as the tool computes it. "
        f"{METHODS[criteria.aggregation].made}"
    )
    if criteria.likely is not None:
        sheet.note(f"The total is {likely_note(report)}, as stored with the run. {MEANING} {evidence_meaning()}")
    total_row = sheet.at + 1
    sheet.at += 8
    first_criterion = sheet.head(CRITERIA) + 1
    count = len(criteria.by_criterion)
    first = first_criterion + count + 3
    last = first + len(criteria.indicators) - 1
    ranges = _Ranges((first, last), (first_criterion, first_criterion + count - 1), total_row + 3)
    for position, criterion in enumerate(criteria.by_criterion.values()):
        _criterion(sheet, first_criterion + position, criterion, ranges)
    sheet.at = first - 1
    head = sheet.head(INDICATORS)
    titles = {indicator.id: indicator.title for indicator in report.framework.indicators}
    for position, indicator in enumerate(criteria.indicators):
        _indicator(sheet, first + position, indicator, titles.get(indicator.id, ""), ranges)
    sheet.filter(head, last, len(INDICATORS))
    _totals(sheet, total_row, report, (first_criterion, count))
    sheet.at = last + 2
    sheet.head(("Gate", "State", "Title", "", "", "", "", "", "", "", "What lifts it"))
    for gate in criteria.gates:
        sheet.row(
            (
                gate.id,
                f"{gate.status.value}{', ' + BLOCKING if gate.blocks else ''}",
                gate.title,
                *[None] * 7,
                f"{gate.lifts_when} {report.stands_in(gate)}".strip(),
            )
        )


class _Ranges:
    """Columns of both tables as fixed ranges (first and last row), and the cell with the weight answered."""

    def __init__(self, indicators: tuple[int, int], criteria: tuple[int, int], answered_row: int) -> None:
        def column(rows: tuple[int, int], at: int) -> str:
            return span((rows[0], at), (rows[1], at))

        self.criterion, self.level, self.weight, self.answered = (column(indicators, at) for at in (1, 3, 4, 5))
        self.criteria, self.criteria_weight = (column(criteria, at) for at in (0, 3))
        self.answered_weight = cell_name(answered_row, 3, fixed=True)


def _criterion(sheet: Sheet, row: int, criterion: CriterionResult, ranges: _Ranges) -> None:
    key, weight, score, low = (cell_name(row, column) for column in (0, 3, 4, 5))
    sheet.write(row, 0, criterion.id)
    sheet.write(row, 2, criterion.title)
    sheet.write(row, 3, criterion.weight, Form.PERCENT)
    mine = f"({ranges.criterion}={key})"
    gained = f"SUMPRODUCT({mine}*{ranges.weight}*{ranges.answered}*{ranges.level})"
    answered = f"SUMPRODUCT({mine}*{ranges.weight}*{ranges.answered})"
    every = f"SUMPRODUCT({mine}*{ranges.weight})"
    known = not isinstance(criterion.score, Missing)
    value = criterion.score if known else ""
    sheet.formula(row, 4, f'=IF({answered}>0,25*{gained}/{answered},"")', value, Form.POINTS)  # type: ignore[arg-type]
    sheet.formula(row, 5, f"=IF({every}>0,25*{gained}/{every},0)", criterion.low, Form.POINTS)
    sheet.formula(row, 6, f"={low}+IF({every}>0,100*({every}-{answered})/{every},0)", criterion.high, Form.POINTS)
    points = "" if isinstance(criterion.given, Missing) else criterion.given
    sheet.formula(row, 7, f'=IF(ISNUMBER({score}),{weight}*{score}/{ranges.answered_weight},"")', points, Form.POINTS)


def _indicator(sheet: Sheet, row: int, made: IndicatorResult, title: str, ranges: _Ranges) -> None:
    known = not isinstance(made.level, Missing)
    level, weight, answered = (cell_name(row, column) for column in (3, 4, 5))
    criterion = cell_name(row, 1)
    sheet.write(row, 0, made.id)
    sheet.write(row, 1, made.criterion)
    sheet.write(row, 2, title)
    sheet.write(row, 3, None if isinstance(made.level, Missing) else made.level, bg_color="#fff8e5")
    sheet.write(row, 4, made.weight, Form.PERCENT)
    sheet.formula(row, 5, f"=IF(ISNUMBER({level}),1,0)", 1 if known else 0)
    share = f"SUMPRODUCT(({ranges.criterion}={criterion})*{ranges.weight}*{ranges.answered})"
    outer = f"SUMPRODUCT(({ranges.criteria}={criterion})*{ranges.criteria_weight})"
    points = "" if isinstance(made.contribution, Missing) else made.contribution
    sheet.formula(
        row,
        6,
        f'=IF({answered}=1,25*{level}*{weight}/{share}*{outer}/{ranges.answered_weight},"")',
        points,
        Form.POINTS,
    )
    sheet.formula(row, 7, f'=IF({answered}=1,"",100*{weight})', "" if known else made.high, Form.POINTS)
    sheet.write(row, 8, None if isinstance(made.stated_level, Missing) else made.stated_level)
    sheet.write(row, 9, "computed" if made.computed else made.evidence)
    sheet.write(row, 10, " ".join(part for part in (made.cap_reason, made.explanation) if part))


def _product(criteria: tuple[int, int], column: int, carried: str) -> str:
    """The geometric mean of one column of the criteria as a product of powers, blanks and weightless ones left out."""
    first, count = criteria
    cells = [(cell_name(row, column), cell_name(row, 3)) for row in range(first, first + count)]
    return "*".join(f"IF(ISNUMBER({score}),IF({weight}>0,{score}^({weight}/{carried}),1),1)" for score, weight in cells)


def _totals(sheet: Sheet, row: int, report: AppraisalReport, criteria: tuple[int, int]) -> None:
    made = report.result.criteria
    first, count = criteria
    weights, scores, lows, highs = (span((first, c), (first + count - 1, c)) for c in (3, 4, 5, 6))
    known = not isinstance(made.total, Missing)
    total = made.total if known else ""
    have = cell_name(row + 3, 3)
    answered = sum(each.weight for each in made.by_criterion.values() if not isinstance(each.score, Missing))
    points = span((first, 7), (first + count - 1, 7))
    worst, best = f"SUMPRODUCT({weights}*{lows})", f"SUMPRODUCT({weights}*{highs})"
    summed = f"SUM({points})"
    if made.aggregation is Method.WEIGHTED_GEOMETRIC_MEAN:
        summed = _product(criteria, 4, have)
        worst, best = (_product(criteria, column, f"SUM({weights})") for column in (5, 6))
        sheet.write(row + 6, 2, "Unevenness of the criteria", bold=True)
        lost = f'=IF({have}>0,{cell_name(row, 3)}-SUM({points}),"")'
        sheet.formula(row + 6, 3, lost, made.unevenness if known else "", Form.POINTS)
    rows: list[tuple[str, str, float | str]] = [
        ("Total, 0-100", f'=IF({have}>0,{summed},"")', total),  # type: ignore[list-item]
        ("At worst, unknown = 0", f"={worst}", made.interval[0]),
        ("At best, unknown = 4", f"={best}", made.interval[1]),
        ("Weight of the criteria answered", f"=SUMPRODUCT(ISNUMBER({scores})*{weights})", answered),
    ]
    for position, (label, formula, value) in enumerate(rows):
        sheet.write(row + position, 2, label, bold=True)
        sheet.formula(row + position, 3, formula, value, bold=True)
    sheet.write(row + 4, 2, "Total stored with the run", bold=True)
    sheet.write(row + 4, 3, made.total)
    if known:
        difference = f"={cell_name(row, 3)}-{cell_name(row + 4, 3)}"
        sheet.write(row + 5, 2, "Difference", bold=True)
        sheet.formula(row + 5, 3, difference, 0.0)
