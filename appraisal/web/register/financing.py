"""Sources of money: the form, what of the cost they leave uncovered, and the financing of the project file."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from appraisal.services.drafting import Draft
from appraisal.web.register.journey import Outcome, opened, page, preview_now
from appraisal.web.register.saving import Page, answered, shown_again
from appraisal.web.register.typing import plain
from forms.registration.financing import FinancingForm, LoanForm
from scoring.project_file import (
    Amounts,
    ConstructionInterest,
    DebtTranche,
    Financing,
    FlowKind,
    ProjectFile,
    Repayment,
)

ADD_LOAN = "add-loan"
OPENING_KINDS = (FlowKind.REVENUE, FlowKind.SUBSIDY, FlowKind.BENEFIT)


def financing(project_id: UUID) -> ResponseReturnValue:
    def make(draft: Draft, **given: Any) -> FinancingForm:
        form = FinancingForm(data=_values(draft), **given)
        if request.form.get("step") == ADD_LOAN and not given:
            form.loans.append_entry({"amounts": [""] * len(_years(draft))})
        return form

    def change(form: FinancingForm, file: ProjectFile) -> ProjectFile:
        return replace(file, financing=_financing(form))

    draft, sources = opened(project_id), Page("financing", make, change)
    if request.form.get("step") == ADD_LOAN:
        return _page(draft, make(draft), shown_again(draft, sources))
    return answered(draft, sources, _page)


def _page(draft: Draft, form: FinancingForm, outcome: Outcome) -> ResponseReturnValue:
    years = _years(draft)
    for entries in (form.grants, form.equity, *(loan.form.amounts for loan in form.loans)):
        while len(entries) < len(years):
            entries.append_entry("")
    return page(
        "register/financing.html",
        draft,
        "financing",
        outcome.status,
        form=form,
        years=years,
        uses=_uses(draft.file, len(years)),
        outcome=replace(outcome, problems=[*_cell_problems(form, years), *outcome.problems]),
        unbalanced=[item.message for item in preview_now(draft).problems if item.path.startswith("financing")],
    )


def _cell_problems(form: FinancingForm, years: range) -> list[dict[str, str]]:
    """The errors of the cells, each with its row and year; other errors the form lists itself."""
    rows = [("Grants", form.grants), ("Own money", form.equity)]
    rows += [(loan.form.name.data or f"Loan {at}", loan.form.amounts) for at, loan in enumerate(form.loans, start=1)]
    found = [
        {"text": f"{label} {year}: {entry.errors[0]}", "href": f"#{entry.id}"}
        for label, entries in rows
        for year, entry in zip(years, entries, strict=False)
        if entry.errors
    ]
    for loan in form.loans:
        found += [
            {"text": field.errors[0], "href": f"#{field.id}"}
            for field in loan.form
            if field.errors and field.short_name != "amounts"
        ]
    return found


def _years(draft: Draft) -> range:
    """The years of building: up to the first with revenue or benefit, and those in which money is already drawn."""
    lines = draft.file.cash_flows.lines
    served = [at for line in lines if line.kind in OPENING_KINDS for at, amount in enumerate(line.amounts) if amount]
    spent = [at for line in lines if line.kind is FlowKind.CAPEX for at, amount in enumerate(line.amounts) if amount]
    building = min(served) if served else (max(spent) + 1 if spent else 3)
    stated = draft.file.financing
    drawn = (
        max((len(row) for row in (stated.equity, stated.grants, *(d.amounts for d in stated.debt))), default=0)
        if stated
        else 0
    )
    first = draft.file.cash_flows.first_year
    return range(first, first + max(building, drawn, 1))


def _uses(file: ProjectFile, years: int) -> list[Decimal]:
    """Capital cost by year."""
    capex = [line.amounts for line in file.cash_flows.lines if line.kind is FlowKind.CAPEX]
    return [sum((row[at] for row in capex if at < len(row)), Decimal(0)) for at in range(years)]


def _values(draft: Draft) -> dict[str, object]:
    length, stated = len(_years(draft)), draft.file.financing or Financing()
    return {
        "version": str(draft.version),
        "grants": _texts(stated.grants, length),
        "equity": _texts(stated.equity, length),
        "loans": [_loan_values(loan, length) for loan in stated.debt] or [{"amounts": [""] * length}],
    }


def _loan_values(loan: DebtTranche, length: int) -> dict[str, object]:
    return {
        "name": loan.name,
        "amounts": _texts(loan.amounts, length),
        "rate": f"{loan.rate * 100:.10g}",
        "tenor": str(loan.tenor),
        "grace": str(loan.grace),
        "repayment": loan.repayment.value,
        "target_dscr": "" if loan.target_dscr is None else f"{loan.target_dscr:.10g}",
        "upfront_fee": f"{loan.upfront_fee * 100:.10g}" if loan.upfront_fee else "",
        "interest": loan.interest_during_construction.value,
    }


def _texts(amounts: Amounts, length: int) -> list[str]:
    return [plain(amount) if amount else "" for amount in (*amounts, *[Decimal(0)] * (length - len(amounts)))]


def _financing(form: FinancingForm) -> Financing | None:
    """What the form says; None where nothing is filled in. The gearing cap that a file may state is not asked here."""
    loans = tuple(_loan(loan.form) for loan in form.loans if loan.form.drawn)
    grants, equity = _given(form.grants), _given(form.equity)
    return Financing(equity=equity, grants=grants, debt=loans) if grants or equity or loans else None


def _loan(form: LoanForm) -> DebtTranche:
    return DebtTranche(
        name=form.name.data or "",
        amounts=_given(form.amounts),
        rate=float((form.rate.number or Decimal(0)) / 100),
        tenor=int(form.tenor.number or 1),
        grace=int(form.grace.number or 0),
        repayment=Repayment(form.repayment.data),
        target_dscr=None if form.target_dscr.number is None else float(form.target_dscr.number),
        upfront_fee=float((form.upfront_fee.number or Decimal(0)) / 100),
        interest_during_construction=ConstructionInterest(form.interest.data),
    )


def _given(entries: Iterable[object]) -> Amounts:
    """The amounts up to the last that is not zero; an empty cell is zero, as the page says."""
    amounts = [getattr(entry, "number", None) or Decimal(0) for entry in entries]
    while amounts and not amounts[-1]:
        amounts.pop()
    return tuple(amounts)
