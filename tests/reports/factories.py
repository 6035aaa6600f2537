"""A plausible appraisal made by hand: the figures that must agree are computed from one another here."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime

from appraisal.reports.report import AppraisalReport, RankRange
from scoring.criteria.unevenness import geometric_mean, uneven
from scoring.frameworks import Aggregation, Method
from scoring.frameworks.framework import Framework, Indicator, ScaleKind
from scoring.project_file import (
    ProjectFile,
)
from scoring.result import (
    BudgetCall,
    CriteriaResult,
    CriterionResult,
    DriverUsed,
    EconomicReturn,
    EquityReturn,
    Fan,
    FinancialReturn,
    GateResult,
    GateStatus,
    Histogram,
    HurdleValue,
    IndicatorResult,
    Missing,
    Note,
    Result,
    RiskMeasures,
    RiskReturn,
    SensitivityRow,
    StrandedLoss,
)
from tests.reports.appraised import LEVELS, RATE, financial_flow, framework, npv, project
from tests.reports.risk_parts import fiscal_risks, options


def criteria(frame: Framework) -> CriteriaResult:
    """Weighted sum over the answered (METHOD 9); all criteria have an answer here."""
    levels = dict(zip((indicator.id for indicator in frame.indicators), LEVELS, strict=True))
    indicators: list[IndicatorResult] = []
    by_criterion: dict[str, CriterionResult] = {}
    for criterion in frame.criteria:
        known = [i for i in criterion.indicators if levels[i.id] != "?"]
        answered = sum(i.weight for i in known)
        rows = [_indicator_result(i, criterion.weight, answered, levels[i.id]) for i in criterion.indicators]
        indicators += rows
        gained = sum(row.contribution for row in rows if not isinstance(row.contribution, Missing))
        by_criterion[criterion.id] = CriterionResult(
            id=criterion.id,
            title=criterion.title,
            weight=criterion.weight,
            score=gained / criterion.weight,
            low=sum(row.low for row in rows) / criterion.weight,
            high=sum(row.high for row in rows) / criterion.weight,
            completeness=answered,
            contribution=gained,
        )
    gates = (
        GateResult(
            id="DS1",
            title="Impact assessment",
            status=GateStatus.FAILED,
            lifts_when="A draft that describes the processing and its purposes (level 2) is filed.",
        ),
        GateResult(
            id="DS4",
            title="Surveillance limits",
            status=GateStatus.OPEN,
            lifts_when="The purposes are listed and recordings are kept for at most 90 days.",
        ),
        GateResult(id="NE3", title="Prerequisite readiness", status=GateStatus.PASSED, lifts_when="It is passed."),
    )
    return CriteriaResult(
        total=sum(row.contribution for row in by_criterion.values() if not isinstance(row.contribution, Missing)),
        interval=(sum(row.low for row in indicators), sum(row.high for row in indicators)),
        completeness=sum(row.weight for row in indicators if not isinstance(row.level, Missing)),
        by_criterion=by_criterion,
        indicators=tuple(indicators),
        gates=gates,
    )


def _indicator_result(indicator: Indicator, weight: float, answered: float, level: str) -> IndicatorResult:
    effective = weight * indicator.weight
    computed = indicator.scale is ScaleKind.COMPUTED
    if level == "?":
        gone = Missing("unanswered")
        return IndicatorResult(
            id=indicator.id,
            criterion=indicator.criterion,
            level=gone,
            stated_level=gone,
            capped=False,
            cap_reason="",
            evidence=None,
            computed=computed,
            explanation="",
            weight=effective,
            contribution=gone,
            low=0.0,
            high=100 * effective,
        )
    capped = level == "3" and not computed
    points = 100 * effective * float(level) / 4
    return IndicatorResult(
        id=indicator.id,
        criterion=indicator.criterion,
        level=float(level),
        stated_level=4.0 if capped else float(level),
        capped=capped,
        cap_reason="Level 4 needs an official or third-party document; counted as 3." if capped else "",
        evidence=None if computed else "E1",
        computed=computed,
        explanation="Economic NPV is positive in 86 of 100 draws; the median EIRR is 13.2%, the hurdle 9%."
        if computed
        else "",
        weight=effective,
        contribution=points / answered,
        low=points,
        high=points,
    )


def measures(draws: list[float]) -> RiskMeasures:
    ordered = sorted(draws)
    count = len(ordered)

    def quantile(share: float) -> float:
        return ordered[min(count - 1, int(share * count))]

    mean = math.fsum(ordered) / count
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in ordered) / (count - 1))
    negative = sum(value < 0 for value in ordered) / count
    tail = ordered[: count // 20]
    return RiskMeasures(
        mean=mean,
        sd=sd,
        se=sd / math.sqrt(count),
        sd_se=sd / math.sqrt(2 * count),
        p5_se=2.1 * sd / math.sqrt(count),
        p10_se=1.7 * sd / math.sqrt(count),
        p90_se=1.7 * sd / math.sqrt(count),
        p95_se=2.1 * sd / math.sqrt(count),
        var95_se=2.1 * sd / math.sqrt(count),
        cvar95_se=2.7 * sd / math.sqrt(count),
        certainty_equivalent_se=sd / math.sqrt(count),
        raroc_se=0.01,
        p5=quantile(0.05),
        p10=quantile(0.1),
        p50=quantile(0.5),
        p90=quantile(0.9),
        p95=quantile(0.95),
        p50_se=1.25 * sd / math.sqrt(count),
        prob_negative=negative,
        prob_negative_se=math.sqrt(negative * (1 - negative) / count),
        var95=quantile(0.05),
        cvar95=math.fsum(tail) / len(tail),
        certainty_equivalent=mean - 0.1 * sd,
        raroc=0.62,
    )


def histogram(draws: list[float], bins: int = 48) -> Histogram:
    low, high = min(draws), max(draws)
    edges = tuple(low + (high - low) * i / bins for i in range(bins + 1))
    counts = [0] * bins
    for value in draws:
        counts[min(bins - 1, int((value - low) / (high - low) * bins))] += 1
    return Histogram(edges=edges, counts=tuple(counts))


def fan(flow: tuple[float, ...], first_year: int) -> Fan:
    middle: list[float] = []
    for value in flow:
        middle.append((middle[-1] if middle else 0.0) + value * 0.97)
    spread = [12.0 + 9.0 * t for t in range(len(flow))]

    def path(width: float) -> tuple[float, ...]:
        return tuple(value + width * extra for value, extra in zip(middle, spread, strict=True))

    years = tuple(range(first_year, first_year + len(flow)))
    return Fan(years=years, p5=path(-1.6), p25=path(-0.6), p50=tuple(middle), p75=path(0.55), p95=path(1.3))


def result(file: ProjectFile, frame: Framework) -> Result:
    random_draws = random.Random(7)  # noqa: S311 -- a fixed sample, not a secret
    economic_draws = [64 + 58 * random_draws.gauss(0, 1) - 6 * random_draws.expovariate(1) for _ in range(10_000)]
    financial_draws = [value - 110 for value in economic_draws]
    flow = financial_flow(file)
    economic_flow = tuple(value + (10 if t == 1 else 36.0 + 2.5 * t if t > 1 else 0.0) for t, value in enumerate(flow))
    none = Missing("no-financing")
    equity_measures = RiskMeasures(**dict.fromkeys(RiskMeasures.__dataclass_fields__, none))
    financial_npv = npv(flow, RATE)
    return Result(
        engine="0.1.0",
        seed=20261123,
        draws=10_000,
        input_sha256="3f" * 32,
        framework=frame.name,
        parameters="built-in@1",
        libraries={"numpy": "2.4.6", "numba": "0.68.1"},
        financial=FinancialReturn(
            npv=financial_npv,
            irr=Missing("no-sign-change"),
            irr_all=(),
            irr_note=None,
            mirr=0.0123,
            payback=Missing("not-reached"),
            discounted_payback=Missing("not-reached"),
            profitability_index=0.41,
            equivalent_annual_value=-13.2,
            funding_gap=0.59,
            levelised_cost=Missing("no-output"),
            by_hurdle=tuple(HurdleValue(rate=rate, npv=npv(flow, rate)) for rate in (0.035, 0.045, 0.09)),
            net_flow=flow,
        ),
        equity=EquityReturn(
            npv=none,
            irr=none,
            irr_all=(),
            irr_note=None,
            mirr=none,
            dscr_min=none,
            dscr_min_year=none,
            dscr_average=none,
            llcr=none,
            plcr=none,
            dscr=(),
            debt_capacity=41.7,
            wacc=none,
        ),
        economic=EconomicReturn(
            npv=npv(economic_flow, 0.09),
            irr=0.132,
            irr_all=(0.132,),
            irr_note=None,
            bcr=421.5 / 318.25,
            bcr_capex_only=1.9,
            pv_benefits=421.5,
            pv_costs=318.25,
            weighted_npv=88.4,
            bottom_share=0.43,
            revenue_role="transfer",
            by_hurdle=tuple(HurdleValue(rate=rate, npv=npv(economic_flow, rate)) for rate in (0.035, 0.045, 0.09)),
            net_flow=economic_flow,
        ),
        risk=RiskReturn(
            financial_npv=measures(financial_draws),
            economic_npv=measures(economic_draws),
            equity_npv=equity_measures,
            irr_below_hurdle=0.91,
            irr_below_hurdle_se=0.003,
            eirr_p50=0.129,
            eirr_p50_se=0.0004,
            eirr_below_hurdle=0.14,
            eirr_below_hurdle_se=0.003,
            capex_base=300.5,
            capex_p50=261.8,
            capex_p50_se=0.4,
            capex_p80=402.3,
            capex_p80_se=0.9,
            delay_p80=1.4,
            delay_p80_se=0.01,
            dscr_below_1=Missing("no-debt"),
            dscr_below_1_se=Missing("no-debt"),
            stranded_before_debt_repaid=Missing("no-debt"),
            stranded_before_debt_repaid_se=Missing("no-debt"),
            stranded_loss=StrandedLoss(
                economic=17.6, economic_se=0.4, financial=3.21, financial_se=0.2, financial_p95=21.5
            ),
            options=options(),
            public_money=271.0,
            risk_adjusted_return=0.21,
            risk_adjusted_return_se=0.002,
            risk_adjusted_rate_npv=12.4,
            budget_call=BudgetCall(
                years=(2026, 2027, 2028),
                planned=(160.0, 101.0, 0.0),
                expected=(171.25, 118.5, 4.75),
                expected_se=(0.3, 0.3, 0.1),
                p95=(214.0, 160.5, 19.25),
                p95_se=(0.8, 0.7, 0.4),
                covers_shortfalls=True,
            ),
            fiscal_risks=fiscal_risks(),
            economic_histogram=histogram(economic_draws),
            financial_histogram=histogram(financial_draws),
            financial_fan=fan(flow, file.cash_flows.first_year),
            economic_fan=fan(economic_flow, file.cash_flows.first_year),
            largest_correlation_repair=0.0,
            drivers_used=(
                DriverUsed(
                    driver="capex",
                    applies_to=("Signals and sensors",),
                    origin="reference-class",
                    description="Costs of IT projects like this one overran by more than half in 18 of 100 cases.",
                ),
                DriverUsed(
                    driver="delay",
                    applies_to=(),
                    origin="planner",
                    description="Half of the time at most half a year late, nine times in ten at most two years.",
                ),
            ),
        ),
        sensitivity=(
            _row("capex", 101.0, -34.0, 1.83, 0.48),
            _row("benefits", -8.0, 112.0, 0.71, 0.31),
            _row("delay", 82.0, 20.0, 3.4, 0.12),
            _row("opex", 78.0, 49.0, None, 0.05),
            _row("revenue", 58.0, 71.0, None, 0.02),
        ),
        criteria=criteria(frame),
        problems=(
            Note(
                code="default-rate",
                message="No mitigation is given: the reference class is taken unmitigated.",
                path="uncertainty",
            ),
            Note(
                code="revenue-role",
                message="Fares are taken as a transfer from users because benefits have lines of their own.",
            ),
        ),
    )


def _row(driver: str, p10: float, p90: float, switching: float | None, share: float) -> SensitivityRow:
    value = Missing("not-reached") if switching is None else switching
    return SensitivityRow(
        driver=driver,
        p10=p10,
        p90=p90,
        switching_value=value,
        elasticity=-1.4,
        variance_share=share,
        variance_share_se=0.01,
    )


def report(title: str = "Adaptive traffic signals, east corridor", **changes: object) -> AppraisalReport:
    file, frame = project(title), framework()
    made = AppraisalReport(
        project=file,
        result=result(file, frame),
        framework=frame,
        run_id="01931f6e-8c0a-7cc1-9f57-2a51c1e0d9aa",
        run_number=41,
        appraised_at=datetime(2026, 11, 23, 12, 4, tzinfo=UTC),
        appraised_by="Mina Okafor",
        input_sha256="3f" * 32,
        result_sha256="a7" * 32,
        generated_at=datetime(2026, 11, 23, 12, 30, tzinfo=UTC),
        application_version="0.1.0",
        rank=RankRange(rank=4, low=2, high=7, of=50),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def by_product(made: AppraisalReport) -> AppraisalReport:
    """The same with the weighted geometric mean of its criteria as its total (METHOD 9)."""
    criteria = made.result.criteria
    rows = uneven(criteria.by_criterion)
    weights = [row.weight for row in rows.values()]
    low, high = ([getattr(row, end) for row in rows.values()] for end in ("low", "high"))
    product = replace(
        criteria,
        by_criterion=rows,
        total=sum(row.contribution for row in rows.values() if not isinstance(row.contribution, Missing)),
        interval=(geometric_mean(low, weights), geometric_mean(high, weights)),
        aggregation=Method.WEIGHTED_GEOMETRIC_MEAN,
    )
    framework = replace(made.framework, aggregation=Aggregation(method=Method.WEIGHTED_GEOMETRIC_MEAN))
    return replace(made, framework=framework, result=replace(made.result, criteria=product))
