"""Bringing the tables up to date without washing anything clean: what is there is checked against the trail first."""

from sqlalchemy import Connection, Engine, inspect

from appraisal.database import migrate_on, revisions
from appraisal.services.errors import DomainError
from appraisal.services.verifying import Finding, attest, checked


def upgrade(engine: Engine, *, unverified: bool = False) -> None:
    """Migrate to the newest tables; safe to run again. Raises DomainError where the trail is not sound.

    A migration may write rows anew, so the trail says after it how they stand, as it does at the first start with a
    chain. unverified: go on all the same, and have the trail say what was found.
    """
    with engine.begin() as connection:
        before, newest = revisions(connection)
        if before == newest:
            return
        found = _first_finding(connection)
        if found is not None and not unverified:
            raise DomainError(
                f"The audit trail is not sound, so the tables were left as they are ({found}). Find out why with "
                "`appraisal audit verify` of the version before; `appraisal db upgrade --unverified` goes on."
            )
        migrate_on(connection)
        details = {"before": before or "", "now": newest} | ({"unverified": str(found)} if found else {})
        attest(connection, "trail.tables-attested", **details)


def _first_finding(connection: Connection) -> Finding | None:
    """What is wrong first, with the tables and columns that there are; None without a chain yet."""
    stored = stored_columns(connection)
    if "audit_head" not in stored:
        return None
    return next(iter(checked(connection, stored=stored).findings), None)


def stored_columns(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The columns of every table that there is."""
    inspector = inspect(connection)
    return {
        name: tuple(column["name"] for column in inspector.get_columns(name)) for name in inspector.get_table_names()
    }
