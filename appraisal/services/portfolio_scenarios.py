"""The scenarios of the running round that change inputs: the built-in ones, and those that people made of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import simplejson
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import PortfolioScenario, Round
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.services.frameworks import framework_of
from appraisal.services.rounds import round_named
from appraisal.transactions import reading
from scoring.scenarios import BuiltIn, Changes, built_in_scenarios, read_changes, written_changes
from scoring.scenarios.changes import check_criteria

KIND = "portfolio-scenario"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A scenario as it stands now."""

    key: str
    """Of a built-in one its name, else its id."""
    title: str
    summary: str
    source: str
    changes: Changes
    author: str = ""
    """Empty for a built-in one, which nobody edits."""
    version: int = 0
    changed_at: datetime | None = None

    @property
    def built_in(self) -> bool:
        return not self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """The running round, the criteria that its framework weighs, and its scenarios."""

    held: Round | None
    criteria: tuple[tuple[str, str, float], ...]
    """(id, title, weight) each."""
    definitions: tuple[Definition, ...]

    def named(self, key: str) -> Definition:
        """Raises NotFound."""
        found = next((item for item in self.definitions if item.key == key), None)
        if found is None:
            raise NotFound
        return found


def defined(session: Session, actor: Actor) -> Defined:
    """The built-in scenarios that the round's framework allows, then the round's own by name; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_SCENARIO_RUNS)
        return defined_in(session)


def defined_in(session: Session) -> Defined:
    """The same inside the caller's transaction, for a caller that has asked for the right."""
    held = round_named(session)
    if held is None:
        return Defined(held=None, criteria=(), definitions=())
    framework = framework_of(held.framework_version)
    criteria = tuple((item.id, item.title, item.weight) for item in framework.criteria)
    keys = {key for key, _, _ in criteria}
    usual = [_of_built_in(item) for item in built_in_scenarios() if set(item.changes.weights) in (set(), keys)]
    query = (
        select(PortfolioScenario)
        .where(PortfolioScenario.round_id == held.id)
        .options(joinedload(PortfolioScenario.author))
        .order_by(PortfolioScenario.name)
    )
    own = [_of_row(row) for row in session.scalars(query)]
    return Defined(held=held, criteria=criteria, definitions=(*usual, *own))


def subject_of(held: Round, key: str) -> UUID:
    """What a job is about that runs this scenario over this round."""
    return uuid5(held.id, key)


def add_scenario(session: Session, actor: Actor, *, name: str, reason: str, changes: Changes) -> str:
    """Keep a scenario under a new name and give its key; raises NotAllowed, AlreadyThere, DomainError, InputError.

    The same under the same name by the same person is the one that is there: a form sent twice keeps one.
    """
    with session.begin():
        policy.require(actor, Action.RUN_SCENARIO)
        held = _checked(session, changes)
        if actor.account_id is None:
            raise DomainError("A scenario belongs to a person: nobody is signed in.")
        document = canonical_json(written_changes(changes))
        taken = _taken(name, held)
        found = session.scalar(_by_name(held, name))
        if found is not None:
            if (found.changes, found.reason, found.author_id) == (document, reason, actor.account_id):
                return str(found.id)
            raise AlreadyThere(taken)
        row = PortfolioScenario(
            round_id=held.id, name=name, reason=reason, changes=document, author_id=actor.account_id
        )
        session.add(row)
        flush_new(session, taken)
        auditing.record(session, actor, "scenario.added", KIND, row.id, name=name, round=held.name, changes=document)
        return str(row.id)


def change_scenario(
    session: Session, actor: Actor, key: UUID, expected_version: int, *, name: str, reason: str, changes: Changes
) -> None:
    """Store another state of it; raises NotAllowed, NotFound, StaleVersion, AlreadyThere, DomainError, InputError."""
    with session.begin():
        policy.require(actor, Action.RUN_SCENARIO)
        held = _checked(session, changes)
        query = select(PortfolioScenario).where(PortfolioScenario.id == key, PortfolioScenario.round_id == held.id)
        row = session.scalar(query.with_for_update())
        if row is None:
            raise NotFound
        if row.version != expected_version:
            raise StaleVersion("Someone changed this scenario since you opened it.")
        other = session.scalar(_by_name(held, name))
        if other is not None and other.id != row.id:
            raise AlreadyThere(_taken(name, held))
        document = canonical_json(written_changes(changes))
        if (row.name, row.reason, row.changes) == (name, reason, document):
            return
        row.name, row.reason, row.changes = name, reason, document
        row.version, row.changed_at = row.version + 1, now()
        flush_new(session, _taken(name, held))
        auditing.record(session, actor, "scenario.changed", KIND, row.id, name=name, changes=document)


def _checked(session: Session, changes: Changes) -> Round:
    held = round_named(session)
    if held is None:
        raise DomainError("A scenario belongs to a round, and no round is open.")
    if changes == Changes():
        raise DomainError("Nothing differs from the record: change at least one figure.")
    check_criteria(changes, tuple(item.id for item in framework_of(held.framework_version).criteria))
    return held


def _by_name(held: Round, name: str) -> Select[PortfolioScenario]:
    return select(PortfolioScenario).where(PortfolioScenario.round_id == held.id, PortfolioScenario.name == name)


def _taken(name: str, held: Round) -> str:
    return f"There is already a scenario called {name} in {held.name}. Choose another name."


def _of_built_in(item: BuiltIn) -> Definition:
    return Definition(key=item.key, title=item.title, summary=item.summary, source=item.source, changes=item.changes)


def _of_row(row: PortfolioScenario) -> Definition:
    return Definition(
        key=str(row.id),
        title=row.name,
        summary=row.reason,
        source="",
        changes=read_changes(simplejson.loads(row.changes)),
        author=row.author.name,
        version=row.version,
        changed_at=row.changed_at,
    )
