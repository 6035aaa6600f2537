"""Projects whose names look like one that is being typed: said to whoever may know of them, and stopping nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Project
from appraisal.policy import Action, Actor
from appraisal.transactions import reading

ALIKE = 0.9
"""Share of letters in common from which two names are taken for one."""
SHORTEST = 4
"""Characters before a name says anything."""
MOST_COMPARED, MOST_SHOWN = 2000, 3
_LONGEST = 200
_WORDS = 2
"""Words of a name begun that must all stand in another for the two to look alike."""


@dataclass(frozen=True, slots=True)
class Similar:
    project_id: UUID
    reference: str
    title: str
    city: str


def similar_projects(session: Session, actor: Actor, name: str, *, but: UUID | None = None) -> tuple[Similar, ...]:
    """The few that look most like it among the newest that the actor may know of; raises NotAllowed.

    Two names look alike where nine letters of ten agree, or where each of at least two words begun stands in the other.
    """
    typed = _plain(name[:_LONGEST])
    if len(typed) < SHORTEST:
        return ()
    with reading(session):
        policy.require(actor, Action.READ_PROJECT)
        query = (
            select(Project.id, Project.reference, Project.title, Project.city)
            .where(policy.visible_projects(actor))
            .order_by(Project.changed_at.desc())
            .limit(MOST_COMPARED)
        )
        found = [Similar(*row) for row in session.execute(query) if row.id != but]
    return tuple(each for _, each in sorted(_ranked(typed, found), key=lambda pair: -pair[0])[:MOST_SHOWN])


def _ranked(typed: str, found: Iterable[Similar]) -> Iterable[tuple[float, Similar]]:
    words = typed.split()
    matcher = SequenceMatcher(b=typed, autojunk=False)
    for each in found:
        title = _plain(each.title)
        matcher.set_seq1(title)
        # The two quick ones are bounds from above: most names are done with after counting letters.
        near = matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
        if near or _begins_all(words, title.split()):
            yield matcher.ratio(), each


def _begins_all(words: list[str], others: list[str]) -> bool:
    return len(words) >= _WORDS and all(any(other.startswith(word) for other in others) for word in words)


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
