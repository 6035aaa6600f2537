"""The columns of the project workbook, from the same vocabularies as the forms; the template is written from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from forms.portfolio import AREAS
from forms.registration.answers import GRADES
from forms.registration.cash_flow_lines import LINE_KINDS
from forms.registration.data_facts import NONE_APPLIES, TRIGGERS
from forms.registration.financing import INTEREST, REPAYMENTS
from forms.registration.project import STAGES, UNITS
from scoring.project_file import Objective, PriceBasis, Timing

PROJECTS, FIGURES, SOURCES, ANSWERS = "Projects", "Figures", "Sources of money", "Answers"
LISTS, GUIDE = "Lists", "Read me"
PROBLEM = "Problem"
"""A column that we write and never read."""
EXAMPLES = frozenset({"EXAMPLE-1", "EXAMPLE-2"})
EXAMPLE_MARK = "(example)"
"""Rows of the template with one of these references and this in their title are not read."""


class Kind(Enum):
    LINE = auto()
    PROSE = auto()
    CODE = auto()
    CHOICE = auto()
    SEVERAL = auto()
    YES_NO = auto()
    WHOLE = auto()
    YEAR = auto()
    NUMBER = auto()
    MONEY = auto()
    SHARES = auto()
    RATE = auto()
    """A fraction a year, or a schedule by period."""
    FIGURES = auto()
    """Several numbers in one cell."""
    NAMES = auto()
    """Several names in one cell."""


KIND_NAMES = {
    Kind.LINE: "text", Kind.PROSE: "text", Kind.CODE: "three letters", Kind.CHOICE: "one of a list",
    Kind.SEVERAL: "some of a list", Kind.YES_NO: "yes or no", Kind.WHOLE: "whole number", Kind.YEAR: "year",
    Kind.NUMBER: "number", Kind.MONEY: "amount", Kind.SHARES: "shares", Kind.RATE: "rate",
    Kind.FIGURES: "numbers", Kind.NAMES: "names",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: where its value stands in the document of a project file, and how a cell of it is read."""

    key: str
    title: str
    kind: Kind
    note: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Label by value; a cell may hold either."""
    also: tuple[str, ...] = ()
    """Other headings by which people name it."""
    synonyms: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    """Whether the values of the choices are whole numbers."""
    width: int = 16

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.key.split("."))


OBJECTIVES = {item.value: item.value.replace("-", " ").capitalize() for item in Objective}
BASES = {PriceBasis.REAL.value: "Constant prices", PriceBasis.NOMINAL.value: "Current prices"}
TIMINGS = {Timing.END.value: "End of the year", Timing.MID.value: "Middle of the year"}
YES_NO = {"yes": "Yes", "no": "No"}
_STAGES_SAID = {
    "planned": "idea", "planning": "idea", "concept": "idea", "identification": "idea", "proposed": "idea",
    "preparation": "pre-feasibility", "pre-feasibility": "pre-feasibility", "tender": "procurement",
    "bidding": "procurement", "contracting": "procurement", "implementation": "construction", "ongoing": "construction",
    "in progress": "construction", "under construction": "construction", "completion": "operation",
    "completed": "operation", "complete": "operation", "finished": "operation", "in operation": "operation",
    "operational": "operation", "maintenance": "operation", "active": "construction", "concluded": "operation",
    "work in progress": "construction", "works in progress": "construction", "work order issued": "construction",
    "awarded": "construction", "work awarded": "construction", "tendered": "procurement", "tendering": "procurement",
    "under tender": "procurement", "under procurement": "procurement", "dpr prepared": "feasibility",
    "dpr approved": "design", "dpr under preparation": "feasibility", "pipeline": "idea", "approved": "design",
    "closed": "operation",
}  # fmt: skip
_AREAS_SAID = {
    "transport": "mobility", "transportation": "mobility", "urban transport": "mobility", "smart mobility": "mobility",
    "roads": "mobility", "railways": "mobility", "airports": "mobility", "ports": "mobility",
    "smart energy": "energy", "electricity": "energy", "power": "energy", "natural gas": "energy",
    "smart governance": "smart-government", "governance": "smart-government", "e-governance": "smart-government",
    "ict": "ict-infrastructure", "it connectivity": "ict-infrastructure", "telecom": "ict-infrastructure",
    "information and communication technology": "ict-infrastructure", "water and sewerage": "water",
    "water supply": "water", "water and sanitation": "water", "wash": "water", "sanitation": "water",
    "wastewater": "water", "sewerage": "water", "municipal solid waste": "environment", "solid waste": "environment",
    "waste management": "environment", "smart environment": "environment", "smart health": "health",
    "smart education": "education", "economic infrastructure": "economy-jobs", "housing": "land-use",
    "urban development": "land-use", "agriculture": "food-agriculture", "safety and security": "safety",
    "smart safety": "safety",
}  # fmt: skip

_RATE = "A fraction a year: 0.04 is 4%. Or by period, e.g. 0: 0.035; 31: 0.03. Empty takes the framework's."
REFERENCE = Column(
    key="reference", title="Reference", kind=Kind.LINE, width=14,
    note="Your own number of the project. It ties the sheets together and finds the project again when you send the "
    "file a second time.",
    also=("ref", "id", "project id", "project ref", "project reference", "code", "project code", "project no",
          "project number", "unique id", "identifier"),
)  # fmt: skip
PROJECT_COLUMNS: tuple[Column, ...] = (
    REFERENCE,
    Column(
        key="title", title="Name of the project", kind=Kind.LINE, width=36, note="Required.",
        also=("title", "name", "project", "project name", "project title", "name of project"),
    ),
    Column(
        key="summary", title="What it does", kind=Kind.PROSE, width=50, note="One or two sentences.",
        also=("summary", "description", "project description", "purpose", "objective", "scope", "details"),
    ),
    Column(
        key="city", title="City or district", kind=Kind.LINE, width=20,
        also=("city", "district", "town", "municipality", "locality", "location", "place", "area"),
    ),
    Column(
        key="country", title="Country code", kind=Kind.CODE, width=9, note="Three letters, e.g. KOR, IND, VNM.",
        also=("country", "iso3", "country iso"),
    ),
    Column(key="location.latitude", title="Latitude", kind=Kind.NUMBER, width=11, note="Degrees, north positive.",
           also=("lat", "y coordinate")),
    Column(key="location.longitude", title="Longitude", kind=Kind.NUMBER, width=11, note="Degrees, east positive.",
           also=("lon", "lng", "long", "x coordinate")),
    Column(
        key="stage", title="How far it has come", kind=Kind.CHOICE, choices=STAGES, synonyms=_STAGES_SAID, width=22,
        also=("stage", "status", "project stage", "project status", "phase"),
    ),
    Column(
        key="action_areas", title="Action areas", kind=Kind.SEVERAL, choices=AREAS, synonyms=_AREAS_SAID, width=24,
        note="One or more of the sheet Lists, separated by semicolons.",
        also=("action area", "sector", "sectors", "theme", "category", "primary sector", "main sector"),
    ),
    Column(
        key="objectives", title="Objectives", kind=Kind.SEVERAL, choices=OBJECTIVES, width=20,
        note="Any of the sheet Lists, separated by semicolons.", also=("goals", "strategic objectives"),
    ),
    Column(key="currency", title="Currency", kind=Kind.CODE, width=9, note="Three letters, e.g. USD, KRW, INR.",
           also=("currency code", "ccy")),
    Column(key="unit", title="Figures are in", kind=Kind.CHOICE, choices=UNITS, whole=True, width=14,
           note="What one unit of every amount of this project is worth.", also=("unit", "units", "scale")),
    Column(key="prices.basis", title="Prices", kind=Kind.CHOICE, choices=BASES, width=16,
           note="Constant prices leave inflation out; current prices include it.", also=("price basis",)),
    Column(key="prices.base_year", title="Price year", kind=Kind.YEAR, width=10,
           note="The year whose prices the figures are in.", also=("base year", "price base year", "price level")),
    Column(key="prices.inflation", title="Inflation a year", kind=Kind.NUMBER, width=10,
           note="A fraction: 0.04 is 4%. For current prices.", also=("inflation",)),
    Column(key="timing", title="Flows fall at", kind=Kind.CHOICE, choices=TIMINGS, width=18, also=("timing",)),
    Column(
        key="cash_flows.first_year", title="First year of spending", kind=Kind.YEAR, width=12,
        note="Left out, it is the first year that has a figure.",
        also=("first year", "start year", "year", "start", "start date", "year of start", "commencement",
              "commencement date", "fiscal year", "planned start", "financial closure year",
              "year of financial closure", "approval year", "approval date", "board approval date", "date of approval",
              "fiscal year of approval", "year of approval", "date of work order", "work order date",
              "sanction date", "date of sanction"),
    ),
    Column(key="safeguards.personal_data", title="Identifies or follows people", kind=Kind.YES_NO, choices=YES_NO,
           width=12, note="Yes, No, or empty while it is not known.", also=("personal data",)),
    Column(key="safeguards.public_space_analytics", title="Analyses what people do in public space",
           kind=Kind.YES_NO, choices=YES_NO, width=14, note="Yes, No, or empty while it is not known."),
    Column(key="safeguards.essential_service", title="Is the way to an essential service", kind=Kind.YES_NO,
           choices=YES_NO, width=14, note="Yes, No, or empty while it is not known.", also=("essential service",)),
    Column(
        key="safeguards.impact_triggers", title="What is true of its data", kind=Kind.SEVERAL,
        choices={**TRIGGERS, NONE_APPLIES: "None of these"}, width=24,
        note="Any of the sheet Lists, separated by semicolons; “None of these” where none is; empty while not known.",
    ),
    Column(key="rates.financial", title="Financial discount rate", kind=Kind.RATE, width=12, note=_RATE),
    Column(key="rates.social", title="Social discount rate", kind=Kind.RATE, width=12, note=_RATE),
    Column(key="rates.finance", title="Finance rate of the MIRR", kind=Kind.NUMBER, width=11,
           note="A fraction: 0.05 is 5%."),
    Column(key="rates.reinvestment", title="Reinvestment rate of the MIRR", kind=Kind.NUMBER, width=12,
           note="A fraction: 0.05 is 5%."),
    Column(key="rates.hurdles", title="Rates at which the NPV is shown", kind=Kind.FIGURES, width=16,
           note="Fractions separated by semicolons, e.g. 0.035; 0.045; 0.09."),
    Column(key="financing.gearing_cap", title="Largest share of debt", kind=Kind.NUMBER, width=10,
           note="A fraction of what is invested: 0.8 is 80%."),
    Column(key="uncertainty.obsolescence.hazard", title="Chance a year of stranded technology", kind=Kind.NUMBER,
           width=13, note="A fraction: 0.02 is 2% in each year of operation."),
    Column(key="uncertainty.obsolescence.salvage", title="Received for stranded technology", kind=Kind.NUMBER,
           width=13, note="In the project's currency and unit."),
)  # fmt: skip

FIGURE_COLUMNS: tuple[Column, ...] = (
    REFERENCE,
    Column(key="name", title="Line", kind=Kind.LINE, width=30, note="What the figures are, e.g. “Signals and sensors”.",
           also=("line item", "item", "label", "name", "description")),
    Column(key="kind", title="Kind", kind=Kind.CHOICE, width=28, note="It carries the sign: amounts are positive.",
           choices={key: item.label for key, item in LINE_KINDS.items()}, also=("type", "category")),
    Column(key="class", title="Asset class", kind=Kind.LINE, width=14,
           note="Only where the kind does not say it.", also=("class",)),
    Column(key="conversion_factor", title="Conversion factor", kind=Kind.NUMBER, width=11,
           note="From market to economic prices; empty takes the framework's."),
    Column(key="shares", title="Shares of groups", kind=Kind.SHARES, width=18,
           note="Who gains, e.g. q1=0.3; q2=0.2. The rest is not allocated."),
)  # fmt: skip
YEAR = Column(key="year", title="Year", kind=Kind.YEAR, width=9)
AMOUNT = Column(key="amount", title="Amount", kind=Kind.MONEY, width=14, also=("value", "figure"))
"""A sheet of figures has these two columns (long), or one column for each year (wide)."""

NOTHING = "(none)"
"""Alone beside a reference: there is none of what the sheet lists, and what is stored goes."""
SOURCE_KINDS = {"grants": "Grants", "equity": "Own money (equity)", "loan": "Loan"}
SOURCE_COLUMNS: tuple[Column, ...] = (
    REFERENCE,
    Column(key="source", title="Source", kind=Kind.CHOICE, choices=SOURCE_KINDS, width=20),
    Column(key="name", title="Lender or loan", kind=Kind.LINE, width=24, note="For loans."),
    Column(key="rate", title="Interest a year", kind=Kind.NUMBER, width=10, note="A fraction: 0.05 is 5%."),
    Column(key="tenor", title="Years to full repayment", kind=Kind.WHOLE, width=11),
    Column(key="grace", title="Of these, without repayment", kind=Kind.WHOLE, width=11),
    Column(key="repayment", title="Repayment", kind=Kind.CHOICE, choices=REPAYMENTS, width=22),
    Column(key="target_dscr", title="Target cover", kind=Kind.NUMBER, width=9, note="For shaped repayment."),
    Column(key="upfront_fee", title="Fee at signing", kind=Kind.NUMBER, width=9, note="A fraction of the loan."),
    Column(key="interest_during_construction", title="Interest while building", kind=Kind.CHOICE, choices=INTEREST,
           width=18),
)  # fmt: skip

ANSWER_PARTS: tuple[Column, ...] = (
    Column(key="evidence", title="evidence", kind=Kind.CHOICE, width=12,
           choices={value: label for value, label in GRADES.items() if value}),
    Column(key="source", title="source", kind=Kind.PROSE, width=20),
    Column(key="reason", title="reason", kind=Kind.PROSE, width=30),
)  # fmt: skip
"""Beside each indicator's own column, headed by its id: “DS1 evidence”, …"""

COST = Column(
    key="cost", title="Capital cost in all", kind=Kind.MONEY, width=14,
    note="One figure for the whole project; it is put into the first year.",
    also=("cost", "total cost", "project cost", "capital cost", "capex", "budget", "total budget", "estimated cost",
          "investment", "amount", "value", "contract value", "approved budget", "appropriation", "total investment",
          "total project cost", "sanctioned cost", "approved cost", "estimated project cost", "commitment",
          "approved amount", "loan amount", "total commitment", "investment commitment"),
)  # fmt: skip
EXTRA_COLUMNS = (COST,)
"""What lists of one's own may have beside the columns of the template."""
LIST_COLUMNS = (*PROJECT_COLUMNS, *EXTRA_COLUMNS)
DEFAULTED = ("currency", "unit", "cash_flows.first_year", "prices.base_year", "stage", "city", "country")
"""What may be said once for a whole file that has no column for it."""
