"""How sure the figures are: what experience says, and the planner's own ranges."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from appraisal.reading.problems import Unreadable
from appraisal.services import drafting
from appraisal.services.drafting import Draft
from appraisal.services.errors import StaleVersion
from appraisal.services.previewing import preview_of
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import CONFLICT, REFUSED, after, broken_rules, differences, opened, page
from forms.registration.uncertainty import EXPERIENCE, OWN, QUESTIONS, UncertaintyForm
from scoring.project_file import Distribution, Driver, DriverName, Family, ProjectFile, Uncertainty

PERCENT = Decimal(100)


def uncertainty(project_id: UUID) -> ResponseReturnValue:
    draft = opened(project_id)
    form = UncertaintyForm(data=_values(draft))
    problems: list[dict[str, str]] = []
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                drafting.edit_project(
                    database,
                    current_actor(),
                    project_id,
                    form.version.number,
                    lambda file: replace(file, uncertainty=_uncertainty(file, form)),
                    part="uncertainty",
                )
        except StaleVersion:
            stored = differences(form, UncertaintyForm(formdata=None, data=_values(draft)))
            form.version.data = str(draft.version)
            return _page(draft, form, CONFLICT, stored=stored)
        except Unreadable as error:
            problems = broken_rules(error)
        else:
            flash("Saved.", "good")
            return redirect(after(draft, "uncertainty"))
    return _page(draft, form, REFUSED if form.is_submitted() else 200, problems=problems)


def _page(draft: Draft, form: Any, status: int, **values: Any) -> ResponseReturnValue:
    preview = preview_of(draft)
    used = preview.result.risk.drivers_used if preview.result else ()
    by_name: dict[str, list[str]] = {}
    for driver in used:
        if driver.origin != "planner":
            by_name.setdefault(driver.driver, []).append(driver.description)
    shown = {"stored": [], "problems": [], **values}
    return page(
        "register/uncertainty.html",
        draft,
        "uncertainty",
        status,
        form=form,
        questions=QUESTIONS,
        experience=by_name,
        preview=preview,
        **shown,
    )


def _asked(driver: Driver) -> bool:
    """Whether the form can show it: a range for all lines of its kind, by low, likely and high."""
    stated = driver.distribution
    return (
        driver.driver.value in QUESTIONS
        and not driver.applies_to
        and stated is not None
        and stated.family in (Family.PERT, Family.TRIANGULAR)
        and None not in (stated.low, stated.mode, stated.high)
    )


def _values(draft: Draft) -> dict[str, object]:
    values: dict[str, object] = {"version": str(draft.version)}
    stated = draft.file.uncertainty or Uncertainty()
    own = {driver.driver.value: driver.distribution for driver in stated.drivers if _asked(driver)}
    for name in QUESTIONS:
        found = own.get(name)
        scale = 1 if name == DriverName.DELAY.value else 100
        values[name] = (
            {"chosen": EXPERIENCE}
            if found is None
            else {
                "chosen": OWN,
                **{
                    key: f"{scale * (value or 0.0):.10g}"
                    for key, value in (("low", found.low), ("likely", found.mode), ("high", found.high))
                },
            }
        )
    return values


def _uncertainty(file: ProjectFile, form: Any) -> Uncertainty | None:
    """The file's uncertainty with these answers in place of former ones; what the form does not ask stays."""
    stated = file.uncertainty or Uncertainty()
    drivers = [driver for driver in stated.drivers if not _asked(driver)]
    taken = {driver.driver.value for driver in drivers if not driver.applies_to}
    for name in QUESTIONS:
        part = form[name].form
        if part.chosen.data == OWN and name not in taken:
            scale = Decimal(1) if name == DriverName.DELAY.value else PERCENT
            low, mode, high = (float(field.number / scale) for field in (part.low, part.likely, part.high))
            drivers.append(
                Driver(
                    driver=DriverName(name),
                    distribution=Distribution(family=Family.PERT, low=low, mode=mode, high=high),
                    unit="years" if name == DriverName.DELAY.value else None,
                )
            )
    found = replace(stated, drivers=tuple(drivers))
    return None if found == Uncertainty() else found
