"""The sieve: who sent an update is read from any JSON whatever, and nothing in it can hold the sieve up."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.tokens import token_hash
from bot.sieve import Envelope, read_envelope

TOKEN = "Ab-_9" + "x" * 17
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
#: The names that the sieve looks at, each with anything in it.
NAMES = ["update_id", "message", "from", "user", "chat", "id", "text", "media_group_id", "date", "data", "edit_date"]
LIKE_TELEGRAM = st.recursive(
    JSON | st.integers(-(2**70), 2**70),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=30,
)


def message(text: str = "салам", *, sender: int = 5, chat: int | None = None, **more: Any) -> dict[str, Any]:
    """An update with a message."""
    content = {"message_id": 1, "date": 2, "from": {"id": sender}, "chat": {"id": sender if chat is None else chat}}
    return {"update_id": 3, "message": content | {"text": text} | more}


def envelope(raw: object) -> Envelope:
    found = read_envelope(raw)
    assert found is not None
    return found


@given(JSON | LIKE_TELEGRAM)
def test_no_json_raises(raw: Any) -> None:
    """Any value: an envelope whose numbers and texts every database takes, or none."""
    found = read_envelope(raw)
    if found is not None:
        assert all(abs(number) < 2**63 for number in (found.update_id, found.sender, found.chat))
        assert found.media_group is None or found.media_group.isprintable()
        assert len(found.identity) == 64
        assert found.identity.isascii()


@given(st.dictionaries(st.text(max_size=12), JSON, max_size=3), st.integers(1, 2**52), st.integers(1, 2**31))
def test_whoever_is_named_is_the_sender(content: dict[str, Any], sender: int, number: int) -> None:
    """Whatever else a message holds, `from` says whose it is."""
    raw = {"update_id": number, "message": content | {"from": {"id": sender}, "chat": {"id": sender}, "message": None}}
    found = envelope(raw)
    assert (found.update_id, found.sender, found.chat, found.kind) == (number, sender, sender, "message")


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 1},
        {"update_id": 1, "message": {}},
        {"update_id": 1, "channel_post": {"chat": {"id": -1}}},
        {"update_id": 1, "message": {"from": {"id": "5"}}},
        {"update_id": 1, "message": {"from": {"id": True}}},
        {"update_id": 1, "message": {"from": {"id": 2**62}}},
        {"update_id": 1, "message": {"from": {"id": 0}}},
        {"update_id": 1, "message": {"from": [5]}},
        {"update_id": None, "message": {"from": {"id": 5}}},
        {"message": {"from": {"id": 5}}},
        [],
        "text",
        None,
        7,
    ],
)
def test_without_a_sender_there_is_nothing(raw: Any) -> None:
    """Nobody can be answered, so nothing is to be stored."""
    assert read_envelope(raw) is None


@pytest.mark.parametrize(
    ("raw", "sender", "chat"),
    [
        (message(sender=5, chat=-100), 5, -100),
        ({"update_id": 1, "edited_message": {"from": {"id": 5}, "chat": {"id": 6}}}, 5, 6),
        ({"update_id": 1, "callback_query": {"id": "9", "from": {"id": 5}, "message": {"chat": {"id": 6}}}}, 5, 6),
        ({"update_id": 1, "callback_query": {"id": "9", "from": {"id": 5}, "inline_message_id": "x"}}, 5, 5),
        ({"update_id": 1, "my_chat_member": {"from": {"id": 5}, "chat": {"id": 5}}}, 5, 5),
        ({"update_id": 1, "message_reaction": {"user": {"id": 5}, "chat": {"id": 6}}}, 5, 6),
        ({"update_id": 1, "inline_query": {"id": "1", "from": {"id": 5}}}, 5, 5),
    ],
)
def test_every_kind_has_its_sender_and_chat(raw: Any, sender: int, chat: int) -> None:
    """Of a press the chat of the message that it was pressed on."""
    found = envelope(raw)
    assert (found.sender, found.chat) == (sender, chat)


@pytest.mark.parametrize(
    "text", [f"/start {TOKEN}", f"/start@kalkan_bot {TOKEN}", "/start " + "a" * 22, "/start " + "a" * 64]
)
def test_a_well_formed_start_has_a_token(text: str) -> None:
    """In a private chat."""
    assert envelope(message(text)).invite_token == text.split(" ")[1]


@pytest.mark.parametrize(
    "raw",
    [
        message("/start"),
        message("/start "),
        message("/start " + "a" * 21),
        message("/start " + "a" * 65),
        message(f"/start {TOKEN}\n"),
        message(f" /start {TOKEN}"),
        message(f"/start\t{TOKEN}"),
        message(f"/start {TOKEN} {TOKEN}"),
        message(f"/START {TOKEN}"),
        message("/start " + "а" * 22),
        message(f"/start {TOKEN}", chat=-5),
        message(f"/start@{'b' * 200} {TOKEN}"),
        message(TOKEN),
        {"update_id": 1, "edited_message": message(f"/start {TOKEN}")["message"]},
        {"update_id": 1, "callback_query": message(f"/start {TOKEN}")["message"]},
    ],
)
def test_anything_else_has_none(raw: Any) -> None:
    """Badly formed, in a group, edited, or of another kind."""
    assert envelope(raw).invite_token is None


@given(st.text(max_size=200))
def test_a_token_is_what_a_deep_link_can_hold(text: str) -> None:
    """Whatever is typed, a token that comes out has 22 to 64 of the link's characters."""
    token = envelope(message("/start " + text)).invite_token
    assert token is None or (text == token and 22 <= len(token) <= 64 and token.isascii())


def test_the_identity_tells_redelivery_from_another_update() -> None:
    """The same JSON again, keys in any order, is the same; another message, chat, date, edit, press or kind is not."""
    base = message("a")
    again = json.loads(json.dumps(base, sort_keys=True))
    assert envelope(again).identity == envelope(base).identity
    edited = {"update_id": 3, "edited_message": base["message"] | {"edit_date": 9}}
    press = {"update_id": 3, "callback_query": {"id": "1", "data": "x", "from": {"id": 5}, "message": base["message"]}}
    others = [
        message("a", message_id=2),
        message("a", chat=-7),
        message("a", date=9),
        edited,
        {"update_id": 3, "edited_message": base["message"] | {"edit_date": 10}},
        press,
        {"update_id": 3, "callback_query": press["callback_query"] | {"id": "2"}},
        {"update_id": 3, "callback_query": press["callback_query"] | {"data": "y"}},
    ]
    assert len({envelope(raw).identity for raw in [base, *others]}) == 9


@pytest.mark.parametrize(
    ("raw", "loose"),
    [
        (message("a"), False),
        (message("a", forward_origin={"type": "user"}), True),
        (message("a", media_group_id="1"), True),
        ({"update_id": 1, "edited_message": message("a", forward_origin={})["message"]}, False),
        ({"update_id": 1, "callback_query": message("a", forward_origin={})["message"]}, False),
    ],
)
def test_only_new_forwards_and_album_pictures_are_loose(raw: Any, loose: bool) -> None:
    """What was typed, edited or pressed depends on what its chat said before."""
    assert envelope(raw).loose == loose


def test_only_the_hash_of_a_token_is_kept() -> None:
    """64 hex digits from which no token can be read."""
    assert token_hash(TOKEN) == token_hash(TOKEN)
    assert len(token_hash(TOKEN)) == 64
    assert TOKEN not in token_hash(TOKEN)
