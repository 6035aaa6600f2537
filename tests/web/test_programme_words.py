"""What the page says of rules that clash: whose they are, where they stand, and what would loosen them."""

from dataclasses import replace

from appraisal.services.programme import Programme, best_programme
from appraisal.web.programme_finding import finding
from appraisal.web.programme_words import clash_said, field_problems, remedies, rules_text, too_dear
from scoring.selection import Rule, RuleKind
from tests.services.programmes import FIRST, GROUPS, City, spread

CITY = City(
    values={"A": 10.0, "B": 9.0},
    calls={"A": {FIRST: 6.0}, "B": {FIRST: 6.0}},
    losses={"A": spread(10, 5), "B": spread(9, 20)},
    budget=20.0,
    caps={FIRST: 10.0},
)


def programme(city: City) -> Programme:
    return best_programme(city.material, city.explored, city.rules, GROUPS)


def test_what_must_be_done_is_told_with_the_numbers_at_the_budget_it_passes() -> None:
    city = replace(CITY, must=("A", "B"))
    found = programme(city)
    assert too_dear(found) == f"Must-do projects cost USD 12 m, the {FIRST} budget is USD 10 m."
    assert field_problems(found, city.explored) == {f"cap-{FIRST}": too_dear(found)}
    assert remedies(clash_said(found, city.explored)) == f"raise the {FIRST} budget, unpin A or unpin B"


def test_nobody_is_told_to_unpin_what_is_approved() -> None:
    approved = replace(CITY, approved=("A", "B"))
    found = programme(approved)
    assert too_dear(found) == f"What is approved costs USD 12 m, the {FIRST} budget is USD 10 m."
    said = clash_said(found, approved.explored)
    assert [rule.text for rule in said[1:]] == ["A is approved already", "B is approved already"]
    assert "unpin" not in remedies(said)
    both = replace(CITY, approved=("A",), must=("B",))
    assert too_dear(programme(both)).startswith("Approved and must-do projects cost")


def test_risk_phases_and_shares_are_named_by_their_fields() -> None:
    # A gains enough to carry B's losses, but only one of them may be chosen.
    losses = {"A": spread(20, 5), "B": spread(9, 20)}
    risky = replace(CITY, must=("B",), caps={}, losses=losses, texts={"risk": "5", "one": "A, B"})
    found = programme(risky)
    said = clash_said(found, risky.explored)
    assert {rule.field for rule in said} == {"risk", "one", ""}
    assert "the chance of a loss is at most 5%, whatever moves together" in [rule.text for rule in said]
    problems = field_problems(found, risky.explored)
    assert problems["risk"].startswith("This cannot hold together with: ")
    assert too_dear(found) == ""
    phased = replace(
        CITY, must=("B",), values={"A": 1.0, "B": 9.0}, budget=6.0, texts={"later": "1", "phases": "A then B"}
    )
    texts = [rule.text for rule in clash_said(programme(phased), phased.explored)]
    assert "B starts a year or more after A" in texts
    assert len(texts) == len(set(texts))


def test_a_share_that_nothing_can_have_is_told() -> None:
    idle = replace(CITY, texts={"least": "20% for South"})
    assert "nothing can be spent at all" in field_problems(programme(idle), idle.explored)["least"]


def test_rules_are_told_in_one_line() -> None:
    assert rules_text(()) == ""
    given = [("objective", "score"), ("risk", "5"), ("later", "1"), ("phases", "A then B\nB then C")]
    assert rules_text(given) == (
        "chosen for: sum of scores; chance of a loss at most 5%; any start up to 1 year later; "
        "phases A then B, B then C"
    )


def test_the_headline_says_under_which_rule_it_is_proven() -> None:
    free = replace(CITY, caps={})
    assert finding(programme(free)).certainty.startswith("proven: no other programme under these rules is worth more")
    kept = finding(programme(replace(free, texts={"risk": "5"})))
    assert kept.title == "2 of 2 projects make the best programme of the USD 20 m budget"
    assert kept.certainty.startswith("proven: ")
    assert kept.certainty.endswith("its simulated chance of a loss is within the cap of 5 in 100")
    cautious = finding(programme(replace(free, texts={"risk": "4"})))
    assert cautious.certainty.startswith("proven under the cautious rule for the chance of a loss: ")
    nothing = finding(programme(replace(free, must=("B",), texts={"risk": "4", "one": "A, B"})))
    assert nothing.title == "No programme found under the cautious rule"
    assert finding(programme(replace(free, must=("A", "B"), budget=5.0, texts={"risk": "4"}))).title == (
        "No programme keeps all rules"
    )


def test_nobody_reads_that_a_project_starts_only_once() -> None:
    city = replace(CITY, must=("A", "B"))
    found = programme(city)
    assert found.clash is not None
    once = tuple(Rule(RuleKind.PROJECT, at, "only once") for at in range(2))
    more = replace(found, clash=replace(found.clash, rules=(*once, *found.clash.rules)))
    assert clash_said(more, city.explored) == clash_said(found, city.explored)
    assert len(clash_said(more, city.explored)) == 3


def test_the_headline_says_that_a_rule_was_left_out() -> None:
    sound = replace(CITY, caps={}, texts={"later": "2", "phases": "A then after 2 years B"})
    assert "could not be used" not in finding(programme(sound)).title
    said = finding(programme(replace(sound, texts={"later": "2", "phases": "A then B after 2 years"})))
    assert said.title == (
        "2 of 2 projects make the best programme of the USD 20 m budget, without a rule that could not be used"
    )
    assert said.certainty.startswith("proven only for the rules that could be used: no other programme under them")
    lost = replace(sound, must=("A", "B"), budget=5.0, texts={"phases": "nothing", "one": "A"})
    assert finding(programme(lost)).title == (
        "No programme keeps all rules, even without 2 rules that could not be used"
    )
