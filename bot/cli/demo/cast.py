"""Who plays in the demo: four members of a made-up newsroom, and a stranger."""

from dataclasses import dataclass
from typing import Final

from bot.simulator import Chat, User, World

NEWSROOM: Final = "Ак-Калкан медиа"
BOT_USERNAME: Final = "kalkan_demo_bot"


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """The people of the demo and the group in which the newsroom talks."""

    journalist: User
    editor: User
    security: User
    admin: User
    stranger: User
    group: Chat


def enter(world: World) -> People:
    """Let everybody step onto the stage; nobody has spoken to the bot yet."""
    journalist = world.add_user(
        "Айгерим", last_name="Чынарова", username="aigerim_demo", language_code="ky", caption="journalist"
    )
    editor = world.add_user(
        "Данияр", last_name="Көлмаев", username="daniyar_demo", language_code="ru", caption="editor"
    )
    security = world.add_user(
        "Нурлан", last_name="Кербенов", username="nurlan_demo", language_code="ru", caption="security lead"
    )
    admin = world.add_user("Alice", last_name="Archway", username="alice_demo", language_code="en", caption="admin")
    stranger = world.add_user("Санжар", username="sanjar_visitor_demo", language_code="ru", caption="stranger")
    group = world.add_group("Ак-Калкан · редакция", members=(journalist, editor, security, admin), owner=admin)
    return People(journalist=journalist, editor=editor, security=security, admin=admin, stranger=stranger, group=group)
