"""When a project can be sent, taken back and withdrawn: while its round is open, or some days after it was returned.

The rounds are read under a lock, and the clock after it, inside the transaction that stores what came of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.models import Account, Decision, DecisionOutcome, Project, ProjectState, Publication, Role, Round
from appraisal.models.tables import now
from appraisal.services.errors import DomainError
from appraisal.services.rounds import every_round, next_after, open_at
from appraisal.transactions import reading
from forms.local_time import LocalTime, on_clocks_of

_NAMED = 3
"""Administrators named where someone is refused."""


class OutsideWindow(DomainError):
    """The round is not open; the words say since or from when, in which zone, and who can extend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where a project goes if it is sent at `at`, and until when."""

    round: Round | None
    open: bool
    at: datetime
    closes: LocalTime | None = None
    """The first moment that is too late; None where there is no deadline."""
    returned: bool = False
    """It was returned, so that it has days of its own."""

    @property
    def sentence(self) -> str:
        """How it stands, as people read it."""
        if self.round is None:
            return "No round is open." if not self.open else ""
        name = self.round.name
        if not self.open:
            if self.round.opened > self.at:
                return f"{name} opens on {self.round.opens}."
            again = " to projects that were returned" if self.returned else ""
            return f"{name} closed{again} on {self.closes}."
        if self.closes is None:
            return f"{name} is open; it has no deadline."
        kind = "It was returned, and can be sent again" if self.returned else f"{name} is open"
        return f"{kind} until {self.closes}."


@dataclass(frozen=True, slots=True)
class Calls:
    """The rounds as someone who wants to register meets them."""

    open: Round | None
    coming: Round | None
    closed: Round | None
    """The one that closed last, where none is open."""


def calls(session: Session) -> Calls:
    """What is open now and what comes next; inside the caller's transaction."""
    rounds, at = every_round(session), now()
    past = [row for row in rounds if row.closes is not None and row.closes.moment <= at]
    taking = open_at(rounds, at)
    last = max(past, key=lambda row: row.closes.moment if row.closes else at, default=None)
    return Calls(taking, next_after(rounds, at), None if taking else last)


def window(session: Session, project: Project) -> Window:
    """How the project stands to its round now; inside the caller's transaction."""
    return _window(session, project, every_round(session), now())


def admit(session: Session, project: Project, rounds: Sequence[Round]) -> Window:
    """The round that takes the project now, which it then belongs to; raises OutsideWindow.

    rounds: read under their lock, before the project was locked.
    """
    found = _window(session, project, rounds, now())
    _require(session, found, "The draft is kept and can still be changed.")
    if found.round is not None:
        project.round_id = found.round.id
    return found


def require_open(session: Session, project: Project, rounds: Sequence[Round]) -> None:
    """Raise OutsideWindow unless what was sent can still be taken back or withdrawn."""
    found = _window(session, project, rounds, now())
    _require(session, found, "What was sent stays in the round as it was sent.")


def extenders(session: Session) -> tuple[tuple[str, str], ...]:
    """Who runs the rounds: name and address of the first administrators, inside the caller's transaction."""
    query = select(Account.name, Account.email).where(Account.role == Role.ADMIN, ~Account.disabled)
    return tuple((name, email) for name, email in session.execute(query.order_by(Account.created_at).limit(_NAMED)))


def contacts(session: Session) -> tuple[tuple[str, str], ...]:
    """The same, on its own."""
    with reading(session):
        return extenders(session)


def _require(session: Session, found: Window, kept: str) -> None:
    if found.open:
        return
    clock = f" It is {on_clocks_of(found.round.zone, found.at)} now." if found.round is not None else ""
    names = ", ".join(name for name, _ in extenders(session))
    who = f"Only an administrator can extend the round: {names}." if names else "Only an administrator can extend it."
    raise OutsideWindow(f"{found.sentence}{clock} {kept} {who}")


def _window(session: Session, project: Project, rounds: Sequence[Round], at: datetime) -> Window:
    own = next((row for row in rounds if row.id == project.round_id), None)
    if not rounds or (own is None and project.state is not ProjectState.DRAFT):
        return Window(round=None, open=True, at=at)
    returned = None if own is None else _returned_until(session, project, own)
    if own is not None and own.opened <= at:
        until = _later(own.closes, returned)
        if own.closes is None or (until is not None and at < until.moment):
            extra = returned is not None and until is returned
            return Window(round=own, open=True, at=at, closes=until, returned=extra)
    if project.state is ProjectState.DRAFT and (other := open_at(rounds, at)) is not None:
        return Window(round=other, open=True, at=at, closes=other.closes)
    shown = own or next_after(rounds, at)
    if shown is None:
        return Window(round=None, open=False, at=at)
    until = _later(shown.closes, returned)
    return Window(round=shown, open=False, at=at, closes=until, returned=returned is not None and until is returned)


def _later(closes: LocalTime | None, returned: LocalTime | None) -> LocalTime | None:
    if closes is None or returned is None:
        return closes
    return returned if returned.moment > closes.moment else closes


def _returned_until(session: Session, project: Project, own: Round) -> LocalTime | None:
    """The end of the days that a project has after its latest decision returned it; None where it was not returned."""
    latest = (
        select(Decision.outcome, Publication.published_at)
        .join(Publication, Decision.publication_id == Publication.id)
        .where(Decision.project_id == project.id)
        .order_by(Decision.number.desc())
        .limit(1)
    )
    found = session.execute(latest).first()
    if found is None or found.outcome is not DecisionOutcome.RETURNED:
        return None
    return on_clocks_of(own.zone, found.published_at).after(own.returned_days)
