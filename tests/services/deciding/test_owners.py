"""Who owes what a decision sets: a person who was chosen is told, reminded, named in the letter, and in no record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import simplejson
from sqlalchemy import select

from appraisal.models import Decision, DecisionCondition, Notice, Project, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import (
    administering,
    deciding,
    decisions,
    notifying,
    obligations,
    personal_data,
    publishing,
    reminders,
    scheduling,
    told,
)
from appraisal.services.deciding import Refused, Wish
from appraisal.services.errors import DomainError
from appraisal.services.letters import Condition
from tests import factories
from tests.rounds import at
from tests.services.deciding.cases import CONDITIONAL, SOON, Sessions, appraised, decide, prepare
from tests.services.deciding.times import soon

NOON = datetime(SOON.year, SOON.month, SOON.day, 12, tzinfo=UTC)


def key(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id


def owed_by(*people: Actor) -> Wish:
    """A condition for each of them, and one for somebody outside."""
    chosen = [Condition(f"Task {number}", "", SOON, account=key(each)) for number, each in enumerate(people, start=1)]
    return replace(CONDITIONAL, conditions=(*chosen, Condition("Sign the grant", "Treasury", SOON)))


def messages(sessions: Sessions, actor: Actor, kind: Notice) -> list[str]:
    with sessions() as session:
        found = notifying.messages(session, actor, size=20).rows
    return [each.sentence for each in reversed(found) if each.kind is kind]


def test_people_of_the_organisation_and_of_the_office_can_be_chosen(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    office = factories.organisation(sessions, "Data office")
    analyst, gone = (
        factories.actor(sessions, Role.ANALYST, office, email=f"{name}@example.org") for name in ("analyst", "gone")
    )
    factories.actor(sessions, Role.APPRAISER, office)
    other = factories.organisation(sessions, "Rival")
    rival = factories.actor(sessions, Role.PLANNER, other)
    with sessions() as session:
        administering.set_disabled(session, OPERATOR, key(gone), disabled=True)
    elsewhere = appraised(sessions, rival, "zurich-tunnel")
    for ids, expected in (
        ([project.id], [planner, analyst, approver]),
        ([project.id, elsewhere.id], [analyst, approver]),
    ):
        with sessions() as session:
            found = deciding.who_may_owe(session, approver, ids)
        assert [each.id for each in found] == [key(each) for each in expected]
    for refused in (rival, gone):
        with pytest.raises(Refused, match=r"“Task 1”: whoever was chosen .* Choose someone else"):
            prepare(sessions, approver, owed_by(refused), project)


def test_whoever_is_chosen_is_told_and_named_in_no_record(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, owed_by(planner, approver), project)
    with sessions() as session:
        (pending,) = publishing.review(session, approver).sound
    assert pending.letter is not None
    names = ["A planner, Haneul", "A approver, Council", "Treasury"]
    assert [each.who for each in pending.letter.conditions] == names
    decision = decide(sessions, approver, owed_by(planner, approver), project)
    said = simplejson.loads(decision.document)["conditions"]
    assert [(each["owner"], each.get("account")) for each in said] == [
        ("Haneul", str(planner.account_id)),
        ("Council", str(approver.account_id)),
        ("Treasury", None),
    ]
    assert "A planner" not in decision.document
    assert messages(sessions, planner, Notice.OWED) == [
        f"You owe a condition of “{project.title}”: condition 1 of decision 1, by {SOON.day} {SOON:%b %Y}."
    ]
    assert messages(sessions, approver, Notice.OWED) == []  # whose own doing it is
    with sessions() as session:
        assert told.told_of(session, approver, decision.publication_id).messages == 2
    for reader, mine in ((planner, [1]), (approver, [2])):
        with sessions() as session:
            held = obligations.owed(session, reader, project_id=project.id)
        assert [each.owner for each in sorted(held, key=lambda each: names.index(each.owner))] == names
        assert [int(each.text.removeprefix("Task ")) for each in held if each.mine] == mine


def test_the_name_goes_with_the_account_and_the_record_stays(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    decision = decide(sessions, approver, owed_by(planner), project)
    with sessions() as session:
        assert "decision_condition" in personal_data.about(session, planner, key(planner))
    with sessions() as session:
        personal_data.erase(session, OPERATOR, key(planner))
    with sessions() as session:
        letter = decisions.decision_told(session, approver, decision.id)
    assert (letter.document, letter.untouched) == (decision.document, True)
    assert [each.who for each in letter.letter.conditions] == ["Former colleague, Haneul", "Treasury"]
    with sessions() as session:
        assert {each.owner for each in obligations.owed(session, approver)} == {"Former colleague, Haneul", "Treasury"}


def test_whoever_is_chosen_is_reminded_while_they_can_be(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Data office"))
    decide(sessions, approver, owed_by(analyst), project)
    for moment, more in ((NOON - timedelta(days=15), 0), (NOON - timedelta(days=14), 2), (NOON, 0)):
        with at(moment), sessions() as session:
            assert reminders.remind(session) == more
    (own,) = messages(sessions, analyst, Notice.OWED_SOON)
    assert own.endswith(": condition 1 of decision 1.")
    (outside,) = messages(sessions, planner, Notice.OWED_SOON)
    assert outside.endswith(": condition 2 of decision 1.")
    with sessions() as session:
        administering.set_disabled(session, OPERATOR, key(analyst), disabled=True)
    with at(NOON + timedelta(days=1)), sessions() as session:
        assert reminders.remind(session) == 2
    late = messages(sessions, planner, Notice.OWED_SOON)[1:]
    assert sorted(each.rpartition(": ")[2] for each in late) == [
        "condition 1 of decision 1.",
        "condition 2 of decision 1.",
    ]


def test_whose_account_is_closed_before_it_is_published_is_chosen_anew(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, owed_by(planner), project)
    with sessions() as session:
        seen = {each.row.id: each.row.version for each in publishing.review(session, approver).sound}
    with sessions() as session:
        row = scheduling.schedule(session, approver, uuid4(), seen, soon())
    with sessions() as session:
        (as_seen,) = scheduling.decisions_seen(session, row)
    assert as_seen.letter.conditions[0].who == "A planner, Haneul"
    with sessions() as session:
        scheduling.cancel(session, approver, row.id)
    with sessions() as session:
        administering.set_disabled(session, OPERATOR, key(planner), disabled=True)
    with sessions() as session:
        (changed,) = publishing.review(session, approver).changed
    assert "“Task 1”: whoever was chosen to see to it can no longer see the project" in changed.problems[0]


def test_nobody_accepts_the_evidence_of_what_they_owe_themselves(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    decide(sessions, approver, owed_by(approver), project)
    colleague = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Ministry"))
    with sessions() as session:
        (row,) = session.scalars(select(DecisionCondition).where(DecisionCondition.owner_id.is_not(None)))
    with sessions() as session:
        assert not obligations.one(session, approver, row.id).may_meet
    with sessions() as session, pytest.raises(DomainError, match="You owe this condition"):
        obligations.meet(session, approver, row.id, 0, "Seen")
    with sessions() as session:
        assert obligations.meet(session, colleague, row.id, 0, "Seen").met_by == colleague.name
    with sessions() as session:
        assert session.scalars(select(Decision)).one().conditions[0].met is not None
