"""Rounds: opening one, and finding the one that runs."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Round
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, flush_new
from appraisal.services.frameworks import built_in, chosen_version


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
) -> Round:
    """Open a round on a published framework, `key@version`, or on the built-in one. One transaction.

    Raises NotAllowed, AlreadyThere, DomainError where there is no such framework or it is retired.
    """
    with session.begin():
        policy.require(actor, Action.MANAGE_ROUNDS)
        if session.scalar(select(Round).where(Round.name == name)) is not None:
            raise AlreadyThere(f"There is already a round called {name}.")
        row = Round(
            name=name,
            place=place,
            budget=budget,
            currency=currency,
            unit=unit,
            price_year=price_year,
            framework_version_id=chosen_version(session, actor, framework or built_in().name).id,
        )
        session.add(row)
        flush_new(session, f"There is already a round called {name}.")
        auditing.record(session, actor, "round.opened", "round", row.id, name=name, budget=budget, currency=currency)
        session.expunge(row)
        return row


def round_named(session: Session, name: str | None = None) -> Round | None:
    """The round of that name, or the one opened last; inside the caller's transaction."""
    query = select(Round).order_by(Round.opened_at.desc(), Round.name)
    return session.scalars(query if name is None else query.where(Round.name == name)).first()
