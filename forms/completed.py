"""What is recorded of a completed project; the same rules hold for the form and for a row of a table."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput, GovTextInput
from wtforms import FileField, Form, StringField, SubmitField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from forms.ids import KeyField
from forms.registration.fields import LineField, NumberField, VersionField, WholeField, one_of
from scoring.limits import MAX_NAME, MAX_REASON, MAX_REFERENCE, MAX_SOURCE, MAX_YEAR, MIN_YEAR
from scoring.parameters import load_parameters

CODE_LENGTH = 3
MOST_UNIT = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ASSET_CLASSES = dict(sorted(load_parameters().asset_classes.items(), key=lambda pair: pair[1]))
"""Title by key, by title."""


class DayField(StringField):
    """A day as year-month-day, in `day` (None where left empty); the text typed stays in `data`."""

    widget = GovTextInput()

    def __init__(self, label: str, *, description: str = "", **options: Any) -> None:
        super().__init__(label, description=description, **options)
        self.day: date | None = None

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            self.day = None
        if self.day is None or not MIN_YEAR <= self.day.year <= MAX_YEAR:
            raise ValidationError(f"Write the day year-month-day, e.g. 2019-03-31, from {MIN_YEAR} to {MAX_YEAR}.")


def _asset_class() -> Any:
    return one_of(
        "Asset class", {"": "Choose the class", **ASSET_CLASSES},
        description="What most of the money was spent on. It decides which projects this one speaks for.",
    )  # fmt: skip


class CompletedFields(Form):
    """The facts. Both costs are in the prices of one year, so that inflation is not taken for an overrun."""

    name = LineField("Project", most=MAX_NAME, required="Enter the name of the project.")
    city = LineField(
        "City", most=MAX_NAME, required="Enter the city.",
        description="Written as in the projects that are to be compared with it; case and spaces do not matter.",
    )  # fmt: skip
    asset_class = _asset_class()
    reference = LineField(
        "Registered as (optional)", most=MAX_REFERENCE,
        description="The reference of the project, e.g. HAN-07, where it was registered here.",
    )  # fmt: skip
    currency = LineField(
        "Currency", most=CODE_LENGTH, required="Enter the currency.", description="Three letters, e.g. USD, KRW, INR."
    )
    price_year = WholeField(
        "Price year of both costs", least=MIN_YEAR, most=MAX_YEAR,
        required="Enter the year in whose prices both costs are.",
        description="Bring what was paid to the prices of the plan first: inflation is no overrun.",
    )  # fmt: skip
    planned_cost = NumberField(
        "Planned cost", least=None, most=None,
        description="Capital cost at the decision to build, in single units of the currency.",
    )  # fmt: skip
    actual_cost = NumberField(
        "Actual cost", least=None, most=None,
        description="What it cost to build, in the same prices, in single units of the currency.",
    )  # fmt: skip
    started_on = DayField(
        "Start of building (optional)",
        description="The day planned at the decision to build, year-month-day; building time is counted from it.",
    )
    planned_opening = DayField("Planned opening", description="Year-month-day, e.g. 2021-06-30.")
    actual_opening = DayField("Actual opening", description="Year-month-day, e.g. 2022-02-15.")
    use_unit = LineField(
        "Use is counted in (optional)", most=MOST_UNIT, description="For example vehicles a day, or m3 a year."
    )
    planned_use = NumberField(
        "Planned use",
        least=0.0,
        most=None,
        description="A year's use as forecast, mean of the first years of operation.",
    )
    actual_use = NumberField(
        "Actual use", least=0.0, most=None, description="The same as counted. Zero where nobody used it."
    )
    source = LineField(
        "Source", most=MAX_SOURCE, required="Enter where the figures are from.",
        description="Document and page, or address: for example “Final account 2022, p. 14”.",
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        for field in (self.planned_cost, self.actual_cost):
            if not field.errors and (field.number is None or field.number <= 0):
                field.errors = [f"Enter the {field.label.text.lower()}, above zero."]
        self._times()
        self._use()
        return sound and not any(field.errors for field in self)

    def validate_asset_class(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose the asset class.")

    def validate_currency(self, field: LineField) -> None:
        if field.errors:
            return
        code = (field.data or "").upper()
        if len(code) != CODE_LENGTH or not (code.isascii() and code.isalpha()):
            raise ValidationError("A currency code has three letters, A to Z.")
        field.data = code

    def _times(self) -> None:
        """All three days or none, the openings after the start, the actual one not ahead of us."""
        fields = (self.started_on, self.planned_opening, self.actual_opening)
        if any(field.errors for field in fields):
            return
        given = [field for field in fields if field.day is not None]
        if given and len(given) < len(fields):
            for field in fields:
                if field.day is None:
                    field.errors = ["Enter all three days, or none: the building time needs each."]
            return
        start = self.started_on.day
        for field in (self.planned_opening, self.actual_opening):
            if start is not None and field.day is not None and field.day <= start:
                field.errors = [f"{field.label.text} must be after the start of building, {start.isoformat()}."]

    def _use(self) -> None:
        """Both figures and their unit, or none of the three."""
        planned, actual = self.planned_use, self.actual_use
        if planned.errors or actual.errors or self.use_unit.errors:
            return
        if (planned.number is None) != (actual.number is None):
            missing = planned if planned.number is None else actual
            missing.errors = ["Enter the planned and the actual use, or neither."]
        elif planned.number is not None and planned.number <= 0:
            planned.errors = ["Enter the planned use, above zero."]
        elif planned.number is not None and not self.use_unit.data:
            self.use_unit.errors = ["Enter what the use is counted in."]
        elif planned.number is None and self.use_unit.data:
            planned.errors = ["Enter the planned and the actual use, or leave the unit out."]


FACTS = tuple(name for name in vars(CompletedFields) if hasattr(getattr(CompletedFields, name), "field_class"))
"""The names of the fields in their order, which is that of the columns of a table."""


class CompletedForm(FlaskForm, CompletedFields):  # type: ignore[misc]
    key = KeyField()
    version = VersionField(default="0")
    save = SubmitField("Save", widget=GovSubmitInput())


class WithdrawalForm(FlaskForm):  # type: ignore[misc]
    """Why a project no longer counts; putting it back needs no reason."""

    version = VersionField(default="0")
    because = LineField(
        "Why it no longer counts", most=MAX_REASON, required="Say why.",
        description="It stays in the list and in the appraisals that used it.",
    )  # fmt: skip
    withdraw = SubmitField("Withdraw it", widget=GovSubmitInput())


class UploadForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField("Rows", description="In place of a file: the rows with their headings.")
    file = FileField(
        "CSV file", description="UTF-8, with the columns listed below in its first row.", widget=GovFileInput()
    )
    read = SubmitField("Read it", widget=GovSubmitInput())


def number_text(value: Decimal | None) -> str:
    """A stored number as it is typed: plain, without trailing zeros."""
    if value is None:
        return ""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
