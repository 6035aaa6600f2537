"""Units beside pasted figures, and the totals a planner's sheet brings."""

import pytest

from appraisal.reading.paste.findings import PasteChoices
from appraisal.reading.pasted_table import read_pasted
from scoring.project_file import FlowKind
from tests.reading.pasted import amounts_of, codes


class TestUnits:
    @pytest.mark.parametrize(
        ("heading", "factor", "currency"),
        [
            ("USD million", 10**6, "USD"),
            ("(USD m)", 10**6, "USD"),
            ("in USD m", 10**6, "USD"),
            ("Item (US$ mn)", 10**6, "USD"),
            ("'000", 10**3, None),
            ("EUR '000", 10**3, "EUR"),
            ("USD 000s", 10**3, "USD"),
            ("k€", 10**3, "EUR"),
            ("Mio. EUR", 10**6, "EUR"),
            ("GBP bn", 10**9, "GBP"),
            ("₹ crore", 10**7, "INR"),
            ("Rs. lakh", 10**5, None),
            ("रुपये करोड़ में", 10**7, None),
            ("단위: 억원", 10**8, "KRW"),
            ("(단위 : 백만원)", 10**6, "KRW"),
            ("천원", 10**3, "KRW"),
            ("Đơn vị: tỷ đồng", 10**9, "VND"),
            ("triệu đồng", 10**6, "VND"),
            ("Rp juta", 10**6, "IDR"),
            ("miliar rupiah", 10**9, "IDR"),
            ("หน่วย: ล้านบาท", 10**6, "THB"),
            ("億円", 10**8, "JPY"),
            ("Thousand USD", 10**3, "USD"),
            ("Rs lakhs", 10**5, None),
        ],
    )
    def test_a_scale_in_the_heading_is_asked_about(self, heading: str, factor: int, currency: str | None) -> None:
        table = read_pasted(f"{heading}\t2026\t2027\r\nCapex\t12\t3\r\n")
        assert (table.factor, table.currency) == (factor, currency)
        assert [question.code for question in table.questions] == ["scale"]
        assert table.lines[0].amounts == (12, 3)
        single = read_pasted(f"{heading}\t2026\t2027\r\nCapex\t12\t3\r\n", choices=PasteChoices(scale=1))
        assert (single.factor, single.settled) == (1, True)

    @pytest.mark.parametrize(
        "heading",
        ["O&M", "Item", "USD", "Programme for 2 million people", "m", "스마트시티 조성사업", "Category", "BE"],
    )
    def test_what_is_no_scale_is_not_taken_for_one(self, heading: str) -> None:
        table = read_pasted(f"{heading}\t2026\t2027\r\nO&M\t12\t3\r\n")
        assert (table.factor, table.settled) == (1, True)

    def test_a_unit_may_stand_above_the_table_beside_each_line_or_in_its_label(self) -> None:
        above = read_pasted("Costs in USD million\t\t\r\n\r\nItem\t2026\t2027\r\nCapex\t1\t2\r\n")
        beside = read_pasted("Item\tUnit\t2026\t2027\r\nCapex\tUSD m\t1\t2\r\nOpex\tUSD m\t1\t2\r\n")
        inside = read_pasted("Item\t2026\t2027\r\nCapex (USD m)\t1\t2\r\nOpex (USD m)\t1\t2\r\n")
        assert [table.factor for table in (above, beside, inside)] == [10**6] * 3

    def test_a_scale_may_be_stated_where_the_sheet_says_none(self) -> None:
        table = read_pasted("Item\t2026\r\nCapex\t1\r\n", choices=PasteChoices(scale=1000))
        assert (table.factor, table.settled) == (1000, True)
        with pytest.raises(ValueError, match="scale"):
            PasteChoices(scale=0)

    def test_a_unit_may_stand_beside_each_year(self) -> None:
        assert read_pasted("Item\t2026 (USD m)\t2027 (USD m)\r\nCapex\t1\t2\r\n").factor == 10**6

    def test_lines_in_different_units_are_refused(self) -> None:
        assert codes("Item\tUnit\t2026\r\nCapex\tUSD m\t1\r\nOpex\tUSD k\t1\r\n")[2] == ["mixed_units"]
        assert codes("Item\t2026\r\nCapex (USD m)\t1\r\nOpex\t1\r\n")[2] == ["mixed_units"]

    def test_scales_inside_cells_are_exact_and_may_not_be_given_twice(self) -> None:
        assert amounts_of("Item\t2026\t2027\r\nCapex\t12 lakh\t3 crore\r\n") == {"Capex": [1_200_000, 30_000_000]}
        assert codes("USD m\t2026\r\nCapex\t12k\r\n")[2] == ["scale_twice"]
        assert codes("Item\t2026\t2027\r\nCapex\t12k\t5\r\n")[2] == ["mixed_scales"]


class TestTotals:
    def test_subtotals_net_and_cumulative_rows_are_recognised_and_checked(self) -> None:
        text = (
            "\t2026\t2027\nCosts\t\t\nCapex\t100\t50\nO&M\t0\t10\nTotal costs\t100\t60\n"
            "Benefits\t\t\nTime saved\t0\t90\nTotal benefits\t0\t90\nNet cash flow\t-100\t30\nCumulative\t-100\t-70"
        )
        table = read_pasted(text)
        assert [line.label for line in table.lines] == ["Capex", "O&M", "Time saved"]
        assert [(total.label, total.agrees) for total in table.totals] == [
            ("Total costs", True), ("Total benefits", True), ("Net cash flow", True), ("Cumulative", True),
        ]  # fmt: skip
        assert table.settled

    @pytest.mark.parametrize(
        "word", ["Total", "TOTAL:", "Grand total", "Sum", "합계", "Tổng cộng", "कुल", "Jumlah", "รวม", "合計"]
    )
    def test_a_total_in_many_languages_is_never_added_in(self, word: str) -> None:
        table = read_pasted(f"Item\t2026\t2027\r\nA\t10\t20\r\nB\t5\t5\r\n{word}\t15\t25\r\n")
        assert [line.label for line in table.lines] == ["A", "B"]
        assert table.totals[0].agrees

    def test_a_total_row_that_disagrees_is_told_with_both_figures(self) -> None:
        table = read_pasted("Item\t2026\t2027\r\nA\t10\t20\r\nB\t5\t5\r\nTotal\t15\t99\r\n")
        assert table.ok
        assert [issue.message for issue in table.issues] == ["Row “Total” 2027 says 99, the lines give 25."]

    def test_a_total_column_that_disagrees_is_told_with_both_figures(self) -> None:
        table = read_pasted("Item\t2026\t2027\tTotal\r\nCapex\t-100\t-50\t-151\r\n")
        assert table.years == (2026, 2027)
        assert [issue.message for issue in table.issues] == ["The total of “Capex” says -151, its years give -150."]

    def test_a_total_may_come_first(self) -> None:
        table = read_pasted("항목\t2026\t2027\r\n합계\t15\t25\r\nA\t10\t20\r\nB\t5\t5\r\n")
        assert ([line.label for line in table.lines], table.totals[0].agrees) == (["A", "B"], True)

    def test_a_line_named_total_without_parts_is_a_line(self) -> None:
        text = "Item\t2026\t2027\r\nTotal capex\t10\t20\r\nTotal revenue\t5\t50\r\n"
        assert amounts_of(text) == {"Total capex": [10, 20], "Total revenue": [5, 50]}

    def test_what_is_wrong_in_a_total_blocks_nothing(self) -> None:
        table = read_pasted("Item\t2026\t2027\r\nA\t10\t20\r\nTotal\t10\t#REF!\r\n")
        assert table.ok
        assert not any(issue.blocking for issue in table.issues)


def test_labels_suggest_kinds_in_the_cities_languages() -> None:
    text = "Item\t2026\r\n" + "".join(
        f"{label}\t1\r\n"
        for label in [
            "O&M", "투자비", "Doanh thu", "अनुदान", "Biaya pemeliharaan", "ค่าก่อสร้าง", "Operating subsidy",
            "Residual value", "CO2", "Travel time savings", "VAT", "Miscellaneous",
        ]
    )  # fmt: skip
    assert [line.kind for line in read_pasted(text).lines] == [
        FlowKind.OPEX, FlowKind.CAPEX, FlowKind.REVENUE, FlowKind.GRANT, FlowKind.OPEX, FlowKind.CAPEX,
        FlowKind.SUBSIDY, FlowKind.RESIDUAL, FlowKind.EXTERNALITY, FlowKind.BENEFIT, FlowKind.TAX, None,
    ]  # fmt: skip


def test_two_lines_of_one_name_are_remarked_on() -> None:
    table = read_pasted("Item\t2026\r\nSensors\t1\r\nSensors\t2\r\n")
    assert (table.ok, [issue.code for issue in table.issues]) == (True, ["duplicate_labels"])


def test_a_total_that_is_wrong_in_one_year_is_compared_with_what_it_means() -> None:
    costs = "Item\t2027\t2028\t2029\nCapital cost\t4.5\t3.2\t0\nOperation\t0\t0.2\t0.5\n"
    table = read_pasted(f"{costs}Time saved\t0\t0\t2.1\nTotal\t-4.5\t-3.4\t9\n")
    assert [issue.message for issue in table.issues] == ["Row “Total” 2029 says 9, the lines give 1.6."]
    assert [line.label for line in table.lines] == ["Capital cost", "Operation", "Time saved"]
