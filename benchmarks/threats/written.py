"""Sentences written to be learnt from: threats in the whole vocabulary of harm, and what is none in the same words.

`written/LANGUAGE.tsv`: text, level, kind. They teach the shipped models and judge nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

from detection.threats import Level

FOLDER: Final = Path(__file__).with_name("written")


@dataclass(frozen=True, slots=True)
class Written:
    """A text, what it is, and the kind of harm ("-" for none)."""

    text: str
    level: Level
    kind: str


def written(folder: Path = FOLDER) -> Iterator[Written]:
    """Every sentence, in the order of the files. Raises ValueError for a line that is none."""
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("# text"):
                continue
            text, level, kind = line.split("\t")
            if level not in get_args(Level):
                raise ValueError(f"{file.name}: {line}")
            yield Written(text, cast(Level, level), kind)
