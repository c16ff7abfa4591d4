"""Files that leave the house say nothing beside their contents: no person, device, place, time of making, or path.

Read by a hand of its own: not by the libraries that wrote them. Originals in exported evidence are as they came, which
is said where they are handed over.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.charts.samples import hard, usual
from benchmarks.evidence.handed import evidence
from bot.analysis import worker
from bot.custody.bag_signatures import BagSigner
from bot.documents import photo_pair, table, text_difference
from bot.documents.charts import drawing
from bot.documents.charts.chart_words import chart_words
from bot.documents.charts.network import NetworkWords
from bot.documents.charts.network import draw as draw_network
from bot.documents.evidence.export import Exporter, Signing
from bot.documents.handouts.paper import paper
from bot.i18n import Catalogs
from bot.model.farm import Network, NetworkNode
from bot.model.handout import Handout
from bot.model.photo import PhotoSide
from bot.model.text import Difference
from detection.image.opening import ImageLimits
from tests.detection.image import hostile

#: Of a PNG: header, palette, transparency, pixels, how many to the metre, end.
PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"pHYs", b"IEND"}
#: Of a JPEG: JFIF's own header, tables, frame, scan; no other APPn (EXIF, XMP, ICC, IPTC), no comment.
JPEG_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xDD}
#: One of each kind, and the hard ones.
CHARTS = {**usual(), **hard()}
CANARY = "canary-of-a-phone"
SIDES = (PhotoSide(label="K-1"), PhotoSide(label="K-2"))


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    """The languages."""
    return Catalogs.load(strict=True)


def told(kind: str) -> bytes:
    """A picture that tells all it can: phone, place, XMP, profile, comment, thumbnail, words in chunks."""
    picture, exif = hostile.drawing(4), Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x013B] = CANARY, "2026:10:06 20:00:00", CANARY
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 52.0, 12.25), 3: "E", 4: (74.0, 36.0, 5.5)})
    given: dict[str, object] = {"exif": exif, "icc_profile": CANARY.encode() * 9}
    if kind in ("JPEG", "WEBP"):
        given["xmp"] = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
    if kind == "JPEG":
        given["comment"] = CANARY.encode()
    return hostile.encoded(picture, kind, **given) + CANARY.encode()


def png_chunks(data: bytes) -> Iterator[bytes]:
    """The kinds of a PNG's chunks; nothing may stand behind the last."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8]
        at += 12 + length
    assert at == len(data)


def jpeg_segments(data: bytes) -> Iterator[int]:
    """The markers of a JPEG's segments up to its scan; nothing may stand behind its end."""
    assert data[:2] == b"\xff\xd8"
    assert data[-2:] == b"\xff\xd9"
    at = 2
    while at < len(data):
        assert data[at] == 0xFF
        marker, (length,) = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])
        yield marker
        if marker == 0xDA:
            return
        if marker == 0xE0:
            assert data[at + 4 : at + 9] == b"JFIF\0"
            assert length == 16, "a thumbnail"
        at += 2 + length


def check_picture(data: bytes) -> None:
    """Pixels alone."""
    if data[:2] == b"\xff\xd8":
        assert set(jpeg_segments(data)) <= JPEG_SEGMENTS
    else:
        assert set(png_chunks(data)) <= PNG_CHUNKS
    assert CANARY.encode() not in data


def check_archive(data: bytes) -> None:
    """No times, no owners, no paths, nothing of the disk on which it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.comment == b""
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0), member.filename
            assert member.extra == b"", member.filename
            assert member.comment == b"", member.filename
            assert not member.filename.startswith(("/", "..")), member.filename
            assert str(Path.home()) not in member.filename
            assert str(Path.cwd()).encode() not in archive.read(member)


def pdf_words(data: bytes) -> bytes:
    """A PDF's bytes and what its packed streams hold."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    opened = []
    for stream in streams:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return data + b"\n".join(opened)


def check_pdf(data: bytes) -> None:
    """Title and the name of the typesetter; no author, no time, no path."""
    words = pdf_words(data)
    assert data.startswith(b"%PDF")
    assert not re.findall(rb"/Author|/CreationDate|/ModDate|/Keywords|/Subject", words)
    assert not re.findall(rb"<(?:dc:creator|xmp:CreateDate|xmp:ModifyDate|xmp:MetadataDate)>", words)
    assert str(Path.cwd()).encode() not in words
    assert b"/tmp/" not in words
    assert b"handout-" not in words


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_pictures_that_are_sent_on(kind: str) -> None:
    """A clean copy, and two pictures side by side, hold no byte of what their originals told."""
    data = told(kind)
    assert CANARY.encode() in data
    check_picture(worker.copy_cleanly(data, ImageLimits(), 1280, 85))
    check_picture(worker.draw_pair(photo_pair.picture, (data, data), ImageLimits(), SIDES, False))


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_charts(name: str, catalogs: Catalogs) -> None:
    """No chart says with what it was drawn, or when."""
    chart = CHARTS[name]
    check_picture(drawing.draw(chart, chart_words(chart, catalogs["ru"].plain)))


def _difference(catalogs: Catalogs) -> bytes:
    return text_difference.picture(Difference(codes=("words",), pieces=(("added", "сөз"),)), catalogs["ky"].plain)


def _table(_: Catalogs) -> bytes:
    return table.picture(["a"], [["b"], [CANARY[:6]]])


def _network(_: Catalogs) -> bytes:
    node = NetworkNode(id=1, label="vk:some.body", group="F-1", is_member=True, status="gone")
    words = NetworkWords(title="F-1", groups={}, filled="a", hollow="b", left_out="")
    return draw_network(Network(nodes=(node,), ties=()), words)


@pytest.mark.parametrize("make", [_difference, _table, _network])
def test_pictures_of_words(make: Callable[[Catalogs], bytes], catalogs: Catalogs) -> None:
    """Tables and differences as pictures."""
    check_picture(make(catalogs))


def test_workbooks_and_tables() -> None:
    """No author, no company, no moment of making; a table is its cells."""
    data = table.xlsx_file(["имя", "n"], [["Айбек", 5]])
    check_archive(data)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        core = book.read("docProps/core.xml").decode()
        app = book.read("docProps/app.xml").decode()
    assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>(.*?)</", core) == ["", ""]
    assert set(re.findall(r"W3CDTF\">(.*?)</", core)) == {"1980-01-01T00:00:00Z"}
    assert re.findall(r"<(?:Company|Manager)>([^<]+)</", app) == []
    assert table.csv_file(["a"], [["b"]]) == "\ufeffa\r\nb\r\n".encode()


def test_papers() -> None:
    """A digest or a report as PDF."""
    made = datetime(2026, 11, 3, 20, 30, 41, tzinfo=UTC)
    check_pdf(paper(Handout(title="Отчёт", under="за неделю", made_at=made), (), "ru"))


def test_evidence(tmp_path: Path) -> None:
    """The bag and its report; what lies under data/originals/ is as it came, and is left alone."""
    signer = BagSigner(bytes(range(32)))
    signing = Signing(public_key=signer.public_key, sign=signer.sign, stamp=lambda _: None)
    made = Exporter(Catalogs.load(strict=True))(evidence(), tmp_path, signing)
    check_archive(made.data)
    with zipfile.ZipFile(io.BytesIO(made.data)) as bag:
        papers = [name for name in bag.namelist() if name.endswith(".pdf")]
        assert papers
        for name in papers:
            check_pdf(bag.read(name))
        for name in bag.namelist():
            assert str(tmp_path).encode() not in bag.read(name), name
