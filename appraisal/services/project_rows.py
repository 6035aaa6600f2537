"""The rows of many projects at once: written without a flush each, kept as they are, put back exactly."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import Column, Float, Table, Text, delete, insert, select, type_coerce
from sqlalchemy import Enum as Vocabulary
from sqlalchemy.orm import Session
from sqlalchemy.types import Uuid

from appraisal.models import Answer, CashFlowAmount, CashFlowLine, Project
from appraisal.models.columns import DocumentText, ExactDecimal, ExactDocument, Moment
from appraisal.models.tables import new_id
from appraisal.services.project_mapping import answer_values, line_amounts, line_values, project_values
from scoring.project_file import ProjectFile

PROJECT, LINE, AMOUNT, ANSWER = (model.__table__ for model in (Project, CashFlowLine, CashFlowAmount, Answer))
_AT_ONCE = 5_000
_IDS_AT_ONCE = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProjectRows:
    """The rows of one project: its own, and those of its lines, amounts and answers."""

    project: Row
    lines: list[Row]
    amounts: list[Row]
    answers: list[Row]


def rows_of(file: ProjectFile, head: Row, before: ProjectRows | None = None) -> ProjectRows:
    """The rows that say what the file says. Lines and answers that were there keep their ids, as when edited."""
    project_id = head["id"]
    line_ids = {row["position"]: row["id"] for row in before.lines} if before else {}
    answer_ids = {row["indicator"]: row["id"] for row in before.answers} if before else {}
    lines: list[Row] = []
    amounts: list[Row] = []
    for position, line in enumerate(file.cash_flows.lines):
        line_id = line_ids.get(position) or new_id()
        lines.append({"id": line_id, "project_id": project_id, "position": position, **line_values(line)})
        amounts += [
            {"line_id": line_id, "period": period, "amount": amount} for period, amount in enumerate(line_amounts(line))
        ]
    answers = [
        {
            "id": answer_ids.get(name) or new_id(),
            "project_id": project_id,
            "indicator": name,
            **answer_values(answer),
        }
        for name, answer in file.answers.items()
    ]
    return ProjectRows({**head, **project_values(file)}, lines, amounts, answers)


def write(session: Session, projects: Iterable[ProjectRows]) -> None:
    """Insert whole projects, their rows in batches."""
    waiting: dict[Table, list[Row]] = {PROJECT: [], LINE: [], AMOUNT: [], ANSWER: []}  # type: ignore[dict-item]
    for project in projects:
        for table, rows in zip(waiting, _parts(project), strict=True):
            waiting[table] += rows
        if len(waiting[AMOUNT]) >= _AT_ONCE:  # type: ignore[index]
            _insert(session, waiting)
    _insert(session, waiting)


def replace(session: Session, projects: Sequence[ProjectRows]) -> None:
    """Make stored projects say this: their own row is changed, the rows of their parts are written anew."""
    for project in projects:
        values = {name: value for name, value in project.project.items() if name != "id"}
        session.execute(PROJECT.update().where(PROJECT.c.id == project.project["id"]).values(**values))  # type: ignore[attr-defined]
    _delete_parts(session, [project.project["id"] for project in projects])
    waiting: dict[Table, list[Row]] = {LINE: [], AMOUNT: [], ANSWER: []}  # type: ignore[dict-item]
    for project in projects:
        for table, rows in zip(waiting, _parts(project)[1:], strict=True):
            waiting[table] += rows
    _insert(session, waiting)


def remove(session: Session, ids: Sequence[UUID]) -> None:
    """Delete whole projects; what hangs on them goes with them."""
    for some in _batches(ids):
        session.execute(delete(PROJECT).where(PROJECT.c.id.in_(some)))  # type: ignore[arg-type]


def stored_rows(session: Session, ids: Sequence[UUID]) -> Iterator[ProjectRows]:
    """The rows as the database holds them; documents as their very text."""
    for some in _batches(ids):
        lines = _selected(session, LINE, LINE.c.project_id, some)
        amounts = _selected(session, AMOUNT, AMOUNT.c.line_id, [row["id"] for row in lines])
        answers = _selected(session, ANSWER, ANSWER.c.project_id, some)
        of_line = _by(amounts, "line_id")
        of_project, answered = _by(lines, "project_id"), _by(answers, "project_id")
        for row in _selected(session, PROJECT, PROJECT.c.id, some):
            own = of_project.get(row["id"], [])
            yield ProjectRows(
                row,
                own,
                [amount for line in own for amount in of_line.get(line["id"], [])],
                answered.get(row["id"], []),
            )


def as_text(rows: ProjectRows) -> str:
    """The rows as JSON, for keeping."""
    return simplejson.dumps(
        [[{name: _plain(value) for name, value in row.items()} for row in part] for part in _parts(rows)],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_text(text: str) -> ProjectRows:
    """What `as_text` kept, in the values that the columns take."""
    read = [
        [{name: _valued(table.c[name], value) for name, value in row.items()} for row in part]
        for table, part in zip((PROJECT, LINE, AMOUNT, ANSWER), simplejson.loads(text), strict=True)
    ]
    return ProjectRows(read[0][0], read[1], read[2], read[3])


def _parts(rows: ProjectRows) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    return [rows.project], rows.lines, rows.amounts, rows.answers


def _insert(session: Session, waiting: Mapping[Table, list[Row]]) -> None:
    for table, rows in waiting.items():
        for start in range(0, len(rows), _AT_ONCE):
            session.execute(insert(table), rows[start : start + _AT_ONCE])
        rows.clear()


def _delete_parts(session: Session, ids: Sequence[UUID]) -> None:
    for some in _batches(ids):
        lines = select(LINE.c.id).where(LINE.c.project_id.in_(some))
        session.execute(delete(AMOUNT).where(AMOUNT.c.line_id.in_(lines)))  # type: ignore[arg-type]
        session.execute(delete(LINE).where(LINE.c.project_id.in_(some)))  # type: ignore[arg-type]
        session.execute(delete(ANSWER).where(ANSWER.c.project_id.in_(some)))  # type: ignore[arg-type]


def _selected(session: Session, table: Any, key: Any, ids: Sequence[UUID]) -> list[Row]:
    columns = [
        type_coerce(column, Text).label(column.name) if isinstance(column.type, ExactDocument) else column
        for column in table.c
    ]
    found: list[Row] = []
    for some in _batches(ids):
        query = select(*columns).where(key.in_(some)).order_by(*table.primary_key)
        found += [dict(row) for row in session.execute(query).mappings()]
    return found


def _by(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _IDS_AT_ONCE):
        yield ids[start : start + _IDS_AT_ONCE]


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def _valued(column: "Column[Any]", value: Any) -> Any:  # noqa: PLR0911 -- one line a kind of column
    kind = column.type
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if isinstance(kind, ExactDecimal):
        return Decimal(value)
    if isinstance(kind, ExactDocument):
        return DocumentText(value)
    if isinstance(kind, Vocabulary) and kind.enum_class is not None:
        return kind.enum_class(value)
    return float(value) if isinstance(kind, Float) else value
