"""Where imports find what they need, whoever orders them: a command, a message, the demo."""

from bot.services.imports.room import ImportRoom
from bot.wiring.desk import Desk


def import_room(desk: Desk) -> ImportRoom:
    """The room of a desk's newsroom."""
    return ImportRoom(
        store=desk.store,
        clock=desk.clock,
        vault=desk.vault,
        analysis=desk.analysis,
        newsroom_id=desk.newsroom.id,
        image_bytes=desk.settings.image_bytes,
        erased=desk.erased_accounts,
    )
