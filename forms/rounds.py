"""A round: what it is, and when it opens and closes on the clocks of its zone."""

from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import Field, StringField, SubmitField, ValidationError
from wtforms.validators import DataRequired

from forms.completed import DayField
from forms.ids import KeyField
from forms.local_time import LocalTime, read_local, read_zone
from forms.money_words import CURRENCY_CODES
from forms.numbers import read_number
from forms.registration.fields import LineField, ProseField, VersionField, WholeField, one_of
from forms.registration.project import UNITS
from scoring.limits import MAX_AMOUNT, MAX_NAME, MAX_SUMMARY, MAX_YEAR, MIN_YEAR

MOST_DAYS = 366
END_OF_DAY = "24:00"
_LONGEST_TIME = 5


def _clock(label: str, *, description: str = "") -> StringField:
    return LineField(label, most=_LONGEST_TIME, description=description)


class RoundForm(FlaskForm):  # type: ignore[misc]
    key = KeyField()
    version = VersionField(default="0")
    name = LineField("Name", most=MAX_NAME, required="Enter a name, such as “Round 2028”.")
    place = LineField("City or programme (optional)", most=MAX_NAME)
    budget = StringField(
        "Budget",
        description="In the unit below.",
        widget=GovTextInput(),
        validators=[DataRequired("Enter the budget.")],
    )
    currency = LineField("Currency", most=3, required="Enter the currency.", description="Three letters, e.g. USD.")
    unit = one_of("Unit", UNITS, default="1000000")
    price_year = WholeField("Price year", least=MIN_YEAR, most=MAX_YEAR, required="Enter the year of the prices.")
    framework = one_of("Framework", {}, description="What its projects are scored by.")
    zone = StringField(
        "Time zone",
        description="By its IANA name, such as Asia/Seoul. All times of the round are on the clocks there.",
        widget=GovTextInput(),
        validators=[DataRequired("Choose the time zone.")],
    )
    opens_on = DayField("Opens on", description="Year-month-day. Empty: it opens at once.")
    opens_time = _clock("Opens at", description="Hours and minutes, such as 09:00. Empty: at the start of that day.")
    closes_on = DayField("Deadline, day", description="Year-month-day. Empty: it has no deadline.")
    closes_time = _clock(
        "Deadline, time", description="What is sent before it counts. Empty or 24:00: the end of that day."
    )
    scoring_on = DayField("Appraisers hand in by, day", description="Year-month-day. Empty: no date is set for them.")
    scoring_time = _clock("Appraisers hand in by, time", description="Empty or 24:00: the end of that day.")
    returned_days = WholeField(
        "Days to send a returned project again", least=0, most=MOST_DAYS, default="30", required="Enter the days.",
        description="Counted from the decision that returned it, whatever the deadline. 0: until the end of that day.",
    )  # fmt: skip
    submit = SubmitField("Save the round", widget=GovSubmitInput())

    amount: Decimal
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    scoring: LocalTime | None = None

    def validate_budget(self, field: Field) -> None:
        read = read_number(field.data or "")
        if read.value is None or read.percent:
            raise ValidationError(f"The budget {read.message or 'is an amount, not a percentage'}.")
        if not 0 < read.value <= Decimal(str(MAX_AMOUNT)):
            raise ValidationError("The budget is above zero.")
        self.amount = read.value

    def validate_currency(self, field: Field) -> None:
        field.data = (field.data or "").strip().upper()
        if field.data not in CURRENCY_CODES:
            raise ValidationError("Enter a currency code of ISO 4217, such as USD or KRW.")

    def validate_zone(self, field: Field) -> None:
        try:
            field.data = read_zone(field.data or "")
        except ValueError as problem:
            raise ValidationError(str(problem)) from None

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if self.zone.errors:
            return False
        zone = self.zone.data or ""
        self.opens = read_local_fields(self.opens_on, self.opens_time, zone, empty="00:00", later=False)
        self.closes = read_local_fields(self.closes_on, self.closes_time, zone, empty=END_OF_DAY)
        self.scoring = read_local_fields(self.scoring_on, self.scoring_time, zone, empty=END_OF_DAY)
        if self.opens and self.closes and self.closes.wall <= self.opens.wall:
            self.closes_on.errors = [*self.closes_on.errors, "The deadline comes after the opening."]
        return sound and not any(field.errors for field in self)


class ExtendForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    closes_on = DayField("New deadline, day", description="Year-month-day.")
    closes_time = _clock("New deadline, time", description="Empty or 24:00: the end of that day.")
    reason = ProseField("Reason", most=MAX_SUMMARY, required="Say why: it stays in the trail.")
    submit = SubmitField("Extend the round", widget=GovSubmitInput())

    closes: LocalTime | None = None

    def read_in(self, zone: str) -> bool:
        """Whether the form is sound, its times read on the clocks of the zone."""
        sound: bool = self.validate()
        if not self.closes_on.data and not self.closes_on.errors:
            self.closes_on.errors = ["Enter the day."]
        self.closes = read_local_fields(self.closes_on, self.closes_time, zone, empty=END_OF_DAY)
        return sound and not any(field.errors for field in self)


def texts_of(local: LocalTime | None) -> tuple[str, str]:
    """Day and time as the form asks for them, the end of a day as 24:00."""
    if local is None:
        return "", ""
    day, clock = local.shown
    return day.isoformat(), clock


def read_local_fields(day: DayField, clock: Field, zone: str, *, empty: str, later: bool = True) -> LocalTime | None:
    """The two fields as one time; what is wrong is said at the field."""
    if day.errors or clock.errors:
        return None
    if day.day is None:
        if (clock.data or "").strip():
            day.errors = [*day.errors, "Enter the day as well."]
        return None
    try:
        return read_local(day.day, (clock.data or "").strip() or empty, zone, later=later)
    except ValueError as problem:
        clock.errors = [*clock.errors, str(problem)]
        return None
