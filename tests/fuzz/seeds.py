"""Writes the first seeds of the corpus: `python -m tests.fuzz.seeds`. What fuzzing found lies beside them."""

import gzip
import hashlib
import io
import zipfile
from datetime import UTC, datetime

import xlsxwriter
from PIL import Image

from bot.model.backup import Heading, Manifest, Root, TableShape
from bot.services.backup.heading import FORM, HEADING, MANIFEST, hash_of_names, told
from bot.services.backup.packing import END, packed
from bot.storage.dumping import Counted
from tests.detection.image import mutations
from tests.fuzz.target import CORPUS

WORDS: dict[str, tuple[str, ...]] = {
    "links": (
        "https://www.facebook.com/profile.php?id=100012345678&sk=about инстаграм @some.body\n\nhttps://t.me/c/12/3",
        "vk.com/id5 m.ok.ru/profile/77 https://youtu.be/dQw4w9WgXcQ?t=3 http://xn--80ak6aa92e.com/%d0%b0",
    ),
    "texts": ("Сөзүңдү  тап-тап,, а́ЙБЕК!!! v0t 3t0 @name #tag https://a.b/c\n\nСоз таппай калдыңбы", "\u200bА\u202eБ"),
    "threats": ("отхайдар*\n\nМы завтра сожжём вашу редакцию, Айбек. Өлтүрөбүз!", "If you write again I will kill you"),
    "queries": (
        'target:azattyk kind:death,arson severity:>=3 -status:done since:7d "сожжём" T-12',
        "K-3 I-4 T-5..9 hrd ky names ночь",
    ),
    "periods": (
        '2026-10-06 20:00 +4h "эфир" target:Айбек',
        "2026-11-01..2026-11-26 vs 06.10.2026..31.10.2026",
        "с 1 октября",
        "10/06/2026 8:05 PM",
    ),
    "told": (
        "work: школа №5 — пишет сам 01.10.2026\ngroup: a; b\nposts a day: ~3,5",
        "outlet Ак-Булак; Белый ключ",
        "1 234",
    ),
    "presses": ("admit:2f:yes:AAAAAAAAAAAAAAAA", "/start abcdefghijklmnopqrstuvwxyz"),
    "updates": (
        "0\n3=/case_12\n5=99",
        '{"update_id":1,"message":{"from":{"id":5},"chat":{"id":5},"text":"a"}}',
        "b\na=~",
    ),
    "cards": ("Я <b>сожгу</b> & убью &lt;вас\n\nЯ <i>сожгу</i> вас 😀",),
    "tables": (
        "platform;handle;name;farm\r\nfacebook;some.body;=1+1;F\r\n",
        'text,author,date\n"сөз, ""бар""\nэки",Айбек,06.10.2026 20:00\n',
        "actor\ttime\tviews\tlink\nА\t2026-10-06\t1 000\thttps://vk.com/wall5_3\n",
    ),
    "objects": (
        '{"text":"a","account":{"platform":"vk","handle":"b","id":5},"at":1790000000,"image":"x.png"}\n',
        '{"actor":"А","time":"2026-10-06T20:00","views":1e3,"link":"https://vk.com/wall5_3","captured":"07.10.2026"}\n',
        '{"link":"https://facebook.com/some.body","names":["А","Б"],"first_seen":"2026-10-06","posts_a_day":3.5}\n',
        '{"advertiser":"А","start":"2026-10-06","spend":"100-199 USD","disclaimer":"нет"}\n',
    ),
    "notes": (
        "kalkan/0123456789abcdef\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\ntime 2026-10-06T20:00:00.000000Z\n",
        '{"messages":[{"text":["a",{"text":"b"}]}]}',
        '[0,"2026-10-06T20:00:00.000000Z","kept","case 5","00","00"]',
    ),
    "bags": (
        "a" * 64 + "  manifest-sha256.txt\n\n\n\nuntrusted\n\n\n" + "b" * 64 + "  data/a.txt\n",
        '{"entry":[0],"proof":[]}',
    ),
    "settings": ("KALKAN_ZONE=Asia/Bishkek\nKALKAN_BURST_SECONDS=1e999\n", 'export KALKAN_DATA_DIR="~/x"\n'),
}


def workbook() -> bytes:
    """A small list of accounts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((("platform", "handle", "name"), ("vk", "some.body", "Айбек"), ("vk", 5, True))):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def archive() -> bytes:
    """A small archive with names that climb."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a/b.png", b"\x89PNG" * 9)
        made.writestr("../../c.jpg", b"x" * 99)
    return out.getvalue()


def backup() -> list[bytes]:
    """A whole backup without its encryption, its heading, its manifest, and one that was cut off."""
    at = datetime(2026, 10, 6, 14, tzinfo=UTC)
    shape = TableShape(name="members", columns=(("id", "plain"), ("at", "moment")), key=("id",), later=("id",))
    root = Root(newsroom_id=1, size=3, root="0" * 64)
    heading = Heading(form=FORM, made_at=at, revision="0021", roots=(root,), tables=(shape,))
    rows = b'[1,"2026-10-06T14:00:00+00:00"]\n'
    picture = b"\x89PNG" * 9
    name = hashlib.sha256(picture).hexdigest()
    counted = Counted()
    counted.take("members", rows)
    manifest = Manifest(
        tables=counted.tallies((shape,)), files=1, files_sha256=hash_of_names([name]), keys=("secret.key",)
    )
    parts = {
        HEADING: told(heading),
        "database/members/1.jsonl": rows,
        f"vault/{name}": picture,
        "keys/secret.key": bytes(32),
        MANIFEST: told(manifest),
    }
    whole = b"".join(packed(part, data, at) for part, data in parts.items()) + END
    return [whole, told(heading), told(manifest), whole[: len(whole) // 2]]


def files() -> dict[str, list[bytes]]:
    """Seeds that are no words."""
    small = Image.linear_gradient("L").resize((12, 9)).convert("RGB")
    pictures = []
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"):
        out = io.BytesIO()
        small.save(out, kind)
        pictures.append(out.getvalue())
    spoilt = [data for _, data in list(mutations.corpus(286))[::40] if len(data) < 2500]
    return {
        "sheets": [workbook()],
        "zips": [archive()],
        "images": pictures + spoilt,
        "backups": backup(),
        "tables": [
            gzip.compress(b"text\na\n", mtime=0),
            "text;author\nпривет;я\n".encode("cp1251"),
            "text\na\n".encode("utf-16"),
        ],
    }


def main() -> None:
    """Write them."""
    every = {name: [text.encode("utf-8", "surrogatepass") for text in texts] for name, texts in WORDS.items()}
    for name, seeds in files().items():
        every.setdefault(name, []).extend(seeds)
    for name, seeds in every.items():
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / f"seed-{number:02}").write_bytes(seed)


if __name__ == "__main__":
    main()
