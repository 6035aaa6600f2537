"""The sheet of one project and its indicators one at a time: kept while they are typed, handed in when complete."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.evidence import behind
from appraisal.policy import NotFound
from appraisal.services import assessing, sheets
from appraisal.services.assessing import Incomplete
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.explaining import findings_of
from appraisal.services.own_scores import OwnResult, own_result
from appraisal.services.scores import Entry, gaps_in, words_in
from appraisal.services.sheets import Sheet
from appraisal.web.formatting import score as score_text
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import differences
from forms.administration import ClosingForm
from forms.assessing import score_form
from forms.registration.answers import UNKNOWN
from forms.registration.fields import VersionField
from scoring.frameworks import Indicator, ScaleKind
from scoring.project_file import EvidenceGrade
from scoring.result import IndicatorResult

REFUSED, CONFLICT = 422, 409


class VersionOnly(ClosingForm):
    version = VersionField(default="0")


def opened(project_id: UUID) -> Sheet:
    with sessions()() as database:
        return sheets.sheet_of(database, current_actor(), project_id)


def sheet(project_id: UUID) -> ResponseReturnValue:
    return _sheet(opened(project_id))


def _sheet(held: Sheet, status: int = 200) -> ResponseReturnValue:
    own = own_result(held)
    return render_template(
        "assess/sheet.html",
        sheet=held,
        own=own,
        levels=_levels(own),
        incomplete={gap.indicator for gap in held.gaps},
        findings=findings_of(held.file, held.framework),
    ), status


def _levels(own: OwnResult) -> Mapping[str, IndicatorResult]:
    return {item.id: item for item in own.criteria.indicators} if own.criteria else {}


def start(project_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            assessing.start(database, current_actor(), project_id)
        flash("Your scores came along as a draft. Look at what changed, then hand them in again.", "good")
    return redirect(url_for("assess.sheet", project_id=project_id))


def submit(project_id: UUID) -> ResponseReturnValue:
    form = VersionOnly()
    if not form.validate_on_submit():
        return redirect(url_for("assess.sheet", project_id=project_id))
    try:
        with sessions()() as database:
            assessing.submit(database, current_actor(), project_id, form.version.number)
    except Incomplete:
        return _sheet(opened(project_id), REFUSED)
    flash("Your scores are handed in. You can now see the others'.", "good")
    return redirect(url_for("assess.sheet", project_id=project_id))


def reopen(project_id: UUID) -> ResponseReturnValue:
    form = VersionOnly()
    if form.validate_on_submit():
        with sessions()() as database:
            assessing.reopen(database, current_actor(), project_id, form.version.number)
        flash("Your scores are a draft again.", "good")
    return redirect(url_for("assess.sheet", project_id=project_id))


def score(project_id: UUID, indicator: str) -> ResponseReturnValue:
    held = opened(project_id)
    item = _found(held, indicator)
    if item is None:
        return _asked_no_more(held, indicator)
    computed = item.scale is ScaleKind.COMPUTED
    if computed or not held.may_score(item.id):
        return _page(held, item, None, status=CONFLICT if typed() and not computed else 200)
    kind = score_form(item)
    form = kind(data=values_of(held, item))
    if not form.validate_on_submit():
        return _page(held, item, form, status=REFUSED if form.is_submitted() else 200)
    entry = entry_from(form)
    try:
        with sessions()() as database:
            saved = assessing.save_score(database, current_actor(), project_id, item.id, form.version.number, entry)
    except StaleVersion:
        other = differences(form, kind(formdata=None, data=values_of(held, item)))
        form.version.data = str(held.version)
        return _page(held, item, form, status=CONFLICT, stored=other)
    gaps = tuple(gaps_in(item, entry))
    if not gaps:
        return redirect(_after(held, item))
    form.version.data = str(saved.version)
    for gap in gaps:
        field = "value" if gap.field == "level" and "value" in form else gap.field
        form[field].errors = [*form[field].errors, gap.message]
    return _page(opened(project_id), item, form, status=REFUSED, kept=True)


def draft(project_id: UUID, indicator: str) -> ResponseReturnValue:
    """What is on the page as it stands, kept while it is typed; the answer says what it comes to."""
    held = opened(project_id)
    item = _found(held, indicator)
    if item is None or not held.may_score(indicator):
        why = held.closed or f"{indicator} is not there to be scored as this page asks: open it again."
        return jsonify(problem=f"Not saved: {why} What you typed stays here."), CONFLICT
    form = score_form(item)()
    if item.scale is ScaleKind.COMPUTED or not form.validate():
        return jsonify(problem="Not saved yet: " + " ".join(_messages(form))), REFUSED
    try:
        with sessions()() as database:
            saved = assessing.save_score(
                database, current_actor(), project_id, item.id, form.version.number, entry_from(form)
            )
    except StaleVersion as error:
        return jsonify(problem=f"Not saved: {error} Reload it to see both."), CONFLICT
    except DomainError as error:
        return jsonify(problem=f"Not saved: {error}"), REFUSED
    now = opened(project_id)
    return jsonify(
        version=saved.version,
        saved=f"Saved {saved.at:%H:%M} UTC",
        total=total_words(own_result(now)),
        coverage=f"{now.given}/{len(now.asked)}",
        capped=now.entries[item.id].counted(item).cap_reason,
    )


def _messages(form: Any) -> list[str]:
    return [str(message) for errors in form.errors.values() for message in errors]


def total_words(own: OwnResult) -> str:
    if own.criteria is None:
        return "not known yet"
    low, high = own.criteria.interval
    return score_text(low, low, high)


def _found(held: Sheet, indicator: str) -> Indicator | None:
    return next((item for item in held.framework.indicators if item.id == indicator), None)


def _asked_no_more(held: Sheet, indicator: str) -> ResponseReturnValue:
    """Where a framework that changed asks it no more: what was given, and what was being typed. Raises NotFound."""
    entry, sent = held.entries.get(indicator), typed()
    if entry is None and not (sent and held.task):
        raise NotFound
    status = CONFLICT if sent else 200
    return render_template("assess/dropped.html", sheet=held, indicator=indicator, entry=entry, typed=sent), status


TYPED = {
    "level": "Level",
    "value": "Number",
    "unknown": "Unknown",
    "evidence": "Evidence",
    "document": "Document",
    "page": "Page",
    "reason": "Reason",
}


def typed(prefix: str = "") -> list[tuple[str, str]]:
    """What a score's form was sent with, to be shown where it cannot be stored: nothing typed is lost."""
    start = f"{prefix}-" if prefix else ""
    sent = [(label, request.form.get(start + name, "").strip()) for name, label in TYPED.items()]
    return [(label, text) for label, text in sent if text]


def _after(held: Sheet, item: Indicator) -> str:
    """The indicator that follows; after the last one the sheet."""
    everything = [each.id for each in held.framework.indicators]
    place = everything.index(item.id) + 1
    if place == len(everything):
        return url_for("assess.sheet", project_id=held.project_id)
    return url_for("assess.score", project_id=held.project_id, indicator=everything[place])


def _page(
    held: Sheet,
    item: Indicator,
    form: Any,
    *,
    status: int = 200,
    stored: list[tuple[str, str]] | None = None,
    kept: bool = False,
) -> ResponseReturnValue:
    own = own_result(held)
    entry = held.entries.get(item.id, Entry())
    return render_template(
        "assess/score.html",
        sheet=held,
        item=item,
        form=form,
        entry=entry,
        stored=stored,
        kept=kept,
        typed=typed() if form is None else [],
        former=held.task.former.get(item.id) if held.task else None,
        counted=entry.counted(item) if entry.given else None,
        words=words_in(form.reason.data or "") if form is not None else words_in(entry.reason),
        own=own,
        total=total_words(own),
        computed=_levels(own).get(item.id) if item.scale is ScaleKind.COMPUTED else None,
        linked=behind(held.files, item.id),
        documents=_documents(held, item),
        change=next((change for change in held.changed if change.indicator == item.id), None),
        findings=[
            finding
            for finding in findings_of(held.file, held.framework)
            if any(path.split(".")[:2] == ["answers", item.id] for path in finding.paths)
        ],
        incomplete={gap.indicator for gap in held.gaps},
        next_url=_after(held, item),
    ), status


def _documents(held: Sheet, item: Indicator) -> list[str]:
    """What can be named as evidence: the files linked to this answer, the other files, then what the planner names."""
    files = [file.title for file, _ in behind(held.files, item.id)] + [file.title for file in held.files]
    named = sorted({answer.source for answer in held.file.answers.values() if answer.source})
    return list(dict.fromkeys([*files, *named]))


def values_of(held: Sheet, item: Indicator) -> dict[str, object]:
    return entry_values(held.entries.get(item.id, Entry())) | {"version": str(held.version)}


def entry_values(entry: Entry) -> dict[str, object]:
    return {
        "level": UNKNOWN if entry.unknown else "" if entry.level is None else str(entry.level),
        "value": "" if entry.value is None else f"{entry.value:.12g}",
        "unknown": entry.unknown,
        "evidence": entry.evidence.value if entry.evidence else "",
        "document": entry.document,
        "page": entry.page,
        "reason": entry.reason,
    }


def entry_from(form: Any) -> Entry:
    """What a form of one indicator says."""
    chosen = form.level.data if "level" in form else ""
    number = form.value.number if "value" in form else None
    unknown = chosen == UNKNOWN or bool("unknown" in form and form.unknown.data)
    return Entry(
        level=int(chosen) if chosen and chosen != UNKNOWN else None,
        value=None if number is None else float(number),
        unknown=unknown,
        evidence=EvidenceGrade(form.evidence.data) if form.evidence.data else None,
        document=form.document.data or "",
        page=form.page.data or "",
        reason=form.reason.data or "",
    )
