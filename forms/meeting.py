"""A note of a meeting on a project."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea
from wtforms import Field, Form, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from forms.texts import kept, refused_character

LONGEST_NOTE = 2_000
MINUTES = {"": "Off", "3": "3 minutes", "5": "5 minutes", "10": "10 minutes"}


def _readable(_form: Form, field: Field) -> None:
    if (refused := refused_character(field.data or "", prose=True)) is not None:
        raise ValidationError(f"Take out the character {refused}: it cannot be shown.")


def _prose(text: str | None) -> str | None:
    return kept(text.replace("\r\n", "\n").strip()) if text else text


class NoteForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField(
        "Note for the record",
        description="What was said and why. It stays with the project and cannot be changed.",
        widget=GovTextArea(),
        filters=[_prose],
        validators=[
            InputRequired("Write the note first."),
            Length(max=LONGEST_NOTE, message=f"A note may have at most {LONGEST_NOTE:,} characters."),
            _readable,
        ],
    )
    submit = SubmitField("Put on record", widget=GovSubmitInput())
