"""What changed between two submissions of a project, field by field in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Round, Submission
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services.frameworks import built_in, framework_of
from appraisal.services.registration import visible_project
from appraisal.services.said import MONEY, PROJECT, Said, line_said, line_summary, said_of
from appraisal.transactions import reading
from scoring.frameworks import Framework
from scoring.project_file import ProjectFile


@dataclass(frozen=True, slots=True)
class SaidChange:
    """One field that says something else: None where it said nothing."""

    section: str
    field: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class SentChanges:
    before: int
    after: int
    changes: tuple[SaidChange, ...]

    @property
    def sections(self) -> dict[str, list[SaidChange]]:
        """The changes by section, in the order of the journey."""
        found: dict[str, list[SaidChange]] = {}
        for change in self.changes:
            found.setdefault(change.section, []).append(change)
        return found


def changes_between(session: Session, actor: Actor, project_id: UUID, before: int, after: int) -> SentChanges:
    """What submission `after` says otherwise than `before`; raises NotFound, NotAllowed."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        policy.require(actor, Action.READ_PROJECT, project)
        held = session.get(Round, project.round_id) if project.round_id else None
        framework = framework_of(held.framework_version) if held else built_in()
        sent = select(Submission.number, Submission.document).where(
            Submission.project_id == project.id, Submission.number.in_((before, after))
        )
        documents = {row.number: row.document for row in session.execute(sent)}
    if before not in documents or after not in documents:
        raise NotFound("There is no such submission.")
    old, new = read_project(documents[before]), read_project(documents[after])
    return SentChanges(before, after, changed(old, new, framework))


def changed(old: ProjectFile, new: ProjectFile, framework: Framework) -> tuple[SaidChange, ...]:
    """Every field that differs; a line of money on one side only is one change, not one a year."""
    found = [*_money(old, new), *_differing(said_of(old, framework), said_of(new, framework))]
    return tuple(sorted(found, key=lambda change: change.section != PROJECT))


def _money(old: ProjectFile, new: ProjectFile) -> Iterator[SaidChange]:
    before, after = ({line.name: line for line in file.cash_flows.lines} for file in (old, new))
    for name in {**before, **after}:
        if name in before and name in after:
            yield from _differing(line_said(old, before[name]), line_said(new, after[name]))
        else:
            yield SaidChange(
                MONEY,
                name,
                line_summary(old, before[name]) if name in before else None,
                line_summary(new, after[name]) if name in after else None,
            )


def _differing(before: Said, after: Said) -> Iterator[SaidChange]:
    for section, field in {**before, **after}:
        was, now = before.get((section, field)), after.get((section, field))
        if was != now:
            yield SaidChange(section, field, was, now)
