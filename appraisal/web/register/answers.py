"""Answers to the indicators of one criterion, each with its evidence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from appraisal.evidence import behind
from appraisal.policy import NotFound
from appraisal.services import evidence
from appraisal.services.drafting import Draft
from appraisal.services.readiness import TITLES
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import Outcome, opened, page
from appraisal.web.register.saving import Page, answered
from forms.registration.answers import NOT_ANSWERED, UNKNOWN, answerable, answers_form
from scoring.frameworks import Criterion
from scoring.project_file import Answer, EvidenceGrade, ProjectFile


def answers(project_id: UUID, criterion: str) -> ResponseReturnValue:
    found = opened(project_id)
    asked = next((item for item in found.framework.criteria if item.id == criterion), None)
    if asked is None:
        raise NotFound
    kind = answers_form(asked.indicators)

    def make(draft: Draft, **given: Any) -> Any:
        return kind(data=_values(draft, asked), **given)

    def change(form: Any, file: ProjectFile) -> ProjectFile:
        return _answered(file, {item.id: _answer(form[item.id].form) for item in answerable(asked.indicators)})

    with sessions()() as database:
        files = evidence.files_in_draft(database, current_actor(), project_id)

    def show(draft: Draft, form: Any, outcome: Outcome) -> ResponseReturnValue:
        return page(
            "register/answers.html",
            draft,
            asked.id,
            outcome.status,
            form=form,
            outcome=outcome,
            criterion=asked,
            asked=answerable(asked.indicators),
            computed=[item for item in asked.indicators if item not in answerable(asked.indicators)],
            linked={item.id: behind(files, item.id) for item in asked.indicators},
            section_title=TITLES.get(asked.id, asked.title),
        )

    return answered(found, Page(asked.id, make, change), show)


def _values(draft: Draft, criterion: Criterion) -> dict[str, object]:
    given = {item.id: _part_values(draft.file.answers.get(item.id)) for item in answerable(criterion.indicators)}
    return {"version": str(draft.version), **given}


def _part_values(answer: Answer | None) -> dict[str, object]:
    if answer is None:
        return {"level": NOT_ANSWERED, "value": "", "unknown": False, "evidence": "", "source": "", "reason": ""}
    level = UNKNOWN if answer.unknown else NOT_ANSWERED if answer.level is None else str(answer.level)
    return {
        "level": level,
        "value": "" if answer.value is None else f"{answer.value:.12g}",
        "unknown": answer.unknown,
        "evidence": answer.evidence.value if answer.evidence else "",
        "source": answer.source,
        "reason": answer.reason,
    }


def _answer(part: Any) -> Answer | None:
    """What the part of one indicator says; None where it was left unanswered."""
    behind = Answer(
        evidence=EvidenceGrade(part.evidence.data) if part.evidence.data else None,
        source=part.source.data or "",
        reason=part.reason.data or "",
    )
    if "level" in part:
        chosen = part.level.data or NOT_ANSWERED
        if chosen == UNKNOWN:
            return replace(behind, unknown=True)
        if chosen != NOT_ANSWERED:
            return replace(behind, level=int(chosen))
    elif part.unknown.data:
        return replace(behind, unknown=True)
    elif part.value.number is not None:
        return replace(behind, value=float(part.value.number))
    return behind if behind != Answer() else None


def _answered(file: ProjectFile, given: Mapping[str, Answer | None]) -> ProjectFile:
    kept = {key: answer for key, answer in file.answers.items() if key not in given}
    return replace(file, answers={**kept, **{key: answer for key, answer in given.items() if answer is not None}})
