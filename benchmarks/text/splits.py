"""Which texts are stored, which are edited and asked about, and which are unrelated.

Time is cut into blocks of 40 days: every other block is stored, the rest is asked about, so that the unrelated texts
are of the same news stream and of other weeks. Texts without a date are dealt by their id. Queries belong to the part
"fit" (thresholds may be fitted on it) or "test" (nobody fits anything on it), by the id alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from benchmarks.text.corpora import Corpus, Source, share
from benchmarks.text.edits.edit import letters
from benchmarks.text.generator import generate
from benchmarks.text.overlap import copies_among, plain_skeleton

BLOCK_SECONDS: Final = 40 * 86_400
#: Below so many letters a text is matched only exactly, and is neither edited nor asked about as unrelated.
LEAST_LETTERS: Final = 25
#: The share of an author's days whose comments are joined to longer ones, two to four at a time.
_JOINED_DAYS: Final = 0.35

Part = Literal["fit", "test"]


@dataclass(frozen=True, slots=True)
class Split:
    """One run's texts. Everything depends on the corpus, the sizes, the part and the seed only."""

    stored: list[Source]
    #: Places in `stored` of the real texts that may be edited: of this part.
    editable: list[int]
    unrelated: list[Source]
    #: Unrelated candidates left out since they share 36 characters in a row with a stored text.
    removed_copies: int
    generated_stored: int
    generated_unrelated: int

    def described(self) -> str:
        """The split in a sentence, for the report."""
        return (
            f"{len(self.stored):,} stored ({self.generated_stored:,} of them generated), "
            f"{len(self.unrelated):,} unrelated ({self.generated_unrelated:,} generated; "
            f"{self.removed_copies:,} true copies removed)"
        )


def part_of(source_id: str) -> Part:
    """Half of the sources each, by a hash of the id."""
    return "fit" if share(f"part:{source_id}") < 0.5 else "test"


def is_stored_side(source: Source) -> bool:
    """Whether a source is stored: by its block of 40 days, or by its id where it has no date.

    The Declaration of Human Rights is there in two alphabets of one language: languages of few texts are stored only.
    """
    if source.at is not None:
        return int(source.at.timestamp()) // BLOCK_SECONDS % 2 == 0
    return source.language in ("kk", "tg") or share(f"side:{source.id}") < 0.5


def split(corpus: Corpus, size: int, unrelated: int, part: Part = "test", seed: int = 1) -> Split:
    """Deal the corpus: `size` texts stored and `unrelated` queries; what the corpus lacks is generated."""
    real = _distinct(join_days(source for source in corpus.sources if is_stored_side(source)))
    asked = _distinct(join_days(source for source in corpus.sources if not is_stored_side(source)))
    kept = sorted(real, key=lambda source: share(f"order:{seed}:{source.id}"))[:size]
    made = list(generate(real, size - len(kept), seed))
    stored = [*kept, *made]
    candidates = _candidates(asked, part, unrelated, seed)
    copies = copies_among([plain_skeleton(source) for source in candidates], map(plain_skeleton, stored))
    others = [source for place, source in enumerate(candidates) if place not in copies][:unrelated]
    return Split(
        stored=stored,
        editable=[place for place, source in enumerate(kept) if part_of(source.id) == part and _is_long(source)],
        unrelated=others,
        removed_copies=len(copies),
        generated_stored=len(made),
        generated_unrelated=sum(source.origin == "generated" for source in others),
    )


def _candidates(asked: Sequence[Source], part: Part, wanted: int, seed: int) -> list[Source]:
    """A third more than wanted, for some are copies of stored texts; none of the test part copies one of the other."""
    long = [source for source in asked if _is_long(source)]
    long.sort(key=lambda source: share(f"order:{seed}:{source.id}"))
    own = [source for source in long if part_of(source.id) == part][: wanted * 4 // 3 + 8]
    if part == "test":
        rest = (plain_skeleton(source) for source in long if part_of(source.id) != part)
        leaked = copies_among([plain_skeleton(source) for source in own], rest)
        own = [source for place, source in enumerate(own) if place not in leaked]
    missing = max(0, wanted * 4 // 3 - len(own)) if len(own) < wanted else 0
    return [*own, *generate(asked, missing, seed, label=f"{part}-unrelated-")]


def _is_long(source: Source) -> bool:
    return letters(source.body) >= LEAST_LETTERS


def join_days(sources: Iterable[Source]) -> list[Source]:
    """Some authors' comments of one day joined to longer ones, as people write under a post; the rest as they are."""
    days: defaultdict[tuple[str, str, str], list[Source]] = defaultdict(list)
    singles = []
    for source in sources:
        if source.at is None or source.author is None:
            singles.append(source)
        else:
            days[(source.author, source.at.date().isoformat(), source.language)].append(source)
    for (author, date, _), day in days.items():
        if len(day) > 1 and share(f"join:{author}:{date}") < _JOINED_DAYS:
            singles.extend(_joined(day))
        else:
            singles.extend(day)
    return singles


def _joined(day: Sequence[Source]) -> list[Source]:
    texts, rest = [], list(day)
    while rest:
        taken = min(len(rest), 2 + int(3 * share(f"length:{rest[0].id}")))
        texts.append(_join(rest[:taken]) if taken > 1 else rest[0])
        rest = rest[taken:]
    return texts


def _join(parts: Sequence[Source]) -> Source:
    bodies = [part.body if part.body.endswith((".", "!", "?", "…")) else part.body + "." for part in parts]
    text = " ".join(dict.fromkeys(bodies))
    return replace(parts[0], id="+".join(part.id for part in parts), text=text, body=text, origin="joined")


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """One source of each skeleton, and none without letters."""
    first: dict[str, Source] = {}
    for source in sources:
        if letters(source.body):
            first.setdefault(plain_skeleton(source), source)
    return list(first.values())
