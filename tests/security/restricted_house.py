"""A newsroom with a case that only one security lead and an editor may know of, full of canaries."""

import re
from dataclasses import dataclass, field

from bot.model.rights import Role
from bot.simulator import StoredMessage, User, origins
from tests.bot_runner import Newsroom
from tests.journeys.burst import picture
from tests.security.canaries import Flock

#: By these the case, its record and its incident are known.
LABELS = re.compile(r"\b[KTI]-1\b|/(?:case|threat|incident)_1\b")
#: By these buttons a list of staff is known.
STAFF = re.compile(r"\b(?:staffrm|staffdel|watchturn):")
WORDS = "Сегодня вечером придём и сожжём ваш офис"


@dataclass(kw_only=True)
class RestrictedHouse:
    """The people, the canaries, and the ids under which buttons name what is restricted."""

    room: Newsroom
    lead: User
    named: User
    reporter: User
    others: dict[str, User]
    flock: Flock
    text: str
    handle: str
    target: str
    subjects: dict[str, int] = field(default_factory=dict)

    def said(self, who: User, since: int) -> str:
        """All that the bot sent somebody since: texts, captions, names of files, buttons."""
        return "\n".join(repr(each.params) for each in self.room.world.journal.find(chat_id=who.id, since=since))

    def telling(self, who: User, since: int) -> list[str]:
        """What tells somebody of it, request by request: an empty list, or what a failure shows.

        Who is under protection stands in the list of staff; that the threat is aimed at them stands nowhere.
        """
        sent = [repr(each.params) for each in self.room.world.journal.find(chat_id=who.id, since=since)]
        words = {said: self.flock.words.keys() - ({self.target} if STAFF.search(said) else set()) for said in sent}
        return [said for said in sent if LABELS.search(said) or any(w.lower() in said.lower() for w in words[said])]

    def leaks(self, who: User, since: int, *, own: bool = False) -> set[str]:
        """Canaries, and names of what is restricted, that somebody was sent."""
        said = self.said(who, since)
        found = {kind for word, kind in self.flock.words.items() if word.lower() in said.lower()}
        return found if own else found | set(LABELS.findall(said))


async def build(room: Newsroom) -> RestrictedHouse:
    """A threat with canaries in text, target, author, note and the name of a picture; restricted, and told to some."""
    flock = Flock(seed=8)
    lead, named, reporter = await room.join(
        Role.SECURITY, Role.EDITOR, Role.JOURNALIST, names=("Ainura", "Bek", "Cholpon")
    )
    others = await room.join(*Role, names=("Jo", "Ed", "Sec", "Ad"))
    target, handle, word = flock.russian("target"), flock.latin("account"), flock.russian("text")
    text = f"{WORDS}, {target}, {word}"
    await room.order(lead, f"/staff add {target}")
    said_by = origins.from_user(flock.russian("author"), username=handle)
    room.world.forward(reporter, said_by, text)
    await _settled(room)
    file = (picture(8, kind="PNG"), f"{flock.latin('picture')}.png", "image/png")
    room.world.forward(reporter, said_by, f"{flock.russian('caption')} убьём тебя, {target}", document=file)
    await _settled(room)
    await room.order(lead, f"/note T-1 {flock.russian('note')}")
    house = RestrictedHouse(
        room=room,
        lead=lead,
        named=named,
        reporter=reporter,
        others=dict(zip((role.value for role in Role), others, strict=True)),
        flock=flock,
        text=text,
        handle=handle,
        target=target,
    )
    value = room.database.value
    house.subjects = {
        "submission": value("SELECT id FROM submissions WHERE number = 1"),
        "threat": value("SELECT id FROM threats WHERE number = 1"),
        "incident": value("SELECT id FROM incidents WHERE number = 1"),
        "alarm": value("SELECT coalesce(max(id), 0) FROM alarms"),
        "number": 1,
        "staff": value("SELECT id FROM staff"),
        "part": value("SELECT min(id) FROM submission_parts"),
        "photo": value("SELECT coalesce(max(id), 0) FROM photos"),
    }
    return house


async def restrict(house: RestrictedHouse) -> StoredMessage:
    """The lead restricts the whole incident, and names an editor beside herself."""
    answer = await house.room.order(house.lead, "/restrict I-1 @Bek")
    await house.room.quiet(60)
    return answer


async def _settled(room: Newsroom) -> None:
    room.later()
    await room.quiet(60)
