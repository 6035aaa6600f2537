"""Accepting a condition in place of a passed gate."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import DateField, SelectField, SubmitField
from wtforms.validators import InputRequired

MOST_APPRAISERS = 9


class ConditionForm(FlaskForm):  # type: ignore[misc]
    owner = SelectField("Who owes it", widget=GovSelect())
    due = DateField(
        "Until when",
        description="Year, month and day, like 2027-03-31.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the date until which it is to be met.")],
    )
    save = SubmitField("Accept as a condition", widget=GovSubmitInput())
