"""A page asks the database as often for thirty projects as for three, and seldom where nothing has changed since."""

from collections.abc import Mapping
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Account, Assignment, Declaration, Interest, Notice, Project, Role
from appraisal.policy import Actor
from appraisal.services import notifying, registration
from tests import factories
from tests.databases import sqlite_database
from tests.many_projects import fill
from tests.statements import counted_on
from tests.web.people import let_in

FEW, MANY = 3, 30
PAGES: Mapping[Role, tuple[str, ...]] = {
    Role.PLANNER: ("/portfolio", "/projects", "/projects/{}", "/projects/{}/record", "/messages", "/completed"),
    Role.APPRAISER: ("/portfolio", "/assess", "/messages"),
    Role.ANALYST: (
        *("/portfolio", "/portfolio?sort=cost&order=down"),
        *("/portfolio/scenarios", "/decisions", "/decisions/published", "/decisions/delivery", "/frameworks"),
    ),
    Role.APPROVER: ("/decisions", "/decisions/conditions", "/portfolio/meeting"),
    Role.ADMIN: ("/admin/accounts", "/admin/rounds", "/admin/audit", "/assess/assignments", "/portfolio"),
}
KEPT = {"/portfolio": 5, "/projects": 5, "/projects/{}": 5, "/projects/{}/record": 3}
"""The most statements of a planner's page that was asked for before: who is there, whether anything happened, what is
unread, and, of the list of one's own, its rows."""


def test_pages_of_thirty_projects_ask_no_more_often_than_of_three(one_application: Flask) -> None:
    few, many = (_asked(one_application, count) for count in (FEW, MANY))
    differ = {each: (few[each], many[each]) for each in few if few[each] != many[each]}
    assert not differ
    again = {path: few[Role.PLANNER, path][1] for path in KEPT}
    assert all(again[path] <= most for path, most in KEPT.items()), again


def _asked(app: Flask, count: int) -> dict[tuple[Role, str], tuple[int, int]]:
    """By role and page, how many statements it takes at first, and asked for again."""
    found = {}
    with sqlite_database() as engine, counted_on(engine) as sent:
        sessions = sessions_on(engine)
        app.extensions["sessions"] = sessions
        people, project = _filled(sessions, count)
        for role, paths in PAGES.items():
            client = app.test_client()
            let_in(client, sessions, people[role])
            for path in paths:
                numbers = []
                for _ in range(2):
                    sent.empty()
                    response = client.get(path.format(project))
                    assert response.status_code == 200, (role, path, response.status_code)
                    numbers.append(sent.statements)
                found[role, path] = (numbers[0], numbers[1])
    return found


def _filled(sessions: sessionmaker[Session], count: int) -> tuple[dict[Role, Actor], UUID]:
    """So many appraised projects of one planner, each told of and assigned to an appraiser, and a draft."""
    fill(sessions, count, budget=2.0 * count)
    with sessions() as session:
        planner = Actor.of(session.scalars(select(Account).where(Account.role == Role.PLANNER)).one())
        projects = list(session.scalars(select(Project.id).order_by(Project.reference)))
    others = [role for role in PAGES if role is not Role.PLANNER]
    people = {role: factories.actor(sessions, role, factories.organisation(sessions, f"Of {role}")) for role in others}
    appraiser = people[Role.APPRAISER]
    assert appraiser.account_id is not None
    with sessions.begin() as session:
        for project in projects:
            notifying.tell(session, [planner.account_id], Notice.ASSIGNED, "each", project)
            who = {"project_id": project, "account_id": appraiser.account_id}
            session.add_all((Assignment(**who), Declaration(**who, interest=Interest.NONE)))
    with sessions() as session:
        registration.register_project(session, planner, factories.published_project())
    return people | {Role.PLANNER: planner}, projects[0]
