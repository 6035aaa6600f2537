"""How many drafts an organisation may hold: nobody fills the tool by registering on (docs/security/limits.md)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.models import Project, ProjectState
from appraisal.services.errors import DomainError

MOST_DRAFTS = 25_000
"""More than the largest import makes (20,000); what was sent is a record and does not count."""


def require_room(session: Session, organisation_id: UUID, *, more: int = 1) -> None:
    """Raise DomainError where so many more drafts are too many. Inside the caller's transaction."""
    drafts = (Project.organisation_id == organisation_id, Project.state == ProjectState.DRAFT)
    held = session.scalar(select(func.count()).select_from(Project).where(*drafts)) or 0
    if held + more > MOST_DRAFTS:
        raise DomainError(
            f"An organisation has at most {MOST_DRAFTS:,} drafts, and yours has {held:,}: send or discard some first."
        )
