"""The economic settings of a framework: rates in per cent, factors, incomes, carbon prices; each with what it does."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea
from wtforms import SubmitField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from forms.frameworks.weights import RequiredNumber
from forms.numbers import read_number
from forms.registration.fields import LineField, NumberField, VersionField
from scoring.limits import MAX_FACTOR, MAX_RATE, MIN_RATE

FIRST_YEAR, LAST_YEAR = 1900, 2300
PER_CENT = 100


class Rate(RequiredNumber):
    """A rate in per cent; `fraction` is what the framework keeps."""

    def __init__(self, label: str, *, description: str, **options: Any) -> None:
        super().__init__(
            f"{label}, %",
            least=MIN_RATE * PER_CENT,
            most=MAX_RATE * PER_CENT,
            description=description,
            **options,
        )

    @property
    def fraction(self) -> float:
        return float((self.number or Decimal(0)) / PER_CENT)


class LinesField(TextAreaField):
    """Lines that are read one by one, each refused with its text; the text typed stays in `data`."""

    widget = GovTextArea()

    def lines(self) -> list[str]:
        return [line.strip() for line in (self.data or "").splitlines() if line.strip()]

    @staticmethod
    def number(text: str, line: str, wanted: str) -> Decimal:
        read = read_number(text)
        if read.value is None or read.percent:
            raise ValidationError(f"“{line[:60]}” is not {wanted}.")
        return read.value


class RatesField(LinesField):
    """Rates in per cent, one a line, in `fractions`."""

    fractions: tuple[float, ...] = ()

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        found = []
        for line in self.lines():
            rate = self.number(line, line, "a rate in per cent, as in 3.5")
            if not MIN_RATE * PER_CENT <= rate <= MAX_RATE * PER_CENT:
                raise ValidationError(f"{line} is not between {MIN_RATE:.0%} and {MAX_RATE:.0%}.")
            found.append(float(rate / PER_CENT))
        self.fractions = () if validation_stopped else tuple(found)


class IncomesField(LinesField):
    """Groups with their income relative to the median, in `incomes`."""

    incomes: Mapping[str, float] = {}

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        found: dict[str, float] = {}
        for line in self.lines():
            name, _, number = (part.strip() for part in line.partition("="))
            if not name or name in found:
                raise ValidationError(f"“{line[:60]}” names no group, or one that has a line already.")
            found[name] = float(self.number(number, line, "“group = income”, as in q1 = 0.5"))
            if found[name] <= 0:
                raise ValidationError(f"“{line[:60]}”: an income is above 0.")
        if not found:
            raise ValidationError("Enter at least one group with its income.")
        self.incomes = {} if validation_stopped else found


class PricesField(LinesField):
    """Carbon prices by path and year, in `prices`."""

    prices: Mapping[str, Mapping[int, float]] = {}

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        found: dict[str, dict[int, float]] = {}
        wanted = "“path year = price”, as in central 2030 = 75"
        for line in self.lines():
            place, _, price = line.partition("=")
            path, _, year = place.strip().rpartition(" ")
            number = self.number(price, line, wanted)
            if not path.strip() or not (year.isascii() and year.isdecimal()):
                raise ValidationError(f"“{line[:60]}” is not {wanted}.")
            if not FIRST_YEAR <= int(year) <= LAST_YEAR or int(year) in found.get(path.strip(), {}):
                raise ValidationError(f"“{line[:60]}”: {year} is no year to price, or has its price already.")
            if number < 0:
                raise ValidationError(f"“{line[:60]}”: a price is 0 or more.")
            found.setdefault(path.strip(), {})[int(year)] = float(number)
        self.prices = {} if validation_stopped else found


def _factor(label: str, description: str) -> RequiredNumber:
    return RequiredNumber(label, least=0, most=MAX_FACTOR, description=description)


class EconomicsForm(FlaskForm):  # type: ignore[misc]
    """What an appraisal takes where a project file leaves it open."""

    version = VersionField(default="0")
    financial_rate = Rate(
        "Financial discount rate", description="Discounts what the operator pays and gets. Real, without inflation."
    )
    social_rate = Rate(
        "Social discount rate", description="Discounts what society pays and gains. The economic NPV hangs on it."
    )
    social_rate_concessional = Rate(
        "Social rate of concessional money", description="Where cheap public loans pay: shown beside the social rate."
    )
    finance_rate = Rate("Finance rate", description="What losses are financed at, in the modified rate of return.")
    reinvestment_rate = Rate(
        "Reinvestment rate", description="What gains are reinvested at, in the modified rate of return."
    )
    hurdles = RatesField(
        "Hurdle rates, %",
        description="One a line. The NPV is shown at each, and the chance that the rate of return stays below it.",
    )
    standard_conversion_factor = _factor(
        "Standard conversion factor",
        "Turns local prices into prices for society, as in 0.9. Below 1, leave the shadow exchange rate at 1.",
    )
    shadow_exchange_rate = _factor(
        "Shadow exchange rate", "What foreign money is worth to society, by the official rate. 1 corrects nothing."
    )
    shadow_wage_factor = _factor("Shadow wage factor", "What an hour of work costs society, of its wage: 0.75 is 75%.")
    welfare_epsilon = RequiredNumber(
        "Weight of poverty (epsilon)",
        least=0,
        most=10,
        description="How much more a unit of money is worth to the poor. 0 weighs everybody alike; 1.3 is usual.",
    )
    income_groups = IncomesField(
        "Incomes of groups", description="One a line as “group = income”, the median being 1: q1 = 0.5."
    )
    carbon_prices = PricesField(
        "Carbon prices",
        description="One a line as “path year = price a tonne”: central 2030 = 75. Empty: tonnes are not priced.",
    )
    carbon_path = LineField("Path that counts", most=40, description="One of the paths above, as in central.")
    carbon_currency = LineField("Currency of the carbon prices", most=3, required="Enter a currency, as in USD.")
    carbon_price_year = NumberField(
        "Price year of the carbon prices",
        least=FIRST_YEAR,
        most=LAST_YEAR,
        description="Left empty, they are taken in the prices of each project.",
    )
    aversion = RequiredNumber(
        "Aversion to risk",
        least=0,
        most=100,
        description="Relative: 0 is neutral, 2 cautious. Divided by the budget below before it is used.",
    )
    programme_budget = NumberField(
        "Budget that risk is measured by",
        least=None,
        most=None,
        description="In single units of the framework's currency. Left empty, each project's own public money is used.",
    )
    risk_free_rate = Rate("Risk-free rate", description="Where the risk-adjusted rate and the cost of equity begin.")
    beta = RequiredNumber(
        "Beta", least=-10, most=10, description="How strongly the sector moves with the market; 1 is alike."
    )
    equity_premium = Rate("Equity premium", description="What owners ask above the risk-free rate, for a beta of 1.")
    country_premium = Rate("Country premium", description="What the country adds; 0 adds nothing.")
    target_dscr = _factor(
        "Debt cover asked for", "Least cash flow for debt service / debt service: the debt capacity is told by it."
    )
    save = SubmitField("Save", widget=GovSubmitInput())

    def validate_carbon_price_year(self, field: NumberField) -> None:
        text = (field.data or "").strip()
        if text and not (text.isascii() and text.isdecimal()):
            raise ValidationError(f"“{text[:20]}” is not a year.")
