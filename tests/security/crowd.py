"""Strangers who send the bot whatever there is to send."""

import random
from typing import Any, Final

STRANGERS: Final = 1_000


def strangers_update(chance: random.Random, number: int, crowd: int = STRANGERS) -> dict[str, Any]:
    """What one of a crowd sends: a text, a command, a press, an edit, a forward, a made-up invite."""
    who = 2_000_000_000 + chance.randrange(crowd)
    person = {"id": who, "is_bot": False, "first_name": "Stranger", "language_code": "ru"}
    text = chance.choice(("салам", "/start", "/start 0123456789abcdefABCDEF", "/members", "сөз " * 200))
    message: dict[str, Any] = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": who, "type": "private", "first_name": "Stranger"},
        "from": person,
        "text": text,
    }
    match chance.randrange(5):
        case 0:
            query = {
                "id": str(number),
                "from": person,
                "message": message,
                "chat_instance": "1",
                "data": "undo:1::AAAA",
            }
            return {"callback_query": query}
        case 1:
            return {"edited_message": message | {"edit_date": 1_700_000_001}}
        case 2:
            origin = {"type": "hidden_user", "sender_user_name": "X", "date": 1_700_000_000}
            return {"message": message | {"forward_origin": origin}}
    return {"message": message}
