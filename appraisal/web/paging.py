"""The ranked list page by page: which rows stand on it, where the others do, and where the budget ends."""

from dataclasses import dataclass

import numpy as np
from flask import request

from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.web.what_if import Asked, address
from forms.ids import whole

SIZE = 50
PAGE = "page"
AROUND = 1
"""Pages named on either side of the present one."""


@dataclass(frozen=True, slots=True)
class Link:
    number: int
    """0 stands for pages left out."""
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of the list."""

    rows: tuple[PortfolioRow, ...]
    number: int
    pages: int
    total: int
    """Rows that pass the filters."""
    links: tuple[Link, ...]
    first_out_at: int | None
    """The page that the first project out stands on; None where there is none, or the filters leave it out."""
    first_out_href: str

    @property
    def start(self) -> int:
        return (self.number - 1) * SIZE

    @property
    def words(self) -> str:
        """ "51-100 of 2,010", with a dash between."""
        if self.total <= SIZE:
            return f"{self.total:,}"
        return f"{self.start + 1:,}–{self.start + len(self.rows):,} of {self.total:,}"

    @property
    def previous(self) -> Link | None:
        return next((link for link in self.links if link.number == self.number - 1 and link.href), None)

    @property
    def next(self) -> Link | None:
        return next((link for link in self.links if link.number == self.number + 1), None)


def listed(page: Asked) -> Listed:
    """The page that the address names; the last one where there are not as many, the first where it names none."""
    portfolio = page.explored.portfolio
    order = portfolio.index.positions(page.view)
    pages = max(1, -(-len(order) // SIZE))
    number = min(_number(request.args.get(PAGE, "")), pages)
    shown = order[(number - 1) * SIZE : number * SIZE]
    out = portfolio.first_out
    place = np.flatnonzero(order == portfolio.place_of[out.reference]) if out is not None else np.array([])
    first_out_at = int(place[0]) // SIZE + 1 if len(place) else None
    near = {1, pages, *range(max(1, number - AROUND), min(pages, number + AROUND) + 1)}
    links: list[Link] = []
    for each in sorted(near) if pages > 1 else ():
        if links and each > links[-1].number + 1:
            links.append(Link(0))
        links.append(Link(each, _href(page, each), each == number))
    return Listed(
        rows=tuple(portfolio.everyone[at] for at in shown.tolist()),
        number=number,
        pages=pages,
        total=len(order),
        links=tuple(links),
        first_out_at=first_out_at,
        first_out_href=_href(page, first_out_at) if first_out_at else "",
    )


def _href(page: Asked, number: int) -> str:
    turned = [(PAGE, str(number))] if number > 1 else []
    return address("portfolio.ranked", [*page.state, *page.filters, *turned])


def _number(text: str) -> int:
    try:
        return max(1, whole(text))
    except ValueError:
        return 1
