"""How far a draft has come, and what is still required."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.services import drafting
from appraisal.services.drafting import Draft
from appraisal.services.previewing import preview_of
from appraisal.services.readiness import SectionState, gaps_of, keys_of, readiness_of, sections_of
from scoring.project_file import Answer, CashFlows, Driver, DriverName, RiskCategory, RiskEvent, Safeguards, Uncertainty
from tests import factories


@pytest.fixture
def draft(sessions: sessionmaker[Session]) -> Draft:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=5)
    with sessions() as session:
        return drafting.draft_of(session, planner, project.id)


def emptied(draft: Draft) -> Draft:
    file = replace(draft.file, summary="", city="", action_areas=(), answers={}, cash_flows=CashFlows(first_year=2027))
    return replace(draft, file=replace(file, prices=replace(file.prices, base_year=None), safeguards=Safeguards()))


def test_an_empty_draft_says_all_that_is_required(draft: Draft) -> None:
    empty = emptied(draft)
    assert [gap.section for gap in gaps_of(empty)] == ["project"] * 4 + ["money"]
    assert readiness_of(empty) == 0
    states = {section.key: section.state for section in sections_of(empty)}
    assert states.pop("project") is SectionState.IN_PROGRESS, "it has a name already"
    assert set(states.values()) == {SectionState.NOT_STARTED}
    assert preview_of(empty).result is None
    assert preview_of(empty).problems[0].message == "The cash-flow table is still empty."


def test_the_order_of_the_sections_is_known_without_the_draft(draft: Draft) -> None:
    assert keys_of(draft.framework) == tuple(section.key for section in sections_of(draft))


def test_answers_make_sections_and_readiness_grow(draft: Draft) -> None:
    framework = draft.framework
    asked = framework.criteria[1].indicators
    levels = {item.id: Answer(level=3) for item in asked}
    some = replace(draft, file=replace(draft.file, answers={asked[0].id: Answer(unknown=True)}))
    full = replace(draft, file=replace(draft.file, answers=levels))
    key = framework.criteria[1].id
    state = lambda of: next(section.state for section in sections_of(of) if section.key == key)  # noqa: E731
    assert (state(some), state(full)) == (SectionState.IN_PROGRESS, SectionState.DONE)
    computed = readiness_of(some)
    assert readiness_of(full) == pytest.approx(computed + 0.25), "a whole criterion; unknown carries nothing"


def test_the_preview_scores_as_a_range_and_names_what_narrows_it(draft: Draft) -> None:
    preview = preview_of(draft)
    assert preview.result is not None
    low, high = preview.result.criteria.interval
    assert low < high
    widths = [item.high - item.low for item in preview.widest]
    assert widths == sorted(widths, reverse=True)
    assert not any(item.computed for item in preview.widest)


def test_the_table_shows_what_is_planned_or_what_is_there(draft: Draft) -> None:
    assert len(draft.years) == draft.file.cash_flows.periods > 5
    assert len(emptied(draft).years) == 5


def test_how_sure_it_is_is_done_once_a_risk_is_listed(draft: Draft) -> None:
    ranges = Uncertainty(drivers=(Driver(driver=DriverName.DELAY, reference_class="roads"),))
    risk = RiskEvent(name="Storm", category=RiskCategory.FORCE_MAJEURE, probability=0.1)
    seen = {}
    for told in (None, ranges, Uncertainty(events=(risk,))):
        sections = sections_of(replace(draft, file=replace(draft.file, uncertainty=told)))
        found = next(section for section in sections if section.key == "uncertainty")
        seen[found.state] = found.hint
    assert list(seen) == [SectionState.NOT_STARTED, SectionState.IN_PROGRESS, SectionState.DONE]
    assert seen[SectionState.IN_PROGRESS].startswith("No risk is listed. Only the experience")
    assert seen[SectionState.DONE].startswith("1 risk listed.")
