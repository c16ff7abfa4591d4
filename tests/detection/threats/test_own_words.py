"""A newsroom's own words: what may be one, and what it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.threats import LexiconError, OwnWord, assess, checked_word, own_lexicon


def test_a_word_needs_a_target_to_be_a_threat() -> None:
    """Next to "you", in every form behind the star; alone, a person looks at it."""
    extra = own_lexicon((OwnWord("отхайдар*", "violence"),))
    assert assess("Мы тебя отхайдарим", extra=extra).level == "threat"
    assert assess("otkhaidarim tebya", extra=extra).level == "threat"
    assert assess("Отхайдарили вчера знатно", extra=extra).level == "review"
    assert assess("Мы тебя отхайдарим").level != "threat"


def test_phrases_work_and_bad_words_are_left_out() -> None:
    """What could not be read when it was kept by an older version spoils nothing."""
    extra = own_lexicon((OwnWord("красный петух", "arson"), OwnWord("@you (", "death")))
    assert assess("Пустим вам: красный петух", extra=extra).kinds == ("arson",)
    assert own_lexicon(()) is None
    assert own_lexicon((OwnWord("@you", "death"),)) is None


@given(st.text(max_size=100))
def test_whatever_is_taken_compiles(text: str) -> None:
    """Either it is refused with a code, or it is a word that works."""
    try:
        word = checked_word(text)
    except LexiconError:
        return
    assert checked_word(word) == word
    assert own_lexicon((OwnWord(word, "death"),)) is not None


@pytest.mark.parametrize("text", ["убь*", "ты", "а б в"])
def test_what_fits_everything_is_too_short(text: str) -> None:
    """A beginning of three letters would alarm all day."""
    with pytest.raises(LexiconError, match="too_short"):
        checked_word(text)
