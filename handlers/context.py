"""What a handler holds in its hand: the update's work, the member who sent it, the desk."""

from contextvars import ContextVar
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.services.stage import Stage
from handlers.desk import FrontDesk

DESK = "desk"
CURRENT_STAGE: ContextVar[Stage] = ContextVar("current_stage")
CURRENT_NEWSROOM: ContextVar[int] = ContextVar("current_newsroom")
# Errors that no handler turned into a sentence; PTB swallows them, the inbox must not.
CURRENT_FAILURES: ContextVar[list[Exception]] = ContextVar("current_failures")

Data = dict[Any, Any]


class DeskContext(CallbackContext[ExtBot[None], Data, Data, Data]):
    """PTB's context with the newsroom's things; chat and user data are not used: state lives in the store."""

    def __init__(
        self,
        application: "Application[Any, Any, Any, Any, Any, Any]",
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id, user_id)
        self._member: Member | None = None

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
    def member(self) -> Member:
        """Who sent the update; set by the gate before any handler runs."""
        if self._member is None:
            raise LookupError("a handler ran before the gate")
        return self._member

    @member.setter
    def member(self, member: Member) -> None:
        self._member = member

    def say(self, *outgoing: Outgoing) -> None:
        """Queue messages with the update's effects."""
        self.desk.replies.say(self.stage, *outgoing)


def sender_of(update: Update) -> int | None:
    """The Telegram id of who sent an update."""
    user = update.effective_user
    return user.id if user is not None else None
