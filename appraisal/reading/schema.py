"""The published JSON Schemas (2020-12) of the project file and the result, built from the limits and vocabularies.

What a schema cannot say (shares that sum to at most 1, names that must exist) is in `appraisal.reading.project_rules`.
"""

from enum import StrEnum
from functools import cache
from typing import Any

from appraisal.reading.attribute_docs import attribute_docs
from forms.money_words import CURRENCY_CODES
from scoring import limits
from scoring.project_file import (
    SCHEMA,
    ActionArea,
    Answer,
    BiasBounds,
    BiasMitigation,
    BiasTarget,
    CashFlowLine,
    CashFlows,
    ConstructionInterest,
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
from scoring.project_options import AbandonOption, DelayOption, OptionKind, OptionView, StageOption

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_GROUPS = 20
MAX_ANSWERS = 500
MAX_EXPLANATIONS = 100
MAX_VALUES = 10_000
SOME_TEXT = r"\S"
"""The pattern of a text that must not be blank."""
_LARGEST = int(limits.MAX_AMOUNT)


@cache
def project_schema() -> Schema:
    """The schema of `appraisal-project/1`. Unknown keys are errors throughout."""
    properties = {
        "schema": {"const": SCHEMA},
        "reference": _text(limits.MAX_REFERENCE),
        "title": _text(limits.MAX_NAME),
        "summary": _optional_text(limits.MAX_SUMMARY),
        "city": _optional_text(limits.MAX_NAME),
        "country": {"type": "string", "pattern": "^([A-Z]{3})?$", "description": "ISO 3166 code of three letters."},
        "location": _object(
            Location, {"latitude": _between(-90, 90), "longitude": _between(-180, 180)}, "latitude", "longitude"
        ),
        "stage": _one_of(Stage),
        "action_areas": _several_of(ActionArea),
        "objectives": _several_of(Objective),
        "partners": _list_of(_partner(), limits.MAX_PARTNERS),
        "currency": {"enum": sorted(CURRENCY_CODES), "title": "a currency code of ISO 4217, such as EUR, INR or USD"},
        "unit": {"enum": list(limits.UNITS), "description": "What one unit of every amount is worth."},
        "prices": _prices(),
        "timing": _one_of(Timing),
        "rates": _rates(),
        "cash_flows": _cash_flows(),
        "output": _object(Output, {"unit": _text(limits.MAX_NAME), "amounts": amounts(least=0)}, "unit", "amounts"),
        "financing": _financing(),
        "uncertainty": _uncertainty(),
        "safeguards": _safeguards(),
        "answers": _map_of(_answer(), limits.MAX_REFERENCE, MAX_ANSWERS),
        "explanations": _map_of(_text(limits.MAX_REASON), limits.MAX_NAME, MAX_EXPLANATIONS)
        | {"description": "Why what a consistency check finds is right as it stands, by the check's id."},
    }
    required = ("schema", "reference", "title", "currency", "cash_flows")
    head = {"$schema": DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", "title": "Project file"}
    return head | _object(ProjectFile, properties, *required)


def amounts(least: int = -_LARGEST) -> Schema:
    """Money, tonnes or output by period."""
    amount = {"type": "number", "minimum": least, "maximum": _LARGEST}
    described = f"By period, period 0 first; at most {limits.MAX_AMOUNT_DECIMALS} decimals; zero after its end."
    return _list_of(amount, limits.MAX_PERIODS) | {"description": described}


def _object(kinds: type | tuple[type, ...], properties: Schema, *required: str) -> Schema:
    """An object of these keys; what each means is said below the fields of the dataclasses it becomes."""
    docs: dict[str, str] = {
        "schema": "The format and its version.",
        "class": attribute_docs(CashFlowLine)["line_class"],
    }
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        docs |= attribute_docs(kind)
    described = {
        key: value if "description" in value else {"description": docs[key]} | value
        for key, value in properties.items()
    }
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": described, "additionalProperties": False} | needed


def _map_of(values: Schema, longest_key: int, most: int) -> Schema:
    names = {"minLength": 1, "maxLength": longest_key}
    return {"type": "object", "propertyNames": names, "additionalProperties": values, "maxProperties": most}


def _list_of(items: Schema, most: int) -> Schema:
    return {"type": "array", "items": items, "maxItems": most}


def _text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest, "pattern": SOME_TEXT}


def _optional_text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest}


def _between(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _one_of(vocabulary: type[StrEnum]) -> Schema:
    return {"enum": [word.value for word in vocabulary]}


def _several_of(vocabulary: type[StrEnum]) -> Schema:
    return {"type": "array", "items": _one_of(vocabulary), "uniqueItems": True, "maxItems": len(vocabulary)}


def _partner() -> Schema:
    other = _optional_text(limits.MAX_NAME)
    return _object(Partner, {"name": _text(limits.MAX_NAME), "role": other, "sector": other}, "name")


def _year() -> Schema:
    return _whole(limits.MIN_YEAR, limits.MAX_YEAR)


def _rate() -> Schema:
    return _between(limits.MIN_RATE, limits.MAX_RATE)


def _rate_or_schedule() -> Schema:
    step = {
        "type": "array",
        "prefixItems": [_whole(0, limits.MAX_PERIODS), _rate()],
        "items": False,
        "minItems": 2,
    }
    schedule = {"type": "array", "items": step, "minItems": 1, "maxItems": limits.MAX_PERIODS}
    return {
        "description": "A rate a year, or a schedule [[from period, rate], …] that begins at period 0.",
        "if": {"type": "array"},
        "then": schedule,
        "else": _rate(),
    }


def _prices() -> Schema:
    return _object(Prices, {"basis": _one_of(PriceBasis), "base_year": _year(), "inflation": _rate()})


def _rates() -> Schema:
    return _object(
        Rates,
        {
            "financial": _rate_or_schedule(),
            "social": _rate_or_schedule(),
            "finance": _rate(),
            "reinvestment": _rate(),
            "hurdles": _list_of(_rate(), limits.MAX_HURDLES),
        },
    )


def _factor() -> Schema:
    return _between(0, limits.MAX_FACTOR)


def _share() -> Schema:
    return _between(0, 1)


def _cash_flows() -> Schema:
    line = _object(
        CashFlowLine,
        {
            "name": _text(limits.MAX_NAME),
            "kind": _one_of(FlowKind),
            "amounts": amounts(),
            "tonnes": amounts(),
            "class": _text(limits.MAX_NAME),
            "conversion_factor": _factor(),
            "economic": _one_of(EconomicRole),
            "shares": _map_of(_share(), limits.MAX_NAME, MAX_GROUPS),
        },
        "name",
        "kind",
    )
    line["oneOf"] = [{"required": ["amounts"]}, {"required": ["tonnes"]}]
    return _object(CashFlows, {"first_year": _year(), "lines": _list_of(line, limits.MAX_LINES)}, "first_year", "lines")


def _financing() -> Schema:
    tranche = _object(
        DebtTranche,
        {
            "name": _text(limits.MAX_NAME),
            "amounts": amounts(least=0),
            "rate": _rate(),
            "grace": _whole(0, limits.MAX_PERIODS),
            "tenor": _whole(1, limits.MAX_PERIODS),
            "repayment": _one_of(Repayment),
            "target_dscr": {"type": "number", "exclusiveMinimum": 0, "maximum": limits.MAX_FACTOR},
            "upfront_fee": _share(),
            "interest_during_construction": _one_of(ConstructionInterest),
        },
        "name",
        "amounts",
        "rate",
        "tenor",
    )
    return _object(
        Financing,
        {
            "equity": amounts(least=0),
            "grants": amounts(least=0),
            "gearing_cap": _share(),
            "debt": _list_of(tranche, limits.MAX_TRANCHES),
        },
    )


def _distribution_fields() -> Schema:
    number = _between(-_LARGEST, _LARGEST)
    spread = {"type": "number", "minimum": 0, "maximum": _LARGEST}
    shape = {"type": "number", "exclusiveMinimum": 0, "maximum": _LARGEST}
    named = ("low", "mode", "high", "p10", "p50", "p90", "mean")
    return {
        "family": _one_of(Family),
        **dict.fromkeys(named, number),
        "sd": spread,
        "alpha": shape,
        "beta": shape,
        "values": _list_of(number, MAX_VALUES),
        "probabilities": _list_of(_share(), MAX_VALUES),
        "minimum": number,
        "maximum": number,
    }


def _uncertainty() -> Schema:
    names = {"type": "array", "items": _text(limits.MAX_NAME), "maxItems": limits.MAX_LINES, "uniqueItems": True}
    driver = _object(
        (Distribution, Driver),
        {
            "driver": _one_of(DriverName),
            "applies_to": names,
            "reference_class": _text(limits.MAX_NAME),
            "unit": _text(limits.MAX_NAME),
            **_distribution_fields(),
        },
        "driver",
    )
    driver["oneOf"] = [{"required": ["family"]}, {"required": ["reference_class"]}]
    correlation = {
        "type": "array",
        "prefixItems": [_one_of(DriverName), _one_of(DriverName), _between(-1, 1)],
        "items": False,
        "minItems": 3,
    }
    obsolescence = _object(Obsolescence, {"hazard": _share(), "salvage": _money()}, "hazard")
    return _object(
        Uncertainty,
        {
            "drivers": _list_of(driver, limits.MAX_DRIVERS),
            "correlations": _list_of(correlation, limits.MAX_DRIVERS**2),
            "events": _list_of(_event(), limits.MAX_EVENTS),
            "obsolescence": obsolescence,
            "options": _list_of(_option(), limits.MAX_OPTIONS),
            "optimism_bias": _optimism_bias(),
        },
    )


def _optimism_bias() -> Schema:
    part = _object(TypeShare, {"type": _text(limits.MAX_NAME), "share": _share()}, "type", "share")
    mitigation = _object(
        BiasMitigation,
        {
            "factor": _text(limits.MAX_NAME),
            "applies_to": _one_of(BiasTarget),
            "contribution": _share(),
            "mitigated": _share(),
            "evidence": _one_of(EvidenceGrade),
            "reason": _optional_text(limits.MAX_REASON),
        },
        *("factor", "applies_to", "contribution", "mitigated"),
    )
    bounds = _object(
        BiasBounds,
        {
            "applies_to": _one_of(BiasTarget),
            "upper": _factor(),
            "lower": _factor(),
            "source": _optional_text(limits.MAX_SOURCE),
        },
        *("applies_to", "upper"),
    )
    return _object(
        StatedBias,
        {
            "mix": _list_of(part, limits.MAX_TYPES),
            "mitigations": _list_of(mitigation, limits.MAX_MITIGATIONS),
            "bounds": _list_of(bounds, len(BiasTarget)),
        },
    )


_OPTIONS = {kind.kind: kind for kind in (AbandonOption, DelayOption, StageOption)}


def _option() -> Schema:
    """One of three forms, chosen by its kind; what comes last only says which kinds there are."""
    kind_of: Schema = {"description": "Which option it is."} | _one_of(OptionKind)
    chosen: Schema = {"properties": {"kind": kind_of}, "required": ["kind"]}
    for kind, form in _option_forms().items():
        head = {
            "kind": {"const": kind.value, "description": "Which option it is."},
            "name": _text(limits.MAX_NAME),
            "view": _one_of(OptionView),
        }
        properties, required = form
        is_kind = {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]}
        then = _object(_OPTIONS[kind], head | properties, "kind", "name", *required)
        chosen = {"if": is_kind, "then": then, "else": chosen}
    return chosen


def _option_forms() -> dict[OptionKind, tuple[Schema, tuple[str, ...]]]:
    names = _list_of(_text(limits.MAX_NAME), limits.MAX_LINES) | {"minItems": 1, "uniqueItems": True}
    abandon = {
        "from_year": _year(),
        "recovery": amounts(),
        "recovery_share": _share(),
        "exit_cost": _money(),
    }
    delay = {
        "latest_year": _year(),
        "waiting_cost": _between(0, _LARGEST),
        "learns": _several_of(DriverName) | {"minItems": 1},
        "known": _share(),
    }
    stage = {
        "phase_2": names,
        "decision_year": _year(),
        "driver": _one_of(DriverName),
        "threshold": _factor(),
    }
    return {
        OptionKind.ABANDON: (abandon, ()),
        OptionKind.DELAY: (delay, ("latest_year",)),
        OptionKind.STAGE: (stage, ("phase_2", "decision_year", "threshold")),
    }


def _money() -> Schema:
    return _between(0, _LARGEST)


def _event() -> Schema:
    impact = _object(Distribution, _distribution_fields(), "family")
    mitigation = {"cost": _money(), "probability_factor": _share(), "impact_factor": _share()}
    return _object(
        RiskEvent,
        {
            "name": _text(limits.MAX_NAME),
            "category": _one_of(RiskCategory),
            "probability": _share(),
            "per": {"enum": ["life", "year"]},
            "cost": impact,
            "delay": impact,
            "revenue_factor": _factor(),
            "years": _whole(1, limits.MAX_PERIODS),
            "mitigation": _object(Mitigation, mitigation),
        },
        "name",
        "category",
        "probability",
    )


def _safeguards() -> Schema:
    fact = {"type": "boolean"}
    return _object(
        Safeguards,
        {
            "personal_data": fact,
            "impact_triggers": _several_of(ImpactTrigger),
            "public_space_analytics": fact,
            "essential_service": fact,
        },
    )


def _answer() -> Schema:
    return _object(
        Answer,
        {
            "level": _whole(0, 4),
            "value": _between(-_LARGEST, _LARGEST),
            "unknown": {"type": "boolean"},
            "evidence": _one_of(EvidenceGrade),
            "reason": _optional_text(limits.MAX_REASON),
            "source": _optional_text(limits.MAX_SOURCE),
        },
    )
