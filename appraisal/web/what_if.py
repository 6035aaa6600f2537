"""What the address of a portfolio page asks for: filters, order, and the what-if that is explored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for

from appraisal import policy
from appraisal.policy import Action
from appraisal.services.exploring import Exploration, explore, framework_weights
from appraisal.services.portfolio_rows import SORTS, PortfolioRow, PortfolioView
from appraisal.services.ranking import Portfolio, ranked_portfolio
from appraisal.services.yearly_calls import Calls, yearly_calls
from appraisal.web.formatting import in_100, money
from appraisal.web.identity import current_actor, sessions
from forms.portfolio import FILTERS, PortfolioFilter
from forms.what_if import PRESETS, WEIGHT, Arguments, Call, Preset, read_what_if, written

Pairs = list[tuple[str, str]]
MOST_YEARS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A portfolio page's state: everything in it came through an allow-list."""

    form: PortfolioFilter
    view: PortfolioView
    base: Portfolio
    explored: Exploration
    calls: dict[str, Calls]
    """By reference; empty where no year is capped and nobody asked for them."""

    @property
    def state(self) -> Pairs:
        return self.explored.what_if.parameters()

    @property
    def filters(self) -> Pairs:
        return [(name, value) for name in FILTERS if (value := self.form[name].data) and value != "rank"]

    @property
    def rows(self) -> tuple[PortfolioRow, ...]:
        return self.explored.portfolio.index.viewed(self.view)

    @property
    def may_keep(self) -> bool:
        """Whether whoever looks may save scenarios, and read those that are kept."""
        return policy.allows(current_actor(), Action.SAVE_SCENARIO) and policy.allows(
            current_actor(), Action.READ_SCENARIOS
        )

    def url(self, endpoint: str = "portfolio.ranked", extra: Iterable[tuple[str, str]] = ()) -> str:
        """The address of another page in the same state."""
        return address(endpoint, [*self.state, *extra])

    def without(self, name: str, value: str) -> str:
        """The address of this page without one pin."""
        return address("portfolio.ranked", [pair for pair in self.state + self.filters if pair != (name, value)])


def asked(*, with_calls: bool = False, arguments: Arguments | None = None) -> Asked:
    """Read the address and explore what it says; raises NotAllowed."""
    form = PortfolioFilter(request.args)
    if not form.validate():
        form = PortfolioFilter()
    view = PortfolioView(
        sort=form.sort.data if form.sort.data in SORTS else "rank",
        descending=form.order.data == "down",
        area=form.area.data or "",
        gate=form.gate.data or "",
        text=form.text.data or "",
    )
    with sessions()() as database:
        base = ranked_portfolio(database, current_actor())
    what_if = read_what_if(
        request.args if arguments is None else arguments,
        framework_weights(base),
        [row.reference for row in base.everyone],
        own_budget=base.round.budget if base.round else None,
    )
    calls: dict[str, Calls] = {}
    if with_calls or what_if.caps:
        with sessions()() as database:
            calls = yearly_calls(database, current_actor(), base.everyone)
    return Asked(form, view, base, explore(base, what_if, calls), calls)


def address(endpoint: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{url_for(endpoint)}?{urlencode(pairs)}" if pairs else url_for(endpoint)


def preset_links(page: Asked) -> list[dict[str, str]]:
    """The weightings that this framework's criteria allow, each with the address that takes it over."""
    own = page.explored.own_weights
    kept = [pair for pair in page.state if not pair[0].startswith(WEIGHT) and pair[0] != "lock"] + page.filters
    equal = Preset(key="equal", title="All equal", weights=dict.fromkeys(own, 100 / max(1, len(own))), why="")
    offered = [preset for preset in PRESETS if preset.weights.keys() == own.keys()]
    if own and max(own.values()) - min(own.values()) > 1e-9:  # noqa: PLR2004 -- rounding
        offered.append(equal)
    return [
        {
            "text": preset.title,
            "why": preset.why,
            "href": address(
                "portfolio.ranked", [*((f"{WEIGHT}{key}", written(preset.weights[key])) for key in own), *kept]
            ),
        }
        for preset in offered
    ]


def cap_years(page: Asked) -> list[Call]:
    """The years that caps can be given for: the first ones in which anything is called, and any capped already."""
    years = sorted({year for calls in page.calls.values() for year, _ in calls})[:MOST_YEARS]
    sources = {source for calls in page.calls.values() for _, source in calls if source}
    offered = {(year, source) for year in years for source in ("", *sources)}
    return sorted(offered | set(page.explored.what_if.caps))


def browser_data(page: Asked) -> dict[str, object]:
    """What the browser needs to rank again while a weight is dragged: scores by criterion, costs, who can be funded."""
    explored, held = page.explored, page.base.round
    rows = sorted(page.base.everyone, key=lambda row: row.reference)
    caps = sorted(explored.what_if.caps)
    able = [held is not None and not row.blocking and row.currency == held.currency for row in rows]
    return {
        "criteria": list(explored.own_weights),
        "own": list(explored.own_weights.values()),
        "unit": held.unit if held else 1,
        "caps": [float(explored.what_if.caps[call]) * (held.unit if held else 1) for call in caps],
        "projects": [
            {
                "reference": row.reference,
                "title": row.title,
                "rank": row.rank,
                "points": [item.score for item in row.criteria],
                "low": [item.low for item in row.criteria],
                "high": [item.high for item in row.criteria],
                "costs": [
                    float(row.cost),
                    *(page.calls.get(row.reference, {}).get(call, 0.0) for call in caps),
                ],
                "able": can and row.reference not in explored.what_if.out,
                "must": row.reference in explored.what_if.must,
            }
            for row, can in zip(rows, able, strict=True)
        ],
    }


def browser_certainty(page: Asked) -> dict[str, object]:
    """How sure the explored ranks are, by reference, for rows that the browser has moved already."""
    held, explored = page.base.round, page.explored
    return {
        "budget": money(explored.budget, held.currency, held.unit) if held else "",
        "rows": {
            row.reference: {
                "rank": row.rank,
                "low": row.rank_low,
                "high": row.rank_high,
                "inside": None if row.blocking or row.inside is None else in_100(row.inside).removesuffix(" in 100"),
            }
            for row in explored.portfolio.everyone
        },
    }
