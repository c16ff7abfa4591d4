"""Teaching: the same input gives the same model, and a model is better only when that is sure."""

from hashlib import blake2b

import pytest

from detection.threats import assess, standard_model
from detection.threats.training import Comparison, Labelled, compare, train

THREATS = [Labelled(f"Забубеним фуфырку номер {n}", True) for n in range(30)]
OTHERS = [Labelled(f"Посмотрели передачу номер {n}", False) for n in range(30)]


def _drawn(text: str) -> int:
    """0 to 255, by the text alone."""
    return blake2b(text.encode(), digest_size=1).digest()[0]


def test_the_same_texts_give_the_same_model() -> None:
    """In whatever order they come to the comparison, and bit by bit when taught twice."""
    assert train(THREATS + OTHERS).to_bytes() == train(THREATS + OTHERS).to_bytes()
    base = standard_model()
    assert compare(THREATS + OTHERS, base) == compare(OTHERS[::-1] + THREATS, base)


def test_nothing_teaches_nothing() -> None:
    """Neither no text nor texts without words."""
    with pytest.raises(ValueError, match="nothing to learn from"):
        train([])
    with pytest.raises(ValueError, match="nothing to learn from"):
        train([Labelled("...", True)])


def test_a_lesson_with_a_pattern_is_better() -> None:
    """On texts that were held out."""
    found = compare(THREATS + OTHERS, standard_model())
    assert found.is_better
    assert found.gain > 0
    assert found.found_after > found.found_before


def test_agreeing_more_often_is_not_better() -> None:
    """A newsroom of which most rulings say "threat" does not make a model that says so of everything."""
    words = ("салам", "жол", "мектеп", "суу", "бала", "эл", "тоо", "шаар")
    texts = [f"{one} {other} достор" for one in words for other in words]
    assert not compare([Labelled(text, _drawn(text) < 160) for text in texts], standard_model()).is_better


def test_rulings_without_a_pattern_are_not_better() -> None:
    """The same words called a threat and none: whatever is learnt does not hold."""
    words = ("салам", "жол", "мектеп", "суу", "бала", "эл", "тоо", "шаар")
    mixed = [Labelled(f"{words[n % 8]} {words[n // 8]} достор", _drawn(str(n)) < 128) for n in range(64)]
    assert not compare(mixed, standard_model()).is_better


@pytest.mark.parametrize(
    "change",
    [{"threats": 19}, {"threats": 41}, {"low": 0.0}, {"found_after": 9}, {"false_after": 4}],
    ids=["few threats", "few others", "not sure", "loses threats", "false reviews"],
)
def test_every_condition_counts(change: dict[str, int]) -> None:
    """Enough rulings of both kinds, a sure gain, and no threat fewer."""
    good = {"texts": 60, "threats": 30, "gain": 0.2, "low": 0.1, "high": 0.3}
    good |= {"found_before": 10, "found_after": 10, "false_before": 3, "false_after": 3}
    assert Comparison(**good).is_better  # type: ignore[arg-type]
    assert not Comparison(**(good | change)).is_better  # type: ignore[arg-type]


def test_a_lesson_leaves_the_rest_as_it_was() -> None:
    """The pull to the base: what no ruling speaks of is judged as before, nearly."""
    taught = train(THREATS + OTHERS, standard_model())
    for text in ("Сени өлтүрөбүз", "We will kill you"):
        assert assess(text, model=taught).level == "threat"
