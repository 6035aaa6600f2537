"""Cells of a workbook as a paste: every digit that is stored, and what cannot be taken at its address."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.reading.pasted_table import PasteChoices, read_pasted
from appraisal.reading.problems import Unreadable
from appraisal.reading.sheet_cells import likely_sheet, read_sheets, sheet_text
from appraisal.reading.workbook.areas import Area, read_area
from tests.workbooks import TABLE, workbook


def text_of(content: bytes, area: str = "") -> str:
    sheet = likely_sheet(read_sheets(content))
    chosen = read_area(area) if area else sheet.used
    assert chosen is not None
    return sheet_text(sheet, chosen).text


def refused(content: bytes, area: str = "") -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as error:
        text_of(content, area)
    return [(problem.path, problem.message) for problem in error.value.problems]


def test_the_stored_digits_are_read_and_not_those_shown() -> None:
    def shown_short(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 1, 1234567.891234, book.add_format({"num_format": "#,##0"}))
        sheet.write_number(2, 2, 0.125, book.add_format({"num_format": '0.0 "%"'}))

    read = read_pasted(text_of(workbook(("Costs", TABLE), also=shown_short)))
    assert read.settled, (read.issues, read.questions)
    assert [line.amounts[:2] for line in read.lines] == [
        (Decimal("1234567.891234"), Decimal("3.2")), (Decimal(0), Decimal("0.125")), (Decimal(0), Decimal(0)),
    ]  # fmt: skip
    assert not read.coarse


def test_more_than_six_decimals_are_rounded_and_said() -> None:
    sheet = likely_sheet(read_sheets(workbook(("Costs", (("Item", 2027), ("Capex", 1000 / 3))))))
    chosen = sheet_text(sheet, sheet.used)
    assert "333.333333" in chosen.text
    assert chosen.notes == ("1 amounts had more than six decimals and were rounded to six.",)


def test_the_sheet_with_years_is_offered_first_with_the_range_it_uses() -> None:
    content = workbook(("Notes", (("About", "this"),)), ("Empty", ()), ("Costs", TABLE), top=4, left=2)
    sheets = read_sheets(content)
    assert [(sheet.name, str(sheet.used), sheet.has_years) for sheet in sheets] == [
        ("Notes", "C5:D5", False), ("Costs", "C5:F8", True),
    ]  # fmt: skip
    assert likely_sheet(sheets).name == "Costs"


def test_a_range_takes_its_cells_alone() -> None:
    content = workbook(("Costs", (*TABLE, ("", "", "", ""), ("Item", 2027, 2028, 2029), ("Other", 1, 2, 3))))
    read = read_pasted(text_of(content, "$A$1:C4"))
    assert (read.years, [line.label for line in read.lines]) == ((2027, 2028), [row[0] for row in TABLE[1:]])
    assert refused(content, "Z1:AA9") == [("", "Z1:AA9 holds nothing: the sheet “Costs” uses A1:D7.")]


def test_a_percentage_is_refused_as_in_a_paste_and_a_quoted_sign_is_none() -> None:
    def percent(book: Any, sheet: Any) -> None:
        sheet.write_number(2, 2, 0.05, book.add_format({"num_format": "0.0%"}))
        sheet.write_number(3, 3, 0.07, book.add_format({"num_format": 10}))

    read = read_pasted(text_of(workbook(("Costs", TABLE), also=percent)))
    assert [(issue.code, issue.row, issue.column, issue.text) for issue in read.issues] == [
        ("percent", 3, 3, "5%"), ("percent", 4, 4, "7%"),
    ]  # fmt: skip


def test_errors_stop_the_figures_they_stand_for_and_no_others() -> None:
    def broken(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(9, 5, "=1/0", None, "#DIV/0!")

    read = read_pasted(text_of(workbook(("Costs", TABLE), also=broken)))
    assert [(issue.row, issue.column, issue.blocking) for issue in read.issues if issue.code == "excel_error"] == [
        (2, 3, True)
    ]


def test_a_formula_without_a_stored_value_is_refused_at_its_cell() -> None:
    def unstored(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 2, "=SUM(A1:A2)", None, "")

    ((cell, said),) = refused(workbook(("Costs", TABLE), also=unstored))
    assert cell == "C2"
    assert said.startswith("is a formula whose value is not stored")


def test_a_formula_with_its_value_is_its_value() -> None:
    def stored(_book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 2, "=16/3.2", None, 5)

    assert read_pasted(text_of(workbook(("Costs", TABLE), also=stored))).lines[0].amounts[1] == 5


def test_merged_figures_are_refused_and_a_merged_title_is_not() -> None:
    def merged(first: tuple[int, int, int, int], value: Any) -> bytes:
        rows = (("", "", "", ""), *TABLE)
        return workbook(("Costs", rows), also=lambda _book, sheet: sheet.merge_range(*first, value))

    assert read_pasted(text_of(merged((0, 0, 0, 3), "Cost plan (USD million)"))).factor == 1_000_000
    assert [cell for cell, _ in refused(merged((2, 1, 2, 2), 4))] == ["B3:C3"]
    assert [cell for cell, _ in refused(merged((3, 0, 4, 0), "Operation"))] == ["A4:A5"]
    assert [cell for cell, _ in refused(merged((1, 1, 1, 2), "2027"))] == ["B2:C2"]


def test_figures_shown_divided_by_thousands_are_told() -> None:
    def thousands(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 1, 4_500_000, book.add_format({"num_format": '#,##0.0,,"m"'}))

    sheet = likely_sheet(read_sheets(workbook(("Costs", TABLE), also=thousands)))
    (note,) = sheet_text(sheet, sheet.used).notes
    assert note.startswith("B2 is shown divided by thousands")


@pytest.mark.parametrize(
    "content", [b"", b"Item,2027\nCapex,1\n", b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0 old", b"%PDF"]
)
def test_what_is_no_xlsx_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_sheets(content)


@given(rows=st.lists(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_figure_of_fifteen_digits_comes_back_exactly(rows: list[list[Decimal]]) -> None:
    table = [("Item", 2027, 2028, 2029), *((f"Line {i}", *map(float, row)) for i, row in enumerate(rows))]
    read = read_pasted(text_of(workbook(("Costs", table))), choices=PasteChoices(blanks="zero"))
    assert [list(line.amounts) for line in read.lines] == rows


@given(st.integers(0, 5000), st.integers(0, 700), st.integers(0, 5000), st.integers(0, 700))
def test_a_range_reads_back_as_it_is_named(top: int, left: int, rows: int, columns: int) -> None:
    area = Area(top, left, top + rows, left + columns)
    assert read_area(str(area)) == area


@pytest.mark.parametrize("text", ["", "B", "3", "B0:C4", "B3:", "B3;C4", "B3:C4:D5", "ABCD1:E2", "Sheet1!A1:B2"])
def test_what_names_no_range_is_none(text: str) -> None:
    assert read_area(text) is None
