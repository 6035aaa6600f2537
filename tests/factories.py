"""What many tests need: organisations, accounts and projects in a database."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Organisation, Role
from appraisal.policy import Actor
from appraisal.reading.project_file import read_project
from scoring.project_file import Answer, EvidenceGrade, ProjectFile, Safeguards

PROJECTS = Path(__file__).parent / "cases" / "projects"


def published_project(case: str = "opal-lakes") -> ProjectFile:
    return read_project((PROJECTS / f"{case}.json").read_bytes())


def clear_project(case: str = "opal-lakes") -> ProjectFile:
    """The same with answers that pass every gate of the built-in framework, or say that it does not apply."""
    return clear(published_project(case))


def clear(project: ProjectFile) -> ProjectFile:
    """With such answers."""
    shown = Answer(level=2, evidence=EvidenceGrade.OWN_DOCUMENT, source="Survey, page 2", reason="As built.")
    return replace(
        project,
        safeguards=Safeguards(personal_data=False, public_space_analytics=False, essential_service=False),
        answers={**project.answers, "NE3": shown, "BK7": replace(shown, level=None, value=5.0)},
    )


def organisation(sessions: sessionmaker[Session], name: str) -> UUID:
    with sessions.begin() as session:
        row = Organisation(name=name)
        session.add(row)
        session.flush()
        return row.id


def actor(sessions: sessionmaker[Session], role: Role, of: UUID, *, email: str | None = None) -> Actor:
    """An account of this role, without a password that could sign in."""
    with sessions.begin() as session:
        account = Account(
            email=email or f"{role.value}-{of.hex[:6]}@example.org",
            name=f"A {role.value}",
            password_hash="none",
            role=role,
            organisation_id=of,
        )
        session.add(account)
        session.flush()
        return Actor(account.id, role, of, account.name)
