"""From a checked document of the project file to its dataclasses."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from scoring.project_file import (
    ActionArea,
    Answer,
    BiasBounds,
    BiasMitigation,
    BiasTarget,
    CashFlowLine,
    CashFlows,
    ConstructionInterest,
    Correlation,
    DebtTranche,
    Distribution,
    Driver,
    DriverName,
    EconomicRole,
    EvidenceGrade,
    Family,
    Financing,
    FlowKind,
    ImpactTrigger,
    Location,
    Mitigation,
    Objective,
    Obsolescence,
    Output,
    Partner,
    PriceBasis,
    Prices,
    ProjectFile,
    Rate,
    Rates,
    Repayment,
    RiskCategory,
    RiskEvent,
    Safeguards,
    Stage,
    StatedBias,
    Timing,
    TypeShare,
    Uncertainty,
)
from scoring.project_options import AbandonOption, DelayOption, Option, OptionKind, OptionView, StageOption

Part = Mapping[str, Any]
T = TypeVar("T")

_NUMBERS = ("low", "mode", "high", "p10", "p50", "p90", "mean", "sd", "alpha", "beta", "minimum", "maximum")


def project_from(document: Part) -> ProjectFile:
    """The project file a document of `appraisal-project/1` says; the document must have passed every check."""
    texts = {key: document[key] for key in ("reference", "title", "summary", "city", "country", "currency")
             if key in document}  # fmt: skip
    return ProjectFile(
        **texts,
        location=_floats(Location, document.get("location")),
        stage=Stage(document.get("stage", Stage.IDEA)),
        action_areas=tuple(map(ActionArea, document.get("action_areas", ()))),
        objectives=tuple(map(Objective, document.get("objectives", ()))),
        partners=tuple(Partner(**partner) for partner in document.get("partners", ())),
        unit=int(document.get("unit", 1)),
        prices=_prices(document.get("prices", {})),
        timing=Timing(document.get("timing", Timing.END)),
        rates=_rates(document.get("rates", {})),
        cash_flows=_cash_flows(document["cash_flows"]),
        output=_output(document.get("output")),
        financing=_financing(document.get("financing")),
        uncertainty=_uncertainty(document.get("uncertainty")),
        safeguards=_safeguards(document.get("safeguards", {})),
        answers={key: _answer(answer) for key, answer in document.get("answers", {}).items()},
        explanations=dict(document.get("explanations", {})),
    )


def _floats(kind: type[T], part: Part | None) -> T | None:
    return None if part is None else kind(**{key: float(value) for key, value in part.items()})


def _number(part: Part, key: str) -> float | None:
    return float(part[key]) if key in part else None


def _whole(part: Part, key: str, default: int) -> int:
    return int(part.get(key, default))


def _amounts(values: Sequence[Any] | None) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values or ()))


def _prices(part: Part) -> Prices:
    base_year = int(part["base_year"]) if "base_year" in part else None
    basis = PriceBasis(part.get("basis", PriceBasis.REAL))
    return Prices(basis=basis, base_year=base_year, inflation=_number(part, "inflation"))


def _rate(value: Any) -> Rate | None:
    if isinstance(value, list):
        return tuple((int(start), float(rate)) for start, rate in value)
    return None if value is None else float(value)


def _rates(part: Part) -> Rates:
    return Rates(
        financial=_rate(part.get("financial")),
        social=_rate(part.get("social")),
        finance=_number(part, "finance"),
        reinvestment=_number(part, "reinvestment"),
        hurdles=tuple(map(float, part.get("hurdles", ()))),
    )


def _cash_flows(part: Part) -> CashFlows:
    return CashFlows(first_year=int(part["first_year"]), lines=tuple(map(_line, part["lines"])))


def _line(part: Part) -> CashFlowLine:
    return CashFlowLine(
        name=part["name"],
        kind=FlowKind(part["kind"]),
        amounts=_amounts(part.get("amounts")),
        tonnes=_amounts(part.get("tonnes")),
        line_class=part.get("class"),
        conversion_factor=_number(part, "conversion_factor"),
        economic=EconomicRole(part["economic"]) if "economic" in part else None,
        shares={group: float(share) for group, share in part.get("shares", {}).items()},
    )


def _output(part: Part | None) -> Output | None:
    return None if part is None else Output(unit=part["unit"], amounts=_amounts(part["amounts"]))


def _financing(part: Part | None) -> Financing | None:
    if part is None:
        return None
    return Financing(
        equity=_amounts(part.get("equity")),
        grants=_amounts(part.get("grants")),
        gearing_cap=_number(part, "gearing_cap"),
        debt=tuple(map(_tranche, part.get("debt", ()))),
    )


def _tranche(part: Part) -> DebtTranche:
    during = part.get("interest_during_construction", ConstructionInterest.CAPITALISED)
    return DebtTranche(
        name=part["name"],
        amounts=_amounts(part["amounts"]),
        rate=float(part["rate"]),
        grace=_whole(part, "grace", 0),
        tenor=_whole(part, "tenor", 0),
        repayment=Repayment(part.get("repayment", Repayment.ANNUITY)),
        target_dscr=_number(part, "target_dscr"),
        upfront_fee=float(part.get("upfront_fee", 0)),
        interest_during_construction=ConstructionInterest(during),
    )


def _uncertainty(part: Part | None) -> Uncertainty | None:
    if part is None:
        return None
    return Uncertainty(
        drivers=tuple(map(_driver, part.get("drivers", ()))),
        correlations=tuple(
            Correlation(first=DriverName(first), second=DriverName(second), value=float(value))
            for first, second, value in part.get("correlations", ())
        ),
        events=tuple(map(_event, part.get("events", ()))),
        obsolescence=_floats(Obsolescence, part.get("obsolescence")),
        options=tuple(map(_option, part.get("options", ()))),
        optimism_bias=_stated_bias(part.get("optimism_bias")),
    )


def _stated_bias(part: Part | None) -> StatedBias | None:
    if part is None:
        return None
    return StatedBias(
        mix=tuple(TypeShare(type=each["type"], share=float(each["share"])) for each in part.get("mix", ())),
        mitigations=tuple(map(_bias_mitigation, part.get("mitigations", ()))),
        bounds=tuple(
            BiasBounds(
                applies_to=BiasTarget(each["applies_to"]),
                upper=float(each["upper"]),
                lower=float(each.get("lower", 0)),
                source=each.get("source", ""),
            )
            for each in part.get("bounds", ())
        ),
    )


def _bias_mitigation(part: Part) -> BiasMitigation:
    return BiasMitigation(
        factor=part["factor"],
        applies_to=BiasTarget(part["applies_to"]),
        contribution=float(part["contribution"]),
        mitigated=float(part["mitigated"]),
        evidence=EvidenceGrade(part["evidence"]) if "evidence" in part else None,
        reason=part.get("reason", ""),
    )


def _driver(part: Part) -> Driver:
    return Driver(
        driver=DriverName(part["driver"]),
        applies_to=tuple(part.get("applies_to", ())),
        distribution=_distribution(part) if "family" in part else None,
        reference_class=part.get("reference_class"),
        unit=part.get("unit"),
    )


def _distribution(part: Part) -> Distribution:
    return Distribution(
        family=Family(part["family"]),
        values=tuple(map(float, part.get("values", ()))),
        probabilities=tuple(map(float, part.get("probabilities", ()))),
        **{name: float(part[name]) for name in _NUMBERS if name in part},
    )


def _event(part: Part) -> RiskEvent:
    return RiskEvent(
        name=part["name"],
        category=RiskCategory(part["category"]),
        probability=float(part["probability"]),
        per=part.get("per", "life"),
        cost=_distribution(part["cost"]) if "cost" in part else None,
        delay=_distribution(part["delay"]) if "delay" in part else None,
        revenue_factor=float(part.get("revenue_factor", 1)),
        years=_whole(part, "years", 1),
        mitigation=_mitigation(part.get("mitigation")),
    )


def _mitigation(part: Part | None) -> Mitigation | None:
    if part is None:
        return None
    figures = {key: float(value) for key, value in part.items() if key != "measure"}
    return Mitigation(measure=part.get("measure", ""), **figures)


def _option(part: Part) -> Option:
    return _OPTIONS[OptionKind(part["kind"])](part["name"], OptionView(part.get("view", OptionView.ECONOMIC)), part)


def _abandon(name: str, view: OptionView, part: Part) -> AbandonOption:
    return AbandonOption(
        name=name,
        view=view,
        from_year=int(part["from_year"]) if "from_year" in part else None,
        recovery=_amounts(part.get("recovery")),
        recovery_share=_number(part, "recovery_share"),
        exit_cost=float(part.get("exit_cost", 0)),
    )


def _delay(name: str, view: OptionView, part: Part) -> DelayOption:
    return DelayOption(
        name=name,
        view=view,
        latest_year=int(part["latest_year"]),
        waiting_cost=float(part.get("waiting_cost", 0)),
        learns=tuple(map(DriverName, part.get("learns", (DriverName.DEMAND, DriverName.PRICE)))),
        known=float(part.get("known", 1)),
    )


def _stage(name: str, view: OptionView, part: Part) -> StageOption:
    return StageOption(
        name=name,
        view=view,
        phase_2=tuple(part["phase_2"]),
        decision_year=int(part["decision_year"]),
        driver=DriverName(part.get("driver", DriverName.DEMAND)),
        threshold=float(part["threshold"]),
    )


_OPTIONS: Mapping[OptionKind, Callable[[str, OptionView, Part], Option]] = {
    OptionKind.ABANDON: _abandon,
    OptionKind.DELAY: _delay,
    OptionKind.STAGE: _stage,
}


def _safeguards(part: Part) -> Safeguards:
    triggers = part.get("impact_triggers")
    return Safeguards(
        personal_data=part.get("personal_data"),
        impact_triggers=None if triggers is None else tuple(map(ImpactTrigger, triggers)),
        public_space_analytics=part.get("public_space_analytics"),
        essential_service=part.get("essential_service"),
    )


def _answer(part: Part) -> Answer:
    return Answer(
        level=int(part["level"]) if "level" in part else None,
        value=_number(part, "value"),
        unknown=part.get("unknown", False),
        evidence=EvidenceGrade(part["evidence"]) if "evidence" in part else None,
        reason=part.get("reason", ""),
        source=part.get("source", ""),
    )
