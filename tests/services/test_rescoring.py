"""A round that takes another framework after scoring began: which scores stand, who must score what, nothing deleted.

On both databases.
"""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import (
    Assessment,
    AssessmentState,
    AssessmentTask,
    Project,
    ProjectState,
    Reconciliation,
    Role,
    Round,
    Score,
    ScoreStage,
)
from appraisal.policy import OPERATOR
from appraisal.services import (
    appraising,
    assessing,
    frameworks,
    listing,
    reconciling,
    round_frameworks,
)
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.queue import CardState
from appraisal.services.reconciling import OwnFirst
from scoring.frameworks import editing, load_framework
from tests import factories
from tests.framework_moves import (
    NUMBER,
    Change,
    Held,
    as_number,
    handed_in,
    indicator,
    moving,
    other_criteria,
    other_weights,
    other_words,
)
from tests.panel import REASON, level


@pytest.fixture
def held(sessions: sessionmaker[Session]) -> Held:
    return moving(sessions)


@pytest.mark.parametrize("change", [other_words, other_weights])
def test_words_and_weights_ask_nobody_for_anything(held: Held, change: Change) -> None:
    actor = handed_in(held, "A", 2)
    before = held.rows()
    plan = held.planned(held.published(change))
    assert (plan.scores_kept, plan.scores_aside, plan.scores_due, plan.tasks) == (len(before), 0, 0, [])
    held.move_to(plan.after.id)
    assert held.rows() == before
    assert held.card(actor).state is CardState.DONE
    assert held.answers().answers["NE4"].level == 2


@pytest.mark.parametrize("change", [other_weights, other_criteria])
def test_what_is_approved_keeps_its_framework_but_for_words(held: Held, change: Change) -> None:
    with held.sessions.begin() as session:
        session.get_one(Project, held.panel.project_id).state = ProjectState.APPROVED
    version = held.published(change)
    for asked in (held.planned, held.move_to):
        with pytest.raises(DomainError, match="is approved by its present framework"):
            asked(version)
    held.move(other_words)


def test_other_criteria_set_scores_aside_and_make_tasks(held: Held) -> None:
    actor, other = handed_in(held, "A", 2), handed_in(held, "B", 4)
    before, asked = held.rows(), len(before_ids := {row[0] for row in held.rows()})
    assert {"NE4", "NE5"} <= before_ids
    plan = held.planned(held.published(other_criteria))
    assert plan.scores_kept == 2 * (asked - 2)
    assert (plan.scores_aside, plan.scores_due) == (4, 4)
    assert plan.tasks == [("A appraiser", 1, 2)] * 2
    held.move_to(plan.after.id)
    assert held.rows() == before  # not one score is deleted or changed
    card = held.card(actor)
    assert card.state is CardState.AGAIN
    assert card.task is not None
    assert (card.task.again, card.task.dropped, list(card.task.former)) == (("NE4", "NE11"), ("NE5",), ["NE4"])
    assert (card.task.before, card.task.after) == (plan.before.name, plan.after.name)
    counts = held.answers()
    assert counts.appraisers == 2
    assert counts.answers["NE3"].level == 3  # the median of 2 and 4: what is asked alike counts on
    assert counts.answers["NE4"].unknown
    assert counts.answers["NE11"].unknown
    with held.sessions() as session, pytest.raises(OwnFirst):
        reconciling.compare_panel(session, other, held.panel.project_id)


def test_what_is_scored_again_counts_once_it_is_handed_in(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    held.move(other_criteria)
    held.panel.save(actor, "NE4", NUMBER)
    assert held.answers().answers["NE4"].unknown  # begun, and not handed in
    with held.sessions() as session, pytest.raises(DomainError, match="handed in"):
        assessing.save_score(session, actor, held.panel.project_id, "NE3", held.panel.sheet(actor).version, level(1))
    with pytest.raises(assessing.Incomplete):
        held.panel.submit(actor)
    held.panel.save(actor, "NE11", level(3))
    held.panel.submit(actor)
    assert held.card(actor).state is CardState.DONE
    counts = held.answers().answers
    assert (counts["NE4"].value, counts["NE11"].level, counts["NE3"].level) == (40.0, 3, 2)
    with held.sessions() as session:
        assert reconciling.compare_panel(session, actor, held.panel.project_id).members[0].own
        task = session.scalars(select(AssessmentTask)).one()
    assert task.done_at is not None
    assert [(copy["level"], copy["reason"]) for copy in task.set_aside["NE4"]] == [(2, REASON)]  # the former one stays


def test_the_same_number_given_to_another_question_is_a_new_score(held: Held) -> None:
    """Only the unit changes: what was typed before must not count as typed again."""
    held.move(as_number)
    actor = held.panel.appraiser("A")
    held.panel.fill(actor, {"NE4": NUMBER})
    held.panel.submit(actor)
    held.move(lambda now: editing.with_indicator(now, replace(indicator(now, "NE4"), unit="hours a day")))
    assert held.answers().answers["NE4"].unknown
    held.panel.save(actor, "NE4", NUMBER)
    held.panel.submit(actor)
    assert held.answers().answers["NE4"].value == 40.0


def test_a_draft_is_kept_and_told_what_changed(held: Held) -> None:
    actor = held.panel.appraiser("A")
    version = held.panel.save(actor, "NE4", level(2))
    version = held.panel.save(actor, "NE3", level(1))
    before = held.rows()
    held.move(other_criteria)
    assert held.rows() == before
    sheet = held.panel.sheet(actor)
    assert (sheet.state, sheet.writable) == (AssessmentState.DRAFT, True)
    assert "NE4" not in sheet.entries  # a level is no answer to a question for a number
    assert sheet.entries["NE3"] == level(1)
    assert sheet.task is not None
    assert sheet.task.former == {"NE4": level(2)}
    with pytest.raises(StaleVersion):  # a page that was open when the framework changed
        held.panel.save(actor, "NE4", NUMBER, version=version)
    held.panel.fill(actor, {"NE4": NUMBER, "NE3": level(1)})
    held.panel.submit(actor)
    assert held.panel.sheet(actor).task is None
    with held.sessions() as session:
        assert session.scalars(select(AssessmentTask.done_at)).one() is not None


@pytest.mark.parametrize(("change", "kind"), [(other_words, "wording"), (other_weights, "weights")])
def test_a_draft_is_told_of_words_and_weights_too(held: Held, change: Change, kind: str) -> None:
    actor = held.panel.appraiser("A")
    version = held.panel.save(actor, "NE4", level(2))
    held.move(change)
    task = held.panel.sheet(actor).task
    assert task is not None
    assert (task.kind, task.again) == (kind, ())
    held.panel.save(actor, "NE4", level(3), version=version)  # nothing it was written for has changed


def test_what_the_panel_agreed_on_is_set_aside_and_can_be_agreed_anew(held: Held) -> None:
    actors = [handed_in(held, name, given) for name, given in (("A", 2), ("B", 4))]
    with held.sessions() as session:
        reconciling.reconcile(session, actors[0], held.panel.project_id, "NE4", 0, level(3))
    assert held.answers().answers["NE4"].level == 3
    held.move(as_number)
    assert held.answers().answers["NE4"].unknown
    for actor in actors:
        held.panel.save(actor, "NE4", NUMBER)
        held.panel.submit(actor)
    assert held.answers().answers["NE4"].value == 40.0
    agreed = replace(NUMBER, value=50.0)
    with held.sessions() as session:
        reconciling.reconcile(session, actors[0], held.panel.project_id, "NE4", 0, agreed)
    assert held.answers().answers["NE4"].value == 50.0
    with held.sessions() as session:
        assert len(session.scalars(select(Reconciliation)).all()) == 1


def test_what_was_said_after_comparing_does_not_outlive_its_question(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    with held.sessions() as session:
        reconciling.revise(session, actor, held.panel.project_id, "NE4", held.panel.sheet(actor).version, level(4))
    assert held.answers().answers["NE4"].level == 4
    held.move(as_number)
    held.panel.save(actor, "NE4", NUMBER)
    held.panel.submit(actor)
    assert held.answers().answers["NE4"].value == 40.0
    with held.sessions() as session:
        stages = session.scalars(select(Score.stage).where(Score.indicator == "NE4")).all()
        copies = session.scalars(select(AssessmentTask)).one().set_aside["NE4"]
    assert set(stages) == {ScoreStage.ALONE, ScoreStage.COMPARED}
    assert [copy["level"] for copy in copies] == [2, 4]


def test_back_to_the_former_version_nothing_dropped_is_asked_again(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    with held.sessions() as session:
        first = session.get_one(Round, held.round_id).framework_version_id
    held.move(lambda now: editing.without_indicator(now, "NE5"))
    assert "NE5" not in held.answers().answers
    assert held.card(actor).state is CardState.DONE
    plan = held.move_to(first)
    assert plan.scores_due == 0
    assert held.answers().answers["NE5"].level == 2


def test_what_comes_back_with_another_question_is_scored_again(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    with held.sessions() as session:
        former = frameworks.framework_of(session.get_one(Round, held.round_id).framework_version)
    held.move(lambda now: editing.without_indicator(now, "NE4"))
    other = replace(indicator(as_number(former), "NE4"), weight=0.0)
    plan = held.move(lambda now: editing.with_indicator(now, other))
    assert (plan.scores_aside, plan.scores_due) == (1, 1)
    assert held.answers().answers["NE4"].unknown
    assert held.card(actor).state is CardState.AGAIN


def test_a_task_whose_question_goes_again_is_over(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    fresh = replace(indicator(load_framework(), "NE4"), id="NE11", weight=0.0)
    held.move(lambda now: editing.with_indicator(now, fresh))
    assert held.card(actor).state is CardState.AGAIN
    held.move(lambda now: editing.without_indicator(now, "NE11"))
    assert held.card(actor).state is CardState.DONE


def test_the_task_goes_along_to_a_new_submission(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    held.move(as_number)
    before = held.rows()
    held.panel.send_again()
    with held.sessions() as session:
        assessing.start(session, actor, held.panel.project_id)
    sheet = held.panel.sheet(actor)
    assert "NE4" not in sheet.entries
    assert sheet.entries["NE3"] == level(2)
    assert sheet.task is not None
    assert sheet.task.former == {"NE4": level(2)}
    with held.sessions() as session:
        first = session.scalars(select(Assessment).order_by(Assessment.started_at)).first()
        assert first is not None
        kept = session.scalars(select(Score.indicator).where(Score.assessment_id == first.id)).all()
    assert len(kept) == len(before)


def test_a_run_of_the_panel_stays_hidden_until_the_new_scores_are_in(held: Held) -> None:
    actor, other = handed_in(held, "A", 2), handed_in(held, "B", 4)
    held.move(other_criteria)
    for name, entry in (("NE4", NUMBER), ("NE11", level(4))):
        held.panel.save(other, name, entry)
    held.panel.submit(other)
    with held.sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.panel.project_id, seed=1, draws=100)
    for each, seen in ((actor, 0), (other, 1)):
        with held.sessions() as session:
            assert len(listing.runs_of(session, each, held.panel.project_id)) == seen
    analyst = factories.actor(held.sessions, Role.ANALYST, factories.organisation(held.sessions, "Office"))
    with held.sessions() as session:
        assert len(listing.runs_of(session, analyst, held.panel.project_id)) == 1


def decided(held: Held, state: ProjectState) -> None:
    with held.sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.panel.project_id, seed=1, draws=100)
    with held.sessions.begin() as session:
        session.get_one(Project, held.panel.project_id).state = state


@pytest.mark.parametrize("state", [ProjectState.REJECTED, ProjectState.DEFERRED])
def test_what_is_decided_asks_nobody_for_scores_and_stays_to_be_looked_at(held: Held, state: ProjectState) -> None:
    actor = handed_in(held, "A", 2)
    decided(held, state)
    plan = held.planned(held.published(other_criteria))
    assert (plan.left, plan.tasks, plan.planners) == ((), [], [])
    held.move_to(plan.after.id)
    card = held.card(actor)
    assert (card.state, card.task, card.scored, card.asked) == (CardState.DONE, None, card.asked, card.asked)
    with held.sessions() as session:
        compared = reconciling.compare_panel(session, actor, held.panel.project_id)
        assert session.scalars(select(AssessmentTask)).all() == []
    assert compared.find("NE4").panel.level == 2  # by the framework that the decision rests on
    with held.sessions() as session:
        (run,) = listing.runs_of(session, OPERATOR, held.panel.project_id)
    assert not run.stale


def test_what_comes_back_after_a_decision_is_told_what_changed_meanwhile(held: Held) -> None:
    actor = handed_in(held, "A", 2)
    decided(held, ProjectState.DEFERRED)
    held.move(other_criteria)
    with held.sessions.begin() as session:
        session.get_one(Project, held.panel.project_id).state = ProjectState.SUBMITTED  # returned, and sent again
    held.panel.send_again()
    with held.sessions() as session:
        assessing.start(session, actor, held.panel.project_id)
    sheet = held.panel.sheet(actor)
    assert sheet.task is not None
    assert (sheet.task.again, sheet.task.dropped) == (("NE4", "NE11"), ("NE5",))
    assert "NE4" not in sheet.entries
    assert sheet.entries["NE3"].level == 2


def test_a_run_by_the_former_framework_needs_to_be_run_again(held: Held) -> None:
    with held.sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.panel.project_id, seed=1, draws=100)
    for change, stale in ((other_words, False), (other_weights, True)):
        held.move(change)
        with held.sessions() as session:
            (run,) = listing.runs_of(session, OPERATOR, held.panel.project_id)
        assert run.stale is stale


def test_planners_are_told_what_the_round_asks_since_until_they_send_again(held: Held) -> None:
    planner = held.panel.planner
    held.move(other_weights)
    with held.sessions() as session:
        assert round_frameworks.asked_since(session, planner) == {}
    plan = held.move(other_criteria)
    assert plan.planners == [(planner.name, 1)]
    with held.sessions() as session:
        asked = round_frameworks.asked_since(session, planner)
    assert {key: [item.id for item in items] for key, items in asked.items()} == {
        held.panel.project_id: ["NE4", "NE11"]
    }
    held.panel.send_again()
    with held.sessions() as session:
        assert round_frameworks.asked_since(session, planner) == {}
