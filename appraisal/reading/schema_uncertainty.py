"""The schema of how sure a project's figures are: drivers, events, options, optimism bias."""

from appraisal.reading.schema_words import (
    LARGEST,
    Schema,
    amounts,
    between,
    factor,
    list_of,
    money,
    object_of,
    one_of,
    optional_text,
    several_of,
    share,
    text,
    whole,
    year,
)
from scoring import limits
from scoring.project_file import (
    BiasBounds,
    BiasMitigation,
    BiasTarget,
    Distribution,
    Driver,
    DriverName,
    EvidenceGrade,
    Family,
    Mitigation,
    Obsolescence,
    RiskCategory,
    RiskEvent,
    StatedBias,
    TypeShare,
    Uncertainty,
)
from scoring.project_options import AbandonOption, DelayOption, OptionKind, OptionView, StageOption

MAX_VALUES = 10_000


def distribution_fields() -> Schema:
    number = between(-LARGEST, LARGEST)
    spread = {"type": "number", "minimum": 0, "maximum": LARGEST}
    shape = {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST}
    named = ("low", "mode", "high", "p10", "p50", "p90", "mean")
    return {
        "family": one_of(Family),
        **dict.fromkeys(named, number),
        "sd": spread,
        "alpha": shape,
        "beta": shape,
        "values": list_of(number, MAX_VALUES),
        "probabilities": list_of(share(), MAX_VALUES),
        "minimum": number,
        "maximum": number,
    }


def uncertainty() -> Schema:
    names = {"type": "array", "items": text(limits.MAX_NAME), "maxItems": limits.MAX_LINES, "uniqueItems": True}
    driver = object_of(
        (Distribution, Driver),
        {
            "driver": one_of(DriverName),
            "applies_to": names,
            "reference_class": text(limits.MAX_NAME),
            "unit": text(limits.MAX_NAME),
            **distribution_fields(),
        },
        "driver",
    )
    driver["oneOf"] = [{"required": ["family"]}, {"required": ["reference_class"]}]
    correlation = {
        "type": "array",
        "prefixItems": [one_of(DriverName), one_of(DriverName), between(-1, 1)],
        "items": False,
        "minItems": 3,
    }
    obsolescence = object_of(Obsolescence, {"hazard": share(), "salvage": money()}, "hazard")
    return object_of(
        Uncertainty,
        {
            "drivers": list_of(driver, limits.MAX_DRIVERS),
            "correlations": list_of(correlation, limits.MAX_DRIVERS**2),
            "events": list_of(_event(), limits.MAX_EVENTS),
            "obsolescence": obsolescence,
            "options": list_of(_option(), limits.MAX_OPTIONS),
            "optimism_bias": _optimism_bias(),
        },
    )


def _optimism_bias() -> Schema:
    part = object_of(TypeShare, {"type": text(limits.MAX_NAME), "share": share()}, "type", "share")
    mitigation = object_of(
        BiasMitigation,
        {
            "factor": text(limits.MAX_NAME),
            "applies_to": one_of(BiasTarget),
            "contribution": share(),
            "mitigated": share(),
            "evidence": one_of(EvidenceGrade),
            "reason": optional_text(limits.MAX_REASON),
        },
        *("factor", "applies_to", "contribution", "mitigated"),
    )
    bounds = object_of(
        BiasBounds,
        {
            "applies_to": one_of(BiasTarget),
            "upper": factor(),
            "lower": factor(),
            "source": optional_text(limits.MAX_SOURCE),
        },
        *("applies_to", "upper"),
    )
    return object_of(
        StatedBias,
        {
            "mix": list_of(part, limits.MAX_TYPES),
            "mitigations": list_of(mitigation, limits.MAX_MITIGATIONS),
            "bounds": list_of(bounds, len(BiasTarget)),
        },
    )


_OPTIONS = {kind.kind: kind for kind in (AbandonOption, DelayOption, StageOption)}


def _option() -> Schema:
    """One of three forms, chosen by its kind; what comes last only says which kinds there are."""
    kind_of: Schema = {"description": "Which option it is."} | one_of(OptionKind)
    chosen: Schema = {"properties": {"kind": kind_of}, "required": ["kind"]}
    for kind, form in _option_forms().items():
        head = {
            "kind": {"const": kind.value, "description": "Which option it is."},
            "name": text(limits.MAX_NAME),
            "view": one_of(OptionView),
        }
        properties, required = form
        is_kind = {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]}
        then = object_of(_OPTIONS[kind], head | properties, "kind", "name", *required)
        chosen = {"if": is_kind, "then": then, "else": chosen}
    return chosen


def _option_forms() -> dict[OptionKind, tuple[Schema, tuple[str, ...]]]:
    names = list_of(text(limits.MAX_NAME), limits.MAX_LINES) | {"minItems": 1, "uniqueItems": True}
    abandon = {
        "from_year": year(),
        "recovery": amounts(),
        "recovery_share": share(),
        "exit_cost": money(),
    }
    delay = {
        "latest_year": year(),
        "waiting_cost": between(0, LARGEST),
        "learns": several_of(DriverName) | {"minItems": 1},
        "known": share(),
    }
    stage = {
        "phase_2": names,
        "decision_year": year(),
        "driver": one_of(DriverName),
        "threshold": factor(),
    }
    return {
        OptionKind.ABANDON: (abandon, ()),
        OptionKind.DELAY: (delay, ("latest_year",)),
        OptionKind.STAGE: (stage, ("phase_2", "decision_year", "threshold")),
    }


def _event() -> Schema:
    impact = object_of(Distribution, distribution_fields(), "family")
    mitigation = {
        "measure": optional_text(limits.MAX_SOURCE),
        "cost": money(),
        "probability_factor": share(),
        "impact_factor": share(),
    }
    return object_of(
        RiskEvent,
        {
            "name": text(limits.MAX_NAME),
            "category": one_of(RiskCategory),
            "probability": share(),
            "per": {"enum": ["life", "year"]},
            "cost": impact,
            "delay": impact,
            "revenue_factor": factor(),
            "years": whole(1, limits.MAX_PERIODS),
            "mitigation": object_of(Mitigation, mitigation),
        },
        "name",
        "category",
        "probability",
    )
