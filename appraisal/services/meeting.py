"""The meeting that decides: what to talk about first, and the notes on it that go to the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.models import MeetingNote
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import DomainError, flush_new
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranking import Portfolio
from appraisal.services.registration import visible_project
from appraisal.services.rounds import round_named
from appraisal.services.spreads import panel_spreads
from appraisal.transactions import reading

NEAREST, LONGEST = 500, 30
"""Projects by the budget line that are looked at, and points of the agenda."""


@dataclass(frozen=True, slots=True)
class Point:
    """A project on the agenda."""

    row: PortfolioRow
    spread: float | None
    """Between its appraisers, 0-4; None where fewer than two have scored it."""
    distance: int | None
    """Places from the budget line: 0 for the last one in and the first one out; None where no line is."""

    @property
    def urgency(self) -> float:
        """Spread times nearness to the line, which is one over one more than the places from it."""
        return (self.spread or 0.0) / (1 + (self.distance or 0))


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    author: str
    created_at: datetime


def agenda(session: Session, actor: Actor, portfolio: Portfolio) -> tuple[Point, ...]:
    """What the meeting talks about, the most urgent first; raises NotAllowed.

    Those whose appraisers are far apart and that the budget only just reaches, or only just not. Without a panel, what
    is nearest to the line.
    """
    policy.require(actor, Action.READ_MEETING)
    line = None if portfolio.first_out is None else portfolio.place_of[portfolio.first_out.reference]
    start = 0 if line is None else max(0, line - NEAREST // 2)
    near = portfolio.everyone[start : start + NEAREST]
    return ordered(near, panel_spreads(session, actor, near), None if line is None else line - start)


def ordered(rows: Sequence[PortfolioRow], spreads: Mapping[str, float], line: int | None) -> tuple[Point, ...]:
    """Rows by rank as an agenda; `line` is the place among them of the first project out."""
    points = [
        Point(
            row,
            spreads.get(row.reference),
            None if line is None else line - 1 - place if place < line else place - line,
        )
        for place, row in enumerate(rows)
    ]
    points.sort(key=lambda point: (-point.urgency, point.distance or 0, point.row.rank, point.row.reference))
    return tuple(points[:LONGEST])


def notes_of(session: Session, actor: Actor, project_id: UUID) -> tuple[Note, ...]:
    """Of a project in every round, the oldest first; raises NotFound, NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_MEETING)
        visible_project(session, actor, project_id)
        query = (
            select(MeetingNote)
            .where(MeetingNote.project_id == project_id)
            .options(joinedload(MeetingNote.author))
            .order_by(MeetingNote.created_at, MeetingNote.id)
        )
        return tuple(Note(row.text, row.author.name, row.created_at) for row in session.scalars(query))


def add_note(session: Session, actor: Actor, project_id: UUID, text: str) -> UUID:
    """Put a note on the record of a project of the running round; raises NotFound, NotAllowed, DomainError.

    One transaction. A form sent twice keeps one note.
    """
    with session.begin():
        policy.require(actor, Action.NOTE_IN_MEETING)
        project, held = visible_project(session, actor, project_id), round_named(session)
        if held is None or actor.account_id is None:
            raise DomainError("A note belongs to a round and to a person: no round is open, or nobody is signed in.")
        digest = sha256(text.encode()).hexdigest()
        same = (MeetingNote.round_id == held.id) & (MeetingNote.project_id == project.id)
        same &= (MeetingNote.author_id == actor.account_id) & (MeetingNote.sha256 == digest)
        if (found := session.scalar(select(MeetingNote.id).where(same))) is not None:
            return found
        row = MeetingNote(round_id=held.id, project_id=project.id, text=text, sha256=digest, author_id=actor.account_id)
        session.add(row)
        flush_new(session, "This note is there already.")
        auditing.record(session, actor, "meeting.noted", "project", project.id, note=str(row.id), sha256=digest)
        return row.id
