"""A table that was pasted as the HTML in which browsers and spreadsheets copy it, as tab-separated cells."""

import re
from html.parser import HTMLParser

_STARTS = re.compile(r"\s*<(?:!doctype|html|head|meta|body|table|google-sheets-html-origin|style|!--)", re.IGNORECASE)
_UNSEEN = frozenset({"style", "script", "title"})
_MOST_SPANNED = 100


def without_markup(text: str) -> str:
    """The text itself, unless it is a table of HTML: then its cells as a spreadsheet copies them."""
    if not _STARTS.match(text) or "<table" not in text.casefold():
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
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            stated = dict(attrs).get("colspan") or ""
            is_count = stated.isascii() and stated.isdecimal() and len(stated) < len(str(_MOST_SPANNED))
            self._spanned = max(int(stated), 1) if is_count else 1
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
        self.rows[-1] += [" ".join("".join(self._cell).split()), *[""] * (self._spanned - 1)]
        self._cell = None
