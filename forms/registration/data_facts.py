"""Which data a project collects: the facts that decide which safeguards it must show."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSubmitInput
from wtforms import SelectMultipleField, SubmitField, ValidationError

from forms.registration.fields import VersionField, choices, either
from scoring.project_file import ImpactTrigger

YES, NO, OPEN = "yes", "no", ""
_ANSWERS = {YES: "Yes", NO: "No", OPEN: "Not known yet"}
TRIGGERS = {
    ImpactTrigger.PROFILING.value: "Profiles people or gives them scores",
    ImpactTrigger.AUTOMATED_DECISIONS.value: "Decides about people without a person",
    ImpactTrigger.SYSTEMATIC_MONITORING.value: "Watches people systematically",
    ImpactTrigger.SENSITIVE_DATA.value: "Uses sensitive data: health, faith, biometrics, whereabouts",
    ImpactTrigger.LARGE_SCALE.value: "Covers many people or a large area",
    ImpactTrigger.MATCHED_DATA.value: "Combines data from several sources",
    ImpactTrigger.VULNERABLE_PEOPLE.value: "Concerns children, patients, workers or others who can hardly refuse",
    ImpactTrigger.INNOVATIVE_TECHNOLOGY.value: "Uses new technology whose effects are not well known",
    ImpactTrigger.BLOCKS_RIGHT.value: "Can keep someone from a right or a service",
}
NONE_APPLIES = "none"


class DataFactsForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    personal_data = either(
        "Does it identify or follow people?",
        _ANSWERS,
        description="Names, faces, number plates, phone or card numbers, meters of one household, or where someone is.",
    )
    public_space_analytics = either(
        "Does it analyse what people do in public space?",
        _ANSWERS,
        description="Cameras with analytics, Wi-Fi or Bluetooth tracking, microphones.",
    )
    essential_service = either(
        "Is it the way to a service that people cannot do without?",
        _ANSWERS,
        description="Water, power, health care, benefits, school places, public transport.",
    )
    impact_triggers = SelectMultipleField(
        "Which of these are true of it?",
        choices=choices({**TRIGGERS, NONE_APPLIES: "None of these"}),
        description="Two or more make an impact assessment necessary. Leave all empty while it is not known.",
        widget=GovCheckboxesInput(),
    )
    save = SubmitField("Save and go on", widget=GovSubmitInput())

    def validate_impact_triggers(self, field: SelectMultipleField) -> None:
        if field.data and NONE_APPLIES in field.data and len(field.data) > 1:
            raise ValidationError("Tick either “None of these” or those that are true.")


def as_answer(value: bool | None) -> str:
    return OPEN if value is None else YES if value else NO


def as_fact(answer: str | None) -> bool | None:
    return {YES: True, NO: False}.get(answer or OPEN)
