"""The first scores of a net lie along what moves the returns most, and every score stays as it was distributed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.project_file import ProjectFile
from scoring.returns.rates import resolve_rates
from scoring.risk import simulation
from scoring.risk.build import build
from scoring.risk.dependence import copula
from scoring.risk.leading import turned
from scoring.risk.normal import FloatArray
from scoring.risk.plan import ECONOMIC, FINANCIAL
from scoring.risk.sampling import Sampler
from tests.scoring.risk.factories import FRAMEWORK, PARAMETERS, driver, flows_of, line, project

FACTOR = copula(np.array([[1.0, 0.4, -0.3], [0.4, 1.0, 0.2], [-0.3, 0.2, 1.0]])).factor
AMOUNTS = st.floats(-1e6, 1e6, allow_subnormal=False)


def model_of(plan: ProjectFile) -> simulation.Model:
    return build(plan, PARAMETERS, flows_of(plan), resolve_rates(plan, FRAMEWORK), None).model


def many_alike() -> ProjectFile:
    """Six drivers of much the same weight, so that no single one says where the sum is low."""
    names = ("capex", "opex", "revenue", "demand", "benefits", "price")
    return project(
        line("capex", [60, 40]),
        line("opex", [0, 0, *[6] * 13]),
        line("revenue", [0, 0, *[10] * 13], economic="benefit"),
        line("benefit", [0, 0, *[10] * 13]),
        drivers=tuple(driver(name, "pert", low=0.6, mode=1.0, high=1.6) for name in names),
    )


@given(arrays(np.float64, (3, 2), elements=AMOUNTS))
def test_turned_scores_are_as_correlated_as_before(moves: FloatArray) -> None:
    found = turned(FACTOR, moves)
    assert found @ found.T == pytest.approx(FACTOR @ FACTOR.T, abs=1e-12)


def test_the_first_score_alone_moves_the_first_return_and_two_move_the_second() -> None:
    moves = np.array([[-3.0, 1.0], [2.0, 1.0], [0.5, -4.0]])
    by_score = turned(FACTOR, moves).T @ moves
    # What the return gains along independent scores has one length, however they are turned.
    assert abs(by_score[0, 0]) == pytest.approx(np.linalg.norm(FACTOR.T @ moves[:, 0]))
    assert by_score[1:, 0] == pytest.approx(0.0, abs=1e-12)
    assert by_score[2:, 1] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("moves", [np.zeros((3, 2)), np.full((3, 2), np.nan), np.full((3, 2), np.inf)])
def test_what_moves_nothing_or_without_bound_turns_nothing(moves: FloatArray) -> None:
    with np.errstate(all="ignore"):
        assert np.array_equal(turned(FACTOR, moves), FACTOR)


def test_two_returns_moved_alike_turn_one_score() -> None:
    moves = np.array([[-3.0, -3.0], [2.0, 2.0], [0.5, 0.5]])
    assert turned(FACTOR, moves) == pytest.approx(turned(FACTOR, moves[:, :1]), abs=1e-12)


def test_a_model_is_directed_by_its_own_returns() -> None:
    model = model_of(many_alike())
    medians = model.medians()
    steps = np.eye(len(medians)) * (model.at_score(1.0) - medians)
    gains = simulation.economic_npv(model, medians + steps) - simulation.economic_npv(model, medians - steps)
    along = model.directions.T @ gains
    assert abs(along[0]) > 0.99 * np.linalg.norm(along)


def test_pseudo_random_draws_are_not_turned() -> None:
    model = model_of(many_alike())
    plain = replace(model, directions=model.copula.factor)
    drawn, as_before = (simulation.run(each, "P", 1, 200, Sampler.PSEUDO_RANDOM).npv for each in (model, plain))
    assert np.array_equal(drawn, as_before)


def test_turning_makes_value_at_risk_more_exact() -> None:
    model = model_of(many_alike())
    plain = replace(model, directions=model.copula.factor)
    truth = np.quantile(simulation.run(model, "TRUTH", 1, 100_000).npv, 0.05, axis=0)

    def errors(each: simulation.Model) -> FloatArray:
        found = [np.quantile(simulation.run(each, "P", seed, 2_000).npv, 0.05, axis=0) for seed in range(40)]
        return np.asarray(np.sqrt(np.mean((np.array(found) - truth) ** 2, axis=0)))

    # Forty seeds give an error to about a ninth of itself.
    better = errors(model) / errors(plain)
    assert better[ECONOMIC] < 0.8
    assert better[FINANCIAL] < 0.9
