"""The second step of signing in: a code of an authenticator (TOTP, RFC 6238), or a recovery code, each used once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from secrets import choice
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from appraisal.models import Account, RecoveryCode, SecondStep
from appraisal.models.tables import now
from appraisal.policy import Actor
from appraisal.services import auditing
from appraisal.services.accounts import require_password
from appraisal.services.chance import hash_of
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.live_sessions import SignInRefused
from appraisal.services.sealing import Seal, Unsealable
from appraisal.transactions import reading

ISSUER = "Appraisal"
SECONDS = 30
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for others."""
GROUP, GROUPS = 4, 6
"""118 bits: as many letters as need no slow hash. Codes of 16 letters that were handed out before count on."""
BY_CODE, BY_RECOVERY = "code", "recovery code"


class CodeRefused(DomainError):
    """Not the code of now, or one that was used."""

    def __init__(self) -> None:
        super().__init__("This is not the code of now, or it was used. Wait for the next one and enter that.")


@dataclass(frozen=True, slots=True)
class StepState:
    """How an account's second step stands."""

    since: datetime | None
    """None: it is off."""
    begun: bool
    codes_left: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs to be set up."""

    key: str
    address: str
    """The same as an `otpauth:` address, for the QR code."""


def state_of(session: Session, account_id: UUID | None) -> StepState:
    """How the account's second step stands."""
    with reading(session):
        step = session.get(SecondStep, account_id) if account_id else None
        left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
        since = step.confirmed_at if step else None
        return StepState(since, step is not None and since is None, session.scalar(left) or 0)


def begin(session: Session, actor: Actor, password: str, seal: Seal) -> None:
    """Make a new key, which counts once a code of it was entered; raises WrongPassword, AlreadyThere."""
    require_password(session, actor, password)
    sealed = seal.close(pyotp.random_base32())
    with session.begin():
        account = _locked(session, actor.account_id)
        step = session.get(SecondStep, account.id, populate_existing=True)
        if step is not None and step.confirmed_at is not None:
            raise AlreadyThere("The second step is on already.")
        if step is None:
            session.add(SecondStep(account_id=account.id, sealed_key=sealed))
        else:
            step.sealed_key, step.last_step = sealed, None


def enrolment(session: Session, actor: Actor, seal: Seal) -> Enrolment | None:
    """What to give the authenticator; None where none was begun, or where it is on already."""
    with reading(session):
        step = session.get(SecondStep, actor.account_id)
        if step is None or step.confirmed_at is not None:
            return None
        email = session.get_one(Account, actor.account_id).email
        sealed = step.sealed_key
    key = _opened(seal, sealed)
    return Enrolment(key, pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=ISSUER))


def confirm(session: Session, actor: Actor, code: str, seal: Seal) -> Sequence[str]:
    """Turn the second step on with a first code; returns the recovery codes, which are not to be had again.

    Raises CodeRefused, StaleVersion.
    """
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with session.begin():
        account = _locked(session, actor.account_id)
        step = session.get(SecondStep, account.id, populate_existing=True)
        if step is None or step.confirmed_at is not None:
            raise StaleVersion("The second step was turned on or off meanwhile. Look at your account.")
        if not _used(session, step, code, seal):
            raise CodeRefused
        step.confirmed_at = now()
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
        session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_of(_plain(each))) for each in codes)
        auditing.record(session, actor, "account.second-step-on", "account", account.id)
    return codes


def passed(session: Session, account_id: UUID, epoch: int, code: str, seal: Seal) -> tuple[Account, str]:
    """The account whose password was right before, and by which code it is let in now.

    Raises CodeRefused, and SignInRefused where the account was closed or its password changed meanwhile.
    """
    with session.begin():
        account = _locked(session, account_id)
        if account.disabled or account.session_epoch != epoch:
            raise SignInRefused
        return account, _accepted(session, account, code, seal)


def turn_off(session: Session, actor: Actor, password: str, code: str, seal: Seal) -> None:
    """Ask for the password alone from now on; raises WrongPassword, CodeRefused."""
    require_password(session, actor, password)
    with session.begin():
        account = _locked(session, actor.account_id)
        by = _accepted(session, account, code, seal)
        remove(session, account.id)
        auditing.record(session, actor, "account.second-step-off", "account", account.id, by=by)


def remove(session: Session, account_id: UUID) -> bool:
    """Take key and recovery codes away, inside the caller's transaction; returns whether there was a key."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    gone = delete(SecondStep).where(SecondStep.account_id == account_id).returning(SecondStep.account_id)
    return session.execute(gone).first() is not None


def _locked(session: Session, account_id: UUID | None) -> Account:
    """The account's row, held: what belongs to its second step changes one after the other."""
    return session.get_one(Account, account_id, populate_existing=True, with_for_update={"of": Account})


def _accepted(session: Session, account: Account, code: str, seal: Seal) -> str:
    """By what the code is accepted, which uses it up; raises CodeRefused."""
    step = session.get(SecondStep, account.id, populate_existing=True)
    if step is None or step.confirmed_at is None:
        raise StaleVersion("The second step was turned off meanwhile. Sign in again.")
    own = (RecoveryCode.account_id == account.id) & (RecoveryCode.code_hash == hash_of(_plain(code)))
    if session.execute(delete(RecoveryCode).where(own).returning(RecoveryCode.id)).first() is not None:
        return BY_RECOVERY
    if _used(session, step, code, seal):
        return BY_CODE
    raise CodeRefused


def _used(session: Session, step: SecondStep, code: str, seal: Seal) -> bool:
    """Whether it is the code of this half minute and was not used; then it is used up for good."""
    totp, typed = pyotp.TOTP(_opened(seal, step.sealed_key)), "".join(code.split())
    here = int(now().timestamp()) // SECONDS
    if not compare_digest(totp.generate_otp(here).encode(), typed.encode()):
        return False
    later = or_(SecondStep.last_step.is_(None), SecondStep.last_step < here)
    taken = update(SecondStep).where(SecondStep.account_id == step.account_id, later).values(last_step=here)
    return session.execute(taken.returning(SecondStep.account_id)).first() is not None


def _opened(seal: Seal, sealed: str) -> str:
    try:
        return seal.open(sealed)
    except Unsealable:
        raise DomainError(
            "The server's secret key was changed, so codes cannot be checked. Use a recovery code, or ask an "
            "administrator to reset your second step."
        ) from None


def _recovery_code() -> str:
    return "-".join("".join(choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter in LETTERS)
