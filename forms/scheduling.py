"""When pending decisions are to be published: a day and time on the clocks of a zone."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import StringField, SubmitField, ValidationError
from wtforms.validators import DataRequired

from forms.completed import DayField
from forms.deciding import CONFIRMATION
from forms.ids import KeyField
from forms.local_time import LocalTime, read_zone
from forms.registration.fields import LineField
from forms.rounds import read_local_fields
from scoring.limits import MAX_NAME

_LONGEST_TIME = 5


class ScheduleForm(FlaskForm):  # type: ignore[misc]
    key = KeyField()
    day = DayField("Day", description="Year-month-day.")
    clock = LineField(
        "Time", most=_LONGEST_TIME, required="Enter the time of day.", description="Hours and minutes, such as 09:00."
    )
    zone = StringField(
        "Time zone",
        description="By its IANA name, such as Asia/Seoul.",
        widget=GovTextInput(),
        validators=[DataRequired("Choose the time zone.")],
    )
    typed = LineField(f"Type “{CONFIRMATION}” to confirm", most=MAX_NAME)
    schedule = SubmitField("Publish at that time", widget=GovSubmitInput())

    at: LocalTime | None = None

    def validate_zone(self, field: Any) -> None:
        try:
            field.data = read_zone(field.data or "")
        except ValueError as problem:
            raise ValidationError(str(problem)) from None

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not self.day.errors and self.day.day is None:
            self.day.errors = ["Enter the day."]
        if not self.zone.errors and self.day.day is not None:
            self.at = read_local_fields(self.day, self.clock, self.zone.data or "", empty="", later=False)
        return sound and self.at is not None and not any(field.errors for field in self)
