"""The project itself: what it is, where, for whom, and in which money it is counted."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSubmitInput
from wtforms import SelectMultipleField, SubmitField, ValidationError

from forms.ids import KeyField
from forms.money_words import CURRENCY_CODES
from forms.portfolio import AREAS
from forms.registration.fields import LineField, ProseField, VersionField, WholeField, choices, either, one_of
from scoring.limits import MAX_NAME, MAX_PERIODS, MAX_SUMMARY, MAX_YEAR, MIN_YEAR
from scoring.project_file import PriceBasis, Stage

STAGES = {
    Stage.IDEA.value: "Idea",
    Stage.PRE_FEASIBILITY.value: "Pre-feasibility study",
    Stage.FEASIBILITY.value: "Feasibility study",
    Stage.DESIGN.value: "Design",
    Stage.PROCUREMENT.value: "Procurement",
    Stage.CONSTRUCTION.value: "Construction",
    Stage.OPERATION.value: "Operation",
}
UNITS = {"1": "single units", "1000": "thousands", "1000000": "millions"}
BASES = {
    PriceBasis.REAL.value: "Constant prices: the figures leave inflation out",
    PriceBasis.NOMINAL.value: "Current prices: the figures include inflation",
}
LEAST_YEARS, MOST_YEARS = 2, MAX_PERIODS
CODE_LENGTH = 3


class ProjectForm(FlaskForm):  # type: ignore[misc]
    """Every field has its limits here; `version` is that of the draft as it was read."""

    key = KeyField()
    version = VersionField(default="0")
    title = LineField(
        "Name of the project", most=MAX_NAME, required="Enter the name of the project.",
        description="As the city calls it, e.g. “Adaptive traffic signals, east corridor”.",
    )  # fmt: skip
    summary = ProseField(
        "What it does, in one or two sentences", most=MAX_SUMMARY, required="Say in a sentence what the project does.",
        description="What is built or bought, for whom, and what changes for them.",
    )  # fmt: skip
    city = LineField("City or district", most=MAX_NAME, required="Enter the city or district.")
    country = LineField("Country code (optional)", most=CODE_LENGTH, description="Three letters, e.g. KOR, IND, VNM.")
    areas = SelectMultipleField(
        "Action areas", choices=choices(AREAS), widget=GovCheckboxesInput(),
        description="Tick the one it mostly serves, and others that it clearly serves as well.",
    )  # fmt: skip
    stage = one_of(
        "How far it has come", {"": "Choose the stage", **STAGES},
        description="An earlier stage means that more is still uncertain; the simulation takes that into account.",
    )  # fmt: skip
    first_year = WholeField(
        "First year of spending", least=MIN_YEAR, most=MAX_YEAR, required="Enter the first year of spending.",
        description="The first column of the cash-flow table. Changing it later moves the whole table.",
    )  # fmt: skip
    years = WholeField(
        "Years from first spending to the end of its use", least=LEAST_YEARS, most=MOST_YEARS,
        required="Enter how many years.",
        description=f"Construction and operation together, {LEAST_YEARS} to {MOST_YEARS}.",
    )  # fmt: skip
    currency = LineField(
        "Currency", most=CODE_LENGTH, required="Enter the currency.", description="Three letters, e.g. USD, KRW, INR."
    )
    unit = one_of(
        "Figures are in", {value: f"{name} of the currency" for value, name in UNITS.items()}, default="1000000"
    )
    price_basis = either("Prices", BASES, default=PriceBasis.REAL.value)
    price_year = WholeField(
        "Price year", least=MIN_YEAR, most=MAX_YEAR, required="Enter the year whose prices the figures are in.",
        description="The year whose prices the figures are in.",
    )  # fmt: skip
    save = SubmitField("Save and go on", widget=GovSubmitInput())

    def validate_areas(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError("Tick at least one action area.")

    def validate_stage(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose how far the project has come.")

    def validate_currency(self, field: LineField) -> None:
        if not field.errors:
            field.data = _code(field, "A currency")
            if field.data not in CURRENCY_CODES:
                raise ValidationError(f"{field.data} is no currency code of ISO 4217. Use one such as USD, KRW or INR.")

    def validate_country(self, field: LineField) -> None:
        if field.data and not field.errors:
            field.data = _code(field, "A country")


def _code(field: LineField, called: str) -> str:
    code = (field.data or "").upper()
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isalpha()):
        raise ValidationError(f"{called} code has three letters, A to Z, not “{code}”.")
    return code
