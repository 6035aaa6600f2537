"""Optimism bias through a project: the published checks, what mitigates, and what it never moves twice."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.parameters.reference_classes import Bounds, Sourced
from scoring.project_file import (
    BiasBounds,
    BiasMitigation,
    BiasTarget,
    EvidenceGrade,
    ProjectFile,
    Rates,
    Stage,
    StatedBias,
    TypeShare,
    Uncertainty,
)
from scoring.result import BiasTaken, Note, RiskReturn
from scoring.returns.rates import resolve_rates
from scoring.risk.build import build
from scoring.risk.drivers import Role
from scoring.risk.optimism_bias import mitigated, taken
from scoring.risk.risk_return import simulate
from tests.scoring.risk.factories import FRAMEWORK, PARAMETERS, driver, flows_of, line, project

NO_OVERHEAD = replace(PARAMETERS, delay_overhead=Sourced(value=0.0, provenance=PARAMETERS.delay_overhead.provenance))
THIRTY_SEVENTY = (
    TypeShare(type="non-standard-building", share=0.3),
    TypeShare(type="standard-building", share=0.7),
)


def mitigation(
    contribution: float, part: float = 1.0, target: str = "capex", evidence: str | None = "E2"
) -> BiasMitigation:
    return BiasMitigation(
        factor="Scope",
        applies_to=BiasTarget(target),
        contribution=contribution,
        mitigated=part,
        evidence=EvidenceGrade(evidence) if evidence else None,
    )


def town_hall(drivers: tuple[Any, ...] = (), stage: Stage = Stage.IDEA, **bias: Any) -> ProjectFile:
    """100 of capital cost over two years of building, nothing discounted."""
    return project(
        line("capex", [60.0, 40.0], line_class="hospital"),
        line("opex", [0.0, 0.0, 10.0, 10.0]),
        line("benefit", [0.0, 0.0, 80.0, 80.0]),
        uncertainty=Uncertainty(drivers=drivers, optimism_bias=StatedBias(**bias) if bias else None),
        rates=Rates(financial=0.0, social=0.0),
        stage=stage,
    )


def of(plan: ProjectFile, draws: int = 2000) -> tuple[RiskReturn, tuple[Note, ...]]:
    result, _, notes = simulate(plan, FRAMEWORK, NO_OVERHEAD, flows_of(plan), seed=1, draws=draws)
    return result, notes


def biases(plan: ProjectFile) -> dict[str, BiasTaken]:
    return {bias.applies_to: bias for bias in of(plan, draws=100)[0].optimism_bias}


def test_the_published_mix_of_buildings() -> None:
    found = biases(town_hall(mix=THIRTY_SEVENTY))
    assert found["capex"].resultant == pytest.approx(0.321)
    assert found["duration"].resultant == pytest.approx(0.145)


def test_the_published_mitigation_of_92_percent() -> None:
    plan = town_hall(mix=(TypeShare(type="non-standard-building", share=1.0),), mitigations=(mitigation(0.92),))
    assert biases(plan)["capex"].resultant == pytest.approx(0.04, abs=0.001)  # published: 51% to 4%


@pytest.mark.parametrize(
    ("stated", "cost"),
    [
        ({"mix": THIRTY_SEVENTY}, 132.1),
        ({"mix": (TypeShare(type="non-standard-building", share=1.0),), "mitigations": (mitigation(0.92),)}, 104.08),
    ],
)
def test_the_bias_is_the_mean_of_what_is_simulated(stated: dict[str, Any], cost: float) -> None:
    # Without discounting and without a price for late works only capital and operating cost count.
    result, _ = of(town_hall(**stated))
    assert isinstance(result.financial_npv.mean, float)
    assert isinstance(result.financial_npv.se, float)
    assert -result.financial_npv.mean - 20 == pytest.approx(cost, abs=4 * result.financial_npv.se)


def test_a_mean_delay_of_the_published_mix_is_14_percent_of_the_build() -> None:
    plan = town_hall(mix=THIRTY_SEVENTY)
    flows = flows_of(plan)
    (delay,) = (
        each
        for each in build(plan, PARAMETERS, flows, resolve_rates(plan, FRAMEWORK), None).model.drivers
        if each.role is Role.DELAY
    )
    years = delay.marginal.quantile((np.arange(100_000) + 0.5) / 100_000)
    assert years.mean() == pytest.approx(0.145 * 2, rel=1e-3)


def test_stage_alone_mitigates_nothing() -> None:
    stages = [biases(town_hall(stage=stage, mix=THIRTY_SEVENTY)) for stage in Stage]
    assert stages[0] == stages[-1]
    assert stages[0]["capex"].mitigated == 0.0


@pytest.mark.parametrize(("evidence", "counted"), [(None, 0.0), ("E0", 0.0), ("E1", 0.3), ("E3", 0.3)])
def test_only_evidence_mitigates(evidence: str | None, counted: float) -> None:
    plan = town_hall(mix=THIRTY_SEVENTY, mitigations=(mitigation(0.6, 0.5, evidence=evidence),))
    assert biases(plan)["capex"].mitigated == pytest.approx(counted)
    noted = [note.path for note in of(plan, 100)[1] if note.code == "mitigation-without-evidence"]
    assert noted == ([] if counted else ["uncertainty.optimism_bias.mitigations[0].evidence"])


def test_the_lower_bound_is_the_least_and_belongs_to_contract_award() -> None:
    stated = {"mix": THIRTY_SEVENTY, "mitigations": (mitigation(1.0),)}
    early, late = (town_hall(stage=stage, **stated) for stage in (Stage.DESIGN, Stage.CONSTRUCTION))
    assert biases(early)["capex"].resultant == pytest.approx(0.3 * 0.04 + 0.7 * 0.02)
    codes = [[note.code for note in of(plan, 100)[1]] for plan in (early, late)]
    assert ["lower-bound-before-award" in each for each in codes] == [True, False]


def test_each_target_has_its_own_mitigation() -> None:
    found = biases(town_hall(mix=THIRTY_SEVENTY, mitigations=(mitigation(0.5, target="duration"),)))
    assert found["capex"].resultant == pytest.approx(0.321)
    assert found["duration"].resultant == pytest.approx(0.145 / 2)


def test_operating_cost_has_the_bias_of_outsourcing_for_the_part_outsourced() -> None:
    mix = (*THIRTY_SEVENTY, TypeShare(type="outsourcing", share=0.5))
    assert biases(town_hall(mix=mix))["opex"].resultant == pytest.approx(0.205)


def test_benefits_have_a_bias_only_where_bounds_are_given() -> None:
    assert "benefits" not in biases(town_hall(mix=THIRTY_SEVENTY))
    own = BiasBounds(applies_to=BiasTarget.BENEFITS, upper=0.25, lower=0.05, source="Ten completed projects")
    result, _ = of(town_hall(bounds=(own,), mitigations=(mitigation(0.4, target="benefits"),)))
    taken_up = {used.driver: used.applies_to for used in result.drivers_used}
    assert taken_up["benefits"] == ("benefit",)
    assert "demand" not in taken_up  # its lines are left to the bias, so that none is moved twice
    assert {bias.applies_to: bias.resultant for bias in result.optimism_bias}["benefits"] == pytest.approx(0.15)
    told = [note for note in of(town_hall(mitigations=(mitigation(1, target="benefits"),)))[1] if "unused" in note.code]
    assert len(told) == 1


def test_a_line_takes_overruns_of_completed_projects_or_optimism_bias_never_both() -> None:
    overruns, _ = of(town_hall())
    assert [used.description.split(",")[0] for used in overruns.drivers_used if used.driver == "capex"] == [
        "Completed projects"
    ]
    for stated in ({"mix": THIRTY_SEVENTY}, {"mitigations": (mitigation(0.1),)}):
        result, _ = of(town_hall(**stated))
        assert [used.applies_to for used in result.drivers_used if used.driver == "capex"] == [("capex",)]
        assert {bias.applies_to for bias in result.optimism_bias} >= {"capex", "duration"}


def test_the_planners_own_driver_takes_the_place_of_the_bias() -> None:
    own = (driver("capex", "uniform", low=1.0, high=1.2),)
    result, notes = of(town_hall(drivers=own, mix=THIRTY_SEVENTY, mitigations=(mitigation(0.5),)))
    assert {bias.applies_to for bias in result.optimism_bias} == {"duration"}
    assert "optimism-bias-unused" in [note.code for note in notes]


def test_a_driver_that_names_a_type_is_mitigated_too() -> None:
    own = (driver("capex", reference_class="non-standard-building"),)
    (bias,) = of(town_hall(drivers=own, mitigations=(mitigation(0.92),)))[0].optimism_bias
    assert bias.resultant == pytest.approx(0.0408)


@pytest.mark.parametrize(
    ("mix", "path"),
    [
        ((TypeShare(type="castle", share=1.0),), "uncertainty.optimism_bias.mix[0].type"),
        ((TypeShare(type="standard-building", share=0.4),), "uncertainty.optimism_bias.mix"),
    ],
)
def test_a_mix_that_is_none_is_refused(mix: tuple[TypeShare, ...], path: str) -> None:
    with pytest.raises(InputError) as refused:
        of(town_hall(mix=mix))
    assert [problem.path for problem in refused.value.problems] == [path]


@pytest.mark.parametrize(
    ("target", "upper", "lower"), [("benefits", 0.51, 0.0), ("capex", 0.2, 0.3), ("opex", 0.2, -0.1)]
)
def test_impossible_bounds_are_refused(target: str, upper: float, lower: float) -> None:
    bounds = (BiasBounds(applies_to=BiasTarget(target), upper=upper, lower=lower),)
    with pytest.raises(InputError, match=r"bounds\[0\]"):
        of(town_hall(bounds=bounds))


@given(
    upper=st.floats(0, 2),
    lower=st.floats(0, 1),
    parts=st.lists(st.floats(0, 1), max_size=5),
)
def test_more_mitigation_never_raises_the_bias(upper: float, lower: float, parts: list[float]) -> None:
    bounds, share = Bounds(upper=upper, lower=min(lower, upper)), 1 / max(len(parts), 1)
    left = [
        taken(
            BiasTarget.CAPEX, bounds, StatedBias(mitigations=tuple(mitigation(share, part) for part in parts[:count]))
        )
        for count in range(len(parts) + 1)
    ]
    assert [bias.resultant for bias in left] == sorted((bias.resultant for bias in left), reverse=True)
    assert all(bounds.lower <= bias.resultant <= upper for bias in left)
    assert mitigated(None, BiasTarget.CAPEX) == 0.0
