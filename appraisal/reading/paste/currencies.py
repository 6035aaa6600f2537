"""The currency of the figures: one, or a question. Figures of several are never mixed and never converted."""

from collections.abc import Iterable

from appraisal.reading.paste.amounts import Amounts
from appraisal.reading.paste.findings import CONVERT, Choice, Findings, Issue, PasteChoices, Question
from appraisal.reading.paste.units import Unit
from forms.money_words import SHARED_SIGNS


def settle_currency(units: Iterable[Unit], amounts: Amounts, choices: PasteChoices, findings: Findings) -> str | None:
    """The code that headings, labels and figures name; asked where they name several."""
    named = {unit.currency for unit in units if unit.currency}
    beside = set().union(*amounts.currencies.values()) if amounts.currencies else set()
    codes = sorted((named | beside) - set(SHARED_SIGNS))
    shared = [sign for sign in sorted(beside & set(SHARED_SIGNS)) if codes and not SHARED_SIGNS[sign] & set(codes)]
    if len(codes) > 1 or any(_stands_apart(sign, amounts) for sign in shared):
        return _asked(codes, shared, choices, findings)
    if shared:
        findings.sentences.append(f"Figures carry the signs {' and '.join([*codes, *shared])}: none is converted.")
    return codes[0] if codes else None


def _stands_apart(sign: str, amounts: Amounts) -> bool:
    """Whether no line has the sign beside a currency that it cannot mean: then lines differ, not only cells."""
    return all(signs <= {sign} for signs in amounts.currencies.values() if sign in signs)


def _asked(codes: list[str], shared: list[str], choices: PasteChoices, findings: Findings) -> str | None:
    seen = " and ".join([*codes, *shared])
    readings = [Choice(code, f"All figures are in {code}.") for code in codes]
    question = Question(
        "currency",
        f"The table names {seen}. Which currency are its figures in? Nothing is converted here.",
        (*readings, Choice(CONVERT, "They are in several currencies; I will convert them first.")),
        codes[0],
    )
    answer = choices.currency if choices.currency in (*codes, CONVERT) else None
    taken = findings.ask(question, answer)
    if taken == CONVERT:
        message = f"The table names {seen}: give all figures in one currency."
        findings.issues.append(Issue("several_currencies", message))
        return None
    return taken
