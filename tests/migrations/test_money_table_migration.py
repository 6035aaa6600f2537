"""Going down drops what a paste replaced and the workbooks on their way; the drafts with their tables stay."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Engine, text

from appraisal.database import migrate, revert, sessions_on
from appraisal.models import Project, Role
from appraisal.services import drafting, pasting
from appraisal.services.project_mapping import to_file
from tests import factories
from tests.databases import tables


def test_0022_comes_and_goes_and_leaves_the_drafts(engine: Engine) -> None:
    sessions = sessions_on(engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    file = factories.published_project()
    with sessions() as session:
        project = drafting.start_project(session, planner, uuid4(), file, years=20)
    fewer = replace(file.cash_flows, lines=file.cash_flows.lines[:1])
    for version in (1, 2):
        with sessions() as session:
            pasting.store_table(
                session, planner, project.id, version, lambda found: replace(found, cash_flows=fewer), text=None,
                pasted="1 line",
            )  # fmt: skip
        revert(engine, "0021")
        assert tables(engine).isdisjoint({"replaced_table", "table_file"})
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM cash_flow_line")).scalar_one() == 1
        migrate(engine)
    with sessions() as session:
        assert to_file(session.get_one(Project, project.id)).cash_flows == fewer
