"""Scenarios of the round: keeping what is explored, opening it again, and comparing two."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from appraisal import policy
from appraisal.policy import Action, NotFound
from appraisal.services import scenarios
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.exploring import Exploration
from appraisal.services.scenarios import Kept
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.programme_charts import slope
from appraisal.web.programme_words import rules_text
from appraisal.web.what_changed import Said, said_between, state_text
from appraisal.web.what_if import Asked, address, asked
from forms.programme import carried
from forms.scenarios import ScenarioForm

pages = Blueprint("portfolio_scenarios", __name__)
REFUSED = 422
RECORD = "record"


@pages.get("/portfolio/scenarios")
@signed_in
def listed() -> ResponseReturnValue:
    page = asked()
    with sessions()() as database:
        held, kept = scenarios.scenarios_of_round(database, current_actor())
    lines = [(item, _state_text(_explored(item.parameters))) for item in kept]
    return render_template("portfolio/scenarios.html", page=page, round=held, lines=lines, record=RECORD)


@pages.route("/portfolio/scenarios/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    """The address carries the what-if; the form asks for its name and the reason."""
    policy.require(current_actor(), Action.SAVE_SCENARIO)
    page, form = asked(), ScenarioForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                scenarios.save_scenario(
                    database,
                    current_actor(),
                    page.explored.what_if,
                    page.programme,
                    name=form.name.data or "",
                    reason=form.reason.data or "",
                )
        except (AlreadyThere, DomainError) as refused:
            form.name.errors = [str(refused)]
        else:
            flash(f"{form.name.data} is saved.", "good")
            return redirect(url_for(".listed"))
    status = REFUSED if form.is_submitted() else 200
    return render_template("portfolio/new_scenario.html", page=page, form=form, changes=_state_text(page)), status


def _state_text(page: Asked) -> str:
    """What a scenario changes, and the rules of its best programme."""
    changes, rules = state_text(page.explored), rules_text(page.programme)
    if not rules:
        return changes
    return f"best programme under rules: {rules}" if not page.explored.what_if.explores else f"{changes}; {rules}"


@pages.get("/portfolio/scenarios/<uuid:scenario_id>")
@signed_in
def opened(scenario_id: UUID) -> ResponseReturnValue:
    """Its state, as an address of the ranked list, or of the best programme where it has rules for that."""
    with sessions()() as database:
        kept = scenarios.scenario(database, current_actor(), scenario_id)
    ruled = carried(MultiDict(kept.parameters))
    return redirect(address("portfolio_programme.shown" if ruled else "portfolio.ranked", kept.parameters))


@dataclass(frozen=True, slots=True)
class Side:
    name: str
    explored: Exploration
    href: str


@pages.get("/portfolio/scenarios/compare")
@signed_in
def compared() -> ResponseReturnValue:
    """Two sides, each a scenario or the record: who rises, who falls, who enters, who leaves."""
    with sessions()() as database:
        held, kept = scenarios.scenarios_of_round(database, current_actor())
    left, right = (_side(request.args.get(name, RECORD), kept) for name in ("left", "right"))
    entering, leaving = _moved(left, right)
    return render_template(
        "portfolio/compared_scenarios.html",
        page=asked(arguments=MultiDict()),
        round=held,
        left=left,
        right=right,
        kept=kept,
        record=RECORD,
        entering=entering,
        leaving=leaving,
        chart=slope(left.explored.portfolio, right.explored.portfolio, left.name, right.name),
    )


def _side(key: str, kept: tuple[Kept, ...]) -> Side:
    if key == RECORD:
        return Side("The record", _explored(()).explored, url_for("portfolio.ranked"))
    for item in kept:
        if str(item.id) == key:
            return Side(item.name, _explored(item.parameters).explored, url_for(".opened", scenario_id=item.id))
    raise NotFound


def _explored(parameters: tuple[tuple[str, str], ...]) -> Asked:
    return asked(arguments=MultiDict(parameters))


def _moved(left: Side, right: Side) -> tuple[list[Said], list[Said]]:
    before = {row.reference: row for row in left.explored.portfolio.everyone}
    moved = [
        (row, before[row.reference])
        for row in right.explored.portfolio.everyone
        if row.funded != before[row.reference].funded
    ]
    said = [Said(row, said_between(was, row)) for row, was in moved]
    return [item for item in said if item.row.funded], [item for item in said if not item.row.funded]
