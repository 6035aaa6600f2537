"""Which rows are lines: parts, totals, measures and what is no money; currencies, units and the text around a table."""

from decimal import Decimal

import pytest

from appraisal.reading.paste.findings import CONVERT, PasteChoices
from appraisal.reading.pasted_table import read_pasted
from tests.reading.pasted import amounts_of, codes

HEAD = "Item\t2026\t2027\n"

CONTAINED = {
    "of which": "Capex\t100\t50\nof which land\t30\t10\nOpex\t5\t6",
    "thereof, in brackets": "Capex\t100\t50\n(thereof land)\t30\t10\nOpex\t5\t6",
    "including": "Capex\t100\t50\nIncluding: land\t30\t10\nOpex\t5\t6",
    "davon": "Capex\t100\t50\ndavon Grundstück\t30\t10\ndavon Bau\t70\t40\nOpex\t5\t6",
    "dont": "Capex\t100\t50\ndont terrain\t30\t10\nOpex\t5\t6",
    "trong đó over a list": "Capex\t100\t50\nTrong đó:\t\t\n- Đất\t30\t10\n- Xây dựng\t60\t40\nOpex\t5\t6",
    "of which over lines set in": "Capex\t100\t50\nof which:\t\t\n  land\t30\t10\nOpex\t5\t6",
    "이 중": "Capex\t100\t50\n이 중 용지비\t30\t10\nOpex\t5\t6",
}

SUMS = {
    "lines set in": "Capex\t100\t50\n  Land\t30\t10\n  Works\t70\t40",
    "bullets": "Capex\t100\t50\n- Land\t30\t10\n- Works\t70\t40",
    "numbers": "1 Capex\t100\t50\n1.1 Land\t30\t10\n1.2 Works\t70\t40",
    "letters": "A. Capex\t100\t50\nA.1 Land\t30\t10\nA.2 Works\t70\t40",
}


@pytest.mark.parametrize("name", CONTAINED)
def test_what_words_call_a_part_is_not_added_again(name: str) -> None:
    table = read_pasted(HEAD + CONTAINED[name])
    assert (table.settled, table.issues) == (True, ())
    assert [(line.label, line.amounts) for line in table.lines] == [("Capex", (100, 50)), ("Opex", (5, 6))]
    assert any("is a part of “Capex”" in sentence for sentence in table.sentences)


@pytest.mark.parametrize("name", SUMS)
def test_a_line_that_its_parts_add_up_to_is_checked_and_not_added(name: str) -> None:
    table = read_pasted(HEAD + SUMS[name])
    assert (table.settled, table.issues) == (True, ())
    assert [line.amounts for line in table.lines] == [(30, 10), (70, 40)]
    assert [total.agrees for total in table.totals] == [True]


class TestParts:
    def test_numbers_may_stand_in_a_column_of_their_own(self) -> None:
        text = "No\tItem\t2026\t2027\n1\tCapex\t100\t50\n1.1\tLand\t30\t10\n1.2\tWorks\t70\t40\n2\tOpex\t5\t6\n"
        assert amounts_of(text) == {"Land": [30, 10], "Works": [70, 40], "Opex": [5, 6]}

    def test_parts_of_parts(self) -> None:
        rows = "1 Capex\t100\t50\n1.1 Land\t30\t10\n1.1.1 East\t10\t5\n1.1.2 West\t20\t5\n1.2 Works\t70\t40\n"
        table = read_pasted(f"{HEAD}{rows}Total\t100\t50")
        assert [line.label for line in table.lines] == ["1.1.1 East", "1.1.2 West", "1.2 Works"]
        assert all(total.agrees for total in table.totals)
        assert table.settled

    @pytest.mark.parametrize("rows", ["Capex\t9\t5\n  Land\t3\t1", "1 Capex\t9\t5\n1.1 Land\t3\t1\n1.2 Works\t5\t3"])
    def test_an_outline_that_the_figures_do_not_follow_is_asked_about(self, rows: str) -> None:
        assert codes(HEAD + rows) == (True, ["parts"], [])
        once = read_pasted(HEAD + rows, choices=PasteChoices(parts="once"))
        each = read_pasted(HEAD + rows, choices=PasteChoices(parts="all"))
        assert (once.settled, [line.amounts for line in once.lines]) == (True, [(9, 5)])
        assert (each.settled, len(each.lines)) == (True, rows.count("\n") + 1)

    @pytest.mark.parametrize(
        "rows", ["Capex\t100\t50\nLand\t30\t10\nWorks\t70\t40", "A\t30\t10\nB\t70\t40\nC=A+B\t100\t50"]
    )
    def test_a_line_that_happens_to_be_the_sum_of_its_neighbours_is_asked_about(self, rows: str) -> None:
        assert codes(HEAD + rows) == (True, ["parts"], [])
        once = read_pasted(HEAD + rows, choices=PasteChoices(parts="once"))
        assert [line.amounts for line in once.lines] == [(30, 10), (70, 40)]
        assert len(read_pasted(HEAD + rows, choices=PasteChoices(parts="all")).lines) == 3

    def test_one_year_or_figures_that_cancel_out_are_no_sum(self) -> None:
        assert codes("Item\t2026\nA\t3\nB\t1\nC\t2\n") == (True, [], [])
        assert codes(HEAD + "A\t1\t2\nB\t4\t5\nC\t-3\t-3\n") == (True, [], [])

    def test_headings_without_figures_contain_their_lines_and_no_figure(self) -> None:
        set_in = "Fares\t5\t6\nCosts\t\t\n  Capex\t3\t4\n  Opex\t1\t1"
        numbered = "1 Costs\t\t\n1.1 Capex\t3\t4\n1.2 Opex\t1\t1\n2 Benefits\t\t\n2.1 Fares\t5\t6"
        assert len(amounts_of(HEAD + set_in)) == len(amounts_of(HEAD + numbered)) == 3

    def test_a_list_of_bullets_only_is_a_list_of_lines(self) -> None:
        assert amounts_of(HEAD + "- Capex\t1\t2\n- Opex\t3\t4") == {"- Capex": [1, 2], "- Opex": [3, 4]}

    def test_a_part_of_the_total_is_not_a_line(self) -> None:
        text = HEAD + "A\t10\t20\nB\t30\t30\nTotal\t40\t50\nof which paid by a grant\t5\t5\n"
        assert amounts_of(text) == {"A": [10, 20], "B": [30, 30]}

    def test_a_label_that_ends_in_including_is_a_line(self) -> None:
        assert len(amounts_of(HEAD + "Capex\t10\t20\nOpex incl. VAT\t12\t24")) == 2


class TestTotalsAndMeasures:
    def test_a_subtotal_between_the_years_is_checked_against_the_years_before_it(self) -> None:
        table = read_pasted("Item\t2026\t2027\tSubtotal\t2028\t2029\tTotal\nCapex\t1\t2\t3\t4\t5\t12\n")
        assert (table.settled, table.issues, table.years) == (True, (), (2026, 2027, 2028, 2029))
        wrong = read_pasted("Item\t2026\t2027\tSubtotal\t2028\tTotal\nCapex\t1\t2\t4\t4\t7\n")
        assert [issue.code for issue in wrong.issues] == ["total_mismatch"]

    def test_a_total_may_stand_at_the_left(self) -> None:
        table = read_pasted("Item\tTotal\t2026\t2027\nCapex\t5\t3\t2\n")
        assert ([total.agrees for total in table.totals], table.lines[0].amounts) == ([True], (3, 2))

    def test_a_running_sum_of_one_line_is_not_added(self) -> None:
        text = HEAD + "Capex\t1\t2\nCapex (cumulative)\t1\t3\nOpex\t1\t1\n"
        assert amounts_of(text) == {"Capex": [1, 2], "Opex": [1, 1]}

    def test_profit_is_what_revenue_and_costs_leave(self) -> None:
        table = read_pasted(HEAD + "Fares\t10\t20\nCosts\t4\t6\nEBITDA\t6\t14\n")
        assert ([(total.label, total.agrees) for total in table.totals], len(table.lines)) == ([("EBITDA", True)], 2)

    @pytest.mark.parametrize(
        "label",
        ["NPV", "NPV @ 5%", "Discount factor", "Opening balance", "Closing cash balance", "Average", "Inflation",
         "Exchange rate (USD/EUR)", "B/C ratio", "할인율", "Payback (years)"],
    )  # fmt: skip
    def test_a_measure_is_no_line(self, label: str) -> None:
        table = read_pasted(HEAD + f"Capex\t1\t2\n{label}\t3\t4\n")
        assert [line.label for line in table.lines] == ["Capex"]
        assert f"“{label}” is no flow of money of its own: it was left out." in table.sentences

    def test_a_table_of_measures_alone_has_no_lines(self) -> None:
        assert codes(HEAD + "NPV\t1\t2\n") == (False, [], ["no_lines"])

    @pytest.mark.parametrize(
        "label", ["Users", "Ridership (trips/day)", "Headcount (FTE)", "Number of sensors", "이용자 수"]
    )
    def test_a_count_is_told_and_its_kind_is_not_guessed(self, label: str) -> None:
        table = read_pasted(HEAD + f"Capex\t1\t2\n{label}\t1200\t1500\n")
        assert [(issue.code, issue.label, issue.blocking) for issue in table.issues] == [("not_money", label, False)]
        assert table.lines[1].kind is None

    @pytest.mark.parametrize("label", ["Growth (%)", "O&M as % of capex", "Discount rate (%)"])
    def test_a_row_of_rates_is_refused(self, label: str) -> None:
        assert codes(HEAD + f"Capex\t1\t2\n{label}\t8\t8\n") == (False, [], ["percent"])

    def test_columns_without_a_year_are_said_to_be_left_out(self) -> None:
        for text in ("Item\tNPV\t2026\nCapex\t2.8\t1\n", "Item\t2026\tAverage\nCapex\t1\t1.5\n"):
            assert any("names no year: its figures were left out" in said for said in read_pasted(text).sentences)
        listed = read_pasted("No\tItem\t2026\n1\tCapex\t1\n2\tOpex\t1\n")
        assert not any("left out" in said for said in listed.sentences)

    def test_a_column_of_notes_at_the_right(self) -> None:
        assert amounts_of("Item\t2026\t\nCapex\t1\tsee annex\n") == {"Capex": [1]}
        assert codes("Item\t2026\t\nCapex\t1\t7\n") == (False, [], ["outside_years"])


class TestCurrencies:
    @pytest.mark.parametrize(
        ("text", "first", "second"),
        [
            (HEAD + "Capex\t€100\t€50\nOpex\tUSD 3\tUSD 4", "EUR", "USD"),
            (HEAD + "Capex (EUR)\t100\t50\nOpex (USD)\t3\t4", "EUR", "USD"),
            ("Item\tCurrency\t2026\nCapex\tEUR\t100\nOpex\tUSD\t3", "EUR", "USD"),
            ("USD\t2026\nCapex\t€100", "EUR", "USD"),
            ("Item\t2026 (EUR)\t2027 (USD)\nCapex\t1\t2", "EUR", "USD"),
        ],
    )
    def test_two_currencies_are_asked_about_and_never_mixed(self, text: str, first: str, second: str) -> None:
        (question,) = read_pasted(text).questions
        assert (question.code, [c.value for c in question.choices]) == ("currency", [first, second, CONVERT])
        chosen = read_pasted(text, choices=PasteChoices(currency=second))
        assert (chosen.settled, chosen.currency) == (True, second)
        assert codes(text, choices=PasteChoices(currency=CONVERT)) == (False, [], ["several_currencies"])

    def test_a_dollar_sign_beside_lines_in_euro_is_another_currency(self) -> None:
        assert codes(HEAD + "Capex\t€100\t€50\nOpex\t$3\t$4") == (True, ["currency"], [])

    def test_a_dollar_sign_under_a_heading_in_dollars_is_none(self) -> None:
        table = read_pasted("AUD\t2026\nCapex\t$100\nOpex\t3")
        assert (table.settled, table.currency) == (True, "AUD")

    def test_signs_that_differ_within_a_line_are_told(self) -> None:
        table = read_pasted(HEAD + "Capex\t$5\t₩5")
        assert "Figures carry the signs KRW and $: none is converted." in table.sentences


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Item\t2026\t2027\n\tUSD m\tUSD m\nCapex\t1.5\t2\n", 10**6),
        ("Year\tCapex\tOpex\n\tUSD m\tUSD m\n2026\t1.5\t2\n2027\t3\t4\n", 10**6),
        ("Item\t2026\nCapex\t1.5\n\nAll figures in USD million\n", 10**6),
        ("In thousands of US dollars\n\t2026\nCapex\t1.5\n", 10**3),
        ("EUR x 1,000\t2026\nCapex\t1,5\n", 10**3),
        ("x1000 EUR\t2026\nCapex\t1,5\n", 10**3),
        ("Item\t2026\nCapex, €m\t1.5\nOpex, €m\t0.5\n", 10**6),
        ("Item\t2026\nCapex in USD m\t1.5\nOpex in USD m\t0.5\n", 10**6),
        ("USD'000\t2026\nCapex\t1.5\n", 10**3),
        ("£000\t2026\nCapex\t1.5\n", 10**3),
        ("Rs. lakh crore\t2026\nCapex\t1.5\n", 10**12),
        ("Đơn vị: nghìn tỷ đồng\nHạng mục\t2026\nChi phí\t1,5\n", 10**12),
        ("항목\t단위\t2026\n투자비\t억원\t12\n운영비\t억원\t1\n", 10**8),
    ],
)
def test_a_unit_wherever_it_stands_is_asked_about(text: str, factor: int) -> None:
    table = read_pasted(text)
    assert (table.ok, [question.code for question in table.questions], table.factor) == (True, ["scale"], factor)


@pytest.mark.parametrize(
    "text",
    [
        "Item\t2026\t2027\nRevenue (USD m)\t1.5\t2\nCost (USD '000)\t300\t400\n",
        "Item\tUnit\t2026\nRevenue\tUSD m\t1.5\nCost\tUSD '000\t300\n",
        "Item\t2026\nRevenue (USD m)\t1.5\nCost\t300\n",
    ],
)
def test_lines_in_several_units_are_refused(text: str) -> None:
    assert codes(text) == (False, [], ["mixed_units"])


LAID_OUT = {
    "columns of spaces": "Item          2026    2027\nCapex        1,250.5      -3\nO&M costs         0    12\n",
    "headings set in": "              2026    2027\nCapex        1,250.5      -3\nO&M costs         0    12\n",
    "a drawn table": "+---+---+---+\n| Item | 2026 | 2027 |\n+===+===+===+\n"
    "| Capex | 1,250.5 | -3 |\n| O&M costs | 0 | 12 |\n+---+---+---+",
    "Markdown without outer bars": "Item | 2026 | 2027\n--- | --: | ---\nCapex | 1,250.5 | -3\nO&M costs | 0 | 12\n",
    "Markdown in bold": "| **Item** | **2026** | **2027** |\n|---|---|---|\n"
    "| Capex | `1,250.5` | -3 |\n| O&M costs | 0 | 12 |",
    "HTML in a letter": "Dear all,<br><table><tr><th>Item<th>2026<th>2027<tr><td>Capex<td>1,250.5<td>-3"
    "<tr><td>O&amp;M costs<td>0<td>12</table>Regards",
    "HTML of the clipboard": "Version:0.9\r\nStartHTML:0097\r\n<html><body><!--StartFragment--><table><tr><td>Item</td>"
    "<td>2026</td><td>2027</td></tr><tr><td>Capex</td><td>1,250.5</td><td>-3</td></tr><tr><td>O&amp;M costs</td>"
    "<td>0</td><td>12</td></tr></table>",
    "carriage returns": "Item\t2026\t2027\rCapex\t1,250.5\t-3\rO&M costs\t0\t12\r",
    "everything in quotes": '"Item","2026","2027"\n"Capex","1,250.5","-3"\n"O&M costs","0","12"\n',
    "a line that names the separator": "sep=;\nItem;2026;2027\nCapex;1,250.5;-3\nO&M costs;0;12\n",
    "a tab in quotes": 'Item\t2026\t2027\nCapex\t1,250.5\t-3\n"O&M\tcosts"\t0\t12\n',
    "empty rows and columns": "\t\t\t\t\n\tItem\t2026\t\t2027\n\t\t\t\t\n"
    "\tCapex\t1,250.5\t\t-3\n\n\tO&M costs\t0\t\t12\n",
    "text before and after": "As agreed,\nplease find the costs below.\n\nItem\t2026\t2027\n"
    "Capex\t1,250.5\t-3\nO&M costs\t0\t12\n\nSource: city\nPage 3",
}  # fmt: skip


@pytest.mark.parametrize("name", LAID_OUT)
def test_one_table_however_it_is_laid_out(name: str) -> None:
    table = read_pasted(LAID_OUT[name])
    assert (table.settled, table.issues, table.years) == (True, (), (2026, 2027))
    assert {line.label: line.amounts for line in table.lines} == {
        "Capex": (Decimal("1250.5"), -3), "O&M costs": (0, 12)
    }  # fmt: skip


def test_a_cell_over_two_rows_moves_no_figure() -> None:
    text = "<table><tr><td>Item<td>2026<td>2027<tr><td rowspan=2>Capex<td>1<td>2<tr><td>3<td>4</table>"
    assert amounts_of(text) == {"Capex": [1, 2], "Row 3": [3, 4]}


def test_text_without_columns_is_said_to_have_none() -> None:
    (issue,) = read_pasted("Item 2026 2027\nCapex 100 50\n").issues
    assert (issue.code, issue.message.split(":")[0]) == ("no_years", "The text has no columns")
