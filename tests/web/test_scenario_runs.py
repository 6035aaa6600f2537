"""Scenarios over the whole round as pages without script: run, look, cancel, edit, compare."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.database import sessions_on
from appraisal.models import Job, JobState, Project, Role, ScenarioResult
from appraisal.models.tables import now
from appraisal.policy import OPERATOR
from appraisal.services import appraising, scenario_runs
from tests.applications import application
from tests.databases import migrated_sqlite
from tests.services.cities import city
from tests.web.people import signed_in_as, token

RUNS = "/portfolio/scenario-runs"
SITE = tuple[Flask, sessionmaker[Session]]
FILLED = {"name": "Half of them", "reason": "A slump", "use": "-50", "delay": "1"}


@contextmanager
def round_of(folder: Path, *references: str) -> Iterator[SITE]:
    engine = migrated_sqlite(folder / "web.db")
    sessions = sessions_on(engine)
    city(sessions, references, budget=20)
    yield application(engine), sessions
    engine.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SITE]:
    """One round for every test here: each runs scenarios that no other one does."""
    with round_of(tmp_path_factory.mktemp("runs"), "HAN-06", "HAN-13", "HAN-18") as made:
        yield made


@pytest.fixture(scope="module")
def chair(site: SITE) -> FlaskClient:
    return signed_in_as(*site, Role.APPROVER)[0]


@pytest.fixture(scope="module")
def appraiser(site: SITE) -> FlaskClient:
    return signed_in_as(*site, Role.APPRAISER)[0]


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text))).replace(" .", ".")


def post(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data={**data, "csrf_token": token(client, RUNS)}, follow_redirects=True)


def finished(site: SITE) -> None:
    assert site[0].extensions["worker"].wait(60)


def run(site: SITE, client: FlaskClient, key: str) -> TestResponse:
    assert post(client, f"{RUNS}/{key}/run").status_code == 200
    finished(site)
    return client.get(f"{RUNS}/{key}")


def test_the_list_says_what_each_one_changes(chair: FlaskClient) -> None:
    page = text(chair.get(RUNS))
    assert "Demand −30%" in page
    assert "Delay +2 years" in page
    assert "Stricter gates on data +1 level; running costs of keeping data +10%" in page
    assert "weights bankability 50%, data safeguards 10%, inclusiveness 10%, infrastructure need 30%" in page
    empty = chair.get(f"{RUNS}/technology-obsolescence")
    assert "Technology obsolescence was not run yet" in text(empty)
    assert "Run over the portfolio" in text(empty)


def test_a_run_ends_in_its_finding(site: SITE, chair: FlaskClient) -> None:
    page = run(site, chair, "quick-cheap-easy")
    assert "<h1>Under quick, cheap and easy 1 enters and 2 leave</h1>" in page.text
    shown = text(page)
    assert re.search(r"In Municipal cloud move HAN-13 \(rank 3 → 1\)", shown)
    assert re.search(r"What the record funds is worth USD .* to society, .* under the scenario", shown)
    assert "Should the scenario not come true, that choice is worth USD" in shown
    assert page.text.count("<svg") >= 2
    assert "HAN-13 enters; HAN-06, HAN-18 leave" in shown
    assert "needs re-run" not in shown
    progress = chair.get(f"{RUNS}/quick-cheap-easy/progress").get_json()
    assert progress == {"unfinished": False, "part": 1.0, "text": "Done."}


def test_while_it_runs_the_previous_result_stays_and_can_be_refreshed_without_script(
    site: SITE, chair: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(site, chair, "budget-cut")
    monkeypatch.setattr(site[0].extensions["worker"], "wake", lambda: None)
    page = post(chair, f"{RUNS}/budget-cut/run")
    shown = text(page)
    assert "Waits for a worker." in shown
    assert "Previous result" in shown
    assert "Previous: Who enters, who leaves" in shown
    assert 'role="status"' in page.text or 'aria-live="polite"' in page.text
    assert f'href="{RUNS}/budget-cut">See how far it is now' in page.text
    with site[1]() as session, session.begin():
        change = update(Job).where(Job.state == JobState.QUEUED)
        session.execute(
            change.values(state=JobState.RUNNING, worker="x", done=1, lease_until=now() + timedelta(minutes=1))
        )
    progress = chair.get(f"{RUNS}/budget-cut/progress").get_json()
    assert progress == {"unfinished": True, "part": pytest.approx(1 / 3), "text": "1 of 3 projects computed."}
    assert "1 of 3 projects computed." in text(chair.get(f"{RUNS}/budget-cut"))
    cancelled = text(post(chair, f"{RUNS}/budget-cut/cancel"))
    assert "The run is cancelled." in cancelled
    assert "The newest run was cancelled after 1 of 3 projects. The result below is the one before it." in cancelled
    assert "The run had ended already." in text(post(chair, f"{RUNS}/budget-cut/cancel"))


def test_a_result_of_some_projects_is_not_called_the_record(tmp_path: Path) -> None:
    with round_of(tmp_path, "HAN-06", "HAN-13") as site:
        chair = signed_in_as(*site, Role.APPROVER)[0]
        run(site, chair, "delay")
        with site[1]() as session:
            first, second = session.scalars(select(Project.id).order_by(Project.reference)).all()
        again(site, first)
        page = chair.get(f"{RUNS}/delay")
        assert "<h1>Of the 1 of 2 projects alone, under delay, " in page.text
        assert "Both sides are 1 of 2 ranked projects" in text(page)
        assert "the record funds" not in text(page)
        again(site, second)
        page = chair.get(f"{RUNS}/delay")
        assert "<h1>Nothing is known under delay of what is ranked today</h1>" in page.text
        assert "Nobody is on both sides." in text(page)
        assert "as on the record" not in text(page)
        assert chair.get(RUNS).text.count("needs re-run") == 1
        run(site, chair, "delay")
        assert "<h1>Under delay " in chair.get(f"{RUNS}/delay").text


def again(site: SITE, project_id: UUID) -> None:
    with site[1]() as session:
        appraising.appraise_project(session, OPERATOR, project_id, seed=3, draws=100)


def test_an_unexpected_failure_is_said_with_its_reference(
    site: SITE, chair: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> dict[str, str]:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(scenario_runs, "computed_under", broken)
    shown = text(run(site, chair, "delay"))
    assert re.search(r"The newest run failed\. .* Reference [0-9a-f]{8}\.", shown)
    assert "secret" not in shown
    assert "Run over the portfolio" in shown


def test_a_scenario_is_made_edited_and_run_again(site: SITE, chair: FlaskClient) -> None:
    copied = chair.get(f"{RUNS}/new?from=quick-cheap-easy").text
    assert re.search(r'name="weight_bankability"[^>]*value="50"', copied)
    assert re.search(r'name="social_points"[^>]*value="3"', copied)
    made = post(chair, f"{RUNS}/new", **FILLED)
    assert "Half of them is saved." in text(made)
    key = made.request.path.rsplit("/", 1)[1]
    page = run(site, chair, key)
    assert "<h1>Under “Half of them” " in page.text
    assert "Demand −50%; delay +1 year" in text(page)
    form = chair.get(f"{RUNS}/{key}/edit").text
    assert re.search(r'name="use"[^>]*value="-50"', form)
    changed = FILLED | {"use": "−40", "version": "1"}
    shown = text(post(chair, f"{RUNS}/{key}/edit", **changed))
    assert "Needs re-run. The scenario was changed since." in shown
    late = post(chair, f"{RUNS}/{key}/edit", **(FILLED | {"use": "-10", "version": "1"}))
    assert late.status_code == 409
    assert "Someone changed this since you opened it." in text(late)
    assert re.search(r"Demand, % -40", text(late))
    taken = post(chair, f"{RUNS}/new", **(changed | {"delay": "3"}))
    assert taken.status_code == 422
    assert "already a scenario called Half of them" in text(taken)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("use", "lots", "lots"),
        ("use", "nan", "nan"),
        ("use", "1001", "cannot be more than 900"),
        ("capital_cost", "-100", "cannot be less than -99"),
        ("delay", "1.5", "Delay, years is a whole number."),
        ("hazard", "5%", "enter the plain number"),
        ("weight_bankability", "50", "Enter a weight here too, or leave all of them empty."),
        ("name", "", "Enter a name."),
        ("reason", "", "Say what happens"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(chair: FlaskClient, field: str, typed: str, said: str) -> None:
    page = post(chair, f"{RUNS}/new", **(FILLED | {"name": "Wrong", field: typed}))
    assert page.status_code == 422
    assert said in text(page)
    assert page.text.count("govuk-error-summary__title") == 1


def test_weights_sum_to_100_and_something_changes(chair: FlaskClient) -> None:
    weights = {"weight_bankability": "50", "weight_safeguards": "20", "weight_inclusiveness": "20"}
    page = post(chair, f"{RUNS}/new", **(FILLED | weights | {"name": "W", "weight_needs": "20"}))
    assert "The weights sum to 110, not to 100." in text(page)
    nothing = post(chair, f"{RUNS}/new", name="N", reason="None")
    assert nothing.status_code == 422
    assert "Nothing differs from the record" in text(nothing)


def test_two_to_four_are_compared(site: SITE, chair: FlaskClient) -> None:
    run(site, chair, "demand-shock")
    run(site, chair, "dearer-finance")
    page = chair.get(f"{RUNS}/compare?with=demand-shock&with=dearer-finance")
    assert page.status_code == 200
    assert "Demand shock" in text(page)
    assert "expected economic NPV under the scenario" in text(page)
    many = "&".join(
        f"with={key}" for key in ("demand-shock", "dearer-finance", "tighter-data-rules", "budget-cut", "delay")
    )
    assert "More than four were ticked" in text(chair.get(f"{RUNS}/compare?{many}"))
    assert "Without a finished run, and not shown: Tighter data rules" in text(chair.get(f"{RUNS}/compare?{many}"))
    assert "Tick two to four" in text(chair.get(f"{RUNS}/compare"))
    assert chair.get(f"{RUNS}/compare?with=luck").status_code == 404


def test_who_may_see_and_who_may_run(site: SITE, chair: FlaskClient, appraiser: FlaskClient) -> None:
    run(site, chair, "inclusive-sustainable-complex")
    planner = signed_in_as(*site, Role.PLANNER)[0]
    assert RUNS not in planner.get("/portfolio").text
    for path in (RUNS, f"{RUNS}/delay", f"{RUNS}/delay/progress", f"{RUNS}/compare", f"{RUNS}/new"):
        assert planner.get(path).status_code == 403, path
    page = appraiser.get(f"{RUNS}/inclusive-sustainable-complex")
    assert page.status_code == 200
    assert "HAN-" not in page.text
    assert "Run it again" not in page.text
    for path in (f"{RUNS}/delay/run", f"{RUNS}/delay/cancel", f"{RUNS}/new"):
        for client in (planner, appraiser):
            sent = client.post(path, data={"csrf_token": token(client, "/portfolio")})
            assert sent.status_code == 403, path
    with site[1]() as session:
        count = len(session.scalars(select(ScenarioResult)).all())
    assert count % 3 == 0


@pytest.mark.parametrize("path", ["luck", "luck/progress", "00000000-0000-0000-0000-000000000001/edit"])
def test_what_is_not_there_is_not_found(chair: FlaskClient, path: str) -> None:
    assert chair.get(f"{RUNS}/{path}").status_code == 404


def test_the_pages_are_there_without_a_round(app: Flask, sessions: sessionmaker[Session]) -> None:
    client, _ = signed_in_as(app, sessions, Role.ANALYST)
    assert "No round is open" in text(client.get(RUNS))
    assert client.get(f"{RUNS}/compare").status_code == 200
    assert client.get(f"{RUNS}/new").status_code == 200
    refused = post(client, f"{RUNS}/new", **FILLED)
    assert refused.status_code == 422
    assert "no round is open" in text(refused)
