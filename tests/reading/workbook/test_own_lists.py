"""Public lists of projects, as banks and ministries publish them: nothing in their own words stands in the way."""

import random
from decimal import Decimal

import pytest

from appraisal.reading.workbook.checking import DocumentChecker
from appraisal.reading.workbook.files import open_file
from appraisal.reading.workbook.findings import Entry, ReadFile
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.matching import guesses, heading_row, list_table
from appraisal.reading.workbook.merging import merged
from scoring.project_file import ActionArea, ProjectFile, Stage
from tests.reading.workbook.public_lists import as_csv, as_ods, as_xlsx, bank
from tests.reading.workbook.test_lists import book, problems, read, table

MISSION = [
    "S. No.",
    "City",
    "State",
    "Project Name",
    "Sector",
    "Project Cost (Rs. Cr.)",
    "Status",
    "Date of Work Order",
]
BANK = ["Country", "Region", "Financial closure year",
        "Project name", "Project ID", "Primary sector", "Percent Private",
        "Project status", "Total Investment"]  # fmt: skip
SAID = Choices(defaults={"currency": "INR", "country": "IND", "cash_flows.first_year": "2020"})


def mission(*rows: list[object], choices: Choices | None = SAID) -> ReadFile:
    """With a title, an empty row and the remarks at the end that such lists have."""
    return read(table(["Smart Cities Mission"], [], MISSION, *rows, [], ["Source: the ministry"]), choices)


def project(entry: Entry) -> ProjectFile:
    file, broken = merged(entry, None, entry.reference or "P-1", DocumentChecker())
    assert (entry.problems, broken) == ([], [])
    assert file is not None
    return file


def test_a_list_of_a_mission_is_read_in_its_own_words() -> None:
    found = mission([1, "Pune", "MH", "Smart roads", "Smart Mobility", "1,234.5", "Work in progress", "12/03/2019"])
    (entry,) = found.entries
    file = project(entry)
    assert (file.stage, file.action_areas, file.currency) == (Stage.CONSTRUCTION, (ActionArea.MOBILITY,), "INR")
    assert (file.unit, file.cash_flows.first_year) == (1_000_000, 2019)
    assert file.cash_flows.lines[0].amounts == (Decimal(12345),)  # crores in millions
    assert "Costs are in “Project Cost (Rs. Cr.)”: 1 stands for 10,000,000." in found.notes
    assert "Rows without a name that hold a total or a remark, and were not read: 1." in found.notes


def test_one_row_is_no_rows_and_of_many_columns_some_are_named() -> None:
    row = ["", "Pune", "", "Toilets", "Vibrant space", "NA", "Completed", "43536"]
    wide = read(table([*MISSION, *(f"Own {n}" for n in range(400))], [*row, *"x" * 400]), SAID)
    assert any("in 1 row; its words are kept as a note: “Vibrant space” (1)." in note for note in wide.notes)
    (kept,) = (note for note in wide.notes if note.startswith("Kept as notes"))
    assert kept.endswith(" more.")
    assert len(kept) < 400


def test_what_is_in_no_list_of_ours_stays_a_note_and_is_said_once() -> None:
    found = mission(*(["", "Pune", "", f"Toilets {n}", "Vibrant space", "NA", "Dropped", "soon"] for n in range(50)))
    file = project(found.entries[0])
    assert (file.stage, file.action_areas, file.cash_flows.lines) == (Stage.IDEA, (), ())
    assert file.summary == "Sector: Vibrant space\nStatus: Dropped\nDate of Work Order: soon"
    assert [note for note in found.notes if "Sector" in note or "Status" in note] == [
        f"“{heading}” holds no word of the tool's own lists in 50 rows; its words are kept as a note: “{word}” (50)."
        for heading, word in (("Sector", "Vibrant space"), ("Status", "Dropped"))
    ]


@pytest.mark.parametrize("said", ["NA", "n/a", "Not Available", "-", ""])
def test_a_cost_that_is_not_there_is_no_zero(said: str) -> None:
    assert project(mission(["", "Pune", "", "Roads", "", said, "", ""]).entries[0]).cash_flows.lines == ()


def test_a_cost_without_any_year_waits_as_a_note() -> None:
    (entry,) = mission(["", "Pune", "", "Roads", "", "12.5", "", ""], choices=Choices()).entries
    assert entry.problems == []
    assert entry.stated["summary"] == "Project Cost (Rs. Cr.): 125.0"
    assert "lines" not in entry.stated["cash_flows"]


def test_the_unit_may_stand_in_a_title_above_the_headings() -> None:
    row = ["Viet Nam", "EAP", 2016, "Solar", "P100", "Energy", "NA", "Active", 12.5]
    found = read(book(About=[["About"]], Data=[["Projects (in US$ millions)"], [], BANK, row, ["Total"]]))
    file = project(found.entries[0])
    assert (file.country, file.currency, file.unit, file.reference) == ("VNM", "USD", 1_000_000, "P100")
    assert file.cash_flows.lines[0].amounts == (Decimal("12.5"),)


def test_the_template_is_still_held_to_its_lists() -> None:
    found = read(book(Projects=[["Reference", "Name of the project", "How far it has come"], ["A", "Tram", "Dropped"]]))
    assert [at for at, _, _ in problems(found)] == ["Projects, C2"]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", ","), ("cp1252", ";"), ("utf-8-sig", "\t")])
def test_other_encodings_are_read_and_a_guess_is_said(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (["List, 2020"], ["Project name", "City"], ["Tram", "Córdoba"]))
    found = read(text.encode(encoding))
    assert [entry.city for entry in found.entries] == ["Córdoba"]
    assert any("Windows-1252" in note for note in found.notes) == (encoding == "cp1252")


def test_two_thousand_rows_of_a_messy_list_are_all_drafts() -> None:
    chance = random.Random(6)  # noqa: S311 -- no secret
    rows = [
        [
            chance.choice(["India", "Côte d'Ivoire", "Lao PDR", "Atlantis"]), "SAR", chance.choice([2014, "NA", ""]),
            f"Solar park {number}", str(10_000 + number), chance.choice(["Energy", "Water and sewerage", "Other"]),
            chance.choice([100, "NA"]), chance.choice(["Active", "Cancelled", ""]),
            chance.choice([f"{chance.uniform(1, 900):.2f}", "1,250.5", "NA", "-", ""]),
        ]
        for number in range(2010)
    ]  # fmt: skip
    content = table(["Database"], BANK, *rows, ["Total", 5])
    found = read(content, Choices(defaults={"currency": "USD", "cash_flows.first_year": "2020"}))
    assert len(found.entries) == len(rows)
    assert found.problems == ()
    checker = DocumentChecker()
    for entry in found.entries:
        assert entry.problems == []
        assert merged(entry, None, entry.reference, checker)[1] == []
    assert len(found.notes) < 10
    opened = open_file(content)
    listed = list_table(opened.tables)
    assert listed is not None
    assert {guess.target for guess in guesses(listed, heading_row(listed) or 0, {}, {})} >= {
        "title", "reference", "country", "action_areas", "stage", "cost", "cash_flows.first_year"
    }  # fmt: skip


def test_a_day_that_a_spreadsheet_numbers_is_a_day() -> None:
    """43536 is 12 March 2019; a total under the name column is no project."""
    found = mission(["", "Pune", "", "Roads", "", "12.5", "", "43536"], ["", "", "", "Total", "", "12.5", "", ""])
    (entry,) = found.entries
    assert project(entry).cash_flows.first_year == 2019
    assert "1 cells of “Date of Work Order” number a day as spreadsheets do and were read as days." in found.notes
    elsewhere = read(table(["Project name", "Year"], ["Tram", "43536"]))
    assert elsewhere.entries[0].stated["summary"] == "Year: 43536"


def test_the_three_kinds_of_file_say_the_same_of_a_list() -> None:
    rows = bank(40)
    said = [
        [(entry.title, entry.row_said, entry.stated) for entry in read(write(rows), SAID).entries]
        for write in (as_xlsx, as_ods, as_csv)
    ]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 40
