"""What an approver says of projects: the outcome, why, in what words, on what conditions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput
from wtforms import FieldList, Form, FormField, RadioField, SelectField, SubmitField, ValidationError
from wtforms.validators import InputRequired

from forms.completed import DayField
from forms.ids import KeyField
from forms.registration.fields import LineField, ProseField, VersionField, choices, one_of
from scoring.limits import MAX_NAME, MAX_REASON, MAX_SUMMARY

MOST_CONDITIONS = 10
CONFIRMATION = "publish"
"""What is typed where the approvals are above the set sum."""
OUTCOMES: Mapping[str, str] = {
    "approved": "Approve",
    "approved-with-conditions": "Approve with conditions",
    "returned": "Return for changes",
    "rejected": "Reject",
    "deferred": "Defer",
}
_VALUE, _NEED, _DUTY = "It gives good value for its money", "It meets a need that must be met", "The law asks for it"
REASONS: Mapping[str, Mapping[str, str]] = {
    "approved": {"value": _VALUE, "need": _NEED, "duty": _DUTY},
    "approved-with-conditions": {
        "gate-open": "A gate is open: it must pass before money is spent",
        "gate-failed": "A gate fails: a condition stands in for it until it passes",
        "risk": "A risk must be made smaller first",
        "value": _VALUE,
        "need": _NEED,
        "duty": _DUTY,
    },
    "returned": {
        "incomplete": "Answers or evidence are missing",
        "figures": "Figures must be corrected or explained",
        "gate-failed": "A gate fails and can be mended",
        "options": "Other ways to reach the aim were not looked at",
    },
    "rejected": {
        "poor-value": "It costs more than it is worth",
        "gate-failed": "A gate fails and cannot be mended",
        "no-need": "The need is not shown, or met already",
        "risk": "The risk is too large",
    },
    "deferred": {
        "budget": "The budget of this round does not reach it",
        "waits": "It waits for another project or decision",
        "evidence": "Evidence that is on its way should be waited for",
    },
}
"""Reason codes by outcome, with the words that stand in the letter."""
SHOWN = {
    "": "All",
    "undecided": "Not decided yet",
    "pending": "Pending",
    "approved": "Recommended: approve",
    "approved-with-conditions": "Recommended: approve with conditions",
    "returned": "Recommended: return",
    "deferred": "Recommended: defer",
}
YOURS = "yours"
STANDINGS = {"": "All", YOURS: "Owed by you", "due": "Due", "overdue": "Overdue", "met": "Met"}


SOMEONE_ELSE = "Someone else, written below"


class ConditionFields(Form):
    text = LineField("What must be done", most=MAX_SUMMARY)
    person = SelectField("Who sees to it", default="", validate_choice=False, widget=GovSelect())
    owner = LineField("Someone else", most=MAX_NAME, description="Who has no account here: a body, an office, a firm.")
    due = DayField("By when", description="Year-month-day.")

    @property
    def given(self) -> bool:
        return any((field.data or "").strip() for field in (self.text, self.person, self.owner, self.due))

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not self.given:
            return sound
        for field, message in (
            (self.text, "Say what must be done."),
            (self.due, "Enter the day by which it must be done."),
        ):
            if not field.errors and not (field.data or "").strip():
                field.errors = [message]
        if not self.person.errors and not self.owner.errors:
            self._one_owner()
        if self.due.day is not None and not self.due.errors and self.due.day < date.today():  # noqa: DTZ011 -- as people count days here
            self.due.errors = ["This day is over: enter one to come."]
        return not any(field.errors for field in self)

    def _one_owner(self) -> None:
        chosen, written = self.person.data or "", (self.owner.data or "").strip()
        if chosen and chosen not in {value for value, *_ in self.person.iter_choices()}:
            self.person.errors = ["This person can no longer be chosen: choose someone else."]
        elif chosen and written:
            self.owner.errors = ["You chose a person above: leave this empty, or choose “Someone else”."]
        elif not chosen and not written:
            self.person.errors = ["Say who sees to it."]


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """One decision, for one project or for several at once."""

    outcome = RadioField(
        "Decision",
        choices=choices(OUTCOMES),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose the decision.")],
    )
    reason = one_of(
        "Reason",
        {
            "": "Choose the reason",
            **{
                f"{outcome}:{code}": f"{OUTCOMES[outcome]}: {words}"
                for outcome, reasons in REASONS.items()
                for code, words in reasons.items()
            },
        },
    )
    text = ProseField(
        "In your own words", most=MAX_REASON, required="Say why, to those who wait for the decision.",
        description="Stands in the letter as you write it.",
    )  # fmt: skip
    conditions = FieldList(FormField(ConditionFields), min_entries=1, max_entries=MOST_CONDITIONS)
    add = SubmitField("Add another condition", widget=GovSubmitInput())
    save = SubmitField("Keep as pending", widget=GovSubmitInput())

    def offer(self, people: Mapping[str, str]) -> None:
        """Who can be chosen to see to a condition: names by account."""
        self._people = people
        for entry in self.conditions:
            entry.form.person.choices = choices({"": SOMEONE_ELSE, **people})

    def add_condition(self) -> None:
        """One more, without anything in it."""
        self.conditions.append_entry()
        self.offer(self._people)

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose the reason.")
        if self.outcome.data and field.data.partition(":")[0] != self.outcome.data:
            raise ValidationError(f"Choose a reason under “{OUTCOMES.get(self.outcome.data, 'the decision')}”.")

    def validate_conditions(self, field: Any) -> None:
        if self.outcome.data != "approved-with-conditions" and any(entry.form.given for entry in field):
            raise ValidationError("Conditions belong to “Approve with conditions”: take them out or choose that.")

    @property
    def given_conditions(self) -> list[tuple[str, str, str, date]]:
        """Text, account or else the owner in words, and day of each condition, once the form is valid."""
        given = [entry.form for entry in self.conditions if entry.form.given]
        return [
            (each.text.data or "", each.person.data or "", each.owner.data or "", each.due.day)
            for each in given
            if each.due.day is not None
        ]

    @property
    def reason_code(self) -> str:
        return (self.reason.data or "").partition(":")[2]


class PublishForm(FlaskForm):  # type: ignore[misc]
    key = KeyField()
    typed = LineField(f"Type “{CONFIRMATION}” to confirm", most=MAX_NAME)
    publish = SubmitField("Publish now", widget=GovSubmitInput())


class EvidenceForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    evidence = ProseField(
        "Evidence that it is met", most=MAX_REASON, required="Say what shows that it is met.",
        description="The document and page, or who checked it and when. It cannot be changed afterwards.",
    )  # fmt: skip
    meet = SubmitField("Record it as met", widget=GovSubmitInput())
