"""The linear model: its file, its limits, and what it may do to a level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.threats import LinearModel, NotAModel, assess, standard_model
from detection.threats.model import SIZE, features_of, sentences_of
from detection.threats.view import view_of
from detection.threats.wording import Wording, raised
from detection.thresholds import THREAT_MODEL_SENTENCES

SURE = Wording(first=0, last=1, probability=0.999, words=["x"])
UNSURE = Wording(first=0, last=1, probability=0.01, words=["x"])


def test_the_shipped_model_is_small_and_reads_back() -> None:
    """At most 200 KB, and the same after a turn through bytes."""
    data = standard_model().to_bytes()
    assert len(data) <= 200_000
    again = LinearModel.from_bytes(data)
    assert np.array_equal(again.weights, standard_model().weights)
    assert again.to_bytes() == data


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:-1], lambda d: b"X" + d[1:], lambda _: b"", lambda d: d[:4] + b"\7" + d[5:]]
)
def test_other_bytes_are_refused(spoil: object) -> None:
    """Cut, of another kind, empty, of another version."""
    assert callable(spoil)
    with pytest.raises(NotAModel):
        LinearModel.from_bytes(spoil(standard_model().to_bytes()))


def test_numbers_that_are_none_are_refused() -> None:
    """A scale that is not finite would make every probability one."""
    data = bytearray(standard_model().to_bytes())
    data[6:10] = np.float32("nan").tobytes()
    with pytest.raises(NotAModel):
        LinearModel.from_bytes(bytes(data))


@given(st.text(max_size=200))
def test_any_text_has_a_probability(text: str) -> None:
    """Between none and one, whatever the text."""
    for _, _, words in sentences_of(view_of(text)):
        features = features_of(words)
        assert ((features >= 0) & (features < SIZE)).all()
        assert 0.0 <= standard_model().score(features) <= 1.0


def test_weights_fit_their_bytes() -> None:
    """The largest becomes 127, its opposite -127, and nothing overflows."""
    weights = np.zeros(SIZE, dtype=np.float32)
    weights[:2] = 3.0, -3.0
    model = LinearModel.of(weights, 0.5)
    assert model.weights[:3].tolist() == [127, -127, 0]
    assert model.weigh(np.array([0])) == pytest.approx(3.0)


def test_a_long_text_is_read_in_bounded_pieces() -> None:
    """So many sentences, and no more."""
    assert len(list(sentences_of(view_of("Салам баарыңарга. " * 500)))) == THREAT_MODEL_SENTENCES


@pytest.mark.parametrize(
    ("level", "wording", "doubted", "expected"),
    [
        ("none", SURE, False, "review"),
        ("none", UNSURE, False, "none"),
        ("curse", SURE, False, "curse"),
        ("violent_call", SURE, False, "violent_call"),
        ("review", SURE, False, "review"),
        ("review", SURE, True, "threat"),
        ("review", UNSURE, True, "review"),
    ],
)
def test_the_model_only_raises(level: str, wording: Wording, doubted: bool, expected: str) -> None:
    """To review by itself, to a threat only where the rules see an act that they doubt."""
    assert raised(level, wording, 0.8, doubted) == expected  # type: ignore[arg-type]


def test_a_raised_text_says_by_which_words() -> None:
    """A card shows them bold."""
    flat = LinearModel(np.full(SIZE, 127, dtype=np.int8), 1.0, 0.0)
    finding = assess("Погода сегодня хорошая", model=flat)
    assert finding.level == "review"
    assert {span.why for span in finding.spans} >= {"wording"}


def test_what_was_taken_back_stays_so() -> None:
    """A quotation is not raised again by its words."""
    flat = LinearModel(np.full(SIZE, 127, dtype=np.int8), 1.0, 0.0)
    assert assess("Мы тебя не убьём", model=flat).level == "none"
