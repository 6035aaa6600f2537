"""A round with a panel, moved to other framework versions: other words, other weights, other criteria."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import (
    Project,
    Round,
    Score,
)
from appraisal.policy import OPERATOR, Actor
from appraisal.services import (
    frameworks,
    panels,
    queue,
    round_frameworks,
    rounds,
)
from appraisal.services.queue import Card
from appraisal.services.round_frameworks import MovePlan
from appraisal.services.scores import Entry
from scoring.frameworks import Framework, Indicator, ScaleKind, editing
from scoring.project_file import EvidenceGrade
from tests.panel import REASON, Panel, level, panel

Change = Callable[[Framework], Framework]
NUMBER = Entry(value=40.0, evidence=EvidenceGrade.CLAIM, reason=REASON)


def indicator(framework: Framework, name: str) -> Indicator:
    return editing.indicator_of(framework, name)


def as_number(framework: Framework) -> Framework:
    """NE4 by levels becomes NE4 by a number: the same id, another question."""
    asked = replace(
        indicator(framework, "NE4"), scale=ScaleKind.NUMERIC, unit="% of days", points=((0, 0), (100, 4)), least=0.0
    )
    return editing.with_indicator(framework, asked)


def other_criteria(framework: Framework) -> Framework:
    """NE4 asks for a number, NE5 is asked no more, NE11 is new."""
    fresh = replace(indicator(framework, "NE4"), id="NE11", title="New", weight=0.0)
    return editing.without_indicator(editing.with_indicator(as_number(framework), fresh), "NE5")


def other_words(framework: Framework) -> Framework:
    return replace(framework, title="In other words")


def other_weights(framework: Framework) -> Framework:
    return replace(framework, minimum=10.0)


@dataclass(frozen=True, slots=True)
class Held:
    panel: Panel
    round_id: UUID

    @property
    def sessions(self) -> sessionmaker[Session]:
        return self.panel.sessions

    def published(self, change: Change) -> UUID:
        with self.sessions.begin() as session:
            held = session.get_one(Round, self.round_id)
            now = frameworks.framework_of(held.framework_version)
            latest = max(row.version for row in session.scalars(select(frameworks.FrameworkVersion)))
            changed = editing.validated(replace(change(now), version=latest + 1))
            return frameworks.publish(session, OPERATOR, changed, note="why").id

    def planned(self, version: UUID) -> MovePlan:
        with self.sessions() as session:
            return round_frameworks.plan_of(session, OPERATOR, self.round_id, version)

    def move(self, change: Change) -> MovePlan:
        version = self.published(change)
        return self.move_to(version)

    def move_to(self, version: UUID) -> MovePlan:
        with self.sessions() as session:
            before = session.get_one(Round, self.round_id).framework_version_id
        with self.sessions() as session:
            return round_frameworks.move_round(session, OPERATOR, self.round_id, version, expected=before)

    def card(self, actor: Actor) -> Card:
        with self.sessions() as session:
            (card,) = queue.queue_of(session, actor).cards
        return card

    def answers(self) -> panels.PanelAnswers:
        with self.sessions() as session:
            project = session.get_one(Project, self.panel.project_id)
            framework = frameworks.framework_of(session.get_one(Round, self.round_id).framework_version)
            return panels.panel_of(session, project.submissions[-1].id, framework)

    def rows(self) -> list[tuple[str, str, int | None, float | None, str]]:
        with self.sessions() as session:
            rows = session.scalars(select(Score).order_by(Score.assessment_id, Score.indicator, Score.stage))
            return [(row.indicator, row.stage, row.level, row.value, row.reason) for row in rows]


def moving(sessions: sessionmaker[Session]) -> Held:
    """A round with a project sent to it, and a panel that has not begun."""
    with sessions() as session:
        made = rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(250_000), currency="AUD", unit=1000,
            price_year=2026,
        )  # fmt: skip
    return Held(panel(sessions), made.id)


def handed_in(held: Held, name: str, given: int) -> Actor:
    actor = held.panel.appraiser(name)
    held.panel.fill(actor, {"NE4": level(given), "NE5": level(given), "NE3": level(given)})
    held.panel.submit(actor)
    return actor
