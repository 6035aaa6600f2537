"""What a panel says, who sees it when, and runs that are computed from it; on both databases."""

from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AppraisalRun, Interest, Role, Score
from appraisal.models.run import ScoreBasis
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import appraising, assessing, listing, ranking, reconciling, reporting
from appraisal.services import comparing as run_comparing
from appraisal.services.assessing import Incomplete
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.reconciling import OwnFirst
from appraisal.services.scores import Entry
from scoring.project_file import EvidenceGrade
from tests import factories
from tests.panel import REASON, UNKNOWN, Panel, level, panel


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


def appraise(held: Panel, actor: Actor = OPERATOR) -> AppraisalRun:
    with held.sessions() as session:
        number = appraising.appraise_project(session, actor, held.project_id, seed=1, draws=100).number
    with held.sessions() as session:
        return appraising.visible_run(session, OPERATOR, number)


def scored(held: Panel, name: str, **levels: Entry) -> Actor:
    actor = held.appraiser(name)
    held.fill(actor, levels)
    held.submit(actor)
    return actor


def stale(held: Panel, actor: Actor = OPERATOR) -> bool:
    with held.sessions() as session:
        listed = listing.runs_of(session, actor, held.project_id)[0].stale
    with held.sessions() as session:
        assert ranking.ranked_portfolio(session, actor).rows[0].stale is listed
    return listed


def compared(held: Panel, actor: Actor) -> reconciling.ComparedPanel:
    with held.sessions() as session:
        return reconciling.compare_panel(session, actor, held.project_id)


def test_a_run_is_computed_from_the_panel_and_replays(haneul: Panel) -> None:
    own = appraise(haneul)
    assert (own.basis, own.appraisers, stale(haneul)) == (ScoreBasis.SELF_ASSESSMENT, 0, False)
    scored(haneul, "A", DS1=level(2), DS2=level(4))
    assert stale(haneul)
    scored(haneul, "B", DS1=level(3), DS2=level(3))
    run = appraise(haneul)
    assert (run.basis, run.appraisers, stale(haneul)) == (ScoreBasis.PANEL, 2, False)
    snapshot = appraising.read_project(run.snapshot)
    assert (snapshot.answers["DS1"].value, snapshot.answers["DS2"].value) == (2.5, 3.5)
    assert snapshot.answers["DS1"].reason == "Median of 2 appraisers (levels 2, 3)."
    assert snapshot.answers["NE1"].unknown
    assert replace(snapshot, answers={}) == replace(factories.published_project(), answers={})
    for number in (own.number, run.number):
        with haneul.sessions() as session:
            assert appraising.replay(session, OPERATOR, number).equal
    with haneul.sessions() as session:
        assert reporting.report_of(session, OPERATOR, run.number).project == snapshot
    scored(haneul, "C")
    assert stale(haneul)


def test_a_snapshot_of_another_submission_does_not_pass_for_a_panels(haneul: Panel) -> None:
    scored(haneul, "A", DS1=level(2))
    number = appraise(haneul).number
    with haneul.sessions() as session:
        run = appraising.visible_run(session, OPERATOR, number)
        run.snapshot = run.snapshot.replace("Opal", "Onyx")
        run.input_sha256 = sha256(run.snapshot.encode()).hexdigest()
        assert appraising.changed_input(run) == "snapshot"
        session.rollback()


def test_nothing_of_the_panel_is_seen_before_ones_own_is_in(haneul: Panel) -> None:
    own = appraise(haneul).number
    late = haneul.appraiser("Late")
    scored(haneul, "A", DS1=level(3))
    run = appraise(haneul).number
    seen: dict[str, object] = {}

    def look(actor: Actor) -> dict[str, object]:
        with haneul.sessions() as session:
            seen["runs"] = [row.number for row in listing.runs_of(session, actor, haneul.project_id)]
        with haneul.sessions() as session:
            portfolio = ranking.ranked_portfolio(session, actor)
            seen["ranked"] = [row.run for row in portfolio.everyone]
        with haneul.sessions() as session:
            seen["listed"] = [row.run for row in listing.own_projects(session, actor)]
        return dict(seen)

    assert look(late) == {"runs": [own], "ranked": [own], "listed": [own]}
    for act in (
        lambda session: appraising.visible_run(session, late, run),
        lambda session: appraising.replay(session, late, run),
        lambda session: reporting.report_of(session, late, run),
        lambda session: run_comparing.compare_runs(session, late, own, run),
    ):
        with haneul.sessions() as session, pytest.raises(NotFound):
            act(session)
    with haneul.sessions() as session, pytest.raises(OwnFirst):
        reconciling.compare_panel(session, late, haneul.project_id)
    with haneul.sessions() as session, pytest.raises(DomainError, match="own scores first"):
        appraising.appraise_project(session, late, haneul.project_id, seed=1, draws=100)
    haneul.fill(late)
    haneul.submit(late)
    assert look(late) == {"runs": [run, own], "ranked": [run], "listed": [run]}
    assert len(compared(haneul, late).members) == 2
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        reconciling.compare_panel(session, haneul.planner, haneul.project_id)


def test_the_scores_of_an_older_submission_open_nothing_of_the_newer_one(haneul: Panel) -> None:
    one, other = scored(haneul, "A"), scored(haneul, "B")
    haneul.send_again()
    with haneul.sessions() as session:
        assessing.start(session, other, haneul.project_id)
    haneul.submit(other)
    run = appraise(haneul).number
    with haneul.sessions() as session, pytest.raises(NotFound):
        appraising.visible_run(session, one, run)
    with haneul.sessions() as session, pytest.raises(OwnFirst):
        reconciling.compare_panel(session, one, haneul.project_id)


def test_a_conflict_declared_later_takes_the_scores_out(haneul: Panel) -> None:
    one, _ = scored(haneul, "A", DS1=level(0)), scored(haneul, "B", DS1=level(4))
    assert appraise(haneul).appraisers == 2
    haneul.declare(one, Interest.NOT_COMPETENT)
    assert stale(haneul)
    run = appraise(haneul)
    assert run.appraisers == 1
    assert appraising.read_project(run.snapshot).answers["DS1"].level == 4


def test_side_by_side_with_agreement_and_harshness(haneul: Panel) -> None:
    one = scored(haneul, "A", DS1=level(1), DS2=level(2), DS3=level(3))
    scored(haneul, "B", DS1=level(4), DS2=level(3), DS3=level(3))
    found = compared(haneul, one)
    assert [item.indicator.id for item in found.indicators[:2]] == ["DS1", "DS2"], "the most disputed first"
    assert found.find("DS1").alone.spread == 3
    assert [member.own for member in found.members] == [True, False]
    # By hand: medians 2.5, 2.5, 3; A rates 2 on average, B 10/3, the medians 8/3.
    assert [member.harshness for member in found.members] == pytest.approx([2 / 3, -2 / 3])
    with pytest.raises(NotFound):
        found.find("BK1")


def test_a_score_changed_after_comparing_stands_beside_the_first(haneul: Panel) -> None:
    one = scored(haneul, "A", DS1=level(1))
    scored(haneul, "B", DS1=level(3))
    run = appraise(haneul)
    version = compared(haneul, one).version
    for entry, error in ((Entry(level=3, reason="Short."), Incomplete), (level(3), None), (level(2), StaleVersion)):
        with haneul.sessions() as session:
            if error is None:
                reconciling.revise(session, one, haneul.project_id, "DS1", version, entry)
                continue
            with pytest.raises(error):
                reconciling.revise(session, one, haneul.project_id, "DS1", version, entry)
    rating = compared(haneul, one).find("DS1").ratings[0]
    assert (rating.alone, rating.compared) == (level(1), level(3))
    assert compared(haneul, one).find("DS1").alone.median == 2, "agreement is of what was given alone"
    assert run.panel_at is not None
    assert stale(haneul)
    assert appraising.read_project(appraise(haneul).snapshot).answers["DS1"].level == 3


def test_what_the_panel_agrees_on_counts_and_the_scores_stay(haneul: Panel) -> None:
    one = scored(haneul, "A", DS1=level(1))
    agreed = Entry(level=2, evidence=EvidenceGrade.OWN_DOCUMENT, reason=REASON)
    with haneul.sessions() as session, pytest.raises(DomainError, match="two or more"):
        reconciling.reconcile(session, one, haneul.project_id, "DS1", 0, agreed)
    scored(haneul, "B", DS1=level(4))
    appraise(haneul)
    with haneul.sessions() as session, pytest.raises(Incomplete):
        reconciling.reconcile(session, one, haneul.project_id, "DS1", 0, replace(agreed, reason="Short."))
    with haneul.sessions() as session:
        reconciling.reconcile(session, one, haneul.project_id, "DS1", 0, agreed)
    assert stale(haneul)
    with haneul.sessions() as session, pytest.raises(StaleVersion):
        reconciling.reconcile(session, one, haneul.project_id, "DS1", 0, agreed)
    with haneul.sessions() as session:
        reconciling.reconcile(session, one, haneul.project_id, "DS1", 1, replace(agreed, level=3))
    answer = appraising.read_project(appraise(haneul).snapshot).answers["DS1"]
    assert (answer.level, answer.evidence) == (3, EvidenceGrade.OWN_DOCUMENT)
    assert answer.reason == f"Agreed by the panel: {REASON}"
    with haneul.sessions() as session:
        assert sorted(session.scalars(select(Score.level).where(Score.indicator == "DS1"))) == [1, 4]
    analyst = factories.actor(haneul.sessions, Role.ANALYST, factories.organisation(haneul.sessions, "Bank"))
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        reconciling.reconcile(session, analyst, haneul.project_id, "DS1", 2, agreed)


def test_nobody_could_tell_is_unknown_for_the_panel(haneul: Panel) -> None:
    scored(haneul, "A", DS1=UNKNOWN)
    run = appraise(haneul)
    assert appraising.read_project(run.snapshot).answers["DS1"].unknown
