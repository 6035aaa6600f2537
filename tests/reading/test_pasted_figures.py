"""Figures as people write them in cells: what each is, what is asked, what is refused at its label and year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.reading.paste.findings import PasteChoices
from appraisal.reading.pasted_table import read_pasted
from forms.numbers import read_number
from tests.reading.pasted import codes

READ = {
    "억 and 만": ("1억 2,500만", 125_000_000),
    "억 and 천만 without a space": ("12억5천만원", 1_250_000_000),
    "억 and 만 of four digits": ("12억5000만", 1_250_000_000),
    "조 and 천억": ("3조 2천억", 3_200_000_000_000),
    "four scales": ("1조 20억 5천만 3천", 1_002_050_003_000),
    "down to the won": ("1억 2,345만 6,789원", 123_456_789),
    "won before it": ("₩12억 5,000만", 1_250_000_000),
    "億 and 万": ("1億2,500万円", 125_000_000),
    "crore and lakh": ("1 crore 25 lakh", 12_500_000),
    "Rs, cr and lakh": ("Rs 1 cr 25 lakh", 12_500_000),
    "tỷ and triệu": ("1 tỷ 200 triệu", 1_200_000_000),
    "करोड़ and लाख": ("1 करोड़ 25 लाख", 12_500_000),
    "ล้าน and แสน": ("2 ล้าน 5 แสน", 2_500_000),
    "million and thousand": ("1 million 250 thousand", 1_250_000),
    "a minus before several scales": ("-1억 2,500만", -125_000_000),
    "brackets around several scales": ("(3억 5천만)", -350_000_000),
    "an asterisk": ("1,250.5*", "1250.5"),
    "the letter of a footnote": ("1,250.5 (a)", "1250.5"),
    "a number of a footnote": ("1,250.5 [1]", "1250.5"),
    "a raised number": ("1,250.5¹", "1250.5"),
    "a dagger": ("1250†", 1250),
    "brackets and a footnote": ("(1,250.5)*", "-1250.5"),
    "Swiss groups": ("1'250.50", "1250.5"),
    "thin space": ("1\u2009250.5", "1250.5"),
    "narrow no-break space": ("12\u202f500", 12_500),
    "Arabic-Indic digits": ("١٬٢٥٠٫٥", "1250.5"),
    "Devanagari digits": ("१२,३४,५६७", 1_234_567),
    "Thai digits": ("๑,๒๕๐.๕๐", "1250.5"),
    "scientific": ("1.25e6", 1_250_000),
    "a plus": ("+1,250.5", "1250.5"),
    "European brackets": ("(1.250,00)", -1250),
    "trailing minus": ("1.250,50-", "-1250.5"),
    "nil": ("nil", 0),
    "zero": ("Zero", 0),
    "shunya": ("शून्य", 0),
    "crore": ("12.5 Cr", 125_000_000),
    "Brazilian": ("R$ 1.250,50", "1250.5"),
    "franken without rappen": ("Fr. 300.-", 300),
    "MM": ("$1.2MM", 1_200_000),
}

REFUSED = {
    "to be decided": ("TBD", "not_a_number"),
    "a question mark": ("?", "not_a_number"),
    "about": ("~5", "not_a_number"),
    "circa": ("c. 5", "not_a_number"),
    "at least": (">5", "not_a_number"),
    "or more": ("5+", "not_a_number"),
    "a range": ("5-7", "not_a_number"),
    "give or take": ("5±1", "not_a_number"),
    "a fraction": ("1/2", "not_a_number"),
    "a day": ("2026-01-01", "not_a_number"),
    "words": ("see annex", "not_a_number"),
    "included elsewhere": ("incl.", "not_a_number"),
    "a figure and another": ("1,250.5 (1)", "not_a_number"),
    "a power": ("10³", "not_a_number"),
    "a scale in brackets": ("5 (m)", "not_a_number"),
    "trips": ("5 trips", "not_a_number"),
    "a minus at both ends": ("-1,250-", "two_signs"),
    "a minus before brackets": ("-(1,250)", "two_signs"),
    "rising scales": ("200 triệu 1 tỷ", "not_a_number"),
    "one scale twice": ("1억 2억", "not_a_number"),
    "a fraction before a part": ("1.5억 2500만", "not_a_number"),
    "a part without its scale": ("1억 2,345", "not_a_number"),
    "a part too large for its scale": ("1 tỷ 2000 triệu", "not_a_number"),
    "an error": ("#N/A", "excel_error"),
    "two scripts": ("1٢3", "mixed_digits"),
    "a debit": ("1,250.50 DR", "debit_credit"),
    "a debit before the figure": ("Dr 1,250.50", "debit_credit"),
}


@pytest.mark.parametrize("name", READ)
def test_a_figure_is_read(name: str) -> None:
    text, amount = READ[name]
    table = read_pasted(f"Item\t2026\t2027\nCapex\t{text}\t{text}\n")
    assert (table.settled, table.issues, table.questions) == (True, (), ())
    assert table.lines[0].amounts == (Decimal(str(amount)),) * 2


@pytest.mark.parametrize("name", REFUSED)
def test_a_figure_is_refused_at_its_label_and_year(name: str) -> None:
    text, code = REFUSED[name]
    table = read_pasted(f"Item\t2026\t2027\nCapex\t3\t{text}\n")
    found = [(issue.code, issue.label, issue.year, issue.row, issue.column) for issue in table.issues]
    assert found == [(code, "Capex", 2027, 2, 3)]
    assert not table.ok


def test_credits_beside_debits_are_no_crores() -> None:
    ok, _, issues = codes("Item\t2026\t2027\nFares\t1,250.50 CR\t300.00 CR\nCapex\t1,000.00 DR\t20.00 DR\n")
    assert (ok, issues) == (False, ["debit_credit"])


@pytest.mark.parametrize("text", ["n/a", "NA", "none", "NULL", "…", "...", "없음"])
def test_words_that_say_there_is_no_figure_are_blank_and_asked_about(text: str) -> None:
    assert codes(f"Item\t2026\t2027\nCapex\t{text}\t5\n") == (True, ["blanks"], [])


def test_nil_and_the_mark_of_a_footnote_are_told() -> None:
    said = " ".join(read_pasted("Item\t2026\t2027\nCapex\tnil\t1,250.5*\n").sentences)
    assert "“nil” is read as zero." in said
    assert "The mark beside “1,250.5*” is read as that of a footnote." in said


def test_the_decimal_mark_of_a_figure_with_a_footnote_is_asked_with_its_readings() -> None:
    (question,) = read_pasted("Item\t2026\t2027\nCapex\t1,250*\t2,500\n").questions
    assert (question.code, [choice.value for choice in question.choices]) == ("decimal_mark", [".", ","])
    chosen = read_pasted("Item\t2026\t2027\nCapex\t1,250*\t2,500\n", choices=PasteChoices(decimal_mark=","))
    assert chosen.lines[0].amounts == (Decimal("1.25"), Decimal("2.5"))


def test_a_figure_of_several_scales_does_not_stand_beside_bare_ones() -> None:
    assert codes("Item\t2026\t2027\nCapex\t1억 2,500만\t5\n")[2] == ["mixed_scales"]
    assert codes("Item\t2026\t2027\nCapex\t1억 2,345만 6,789원\t5\n")[2] == ["mixed_scales"]


@given(
    st.integers(1, 9999),
    st.integers(1, 9999),
    st.booleans(),
    st.sampled_from(["{}억 {}만", "{}억{}만원", "{}億 {}万円"]),
)
def test_two_scales_add_up(larger: int, smaller: int, grouped: bool, shape: str) -> None:
    figures = (f"{n:,}" if grouped else str(n) for n in (larger, smaller))
    assert read_number(shape.format(*figures)).value == larger * 10**8 + smaller * 10**4
