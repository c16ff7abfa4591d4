"""The sentences that judge, those that rules and the model learn from, and ordinary lines.

`held_out/` was written before the rules were changed; whoever then changed them had it in mind. The sets in `blind/`
were each written after the rules of the time and measured once before anybody looked at a mistake: those first figures
stand in RESULTS.md, and only they are fair; so are those of `rounds/`, each written before a round of changes by
whoever then made them. `fit/` is what rules and model are tuned on. The folder of public data is named by `--data`;
nothing of it stands in the project.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, cast, get_args

from detection.threats import Kind, Level

HELD_OUT: Final = Path(__file__).with_name("held_out")
BLIND: Final = Path(__file__).with_name("blind")
ROUNDS: Final = Path(__file__).with_name("rounds")
FIT: Final = Path(__file__).with_name("fit")
PUBLIC: Final = "threat_sentences_dev.tsv"
#: Lines of the public sentences that were looked at while rules were written: the first so many, and the "fit" half.
_LOOKED_AT: Final = 40
_BY_GROUP: Final[dict[str, Level]] = {
    "explicit": "threat",
    "veiled": "review",
    "call": "violent_call",
    "curse": "curse",
    "negative": "none",
}
_PUBLIC_LEVELS: Final[dict[str, Level]] = {"T": "threat", "V": "violent_call", "C": "curse", "N": "none"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what a person says of it."""

    text: str
    language: str
    #: "explicit", "direct" (no violent act, but plainly a threat), "veiled", or why it is none ("quote", "past" ...).
    group: str
    level: Level
    kinds: frozenset[Kind] = frozenset()
    severity: int | None = None
    imminent: bool | None = None
    target: str | None = None

    @property
    def is_threat(self) -> bool:
        """Whether the writer threatens whoever is addressed, or staff."""
        return self.group in {"explicit", "direct", "veiled"}


def labelled(folder: Path) -> list[Sentence]:
    """Every sentence of a folder of `LANGUAGE.tsv` files."""
    return [sentence for file in sorted(folder.glob("*.tsv")) for sentence in _rows(file)]


def _rows(file: Path) -> Iterator[Sentence]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.count("\t") == 1 and not line.startswith("#"):
            text, level = line.split("\t")
            group = "explicit" if level == "threat" else "other"
            yield Sentence(text, file.stem, group, cast(Level, level))
        elif line.count("\t") == 2 and not line.startswith("#"):
            text, group, kinds = line.split("\t")
            yield Sentence(
                text, file.stem, group, _BY_GROUP[group], frozenset(cast(list[Kind], [kinds])) - {"-", "other"}
            )
        elif not line.startswith("#"):
            text, group, level, kinds, severity, imminent, target = line.split("\t")
            if level not in get_args(Level) or not {*kinds.split(",")} <= {*get_args(Kind), "-"}:
                raise ValueError(f"{file.name}: {line}")
            yield Sentence(
                text,
                file.stem,
                group,
                cast(Level, level),
                frozenset(cast(list[Kind], kinds.split(","))) - {"-"},
                int(severity),
                imminent == "1",
                target,
            )


def public(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    """The supplied sentences: those that may be looked at, and the sealed half."""
    with (data / PUBLIC).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    seen, sealed = [], []
    for at, row in enumerate(rows):
        kinds = frozenset(kind for kind in get_args(Kind) if kind == row["kind"])
        group = "explicit" if row["label"] == "T" else "supplied"
        sentence = Sentence(row["text"], row["lang"], group, _PUBLIC_LEVELS[row["label"]], kinds)
        half = sealed if at >= _LOOKED_AT and sha256(row["text"].encode()).digest()[0] % 2 else seen
        half.append(sentence)
    return seen, sealed


@dataclass(frozen=True, slots=True)
class Line:
    """An ordinary line of the supplied comments."""

    id: str
    text: str
    language: str


def ordinary(data: Path, per_language: dict[str, int], part: str = "judge") -> list[Line]:
    """So many lines a language, the same ones every time; the part "fit" shares none with "judge"."""
    chosen: dict[str, list[tuple[str, Line]]] = {language: [] for language in per_language}
    for name in ("comments_dev.jsonl.gz", "other_languages_dev.jsonl.gz"):
        with gzip.open(data / name, "rt", encoding="utf-8") as file:
            for text in file:
                row = json.loads(text)
                line = Line(str(row["id"]), row["text"], row["lang"])
                key = sha256(f"{line.language}:{line.id}".encode()).hexdigest()
                if line.language in chosen and (int(key[-1], 16) < 8) == (part == "judge"):
                    chosen[line.language].append((key, line))
    return [line for language, count in per_language.items() for _, line in sorted(chosen[language], key=_key)[:count]]


def _key(pair: tuple[str, Line]) -> str:
    return pair[0]
