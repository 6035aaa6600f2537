"""The task list, the check before sending, sending, and the page that says what happens next."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import ProjectState
from appraisal.policy import NotFound, WrongState
from appraisal.services import decisions, drafting, evidence, registration, sent_evidence, windows
from appraisal.services.explaining import explain as explain_finding
from appraisal.services.explaining import findings_of
from appraisal.services.readiness import (
    STANDS_IN,
    Section,
    SectionState,
    gaps_of,
    readiness_of,
    section_of,
    sections_of,
)
from appraisal.services.said import risks_said
from appraisal.services.windows import OutsideWindow, Window
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import REFUSED, opened, page, preview_now, section_url
from forms.administration import ClosingForm
from forms.ids import whole

KINDS = {SectionState.DONE: "done", SectionState.IN_PROGRESS: "progress", SectionState.NOT_STARTED: "neutral"}


def tasks(project_id: UUID) -> ResponseReturnValue:
    draft = opened(project_id)
    items = [
        {
            "text": section.title,
            "hint": section.hint,
            "href": section_url(draft, section.key),
            "state": _words(section),
            "kind": KINDS[section.state],
        }
        for section in sections_of(draft)
    ]
    with sessions()() as database:
        told = decisions.decisions_of(database, current_actor(), project_id)
    with sessions()() as database:
        files = evidence.files_in_draft(database, current_actor(), project_id)
    return page(
        "register/tasks.html",
        draft,
        "",
        items=items,
        readiness=readiness_of(draft),
        gaps=gaps_of(draft),
        told=told[0] if told else None,
        window=_window(project_id),
        files=files,
    )


def _window(project_id: UUID) -> Window:
    with sessions()() as database:
        return drafting.window_of(database, current_actor(), project_id)


def _contacts() -> tuple[tuple[str, str], ...]:
    with sessions()() as database:
        return windows.contacts(database)


def _words(section: Section) -> str:
    optional = section.state is SectionState.NOT_STARTED and not section.required
    return "Optional" if optional else section.state.value.capitalize()


def check(project_id: UUID) -> ResponseReturnValue:
    return _checked(project_id, 200)


def _checked(project_id: UUID, status: int, refused: str = "") -> ResponseReturnValue:
    draft = opened(project_id)
    with sessions()() as database:
        files = evidence.files_in_draft(database, current_actor(), project_id)
    return page(
        "register/check.html",
        draft,
        "check",
        status,
        window=_window(project_id),
        contacts=_contacts(),
        refused=refused,
        preview=preview_now(draft),
        risks=risks_said(draft.file),
        stands_in=STANDS_IN,
        files=files,
        gaps=[{"text": gap.message, "href": section_url(draft, gap.section)} for gap in gaps_of(draft)],
        section_url=section_url,
        sections=sections_of(draft),
        findings=[
            (finding, section_url(draft, section_of(finding.paths, draft.framework)))
            for finding in findings_of(draft.file, draft.framework)
        ],
    )


def explain(project_id: UUID) -> ResponseReturnValue:
    """Keep why what a check finds is right as it stands."""
    version = request.form.get("version", type=whole)
    if version is not None and ClosingForm().validate_on_submit():
        rule, text = request.form.get("rule", ""), request.form.get("text", "")
        with sessions()() as database:
            explain_finding(database, current_actor(), project_id, version, rule, text)
        flash("Your explanation is kept." if text.strip() else "The explanation is taken away.", "good")
    return redirect(url_for("register.check", project_id=project_id) + "#consistency")


def submit(project_id: UUID) -> ResponseReturnValue:
    try:
        draft = opened(project_id)
    except WrongState as wrong:
        if wrong.state is ProjectState.SUBMITTED:  # sent by the first of two clicks
            return redirect(url_for("register.sent", project_id=project_id))
        raise
    version = request.form.get("version", type=whole)
    if gaps_of(draft) or not ClosingForm().validate_on_submit() or version is None:
        return _checked(project_id, REFUSED)
    try:
        with sessions()() as database:
            registration.submit_project(database, current_actor(), project_id, version)
    except OutsideWindow as closed:
        return _checked(project_id, REFUSED, str(closed))
    except WrongState as wrong:
        if wrong.state is not ProjectState.SUBMITTED:
            raise
    return redirect(url_for("register.sent", project_id=project_id))


def sent(project_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        draft = drafting.draft_of(database, current_actor(), project_id)
    if not draft.submissions:
        raise NotFound
    with sessions()() as database:
        files = sent_evidence.files_by_submission(database, current_actor(), project_id)[draft.submissions]
    return page("register/sent.html", draft, "", window=_window(project_id), contacts=_contacts(), files=files)


def take_back(project_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            project = drafting.take_back(database, current_actor(), project_id)
        flash(f"{project.reference} is a draft again. What you sent before stays on record.", "good")
    return redirect(url_for("register.tasks", project_id=project_id))


def withdraw(project_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            project = drafting.withdraw(database, current_actor(), project_id)
        flash(f"{project.reference} is withdrawn. What you sent stays on record.", "good")
    return redirect(url_for("projects.shown", project_id=project_id))


def discard(project_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            title = drafting.discard_draft(database, current_actor(), project_id)
        flash(f"The draft “{title}” is discarded.", "good")
    return redirect(url_for("register.mine"))
