"""A round that takes another version after scoring began: three ways, and nothing deleted (journey 8, F7)."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Answer, AppraisalRun, Submission
from tests.web.frameworks.writing import INDICATOR, Writer, appraised, opened

MOVES = {
    "wording": ({"whole": {"title": "Other words"}}, "Only words differ", True),
    "weights": ({"whole": {"minimum": "10"}}, "Weights or thresholds differ", False),
    "criteria": (
        {"criteria/needs/indicators": {**INDICATOR, "scale": "level", "computed": ""}},
        "36 indicators keep",
        False,
    ),
}


@pytest.mark.parametrize("kind", MOVES)
def test_a_round_is_moved_and_nothing_is_deleted(writer: Writer, sessions: sessionmaker[Session], kind: str) -> None:
    held = opened(sessions)
    appraised(sessions)
    before = counted(sessions)
    edits, said, ranks_on = MOVES[kind]
    for part, values in edits.items():
        path = f"{writer.path}/{part}"
        known = writer.values(path) if part == "whole" else {}
        assert writer.send(path, {**known, **values}).status_code == 302
    if kind == "criteria":
        writer.send(f"{writer.path}/parts/NE1/remove", {}, form=writer.path)
    version = writer.send(f"{writer.path}/publish", {"note": "why"}).headers["Location"].rsplit("/", 1)[1]
    assert ">smart-city-brief-2021@3</a>" in writer.client.get("/frameworks/rounds").text
    assert f"/frameworks/rounds/{held.id}/{version}" in writer.client.get(f"/frameworks/rounds/{held.id}").text
    path = f"/frameworks/rounds/{held.id}/{version}"
    plan = writer.client.get(path).text
    assert said in plan
    if kind == "criteria":
        assert "A planner: 1 project" in plan
        assert "NE11" in plan
    stale = writer.client.post(path, data={**writer.values(path), "expected": str(UUID(int=1))})
    assert stale.status_code == 409
    assert writer.send(path, {}).status_code == 302
    assert counted(sessions) == before
    portfolio = writer.client.get("/portfolio").text
    assert ("No project is appraised yet" not in portfolio) is ranks_on
    assert ("Appraise it" in portfolio) is not ranks_on
    assert ">smart-city-brief-2021@4</a>" in writer.client.get("/frameworks/rounds").text
    if not ranks_on:
        writer.send("/portfolio/appraise", {}, form="/portfolio")
        assert counted(sessions)[AppraisalRun] == before[AppraisalRun] + 1
        assert "No project is appraised yet" not in writer.client.get("/portfolio").text


def counted(sessions: sessionmaker[Session]) -> dict[type, int]:
    with sessions() as session:
        return {kind: len(session.scalars(select(kind)).all()) for kind in (Answer, AppraisalRun, Submission)}
