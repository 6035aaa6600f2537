"""A project's history says in plain words what each may know; appraisers are numbered where names are not for all."""

import csv
import io
import re
from importlib.resources import files

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import appraising, auditing, histories
from appraisal.services.histories import WORDS, History
from appraisal.services.transitions import RECORDED_AS
from tests import factories
from tests.panel import Panel, panel


@pytest.fixture
def held(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


def history(held: Panel, actor: Actor, **asked: int) -> History:
    with held.sessions() as session:
        return histories.history_of(session, actor, held.project_id, **{"size": 50, **asked})


def office(held: Panel, role: Role) -> Actor:
    return factories.actor(held.sessions, role, factories.organisation(held.sessions, f"Office of the {role.value}"))


@pytest.mark.asvs("8.2.3", "15.3.1")
def test_each_reads_what_they_may_know(held: Panel) -> None:
    first, second = held.appraiser("A"), held.appraiser("B")
    for appraiser in (first, second):
        held.fill(appraiser)
        held.submit(appraiser)
    with held.sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100)
    planner = [(line.who, line.what) for line in history(held, held.planner).lines]
    assert planner == [
        ("The operator of the tool", "appraised, run 1, from the scores of 2 appraisers"),
        ("You", "submitted, and frozen as it was"),
        ("You", "registered"),
    ]
    seen = {role: history(held, office(held, role)) for role in (Role.ADMIN, Role.ANALYST, Role.APPROVER)}
    assert {(line.who, line.what) for line in seen[Role.ANALYST].lines} >= {
        ("Appraiser 1", "handed the scores in"),
        ("Appraiser 2", "handed the scores in"),
    }
    assert "A appraiser" not in str(seen[Role.ANALYST])
    for role in (Role.ADMIN, Role.APPROVER):
        assert ("A appraiser", "handed the scores in") in {(line.who, line.what) for line in seen[role].lines}
    own = history(held, first).lines
    assert {line.who for line in own if line.what == "handed the scores in"} == {"You"}
    assert "Appraiser 2" not in str(own)


def test_how_gates_stand_is_no_news_for_appraisers_before_their_scores_are_in(held: Panel) -> None:
    appraiser = held.appraiser("A")
    with held.sessions.begin() as session:
        auditing.record(session, OPERATOR, "obligation.accepted", "project", held.project_id, gate="DS1")
    said = "accepted what lifts the gate DS1 as a condition"
    assert said not in {line.what for line in history(held, appraiser).lines}
    for reader in (held.planner, office(held, Role.APPROVER)):
        assert said in {line.what for line in history(held, reader).lines}


def test_nobody_else_reads_it_and_it_pages_to_its_beginning(held: Panel) -> None:
    with pytest.raises(NotFound):
        history(held, office(held, Role.PLANNER))
    newest = history(held, held.planner, size=1)
    assert (newest.total, [line.what for line in newest.lines]) == (2, ["submitted, and frozen as it was"])
    assert newest.older is not None
    oldest = history(held, held.planner, size=1, before=newest.older)
    assert ([line.what for line in oldest.lines], oldest.older) == (["registered"], None)


def test_every_action_on_a_project_has_words() -> None:
    """A service that records something new of a project fails here until people can read it."""
    sources = [path.read_text() for path in files("appraisal.services").iterdir() if path.name.endswith(".py")]
    kinds = "project|evidence|assessment|panel|decision|condition|obligation|delivery|meeting"
    recorded = {action for text in sources for action in re.findall(rf'record\([^"]*"((?:{kinds})\.[a-z-]+)"', text)}
    assert recorded | set(RECORDED_AS.values()) == set(WORDS)


def test_the_trail_as_a_table_is_for_administrators(held: Panel) -> None:
    with held.sessions() as session, pytest.raises(NotAllowed):
        histories.trail_csv(session, held.planner)
    with held.sessions() as session:
        rows = list(csv.DictReader(io.StringIO(histories.trail_csv(session, OPERATOR))))
        stored = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [(row["sequence"], row["action"], row["hash"]) for row in rows] == [
        (str(entry.sequence), entry.action, entry.hash) for entry in stored
    ]
    assert rows[-1]["details"].startswith('{"sha256"')
