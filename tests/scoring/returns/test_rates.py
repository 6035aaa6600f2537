"""Which rates a project is appraised with, and the notes that say so."""

import pytest

from scoring import returns
from scoring.errors import InputError
from scoring.project_file import EconomicRole, PriceBasis, Prices, Rates
from tests.scoring.returns.factories import FRAMEWORK, financing, line, project, tranche

NOMINAL = Prices(basis=PriceBasis.NOMINAL, base_year=2026, inflation=0.05)


def test_the_framework_completes_what_the_project_leaves_open() -> None:
    rates = returns.resolve_rates(project(rates=Rates(social=0.07)), FRAMEWORK)
    assert (rates.financial, rates.social, rates.finance, rates.reinvestment) == (0.04, 0.07, 0.05, 0.03)
    assert rates.hurdles == (0.035, 0.09)
    assert rates.defaulted == ("financial", "finance", "reinvestment", "hurdles")


def test_the_projects_own_rates_are_taken_as_they_are() -> None:
    own = Rates(financial=((0, 0.035), (31, 0.03)), social=0.0, finance=0.0, reinvestment=0.0, hurdles=(0.1,))
    rates = returns.resolve_rates(project(rates=own, prices=NOMINAL), FRAMEWORK)
    assert (rates.financial, rates.social, rates.finance, rates.reinvestment) == (own.financial, 0.0, 0.0, 0.0)
    assert (rates.hurdles, rates.defaulted) == ((0.1,), ())


def test_defaults_become_nominal_in_a_nominal_project() -> None:
    rates = returns.resolve_rates(project(prices=NOMINAL), FRAMEWORK)
    assert rates.financial == pytest.approx(1.04 * 1.05 - 1)
    assert rates.social == pytest.approx(1.09 * 1.05 - 1)
    assert rates.finance == pytest.approx(1.05 * 1.05 - 1)
    assert rates.hurdles == pytest.approx((1.035 * 1.05 - 1, 1.09 * 1.05 - 1))
    assert rates.cost_of_equity == pytest.approx(1.06 * 1.05 - 1)


def test_real_defaults_for_nominal_flows_without_inflation_are_an_error() -> None:
    with pytest.raises(InputError, match=r"prices\.inflation"):
        returns.resolve_rates(project(prices=Prices(basis=PriceBasis.NOMINAL)), FRAMEWORK)


def test_every_impossible_rate_is_named() -> None:
    own = Rates(financial=-1.0, social=((5, 0.03),), hurdles=(0.1, -2.0))
    with pytest.raises(InputError) as error:
        returns.resolve_rates(project(rates=own), FRAMEWORK)
    assert [problem.path for problem in error.value.problems] == [
        "rates.financial",
        "rates.social",
        "rates.hurdles[1]",
    ]


def notes(*lines: object, **fields: object) -> dict[str, list[str]]:
    plan = project(*lines, **fields)
    found: dict[str, list[str]] = {}
    for note in returns.return_notes(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK):
        found.setdefault(note.code, []).append(f"{note.path}: {note.message}")
    return found


ALL_RATES = Rates(financial=0.05, social=0.09, finance=0.05, reinvestment=0.05)


def test_each_default_rate_is_noted() -> None:
    found = notes(line("capex", [1]), rates=Rates(social=0.09, finance=0.05))
    assert found == {
        "default-rate": [
            "rates.financial: The financial rate is the default of test@1.",
            "rates.reinvestment: The reinvestment rate is the default of test@1.",
        ]
    }


@pytest.mark.parametrize(("role", "words"), [(None, "as transfers"), (EconomicRole.BENEFIT, "willing to pay")])
def test_the_role_of_revenue_is_noted(role: EconomicRole | None, words: str) -> None:
    found = notes(line("revenue", [1], economic=role), line("benefit", [1]), rates=ALL_RATES)
    assert list(found) == ["revenue-role"]
    assert words in found["revenue-role"][0]


def test_the_carbon_path_is_noted() -> None:
    assert "central path" in notes(line("externality", tonnes=[1]), rates=ALL_RATES)["carbon-path"][0]


def test_debt_that_outlives_the_flows_is_noted_with_its_amount() -> None:
    lines = (line("capex", [100]), line("benefit", [0, 60]))
    found = notes(*lines, rates=ALL_RATES, financing=financing(tranche([100], 0.0, 4)))
    assert "Debt of 75 is still owed in 2027" in found["debt-outlives-flows"][0]
    assert notes(*lines, rates=ALL_RATES, financing=financing(tranche([100], 0.0, 1))) == {}
