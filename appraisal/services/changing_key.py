"""Another key for the trail from an entry on: the last one under the old key names the new (docs/security/keys.md).

What the old key sealed stays as it is and is checked with it; whoever has the old key alone can change nothing before
the hand-over unseen, since the first entry under the new key rests on it. From then on the head names the new one, and
a process that has another writes nothing.
"""

from sqlalchemy import Engine

from appraisal.services.errors import DomainError
from appraisal.services.verifying import checked
from appraisal.trail.chain import KEY_CHANGED, Anchor, key_of
from appraisal.trail.ring import key_in_use
from appraisal.trail.sealing import Entry, extend, lock_head


def change_key(engine: Engine) -> Anchor:
    """Hand the trail on to the engine's key, from the one that sealed so far; raises DomainError, NoAuditKey."""
    with engine.begin() as connection:
        lock_head(connection)  # so that what is checked is one state, whoever still writes under the old key
        found = checked(connection)
        if not found.sound:
            raise DomainError(f"The audit trail is not sound, so its key stays ({found.findings[0]}).")
        new, used = key_of(connection), key_in_use(connection)
        if used == new or used.name == new.name:
            raise DomainError("The trail is sealed with this key already. Set the new one as APPRAISAL_AUDIT_KEY.")
        entry = Entry(None, KEY_CHANGED, "trail", "key", {"from": used.name, "to": new.name})
        return extend(connection, [entry], lambda _: {}, under=used, onto=new)


def require_newest_key(engine: Engine) -> None:
    """Raise DomainError where a key before the engine's still seals: whatever is written would break the chain."""
    with engine.connect() as connection:
        new, used = key_of(connection), key_in_use(connection)
    if used.name != new.name:
        raise DomainError(
            "The audit trail is still sealed with a key of APPRAISAL_AUDIT_KEYS_BEFORE. Hand it on with "
            "`appraisal audit change-key`, then try again."
        )
