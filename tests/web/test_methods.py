"""Every method side by side as a page, a ranked list by the framework's own, and a method chosen in the browser."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app
from appraisal.database import sessions_on
from appraisal.models import FrameworkDraft, Role
from appraisal.policy import OPERATOR
from appraisal.services import appraising, framework_drafts, framework_trial, frameworks, registration, rounds
from appraisal.services.exploring import explore
from appraisal.services.frameworks import framework_from
from appraisal.services.other_methods import compared_methods
from appraisal.services.ranking import ranked_portfolio
from config import Settings
from forms.what_if import WhatIf
from scoring.frameworks import Aggregation, Framework, Method, load_framework
from scoring.project_file import Answer, EvidenceGrade, ProjectFile
from tests import factories
from tests.databases import migrated_sqlite
from tests.web.people import signed_in_as, token

Shared = tuple[Flask, sessionmaker[Session]]
CASES = ("opal-lakes", "opal-lakes-3-percent")
SURE = EvidenceGrade.VERIFIED


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def answered(case: str, level: int) -> ProjectFile:
    """A published project with one answer on every criterion, its answer on needs the other way round."""
    levels = {"BK8": level, "DS2": level, "IN1": level, "NE1": 4 - level}
    answers = {name: Answer(level=given, evidence=SURE, source="Tender") for name, given in levels.items()}
    return replace(factories.published_project(case), answers=answers)


def appraised_round(sessions: sessionmaker[Session], stated: Aggregation | None, count: int = 2) -> None:
    """A round on a framework that states this, and this many of the published projects appraised by it."""
    name = load_framework().name
    if stated is not None:
        framework = replace(load_framework(), key="ours", version=1, aggregation=stated)
        with sessions.begin() as session:
            name = frameworks.publish(session, OPERATOR, framework, note="Another method.").name
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul",
            budget=Decimal(250_000),
            currency="AUD",
            unit=1000,
            price_year=2022,
            framework=name if stated is not None else "",
        )
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "City"))
    for case, level in zip(CASES[:count], (3, 1), strict=False):
        with sessions() as session:
            project = registration.register_project(session, planner, answered(case, level))
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)


def site(folder_of: pytest.TempPathFactory, stated: Aggregation | None, count: int = 2) -> Iterator[Shared]:
    engine = migrated_sqlite(folder_of.mktemp("methods") / "web.db")
    sessions = sessions_on(engine)
    appraised_round(sessions, stated, count)
    yield create_app(Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://"), engine), sessions
    engine.dispose()


@pytest.fixture(scope="module")
def by_sum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    yield from site(tmp_path_factory, None)


@pytest.fixture(scope="module")
def by_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    yield from site(tmp_path_factory, Aggregation(method=Method.WEIGHTED_GEOMETRIC_MEAN))


@pytest.fixture(scope="module")
def by_pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    yield from site(tmp_path_factory, Aggregation(method=Method.ELECTRE_III, vetoes={"needs": 40.0}))


@pytest.fixture(scope="module")
def chair(by_sum: Shared) -> FlaskClient:
    return signed_in_as(*by_sum, Role.APPROVER)[0]


@pytest.fixture
def admin(app: Flask, sessions: sessionmaker[Session]) -> FlaskClient:
    return signed_in_as(app, sessions, Role.ADMIN)[0]


def test_the_page_says_how_far_the_methods_agree_and_why(chair: FlaskClient) -> None:
    for path in ("/portfolio?budget=100", "/portfolio/certainty"):
        assert 'href="/portfolio/methods' in chair.get(path).text
    page = chair.get("/portfolio/methods")
    assert page.status_code == 200
    said = text(page.text)
    assert re.search(r"<h1>(Every method|The first|Not even)", page.text)
    assert "2 projects under five methods; the framework ranks by the weighted sum" in said
    assert "Veto: 50 points behind on any criterion." in said
    for words in (
        "of 100",
        "Nearness 0.",
        "Wins less losses",
        "Outranks ",
        "dominated by none",
        "Contributions of each",
    ):
        assert words in said
    assert page.text.count("/why") == 2
    assert "What-if." in text(chair.get("/portfolio/methods?budget=100").text)


def test_it_is_empty_with_a_reason_below_two_projects(app: Flask, sessions: sessionmaker[Session]) -> None:
    reader, _ = signed_in_as(app, sessions, Role.ANALYST)
    assert "Nothing is ranked yet" in reader.get("/portfolio/methods").text
    appraised_round(sessions, None, 1)
    page = reader.get("/portfolio/methods").text
    assert "One project is scored" in page
    assert "Two scored projects are needed" in page
    appraiser, _ = signed_in_as(app, sessions, Role.APPRAISER)
    assert "Nothing is ranked yet" in appraiser.get("/portfolio/methods").text, "nothing is assigned to them"


def test_the_list_ranks_by_the_framework_s_method_and_says_so(by_pairs: Shared) -> None:
    chair, _ = signed_in_as(*by_pairs, Role.APPROVER)
    page = chair.get("/portfolio").text
    assert "ranked by ELECTRE III" in text(page)
    assert "Ranks are by outranking in pairs with vetoes" in text(page)
    assert "portfolio-data" not in page, "the browser ranks by sums alone"
    other = text(chair.get("/portfolio/methods").text)
    assert "the framework ranks by ELECTRE III" in other
    assert "Veto: 40 points behind on infrastructure need." in other
    certainty = text(chair.get("/portfolio/certainty").text)
    assert "ranked by ELECTRE III" in certainty
    assert "change places at" not in certainty
    names = re.findall(r'data-reference="([^"]+)"', page)
    side = text(chair.get("/portfolio/compare?" + "&".join(f"project={name}" for name in names)).text)
    assert "Where ELECTRE III makes the order" in side
    explored = chair.get("/portfolio?w-needs=70&w-bankability=10&w-safeguards=10&w-inclusiveness=10&budget=1")
    assert "Against the record" in text(explored.text)
    assert chair.get("/portfolio/programme?objective=score").status_code == 200


def test_a_trial_ranks_by_the_methods_on_both_sides(by_pairs: Shared) -> None:
    """As the list ranks before; of two projects by nearness the one that TOPSIS puts first, then."""
    app, sessions = by_pairs
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    ranked = re.findall(r'data-reference="([^"]+)"', admin.get("/portfolio").text)
    draft = uuid4()
    with sessions() as session:
        parent = frameworks.version_named(session, "ours@1")
        assert parent is not None
        parent_id = parent.id
    with sessions() as session:
        framework_drafts.clone(session, OPERATOR, parent_id, draft, title="Ours", new_key=False)
    with sessions() as session:
        nearness = Aggregation(method=Method.TOPSIS)
        framework_drafts.edit_draft(
            session, OPERATOR, draft, 1, lambda framework: replace(framework, aggregation=nearness), part="method"
        )
    with sessions() as session:
        tried = framework_trial.try_draft(session, OPERATOR, draft)
    before = {project.reference: project.move.rank_before for project in tried.projects}
    assert sorted(ranked, key=lambda name: before[name] or 0) == ranked
    with sessions() as session:
        explored = explore(ranked_portfolio(session, OPERATOR), WhatIf())
    found = compared_methods(explored)
    assert found is not None
    topsis = {item.row.reference: item.places[Method.TOPSIS].interval.rank for item in found.projects}
    assert {project.reference: project.move.rank_after for project in tried.projects} == topsis
    assert all(project.move.score_before == project.move.score_after for project in tried.projects)


def test_a_product_shows_what_unevenness_takes(by_product: Shared) -> None:
    app, sessions = by_product
    reader, _ = signed_in_as(app, sessions, Role.ANALYST)
    page = reader.get("/portfolio").text
    assert "ranked by the weighted geometric mean" in text(page)
    (path,) = set(re.findall(r'href="(/projects/[^"?#]+)"', page.split("data-reference")[1]))
    why = text(reader.get(f"{path.replace('/projects/', '/assess/')}/why?target=60").text)
    assert "The total is the weighted geometric mean of the criteria" in why
    assert re.search(r"Unevenness takes \d+\.\d points of what the criteria give, \d+\.\d of them at", why)
    assert "Unevenness of the criteria" in why
    for run in (1, 2):
        assert reader.get(f"/runs/{run}/report.xlsx").status_code == 200


def test_from_the_total_to_its_evidence_in_three_steps(chair: FlaskClient) -> None:
    """From the ranked list: the project, every answer, one opened. The page holds what the last one shows."""
    page, steps = chair.get("/portfolio").text, 0
    project = re.search(r'<th scope="row" class="name"><a href="(/projects/[^"]+)"', page)
    assert project is not None
    page, steps = chair.get(project[1]).text, steps + 1
    why = re.search(r'href="([^"]+)">Down to every answer and its evidence</a>', page)
    assert why is not None
    page, steps = chair.get(why[1]).text, steps + 1
    opened = re.search(r'<details class="[^"]*" id="DS2"><summary.*?</details>', page, re.DOTALL)
    assert opened is not None
    steps += 1
    said = text(opened[0])
    assert "Evidence E3, Tender" in said
    assert "points" in said
    assert steps <= 3


def test_what_would_reach_a_target_names_levels_or_says_it_cannot(chair: FlaskClient) -> None:
    project = re.search(r'class="name"><a href="/projects/([^"]+)"', chair.get("/portfolio").text)
    assert project is not None
    path = f"/assess/{project[1]}/why"
    total = int(re.search(r">(\d+) \(", chair.get(path).text)[1])  # type: ignore[index]
    said = text(chair.get(f"{path}?target={total + 2}").text)
    assert re.search(
        r"level \d(\.\d)? → \d, with evidence E\d: \+\d+\.\d alone|level \d(\.\d)? → \d: \+\d+\.\d alone", said
    )
    assert "Gates stand apart:" in said
    assert "cannot be reached by better answers: all at their best give" in text(chair.get(f"{path}?target=100").text)
    assert "It is there already." in text(chair.get(f"{path}?target=1").text)
    assert "What would make it 70" in text(chair.get(f"{path}?target=lots").text)


class Writer:
    """An administrator's draft of the built-in framework's next version."""

    def __init__(self, client: FlaskClient, sessions: sessionmaker[Session]) -> None:
        self.client, self.sessions, self.id = client, sessions, uuid4()
        with sessions.begin() as session:
            parent = frameworks.published_built_in(session, OPERATOR).id
        with sessions() as session:
            framework_drafts.clone(session, OPERATOR, parent, self.id, title="Ours", new_key=False)
        self.path = f"/frameworks/drafts/{self.id}/method"

    @property
    def framework(self) -> Framework:
        with self.sessions() as session:
            return framework_from(session.get_one(FrameworkDraft, self.id).document)

    def values(self, **changed: str) -> dict[str, str]:
        usual = {"method": "weighted-sum", "indifference": "5", "preference": "25"}
        vetoes = {f"veto-{item.id}": "50" for item in self.framework.criteria}
        hidden = re.search(r'name="version"[^>]*value="(\d+)"', self.client.get(self.path).text)
        assert hidden is not None
        return {**usual, **vetoes, "version": hidden[1], "csrf_token": token(self.client, self.path), **changed}


def test_a_method_is_chosen_in_plain_words_and_travels_in_the_file(
    admin: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    writer = Writer(admin, sessions)
    page = text(admin.get(writer.path).text)
    assert "0 on a criterion makes the total 0" in page
    assert "cannot be bought off by the others: a veto" in page
    assert admin.post(writer.path, data=writer.values()).status_code == 302
    assert writer.framework.aggregation == Aggregation(), "as usual is not stated"
    chosen = writer.values(
        **{"method": "electre-iii", "indifference": "2.5", "veto-bankability": "", "veto-needs": "60"}
    )
    assert admin.post(writer.path, data=chosen).status_code == 302
    stated = writer.framework.aggregation
    assert (stated.method, stated.indifference) == (Method.ELECTRE_III, 2.5)
    assert stated.vetoes == {"safeguards": 50, "inclusiveness": 50, "needs": 60}
    exported = admin.get(f"/frameworks/drafts/{writer.id}/framework.json").text
    assert json.loads(exported)["aggregation"]["method"] == "electre-iii"
    again = uuid4()
    with sessions() as session:
        framework_drafts.import_document(session, OPERATOR, exported, again)
    with sessions() as session:
        read_back = framework_from(session.get_one(FrameworkDraft, again).document)
    assert read_back == writer.framework
    version = _published(sessions, writer.id)
    shown = text(admin.get(f"/frameworks/versions/{version}").text)
    assert "ELECTRE III: pairs with a veto." in shown
    assert "Veto: Data safeguards 50, Inclusiveness 50, Infrastructure need 60." in shown


def _published(sessions: sessionmaker[Session], draft: UUID) -> UUID:
    with sessions() as session:
        version = session.get_one(FrameworkDraft, draft).version
    with sessions() as session:
        return framework_drafts.publish_draft(session, OPERATOR, draft, version, note="Another method.").id


def test_what_cannot_be_is_refused_at_its_field_and_nobody_s_change_is_lost(
    admin: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    writer = Writer(admin, sessions)
    for changed, words in (
        ({"preference": "4"}, "Must lie between the indifference (5) and 100 points."),
        ({"veto-needs": "20"}, "Must lie between the preference (25) and 100 points, above 0."),
        ({"indifference": ""}, "Enter a number for Makes no difference up to."),
        ({"indifference": "much"}, "“much”"),
        ({"method": "vikor"}, "Not a valid choice"),
    ):
        refused = admin.post(writer.path, data=writer.values(**changed))
        assert refused.status_code == 422
        assert words in text(refused.text)
    assert writer.framework.aggregation == Aggregation()
    stale = writer.values(method="topsis")
    assert admin.post(writer.path, data=writer.values(method="promethee-ii")).status_code == 302
    conflict = admin.post(writer.path, data=stale)
    assert conflict.status_code == 409
    assert "Someone changed this draft since you opened it" in text(conflict.text)
    assert writer.framework.aggregation.method is Method.PROMETHEE_II
