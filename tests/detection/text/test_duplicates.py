"""Copies: what is found, what is only similar, what is neither; and the window's agreement with the plain search."""

import pickle
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.text import CopyMatch, Known, Normalised, Window, find_copies, normalise
from tests.detection.text.edits import SAME_SKELETON, TEXTS, romanised


def known(*texts: str) -> list[Known]:
    """The texts as met before, numbered from 1."""
    return [Known(ref=ref, words=normalise(text).words) for ref, text in enumerate(texts, 1)]


def found(text: str, *texts: str) -> list[CopyMatch]:
    """What a text is a copy of."""
    return find_copies(normalise(text), known(*texts))


@pytest.mark.parametrize("edit", SAME_SKELETON, ids=lambda edit: edit.__name__)
def test_an_edited_text_is_a_copy_of_its_source_alone(edit: Callable[[str], str]) -> None:
    """Each edit that keeps the words is an exact copy, and of nothing else."""
    for ref, text in enumerate(TEXTS, 1):
        assert [(match.ref, match.tier, match.why) for match in found(edit(text), *TEXTS)] == [
            (ref, "copy", ("exact",))
        ]


def test_romanised_text_is_a_copy() -> None:
    """A text typed in Latin letters is found."""
    for ref, text in enumerate(TEXTS, 1):
        assert [(match.ref, match.tier) for match in found(romanised(text), *TEXTS)] == [(ref, "copy")]


def test_reordered_words_are_a_copy_that_says_so() -> None:
    """The same words in another order."""
    text = TEXTS[0]
    match = found(" ".join(reversed(text.split())), text)[0]
    assert (match.tier, match.score, match.why) == ("copy", 1.0, ("same_words_reordered",))


def test_typos_are_a_copy_that_says_so() -> None:
    """A wrong letter and a missing one."""
    match = found("Журналисты опять врут про нашево президента, хватит эт терпеть", TEXTS[0])[0]
    assert (match.tier, match.why) == ("copy", ("edited",))
    assert 0.9 <= match.score < 1


def test_a_rewritten_text_is_only_similar() -> None:
    """Less than nine tenths alike is a possibility, not a finding."""
    matches = found("Все журналисты врут про нашего президента, хватит это всем терпеть", TEXTS[0])
    assert [match.tier for match in matches] == ["similar"]


def test_other_numbers_are_no_copy() -> None:
    """Headlines of one template with other numbers are other news."""
    one = "Центральный банк установил курс доллара на завтра: 87,5 сома"
    assert [match.tier for match in found(one, one.replace("87,5", "89,2"))] == ["similar"]
    assert found(one, one.replace("87,5", "89,2").replace("установил", "объявил новый")) == []


@pytest.mark.parametrize(("text", "other"), [("Согласен!", "согласна"), ("Рахмат сиздерге", "Рахмат сизге")])
def test_short_texts_match_only_exactly(text: str, other: str) -> None:
    """Stock phrases are too short to be told apart by likeness."""
    assert found(text, other) == []
    assert found(text.upper(), text)[0].why == ("exact",)


@pytest.mark.parametrize("text", ["", "🔥🔥", "https://t.co/x"])
def test_a_text_without_words_is_a_copy_of_nothing(text: str) -> None:
    """Even of another empty one."""
    assert found(text, "", "🔥", *TEXTS) == []
    assert Window(known("", "🔥")).search([normalise(text)]) == [[]]


def test_matches_come_best_first() -> None:
    """By falling score, equal ones by rising ref."""
    text = TEXTS[5]
    matches = found(text, text[:-3], text, text + " now", text)
    assert [match.ref for match in matches][:2] == [2, 4]
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)


def test_results_cross_process_borders() -> None:
    """Queries and answers can be pickled."""
    query = normalise(TEXTS[0])
    assert pickle.loads(pickle.dumps(query)) == query  # noqa: S301 - our own bytes
    match = find_copies(query, known(*TEXTS))[0]
    assert pickle.loads(pickle.dumps(match)) == match  # noqa: S301 - our own bytes


VOCABULARY = "мы все знаем кто вам платит за это враньё 5 17"
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=14).map(" ".join)


def forms(text: str) -> Normalised:
    """Short name for the strategies."""
    return normalise(text)


@settings(max_examples=200)
@given(texts=st.lists(WORDS, max_size=12), queries=st.lists(WORDS, max_size=4), gone=st.sets(st.integers(1, 12)))
def test_the_window_agrees_with_the_plain_search(texts: list[str], queries: list[str], gone: set[int]) -> None:
    """Whatever was added and forgotten, the fast answer is the plain one."""
    window = Window(known(*texts))
    window.discard(gone)
    left = [text for text in known(*texts) if text.ref not in gone]
    assert len(window) == len(left)
    asked = [forms(query) for query in queries]
    assert window.search(asked) == [find_copies(query, left) for query in asked]


def test_the_window_follows_additions_removals_and_replacements() -> None:
    """A text is found as soon as it is added and no longer once it is forgotten or replaced."""
    window = Window()
    query = [normalise(TEXTS[0])]
    window.extend(known(*TEXTS))
    assert [match.ref for match in window.search(query)[0]] == [1]
    window.extend([Known(ref=99, words=query[0].words)])
    assert [match.ref for match in window.search(query)[0]] == [1, 99]
    window.extend([Known(ref=1, words=normalise(TEXTS[1]).words)])
    window.discard([7, 1234])
    assert [match.ref for match in window.search(query)[0]] == [99]
    assert [match.ref for match in window.search([normalise(TEXTS[6])])[0]] == []


def test_a_thousand_texts_are_searched_in_a_millisecond() -> None:
    """Generous bound: the measured time is a tenth of it."""
    window = Window(known(*(f"{text} {number} раз подряд {number * 7}" for number in range(125) for text in TEXTS)))
    queries = [normalise(f"{text} совсем другое дело {number}") for number in range(25) for text in TEXTS]
    started = time.process_time()
    window.search(queries)
    assert (time.process_time() - started) / len(queries) < 0.003
