"""Meeting mode: the agenda in large type, one project at a time, and notes that go to the record."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action, NotFound
from appraisal.services import meeting
from appraisal.services.errors import DomainError
from appraisal.services.spreads import Dispute, disputes
from appraisal.web.assess.dots import nameless_dots
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.what_if import Asked, Pairs, address, asked
from forms.meeting import MINUTES, NoteForm

pages = Blueprint("portfolio_meeting", __name__)
REFUSED = 422
HIDDEN = "hidden"


@pages.get("/portfolio/meeting")
@signed_in
def shown() -> ResponseReturnValue:
    return _page(NoteForm())


@pages.post("/portfolio/meeting/<uuid:project_id>/notes")
@signed_in
def note(project_id: UUID) -> ResponseReturnValue:
    """The address carries the state of the page; the form the note."""
    policy.require(current_actor(), Action.NOTE_IN_MEETING)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                meeting.add_note(database, current_actor(), project_id, form.text.data or "")
        except DomainError as refused:
            form.text.errors = [str(refused)]
        else:
            flash("The note is on record.", "good")
            return redirect(address("portfolio_meeting.shown", _kept(asked())))
    return _page(form, project_id), REFUSED


def _page(form: NoteForm, project_id: UUID | None = None) -> str:
    policy.require(current_actor(), Action.READ_MEETING)
    page = asked()
    with sessions()() as database:
        points = meeting.agenda(database, current_actor(), page.explored.portfolio)
    named = request.args.get("project", "")
    at = next(
        (at for at, point in enumerate(points) if project_id == point.row.project_id or named == point.row.reference),
        None,
    )
    if at is None and project_id is not None:
        raise NotFound
    at, notes, differing = at or 0, tuple[meeting.Note, ...](), tuple[Dispute, ...]()
    if points:
        with sessions()() as database:
            notes = meeting.notes_of(database, current_actor(), points[at].row.project_id)
        if points[at].spread is not None:
            with sessions()() as database:
                differing = disputes(database, current_actor(), points[at].row)
    minutes, moment = request.args.get("timer", ""), datetime.now(UTC)
    return render_template(
        "portfolio/meeting.html",
        page=page,
        round=page.base.round,
        points=points,
        at=at,
        hrefs=[_href(page, point.row.reference) for point in points],
        notes=notes,
        disputes=[(each, nameless_dots(each.levels)) for each in differing],
        form=form,
        hidden=_hides(),
        kept=[pair for pair in _kept(page) if pair[0] not in ("names", "timer")],
        all_kept=_kept(page),
        timer=minutes if minutes in MINUTES else "",
        minutes=MINUTES,
        now=moment,
        ends=moment + timedelta(minutes=int(minutes)) if minutes and minutes in MINUTES else None,
    )


def _hides() -> bool:
    return request.args.get("names") == HIDDEN


def _kept(page: Asked) -> Pairs:
    """The state of the page as its address says it."""
    own = [(name, value) for name in ("names", "timer", "project") if (value := request.args.get(name, ""))]
    return [*page.state, *own]


def _href(page: Asked, reference: str) -> str:
    kept = [pair for pair in _kept(page) if pair[0] != "project"]
    return address("portfolio_meeting.shown", [*kept, ("project", reference)])
