"""Years as sheets head them: calendars, fiscal years, years before the first, and what is no single year."""

import pytest

from appraisal.reading.paste.findings import PasteChoices
from appraisal.reading.pasted_table import read_pasted
from tests.reading.pasted import amounts_of, codes

YEARS_2026_2027 = [
    "FY26|FY27", "FY'26|FY'27", "2026E|2027E", "2026/27E|2027/28E", "2026 (plan)|2027 (plan)", "2026/2027|2027/2028",
    "2026 to 2027|2027 to 2028", "Actual 2026|Budget 2027", "2026 Actual|2027 Budget", "2026*|2027*", "2026¹|2027¹",
    "2026 (1)|2027 (2)", "2026.0|2027.0", "AD 2026|AD 2027", "2026 CE|2027 CE", "FYE 2026|FYE 2027",
    "Exercice 2026|Exercice 2027", "Ejercicio 2026|Ejercicio 2027", "GJ 2026|GJ 2027", "31.12.2026|31.12.2027",
    "12/31/2026|12/31/2027", "2026년 (계획)|2027년 (계획)", "2569 BE|2570 BE", "2569 (พ.ศ.)|2570 (พ.ศ.)",
    "พ.ศ. 2569|พ.ศ. 2570", "ปี ๒๕๖๙|ปี ๒๕๗๐", "2569 (2026)|2570 (2027)", "ค.ศ. 2026 (พ.ศ. 2569)|ค.ศ. 2027 (พ.ศ. 2570)",
    "令和8年|令和9年", "令和8年度|令和9年度", "R8年度|R9年度", "2026(令和8)年度|2027(令和9)年度",
    "令和8年(2026年)|令和9年(2027年)",
    "民國115年|民國116年", "中華民國115年度|中華民國116年度",
]  # fmt: skip

NO_YEARS = [
    "2569|2570", "1405|1406", "۱۴۰۵|۱۴۰۶", "1405 (Persian)|1406 (Persian)", "1448 AH|1449 AH", "2083 BS|2084 BS",
    "वि.सं. 2083|वि.सं. 2084", "115年度|116年度", "Saka 1948|Saka 1949",
]  # fmt: skip

RELATIVE = {
    "a year before the first": ("Year -1|Year 0|Year 1", (2026, 2027, 2028)),
    "with the minus of a typesetter": ("Year −1|Year 0|Year 1", (2026, 2027, 2028)),
    "two before, none after": ("Y-2|Y-1|Y0", (2025, 2026, 2027)),
    "t beside t-1": ("t-1|t|t+1", (2026, 2027, 2028)),
    "N beside N+1": ("N|N+1|N+2", (2027, 2028, 2029)),
    "bare numbers from -1": ("-1|0|1", (2026, 2027, 2028)),
    "bare numbers from 0": ("0|1|2", (2027, 2028, 2029)),
    "an equals sign": ("t=0|t=1|t=2", (2027, 2028, 2029)),
    "Jahr": ("Jahr 0|Jahr 1|Jahr 2", (2027, 2028, 2029)),
}


def across(headings: str) -> str:
    figures = "\t".join(str(position) for position in range(1, headings.count("|") + 2))
    return "Item\t" + headings.replace("|", "\t") + f"\nCapex\t{figures}\n"


@pytest.mark.parametrize("headings", YEARS_2026_2027)
def test_headings_that_name_2026_and_2027(headings: str) -> None:
    table = read_pasted(across(headings))
    assert (table.settled, table.years, table.lines[0].amounts) == (True, (2026, 2027), (1, 2))


@pytest.mark.parametrize("headings", NO_YEARS)
def test_years_of_other_calendars_are_named_and_refused(headings: str) -> None:
    (issue,) = read_pasted(across(headings)).issues
    assert issue.code == "no_years"
    assert f"“{headings.partition('|')[0]}” looks like a year of another calendar" in issue.message


@pytest.mark.parametrize("headings", ["平成30年|令和元年", "平成30年度|平成31年度"])
def test_the_first_year_of_an_era_has_its_sign(headings: str) -> None:
    assert read_pasted(across(headings)).years == (2018, 2019)


@pytest.mark.parametrize("headings", ["2026 (2570)|2027 (2571)", "2026(令和9)年度|2027(令和10)年度"])
def test_two_calendars_that_disagree_are_no_year(headings: str) -> None:
    assert codes(across(headings)) == (False, [], ["no_years"])


@pytest.mark.parametrize("name", RELATIVE)
def test_relative_years_are_placed_by_their_year_zero(name: str) -> None:
    headings, years = RELATIVE[name]
    table = read_pasted(across(headings), base_year=2027)
    assert (table.settled, table.years, table.lines[0].amounts) == (True, years, (1, 2, 3))


def test_a_hyphen_that_only_joins_is_no_minus() -> None:
    assert codes(across("Year-1|Year-2|Year-3")) == (True, ["base_year"], [])
    assert read_pasted(across("Year-1|Year-2|Year-3"), choices=PasteChoices(first_year=2030)).years == (
        2030,
        2031,
        2032,
    )


def test_years_that_all_lie_before_the_first_are_asked_about() -> None:
    (question,) = read_pasted(across("Year -2|Year -1"), base_year=2027).questions
    assert (question.code, [choice.value for choice in question.choices]) == ("first_year", ["2025", "2027"])


@pytest.mark.parametrize(
    "headings",
    [
        "Q1 2026|Q2 2026",
        "2026 Q1|2027 Q1",
        "Q4 2026|Q1 2027",
        "H1 2026|H2 2026",
        "Dec 2026|Jan 2027",
        "Jan 2026|Feb 2026",
    ],
)
def test_quarters_and_months_are_no_years(headings: str) -> None:
    ok, _, issues = codes(across(headings))
    assert not ok
    assert "parts_of_years" in issues


def test_the_last_day_of_february_is_one_month_in_every_year() -> None:
    assert read_pasted(across("28/02/2027|29/02/2028")).settled


@pytest.mark.parametrize("headings", ["Before 2026|2026|2027", "2026|2027|2028+", "2026|2027|2028 onwards"])
def test_a_figure_that_belongs_to_no_single_year_is_refused(headings: str) -> None:
    assert codes(across(headings)) == (False, [], ["outside_years"])


@pytest.mark.parametrize("headings", ["2026|2026", "2026 plan|2026 actual", "2026|2027|2026"])
def test_years_that_stand_twice_are_refused(headings: str) -> None:
    assert codes(across(headings)) == (False, [], ["duplicate_years"])


@pytest.mark.parametrize(
    "headings", ["Month 1|Month 2", "Phase 1|Phase 2", "Q1|Q2", "26|27", "AY 2026-27|AY 2027-28", "12/31/26|12/31/27"]
)
def test_headings_without_a_year(headings: str) -> None:
    assert codes(across(headings)) == (False, [], ["no_years"])


class TestWhereTheYearsStand:
    def test_in_the_last_column(self) -> None:
        assert amounts_of("Capex\tRevenue\tYear\n-5\t0\t2027\n0\t7\t2026\n") == {"Capex": [0, -5], "Revenue": [7, 0]}

    def test_in_a_column_between_the_lines(self) -> None:
        assert amounts_of("Capex\tYear\tRevenue\n-5\t2026\t0\n0\t2027\t7\n") == {"Capex": [-5, 0], "Revenue": [0, 7]}

    def test_in_a_column_behind_the_numbers_of_rows_and_words(self) -> None:
        text = "No\tPhase\tYear\tCapex\n1\tBuild\t2026\t5\n2\tRun\t2027\t6\n"
        assert amounts_of(text) == {"Capex": [5, 6]}

    def test_in_the_last_row(self) -> None:
        assert amounts_of("Capex\t100\t50\nOpex\t3\t4\n\t2026\t2027\n") == {"Capex": [100, 50], "Opex": [3, 4]}

    @pytest.mark.parametrize("corner", ["Item", "", "Year", "Item / Year"])
    def test_with_the_labels_at_the_right(self, corner: str) -> None:
        assert amounts_of(f"2026\t2027\t{corner}\n-5\t6\tCapex\n1\t2\tOpex\n") == {"Capex": [-5, 6], "Opex": [1, 2]}

    def test_running_down_from_the_latest(self) -> None:
        assert amounts_of("Year\tCapex\n2028\t3\n2027\t2\n2026\t1\n") == {"Capex": [1, 2, 3]}

    def test_under_a_row_of_phases_and_over_one_of_plans(self) -> None:
        text = "\tConstruction\t\tOperation\n\t2026\t2027\t2028\n\tActual\tPlan\tPlan\nCapex\t1\t2\t3\n"
        assert amounts_of(text) == {"Capex": [1, 2, 3]}

    def test_numbers_before_the_names_of_lines_are_no_years(self) -> None:
        assert codes("1\tCapex\t100\n2\tOpex\t50\n3\tFares\t60\n") == (False, [], ["no_years"])
        assert codes("No\tItem\tAmount\n1\tCapex\t100\n2\tOpex\t50\n") == (False, [], ["no_years"])

    def test_one_year(self) -> None:
        assert amounts_of("Item\t2026\nCapex\t1\n") == {"Capex": [1]}
        assert amounts_of("Year\tCapex\n2026\t1\n") == {"Capex": [1]}

    def test_forty_relative_years_from_before_the_first(self) -> None:
        headings = "|".join(f"Year {number}" for number in range(-1, 39))
        table = read_pasted(across(headings), base_year=2027)
        assert (table.settled, table.years) == (True, tuple(range(2026, 2066)))

    def test_rows_of_one_line_and_year_each_are_no_table_by_year(self) -> None:
        text = "Item\tYear\tAmount\nCapex\t2026\t1\nCapex\t2027\t2\nOpex\t2026\t3\nOpex\t2027\t4\n"
        table = read_pasted(text)
        assert not table.ok
        assert "each line a column of its own" in table.issues[0].message
