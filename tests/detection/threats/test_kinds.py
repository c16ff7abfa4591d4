"""The model that names the kind of a threat that no rule knows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.threats import NotAModel, assess
from detection.threats.kinds import TOLD, KindModel, standard_kinds
from detection.threats.model import sentences_of, standard_model
from detection.threats.view import view_of


def test_both_models_together_are_small() -> None:
    """At most 200 KB, and the same after a turn through bytes."""
    data = standard_kinds().to_bytes()
    assert len(data) + len(standard_model().to_bytes()) <= 200_000
    again = KindModel.from_bytes(data)
    assert np.allclose(again.weights, standard_kinds().weights)
    assert again.to_bytes() == data


@pytest.mark.parametrize("spoil", [lambda d: d[:-1], lambda d: b"X" + d[1:], lambda _: b""])
def test_other_bytes_are_refused(spoil: object) -> None:
    """Cut, of another kind, empty."""
    assert callable(spoil)
    with pytest.raises(NotAModel):
        KindModel.from_bytes(spoil(standard_kinds().to_bytes()))


@given(st.text(max_size=200))
def test_any_sentence_has_a_kind(text: str) -> None:
    """One that is told, whatever the text."""
    for _, _, words in sentences_of(view_of(text)):
        assert standard_kinds().kind_of(words) in TOLD


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Үйүңө май чачып от коём", "arson"),
        ("your mum and your kids go first, you after them", "family"),
    ],
)
def test_the_kind_is_named(text: str, kind: str) -> None:
    """Sentences in words of their own."""
    assert kind in assess(text).kinds
