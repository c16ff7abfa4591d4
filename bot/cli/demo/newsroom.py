"""The story so far: yesterday in the newsroom, played to the running bot by the people of the simulator.

People come by invites, decide on accounts, and the journalist forwards a handful of things. Nothing is painted: every
answer in the chats is what the bot said to a real update.
"""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from bot.cli.demo.archive import Archive
from bot.cli.demo.cast import People
from bot.cli.demo.clock import StoryClock
from bot.cli.demo.drawing import Drawing
from bot.cli.demo.fakes import known_fakes
from bot.i18n import Catalogs
from bot.model.rights import Role
from bot.simulator import StoredMessage, User, World, origins

log = logging.getLogger(__name__)

#: The farm whose fakes two people confirm; those of the others stay suspected.
_CONFIRMED_FARM: Final = "Тунук суу"
#: What readers of the feed thank the newsroom with, each by themselves.
STOCK_PHRASE: Final = "Чындыкты жазганыңыздарга рахмат"
_PATIENCE_SECONDS: Final = 15.0
_INVITE_LINK: Final = re.compile(r"start=([A-Za-z0-9_-]+)")
_CASE: Final = re.compile(r"K-\d+")
_UNFINISHED: Final = "⏳"


class Newsroom:
    """Plays the scenes in their order; a cue that the bot misses is logged, and the play goes on."""

    def __init__(self, world: World, people: People, clock: StoryClock, today: datetime) -> None:
        self._world = world
        self._people = people
        self._clock = clock
        self._yesterday = today - timedelta(days=1)
        self._fakes = known_fakes()

    async def play(self, archive: Archive, drawing: Drawing) -> None:
        """The whole of yesterday, then the present."""
        await self._arrive(archive.invites)
        await self._invite_the_editor()
        await self._decide(archive.batches[_CONFIRMED_FARM])
        await self._forward_a_copy()
        await self._forward_a_threat()
        await self._send_a_photo(await drawing.picture(self._fakes["nurik_demo_kg"].portrait))
        await self._forward_the_rest()
        await self._list_a_fake(await drawing.picture(self._fakes["cholpon.kech.demo"].portrait))
        self._clock.catch_up()
        await self._leave_an_invite()

    async def _arrive(self, invites: Mapping[Role, str]) -> None:
        self._at(9, 10)
        world, people = self._world, self._people
        admin, security, journalist = people.admin, people.security, people.journalist
        await self._cue(lambda: world.start(admin, invites[Role.ADMIN]), {admin.id: 2})
        # Whoever leads hears of whoever comes to lead.
        await self._cue(lambda: world.start(security, invites[Role.SECURITY]), {security.id: 2, admin.id: 1})
        await self._cue(lambda: world.start(journalist, invites[Role.JOURNALIST]), {journalist.id: 2})

    async def _invite_the_editor(self) -> None:
        self._at(9, 25)
        world, people = self._world, self._people
        await self._say(people.admin, "/invite editor")
        token = self._invite_token(people.admin)
        await self._cue(lambda: world.start(people.editor, token), {people.editor.id: 1, people.admin.id: 1})
        question = world.last_bot_message(people.admin)
        if question is not None:
            await self._cue(lambda: world.press(people.admin, question, 0), {people.editor.id: 2})
        self._at(9, 40)
        world.send_text(
            people.editor,
            "Коллеги, всё странное из комментариев пересылайте боту. Или ответьте здесь на сообщение и назовите бота.",
            chat=people.group,
        )
        world.send_text(people.journalist, "Макул, азыр баштайм.", chat=people.group)

    async def _decide(self, batch: str) -> None:
        """A list is confirmed by two, one more account by one; a reader is cleared, and what readers say is no copy."""
        editor, security = self._people.editor, self._people.security
        self._at(10, 5)
        await self._say(editor, f"/confirm import {batch}")
        self._at(10, 20)
        await self._say(security, f"/confirm import {batch}")
        self._at(10, 30)
        await self._say(editor, f"/confirm {self._fakes['altynai.korgon.demo'].link}")
        reader = self._fakes["begimai.demo.kg"]
        await self._say(security, f"/clear {reader.link}\nМы говорили с ней по телефону: обычная читательница.")
        self._at(10, 45)
        await self._say(editor, f"/phrases add {STOCK_PHRASE}")

    async def _forward_a_copy(self) -> None:
        self._at(11, 5)
        text = (
            "Талканов мырза элге суу алып келди, силер болсо акчага сатылып жалаа жаап жатасыңар. "
            "Ак-Калканга ишенбегиле, туугандар! 👎"
        )
        await self._case(lambda: self._forward(origins.from_user("Элдин үнү", username="eldin_unu_demo"), text))

    async def _forward_a_threat(self) -> None:
        """The journalist forwards a threat; the security lead is called, takes it, and rules that it is one."""
        world, security = self._world, self._people.security
        self._at(12, 20)
        origin = origins.from_user("Азамат К.", username="azamat_k_demo")
        before = len(world.bot_messages(security.id))
        await self._case(lambda: self._forward(origin, "Ак-Калкандын кеңсесин эл жакында талкалайт, көрөсүңөр!"))
        await self.answer_alarm(security, before)
        self._at(12, 45)
        found = _CASE.search(_words(world.last_bot_message(self._people.journalist)))
        await self._say(security, f"/case {found.group(0) if found else ''}")
        card = world.last_bot_message(security)
        label = Catalogs.load(("ru",))["ru"].plain.pgettext("button", "A threat")
        if card is not None:
            await self._cue(lambda: world.press(security, card, label), {self._people.journalist.id: 1})

    async def _send_a_photo(self, portrait: bytes) -> None:
        world, journalist = self._world, self._people.journalist
        self._at(14, 10)

        def act() -> None:
            world.send_photo(journalist, _mirrored(portrait))
            world.send_text(journalist, "Бул сүрөттү бир жерден көргөм. Комментарийде өзүн дарыгер дейт.")

        await self._case(act)

    async def _forward_the_rest(self) -> None:
        self._at(15, 30)
        origin = origins.from_hidden_user("Назгүл")
        await self._case(lambda: self._forward(origin, "Талас тарапта да суу жок экен, карап бергилечи."))
        self._at(16, 45)
        link = self._fakes["nurik_demo_kg"].link
        channel = origins.from_channel("Чаты района", username="chaty_rayona_demo", message_id=318)
        await self._case(lambda: self._forward(channel, f"Опять он под каждым постом: {link}"))

    async def _list_a_fake(self, portrait: bytes) -> None:
        """The journalist lists an account with its photo; the editor looks at the cases of the day."""
        world, people, fake = self._world, self._people, self._fakes["cholpon.kech.demo"]
        self._at(17, 15)
        words = f"/fake {fake.link}\nname: {fake.names[0]}\nfarm: {fake.farm}\n{fake.reason}"
        await self._cue(lambda: world.send_photo(people.journalist, portrait, caption=words), {people.journalist.id: 1})
        self._at(17, 40)
        await self._say(people.editor, "/cases")

    async def _leave_an_invite(self) -> None:
        """A fresh invite in the admin's chat, with which a visitor can let the stranger in."""
        await self._say(self._people.admin, "/invite journalist")

    async def answer_alarm(self, who: User, before: int) -> None:
        """Somebody takes the alarm that comes to them after so many earlier messages."""
        world, label = self._world, self._button("I take it")
        await self._until(lambda: any(label in labels(m) for m in world.bot_messages(who)[before:]), "an alarm")
        alarm = next((m for m in world.bot_messages(who)[before:] if label in labels(m)), None)
        if alarm is not None:
            world.press(who, alarm, label)
            await self._until(lambda: label not in labels(alarm), "the alarm to be taken")

    def _button(self, text: str) -> str:
        # The security lead of the demo reads Russian.
        return str(Catalogs.load(("ru",))["ru"].plain.pgettext("button", text))

    def _at(self, hour: int, minute: int) -> None:
        self._clock.move_to(datetime.combine(self._yesterday.date(), time(hour, minute), self._yesterday.tzinfo))

    def _forward(self, origin: dict[str, object], text: str) -> None:
        self._world.forward(self._people.journalist, origin, text)

    async def _say(self, who: User, text: str) -> None:
        """Somebody writes to the bot and hears its answer."""
        await self._cue(lambda: self._world.send_text(who, text), {who.id: 1})

    async def _case(self, act: Callable[[], object]) -> None:
        """The journalist sends something, and the card comes with everything that is known."""
        journalist = self._people.journalist
        await self._cue(act, {journalist.id: 1})
        await self._until(lambda: _UNFINISHED not in _words(self._world.last_bot_message(journalist)), "a whole card")

    async def _cue(self, act: Callable[[], object], answers: Mapping[int, int]) -> None:
        """Do something, and wait until the bot has written so many more messages in these chats."""
        world = self._world
        wanted = {chat_id: len(world.bot_messages(chat_id)) + count for chat_id, count in answers.items()}
        act()
        await self._until(
            lambda: all(len(world.bot_messages(chat_id)) >= count for chat_id, count in wanted.items()),
            f"{sum(answers.values())} answers",
        )

    async def _until(self, ready: Callable[[], bool], what: str) -> None:
        try:
            await self._world.wait_until(ready, _PATIENCE_SECONDS)
        except TimeoutError:
            log.warning("the demo waited in vain for %s", what)

    def _invite_token(self, who: User) -> str:
        found = _INVITE_LINK.search(_words(self._world.last_bot_message(who)))
        return found.group(1) if found else ""


def labels(message: StoredMessage) -> list[str]:
    """What stands on a message's buttons."""
    return [str(button["text"]) for button in message.buttons]


def _words(message: StoredMessage | None) -> str:
    return str(message.body.get("text", "")) if message is not None else ""


def _mirrored(portrait: bytes) -> bytes:
    """The portrait as a thief uses it: turned round and compressed again."""
    out = BytesIO()
    with Image.open(BytesIO(portrait)) as image:
        ImageOps.mirror(image).save(out, "JPEG", quality=70)
    return out.getvalue()
