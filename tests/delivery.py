"""An approved project for tests of what follows: two years of building, then benefits and use, all in the past."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import DecisionOutcome
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, deciding, publishing, registration
from appraisal.services.deciding import Seen, Wish
from appraisal.services.letters import Condition
from scoring.project_file import CashFlowLine, CashFlows, FlowKind, Output, PriceBasis, Prices, ProjectFile
from tests import factories

FIRST = 2021
SAVED = "Time saved <daily>"


def _line(name: str, kind: FlowKind, *amounts: int, line_class: str | None = None) -> CashFlowLine:
    return CashFlowLine(name=name, kind=kind, amounts=tuple(Decimal(each) for each in amounts), line_class=line_class)


PROJECT: ProjectFile = replace(
    factories.clear_project(),
    reference="TRAM-1",
    title="Tram to the harbour",
    city="Haneul",
    currency="AUD",
    unit=1000,
    prices=Prices(basis=PriceBasis.REAL, base_year=2020),
    cash_flows=CashFlows(
        first_year=FIRST,
        lines=(
            _line("Works", FlowKind.CAPEX, 60, 30, 0, 0, 0, 0, 0, line_class="rail"),
            _line("Running it", FlowKind.OPEX, 0, 0, 5, 5, 5, 5, 5),
            _line("Fares", FlowKind.REVENUE, 0, 0, 2, 3, 3, 3, 3),
            _line(SAVED, FlowKind.BENEFIT, 0, 0, 20, 24, 24, 24, 24),
            CashFlowLine(
                name="CO2",
                kind=FlowKind.EXTERNALITY,
                tonnes=tuple(Decimal(each) for each in (9, 9, -5, -5, -5, -5, -5)),
            ),
        ),
    ),
    output=Output(unit="trips", amounts=tuple(Decimal(each) for each in (0, 0, 100, 120, 120, 120, 120))),
    financing=None,
    uncertainty=None,
)
"""In thousands of AUD of 2020: 90 to build, open in 2023."""


def approved(sessions: sessionmaker[Session], planner: Actor, approver: Actor) -> UUID:
    """The project, sent, appraised and approved on a condition."""
    with sessions() as session:
        project = registration.register_project(session, planner, PROJECT)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)
    with sessions() as session:
        seen = [Seen.of(candidate) for candidate, _ in deciding.opened(session, approver, [project.id])]
    wish = Wish(DecisionOutcome.WITH_CONDITIONS, "gate-open", "Go.", (Condition("Sign", "Treasury", date(2099, 1, 1)),))
    with sessions() as session:
        deciding.prepare(session, approver, seen, wish)
    with sessions() as session:
        sound = publishing.review(session, approver).sound
    with sessions() as session:
        publishing.publish(session, approver, uuid4(), {each.row.id: each.row.version for each in sound})
    return project.id
