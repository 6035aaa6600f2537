"""Scenarios: keeping a what-if of the running round under a name, and finding those that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import simplejson
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import Round, Scenario
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, flush_new
from appraisal.services.rounds import round_named
from appraisal.transactions import reading
from forms.what_if import WhatIf

SCHEMA = "portfolio-what-if/1"
Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A scenario as it is listed and opened."""

    id: UUID
    name: str
    reason: str
    author: str
    created_at: datetime
    parameters: Parameters


def save_scenario(
    session: Session,
    actor: Actor,
    what_if: WhatIf,
    programme: Sequence[tuple[str, str]] = (),
    *,
    name: str,
    reason: str,
) -> UUID:
    """Keep a what-if of the running round; raises NotAllowed, AlreadyThere, DomainError. One transaction.

    programme: the rules of the best programme, as an address says them. The same what-if under the same name by the
    same person is the one that is there: a form sent twice keeps one.
    """
    with session.begin():
        policy.require(actor, Action.SAVE_SCENARIO)
        held = round_named(session)
        if held is None or actor.account_id is None:
            raise DomainError("A what-if belongs to a round and to a person: no round is open, or nobody is signed in.")
        if not (what_if.explores or programme):
            raise DomainError(
                "Nothing differs from the record: change a weight, a budget, a pin or a rule of the programme first."
            )
        state = canonical_json(
            {"schema": SCHEMA, "parameters": [list(pair) for pair in (*what_if.parameters(), *programme)]}
        )
        taken = f"There is already a what-if called {name} in {held.name}. Choose another name."
        found = session.scalar(select(Scenario).where(Scenario.round_id == held.id, Scenario.name == name))
        if found is not None:
            if (found.state, found.reason, found.author_id) == (state, reason, actor.account_id):
                return found.id
            raise AlreadyThere(taken)
        row = Scenario(round_id=held.id, name=name, state=state, reason=reason, author_id=actor.account_id)
        session.add(row)
        flush_new(session, taken)
        auditing.record(session, actor, "scenario.saved", "scenario", row.id, name=name, round=held.name, reason=reason)
        return row.id


def scenarios_of_round(session: Session, actor: Actor) -> tuple[Round | None, tuple[Kept, ...]]:
    """The running round and its scenarios, the newest first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_SCENARIOS)
        held = round_named(session)
        if held is None:
            return None, ()
        query = (
            select(Scenario)
            .where(Scenario.round_id == held.id)
            .options(joinedload(Scenario.author))
            .order_by(Scenario.created_at.desc(), Scenario.name)
        )
        kept = tuple(_kept(row) for row in session.scalars(query))
        session.expunge_all()
        return held, kept


def scenario(session: Session, actor: Actor, scenario_id: UUID) -> Kept:
    """One scenario; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_SCENARIOS)
        row = session.scalar(select(Scenario).where(Scenario.id == scenario_id).options(joinedload(Scenario.author)))
        if row is None:
            raise NotFound
        return _kept(row)


def _kept(row: Scenario) -> Kept:
    pairs = simplejson.loads(row.state)["parameters"]
    return Kept(
        row.id, row.name, row.reason, row.author.name, row.created_at, tuple((name, value) for name, value in pairs)
    )
