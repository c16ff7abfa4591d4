"""6 October, replayed: thousands of insults, four threats in three languages, a flood of copies; then it is checked.

The people of the newsroom forward what comes, all at once and in waves, as people do on such a day. What is promised is
measured here and said at the end: an alarm within two seconds of the forward, one incident, nothing lost.
"""

import asyncio
import random
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

from bot.cli.demo.archive import Archive
from bot.cli.demo.newsroom import Newsroom, labels
from bot.cli.demo.october_report import Replay, report
from bot.clock import utcnow
from bot.config import Settings
from bot.simulator import StoredMessage, User, origins

INSULTS: Final = 2000
_LANGUAGES: Final = ("ru", "ky", "en")
_WAVE: Final = 40
_BETWEEN_SECONDS: Final = 0.2
_PATIENCE_SECONDS: Final = 180.0
# The same day is played each time.
_SEED: Final = 6102020
_MORNING: Final = 9 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message that somebody outside wrote: `threat` is its number, None of an insult."""

    text: str
    threat: int | None = None
    language: str = ""
    is_copy: bool = False


@dataclass(slots=True)
class Material:
    """What comes on that day, in its order."""

    lines: list[Line] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


class October(Newsroom):
    """Plays that day; the newsroom's people come as they do in the other story."""

    async def replay(self, archive: Archive, settings: Settings, insults: int = INSULTS) -> None:
        """The whole day; prints what came of it. Raises SystemExit when a promise is not kept."""
        await self._arrive(archive.invites)
        await self._invite_the_editor()
        self._at(20, 0)
        await self._go_on_duty()
        await self._ask_for_digests()
        material = read_material(insults)
        replay = await self._flood(material)
        await self._work(replay)
        is_kept = await report(replay, settings)
        await self._morning()
        if not is_kept:
            raise SystemExit(1)

    async def _go_on_duty(self) -> None:
        security = self._people.security
        await self._say(security, "/duty")
        card = self._world.last_bot_message(security)
        on_duty = self._button("I am on duty now")
        if card is not None and on_duty in labels(card):
            self._world.press(security, card, on_duty)
            await self._until(lambda: on_duty not in labels(card), "the roster")

    async def _ask_for_digests(self) -> None:
        """The editor wants the digest of each morning, and the administrator agrees."""
        editor, admin = self._people.editor, self._people.admin
        await self._say(editor, "/digest")
        await self._press(editor, "dgask", {editor.id: 1, admin.id: 1})
        await self._press(admin, "chatok", {editor.id: 1})
        # Who watches the demo before nine in the morning sees the morning's digest as well.
        now = utcnow().astimezone(self._yesterday.tzinfo)
        at = min(_MORNING, max(0, now.hour * 60 + now.minute - 5))
        await self._say(editor, f"/digest {at // 60:02}:{at % 60:02}")

    async def _press(self, who: User, action: str, answers: dict[int, int]) -> None:
        """Press the newest button of an action."""
        found = [
            (message, str(button["callback_data"]))
            for message in self._world.bot_messages(who)
            for button in message.buttons
            if str(button.get("callback_data", "")).startswith(f"{action}:")
        ]
        if found:
            message, data = found[-1]
            await self._cue(lambda: self._world.press_data(who, message, data), answers)

    async def _morning(self) -> None:
        """The night passes; the digest tells the editor of the day before."""
        editor = self._people.editor
        self._clock.catch_up()
        await self._until(
            lambda: any("XLSX" in labels(m) for m in self._world.bot_messages(editor)), "the morning's digest"
        )

    async def _flood(self, material: Material) -> Replay:
        """Three people forward in turn, wave after wave, the next when the bot has answered the last, as people do.

        The alarm is timed from the forward that raised it.
        """
        world, security = self._world, self._people.security
        hands = (self._people.journalist, self._people.editor, self._people.admin)
        watching = asyncio.create_task(self._watch(len(world.bot_messages(security.id))))
        replay = Replay(sent=0, names=material.names, began=time.monotonic())
        heard = len(world.journal)
        for number, line in enumerate(material.lines):
            who = hands[number // _WAVE % len(hands)]
            world.forward(who, _origin(number), line.text)
            replay.sent += 1
            if line.threat is not None:
                replay.threats.append((line.threat, line.language, line.is_copy))
                if replay.first_threat_at is None:
                    replay.first_threat_at = time.monotonic()
            if number % _WAVE == _WAVE - 1:
                await self._answered(who, heard)
                heard = len(world.journal)
        replay.first_alarm_at = await watching
        await world.wait_until(lambda: len(world.updates) == 0, _PATIENCE_SECONDS)
        replay.handed_over = time.monotonic() - replay.began
        return replay

    async def _answered(self, who: User, since: int) -> None:
        """Wait until somebody has heard of the wave that they forwarded, and a moment longer."""
        journal = self._world.journal
        await self._until(lambda: len(journal.find(chat_id=who.id, since=since)) > 0, "an answer to a wave")
        await asyncio.sleep(_BETWEEN_SECONDS)

    async def _watch(self, before: int) -> float | None:
        """The moment at which the first alarm stands in the security lead's chat."""
        security, take = self._people.security, self._button("I take it")
        try:
            await self._world.wait_until(
                lambda: any(take in labels(m) for m in self._world.bot_messages(security)[before:]), _PATIENCE_SECONDS
            )
        except TimeoutError:
            return None
        return time.monotonic()

    async def _work(self, replay: Replay) -> None:
        """The security lead takes the alarm, tells the police, offers help, and looks at the log."""
        world, security = self._world, self._people.security
        replay.alarms_before_answer = len(self._alarms())
        alarm = next(iter(self._alarms()), None)
        if alarm is None:
            return
        world.press(security, alarm, self._button("I take it"))
        await self._until(lambda: self._button("I take it") not in labels(alarm), "the alarm to be taken")
        await self._say(security, "/status T-1 police")
        await self._say(security, "/note T-1 Волонтёры у офиса с 18:00, милиция предупреждена.")
        await self._say(security, "/threats target:ак-калкан severity:>=3 since:1d sort:copies")
        await self._say(security, "/incident I-1")

    def _alarms(self) -> list[StoredMessage]:
        take = self._button("I take it")
        return [m for m in self._world.bot_messages(self._people.security) if take in labels(m)]


def read_material(insults: int) -> Material:
    """The day's messages from data/october.toml, in an order that is the same each time."""
    text = (files("bot.cli.demo") / "data" / "october.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    chance = random.Random(_SEED)  # noqa: S311 - a story, no secret
    lines = [Line(text=_insult(data["insults"], chance)) for _ in range(insults)]
    threats = [
        Line(text=each[language], threat=number, language=language)
        for number, each in enumerate(data["threat"])
        for language in _LANGUAGES
    ]
    # The threats come one by one into the stream of insults; the copies after the call to come.
    places = sorted(chance.sample(range(_WAVE, max(_WAVE + 13, insults * 2 // 3)), len(threats)))
    for place, line in zip(reversed(places), reversed(threats), strict=True):
        lines.insert(place, line)
    for line in _copies(data["copies"], data["threat"], chance):
        lines.insert(chance.randrange(places[-1] + 1, len(lines)), line)
    return Material(lines=lines, names=[str(each["name"]) for each in data["threat"]])


def _insult(parts: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    who, what, why, end = (chance.choice(parts[name]) for name in ("who", "what", "why", "end"))
    return f"{who} {what} {why}{end}"


def _copies(spec: Mapping[str, Any], threats: Sequence[Mapping[str, str]], chance: random.Random) -> list[Line]:
    number = int(spec["of"])
    return [
        Line(
            text=chance.choice(spec["before"]) + threats[number][language] + chance.choice(spec["behind"]),
            threat=number,
            language=language,
            is_copy=True,
        )
        for n in range(int(spec["count"]))
        for language in (_LANGUAGES[n % 2],)
    ]


def _origin(number: int) -> dict[str, object]:
    return origins.from_user(f"Жазуучу {number}", username=f"october_{number}_demo")
