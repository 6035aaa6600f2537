"""Answers to the indicators of one criterion, each with its evidence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from appraisal.policy import NotFound
from appraisal.services import drafting
from appraisal.services.drafting import Draft
from appraisal.services.errors import StaleVersion
from appraisal.services.readiness import TITLES
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import CONFLICT, REFUSED, after, differences, opened, page
from forms.registration.answers import NOT_ANSWERED, UNKNOWN, answerable, answers_form
from scoring.frameworks import Criterion
from scoring.project_file import Answer, EvidenceGrade, ProjectFile


def answers(project_id: UUID, criterion: str) -> ResponseReturnValue:
    draft = opened(project_id)
    asked = next((item for item in draft.framework.criteria if item.id == criterion), None)
    if asked is None:
        raise NotFound
    kind = answers_form(asked.indicators)
    form = kind(data=_values(draft, asked))
    if form.validate_on_submit():
        given = {item.id: _answer(form[item.id].form) for item in answerable(asked.indicators)}
        try:
            with sessions()() as database:
                drafting.edit_project(
                    database,
                    current_actor(),
                    project_id,
                    form.version.number,
                    lambda file: _answered(file, given),
                    part=criterion,
                )
        except StaleVersion:
            other = differences(form, kind(formdata=None, data=_values(draft, asked)))
            form.version.data = str(draft.version)
            return _page(draft, asked, form, CONFLICT, other)
        flash("Saved.", "good")
        return redirect(after(draft, criterion))
    return _page(draft, asked, form, REFUSED if form.is_submitted() else 200, [])


def _page(
    draft: Draft, asked: Criterion, form: FlaskForm, status: int, stored: list[tuple[str, str]]
) -> ResponseReturnValue:
    computed = [item for item in asked.indicators if item not in answerable(asked.indicators)]
    title = TITLES.get(asked.id, asked.title)
    return page(
        "register/answers.html",
        draft,
        asked.id,
        status,
        form=form,
        criterion=asked,
        asked=answerable(asked.indicators),
        computed=computed,
        section_title=title,
        stored=stored,
    )


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
