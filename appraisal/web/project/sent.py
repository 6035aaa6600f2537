"""Two submissions of a project side by side: what was said, and what is said instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.policy import NotFound
from appraisal.services.sent_changes import SaidChange, SentChanges, changes_between
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions
from appraisal.web.project.shown import opened, page
from forms.ids import whole

COLUMNS = ("Section", "Field", "Change", "Before", "After")
FEW_WORDS, MOST_WORDS = 4, 1_200


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words of a text: the same on both sides, taken out, or put in."""

    kind: str
    text: str


def compare(project_id: UUID) -> ResponseReturnValue:
    """What changed between two submissions; without two of its own, back to where they are chosen."""
    seen, asked = opened(project_id, figures=False), _asked()
    if asked is None:
        flash("Choose two different submissions of this project to compare.", "error")
        return redirect(url_for("projects.record", project_id=project_id) + "#sent")
    found = _found(project_id, *asked)
    return page("projects/sent.html", seen, "record", title=_title(found), found=found, words=words_of)


def as_csv(project_id: UUID) -> Response:
    from appraisal.reports.open_data import table_csv  # noqa: PLC0415

    asked = _asked()
    if asked is None:
        raise NotFound
    found = _found(project_id, *asked)
    rows = [(each.section, each.field, each.kind, each.before or "", each.after or "") for each in found.changes]
    name = f"{opened(project_id, figures=False).project.file.reference}-sent-{found.before}-{found.after}.csv"
    return attachment(table_csv(COLUMNS, rows).encode("utf-8-sig"), name, "text/csv; charset=utf-8")


def _asked() -> tuple[int, int] | None:
    before, after = (request.args.get(name, type=whole) for name in ("before", "after"))
    return None if before is None or after is None or before == after else (before, after)


def _found(project_id: UUID, before: int, after: int) -> SentChanges:
    with sessions()() as database:
        return changes_between(database, current_actor(), project_id, before, after)


def _title(found: SentChanges) -> str:
    number = len(found.changes)
    if not number:
        return f"Submissions {found.before} and {found.after} say the same"
    most = max(found.sections.items(), key=lambda item: len(item[1]))[0]
    where = f"in “{most}”" if len(found.sections) == 1 else f"most under “{most}”"
    return f"{number} field{'s' if number != 1 else ''} differ{'s' if number == 1 else ''}, {where}"


def words_of(change: SaidChange) -> tuple[Words, ...] | None:
    """A text with its changed words marked; None for figures and short answers, which are shown whole."""
    before, after = (re.findall(r"\S+\s*", text or "") for text in (change.before, change.after))
    if not before or not after or max(len(before), len(after)) < FEW_WORDS or len(before) + len(after) > MOST_WORDS:
        return None
    return tuple(_marked(before, after))


def _marked(before: list[str], after: list[str]) -> Iterator[Words]:
    was, now = [word.strip() for word in before], [word.strip() for word in after]
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Words("same", "".join(after[c:d]))
            continue
        if b > a:
            yield Words("out", "".join(before[a:b]))
        if d > c:
            yield Words("in", "".join(after[c:d]))
