"""What the reader of the returns must know: defaults taken and assumptions made (METHOD 1, 3, 4)."""

from scoring.frameworks.framework import Framework
from scoring.project_file import Financing, FlowKind, ProjectFile
from scoring.result import Missing, Note
from scoring.returns.financing import SHARE_TOLERANCE, FinancingPlan, financing_plan
from scoring.returns.flows import Flows
from scoring.returns.rates import on_basis, resolve_rates

ROLES = {
    "benefit": "Revenue lines were taken as what users are willing to pay, so as an economic benefit.",
    "transfer": "Revenue lines were taken as transfers from users, so as no economic benefit of their own.",
    "mixed": "Some revenue lines were taken as an economic benefit, others as transfers from users.",
}


def return_notes(flows: Flows, project: ProjectFile, framework: Framework) -> tuple[Note, ...]:
    """Notes on rates taken from the framework, the role of revenue, priced CO2, and debt beyond what was stated for it.

    Raises InputError as the returns do.
    """
    notes = [
        Note(code="default-rate", path=f"rates.{name}", message=f"The {name} rate is the default of {framework.name}.")
        for name in resolve_rates(project, framework).defaulted
        if name != "hurdles"
    ]
    notes += _low_rate_notes(project, framework)
    if flows.mask(FlowKind.REVENUE).any():
        notes.append(Note(code="revenue-role", path="cash_flows.lines", message=ROLES[flows.revenue_role]))
    if any(line.tonnes for line in project.cash_flows.lines):
        message = f"CO2 was priced along the {framework.economics.carbon_path} path of {framework.name}."
        notes.append(Note(code="carbon-path", path="cash_flows.lines", message=message))
    return (*notes, *_debt_notes(flows, project))


def _low_rate_notes(project: ProjectFile, framework: Framework) -> list[Note]:
    """Whoever discounts at a lower rate than the others looks better in a ranking: that is said (METHOD 1)."""
    own = project.rates.social
    if own is None:
        return []
    first = own if isinstance(own, float | int) else own[0][1]
    usual = on_basis(framework.economics.social_rate, project.prices)
    if first >= usual:
        return []
    message = (
        f"The project discounts at {first:.1%}, below the {usual:.1%} of {framework.name}: beside projects at that "
        "rate its return to society looks better than it is."
    )
    return [Note(code="low-social-rate", path="rates.social", message=message)]


def _debt_notes(flows: Flows, project: ProjectFile) -> list[Note]:
    plan, financing = financing_plan(flows, project), project.financing
    if isinstance(plan, Missing) or financing is None:
        return []
    notes = []
    if plan.balloon > 0 or plan.balance[-1] > 0:
        message = (
            f"Debt of {plan.balloon + plan.balance[-1]:,.6g} is still owed in {flows.first_year + flows.periods - 1}, "
            "the last year of the cash flows; it was taken as repaid in that year, as part of its debt service."
        )
        notes.append(Note(code="debt-outlives-flows", path="financing.debt", message=message))
    for at, lent, capacity in plan.over_capacity:
        message = (
            f"“{financing.debt[at].name}” owes {lent:,.6g} when its repayment begins, and at a cover of "
            f"{financing.debt[at].target_dscr:g} the project carries {capacity:,.6g}: the rest falls due at the end "
            "of its tenor, where the cover is below the target."
        )
        notes.append(Note(code="debt-above-capacity", path=f"financing.debt[{at}].amounts", message=message))
    return [*notes, *_gearing_notes(plan, financing), *_fee_notes(plan, flows.first_year)]


def _gearing_notes(plan: FinancingPlan, financing: Financing) -> list[Note]:
    cap = financing.gearing_cap
    if cap is None or not plan.has_debt or plan.gearing <= cap + SHARE_TOLERANCE:
        return []
    message = f"Debt is {plan.gearing:.4g} of all that is paid in, above the cap of {cap:g} that the project states."
    return [Note(code="gearing-above-cap", path="financing.gearing_cap", message=message)]


def _fee_notes(plan: FinancingPlan, first_year: int) -> list[Note]:
    return [
        Note(
            code="fee-beside-sources",
            path="financing",
            message=f"The sources of {first_year + at} leave out the upfront fee of {plan.unfunded_fee[at]:,.6g}: "
            "it was taken as paid by the owners beside their equity.",
        )
        for at in plan.unfunded_fee.nonzero()[0].tolist()
    ]
