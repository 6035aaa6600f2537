"""Keeping a what-if: its name and the reason, both for the people who open it later."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextArea, GovTextInput
from wtforms import Field, Form, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from forms.texts import kept, one_line, refused_character

LONGEST_NAME, LONGEST_REASON = 100, 1_000


def _readable(_form: Form, field: Field) -> None:
    if (refused := refused_character(field.data or "", prose=isinstance(field, TextAreaField))) is not None:
        raise ValidationError(f"Take out the character {refused}: it cannot be shown.")


def _line(text: str | None) -> str | None:
    return one_line(text) if text else text


def _prose(text: str | None) -> str | None:
    return kept(text.replace("\r\n", "\n").strip()) if text else text


class ScenarioForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name",
        description="As it stands in the list of this round, for example “Budget cut by a third”.",
        widget=GovTextInput(),
        filters=[_line],
        validators=[
            InputRequired("Enter a name."),
            Length(max=LONGEST_NAME, message=f"The name may have at most {LONGEST_NAME} characters."),
            _readable,
        ],
    )
    reason = TextAreaField(
        "Reason",
        description="Why it is worth looking at: colleagues read it beside the name.",
        widget=GovTextArea(),
        filters=[_prose],
        validators=[
            InputRequired("Enter the reason."),
            Length(max=LONGEST_REASON, message=f"The reason may have at most {LONGEST_REASON} characters."),
            _readable,
        ],
    )
    submit = SubmitField("Save what-if", widget=GovSubmitInput())
