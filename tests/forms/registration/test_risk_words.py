"""Risks in words, and figures that come back from a field as they went into it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.numbers import read_number
from forms.registration.risk_prompts import PROMPTS
from forms.registration.risk_words import LIKELIHOODS, category_titles, figure_text, lowered_text, said_risk, three_of
from scoring.project_file import Distribution, Family, Mitigation, RiskCategory, RiskEvent

COST = Distribution(family=Family.TRIANGULAR, low=1, mode=3, high=20)


def test_a_risk_is_said_with_its_units() -> None:
    done = Mitigation(measure="A second control centre", cost=2.5, probability_factor=0.5, impact_factor=0.8)
    event = RiskEvent(
        name="Attack", category=RiskCategory.CYBER_INCIDENT, probability=0.03, per="year", cost=COST,
        delay=Distribution(family=Family.TRIANGULAR, low=0.25, mode=0.5, high=1), revenue_factor=0.9, years=2,
        mitigation=done,
    )  # fmt: skip
    assert said_risk(event, "USD million") == {
        "kind": "Cyber incident",
        "how likely": "3% in each year of operation",
        "extra cost": "1 to 20 USD million, likeliest 3",
        "delay": "3 to 12 months, likeliest 6",
        "revenue and benefits": "10% lost for 2 years",
        "what is done": "A second control centre",
        "what that costs": "2.5 USD million at the start",
        "what that lowers": "the chance by 50% and the effect by 20%",
    }


def test_an_effect_that_is_not_stated_is_not_said_to_be_nothing() -> None:
    event = RiskEvent(name="Storm", category=RiskCategory.FORCE_MAJEURE, probability=0.1)
    assert said_risk(event, "KRW") == {"kind": "Force majeure", "how likely": "10% over the whole life"}


def test_another_distribution_is_named() -> None:
    event = RiskEvent(
        name="Claim", category=RiskCategory.FINANCE, probability=0.1,
        cost=Distribution(family=Family.LOGNORMAL, p50=2, p90=9),
    )  # fmt: skip
    assert said_risk(event, "KRW")["extra cost"] == "lognormal, p50 2, p90 9, in KRW"


@pytest.mark.parametrize(
    "stated",
    [
        None,
        Distribution(family=Family.PERT, low=1, mode=3, high=20),
        Distribution(family=Family.TRIANGULAR, p10=1, p50=3, p90=20),
        Distribution(family=Family.TRIANGULAR, low=1, mode=3, high=20, maximum=9),
    ],
)
def test_only_least_likeliest_and_most_alone_are_three_figures(stated: Distribution | None) -> None:
    assert three_of(COST) == (1, 3, 20)
    assert three_of(stated) is None


@given(figure=st.decimals(0, 10**12, places=4))
def test_a_figure_is_read_back_from_its_field(figure: Decimal) -> None:
    read = read_number(figure_text(float(figure))).value
    assert read is not None
    assert float(read) == float(figure)
    assert "e" not in figure_text(float(figure)).lower(), "no exponent"


@pytest.mark.parametrize(("left", "text"), [(0.9, "10"), (0.0, "100"), (1.0, "0"), (0.667, "33.3"), (1.2, "-20")])
def test_what_a_factor_takes_away(left: float, text: str) -> None:
    assert lowered_text(left) == text


def test_every_kind_of_risk_is_asked_about_and_every_word_says_its_number() -> None:
    assert set(PROMPTS) == set(RiskCategory)
    assert set(category_titles()) == {category.value for category in RiskCategory}
    for share, words in LIKELIHOODS.items():
        assert words.endswith(f"({Decimal(share) * 100:f}%)".replace(".00", "").replace(".0", "")), words
