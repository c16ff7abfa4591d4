"""The web chat page in a real browser, at a desk and on a phone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup

from bot.simulator import Simulator, User, World
from bot.simulator.origins import from_hidden_user
from tests.simulator.browser import CHROMIUM, Tab, browser, new_tab
from tests.simulator.conftest import picture

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'


@pytest.fixture(scope="module")
def devtools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One browser for all tests of this file."""
    with browser(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture
async def tab(devtools: str) -> AsyncIterator[Tab]:
    """A browser's tab; an error in its console fails the test."""
    async with new_tab(devtools) as opened:
        yield opened
        assert opened.console == []


@pytest.fixture
def editor(world: World) -> User:
    """A second person to be."""
    return world.add_user("Nurlan", language_code="ru", caption="editor", started=True)


def _shown(test_id: str, more: str = "") -> str:
    """A JavaScript list of the texts of all nodes with a test id."""
    return f"[...document.querySelectorAll('[data-testid={test_id}]{more}')].map((n) => n.textContent)"


async def test_a_conversation(
    simulator: Simulator, world: World, bot: Bot, aigul: User, editor: User, tab: Tab
) -> None:
    """Type, get an answer, press a button, see the edit in place, the reaction, and be somebody else."""
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    await tab.type("#text", "салам")
    await tab.key("Enter", 13)
    await world.wait_until(lambda: len(world.chat_messages(aigul)) == 1)
    said = world.chat_messages(aigul)[0]
    await bot.send_chat_action(aigul.id, "typing")
    await tab.until("!document.querySelector('#typing').hidden")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Undo", callback_data="undo")]])
    card = await bot.send_message(aigul.id, "<b>K-1</b> reading", parse_mode="HTML", reply_markup=keyboard)
    await tab.until("document.querySelector('#typing').hidden")
    await bot.set_message_reaction(aigul.id, said.message_id, "👀")
    await tab.until(f"{_shown('reaction')}[0]?.includes('👀')")
    await tab.click("[data-testid=inline-button]")
    await world.wait_until(lambda: bool(world.presses))
    await bot.answer_callback_query(next(iter(world.presses)), "Undone!")
    await tab.until(f"{_shown('toast')}.includes('Undone!')")
    await bot.edit_message_text("K-1 done", aigul.id, card.message_id)
    await tab.until(f"{_shown('message-text')}.join('|') === 'салам|K-1 done'")
    await bot.send_message(editor.id, "one")
    await bot.send_message(editor.id, "two")
    await tab.until(f"{_shown('unread')}.join() === '2'")
    await tab.click(f'[data-persona="{editor.id}"]')
    await tab.until(f"{_shown('message-text')}.join('|') === 'one|two'")
    assert await tab.run(f"{_shown('unread')}.length") == 0


async def test_files_by_field_and_by_drop(
    simulator: Simulator, world: World, aigul: User, tab: Tab, tmp_path: Path
) -> None:
    """Five pictures picked become an album of photos; two dropped on the lower half become files."""
    paths = [tmp_path / f"{number}.jpg" for number in range(5)]
    for path in paths:
        path.write_bytes(picture())
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    await tab.choose_files("#pick-photo", paths)
    await tab.type("[data-testid=caption]", "five")
    await tab.click("[data-testid=send-files]")
    await world.wait_until(lambda: len(world.chat_messages(aigul)) == 5)
    await tab.until(f"{_shown('photo')}.length === 5")
    assert await tab.run(f"{_shown('message')}.length") == 1
    await tab.drop_files("[data-testid=drop-file]", paths[:2])
    await tab.click("[data-testid=send-files]")
    await world.wait_until(lambda: len(world.chat_messages(aigul)) == 7)
    await tab.until(f"{_shown('document')}.length === 2")
    bodies = [message.body for message in world.chat_messages(aigul)]
    assert [("photo" in body, "document" in body) for body in bodies] == [(True, False)] * 5 + [(False, True)] * 2
    assert bodies[0]["caption"] == "five"
    assert len({body["media_group_id"] for body in bodies}) == 2


async def test_forwards_in_a_burst(simulator: Simulator, world: World, aigul: User, tab: Tab) -> None:
    """Chosen ready material goes at once with its origin; so do one's own forwards of any origin."""
    for number in range(3):
        world.add_library_item(f"Item {number}", "text", f"abuse {number}", origin=from_hidden_user("Тень"))
    world.add_library_item("Shot", "photo", picture(), group="Pictures")
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    await tab.click("#forward")
    for item in (1, 3, 4):
        await tab.click(f'[data-item="{item}"]')
    await tab.click("[data-testid=forward-chosen]")
    await world.wait_until(lambda: len(world.chat_messages(aigul)) == 3)
    await tab.until("!document.querySelector('dialog')")
    await tab.click("#forward")
    await tab.click("[data-testid=tab-own]")
    for kind, text in (("channel", "first"), ("hidden_user", "second")):
        await tab.run(
            f"(() => {{ const s = document.querySelector('[data-testid=origin-type]'); s.value = '{kind}';"
            " s.dispatchEvent(new Event('change')); })()"
        )
        await tab.type("[data-testid=origin-name]", "X")
        await tab.type("[data-testid=forward-text]", text)
        await tab.click("[data-testid=add-to-burst]")
    await tab.click("[data-testid=forward-own]")
    await world.wait_until(lambda: len(world.chat_messages(aigul)) == 5)
    origins = [m.body.get("forward_origin", {}).get("type") for m in world.chat_messages(aigul)]
    assert origins == ["hidden_user", "hidden_user", None, "channel", "hidden_user"]


async def test_commands_links_and_spoilers(simulator: Simulator, world: World, bot: Bot, aigul: User, tab: Tab) -> None:
    """The person's own menu, a deep link as this person, text and pictures revealed by a click."""
    await bot.set_my_commands([BotCommand("mine", "my cases")], BotCommandScopeChat(aigul.id))
    await tab.open(f"{simulator.address}/#as={aigul.id}", **PHONE)
    await tab.type("#text", "/m")
    await tab.click('[data-command="mine"]')
    await world.wait_until(lambda: len(world.chat_messages(aigul)) == 1)
    assert world.chat_messages(aigul)[0].text == "/mine"
    link = f"https://t.me/{world.bot.username}?start=TOKEN_1"
    await bot.send_message(aigul.id, f"<tg-spoiler>abuse</tg-spoiler> {link}", parse_mode="HTML")
    await bot.send_photo(aigul.id, picture(), has_spoiler=True)
    await tab.click("[data-testid=spoiler]")
    await tab.until("document.querySelector('.spoiler.open')")
    await tab.click("[data-testid=photo-spoiler]")
    await tab.until("!document.querySelector('.veiled')")
    await tab.click("[data-testid=deep-link]")
    await world.wait_until(lambda: any(m.text == "/start TOKEN_1" for m in world.chat_messages(aigul)))


async def test_editing_reacting_and_deleting(simulator: Simulator, world: World, aigul: User, tab: Tab) -> None:
    """The menu of a message edits, reacts, replies and deletes as the person."""
    said = world.send_text(aigul, "befor")
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    await tab.click("[data-testid=message-menu]")
    await tab.click("[data-item=edit]")
    await tab.run("document.querySelector('#text').select()")
    await tab.type("#text", "before")
    await tab.click("#send")
    await world.wait_until(lambda: said.text == "before")
    await tab.until(f"{_shown('edited')}.length === 1")
    await tab.click("[data-testid=message-menu]")
    await tab.click('[data-emoji="👍"]')
    await world.wait_until(lambda: said.emoji_of(aigul.id) == ["👍"])
    await tab.click("[data-testid=message-menu]")
    await tab.click("[data-item=trash]")
    await world.wait_until(lambda: world.chat_messages(aigul) == [])
    await tab.until(f"{_shown('message')}.length === 0")


async def test_nothing_is_read_as_markup(simulator: Simulator, world: World, bot: Bot, tab: Tab) -> None:
    """Hostile names, texts, captions, file names, titles, buttons and answers are shown as they are."""
    mallory = world.add_user(EVIL, last_name=EVIL, username="mallory", caption=EVIL, started=True)
    world.add_group(EVIL, members=[mallory])
    world.add_library_item(EVIL, "text", EVIL, origin=from_hidden_user(EVIL), group=EVIL)
    world.forward(mallory, from_hidden_user(EVIL), EVIL)
    world.send_photo(mallory, picture(), caption=EVIL)
    world.send_document(mallory, b"x", f"{EVIL}.html", "text/html")
    await bot.set_my_description(EVIL)
    await bot.set_my_commands([BotCommand("x", EVIL)])
    link = f'<a href="tg://x?javascript:alert(1)">x</a> {EVIL.replace("<", "&lt;")}'
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(EVIL, callback_data="x")]])
    await bot.send_message(mallory.id, link, parse_mode="HTML", reply_markup=keyboard)
    await tab.open(f"{simulator.address}/#as={mallory.id}", **DESK)
    await tab.click("[data-testid=inline-button]")
    await world.wait_until(lambda: bool(world.presses))
    await bot.answer_callback_query(next(iter(world.presses)), EVIL, show_alert=True)
    await tab.until(f"{_shown('alert')}[0]?.includes('<script>')")
    await tab.click("[data-testid=alert] button")
    await tab.click("#commands")
    await tab.click("#forward")
    await tab.until(f"{_shown('library-item')}[0]?.includes('<script>')")
    assert await tab.run("window.pwned === undefined && !document.querySelector('#app img[src=x], dialog img[src=x]')")


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(390, "light"), pytest.param(390, "dark", marks=SLOW), pytest.param(320, "light", marks=SLOW)],
)
async def test_a_phone(
    simulator: Simulator, world: World, bot: Bot, aigul: User, editor: User, tab: Tab, width: int, scheme: str
) -> None:
    """Nothing is wider than the screen, whatever can be tapped is at least 40 pixels high, the drawer opens."""
    world.send_text(aigul, "длинноеслово" * 40 + " https://example.org/" + "x" * 200)
    world.send_album(aigul, [picture(color=color) for color in ("red", "green", "blue", "gold", "gray")])
    world.send_photo(aigul, picture(1200, 300))
    world.send_document(aigul, b"x", "очень-длинное-имя-файла-" * 5 + ".pdf", "application/pdf")
    buttons = [
        [InlineKeyboardButton("Длинная подпись кнопки", callback_data=f"{row}{n}") for n in range(3)]
        for row in range(2)
    ]
    await bot.send_message(
        aigul.id, f"<pre>{'code ' * 60}</pre><blockquote expandable>{'line' * 99}</blockquote>",
        parse_mode="HTML", reply_markup=InlineKeyboardMarkup(buttons),
    )  # fmt: skip
    await tab.open(f"{simulator.address}/#as={aigul.id}", width=width, height=844, scheme=scheme)
    await tab.until(f"{_shown('message')}.length === 5")
    wide = "[document.documentElement, ...document.querySelectorAll('#scroller, #drawer, dialog')]"
    assert await tab.run(f"{wide}.every((n) => n.scrollWidth <= n.clientWidth)")
    small = (
        "[...document.querySelectorAll('button, a.document, a.key, select, input')]"
        ".filter((n) => n.checkVisibility() && n.getClientRects().length && n.type !== 'checkbox')"
        ".filter((n) => Math.round(n.getBoundingClientRect().height) < 40)"
        ".map((n) => n.getBoundingClientRect().height + n.outerHTML.slice(0, 90))"
    )
    assert await tab.run(small) == []
    await tab.click("#drawer-toggle")
    await asyncio.sleep(0.4)
    assert await tab.run(small) == []
    await tab.click(f'[data-persona="{editor.id}"]')
    await tab.until("!document.body.classList.contains('drawer-open')")
    await tab.click("#forward")
    assert await tab.run(small) == []
    assert await tab.run(f"{wide}.every((n) => n.scrollWidth <= n.clientWidth)")


async def test_each_person_has_a_place_in_the_chat(
    simulator: Simulator, world: World, bot: Bot, aigul: User, editor: User, tab: Tab
) -> None:
    """Switching people and back keeps where one was reading; a draft stays too."""
    for number in range(60):
        world.send_text(aigul, f"line {number}")
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    await tab.until("document.querySelector('#scroller').scrollTop > 500")
    await tab.run("document.querySelector('#scroller').scrollTop = 200")
    await tab.until("!document.querySelector('#to-bottom').hidden")
    await tab.type("#text", "half a sentence")
    await tab.click(f'[data-persona="{editor.id}"]')
    await tab.until("document.querySelector('#text').value === ''")
    await tab.click(f'[data-persona="{aigul.id}"]')
    await tab.until("document.querySelector('#text').value === 'half a sentence'")
    assert await tab.run("Math.abs(document.querySelector('#scroller').scrollTop - 200) < 3")
    await bot.send_message(aigul.id, "below")
    await tab.until("document.querySelector('#to-bottom .badge').textContent === '1'")
    await tab.click("#to-bottom")
    await tab.until("document.querySelector('#to-bottom').hidden")


async def test_the_page_survives_a_gap(simulator: Simulator, world: World, aigul: User, tab: Tab) -> None:
    """A page that missed more events than are remembered reads everything anew."""
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    for _ in range(5_200):
        world.events.publish("typo", {})
    world.send_text(aigul, "after the gap")
    await tab.until(f"{_shown('message-text')}.includes('after the gap')")


async def test_languages_of_the_page(simulator: Simulator, aigul: User, tab: Tab) -> None:
    """The page's own words come in English, Russian and Kyrgyz."""
    await tab.open(f"{simulator.address}/#as={aigul.id}", **DESK)
    for code, word in (("ru", "Сообщение"), ("ky", "Билдирүү"), ("en", "Message")):
        await tab.click(f"[data-language={code}]")
        await tab.until(f"document.querySelector('#text').placeholder === '{word}'")
        assert await tab.run("document.documentElement.lang") == code
