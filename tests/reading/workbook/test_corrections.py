"""Corrected cells are read as if the file had been sent so."""

from appraisal.reading.workbook.corrections import Correction, corrected, from_document
from appraisal.reading.workbook.files import Opened, open_file
from appraisal.reading.workbook.findings import Place
from appraisal.reading.workbook.tables import Table


def test_only_the_cell_changes_and_a_short_row_grows() -> None:
    opened = open_file(b"Project,City\nTram,Pune\nPark\n")
    changed = corrected(opened, [Correction(Place("CSV", 2, 1, "City"), "", "Nagpur")])
    assert changed.tables[0].rows == [["Project", "City"], ["Tram", "Pune"], ["Park", "Nagpur"]]
    assert opened.tables[0].rows[2] == ["Park"]


def test_a_corrected_cell_is_no_error_and_no_formula_any_more() -> None:
    table = Table("S", [["Cost"], [""], [""]], errors=frozenset({"A2", "A3"}), unstored=frozenset({"A2"}))
    (changed,) = corrected(Opened((table,)), [Correction(Place("S", 1, 0), "", "5")]).tables
    assert (changed.errors, changed.unstored) == (frozenset({"A3"}), frozenset())


def test_without_corrections_the_file_is_the_same_object_and_other_sheets_are_left() -> None:
    opened = Opened((Table("A", [["x"]]), Table("B", [["y"]])))
    assert corrected(opened, []) is opened
    changed = corrected(opened, [Correction(Place("B", 0, 0), "y", "z"), Correction(Place("gone", 9, 0), "", "z")])
    assert [table.rows for table in changed.tables] == [[["x"]], [["z"]]]


def test_what_is_kept_of_a_correction_is_the_correction() -> None:
    made = Correction(Place("S", 4, 2, "Budget"), "abc", "7")
    assert from_document(made.to_document()) == made
