"""What became of an approved project: the plan beside what was reported, and the forms that report it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import delivering, following
from appraisal.services.delivering import FIGURES, YearEntry
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.following import Followed, Registered
from appraisal.services.forecasts import Forecast
from appraisal.web.identity import current_actor, sessions
from appraisal.web.project import delivery_figures
from appraisal.web.project.shown import opened, page
from appraisal.web.register.journey import differences
from forms.delivery import BenefitForm, DatesForm, YearForm, year_form, year_values
from scoring.parameters.own_record import FEWEST

REFUSED, CONFLICT = 422, 409
Kept = Callable[[Session, Actor, Any], object]


def delivery(project_id: UUID) -> ResponseReturnValue:
    seen, actor = opened(project_id, figures=False), current_actor()
    with sessions()() as database:
        found = following.followed(database, actor, project_id)
    with sessions()() as database:
        city = following.city_class(database, actor, project_id)
    return page(
        "projects/delivery.html",
        seen,
        "delivery",
        title=delivery_figures.finding(found),
        found=found,
        standing=found.standing,
        asked=delivery_figures.asked_of(found.forecast) if found.forecast else None,
        curve=delivery_figures.spending_chart(found),
        rows=delivery_figures.year_rows(found),
        benefits=delivery_figures.benefit_rows(found),
        city=city,
        fewest=FEWEST,
        may_report=policy.allows(actor, Action.REPORT_DELIVERY, project_state=found.state),
        may_record=policy.allows(actor, Action.RECORD_COMPLETED),
    )


def year(project_id: UUID, year: int) -> ResponseReturnValue:
    """Report a year, or correct what was reported of it."""
    found, plan = _followed(project_id)
    asked, report = delivery_figures.asked_of(plan), found.report_of(year)
    amounts = {name: getattr(report, name) for name in FIGURES}
    values = year_values(asked, amounts, report.benefits)
    values |= {"note": report.note, "source": report.source, "version": str(report.version)}

    def keep(database: Session, actor: Actor, form: YearForm) -> object:
        entry = YearEntry(
            **{name: form.amount(name) for name in FIGURES},
            benefits=form.benefits(),
            note=form.note.data or "",
            source=form.source.data or "",
        )
        return delivering.report_year(database, actor, project_id, year, form.version.number, entry)

    told = f"{year} is reported."
    return _filled("year", found, year_form(asked), values, keep, told, year=year, report=report, asked=asked)


def dates(project_id: UUID) -> ResponseReturnValue:
    found, _ = _followed(project_id)
    values = {
        name: day.isoformat() if (day := getattr(found.dates, name)) else "" for name in ("started_on", "opened_on")
    }

    def keep(database: Session, actor: Actor, form: DatesForm) -> object:
        return delivering.record_dates(
            database, actor, project_id, form.version.number,
            started_on=form.started_on.day, opened_on=form.opened_on.day,
        )  # fmt: skip

    values["version"] = str(found.dates.version)
    return _filled("dates", found, DatesForm, values, keep, "The dates are recorded.")


def benefit(project_id: UUID) -> ResponseReturnValue:
    """Who answers for the benefit that `?line=` names."""
    found, plan = _followed(project_id)
    name = request.args.get("line", "")
    if name not in {each.name for each in plan.benefits}:
        raise NotFound("The plan that was approved has no such benefit.")
    entry = found.registered.get(name, Registered(name=name))
    values = {key: str(getattr(entry, key)) for key in ("answers_for", "measured_by", "baseline", "version")}

    def keep(database: Session, actor: Actor, form: BenefitForm) -> object:
        return delivering.register_benefit(
            database, actor, project_id, name, form.version.number, answers_for=form.answers_for.data or "",
            measured_by=form.measured_by.data or "", baseline=form.baseline.data or "",
        )  # fmt: skip

    return _filled("benefit", found, BenefitForm, values, keep, f"{name}: saved.", line=name)


def _followed(project_id: UUID) -> tuple[Followed, Forecast]:
    """The project, for someone who may report on it; raises NotFound, NotAllowed."""
    actor = current_actor()
    policy.require_role(actor, Action.REPORT_DELIVERY)
    with sessions()() as database:
        found = following.followed(database, actor, project_id)
    policy.require_in_state(actor, Action.REPORT_DELIVERY, found.state)
    if found.forecast is None:
        raise NotFound("It was never approved.")
    return found, found.forecast


def _filled(
    part: str, found: Followed, make: type[Any], values: dict[str, str], keep: Kept, told: str, **shown: Any
) -> ResponseReturnValue:
    """A form of what is stored; sent, it is kept, or shown again with what stands against it."""
    form, status, stored, problems = make(data=values), 200, [], []
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                with sessions()() as database:
                    keep(database, current_actor(), form)
            except (StaleVersion, AlreadyThere):
                status, stored = CONFLICT, differences(form, make(formdata=None, data=values))
                form.version.data = values["version"]
            except DomainError as error:
                problems = [{"text": str(error)}]
            else:
                flash(told, "good")
                return redirect(url_for("projects.delivery", project_id=found.project_id))
    return render_template(
        f"projects/delivery_{part}.html", form=form, found=found, stored=stored, problems=problems, **shown
    ), status
