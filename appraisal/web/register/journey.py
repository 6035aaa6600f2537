"""What the pages of the journey share: the draft, its sections as steps, and the two texts where someone was faster."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FieldList, Form, FormField, HiddenField, SubmitField
from wtforms.fields.choices import SelectFieldBase

from appraisal.reading.problems import Unreadable
from appraisal.services import drafting
from appraisal.services.drafting import Draft
from appraisal.services.keeping import Kept
from appraisal.services.previewing import Preview, previewed
from appraisal.services.readiness import Section, SectionState, keys_of, sections_of
from appraisal.web.identity import current_actor, sessions

REFUSED, CONFLICT = 422, 409
_OWN_PAGES = {
    "project": "register.project",
    "money": "register.table",
    "financing": "register.financing",
    "uncertainty": "register.uncertainty",
    "data-facts": "register.data_facts",
}


def opened(project_id: UUID) -> Draft:
    """The draft, for someone who may change it; raises NotFound, NotAllowed."""
    with sessions()() as database:
        return drafting.editable_draft(database, current_actor(), project_id)


def preview_now(draft: Draft) -> Preview:
    """What an appraisal of the draft would say now."""
    with sessions()() as database:
        return previewed(database, draft)


def section_url(draft: Draft, key: str) -> str:
    page = _OWN_PAGES.get(key)
    if page is not None:
        return url_for(page, project_id=draft.project_id)
    return url_for("register.answers", project_id=draft.project_id, criterion=key)


def after(draft: Draft, key: str) -> str:
    """The address of the section that follows, or of the last page."""
    keys = keys_of(draft.framework)
    place = keys.index(key) + 1
    if place < len(keys):
        return section_url(draft, keys[place])
    return url_for("register.check", project_id=draft.project_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a form: `saved`, or the status and what to show beside what was typed."""

    status: int = 200
    saved: bool = False
    stored: Sequence[tuple[str, str, str]] = ()
    """(field, what was typed, what is stored now) where someone else was faster."""
    problems: Sequence[dict[str, str]] = ()
    version: int = 0
    seen: str = ""
    """A digest of what the page held when it was made."""
    kept: Kept | None = None
    """What was typed and does not read yet."""
    resumed: bool = False
    """Shown again after signing in, as it was typed."""
    foreign: bool = False
    """Typed under another account: the script stores nothing of it."""


def page(template: str, draft: Draft, key: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of the journey, with its steps and the time left."""
    sections = sections_of(draft)
    steps = [
        {"text": item.title, "href": section_url(draft, item.key), "state": _state(item, key)} for item in sections
    ]
    check = url_for("register.check", project_id=draft.project_id)
    steps.append({"text": "Check and send", "href": check, "state": "current" if key == "check" else ""})
    left = sum(section.seconds_left for section in sections)
    return render_template(template, draft=draft, part=key, steps_shown=steps, seconds_left=left, **values), status


def _state(section: Section, current: str) -> str:
    if section.key == current:
        return "current"
    return "done" if section.state is SectionState.DONE else ""


def broken_rules(error: Unreadable) -> list[dict[str, str]]:
    """What the project file's rules say beyond the fields, for the error summary."""
    return [{"text": str(problem)} for problem in error.problems]


def differences(typed: Form, stored: Form) -> list[tuple[str, str]]:
    """(field, what is stored now) wherever what was typed says something else: both texts stay in sight."""
    return [(label, now) for label, _, now in both_texts(typed, stored)]


def both_texts(typed: Form, stored: Form) -> list[tuple[str, str, str]]:
    """(field, what was typed, what is stored now) wherever the two say something else."""
    mine, now = dict(values_of(typed)), dict(values_of(stored))
    found = [(label, mine.get(label, ""), now.get(label, "")) for label in {**mine, **now}]
    return [(label, text or "nothing", other or "nothing") for label, text, other in found if text != other]


def values_of(form: Any, within: str = "") -> Iterator[tuple[str, str]]:
    """(label, text) of every field that a person fills in; the rows of a table by their names."""
    for field in form:
        label = f"{within}{field.label.text}"
        if isinstance(field, HiddenField | SubmitField) or field.name == "csrf_token":
            continue
        if isinstance(field, FormField):
            yield from values_of(field.form, f"{label} ")
        elif isinstance(field, FieldList) and any(isinstance(entry, FormField) for entry in field):
            for position, entry in enumerate(field, start=1):
                yield from values_of(entry.form, f"{label} {position}: ")
        elif isinstance(field, FieldList):
            yield label, " · ".join(str(entry.data or "") for entry in field).rstrip("· ")
        elif isinstance(field, SelectFieldBase):
            chosen = [option.label.text for option in field if option.checked]
            yield label, ", ".join(chosen)
        else:
            yield label, str(field.data or "")
