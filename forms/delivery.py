"""What is reported of an approved project: a year, its dates, and who answers for a benefit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField, ValidationError

from forms.completed import DayField, number_text
from forms.registration.fields import LineField, NumberField, ProseField, VersionField
from scoring.limits import MAX_NAME, MAX_REASON, MAX_SOURCE

MONEY = ("capital_cost", "running_cost", "revenue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a year's report asks for: in which unit, and of which benefits."""

    unit: str
    """As it is written beside an amount: "USD million"."""
    scale: int
    """Single units of the currency in one such unit."""
    prices: str
    """In which prices amounts are, as a sentence."""
    use_unit: str | None
    """None where the plan states no use."""
    benefits: Sequence[tuple[str, bool]]
    """Name, and whether it is counted in tonnes."""


class YearForm(FlaskForm):  # type: ignore[misc]
    """The fields of every year; `year_form` adds those of the project."""

    version = VersionField(default="0")
    capital_cost: Any
    running_cost: Any
    revenue: Any
    use: Any
    note = ProseField(
        "What explains it (optional)", most=MAX_REASON, description="What was built, what changed and why."
    )
    source = LineField(
        "Source", most=MAX_SOURCE, required="Enter where the figures are from.",
        description="Document and page, for example “Annual accounts 2028, p. 31”.",
    )  # fmt: skip
    save = SubmitField("Save the report", widget=GovSubmitInput())
    asked: Asked

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        fields = [self[name] for name in self.figures]
        if not any(field.errors or field.number is not None for field in fields):
            fields[0].errors = ["Enter at least one figure; leave out what is not known."]
        return sound and not any(field.errors for field in self)

    @property
    def figures(self) -> list[str]:
        """Names of the fields that hold a figure."""
        use = [] if self.asked.use_unit is None else ["use"]
        return [*MONEY, *use, *(benefit_field(name) for name, _ in self.asked.benefits)]

    def amount(self, name: str) -> Decimal | None:
        """What was entered, money in single units; None where the field is empty or not asked."""
        if name not in self.figures:
            return None
        number: Decimal | None = self[name].number
        return None if number is None else number * (self.asked.scale if name in MONEY else 1)

    def benefits(self) -> dict[str, Decimal | None]:
        """By name: money in single units, or tonnes."""
        found = {name: self[benefit_field(name)].number for name, _ in self.asked.benefits}
        scales = {name: 1 if tonnes else self.asked.scale for name, tonnes in self.asked.benefits}
        return {name: None if number is None else number * scales[name] for name, number in found.items()}


def benefit_field(name: str) -> str:
    """The field of a benefit line: the same whatever stands before it in the plan."""
    return f"benefit-{sha256(name.encode()).hexdigest()[:12]}"


def year_form(asked: Asked) -> type[YearForm]:
    """The form for a project with this unit, use and these benefits."""

    def money(label: str, description: str) -> NumberField:
        return NumberField(f"{label}, {asked.unit}", least=0.0, most=None, description=description)

    fields: dict[str, Any] = {
        "asked": asked,
        "capital_cost": money("Capital cost", f"What was spent on building it in the year. {asked.prices}"),
        "running_cost": money(
            "Running cost", "What operating and maintaining it cost in the year. Zero only where it cost nothing."
        ),
        "revenue": money("Revenue", "What its users paid in the year; no grants."),
        "use": None
        if asked.use_unit is None
        else NumberField(f"Use, {asked.use_unit}", least=0.0, most=None, description="As counted over the year."),
    }
    for name, tonnes in asked.benefits:
        unit = "tonnes of CO2, avoided ones with a minus" if tonnes else asked.unit
        fields[benefit_field(name)] = NumberField(f"{name}, {unit}", least=None, most=None)
    return type("ProjectYearForm", (YearForm,), fields)


def year_values(
    asked: Asked, amounts: Mapping[str, Decimal | None], benefits: Mapping[str, Decimal | None]
) -> dict[str, str]:
    """Stored amounts as the form shows them."""
    shown = {name: _typed(amounts.get(name), asked.scale if name in MONEY else 1) for name in (*MONEY, "use")}
    for name, tonnes in asked.benefits:
        shown[benefit_field(name)] = _typed(benefits.get(name), 1 if tonnes else asked.scale)
    return shown


def _typed(amount: Decimal | None, scale: int) -> str:
    return "" if amount is None else number_text(amount / scale)


class DatesForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    started_on = DayField(
        "Start of building", description="Year-month-day, e.g. 2027-03-31; empty until it has started."
    )
    opened_on = DayField("Opening", description="The day it was opened for use; empty until then.")
    save = SubmitField("Save the dates", widget=GovSubmitInput())

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        started, opened = self.started_on, self.opened_on
        if started.day and opened.day and opened.day <= started.day:
            opened.errors = [f"The opening must be after the start of building, {started.day.isoformat()}."]
        return sound and not any(field.errors for field in self)

    def validate_started_on(self, field: DayField) -> None:
        _not_to_come(field)

    def validate_opened_on(self, field: DayField) -> None:
        _not_to_come(field)


def _not_to_come(field: DayField) -> None:
    if field.day is not None and field.day > datetime.now(UTC).date():
        raise ValidationError("A day that is still to come cannot be recorded.")


class BenefitForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    answers_for = LineField(
        "Who answers for it", most=MAX_NAME, required="Enter who answers for it.",
        description="An office or a post rather than a person: people move on.",
    )  # fmt: skip
    measured_by = ProseField(
        "How it is measured", most=MAX_REASON, required="Enter how it is measured.",
        description="What is counted, by whom, how often, and how it becomes the amount that is reported.",
    )  # fmt: skip
    baseline = ProseField(
        "Where it stood before (optional)", most=MAX_REASON,
        description="The figure before the project, with its date and source. Empty where nobody measured it.",
    )  # fmt: skip
    save = SubmitField("Save", widget=GovSubmitInput())
