"""Appraised portfolios of any size, written to a database at once: scores by chance, the same for the same seed."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import simplejson
from sqlalchemy import insert
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AppraisalRun, Project, ProjectState, Role, RunCriterion, RunGate, Submission
from appraisal.models.tables import now
from appraisal.policy import OPERATOR
from appraisal.services import rounds
from forms.portfolio import AREAS
from scoring import ENGINE_VERSION
from scoring.criteria.evidence_spread import Doubt, evidence_spread
from scoring.criteria.spreads import FUTURES, written
from scoring.frameworks import load_framework
from scoring.project_file import Stage
from scoring.result import GateStatus
from tests import factories

MILLION, AT_ONCE = 1_000_000, 5_000


def fill(sessions: sessionmaker[Session], count: int, *, budget: float, unknown: float = 0.1, seed: int = 1) -> None:
    """A round of that budget in millions, and so many appraised projects P-00001 and on of one organisation."""
    with sessions() as session:
        held = rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(repr(budget)), currency="USD",
            unit=MILLION, price_year=2026,
        )  # fmt: skip
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul works"))
    assert planner.account_id is not None
    assert planner.organisation_id is not None
    rows = _rows(held.id, held.framework_version_id, (planner.account_id, planner.organisation_id))
    random = np.random.default_rng(seed)
    for start, end in pairwise([*range(0, count, AT_ONCE), count]):
        made: dict[Any, list[dict[str, object]]] = {}
        for number in range(start + 1, end + 1):
            for table, values in rows(random, number, unknown):
                made.setdefault(table, []).append(values)
        with sessions.begin() as session:
            for table, values in made.items():
                session.execute(insert(table.__table__), values)


Row = tuple[Any, dict[str, object]]


def _rows(round_id: UUID, version: UUID, who: tuple[UUID, UUID]) -> Callable[..., list[Row]]:
    criteria = [(item.id, item.title, item.weight) for item in load_framework().criteria]
    total = sum(weight for _, _, weight in criteria)
    at, areas = now(), list(AREAS)
    # Nine answers with a document of one's own, and on one criterion two that a third of the futures change.
    doubts = evidence_spread([Doubt(2, 1, 100 / 4 / 9)] * 9)
    worse = [-5.0 if future < FUTURES // 3 else 0.0 for future in range(FUTURES)]
    spread = (written(doubts, worse), written(doubts, ()))

    def made(random: np.random.Generator, number: int, unknown: float) -> list[Row]:
        project, submission, run = uuid4(), uuid4(), uuid4()
        cost = round(float(random.uniform(0.5, 9.5)), 1)
        points = [None if random.random() < unknown else round(float(random.uniform(5, 95)), 1) for _ in criteria]
        weights = [weight / total for _, _, weight in criteria]
        known = [(weight, point) for weight, point in zip(weights, points, strict=True) if point is not None]
        ends = [(0.0, 100.0) if point is None else (point, point) for point in points]
        low, high = (
            float(sum(weight * end[side] for weight, end in zip(weights, ends, strict=True))) for side in (0, 1)
        )
        carried = sum(weight for weight, _ in known)
        lines = [{"kind": "capex", "name": "Works", "amounts": [cost]}]
        text = simplejson.dumps({"unit": MILLION, "cash_flows": {"first_year": 2027, "lines": lines}})
        found: list[Row] = [
            (Project, {
                "id": project, "reference": f"P-{number:05}", "organisation_id": who[1], "owner_id": who[0],
                "round_id": round_id, "state": ProjectState.SUBMITTED, "version": 1, "created_at": at,
                "changed_at": at, "title": f"Works {number} of quarter {number % 97}", "city": "Haneul",
                "summary": "", "country": "", "stage": Stage.IDEA, "action_areas": [areas[number % len(areas)]],
                "currency": "USD", "unit": MILLION, "price_year": 2026, "first_year": 2027, "details": {},
            }),
            (Submission, {"id": submission, "project_id": project, "number": 1, "document": text, "sha256": "0" * 64,
                          "submitted_by_id": who[0], "submitted_at": at}),
            (AppraisalRun, {
                "id": run, "number": number, "project_id": project, "submission_id": submission,
                "framework_version_id": version, "created_by_id": who[0], "created_at": at, "snapshot": text,
                "input_sha256": "0" * 64, "parameters": "", "engine": ENGINE_VERSION, "seed": 1, "draws": 100,
                "result": "{}", "result_sha256": "0" * 64,
                "score": sum(weight * point for weight, point in known) / carried if known else None,
                "score_low": low, "score_high": high, "completeness": carried,
                "cost": Decimal(repr(cost)) * MILLION, "economic_npv_p50": float(random.normal(1, 2)), "eirr_p50": None,
                "prob_negative": float(random.random()), "risk_adjusted_return": float(random.normal(1, 1)),
                "blocked": number % 10 == 0, "appraisers": 0,
            }),
        ]  # fmt: skip
        for position, ((key, title, _), weight) in enumerate(zip(criteria, weights, strict=True)):
            point = points[position]
            found.append((RunCriterion, {
                "run_id": run, "criterion": key, "position": position, "title": title, "weight": weight,
                "score": point, "low": ends[position][0], "high": ends[position][1],
                "contribution": None if point is None else weight * point,
                "spread": b"" if point is None else spread[min(position, 1)],
            }))  # fmt: skip
        gate = {"run_id": run, "title": "Lawful basis", "lifts_when": "it is named"}
        status = GateStatus.FAILED if number % 10 == 0 else GateStatus.PASSED
        return [*found, (RunGate, {**gate, "gate": "DS1", "status": status})]

    return made
