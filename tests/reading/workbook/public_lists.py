"""Lists of projects as a bank and a ministry publish them, generated: what is wrong with them is what they have."""

import csv
import io
import random
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Rows = list[list[str | float]]
MISSION_ROWS = 2_010
_BANK = ["Country", "Region", "Income group", "Financial closure year", "Project name", "Type of PPI",
         "Primary sector", "Project status", "Contract Period", "Total Investment (US$ million)", "Percent private",
         "Currency", "Location"]  # fmt: skip
_MISSION = ["Sl. No.", "State", "City", "Name of Project", "Sector / Theme", "Project Cost (Rs. in Cr.)", "Stage",
            "Work Order Date", "Remarks"]  # fmt: skip
TOP = 4
"""The row below the headings of either, counted from one."""


def bank(count: int) -> Rows:
    """Two rows above the headings, a footer below; few names, so that many rows share theirs with another."""
    chance = random.Random(1)  # noqa: S311 -- no secret
    body: Rows = [
        [
            chance.choice(["Brazil", "India", "Viet Nam", "Türkiye", "Lao PDR"]), "EAP", "Lower middle income",
            chance.choice([2010, 2014, 2019, "", "NA"]), f"Solar park {chance.randrange(700)}",
            chance.choice(["Greenfield project", "Brownfield", "Not Available"]),
            chance.choice(["Energy", "Transport", "Water and sewerage", "Other"]),
            chance.choice(["Active", "Concluded", "Cancelled", "Distressed"]), chance.choice([20, 25, "NA"]),
            chance.choice([12.5, 100, 7.25, "NA", "-", ""]), chance.choice([100, 49.5]),
            chance.choice(["USD", "", "NA"]), chance.choice(["Bahia", "Pune", "Not Available"]),
        ]
        for _ in range(count)
    ]  # fmt: skip
    title: Rows = [["Private participation in infrastructure"], ["Project", "", "", "Timing"], [*_BANK]]
    return [*title, *body, [], ["Source: the bank"]]


def mission(count: int = MISSION_ROWS) -> Rows:
    """Days as spreadsheets number them beside others in words, a total and a remark at the end."""
    chance = random.Random(2)  # noqa: S311 -- no secret
    body: Rows = [
        [
            number, "Maharashtra", chance.choice(["Pune", "Nagpur", "Thane"]),
            f"{chance.choice(['Smart roads', 'LED lights', 'Open gym'])} {chance.choice(['', 'phase II', 'ward'])}"
            f" {chance.randrange(90)}", chance.choice(["Smart Mobility", "Vibrant space", "Others"]),
            chance.choice(["12.34", "1,234.50", "NA", "-", "0"]),
            chance.choice(["Completed", "Work Order Issued", "Dropped"]),
            chance.choice(["43536", "43900", "", "NA", "12-Mar-19", "12/03/2019"]), chance.choice(["", "TBD"]),
        ]
        for number in range(1, count + 1)
    ]  # fmt: skip
    title: Rows = [["Status of projects as on 31.03.2023"], [], [*_MISSION]]
    return [*title, *body, ["", "", "", "Total", "", "99999"], ["Note: provisional"]]


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows: Rows) -> bytes:
    """The second of two sheets, its title merged over the columns."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        workbook.add_worksheet("About").write_row(0, 0, ["About this", "list"])
        sheet = workbook.add_worksheet("Data")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        sheet.merge_range(0, 0, 0, len(rows[2]) - 1, rows[0][0])
    return out.getvalue()


def as_ods(rows: Rows) -> bytes:
    """The same two sheets as OpenDocument has them."""
    sheets = _ods_sheet("About", [["About this", "list"]]) + _ods_sheet("Data", rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        package.writestr(
            "content.xml",
            f'<office:document-content {spaces} office:version="1.3"><office:body><office:spreadsheet>{sheets}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
            f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return out.getvalue()


def _ods_sheet(name: str, rows: Sequence[Sequence[str | float]]) -> str:
    written = "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in rows)
    return f'<table:table table:name="{name}">{written}</table:table>'


def _ods_cell(value: str | float) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        text = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
