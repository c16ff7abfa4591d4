"""Made-up forwards for measuring: distinct texts from many senders, as raw updates of the Bot API."""

import random
from typing import Any

_FIRST = ("Мэрия", "Акимат", "Министр", "Депутат", "Сосед", "Учитель", "Редактор", "Водитель", "Студент", "Врач")
_VERBS = ("обещает", "строит", "закрыл", "открыл", "проверил", "забыл", "купил", "потерял", "нашёл", "увидел")
_THINGS = ("школу", "дорогу", "мост", "рынок", "парк", "больницу", "библиотеку", "автобус", "трубу", "архив")
_ENDS = ("за два дня", "без шума", "на окраине", "после дождя", "к празднику", "под Ошом", "у вокзала", "зимой")
FIRST_SENDER = 800_000_000


def distinct_text(number: int) -> str:
    """A short comment that no other number has; about 90 characters, as real ones are."""
    rng = random.Random(number)
    words = [f"{rng.choice(_FIRST)} {rng.choice(_VERBS)} {rng.choice(_THINGS)} {rng.choice(_ENDS)}" for _ in range(2)]
    letters = "".join(rng.choice("абвгдежзиклмнопрстуфхцчшэюя") for _ in range(12))
    return f"{words[0]}, а {words[1].lower()}: {letters[:6]} {letters[6:]} {number}"


def forward(number: int, senders: int, started_at: int) -> dict[str, Any]:
    """A forward as its own submission: a sender's messages lie ten seconds apart."""
    sender = FIRST_SENDER + number % senders
    person = {"id": sender, "is_bot": False, "first_name": f"Member {sender}", "language_code": "ru"}
    author = {"id": 900_000_000 + number % 997, "is_bot": False, "first_name": "Reader"}
    date = started_at + 10 * (number // senders)
    return {
        "message": {
            "message_id": 1_000_000 + number,
            "date": date,
            "chat": {"id": sender, "type": "private", "first_name": person["first_name"]},
            "from": person,
            "forward_origin": {"type": "user", "sender_user": author, "date": date - 60},
            "text": distinct_text(number),
        }
    }
