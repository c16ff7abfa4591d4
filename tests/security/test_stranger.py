"""A stranger learns nothing: no reply, no reaction, no menu, no row, whatever is sent; nor who is one again."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.model.rights import Role
from bot.simulator import StoredMessage, User
from bot.simulator.update_queue import ALL_KINDS
from tests.bot_runner import BY_THE_CLOCK, Newsroom
from tests.security import outsiders

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXPIRED = timedelta(hours=25)


class Watch:
    """The state before; afterwards nothing may have been said about these people, and nothing written at all."""

    def __init__(self, room: Newsroom, *people: User) -> None:
        self._room = room
        self._ids = [user.id for user in people]
        self._since = len(room.world.journal)
        self._rows = room.database.dump()

    async def nothing_happened(self, what: str) -> None:
        """Wait until the bot has read everything, then compare."""
        await self._room.quiet()
        for number in self._ids:
            said = self._room.world.journal.about(number, since=self._since)
            assert said == [], f"{what}: {said}"
        after = self._room.database.dump()
        changed = [table for table, rows in after.items() if rows != self._rows[table] and table not in BY_THE_CLOCK]
        assert changed == [], f"{what}: rows changed in {changed}"

    def mentions(self) -> dict[str, int]:
        """How many rows of each table hold one of the ids, anywhere in them."""
        dump = self._room.database.dump()
        needles = [str(number) for number in self._ids]
        found = {t: sum(any(n in repr(row) for n in needles) for row in rows) for t, rows in dump.items()}
        return {table: count for table, count in found.items() if count}


async def _member_with_card(room: Newsroom) -> tuple[User, StoredMessage]:
    (member,) = await room.join(Role.JOURNALIST)
    room.world.forward(member, outsiders.ORIGINS["user"], "Мы сожжём вашу редакцию")
    await room.quiet()
    room.later()
    return member, room.card(member, 1)


def attack(room: Newsroom, who: User, cards: Sequence[StoredMessage]) -> int:
    """Queue everything that can be sent, before the bot can ask for less; returns how many updates that is."""
    room.world.updates.allow(sorted(ALL_KINDS))
    before = room.world.updates.last_id
    for _name, act in [*outsiders.commands(), *outsiders.messages()]:
        act(room.world, who)
    outsiders.in_places(room.world, who)
    for card in cards:
        for _name, data in outsiders.presses(card):
            room.world.press_data(who, card, data)
    return room.world.updates.last_id - before


async def test_a_stranger_learns_nothing(newsroom: Newsroom) -> None:
    """Every command, every kind of message, every callback: 0 requests about the stranger, 0 rows."""
    _, card = await _member_with_card(newsroom)
    stranger = newsroom.world.add_user("Stranger", language_code="ru")
    watch = Watch(newsroom, stranger)
    sent = attack(newsroom, stranger, [card])
    await watch.nothing_happened(f"a stranger, {sent} updates")
    assert sent > 400
    assert watch.mentions() == {}
    assert newsroom.world.bot_messages(stranger) == []
    assert newsroom.world.menus.shown_to(stranger, newsroom.world.private_chat(stranger)) == []


async def test_dead_tokens_open_nothing(newsroom: Newsroom) -> None:
    """A token that was used, ran out or is cut short is as good as none; a live one in a group neither."""
    stranger, other = newsroom.world.add_user("Stranger"), newsroom.world.add_user("Other")
    used, old, live = await newsroom.invite(Role.JOURNALIST, Role.JOURNALIST, Role.ADMIN)
    newsroom.world.start(other, used)
    await newsroom.quiet()
    newsroom.world.start(other, old)  # a member's own press of a second link uses nothing up
    await newsroom.quiet()
    newsroom.bot_clock.shift += EXPIRED
    (fresh,) = await newsroom.invite(Role.ADMIN)
    group = newsroom.world.add_group("Group", members=[stranger])
    watch = Watch(newsroom, stranger)
    for text in (used, old, live, fresh[:-1], f"{fresh} ", f" {fresh}", f"{fresh}\n", f"x{fresh}"):
        newsroom.world.send_text(stranger, f"/start {text}")
    newsroom.world.send_text(stranger, f"/start@{newsroom.world.bot.username} {fresh}", chat=group)
    newsroom.world.forward(stranger, outsiders.ORIGINS["user"], f"/START {fresh}")
    newsroom.world.edit_text(stranger, newsroom.world.send_text(stranger, "hm"), f"/start {fresh}")
    newsroom.world.send_photo(stranger, outsiders.picture(9), caption=f"/start {fresh}")
    await watch.nothing_happened("dead tokens")
    newsroom.world.start(stranger, fresh)
    await newsroom.heard(stranger, "Ак-Калкан")


async def test_a_removed_member_is_a_stranger(newsroom: Newsroom) -> None:
    """From the removal on: nothing said, nothing kept; old buttons do nothing, the menu is gone."""
    member, card = await _member_with_card(newsroom)
    (admin,) = await newsroom.join(Role.ADMIN)
    old = [card, newsroom.world.bot_messages(member)[1]]
    assert newsroom.world.menus.shown_to(member, newsroom.world.private_chat(member))
    await newsroom.order(admin, "/remove 1")
    assert newsroom.world.menus.shown_to(member, newsroom.world.private_chat(member)) == []
    before = len(newsroom.world.bot_messages(member))
    watch = Watch(newsroom, member)
    attack(newsroom, member, old)
    await watch.nothing_happened("a removed member")
    assert len(newsroom.world.bot_messages(member)) == before


async def test_who_waits_for_the_admin_is_a_stranger(newsroom: Newsroom) -> None:
    """The bearer of an invite hears that an administrator decides, and nothing more until then."""
    _, card = await _member_with_card(newsroom)
    (admin,) = await newsroom.join(Role.ADMIN)
    link = await newsroom.order(admin, "/invite editor")
    bearer = newsroom.world.add_user("Bearer")
    newsroom.world.start(bearer, link.text.partition("?start=")[2].split()[0])
    await newsroom.quiet()
    assert len(newsroom.world.bot_messages(bearer)) == 1
    newsroom.later()
    watch = Watch(newsroom, bearer)
    attack(newsroom, bearer, [card, newsroom.world.bot_messages(admin)[-1]])
    await watch.nothing_happened("a bearer who waits")
