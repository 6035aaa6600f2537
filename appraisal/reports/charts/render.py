"""A specification becomes one SVG for page and PDF: no style, script or class, its own title and description."""

import hashlib
import json
import re
import threading
import xml.etree.ElementTree as ET
from functools import lru_cache

from appraisal.reports import fonts, palette
from appraisal.reports.charts import sharing
from appraisal.reports.charts.chart import Spec, canonical

VEGA_LITE = "6.4"
SVG = "http://www.w3.org/2000/svg"
_DROPPED = re.compile(r"^(class|role|style|pointer-events|aria-.*|on.*)$")
_NOT_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff\ud800-\udfff]")
_looking = threading.Lock()
_fonts_registered = threading.Lock()


def render_svg(spec: Spec) -> str:
    """The chart as an `<svg>` element to be put inline; equal specifications are rendered once, by
    the process that draws for a server where there is one.

    Colours, sizes and fonts are presentation attributes, so that a page whose policy allows no inline style shows
    the same picture. Ids carry the specification's digest and do not meet those of another chart on the page.
    """
    text = canonical(spec)
    with _looking:
        picture = _picture(text)
    return picture.svg()


class _Picture:
    """One picture of this process, which those who want it at once have drawn once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._drawing = threading.Lock()
        self._svg: str | None = None

    def svg(self) -> str:
        with self._drawing:
            if self._svg is None:
                self._svg = sharing.picture(self._text) or drawn(self._text)
            return self._svg


@lru_cache(maxsize=256)
def _picture(text: str) -> _Picture:
    return _Picture(text)


def drawn(text: str) -> str:
    """The picture of a specification's canonical text, drawn in this process.

    Nothing else happens in the process meanwhile: the renderer keeps Python's lock.
    """
    spec = json.loads(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
    suffix = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    # The input is the renderer's own output, not a document from outside.
    root = ET.fromstring(_vega_svg(json.dumps(spec)))  # noqa: S314  # nosec B314
    _clean(root, suffix)
    _describe(root, suffix, title=spec.get("usermeta", {}).get("title", ""), description=spec.get("description", ""))
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


def _vega_svg(spec: str) -> str:
    import vl_convert  # noqa: PLC0415 -- starts a JavaScript engine; pages without a chart need none

    _register_fonts()
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return svg


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert  # noqa: PLC0415

    with _fonts_registered:
        for folder in fonts.directories():
            vl_convert.register_font_directory(str(folder))


def _clean(root: ET.Element, suffix: str) -> None:
    for element in root.iter():
        for name in [name for name in element.attrib if _DROPPED.match(name)]:
            del element.attrib[name]
        for name, value in element.attrib.items():
            if value.startswith("url(#"):
                element.set(name, f"{value[:-1]}-{suffix})")
    patterns = {f"hatch-{suffix}": (palette.INK_3, "45"), f"hatch-loss-{suffix}": (palette.ACCENT, "-45")}
    markup = ET.tostring(root, encoding="unicode")
    used = {key: look for key, look in patterns.items() if f"url(#{key})" in markup}
    if used:
        definitions = ET.Element(f"{{{SVG}}}defs")
        definitions.extend(_pattern(key, *look) for key, look in used.items())
        root.insert(0, definitions)


def _pattern(key: str, colour: str, angle: str) -> ET.Element:
    """Vega-Lite has no pattern fill: a fill that names one is kept as it is, and this defines it."""
    pattern = ET.Element(
        f"{{{SVG}}}pattern",
        {
            "id": key,
            "width": "5",
            "height": "5",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": f"rotate({angle})",
        },
    )
    ET.SubElement(pattern, f"{{{SVG}}}rect", {"width": "5", "height": "5", "fill": palette.PAPER})
    ET.SubElement(
        pattern, f"{{{SVG}}}line", {"x1": "0", "y1": "0", "x2": "0", "y2": "5", "stroke": colour, "stroke-width": "2.5"}
    )
    return pattern


def _describe(root: ET.Element, suffix: str, *, title: str, description: str) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", f"title-{suffix} description-{suffix}")
    for position, (kind, key, text) in enumerate(
        [("title", f"title-{suffix}", title), ("desc", f"description-{suffix}", description)]
    ):
        element = ET.Element(f"{{{SVG}}}{kind}", {"id": key})
        element.text = text
        root.insert(position, element)
