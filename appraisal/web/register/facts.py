"""The project itself, and the facts about its data."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from appraisal.services.drafting import Draft
from appraisal.web.register.journey import Outcome, opened, page
from appraisal.web.register.saving import Page, answered
from appraisal.web.register.similar import similar_to
from forms.registration.data_facts import NONE_APPLIES, DataFactsForm, as_answer, as_fact
from forms.registration.project import ProjectForm
from scoring.project_file import ActionArea, ImpactTrigger, PriceBasis, ProjectFile, Safeguards, Stage

PROJECT, DATA_FACTS = "project", "data-facts"


def project(project_id: UUID) -> ResponseReturnValue:
    def make(draft: Draft, **given: Any) -> ProjectForm:
        return ProjectForm(data=_project_values(draft), **given)

    def show(draft: Draft, form: ProjectForm, outcome: Outcome) -> ResponseReturnValue:
        similar = similar_to(draft.file.title, but=draft.project_id)
        return page(
            "register/project.html", draft, PROJECT, outcome.status, form=form, outcome=outcome, similar=similar
        )

    return answered(opened(project_id), Page(PROJECT, make, file_from, lambda form: form.years.number), show)


def _project_values(draft: Draft) -> dict[str, object]:
    file = draft.file
    return {
        "version": str(draft.version),
        "title": file.title,
        "summary": file.summary,
        "city": file.city,
        "country": file.country,
        "areas": [area.value for area in file.action_areas],
        "stage": file.stage.value,
        "first_year": str(file.cash_flows.first_year),
        "years": str(len(draft.years)),
        "currency": file.currency,
        "unit": str(file.unit),
        "price_basis": file.prices.basis.value,
        "price_year": str(file.prices.base_year or ""),
    }


def file_from(form: ProjectForm, file: ProjectFile) -> ProjectFile:
    """The file with what the form says about the project; the form must have been validated."""
    return replace(
        file,
        title=form.title.data or "",
        summary=form.summary.data or "",
        city=form.city.data or "",
        country=form.country.data or "",
        action_areas=tuple(ActionArea(area) for area in form.areas.data or ()),
        stage=Stage(form.stage.data),
        currency=form.currency.data or "",
        unit=int(form.unit.data),
        prices=replace(file.prices, basis=PriceBasis(form.price_basis.data), base_year=form.price_year.number),
        cash_flows=replace(file.cash_flows, first_year=form.first_year.number or file.cash_flows.first_year),
    )


def data_facts(project_id: UUID) -> ResponseReturnValue:
    def make(draft: Draft, **given: Any) -> DataFactsForm:
        return DataFactsForm(data=_data_values(draft), **given)

    def show(draft: Draft, form: DataFactsForm, outcome: Outcome) -> ResponseReturnValue:
        return page("register/data_facts.html", draft, DATA_FACTS, outcome.status, form=form, outcome=outcome)

    def change(form: DataFactsForm, file: ProjectFile) -> ProjectFile:
        return replace(file, safeguards=_safeguards(form))

    return answered(opened(project_id), Page(DATA_FACTS, make, change), show)


def _data_values(draft: Draft) -> dict[str, object]:
    facts = draft.file.safeguards
    triggers = facts.impact_triggers
    return {
        "version": str(draft.version),
        "personal_data": as_answer(facts.personal_data),
        "public_space_analytics": as_answer(facts.public_space_analytics),
        "essential_service": as_answer(facts.essential_service),
        "impact_triggers": [trigger.value for trigger in triggers] or [NONE_APPLIES] if triggers is not None else [],
    }


def _safeguards(form: DataFactsForm) -> Safeguards:
    ticked = form.impact_triggers.data or []
    triggers = tuple(ImpactTrigger(value) for value in ticked if value != NONE_APPLIES)
    return Safeguards(
        personal_data=as_fact(form.personal_data.data),
        public_space_analytics=as_fact(form.public_space_analytics.data),
        essential_service=as_fact(form.essential_service.data),
        impact_triggers=triggers if ticked else None,
    )
