"""What is approved and pinned in against the budgets, asked of the pages: said at once, with the numbers."""

import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from appraisal.database import sessions_on
from appraisal.models import DecisionOutcome, Role
from appraisal.services.deciding import Wish
from tests import factories
from tests.applications import application
from tests.databases import migrated_sqlite
from tests.services.cities import city
from tests.services.deciding.cases import decide
from tests.web.people import signed_in_as


@pytest.fixture(scope="module")
def chair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Someone who looks at a round in which HAN-06 is approved, and HAN-07 can be pinned in."""
    engine = migrated_sqlite(tmp_path_factory.mktemp("contradictions") / "web.db")
    sessions = sessions_on(engine)
    haneul = city(sessions, ("HAN-06", "HAN-07"), budget=60, change=factories.clear)
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    approve = Wish(DecisionOutcome.APPROVED, "value", "Good.")
    decide(sessions, approver, approve, haneul.project("HAN-06"))
    yield signed_in_as(application(engine), sessions, Role.ANALYST)[0]
    engine.dispose()


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(
    ("limit", "kept", "said"),
    [
        ("cap-2027=5", "cap-2027=6", "Approved and must-do projects cost USD 5.7 m, the 2027 budget is USD 5 m"),
        ("budget=8", "budget=11", "Approved and must-do projects cost USD 10.5 m, the budget is USD 8 m"),
    ],
)
def test_the_what_if_and_the_programme_say_it_with_the_numbers(
    chair: FlaskClient, limit: str, kept: str, said: str
) -> None:
    for path in ("/portfolio", "/portfolio/live"):
        assert f"{said}: unpin one of HAN-07, or raise it." in text(chair.get(f"{path}?must=HAN-07&{limit}").text)
    programme = text(chair.get(f"/portfolio/programme?must=HAN-07&{limit}").text)
    assert f"{said}. These alone clash:" in programme
    assert "HAN-06 is approved already HAN-07" in programme
    for path in ("/portfolio", "/portfolio/live", "/portfolio/programme"):
        assert "must-do projects cost" not in text(chair.get(f"{path}?must=HAN-07&{kept}").text)
