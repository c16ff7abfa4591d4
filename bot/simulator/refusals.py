"""The refusals of the Bot API: what Telegram answers instead of a result, with Telegram's own words.

The texts follow the server's source (tdlib/telegram-bot-api, tdlib/td) and its documentation.
"""

from typing import Any


class ApiError(Exception):
    """An answer with ``ok: false``: HTTP status, Telegram's description and, for floods, its parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer, as the Bot API words it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """400: the request can never succeed as it is."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403: the bot may not do this in this chat."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two ways of receiving updates exclude each other."""
    return ApiError(409, f"Conflict: {reason}")


def unauthorized() -> ApiError:
    """401: this is not the bot's token."""
    return ApiError(401, "Unauthorized")


def unknown_method() -> ApiError:
    """404: no such method."""
    return ApiError(404, "Not Found: method not found")


def too_many_requests(retry_after: int) -> ApiError:
    """429: come back after so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
