"""An appraiser declares, scores, hands in, and scores what was sent again; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Assessment, AuditEntry, ConflictKind, Interest, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import assessing, drafting, queue, ranking, registration, sheets
from appraisal.services.assessing import Incomplete
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.queue import CardState
from appraisal.services.scores import Entry, words_in
from appraisal.services.sheets import NotDeclared
from scoring.project_file import Answer, EvidenceGrade
from tests import factories
from tests.panel import REASON, UNKNOWN, Panel, anything, level, panel

Act = Callable[[Session, Actor, UUID], object]


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


def card(held: Panel, actor: Actor) -> queue.Card:
    with held.sessions() as session:
        return queue.queue_of(session, actor).cards[0]


def refused(held: Panel, actor: Actor, error: type[Exception], act: Act) -> None:
    with held.sessions() as session, pytest.raises(error):
        act(session, actor, held.project_id)


def save(indicator: str, version: int, entry: Entry) -> Act:
    return lambda session, actor, project: assessing.save_score(session, actor, project, indicator, version, entry)


OPENINGS: tuple[Act, ...] = (
    drafting.draft_of,
    sheets.sheet_of,
    assessing.start,
    registration.visible_project,
    save("DS1", 1, UNKNOWN),
    lambda session, actor, project: assessing.submit(session, actor, project, 1),
)


@pytest.mark.parametrize("interest", [None, Interest.NOT_COMPETENT])
def test_nothing_opens_before_a_declaration_or_after_a_conflict(haneul: Panel, interest: Interest | None) -> None:
    appraiser = haneul.appraiser("A", declared=False)
    with haneul.sessions() as session:
        summary = assessing.summary_of(session, appraiser, haneul.project_id)
    assert (summary.owner, summary.declared) == ("Haneul", None)
    if interest:
        haneul.declare(appraiser, interest)
    assert card(haneul, appraiser).state is (CardState.CONFLICT if interest else CardState.NOT_STARTED)
    for act in OPENINGS:
        with haneul.sessions() as session, pytest.raises((NotFound, NotDeclared)):
            act(session, appraiser, haneul.project_id)
    with haneul.sessions() as session:
        assert ranking.ranked_portfolio(session, appraiser).waiting == ()


def test_a_conflict_says_of_which_kind_and_is_not_declared_away(haneul: Panel) -> None:
    appraiser = haneul.appraiser("A", declared=False)
    with haneul.sessions() as session, pytest.raises(DomainError, match="kind"):
        assessing.declare(session, appraiser, haneul.project_id, Interest.CONFLICT)
    with haneul.sessions() as session:
        assessing.declare(
            session, appraiser, haneul.project_id, Interest.CONFLICT, kind=ConflictKind.WORK, text="I wrote the bid."
        )
    with haneul.sessions() as session, pytest.raises(DomainError, match="administrator"):
        assessing.declare(session, appraiser, haneul.project_id, Interest.NONE)


def test_only_those_assigned_have_it_in_their_queue(haneul: Panel) -> None:
    office = factories.organisation(haneul.sessions, "Elsewhere")
    stranger = factories.actor(haneul.sessions, Role.APPRAISER, office)
    analyst = factories.actor(haneul.sessions, Role.ANALYST, office)
    for act in (*OPENINGS, assessing.summary_of):
        refused(haneul, stranger, NotFound, act)
    refused(haneul, analyst, NotAllowed, sheets.sheet_of)
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        queue.queue_of(session, haneul.planner)
    refused(haneul, OPERATOR, NotFound, sheets.sheet_of)


def test_every_score_is_kept_as_it_stands_and_handed_in_when_complete(haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    haneul.save(appraiser, "DS1", Entry(level=3, reason="Too short."))
    haneul.save(appraiser, "DS1", Entry(level=3, reason="Too short."))
    sheet = haneul.sheet(appraiser)
    assert sheet.entries["DS1"] == Entry(level=3, reason="Too short.")
    assert (sheet.given, len(sheet.asked)) == (1, 32)
    with haneul.sessions() as session, pytest.raises(Incomplete) as caught:
        assessing.submit(session, appraiser, haneul.project_id, sheet.version)
    messages = {gap.indicator: gap.message for gap in caught.value.gaps}
    assert messages["DS1"] == "The reason has 2 words; 20 to 300 are asked."
    assert messages["DS2"] == "Choose a level, or “unknown”."
    haneul.fill(appraiser, {"DS1": level(3), "NE5": replace(level(3), document="")})
    with haneul.sessions() as session, pytest.raises(Incomplete, match="1 indicators"):
        assessing.submit(session, appraiser, haneul.project_id, haneul.sheet(appraiser).version)
    haneul.save(appraiser, "NE5", level(3))
    haneul.submit(appraiser)
    assert card(haneul, appraiser).state is CardState.DONE
    with haneul.sessions() as session:
        trail = select(AuditEntry.action).where(AuditEntry.action.like("assessment.%")).order_by(AuditEntry.sequence)
        kinds = session.scalars(trail).all()
    assert kinds[0:2] == ["assessment.declared", "assessment.started"]
    assert kinds[-1] == "assessment.submitted"
    assert kinds.count("assessment.scored") == 3, "what changed nothing leaves no trace"


def test_two_windows_never_overwrite_each_other_unseen(haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    version = haneul.sheet(appraiser).version
    haneul.save(appraiser, "DS1", level(2))
    refused(haneul, appraiser, StaleVersion, save("DS1", version, level(4)))
    refused(haneul, appraiser, StaleVersion, lambda *given: assessing.submit(*given, version))
    assert haneul.sheet(appraiser).entries["DS1"].level == 2


@pytest.mark.parametrize(
    ("indicator", "entry"),
    [
        ("DS1", Entry(level=5)),
        ("DS1", Entry(level=1, unknown=True)),
        ("DS1", Entry(value=2.0)),
        ("BK7", Entry(level=2)),
        ("BK7", Entry(value=-1.0)),
        ("DS1", Entry(reason="x\x00")),
        ("DS1", Entry(reason="x" * 4001)),
        ("DS1", Entry(page="9" * 41)),
    ],
)
def test_what_can_never_be_right_is_not_kept(haneul: Panel, indicator: str, entry: Entry) -> None:
    appraiser = haneul.appraiser("A")
    refused(haneul, appraiser, DomainError, save(indicator, haneul.sheet(appraiser).version, entry))
    for computed in ("BK1", "nothing"):
        refused(haneul, appraiser, NotFound, save(computed, haneul.sheet(appraiser).version, UNKNOWN))


def test_reopening_ends_when_others_can_be_seen(haneul: Panel) -> None:
    one, other = haneul.appraiser("A"), haneul.appraiser("B")
    for actor in (one, other):
        haneul.fill(actor)
    haneul.submit(one)
    refused(haneul, one, DomainError, save("DS1", haneul.sheet(one).version, level(2)))
    with haneul.sessions() as session:
        assessing.reopen(session, one, haneul.project_id, haneul.sheet(one).version)
    haneul.save(one, "DS1", level(2))
    haneul.submit(one)
    haneul.submit(other)
    refused(haneul, one, DomainError, lambda *given: assessing.reopen(*given, haneul.sheet(one).version))


def test_taken_back_it_stays_readable_and_takes_no_score(haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    haneul.save(appraiser, "DS1", level(2))
    version = haneul.sheet(appraiser).version
    with haneul.sessions() as session:
        drafting.take_back(session, haneul.planner, haneul.project_id)
    sheet = haneul.sheet(appraiser)
    assert (sheet.writable, sheet.entries["DS1"].level) == (False, 2)
    assert card(haneul, appraiser).state is CardState.TAKEN_BACK
    refused(haneul, appraiser, NotAllowed, save("DS1", version, level(3)))
    refused(haneul, appraiser, NotFound, drafting.draft_of)


def test_sent_again_the_scores_come_along_as_a_draft(haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    haneul.fill(appraiser, {"DS1": level(2)})
    haneul.submit(appraiser)
    with haneul.sessions() as session:
        project = drafting.take_back(session, haneul.planner, haneul.project_id)
    answer = Answer(level=3, evidence=EvidenceGrade.OWN_DOCUMENT, reason="A new assessment.", source="dpia.pdf")
    with haneul.sessions() as session:
        project = drafting.edit_project(
            session,
            haneul.planner,
            haneul.project_id,
            project.version,
            lambda file: replace(file, answers={**file.answers, "DS1": answer}),
            part="safeguards",
        )
    with haneul.sessions() as session:
        registration.submit_project(session, haneul.planner, haneul.project_id, project.version)
    sheet = haneul.sheet(appraiser)
    assert (sheet.superseded, sheet.writable, card(haneul, appraiser).state) == (True, False, CardState.RETURNED)
    assert [(change.indicator, change.after) for change in sheet.changed] == [("DS1", answer)]
    for _ in range(2):
        with haneul.sessions() as session:
            assessing.start(session, appraiser, haneul.project_id)
    sheet = haneul.sheet(appraiser)
    assert (sheet.number, sheet.writable, sheet.entries["DS1"]) == (2, True, level(2))
    assert [change.indicator for change in sheet.changed] == ["DS1"], "still said while it is scored again"
    with haneul.sessions() as session:
        assert len(session.scalars(select(Assessment)).all()) == 2, "the older one stays as it was"


def test_the_next_is_the_one_scored_by_the_fewest(haneul: Panel) -> None:
    appraiser = haneul.appraiser("A")
    haneul.fill(appraiser, {item.id: anything(item) for item in haneul.sheet(appraiser).asked})
    with haneul.sessions() as session:
        waiting = queue.queue_of(session, appraiser)
    assert waiting.next is not None
    assert (waiting.done, waiting.next.scored, waiting.next.handed_in) == (0, 32, 0)
    haneul.submit(appraiser)
    with haneul.sessions() as session:
        finished = queue.queue_of(session, appraiser)
    assert (finished.done, finished.next) == (1, None)


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), (REASON, 29), ("하나 둘 셋", 3), ("ไม่ทราบ", 4), ("没有证据", 2), ("a\n\nb – c", 4)]
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text: str, words: int) -> None:
    assert words_in(text) == words
