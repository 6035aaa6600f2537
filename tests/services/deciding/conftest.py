"""A round, its planner with an appraised project, and an approver; on both databases."""

from decimal import Decimal

import pytest

from appraisal.models import (
    Project,
    Role,
)
from appraisal.policy import OPERATOR, Actor
from appraisal.services import (
    rounds,
)
from tests import factories
from tests.services.deciding.cases import (
    Sessions,
    appraised,
)


@pytest.fixture
def planner(sessions: Sessions) -> Actor:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(250_000), currency="AUD", unit=1000,
            price_year=2026,
        )  # fmt: skip
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def approver(sessions: Sessions) -> Actor:
    return factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))


@pytest.fixture
def project(sessions: Sessions, planner: Actor) -> Project:
    return appraised(sessions, planner)
