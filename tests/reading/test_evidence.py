"""What a file is: told by its contents, with everything else refused in words, and no contents that break the check."""

import base64
import io
import random
import struct
import time
import zipfile
import zlib
from itertools import islice

import pytest

from appraisal.evidence import FileKind
from appraisal.reading.evidence import pdf_packing
from appraisal.reading.evidence.checking import check
from appraisal.reading.evidence.refused import Refused
from tests.documents import EVERY_KIND, jpeg, office, open_document, packed, pdf, png, segment

EXTERNAL = (
    b'<Relationships><Relationship Type="http://x/relationships/attachedTemplate" Target="http://x/a.dotm" '
    b'TargetMode="External"/></Relationships>'
)
LINK = b'<Relationships><Relationship Type="http://x/relationships/hyperlink" Target="http://x" TargetMode="External"/>'


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_is_told_by_its_contents(kind: FileKind) -> None:
    assert check(EVERY_KIND[kind]).kind is kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"MZ\x90\x00", "a program (Windows)"),
        (b"\x7fELF\x02", "a program (Linux)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office format"),
        (b"GIF89a" + bytes(20), "a GIF picture"),
        (b"\x00\x00\x00\x18ftypheic", "a HEIC picture: save it as JPEG"),
        (b"\x00\x00\x00\x18ftypmp42", "a film"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a drawing"),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>", "a web page"),
        (b"Notes\n<script>alert(1)</script>", "a web page"),
        (b"#!/bin/sh\nrm -rf /", "a program"),
        ("Zürich".encode("utf-16"), "text in UTF-16"),
        ("Zürich".encode("latin-1"), "no UTF-8 text (byte 1)"),
        (b"a\x00b", "control characters"),
        (pdf() + b"PK\x03\x04", "something else was added to"),
        (b"\n" + pdf(), "something else in front of it"),
        (pdf(b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), "a program (JavaScript)"),
        (pdf(b"/OpenAction <</S /J#61vaScript>>"), "hides what it does"),
        (pdf(packed=b"3 0 <</S /JS (x)>>"), "a program (JavaScript)"),
        # Where a comment says that a stream begins, what follows is none.
        (pdf(packed=b"3 0 <</S /JS (x)>>").replace(b"2 0 obj", b"%stream\n2 0 obj"), "hides what it does"),
        (pdf(b">> endobj %>>stream\n4 0 obj <</XFA 5 0 R"), "hides what it does"),
        # No program asks packed objects for their type; a predictor shifts their letters.
        (pdf(packed=b"3 0 <</S /JS (x)>>").replace(b"/Type /ObjStm", b"/N 1 /First 4"), "a program (JavaScript)"),
        (pdf(packed=b"3 0 <<>>").replace(b"/Filter", b"/DecodeParms 9 0 R /Filter"), "hides what it does"),
        (pdf(packed=b"3 0 <</S /JS (x)>>").replace(b"/Type /ObjStm", b"/N 1 /First 9 0 R"), "a program (JavaScript)"),
        (pdf(packed=b"3 0 <<>>").replace(b"/Type /ObjStm", b"/N 1 /First 9 0 R /DecodeParms 8 0 R"), "hides what"),
        (
            EVERY_KIND[FileKind.PDF].replace(
                b"1 0 obj <<", b"1 0 obj <</N 1 /First 9 0 R /Filter 8 0 R>> stream\nab endstream <<"
            ),
            "looked through",
        ),
        (pdf(packed=b"3 0 <<>>").replace(b"/Type /ObjStm", b"/#4E 1 /First 9 0 R"), "hides what"),
        # Programs unpack a ZIP that ends long before the file does, as inside a stream of a PDF.
        (pdf().replace(b"xref", packed({"a.exe": b"MZ"}) + b"\nxref", 1), "two files in one"),
        (pdf(b">>\nendobj " + packed({"a.exe": b"MZ"})[:-22] + bytes(70_000)), "two files in one"),
        (pdf(b"/AA <</O <</S /Launch /F (cmd.exe)>>>>"), "starts a program"),
        (pdf(b"/Names <</EmbeddedFiles 3 0 R>>"), "other files inside it"),
        (pdf(b"/AcroForm <</XFA 3 0 R>>"), "a form that runs programs"),
        (pdf(b"/Encrypt 3 0 R "), "a password"),
        (png() + b"<script>", "of something else behind it"),
        (png()[:-6], "damaged"),
        (png(20_000, 20_000), "at most 200,000,000"),
        (jpeg() + packed({"a": b"b"}), "two files in one"),
        (jpeg() + b"MZ", "of something else behind it"),
        (jpeg()[:-2], "damaged"),
        (packed({"a.txt": b"b"}), "a packed file (ZIP)"),
        (packed({"a.txt": b"b"}, comment=b"x"), "something else was added to"),
        (EVERY_KIND[FileKind.PNG] + office(), "two files in one"),
        (office() + png(), "something else was added to"),
        (office(more={"word/vbaProject.bin": b"x"}), "macros"),
        (office(more={"xl/activeX/activeX1.xml": b"<a/>"}), "macros or controls"),
        (office(more={"[Content_Types].XML": b"x"}), "names that no document has"),
        (office(more={"../../etc/passwd": b"x"}), "names that no document has"),
        (office(more={"word/media/a.png": b"MZ..."}), "with a program"),
        (office(more={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}), "an object of another program"),
        (office(more={"word/a.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>"}), "declares entities"),
        (office(more={"word/_rels/settings.xml.rels": EXTERNAL}), "fetches other files"),
        (office(more={"ppt/embeddings/a.xlsx": office(more={"xl/vbaProject.bin": b"x"})}), "macros"),
        (office(more={"a.xlsx": office(more={"b.xlsx": office()})}), "documents inside documents"),
        (open_document(more={"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
        (open_document(more={"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "a password"),
        (open_document("graphics"), "no document of a kind"),
        (packed({f"{number}": b"" for number in range(2001)}), "2,001 parts"),
    ],
)
def test_what_is_refused_is_called_by_its_name(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        check(content)
    assert said in str(refused.value)
    assert "Taken are PDF, PNG and JPEG pictures" in str(refused.value)


def test_a_macro_workbook_is_refused_under_any_name() -> None:
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    with pytest.raises(Refused, match="macros"):
        check(packed({"[Content_Types].xml": types, "xl/workbook.xml": b"<workbook/>"}))


def test_what_documents_usually_hold_is_no_reason_to_refuse_them() -> None:
    assert check(office(more={"word/_rels/document.xml.rels": LINK})).kind is FileKind.WORD
    assert (
        check(office(FileKind.POWERPOINT, {"ppt/embeddings/chart.xlsx": office(FileKind.EXCEL)})).kind.value == "pptx"
    )
    assert check(pdf(b"/OpenAction [1 0 R /Fit]", packed=b"3 0 <</Type /Page>>")).kind is FileKind.PDF
    outline = pdf(b"/First 12 0 R /Last 13 0 R", packed=b"").replace(
        b"/Type /ObjStm /Filter /FlateDecode", b"/Filter /DCTDecode"
    )
    assert check(outline).kind is FileKind.PDF, "an outline has a first entry as well"
    assert check(jpeg() + jpeg() + bytes(8)).kind is FileKind.JPEG  # a shot with its preview behind it


def test_a_picture_that_says_where_it_was_taken_is_told() -> None:
    exif = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1a"
    assert check(jpeg(segment(0xE1, exif))).tells_where
    assert not check(jpeg()).tells_where


def test_a_bomb_costs_little() -> None:
    started = time.process_time()
    for bomb in (
        office(more={"word/a.xml": b" " * 140_000_000}),
        pdf(packed=b" " * 70_000_000),
        b"%PDF-1.7\n" + b"/A#41" * 1_000_000 + b"\nstartxref\n%%EOF",
        b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xda\x00\x02" + b"\xff" * 4_000_000,
    ):
        with pytest.raises(Refused):
            check(bomb)
    assert time.process_time() - started < 10


def test_a_thousand_damaged_files_are_taken_or_refused_and_break_nothing() -> None:
    chance = random.Random(23)  # noqa: S311 -- damage, not secrets
    originals = list(EVERY_KIND.values())
    refused = 0
    for _ in range(1000):
        content = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[at] = chance.randrange(256)
                case 1:
                    del content[at : at + chance.randint(1, 40)]
                case 2:
                    content[at:at] = chance.randbytes(chance.randint(1, 40))
                case _:
                    content += chance.choice(originals)[:at]
            content = content or bytearray(b"x")
        try:
            check(bytes(content))
        except Refused:
            refused += 1
    assert refused > 700


PROFILE = bytes(36) + b"acsp" + bytes(range(256)) * 3
OUTLINE = b"1 0 obj <</Type /Outlines /First 9 0 R>> endobj "


def profile(packing: bytes, data: bytes) -> bytes:
    """A PDF with an outline in front of a colour profile, as programs of the last century write both."""
    stream = OUTLINE + b"2 0 obj <</N 3 /Filter " + packing + b">> stream\n" + data + b"\nendstream endobj\nxref"
    return pdf().replace(b"xref", stream, 1)


def by_lzw(data: bytes) -> bytes:
    """The longest known piece at a time, codes one bit wider one code early."""
    codes = {bytes((code,)): code for code in range(256)}
    bits, last, following = f"{256:09b}", b"", 258
    for byte in data:
        longer = last + bytes((byte,))
        if longer not in codes:
            bits += f"{codes[last]:0{max(following.bit_length(), 9)}b}"
            codes[longer] = following
            longer, following = bytes((byte,)), following + 1
        last = longer
    for code in (codes[last], 257):
        bits += f"{code:0{max(following.bit_length(), 9)}b}"
        following += 1
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def by_runs(data: bytes) -> bytes:
    parts = (data[start : start + 100] for start in range(0, len(data), 100))
    return b"".join(bytes((len(part) - 1,)) + part for part in parts) + b"\x80"


PACKED = {
    "ASCII85": (
        b"[/ASCII85Decode /FlateDecode]",
        lambda data: base64.a85encode(zlib.compress(data), wrapcol=72) + b"~>",
    ),
    "ASCII85 alone": (b"/A85", lambda data: base64.a85encode(data) + b"~>"),
    "hex": (b"[/AHx /Fl]", lambda data: zlib.compress(data).hex().encode() + b">"),
    "LZW": (b"/LZWDecode", by_lzw),
    "LZW in ASCII85": (b"[/ASCII85Decode /LZWDecode]", lambda data: base64.a85encode(by_lzw(data)) + b"~>"),
    "runs": (b"/RunLengthDecode", by_runs),
}


@pytest.mark.parametrize("packing", PACKED)
def test_an_outline_in_front_of_a_colour_profile_hides_nothing(packing: str) -> None:
    name, pack = PACKED[packing]
    assert check(profile(name, pack(PROFILE))).kind is FileKind.PDF
    with pytest.raises(Refused, match="JavaScript"):
        check(profile(name, pack(b"3 0 <</S /JavaScript /JS (x)>> " + PROFILE)))


def test_text_beside_an_outline_is_taken_and_looked_through() -> None:
    text = b"BT /F1 12 Tf (Costs by year) Tj ET\n"
    name = b"[/ASCII85Decode /FlateDecode]"
    assert check(profile(name, base64.a85encode(zlib.compress(text)) + b"~>")).kind is FileKind.PDF
    # Named as packed, and not packed at all.
    with pytest.raises(Refused, match="JavaScript"):
        check(profile(b"[] /X /LZWDecode", b"3 0 <</S /JS (x)>>"))
    # Packed in two ways at once: either is looked through.
    with pytest.raises(Refused, match="JavaScript"):
        check(profile(b"/LZWDecode", by_lzw(b"3 0 <</S /JS (x)>>")))


def test_lzw_as_the_standard_prints_it() -> None:
    # ISO 32000-1, 7.4.4.2, example 2.
    packed_bytes = bytes.fromhex("800B6050220C0C8501")
    _, unpacked = pdf_packing.steps(packed_bytes, frozenset({"lzw"}), 100)
    assert unpacked == bytes([45, 45, 45, 45, 45, 65, 45, 45, 45, 66])
    assert by_lzw(unpacked) == packed_bytes
    assert PROFILE in islice(pdf_packing.steps(by_lzw(PROFILE), frozenset({"lzw"}), 10_000), 2)


def test_what_is_packed_twice_over_or_too_large_is_not_taken() -> None:
    for content in (
        profile(b"[/LZWDecode /RunLengthDecode]", by_lzw(by_runs(PROFILE))),
        profile(b"/LZWDecode", bytes(5_000_000)),
        profile(b"[/ASCII85Decode /ASCIIHexDecode]", zlib.compress(PROFILE).hex().encode() + b">"),
        # Programs also unpack what lacks its head.
        profile(b"[/A85 /Fl]", base64.a85encode(zlib.compress(PROFILE)[2:]) + b"~>"),
    ):
        with pytest.raises(Refused, match="cannot be looked through"):
            check(content)


def test_a_zip_of_the_large_kind_hides_in_no_pdf() -> None:
    small = packed({"a.exe": b"MZ"}).replace(b"PK\x03\x04\x14", b"PK\x03\x04\x40")
    end, directory = small.rfind(b"PK\x05\x06"), small.find(b"PK\x01\x02")
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - directory, directory)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    content = pdf().replace(b"xref", small[:end] + record + locator + last + b"\nxref", 1)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["a.exe"]
    with pytest.raises(Refused, match="two files in one"):
        check(content)
