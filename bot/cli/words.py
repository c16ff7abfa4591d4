"""What the codes of refusals mean, in English: the command line speaks to the operator."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final = {
    "account_conflict": "the list holds this handle and this id as two accounts",
    "account_kind_unknown": "the type is hired, or attached to somebody",
    "account_wrong": "the account is no object with platform and handle, or too long",
    "at_wrong": "the time is in no form that is known, such as 2026-10-06T14:30:00+06:00",
    "cell_too_long": "what stands under {column} is longer than 5,000 characters",
    "cell_wrong": "what stands under {column} is neither a text nor a number",
    "column_field_unknown": "there is no field {field}, but: {fields}",
    "column_missing": "there is no column {column}; there are: {found}",
    "columns_needed": "there is no column for any of: {columns}; there are: {found}. Name it: --column FIELD=NAME",
    "columns_without_text": "no column is a text or an image; there are: {found}. Name it: --column text=NAME",
    "date_order_missing": "is it the day or the month that comes first? Say so: --date-order dmy or mdy",
    "date_order_wrong": "--date-order is dmy or mdy",
    "day_wrong": "{day} is no day, such as 01.10.2026 or 2026-10-01",
    "empty": "there is neither a text nor an image",
    "export_empty": "name threats or cases, such as T-42 or K-7; there must be something in the custody log",
    "export_nothing": "nothing in the threat log answers this",
    "export_numbers_many": "these are too many numbers for one order: name a smaller span, or a query",
    "export_too_many": "that would be {count} cases, and one export holds at most {most} (/settings export_cases)",
    "export_unknown": "there is no {label}",
    "export_word_unknown": "{word} is neither T-42, K-7 nor I-3, nor a query such as kind:death, nor a saved one,"
    " nor full, hrd, newsroom, ru, ky, en, names",
    "fact_empty": "a cell holds nothing but a date or a link",
    "farm_too_long": "the farm's label is longer than 100 characters",
    "farm_wrong": "the farm's label is no text",
    "file_broken": "the packed file ends too early or is damaged",
    "file_header": "the first line must name the columns: {columns}",
    "file_missing": "there is no file {file}",
    "file_too_large": "{file} is too large, or unpacks to too much",
    "file_unreadable": "{file} cannot be read: {why}",
    "handle_missing": "an account needs a handle, an id or a link",
    "handle_too_long": "the handle is longer than 100 characters",
    "handle_wrong": "the handle is no text",
    "id_too_long": "the id is too long",
    "id_wrong": "the id is neither a text nor a number",
    "image_bomb": "the image would unpack to an absurd size",
    "image_crashed": "the image could not be read",
    "image_decode_failed": "the image is damaged",
    "image_empty": "the file is empty",
    "image_format_not_allowed": "only JPEG, PNG, WebP, GIF, HEIC and AVIF are taken",
    "image_memory": "the image takes too much memory",
    "image_missing": "there is no such image",
    "image_not_an_image": "the file is no image",
    "image_timeout": "the image takes too long",
    "image_too_large_side": "the image is too long or too wide",
    "image_too_many_bytes": "the image is too large (KALKAN_IMAGE_BYTES)",
    "image_too_many_pixels": "the image has too many pixels (KALKAN_IMAGE_PIXELS)",
    "image_truncated": "the image ends too early",
    "image_unreadable": "the image cannot be read, or is no plain file",
    "image_wrong": "the image's path is no text",
    "import_running": "this file is being imported just now, by another process",
    "line_too_long": "the line is longer than 4 MB",
    "link_too_long": "the link is longer than 500 characters",
    "link_unknown": "the link leads to no account that is known here",
    "link_wrong": "the link is no text",
    "member_unknown": "nobody with this Telegram id is a member; the rest of the row was taken",
    "name_wrong": "the name is no text, nor a list of texts",
    "names_wrong": "the names are no text, nor a list of texts",
    "not_an_object": "the line is no JSON object",
    "not_json": "the line is no JSON",
    "not_utf8": "the line is not in UTF-8",
    "nothing_to_check": "nothing to check: give --text, --image or --jsonl",
    "number_wrong": "{number} is no number",
    "photo_missing": "there is no such picture among the photos; the rest of the row was taken",
    "photos_wrong": "the photos are no list of file names",
    "platform_missing": "the platform is missing",
    "platform_too_long": "the platform is longer than 500 characters",
    "platform_unknown": "the platform is none of facebook, instagram, vk, ok, tiktok, youtube, x, threads, telegram,"
    " other",
    "platform_wrong": "the platform is no text",
    "post_wrong": "the post is no text",
    "reason_too_long": "the reason is longer than 2000 characters",
    "reason_wrong": "the reason is no text",
    "report_window_backwards": "this period ends before it begins; is {window} meant?",
    "report_window_long": "a period has {most} days at most",
    "report_windows_overlap": "the two periods share days; this one would fit: {fitting}",
    "report_windows_unequal": "the first period has {days} days, the second {other}; this one would fit: {fitting}",
    "report_windows_wrong": "days are written 2026-11-01, periods 2026-10-06..2026-10-31",
    "role_unknown": "no role is called {role}: journalist, editor, security or admin",
    "row_broken": "the row's quotes are never closed, or a cell is longer than 131072 characters",
    "source_too_long": "the source is longer than 200 characters",
    "source_wrong": "the source is no text",
    "staff_aliases_wrong": "the aliases are no text, nor a list of texts",
    "staff_kind_unknown": "the kind is neither person nor outlet",
    "staff_kind_wrong": "the kind is no text",
    "staff_name_missing": "the name is missing",
    "staff_name_wrong": "the name holds signs that are no letters of any script, or is not in UTF-8",
    "staff_position_wrong": "the position is no text",
    "takedown_channel_unknown": "no channel is called {word}: form, trust team, partner, e-mail, police, other",
    "takedown_columns": "no column is a link; there are: {found}",
    "takedown_status_unknown": "no status is called {word}: sent, answered, removed, partly, refused, no answer",
    "tag_unknown": "there is no mark {tag}",
    "tag_without_reason": "a mark needs an explanation behind a dash: office_hours — from 10 to 18",
    "telegram_id_wrong": "the Telegram id is no number",
    "text_wrong": "the text is no text",
    "zip_broken": "{file} is no ZIP file, or damaged",
    "zip_encrypted": "it is encrypted",
    "zip_member_broken": "it is damaged",
    "zip_method": "it is packed by a method other than deflate",
    "zip_too_many": "{file} holds more than {most} files",
    "zip_total": "the ZIP unpacks to more than 20 GB",
}


class _Blank(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return ""


def sentence(code: str, values: Mapping[str, str | int] | None = None) -> str:
    """The sentence for a code; the code itself where there is none."""
    return printable(SENTENCES.get(code, code).format_map(_Blank(values or {})))


def printable(text: str) -> str:
    """The text without what could steer a terminal: names and texts come from strangers."""
    return "".join(char if char.isprintable() else " " for char in text)
