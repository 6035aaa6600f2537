"""A table that was pasted as the HTML in which browsers and spreadsheets copy it, as tab-separated cells."""

import re
from html.parser import HTMLParser

_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_ROW = re.compile(r"<(?:tr|td|th)[\s>]", re.IGNORECASE)
_UNSEEN = frozenset({"style", "script", "title"})
_MOST_SPANNED = 100


def without_markup(text: str) -> str:
    """The text itself, unless it holds a table of HTML: then its cells as a spreadsheet copies them."""
    start = _TABLE.search(text)
    if start is None or not _ROW.search(text, start.end()):
        return text
    table = _Table()
    table.feed(text)
    table.close()
    return "\n".join("\t".join(row) for row in table.rows)


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._spanned = 1
        self._deep = 1
        self._taken: dict[int, int] = {}
        """For how many rows more a cell from above fills a column."""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "tr":
            self._end_cell()
            self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            self._spanned, self._deep = (_count(dict(attrs).get(name)) for name in ("colspan", "rowspan"))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        if not self.rows:
            self.rows.append([])
        self._pass_taken()
        first = len(self.rows[-1])
        self.rows[-1] += [" ".join("".join(self._cell).split()), *[""] * (self._spanned - 1)]
        if self._deep > 1:
            self._taken |= dict.fromkeys(range(first, first + self._spanned), self._deep)
        self._cell = None

    def _pass_taken(self) -> None:
        """Columns that a cell of a row above reaches down into stay empty."""
        while self._taken.get(len(self.rows[-1]), 0) > 0:
            self.rows[-1].append("")


def _count(stated: str | None) -> int:
    stated = stated or ""
    is_count = stated.isascii() and stated.isdecimal() and len(stated) < len(str(_MOST_SPANNED))
    return max(int(stated), 1) if is_count else 1
