"""`python -m benchmarks.screens --out DIR`: reads rendered screenshots and writes report.md and outcomes.jsonl."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import cv2
from PIL import Image

from benchmarks.screens.report import markdown
from benchmarks.screens.runs import SENT, outcomes
from detection.screenshot.engine import version


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, keep each outcome as it comes, write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks-out/screens"))
    parser.add_argument("--screens", type=int, default=12, help="for each platform and way of sending")
    parser.add_argument("--sent", default=",".join(SENT), help="any of file, photo, photographed, joined by commas")
    parser.add_argument("--data", type=Path, help="the folder of public data: its photos become avatars")
    given = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    cv2.setNumThreads(1)
    given.out.mkdir(parents=True, exist_ok=True)
    photos = _photos(given.data)
    found = []
    with (given.out / "outcomes.jsonl").open("w", encoding="utf-8") as kept:
        for outcome in outcomes(given.screens, [way for way in SENT if way in given.sent.split(",")], photos):
            found.append(outcome)
            kept.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            kept.flush()
    (given.out / "report.md").write_text(markdown(found, _notes(photos)), encoding="utf-8")


def _photos(data: Path | None) -> list[Image.Image]:
    files = sorted((data / "photos_dev").rglob("*.jpg"))[:200] if data else []
    return [Image.open(file).convert("RGB") for file in files]


def _notes(photos: Sequence[Image.Image]) -> list[str]:
    return [
        f"Tesseract {version()}, {platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "avatars: " + (f"{len(photos)} public photos" if photos else "drawn"),
        "file: as rendered; photo: long side 1280, JPEG 80; photographed: by another phone",
        "emoji do not count; quotes, dashes and ellipses count as their plain forms; the status bar is left out",
    ]


if __name__ == "__main__":
    main()
