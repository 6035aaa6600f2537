"""Which tables a migration made, so that a test can say what is there before it is run."""

from appraisal.models import Table

ADDED = {
    "0015": {"delivery", "registered_benefit", "reported_benefit", "year_report"},
    "0019": {"stored_file", "evidence_file", "evidence_link", "submitted_file"},
    "0021": {"mail", "mail_choice", "notification", "reset_request"},
    "0022": {"replaced_table", "table_file"},
    "0023": {"attempt_window"},
    "0025": {"scheduled_publication"},
    "0027": {"service_identity"},
}
"""Tables by the migration that makes them."""


def before(revision: str) -> set[str]:
    """The tables that are there until a migration is run."""
    later = [names for number, names in ADDED.items() if number >= revision]
    return set(Table.metadata.tables).difference(*later)
