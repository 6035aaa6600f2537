"""Pages and parts of pages that are kept as they were rendered, under everything that they depend on (docs/adr/0039).

What is kept was rendered apart from any request: its templates know no session, no request, no messages, and where a
form has its token, or something else is said anew each time, there is a hole. Holes are filled for whoever asks. Each
application keeps its own, under keys that its callers answer for: ids, versions, who looks, what was asked for.
"""

import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from threading import Lock
from typing import Any, cast

from flask import Flask, current_app, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, Environment, FunctionLoader
from markupsafe import Markup, escape

FRAME, BLOCKS_ALONE, FRAMED = "layout/base.html", "layout/kept_blocks.html", "layout/kept.html"
BLOCKS = ("title", "head", "page_head", "content", "scripts")
"""In the order in which they stand in `layout/kept_blocks.html`."""
MOST_BYTES, LARGEST = 48 * 2**20, 4 * 2**20
"""Of all that is kept, of which what was asked for longest ago goes first; and of one page."""
OF_REQUESTS = ("request", "session", "g", "config", "get_flashed_messages", "csrf_token")
"""What templates know beside their values and what is kept may not depend on."""
TOKEN = "csrf_token"  # noqa: S105  # nosec B105 -- the name of a hole

Fill = Callable[[], str]
_secret = token_hex(16)
"""Marks holes and cuts while rendering: nothing that anybody typed can look like one."""
_HOLE = re.compile(f"<{_secret} ([a-z_]+)>")
_CUT = Markup(f"<{_secret}>")  # noqa: S704  # nosec B704


@dataclass(frozen=True, slots=True)
class _Rendered:
    """Texts, and between any two of them the name of a hole."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Rendered":
        return cls(tuple(_HOLE.split(text)))

    @property
    def size(self) -> int:
        return sum(map(sys.getsizeof, self.pieces))

    def filled(self, holes: Mapping[str, Fill]) -> Markup:
        if len(self.pieces) == 1:
            return Markup(self.pieces[0])  # noqa: S704  # nosec B704 -- rendered by a template that escapes
        texts = [holes[piece]() if at % 2 else piece for at, piece in enumerate(self.pieces)]
        return Markup("".join(texts))  # noqa: S704  # nosec B704


class Shelf:
    """What an application keeps, and the templates as they are rendered for keeping."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._kept: OrderedDict[Hashable, tuple[tuple[_Rendered, ...], int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._templates: Environment | None = None

    def found(self, key: Hashable) -> tuple[_Rendered, ...] | None:
        with self._lock:
            if (kept := self._kept.get(key)) is None:
                return None
            self._kept.move_to_end(key)
            return kept[0]

    def put(self, key: Hashable, made: tuple[_Rendered, ...]) -> None:
        size = sum(each.size for each in made)
        if size > LARGEST:
            return
        with self._lock:
            _, before = self._kept.pop(key, ((), 0))
            self._kept[key] = made, size
            self._bytes += size - before
            while self._bytes > MOST_BYTES:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed

    def rendered(self, template: str, values: Mapping[str, object]) -> str:
        """The template without its frame and without whatever belongs to a request."""
        if self._templates is None:
            self._templates = _apart(self._app)
        return self._templates.get_template(template).render(values)


def register(app: Flask) -> None:
    app.extensions["kept"] = Shelf(app)
    app.add_template_global(kept_part)


def kept_page(template: str, key: Hashable | None, values: Callable[[], Mapping[str, object]], **holes: Fill) -> str:
    """The page as it was rendered under this key, else rendered now from the values; the frame around it is of now.

    key: everything that the values depend on; None: nothing is kept. holes: what `live(name)` stands for in the
    template.
    """
    shelf = _shelf()
    known = (template, request.script_root, key)
    blocks = None if key is None else shelf.found(known)
    if blocks is None:
        blocks = tuple(_Rendered.of(text) for text in shelf.rendered(template, values()).split(_CUT))
        if key is not None:
            shelf.put(known, blocks)
    filled = [block.filled({**holes, **_TOKENS}) for block in blocks]
    return render_template(FRAMED, kept=dict(zip(BLOCKS, filled, strict=True)))


def kept_part(template: str, **values: Any) -> Markup:
    """A part of a page that depends on these values alone; each can be a key."""
    shelf = _shelf()
    known = (template, request.script_root, *values.items())
    part = shelf.found(known)
    if part is None:
        part = (_Rendered.of(shelf.rendered(template, values)),)
        shelf.put(known, part)
    return part[0].filled(_TOKENS)


def live_part(template: str, **values: Any) -> str:
    """A part of a page as it is now, for a hole of one that is kept."""
    return current_app.jinja_env.get_template(template).render(values)


_TOKENS: Mapping[str, Fill] = {TOKEN: lambda: escape(generate_csrf())}


def _shelf() -> Shelf:
    return cast("Shelf", current_app.extensions["kept"])


def _apart(app: Flask) -> Environment:
    """The application's templates, where the frame is its blocks alone and nothing tells of a request."""
    ours = app.jinja_env

    def blocks_alone(name: str) -> str | None:
        return ours.loader.get_source(ours, BLOCKS_ALONE)[0] if name == FRAME and ours.loader else None

    loaders = [FunctionLoader(blocks_alone), *([ours.loader] if ours.loader else [])]
    apart = ours.overlay(loader=ChoiceLoader(loaders))
    known = {name: value for name, value in ours.globals.items() if name not in (*OF_REQUESTS, "kept_part")}
    apart.globals = known | {"url_for": _address, "cut": _CUT, TOKEN: lambda: _hole(TOKEN), "live": _hole}
    return apart


def _hole(name: str) -> Markup:
    return Markup(f"<{_secret} {name}>")  # noqa: S704  # nosec B704 -- names are those in templates


def _address(endpoint: str, **values: Any) -> str:
    """An address of this site by its whole name: relative ones, and those with a host, are of a request."""
    if endpoint.startswith(".") or values.get("_external"):
        raise ValueError(f"{endpoint}: what is kept names pages in full and no host")
    return url_for(endpoint, **values)
