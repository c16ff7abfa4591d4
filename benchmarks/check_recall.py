"""How much of what is known does `kalkan check` find again, and does it take strangers for it?

Imports 2,000 comments, 500 accounts and 200 photos into a fresh store by the command line, then checks by `--jsonl`:

* 200 stored comments re-cased or with emoji added, and 200 texts that have nothing to do with any of them;
* 200 stored photos mirrored and encoded again, and 200 others;
* four messages to a newsroom that a press-freedom organisation quoted in October 2020: all are threats.

    python -m benchmarks.check_recall --comments FILE --photos DIR

FILE holds lines of `{"id", "text", "account"?}`, DIR at least 400 different pictures. Texts that share half of their
words with a stored one are no strangers and are not taken for the control.
"""

import argparse
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

COMMENTS, ACCOUNTS, PHOTOS, CHECKED = 2_000, 500, 200, 200
MESSAGES = (
    "Repost! Today, there is a threat of attack on the office @azattykmedia. Currently they only have one guard. "
    "Asking for a repost.",
    "Soon people will be destroying your office, Azattyk",
    "People will destroy Azattyk very soon",
    "Let's go to burn down Azattyk",
)
_EMOJI = "😀🔥👍🙏😡❤️🤣💪🇰🇬✨"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What is stored, and what has nothing to do with it."""

    stored: list[dict[str, Any]]
    strangers: list[dict[str, Any]]
    stored_photos: list[Path]
    other_photos: list[Path]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    sample = take_sample(given.comments, given.photos, rng)
    with tempfile.TemporaryDirectory(prefix="kalkan-recall-") as folder:
        run(sample, Path(folder), rng)


def take_sample(comments: Path, photos: Path, rng: random.Random) -> Sample:
    """Distinct texts of at least 25 letters, and photos, drawn at random."""
    lines = [line for line in read_lines(comments) if sum(map(str.isalpha, line["text"])) >= 25]
    rng.shuffle(lines)
    stored: dict[str, dict[str, Any]] = {}
    rest = iter(lines)
    while len(stored) < COMMENTS:
        line = next(rest)
        stored.setdefault(line["text"], line)
    words = [frozenset(line["text"].lower().split()) for line in stored.values()]
    strangers = [line for line, _ in zip(_strangers(rest, words), range(CHECKED), strict=False)]
    pictures = sorted(path for path in photos.iterdir() if path.is_file())
    rng.shuffle(pictures)
    return Sample(
        stored=list(stored.values()),
        strangers=strangers,
        stored_photos=pictures[:PHOTOS],
        other_photos=pictures[PHOTOS : PHOTOS + CHECKED],
    )


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of lines, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _strangers(lines: Iterable[dict[str, Any]], words: Sequence[frozenset[str]]) -> Iterator[dict[str, Any]]:
    for line in lines:
        own = frozenset(line["text"].lower().split())
        if all(len(own & other) < 0.5 * min(len(own), len(other)) for other in words):
            yield line


def run(sample: Sample, folder: Path, rng: random.Random) -> None:
    """Import, check, and print the rates."""
    kalkan = Kalkan(folder / "data")
    store(kalkan, sample, folder)
    chosen = rng.sample(sample.stored, CHECKED)
    edited = [{"id": f"e{n}", "text": disguise(line["text"], rng)} for n, line in enumerate(chosen)]
    strangers = [{"id": f"s{n}", "text": line["text"]} for n, line in enumerate(sample.strangers)]
    mirrored = [_mirrored(path, folder / f"m{n}.jpg", rng) for n, path in enumerate(sample.stored_photos)]
    others = [{"id": f"o{n}", "image": str(path.resolve())} for n, path in enumerate(sample.other_photos)]
    messages = [{"id": f"t{n}", "text": text} for n, text in enumerate(MESSAGES)]
    answers = kalkan.check([*edited, *strangers, *mirrored, *others, *messages], folder)
    sources = [str(line["id"]) for line in chosen]
    found = [_copied(answers[f"e{n}"], source) for n, source in enumerate(sources)]
    matched = [_matched(answers[f"m{n}"], path.name) for n, path in enumerate(sample.stored_photos)]
    say("stored comments re-cased or with emoji found as copies", found, "at least 95 %")
    say("mirrored and re-encoded photos found as matches", matched, "at least 95 %")
    say("the four messages are threats", [answers[f"t{n}"]["threat"]["level"] == "threat" for n in range(4)], "all")
    copied = [bool(answers[f"s{n}"]["copy_count"]) for n in range(len(strangers))]
    say("unrelated texts with a copy", copied, "none")
    say("unrelated texts with a similar one", [bool(answers[f"s{n}"]["copies"]) for n in range(len(strangers))], "none")
    threats = [answers[f"s{n}"]["threat"]["level"] == "threat" for n in range(len(strangers))]
    say("unrelated texts called a threat", threats, "none")
    say("unrelated photos with a match", [_matched(answers[f"o{n}"]) for n in range(len(others))], "none")
    say(
        "unrelated photos with a possible match", [bool(answers[f"o{n}"]["photos"]) for n in range(len(others))], "none"
    )
    missed = [(edited[n]["text"], chosen[n]["text"]) for n, hit in enumerate(found) if not hit]
    for text, original in missed[:5]:
        print(f"  missed: {text!r} of {original!r}")


def store(kalkan: "Kalkan", sample: Sample, folder: Path) -> None:
    """Import everything, twice: the second time nothing changes."""
    comments, accounts, photos = folder / "comments.jsonl", folder / "accounts.csv", folder / "photos"
    comments.write_text("".join(json.dumps(line) + "\n" for line in sample.stored), encoding="utf-8")
    photos.mkdir()
    for path in sample.stored_photos:
        (photos / path.name).write_bytes(path.read_bytes())
    rows = [f"facebook,listed.fake.{n},Fake Name {n},farm {n % 5}" for n in range(ACCOUNTS)]
    accounts.write_text("\n".join(["platform,handle,names,farm", *rows]) + "\n", encoding="utf-8")
    for again in (False, True):
        for noun, path in (("comments", comments), ("accounts", accounts), ("photos", photos)):
            begin = time.perf_counter()
            said = kalkan.run("import", noun, str(path)).strip()
            print(f"import {noun}{' again' if again else ''}: {said} in {time.perf_counter() - begin:.1f} s")


def disguise(text: str, rng: random.Random) -> str:
    """The text re-cased, or with emoji added."""
    kind = rng.randrange(4)
    if kind == 0:
        return text.upper()
    if kind == 1:
        return text.swapcase()
    words = text.split(" ")
    for _ in range(rng.randint(1, 5)):
        words.insert(rng.randint(0, len(words)), rng.choice(_EMOJI))
    joined = " ".join(words)
    return joined.lower() if kind == 2 else joined


def _mirrored(path: Path, target: Path, rng: random.Random) -> dict[str, Any]:
    with Image.open(path) as image:
        mirrored = ImageOps.mirror(image.convert("RGB"))
    out = io.BytesIO()
    mirrored.save(out, "JPEG", quality=rng.randint(40, 75))
    target.write_bytes(out.getvalue())
    return {"id": target.stem, "image": target.name}


def _copied(answer: dict[str, Any], source: str) -> bool:
    return any(copy["source"] == source and copy["tier"] == "copy" for copy in answer["copies"])


def _matched(answer: dict[str, Any], source: str | None = None) -> bool:
    return any(p["tier"] == "match" and source in (None, p["source"]) for p in answer["photos"])


def say(what: str, hits: Sequence[bool], bar: str) -> None:
    """One line of the result."""
    print(f"{what}: {sum(hits)} of {len(hits)} ({sum(hits) / max(1, len(hits)):.1%}; bar: {bar})")


class Kalkan:
    """The command line over a store of its own."""

    def __init__(self, data: Path) -> None:
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("KALKAN_")}
        self._environment |= {"KALKAN_DATA_DIR": str(data), "KALKAN_PLAIN_DATABASE": "yes"}

    def run(self, *arguments: str) -> str:
        """What a command prints."""
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(command, env=self._environment, stdout=subprocess.PIPE, check=True, text=True)
        return done.stdout

    def check(self, lines: Sequence[dict[str, Any]], folder: Path) -> dict[str, dict[str, Any]]:
        """The answers of a check, by id."""
        path = folder / "lines.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        begin = time.perf_counter()
        answers = [json.loads(line) for line in self.run("check", "--jsonl", str(path), "--json").splitlines()]
        print(f"check of {len(lines)} lines in {time.perf_counter() - begin:.1f} s")
        assert [answer["id"] for answer in answers] == [line["id"] for line in lines]
        return {answer["id"]: answer for answer in answers}


if __name__ == "__main__":
    main()
