"""What a handler holds in its hand: the update's work, the member who sent it, the desk."""

from contextvars import ContextVar
from typing import Any

from telegram import Update
from telegram.ext import CallbackContext, ExtBot

from bot.model.dialog import Dialog
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.services.stage import Stage
from handlers.desk import FrontDesk

DESK = "desk"
CURRENT_STAGE: ContextVar[Stage] = ContextVar("current_stage")
# PTB makes a second context for its error handlers: what belongs to the update hangs on the task, not on a context.
CURRENT_MEMBER: ContextVar[Member] = ContextVar("current_member")
CURRENT_NEWSROOM: ContextVar[int] = ContextVar("current_newsroom")
#: Whether the newsroom is locked down, as the gate found it.
CURRENT_LOCKED: ContextVar[bool] = ContextVar("current_locked", default=False)
CURRENT_RAW: ContextVar[str | None] = ContextVar("current_raw", default=None)
# Errors that no handler turned into a sentence; PTB swallows them, the inbox must not.
CURRENT_FAILURES: ContextVar[list[Exception]] = ContextVar("current_failures")

Data = dict[Any, Any]


class DeskContext(CallbackContext[ExtBot[None], Data, Data, Data]):
    """PTB's context with the newsroom's things; chat and user data are not used: state lives in the store."""

    _asked: tuple[Dialog | None] | None = None

    @property
    def desk(self) -> FrontDesk:
        """The services."""
        desk: FrontDesk = self.application.bot_data[DESK]
        return desk

    @property
    def stage(self) -> Stage:
        """Where the effects of this update are collected."""
        return CURRENT_STAGE.get()

    @property
    def newsroom_id(self) -> int:
        """The newsroom to which the sender belongs, or is invited."""
        return CURRENT_NEWSROOM.get()

    @property
    def raw(self) -> str | None:
        """The update as Telegram wrote it."""
        return CURRENT_RAW.get()

    @property
    def member(self) -> Member:
        """Who sent the update; let in by the gate before any handler runs."""
        return CURRENT_MEMBER.get()

    async def dialog(self) -> Dialog | None:
        """What the member was asked and has not answered yet; looked up once, for all who might take the answer."""
        if self._asked is None:
            self._asked = (await self.desk.dialogs.of(self.member),)
        return self._asked[0]

    def say(self, *outgoing: Outgoing) -> None:
        """Queue messages with the update's effects."""
        self.desk.replies.say(self.stage, *outgoing)


def sender_of(update: Update) -> int | None:
    """The Telegram id of who sent an update."""
    user = update.effective_user
    return user.id if user is not None else None
