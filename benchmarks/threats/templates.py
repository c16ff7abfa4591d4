"""Sentences made from the lexicons: every act with somebody it is aimed at, and harmless ones beside them.

All of it is the project's own text: the patterns of `detection/threats/lexicons`, `frames.tsv`, the made-up comments of
`benchmarks/text/sample.jsonl`, the bot's own messages, `fit/` and `written/`. No sentence of anybody else teaches the
model.
"""

import json
import random
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from benchmarks.threats.sentences import FIT, labelled
from benchmarks.threats.written import written
from detection.threats.lexicon import Entry, standard
from detection.threats.training import Labelled

_ROOT: Final = Path(__file__).parents[2]
_FRAMES: Final = Path(__file__).with_name("frames.tsv")
_KINDLY: Final = Path(__file__).with_name("kindly.tsv")
_GAP: Final = re.compile(r"\.\.\d*\Z")
_SAID: Final = frozenset(("will", "they", "order", "verb", "threat", "veiled"))
_ALIKE: Final = 4
#: Sentences of two languages: harmless halves, and threats behind harmless words.
_MIXED: Final = 4_000, 1_200


def training_texts(seed: int = 1) -> list[Labelled]:
    """Everything the shipped model learns from; the same for the same seed."""
    rng = random.Random(seed)
    texts = [*made(rng), *_harmless(rng), *_fit(), *_written(), *_kindly(rng), *_mixed(rng), *_examples()]
    return sorted(set(texts), key=lambda each: (each.text, each.threat))


def made(rng: random.Random) -> Iterator[Labelled]:
    """Threats, and the same acts against third parties, in all six languages."""
    frames, groups = _frames(), _groups()
    for entry in standard().entries:
        if entry.role not in _SAID or entry.language not in frames:
            continue
        words = frames[entry.language]
        for _ in range(_ALIKE * (2 if entry.role in {"will", "they"} else 1)):
            act = realised(entry.pattern, groups[entry.language], rng)
            yield Labelled(_aimed(entry, act, words, rng), threat=True)
            if entry.role not in {"threat", "veiled"}:
                yield Labelled(_against_others(act, words, rng), threat=False)


def _aimed(entry: Entry, act: str, words: dict[str, list[str]], rng: random.Random) -> str:
    if entry.role in {"threat", "veiled"}:
        return _dressed(act, words, rng)
    aim = rng.choice(words["office"] if entry.role == "order" or entry.kind == "arson" else words["you"])
    parts = [aim, act] if rng.random() < 0.6 else [act, aim]
    if entry.role == "verb":
        parts.insert(rng.randrange(2), rng.choice(words["must"]))
    return _dressed(" ".join(parts), words, rng)


def _dressed(said: str, words: dict[str, list[str]], rng: random.Random) -> str:
    before = rng.choice(words["opener"]) if rng.random() < 0.5 else ""
    after = rng.choice(words["ending"]) if rng.random() < 0.5 else ""
    return " ".join(part for part in (before, said, after) if part)


def _against_others(act: str, words: dict[str, list[str]], rng: random.Random) -> str:
    return " ".join((rng.choice(words["third"]), act, rng.choice(["", rng.choice(words["ending"])]))).strip()


def _harmless(rng: random.Random) -> Iterator[Labelled]:
    for words in _frames().values():
        for frame in words["frame"]:
            for _ in range(12):
                text = frame.replace("{thing}", rng.choice(words["thing"])).replace("{you}", rng.choice(words["you"]))
                yield Labelled(f"{text} {rng.choice(words['praise'])}".strip(), threat=False)
        for praise in words["praise"]:
            yield Labelled(praise, threat=False)
    for line in (_ROOT / "benchmarks/text/sample.jsonl").read_text(encoding="utf-8").splitlines():
        yield Labelled(json.loads(line)["text"], threat=False)
    for catalog in sorted((_ROOT / "bot/locales").glob("*/LC_MESSAGES/messages.po")):
        with catalog.open("rb") as file:
            for message in read_po(file):
                text = message.string if isinstance(message.string, str) else " ".join(message.string)
                if text and "{" not in text:
                    yield Labelled(text, threat=False)


def _fit() -> Iterator[Labelled]:
    for sentence in labelled(FIT):
        yield Labelled(sentence.text, threat=sentence.level == "threat")


def _kindly(rng: random.Random) -> Iterator[Labelled]:
    """What people promise each other: the grammar of a threat, and no harm."""
    for line in _KINDLY.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, frames, verbs = (part.split("|") for part in line.split("\t"))
            for verb in verbs:
                for frame in rng.sample(frames, _ALIKE):
                    yield Labelled(frame.replace("{}", verb), threat=False)


def _mixed(rng: random.Random) -> Iterator[Labelled]:
    """As people here write: one half in one language, the other in another; neither makes a threat of the other."""
    said = list(written())
    harmless = [each.text.split() for each in said if each.level == "none"]
    threats = [each.text for each in said if each.level == "threat"]
    for _ in range(_MIXED[0]):
        one, other = rng.choice(harmless), rng.choice(harmless)
        yield Labelled(" ".join(one[: len(one) // 2 + 1] + other[len(other) // 2 :]), threat=False)
    for _ in range(_MIXED[1]):
        yield Labelled(" ".join([*rng.choice(harmless)[:3], rng.choice(threats)]), threat=True)


def _examples() -> Iterator[Labelled]:
    """The lexicons' own examples: what the rules take back stays so whatever its wording."""
    for entry in standard().entries:
        yield Labelled(entry.example, threat=entry.expect == "threat")


def _written() -> Iterator[Labelled]:
    for sentence in written():
        yield Labelled(sentence.text, threat=sentence.level == "threat")


def realised(pattern: str, groups: dict[str, str], rng: random.Random) -> str:
    """One wording that a lexicon pattern stands for; gaps are left empty."""
    words = []
    for token in _chosen(pattern, rng).split():
        if (token.startswith("[") and rng.random() < 0.5) or _GAP.match(token):
            continue
        words.append(_worded(token.strip("[]"), groups, rng))
    return " ".join(word for word in words if word)


def _worded(token: str, groups: dict[str, str], rng: random.Random) -> str:
    stem, _, ending = token.partition("+")
    if stem.startswith("@"):
        known = [word for word in groups.get(stem[1:], "").split() if not word.startswith("*")]
        stem = _chosen(rng.choice(known), rng) if known else ""
    if ending:
        stem += rng.choice(groups.get(ending, "").split() or [""])
    return "" if stem.startswith("*") else stem.rstrip("*").replace("ё", "е")


def _chosen(source: str, rng: random.Random) -> str:
    """`source` with one alternative of each bracket, the inmost first."""
    while (inner := re.search(r"\(([^()]*)\)", source)) is not None:
        source = source[: inner.start()] + rng.choice(inner[1].split("|")) + source[inner.end() :]
    return source


def _groups() -> dict[str, dict[str, str]]:
    root = resources.files("detection.threats").joinpath("lexicons")
    found: dict[str, dict[str, str]] = {}
    for language in _frames():
        lines = root.joinpath(language, "groups.tsv").read_text(encoding="utf-8").splitlines()
        rows = (line.split("\t", 1) for line in lines if line.strip() and not line.startswith("#"))
        found[language] = {name.strip(): words for name, words in rows}
    return found


def _frames() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for line in _FRAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, slot, words = line.split("\t")
            found.setdefault(language, {}).setdefault(slot, []).extend(words.split("|"))
    return found
