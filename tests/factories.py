"""What many tests need: organisations, accounts and projects in a database."""

from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Organisation, Role
from appraisal.policy import Actor
from appraisal.reading.project_file import read_project
from scoring.project_file import ProjectFile

PROJECTS = Path(__file__).parent / "cases" / "projects"


def published_project(case: str = "opal-lakes") -> ProjectFile:
    return read_project((PROJECTS / f"{case}.json").read_bytes())


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
