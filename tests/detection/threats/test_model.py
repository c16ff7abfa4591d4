"""The linear model: its file, its limits, and what it may do to a level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.threats import Level, LinearModel, NotAModel, assess, standard_model
from detection.threats.model import SIZE, features_of, sentences_of
from detection.threats.view import view_of
from detection.threats.wording import Wording, raised
from detection.thresholds import THREAT_MODEL_AIMED, THREAT_MODEL_SENTENCES, THREAT_MODEL_SURE

SURE = Wording(first=0, last=1, probability=0.999, words=["x"])
LIKELY = Wording(first=0, last=1, probability=(THREAT_MODEL_AIMED + THREAT_MODEL_SURE) / 2, words=["x"])
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
    ("level", "wording", "seen", "expected"),
    [
        ("none", SURE, {}, "review"),
        ("none", UNSURE, {}, "none"),
        ("none", SURE, {"unknown": True}, "threat"),
        ("none", SURE, {"unknown": True, "aimed": True}, "threat"),
        ("none", LIKELY, {"unknown": True}, "review"),
        ("none", LIKELY, {"unknown": True, "aimed": True}, "threat"),
        ("none", UNSURE, {"unknown": True, "aimed": True}, "none"),
        ("curse", SURE, {"aimed": True}, "curse"),
        ("violent_call", SURE, {"aimed": True}, "violent_call"),
        ("review", SURE, {"aimed": True}, "review"),
        ("review", SURE, {"doubted": True, "aimed": True}, "threat"),
        ("review", UNSURE, {"doubted": True, "aimed": True}, "review"),
    ],
)
def test_the_model_only_raises(level: Level, wording: Wording, seen: dict[str, bool], expected: str) -> None:
    """To review; to a threat only an act that the rules doubt, or words in which they see none, sooner where they are
    aimed at somebody. A hint, a curse and a call against others stay what they are."""
    assert raised(level, wording, **seen) == expected


def test_a_raised_text_says_by_which_words() -> None:
    """A card shows them bold, with a kind and its severity: an alarm that says nothing helps nobody."""
    flat = LinearModel(np.full(SIZE, 127, dtype=np.int8), 1.0, 0.0)
    finding = assess("Погода сегодня хорошая", model=flat)
    assert finding.level == "threat"
    assert finding.kinds
    assert finding.severity >= 2
    assert {span.why for span in finding.spans} >= {"wording"}


@pytest.mark.parametrize(
    "text",
    [
        "Мы тебя обрадуем",
        "мы вас ждали вчера в студии",
        "Мы к вам обязательно зайдём с подарками",
        "Биз сени аябай жакшы көрөбүз",
        "Силерди тамакка чакырабыз",
        "We will phone you",
        "We'll come to your office with flowers",
    ],
)
def test_the_grammar_of_a_threat_alone_is_none(text: str) -> None:
    """What people promise each other accuses nobody."""
    assert assess(text).level in {"none", "review"}


def test_what_was_taken_back_stays_so() -> None:
    """A quotation is not raised again by its words."""
    flat = LinearModel(np.full(SIZE, 127, dtype=np.int8), 1.0, 0.0)
    assert assess("Мы тебя не убьём", model=flat).level == "none"
