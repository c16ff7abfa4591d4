"""Several edits on top of each other, as operators under a quota do."""

from collections.abc import Sequence
from random import Random

from benchmarks.text.edits.edit import Apply, Material


class Combo:
    """Some of the light edits, then some of the wording ones, then some disguises, in this order."""

    def __init__(self, layers: Sequence[tuple[Sequence[Apply], int, int]]) -> None:
        #: Of each layer's edits at least and at most how many.
        self._layers = layers

    def __call__(self, text: str, rng: Random, material: Material) -> str:
        """The edit."""
        for edits, least, most in self._layers:
            for edit in rng.sample(list(edits), rng.randint(least, most)):
                text = edit(text, rng, material)
        return text
