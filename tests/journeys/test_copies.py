"""The same text from several accounts: copies are paged and compared, campaigns grow, editors merge and split them."""

import re

import pytest

from bot.model.rights import Role
from bot.simulator import StoredMessage, User, origins
from handlers.buttons import Press
from tests.bot_runner import BY_THE_CLOCK, Newsroom, actions_of, data_of, until

#: What looking something up may leave behind.
TRACES = frozenset({"inbox_updates", "outbox_messages", "sent_messages"})
#: And that somebody looked, in the custody log: who, and a keyed hash of the words.
AUDITED = frozenset({"custody_entries", "custody_bodies", "custody_keys", "custody_logs", "openings"})

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "Редактор Бек Асанов продался за гранты и каждый день врёт своим читателям"
VARIANTS = (
    TEXT,
    f"{TEXT.upper()} 🤡🤡",
    f"{TEXT}. Народ вам этого никогда не простит!",
)
NEW_WORDS = "Завтра в Оше обещают сильный дождь с градом и порывистый ветер"


async def forward_all(room: Newsroom, who: User, texts: tuple[str, ...] = VARIANTS, name: str = "troll") -> None:
    """Each text by an account of its own, forwarded one after the other; the campaigns are up to date after it."""
    for number, text in enumerate(texts):
        room.world.forward(who, origins.from_user(f"Тролль {number}", username=f"{name}_{number}"), text)
        room.later()
        await room.quiet()
    await until(lambda: room.database.value("SELECT count(*) FROM texts WHERE state < 2") == 0, 15, room)


async def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


async def forge(room: Newsroom, who: User, message: StoredMessage, press: Press) -> None:
    """A press that the bot never offered this person, with a signature of its own key."""
    room.world.press_data(who, message, room.signed(who, message, press))
    await room.quiet()


def now(room: Newsroom, who: User, message: StoredMessage) -> StoredMessage:
    """A message as it stands after edits."""
    return room.world.message((who.id, message.message_id))


async def test_copies_are_counted_paged_and_compared(newsroom: Newsroom) -> None:
    """The card counts them; the page says who, when and what differs; the picture comes behind a spoiler."""
    who, editor = await newsroom.join(Role.JOURNALIST, Role.EDITOR)
    await forward_all(newsroom, who)
    card = newsroom.card(who, 3)
    assert "🔁 Seen 2 times from 2 accounts since" in card.text
    assert "first by Telegram · troll_0" in card.text
    await newsroom.press(who, card, "copies")
    page = await newest(newsroom, who)
    lines = page.text.splitlines()
    assert [line.split(" · ")[1] for line in lines if re.match(r"\d\. ", line)] == ["troll_1", "troll_0"]
    assert "something " in page.text
    assert {"strikethrough", "spoiler"} <= {entity["type"] for entity in page.entities}
    await newsroom.press(who, page, "diff")
    picture = await newest(newsroom, who)
    assert picture.body["photo"]
    assert "troll_" in picture.text
    request = newsroom.world.journal.find(method="sendPhoto", chat_id=who.id)[-1]
    assert str(request.params["has_spoiler"]).lower() == "true"
    assert str(request.params["protect_content"]).lower() == "true"
    same = await newsroom.order(editor, "/copies K-3")
    assert "troll_0" in same.text
    assert "nevercase" in actions_of(same)
    assert "nevercase" not in actions_of(page)


async def test_pages_turn_in_place(newsroom: Newsroom) -> None:
    """Five copies a page, newest first; older and newer ones take their place in the same message."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    await forward_all(newsroom, who, tuple(f"{TEXT}{'!' * number}" for number in range(8)))
    page = await newsroom.order(who, "/copies")
    assert re.findall(r"(\d)\. Telegram · troll_(\d)", page.text) == [(str(n), str(7 - n)) for n in range(1, 6)]
    before = len(newsroom.world.bot_messages(who))
    await newsroom.press(who, page, "copies", "1")
    older = now(newsroom, who, page)
    assert re.findall(r"(\d)\. Telegram · troll_(\d)", older.text) == [("6", "1"), ("7", "0")]
    await newsroom.press(who, older, "copies", "0")
    assert now(newsroom, who, page).text == page.text
    assert len(newsroom.world.bot_messages(who)) == before


async def test_a_rejected_copy_is_not_offered_again(newsroom: Newsroom) -> None:
    """The reporter says that it is no copy; a colleague without the right may not."""
    who, colleague = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST)
    await forward_all(newsroom, who)
    page = await newsroom.order(who, "/copies")
    assert "K-3" in page.text
    stranger = await newsroom.order(colleague, "/copies K-3")
    assert "reject" not in actions_of(stranger)
    rejected = data_of(page, "reject").split(":")
    await forge(
        newsroom, colleague, stranger, Press(action="reject", subject=int(rejected[1], 16), argument=rejected[2])
    )
    assert "not available" in (await newest(newsroom, colleague)).text
    count = page.text.count("troll_")
    await newsroom.press(who, page, "reject")
    assert now(newsroom, who, page).text.count("troll_") < count
    assert now(newsroom, who, page).text.count("troll_") == (await newsroom.order(who, "/copies")).text.count("troll_")


async def test_looking_up_files_nothing(newsroom: Newsroom) -> None:
    """/find says what is known of a text, kindly when nothing is, and leaves no case and no comment behind."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    await forward_all(newsroom, who)
    before = newsroom.database.counts()
    found = await newsroom.order(who, f"/find {TEXT.replace('Редактор', 'редактор')} 🤡")
    assert "troll_0" in found.text
    assert "fdiff" in actions_of(found)
    await newsroom.press(who, found, "fdiff")
    assert (await newest(newsroom, who)).body["photo"]
    unknown = await newsroom.order(who, f"/find {NEW_WORDS}")
    assert "Nothing like this is known yet" in unknown.text
    assert "/find" in (await newsroom.order(who, "/find")).text
    after = newsroom.database.counts()
    assert {table for table in after if after[table] != before[table]} <= TRACES | AUDITED | BY_THE_CLOCK


async def test_a_campaign_grows_and_is_split_and_merged(newsroom: Newsroom) -> None:
    """It is listed and shown; an editor splits a text off and merges it again, by name; a journalist may not."""
    who, editor = await newsroom.join(Role.JOURNALIST, Role.EDITOR, names=("Репортёр", "Редактор"))
    await forward_all(newsroom, who)
    listed = await newsroom.order(who, "/campaigns 7d")
    assert "/campaign_1" in listed.text
    assert "no such campaigns" in (await newsroom.order(who, "/campaigns 7d Чолпон")).text
    shown = await newsroom.order(who, "/campaign C-1")
    assert "2 times" in shown.text or "3 times" in shown.text
    assert "troll_0" in shown.text
    assert actions_of(shown) == ["ccopies"]
    for press in (
        Press(action="splits", subject=1),
        Press(action="split", subject=1, argument="1"),
        Press(action="merge", subject=1, argument="2"),
        Press(action="mergeyes", subject=1, argument="2"),
        Press(action="nevers", subject=1),
        Press(action="never", subject=1, argument="1.0"),
    ):
        await forge(newsroom, who, shown, press)
        assert "not available" in (await newest(newsroom, who)).text
    assert newsroom.database.value("SELECT count(*) FROM campaigns") == 1

    card = await newsroom.order(editor, "/campaign_1")
    await newsroom.press(editor, card, "splits")
    await newsroom.press(editor, now(newsroom, editor, card), "split")
    parted = now(newsroom, editor, card)
    assert "C-2" in parted.text
    assert "Редактор" in parted.text
    assert len(newsroom.database.rows("SELECT DISTINCT campaign_id FROM texts WHERE campaign_id IS NOT NULL")) == 2
    await newsroom.press(editor, parted, "merge")
    asked = now(newsroom, editor, card)
    assert actions_of(asked) == ["mergeyes", "campaign"]
    assert len(newsroom.database.rows("SELECT DISTINCT campaign_id FROM texts WHERE campaign_id IS NOT NULL")) == 2
    await newsroom.press(editor, asked, "mergeyes")
    joined = now(newsroom, editor, card)
    assert "split" in actions_of(joined)
    assert len(newsroom.database.rows("SELECT DISTINCT campaign_id FROM texts WHERE campaign_id IS NOT NULL")) == 1
    await newsroom.press(editor, joined, "campaign")
    history = now(newsroom, editor, card).text
    assert history.count("👤") == 2
    assert history.count("(Редактор)") == 2
    assert "C-2 was merged into C-1" in (await newsroom.order(who, "/campaign 2")).text
    await newsroom.press(who, shown, "ccopies")
    assert "troll_2" in (await newest(newsroom, who)).text


async def test_what_everybody_writes_is_no_copy(newsroom: Newsroom) -> None:
    """An editor puts a text on the never-match list and takes it off again; until then it is nobody's copy."""
    who, editor = await newsroom.join(Role.JOURNALIST, Role.EDITOR)
    await forward_all(newsroom, who, (TEXT, TEXT))
    assert "not available" in (await newsroom.order(who, "/phrases")).text
    assert "troll_0" in (await newsroom.order(who, "/copies K-2")).text
    assert "never-match list now" in (await newsroom.order(editor, f"/phrases add {TEXT}")).text
    assert "already" in (await newsroom.order(editor, f"/phrases добавить {TEXT}")).text
    assert "troll_0" not in (await newsroom.order(who, "/copies K-2")).text
    assert "on the never-match list" in (await newsroom.order(who, f"/find {TEXT}")).text
    listed = await newsroom.order(editor, "/phrases")
    await newsroom.press(editor, listed, "phraserm")
    assert "empty" in now(newsroom, editor, listed).text
    assert "troll_0" in (await newsroom.order(who, "/copies K-2")).text
