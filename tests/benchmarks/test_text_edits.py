"""The duplicate-text benchmark is a fair judge: its edits are what they say, and its splits leak nothing."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.text.campaign_set import make
from benchmarks.text.clusters import agreement
from benchmarks.text.corpora import load, without_links
from benchmarks.text.edits import EDITS, Material, apply
from benchmarks.text.edits.alphabets import uzbek_cyrillic
from benchmarks.text.edits.edit import letters, split_sentences
from benchmarks.text.engine import Hit
from benchmarks.text.generator import COPIED, generate
from benchmarks.text.intervals import Proportion
from benchmarks.text.overlap import RUN, copies_among, first_of_copies, longest_shared, plain
from benchmarks.text.questions import MAIN, SHORT, set_exam
from benchmarks.text.recall import measure
from benchmarks.text.splits import is_stored_side, part_of, split

MATERIAL = Material.of(
    [
        "Вчера на рынке подняли цены. Никто не объяснил почему!",
        "Мугалимдердин айлыгын көтөрүш керек.",
        "The bus never comes on time. Nobody answers the phone.",
    ]
)
RUSSIAN = "Опять ваш Асанов обещает народу, что всё починят весной. А где отчёт за прошлый год, Каримов?"
SAMPLE = load()


@pytest.mark.parametrize("name", EDITS)
@given(text=st.text(max_size=60), seed=st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_an_edit_takes_any_text_and_the_same_seed_gives_the_same(name: str, text: str, seed: int) -> None:
    """No text stops a run, and a run can be repeated."""
    assert apply(name, text, seed, MATERIAL) == apply(name, text, seed, MATERIAL)


@pytest.mark.parametrize("name", EDITS)
def test_every_kind_changes_some_text_of_the_sample(name: str) -> None:
    """A kind that changes nothing would be recalled for nothing."""
    edit = EDITS[name]
    bodies = [s.body for s in SAMPLE.sources if not edit.languages or s.language in edit.languages]
    longer = [f"{one} {other}" for one, other in pairwise(bodies)]
    assert any(apply(name, body, 1, MATERIAL) != body for body in [*bodies, *longer])


def test_look_alikes_leave_no_letter_that_has_one() -> None:
    """At 100 % every Cyrillic letter with a look-alike is gone, and a reader sees the same text."""
    edited = apply("homoglyphs_100", "сосна", 1, MATERIAL)
    assert len(edited) == 5
    assert not set("сосна") & set(edited) - {"н"}


@pytest.mark.parametrize(("name", "rate"), [("typos_3", 0.03), ("typos_8", 0.08), ("typos_15", 0.15)])
def test_typos_are_as_many_as_they_say(name: str, rate: float) -> None:
    """No more places differ than slips were made, and some do."""
    text = "абвгдежзик" * 20
    edited = apply(name, text, 3, MATERIAL)
    assert edited != text
    assert abs(len(edited) - len(text)) <= round(rate * len(text))


def test_a_name_swap_leaves_all_other_words() -> None:
    """Only the names change, with their endings, and no word that opens a sentence."""
    edited = apply("name_swap", RUSSIAN, 1, MATERIAL)
    assert edited != RUSSIAN
    changed = [pair for pair in zip(RUSSIAN.split(), edited.split(), strict=True) if pair[0] != pair[1]]
    assert {old.strip("?") for old, _ in changed} <= {"Асанов", "Каримов"}


def test_uzbek_in_cyrillic_reads_as_people_write_it() -> None:
    """Digraphs, both apostrophe letters and «э» at the start of a word."""
    assert (
        uzbek_cyrillic("O‘zbekiston, yo'q emas: g'alaba, shahar, choy!") == "Ўзбекистон, йўқ эмас: ғалаба, шаҳар, чой!"
    )


def test_a_dropped_sentence_leaves_the_others_whole() -> None:
    """What stays are the sentences as they were."""
    edited = apply("sentence_dropped", RUSSIAN, 1, MATERIAL)
    assert split_sentences(edited) == [s for s in split_sentences(RUSSIAN) if s in edited]
    assert len(split_sentences(edited)) == len(split_sentences(RUSSIAN)) - 1


def test_links_are_no_part_of_a_body() -> None:
    """Every repost of a comment has links of its own."""
    assert without_links("Смотрите https://example.org/a  тут www.example.org") == "Смотрите тут"


@given(st.lists(st.text("абв", max_size=90), max_size=8), st.lists(st.text("абв", max_size=90), max_size=8))
@settings(deadline=None)
def test_the_fast_search_for_true_copies_agrees_with_the_plain_one(one: list[str], other: list[str]) -> None:
    """A shared run of 36, or equality of shorter texts."""
    assert copies_among(one, other) == {
        place for place, text in enumerate(one) if any(longest_shared(text, stored) for stored in other)
    }


def test_of_copies_the_first_stays() -> None:
    """A text that shares a run with an earlier one goes, whatever stands around it."""
    run = "абвгдежзиклмнопрстуфхцчшщыэюяабвгдежзиклм"[:RUN]
    assert first_of_copies([f"q{run}", "другое", f"{run}zz", "другое"]) == [0, 1]


def test_generated_texts_copy_no_six_words_in_a_row() -> None:
    """A made text is new, though its phrases are those of the stream."""
    sources = list(SAMPLE.sources)
    runs = {run for source in sources for run in _runs(source.body)}
    made = list(generate(sources, 200, seed=1))
    assert len({source.text for source in made}) == 200
    assert not [run for source in made for run in _runs(source.text) if run in runs]
    assert [source.text for source in made] == [source.text for source in generate(sources, 200, seed=1)]


def _runs(text: str) -> list[tuple[str, ...]]:
    words = text.casefold().split()
    return [tuple(words[at : at + COPIED]) for at in range(len(words) - COPIED + 1)]


def test_no_unrelated_text_is_stored_and_the_parts_share_none() -> None:
    """Thresholds fitted on one part have seen nothing of the other."""
    parts = {part: split(SAMPLE, 150, 60, part) for part in ("fit", "test")}
    for part, dealt in parts.items():
        stored = [plain(source.text) for source in dealt.stored]
        assert not copies_among([plain(source.text) for source in dealt.unrelated], stored)
        assert {part_of(dealt.stored[place].id) for place in dealt.editable} == {part}
        assert not any(is_stored_side(source) for source in dealt.unrelated if source.origin == "sample")
    fit, test = ({source.text for source in parts[part].unrelated} for part in ("fit", "test"))
    assert not fit & test


def test_queries_differ_from_their_source_and_have_the_length_of_their_row() -> None:
    """What is asked was edited; the rows of short texts have short sources."""
    dealt = split(SAMPLE, 200, 20)
    exam = set_exam(dealt, SAMPLE.materials(), 10)
    for kinds, (least, most) in ((exam.kinds, MAIN), (exam.short, SHORT)):
        for kind in kinds:
            for question in kind.asked:
                assert question.text.split() != exam.stored[question.position].split() or kind.edit.reverse
                assert least <= len(exam.bodies[question.position]) <= most
                assert letters(question.text)


class Oracle:
    """An engine that knows every query's source, or calls all copies of the first text."""

    name = "oracle"

    def __init__(self, answers: dict[str, int]) -> None:
        self._answers = answers

    def load(self, texts: list[str]) -> None:
        """Nothing to do."""

    def query(self, texts: Sequence[str]) -> list[list[Hit]]:
        """The source as a copy, or nothing."""
        return [[Hit(self._answers[text], 1.0, "copy")] if text in self._answers else [] for text in texts]

    def close(self) -> None:
        """Nothing to do."""


def test_whoever_knows_all_answers_gets_full_marks_and_whoever_guesses_does_not() -> None:
    """Recall counts the right source only, and an answer to an unrelated text is a false match."""
    exam = set_exam(split(SAMPLE, 200, 20), SAMPLE.materials(), 5)
    asked = [question for kind in (*exam.kinds, *exam.short) for question in kind.asked]
    knowing = Oracle({question.text: question.position for question in asked})
    guessing = Oracle(dict.fromkeys([question.text for question in asked] + exam.unrelated, 0))
    best, worst = (measure(engine, exam, tell=lambda _: None) for engine in (knowing, guessing))
    assert best.mean() == 1.0
    assert best.false_copy == Proportion(0, len(exam.unrelated))
    assert worst.mean() < 0.5
    assert worst.false_copy.value == 1.0


def test_the_interval_is_wilsons() -> None:
    """Known values: 8 of 10, and 0 of 20,000."""
    low, high = Proportion(8, 10).wilson()
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert Proportion(0, 20_000).wilson()[1] == pytest.approx(1.92e-4, rel=0.01)


def test_pairs_count_what_belongs_together() -> None:
    """Two groups of two, of which one was found and one wrong pair besides."""
    result = agreement(["a", "a", "b", None, "b"], [1, 1, 2, 2, 3])
    assert (result.right, result.found, result.true) == (1, 2, 2)
    with pytest.raises(ValueError, match="zip"):
        agreement(["a"], [1, 2])


def test_made_up_campaigns_have_several_accounts_and_bridges_join_two() -> None:
    """Four or more comments by two or more accounts; unrelated ones copy nothing of each other."""
    dealt = split(SAMPLE, 300, 60)
    posted = make(dealt, SAMPLE.materials(), campaigns=4, bridges=3, unrelated=30, seed=1)
    for number in range(4):
        mine = [each for each in posted if each.campaigns == (number,)]
        assert len(mine) >= 4
        assert len({each.account for each in mine}) >= 2
    assert sum(len(each.campaigns) == 2 for each in posted) == 3
    lone = [plain(each.text) for each in posted if not each.campaigns]
    assert first_of_copies(lone) == list(range(len(lone)))


def test_material_needs_a_word_and_a_sentence() -> None:
    """Edits that take words from other comments cannot work without any."""
    with pytest.raises(ValueError, match="no comment"):
        Material.of(["…"])
    assert Random(1).choice(MATERIAL.words)
