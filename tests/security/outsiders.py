"""Everything that somebody can send to a bot: made from the router's own tables and the simulator's acts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bot.simulator import StoredMessage, User, World, origins
from bot.simulator.attachments import KINDS
from handlers.commands import COMMANDS
from handlers.presses import ACTIONS
from tests.journeys.burst import picture

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Act = Callable[[World, User], object]

ORIGINS = {
    "user": origins.from_user("Somebody", username="somebody"),
    "hidden_user": origins.from_hidden_user("Hidden Name"),
    "chat": origins.from_chat("A group", username="a_group"),
    "channel": origins.from_channel("A channel", username="a_channel", message_id=7),
}
WORDS = ("start", *(command.name for command in COMMANDS), "nosuchcommand", "case_1", "cancel", "panic")
ARGUMENTS = ("", " 1", " K-1", " admin", " https://facebook.com/some.body", " add Somebody; other", " case_1", " AAAA")


def commands() -> Iterator[tuple[str, Act]]:
    """Every command of the table, /start and unknown ones, alone, with words, and named for the bot."""
    for name in WORDS:
        for argument in ARGUMENTS:
            yield f"/{name}{argument}", _text(f"/{name}{argument}")
        yield f"/{name}@", lambda world, who, name=name: world.send_text(who, f"/{name}@{world.bot.username}")
        yield f"/{name.upper()}", _text(f"/{name.upper()}")
    for token in ("A" * 22, "A" * 64, "A" * 65, "short", "A" * 21 + "!", "case_1", "invite_1", "é" * 22):
        yield f"/start {token}", _text(f"/start {token}")


def messages() -> Iterator[tuple[str, Act]]:
    """Every kind of message in a private chat."""
    yield "text", _text("Салам! https://facebook.com/some.body")
    for kind, origin in ORIGINS.items():
        yield f"forward of {kind}", lambda world, who, origin=origin: world.forward(who, origin, "Words of another")
        yield (
            f"forwarded photo of {kind}",
            lambda world, who, origin=origin: world.forward(who, origin, "Words", photo=picture(1)),
        )
    yield "forwarded command", lambda world, who: world.forward(who, ORIGINS["user"], "/members")
    yield "photo", lambda world, who: world.send_photo(who, picture(2), caption="/fake https://facebook.com/a.b")
    yield (
        "document",
        lambda world, who: world.send_document(who, picture(3, kind="PNG"), "a.png", "image/png", caption="caption"),
    )
    yield "album", lambda world, who: world.send_album(who, [picture(4), picture(5), picture(6)], caption="/help")
    for kind in KINDS:
        yield kind, lambda world, who, kind=kind: world.send_attachment(who, kind)
    yield "edit", lambda world, who: world.edit_text(who, world.send_text(who, "before"), "/start after")
    yield "reaction", lambda world, who: world.react(who, world.send_text(who, "mine"), "👍")
    yield "block", lambda world, who: world.block(who)
    yield "unblock", lambda world, who: world.unblock(who)


def in_places(world: World, who: User) -> None:
    """In groups and channels: the bot is added, named, commanded, replied to, made administrator, thrown out."""
    group = world.add_group("Strangers", members=[who], announce=True)
    name = f"@{world.bot.username}"
    for text in ("hello", f"{name} what is known?", f"/start{name}", f"/members{name}", f"{name} /help"):
        world.send_text(who, text, chat=group)
    said = world.send_text(who, "nonsense", chat=group)
    world.send_text(who, name, chat=group, reply_to=said)
    world.edit_text(who, said, f"{name} nonsense")
    world.react(who, said, "👎")
    world.send_photo(who, picture(8), caption=name, chat=group)
    world.set_member(group, world.bot, "administrator", by=who)
    world.send_text(who, "an administrator reads all", chat=group)
    world.set_member(group, world.bot, "kicked", by=who)
    channel = world.add_channel("Channel of strangers", owner=who)
    world.post(channel, f"{name} /start")
    world.set_member(channel, world.bot, "kicked", by=who)


def presses(seen: StoredMessage) -> Iterator[tuple[str, str]]:
    """Callback data: a member's own, altered, cut, and invented for every action of the table."""
    for button in seen.buttons:
        data = str(button.get("callback_data", ""))
        if data:
            yield "copied", data
            yield from altered(data)
    for action in (*ACTIONS, "nosuchaction", "start"):
        for data in (action, f"{action}:0:", f"{action}:0::", f"{action}:1::AAAAAAAAAAAAAA", f"{action}:zz:yes:", "::"):
            yield f"invented {action}", data


def altered(data: str) -> Iterator[tuple[str, str]]:
    """A signed press with each of its fields changed."""
    body, _, mac = data.rpartition(":")
    action, subject, argument = body.split(":", 2)
    other = next(name for name in ACTIONS if name != action)
    yield "other action", f"{other}:{subject}:{argument}:{mac}"
    yield "other subject", f"{action}:{int(subject, 16) + 1:x}:{argument}:{mac}"
    yield "upper-case subject", f"{action}:0{subject}:{argument}:{mac}"
    yield "other argument", f"{action}:{subject}:{argument}x:{mac}"
    yield "cut", data[:-1]
    yield "other signature", f"{body}:{mac[:-1]}{'A' if mac[-1] != 'A' else 'B'}"
    yield "no signature", f"{body}:"
    yield "spaces", f" {data}"


def _text(text: str) -> Act:
    return lambda world, who: world.send_text(who, text)
