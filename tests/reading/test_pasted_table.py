"""What a pasted table is read as: the collected vectors, and the cases a planner's sheet brings."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.reading.paste.findings import PasteChoices, PastedTable
from appraisal.reading.paste.totals import total_kind
from appraisal.reading.pasted_table import read_pasted
from appraisal.reading.written_table import write_table
from forms.texts import one_line
from tests.examples import examples
from tests.reading.pasted import amounts_of, codes

VECTORS = json.loads((Path(__file__).parent.parent / "cases" / "paste_vectors.json").read_text(encoding="utf-8"))


def seen(table: PastedTable) -> dict[str, Any]:
    """The table in the words of the vectors."""
    return {
        "ok": table.ok,
        "orientation": table.orientation,
        "years": list(table.years),
        "lines": {line.label: list(line.amounts) for line in table.lines},
        "n_lines": len(table.lines),
        "questions": [question.code for question in table.questions],
        "issues": [issue.code for issue in table.issues],
        "factor": table.factor,
        "decimal_mark": table.decimal_mark,
    }


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    expected = vector["expect"]
    given_year = (vector.get("given") or expected.get("given") or {}).get("base_year")
    expected = {"questions": [], "issues": []} | {key: value for key, value in expected.items() if key != "given"}
    if "lines" in expected:
        rows = expected["lines"].items()
        expected["lines"] = {label: [Decimal(str(amount)) for amount in amounts] for label, amounts in rows}
    table = seen(read_pasted(vector["paste"], base_year=given_year))
    assert {key: table[key] for key in expected} == expected


class TestOrientationAndYears:
    def test_years_may_run_down(self) -> None:
        table = read_pasted("Year\tCapex\tRevenue\r\n2026\t-100\t0\r\n2027\t-50\t40\r\n")
        assert table.orientation == "years_down"
        assert seen(table)["lines"] == {"Capex": [-100, -50], "Revenue": [0, 40]}

    def test_forty_years(self) -> None:
        years = "\t".join(str(2026 + i) for i in range(40))
        table = read_pasted(f"Item\t{years}\r\nCapex\t" + "\t".join(["-1.25"] * 40))
        assert table.settled
        assert table.years == tuple(range(2026, 2066))
        assert table.lines[0].amounts == (Decimal("-1.25"),) * 40

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("2026", "2027"),
            ("２０２６", "２０２７"),
            ("FY2026/27", "FY2027/28"),
            ("FY 2026-27", "FY 2027–28"),
            ("FY26", "FY27"),
            ("FY26/27", "FY27/28"),
            ("2026/27", "2027/28"),
            ("'26", "'27"),
            ("2026년", "2027년"),
            ("2026年度", "2027年度"),
            ("Năm 2026", "Năm 2027"),
            ("Tahun 2026", "Tahun 2027"),
            ("วันที่ 2026", "x"),
            ("ปี พ.ศ. 2569", "ปี พ.ศ. 2570"),
            ("वर्ष 2026", "वर्ष 2027"),
            ("31/12/2026", "31/12/2027"),
            ("2026-12-31", "2027-12-31"),
            ("31 Dec 2026", "31 Dec 2027"),
            ("Dec-26", "Dec-27"),
            ("2026 (budget)", "2027 forecast"),
            ("CY2026", "CY2027"),
            ("Y2026", "Y2027"),
            ("2026 (USD)", "2027 (USD)"),
        ],
    )
    def test_a_year_in_the_words_of_many_sheets(self, first: str, second: str) -> None:
        table = read_pasted(f"Item\t{first}\t{second}\r\nCapex\t-1\t-2\r\n")
        assert table.years == ((2026, 2027) if second != "x" else ())

    @pytest.mark.parametrize("heading", ["2026-2030", "2026-05", "1800", "2300", "Capex 2026 phase"])
    def test_what_names_no_single_year_is_none(self, heading: str) -> None:
        assert read_pasted(f"Item\t{heading}\r\nCapex\t-1\r\n").years == ()

    @pytest.mark.parametrize(
        ("zero", "one"),
        [("Year 0", "Year 1"), ("Y0", "Y1"), ("0년차", "1년차"), ("t=0", "t=1"), ("0", "1"), ("ปีที่ 0", "ปีที่ 1")],
    )
    def test_relative_years_count_from_the_base_year_or_ask_for_it(self, zero: str, one: str) -> None:
        text = f"Item\t{zero}\t{one}\r\nCapex\t-1\t-2\r\n"
        assert read_pasted(text, base_year=2030).years == (2030, 2031)
        assert codes(text) == (True, ["base_year"], [])
        assert read_pasted(text, choices=PasteChoices(first_year=2031)).years == (2031, 2032)

    def test_years_that_begin_with_one_are_asked_about(self) -> None:
        text = "Item\tYear 1\tYear 2\r\nCapex\t-1\t-2\r\n"
        (question,) = read_pasted(text, base_year=2027).questions
        assert question.code == "first_year"
        assert [choice.value for choice in question.choices] == ["2028", "2027"]
        settled = read_pasted(text, base_year=2027, choices=PasteChoices(first_year=2027))
        assert settled.settled
        assert settled.years == (2027, 2028)

    def test_descending_years_are_put_in_order(self) -> None:
        table = read_pasted("Item\t2028\t2027\t2026\r\nCapex\t3\t2\t1\r\n")
        assert (table.years, table.lines[0].amounts) == ((2026, 2027, 2028), (1, 2, 3))

    def test_a_year_that_stands_twice_is_refused_at_its_cell(self) -> None:
        (issue,) = read_pasted("Item\t2026\t2027\t2026\r\nCapex\t1\t2\t3\r\n").issues
        assert (issue.code, issue.row, issue.column, issue.year) == ("duplicate_years", 1, 4, 2026)

    def test_a_missing_year_is_asked_about_once(self) -> None:
        text = "Item\t2026\t2029\r\nCapex\t1\t2\r\n"
        assert codes(text) == (True, ["missing_years"], [])
        assert read_pasted(text, choices=PasteChoices(missing_years="zero")).settled

    def test_a_square_of_years_asks_which_way_they_run(self) -> None:
        text = "\t2026\t2027\r\n2026\t1\t2\r\n2027\t3\t4\r\n"
        assert codes(text)[1] == ["orientation"]
        down = read_pasted(text, choices=PasteChoices(orientation="years_down"))
        assert (down.orientation, down.lines[0].amounts) == ("years_down", (1, 3))

    def test_amounts_that_look_like_years_are_amounts(self) -> None:
        text = "Item\tYear 0\tYear 1\tYear 2\r\nOpex\t2000\t2000\t2010\r\n"
        assert amounts_of(text, base_year=2026) == {"Opex": [2000, 2000, 2010]}
        assert codes("Item\tA\tB\r\nCapex\t2000\t2100\r\nOpex\t1950\t2000") == (False, [], ["no_years"])

    def test_a_second_table_below_is_not_read_into_the_years_of_the_first(self) -> None:
        text = "Item\t2026\t2027\r\nCosts\t1\t2\r\n\r\nItem\t2028\t2029\r\nBenefits\t3\t4\r\n"
        assert codes(text) == (False, [], ["several_tables"])

    def test_the_same_years_repeated_above_a_second_block_are_passed_over(self) -> None:
        text = "Costs\t2026\t2027\r\nCapex\t1\t2\r\nBenefits\t2026\t2027\r\nTime\t3\t4\r\n"
        assert amounts_of(text) == {"Capex": [1, 2], "Time": [3, 4]}

    def test_counts_under_the_years_are_passed_over(self) -> None:
        assert amounts_of("\t2026\t2027\r\nYear\t0\t1\r\nCapex\t5\t6\r\n") == {"Capex": [5, 6]}


class TestNumbers:
    def test_one_unambiguous_cell_settles_the_mark_for_all(self) -> None:
        assert amounts_of("Item\t2026\t2027\r\nCapex\t1.234\t1,5\r\n") == {"Capex": [1234, Decimal("1.5")]}
        assert amounts_of("Item\t2026\t2027\r\nCapex\t1,234\t1.5\r\n") == {"Capex": [1234, Decimal("1.5")]}

    def test_the_decimal_mark_is_asked_with_both_readings_and_then_kept(self) -> None:
        text = "Item\t2026\t2027\r\nCapex\t1.234\t2.500\r\n"
        (question,) = read_pasted(text).questions
        assert [choice.sentence for choice in question.choices] == [
            "“1.234” means 1.234: the decimal mark is a point.",
            "“1.234” means 1,234: the decimal mark is a comma.",
        ]
        chosen = read_pasted(text, choices=PasteChoices(decimal_mark=","))
        assert chosen.settled
        assert chosen.lines[0].amounts == (1234, 2500)
        assert [answer.taken for answer in chosen.answered] == [","]

    def test_a_choice_that_a_cell_contradicts_is_refused_at_the_cell(self) -> None:
        (issue,) = read_pasted("Item\t2026\r\nCapex\t1,5\r\n", choices=PasteChoices(decimal_mark=".")).issues
        assert (issue.code, issue.row, issue.column, issue.label, issue.year, issue.text) == (
            "mixed_number_formats", 2, 2, "Capex", 2026, "1,5",
        )  # fmt: skip

    def test_an_unreadable_cell_names_row_column_label_year_and_text(self) -> None:
        text = "Item\t2026\t2027\r\n\r\nCapex\t-5\ttbc\r\nOpex\t#REF!\t=A1\r\nGrowth\t5%\t6%\r\n"
        found = [(i.code, i.row, i.column, i.label, i.year, i.text) for i in read_pasted(text).issues]
        assert found == [
            ("not_a_number", 3, 3, "Capex", 2027, "tbc"),
            ("excel_error", 4, 2, "Opex", 2026, "#REF!"),
            ("formula", 4, 3, "Opex", 2027, "=A1"),
            ("percent", 5, 2, "Growth", 2026, "5%"),
        ]

    def test_addresses_are_those_of_the_sheet_when_years_run_down(self) -> None:
        (issue,) = read_pasted("Year\tCapex\tOpex\r\n2026\t1\t2\r\n2027\t3\ttbc\r\n").issues
        assert (issue.row, issue.column, issue.label, issue.year) == (3, 3, "Opex", 2027)

    def test_blank_is_not_zero_and_a_dash_is(self) -> None:
        text = "Item\t2026\t2027\t2028\r\nCapex\t5\t\t-\r\nOpex\t\t1\t1\r\n"
        table = read_pasted(text)
        assert (table.blanks, [question.code for question in table.questions]) == (2, ["blanks"])
        assert table.lines[0].amounts == (5, None, 0)
        filled = read_pasted(text, choices=PasteChoices(blanks="zero"))
        assert filled.settled
        assert filled.lines[1].amounts == (0, 1, 1)

    def test_coarse_digits_are_remarked_on(self) -> None:
        shown = ("1.2", "12", "1.20", "0.75")
        assert [read_pasted(f"Item\t2026\r\nCapex\t{text}\r\n").coarse for text in shown] == [True, True, False, False]


class TestCells:
    def test_a_quoted_label_keeps_quotes_and_is_put_on_one_line(self) -> None:
        text = 'Item\t2026\r\n"Sensors\nand ""edge"" units"\t-1\r\n"Smart" poles\t-2\r\n'
        assert list(amounts_of(text)) == ['Sensors and "edge" units', '"Smart" poles']

    def test_comma_separated_values_with_quoted_groups(self) -> None:
        assert amounts_of('Item,2026,2027\nCapex,"1,200.50",-3\n') == {"Capex": [Decimal("1200.5"), -3]}

    def test_groups_that_break_a_comma_separated_row_are_refused(self) -> None:
        assert codes("Item,2026,2027\nCapex,-1.5,2.5\nOpex,1,200,300\n") == (False, [], ["outside_years"])

    def test_semicolons_in_a_label_do_not_make_columns(self) -> None:
        assert amounts_of('Item,2026,2027\n"Capex; IT",1,2\n') == {"Capex; IT": [1, 2]}

    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u2067", "\ud800"])
    def test_a_character_that_may_not_be_stored_is_refused_at_its_cell(self, character: str) -> None:
        (issue,) = read_pasted(f"Item\t2026\r\nCa{character}pex\t1\r\n").issues
        assert (issue.code, issue.row, issue.column) == ("refused_character", 2, 1)

    @pytest.mark.parametrize("text", ["\t2026", "\t2026\n\t5", "2026\t"])
    def test_years_that_head_nothing(self, text: str) -> None:
        assert not read_pasted(text).ok or read_pasted(text).lines

    @pytest.mark.parametrize("text", ["", "  \r\n\t\t\r\n", "\ufeff"])
    def test_nothing_pasted(self, text: str) -> None:
        assert codes(text) == (False, [], ["empty"])

    def test_too_many_rows_columns_or_lines(self) -> None:
        header = "Item\t2026\r\n"
        assert codes(header + "A\t1\r\n" * 2000)[2] == ["too_large"]
        assert codes("Item\t" + "1\t" * 2000 + "1")[2] == ["too_large"]
        lines = "".join(f"L{i}\t1\r\n" for i in range(201))
        assert codes(header + lines)[2] == ["too_large"]

    def test_years_without_figures(self) -> None:
        assert codes("Item\t2026\t2027\r\nCapex\t\t\r\n") == (False, [], ["no_lines"])


@pytest.mark.parametrize(
    "text",
    [
        '"' * 200_000,
        '"a\t""b\t' * 50_000,
        "1\t" * 200_000,
        "a;b,c|" * 60_000,
        "Item\t2026\n" + "(" * 200_000 + "\t1",
        "Item\t2026\n" + "total " * 50_000 + "\t1",
        "Item\t2026\nA\t" + "9" * 200_000 + "x",
        "Item\t2026\nA\t" + "1," * 100_000,
        "\n" * 500_000,
        "2026\t2027\n" * 100_000,
    ],
    ids=range(10),
)
def test_hostile_text_is_answered_and_refused(text: str) -> None:
    assert not read_pasted(text).ok


labels = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
    .map(one_line)
    .filter(lambda text: text.isprintable() and any(char.isalpha() for char in text) and "%" not in text)
    .filter(lambda text: total_kind(f"Line 1 {text}") is None)  # nothing but zeros adds up to it
)


amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=6).map(lambda d: d.normalize() + 0)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_table_written_out_reads_back_equal(data: st.DataObject) -> None:
    first, count = data.draw(st.integers(1950, 2100)), data.draw(st.integers(2, 12))
    years = tuple(range(first, first + count))
    rows = data.draw(st.lists(st.lists(amounts, min_size=count, max_size=count), min_size=1, max_size=6))
    lines = [(f"Line {index} {data.draw(labels)}", row) for index, row in enumerate(rows, start=1)]
    table = read_pasted(write_table(years, lines))
    assert table.years == years
    assert [(line.label, line.amounts) for line in table.lines] == [(label, tuple(row)) for label, row in lines]
    assert table.settled


@settings(max_examples=examples(200), deadline=None)
@given(st.text() | st.text("Item20267\t\n\r\";,|.-()%$# '억", max_size=200), st.none() | st.integers(1900, 2200))
def test_any_text_is_answered(text: str, base_year: int | None) -> None:
    table = read_pasted(text, base_year=base_year)
    assert table.ok == (not any(issue.blocking for issue in table.issues))
    assert all(len(line.amounts) == len(table.years) for line in table.lines)


def test_the_longest_table_is_read_to_its_last_year() -> None:
    years = range(2026, 2026 + 480)
    table = read_pasted(
        "\t".join(["Item", *map(str, years)]) + "\n" + "\t".join(["Upkeep", *["1"] * 480]), base_year=2026
    )
    assert table.issues == ()
    assert (table.years[0], table.years[-1]) == (2026, 2505)


def test_far_years_that_nothing_leads_up_to_are_no_years() -> None:
    # 2569 without a mark is the Buddhist year of 2026, or an amount: it is not taken for a year of the far future.
    assert not read_pasted("Item\t2569\t2570\nUpkeep\t1\t2", base_year=2026).ok
