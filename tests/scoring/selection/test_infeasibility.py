"""Rules that cannot hold together: which, why, and none too many."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from scoring.selection import InfeasibleProgramme, Problem, RuleKind, choose, clashes, problem_of
from scoring.selection.rules import rules_of
from tests.examples import examples
from tests.scoring.selection.factories import city
from tests.scoring.selection.oracle import best_value, problems


def kinds(problem: Problem) -> list[tuple[RuleKind, int]]:
    clash = clashes(problem)
    assert clash is not None
    assert clash.irreducible
    return [(rule.kind, rule.position) for rule in clash.rules]


def test_must_do_projects_over_a_budget_are_said_with_the_numbers() -> None:
    problem = problem_of(
        [1.0, 1.0, 1.0],
        [[0.0, 7.0], [0.0, 5.0], [3.0, 0.5]],
        [10.0, 10.0],
        must=[0, 1, 2],
        names=["Tram", "Depot", "Bridge"],
        budget_names=["the 2026 budget", "the 2027 budget"],
    )
    with pytest.raises(InfeasibleProgramme) as error:
        choose(problem)
    text = "must-do projects cost 12.5, the 2027 budget is 10; Tram and Depot alone cost 12"
    assert str(error.value) == text
    assert kinds(problem) == [(RuleKind.BUDGET, 1), (RuleKind.MUST, 0), (RuleKind.MUST, 1)]


def test_a_pin_in_and_a_pin_out() -> None:
    problem = problem_of([1.0, 2.0], [[1.0], [1.0]], [5.0], must=[0, 1], must_not=[1], names=["Tram", "Depot"])
    clash = clashes(problem)
    assert clash is not None
    assert kinds(problem) == [(RuleKind.MUST, 1), (RuleKind.MUST_NOT, 0)]
    assert "Depot must be done and takes 1 of budget 0; Depot must not be done" in clash.message


def test_a_chain_of_requirements_ends_at_a_gate() -> None:
    problem = problem_of(
        np.ones(5), np.ones((5, 1)), [9.0], requires=[(0, 1), (1, (2, 3)), (4, 0)], must=[0, 4], must_not=[2, 3]
    )
    found = kinds(problem)
    assert (RuleKind.MUST, 0) in found or (RuleKind.MUST, 1) in found
    assert [place for place in found if place[0] is not RuleKind.MUST] == [
        (RuleKind.REQUIRES, 0),
        (RuleKind.REQUIRES, 1),
        *([(RuleKind.REQUIRES, 2)] if (RuleKind.MUST, 1) in found else []),
        (RuleKind.MUST_NOT, 0),
        (RuleKind.MUST_NOT, 1),
    ]


def test_only_whole_projects_clash() -> None:
    # each two of three exclude each other and two of them must be done: a half of each would keep all rules
    problem = problem_of(
        np.ones(3), np.zeros((3, 1)), [1.0], exclusive=[(0, 1), (1, 2), (0, 2)], must=[(0, 1), (1, 2), (0, 2)]
    )
    assert len(kinds(problem)) == 6
    with pytest.raises(InfeasibleProgramme, match="cannot hold together"):
        choose(problem)


def test_shares_risk_and_the_years_of_one_project() -> None:
    share = problem_of([1.0, 1.0], [[4.0], [4.0]], [5.0], must=[0], minimum_shares=[((1,), 0.5)])
    assert kinds(share) == [(RuleKind.BUDGET, 0), (RuleKind.SHARE, 0), (RuleKind.MUST, 0)]
    risk = problem_of([1.0], [[1.0]], [5.0], must=[0], risk=[3.0], risk_cap=2.0)
    assert kinds(risk) == [(RuleKind.RISK, 0), (RuleKind.MUST, 0)]
    years = problem_of([1.0, 1.0], [[1.0], [1.0]], [5.0], projects=[7, 7], must=[0, 1])
    assert kinds(years) == [(RuleKind.PROJECT, 0), (RuleKind.MUST, 0), (RuleKind.MUST, 1)]
    nothing = problem_of([], np.zeros((0, 1)), [5.0], risk=[], risk_cap=-1.0)
    assert kinds(nothing) == [(RuleKind.RISK, 0)]
    with pytest.raises(InfeasibleProgramme):
        choose(nothing)


def test_rules_that_hold_do_not_clash() -> None:
    assert clashes(city(100)) is None
    assert clashes(problem_of([1.0], [[1.0]], [1.0], must=[0])) is None


def less(problem: Problem, gone: set[tuple[RuleKind, int]]) -> Problem:
    """The problem less some rules, taken away where they are written."""

    def kept(kind: RuleKind, given: tuple[Any, ...]) -> list[Any]:
        return [part for position, part in enumerate(given) if (kind, position) not in gone]

    free = [project for kind, project in gone if kind is RuleKind.PROJECT]
    labels = problem.projects.copy()
    for position in np.flatnonzero(np.isin(labels, free)):
        labels[position] = 100 + position
    budgets = [np.inf if (RuleKind.BUDGET, k) in gone else limit for k, limit in enumerate(problem.budgets)]
    return problem_of(
        problem.values,
        problem.costs,
        budgets,
        projects=labels,
        exclusive=kept(RuleKind.EXCLUSIVE, problem.exclusive),
        requires=kept(RuleKind.REQUIRES, problem.requires),
        must=kept(RuleKind.MUST, problem.must),
        must_not=kept(RuleKind.MUST_NOT, problem.must_not),
        minimum_shares=kept(RuleKind.SHARE, problem.minimum_shares),
        risk=problem.risk,
        risk_cap=np.inf if (RuleKind.RISK, 0) in gone else problem.risk_cap,
    )


@given(problems(most=6))
@settings(max_examples=examples(150), deadline=None)
def test_the_rules_named_clash_by_themselves_and_none_can_be_left_out(rules: dict[str, Any]) -> None:
    problem = problem_of(**rules)
    clash = clashes(problem)
    assert (clash is None) == (best_value(problem) is not None)
    if clash is None:
        return
    named = {(rule.kind, rule.position) for rule in clash.rules}
    every = rules_of(problem)
    others = {(kind, int(position)) for kind, position in zip(every.kinds, every.positions, strict=True)} - named
    assert best_value(less(problem, others)) is None
    for place in named:
        assert best_value(less(problem, others | {place})) is not None


def test_a_clash_is_found_among_thousands_of_rules() -> None:
    whole = city(2_000)
    chosen, needed = whole.requires[0][0], whole.requires[0][1][0]
    given_rules = {"exclusive": whole.exclusive, "requires": whole.requires, "minimum_shares": whole.minimum_shares}
    problem = problem_of(
        whole.values, whole.costs, whole.budgets, **given_rules, must=[chosen], must_not=[needed, *range(0, 60, 7)]
    )
    assert kinds(problem)[0] == (RuleKind.REQUIRES, 0)


def test_without_time_nothing_is_claimed() -> None:
    problem = problem_of(
        np.ones(3), np.zeros((3, 1)), [1.0], exclusive=[(0, 1), (1, 2), (0, 2)], must=[(0, 1), (1, 2), (0, 2)]
    )
    assert clashes(problem, time_limit=1e-9) is None


def test_rules_known_to_clash_are_never_answered_with_a_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.selection.programme.clashes", lambda *_, **__: None)
    with pytest.raises(InfeasibleProgramme, match="was not found in time") as error:
        choose(problem_of([1.0], [[5.0]], [1.0], must=[0]))
    assert not error.value.clash.irreducible


def test_a_set_that_time_did_not_narrow_down_is_said_not_to_be_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("scoring.selection.infeasibility._needed", late)
    clash = clashes(problem_of([1.0, 2.0], [[1.0], [1.0]], [5.0], must=[0, 1], must_not=[1]))
    assert clash is not None
    assert not clash.irreducible
    assert {RuleKind.MUST, RuleKind.MUST_NOT} <= {rule.kind for rule in clash.rules}
