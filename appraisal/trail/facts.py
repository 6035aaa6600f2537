"""Digests of rows as they were written: an entry of the trail carries those of the rows its change touched."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Uuid,
    bindparam,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from appraisal.models import Table
from appraisal.trail.chain import written

Facts = Mapping[str, Mapping[str, str | None]]
"""Kind of fact, key of the object, digest of its rows; None: it has none (any more)."""

_DIGITS = 32
"""Of the SHA-256: 128 bits, which nobody finds a second row for."""
_AT_ONCE = 500

KEYS = {
    "organisation": "id",
    "account": "id",
    "round": "id",
    "scenario": "id",
    "portfolio_scenario": "id",
    "framework_version": "id",
    "project": "id",
    "cash_flow_line": "project_id",
    "cash_flow_amount": "project_id",
    "answer": "project_id",
    "submission": "id",
    "submitted_file": "submission_id",
    "evidence_file": "project_id",
    "evidence_link": "project_id",
    "assignment": "project_id",
    "declaration": "project_id",
    "obligation": "id",
    "assessment": "id",
    "assessment_score": "assessment_id",
    "assessment_task": "id",
    "reconciliation": "submission_id",
    "appraisal_run": "id",
    "run_criterion": "run_id",
    "run_gate": "run_id",
    "run_own_record": "run_id",
    "own_record_version": "id",
    "publication": "id",
    "scheduled_publication": "id",
    "decision": "id",
    "decision_condition": "decision_id",
    "condition_met": "condition_id",
    "completed_project": "id",
    "delivery": "project_id",
    "year_report": "id",
    "reported_benefit": "report_id",
    "registered_benefit": "id",
    "meeting_note": "id",
}
"""The tables whose rows are reconciled with the trail, each with the column that says which rows make one fact."""
LEFT_OUT = {
    "audit_entry": "is the trail",
    "audit_head": "is checked against the trail",
    "framework_draft": "is nobody's record until it is published as a version",
    "pending_decision": "is one person's preparation; what is published is a decision",
    "project_import": "is a file on its way; what it made of projects is reconciled",
    "import_change": "serves the undoing of an import",
    "job": "says how far work is; what it made is stored elsewhere",
    "scenario_run": "can be computed anew from runs that are reconciled",
    "scenario_result": "can be computed anew from runs that are reconciled",
    **dict.fromkeys(("notification", "mail"), "tells a person of what is recorded elsewhere"),
    "mail_choice": "says when a person wants to be told",
    "reset_request": "asks for a link; that one was made is in the trail",
    "stored_file": "is checked against its SHA-256, under which rows that are reconciled name it",
    "kept_text": "is what was typed and does not read yet, no part of the project",
    "replaced_table": "serves the undoing of a paste",
    "table_file": "is a file on its way; the table that it became is reconciled",
    **dict.fromkeys(
        ("live_session", "account_link", "second_step", "recovery_code", "service_identity", "api_token"),
        "is how someone gets in; that it was made, used and ended is in the trail",
    ),
    "attempt_window": "counts for some minutes how often was tried in vain",
    "import_mapping": "is how an organisation names its columns",
}
"""The tables that are not, with the reason."""
TOGETHER = {"cash_flow_line": ("cash_flow_amount",), "appraisal_run": ("run_own_record",)}
"""Facts that change with a row of a table although no object of their own says so."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact: its rows, as the database stores them, each after the key of what they belong to."""

    rows: "Select[*tuple[Any, ...]]"
    key: Any


@cache
def kind_of(name: str, columns: tuple[str, ...] | None = None) -> Kind:
    """How the facts of a table are read; `columns`, where it has others than the models say, before a migration."""
    table, lines = Table.metadata.tables[name], Table.metadata.tables["cash_flow_line"]
    source: FromClause = table
    holder = table
    if name == "cash_flow_amount":
        source, holder = table.join(lines, lines.c.id == table.c.line_id), lines
    key = holder.c[KEYS[name]]
    cells = (literal_column(f"{name}.{each}", NullType()) for each in sorted(columns or table.c.keys()))
    return Kind(select(type_coerce(key, NullType()), *cells).select_from(source), key)


def read_facts(
    connection: Connection, touched: Mapping[str, Collection[UUID]], known: Mapping[tuple[str, UUID], str] | None = None
) -> dict[str, dict[str, str | None]]:
    """The facts of these objects as they stand now, by kind and key, both in order.

    known: digests that need not be read.
    """
    known = known or {}
    found: dict[str, dict[str, str | None]] = {}
    for name in sorted(touched):
        keys = sorted(touched[name])
        digests = {key.hex: known[name, key] for key in keys if (name, key) in known}
        unknown = [key for key in keys if key.hex not in digests]
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            digests |= _digests(connection, _some(name), {"keys": some})
        if keys:
            found[name] = {key.hex: digests.get(key.hex) for key in keys}
    return found


@cache
def _some(name: str) -> "Select[*tuple[Any, ...]]":
    """The rows of the facts of given `keys`: written down once, so that it is compiled once."""
    return kind_of(name).rows.where(kind_of(name).key.in_(bindparam("keys", type_=Uuid(), expanding=True)))


@cache
def returned(name: str) -> "tuple[ColumnElement[Any], ...]":
    """What a statement that writes rows of the kind gives back of them, for `fact_of`."""
    return tuple(kind_of(name).rows.selected_columns)


def fact_of(row: Sequence[Any]) -> str:
    """The digest of a fact that is one row, as the statement which wrote it gave it back."""
    return _digest([written(row[1:])])


def all_facts(connection: Connection, name: str, columns: tuple[str, ...] | None = None) -> dict[str, str]:
    """Every fact of the kind, by key; `columns` as for `kind_of`."""
    return _digests(connection, kind_of(name, columns).rows)


def _digests(
    connection: Connection, rows: "Select[*tuple[Any, ...]]", given: Mapping[str, Any] | None = None
) -> dict[str, str]:
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for key, *cells in connection.execute(rows, given).all():
        texts[key.hex if isinstance(key, UUID) else str(key)].append(written(cells))
    return {key: _digest(sorted(some)) for key, some in texts.items()}


def _digest(rows: list[str]) -> str:
    return sha256("\n".join(rows).encode("ascii")).hexdigest()[:_DIGITS]


def changed(before: Facts, after: Facts) -> Iterator[tuple[str, str]]:
    """Kind and key of every fact that is not the same."""
    for name in sorted({*before, *after}):
        was, now = before.get(name, {}), after.get(name, {})
        yield from ((name, key) for key in sorted({*was, *now}) if was.get(key) != now.get(key))
