"""How sure the figures are: for each, experience with similar projects or the planner's own low, likely and high."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import Form, SubmitField
from wtforms import FormField as Part

from forms.registration.fields import NumberField, VersionField, either
from scoring.limits import MAX_DELAY_YEARS, MAX_FACTOR
from scoring.project_file import DriverName

EXPERIENCE, OWN = "experience", "own"
QUESTIONS = {
    DriverName.CAPEX.value: "Capital cost",
    DriverName.OPEX.value: "Running cost",
    DriverName.REVENUE.value: "Revenue",
    DriverName.BENEFITS.value: "Benefits",
    DriverName.DELAY.value: "Delay of the opening",
}
"""What is asked about; other drivers of a project file are kept as they are."""


class _RangePart(Form):
    chosen = either(
        "How sure is it?",
        {EXPERIENCE: "Take the experience with similar projects", OWN: "I know better: low, likely and high"},
        default=EXPERIENCE,
    )
    low: NumberField
    likely: NumberField
    high: NumberField

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if self.chosen.data != OWN or not sound:
            return sound
        for field in (self.low, self.likely, self.high):
            if field.number is None:
                field.errors = [f"Enter the {field.label.text.lower()} figure."]
        low, likely, high = self.low.number, self.likely.number, self.high.number
        if low is not None and likely is not None and high is not None and not (low <= likely <= high and low < high):
            self.high.errors = ["Low, likely and high rise in this order."]
        return not any(field.errors for field in self)


def _part(unit: str, most: float) -> type[Form]:
    fields = {name: NumberField(name.capitalize(), least=0.0, most=most) for name in ("low", "likely", "high")}
    return type("RangePart", (_RangePart,), {**fields, "unit": unit})


_PERCENT = _part("% of the plan", 100 * MAX_FACTOR)
_YEARS = _part("years late", MAX_DELAY_YEARS)


def _form() -> type[FlaskForm]:
    parts: dict[str, Any] = {
        name: Part(_YEARS if name == DriverName.DELAY.value else _PERCENT, label=label)
        for name, label in QUESTIONS.items()
    }
    save = SubmitField("Save and go on", widget=GovSubmitInput())
    return type("UncertaintyForm", (FlaskForm,), {"version": VersionField(default="0"), **parts, "save": save})


UncertaintyForm = _form()
