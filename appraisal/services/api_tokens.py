"""Tokens by which a program acts for an account: within their scopes, with the account's rights of that moment."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from appraisal.models import Account, ApiToken, Scope
from appraisal.models.tables import now
from appraisal.policy import Actor, NotFound
from appraisal.services import auditing
from appraisal.services.accounts import require_password
from appraisal.services.chance import fresh_secret, hash_of
from appraisal.services.errors import DomainError
from appraisal.transactions import reading
from forms.people import read_label

MARK = "apt_"
"""How every token begins, so that one that leaks into a text is found."""
SHOWN = 12
MOST = 20
LIFETIMES = (7, 30, 90, 365)
"""Days."""
NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(Exception):
    """There is no such token, it has expired, or its account is closed: the same words for each."""

    def __init__(self) -> None:
        super().__init__("The token is not known, has expired or was revoked.")


class OutOfScope(Exception):
    """The token is good, but not for this."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"The token lacks the scope {scope.value}.")
        self.scope = scope


def make_token(
    session: Session, actor: Actor, *, password: str, name: str, scopes: Collection[Scope], days: int
) -> tuple[ApiToken, str]:
    """A token and its text, which is not to be had again; raises WrongPassword, DomainError."""
    require_password(session, actor, password)
    try:
        label = read_label(name, "The name")
    except ValueError as problem:
        raise DomainError(str(problem)) from None
    if not scopes or days not in LIFETIMES:
        raise DomainError("Choose what the token may do, and how long.")
    secret = fresh_secret(MARK)
    with session.begin():
        account = session.get_one(Account, actor.account_id, with_for_update={"of": Account})
        held = select(func.count()).select_from(ApiToken).where(ApiToken.account_id == account.id)
        if (session.scalar(held) or 0) >= MOST:
            raise DomainError(f"An account has at most {MOST} tokens: revoke one that is no longer used.")
        token = ApiToken(
            account_id=account.id,
            name=label,
            secret_hash=hash_of(secret),
            prefix=secret[:SHOWN],
            scopes=sorted(scope.value for scope in scopes),
            expires_at=now() + timedelta(days=days),
        )
        session.add(token)
        session.flush()
        auditing.record(
            session, actor, "token.made", "token", token.id, prefix=token.prefix, scopes=token.scopes, days=days
        )
    return token, secret


def own_tokens(session: Session, actor: Actor) -> Sequence[ApiToken]:
    """The actor's tokens, expired ones too, the newest first."""
    with reading(session):
        own = select(ApiToken).where(ApiToken.account_id == actor.account_id)
        return session.scalars(own.order_by(ApiToken.created_at.desc(), ApiToken.id)).all()


def revoke(session: Session, actor: Actor, token_id: UUID) -> None:
    """End one of the actor's own tokens at once; raises NotFound for any other."""
    with session.begin():
        own = (ApiToken.id == token_id) & (ApiToken.account_id == actor.account_id)
        prefix = session.scalar(delete(ApiToken).where(own).returning(ApiToken.prefix))
        if prefix is None:
            raise NotFound("There is no such token.")
        auditing.record(session, actor, "token.revoked", "token", token_id, prefix=prefix)


def bearer(session: Session, secret: str, scope: Scope) -> Actor:
    """Who a program acts for; raises TokenRefused, OutOfScope. Its use is noted at most once a minute."""
    moment = now()
    with reading(session):
        found = session.execute(
            select(ApiToken, Account)
            .join(Account, ApiToken.account_id == Account.id)
            .where(ApiToken.secret_hash == hash_of(secret), ApiToken.expires_at > moment, ~Account.disabled)
        ).first()
        if found is None:
            raise TokenRefused
        token, account = found
        if scope.value not in token.scopes:
            raise OutOfScope(scope)
        actor, used_at, token_id = Actor.of(account), token.used_at, token.id
    if used_at is None or moment - used_at >= NOTED_EVERY:
        with suppress(DBAPIError), session.begin():
            session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=moment))
    return actor
