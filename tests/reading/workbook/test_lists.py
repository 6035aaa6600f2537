"""Lists as people have them: headings anywhere, columns by year, long and wide figures; each fault at its cell."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from appraisal.reading.workbook.files import open_file, read_file
from appraisal.reading.workbook.findings import ReadFile, column_letters
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.matching import IGNORE, guesses, heading_row, list_table

Rows = Sequence[Sequence[Any]]


def book(**sheets: Rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name.replace("_", " "))
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
    return out.getvalue()


def table(*rows: Sequence[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def read(content: bytes, choices: Choices | None = None) -> ReadFile:
    found = read_file(open_file(content), choices or Choices(), {})
    for entry in found.entries:
        entry.complete()
    return found


def problems(found: ReadFile) -> list[tuple[str, str, str]]:
    every = [*found.problems, *(problem for entry in found.entries for problem in entry.problems)]
    return [(problem.at, problem.value, problem.rule) for problem in every]


PROJECTS = [["Reference", "Name of the project", "First year of spending"], ["A", "Tram", 2027], ["B", "Park", 2028]]
TRAM = [["Reference", "Line", "Kind", 2027, 2028, 2029], ["A", "Track", "Capital cost: rail", 5, "", 7]]


def test_headings_are_found_below_a_title_and_remarks_behind_them_do_not_matter() -> None:
    content = table(
        ["Capital programme 2027"], [], ["Project title (official)", "Cost, INR", "Ward"], ["Tram", 5, "W1"]
    )
    opened = open_file(content)
    found = list_table(opened.tables)
    assert found is not None
    assert heading_row(found) == 2
    assert [guess.target for guess in guesses(found, 2, {}, {})] == ["title", "cost", "note"]
    (entry,) = read(content, Choices(defaults={"cash_flows.first_year": "2027"})).entries
    assert entry.stated["summary"] == "Ward: W1"
    assert entry.stated["cash_flows"]["lines"][0]["amounts"] == [Decimal(5)]


def test_costs_by_year_become_one_line() -> None:
    (entry,) = read(table(["Name", "FY2026/27", "2027", "2028"], ["Tram", "1", "2.5", ""])).entries
    assert entry.stated["cash_flows"] == {
        "first_year": 2026,
        "lines": [{"name": "Capital cost", "kind": "capex", "amounts": [Decimal(1), Decimal("2.5")]}],
    }


@pytest.mark.parametrize(
    ("figures", "amounts"),
    [
        ([["Reference", "Line", "Kind", "2027", "2028"], ["A", "Track", "Capital cost: rail", 5, 7]], [5, 7]),
        ([["Reference", "Line", "Kind", "2027", "2029", "2028"], ["A", "Track", "capex-rail", "", 7, 0]], [0, 0, 7]),
        ([["Reference", "Line", "Kind", "Year", "Amount"], ["A", "Track", "capex-rail", 2028, 7],
          ["A", "Track", "capex-rail", 2027, "5.5"]], [Decimal("5.5"), 7]),
    ],
    ids=["wide", "years in any order", "long"],
)  # fmt: skip
def test_yearly_figures_are_wide_or_long(figures: Rows, amounts: list[Decimal]) -> None:
    found = read(book(Projects=PROJECTS, Figures=figures))
    assert problems(found) == []
    (line,) = found.entries[0].stated["cash_flows"]["lines"]
    assert line == {"name": "Track", "kind": "capex", "class": "rail", "amounts": amounts}
    assert "lines" not in found.entries[1].stated["cash_flows"]


def test_every_fault_is_named_at_its_cell() -> None:
    figures = [
        *TRAM,
        ["A", "Care", "Running cots", 1],
        ["C", "Care", "Running cost", 1],
        ["B", "Care", "Running cost", 1],
        ["B", "", "Running cost", "", 1],
        ["B", "Money", "Revenue from users", "", "n.a.", "1.234"],
    ]
    assert problems(read(book(Projects=PROJECTS, Figures=figures))) == [
        ("Figures, A4", "C", "The list of projects has no such reference"),
        ("Figures, C3", "Running cots", 'Kind "Running cots" is not in the list; did you mean Running cost?'),
        ("Figures, row 2", "", "has no figure for 2028 between 2027 and 2029: write 0 where there is none"),
        ("Figures, B6", "", "Line is empty"),
        ("Figures, E7", "n.a.", "2028 is not a number"),
        ("Figures, F7", "1.234", "2029 can be read as 1.234 or as 1234: say which decimal mark the file uses"),
        ("Figures, D5", "1", "lies in 2027, before the project's first year of spending, 2028"),
    ]


def test_answers_are_levels_numbers_or_unknown() -> None:
    answers = [
        ["Reference", "DS1", "DS1 evidence", "DS1 reason", "BK7", "NE3"],
        ["A", 3, "E2", "Audited", 0.4, "unknown"],
        ["B", 7.5, "E9", "", "x", ""],
    ]
    found = read(book(Projects=PROJECTS, Answers=answers))
    assert found.entries[0].stated["answers"] == {
        "DS1": {"level": 3, "evidence": "E2", "reason": "Audited"},
        "BK7": {"value": Decimal("0.4")},
        "NE3": {"unknown": True},
    }
    assert [place for place, _, _ in problems(found)] == ["Answers, B3", "Answers, C3", "Answers, E3"]


def test_a_loan_needs_its_terms() -> None:
    sources = [
        ["Reference", "Source", "Lender or loan", "Interest a year", "Years to full repayment", 2027],
        ["A", "Loan", "ADB", 0.05, 15, 60],
        ["A", "Grants", "", "", "", 10],
        ["B", "Loan", "ADB", "", 15, 60],
    ]
    found = read(book(Projects=PROJECTS, Sources_of_money=sources))
    assert found.entries[0].stated["financing"] == {
        "equity": None,
        "grants": [Decimal(10)],
        "debt": [{"name": "ADB", "rate": Decimal("0.05"), "tenor": 15, "amounts": [Decimal(60)]}],
    }
    assert problems(found) == [("Sources of money, D4", "", "Interest a year is empty")]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("nan", "is not a number"), ("1e309", "is larger than"), ("9" * 400, "is larger than"),
        ("1_000", "is not a number"), ("=1+1", "is a formula"), ("#REF!", "is an error of the spreadsheet"),
        ("5%", "is a percentage"), ("1.234", "say which decimal mark"), ("1,2,3", "separators"),
    ],
)  # fmt: skip
def test_no_number_is_guessed(cell: str, said: str) -> None:
    ((place, _, rule),) = problems(read(table(["Project", "Cost", "Start year"], ["Tram", cell, "2027"])))
    assert place == "CSV, B2"
    assert said in rule


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("1.234", ",", "1234"), ("1.234", ".", "1.234"), ("1,234.56", "", "1234.56"),
        ("12,34,567.89", "", "1234567.89"),
        ("−5", "", "-5"), ("１２３", "", "123"), ("1'234.56", "", "1234.56"), ("0.1", "", "0.1"),
    ],
)  # fmt: skip
def test_numbers_of_all_conventions_are_exact(cell: str, mark: str, amount: str) -> None:
    (entry,) = read(table(["Project", "Cost", "Start year"], ["T", cell, "2027"]), Choices(decimal_mark=mark)).entries
    assert entry.problems == []
    assert entry.stated["cash_flows"]["lines"][0]["amounts"] == [Decimal(amount)]


def test_numbers_of_a_sheet_are_taken_to_its_fifteen_digits_and_rounding_is_said() -> None:
    rows = [["Project", "Cost", "Start date"], ["A", 0.1 + 0.2, date(2027, 5, 1)], ["B", 1 / 3, date(2028, 1, 1)]]
    found = read(book(List=rows))
    costs = [entry.stated["cash_flows"] for entry in found.entries]
    assert [cost["lines"][0]["amounts"] for cost in costs] == [[Decimal("0.3")], [Decimal("0.333333")]]
    assert [cost["first_year"] for cost in costs] == [2027, 2028]
    assert "1 amounts had more than six decimals and were rounded to six." in found.notes


def test_texts_keep_their_script_and_what_cannot_be_stored_is_named() -> None:
    found = read(
        table(["Project", "City", "Start year"], ['O\'Brien "하나" <b> 😀', "ปูเน่", "2027"], ["x\u202ey", "", "2027"])
    )
    assert (found.entries[0].title, found.entries[0].city) == ('O\'Brien "하나" <b> 😀', "ปูเน่")
    assert problems(found) == [("CSV, A3", "x\u202ey", "Project holds the character U+202E, which cannot be stored")]


def test_columns_left_out_and_sheets_not_read_are_said() -> None:
    content = book(List=[["Project", "Ward"], ["Tram", "W1"]], Other=[["x"], ["y"]])
    found = read(content, Choices(columns={"ward": IGNORE}))
    assert found.notes == ("Left out, as you chose: Ward.", "These sheets were not read: Other.")


def test_without_a_name_column_or_a_row_nothing_is_read() -> None:
    assert problems(read(table(["Cost", "City"], ["1", "x"])))[0][2].startswith("No column is the name of the project")
    assert problems(read(table(["Project", "City"]))) == [("", "", "There is no project below the headings")]


def test_columns_are_lettered_as_in_spreadsheets() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
