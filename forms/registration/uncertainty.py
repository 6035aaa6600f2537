"""How sure the figures are: for each, experience with similar projects or three questions about ten such projects."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import Form, SubmitField
from wtforms import FormField as Part

from forms.registration.entries import Entries
from forms.registration.fields import NumberField, VersionField, either
from forms.registration.risks import RiskForm
from scoring.limits import MAX_DELAY_YEARS, MAX_EVENTS, MAX_FACTOR
from scoring.project_file import Distribution, DriverName, Family

EXPERIENCE, OWN, STATED = "experience", "own", "stated"
CHOICES = {
    EXPERIENCE: "Take the experience with similar projects",
    OWN: "I know better, and answer for ten projects like this one",
}
ASKED = {"low": "Low: 1 of 10 below", "likely": "Likely: 5 of 10 below", "high": "High: 1 of 10 above"}
"""The three questions: P10, P50 and P90 of the project file."""
_ENDS = (0.0, 0.1, 0.5, 0.9, 1.0)
QUESTIONS = {
    DriverName.CAPEX.value: "Capital cost",
    DriverName.OPEX.value: "Running cost",
    DriverName.REVENUE.value: "Revenue",
    DriverName.BENEFITS.value: "Benefits",
    DriverName.DELAY.value: "Delay of the opening",
}
"""What is asked about; other drivers of a project file are kept as they are."""


class _RangePart(Form):
    chosen = either("How sure is it?", CHOICES, default=EXPERIENCE)
    low: NumberField
    likely: NumberField
    high: NumberField

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if self.chosen.data != OWN or not sound:
            return sound
        for name, field in zip(ASKED, (self.low, self.likely, self.high), strict=True):
            if field.number is None:
                field.errors = [f"Enter the {name} figure."]
        low, likely, high = self.low.number, self.likely.number, self.high.number
        if low is not None and likely is not None and high is not None and not (low <= likely <= high and low < high):
            self.high.errors = ["Low, likely and high rise in this order."]
        return not any(field.errors for field in self)


def _part(unit: str, most: float) -> type[Form]:
    fields = {name: NumberField(label, least=0.0, most=most) for name, label in ASKED.items()}
    return type("RangePart", (_RangePart,), {**fields, "unit": unit})


_PERCENT = _part("% of the plan", 100 * MAX_FACTOR)
_YEARS = _part("years late", MAX_DELAY_YEARS)


def _form() -> type[FlaskForm]:
    parts: dict[str, Any] = {
        name: Part(_YEARS if name == DriverName.DELAY.value else _PERCENT, label=label)
        for name, label in QUESTIONS.items()
    }
    risks = Entries(Part(RiskForm), label="Risk", max_entries=MAX_EVENTS)
    save = SubmitField("Save and go on", widget=GovSubmitInput())
    return type(
        "UncertaintyForm", (FlaskForm,), {"version": VersionField(default="0"), **parts, "risks": risks, "save": save}
    )


UncertaintyForm = _form()


def own_range(low: float, likely: float, high: float) -> Distribution:
    """The distribution of which one in ten lies below `low`, half below `likely`, and one in ten above `high`.

    Straight lines lead through the three (METHOD 6, empirical quantiles). Where the first would reach below zero, which
    neither a factor nor a delay can, it ends there and the three stay what was said.
    """
    least, most = low - (likely - low) / 4, high + (high - likely) / 4
    if least > 0:
        return Distribution(family=Family.EMPIRICAL, p10=low, p50=likely, p90=high)
    return Distribution(family=Family.EMPIRICAL, values=(0.0, low, likely, high, most), probabilities=_ENDS)


def answers_of(stated: Distribution | None) -> tuple[float, float, float] | None:
    """The three answers that make this distribution; None where it was stated in another way."""
    if stated is None or stated.family is not Family.EMPIRICAL or (stated.minimum, stated.maximum) != (None, None):
        return None
    given: tuple[float | None, ...] = (stated.p10, stated.p50, stated.p90)
    if stated.probabilities == _ENDS:
        given = stated.values[1:-1]
    if len(given) != len(ASKED):
        return None
    low, likely, high = given
    if low is None or likely is None or high is None or own_range(low, likely, high) != stated:
        return None
    return low, likely, high
