"""An organisation's own projects, as the workbook of the import carries them."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal import policy
from appraisal.models import CashFlowLine, Project
from appraisal.policy import Action, Actor
from appraisal.services.named_evidence import files_of_projects, named
from appraisal.services.project_mapping import to_file
from appraisal.transactions import reading
from scoring.project_file import ProjectFile

MOST_EXPORTED = 10_000


def own_project_files(session: Session, actor: Actor) -> tuple[ProjectFile, ...]:
    """Every project that the actor's organisation registers, by reference, its evidence named; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.CREATE_PROJECT)
        query = (
            select(Project)
            .where(policy.visible_projects(actor), Project.organisation_id == actor.organisation_id)
            .order_by(Project.reference)
            .limit(MOST_EXPORTED)
            .options(selectinload(Project.lines).selectinload(CashFlowLine.amounts), selectinload(Project.answers))
        )
        projects = session.scalars(query).all()
        files = files_of_projects(session, [project.id for project in projects])
        return tuple(named(to_file(project), files.get(project.id, ())) for project in projects)
