"""The edited texts to ask about: for each kind of edit its queries, and what has to be found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from benchmarks.text.corpora import Source, share
from benchmarks.text.edits import EDITS, Edit, Material
from benchmarks.text.edits.edit import letters
from benchmarks.text.splits import LEAST_LETTERS, Split

#: Characters of the bodies that are edited for the main rows, and for the rows of short texts.
MAIN: Final = (40, 100_000)
SHORT: Final = (25, 50)
#: Sources for the kinds whose edited form is the one stored.
_REVERSED: Final = 0.25
#: How often a source may be edited anew where a language has too few of them.
_ROUNDS: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A text to ask about, and the place of the stored text that it was made from."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Questions:
    """One kind's queries; `sources` says from how many texts they were made."""

    edit: Edit
    asked: list[Question]

    @property
    def sources(self) -> int:
        """How many texts were edited."""
        return len({question.position for question in self.asked})


@dataclass(frozen=True, slots=True)
class Exam:
    """What is stored, and every kind's queries. Reversed kinds have changed what is stored of their sources."""

    stored: list[str]
    bodies: list[str]
    kinds: list[Questions]
    short: list[Questions]
    unrelated: list[str]


def set_exam(split: Split, materials: Mapping[str, Material], each: int, seed: int = 1) -> Exam:
    """`each` queries a kind, in the main rows and in those of short texts; fewer where the texts do not allow more."""
    stored = [source.text for source in split.stored]
    kinds = [_reversed(edit, split, materials, each, seed, stored) for edit in EDITS.values() if edit.reverse]
    straight = [edit for edit in EDITS.values() if not edit.reverse]
    kinds += [_straight(edit, split, materials, each, seed, MAIN) for edit in straight]
    short = [_straight(edit, split, materials, each, seed, SHORT) for edit in straight]
    order = list(EDITS)
    return Exam(
        stored=stored,
        bodies=[source.body for source in split.stored],
        kinds=sorted(kinds, key=lambda kind: order.index(kind.edit.name)),
        short=[kind for kind in short if kind.asked],
        unrelated=[source.text for source in split.unrelated],
    )


def edit_sources(
    edit: Edit, split: Split, materials: Mapping[str, Material], each: int, seed: int, size: tuple[int, int] = MAIN
) -> Questions:
    """Queries of a kind that is in no registry: a step of a scale."""
    return _straight(edit, split, materials, each, seed, size)


def _straight(
    edit: Edit, split: Split, materials: Mapping[str, Material], each: int, seed: int, size: tuple[int, int]
) -> Questions:
    places = [place for place in split.editable if not _is_reserved(split.stored[place])]
    fitting = _shuffled(edit, split, places, size, seed)
    asked = []
    for place, text in _edited(edit, split.stored, fitting, materials, seed):
        asked.append(Question(text, place))
        if len(asked) == each:
            break
    return Questions(edit, asked)


def _reversed(
    edit: Edit, split: Split, materials: Mapping[str, Material], each: int, seed: int, stored: list[str]
) -> Questions:
    """The edited form goes into `stored`; each kind has sources of its own, real ones first, then generated ones."""
    real = [place for place in split.editable if _is_reserved(split.stored[place])]
    made = [place for place, source in enumerate(split.stored) if source.origin == "generated"]
    places = [place for place in (*real, *made) if _reversed_kind(split.stored[place]) == edit.name]
    asked = []
    for place, text in _edited(edit, split.stored, _shuffled(edit, split, places, MAIN, seed), materials, seed, 1):
        stored[place] = text
        asked.append(Question(split.stored[place].body, place))
        if len(asked) == each:
            break
    return Questions(edit, asked)


def _reversed_kind(source: Source) -> str | None:
    """The one reversed kind that may store a source in another form, by its language and id."""
    kinds = [edit.name for edit in EDITS.values() if edit.reverse and source.language in edit.languages]
    return kinds[int(share(f"kind:{source.id}") * len(kinds))] if kinds else None


def _is_reserved(source: Source) -> bool:
    return share(f"reversed:{source.id}") < _REVERSED


def _shuffled(edit: Edit, split: Split, places: Sequence[int], size: tuple[int, int], seed: int) -> list[int]:
    least, most = size
    fitting = [
        place
        for place in places
        if least <= len(split.stored[place].body) <= most
        and letters(split.stored[place].body) >= LEAST_LETTERS
        and (not edit.languages or split.stored[place].language in edit.languages)
    ]
    Random(f"{edit.name}:{seed}").shuffle(fitting)
    # A shuffle of the whole list; generated texts come after the real ones.
    return sorted(fitting, key=lambda place: split.stored[place].origin == "generated")


def _edited(
    edit: Edit,
    stored: Sequence[Source],
    places: Sequence[int],
    materials: Mapping[str, Material],
    seed: int,
    rounds: int = _ROUNDS,
) -> Iterator[tuple[int, str]]:
    for turn in range(rounds):
        for place in places:
            source = stored[place]
            rng = Random(f"{edit.name}:{source.id}:{seed}:{turn}")
            text = edit.apply(source.body, rng, materials[source.language])
            if text.split() != source.body.split() and letters(text):
                yield place, text
