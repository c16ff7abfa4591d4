"""What the index of texts is asked: whoever looks for copies needs no more of it than this."""

from collections.abc import Sequence
from typing import Protocol

from bot.model.text import TextMatch


class TextSearch(Protocol):
    """What finds the stored texts that resemble others; words as the normaliser gives them."""

    async def search(self, words: Sequence[str]) -> list[list[TextMatch]]:
        """For each of the words the texts that resemble it, best first, both tiers, itself included when stored."""
