"""How long a list of 10,000 accounts with photos takes, and what is lost when it is killed half-way and run again."""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.accounts.people import people

_SIDE = 480


def main() -> None:
    """Make a list and its photos, import it, kill it once on the way, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--kill-after", type=float, default=0.3, help="share of the accounts after which it is killed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        _make(room, options.accounts)
        print(f"{options.accounts} accounts, each with a drawn photo of {_SIDE} x {_SIDE}")
        _measure(room, options.accounts, options.kill_after)


def _make(room: Path, count: int) -> None:
    known = people(7, count)
    with (room / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Платформа", "Ник", "Имя", "Причина"])
        writer.writerows(["facebook", f"person.{n}", person.name, "из списка"] for n, person in enumerate(known))
    with zipfile.ZipFile(room / "photos.zip", "w") as archive:
        for number in range(count):
            archive.writestr(f"person.{number}.jpg", _portrait(number))


def _portrait(number: int) -> bytes:
    draw = random.Random(number)
    image = Image.new("RGB", (_SIDE, _SIDE), tuple(draw.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        left, top = draw.randrange(_SIDE), draw.randrange(_SIDE)
        box = (left, top, left + draw.randrange(10, 160), top + draw.randrange(10, 160))
        shape = pen.ellipse if draw.random() < 0.5 else pen.rectangle
        shape(box, fill=tuple(draw.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _measure(room: Path, count: int, share: float) -> None:
    environment = {**os.environ, "KALKAN_DATA_DIR": str(room / "data"), "KALKAN_NEWSROOM_NAME": "Bench"}
    environment["KALKAN_PLAIN_DATABASE"] = "yes"
    command = [sys.executable, "-m", "bot", "import", "accounts", str(room / "list.csv")]
    command += ["--photos", str(room / "photos.zip")]
    start = time.monotonic()
    first = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    while _rows(room, "accounts") < share * count and first.poll() is None:
        time.sleep(0.2)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    killed, kept = time.monotonic() - start, _rows(room, "accounts")
    start = time.monotonic()
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    took = time.monotonic() - start
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"killed after {killed:.0f} s with {kept} accounts; the same command took {took:.0f} s more")
    print(f"in all {killed + took:.0f} s, CPU {cpu.ru_utime + cpu.ru_stime:.0f} s on {os.cpu_count()} cores")
    print(second.stdout.strip(), "|", second.stderr.strip().splitlines()[-1:] or "")
    print(f"accounts {_rows(room, 'accounts')}, photos {_rows(room, 'photos')}, of {count} each")


def _rows(room: Path, table: str) -> int:
    found = sorted((room / "data").glob("*.sqlite*")) if (room / "data").is_dir() else []
    if not found:
        return 0
    try:
        with sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True) as database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - two known names
    except sqlite3.Error:
        return 0


if __name__ == "__main__":
    main()
