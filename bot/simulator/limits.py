"""Telegram's documented limits and the checks that apply them, with Telegram's own error texts.

The numbers come from ``telegram.constants``, which mirrors the Bot API documentation.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from telegram.constants import (
    CallbackQueryLimit,
    FileSizeLimit,
    InlineKeyboardButtonLimit,
    MediaGroupLimit,
    MessageLimit,
)

from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json

MAX_TEXT: Final = int(MessageLimit.MAX_TEXT_LENGTH)
MAX_CAPTION: Final = int(MessageLimit.CAPTION_LENGTH)
MAX_CALLBACK_DATA: Final = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)  # bytes
MAX_CALLBACK_ANSWER: Final = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
MIN_ALBUM: Final = int(MediaGroupLimit.MIN_MEDIA_LENGTH)
MAX_ALBUM: Final = int(MediaGroupLimit.MAX_MEDIA_LENGTH)
MAX_DOWNLOAD: Final = int(FileSizeLimit.FILESIZE_DOWNLOAD)
MAX_UPLOAD: Final = int(FileSizeLimit.FILESIZE_UPLOAD)
MAX_PHOTO_UPLOAD: Final = int(FileSizeLimit.PHOTOSIZE_UPLOAD)
MAX_DEEP_LINK: Final = int(MessageLimit.DEEP_LINK_LENGTH)
# Not in telegram.constants: the documentation of InlineKeyboardMarkup names no number; Telegram refuses past 100.
MAX_BUTTONS: Final = 100

_DEEP_LINK: Final = re.compile(r"[A-Za-z0-9_-]*")
_BUTTON_ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of every offset and of every text limit of the Bot API."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def check_text(text: str) -> None:
    """Refuse an empty or an overlong message text."""
    if not text.strip():
        raise bad_request("message text is empty")
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")


def check_caption(caption: str) -> None:
    """Refuse an overlong caption."""
    if utf16_length(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")


def check_deep_link(payload: str) -> None:
    """Raise ValueError for a /start payload that Telegram's applications would not pass on."""
    if len(payload) > MAX_DEEP_LINK or not _DEEP_LINK.fullmatch(payload):
        raise ValueError(f"a deep-link payload has at most {MAX_DEEP_LINK} characters of A-Z, a-z, 0-9, _ and -")


def checked_keyboard(markup: Json | None) -> Json | None:
    """The inline keyboard that the message will carry, or None; raise for one that Telegram refuses."""
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        _check_other_markup(markup)
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup: expected an Array of Arrays")
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    kept = [[_checked_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_other_markup(markup: Json) -> None:
    if not {"keyboard", "remove_keyboard", "force_reply"} & markup.keys():
        raise bad_request("object expected as reply markup")


def _checked_button(button: object) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in _BUTTON_ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    _check_callback_data(button)
    _check_button_url(button)
    return button


def _check_callback_data(button: Json) -> None:
    if "callback_data" not in button:
        return
    data = button["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_button_url(button: Json) -> None:
    if "url" not in button:
        return
    url = str(button["url"])
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg"} or not parts.netloc or any(c.isspace() for c in url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
