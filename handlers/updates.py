"""One update from the inbox through PTB's application: parsed, routed, its effects left on the stage."""

import json
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.errors import UnreadableUpdate
from bot.services.stage import Stage
from handlers.context import CURRENT_FAILURES, CURRENT_MEMBER, CURRENT_NEWSROOM, CURRENT_RAW, CURRENT_STAGE, DESK
from handlers.reading import cleaned
from handlers.refusing import Tell, refusing_later


async def handle(
    application: "Application[Any, Any, Any, Any, Any, Any]", newsroom_id: int, raw: str, stage: Stage
) -> Tell | None:
    """Handle one raw update; returns how a member is told when the transaction of its effects refuses them.

    Raises UnreadableUpdate, or what a handler could not put into words.
    """
    update = _parsed(application, raw)
    failures: list[Exception] = []
    CURRENT_STAGE.set(stage)
    CURRENT_NEWSROOM.set(newsroom_id)
    CURRENT_RAW.set(raw)
    CURRENT_FAILURES.set(failures)
    await application.process_update(update)
    if failures:
        raise failures[0]
    member = CURRENT_MEMBER.get(None)
    return refusing_later(application.bot_data[DESK], member, update) if member is not None else None


def _parsed(application: "Application[Any, Any, Any, Any, Any, Any]", raw: str) -> Update:
    try:
        return Update.de_json(cleaned(json.loads(raw)), application.bot)
    except Exception as error:
        # PTB raises whatever its constructors raise: TypeError, KeyError, ValueError, and for far dates OverflowError.
        raise UnreadableUpdate("an update could not be parsed") from error
