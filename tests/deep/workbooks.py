"""Files of projects as nobody should send them: sound ones, changed where a reader takes things on trust."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from xml.sax.saxutils import escape

from appraisal.demo import example_project
from appraisal.reading.project_file import read_project
from appraisal.reports.project_sheets import projects_workbook
from tests import factories
from tests.archives import bytes_changed, packed, parts_of
from tests.deep.texts import HOSTILE, NUMBERS
from tests.reading.workbook.public_lists import as_ods
from tests.workbooks import workbook

HEADINGS = ("Project", "City", "Capital cost", "Start year", "Currency", "Sector")
ROWS = (
    ("Tram", "Pune", 12.5, 2027, "INR", "Mobility"),
    ("Park", "Pune", 3, 2028, "INR", "Environment"),
    ("Cameras", "Haneul", 7.25, 2027, "KRW", "Safety"),
)
MIMES = ("text/csv", "application/zip", "image/png", "text/html", "application/vnd.ms-excel", "", "x", "a/b; c=\"'")
FIGURES = (
    *("nan", "NaN", "INF", "-INF", "1e999", "-1e308", "1e-320", "", " ", "0x10", "1,5", "１２", "1_0", "2147483648"),
    *("99999999999999999999", "-1", "-99999", "2958466", "60", "0.000001", "1e15", "--1", "true", "2027-13-45"),
)
FORMULAS = ("1/0", "A1", "SUM(A1:XFD1048576)", 'HYPERLINK("file:///etc/passwd")', "'[1]Other'!A1", "_xlfn.X()", "")
_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold: spreadsheet programs write it as _x0000_, which readers take back."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent: content, and what is said of it."""

    kind: str
    name: str
    content: bytes
    mime: str = ""


def mutated_files(count: int, seed: int) -> Iterator[Sent]:
    """So many, each way of changing in turn on a file of each kind."""
    chance = Random(seed)  # noqa: S311 -- repeatable
    whole = {
        "xlsx": (projects_workbook([read_project(example_project()), factories.published_project()]), _list_xlsx()),
        "ods": (as_ods((HEADINGS, *ROWS)),),
        "csv": (_csv(","), _csv(";"), _csv("\t")),
        "json": (example_project().encode(),),
    }
    ways = [(kind, way) for kind in whole for way in WAYS[kind]]
    for number in range(count):
        kind, way = ways[number % len(ways)]
        content = way(chance.choice(whole[kind]), chance)
        name, mime = f"file.{kind}", ""
        if chance.random() < 0.1:
            name, mime = (
                chance.choice(("a.exe", "x" * 300 + ".csv", "../../a.xlsx", "", ".", "a\u202e.xlsx")),
                chance.choice(MIMES),
            )
        yield Sent(f"{kind}: {way.__name__.strip('_').replace('_', ' ')}", name, content or b"x", mime)


def _list_xlsx() -> bytes:
    return workbook(("List", (HEADINGS, *ROWS)))


def _csv(delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows((HEADINGS, *ROWS))
    return out.getvalue().encode()


def _on_sheet(content: bytes, change: Callable[[str], str]) -> bytes:
    """The archive with its first sheet, or its contents, changed."""
    parts = parts_of(content)
    name = next(each for each in parts if each in ("content.xml", "xl/worksheets/sheet1.xml"))
    return packed({**parts, name: change(parts[name].decode()).encode("utf-8", "surrogatepass")})


def _some(pattern: str, text: str, chance: Random, change: Callable[[re.Match[str]], str]) -> str:
    """The text with a few of the places that match changed."""
    found = list(re.finditer(pattern, text))
    for match in sorted(chance.sample(found, min(len(found), chance.randint(1, 6))), key=lambda each: -each.start()):
        text = text[: match.start()] + change(match) + text[match.end() :]
    return text


def cut_short(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def bytes_of_a_part_changed(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    name = chance.choice(list(parts))
    return packed({**parts, name: bytes_changed(parts[name], chance)})


def a_part_less(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    parts.pop(chance.choice(list(parts)))
    return packed(parts)


def a_part_of_another_name(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    content_of = parts.pop(chance.choice(list(parts)))
    others = ("../../evil.xml", "/etc/passwd", "xl\\workbook.xml", "x" * 60_000, "XL/WORKBOOK.XML", "a\ud7ff\u202e")
    return packed({**parts, chance.choice(others): content_of})


def parts_exchanged(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    one, other = chance.sample(list(parts), 2)
    return packed({**parts, one: parts[other], other: parts[one]})


def header_of_the_archive_changed(content: bytes, chance: Random) -> bytes:
    """Sizes, offsets, flags, methods and checksums of a record, which say what is not so."""
    changed = bytearray(content)
    starts = [match.start() for match in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
    at = chance.choice(starts) + chance.randrange(4, 30)
    changed[at : at + 2] = chance.choice((b"\xff\xff", b"\x00\x00", b"\x01\x00", b"\x63\x00", b"\x08\x08"))
    return bytes(changed)


def entities_declared(content: bytes, chance: Random) -> bytes:
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    kinds = (
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{layers}]>',
        '<!DOCTYPE x [<!ENTITY l8 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    )
    parts = parts_of(content)
    name = chance.choice([each for each in parts if each.endswith((".xml", ".rels"))])
    text = re.sub(r"^<\?xml[^>]*>\s*", "", parts[name].decode()).replace("</t>", "&l8;</t>")
    encoded = chance.choice(("utf-8", "utf-16", "utf-16-be", "utf-7"))
    head = f'<?xml version="1.0" encoding="{encoded}"?>'
    return packed({**parts, name: f"{head}{chance.choice(kinds)}{text}".encode(encoded)})


def much_in_little(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    name = chance.choice(list(parts))
    return packed({**parts, name: parts[name] + b" " * chance.choice((2 * 1024**2, 30 * 1024**2, 66 * 1024**2))})


def types_of_cells_changed(content: bytes, chance: Random) -> bytes:
    kinds = ("s", "n", "b", "e", "d", "str", "inlineStr", "x", "", "float", "date", "time", "percentage", "currency")
    pattern = r'(?<= t=")[a-zA-Z]+(?=")|(?<=value-type=")\w+(?=")|(?<=<c r="[A-Z]\d")(?=>)'
    return _on_sheet(content, lambda text: _some(pattern, text, chance, lambda _: chance.choice(kinds)))


def figures_changed(content: bytes, chance: Random) -> bytes:
    pattern = r'(?<=<v>)[^<]+(?=</v>)|(?<=office:value=")[^"]+(?=")'
    return _on_sheet(content, lambda text: _some(pattern, text, chance, lambda _: chance.choice((*FIGURES, *NUMBERS))))


def formulas_put_in(content: bytes, chance: Random) -> bytes:
    def put(match: re.Match[str]) -> str:
        formula = escape(chance.choice(FORMULAS), {'"': "&quot;"})
        if match[0].startswith("<v>"):
            return f"<f>{formula}</f>{chance.choice(('', '<v/>', '<v></v>', match[0]))}"
        return f' table:formula="of:={formula}" {match[0].strip()}'

    return _on_sheet(content, lambda text: _some(r"<v>[^<]*</v>| office:value-type", text, chance, put))


def dates_put_in(content: bytes, chance: Random) -> bytes:
    """A style that shows dates on figures that are none, and dates that no calendar has."""
    dates = ("0000-00-00", "9999-12-31", "10000-01-01", "2027-02-30", "-0001-01-01", "2027-01-01T25:61:61", "")

    def put(match: re.Match[str]) -> str:
        if match[0].startswith("<c"):
            kind = f' t="d"><v>{chance.choice(dates)}</v></c>' if chance.random() < 0.5 else None
            return f'<c r="{match[1]}"' + (
                kind or f' s="{chance.choice((1, 2, 3, 9, 99, 10**9))}"><v>{chance.choice(FIGURES)}</v></c>'
            )
        return f'office:value-type="date" office:date-value="{chance.choice(dates)}"'

    pattern = r'<c r="([A-Z]+\d+)"[^>]*><v>[^<]*</v></c>|office:value-type="float" office:value="[^"]*"'
    return _on_sheet(content, lambda text: _some(pattern, text, chance, put))


def dimensions_changed(content: bytes, chance: Random) -> bytes:
    far = ("XFD1048576", "A1048577", "ZZZ9999999", "A0", "1A", "A99999999999", "", "B2")
    times = ("9999999", "1048576", "0", "-1", "99999999999999", "1e9", "16384")

    def put(match: re.Match[str]) -> str:
        if match[0].startswith("<table"):
            what = "rows" if "row" in match[0] else "columns"
            return f'{match[0]} table:number-{what}-repeated="{chance.choice(times)}"'
        return chance.choice(far) if match[0][0].isalpha() else chance.choice(times)

    pattern = r'(?<=<dimension ref=")[^"]+|(?<=<c r=")[A-Z]+\d+|(?<=<row r=")\d+|<table:table-(?:row|cell)\b'
    return _on_sheet(content, lambda text: _some(pattern, text, chance, put))


def texts_changed(content: bytes, chance: Random) -> bytes:
    """Texts of cells that are hostile, as a spreadsheet program would write them; sometimes as none would."""
    parts = parts_of(content)
    name = next(each for each in ("xl/sharedStrings.xml", "content.xml") if each in parts)

    def put(_: re.Match[str]) -> str:
        text = chance.choice((*HOSTILE, "_x0000_", "a_x001F_b", "_xD800_", "_xFFFF_", "&#0;", "&bogus;", "&#x1F;"))
        return text if text.startswith("&") else escape(_UNWRITTEN.sub(lambda bad: f"_x{ord(bad[0]):04X}_", text))

    text = _some(r"(?<=>)[^<>]+(?=</(?:t|text:p)>)", parts[name].decode(), chance, put)
    return packed({**parts, name: text.encode("utf-8", "surrogatepass")})


def shared_texts_missing(content: bytes, chance: Random) -> bytes:
    numbers = ("99999", "-1", "1.5", "x", "", "4294967296", "9" * 40)
    pattern = r'(?<=t="s"><v>)\d+|</text:p>'
    return _on_sheet(content, lambda text: _some(pattern, text, chance, lambda _: chance.choice(numbers)))


def types_of_parts_changed(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    name = chance.choice(
        [each for each in parts if each.endswith(".rels") or "ontent_Types" in each or "manifest" in each]
    )
    swaps = (
        ("spreadsheetml.sheet.main+xml", "spreadsheetml.macroEnabled.main+xml"),
        ("worksheets/sheet1.xml", "../../../etc/passwd"),
        ("worksheets/sheet1.xml", "workbook.xml"),
        ("worksheet", "chartsheet"),
        ('Target="', 'TargetMode="External" Target="http://127.0.0.1:9/'),
        ('Id="', 'Id="x'),
        ("sharedStrings", "styles"),
        ("text/xml", "application/pdf"),
        ("manifest:full-path", "manifest:bogus"),
    )
    text = parts[name].decode()
    fitting = [swap for swap in swaps if swap[0] in text] or [("<", "< ")]
    return packed({**parts, name: text.replace(*chance.choice(fitting)).encode()})


def an_archive_in_it(content: bytes, chance: Random) -> bytes:
    parts = parts_of(content)
    return packed({**parts, chance.choice(list(parts)): content})


def encoded_otherwise(content: bytes, chance: Random) -> bytes:
    text = content.decode()
    kind = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "cp500", "utf-7"))
    return (text + "é").encode(kind, "replace")


def fields_of_a_table_changed(content: bytes, chance: Random) -> bytes:
    text = content.decode()

    def put(_: re.Match[str]) -> str:
        value = chance.choice((*HOSTILE, *FIGURES, *NUMBERS))
        return '"' + value.replace('"', '""') + '"' if chance.random() < 0.7 else value

    return _some(r"[^,;\t\r\n]+", text, chance, put).encode("utf-8", "surrogatepass")


def rows_of_a_table_changed(content: bytes, chance: Random) -> bytes:
    lines = content.split(b"\r\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        lines[at] = chance.choice(
            (
                b"",
                b'"',
                b"," * 20_000,
                lines[at] * 50,
                b"x" * 200_000,
                b"\x00",
                lines[0],
                b'"a\r\nb"',
                b"=1+1,@x",
                b";\t,|",
            )
        )
    return chance.choice((b"\r\n", b"\n", b"\r", b"\n\n")).join(lines)


def values_of_a_document_changed(content: bytes, chance: Random) -> bytes:
    document = json.loads(content)
    for _ in range(chance.randint(1, 3)):
        where = document
        while isinstance(where, dict | list) and where:
            key = chance.choice(list(where)) if isinstance(where, dict) else chance.randrange(len(where))
            if not isinstance(where[key], dict | list) or not where[key] or chance.random() < 0.15:
                where[key] = chance.choice(_VALUES)(chance)
                break
            where = where[key]
    return json.dumps(document).encode()


_VALUES: Sequence[Callable[[Random], object]] = (
    lambda chance: chance.choice(HOSTILE),
    lambda chance: chance.choice((*FIGURES, *NUMBERS)),
    lambda chance: chance.choice(
        (None, True, [], {}, float("nan"), float("inf"), 10**400, -1, 1e308, 0.1, [[]], {"": 0})
    ),
)
_OF_ARCHIVES = (
    *(bytes_of_a_part_changed, a_part_less, a_part_of_another_name, parts_exchanged, header_of_the_archive_changed),
    *(entities_declared, much_in_little, types_of_cells_changed, figures_changed, formulas_put_in, dates_put_in),
    *(dimensions_changed, texts_changed, shared_texts_missing, types_of_parts_changed, an_archive_in_it),
)
_OF_ALL = (cut_short, bytes_changed)
WAYS: Mapping[str, Sequence[Callable[[bytes, Random], bytes]]] = {
    "xlsx": (*_OF_ALL, *_OF_ARCHIVES),
    "ods": (*_OF_ALL, *_OF_ARCHIVES),
    "csv": (*_OF_ALL, encoded_otherwise, fields_of_a_table_changed, rows_of_a_table_changed, fields_of_a_table_changed),
    "json": (*_OF_ALL, encoded_otherwise, values_of_a_document_changed, values_of_a_document_changed),
}
