"""Between a project's tables and the project file, both ways, in one place."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from appraisal.models import Answer, CashFlowAmount, CashFlowLine, FlowMeasure, Project
from appraisal.models.tables import new_id, now
from appraisal.reading.project_parts import project_from
from scoring import project_file
from scoring.project_document import to_document
from scoring.project_file import ActionArea, ProjectFile
from scoring.project_file import Answer as AnswerPart

_OWN_COLUMNS = frozenset(
    {"schema", "reference", "title", "summary", "city", "country", "stage", "action_areas", "currency", "unit"}
    | {"timing", "cash_flows", "answers", "prices"}
)


def apply_file(project: Project, file: ProjectFile) -> None:
    """Make the project say what the file says; the reference stays the project's own.

    Rows that are already there keep their keys: SQLAlchemy inserts before it deletes, so a new row beside the old one
    would break the uniqueness of its position or indicator.
    """
    line_ids = {line.position: line.id for line in project.lines}
    answer_ids = {answer.indicator: answer.id for answer in project.answers}
    for name, value in project_values(file).items():
        setattr(project, name, value)
    project.changed_at = now()
    project.lines = [
        _line_row(line_ids.get(position) or new_id(), position, line)
        for position, line in enumerate(file.cash_flows.lines)
    ]
    project.answers = [
        _answer_row(answer_ids.get(indicator) or new_id(), indicator, answer)
        for indicator, answer in file.answers.items()
    ]


def project_values(file: ProjectFile) -> dict[str, Any]:
    """What the file says, by the columns of the project's own row."""
    details = {key: value for key, value in to_document(file).items() if key not in _OWN_COLUMNS}
    if file.prices.inflation is not None:
        details["inflation"] = file.prices.inflation
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
        "details": details,
    }


def to_file(project: Project) -> ProjectFile:
    """The project file that says what the tables say."""
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
        "cash_flows": to_document_of_flows(project),
        "answers": {answer.indicator: _answer_document(answer) for answer in project.answers},
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
    return {"first_year": project.first_year, "lines": [_line_document(line) for line in project.lines]}


def _line_row(key: UUID, position: int, line: project_file.CashFlowLine) -> CashFlowLine:
    return CashFlowLine(
        id=key,
        position=position,
        **line_values(line),
        amounts=[CashFlowAmount(period=period, amount=amount) for period, amount in enumerate(line_amounts(line))],
    )


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


def _line_document(line: CashFlowLine) -> dict[str, Any]:
    document: dict[str, Any] = {"name": line.name, "kind": line.kind.value}
    values: list[Decimal] = [amount.amount for amount in line.amounts]
    document["tonnes" if line.measure is FlowMeasure.TONNES else "amounts"] = values
    optional: Mapping[str, Any] = {
        "class": line.line_class,
        "conversion_factor": line.conversion_factor,
        "economic": None if line.economic is None else line.economic.value,
        "shares": line.shares or None,
    }
    return document | {key: value for key, value in optional.items() if value is not None}


def _answer_row(key: UUID, indicator: str, answer: AnswerPart) -> Answer:
    return Answer(id=key, indicator=indicator, **answer_values(answer))


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


def _answer_document(answer: Answer) -> dict[str, Any]:
    given: Mapping[str, Any] = {
        "level": answer.level,
        "value": answer.value,
        "unknown": answer.unknown or None,
        "evidence": None if answer.evidence is None else answer.evidence.value,
        "reason": answer.reason or None,
        "source": answer.source or None,
    }
    return {key: value for key, value in given.items() if value is not None}
