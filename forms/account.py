"""Signing in, and changing one's password."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from forms.people import LONGEST_EMAIL, LONGEST_PASSWORD, SHORTEST_PASSWORD

PASSWORD_HINT = f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
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


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField(
        "Current password", widget=GovPasswordInput(), validators=[InputRequired("Enter your current password.")]
    )
    new = PasswordField("New password", description=PASSWORD_HINT, widget=GovPasswordInput(), validators=NEW_PASSWORD)
    repeated = PasswordField(
        "New password again",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter the new password again."), EqualTo("new", "The two are not the same.")],
    )
    submit = SubmitField("Change the password", widget=GovSubmitInput())
