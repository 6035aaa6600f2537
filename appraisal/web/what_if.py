"""What the address of a portfolio page asks for: filters, order, and the what-if that is explored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from appraisal import policy
from appraisal.policy import Action
from appraisal.services.arena import framework_weights
from appraisal.services.exploring import Exploration, explore
from appraisal.services.portfolio_rows import SORTS, PortfolioRow, PortfolioView
from appraisal.services.ranking import Portfolio, ranked_portfolio
from appraisal.services.yearly_calls import Calls, yearly_calls
from appraisal.web.baselines import baseline_of
from appraisal.web.identity import current_actor, sessions
from forms.portfolio import COLUMNS, FILTERS, PortfolioFilter
from forms.programme import carried
from forms.what_if import PRESETS, WEIGHT, Arguments, Call, Preset, WhatIf, read_what_if, written

Pairs = list[tuple[str, str]]
MOST_YEARS = 8
LIVE_MOST = 1_000
"""Up to so many ranked projects the browser ranks again by itself, and the page offers what lists them all."""
COLUMN, AGAINST = "col", "against"


@dataclass(frozen=True, slots=True)
class Asked:
    """A portfolio page's state: everything in it came through an allow-list."""

    form: PortfolioFilter
    view: PortfolioView
    base: Portfolio
    explored: Exploration
    calls: dict[str, Calls]
    """By reference; empty where no year is capped and nobody asked for them."""
    columns: tuple[str, ...] | None
    """Keys of the columns that are shown; None where the address names none."""
    against: str
    """The baseline that the address names, a scenario or `last`; empty is the record."""
    baseline: str
    """Its name in words; empty is the record."""
    programme: Pairs
    """The rules of the best programme, as the address says them: every page passes them on."""

    @property
    def state(self) -> Pairs:
        return [*self.explored.what_if.parameters(), *self.programme]

    @property
    def explores(self) -> bool:
        """Whether anything differs from the record, or the best programme is asked for under rules."""
        return self.explored.what_if.explores or bool(self.programme)

    @property
    def filters(self) -> Pairs:
        """What of the list is shown: filters, order, columns and baseline."""
        kept = [(name, value) for name in FILTERS if (value := self.form[name].data) and value != "rank"]
        kept += [(COLUMN, key) for key in self.columns or ()]
        return [*kept, *([(AGAINST, self.against)] if self.against else [])]

    @property
    def rows(self) -> tuple[PortfolioRow, ...]:
        """All that pass the filters, in order."""
        return self.explored.portfolio.index.viewed(self.view)

    @property
    def live(self) -> bool:
        """Whether the browser ranks again by itself while a weight is dragged."""
        return self.base.ranked <= LIVE_MOST

    @property
    def may_keep(self) -> bool:
        """Whether whoever looks may save scenarios, and read those that are kept."""
        return policy.allows(current_actor(), Action.SAVE_SCENARIO) and policy.allows(
            current_actor(), Action.READ_SCENARIOS
        )

    @property
    def sees_all(self) -> bool:
        """Whether whoever looks sees every project: to others the ranks and the budget are of those they see alone."""
        return policy.allows(current_actor(), Action.READ_SCENARIOS)

    @property
    def may_see_runs(self) -> bool:
        return policy.allows(current_actor(), Action.READ_SCENARIO_RUNS)

    def url(self, endpoint: str = "portfolio.ranked", extra: Iterable[tuple[str, str]] = ()) -> str:
        """The address of another page in the same state."""
        return address(endpoint, [*self.state, *extra])

    def without(self, name: str, value: str) -> str:
        """The address of this page without one pin."""
        return address("portfolio.ranked", [pair for pair in self.state + self.filters if pair != (name, value)])


def asked(base: Portfolio | None = None, *, calls_up_to: float = 0, arguments: Arguments | None = None) -> Asked:
    """Read the address and explore what it says; raises NotAllowed.

    base: what is ranked, where it was read already.
    calls_up_to: of how many ranked projects the yearly calls are read although no year is capped.
    """
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
    if base is None:
        with sessions()() as database:
            base = ranked_portfolio(database, current_actor())
    given = request.args if arguments is None else arguments
    what_if = _read(given, base)
    against, name, kept = baseline_of(given.getlist(AGAINST))
    before = _read(MultiDict(kept), base) if kept else None
    calls: dict[str, Calls] = {}
    if base.ranked <= calls_up_to or what_if.caps or (before is not None and before.caps):
        with sessions()() as database:
            calls = yearly_calls(database, current_actor(), base.everyone)
    columns = tuple(key for key in COLUMNS if key in given.getlist(COLUMN)) or None
    explored = explore(base, what_if, calls, before)
    return Asked(form, view, base, explored, calls, columns, against, name, carried(given))


def _read(arguments: Arguments, base: Portfolio) -> WhatIf:
    own_budget = base.round.budget if base.round else None
    return read_what_if(arguments, framework_weights(base), base.by_reference, own_budget=own_budget)


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
    """The years that caps can be given for: the first ones in which anything is called, and any capped already.

    Of too many projects to read their calls for it, the years from the round's price year."""
    held = page.base.round
    years = sorted({year for calls in page.calls.values() for year, _ in calls})[:MOST_YEARS]
    if not page.live and held is not None:
        years = list(range(held.price_year, held.price_year + MOST_YEARS))
    sources = {source for calls in page.calls.values() for _, source in calls if source}
    offered = {(year, source) for year in years for source in ("", *sources)}
    return sorted(offered | set(page.explored.what_if.caps))
