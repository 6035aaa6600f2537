"""The parameters that ship, each with its source, and the fits that must reproduce them."""

from pathlib import Path

import numpy as np
import pytest

from scoring.parameters import load_parameters, reference_classes
from scoring.parameters.reference_classes import Bounds, CostOverrun, Provenance, Shape, Status, parse
from scoring.risk.marginals import BodyAndTail, Marginal, Pareto
from scoring.risk.normal import FloatArray
from scoring.risk.reference_fits import bias_factor, cost_factor, demand_factor, shortfall_factor

PARAMETERS = load_parameters()
EVENLY = (np.arange(1_000_000) + 0.5) / 1_000_000
BODY_AND_TAIL = [row for row in PARAMETERS.cost_overruns.values() if row.shape is Shape.BODY_AND_TAIL]


def values(marginal: Marginal) -> FloatArray:
    return marginal.quantile(EVENLY)


def test_the_set_has_a_name_with_its_version() -> None:
    assert PARAMETERS.name == f"reference-classes@{PARAMETERS.version}"


def test_every_row_has_a_source_a_date_and_a_status() -> None:
    rows = [*PARAMETERS.cost_overruns.values(), *PARAMETERS.demand.values(), *PARAMETERS.optimism_bias.values()]
    provenances: list[Provenance] = [
        *(row.provenance for row in rows),
        PARAMETERS.tail.provenance,
        PARAMETERS.correlation.provenance,
        PARAMETERS.delay_overhead.provenance,
        PARAMETERS.class_provenance,
        PARAMETERS.unknown_provenance,
    ]
    assert all(p.source and p.date.isdigit() and p.status in Status for p in provenances)


def test_nothing_ships_that_the_sources_do_not_give() -> None:
    assert set(PARAMETERS.cost_overruns) == {
        "it", "bus-rapid-transit", "rail", "tunnel", "hospital", "bridge", "water", "road", "wind", "transmission",
        "solar", "building",
    }  # fmt: skip
    assert set(PARAMETERS.demand) == {"rail-demand", "road-demand"}


@pytest.mark.parametrize("cap", [20.0, 50.0])
@pytest.mark.parametrize("row", BODY_AND_TAIL, ids=lambda row: row.key)
def test_body_and_tail_reproduce_mean_share_and_tail_mean_at_two_caps(row: CostOverrun, cap: float) -> None:
    factor = values(cost_factor(row, PARAMETERS.tail, cap))
    beyond = factor >= 1.5
    assert factor.mean() - 1 == pytest.approx(row.mean, abs=2e-3)
    assert beyond.mean() == pytest.approx(row.share, abs=1e-5)
    assert factor[beyond].mean() - 1 == pytest.approx(row.tail_mean, rel=2e-3)
    assert factor.max() <= 1 + cap
    assert factor.min() > 0


def test_the_body_of_it_costs_less_than_planned() -> None:
    # (73 - 0.18 x 447) / 0.82.
    assert PARAMETERS.cost_overruns["it"].body_mean == pytest.approx(-0.0910, abs=1e-4)


@pytest.mark.parametrize("cap", [20.0, 50.0])
def test_it_alone_has_a_pareto_exponent_of_one_or_less(cap: float) -> None:
    heavy = []
    for row in BODY_AND_TAIL:
        factor = cost_factor(row, PARAMETERS.tail, cap)
        assert isinstance(factor, BodyAndTail)
        if isinstance(factor.tail, Pareto) and factor.tail.alpha <= 1:
            heavy.append(row.key)
    assert heavy == ["it"]


def test_a_cap_too_low_for_the_tail_is_refused() -> None:
    with pytest.raises(ValueError, match="No Pareto tail"):
        cost_factor(PARAMETERS.cost_overruns["it"], PARAMETERS.tail, 6.0)


def test_buildings_are_one_lognormal_with_the_mean_and_the_share() -> None:
    factor = values(cost_factor(PARAMETERS.cost_overruns["building"], PARAMETERS.tail))
    assert factor.mean() == pytest.approx(1.62, rel=1e-3)
    assert np.mean(factor >= 1.5) == pytest.approx(0.39, abs=1e-4)


def test_rail_traffic_is_half_of_forecast_and_below_it_nine_times_in_ten() -> None:
    factor = values(demand_factor(PARAMETERS.demand["rail-demand"]))
    assert np.median(factor) == pytest.approx(1 / 2.06, rel=1e-4)
    assert np.mean(factor < 1) == pytest.approx(0.9, abs=1e-4)


def test_road_traffic_is_off_by_about_what_was_published() -> None:
    factor = values(demand_factor(PARAMETERS.demand["road-demand"]))
    assert np.median(factor) == pytest.approx(1.0, abs=1e-4)
    assert np.mean(np.abs(factor - 1) > 0.2) == pytest.approx(0.5, abs=0.05)
    assert np.mean(np.abs(factor - 1) > 0.4) == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("uplift", [0.44, 0.2, 0.0301])
def test_optimism_bias_is_the_mean_and_its_lower_bound_the_tenth_percentile(uplift: float) -> None:
    factor = values(bias_factor(Bounds(upper=uplift, lower=0.03)))
    assert factor.mean() - 1 == pytest.approx(uplift, rel=1e-3)
    assert np.quantile(factor, 0.1) - 1 == pytest.approx(0.03, rel=1e-3)


@pytest.mark.parametrize("shortfall", [0.5, 0.2, 0.0601])
def test_a_shortfall_of_benefits_is_the_mean_and_its_lower_bound_the_ninetieth_percentile(shortfall: float) -> None:
    factor = values(shortfall_factor(Bounds(upper=shortfall, lower=0.06)))
    assert 1 - factor.mean() == pytest.approx(shortfall, rel=1e-3)
    assert 1 - np.quantile(factor, 0.9) == pytest.approx(0.06, rel=1e-3)


def test_a_bias_at_its_lower_bound_is_certain() -> None:
    assert set(values(bias_factor(Bounds(upper=0.04, lower=0.04)))) == {1.04}
    assert set(values(shortfall_factor(Bounds(upper=0.04, lower=0.04)))) == {0.96}


def test_an_unknown_class_is_standard_civil_engineering() -> None:
    assert PARAMETERS.class_of("castle") == PARAMETERS.class_of(None) == PARAMETERS.unknown_class
    assert PARAMETERS.unknown_class.cost == "standard-civil-engineering"


def test_a_line_class_must_name_rows_that_exist() -> None:
    text = Path(reference_classes.__file__).with_name("reference_classes.toml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="does not exist"):
        parse(text.replace('metro = { cost = "rail"', 'metro = { cost = "castle"'))
