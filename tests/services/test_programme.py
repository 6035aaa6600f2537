"""The best programme of appraised projects, and what is read of their runs for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from appraisal.models import ProjectState, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import appraising, registration, rounds
from appraisal.services.exploring import Exploration, explore
from appraisal.services.programme import Programme, best_programme, material_of, mixed, with_outlook
from appraisal.services.ranking import ranked_portfolio
from appraisal.services.side_by_side import Side, side_by_side
from appraisal.services.yearly_calls import calls_of, yearly_calls
from forms.programme import ProgrammeRules, read_programme
from forms.what_if import WhatIf
from scoring.project_file import Answer, EvidenceGrade
from tests import factories

CASES = ("opal-lakes", "opal-lakes-3-percent")


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="2027",
            place="",
            budget=Decimal(400_000),
            currency="USD",
            unit=1000,
            price_year=2022,
        )
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    for case in CASES:
        file = factories.published_project(case)
        answers = {
            "IN1": Answer(level=4 if case == "opal-lakes" else 1, evidence=EvidenceGrade.THIRD_PARTY, reason="Because.")
        }
        with sessions() as session:
            project = registration.register_project(
                session, planner, replace(file, currency="USD", answers={**file.answers, **answers})
            )
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200)
    return planner


@pytest.fixture
def explored(sessions: sessionmaker[Session], planner: Actor) -> Callable[[WhatIf], Exploration]:
    def made(what_if: WhatIf) -> Exploration:
        with sessions() as session:
            base = ranked_portfolio(session, planner)
        # Both wait for answers that open gates ask for; here they count as passed, and the budget pays both.
        cleared = tuple(replace(row, open=(), failed=(), funded=True) for row in base.everyone)
        assert base.asked <= 400_000 * 1000
        with sessions() as session:
            calls = yearly_calls(session, planner, cleared)
        return explore(replace(base, everyone=cleared, rows=cleared), what_if, calls)

    return made


YEARS = {"NSW-OPAL": 2022, "NSW-OPAL-3": 2022}


def rules(**texts: str) -> ProgrammeRules:
    return read_programme(MultiDict(texts), list(YEARS), {"Energy": {"NSW-OPAL"}}, YEARS)


def programme(
    sessions: sessionmaker[Session], planner: Actor, found: Exploration, asked: ProgrammeRules | None = None
) -> Programme:
    with sessions() as session:
        material = material_of(session, planner, found)
    assert material is not None
    groups = {"Energy": frozenset({"NSW-OPAL"})}
    return with_outlook(best_programme(material, found, asked or rules(), groups), found, futures=True)


def test_values_costs_and_years_are_those_of_the_runs(
    sessions: sessionmaker[Session], planner: Actor, explored: Callable[[WhatIf], Exploration]
) -> None:
    found = explored(WhatIf())
    whole = programme(sessions, planner, found)
    for row in whole.material.rows:
        assert sum(found.calls[row.reference].values()) == pytest.approx(float(row.cost))
    assert np.isfinite(whole.material.values).all()
    assert whole.material.missing == ()


def test_the_score_picks_what_fits_and_the_outlook_says_what_it_hangs_on(
    sessions: sessionmaker[Session], planner: Actor, explored: Callable[[WhatIf], Exploration]
) -> None:
    found = explored(WhatIf())
    cost = min(float(row.cost) for row in found.portfolio.everyone) / 1000
    tight = explored(WhatIf(budget=Decimal(repr(cost))))
    best = programme(sessions, planner, tight, rules(objective="score"))
    assert best.selection is not None
    assert best.selection.proven
    assert len(best.chosen()) == 1
    assert best.outlook is not None
    assert best.outlook.first_out is not None
    assert best.outlook.robust is not None
    assert sum(best.outlook.robust.project_shares) == pytest.approx(1, abs=1e-9)
    assert [point.at for point in best.outlook.frontier] == sorted(point.at for point in best.outlook.frontier)
    assert best.outlook.loss is not None
    assert best.outlook.loss.apart == pytest.approx(best.chosen()[0].prob_negative or 0.0, abs=0.02)


def test_what_is_approved_stands_in_the_programme_and_its_cost_counts(
    sessions: sessionmaker[Session], planner: Actor, explored: Callable[[WhatIf], Exploration]
) -> None:
    """The one that would lose against the other, approved with its gate still open."""
    cost = min(float(row.cost) for row in explored(WhatIf()).portfolio.everyone) / 1000
    tight = explored(WhatIf(budget=Decimal(repr(cost))))
    best = programme(sessions, planner, tight, rules(objective="score")).chosen()[0].reference
    (other,) = {row.reference for row in tight.portfolio.everyone} - {best}

    def approved(found: Exploration) -> Exploration:
        rows = tuple(
            replace(row, open=("NE3",), state=ProjectState.APPROVED_WITH_CONDITIONS) if row.reference == other else row
            for row in found.portfolio.everyone
        )
        return replace(found, portfolio=replace(found.portfolio, everyone=rows, rows=rows))

    held = programme(sessions, planner, approved(tight), rules(objective="score"))
    assert [row.reference for row in held.chosen()] == [other]  # nothing is left for the better one
    assert held.selection is not None
    assert held.selection.spent[0] == pytest.approx(cost)
    asked = explored(WhatIf(budget=Decimal(repr(cost)), out=(other,)))
    assert [
        row.reference for row in programme(sessions, planner, approved(asked), rules(objective="score")).chosen()
    ] == [best]


def test_rules_that_clash_are_named(
    sessions: sessionmaker[Session], planner: Actor, explored: Callable[[WhatIf], Exploration]
) -> None:
    found = explored(WhatIf(budget=Decimal(900_000), must=("NSW-OPAL", "NSW-OPAL-3")))
    none = programme(sessions, planner, found, rules(one="NSW-OPAL NSW-OPAL-3"))
    assert none.selection is None
    assert none.clash is not None
    assert none.clash.irreducible
    assert {rule.kind.value for rule in none.clash.rules} == {"must", "exclusive"}
    assert none.outlook is None


def test_a_cap_of_a_year_binds_and_shares_count_the_money_once(
    sessions: sessionmaker[Session], planner: Actor, explored: Callable[[WhatIf], Exploration]
) -> None:
    found = explored(WhatIf())
    reference, calls = next(iter(found.calls.items()))
    call, amount = max(calls.items(), key=lambda pair: pair[1])
    capped = explored(WhatIf(caps={call: Decimal(repr(round(amount / 1000 * 1.01, 3)))}))
    best = programme(sessions, planner, capped, rules(objective="score", least="1% for Energy"))
    assert best.selection is not None
    assert len(best.chosen()) <= 1
    assert best.problem.spend == pytest.approx([float(row.cost) / 1000 for row in best.material.rows])
    assert reference in {row.reference for row in best.material.rows}


def test_a_mix_weighs_value_and_score_as_shares_of_the_largest() -> None:
    mix = rules(objective="mix", mix="25")
    assert mixed(np.array([10.0, -5.0]), np.array([50.0, 100.0]), mix).tolist() == [62.5, 62.5]
    # by hand: 100 * (0.25 * 1 + 0.75 * 0.5) and 100 * (0.25 * -0.5 + 0.75 * 1)


def test_calls_come_by_year_and_source() -> None:
    document = {
        "unit": 1000,
        "cash_flows": {
            "first_year": 2027,
            "lines": [
                {"kind": "capex", "amounts": [10, 0, 5]},
                {"kind": "capex", "amounts": [1]},
                {"kind": "opex", "amounts": [9, 9, 9]},
            ],
        },
        "financing": {"grants": [4], "debt": [{"amounts": [3, 2]}], "equity": [4]},
    }
    assert calls_of(document) == {
        (2027, ""): 11_000,
        (2029, ""): 5_000,
        (2027, "grants"): 4_000,
        (2027, "equity"): 4_000,
        (2027, "debt"): 3_000,
        (2028, "debt"): 2_000,
    }


def total_with(side: Side, weights: Mapping[str, float], indicator: str, level: float) -> float:
    """The score with one answer at another level, criterion by criterion from the levels (METHOD 9)."""
    answered = [item for item in side.result["criteria"]["indicators"] if item["level"] is not None]
    total = carried = 0.0
    for criterion, weight in weights.items():
        own = [item for item in answered if item["criterion"] == criterion]
        levels = [level if item["id"] == indicator else item["level"] for item in own]
        if own:
            total += weight * 25 * np.average(levels, weights=[item["weight"] for item in own])
            carried += weight
    return total / carried


def test_side_by_side_says_what_would_overtake(
    sessions: sessionmaker[Session], planner: Actor, explored: Callable[[WhatIf], Exploration]
) -> None:
    found = explored(WhatIf())
    with sessions() as session:
        beside = side_by_side(session, planner, found, found.portfolio.everyone)
    ahead, behind = (side.row for side in beside.sides)
    assert (ahead.reference, behind.reference) == ("NSW-OPAL", "NSW-OPAL-3")
    overtaking = beside.overtakings[0]
    assert overtaking.gap == pytest.approx((ahead.score or 0) - (behind.score or 0))
    step = next(step for step in overtaking.steps if step.indicator == "IN1")
    assert step.level == 1
    assert total_with(beside.sides[1], found.weights, "IN1", step.needed) == pytest.approx(ahead.score)
    with sessions() as session, pytest.raises(ValueError, match="2 to 4"):
        side_by_side(session, planner, found, found.portfolio.everyone[:1])


def test_without_a_round_there_is_no_material(sessions: sessionmaker[Session]) -> None:
    actor = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        base = ranked_portfolio(session, actor)
    with sessions() as session:
        assert material_of(session, actor, explore(base, WhatIf())) is None
