"""The published JSON Schemas (2020-12) of the project file and the result, built from the limits and vocabularies.

What a schema cannot say (shares that sum to at most 1, names that must exist) is in `appraisal.reading.project_rules`.
"""

from functools import cache

from appraisal.reading.schema_uncertainty import uncertainty
from appraisal.reading.schema_words import (
    LARGEST,
    Schema,
    amounts,
    between,
    factor,
    list_of,
    map_of,
    object_of,
    one_of,
    optional_text,
    rate,
    several_of,
    share,
    text,
    whole,
    year,
)
from forms.money_words import CURRENCY_CODES
from scoring import limits
from scoring.project_file import (
    SCHEMA,
    ActionArea,
    Answer,
    CashFlowLine,
    CashFlows,
    ConstructionInterest,
    DebtTranche,
    EconomicRole,
    EvidenceGrade,
    Financing,
    FlowKind,
    ImpactTrigger,
    Location,
    Objective,
    Output,
    Partner,
    PriceBasis,
    Prices,
    ProjectFile,
    Rates,
    Repayment,
    Safeguards,
    Stage,
    Timing,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_GROUPS = 20
MAX_ANSWERS = 500
MAX_EXPLANATIONS = 100


@cache
def project_schema() -> Schema:
    """The schema of `appraisal-project/1`. Unknown keys are errors throughout."""
    properties = {
        "schema": {"const": SCHEMA},
        "reference": text(limits.MAX_REFERENCE),
        "title": text(limits.MAX_NAME),
        "summary": optional_text(limits.MAX_SUMMARY),
        "city": optional_text(limits.MAX_NAME),
        "country": {"type": "string", "pattern": "^([A-Z]{3})?$", "description": "ISO 3166 code of three letters."},
        "location": object_of(
            Location, {"latitude": between(-90, 90), "longitude": between(-180, 180)}, "latitude", "longitude"
        ),
        "stage": one_of(Stage),
        "action_areas": several_of(ActionArea),
        "objectives": several_of(Objective),
        "partners": list_of(_partner(), limits.MAX_PARTNERS),
        "currency": {"enum": sorted(CURRENCY_CODES), "title": "a currency code of ISO 4217, such as EUR, INR or USD"},
        "unit": {"enum": list(limits.UNITS), "description": "What one unit of every amount is worth."},
        "prices": _prices(),
        "timing": one_of(Timing),
        "rates": _rates(),
        "cash_flows": _cash_flows(),
        "output": object_of(Output, {"unit": text(limits.MAX_NAME), "amounts": amounts(least=0)}, "unit", "amounts"),
        "financing": _financing(),
        "uncertainty": uncertainty(),
        "safeguards": _safeguards(),
        "answers": map_of(_answer(), limits.MAX_REFERENCE, MAX_ANSWERS),
        "explanations": map_of(text(limits.MAX_REASON), limits.MAX_NAME, MAX_EXPLANATIONS)
        | {"description": "Why what a consistency check finds is right as it stands, by the check's id."},
    }
    required = ("schema", "reference", "title", "currency", "cash_flows")
    head = {"$schema": DIALECT, "$id": f"urn:{SCHEMA.replace('/', ':')}", "title": "Project file"}
    return head | object_of(ProjectFile, properties, *required)


def _partner() -> Schema:
    other = optional_text(limits.MAX_NAME)
    return object_of(Partner, {"name": text(limits.MAX_NAME), "role": other, "sector": other}, "name")


def _rate_or_schedule() -> Schema:
    step = {
        "type": "array",
        "prefixItems": [whole(0, limits.MAX_PERIODS), rate()],
        "items": False,
        "minItems": 2,
    }
    schedule = {"type": "array", "items": step, "minItems": 1, "maxItems": limits.MAX_PERIODS}
    return {
        "description": "A rate a year, or a schedule [[from period, rate], …] that begins at period 0.",
        "if": {"type": "array"},
        "then": schedule,
        "else": rate(),
    }


def _prices() -> Schema:
    return object_of(Prices, {"basis": one_of(PriceBasis), "base_year": year(), "inflation": rate()})


def _rates() -> Schema:
    return object_of(
        Rates,
        {
            "financial": _rate_or_schedule(),
            "social": _rate_or_schedule(),
            "finance": rate(),
            "reinvestment": rate(),
            "hurdles": list_of(rate(), limits.MAX_HURDLES),
        },
    )


def _cash_flows() -> Schema:
    line = object_of(
        CashFlowLine,
        {
            "name": text(limits.MAX_NAME),
            "kind": one_of(FlowKind),
            "amounts": amounts(),
            "tonnes": amounts(),
            "class": text(limits.MAX_NAME),
            "conversion_factor": factor(),
            "economic": one_of(EconomicRole),
            "shares": map_of(share(), limits.MAX_NAME, MAX_GROUPS),
        },
        "name",
        "kind",
    )
    line["oneOf"] = [{"required": ["amounts"]}, {"required": ["tonnes"]}]
    return object_of(CashFlows, {"first_year": year(), "lines": list_of(line, limits.MAX_LINES)}, "first_year", "lines")


def _financing() -> Schema:
    tranche = object_of(
        DebtTranche,
        {
            "name": text(limits.MAX_NAME),
            "amounts": amounts(least=0),
            "rate": rate(),
            "grace": whole(0, limits.MAX_PERIODS),
            "tenor": whole(1, limits.MAX_PERIODS),
            "repayment": one_of(Repayment),
            "target_dscr": {"type": "number", "exclusiveMinimum": 0, "maximum": limits.MAX_FACTOR},
            "upfront_fee": share(),
            "interest_during_construction": one_of(ConstructionInterest),
        },
        "name",
        "amounts",
        "rate",
        "tenor",
    )
    return object_of(
        Financing,
        {
            "equity": amounts(least=0),
            "grants": amounts(least=0),
            "gearing_cap": share(),
            "debt": list_of(tranche, limits.MAX_TRANCHES),
        },
    )


def _safeguards() -> Schema:
    fact = {"type": "boolean"}
    return object_of(
        Safeguards,
        {
            "personal_data": fact,
            "impact_triggers": several_of(ImpactTrigger),
            "public_space_analytics": fact,
            "essential_service": fact,
        },
    )


def _answer() -> Schema:
    return object_of(
        Answer,
        {
            "level": whole(0, 4),
            "value": between(-LARGEST, LARGEST),
            "unknown": {"type": "boolean"},
            "evidence": one_of(EvidenceGrade),
            "reason": optional_text(limits.MAX_REASON),
            "source": optional_text(limits.MAX_SOURCE),
        },
    )
