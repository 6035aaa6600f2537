"""The framework and the project that the reports of tests speak of."""

import math
from decimal import Decimal

from scoring.frameworks.framework import Criterion, Economics, Framework, Gate, Indicator, ScaleKind
from scoring.project_file import (
    ActionArea,
    Answer,
    CashFlowLine,
    CashFlows,
    EvidenceGrade,
    FlowKind,
    Prices,
    ProjectFile,
    Rates,
    Stage,
)

WAIT_ALONE = "Await the pilot's counts"


INDICATORS = {
    ("bankability", "Bankability"): (
        "Risk-adjusted economic return|Cover of debt|Revenue and funding certainty|Downside and fat tail|"
        "Stakeholder complexity|Readiness and timeline|Fiscal exposure|Benefits quantified|Financing fit|"
        "Hidden and stranded risk"
    ),
    ("safeguards", "Data safeguards"): (
        "Impact assessment|Lawful basis and opt-in|De-identification|Surveillance limits|Cyber security|"
        "Privacy management|Cross-border flows|Interoperability|Retention, deletion and ownership"
    ),
    ("inclusiveness", "Inclusiveness"): (
        "Who is left out|Digital divide|Non-digital and accessible channel|Distribution of benefits|Price|"
        "Participation|Alignment with wants|Open by design|Grievance"
    ),
    ("needs", "Infrastructure needs"): (
        "Availability gap|Reliability gap|Prerequisite readiness|Upgrade or replace|Plan alignment|Need in place|"
        "Urgency and cost of waiting|Scalability and neighbours|Operation and maintenance capability"
    ),
}


PREFIXES = {"bankability": "BK", "safeguards": "DS", "inclusiveness": "IN", "needs": "NE"}


LEVELS = (*"322312432?", *"132?32323", "2", "3.2", *"3122?41", *"33423?223")


RATE = 0.04


def framework() -> Framework:
    criteria = tuple(
        Criterion(
            id=key,
            title=title,
            question=f"How well does the project do on {title.lower()}?",
            weight=0.25,
            indicators=tuple(
                _indicator(key, i, name, len(names.split("|"))) for i, name in enumerate(names.split("|"), 1)
            ),
        )
        for (key, title), names in INDICATORS.items()
    )
    economics = Economics(
        financial_rate=RATE,
        social_rate=0.09,
        social_rate_concessional=0.06,
        finance_rate=0.08,
        reinvestment_rate=0.05,
        hurdles=(0.035, 0.045, 0.09),
        standard_conversion_factor=0.9,
        shadow_exchange_rate=1.1,
        shadow_wage_factor=0.75,
        welfare_epsilon=1.3,
        income_groups={"q1": 0.4, "q2": 0.7, "q3": 1.0, "q4": 1.4, "q5": 2.2},
        aversion=2.0,
        risk_free_rate=0.02,
        beta=1.0,
        equity_premium=0.05,
        target_dscr=1.3,
    )
    return Framework(
        key="smart-city-brief-2021",
        version=1,
        title="Smart-city brief 2021",
        summary="Four criteria, 37 indicators.",
        currency="INR",
        criteria=criteria,
        economics=economics,
    )


def _indicator(criterion: str, number: int, title: str, count: int) -> Indicator:
    key = f"{PREFIXES[criterion]}{number}"
    gate = (
        Gate(passes_at=2, lifts_when=f"{title} reaches level 2 with a document.")
        if key in ("DS1", "DS4", "NE3")
        else None
    )
    return Indicator(
        id=key,
        criterion=criterion,
        title=title,
        question=f"What is the state of {title.lower()}?",
        scale=ScaleKind.COMPUTED if key in ("BK1", "BK2") else ScaleKind.LEVEL,
        levels=("Nothing.", "A first step.", "In part.", "Complete.", "Complete and checked by others."),
        evidence="document",
        passages=("A",),
        standard="",
        weight=1 / count,
        gate=gate,
    )


def project(title: str = "Adaptive traffic signals, east corridor", periods: int = 15) -> ProjectFile:
    later = periods - 2
    lines = (
        _line("Signals and sensors", FlowKind.CAPEX, ["120", "80"] + ["0"] * (later - 1) + ["0"]),
        _line("Control centre", FlowKind.CAPEX, ["40", "25.5"] + ["0"] * 5 + ["35"] + ["0"] * (later - 6)),
        _line("Operation and care", FlowKind.OPEX, ["0", "6"] + [f"{18 + 0.5 * i}" for i in range(later)]),
        _line("Parking revenue", FlowKind.REVENUE, ["0", "0"] + [f"{30 + 1.25 * i}" for i in range(later)]),
        _line("Travel time saved", FlowKind.BENEFIT, ["0", "10"] + [str(40 + 3 * i) for i in range(later)]),
        CashFlowLine(
            name="CO2 avoided",
            kind=FlowKind.EXTERNALITY,
            tonnes=tuple(Decimal(-900 - 50 * i) if i > 1 else Decimal(0) for i in range(periods)),
        ),
        _line("Scrap and land", FlowKind.RESIDUAL, ["0"] * (periods - 1) + ["30"]),
    )
    frame = framework()
    answers = {
        indicator.id: _answer(level)
        for indicator, level in zip(frame.indicators, LEVELS, strict=True)
        if indicator.scale is not ScaleKind.COMPUTED
    }
    return ProjectFile(
        reference="PUN-ITS-01",
        title=title,
        summary="Signals on forty junctions that follow the traffic, with priority for buses and safe crossings.",
        city="Pune",
        country="IND",
        stage=Stage.PRE_FEASIBILITY,
        action_areas=(ActionArea.MOBILITY,),
        currency="INR",
        unit=1_000_000,
        prices=Prices(base_year=2026),
        rates=Rates(financial=RATE, social=0.09),
        cash_flows=CashFlows(first_year=2026, lines=lines),
        answers=answers,
    )


def _line(name: str, kind: FlowKind, amounts: list[str]) -> CashFlowLine:
    return CashFlowLine(name=name, kind=kind, amounts=tuple(Decimal(amount) for amount in amounts))


def _answer(level: str) -> Answer:
    if level == "?":
        return Answer(unknown=True, reason="The survey is planned for the spring.")
    return Answer(
        level=min(4, int(float(level)) + 1) if level == "3" else int(float(level)),
        evidence=EvidenceGrade.OWN_DOCUMENT,
        reason="The design report counts the junctions and says who keeps them; the tender repeats it word for word.",
        source="Design report 2025, p. 41",
    )


def financial_flow(file: ProjectFile) -> tuple[float, ...]:
    counted = (FlowKind.CAPEX, FlowKind.OPEX, FlowKind.TAX, FlowKind.REVENUE, FlowKind.RESIDUAL)
    lines = [line for line in file.cash_flows.lines if line.kind in counted]
    return tuple(
        math.fsum(line.kind.sign * float(line.amounts[t]) for line in lines if t < len(line.amounts))
        for t in range(file.cash_flows.periods)
    )


def npv(flow: tuple[float, ...], rate: float) -> float:
    return math.fsum(value / (1 + rate) ** t for t, value in enumerate(flow))
