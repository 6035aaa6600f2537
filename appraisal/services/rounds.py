"""Rounds: opening and changing one, extending its deadline, and finding the one that runs."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.exc import StaleDataError

from appraisal import policy
from appraisal.models import Notice, Project, ProjectState, Round
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.services.frameworks import built_in, chosen_version
from appraisal.services.notifying import tell
from appraisal.transactions import reading
from forms.local_time import LocalTime

_SETTLED = ("currency", "unit", "price_year", "zone", "opens_local")
"""What people rely on once a round is open, and nobody changes any more."""
_OPENINGS = select(Round.id, Round.name, Round.opened_at, Round.opens_local, Round.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a round opens and closes on the clocks of its zone, and until when it is scored."""

    zone: str = "UTC"
    opens: LocalTime | None = None
    closes: LocalTime | None = None
    scoring: LocalTime | None = None
    returned_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a round is, and when: everything about it but its framework."""

    name: str
    place: str
    budget: Decimal
    currency: str
    unit: int
    price_year: int
    times: Times = Times()

    @property
    def columns(self) -> dict[str, Any]:
        times = self.times
        values = {name: value for name, value in asdict(self).items() if name != "times"}
        return values | {
            "zone": times.zone,
            "opens_local": times.opens.wall if times.opens else None,
            "closes_local": times.closes.wall if times.closes else None,
            "scoring_local": times.scoring.wall if times.scoring else None,
            "returned_days": times.returned_days,
        }


def open_round(
    session: Session,
    actor: Actor,
    *,
    name: str,
    place: str,
    budget: Decimal,
    currency: str,
    unit: int,
    price_year: int,
    framework: str = "",
    times: Times = Times(),
) -> Round:
    """The same as `make_round`, term by term."""
    terms = Terms(
        name=name, place=place, budget=budget, currency=currency, unit=unit, price_year=price_year, times=times
    )
    return make_round(session, actor, terms, framework)


def make_round(session: Session, actor: Actor, terms: Terms, framework: str = "", *, key: UUID | None = None) -> Round:
    """Make a round on a published framework, `key@version`, or on the built-in one. One transaction.

    key: under which a form sent twice makes it once. Raises NotAllowed, AlreadyThere, DomainError where there is no
    such framework or it is retired, or the times are in the wrong order.
    """
    name = terms.name
    with session.begin():
        policy.require(actor, Action.MANAGE_ROUNDS)
        if key is not None and (made := session.get(Round, key)) is not None:
            return made
        if session.scalar(select(Round).where(Round.name == name)) is not None:
            raise AlreadyThere(f"There is already a round called {name}.")
        _in_order(terms.times)
        row = Round(framework_version_id=chosen_version(session, actor, framework or built_in().name).id)
        if key is not None:
            row.id = key
        _write(row, terms)
        session.add(row)
        flush_new(session, f"There is already a round called {name}.")
        said = {"name": name, "budget": terms.budget, "currency": terms.currency}
        auditing.record(session, actor, "round.opened", "round", row.id, **said, **_spoken(row))
        session.expunge(row)
        return row


def change_round(session: Session, actor: Actor, round_id: UUID, expected_version: int, terms: Terms) -> Round:
    """Change what the round is and when; its deadline, once it is open, is only extended.

    Raises NotAllowed, NotFound, StaleVersion, AlreadyThere, DomainError where it would change what people rely on.
    """
    with session.begin():
        row = _held(session, actor, round_id, expected_version)
        columns = terms.columns
        if row.opened <= now():
            kept = (*_SETTLED, "closes_local") if row.closes else _SETTLED
            if row.closes is None and terms.times.closes is not None and terms.times.closes.moment <= now():
                raise DomainError(f"{terms.times.closes} is past already: choose a time to come.")
            if any(getattr(row, name) != columns[name] for name in kept):
                raise DomainError(
                    f"{row.name} is open: its currency, price year, time zone and opening stay as they are, "
                    "and its deadline can only be extended."
                )
        _in_order(terms.times)
        if terms.name != row.name and session.scalar(select(Round.id).where(Round.name == terms.name)) is not None:
            raise AlreadyThere(f"There is already a round called {terms.name}.")
        before = {name: getattr(row, name) for name in columns}
        _write(row, terms)
        changed = {name: _plain(value) for name, value in before.items() if value != columns[name]}
        if changed:
            _flush(session, row)
            after = {name: _plain(columns[name]) for name in changed}
            auditing.record(session, actor, "round.changed", "round", row.id, before=changed, after=after)
    return row


def extend(
    session: Session, actor: Actor, round_id: UUID, expected_version: int, closes: LocalTime, reason: str
) -> Round:
    """Move the deadline on, also after it has passed; everybody reads the reason in the trail.

    Raises NotAllowed, NotFound, StaleVersion, DomainError where it would come earlier, or is past already.
    """
    with session.begin():
        row = _held(session, actor, round_id, expected_version)
        if row.closes is None:
            raise DomainError(f"{row.name} has no deadline: there is nothing to extend.")
        if closes.moment <= row.closes.moment:
            raise DomainError(f"The deadline is {row.closes}: choose a later one.")
        if closes.moment <= now():
            raise DomainError(f"{closes} is past already: choose a time to come.")
        before, row.closes_local = str(row.closes), closes.wall
        _flush(session, row)
        said = {"before": before, "after": str(row.closes), "reason": reason}
        auditing.record(session, actor, "round.extended", "round", row.id, name=row.name, **said)
        drafts = select(Project.id, Project.owner_id)
        drafts = drafts.where(Project.round_id == row.id, Project.state == ProjectState.DRAFT)
        for project_id, owner_id in session.execute(drafts).all():
            event, at = str(row.closes_local), str(row.closes)
            tell(session, [owner_id], Notice.EXTENDED, event, project_id, round=row.name, at=at)
    return row


def list_rounds(session: Session, actor: Actor) -> Sequence[Round]:
    """Every round, the one that opens last first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ROUNDS)
        return sorted(every_round(session), key=lambda row: row.opened, reverse=True)


def round_with(session: Session, actor: Actor, round_id: UUID) -> Round:
    """One round; raises NotAllowed, NotFound."""
    with reading(session):
        return _held(session, actor, round_id)


def every_round(session: Session, *, lock: bool = False) -> Sequence[Round]:
    """All of them by name, inside the caller's transaction.

    lock: as they are now, and kept so until it ends: of a deadline and who is sending, one comes first. Whoever locks
    projects as well does so afterwards.
    """
    query = select(Round).options(joinedload(Round.framework_version))
    if lock:
        held = select(Round.id).order_by(Round.id).with_for_update(read=True)
        session.execute(held)
        query = query.execution_options(populate_existing=True)
    return sorted(session.scalars(query).all(), key=lambda row: row.name)


def round_named(session: Session, name: str | None = None) -> Round | None:
    """The round of that name, or, of those that have opened, the one opened last; inside the caller's transaction."""
    if name is not None:
        return session.scalar(select(Round).where(Round.name == name))
    moment = now()
    return opened_last(row for row in every_round(session) if row.opened <= moment)


def running_round(session: Session) -> UUID | None:
    """Which round `round_named` finds now, read as bare columns, since every page asks; inside the caller's
    transaction."""
    moment = now()
    rows = sorted(session.connection().execute(_OPENINGS), key=lambda row: row.name)
    opened = [(row.id, at) for row in rows if (at := _opened(row.opened_at, row.opens_local, row.zone)) <= moment]
    return max(opened, key=lambda each: each[1])[0] if opened else None


@lru_cache(maxsize=256)
def _opened(opened_at: datetime, opens_local: datetime | None, zone: str) -> datetime:
    return Round(opened_at=opened_at, opens_local=opens_local, zone=zone).opened


def round_for_new(session: Session) -> Round | None:
    """Where a new project belongs: the round that is open, or the next to open; inside the caller's transaction."""
    rounds, moment = every_round(session), now()
    return open_at(rounds, moment) or next_after(rounds, moment)


def open_at(rounds: Iterable[Round], moment: datetime) -> Round | None:
    """The round that takes projects at that moment; of several the one opened last."""
    return opened_last(row for row in rounds if row.takes(moment))


def next_after(rounds: Iterable[Round], moment: datetime) -> Round | None:
    """The first round that opens after that moment."""
    return min((row for row in rounds if row.opened > moment), key=lambda row: row.opened, default=None)


def opened_last(rounds: Iterable[Round]) -> Round | None:
    return max(rounds, key=lambda row: row.opened, default=None)


def _held(session: Session, actor: Actor, round_id: UUID, expected_version: int | None = None) -> Round:
    """The round; with a version, its row is held until the transaction ends.

    Raises NotAllowed, NotFound, StaleVersion.
    """
    policy.require(actor, Action.MANAGE_ROUNDS)
    lock = {"of": Round} if expected_version is not None else None
    row = session.get(Round, round_id, options=[joinedload(Round.framework_version)], with_for_update=lock)
    if row is None:
        raise NotFound("There is no such round.")
    if expected_version not in (None, row.version):
        raise StaleVersion(f"{row.name} was changed since you opened this page. Read it again, then change it.")
    return row


def _in_order(times: Times) -> None:
    if times.opens and times.closes and times.opens.wall >= times.closes.wall:
        raise DomainError("The deadline comes after the opening.")


def _write(row: Round, terms: Terms) -> None:
    for name, value in terms.columns.items():
        setattr(row, name, value)


def _flush(session: Session, row: Round) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise StaleVersion(f"{row.name} was changed since you opened this page.") from None


def _spoken(row: Round) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in (("opens", row.opens), ("closes", row.closes), ("scoring", row.scoring_until))
        if value is not None
    }


def _plain(value: object) -> object:
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value
