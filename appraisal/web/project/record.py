"""The record of a project: its runs, what moved between two of them, what was sent, who appraises."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import appraising, assigning, comparing, histories, listing, sent_evidence
from appraisal.services.assigning import Appraisers
from appraisal.services.drafting import Draft
from appraisal.web.identity import current_actor, sessions
from appraisal.web.project.moves import shown_comparison
from appraisal.web.project.shown import kept, opened, page, page_values
from forms.administration import ClosingForm
from forms.ids import whole

LINES_A_PAGE = 100
LARGEST_SEQUENCE = 2**31 - 1


def record(project_id: UUID) -> ResponseReturnValue:
    return kept("projects/record.html", project_id, lambda: _record(project_id))


def _record(project_id: UUID) -> dict[str, object]:
    seen = opened(project_id, figures=False)
    with sessions()() as database:
        sent = listing.submissions_of(database, current_actor(), project_id)
        files = sent_evidence.files_by_submission(database, current_actor(), project_id)
    return page_values(seen, "record") | {
        "title": _title(len(seen.runs), len(sent)),
        "sent": sent,
        "files": files,
        "appraisers": _appraisers(seen.project),
        "may_transfer": policy.allows(current_actor(), Action.TRANSFER_PROJECT, project_state=seen.project.state),
    }


def history(project_id: UUID) -> ResponseReturnValue:
    """Who did what when, newest first."""
    before = request.args.get("before", type=whole)
    before = before if before is not None and 0 < before <= LARGEST_SEQUENCE else None
    return kept("projects/history.html", project_id, lambda: _history(project_id, before), before)


def _history(project_id: UUID, before: int | None) -> dict[str, object]:
    seen = opened(project_id, figures=False)
    with sessions()() as database:
        found = histories.history_of(database, current_actor(), project_id, size=LINES_A_PAGE, before=before)
    title = "1 event is on record" if found.total == 1 else f"{found.total} events are on record"
    return page_values(seen, "record") | {"title": title, "history": found, "first": before is None}


def _title(runs: int, sent: int) -> str:
    if not sent:
        return "Not sent yet"
    times = "once" if sent == 1 else "twice" if sent == 2 else f"{sent} times"  # noqa: PLR2004 -- as people say it
    return f"Sent {times}, " + {0: "not appraised yet", 1: "appraised once"}.get(runs, f"appraised {runs} times")


def _appraisers(project: Draft) -> Appraisers | None:
    """Who is assigned, for those who may assign."""
    actor = current_actor()
    if not policy.allows(actor, Action.ASSIGN_PROJECT, project_state=project.state):
        return None
    with sessions()() as database:
        return assigning.appraisers_of(database, actor, project.project_id)


def compare(project_id: UUID) -> ResponseReturnValue:
    """Two runs of the project; without two of its own, back to where they are chosen."""
    seen = opened(project_id, figures=False)
    asked = [request.args.get(name, type=whole) for name in ("before", "after")]
    before, after = (next((run for run in seen.runs if run.number == number), None) for number in asked)
    if before is None or after is None or before is after:
        flash("Choose two different runs of this project to compare.", "error")
        return redirect(url_for("projects.record", project_id=project_id))
    with sessions()() as database:
        found = comparing.compare_runs(database, current_actor(), before.number, after.number)
    shown = shown_comparison(found)
    return page("projects/compare.html", seen, "record", title=shown.title, before=before, after=after, shown=shown)


def replay(number: int) -> ResponseReturnValue:
    """Compute a run again and say whether every bit is the same; nothing is stored."""
    actor = current_actor()
    with sessions()() as database:
        project_id = listing.project_of_run(database, actor, number)
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            outcome = appraising.replay(database, actor, number)
        if outcome.equal:
            flash(f"Run {number} was computed again: every figure is the same to the last bit.", "good")
        else:
            flash(f"Run {number} comes out differently when computed again, first at {outcome.difference}.", "error")
    return redirect(url_for("projects.record", project_id=project_id))
