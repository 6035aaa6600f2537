"""Between a project's tables and the project file, both ways, in one place."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.models import Answer, CashFlowAmount, CashFlowLine, FlowMeasure, Project
from appraisal.models.tables import Table, new_id, now
from appraisal.reading.project_parts import project_from
from scoring import project_file
from scoring.project_document import to_document
from scoring.project_file import ActionArea, ProjectFile
from scoring.project_file import Answer as AnswerPart

_OWN_COLUMNS = frozenset(
    {"schema", "reference", "title", "summary", "city", "country", "stage", "action_areas", "currency", "unit"}
    | {"timing", "cash_flows", "answers", "prices"}
)

_IN_DETAILS = tuple(({*ProjectFile.__dataclass_fields__} - _OWN_COLUMNS) | {"prices"})
"""Parts of a project file of which anything stands in `details`."""


def apply_file(project: Project, file: ProjectFile, before: ProjectFile | None = None) -> None:
    """Make the project say what the file says; the reference stays the project's own.

    before: what the project says now, where that is known: of the lines and answers that are the same nothing is read.
    Rows that are already there keep their keys, and only those that say something else are written.
    """
    for name, value in (project_values(file) if before is None else changed_values(file, before)).items():
        setattr(project, name, value)
    project.changed_at = now()
    if before is None or before.cash_flows.lines != file.cash_flows.lines:
        _apply_lines(project, file.cash_flows.lines)
    if before is None or before.answers != file.answers:
        _apply_answers(project, file.answers)


def _apply_lines(project: Project, lines: Sequence[project_file.CashFlowLine]) -> None:
    rows = {row.position: row for row in project.lines}
    for gone in [row for position, row in rows.items() if position >= len(lines)]:
        project.lines.remove(gone)
    for position, line in enumerate(lines):
        if position not in rows:
            rows[position] = CashFlowLine(id=new_id(), position=position)
            project.lines.append(rows[position])
        _say(rows[position], line_values(line))
        _apply_amounts(rows[position], line_amounts(line))


def _apply_amounts(row: CashFlowLine, amounts: project_file.Amounts) -> None:
    stored = {each.period: each for each in row.amounts}
    for gone in [each for period, each in stored.items() if period >= len(amounts)]:
        row.amounts.remove(gone)
    for period, amount in enumerate(amounts):
        if period in stored:
            _say(stored[period], {"amount": amount})
        else:
            row.amounts.append(CashFlowAmount(period=period, amount=amount))


def _apply_answers(project: Project, answers: Mapping[str, AnswerPart]) -> None:
    rows = {row.indicator: row for row in project.answers}
    for gone in [row for indicator, row in rows.items() if indicator not in answers]:
        project.answers.remove(gone)
    for indicator, answer in answers.items():
        if indicator in rows:
            _say(rows[indicator], answer_values(answer))
        else:
            project.answers.append(Answer(id=new_id(), indicator=indicator, **answer_values(answer)))


def _say(row: Table, values: Mapping[str, Any]) -> None:
    """A row that says all of this already stays untouched, and the trail takes no digest of it."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def changed_values(file: ProjectFile, before: ProjectFile) -> dict[str, Any]:
    """Of the columns of the project's own row: those that say something else."""
    same = all(getattr(file, name) == getattr(before, name) for name in _IN_DETAILS)
    values, were = column_values(file), column_values(before)
    changed = {name: value for name, value in values.items() if value != were[name]}
    return changed if same else changed | {"details": details_of(file)}


def project_values(file: ProjectFile) -> dict[str, Any]:
    """What the file says, by the columns of the project's own row."""
    return column_values(file) | {"details": details_of(file)}


def details_of(file: ProjectFile) -> dict[str, Any]:
    """What has no column or table of its own."""
    details = {key: value for key, value in to_document(file).items() if key not in _OWN_COLUMNS}
    return details if file.prices.inflation is None else details | {"inflation": file.prices.inflation}


def column_values(file: ProjectFile) -> dict[str, Any]:
    """What the file says, by the columns of the project's own row, `details` aside."""
    return {
        "title": file.title,
        "summary": file.summary,
        "city": file.city,
        "country": file.country,
        "stage": file.stage,
        "currency": file.currency,
        "unit": file.unit,
        "timing": file.timing,
        "action_areas": [area.value for area in file.action_areas],
        "price_basis": file.prices.basis,
        "price_year": file.prices.base_year,
        "first_year": file.cash_flows.first_year,
    }


class _Line(Protocol):
    """What is read of a line's row, whether as an object of the session or as bare columns."""

    name: Any
    kind: Any
    measure: Any
    line_class: Any
    conversion_factor: Any
    economic: Any
    shares: Any


class _Answer(Protocol):
    indicator: Any
    level: Any
    value: Any
    unknown: Any
    evidence: Any
    reason: Any
    source: Any


_LINE_COLUMNS = tuple(CashFlowLine.__table__.c[name] for name in _Line.__annotations__)
_ANSWER_COLUMNS = tuple(Answer.__table__.c[name] for name in _Answer.__annotations__)


def to_file(project: Project) -> ProjectFile:
    """The project file that says what the tables say."""
    flows = to_document_of_flows(project)
    return _file(project, flows, project.answers)


def stored_file(session: Session, project: Project) -> ProjectFile:
    """The same, its lines and answers read as bare columns: for what shows a project, or compares it, and goes.

    Inside the caller's transaction.
    """
    of, line, amount = project.id, CashFlowLine.__table__, CashFlowAmount.__table__
    lines = session.execute(
        select(line.c.id, *_LINE_COLUMNS).where(line.c.project_id == of).order_by(line.c.position)
    ).all()
    amounts = session.execute(
        select(amount.c.line_id, amount.c.amount)
        .join_from(amount, line, line.c.id == amount.c.line_id)
        .where(line.c.project_id == of)
        .order_by(amount.c.line_id, amount.c.period)
    )
    by_line = {key: [each[1] for each in some] for key, some in groupby(amounts, key=lambda each: each[0])}
    answers = session.execute(select(*_ANSWER_COLUMNS).where(Answer.project_id == of).order_by(Answer.indicator)).all()
    flows = [_line_document(row, by_line.get(row.id, [])) for row in lines]
    return _file(project, {"first_year": project.first_year, "lines": flows}, answers)


def _file(project: Project, cash_flows: dict[str, Any], answers: Iterable[_Answer]) -> ProjectFile:
    document: dict[str, Any] = {
        **{key: value for key, value in project.details.items() if key != "inflation"},
        "prices": _prices_document(project),
        "schema": project_file.SCHEMA,
        "reference": project.reference,
        "title": project.title,
        "summary": project.summary,
        "city": project.city,
        "country": project.country,
        "stage": project.stage.value,
        "action_areas": [ActionArea(area).value for area in project.action_areas],
        "currency": project.currency,
        "unit": project.unit,
        "timing": project.timing.value,
        "cash_flows": cash_flows,
        "answers": {answer.indicator: _answer_document(answer) for answer in answers},
    }
    return project_from(document)


def _prices_document(project: Project) -> dict[str, Any]:
    given: Mapping[str, Any] = {
        "basis": project.price_basis.value,
        "base_year": project.price_year,
        "inflation": project.details.get("inflation"),
    }
    return {key: value for key, value in given.items() if value is not None}


def to_document_of_flows(project: Project) -> dict[str, Any]:
    lines = [_line_document(line, [amount.amount for amount in line.amounts]) for line in project.lines]
    return {"first_year": project.first_year, "lines": lines}


def line_values(line: project_file.CashFlowLine) -> dict[str, Any]:
    """What a line says, by the columns of its row."""
    return {
        "name": line.name,
        "kind": line.kind,
        "measure": FlowMeasure.TONNES if line.tonnes else FlowMeasure.MONEY,
        "line_class": line.line_class,
        "conversion_factor": line.conversion_factor,
        "economic": line.economic,
        "shares": dict(line.shares),
    }


def line_amounts(line: project_file.CashFlowLine) -> project_file.Amounts:
    return line.tonnes or line.amounts


def _line_document(line: _Line, values: list[Decimal]) -> dict[str, Any]:
    document: dict[str, Any] = {"name": line.name, "kind": line.kind.value}
    document["tonnes" if line.measure is FlowMeasure.TONNES else "amounts"] = values
    optional: Mapping[str, Any] = {
        "class": line.line_class,
        "conversion_factor": line.conversion_factor,
        "economic": None if line.economic is None else line.economic.value,
        "shares": line.shares or None,
    }
    return document | {key: value for key, value in optional.items() if value is not None}


def answer_values(answer: AnswerPart) -> dict[str, Any]:
    """What an answer says, by the columns of its row."""
    return {
        "level": answer.level,
        "value": answer.value,
        "unknown": answer.unknown,
        "evidence": answer.evidence,
        "reason": answer.reason,
        "source": answer.source,
    }


def _answer_document(answer: _Answer) -> dict[str, Any]:
    given: Mapping[str, Any] = {
        "level": answer.level,
        "value": answer.value,
        "unknown": answer.unknown or None,
        "evidence": None if answer.evidence is None else answer.evidence.value,
        "reason": answer.reason or None,
        "source": answer.source or None,
    }
    return {key: value for key, value in given.items() if value is not None}
