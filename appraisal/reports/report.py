"""What a report is made from: one project, one result, and who computed it when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from appraisal.canonical import sha256_of
from appraisal.evidence import Evidence, behind
from scoring.frameworks.framework import Framework
from scoring.project_file import ProjectFile
from scoring.result import GateResult, Result

if TYPE_CHECKING:
    from scoring.criteria.consistency import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRange:
    """A rank with the range it keeps in 90 of 100 draws (METHOD 10)."""

    rank: int
    low: int
    high: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A condition that an approver accepted in place of a gate, and that is not met yet."""

    gate: str
    owner: str
    """The organisation that owes it."""
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalReport:
    """All that the PDF and the workbook say; both are pure functions of it.

    Times carry their zone. Two exports of one run differ in `generated_at`, in the rank among the others and in the
    conditions that stand in for gates.
    """

    project: ProjectFile
    result: Result
    framework: Framework
    run_id: str
    run_number: int
    appraised_at: datetime
    appraised_by: str
    input_sha256: str
    result_sha256: str
    generated_at: datetime
    application_version: str = ""
    audit_anchor: str = ""
    """Head of the audit chain at export, where the installation keeps one."""
    rank: RankRange | None = None
    appraisers: int = 0
    """How many appraisers' scores the answers are from; 0: they are the planner's own."""
    findings: "tuple[Finding, ...]" = ()
    """Where what was sent contradicts itself, with the planner's explanations."""
    stand_ins: tuple[StandIn, ...] = ()

    def stands_in(self, gate: GateResult) -> str:
        """What was accepted in place of a gate that blocks, as a sentence; empty where nothing was."""
        found = next((each for each in self.stand_ins if each.gate == gate.id and gate.blocks), None)
        return (
            f"A condition is accepted in its place: {found.owner} owes it by {found.due.isoformat()}." if found else ""
        )

    files: tuple[Evidence, ...] = ()
    """What the submission was sent with as evidence."""

    def linked_files(self, indicator: str) -> tuple[tuple[Evidence, str], ...]:
        """(file, place) of everything that stands behind one answer."""
        return behind(self.files, indicator)

    @property
    def digest(self) -> str:
        """SHA-256 of what the report rests on: which project and run, and the digests of its input and its result."""
        result = self.result
        return sha256_of(
            {
                "schema": "appraisal-report/1",
                "reference": self.project.reference,
                "title": self.project.title,
                "run": self.run_number,
                "run_id": self.run_id,
                "appraised_by": self.appraised_by,
                "appraised_at": self.appraised_at.isoformat(),
                "input": self.input_sha256,
                "result": self.result_sha256,
                "framework": result.framework,
                "parameters": result.parameters,
                "engine": result.engine,
                "seed": result.seed,
                "draws": result.draws,
                "appraisers": self.appraisers,
                **({"files": [file.said for file in self.files]} if self.files else {}),
            }
        )

    def __post_init__(self) -> None:
        for name in ("appraised_at", "generated_at"):
            if getattr(self, name).utcoffset() is None:
                raise ValueError(f"{name} must carry its time zone")
