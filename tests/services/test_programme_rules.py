"""Start years, phases and the cap on the chance of a loss: as trying every programme says, and as by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.services.exploring import explored_contest, explored_weights
from appraisal.services.programme import FUTURES, Programme, best_programme, futures_of, with_outlook
from appraisal.services.programme_risk import Histogram, loss_of, tail_loss
from scoring.selection import RuleKind, violations
from tests.examples import examples
from tests.services.programmes import FIRST, GROUPS, RATE, City, cities, spread

TWO = City(
    values={"A": 10.0, "B": 9.0},
    calls={"A": {FIRST: 6.0}, "B": {FIRST: 6.0}},
    losses={"A": spread(10, 5), "B": spread(9, 20)},
    budget=20.0,
    caps={FIRST: 6.0},
)


def programme(city: City, *, outlook: bool = False) -> Programme:
    explored = city.explored
    found = best_programme(city.material, explored, city.rules, GROUPS)
    return with_outlook(found, explored, futures=True) if outlook else found


def starts(found: Programme) -> dict[str, int | None]:
    return {pick.row.reference: pick.alternative.year for pick in found.picks()}


@given(cities())
@settings(max_examples=examples(80), deadline=None)
def test_the_best_programme_is_that_of_trying_every_one(city: City) -> None:
    found = programme(city)
    best = city.best(cautious=found.capped_by == "cautious rule")
    if best is None:
        assert found.selection is None
        assert found.clash is not None
        return
    assert found.selection is not None
    assert found.selection.proven
    assert found.selection.value == pytest.approx(best, abs=1e-6)
    assert violations(found.problem, found.mask) == ()
    assert sum(pick.value for pick in found.picks()) == pytest.approx(best, abs=1e-6)
    if found.capped_by == "simulation" and found.mask.any():
        loss = with_outlook(found, city.explored, futures=False).outlook.loss  # type: ignore[union-attr]
        assert loss is not None
        assert max(loss.apart, loss.together) <= (found.rules.risk or 0) / 100


def test_a_project_waits_for_the_budget_of_a_later_year_and_is_discounted_for_it() -> None:
    assert starts(programme(TWO)) == {"A": FIRST}
    waited = programme(replace(TWO, texts={"later": "1"}))
    assert starts(waited) == {"A": FIRST, "B": FIRST + 1}  # 10 + 9/1.05 against 9 + 10/1.05
    assert waited.selection is not None
    assert waited.selection.value == pytest.approx(10 + 9 / (1 + RATE))
    assert starts(programme(replace(TWO, texts={"start": f"A {FIRST + 2}"}))) == {"A": FIRST + 2, "B": FIRST}


def test_what_is_approved_keeps_its_year_unless_its_own_line_moves_it() -> None:
    held = replace(TWO, approved=("A",), texts={"later": "1"}, caps={FIRST: 5.0})
    none = programme(held)
    assert none.clash is not None
    assert {rule.kind for rule in none.clash.rules} == {RuleKind.BUDGET, RuleKind.MUST}
    moved = programme(replace(held, texts={"later": "1", "start": f"A {FIRST} to {FIRST + 1}"}))
    assert starts(moved)["A"] == FIRST + 1


def test_a_phase_follows_the_one_before() -> None:
    loose = replace(TWO, caps={})
    assert starts(programme(loose)) == {"A": FIRST, "B": FIRST}
    phased = programme(replace(loose, texts={"later": "2", "phases": "A then after 2 years B"}))
    assert starts(phased) == {"A": FIRST, "B": FIRST + 2}
    without = programme(replace(loose, values={"A": -30.0, "B": 9.0}, texts={"later": "2", "phases": "A then B"}))
    assert starts(without) == {}


def test_nothing_waits_where_waiting_gains_nothing() -> None:
    """By score every year is as good as any other."""
    scored = programme(replace(TWO, caps={}, texts={"later": "5", "objective": "score"}))
    assert starts(scored) == {"A": FIRST, "B": FIRST}


def test_the_cap_on_the_chance_of_a_loss_holds_whatever_moves_together() -> None:
    free = programme(replace(TWO, caps={}), outlook=True)
    assert starts(free) == {"A": FIRST, "B": FIRST}
    capped = programme(replace(TWO, caps={}, texts={"risk": "4"}), outlook=True)
    # By hand: the worst 4% lie in the first tenth, so A gains 5 + 2.5 * 0.2 and B loses 11 - 10 * 0.2 there.
    assert capped.problem.risk is not None
    assert capped.problem.risk.tolist() == pytest.approx([-5.5, 9.0])
    assert capped.capped_by == "cautious rule"
    assert starts(capped) == {"A": FIRST}
    assert capped.outlook is not None
    assert capped.outlook.loss is not None
    assert capped.outlook.loss.together <= 0.04
    assert capped.outlook.risk is not None
    assert [point.selection.value for point in capped.outlook.risk.points if point.selection][-1] == 19.0
    values = [point.selection.value for point in capped.outlook.risk.points if point.selection]
    assert values == sorted(values)


def test_what_meets_the_cap_by_the_simulation_is_kept_though_the_cautious_rule_refuses_it() -> None:
    """As one, A + B run from -6 to 6.5 over the first tenth: they lose 6/12.5 of it, 4.8 in 100, and less often apart.

    The mean of their worst 5 in 100 is -8.5 + 5.625: the rule alone would leave B out.
    """
    kept = programme(replace(TWO, caps={}, texts={"risk": "5"}), outlook=True)
    assert (starts(kept), kept.capped_by) == ({"A": FIRST, "B": FIRST}, "simulation")
    assert kept.selection is not None
    assert kept.selection.proven
    assert kept.outlook is not None
    assert kept.outlook.loss is not None
    assert kept.outlook.loss.together == pytest.approx(0.048, abs=2e-4)
    assert kept.outlook.loss.apart < 0.03
    refused = programme(replace(TWO, caps={}, texts={"risk": "4.7"}))
    assert (starts(refused), refused.capped_by) == ({"A": FIRST}, "cautious rule")


def test_the_larger_of_both_chances_decides() -> None:
    """A loses 10 in 2 of 10 futures and gains 1 in the others; so does B: as one 2 in 10, apart 1 - 0.8 * 0.8."""
    rare = (np.array([-10.0, -9.0, 1.0, 2.0]), np.array([2.0, 0.0, 8.0]))
    both = replace(TWO, caps={}, losses={"A": rare, "B": rare}, texts={"risk": "30"}, must=("A", "B"))
    apart = loss_of([rare, rare])
    assert apart is not None
    assert (apart.apart, apart.together) == (pytest.approx(0.36, abs=0.02), pytest.approx(0.2, abs=1e-3))
    assert programme(both).capped_by == "cautious rule"
    assert programme(replace(both, texts={"risk": "40"})).capped_by == "simulation"


def test_what_may_lose_unknown_sums_is_not_chosen_under_a_cap() -> None:
    unknown = replace(TWO, caps={}, losses={"A": None, "B": spread(9, 1)}, texts={"risk": "5"})
    found = programme(unknown)
    assert starts(found) == {"B": FIRST}
    assert [row.reference for row in found.posed.unmeasured] == ["A"]
    approved = programme(replace(unknown, approved=("A",)))
    assert starts(approved) == {"A": FIRST, "B": FIRST}
    without_cap = programme(replace(unknown, texts={}), outlook=True)
    assert without_cap.outlook is not None
    assert without_cap.outlook.risk is None


def test_futures_keep_the_rules_too() -> None:
    ruled = replace(TWO, budget=20.0, caps={}, texts={"risk": "4", "phases": "A then B", "later": "1"})
    found = programme(ruled, outlook=True)
    assert found.outlook is not None
    assert found.outlook.robust is not None
    first, second = found.outlook.robust.project_shares
    assert second == 0  # never chosen in any future: its loss breaks the cap
    assert first > 0.9
    calm = programme(
        replace(ruled, losses={"A": spread(-3, 6), "B": spread(9, 1)}, texts={"phases": "A then B", "later": "1"}),
        outlook=True,
    )
    assert calm.outlook is not None
    assert calm.outlook.robust is not None
    assert calm.outlook.robust.project_shares[1] <= calm.outlook.robust.project_shares[0]


def test_each_budget_has_its_own_price() -> None:
    found = programme(replace(TWO, budget=12.0, caps={FIRST: 6.0}), outlook=True)
    assert found.outlook is not None
    whole, year = found.outlook.money
    assert (whole.price, whole.gain) == (0.0, 0.0)
    assert year.price == pytest.approx(9 / 6)  # B in part, which 6 more would pay
    assert not whole.bought


def histograms() -> st.SearchStrategy[Histogram]:
    counts = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=5).filter(lambda each: sum(each) > 0)
    return st.builds(
        lambda low, width, made: (np.linspace(low, low + width, len(made) + 1), np.array(made)),
        st.floats(-50, 50),
        st.floats(1, 60),
        counts,
    )


def test_the_mean_of_the_worst_draws_is_that_by_hand() -> None:
    two = (np.array([-10.0, 0.0, 10.0]), np.array([1.0, 3.0]))
    assert tail_loss(two, 0.25) == pytest.approx(5.0)
    assert tail_loss(two, 0.125) == pytest.approx(7.5)
    # 1/4 at -5, and 1/4 of the part between 0 and 10/3: (1.25 - 0.25 * 5/3) / 0.5
    assert tail_loss(two, 0.5) == pytest.approx((1.25 - 0.25 * 5 / 3) / 0.5)
    assert tail_loss(two, 1.0) == pytest.approx(-2.5)  # the mean itself


@given(st.lists(histograms(), min_size=1, max_size=4), st.sampled_from([0.01, 0.05, 0.2, 0.5]))
@settings(max_examples=examples(60), deadline=None)
def test_where_tails_sum_to_no_loss_the_programme_loses_no_more_often(made: list[Histogram], part: float) -> None:
    tails = sum(tail_loss(each, part) for each in made)
    # Moved so that they sum to nothing: the least margin at which the cap holds.
    safe = [(each[0] + tails / len(made), each[1]) for each in made]
    assert sum(tail_loss(each, part) for each in safe) == pytest.approx(0.0, abs=1e-9)
    loss = loss_of(safe)
    assert loss is not None
    assert loss.together <= part + 1e-4  # a step of the draws
    assert loss.apart <= part + 4 * np.sqrt(part / 10_000)


def test_what_a_capped_programme_hangs_on_keeps_the_cap() -> None:
    """B may lose; with A the programme does so in 5 of 100 futures or less, with C, which the next money buys, not."""
    city = City(
        values={"A": 10.0, "B": 9.0, "C": 8.0},
        calls={name: {FIRST: 6.0} for name in ("A", "B", "C")},
        losses={"A": spread(10, 2), "B": spread(9, 2), "C": spread(8, 60)},
        budget=12.0,
        caps={},
        texts={"risk": "5"},
    )
    capped = programme(city, outlook=True)
    assert capped.capped_by == "simulation"
    assert starts(capped) == {"A": FIRST, "B": FIRST}
    assert capped.outlook is not None
    missed, points = capped.outlook.first_out, capped.outlook.frontier
    assert missed is None, "having C would pass the cap, whoever made room"
    assert all(point.selection is None or not point.selection.chosen[2] for point in points)
    free = programme(replace(city, texts={}), outlook=True)
    assert free.outlook is not None
    assert free.outlook.first_out is not None
    assert any(point.selection is not None and point.selection.chosen[2] for point in free.outlook.frontier)
    assert capped.outlook.robust is not None
    assert capped.outlook.robust.project_shares[2] < free.outlook.robust.project_shares[2]


def test_the_futures_are_the_first_draws_of_the_ranked_list() -> None:
    city = replace(TWO, texts={"objective": "score"})
    found = programme(city)
    contest = explored_contest(city.explored)
    listed = contest.draws(explored_weights(city.explored, contest)).scores[:FUTURES]
    assert np.array_equal(futures_of(found, city.explored), listed)
