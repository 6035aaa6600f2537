"""Sending a file of many projects, and deciding what to take of it."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput
from wtforms import FileField, HiddenField, SubmitField
from wtforms.validators import Regexp

from forms.ids import KeyField
from forms.registration.fields import either

VALID, ALL = "valid", "all"


class SendForm(FlaskForm):  # type: ignore[misc]
    key = KeyField()
    file = FileField(
        "The file",
        description="A workbook (.xlsx, .ods), a table (.csv), project files (.json) or an OC4IDS package (.json).",
        widget=GovFileInput(),
    )
    send = SubmitField("Read it", widget=GovSubmitInput())


class TakeForm(FlaskForm):  # type: ignore[misc]
    """`digest` is that of the dry run as it was shown: what is stored is what was seen."""

    digest = HiddenField(validators=[Regexp(r"\A[0-9a-f]{64}\Z")])
    rule = either(
        "If some projects cannot be taken",
        {VALID: "Import the others", ALL: "Import nothing until all of them can be taken"},
        default=VALID,
    )
