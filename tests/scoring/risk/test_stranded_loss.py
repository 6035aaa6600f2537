"""What obsolescence takes, against its closed form (METHOD 8)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.project_file import Obsolescence, ProjectFile, Rates
from scoring.result import Missing, StrandedLoss
from tests.examples import examples
from tests.scoring.risk.factories import driver, line, project, simulated


def plan(hazard: float, salvage: float = 0.0, **fields: object) -> ProjectFile:
    return project(
        line("capex", [50.0]),
        line("benefit", [0.0, 100.0]),
        line("revenue", [0.0, 40.0], economic=None),
        drivers=(driver("opex", "uniform", low=1, high=2),),
        obsolescence=Obsolescence(hazard=hazard, salvage=salvage),
        rates=Rates(financial=0.0, social=0.0),
        **fields,
    )


def lost(project: ProjectFile, **fields: int) -> StrandedLoss:
    return simulated(project, **fields)[0].stranded_loss


def test_the_loss_is_that_of_its_closed_form() -> None:
    # One year of use, lost from a time T on with P(T <= t) = 1 - 0.8^t: the part kept is the integral of 0.8^t.
    part = 1 - (0.8 - 1) / np.log(0.8)
    found = lost(plan(0.2), draws=20_000)
    assert found.economic == pytest.approx(100 * part, abs=0.02)
    assert found.financial == pytest.approx(40 * part, abs=0.01)
    # Of those stranded, time is uniform but for the hazard: 0.05 of a year's losses are left out at the top.
    worst = np.log1p(-0.05 * 0.2) / np.log(0.8)
    assert found.financial_p95 == pytest.approx(40 * (1 - worst), abs=0.05)


def test_its_standard_error_is_that_of_the_same_draws() -> None:
    found = [lost(plan(0.2), seed=seed, draws=1000) for seed in range(1, 9)]
    spread = np.std([each.economic for each in found], ddof=1)
    assert isinstance(found[0].economic_se, float)
    assert spread / 4 < found[0].economic_se < spread * 4


def test_a_high_salvage_makes_it_a_gain() -> None:
    found = lost(plan(0.2, salvage=500.0))
    assert isinstance(found.economic, float)
    assert found.economic < 0


def test_there_is_none_without_a_hazard() -> None:
    assert set(map(lost(plan(0.0)).__getattribute__, StrandedLoss.__dataclass_fields__)) == {Missing("no-obsolescence")}


@settings(max_examples=examples(25), deadline=None)
@given(hazard=st.floats(0.01, 0.4), more=st.floats(0.01, 0.4))
def test_more_hazard_loses_more(hazard: float, more: float) -> None:
    first, second = (lost(plan(each), draws=200).economic for each in (hazard, hazard + more))
    assert isinstance(first, float)
    assert isinstance(second, float)
    assert 0 <= first <= second <= 100
