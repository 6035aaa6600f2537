"""What people really paste, one variant each: what is understood of it, what is asked, what is refused."""

from decimal import Decimal

import pytest

from appraisal.reading.pasted_table import read_pasted
from tests.reading.pasted import codes

UNDERSTOOD: dict[str, tuple[str, tuple[int, ...], dict[str, list[float]]]] = {
    "fiscal years": ("Item\tFY2026/27\tFY2027/28\nCapex\t-100\t-50", (2026, 2027), {"Capex": [-100, -50]}),
    "short fiscal years": ("Item\tFY26-27\tFY27-28\nCapex\t100\t50", (2026, 2027), {"Capex": [100, 50]}),
    "actual and forecast behind the year": ("\t2026A\t2027F\nCapex\t100\t50", (2026, 2027), {"Capex": [100, 50]}),
    "actual and forecast under the year": (
        "\t2026\t2027\n\tActual\tForecast\nCapex\t100\t50", (2026, 2027), {"Capex": [100, 50]}
    ),
    "days as years": ("Item\t01/01/2026\t01/01/2027\nCapex\t100\t50", (2026, 2027), {"Capex": [100, 50]}),
    "days with their midnight": (
        "Item\t2026-12-31 00:00:00\t2027-12-31 00:00:00\nCapex\t100\t50", (2026, 2027), {"Capex": [100, 50]}
    ),
    "months as years": ("Item\tDec-26\tDec-27\nCapex\t100\t50", (2026, 2027), {"Capex": [100, 50]}),
    "years backwards": ("Item\t2028\t2027\nCapex\t1\t2", (2027, 2028), {"Capex": [2, 1]}),
    "trailing minus": ("Item\t2026\t2027\nCapex\t100-\t50.5-", (2026, 2027), {"Capex": [-100, -50.5]}),
    "U+2212": ("Item\t2026\t2027\nCapex\t−1,200\t−35.5", (2026, 2027), {"Capex": [-1200, -35.5]}),
    "no-break spaces": ("\t2026\t2027\nCapex\t1\u00a0200,50\t35\u202f000,00", (2026, 2027), {"Capex": [1200.5, 35000]}),
    "thin spaces": ("\t2026\t2027\nCapex\t1\u2009200\u2009000\t35\u2009000", (2026, 2027), {"Capex": [1200000, 35000]}),
    "full-width digits": ("項目\t２０２６\t２０２７\n投資\t１２０\t（３５０）", (2026, 2027), {"投資": [120, -350]}),
    "억 in the cell": ("항목\t2026\t2027\n투자비\t125억\t30억", (2026, 2027), {"투자비": [12.5e9, 3e9]}),
    "lakh in the cell": ("\t2026\t2027\nCapex\t₹ 12 lakh\t₹ 3 lakh", (2026, 2027), {"Capex": [1.2e6, 3e5]}),
    "crore beside lakh": ("\t2026\t2027\nCapex\t1.5 crore\t30 lakh", (2026, 2027), {"Capex": [1.5e7, 3e6]}),
    "bn beside m": ("\t2026\t2027\nCapex\t$1.25bn\t$300m", (2026, 2027), {"Capex": [1.25e9, 3e8]}),
    "rupees without paise": (
        "\t2026\t2027\nCapex\tRs. 12,34,567/-\tRs. 3,00,000/-", (2026, 2027), {"Capex": [1234567, 300000]}
    ),
    "European grouping": ("\t2026\t2027\nBau\t1.234.567,89\t-2.500,00", (2026, 2027), {"Bau": [1234567.89, -2500]}),
    "Swiss apostrophes": ("\t2026\t2027\nBau\t1'234'567.90\t2’500.-", (2026, 2027), {"Bau": [1234567.9, 2500]}),
    "quoted newlines": ('"Item\nno"\t2026\t2027\n"Signals\nand"\t1\t2', (2026, 2027), {"Signals and": [1, 2]}),
    "semicolons": ("Item;2026;2027\nCapex;-1.000,50;-500", (2026, 2027), {"Capex": [-1000.5, -500]}),
    "semicolons in quotes": ('"Item";"2026";"2027"\n"A; B";"1,5";"2,5"', (2026, 2027), {"A; B": [1.5, 2.5]}),
    "transposed": ("Year\tCapex\tNet\n2026\t-100\t-100\n2027\t-5\t-5", (2026, 2027), {"Capex": [-100, -5]}),
    "BOM and CRLF": ("\ufeffItem\t2026\t2027\r\nCapex\t1\t2\r\n", (2026, 2027), {"Capex": [1, 2]}),
    "dashes are zero": ("Item\t2026\t2027\nCapex\t–\t—", (2026, 2027), {"Capex": [0, 0]}),
    "accounting format": ("\t2026\t2027\nCapex\t $ (1,200.00)\t $ -   ", (2026, 2027), {"Capex": [-1200, 0]}),
    "notes around and beside": (
        "Tram 2030\nSource: city, 2025\n\nItem\t2026\t2027\tNotes\nCapex\t100\t50\tincl. 10% reserve\n\n* excludes VAT",
        (2026, 2027), {"Capex": [100, 50]},
    ),
    "numbers of notes": ("Item\tNote no.\t2026\t2027\nCapex\t3\t100\t50", (2026, 2027), {"Capex": [100, 50]}),
    "contingency is no rate": ("\t2026\t2027\nContingency (10%)\t1\t2", (2026, 2027), {"Contingency (10%)": [1, 2]}),
    "O&M is no million": ("USD\t2026\t2027\nO&M\t-100\t-50", (2026, 2027), {"O&M": [-100, -50]}),
    "currency signs": ("Item\t2026\t2027\nCapex\t€100\t€50", (2026, 2027), {"Capex": [100, 50]}),
    "HTML of a clipboard": (
        "<meta charset='utf-8'><style>td {x: 2026}</style><table><tr><th>Item</th><th>2026</th><th>2027</th></tr>"
        "<tr><td>O&amp;M<br>a year</td><td>&minus;5</td><td>1.5</td></tr></table>",
        (2026, 2027), {"O&M a year": [-5, 1.5]},
    ),
    "HTML with a cell over two columns": (
        "<table><tr><td colspan=2>Item</td><td>2026</td></tr><tr><td>1</td><td>Capex</td><td>7</td></tr></table>",
        (2026,), {"Capex": [7]},
    ),
    "Markdown": ("| Item | 2026 | 2027 |\n|---|---:|---|\n| Capex | 100 | 50 |", (2026, 2027), {"Capex": [100, 50]}),
    "101.125 beside 12.5": ("Item\t2026\t2027\nCapex\t101.125\t12.5", (2026, 2027), {"Capex": [101.125, 12.5]}),
}  # fmt: skip

FORTY = "Item\t" + "\t".join(str(2026 + number) for number in range(40)) + "\nCapex" + "\t1.5" * 40

ASKED = {
    "Year 0 to n": ("Item\tYear 0\tYear 1\nCapex\t100\t50", ["base_year"], 1),
    "단위: 조원": ("단위: 조원\t2026\t2027\n투자비\t1.2\t0.8", ["scale"], 10**12),
    "(단위: 만원)": ("(단위: 만원)\n항목\t2026\t2027\n투자비\t12\t8", ["scale"], 10**4),
    "Rs in Cr.": ("Rs in Cr.\t2026-27\t2027-28\nCapex\t12.50\t3.00", ["scale"], 10**7),
    "tỷ đồng": ("Đơn vị: tỷ đồng\nHạng mục\t2026\nChi phí\t120,5", ["scale"], 10**9),
    "triệu đồng": ("ĐVT: triệu đồng\nHạng mục\tNăm 2026\nChi phí\t120,5", ["scale"], 10**6),
    "EUR '000": ("EUR '000\t2026\t2027\nCapex\t1.200,00\t300,00", ["scale"], 1000),
    "TEUR": ("TEUR\t2026\t2027\nInvestition\t1.250,5\t300", ["scale"], 1000),
    "T€": ("in T€\t2026\t2027\nInvestition\t12,5\t300", ["scale"], 1000),
    "Mds €": ("Mds €\t2026\t2027\nInvestissement\t1,25\t3", ["scale"], 10**9),
    "(USD m)": ("(USD m)\t2026\t2027\nCapex\t12.5\t3", ["scale"], 10**6),
    "in millions": ("Cash flow statement (in millions)\n\t2026\t2027\nCapex\t12.5\t3", ["scale"], 10**6),
    "US$ bn": ("US$ bn\t2026\t2027\nCapex\t1.25\t0.3", ["scale"], 10**9),
    "the unit behind each label": ("\t2026\t2027\nCapex (USD m)\t1.5\t2\nO&M (USD m)\t2\t3", ["scale"], 10**6),
    "1,234 alone": ("Item\t2026\t2027\nCapex\t1,234\t2,500", ["decimal_mark"], 1),
    "blank, n/a and dash": ("\t2026\t2027\t2028\t2029\nCapex\t1\t\tn/a\t-\nO&M\tN.A.\t2\t3\t4", ["blanks"], 1),
    "missing years": ("Item\t2026\t2028\t2029\nCapex\t100\t50\t3", ["missing_years"], 1),
    "every five years": ("Item\t2025\t2030\t2035\nCapex\t100\t50\t3", ["missing_years"], 1),
}

REFUSED = {
    "years twice": ("Item\t2026\t2026\nCapex\t1\t2", "duplicate_years"),
    "quarters": ("Item\tQ1 2026\tQ2 2026\nCapex\t1\t2", "duplicate_years"),
    "spans of years": ("Item\t2026-2030\t2031-2035\nCapex\t1\t2", "no_years"),
    "percentages": ("Item\t2026\t2027\nCapex\t1\t2\nGrowth\t3%\t4%", "percent"),
    "percentages without their sign": ("Item\t2026\t2027\nCapex\t1\t2\nDiscount rate (%)\t8\t8", "percent"),
    "two units": ("\t2026\t2027\nCapex (USD m)\t1.5\t1\nO&M (USD '000)\t2\t3", "mixed_units"),
    "trips in a column of units": ("\tUnit\t2026\nCapex\tUSD m\t1\nDemand\ttrips\t5", "mixed_units"),
    "two decimal marks": ("Item\t2026\t2027\nCapex\t1,50\t2.50", "mixed_number_formats"),
    "an error": ("Item\t2026\t2027\nCapex\t#REF!\t50", "excel_error"),
    "a formula": ("Item\t2026\t2027\nCapex\t=B2*2\t50", "formula"),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_it_is_understood_without_a_question(name: str) -> None:
    text, years, lines = UNDERSTOOD[name]
    table = read_pasted(text)
    assert (table.settled, table.issues, table.questions) == (True, (), ())
    assert table.years == years
    assert {line.label: list(line.amounts) for line in table.lines} == {
        label: [Decimal(str(amount)) for amount in amounts] for label, amounts in lines.items()
    }


@pytest.mark.parametrize("name", ASKED)
def test_it_is_asked(name: str) -> None:
    text, questions, factor = ASKED[name]
    table = read_pasted(text)
    assert (table.ok, [question.code for question in table.questions], table.factor) == (True, questions, factor)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name: str) -> None:
    text, code = REFUSED[name]
    ok, _, issues = codes(text)
    assert not ok
    assert code in issues


def test_forty_years_are_read() -> None:
    table = read_pasted(FORTY)
    assert (table.settled, len(table.years), len(table.lines[0].amounts)) == (True, 40, 40)


def test_labels_keep_what_stands_beside_their_unit() -> None:
    table = read_pasted("\t2026\t2027\nCapex (USD m)\t1.5\t2\nO&M (USD m)\t2\t3")
    assert [line.label for line in table.lines] == ["Capex (USD m)", "O&M (USD m)"]


def test_a_net_flow_may_be_revenue_less_the_total_of_costs() -> None:
    table = read_pasted(
        "\t2026\t2027\nCivil\t100\t50\nIT\t10\t5\nTotal costs\t110\t55\nFares\t20\t60\nNet cash flow\t-90\t5"
    )
    assert [(total.label, total.agrees) for total in table.totals] == [("Total costs", True), ("Net cash flow", True)]
    assert table.issues == ()
