"""Signing in by two steps, joining, and what one changes about one's own account."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import Field, PasswordField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, ValidationError

from forms.local_time import read_zone
from forms.people import (
    LONGEST_EMAIL,
    LONGEST_LABEL,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    read_email,
    read_label,
)

PASSWORD_HINT = f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
UNGUESSED = "Not one that many people have, nor only your name, your office's or the tool's."
NEW_PASSWORD = (
    InputRequired(f"Enter a password of {PASSWORD_HINT}"),
    Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD, message=f"A password has {PASSWORD_HINT}"),
)


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter your e-mail address."),
            Length(max=LONGEST_EMAIL, message=f"At most {LONGEST_EMAIL} characters."),
        ],
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        validators=[
            InputRequired("Enter your password."),
            Length(max=LONGEST_PASSWORD, message=f"At most {LONGEST_PASSWORD} characters."),
        ],
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


SCOPES = {
    "read-projects": "Read projects: the list, project files, reports, tables and pictures of runs",
    "read-portfolio": "Read the portfolio: the ranked list as CSV",
    "register": "Register projects: store a project file as a draft",
}
LIFETIMES = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "One year"}
LONGEST_CODE = 40


def _current() -> PasswordField:
    return PasswordField(
        "Current password", widget=GovPasswordInput(), validators=[InputRequired("Enter your current password.")]
    )


def _new() -> PasswordField:
    return PasswordField(
        "New password",
        description=f"{PASSWORD_HINT} {UNGUESSED}",
        widget=GovPasswordInput(),
        validators=NEW_PASSWORD,
    )


def _repeated() -> PasswordField:
    return PasswordField(
        "New password again",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter the new password again."), EqualTo("new", "The two are not the same.")],
    )


def _code(description: str) -> StringField:
    return StringField(
        "Code",
        description=description,
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter the code."),
            Length(max=LONGEST_CODE, message=f"A code has at most {LONGEST_CODE} characters."),
        ],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    code = _code("Six figures from your authenticator, or one of your recovery codes.")
    submit = SubmitField("Go on", widget=GovSubmitInput())


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = _current()
    new = _new()
    repeated = _repeated()
    submit = SubmitField("Change the password", widget=GovSubmitInput())


class JoinForm(FlaskForm):  # type: ignore[misc]
    new = _new()
    repeated = _repeated()
    submit = SubmitField("Set the password", widget=GovSubmitInput())


class MailForm(FlaskForm):  # type: ignore[misc]
    wish = RadioField(
        "Mail",
        choices=[
            SelectChoice("digest", "Once a day, what is unread"),
            SelectChoice("immediate", "At once, each message"),
            SelectChoice("none", "None"),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose whether and when you get mail.")],
    )
    hour = SelectField(
        "Hour of the daily mail",
        choices=[SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)],
        widget=GovSelect(),
    )
    zone = StringField(
        "Your time zone", description="By its IANA name, such as Asia/Seoul or Europe/Paris.", widget=GovTextInput()
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def validate_zone(self, field: Field) -> None:
        try:
            field.data = read_zone(field.data or "")
        except ValueError as problem:
            raise ValidationError(str(problem)) from None


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    email = StringField("E-mail address", widget=GovTextInput(), validators=[InputRequired("Enter the address.")])
    submit = SubmitField("Send me a link", widget=GovSubmitInput())

    def validate_email(self, field: Field) -> None:
        try:
            read_email(field.data or "")
        except ValueError as problem:
            raise ValidationError(str(problem)) from None


class EndSessionForm(FlaskForm):  # type: ignore[misc]
    current = _current()
    submit = SubmitField("End", widget=GovSubmitInput())


class StepOnForm(FlaskForm):  # type: ignore[misc]
    current = _current()
    submit = SubmitField("Set it up", widget=GovSubmitInput())


class ConfirmStepForm(FlaskForm):  # type: ignore[misc]
    code = _code("The six figures that the authenticator shows now.")
    submit = SubmitField("Turn the second step on", widget=GovSubmitInput())


class StepOffForm(FlaskForm):  # type: ignore[misc]
    current = _current()
    code = _code("Six figures from your authenticator, or one of your recovery codes.")
    submit = SubmitField("Turn the second step off", widget=GovSubmitInput())


class TokenForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name",
        description=f"What will use it, such as “Nightly export”; at most {LONGEST_LABEL} characters.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a name.")],
    )
    scopes = SelectMultipleField(
        "What it may do",
        description="Never more than your account may at that moment.",
        choices=[SelectChoice(value, label) for value, label in SCOPES.items()],
        widget=GovCheckboxesInput(),
        validators=[DataRequired("Choose at least one.")],
    )
    days = SelectField(
        "Good for",
        choices=[SelectChoice(value, label) for value, label in LIFETIMES.items()],
        default="30",
        widget=GovSelect(),
    )
    current = _current()
    submit = SubmitField("Make the token", widget=GovSubmitInput())

    def validate_name(self, field: Field) -> None:
        try:
            read_label(field.data or "", "The name")
        except ValueError as problem:
            raise ValidationError(str(problem)) from None
