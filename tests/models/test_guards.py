"""Every table is one that may change, for a reason, or one that the database itself keeps from changing; on both."""

from sqlalchemy import Engine, text

from appraisal.models import Table
from tests.databases import tables

ONLY_GROW = {"audit_entry", "publication", "decision", "decision_condition", "condition_met", "meeting_note"}
"""Neither changed nor deleted."""
NEVER_CHANGED = {
    "submission", "submitted_file", "stored_file", "appraisal_run", "run_criterion", "run_gate", "run_own_record",
    "own_record_version", "scenario",
}  # fmt: skip
"""Deleted with what they belong to, and never changed."""
FROZEN_IN_PART = {"framework_version": "document"}
"""Never deleted, and changed only where it says whether it is still on offer."""
MAY_CHANGE = {
    "audit_head": "moves on with the trail, which holds it to account",
    **dict.fromkeys(("organisation", "account", "round"), "is kept by an administrator; the trail has each change"),
    **dict.fromkeys(
        ("project", "cash_flow_line", "cash_flow_amount", "answer", "evidence_file", "evidence_link", "kept_text"),
        "is a draft until it is sent; what was sent is a submission",
    ),
    **dict.fromkeys(("replaced_table", "table_file"), "serves a table on its way"),
    **dict.fromkeys(("project_import", "import_change", "import_mapping"), "is an import on its way, or undone"),
    "assignment": "is given and taken away",
    "declaration": "can become a conflict; its text goes with the person",
    **dict.fromkeys(("assessment", "assessment_score", "assessment_task"), "is worked on, and asked for anew"),
    "reconciliation": "is agreed on again after a framework asks for more",
    **dict.fromkeys(
        ("obligation", "delivery", "year_report", "reported_benefit", "registered_benefit"), "is lived up to"
    ),
    **dict.fromkeys(("pending_decision", "scheduled_publication"), "is prepared; what is published is a decision"),
    "framework_draft": "is written until it is published as a version",
    "completed_project": "is corrected and withdrawn; what an appraisal took of it is an own_record_version",
    **dict.fromkeys(("job", "scenario_run", "scenario_result"), "says how far work is"),
    "portfolio_scenario": "can be changed until it is taken away; a run keeps what it was computed from",
    **dict.fromkeys(("notification", "mail", "mail_choice", "reset_request"), "is on its way, and read"),
    **dict.fromkeys(
        (
            "live_session",
            "account_link",
            "second_step",
            "service_identity",
            "recovery_code",
            "api_token",
            "attempt_window",
        ),
        "is how someone gets in",
    ),
}


def test_every_table_is_classified_once() -> None:
    kinds = [ONLY_GROW, NEVER_CHANGED, set(FROZEN_IN_PART), set(MAY_CHANGE)]
    assert sum(map(len, kinds)) == len(set.union(*kinds)), "a table stands in two places"
    assert set.union(*kinds) == set(Table.metadata.tables)


def test_the_database_guards_what_never_changes(engine: Engine) -> None:
    guarded = _guarded(engine)
    assert {table for table, events in guarded.items() if "UPDATE" in events} == (
        ONLY_GROW | NEVER_CHANGED | set(FROZEN_IN_PART)
    )
    assert {table for table, events in guarded.items() if "DELETE" in events} == ONLY_GROW | set(FROZEN_IN_PART)
    if engine.dialect.name == "postgresql":
        left = ONLY_GROW | NEVER_CHANGED | set(FROZEN_IN_PART)
        assert {table for table, events in guarded.items() if "TRUNCATE" in events} == left
    assert tables(engine) == set(Table.metadata.tables)


def _guarded(engine: Engine) -> dict[str, set[str]]:
    """What a trigger refuses, by table."""
    found: dict[str, set[str]] = {}
    sqlite = engine.dialect.name == "sqlite"
    query = (
        "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT relname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger "
        "JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with engine.connect() as connection:
        for table, written in connection.execute(text(query)):
            event = written.split("BEFORE")[1].split(" ON ")[0]
            found.setdefault(table, set()).update(name for name in ("UPDATE", "DELETE", "TRUNCATE") if name in event)
    return found
