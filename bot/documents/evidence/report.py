"""The readable report: a PDF in the reader's language, set by Typst from data in which nothing is markup."""

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import typst
from PIL import Image

from bot.documents.evidence.harmless import breakable, shown
from bot.documents.evidence.report_threats import ThreatWords
from bot.documents.evidence.report_words import ENTRY_KINDS, LEVELS, ORIGINS, RULINGS, said
from bot.fonts import font_file
from bot.i18n import PlainTranslator
from bot.model.evidence import Evidence, ExportedCase, ExportedPart, LogExcerpt

#: Lines of the log that the report shows; all of them are in custody/entries.jsonl.
_MOST_LINES: Final = 150
_HASH_DIGITS: Final = 16
#: The most room of a picture, in millimetres.
_WIDEST, _TALLEST = 110.0, 165.0
_FOOTER: Final = 80
Facts = list[tuple[str, str]]
Picture = dict[str, str | float]


def report(evidence: Evidence, t: PlainTranslator, workshop: Path) -> bytes:
    """The PDF; takes about a second. Raises RuntimeError (typst.TypstError), OSError."""
    with tempfile.TemporaryDirectory(dir=workshop, prefix="report-") as name, font_file() as font:
        folder = Path(name)
        pictures = _pictures(evidence, folder)
        data = _Words(evidence, t).data(pictures)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / "report.typ").write_bytes(files(__package__).joinpath("report.typ").read_bytes())
        (folder / "fonts").mkdir()
        shutil.copy(font, folder / "fonts")
        return typst.compile(
            str(folder / "report.typ"),
            root=str(folder),
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
            timestamp=int(evidence.made_at.timestamp()),
        )


def _pictures(evidence: Evidence, folder: Path) -> dict[str, Picture]:
    found: dict[str, Picture] = {}
    for number, (sha256, data) in enumerate(evidence.pictures.items()):
        name = f"picture-{number}.jpg"
        (folder / name).write_bytes(data)
        with Image.open(io.BytesIO(data)) as image:
            wide, high = image.size
        found[sha256] = {"name": name, "width": min(_WIDEST, _TALLEST * wide / high)}
    return found


def _leaf(values: Sequence[Any]) -> str:
    # As custody/entries.jsonl and verify.py hash it (RFC 6962).
    line = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + line.encode()).hexdigest()


def _clear(text: str) -> str:
    return breakable(shown(text))


class _Words:
    """Puts an export into words of one language."""

    def __init__(self, evidence: Evidence, t: PlainTranslator) -> None:
        self._evidence = evidence
        self._t = t
        self._zone = ZoneInfo(evidence.zone)
        self._threats = ThreatWords(t, evidence.zone, self._moment, self._short)

    def data(self, pictures: dict[str, Picture]) -> dict[str, Any]:
        """What report.typ reads."""
        t, evidence = self._t, self._evidence
        return {
            "title": t.pgettext("report", "Evidence {label}", label=evidence.label),
            "footer": f"{evidence.label} · {shown(evidence.newsroom, lines=False)[:_FOOTER]}",
            "facts": self._facts(),
            "notice": t.pgettext(
                "report",
                "The originals, unchanged, lie beside this report in the folder originals. VERIFY says in plain words"
                " how anybody can check that nothing was changed. Signs that cannot be seen are shown by their number.",
            ),
            "cases": [self._case(each, pictures) for each in evidence.cases],
            "chain": self._chain(evidence.log),
            "checkpoint": self._checkpoint(evidence.log),
        }

    def _facts(self) -> Facts:
        t, evidence = self._t, self._evidence
        names = t.pgettext("report", "included") if evidence.with_names else t.pgettext("report", "left out")
        told = [
            (t.pgettext("report", "Newsroom"), _clear(evidence.newsroom)),
            (t.pgettext("report", "Made"), self._moment(evidence.made_at)),
            (t.pgettext("report", "Names of those who reported"), names),
            (t.pgettext("report", "Signing key"), evidence.signing_key),
        ]
        if evidence.sealed:
            opened = t.pgettext("report", "Sealed: only the security lead's key opens them (age -d)")
            told.append((opened, ", ".join(evidence.sealed)))
        if evidence.bodies:
            told.append(
                (
                    t.pgettext("report", "Sealed words: only the security lead's key opens them (age -d)"),
                    ", ".join(sorted({each.case for each in evidence.bodies})),
                )
            )
        if evidence.missing:
            told.append((t.pgettext("report", "Originals that are missing"), ", ".join(evidence.missing)))
        return told

    def _case(self, case: ExportedCase, pictures: dict[str, Picture]) -> dict[str, Any]:
        t = self._t
        facts = [
            (t.pgettext("report", "Received"), self._moment(case.opened_at)),
            (t.pgettext("report", "Level"), said(t, LEVELS, case.level)),
        ]
        if case.is_copy:
            shown_part = t.pgettext("report", "only the messages that repeat a threat of this export")
            facts.append((t.pgettext("report", "Shown here"), shown_part))
        facts += [(t.pgettext("report", "Aimed at"), _clear(case.target))] if case.target else []
        facts += [(t.pgettext("report", "Reported by"), _clear(case.reporter))] if case.reporter else []
        for ruling in case.rulings:
            decided = said(t, RULINGS, f"{ruling.kind}:{ruling.value}")
            told = [decided, self._moment(ruling.at), *([_clear(ruling.by)] if ruling.by else [])]
            facts.append((t.pgettext("report", "Ruling"), " · ".join(told)))
        return {
            "title": t.pgettext("report", "Case {case}", case=case.label),
            "facts": facts,
            "threats": [self._threats.data(each) for each in case.threats],
            "parts": [self._part(each, pictures) for each in case.parts],
        }

    def _part(self, part: ExportedPart, pictures: dict[str, Picture]) -> dict[str, Any]:
        t, origin = self._t, part.origin
        author = [str(origin[name]) for name in ("name", "handle", "telegram_id") if origin.get(name)]
        facts = [(t.pgettext("report", "Received"), self._moment(part.received_at))]
        if origin.get("sent_at"):
            facts.append(
                (t.pgettext("report", "Written"), self._moment(datetime.fromisoformat(str(origin["sent_at"]))))
            )
        facts.append((t.pgettext("report", "Came as"), said(t, ORIGINS, str(origin.get("kind")))))
        facts += [(t.pgettext("report", "Author"), _clear(" · ".join(author)))] if author else []
        facts += [(t.pgettext("report", "Post"), _clear(str(origin["post"])))] if origin.get("post") else []
        facts += [("SHA-256", breakable(part.sha256))] if part.sha256 else []
        return {
            "title": t.pgettext("report", "Message {n}", n=part.place),
            "facts": facts,
            "text": _clear(part.text),
            "picture": pictures.get(part.sha256) if part.sha256 else None,
        }

    def _chain(self, log: LogExcerpt) -> dict[str, Any]:
        t = self._t
        return {
            "title": t.pgettext("report", "Custody log"),
            "notice": t.pgettext(
                "report",
                "Every arrival, view, change, export and erasure is a line of this log; each line holds the hash of the"
                " one before. These are the lines about the cases above.",
            ),
            "columns": [
                "№",
                "UTC",
                t.pgettext("report", "What was done"),
                t.pgettext("report", "Hash before"),
                t.pgettext("report", "Hash"),
            ],
            "rows": [self._line(each.values) for each in log.lines[:_MOST_LINES]],
        }

    def _line(self, values: Sequence[Any]) -> list[str]:
        seq, at, kind, _subject, _commitment, prev = values
        hashes = [prev[:_HASH_DIGITS], _leaf(values)[:_HASH_DIGITS]]
        return [str(seq), str(at)[:19].replace("T", " "), said(self._t, ENTRY_KINDS, kind), *hashes]

    def _checkpoint(self, log: LogExcerpt) -> dict[str, Any]:
        t = self._t
        return {
            "title": t.pgettext("report", "Signed checkpoint"),
            "facts": [
                (t.pgettext("report", "Lines in the log"), str(log.size)),
                (t.pgettext("report", "Key of the log"), breakable(log.verifier_key)),
            ],
            "note": breakable(log.note),
        }

    def _short(self, moment: datetime) -> str:
        return self._t.datetime(moment, self._zone, "short")

    def _moment(self, moment: datetime) -> str:
        here = f"{self._t.datetime(moment, self._zone)} ({self._evidence.zone})"
        return f"{here} · {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
