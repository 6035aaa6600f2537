"""Adding accounts and changing what they may do."""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import Field, Form, PasswordField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import InputRequired, ValidationError

from forms.account import NEW_PASSWORD, PASSWORD_HINT
from forms.people import LONGEST_NAME, read_email, read_name

ROLES = {
    "planner": "Planner: registers and submits the projects of one organisation",
    "appraiser": "Appraiser: appraises the projects assigned",
    "approver": "Approver: reads every submitted project and decides on it",
    "analyst": "Analyst: reads, exports and runs appraisals",
    "admin": "Administrator: accounts, rounds and the trail",
}


def _reads(read: Callable[..., str], *more: str) -> Callable[[Form, Field], Any]:
    """Check with the rule that the service applies as well."""

    def check(_form: Form, field: Field) -> None:
        try:
            read(field.data or "", *more)
        except ValueError as problem:
            raise ValidationError(str(problem)) from None

    return check


def _role_field() -> SelectField:
    choices = [SelectChoice(value, label) for value, label in ROLES.items()]
    return SelectField("Role", choices=choices, widget=GovSelect())


class NewAccountForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name",
        description=f"As colleagues know this person; at most {LONGEST_NAME} characters.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the name."), _reads(read_name, "The name")],
    )
    email = StringField(
        "E-mail address", widget=GovTextInput(), validators=[InputRequired("Enter the address."), _reads(read_email)]
    )
    organisation = StringField(
        "Organisation",
        description="Planners see only the projects of their organisation. A new name makes a new organisation.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the organisation."), _reads(read_name, "The organisation")],
    )
    role = _role_field()
    password = PasswordField(
        "First password",
        description=f"{PASSWORD_HINT} Hand it over in person; they can change it once signed in.",
        widget=GovPasswordInput(),
        validators=NEW_PASSWORD,
    )
    submit = SubmitField("Add the account", widget=GovSubmitInput())


class RoleForm(FlaskForm):  # type: ignore[misc]
    role = _role_field()
    submit = SubmitField("Change the role", widget=GovSubmitInput())


class ClosingForm(FlaskForm):  # type: ignore[misc]
    """Only the token: closing an account, or opening it again."""


class ErasingForm(FlaskForm):  # type: ignore[misc]
    email = StringField(
        "Type the e-mail address of this account",
        description="What is erased cannot be brought back.",
        widget=GovTextInput(),
        validators=[InputRequired("Type the address.")],
    )
    submit = SubmitField("Erase for good", widget=GovSubmitInput())
