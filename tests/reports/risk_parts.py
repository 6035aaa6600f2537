"""Options and fiscal risks as a result states them."""

from scoring.project_file import (
    RiskCategory,
)
from scoring.project_options import OptionKind, OptionView
from scoring.result import (
    FiscalRisk,
    FiscalRisks,
    Missing,
    OptionValue,
)
from tests.reports.appraised import WAIT_ALONE


def options() -> tuple[OptionValue, ...]:
    used = OptionValue(
        name="Sell the sensors",
        kind=OptionKind.ABANDON,
        view=OptionView.FINANCIAL,
        value=7.052,
        se=0.24,
        value_without=-46.46,
        value_with=-39.41,
        exercised=0.207,
        expected_year=2031.4,
        given_up=0.207,
    )
    none = Missing("nothing-to-learn")
    figures = ("value", "se", "value_without", "value_with", "exercised", "expected_year", "given_up")
    unused = OptionValue(
        name=WAIT_ALONE, kind=OptionKind.DELAY, view=OptionView.ECONOMIC, **dict.fromkeys(figures, none)
    )
    return used, unused


def fiscal_risks() -> FiscalRisks:
    rated = FiscalRisk(
        category=RiskCategory.CYBER_INCIDENT,
        title="Cyber incident",
        events=("Attack on the control centre",),
        probability=0.306,
        expected=2.88,
        p95=15.98,
        impact_share=0.059,
        likelihood="medium",
        impact="medium",
        mitigated=False,
        rating="medium",
        rating_before_mitigation="medium",
        not_assessed=None,
    )
    none = Missing("not-stated")
    unknown = FiscalRisk(
        category=RiskCategory.GOVERNANCE,
        title="Governance",
        events=(),
        probability=none,
        expected=none,
        p95=none,
        impact_share=none,
        likelihood=None,
        impact=None,
        mitigated=None,
        rating=None,
        rating_before_mitigation=None,
        not_assessed="not-stated",
    )
    return FiscalRisks(
        base=271.0, base_is="public-money", borne_by_public=True, parameters="fiscal-risks@1", rows=(unknown, rated)
    )
