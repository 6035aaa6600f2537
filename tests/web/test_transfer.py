"""Handing a project over in the browser."""

import re

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Project, Role
from appraisal.policy import Actor
from appraisal.services import registration
from tests import factories
from tests.web.people import let_in, signed_in_as, token


def test_an_administrator_hands_a_project_over(app: Flask, sessions: sessionmaker[Session]) -> None:
    owner, account = signed_in_as(app, sessions, Role.PLANNER)
    receiver = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Bada <b>"))
    with sessions() as session:
        project = registration.register_project(session, Actor.of(account), factories.published_project())
    with sessions() as session:
        registration.submit_project(session, Actor.of(account), project.id, project.version)
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    path = f"/projects/{project.id}/transfer"
    assert path in admin.get(f"/projects/{project.id}/record").text
    assert path not in owner.get(f"/projects/{project.id}/record").text
    assert owner.get(path).status_code == 403
    for role in (Role.APPROVER, Role.ANALYST, Role.APPRAISER):
        other, _ = signed_in_as(app, sessions, role)
        refused = {
            other.get(path).status_code,
            other.post(path, data={"csrf_token": token(other, "/account")}).status_code,
        }
        assert refused == {404 if role is Role.APPRAISER else 403}, role
    page = admin.get(path).text
    assert "Bada &lt;b&gt;" in page
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    version = found[1]
    sent = {"account": str(receiver.account_id), "version": version, "csrf_token": token(admin, path)}
    for field, value, status in (
        ("account", "", 422),
        ("account", "x", 422),
        ("version", "1", 409),
        ("version", "²", 409),
    ):
        answer = admin.post(path, data={**sent, field: value})
        assert answer.status_code == status, value
    assert 'href="#account"' in admin.post(path, data={**sent, "account": ""}).text
    assert owner.get(f"/projects/{project.id}").status_code == 200
    assert admin.post(path, data=sent).headers["Location"] == f"/projects/{project.id}/record"
    assert owner.get(f"/projects/{project.id}").status_code == 404
    there = app.test_client()
    let_in(there, sessions, receiver)
    assert there.get(f"/projects/{project.id}").status_code == 200
    with sessions() as session:
        assert session.get_one(Project, project.id).owner_id == receiver.account_id
        assert session.get_one(Account, account.id).session_epoch == 0


def test_nobody_to_hand_it_to_is_said(app: Flask, sessions: sessionmaker[Session]) -> None:
    _, account = signed_in_as(app, sessions, Role.PLANNER)
    with sessions() as session:
        project = registration.register_project(session, Actor.of(account), factories.published_project())
    with sessions() as session:
        registration.submit_project(session, Actor.of(account), project.id, project.version)
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    assert "There is no other planner" in admin.get(f"/projects/{project.id}/transfer").text
