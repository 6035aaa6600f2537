"""The letter of a decision, as it is previewed, published and kept: the same words each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from appraisal.models import DecisionOutcome
from forms.deciding import REASONS

SAID = {
    DecisionOutcome.APPROVED: "is approved.",
    DecisionOutcome.WITH_CONDITIONS: "is approved on the conditions below.",
    DecisionOutcome.RETURNED: "is returned to you for changes.",
    DecisionOutcome.REJECTED: "is not approved.",
    DecisionOutcome.DEFERRED: "is put off: no decision for or against it is taken now.",
}
NEXT = {
    DecisionOutcome.APPROVED: "You may go ahead as submitted.",
    DecisionOutcome.WITH_CONDITIONS: "Each condition holds until it is recorded as met, on evidence.",
    DecisionOutcome.RETURNED: "It is a draft of yours again: change it and send it when it is ready.",
    DecisionOutcome.REJECTED: "What you sent stays on record. Only a new decision can change this one.",
    DecisionOutcome.DEFERRED: "You need not do anything: it stays as submitted until a new decision.",
}


@dataclass(frozen=True, slots=True)
class Condition:
    text: str
    owner: str
    """Who sees to it in words; of a person who was chosen, the organisation."""
    due: date
    gate: str = ""
    """Id of the gate in place of which it was accepted; empty where the decision itself sets it."""
    gate_title: str = ""
    account: UUID | None = None
    """Of the person who was chosen; None where `owner` says who it is."""
    person: str = ""
    """The name that the account has now: in no record, so that it can be erased."""

    @property
    def who(self) -> str:
        """Who sees to it, as its readers are told."""
        return f"{self.person}, {self.owner}" if self.person else self.owner

    @property
    def record(self) -> dict[str, str]:
        """As it is stored, without the names of persons."""
        said = {"text": self.text, "owner": self.owner, "due": self.due.isoformat()}
        return (
            said | ({"gate": self.gate} if self.gate else {}) | ({"account": str(self.account)} if self.account else {})
        )

    @classmethod
    def of(cls, record: Mapping[str, str]) -> "Condition":
        """From its record."""
        account = record.get("account")
        return cls(
            record["text"],
            record["owner"],
            date.fromisoformat(record["due"]),
            record.get("gate", ""),
            account=UUID(account) if account else None,
        )

    @property
    def stands_in(self) -> str:
        """For which gate, after the rest of the sentence; empty where the decision itself sets it."""
        return f", in place of the gate “{self.gate_title or self.gate}”" if self.gate else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the letter is about: the project, and the appraisal that the decision rests on."""

    title: str
    reference: str
    organisation: str
    run: int
    submission: int
    score: str
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    heading: str
    paragraphs: tuple[str, ...]
    conditions: tuple[Condition, ...]


def letter_of(
    subject: Subject, outcome: DecisionOutcome, reason: str, text: str, conditions: Sequence[Condition]
) -> Letter:
    """The letter to the organisation that sent the project; a pure function of what was decided."""
    paragraphs = [
        f"To {subject.organisation}: your project “{subject.title}” ({subject.reference}) {SAID[outcome]}",
        f"{REASONS[outcome][reason]}.",
        *(part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()),
        f"This rests on appraisal run {subject.run} of submission {subject.submission}; {subject.score}.",
        NEXT[outcome],
    ]
    if subject.replaces is not None:
        paragraphs.append(f"It takes the place of decision {subject.replaces}, which stays on record.")
    return Letter(f"Decision on {subject.title}", tuple(paragraphs), tuple(conditions))
