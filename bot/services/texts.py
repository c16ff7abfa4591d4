"""The duplicate-text index: which stored texts does a text copy or resemble?

Two short reads of the archive for any number of texts. Nothing is held in memory: the index is the tables, and what was
committed is found at once, also by another process.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.text import TextMatch
from bot.storage import body_keys, postings, texts
from bot.storage.direct import Steps, take
from bot.storage.postings import Holdings
from bot.storage.store import Store
from bot.storage.texts import StoredText
from detection.text.candidates import Asked, Candidate, candidates
from detection.text.decision import Decision, comparable, decide, exact
from detection.text.normalise import key

# Texts looked up together: some 8,000 fingerprints.
_BATCH = 256


class TextIndex:
    """Finds copies among the texts of one newsroom."""

    def __init__(self, store: Store, newsroom_id: int) -> None:
        self._store = store
        self._newsroom_id = newsroom_id

    async def search(self, words: Sequence[str]) -> list[list[TextMatch]]:
        """For each of the words, as the normaliser gives them, the stored texts that it copies or resembles.

        Best first, both tiers; the text itself is among them when it is stored. A text without words has none.
        """
        found: list[list[TextMatch]] = []
        for start in range(0, len(words), _BATCH):
            async with self._store.read() as conn:
                found += await self.search_in(conn, words[start : start + _BATCH])
        return found

    async def search_in(self, conn: AsyncConnection, words: Sequence[str]) -> list[list[TextMatch]]:
        """`search` over what one transaction sees, for at most some hundreds of texts."""
        return await take(conn, _searching(self._newsroom_id, words))


def _searching(newsroom_id: int, words: Sequence[str]) -> Steps[list[list[TextMatch]]]:
    asked = [Asked(each) for each in words]
    # Key 0: no words.
    keys = [key(each.skeleton) if each.skeleton else 0 for each in asked]
    held = yield from postings.held(newsroom_id, [each.prints for each in asked if comparable(each.skeleton)])
    near = [_candidates(each, held) for each in asked]
    numbers = {candidate.number for found in near for candidate in found}
    hidden = yield from body_keys.asking(newsroom_id)
    sealed = [body_keys.keyed(hidden, own) if hidden is not None and own else 0 for own in keys]
    stored = yield from texts.known(newsroom_id, {*keys, *sealed} - {0}, numbers)
    return _all_matches(asked, list(zip(keys, sealed, strict=True)), near, stored, held)


def _candidates(asked: Asked, held: Holdings) -> list[Candidate]:
    if not comparable(asked.skeleton):
        return []
    return candidates(asked.prints, held.numbers, held.holders, held.stored)


def _all_matches(
    asked: Sequence[Asked],
    keys: Sequence[tuple[int, int]],
    near: Sequence[Sequence[Candidate]],
    stored: Iterable[StoredText],
    held: Holdings,
) -> list[list[TextMatch]]:
    by_number = {text.number: text for text in stored}
    by_key = {text.text_key: text for text in by_number.values()}
    return [
        _matches(each, [by_key[key] for key in own if key in by_key], found, by_number, held)
        for each, own, found in zip(asked, keys, near, strict=True)
    ]


def _matches(
    asked: Asked,
    same: Sequence[StoredText],
    found: Iterable[Candidate],
    stored: Mapping[int, StoredText],
    held: Holdings,
) -> list[TextMatch]:
    # The same words, and the same once more where they are sealed.
    own = [text.number for text in same]
    others = [(c, stored[c.number].words) for c in found if c.number in stored and c.number not in own]
    decisions = [exact(number) for number in own]
    decisions += decide(asked, others, held.holders, held.stored)
    return [_match(decision, stored[decision.number]) for decision in decisions]


def _match(decision: Decision, text: StoredText) -> TextMatch:
    return TextMatch(
        number=text.number,
        text_key=text.text_key,
        words=text.words,
        score=round(decision.score, 4),
        tier=decision.tier,
        why=decision.why,
        partial=decision.partial,
        campaign_id=text.campaign_id,
    )
