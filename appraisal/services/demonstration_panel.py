"""The demonstration's panel: two appraisers score a few projects, the second one more severely where less is shown."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AssessmentState, Interest
from appraisal.policy import Actor
from appraisal.services import assessing, sheets
from appraisal.services.scores import Entry
from appraisal.services.sheets import Sheet
from scoring.frameworks import Indicator, ScaleKind
from scoring.project_file import Answer, EvidenceGrade

SEVERITY = {None: 1, EvidenceGrade.CLAIM: 1, EvidenceGrade.OWN_DOCUMENT: 1}
"""Levels that the severe appraiser takes off what only the applicant says."""


def score(
    sessions: sessionmaker[Session], actor: Actor, projects: Sequence[UUID], handed_in: int, *, severe: bool
) -> None:
    """Declare for every project, and hand in scores for the first ones; again changes nothing."""
    for place, project_id in enumerate(projects):
        with sessions() as session:
            assessing.declare(session, actor, project_id, Interest.NONE)
        if place < handed_in:
            _hand_in(sessions, actor, project_id, severe=severe)


def _hand_in(sessions: sessionmaker[Session], actor: Actor, project_id: UUID, *, severe: bool) -> None:
    with sessions() as session:
        sheet = sheets.sheet_of(session, actor, project_id)
    if sheet.state is AssessmentState.SUBMITTED or sheet.entries:
        return
    entries = {item.id: _entry(item, sheet, severe=severe) for item in sheet.asked}
    with sessions() as session:
        version = assessing.save_scores(session, actor, project_id, sheet.version, entries).version
    with sessions() as session:
        assessing.submit(session, actor, project_id, version)


def _entry(item: Indicator, sheet: Sheet, *, severe: bool) -> Entry:
    answer = sheet.file.answers.get(item.id, Answer(unknown=True))
    shown = answer.evidence if answer.source else None
    if item.scale is ScaleKind.NUMERIC:
        if answer.value is None:
            return Entry(unknown=True)
        figure = f"{answer.value:g} {item.unit}".strip()
        return Entry(value=answer.value, evidence=shown, document=_document(answer), reason=_reason(figure, answer))
    if answer.level is None:
        return Entry(unknown=True)
    level = max(0, answer.level - (SEVERITY.get(shown, 0) if severe else 0))
    return Entry(level=level, evidence=shown, document=_document(answer), reason=_reason(item.levels[level], answer))


def _document(answer: Answer) -> str:
    return answer.source if answer.evidence not in (None, EvidenceGrade.CLAIM) else ""


def _reason(judged: str, answer: Answer) -> str:
    where = f"in {answer.source}" if answer.source else "nowhere but in the planner's own words"
    return (
        f"{judged} This stands {where}. The planner gives as reason: {answer.reason or 'none at all'} Nothing that was "
        "sent shows more than that, so that one level higher would rest on trust alone."
    )
