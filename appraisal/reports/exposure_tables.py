"""Options and fiscal risks as rows in reading order; the PDF and the workbook show the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appraisal.reports import figures
from scoring.parameters.fiscal_risks import RATINGS
from scoring.project_options import OptionKind, OptionView
from scoring.result import Figure, FiscalRisk, FiscalRisks, Missing, OptionValue

KIND_WORDS = {
    OptionKind.ABANDON: "to give the project up",
    OptionKind.DELAY: "to wait before building",
    OptionKind.STAGE: "to build phase 2 only if phase 1 shows that it pays",
}
VIEW_WORDS = {OptionView.ECONOMIC: "economic NPV", OptionView.FINANCIAL: "financial NPV"}
OPTION_NOTE = (
    "Mean over the draws, discounted at the project's own rate: an appraisal and no market price. The rule is learnt "
    "on other draws than it is measured on, so that a value is at most what the best rule would add. Each option "
    "stands alone: values do not add up."
)


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option with its figures as written."""

    made: OptionValue

    @property
    def what(self) -> str:
        return f"{KIND_WORDS[self.made.kind]}; {VIEW_WORDS[self.made.view]}"

    @property
    def texts(self) -> tuple[str, ...]:
        """What it adds, NPV without and with it, how often it is used, when, and how often something is given up."""
        made, se = self.made, self.made.se
        return (
            figures.money(made.value, se),
            figures.money(made.value_without, se),
            figures.money(made.value_with, se),
            figures.chance(made.exercised),
            _year(made.expected_year),
            figures.chance(made.given_up),
        )

    @property
    def values(self) -> tuple[Figure, ...]:
        made = self.made
        return made.value, made.value_without, made.value_with, made.exercised, made.expected_year, made.given_up


OPTION_HEADS = ("Adds", "NPV without it", "NPV with it", "Used in", "Mean year", "Given up in")


def _year(value: Figure) -> str:
    """A mean of years, as the year it falls in."""
    return figures.calendar_year(value if isinstance(value, Missing) else round(value))


def option_finding(options: Sequence[OptionValue]) -> str:
    """What the best option adds, in a sentence."""
    known = [(made.value, made) for made in options if not isinstance(made.value, Missing)]
    if not known:
        return "No option could be valued"
    value, best = max(known, key=lambda pair: pair[0])
    if value <= 0 or figures.money(value, best.se) == "0":
        return "No option stated adds value"
    return f"“{best.name}” adds {figures.money(value, best.se)} to the {VIEW_WORDS[best.view]} on average"


@dataclass(frozen=True, slots=True)
class FiscalRow:
    """One category that is assessed, as written."""

    made: FiscalRisk

    @property
    def texts(self) -> tuple[str, ...]:
        """Likelihood, mean cost, cost of the worst event, its share of the base, mitigation, rating."""
        made = self.made
        return (
            f"{figures.chance(made.probability)} ({made.likelihood})",
            figures.money(made.expected),
            figures.money(made.p95),
            f"{figures.percent(made.impact_share)} ({made.impact})",
            mitigation(made),
            rating(made),
        )


FISCAL_HEADS = ("Likelihood", "Mean cost", "Cost if it happens, P95", "Impact", "Mitigation", "Rating")


def mitigation(made: FiscalRisk) -> str:
    return {True: "stated", False: "none for all of it", None: "not stated"}[made.mitigated]


def rating(made: FiscalRisk) -> str:
    """The rating, with what it was before mitigation where that differs; or that there is none."""
    if made.rating is None:
        return "not assessed"
    if made.rating == made.rating_before_mitigation:
        return made.rating
    return f"{made.rating}; {made.rating_before_mitigation} before mitigation"


def fiscal_rows(made: FiscalRisks) -> list[FiscalRow]:
    """The assessed categories, the worst first."""
    assessed = [row for row in made.rows if row.rating is not None]
    return [FiscalRow(row) for row in sorted(assessed, key=_severity, reverse=True)]


def fiscal_finding(made: FiscalRisks) -> str:
    assessed = fiscal_rows(made)
    words = f"{len(assessed)} of {len(made.rows)} categories of fiscal risk are assessed"
    if not assessed:
        return f"None of the {len(made.rows)} categories of fiscal risk is assessed"
    return f"{words}; the worst is {assessed[0].made.title.lower()}, rated {assessed[0].made.rating}"


def not_assessed(made: FiscalRisks) -> list[str]:
    """A sentence for each reason why categories are not assessed."""
    reasons = dict.fromkeys(row.not_assessed for row in made.rows if row.not_assessed)
    return [_sentence(reason, (row.title for row in made.rows if row.not_assessed == reason)) for reason in reasons]


def fiscal_note(made: FiscalRisks) -> str:
    """What impacts are measured against, and who bears them."""
    base = "capital cost, for no public money is stated" if made.base_is == "capital-cost" else "public money"
    owner = (
        "The public owner bears them."
        if made.borne_by_public
        else "A private partner bears them first: the ratings say what would fall to the public if it failed."
    )
    return f"Over the project's life, after mitigation, not discounted; impact as a share of {base}. {owner}"


def _sentence(reason: str, titles: Iterable[str]) -> str:
    return f"Not assessed ({figures.reason(Missing(reason))}): {', '.join(title.lower() for title in titles)}."


def _severity(row: FiscalRisk) -> tuple[int, float]:
    share = row.impact_share
    return RATINGS.index(row.rating or RATINGS[0]), share if isinstance(share, float) else 0.0
