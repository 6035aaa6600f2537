"""The ranked list as CSV: of the record, or of a what-if, which says so in its name and on every line."""

from appraisal.reports.open_data import Cell, Column, portfolio_csv
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.web.what_changed import state_text
from appraisal.web.what_if import Asked

BASIS = Column("basis", "Basis")
COLUMNS = (
    Column("rank", "Rank"),
    Column("rank_low", "Rank, 5% of draws"),
    Column("rank_high", "Rank, 95% of draws"),
    Column("reference", "Reference"),
    Column("title", "Project"),
    Column("score", "Score", "0-100"),
    Column("low", "Score at worst", "0-100"),
    Column("high", "Score at best", "0-100"),
    Column("risk_adjusted_return", "Risk-adjusted return", "per unit of public money"),
    Column("prob_negative", "Chance that society loses", "0-1"),
    Column("cost", "Capital cost", "single units of the currency"),
    Column("currency", "Currency"),
    Column("funded", "Funded"),
    Column("inside", "Inside the budget", "share of draws, 0-1"),
    Column("kept_out", "Kept out of the budget by"),
    Column("failed", "Gates failed"),
    Column("open", "Gates open"),
    Column("run", "Run"),
    Column("state", "State"),
)


def list_csv(page: Asked) -> tuple[str, str]:
    """The file's name and text: all rows that pass the filters, in their order."""
    explores = page.explored.what_if.explores
    rows = [_cells(page, row) for row in page.rows]
    if not explores:
        return "portfolio.csv", portfolio_csv(COLUMNS, rows)
    basis = f"what-if: {state_text(page.explored)}"
    return "what-if.csv", portfolio_csv((BASIS, *COLUMNS), [{"basis": basis, **row} for row in rows])


def _cells(page: Asked, row: PortfolioRow) -> dict[str, Cell]:
    kept_out = _kept_out(page, row)
    own: dict[str, Cell] = {
        "funded": row.funded if page.base.round else None,
        "inside": None if kept_out else row.inside,
        "kept_out": kept_out,
        "failed": ", ".join(row.failed),
        "open": ", ".join(row.open),
    }
    return {column.key: own[column.key] if column.key in own else getattr(row, column.key) for column in COLUMNS}


def _kept_out(page: Asked, row: PortfolioRow) -> str:
    """In the words of the list: what no draw is asked about, because it cannot be funded."""
    if row.blocked:
        return "blocked"
    return "pinned out" if row.reference in page.explored.what_if.out else ""
