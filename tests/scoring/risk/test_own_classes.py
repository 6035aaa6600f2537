"""A city's own completed projects as a reference class: published, hand-computed, and what holds for any record."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.parameters import CompletedProject, Measure, OwnRecord, Parameters, load_parameters
from scoring.parameters.own_record import read_record, record_document
from scoring.project_file import DriverName
from scoring.result import Note, RiskReturn
from scoring.risk.marginals import KernelSmoothed, Point
from scoring.risk.own_classes import own_factor, silverman_bandwidth
from scoring.risk.reference_classes import Reference, reference_factor
from scoring.risk.risk_return import simulate
from tests.scoring.risk.factories import FRAMEWORK, driver, flows_of, line, project

LIBRARY = load_parameters()
# Mean yearly rain of 70 cities of the United States in inches: `precip` of R's datasets package.
PRECIP = (
    *(67, 54.7, 7, 48.5, 14, 17.2, 20.7, 13, 43.4, 40.2, 38.9, 54.5, 59.8, 48.3, 22.9, 11.5, 34.4, 35.1, 38.7, 30.8),
    *(30.6, 43.1, 56.8, 40.8, 41.8, 42.5, 31, 31.7, 30.2, 25.9, 49.2, 37, 35.9, 15, 30.2, 7.2, 36.2, 45.5, 7.8, 33.4),
    *(36.1, 40.2, 42.7, 42.5, 16.2, 39, 35, 37, 31.4, 37.6, 39.9, 36.2, 42.8, 46.4, 24.7, 49.1, 46, 35.9, 7.8, 48.2),
    *(15.2, 32.5, 44.7, 42.6, 38.8, 17.4, 40.8, 29.1, 14.6, 59.2),
)
RATIOS = st.lists(st.floats(0.05, 20.0), min_size=10, max_size=40)


def completed(
    ratio: float, *, number: int = 0, asset_class: str = "road", late: float | None = None, use: float | None = None
) -> CompletedProject:
    """A project of plan 100, built over 1 000 days, with a planned use of 100."""
    start, days = date(2015, 1, 1).toordinal(), 1000
    return CompletedProject(
        name=f"Project {number}",
        asset_class=asset_class,
        currency="USD",
        price_year=2020,
        planned_cost=Decimal(100),
        actual_cost=Decimal(str(ratio)) * 100,
        started_on=date.fromordinal(start) if late else None,
        planned_opening=date.fromordinal(start + days) if late else None,
        actual_opening=date.fromordinal(start + round(days * late)) if late else None,
        planned_use=Decimal(100) if use is not None else None,
        actual_use=Decimal(str(use)) * 100 if use is not None else None,
    )


def with_own(*projects: CompletedProject) -> Parameters:
    return replace(LIBRARY, own=OwnRecord(city="Haneul", projects=projects, digest="a1b2c3d4e5f60718"))


def of_costs(*ratios: float, asset_class: str = "road") -> Parameters:
    return with_own(*(completed(ratio, number=n, asset_class=asset_class) for n, ratio in enumerate(ratios)))


def factor(parameters: Parameters, name: DriverName = DriverName.CAPEX, key: str = "road") -> Reference:
    return reference_factor(name, key, parameters, None, "path")


def simulated(parameters: Parameters, *lines: object, **fields: object) -> tuple[RiskReturn, tuple[Note, ...]]:
    plan = project(*lines, **fields)  # type: ignore[arg-type]
    risk, _, notes = simulate(plan, FRAMEWORK, parameters, flows_of(plan), seed=1, draws=500)
    return risk, notes


TEN = tuple(1.0 + 0.05 * n for n in range(10))


def test_the_bandwidth_is_the_published_one() -> None:
    # R's manual: density(precip) uses bw.nrd0, Silverman's rule of thumb, and prints 3.848.
    assert silverman_bandwidth(np.array(PRECIP)) == pytest.approx(3.848, abs=5e-4)


def test_the_bandwidth_by_hand() -> None:
    # 1 to 9: s = sqrt(7.5) = 2.7386, quartiles 3 and 7, 4 / 1.34 = 2.9851; 0.9 x 2.7386 x 9^-0.2 = 1.5883.
    assert silverman_bandwidth(np.arange(1.0, 10.0)) == pytest.approx(1.5883, abs=1e-4)
    # Five equal ones of six: no interquartile range, so s = 1 / sqrt(6) alone; 0.9 x 0.40825 x 6^-0.2 = 0.25676.
    assert silverman_bandwidth(np.array([0.0, 0, 0, 0, 0, 1])) == pytest.approx(0.25676, abs=1e-5)
    assert silverman_bandwidth(np.ones(10)) == 0.0


def test_the_smoothed_quantiles_by_hand() -> None:
    # Kernels of width 1 around -1 and 1: F(0) = 1/2, and F(2) = (Phi(3) + Phi(1)) / 2 = 0.919997.
    smoothed = KernelSmoothed((-1.0, 1.0), 1.0)
    phi = NormalDist().cdf
    assert smoothed.quantile(np.array([0.5])) == pytest.approx([1.0])
    assert smoothed.quantile(np.array([(phi(3) + phi(1)) / 2])) == pytest.approx([np.exp(2.0)])
    assert smoothed.cdf(np.array([0.0, 1.0, np.exp(2.0)])) == pytest.approx([0.0, 0.5, 0.919997], abs=1e-6)
    assert smoothed.quantile(np.array([0.0, 1.0])) == pytest.approx([0.0, np.inf])


def test_ratios_mirrored_about_the_plan_have_the_plan_as_median() -> None:
    ratios = (0.5, 0.8, 0.9, 0.95, 0.99, 1 / 0.99, 1 / 0.95, 1 / 0.9, 1.25, 2.0)
    quantiles = own_factor(ratios).quantile(np.array([0.1, 0.5, 0.9]))
    assert quantiles[1] == pytest.approx(1.0)
    assert quantiles[0] * quantiles[2] == pytest.approx(1.0)


def test_equal_ratios_are_certain() -> None:
    assert own_factor((1.2,) * 10) == Point(pytest.approx(1.2))


@given(RATIOS)
def test_quantiles_rise_stay_positive_and_are_undone_by_the_distribution(ratios: list[float]) -> None:
    smoothed = own_factor(tuple(sorted(ratios)))
    probabilities = np.linspace(0.001, 0.999, 97)
    quantiles = smoothed.quantile(probabilities)
    assert quantiles.min() > 0
    assert (np.diff(quantiles) >= -1e-9 * quantiles[1:]).all()
    if isinstance(smoothed, KernelSmoothed) and smoothed.bandwidth > 1e-6:
        assert smoothed.cdf(quantiles) == pytest.approx(probabilities, abs=1e-6)


@given(RATIOS)
def test_the_median_keeps_near_the_sample(ratios: list[float]) -> None:
    # Three quarters of the kernels lie at or below the upper quartile, and 0.75 Phi(0.4308) = 0.5; likewise below.
    logs = np.log(ratios)
    reach = NormalDist().inv_cdf(2 / 3) * silverman_bandwidth(logs) + 1e-9
    ordered = np.sort(logs)
    median = float(np.log(own_factor(tuple(sorted(ratios))).quantile(np.array([0.5]))[0]))
    quarter = len(ordered) // 4
    assert ordered[quarter] - reach <= median <= ordered[len(ordered) - 1 - quarter] + reach


@given(RATIOS, st.integers(0, 2**31))
def test_the_order_of_the_record_decides_nothing(ratios: list[float], seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(ratios)
    assert factor(of_costs(*ratios)).factor == factor(of_costs(*shuffled)).factor


@pytest.mark.parametrize("count", [0, 1, 9])
def test_fewer_than_ten_keep_the_librarys_class_and_say_how_many(count: int) -> None:
    reference = factor(of_costs(*TEN[:count]))
    assert replace(reference, notes=()) == replace(factor(LIBRARY), notes=())
    assert bool(reference.notes) == (count > 0)
    for note in reference.notes:
        assert note.message == (
            f"Haneul has recorded {count} of the 10 completed projects needed for roads, cost: "
            "the library's class stays."
        )


def test_ten_replace_it_and_say_so() -> None:
    reference = factor(of_costs(*TEN))
    assert reference.origin == "own-projects"
    assert reference.factor == own_factor(tuple(sorted(TEN)))
    assert reference.description.startswith("10 completed projects of Haneul: cost ")
    assert reference.description.endswith("They replaced the library's class for roads.")
    assert [note.code for note in reference.notes] == ["own-projects"]


def test_each_measure_and_class_counts_for_itself() -> None:
    parameters = with_own(
        *(completed(ratio, number=n, late=1.0 + n / 10, use=0.9 if n else None) for n, ratio in enumerate(TEN))
    )
    assert factor(parameters).origin == "own-projects"
    assert factor(parameters, DriverName.DELAY).origin == "own-projects"
    demand = factor(parameters, DriverName.DEMAND)
    assert (demand.origin, [note.code for note in demand.notes]) == ("reference-class", ["own-projects-too-few"])
    assert factor(parameters, key="water") == factor(LIBRARY, key="water")
    assert factor(parameters, DriverName.OPEX, "outsourcing") == factor(LIBRARY, DriverName.OPEX, "outsourcing")


def test_a_lines_class_and_a_row_of_demand_find_the_record() -> None:
    rails = with_own(*(completed(1.0, number=n, asset_class="rail", use=0.5 + n / 20) for n in range(10)))
    for key in ("rail", "metro", "rail-demand"):
        assert factor(rails, DriverName.DEMAND, key).origin == "own-projects"
    software = of_costs(*TEN, asset_class="it")
    assert factor(software, key="sensors").origin == "own-projects"
    assert factor(software, key="it").second_cap is None, "the tail that the cap decided is gone"


def test_where_the_library_ships_no_use_its_stand_in_gives_way() -> None:
    works = with_own(*(completed(1.0, number=n, asset_class="water", use=0.5 + n / 20) for n in range(10)))
    assert factor(works, DriverName.DEMAND, "water").description.endswith(
        "They replaced what stands in for water in the library, which ships no record of its use."
    )


def test_zero_use_counts_and_lasts() -> None:
    assert completed(1.0, use=0.0).ratio(Measure.USE) == 0.01
    assert completed(1.0).ratio(Measure.USE) is None
    assert completed(1.0, late=1.25).ratio(Measure.DURATION) == 1.25


def test_a_project_of_the_class_is_simulated_with_the_citys_own_record() -> None:
    parameters = with_own(*(completed(1.5, number=n, late=2.0, use=0.5) for n in range(10)))
    lines = (line("capex", [60.0, 60.0], line_class="road"), line("benefit", [0.0, 0.0] + [30.0] * 10))
    risk, notes = simulated(parameters, *lines, uncertainty=None)
    assert {used.driver: used.origin for used in risk.drivers_used} == dict.fromkeys(
        ("capex", "delay", "demand"), "own-projects"
    )
    # Every road cost half as much again and took twice as long: two more years, each with a tenth of 60 on top.
    assert risk.delay_p80 == pytest.approx(2.0)
    assert risk.capex_p80 == pytest.approx(120 * 1.5 + 2 * 6, rel=0.06)
    assert [note.message for note in notes if note.code == "own-projects"] == [
        f"10 completed projects of Haneul replaced the library's class for roads: {what}."
        for what in ("cost", "building time", "use")
    ]


def test_a_stated_reference_class_is_replaced_and_a_stated_distribution_is_not() -> None:
    lines = (line("capex", [100.0], line_class="road"), line("benefit", [0.0] + [30.0] * 10))
    drivers = (driver("capex", reference_class="road"), driver("benefits", "uniform", low=0.8, high=1.0))
    risk, notes = simulated(of_costs(*TEN), *lines, drivers=drivers)
    assert [used.origin for used in risk.drivers_used] == ["own-projects", "planner"]
    assert "own-projects" in {note.code for note in notes}


def test_a_city_that_recorded_nothing_of_the_class_gets_the_same_figures() -> None:
    lines = (line("capex", [100.0], line_class="water"), line("benefit", [0.0] + [30.0] * 10))
    assert simulated(of_costs(*TEN), *lines, uncertainty=None) == simulated(LIBRARY, *lines, uncertainty=None)


def test_use_of_another_class_keeps_the_librarys_stand_in() -> None:
    roads = with_own(*(completed(1.0, number=n, use=0.5) for n in range(10)))
    lines = (line("capex", [100.0], line_class="it"), line("benefit", [0.0] + [30.0] * 10))
    assert simulated(roads, *lines, uncertainty=None) == simulated(LIBRARY, *lines, uncertainty=None)


def test_the_record_is_named_by_its_digest_in_the_parameters() -> None:
    assert of_costs(1.0).name == f"{LIBRARY.name}+own-projects@a1b2c3d4e5f6"


def test_a_document_reads_back_in_an_order_of_its_own() -> None:
    projects = [completed(1.1, number=2), completed(0.9, number=1, late=1.5, use=0.7)]
    document = record_document("Haneul", projects)
    assert document == record_document("Haneul", projects[::-1])
    assert read_record(document, "d") == OwnRecord(city="Haneul", projects=tuple(projects[::-1]), digest="d")
    with pytest.raises(ValueError, match="is not appraisal-own-record/1"):
        read_record({**document, "schema": "other/1"}, "d")


def test_every_asset_class_has_a_title() -> None:
    classes = LIBRARY.asset_classes
    assert classes["road"] == "roads"
    assert classes["standard-civil-engineering"] == "standard civil engineering"
    assert len(set(classes.values())) == len(classes)
