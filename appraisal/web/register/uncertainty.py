"""How sure the figures are: what experience says, and the planner's own ranges."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from appraisal.services.drafting import Draft
from appraisal.services.previewing import preview_of
from appraisal.web.register.journey import Outcome, opened, page
from appraisal.web.register.saving import Page, answered
from forms.registration.uncertainty import EXPERIENCE, OWN, QUESTIONS, UncertaintyForm
from scoring.project_file import Distribution, Driver, DriverName, Family, ProjectFile, Uncertainty

UNCERTAINTY = "uncertainty"
PERCENT = Decimal(100)


def uncertainty(project_id: UUID) -> ResponseReturnValue:
    def make(draft: Draft, **given: Any) -> Any:
        return UncertaintyForm(data=_values(draft), **given)

    def change(form: Any, file: ProjectFile) -> ProjectFile:
        return replace(file, uncertainty=_uncertainty(file, form))

    return answered(opened(project_id), Page(UNCERTAINTY, make, change), _page)


def _page(draft: Draft, form: Any, outcome: Outcome) -> ResponseReturnValue:
    return page(
        "register/uncertainty.html",
        draft,
        UNCERTAINTY,
        outcome.status,
        form=form,
        outcome=outcome,
        questions=QUESTIONS,
        experience=_experience(draft),
    )


def _experience(draft: Draft) -> dict[str, list[str]]:
    """What the reference classes say, by driver; nothing while no return can be computed."""
    preview = preview_of(draft)
    found: dict[str, list[str]] = {}
    for driver in preview.result.risk.drivers_used if preview.result else ():
        if driver.origin != "planner":
            found.setdefault(driver.driver, []).append(driver.description)
    return found


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
