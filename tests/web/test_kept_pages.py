"""A page that is kept is the page that would be rendered now: for everybody, after everything that happens."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import UndefinedError
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Interest, Notice, Obligation, Project, Role
from appraisal.models.tables import clock, now
from appraisal.policy import OPERATOR, Actor
from appraisal.services import (
    administering,
    assigning,
    auditing,
    drafting,
    notifying,
    obligations,
    registration,
    rounds,
    scenarios,
    standings,
    transferring,
    unchanged,
)
from appraisal.services.rounds import Terms
from appraisal.web import kept
from forms.what_if import WhatIf
from tests import factories
from tests.panel import Panel
from tests.services.deciding import cases
from tests.web.people import let_in

TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
MAIN = re.compile("<main.*</main>", re.DOTALL)
TERMS = Terms(name="2027", place="Haneul", budget=Decimal(50), currency="USD", unit=1_000_000, price_year=2026)


@dataclass
class Town:
    """People at browsers, and two projects of one of them: the first owes a gate, the second passes all."""

    app: Flask
    sessions: sessionmaker[Session]
    people: dict[str, Actor]
    clients: dict[str, FlaskClient]
    projects: tuple[Project, Project]

    def pages(self, who: str) -> dict[str, str]:
        """What somebody is answered, without the tokens of forms."""
        first, second = (f"/projects/{project.id}" for project in self.projects)
        paths = ["/portfolio", second if who == "rival" else first]
        if who == "planner":
            paths += ["/projects", second]
        answers = {path: self.clients[who].get(path) for path in paths}
        return {path: f"{got.status_code} {TOKEN.sub('', got.text)}" for path, got in answers.items()}

    def check(self) -> dict[str, dict[str, str]]:
        """Everybody is answered as if nothing was kept; gives what."""
        found = {who: self.pages(who) for who in self.clients}
        with nothing_kept(self.app):
            assert found == {who: self.pages(who) for who in self.clients}
        return found


@contextmanager
def nothing_kept(app: Flask) -> Iterator[None]:
    """As a process answers that has kept nothing."""
    before = app.extensions["kept"], standings._shelves, unchanged._known
    app.extensions["kept"] = fresh = kept.Shelf(app)
    fresh._templates = before[0]._templates  # compiled once
    standings._shelves, unchanged._known = type(standings._shelves)(), type(unchanged._known)()
    try:
        yield
    finally:
        app.extensions["kept"], standings._shelves, unchanged._known = before


@pytest.fixture
def town(app: Flask, sessions: sessionmaker[Session]) -> Town:
    with sessions() as session:
        rounds.make_round(session, OPERATOR, TERMS)
    people = {
        role.value: factories.actor(sessions, role, factories.organisation(sessions, f"Office {role.value}"))
        for role in (Role.PLANNER, Role.APPROVER, Role.APPRAISER)
    }
    people["rival"] = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Rival"))
    clients = {name: app.test_client() for name in people}
    for name, client in clients.items():
        let_in(client, sessions, people[name])
    first = cases.failing(sessions, people["planner"])
    second = cases.appraised(sessions, people["planner"], "opal-lakes-3-percent")
    return Town(app, sessions, people, clients, (first, second))


def test_everybody_sees_at_once_what_anybody_did(town: Town) -> None:
    sessions, people, (first, second) = town.sessions, town.people, town.projects
    planner, approver, appraiser = people["planner"], people["approver"], people["appraiser"]
    panel = Panel(sessions, planner, first.id)

    def do(act: Callable[..., object], *given: object) -> None:
        with sessions() as session:
            act(session, *given)

    def version(project: Project) -> int:
        with sessions() as session:
            return session.get_one(Project, project.id).version

    def register() -> None:
        file = replace(factories.published_project(), reference="NEW-1", title="Another")
        do(registration.register_project, planner, file)

    def hand_scores_in() -> None:
        panel.fill(appraiser)
        panel.submit(appraiser)

    def owe_and_meet() -> None:
        cases.accept(sessions, planner, approver, first)
        before = town.check()
        with sessions() as session:
            (owed,) = obligations.owed(session, planner, project_id=first.id)
        assert "Accepted as a condition by" in before["planner"][f"/projects/{first.id}"]
        do(obligations.meet, planner, owed.id, owed.version, "Annex 3.")

    def send_another_again() -> None:
        do(drafting.take_back, planner, second.id)
        with sessions() as session:
            drafting.edit_project(
                session, planner, second.id, version(second), lambda file: replace(file, summary="Now."), part="project"
            )
        town.check()
        do(registration.submit_project, planner, second.id, version(second))

    def change_the_round() -> None:
        with sessions() as session:
            held = rounds.round_named(session, TERMS.name)
        assert held is not None
        do(rounds.change_round, OPERATOR, held.id, held.version, replace(TERMS, budget=Decimal(7)))

    town.check()
    for happens in (
        register,
        lambda: do(assigning.assign, OPERATOR, first.id, appraiser.account_id),
        lambda: panel.declare(appraiser, Interest.NONE),
        hand_scores_in,
        lambda: cases.appraise(sessions, first),
        owe_and_meet,
        send_another_again,
        lambda: cases.appraise(sessions, second),
        change_the_round,
        lambda: cases.decide(sessions, approver, cases.APPROVE, second),
        lambda: cases.decide(sessions, approver, cases.RETURN, second),
        lambda: do(transferring.transfer, OPERATOR, second.id, people["rival"].account_id, version(second)),
        lambda: do(drafting.withdraw, planner, first.id),
        lambda: do(administering.set_role, OPERATOR, people["rival"].account_id, Role.ANALYST),
    ):
        happens()
        town.check()


def test_what_happens_elsewhere_renders_nothing_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions, planner = town.sessions, town.people["planner"]
    before = town.check()["planner"]
    rendered: list[str] = []
    make = kept.Shelf.rendered

    def counted(shelf: kept.Shelf, template: str, values: Mapping[str, object]) -> str:
        rendered.append(template)
        return make(shelf, template, values)

    monkeypatch.setattr(kept.Shelf, "rendered", counted)
    assert town.pages("planner") == before
    assert rendered == []
    with sessions() as session:
        file = replace(factories.published_project(), reference="NEW-1", title="Another <draft>")
        draft = registration.register_project(session, planner, file)
    with sessions() as session:
        registration.submit_project(session, planner, draft.id, draft.version)
    with sessions() as session:
        scenarios.save_scenario(session, town.people["approver"], WhatIf(budget=Decimal(3)), name="Cut", reason="Tax")
    after = town.pages("planner")
    assert rendered == ["portfolio/waiting_one.html", "register/own_project.html"]
    changed = {path for path in before if MAIN.findall(before[path]) != MAIN.findall(after[path])}
    assert changed == {"/portfolio", "/projects"}
    assert "Another &lt;draft&gt;" in after["/portfolio"]


def test_forms_of_a_kept_page_have_the_token_of_whoever_asks(town: Town) -> None:
    town.app.config["WTF_CSRF_ENABLED"] = True
    path = f"/projects/{town.projects[1].id}"
    of = town.people["planner"].organisation_id
    assert of is not None
    colleague = factories.actor(town.sessions, Role.PLANNER, of, email="colleague@example.org")
    clients = [town.clients["planner"], town.app.test_client()]
    let_in(clients[1], town.sessions, colleague)
    found = []
    for client in clients:
        for _ in range(2):
            page = client.get(path).text
        tokens = TOKEN.findall(page)
        assert len(tokens) == 3, "signing out, taking back, withdrawing"
        assert len(set(tokens)) == 1
        found.append(tokens[0])
    wrong = clients[0].post(f"{path}/withdraw", data={"csrf_token": found[1]})
    assert wrong.status_code == 400
    assert clients[1].post(f"{path}/withdraw", data={"csrf_token": found[1]}).status_code == 302
    everything = repr(town.app.extensions["kept"]._kept)
    assert not [each for each in found if each in everything]


def test_a_kept_page_tells_each_what_is_theirs_and_of_now(town: Town) -> None:
    path = f"/projects/{town.projects[0].id}"
    for who in ("planner", "approver", "planner"):
        page = town.clients[who].get(path).text
        assert ("Take it back" in page) is (who == "planner")
        assert ("Accept a condition in its place" in page) is (who == "approver")
    assert town.clients["rival"].get(path).status_code == 404
    assert town.clients["appraiser"].get(path).status_code == 404
    approver = town.clients["approver"]
    assert "bar__count" not in approver.get(path).text
    with town.sessions.begin() as session:
        notifying.tell(session, [town.people["approver"].account_id], Notice.ASSIGNED, "of now", town.projects[0].id)
    assert "bar__count" in approver.get(path).text


def test_what_is_owed_is_overdue_from_the_day_after(town: Town) -> None:
    sessions, (first, _) = town.sessions, town.projects
    cases.accept(sessions, town.people["planner"], town.people["approver"], first)
    assert "overdue" not in town.pages("planner")[f"/projects/{first.id}"]
    later = now() + timedelta(days=6)
    assert later.date() < cases.SOON, "sessions last a week"
    with sessions.begin() as session:
        session.execute(update(Obligation).values(due=later.date() - timedelta(days=1)))
        auditing.record(session, OPERATOR, "something.new", "test", "1")
    assert "overdue" not in town.pages("planner")[f"/projects/{first.id}"]
    with clock(lambda: later):
        assert "overdue" in town.pages("planner")[f"/projects/{first.id}"]


def test_what_a_panel_said_and_a_very_long_address_are_kept_of_nobody(town: Town) -> None:
    shelf, approver = town.app.extensions["kept"], town.clients["approver"]
    approver.get("/portfolio")
    before = set(shelf._kept)
    for asked in ("col=score&col=spread", f"text={'x' * 2_000}"):
        assert approver.get(f"/portfolio?{asked}").status_code == 200
    assert set(shelf._kept) == before
    approver.get("/portfolio?col=score")
    assert len(set(shelf._kept) - before) == 1


@pytest.mark.parametrize(
    "source",
    [
        "{{ request.path }}",
        "{{ session.key }}",
        "{{ g.actor }}",
        "{{ get_flashed_messages() }}",
        "{{ url_for('.ranked') }}",
        "{{ url_for('portfolio.ranked', _external=true) }}",
        "{{ kept_part('layout/links.html') }}",
    ],
)
def test_what_is_kept_can_name_nothing_of_a_request(app: Flask, source: str) -> None:
    with app.test_request_context("/"):
        shelf = kept.Shelf(app)
        shelf.rendered("layout/links.html", {})
        assert shelf._templates is not None
        with pytest.raises((UndefinedError, ValueError)):
            shelf._templates.from_string(source).render()


def test_typed_text_opens_no_hole_and_ends_no_block(app: Flask) -> None:
    with app.test_request_context("/"):
        shelf = kept.Shelf(app)
        shelf.rendered("layout/links.html", {})
        assert shelf._templates is not None
        for name in ("csrf_token", "cut", "live"):
            text = shelf._templates.from_string("{{ typed }}").render(typed=f"<{'0' * 32} {name}>")
            assert kept._Rendered.of(text).pieces == (text,)


def test_no_more_is_kept_than_there_is_room_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, page = kept.Shelf(app), kept._Rendered.of("x" * 10_000)
    monkeypatch.setattr(kept, "MOST_BYTES", 35_000)
    monkeypatch.setattr(kept, "LARGEST", 12_000)
    for number in range(3):
        shelf.put(number, (page,))
    assert shelf.found(0)
    shelf.put(3, (page,))
    assert [key for key in range(4) if shelf.found(key)] == [0, 2, 3], "what was asked for longest ago is gone"
    shelf.put(3, (page,))
    shelf.put(4, (page, page))
    assert [key for key in range(5) if shelf.found(key)] == [0, 2, 3], "one that is too large takes nobody's place"
    assert shelf._bytes == 3 * page.size
