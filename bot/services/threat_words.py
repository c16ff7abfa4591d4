"""The newsroom's own threat words: added and removed by command, and looked for from that moment on."""

from types import MappingProxyType
from typing import Final, get_args

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.threat_word import ThreatWord
from bot.services import notices
from bot.services.knowledge import Knowledge
from bot.services.stage import Stage
from bot.storage import history, outbox, threat_words
from bot.storage.store import Store
from detection.threats import Kind, LexiconError, checked_word

#: What members call the kinds, by the beginning of the word, in the bot's languages.
KIND_NAMES: Final = MappingProxyType(
    {
        "death": ("death", "kill", "murder", "смерт", "убий", "өлүм", "олум", "өлтүр"),
        "violence": ("violence", "beat", "насил", "избиен", "побо", "зомбулук", "сабо"),
        "arson": ("arson", "attack", "fire", "поджог", "погром", "нападен", "өрт", "орт", "кол салуу", "талкало"),
        "sexual": ("sexual", "rape", "изнасил", "секс", "зордук", "зордо"),
        "kidnap": ("kidnap", "похищ", "уурдо", "ала качуу"),
        "family": ("family", "семь", "үй-бүлө", "уй-було"),
        "doxx": ("doxx", "dox", "address", "слив", "адрес", "дарек"),
        "stalking": ("stalk", "слежк", "преслед", "аңды", "анды"),
        "legal": ("legal", "arrest", "арест", "тюрьм", "камоо", "түрмө"),
        "incitement": ("incite", "incitement", "подстрек", "призыв", "чакыр", "үндө"),
    }
)
_USUAL: Final = "violence"


class ThreatWords:
    """The list of one newsroom."""

    def __init__(self, store: Store, clock: Clock, knowledge: Knowledge, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._newsroom_id = newsroom_id

    async def lines(self, member: Member) -> list[ThreatWord]:  # noqa: ARG002 - whoever may ask sees all of it
        """The whole list, the latest first."""
        async with self._store.read() as conn:
            return await threat_words.all_of(conn, self._newsroom_id)

    async def add(self, stage: Stage, member: Member, text: str) -> None:
        """Add a word from `[KIND:] WORD`; a word that is there changes its kind.

        Raises Refusal: "threat_word_empty", "threat_word_too_long", "threat_word_too_short" or
        "threat_word_unreadable".
        """
        kind, word = read_threat_word(text)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            here = (conn, self._newsroom_id)
            word_id, outcome = await threat_words.put(*here, word, kind, member.id, now)
            if outcome != "same":
                subject = ("threat_word", word_id)
                await history.note(*here, member.id, subject, outcome, now, word=word, kind=kind)
            code = "threat_word_there" if outcome == "same" else "threat_word_added"
            await outbox.put(conn, [notices.reply(member, code, word=word, kind=kind)], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def remove(self, stage: Stage, member: Member, word_id: int, message_id: int) -> None:
        """Take a word off the list."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            word = await threat_words.remove(conn, self._newsroom_id, word_id)
            if word is not None:
                subject = ("threat_word", word_id)
                await history.note(conn, self._newsroom_id, member.id, subject, "removed", now, word=word)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "threat_words")], now)

        stage.stage_once(act)
        self._knowledge.outdate()


def read_threat_word(text: str) -> tuple[Kind, str]:
    """Kind and word from `[KIND:] WORD`; without a kind, violence. Raises Refusal."""
    named, colon, rest = text.partition(":")
    kind = kind_named(named) if colon else None
    try:
        word = checked_word(rest if kind else text)
    except LexiconError as error:
        match str(error):
            case "empty":
                raise Refusal("threat_word_empty") from None
            case "too_long":
                raise Refusal("threat_word_too_long") from None
            case "too_short":
                raise Refusal("threat_word_too_short") from None
            case _:
                raise Refusal("threat_word_unreadable") from None
    return kind or _usual(), word


def kind_named(name: str) -> Kind | None:
    """The kind that a word in any of the bot's languages means; None for another word."""
    said = name.strip().casefold()
    for kind in get_args(Kind):
        if said and said.startswith(KIND_NAMES[kind]):
            known: Kind = kind
            return known
    return None


def _usual() -> Kind:
    return _USUAL
