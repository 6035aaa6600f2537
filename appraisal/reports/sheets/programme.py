"""The live sheets of a programme's workbook: the projects, what they take by year, budgets, shares and rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appraisal.reports.programme_report import Call, Candidate, ProgrammeReport, RuleLine
from appraisal.reports.return_tables import Form
from appraisal.reports.sheets.sheet import Sheet, cell_name, span

NAME = "Projects"
INPUT = "#fff8e5"
SOURCES = {"": "all sources", "grants": "grants", "equity": "equity", "debt": "debt"}
VALUE, COST, CHOSEN, START, IN_CUT, BARRED, TAIL = 9, 10, 11, 12, 14, 15, 17
CANNOT, VALUE_COUNTED, COST_COUNTED, CUT_VALUE = 18, 19, 20, 21
SLACK = "0.000001"
"""What a sum may pass a limit by before it breaks it, in the round's unit: rounding."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the other sheets find the projects: whole columns, and the row of each reference."""

    rows: Mapping[str, int]
    first: int
    last: int

    def column(self, at: int) -> str:
        return f"'{NAME}'!{span((self.first, at), (self.last, at))}"

    def one(self, reference: str, at: int) -> str:
        return f"'{NAME}'!{cell_name(self.rows[reference], at, fixed=True)}"

    @property
    def chosen(self) -> str:
        return self.column(CHOSEN)

    @property
    def cost(self) -> str:
        return self.column(COST)

    @property
    def in_cut(self) -> str:
        return self.column(IN_CUT)

    @property
    def value_counted(self) -> str:
        return self.column(VALUE_COUNTED)

    @property
    def cost_counted(self) -> str:
        return self.column(COST_COUNTED)

    @property
    def cut_value(self) -> str:
        return self.column(CUT_VALUE)


def project_sheet(book: Any, report: ProgrammeReport) -> Cells:
    """Every ranked project on a line, by reference."""
    sheet = Sheet(book, NAME, (14, 40, 16, 24, 8, 8, 8, 9, 10, 14, 12, 10, 10, 10, 10, 24, 10, 16, 10, 14, 12, 14))
    sheet.title("Projects the programme was chosen from")
    sheet.note(f"Money in {report.money_long}. The yellow column is yours to change: 1 is chosen, 0 is not.")
    head = sheet.head(
        (
            "Reference",
            "Project",
            "City",
            "Action areas",
            "Rank",
            "Rank, 5%",
            "Rank, 95%",
            "Score",
            "Risk-adjusted return",
            f"Value, {report.value_name}",
            f"Cost, {report.money}",
            "Chosen, 1 or 0",
            "Starts",
            "Planned to start",
            "In rank and cut, 1 or 0",
            "Cannot be chosen, because",
            "Approved, 1 or 0",
            f"Mean loss in its worst {report.tail:g}% of futures, empty where not known",
            "Cannot be chosen, 1 or 0",
            "Value counted",
            "Cost counted",
            "Value in rank and cut",
        ),
        freeze=True,
        first_column=2,
    )
    rows = {each.reference: _project(sheet, each) for each in report.candidates}
    sheet.filter(head, sheet.at - 1, CUT_VALUE + 1)
    return Cells(rows, head + 1, sheet.at - 1)


def _project(sheet: Sheet, each: Candidate) -> int:
    row = sheet.row(
        (
            each.reference,
            each.title,
            each.city,
            ", ".join(each.areas),
            each.rank,
            each.rank_low,
            each.rank_high,
            each.score,
            each.risk_return,
            each.value,
            each.cost,
            None,
            each.start,
            each.planned,
            int(each.in_cut),
            each.barred,
            int(each.approved),
            each.tail if isinstance(each.tail, int | float) else None,
            int(bool(each.barred)),
        ),
        (None,) * 7 + (Form.POINTS, Form.RATIO, Form.MONEY, Form.MONEY) + (None,) * 6 + (Form.MONEY,),
    )
    sheet.write(row, CHOSEN, int(each.chosen), bg_color=INPUT)
    value, chosen, cut = (cell_name(row, at) for at in (VALUE, CHOSEN, IN_CUT))
    known = each.value if isinstance(each.value, int | float) else 0.0
    sheet.formula(row, VALUE_COUNTED, f"=IF(ISNUMBER({value}),{chosen}*{value},0)", each.chosen * known, Form.MONEY)
    sheet.formula(row, COST_COUNTED, f"={chosen}*{cell_name(row, COST)}", each.chosen * each.cost, Form.MONEY)
    sheet.formula(row, CUT_VALUE, f"=IF(ISNUMBER({value}),{cut}*{value},0)", each.in_cut * known, Form.MONEY)
    return row


def year_sheet(book: Any, report: ProgrammeReport, cells: Cells) -> Mapping[Call, str]:
    """What each project takes by year and source, and live under it what the programme uses; where each sum stands."""
    calls = sorted(
        {call for each in report.candidates for call in each.calls} | {b.call for b in report.budgets if b.call}
    )
    sheet = Sheet(book, "By year", (14, 40, *[12] * len(calls)))
    sheet.title("What each project takes by year and source")
    sheet.note(f"Money in {report.money_long}; each project as it starts in the programme, else as planned.")
    titles = [f"{year}, {SOURCES.get(source, source)}" for year, source in calls]
    sheet.head(("Reference", "Project", *titles), freeze=True, first_column=2)
    first = sheet.at
    for each in report.candidates:
        amounts = [each.calls.get(call) for call in calls]
        sheet.row((each.reference, each.title, *amounts), (None, None, *[Form.MONEY] * len(calls)))
    last = sheet.at - 1
    used = sheet.row(("", "Used by the programme"), bold=True)
    found = {}
    for column, call in enumerate(calls, start=2):
        total = sum(each.calls.get(call, 0.0) for each in report.candidates if each.chosen)
        formula = f"=SUMPRODUCT({cells.chosen},{span((first, column), (last, column))})"
        sheet.formula(used, column, formula, total, Form.MONEY, bold=True)
        found[call] = f"'By year'!{cell_name(used, column, fixed=True)}"
    return found


def budget_sheet(book: Any, report: ProgrammeReport, cells: Cells, years: Mapping[Call, str]) -> str:
    """Each budget with what is used, live; gives the formula that is 1 where all are kept."""
    sheet = Sheet(book, "Budgets", (34, 16, 16, 16, 14, 14, 34, 70))
    sheet.title("Budgets by year and source")
    titles = ("Size", "Used", "Left", "Used of it", "Kept, 1 or 0", "Worth of one more million", "The next sum buys")
    sheet.head((f"Budget, {report.money}", *titles), freeze=True)
    kept = []
    for budget in report.budgets:
        row = sheet.row((budget.name, None, None, None, None, None, budget.price, budget.buys))
        sheet.write(row, 1, budget.size, Form.MONEY, bg_color=INPUT)
        size, used = cell_name(row, 1), cell_name(row, 2)
        formula = f"=SUM({cells.cost_counted})" if budget.call is None else f"={years[budget.call]}"
        sheet.formula(row, 2, formula, budget.used, Form.MONEY)
        sheet.formula(row, 3, f"={size}-{used}", budget.size - budget.used, Form.MONEY)
        part = budget.used / budget.size if budget.size else ""
        sheet.formula(row, 4, f'=IF({size}>0,{used}/{size},"")', part, Form.PERCENT)
        sheet.formula(row, 5, f"=IF({used}>{size}+{SLACK},0,1)", 1.0)
        kept.append(f"'Budgets'!{cell_name(row, 5, fixed=True)}")
    return "*".join(kept)


def group_sheet(book: Any, report: ProgrammeReport, cells: Cells) -> Iterator[str]:
    """Which projects belong to which action area and city, and live under it the share of the money each gets."""
    if not report.groups:
        return
    sheet = Sheet(book, "Shares", (14, 40, *[16] * len(report.groups)))
    sheet.title("Shares of the money by action area and city")
    sheet.note("1: the project belongs to it. A project of two action areas counts in both.")
    sheet.head(("Reference", "Project", *(group.name for group in report.groups)), freeze=True, first_column=2)
    first = sheet.at
    for each in report.candidates:
        belongs = [int(each.reference in group.references) for group in report.groups]
        sheet.row((each.reference, each.title, *belongs))
    last = sheet.at - 1
    labels = ("Projects chosen", f"Money, {report.money}", "Share of the money", "At least", "Kept, 1 or 0")
    count, money, share, least, kept = (sheet.row(("", label), bold=True) for label in labels)
    for column, group in enumerate(report.groups, start=2):
        inside = [each for each in report.chosen if each.reference in group.references]
        spent = sum(each.cost for each in inside)
        members = span((first, column), (last, column))
        sheet.formula(count, column, f"=SUMPRODUCT({cells.chosen},{members})", len(inside))
        sheet.formula(money, column, f"=SUMPRODUCT({cells.cost_counted},{members})", spent, Form.MONEY)
        part, total = cell_name(money, column), f"SUM({cells.cost_counted})"
        of_all = spent / report.spent if report.spent else ""
        sheet.formula(share, column, f'=IF({total}>0,{part}/{total},"")', of_all, Form.PERCENT)
        if group.least is not None:
            sheet.write(least, column, group.least, Form.PERCENT, bg_color=INPUT)
            asked = cell_name(least, column)
            sheet.formula(kept, column, f"=IF({asked}*{total}>{part}+{SLACK},0,1)", 1.0)
            yield f"'Shares'!{cell_name(kept, column, fixed=True)}"


def rule_sheet(book: Any, report: ProgrammeReport, cells: Cells) -> Iterator[str]:
    """Each other rule with a live check; those that no formula can check say so."""
    sheet = Sheet(book, "Rules", (90, 16, 60))
    sheet.title("Rules beside budgets and shares")
    sheet.head(("Rule", "Kept, 1 or 0", "How it is checked"), freeze=True)
    lines = [*report.rules]
    if any(each.barred for each in report.candidates):
        lines.append(RuleLine(text="What cannot be chosen is not chosen", kind="barred"))
    for rule in lines:
        formula = _check(rule, cells)
        row = sheet.row((rule.text, None, "live" if formula else "by the tool, when the programme was chosen"))
        if formula:
            sheet.formula(row, 1, f"={formula}", 1.0)
            yield f"'Rules'!{cell_name(row, 1, fixed=True)}"
    if not lines:
        sheet.note("None was set.")


def _check(rule: RuleLine, cells: Cells) -> str:
    """The formula that is 1 where a rule is kept; empty where none can tell."""
    chosen = [cells.one(reference, CHOSEN) for reference in rule.of]
    needed = [cells.one(reference, CHOSEN) for reference in rule.needed]
    start = cells.one(rule.of[0], START) if rule.kind in ("start", "phase") else ""
    first, last = rule.years
    earliest = f"{cells.one(rule.needed[0], START)}+{first}" if rule.kind == "phase" else ""
    checks = {
        "one": lambda: f"IF({_sum(chosen)}>1,0,1)",
        "must": lambda: f"IF({chosen[0]}=1,1,0)",
        "out": lambda: f"IF({_sum(chosen)}>0,0,1)",
        "barred": lambda: f"IF(SUMPRODUCT({cells.chosen},{cells.column(CANNOT)})>0,0,1)",
        "needs": lambda: f"IF({chosen[0]}>{_sum(needed)},0,1)",
        "start": lambda: f"IF({chosen[0]}=1,IF({first}>{start},0,IF({start}>{last},0,1)),1)",
        "phase": lambda: f"IF({chosen[0]}=1,IF({needed[0]}=1,IF({earliest}>{start},0,1),0),1)",
        "risk": lambda: f"IF(SUMPRODUCT({cells.chosen},{cells.column(TAIL)})>{SLACK},0,1)",
    }
    return checks[rule.kind]() if rule.kind in checks else ""


def _sum(parts: Sequence[str]) -> str:
    return "+".join(parts) or "0"
