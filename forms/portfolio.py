"""What the portfolio list can be asked for; everything is an allow-list."""

from collections.abc import Mapping

from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import Length

from scoring.project_file import ActionArea

AREAS = {
    ActionArea.ICT_INFRASTRUCTURE.value: "ICT infrastructure",
    ActionArea.SMART_GOVERNMENT.value: "Smart government",
    ActionArea.EDUCATION.value: "Education",
    ActionArea.MOBILITY.value: "Mobility",
    ActionArea.ECONOMY_JOBS.value: "Economy and jobs",
    ActionArea.ENERGY.value: "Energy",
    ActionArea.ENVIRONMENT.value: "Environment",
    ActionArea.HEALTH.value: "Health",
    ActionArea.WATER.value: "Water",
    ActionArea.LAND_USE.value: "Land use",
    ActionArea.SAFETY.value: "Safety",
    ActionArea.SOCIETY_CULTURE.value: "Society and culture",
    ActionArea.CLIMATE_DISASTER.value: "Climate and disaster",
    ActionArea.FOOD_AGRICULTURE.value: "Food and agriculture",
}
SORTS = {
    "rank": "Rank",
    "title": "Project",
    "score": "Score",
    "return": "Risk-adjusted return",
    "npv": "Net present value",
    "loss": "Chance of a loss",
    "cost": "Cost",
}


GATES = {"clear": "No gate blocks", "blocked": "Blocked by a gate"}
COLUMNS = {
    "range": "90% rank range",
    "bar": "Score by criterion",
    "score": "Score",
    "return": "Return",
    "loss": "Loss",
    "cost": "Cost",
    "inside": "In budget",
    "spread": "Panel spread",
}
"""What the list shows besides rank, change and name."""
FILTERS = ("text", "area", "gate", "sort", "order")


def _choices(named: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in named.items()]


class PortfolioFilter(Form):
    text = StringField("Name or reference", validators=[Length(max=100)])
    area = SelectField("Action area", choices=_choices({"": "All", **AREAS}), default="")
    gate = SelectField("Gates", choices=_choices({"": "All", **GATES}), default="")
    sort = SelectField("Sort by", choices=_choices(SORTS), default="rank")
    order = SelectField("Order", choices=_choices({"": "Ascending", "down": "Descending"}), default="")
