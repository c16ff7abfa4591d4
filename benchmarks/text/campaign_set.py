"""Made-up campaigns with a known truth: ready-made comments, edited by several accounts, among unrelated comments.

Some copies are made of other copies, and some comments paste two campaigns together: those must not join the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.text.corpora import Source
from benchmarks.text.edits import EDITS, Material
from benchmarks.text.edits.edit import letters
from benchmarks.text.overlap import first_of_copies, plain_skeleton
from benchmarks.text.splits import Split

CAMPAIGNS, BRIDGES, UNRELATED = 60, 24, 14_000
_COPIES: Final = (4, 31)
_OF_COPIES: Final = 0.3
_SECOND_EDIT: Final = 0.3
#: Kinds left out: what is stored differently, and what leaves so little that two copies of one text share nothing.
_LEFT_OUT: Final = frozenset({"combo_heavy", "template_35", "fragment_50", "fragment_80", "truncated_60", "typos_15"})
KINDS: Final = tuple(name for name, edit in EDITS.items() if not edit.reverse and name not in _LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment in the order of posting. `campaigns` is empty for an unrelated one, has two for a bridge."""

    text: str
    account: str
    campaigns: tuple[int, ...] = ()


def make(
    split: Split, materials: Mapping[str, Material], *, campaigns: int, bridges: int, unrelated: int, seed: int
) -> list[Posted]:
    """A shuffled stream of comments, the same for the same seed."""
    rng = Random(f"campaigns:{seed}")
    long = [source for source in (split.stored[place] for place in split.editable) if letters(source.body) >= 45]
    chosen = _unrelated(rng.sample(long, min(2 * campaigns, len(long))))[:campaigns]
    posted = [copy for number, source in enumerate(chosen) for copy in _campaign(number, source, materials, rng)]
    posted += [_bridge(posted, len(chosen), rng) for _ in range(bridges)] if len(chosen) > 1 else []
    others = _unrelated(split.unrelated)[:unrelated]
    posted += [Posted(source.text, source.author or f"reader{rng.randrange(4000)}") for source in others]
    rng.shuffle(posted)
    return posted


def _unrelated(sources: Sequence[Source]) -> list[Source]:
    """Those that copy none before: a news stream repeats itself, and what it repeats would be a campaign too."""
    return [sources[place] for place in first_of_copies([plain_skeleton(source) for source in sources])]


def _campaign(number: int, source: Source, materials: Mapping[str, Material], rng: Random) -> list[Posted]:
    accounts = [f"fake{number}-{account}" for account in range(rng.randint(2, 12))]
    texts = [source.text]
    for _ in range(rng.randint(*_COPIES) - 1):
        origin = rng.choice(texts) if rng.random() < _OF_COPIES else source.body
        texts.append(_edited(origin, source.language, materials, rng))
    # The second account posts too, so that every campaign has two.
    return [Posted(text, accounts[at % len(accounts)], (number,)) for at, text in enumerate(texts)]


def _edited(text: str, language: str, materials: Mapping[str, Material], rng: Random) -> str:
    for _ in range(2 if rng.random() < _SECOND_EDIT else 1):
        fitting = [name for name in KINDS if not EDITS[name].languages or language in EDITS[name].languages]
        text = EDITS[rng.choice(fitting)].apply(text, rng, materials[language])
    return text


def _bridge(posted: Sequence[Posted], campaigns: int, rng: Random) -> Posted:
    one, other = rng.sample(range(campaigns), 2)
    texts = [rng.choice([each.text for each in posted if each.campaigns == (number,)]) for number in (one, other)]
    return Posted(" ".join(texts), f"bridge{rng.randrange(99)}", (one, other))
