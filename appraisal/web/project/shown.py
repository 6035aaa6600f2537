"""Overview, money and risk of one project: each page reads the stored run and draws only what it shows."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models.tables import now
from appraisal.policy import Action
from appraisal.services import (
    accepting,
    decisions,
    drafting,
    following,
    listing,
    obligations,
    reporting,
    round_frameworks,
)
from appraisal.services.drafting import Draft
from appraisal.services.errors import DomainError
from appraisal.services.listing import PastRun
from appraisal.services.reporting import Placed
from appraisal.services.trail_heads import Head
from appraisal.services.unchanged import unchanged_since
from appraisal.transactions import reading
from appraisal.web.charts import FULL, HALF, drawn_pictures
from appraisal.web.identity import current_actor, sessions
from appraisal.web.kept import kept_page
from forms.ids import whole
from scoring import ENGINE_VERSION
from scoring.project_file import ProjectFile

if TYPE_CHECKING:
    from appraisal.reports.report import AppraisalReport
    from appraisal.reports.run_tables import RunTable

PAGES = (
    ("shown", "Overview"),
    ("money", "Money"),
    ("risk", "Risk"),
    ("delivery", "Delivery"),
    ("record", "Record"),
)
FOLLOWED = "delivery"
"""The page that only an approved project has."""
WIDEST = 3
"""How many unanswered questions are named as what to answer next."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A project as its pages need it: with its runs, and the material of the one that is looked at."""

    project: Draft
    runs: tuple[PastRun, ...]
    run: PastRun | None
    report: "AppraisalReport | None"
    problem: str = ""
    hidden: bool = False
    """There are appraisals from a panel's scores that open once the reader's own scores are in."""
    followed: bool = False


def kept(
    template: str, project_id: UUID, values: Callable[[], Mapping[str, object]], *also: Hashable
) -> ResponseReturnValue:
    """A page of the project as it was rendered for whoever looks, since when nothing happened to the project that a
    page of it shows. What is owed is overdue from one day to the next.

    also: what else the values depend on.
    """
    with sessions()() as database, reading(database):
        since = unchanged_since(database, project_id)
    return _kept_since(since, template, project_id, values, *also)


def _kept_since(
    since: Head, template: str, project_id: UUID, values: Callable[[], Mapping[str, object]], *also: Hashable
) -> ResponseReturnValue:
    run = request.args.get("run", type=whole)
    return kept_page(template, (project_id, since, now().date(), current_actor(), run, *also), values)


def opened(project_id: UUID, *, figures: bool = True, placed: Placed | None = None) -> Opened:
    """The run that `?run=` names, else the newest; raises NotFound.

    placed: which run of the project ranks where.
    """
    actor = current_actor()
    with sessions()() as database, reading(database):
        project = drafting.draft_of(database, actor, project_id)
        runs = listing.runs_of(database, actor, project_id)
        hidden = listing.hidden_runs(database, actor, project_id)
        followed = following.is_followed(database, project_id, project.state)
    asked = request.args.get("run", type=whole)
    run = next((each for each in runs if each.number == asked), runs[0] if runs else None)
    seen = Opened(project, runs, run, None, hidden=hidden, followed=followed)
    if run is None or not figures:
        return seen
    try:
        with sessions()() as database:
            rank = placed.rank if placed is not None and placed.run == run.number else None
            return replace(seen, report=reporting.recorded_of(database, actor, run.number, rank))
    except DomainError as error:
        return replace(seen, problem=str(error))


def page(template: str, seen: Opened, current: str, **values: Any) -> str:
    """A page of the project that is rendered each time."""
    return render_template(template, **page_values(seen, current), **values)


def page_values(seen: Opened, current: str) -> dict[str, object]:
    """What every page of a project shows: the way to the others, and what may be done."""
    state, actor = seen.project.state, current_actor()
    older: dict[str, Any] = {"run": seen.run.number} if seen.run and seen.run is not seen.runs[0] else {}
    return {
        "project": seen.project,
        "file": seen.project.file,
        "runs": seen.runs,
        "run": seen.run,
        "report": seen.report,
        "problem": seen.problem,
        "hidden": seen.hidden,
        "engine": ENGINE_VERSION,
        "endpoint": request.endpoint,
        "unit": _unit(seen.project.file),
        "pages": [
            {
                "text": text,
                "href": url_for(f"projects.{key}", project_id=seen.project.project_id, **older),
                "current": key == current,
            }
            for key, text in PAGES
            if key != FOLLOWED or key == current or seen.followed
        ],
        "may_appraise": policy.allows(actor, Action.APPRAISE_PROJECT, project_state=state),
    }


def _unit(file: ProjectFile) -> str:
    from appraisal.reports.figures import MoneyUnit  # noqa: PLC0415

    return f"Money in {MoneyUnit.of(file).long}"


def _tables(report: "AppraisalReport | None", *names: str) -> "Mapping[str, RunTable]":
    if report is None:
        return {}
    from appraisal.reports.run_tables import TABLES  # noqa: PLC0415 -- only where a run is shown

    return {name: TABLES[name](report) for name in names}


def overview(project_id: UUID) -> ResponseReturnValue:
    with sessions()() as database, reading(database):
        placed = reporting.placed(database, current_actor(), project_id)
        since = unchanged_since(database, project_id)
    return _kept_since(since, "projects/shown.html", project_id, lambda: _overview(project_id, placed), placed)


def _overview(project_id: UUID, placed: Placed | None) -> dict[str, object]:
    seen = opened(project_id, placed=placed)
    report = seen.report
    title, likely, unanswered = "", "", []
    if report is not None:
        from appraisal.reports.findings import answer_note, likely_note, page_headline  # noqa: PLC0415

        title = page_headline(report)
        likely = likely_note(report)
        valued = [item for item in reporting.valued_answers(report) if item.narrows > 0][:WIDEST]
        unanswered = [(item.indicator, answer_note(item)) for item in valued]
    with sessions()() as database, reading(database):
        held = obligations.owed(database, current_actor(), project_id=project_id)
        told = decisions.decisions_of(database, current_actor(), project_id)
        since = round_frameworks.asked_since(database, current_actor())
        stand_ins = accepting.stand_ins(database, current_actor(), project_id)
    return page_values(seen, "shown") | {
        "title": title,
        "charts": drawn_pictures(report, {"score": FULL}),
        "likely": likely,
        "unanswered": unanswered,
        "titles": {item.id: item.title for item in report.framework.indicators} if report else {},
        "told": told,
        "held": held,
        "accepted": {each.gate: each for each in held if each.gate},
        "may_withdraw": policy.allows(current_actor(), Action.WITHDRAW_PROJECT, project_state=seen.project.state),
        "may_see_panel": policy.allows(current_actor(), Action.READ_PANEL),
        "stand_ins": stand_ins,
        "asked_since": since.get(project_id, ()),
        "may_take_back": policy.allows(current_actor(), Action.TAKE_BACK_PROJECT, project_state=seen.project.state),
    }


def money(project_id: UUID) -> ResponseReturnValue:
    return kept("projects/money.html", project_id, lambda: _money(project_id))


def _money(project_id: UUID) -> dict[str, object]:
    seen = opened(project_id)
    title = ""
    if seen.report is not None:
        from appraisal.reports.findings import money_headline  # noqa: PLC0415

        title = money_headline(seen.report)
    return page_values(seen, "money") | {
        "title": title,
        "charts": drawn_pictures(seen.report, {"cash": FULL, "economic-flow": HALF, "debt-cover": HALF}),
        "tables": _tables(seen.report, "financial", "equity", "economic", "groups", "hurdles", "cash-flow"),
    }


def risk(project_id: UUID) -> ResponseReturnValue:
    return kept("projects/risk.html", project_id, lambda: _risk(project_id))


def _risk(project_id: UUID) -> dict[str, object]:
    seen = opened(project_id)
    title = ""
    further: Mapping[str, RunTable] = {}
    if seen.report is not None:
        from appraisal.reports.findings import risk_headline  # noqa: PLC0415
        from appraisal.reports.run_tables import FURTHER_RISK  # noqa: PLC0415

        title, further = risk_headline(seen.report), _tables(seen.report, *FURTHER_RISK)
    widths = {"loss": HALF, "futures": HALF, "probability": HALF, "financial-loss": HALF, "assumptions": FULL}
    return page_values(seen, "risk") | {
        "title": title,
        "charts": drawn_pictures(seen.report, widths | {"budget": HALF}),
        "tables": _tables(seen.report, "distributions", "alternatives", "drivers"),
        "further": further,
    }
