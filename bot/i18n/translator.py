"""Translators: one language's messages, filled in for Telegram's HTML or as plain text."""

import gettext
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Generic, TypeVar

from bot.i18n.formats import Formats
from bot.i18n.messages import Html, MessageFault, fill, placeholders

logger = logging.getLogger(__name__)

Text = TypeVar("Text", bound=str)


class _Messages(Formats, ABC, Generic[Text]):
    """The four ways of looking a message up, for either kind of text.

    With ``strict`` a message that cannot be filled in raises `MessageFault`, for tests; without it the reader gets the
    English text and the fault is logged.
    """

    def __init__(self, language: str, messages: gettext.NullTranslations, *, strict: bool = False) -> None:
        super().__init__(language)
        self._messages = messages
        self._strict = strict

    def gettext(self, message: str, /, **values: object) -> Text:
        """The message in this language."""
        return self._show(self._messages.gettext(message), message, values)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> Text:
        """The message in the plural form for n; ``{n}`` is filled in unless it is given as a value."""
        found = self._messages.ngettext(one, many, n)
        return self._show(found, one if n == 1 else many, {"n": self.number(n)} | values)

    def pgettext(self, context: str, message: str, /, **values: object) -> Text:
        """The message as it is said in a context: "button", "answer", "command" or one of the caller's."""
        return self._show(self._messages.pgettext(context, message), message, values)

    def npgettext(self, context: str, one: str, many: str, n: int, /, **values: object) -> Text:
        """The message as it is said in a context, in the plural form for n."""
        found = self._messages.npgettext(context, one, many, n)
        return self._show(found, one if n == 1 else many, {"n": self.number(n)} | values)

    def _show(self, translated: str, source: str, values: Mapping[str, object]) -> Text:
        try:
            return self._fill(translated, values)
        except MessageFault as fault:
            if self._strict:
                raise
            logger.error("message in %s cannot be shown: %s", self.language, fault)
        return self._show_source(source, values)

    def _show_source(self, source: str, values: Mapping[str, object]) -> Text:
        """The English text, with what is missing left out visibly."""
        known = {name: value for name, value in values.items() if value is not None}
        try:
            return self._fill(source, dict.fromkeys(placeholders(source), "…") | known)
        except MessageFault:
            return self._fill("{text}", {"text": source})

    @abstractmethod
    def _fill(self, message: str, values: Mapping[str, object]) -> Text:
        """Put the values in as this kind of text needs it. Raises `MessageFault`."""


class PlainTranslator(_Messages[str]):
    """Messages for places that show text as it is: button labels, callback answers, command menus, file names."""

    def _fill(self, message: str, values: Mapping[str, object]) -> str:
        return fill(message, values, html=False)


class Translator(_Messages[Html]):
    """Messages for Telegram's HTML parse mode."""

    @cached_property
    def plain(self) -> PlainTranslator:
        """The same language for places that show text as it is."""
        return PlainTranslator(self.language, self._messages, strict=self._strict)

    def _fill(self, message: str, values: Mapping[str, object]) -> Html:
        return Html(fill(message, values, html=True))
