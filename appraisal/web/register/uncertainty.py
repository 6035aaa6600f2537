"""How sure the figures are: what experience says, the planner's own answers, and what it comes to."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from appraisal.services.drafting import Draft
from appraisal.services.experience import own_drivers, with_experience
from appraisal.services.said import money_unit
from appraisal.web.register import risks
from appraisal.web.register.journey import Outcome, opened, page, preview_now
from appraisal.web.register.saving import Page, answered, shown_again
from forms.registration.fields import choices
from forms.registration.risk_words import category_titles, said_distribution
from forms.registration.uncertainty import (
    ASKED,
    CHOICES,
    EXPERIENCE,
    OWN,
    QUESTIONS,
    STATED,
    UncertaintyForm,
    answers_of,
    own_range,
)
from scoring.project_file import Driver, DriverName, ProjectFile, Uncertainty

if TYPE_CHECKING:
    from scoring.result import Result

UNCERTAINTY = "uncertainty"
PERCENT = Decimal(100)
_OF_USE = (DriverName.REVENUE.value, DriverName.BENEFITS.value)
"""What the record of use against its forecast speaks for."""


def uncertainty(project_id: UUID) -> ResponseReturnValue:
    step = request.form.get("step", "")

    def make(draft: Draft, **given: Any) -> Any:
        form = UncertaintyForm(data=_values(draft), **given)
        for name, driver in _stated_otherwise(draft.file).items():
            form[name].form.chosen.choices = choices({STATED: _kept(driver), **CHOICES})
        if not given:
            risks.change_list(form, step)
        risks.offer_stated(form, draft.file)
        return form

    def change(form: Any, file: ProjectFile) -> ProjectFile:
        return with_experience(replace(file, uncertainty=_uncertainty(file, form)))

    draft, sure = opened(project_id), Page(UNCERTAINTY, make, change)
    if risks.changes_list(step):
        return _page(draft, make(draft), shown_again(draft, sure))
    return answered(draft, sure, _page)


def _page(draft: Draft, form: Any, outcome: Outcome) -> ResponseReturnValue:
    preview = preview_now(draft)
    result, found = preview.result, [*preview.problems, *(preview.result.problems if preview.result else ())]
    return page(
        "register/uncertainty.html",
        draft,
        UNCERTAINTY,
        outcome.status,
        form=form,
        outcome=outcome,
        questions=QUESTIONS,
        experience=_experience(result),
        result=result,
        money=money_unit(draft.file),
        prompts=risks.unthought_of(form),
        titles=category_titles(),
        noted=() if request.method == "POST" else tuple(risks.told_at(found)),
    )


def _experience(result: "Result | None") -> dict[str, list[str]]:
    """What the reference classes say, by driver; nothing while no return can be computed."""
    found: dict[str, list[str]] = {}
    for driver in result.risk.drivers_used if result else ():
        if driver.origin != "planner":
            for name in _OF_USE if driver.driver == DriverName.DEMAND.value else (driver.driver.partition(" ")[0],):
                found.setdefault(name, []).append(driver.description)
    return found


def _of_whole(file: ProjectFile) -> dict[str, Driver]:
    """The drivers that the page asks about, as they are stated for all lines of their kind."""
    stated = file.uncertainty or Uncertainty()
    return {
        each.driver.value: each for each in stated.drivers if each.driver.value in QUESTIONS and not each.applies_to
    }


def _stated_otherwise(file: ProjectFile) -> dict[str, Driver]:
    return {name: driver for name, driver in _of_whole(file).items() if answers_of(driver.distribution) is None}


def _kept(driver: Driver) -> str:
    """The choice of leaving a driver as the project file states it."""
    stated = driver.distribution
    if stated is None:
        return "Keep what the project file states"
    return f"Keep what the project file states: {said_distribution(stated)}"


def _values(draft: Draft) -> dict[str, object]:
    values: dict[str, object] = {"version": str(draft.version), "risks": risks.shown_risks(draft.file)}
    stated = _of_whole(draft.file)
    for name in QUESTIONS:
        driver = stated.get(name)
        answers = answers_of(driver.distribution) if driver is not None else None
        scale = 1 if name == DriverName.DELAY.value else 100
        values[name] = {"chosen": EXPERIENCE if driver is None else STATED if answers is None else OWN} | {
            key: f"{scale * answer:.10g}" for key, answer in zip(ASKED, answers or (), strict=False)
        }
    return values


def _uncertainty(file: ProjectFile, form: Any) -> Uncertainty | None:
    """The file's uncertainty with these answers in place of former ones; what the form does not ask stays."""
    stated, whole = file.uncertainty or Uncertainty(), _of_whole(file)
    drivers = [driver for driver in own_drivers(file) if driver not in whole.values()]
    for name in QUESTIONS:
        part = form[name].form
        if part.chosen.data == STATED and name in whole:
            drivers.append(whole[name])
        elif part.chosen.data == OWN:
            scale = Decimal(1) if name == DriverName.DELAY.value else PERCENT
            answers = (float(part[key].number / scale) for key in ASKED)
            drivers.append(
                Driver(
                    driver=DriverName(name),
                    distribution=own_range(*answers),
                    unit="years" if name == DriverName.DELAY.value else None,
                )
            )
    found = replace(stated, drivers=tuple(drivers), events=risks.risks_of(form.risks, file, request.form))
    return None if found == Uncertainty() else found
