"""Evidence at the door: sent protected, asked once more who may have it, never larger than Telegram takes."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.i18n import LANGUAGES
from bot.model.evidence import HandedOver
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Role
from bot.simulator.entities import parse_html
from handlers.cards.evidence_replies import EVIDENCE_REPLIES, export_caption
from handlers.evidence_delivery import MOST_BYTES, EvidenceDelivery
from tests.handlers.made_up import reader
from tests.handlers.pressed import drawn

ORDER = Outgoing(kind=Kind.EVIDENCE, chat_id=5, newsroom_id=1, member_id=1, body={"order": {}})
NASTY = "<b>&\"'</b>\u202e"


def made(size: int = 10, cases: tuple[str, ...] = ("K-1",)) -> HandedOver:
    """A finished export."""
    return HandedOver(
        label="E-1", name="kalkan-E-1.zip", data=b"x" * size, cases=cases, files=9, tagmanifest_sha256="a" * 64
    )


class ScriptedBot:
    """Notes what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.settled: list[object] = []
        self.refuses: Exception | None = None

    async def send_document(self, chat_id: int, document: Any, **options: Any) -> None:
        """A file."""
        if self.refuses is not None:
            raise self.refuses
        self.sent.append(("document", options | {"chat_id": chat_id, "name": document.filename}))

    async def send_message(self, chat_id: int, text: str, **options: Any) -> None:
        """A text."""
        self.sent.append(("message", options | {"chat_id": chat_id, "text": text}))


def delivery(result: Any, checkpoint: Any = None) -> tuple[EvidenceDelivery, ScriptedBot]:
    """The door, with a desk that hands out this."""

    async def ordered(_member: object, _body: object) -> Any:
        return result

    async def newest() -> Any:
        return checkpoint

    bot = ScriptedBot()

    async def settled(body: object) -> None:
        bot.settled.append(body)

    evidence = SimpleNamespace(ordered=ordered, settled=settled, signing_key="RWkey")
    desk: Any = SimpleNamespace(evidence=evidence, anchors=SimpleNamespace(newest=newest))
    return EvidenceDelivery(bot, desk), bot  # type: ignore[arg-type]


async def test_a_file_is_sent_protected() -> None:
    """With its key in the caption, and the word of where originals may point."""
    door, bot = delivery(made())
    assert await door.send_export(ORDER, reader(Role.SECURITY)) is None
    ((what, sent),) = bot.sent
    assert (what, sent["name"], sent["protect_content"]) == ("document", "kalkan-E-1.zip", True)
    assert "<code>RWkey</code>" in sent["caption"]


async def test_what_could_not_be_sent_is_kept() -> None:
    """Until it is sent, or never will be: the next try sends the same bytes."""
    door, bot = delivery(made())
    bot.refuses = NetworkError("down")
    with pytest.raises(NetworkError):
        await door.send_export(ORDER, reader(Role.SECURITY))
    assert bot.settled == []
    bot.refuses = None
    await door.send_export(ORDER, reader(Role.SECURITY))
    assert bot.settled == [ORDER.body]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY}))
async def test_whoever_lost_the_right_gets_nothing(role: Role) -> None:
    """The order may have waited: the right is asked for when the file is made."""
    door, bot = delivery(made())
    refusal = await door.send_export(ORDER, reader(role))
    assert refusal is not None
    assert (refusal.code, bot.sent, bot.settled) == ("not_allowed", [], [ORDER.body])


async def test_what_is_too_large_is_said() -> None:
    """Telegram takes 50 MB: the member hears what to do instead."""
    door, bot = delivery(made(MOST_BYTES + 1))
    refusal = await door.send_export(ORDER, reader(Role.SECURITY))
    assert refusal is not None
    assert (refusal.code, bot.sent) == ("export_too_large", [])


async def test_a_checkpoint_is_a_note_and_its_root_to_read_out() -> None:
    """Silent, and with nothing of what is in the log; none yet is no message."""
    note = "kalkan/0123456789abcdef\n12\nroot\ntime t\n\n— kalkan sig\n"
    checkpoint = SimpleNamespace(note=note, root=bytes(range(32)), size=12, at=datetime.now(UTC))
    door, bot = delivery(None, checkpoint)
    await door.send_checkpoint(ORDER)
    ((_, sent),) = bot.sent
    assert note.strip() in sent["text"]
    assert "12 · 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f" in sent["text"]
    assert sent["disable_notification"]
    door, bot = delivery(None)
    await door.send_checkpoint(ORDER)
    assert bot.sent == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_sentence_is_valid_in_every_language(language: str) -> None:
    """Whatever a member typed stands escaped in the answer; a caption never overflows."""
    said = reader(Role.SECURITY, language=language)
    values = {"label": NASTY, "word": NASTY, "id": 1 << 62, "threats": 3, "cases": 1, "all_cases": 43, "count": 5000}
    for render in EVIDENCE_REPLIES.values():
        card = await render(None, said, {**values, "most": 200, "incidents": [3, 999_999_999]})  # type: ignore[arg-type]
        drawn(card)
        assert '<b>&"' not in card.text
    caption = export_caption(made(cases=tuple(f"K-{n}" for n in range(200))), "RW" * 28, said)
    assert len(parse_html(caption).text) <= 1024


async def test_what_is_asked_before_it_is_made() -> None:
    """How many records and cases; a press to go on, and one for each incident around them; nothing of nothing."""
    lead = reader(Role.SECURITY)
    told = {"id": 5, "threats": 3, "cases": 0, "all_cases": 43, "incidents": [3]}
    card = await EVIDENCE_REPLIES["export_ask"](None, lead, told)  # type: ignore[arg-type]
    html, actions = drawn(card)
    assert "3 records" in html
    assert "43 cases" in html
    assert " 0 " not in html
    assert actions == ["xgo", "xinc"]
    begun = await EVIDENCE_REPLIES["export_begun"](None, lead, {})  # type: ignore[arg-type]
    assert drawn(begun)[1] == []
    many = await EVIDENCE_REPLIES["export_too_many"](None, lead, {"count": 812, "most": 200})  # type: ignore[arg-type]
    assert "812" in many.text
