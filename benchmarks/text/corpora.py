"""The texts to measure with: public data where it was fetched, and the made-up sample that ships with the project.

The folder of public data is named by the environment variable KALKAN_BENCH_TEXT; README.md says how to get it and what
its files hold. Without it everything runs on the sample, which is far too small for a verdict.
"""

import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from benchmarks.text.edits.edit import Material

VARIABLE: Final = "KALKAN_BENCH_TEXT"
SAMPLE: Final = Path(__file__).with_name("sample.jsonl")
COMMENTS, OTHERS, DUPLICATES = "comments_dev.jsonl.gz", "other_languages_dev.jsonl.gz", "duplicate_groups_dev.jsonl.gz"
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_SPACE: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Source:
    """One comment as it was posted; `body` is the same without links, which every repost of it changes."""

    id: str
    text: str
    body: str
    language: str
    at: datetime | None = None
    author: str | None = None
    #: "public", "sample", "joined" (several short ones of an author and day) or "generated".
    origin: str = "public"


@dataclass(frozen=True, slots=True)
class Corpus:
    """All texts of a run, and where they are from, in a sentence for the report."""

    sources: Sequence[Source]
    described: str

    def materials(self) -> dict[str, Material]:
        """What operators have at hand, by language; a language of few comments gets all of them."""
        bodies = defaultdict(list)
        for source in self.sources:
            if len(source.body) >= 15 and share(f"material:{source.id}") < 0.25:
                bodies[source.language].append(source.body)
        everything = [source.body for source in self.sources]
        return {
            language: _material(bodies.get(language, []), everything)
            for language in {source.language for source in self.sources}
        }


def _material(bodies: Sequence[str], everything: Sequence[str]) -> Material:
    try:
        return Material.of(bodies)
    except ValueError:
        return Material.of(everything)


def share(name: str) -> float:
    """A number from 0 to 1 that depends on the name only: what splits are drawn by."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big") / 2**48


def without_links(text: str) -> str:
    """The text without links and surplus spaces."""
    return _SPACE.sub(" ", _LINK.sub(" ", text)).strip()


def folder() -> Path | None:
    """Where the public data is, if the environment says so."""
    return Path(named) if (named := os.environ.get(VARIABLE)) else None


def load(data: Path | None = None) -> Corpus:
    """The corpus in `data`, else in the folder that the environment names, else the sample.

    Raises:
        FileNotFoundError: A folder is named and lacks one of the files.
    """
    place = data or folder()
    if place is None:
        return Corpus(list(_sample()), "the made-up sample that ships with the project")
    sources = [*_comments(place / COMMENTS), *_others(place / OTHERS)]
    counts: defaultdict[str, int] = defaultdict(int)
    for source in sources:
        counts[source.language] += 1
    listed = ", ".join(
        f"{counts[language]:,} {language}" for language in sorted(counts, key=lambda name: -counts[name])
    )
    return Corpus(sources, f"{len(sources):,} public texts ({listed})")


def duplicate_groups(data: Path | None = None) -> list[list[str]]:
    """Groups of real variants of one text, posted by several accounts; none without the public data."""
    place = data or folder()
    if place is None:
        return []
    return [[without_links(text) for text in row["variants"]] for row in _rows(place / DUPLICATES)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _comments(path: Path) -> Iterator[Source]:
    for row in _rows(path):
        at = datetime.fromisoformat(row["at"])
        yield Source(
            id=f"c{row['id']}",
            text=row["text"],
            body=without_links(row["text"]),
            language=row["lang"],
            at=at if at.tzinfo else at.replace(tzinfo=UTC),
            author=row["account"]["handle"],
        )


def _others(path: Path) -> Iterator[Source]:
    for number, row in enumerate(_rows(path)):
        yield Source(f"o{number}", row["text"], without_links(row["text"]), row["lang"])


def _sample() -> Iterator[Source]:
    for number, row in enumerate(_rows(SAMPLE)):
        yield Source(f"s{number}", row["text"], without_links(row["text"]), row["lang"], origin="sample")
