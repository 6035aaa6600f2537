"""Tables of completed projects: what is understood, and every kind of mistake named with its row and column."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.demo import completed_projects
from appraisal.reading.completed_table import MOST_ROWS, read_completed
from appraisal.reading.problems import Unreadable
from scoring.parameters import Measure

HEADINGS = (
    "name,city,asset_class,currency,price_year,planned_cost,actual_cost,"
    "started_on,planned_opening,actual_opening,use_unit,planned_use,actual_use,source"
)
GOOD = {
    "name": "Ring road",
    "city": "Haneul",
    "asset_class": "road",
    "currency": "usd",
    "price_year": "2020",
    "planned_cost": "1 000 000",
    "actual_cost": "1250000.50",
    "started_on": "2015-01-01",
    "planned_opening": "2017-01-01",
    "actual_opening": "2018-01-01",
    "use_unit": "vehicles a day",
    "planned_use": "20000",
    "actual_use": "15000",
    "source": "Final account, p. 3",
}


def table(*rows: dict[str, str], headings: str = HEADINGS, mark: str = ",") -> str:
    lines = [headings.replace(",", mark)]
    lines += [mark.join(f'"{row.get(name, "")}"' for name in headings.split(",")) for row in rows]
    return "\r\n".join(lines)


def problems(content: bytes | str) -> list[str]:
    with pytest.raises(Unreadable) as refused:
        read_completed(content)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_row_is_understood_whatever_parts_its_cells(mark: str) -> None:
    (entry,) = read_completed(table(GOOD, mark=mark).encode("utf-8-sig"))
    project = entry.project
    assert (entry.city, entry.source, entry.reference, entry.place) == ("Haneul", "Final account, p. 3", "", "row 2")
    assert (project.name, project.asset_class, project.currency) == ("Ring road", "road", "USD")
    assert (project.planned_cost, project.actual_cost) == (Decimal(1_000_000), Decimal("1250000.50"))
    assert project.actual_opening == date(2018, 1, 1)
    assert project.ratio(Measure.USE) == 0.75
    assert project.ratio(Measure.DURATION) == pytest.approx(1096 / 731)  # 2016 is a leap year


def test_the_optional_columns_may_be_left_out() -> None:
    headings = "source,actual_cost,planned_cost,price_year,currency,asset_class,city,name"
    (entry,) = read_completed(table(GOOD, headings=headings))
    assert (entry.project.started_on, entry.project.planned_use) == (None, None)


@pytest.mark.parametrize(
    ("written", "key"), [("Roads", "road"), ("software", "it"), ("information technology", "it"), ("metro", "rail")]
)
def test_a_class_may_be_named_by_title_or_by_a_lines_class(written: str, key: str) -> None:
    assert read_completed(table({**GOOD, "asset_class": written}))[0].project.asset_class == key


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "row 2, name: Enter the name of the project."),
        ({"asset_class": "castle"}, 'row 2, asset_class: "castle" is no class; there are: '),
        ({"asset_class": ""}, "row 2, asset_class: Choose the asset class."),
        ({"currency": "dollar"}, "row 2, currency: Currency has 6 characters"),
        ({"price_year": "99"}, "row 2, price_year: Price year of both costs is a whole number"),
        ({"planned_cost": "0"}, "row 2, planned_cost: Enter the planned cost, above zero."),
        ({"actual_cost": ""}, "row 2, actual_cost: Enter the actual cost, above zero."),
        ({"actual_cost": "1,250"}, "row 2, actual_cost: “1,250” "),
        ({"actual_cost": "nan"}, "row 2, actual_cost: “nan” "),
        ({"started_on": "1.1.2015"}, "row 2, started_on: Write the day year-month-day"),
        ({"actual_opening": "2018-02-30"}, "row 2, actual_opening: Write the day"),
        ({"actual_opening": ""}, "row 2, actual_opening: Enter all three days, or none"),
        ({"planned_opening": "2014-12-31"}, "row 2, planned_opening: Planned opening must be after the start"),
        ({"planned_use": "0"}, "row 2, planned_use: Enter the planned use, above zero."),
        ({"actual_use": "-1"}, "row 2, actual_use: The number cannot be less than 0."),
        ({"actual_use": ""}, "row 2, actual_use: Enter the planned and the actual use, or neither."),
        ({"use_unit": ""}, "row 2, use_unit: Enter what the use is counted in."),
        ({"planned_use": "", "actual_use": ""}, "row 2, planned_use: Enter the planned and the actual use, or leave"),
        ({"source": ""}, "row 2, source: Enter where the figures are from."),
        ({"source": "a\u202eb"}, "row 2, source: Source holds the character U+202E"),
    ],
)
def test_every_mistake_is_named_with_its_row_and_column(change: dict[str, str], said: str) -> None:
    found = problems(table({**GOOD, **change}))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_all_mistakes_are_said_at_once() -> None:
    found = problems(table({**GOOD, "name": ""}, GOOD, {**GOOD, "planned_cost": "x", "source": ""}))
    assert [each.partition(":")[0] for each in found] == ["row 2, name", "row 4, planned_cost", "row 4, source"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe", "The file is not UTF-8 text"),
        (HEADINGS, "There is no project below the headings."),
        (HEADINGS + ",colour", 'row 1: There is no column called "colour"'),
        (HEADINGS + ",city", "row 1: The column city is there twice."),
        (HEADINGS.replace("source", "withdrawn"), "row 1: The column source is missing."),
        (HEADINGS + '\n"a', "The file is no CSV table"),
        (HEADINGS + "\n" + "," * 20 + "x", "row 2: There are more cells than the 14 columns."),
        (HEADINGS + "\nx" * (MOST_ROWS + 1), f"The table has {MOST_ROWS + 1:,} rows; at most {MOST_ROWS:,}"),
    ],
)
def test_what_is_no_table_of_projects_says_why(content: bytes | str, said: str) -> None:
    assert problems(content)[0].startswith(said)


def test_a_withdrawn_row_of_an_export_is_left_out() -> None:
    content = table({**GOOD, "withdrawn": "twice"}, {**GOOD, "name": "Other"}, headings=f"{HEADINGS},withdrawn")
    assert [entry.project.name for entry in read_completed(content)] == ["Other"]


@pytest.mark.parametrize(("cell", "name"), [("'=1+1 Street", "=1+1 Street"), ("'s-Hertogenbosch", "'s-Hertogenbosch")])
def test_only_an_exports_own_apostrophe_is_taken_away(cell: str, name: str) -> None:
    assert read_completed(table({**GOOD, "name": cell}))[0].project.name == name


def test_the_demonstrations_table_reads() -> None:
    entries = read_completed(completed_projects())
    classes = [entry.project.asset_class for entry in entries]
    assert (classes.count("water"), classes.count("road")) == (12, 7)
    assert {entry.city for entry in entries} == {"Haneul (fictional city)"}
    assert all(entry.project.ratio(measure) is not None for entry in entries for measure in Measure)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(content: str) -> None:
    for text in (content, f"{HEADINGS}\n{content}"):
        found: tuple[object, ...]
        try:
            found = read_completed(text)
        except Unreadable as refused:
            found = refused.problems
        assert found
