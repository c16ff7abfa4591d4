"""Archives and workbooks that nobody should trust, made by a seeded hand: the same files for the same seed."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import xlsxwriter

from tests.detection.image import hostile

Make = Callable[[random.Random], bytes]

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
    ' Target="{target}"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@cache
def workbook() -> bytes:
    """A good list of accounts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("platform", "handle", "name"))
        for number in range(1, 30):
            sheet.write_row(number, 0, ("vk", f"some.body{number}", f"=Айбек {number}"))
    return out.getvalue()


@cache
def archive() -> bytes:
    """A good archive of pictures."""
    members = {f"photos/{n}.jpg": hostile.encoded(hostile.drawing(n, (60, 50))) for n in range(6)}
    return zipped(members)


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def sheet(body: str, *, head: str = "", name: str = "S", target: str = "worksheets/sheet1.xml", **more: str) -> bytes:
    """A workbook whose one sheet is this XML."""
    xml = f'<?xml version="1.0"?>{head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": _BOOK.format(name=name),
        "xl/_rels/workbook.xml.rels": _RELS.format(kind="worksheet", target=target),
        "xl/worksheets/sheet1.xml": f"{xml}{body}</worksheet>",
    }
    return zipped(parts | more)


def spoilt(good: Callable[[], bytes]) -> Make:
    """Bits flipped, pieces cut out, doubled, moved, numbers made huge, the end cut off."""

    def make(by: random.Random) -> bytes:
        data = bytearray(good())
        for _ in range(by.randrange(1, 6)):
            at, much = by.randrange(len(data)), by.randrange(1, 40)
            match by.randrange(6):
                case 0:
                    data[at] ^= 1 << by.randrange(8)
                case 1:
                    del data[at : at + much]
                case 2:
                    data[at:at] = data[at : at + much]
                case 3:
                    data[at : at + 4] = by.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
                case 4:
                    data[at:at] = by.randbytes(much)
                case _:
                    del data[max(30, len(data) - much) :]
        return bytes(data)

    return make


def bomb(by: random.Random) -> bytes:
    """A few kilobytes that are hundreds of megabytes."""
    return zipped({f"{n}.jpg": b"\0" * (100 << 20) for n in range(by.randrange(1, 3))})


def climbing(by: random.Random) -> bytes:
    """Names that lead out of any folder, or are no names."""
    names = [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x.jpg",
        "a/../../b.jpg",
        "..\\..\\c.jpg",
        "con.jpg",
        "a\nb.jpg",
        "\u202egpj.x",
    ]
    by.shuffle(names)
    return zipped(dict.fromkeys(names[: by.randrange(1, len(names))], b"x") | {"x" * by.randrange(1, 60_000): b""})


def many(by: random.Random) -> bytes:
    """Very many members of nothing."""
    return zipped({f"{n:x}": b"" for n in range(by.choice((5_000, 20_000)))}, zipfile.ZIP_STORED)


def twice(by: random.Random) -> bytes:
    """The same member under thousands of entries of the directory: it is unpacked again for each (a quoted bomb)."""
    body = zlib.compress(b"\0" * 1_000_000, 9)[2:-4]
    local = struct.pack(
        "<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(b"\0" * 1_000_000), len(body), 1_000_000, 5, 0
    )
    data = local + b"a.jpg" + body
    count = by.randrange(200, 600)
    entry = struct.pack(
        "<4s6H3I5H2I",
        b"PK\1\2",
        20,
        20,
        0,
        8,
        0,
        0,
        zlib.crc32(b"\0" * 1_000_000),
        len(body),
        1_000_000,
        5,
        *(0,) * 4,
        0,
        0,
    )
    directory = (entry + b"a.jpg") * count
    return data + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(data), 0)


def locked(by: random.Random) -> bytes:
    """Marked as encrypted, or packed by a method that takes gigabytes."""
    method = by.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    data = bytearray(zipped({"a.jpg": b"\0" * 10_000_000}, method))
    if by.random() < 0.5:
        data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def linked(by: random.Random) -> bytes:
    """A member that is a link, and one that is a device."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, mode in (("link.jpg", 0o120777), ("device.jpg", 0o020666)):
            member = zipfile.ZipInfo(name)
            member.create_system, member.external_attr = 3, mode << 16
            made.writestr(member, f"/etc/passwd{by.random()}")
    return out.getvalue()


def within(by: random.Random) -> bytes:
    """Archives in archives."""
    data = bomb(by)
    for _ in range(by.randrange(2, 6)):
        data = zipped({"a.zip": data, "a.jpg": data})
    return data


def rows(by: random.Random) -> str:
    """Rows of a good sheet."""
    cells = "".join(f'<c r="{col}1" t="inlineStr"><is><t>{col}{by.random()}</t></is></c>' for col in "ABC")
    return f'<row r="1">{cells}</row>'


def far(by: random.Random) -> bytes:
    """Two cells, the second the seventeen-billionth: a library that believes it holds them all."""
    last = by.choice(("XFD1048576", "XFD99", "A1048576", "ZZZZZZ9999999999", "A0", "0", "XFD-1"))
    body = f'<dimension ref="A1:{last}"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    return sheet(f'{body}<row r="1048576"><c r="{last}"><v>{by.randrange(9)}</v></c></row></sheetData>')


def laughing(by: random.Random) -> bytes:
    """Entities of entities, and entities that are files."""
    head = by.choice((f"<!DOCTYPE x [{_LAUGHS}]>", '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'))
    return sheet('<sheetData><row><c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData>', head=head)


def large(by: random.Random) -> bytes:
    """A few kilobytes of rows that are hundreds of megabytes."""
    return sheet(
        "<sheetData>" + f"<row><c><v>{by.randrange(9)}</v></c></row>" * by.choice((100_000, 3_000_000)) + "</sheetData>"
    )


def nested(by: random.Random) -> bytes:
    """Elements in elements without end, closed or not."""
    depth = by.choice((1_000, 300_000))
    return sheet("<sheetData>" + "<row>" * depth + ("</row>" * depth if by.random() < 0.5 else ""))


def lying(by: random.Random) -> bytes:
    """Parts that are elsewhere, in another kind, or not there."""
    target = by.choice(
        ("../../../../etc/passwd", "http://127.0.0.1/x", "worksheets/sheet1.xml#x", "/dev/zero", "", "\0")
    )
    return sheet(
        f"<sheetData>{rows(by)}</sheetData>",
        name=by.choice(("'=1", "\u202e", "a" * 500)),
        target=target.replace("\0", "%00"),
    )


def odd(by: random.Random) -> bytes:
    """Values of all kinds, out of every range."""
    values = (
        "1e999",
        "-1e999",
        "NaN",
        "99999999999999",
        "-99999",
        "2958466",
        "31.02.2026",
        "\ufffe",
        "&#0;",
        "#REF!",
        "",
    )
    kinds = ("n", "d", "b", "e", "s", "str", "inlineStr", "x")
    cells = "".join(
        f'<c r="A{n}" t="{by.choice(kinds)}" s="{by.randrange(-1, 9)}"><f>1+1</f><v>{by.choice(values)}</v></c>'
        for n in range(1, 40)
    )
    return sheet(f'<sheetData><row r="1">{cells}</row></sheetData>')


def no_archive(by: random.Random) -> bytes:
    """What is something else by another name."""
    good = (
        hostile.encoded(hostile.drawing(2, (60, 50))),
        b"PK\3\4" * 99,
        b"",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0" + by.randbytes(4000),
    )
    return by.choice(good) + by.randbytes(by.randrange(50))


_ARCHIVES: tuple[tuple[Make, int], ...] = (
    *((spoilt(archive), 120), (climbing, 20), (no_archive, 15), (twice, 10), (locked, 15), (linked, 8), (bomb, 6)),
    *((many, 3), (within, 4)),
)
_WORKBOOKS: tuple[tuple[Make, int], ...] = (
    *((spoilt(workbook), 110), (far, 20), (odd, 20), (lying, 15), (laughing, 10), (nested, 8), (large, 4), (bomb, 4)),
    *((no_archive, 10), (climbing, 5)),
)


def archives(share: int = 1) -> Iterator[tuple[str, bytes]]:
    """More than 200 archives, or every `share`-th of each kind."""
    return _made(_ARCHIVES, share)


def workbooks(share: int = 1) -> Iterator[tuple[str, bytes]]:
    """More than 200 workbooks, or every `share`-th of each kind."""
    return _made(_WORKBOOKS, share)


def _made(kinds: tuple[tuple[Make, int], ...], share: int) -> Iterator[tuple[str, bytes]]:
    for make, count in kinds:
        for number in range(0, count, share):
            yield f"{make.__qualname__.split('.')[0]} {number}", make(random.Random(f"{make.__qualname__} {number}"))
