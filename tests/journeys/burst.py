"""A burst of forwards from many members, five from each, what must have become of it, and the account of what did."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageDraw

from bot.simulator import FaultKind, StoredMessage, User, World, origins
from tests.bot_runner import Database, Newsroom

#: Of the full burst: 100 forwards.
MEMBERS = 20
#: Of one that fits into every test run: 40 forwards.
FEW_MEMBERS = 8
#: Answers that were lost although Telegram had done what was asked: nothing tells the bot, so it must ask again.
DONE_UNHEARD = frozenset({FaultKind.TIMEOUT_AFTER, FaultKind.CUT_AFTER, FaultKind.MALFORMED_JSON})


@dataclass(kw_only=True)
class Burst:
    """What was sent, as the cases that it must become: chat and message ids."""

    cases: list[frozenset[tuple[int, int]]] = field(default_factory=list)
    texts: set[tuple[int, int]] = field(default_factory=set)
    threats: set[tuple[int, int]] = field(default_factory=set)
    pictures: set[tuple[int, int]] = field(default_factory=set)

    @property
    def messages(self) -> set[tuple[int, int]]:
        """Every forwarded message."""
        return set().union(*self.cases)


def send_burst(room: Newsroom, people: Sequence[User], chance: random.Random, between: Sequence[str] = ()) -> Burst:
    """Each member forwards two texts at once, then an album of two, then a threat: 3 cases of 5 messages.

    All of it is queued in one instant, members in turns; `between` are malformed updates strewn in.
    """
    burst = Burst()
    turns = [people] * 3
    for turn, members in enumerate(turns):
        for who in chance.sample(list(members), len(members)):
            _note(burst, turn, [(m.chat_id, m.message_id) for m in _forward(room.world, who, turn, chance)])
            if between and chance.random() < 0.3:
                room.world.inject_malformed(chance.choice(list(between)))
        room.later(60)
    assert len(burst.messages) == 5 * len(people)
    return burst


def _forward(world: World, who: User, turn: int, chance: random.Random) -> list[StoredMessage]:
    token = f"{who.id}-{turn}-{chance.randrange(10**9)}"
    if turn == 0:
        stranger = origins.from_user(f"Reader {token}", username=f"reader{chance.randrange(10**6)}")
        return [world.forward(who, stranger, text=_words(chance, f"{token} {n}")) for n in range(2)]
    if turn == 1:
        pictures = [picture(chance.randrange(2**31)) for _ in range(2)]
        return world.send_album(who, pictures, origin=origins.from_channel("Channel", username="channel_of_many"))
    hidden = origins.from_hidden_user(f"Hidden {token}")
    return [world.forward(who, hidden, text=f"Мы сожжём вашу редакцию, номер {token} {_words(chance, '')}")]


def _note(burst: Burst, turn: int, places: list[tuple[int, int]]) -> None:
    burst.cases.append(frozenset(places))
    (burst.pictures if turn == 1 else burst.texts).update(places)
    if turn == 2:
        burst.threats.update(places)


def _words(chance: random.Random, token: str) -> str:
    """Words that resemble no others."""
    letters = "абвгдежзиклмнопрстуфхцчшыэюя"
    words = ["".join(chance.choices(letters, k=chance.randint(4, 9))) for _ in range(8)]
    return f"{' '.join(words)} {token}".strip()


def picture(seed: int, side: int = 200, kind: str = "JPEG") -> bytes:
    """A small picture of boxes like no other."""
    chance = random.Random(seed)
    image = Image.new("RGB", (side, side), _colour(chance))
    pen = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, width, height = (chance.randint(10, side // 2) for _ in range(4))
        pen.rectangle((x, y, x + width, y + height), fill=_colour(chance))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


@dataclass(kw_only=True)
class Account:
    """What became of a burst."""

    kills: int = 0
    in_flight: int = 0
    struck: int = 0
    lost: list[tuple[int, int]] = field(default_factory=list)
    cases_without_card: list[str] = field(default_factory=list)
    duplicate_cards: int = 0
    unheard: int = 0
    problems: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """One line of figures."""
        return (
            f"{name}: {self.kills} kills, {self.struck} faults; lost {len(self.lost)}, cards missing "
            f"{len(self.cases_without_card)}, duplicate cards {self.duplicate_cards} "
            f"({self.in_flight} in flight at kills, {self.unheard} done and unheard), "
            f"other problems {len(self.problems)}"
        )


def cards_in_flight(store: Database) -> int:
    """How many cards a bot that was just killed had begun to send: what Telegram made of them, nobody knows."""
    query = "SELECT count(*) FROM outbox_messages WHERE state = 'sending' AND kind = 'submission'"
    return int(store.value(query))


def account_for(room: Newsroom, burst: Burst, kills: int, in_flight: int) -> Account:
    """Compare the store and the chats with what must be there."""
    account = Account(kills=kills, in_flight=in_flight)
    _check_parts(room.database, burst, account)
    _check_effects(room.database, burst, account)
    _check_cards(room, account)
    account.struck = sum(fault.struck for fault in room.world.faults.armed)
    account.unheard = len(
        room.world.journal.find(method="sendMessage", where=lambda r: r.fault in {str(k) for k in DONE_UNHEARD})
    )
    return account


def _check_parts(store: Database, burst: Burst, account: Account) -> None:
    parts = store.rows("SELECT submission_id, chat_id, message_id, finding FROM submission_parts")
    places = Counter((row["chat_id"], row["message_id"]) for row in parts)
    account.lost = sorted(burst.messages - places.keys())
    account.problems += [f"{place} filed {count} times" for place, count in places.items() if count > 1]
    account.problems += [f"{place} is nobody's" for place in places.keys() - burst.messages]
    account.problems += [f"part {row['message_id']} was never read" for row in parts if row["finding"] is None]
    folders: dict[int, set[tuple[int, int]]] = {}
    for row in parts:
        folders.setdefault(row["submission_id"], set()).add((row["chat_id"], row["message_id"]))
    cases = Counter(frozenset(folder) for folder in folders.values())
    account.problems += [f"no case of exactly {sorted(case)}" for case in burst.cases if cases[case] != 1]
    numbers = sorted(row[0] or 0 for row in store.rows("SELECT number FROM submissions"))
    if numbers != list(range(1, len(burst.cases) + 1)):
        account.problems.append(f"case numbers are {numbers}")


def _check_effects(store: Database, burst: Burst, account: Account) -> None:
    expected = {
        "comments": {f"telegram:{chat}:{message}" for chat, message in burst.texts},
        "photos": {f"telegram:{chat}:{message}" for chat, message in burst.pictures},
    }
    for table, sources in expected.items():
        found = Counter(row[0] for row in store.rows(f"SELECT source FROM {table}"))  # noqa: S608
        if found != Counter(dict.fromkeys(sources, 1)):
            account.problems.append(f"{table}: {len(found)} of {len(sources)}, {found.most_common(1)}")
    threats = store.value("SELECT count(*) FROM threats")
    if threats != len(burst.threats):
        account.problems.append(f"{threats} threats of {len(burst.threats)}")
    for table, state in (("inbox_updates", "dead"), ("outbox_messages", "failed")):
        query = f"SELECT error, count(*) FROM {table} WHERE state = ? GROUP BY error"  # noqa: S608
        account.problems += [f"{table}: {row[1]} {state} ({row[0]})" for row in store.rows(query, state)]


def _check_cards(room: Newsroom, account: Account) -> None:
    query = "SELECT number, chat_id, first_message_id, (SELECT count(*) FROM submission_parts WHERE submission_id = "
    for row in room.database.rows(query + "submissions.id) AS size FROM submissions"):
        label = f"K-{row['number']} ·"
        cards = [m for m in room.world.bot_messages(row["chat_id"]) if m.text.startswith(label)]
        if not cards:
            account.cases_without_card.append(label)
            continue
        account.duplicate_cards += len(cards) - 1
        newest = cards[-1].text
        if f"{label} {row['size']} message" not in newest or "⏳" in newest:
            account.problems.append(f"the newest card of {label} is stale: {newest!r}")
        first = room.world.message((row["chat_id"], row["first_message_id"]))
        if first.emoji_of(room.world.bot.id) != ["👌"]:
            account.problems.append(f"{label} shows {first.emoji_of(room.world.bot.id)}")
