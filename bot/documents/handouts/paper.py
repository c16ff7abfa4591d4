"""A digest or a report as PDF, set by Typst from data in which nothing is markup; made in a worker."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from bot.documents.evidence.harmless import breakable, shown
from bot.fonts import font_file
from bot.model.chart import Picture
from bot.model.handout import Handout

_LONGEST_LINE: Final = 2000


def paper(handout: Handout, pictures: Sequence[Sequence[Picture]], language: str) -> bytes:
    """The PDF; the pictures are those of each chapter. Raises RuntimeError (typst.TypstError), OSError."""
    # The compiler is large, and nobody else in this process needs it.
    import typst  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="handout-") as name, font_file() as font:
        folder = Path(name)
        data = _data(handout, pictures, language, folder)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / "handout.typ").write_bytes(files(__package__).joinpath("handout.typ").read_bytes())
        (folder / "fonts").mkdir()
        shutil.copy(font, folder / "fonts")
        return typst.compile(
            str(folder / "handout.typ"),
            root=str(folder),
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
            timestamp=int(handout.made_at.timestamp()),
        )


def _data(handout: Handout, pictures: Sequence[Sequence[Picture]], language: str, folder: Path) -> dict[str, Any]:
    """What handout.typ reads; the pictures are put into the folder."""
    chapters = []
    for number, (chapter, drawn) in enumerate(zip(handout.chapters, pictures, strict=True)):
        told = [_put(picture, f"picture-{number}-{n}.png", folder) for n, picture in enumerate(drawn)]
        chapters.append({"title": _clear(chapter.title), "lines": list(map(_clear, chapter.lines)), "pictures": told})
    return {
        "language": language,
        "title": _clear(handout.title),
        "under": _clear(handout.under),
        "facts": [(_clear(name), _clear(value)) for name, value in handout.facts],
        "chapters": chapters,
        "notes": list(map(_clear, handout.notes)),
        "footer": _clear(handout.footer),
    }


def _put(picture: Picture, name: str, folder: Path) -> dict[str, str]:
    (folder / name).write_bytes(picture.png)
    return {"name": name, "alt": shown(picture.alt, lines=False)}


def _clear(text: str) -> str:
    return breakable(shown(text[:_LONGEST_LINE], lines=False))
